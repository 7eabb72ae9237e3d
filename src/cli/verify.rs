//! `cuc-mock verify`

use std::time::Duration;

use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ureq::http::{Method, StatusCode};

use super::{
    failure::Failure,
    output::print_line,
    pattern_options::PatternOptions,
    remote::{Remote, SpaceOption},
};

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Method and path of the requests, such as POST externalservices
    ///
    /// The method may be * for any. The path is relative to /vmrest unless it begins with a slash. Both may
    /// be one argument: 'POST /vmrest/externalservices'.
    #[arg(value_name = "METHOD PATH", num_args = 0..=2)]
    request: Vec<String>,
    /// Exactly this many requests
    #[arg(long, value_name = "N", group = "count")]
    exactly: Option<u64>,
    /// This many requests or more; the default is 1
    #[arg(long, value_name = "N", group = "count")]
    at_least: Option<u64>,
    /// This many requests or fewer
    #[arg(long, value_name = "N", group = "count")]
    at_most: Option<u64>,
    /// No request
    #[arg(long, group = "count")]
    never: bool,
    /// Only requests after one like this, 'METHOD PATH'
    ///
    /// May be repeated: each request must come after the one before it.
    #[arg(long, value_name = "METHOD PATH")]
    after: Vec<String>,
    /// Wait this long for the requests, at most 60
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    within: f64,
    #[command(flatten)]
    space: SpaceOption,
    #[command(flatten)]
    remote: Remote,
    /// Only requests with this status of the response
    #[arg(long, value_name = "N")]
    status: Option<u16>,
    /// Only requests whose response, or the rule that rejected them, has this provenance
    #[arg(long, value_name = "WORD", value_parser = ["documented", "captured", "client", "inferred"])]
    provenance: Option<String>,
    // Last, because the help lists all further options under its heading.
    #[command(flatten)]
    pattern: PatternOptions,
}

#[derive(Deserialize)]
struct Success {
    found: u64,
}

#[derive(Deserialize)]
struct Report {
    error: String,
}

impl Verify {
    pub(super) fn run(self) -> Result<(), Failure> {
        let document = self.document()?;
        let wait = Duration::from_secs_f64(self.within);
        let client = self.remote.client()?.waiting(wait);
        let space = self.space.parameter();
        let document = Some(document.to_string().into_bytes());
        let reply = client.try_send(Method::POST, "/__mock/requests/verify", &[space], document)?;
        match reply.status {
            StatusCode::OK => {
                let Success { found } = client.parse(&reply.body)?;
                print_line(&format!("verified, found {found}"));
                Ok(())
            }
            StatusCode::CONFLICT => {
                let Report { error } = client.parse(&reply.body)?;
                Err(Failure::runtime(error))
            }
            _ => Err(client.rejection(&reply)),
        }
    }

    /// Returns the body of the request.
    fn document(&self) -> Result<Value, Failure> {
        let mut requests = self.pattern.pattern();
        for (member, value) in method_and_path(&self.request.join(" "))? {
            if requests.insert(member.clone(), value).is_some() {
                let problem =
                    format!("the {member} is given twice: as an argument and with --{member}");
                return Err(Failure::usage(problem));
            }
        }
        if let Some(status) = self.status {
            requests.insert("status".to_owned(), json!(status));
        }
        if let Some(provenance) = &self.provenance {
            requests.insert("provenance".to_owned(), json!(provenance));
        }
        let mut document = json!({ "requests": requests });
        let counts = [
            ("exactly", self.exactly),
            ("at_least", self.at_least),
            ("at_most", self.at_most),
        ];
        for (member, count) in counts {
            if let Some(count) = count {
                document[member] = json!(count);
            }
        }
        if self.never {
            document["never"] = json!(true);
        }
        if !self.after.is_empty() {
            let steps = self.after.iter().map(|step| method_and_path(step));
            document["after"] = json!(steps.collect::<Result<Vec<_>, _>>()?);
        }
        if self.within > 0.0 {
            document["within_ms"] = json!((self.within * 1000.0).round() as u64);
        }
        Ok(document)
    }
}

/// Returns the pattern of `METHOD PATH`. Either may be left out: a single word in capital letters is a method.
fn method_and_path(text: &str) -> Result<Map<String, Value>, Failure> {
    let words: Vec<_> = text.split_whitespace().collect();
    let is_method = |word: &str| {
        word.bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'*')
    };
    let (method, path) = match words[..] {
        [] => (None, None),
        [word] if is_method(word) => (Some(word), None),
        [word] => (None, Some(word)),
        [method, path] => (Some(method), Some(path)),
        _ => {
            return Err(Failure::usage(format!(
                "found {text:?}, expected a method and a path, such as POST externalservices"
            )));
        }
    };
    let members = [
        ("method", method.filter(|method| *method != "*")),
        ("path", path),
    ];
    let given = members.into_iter();
    Ok(given
        .filter_map(|(member, value)| Some((member.to_owned(), json!(value?))))
        .collect())
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.0..=60.0).contains(&seconds) => Ok(seconds),
        _ => Err("expected a number of seconds from 0 to 60".to_owned()),
    }
}
