//! `cuc-mock fault`

use std::io::{self, Read};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use ureq::http::Method;

use super::{
    control_client::{ControlClient, Reply},
    failure::Failure,
    output::{print, print_line},
    pattern_options::PatternOptions,
    remote::{Remote, SpaceOption},
};

const PATH: &str = "/__mock/faults";

#[derive(Debug, Args)]
pub(super) struct Fault {
    /// Action on the faults
    #[arg(value_enum, default_value = "list")]
    action: Action,
    /// Fault to add or to remove
    ///
    /// add: the name of a preset such as busy, or a fault in JSON as for POST /__mock/faults, or - to read it from
    /// stdin. remove: the number of the fault.
    #[arg(value_name = "FAULT")]
    fault: Option<String>,
    /// Hit at most this many requests
    #[arg(long, value_name = "N")]
    times: Option<u64>,
    /// Hit the Nth of the requests
    #[arg(long, value_name = "N")]
    nth: Option<u64>,
    /// Hit each request with this probability
    ///
    /// A number from 0 to 1.
    #[arg(long, value_name = "P")]
    probability: Option<f64>,
    /// End at this time, such as 2026-01-31T12:05:00Z
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Delay the response by this many milliseconds
    #[arg(long, value_name = "MS")]
    delay: Option<f64>,
    /// Carry out the request before it fails
    #[arg(long)]
    handled: bool,
    /// Print the faults as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    space: SpaceOption,
    #[command(flatten)]
    remote: Remote,
    // Last, because the help lists all further options under its heading.
    #[command(flatten)]
    pattern: PatternOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Action {
    /// Show all faults
    List,
    /// Add a fault, and print its number
    Add,
    /// End the fault with this number
    Remove,
    /// End all faults
    Clear,
}

impl Fault {
    pub(super) fn run(self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let space = self.space.parameter();
        if self.action != Action::Add && !self.document(None)?.is_empty() {
            return Err(Failure::usage(
                "found an option of a fault, expected it with cuc-mock fault add only",
            ));
        }
        match (self.action, self.fault.as_deref()) {
            (Action::Add, fault) => {
                let document = self.document(fault)?;
                let document = json!(document).to_string().into_bytes();
                let reply = client.send(Method::POST, PATH, &[space], Some(document))?;
                self.print_added(&client, &reply)
            }
            (Action::Remove, Some(number)) => {
                let path = format!("{PATH}/{}", number_of(number)?);
                client.send(Method::DELETE, &path, &[space], None).map(drop)
            }
            (Action::Remove, None) => Err(Failure::usage(
                "the number of the fault is missing, expected one of cuc-mock fault list",
            )),
            (Action::List | Action::Clear, Some(fault)) => Err(Failure::usage(format!(
                "found {fault:?}, expected nothing after list or clear; cuc-mock fault add FAULT adds a fault"
            ))),
            (Action::Clear, None) => client.send(Method::DELETE, PATH, &[space], None).map(drop),
            (Action::List, None) => self.list(&client),
        }
    }

    /// Returns the fault in JSON. An option takes precedence over the same member of the document.
    fn document(&self, fault: Option<&str>) -> Result<Map<String, Value>, Failure> {
        let mut document = match fault {
            None => Map::new(),
            Some("-") => {
                let mut text = String::new();
                io::stdin().read_to_string(&mut text)?;
                parse(&text)?
            }
            Some(text) if text.trim_start().starts_with('{') => parse(text)?,
            Some(preset) => Map::from_iter([("preset".to_owned(), json!(preset))]),
        };
        let pattern = self.pattern.pattern();
        let options = [
            ("times", self.times.map(|times| json!(times))),
            ("nth", self.nth.map(|nth| json!(nth))),
            (
                "probability",
                self.probability.map(|probability| json!(probability)),
            ),
            ("until", self.until.as_ref().map(|until| json!(until))),
            (
                "delay",
                self.delay.map(|delay| json!({ "fixed_ms": delay })),
            ),
            ("handled", self.handled.then_some(json!(true))),
            ("requests", (!pattern.is_empty()).then(|| json!(pattern))),
        ];
        for (member, value) in options {
            if let Some(value) = value {
                document.insert(member.to_owned(), value);
            }
        }
        Ok(document)
    }

    /// Prints the number of each fault that was added, or all of them as JSON.
    fn print_added(&self, client: &ControlClient, reply: &Reply) -> Result<(), Failure> {
        let added: Value = client.parse(&reply.body)?;
        if self.json {
            return print(format!("{added:#}\n").as_bytes());
        }
        let one = [added.clone()];
        for fault in added.as_array().map_or(&one[..], Vec::as_slice) {
            print_line(&fault["number"].to_string());
        }
        Ok(())
    }

    fn list(&self, client: &ControlClient) -> Result<(), Failure> {
        let faults: Vec<Map<String, Value>> = client.get_json(PATH, &[self.space.parameter()])?;
        if self.json {
            return print(format!("{:#}\n", json!(faults)).as_bytes());
        }
        let lines = faults.into_iter().map(|fault| line(fault) + "\n");
        print(lines.collect::<String>().as_bytes())
    }
}

/// Renders a fault: its number, its condition, its hits, and the rest of it as JSON.
fn line(mut fault: Map<String, Value>) -> String {
    let mut take = |member: &str| fault.remove(member).unwrap_or_default();
    let (number, hits, matched) = (take("number"), take("hits"), take("matched"));
    let condition = match take("active") {
        Value::Bool(true) => "active",
        _ => "ended",
    };
    let document = Value::Object(fault);
    format!("#{number}  {condition}  matched {matched}, hit {hits}  {document}")
}

fn parse(text: &str) -> Result<Map<String, Value>, Failure> {
    // An editor or a shell may put a byte order mark before a document.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| {
        Failure::usage(format!(
            "the fault is not valid JSON, expected an object: {error}"
        ))
    })
}

fn number_of(text: &str) -> Result<u64, Failure> {
    text.parse().map_err(|_| {
        Failure::usage(format!(
            "the number of the fault is {text:?}, expected one of cuc-mock fault list"
        ))
    })
}
