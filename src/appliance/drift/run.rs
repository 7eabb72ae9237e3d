//! Sending the requests of the probes to both servers.

use std::{
    fmt, io,
    sync::atomic::{AtomicBool, Ordering},
};

use ureq::http::{HeaderMap, HeaderValue, Method};

use super::{
    creation_log::{CreationLog, NamelessCreate},
    exchange::{Exchange, Step},
    id_pairs::IdPairs,
    names::Prefix,
    object_paths,
    server_side::ServerSide,
};
use crate::appliance::client::{Client, NoResponse, Request, Response};

/// This server, and the real one.
const MOCK: usize = 0;
const SERVER: usize = 1;

/// The reason why a run ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    Interrupted,
    NoResponse(NoResponse),
    /// The log of new objects cannot be written.
    Log(io::Error),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("interrupted"),
            Self::NoResponse(error) => error.fmt(f),
            Self::Log(error) => write!(f, "cannot write the log of new objects: {error}"),
        }
    }
}

/// The results of a request.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The status of each server.
    statuses: Vec<u16>,
    /// The body of this server, with placeholders.
    pub(crate) body: Vec<u8>,
    /// The path of the object that all servers have created, with placeholders.
    pub(crate) path: Option<String>,
}

impl Outcome {
    /// True if all servers have accepted the request.
    pub(crate) fn is_accepted(&self) -> bool {
        self.statuses
            .iter()
            .all(|status| (200..300).contains(status))
    }

    fn is_accepted_by_mock(&self) -> bool {
        (200..300).contains(&self.mock_status())
    }

    /// Returns the status of this server.
    pub(crate) fn mock_status(&self) -> u16 {
        self.statuses[MOCK]
    }
}

/// The number of objects that each server had left at some time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark([usize; 2]);

/// A run of probes. Without a real server, it only finds out what this one responds.
pub(crate) struct Run<'r> {
    sides: Vec<ServerSide>,
    pairs: IdPairs,
    interruption: &'r AtomicBool,
    /// The log of what the real server has created.
    log: Option<&'r CreationLog>,
    compare: Option<&'r mut dyn FnMut(Exchange)>,
    requests: usize,
}

impl<'r> Run<'r> {
    /// Prepares a run against both servers. `shared` are the ids that both have; `compare` receives each exchange.
    pub(crate) fn new(
        mock: Client,
        server: Client,
        shared: impl Iterator<Item = String>,
        interruption: &'r AtomicBool,
        compare: &'r mut dyn FnMut(Exchange),
    ) -> Self {
        let sides = vec![ServerSide::new(mock), ServerSide::new(server)];
        Self {
            compare: Some(compare),
            ..Self::of(sides, shared, interruption)
        }
    }

    /// Prepares a run against this server only. It yields no exchange.
    pub(crate) fn of_mock(
        mock: Client,
        shared: impl Iterator<Item = String>,
        interruption: &'r AtomicBool,
    ) -> Self {
        Self::of(vec![ServerSide::new(mock)], shared, interruption)
    }

    fn of(
        sides: Vec<ServerSide>,
        shared: impl Iterator<Item = String>,
        interruption: &'r AtomicBool,
    ) -> Self {
        Self {
            sides,
            pairs: IdPairs::new(shared),
            interruption,
            log: None,
            compare: None,
            requests: 0,
        }
    }

    /// Logs the new objects of the real server.
    pub(crate) fn with_log(self, log: &'r CreationLog) -> Self {
        Self {
            log: Some(log),
            ..self
        }
    }

    /// Notes in the log that objects with a prefix are about to be created.
    pub(crate) fn begin(&self, prefix: &Prefix) -> Result<(), Stop> {
        match self.log {
            Some(log) => log.add_prefix(prefix).map_err(Stop::Log),
            None => Ok(()),
        }
    }

    /// Sends a create without a name. The prefix of names would not find its object if this program were killed then, so
    /// that the log has the objects of the collection from before.
    pub(crate) fn exchange_nameless(
        &mut self,
        step: Step,
        collection: &str,
        name: &str,
    ) -> Result<Outcome, Stop> {
        let Some((log, server)) = self.log.zip(self.sides.get(SERVER)) else {
            return self.exchange(step);
        };
        let others = object_paths::paths(server.client(), collection).map_err(Stop::NoResponse)?;
        let create = NamelessCreate {
            collection: collection.to_owned(),
            others,
            name: name.to_owned(),
        };
        log.add_nameless(&create).map_err(Stop::Log)?;
        let before = self.sides[SERVER].created().len();
        let outcome = self.exchange(step)?;
        let is_accepted = (200..300).contains(&outcome.statuses[SERVER]);
        // Without a path, only the log leads to an object that was created.
        if !is_accepted || self.sides[SERVER].created().len() > before {
            log.add_answer().map_err(Stop::Log)?;
        }
        Ok(outcome)
    }

    /// Returns the number of requests that each server has received.
    pub(crate) fn requests(&self) -> usize {
        self.requests
    }

    /// Sends a request to both servers, and passes on their responses.
    pub(crate) fn exchange(&mut self, step: Step) -> Result<Outcome, Stop> {
        if self.interruption.load(Ordering::Relaxed) {
            return Err(Stop::Interrupted);
        }
        self.requests += 1;
        let Step {
            mut probe,
            request,
            success_facts,
        } = step;
        let mut responses = Vec::new();
        let mut paths = Vec::new();
        for (number, side) in self.sides.iter_mut().enumerate() {
            let request = self.pairs.request_of(number, &request);
            let sent = side.send(&request, |path| self.pairs.is_shared(path));
            let (response, path) = sent.map_err(Stop::NoResponse)?;
            if let Some(log) = self.log.filter(|_| number == SERVER) {
                log_change(log, &request, &response, path.as_deref()).map_err(Stop::Log)?;
            }
            responses.push(response);
            paths.push(path);
        }
        if let [mock, server] = &responses[..] {
            self.pairs.add(&mock.body, &server.body);
        }
        let shown: Vec<_> = responses
            .iter()
            .enumerate()
            .map(|(number, response)| self.with_placeholders(number, response))
            .collect();
        let outcome = Outcome {
            statuses: shown.iter().map(|response| response.status).collect(),
            body: shown
                .first()
                .map_or_else(Vec::new, |mock| mock.body.clone()),
            path: self.common_path(&paths),
        };
        if outcome.is_accepted_by_mock() {
            probe.status_facts.extend(success_facts);
        }
        if let Ok([mock, server]) = <[Response; 2]>::try_from(shown)
            && let Some(compare) = &mut self.compare
        {
            compare(Exchange {
                probe,
                mock,
                server,
            });
        }
        Ok(outcome)
    }

    /// Returns the path of a new object with placeholders, if it is the same for all servers.
    fn common_path(&self, paths: &[Option<String>]) -> Option<String> {
        let mut shown = paths.iter().enumerate().map(|(number, path)| {
            let path = self
                .pairs
                .with_placeholders(number, path.as_ref()?.as_bytes());
            String::from_utf8(path).ok()
        });
        let first = shown.next()??;
        shown
            .all(|path| path.as_ref() == Some(&first))
            .then_some(first)
    }

    /// Replaces the ids of a response by placeholders, and the address of this server by that of the real one.
    fn with_placeholders(&self, number: usize, response: &Response) -> Response {
        let mut headers = HeaderMap::new();
        for (name, value) in &response.headers {
            let shown = self.pairs.with_placeholders(number, value.as_bytes());
            let value = match std::str::from_utf8(&shown) {
                Ok(text) if number == MOCK && self.sides.len() > SERVER => {
                    let text = text.replace(self.sides[MOCK].base(), self.sides[SERVER].base());
                    HeaderValue::from_str(&text).unwrap_or_else(|_| value.clone())
                }
                _ => HeaderValue::from_bytes(&shown).unwrap_or_else(|_| value.clone()),
            };
            headers.append(name, value);
        }
        Response {
            body: self.pairs.with_placeholders(number, &response.body),
            headers,
            status: response.status,
        }
    }

    /// Returns the objects that there are now.
    pub(crate) fn mark(&self) -> Mark {
        let mut mark = Mark::default();
        for (count, side) in mark.0.iter_mut().zip(&self.sides) {
            *count = side.created().len();
        }
        mark
    }

    /// Deletes the objects that were created behind a mark, also on only one server.
    pub(crate) fn delete_behind(&mut self, Mark(counts): Mark) {
        for (number, (side, count)) in self.sides.iter_mut().zip(counts).enumerate() {
            let deleted = side.delete_behind(count);
            if let Some(log) = self.log.filter(|_| number == SERVER) {
                for path in deleted {
                    // A deletion without an entry costs one more request of the clean-up.
                    let _ = log.add_deleted(&path);
                }
            }
        }
    }

    /// Returns the paths of the objects that the real server did not delete.
    pub(crate) fn left(&self) -> &[String] {
        self.sides.get(SERVER).map_or(&[], ServerSide::created)
    }
}

/// Logs that the real server has created or deleted an object.
fn log_change(
    log: &CreationLog,
    request: &Request,
    response: &Response,
    created: Option<&str>,
) -> io::Result<()> {
    let is_success = (200..300).contains(&response.status);
    match created {
        Some(path) => log.add_created(path),
        None if request.method == Method::DELETE && is_success => log.add_deleted(&request.target),
        None => Ok(()),
    }
}
