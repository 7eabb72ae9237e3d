//! `cuc-mock requests`

use std::{fmt::Write, time::Duration};

use clap::Args;
use serde::Deserialize;
use serde_json::Value;
use ureq::http::Method;

use super::{
    failure::Failure,
    output::print,
    remote::{Remote, SpaceOption},
};

const PATH: &str = "/__mock/requests";

#[derive(Debug, Args)]
pub(super) struct Requests {
    /// Only requests with this method
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// Only requests to this path
    ///
    /// It is relative to /vmrest unless it begins with a slash. * matches anything except a slash, and **
    /// matches anything.
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Only requests with this status of the response
    #[arg(long, value_name = "N")]
    status: Option<u16>,
    /// Only requests whose response, or the rule that rejected them, has this provenance
    #[arg(long, value_name = "WORD", value_parser = ["documented", "captured", "client", "inferred"])]
    provenance: Option<String>,
    /// Only requests that this fault hit; any for all faults
    #[arg(long, value_name = "N|any")]
    fault: Option<String>,
    /// Only requests after the one with this number
    #[arg(long, value_name = "N")]
    since: Option<u64>,
    /// At most this many requests
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// If there is no such request, wait for one, at most 60 seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    wait: Option<f64>,
    /// Show passwords and other secrets (with --json)
    #[arg(long, requires = "json")]
    secrets: bool,
    /// Print the requests as JSON, with their headers and bodies
    #[arg(long)]
    json: bool,
    /// Empty the journal instead of listing it
    #[arg(
        long,
        conflicts_with_all = ["method", "path", "status", "provenance", "fault", "since", "limit", "wait", "json"]
    )]
    clear: bool,
    #[command(flatten)]
    space: SpaceOption,
    #[command(flatten)]
    remote: Remote,
}

/// The parts of the response that the table shows.
#[derive(Deserialize)]
struct RequestList {
    requests: Vec<Request>,
    dropped: u64,
}

#[derive(Deserialize)]
struct Request {
    number: u64,
    time: String,
    space: String,
    method: String,
    path: String,
    query: Option<String>,
    answer: Option<Answer>,
    fault: Option<u64>,
    reason: Option<Reason>,
}

#[derive(Deserialize)]
struct Answer {
    status: u16,
}

#[derive(Deserialize)]
struct Reason {
    message: String,
    evidence: String,
}

impl Requests {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut client = self.remote.client()?;
        let space = self.space.parameter();
        if self.clear {
            client.send(Method::DELETE, PATH, &[space], None)?;
            return Ok(());
        }
        if let Some(seconds) = self.wait {
            client = client.waiting(Duration::from_secs_f64(seconds));
        }
        let parameters = self.parameters();
        let given = parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let query: Vec<_> = [space].into_iter().chain(given).collect();
        if self.json {
            let list: Value = client.get_json(PATH, &query)?;
            return print(format!("{list:#}\n").as_bytes());
        }
        let list: RequestList = client.get_json(PATH, &query)?;
        print(list.table(self.space.is_all()).as_bytes())
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        let parameters = [
            ("method", self.method.clone()),
            ("path", self.path.clone()),
            ("status", self.status.map(|status| status.to_string())),
            ("provenance", self.provenance.clone()),
            ("fault", self.fault.clone()),
            ("since", self.since.map(|since| since.to_string())),
            ("limit", self.limit.map(|limit| limit.to_string())),
            ("wait", self.wait.map(|wait| wait.to_string())),
            ("secrets", self.secrets.then(|| "true".to_owned())),
        ];
        let given = parameters.into_iter();
        given
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

impl RequestList {
    /// Renders a line for each request, with the reason for a rejection below it, and one if requests are missing.
    fn table(&self, has_spaces: bool) -> String {
        let mut table = String::new();
        for request in &self.requests {
            let _ = writeln!(table, "{}", request.line(has_spaces));
            if let Some(Reason { message, evidence }) = &request.reason {
                let _ = writeln!(table, "       rejected: {message} ({evidence})");
            }
        }
        if self.dropped > 0 {
            let _ = writeln!(
                table,
                "the journal no longer keeps {} older requests",
                self.dropped
            );
        }
        table
    }
}

impl Request {
    fn line(&self, has_space: bool) -> String {
        let Self {
            number,
            time,
            method,
            path,
            ..
        } = self;
        let status = self.answer.as_ref().map(|answer| answer.status.to_string());
        let status = status.unwrap_or_else(|| "-".to_owned());
        let mut line = format!("#{number:<5} {time} {method:6} {status:>3} {path}");
        if let Some(query) = &self.query {
            let _ = write!(line, "?{query}");
        }
        if has_space {
            let _ = write!(line, "  space {}", self.space);
        }
        if let Some(fault) = self.fault {
            let _ = write!(line, "  fault {fault}");
        }
        line
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.0..=60.0).contains(&seconds) => Ok(seconds),
        _ => Err("expected a number of seconds from 0 to 60".to_owned()),
    }
}
