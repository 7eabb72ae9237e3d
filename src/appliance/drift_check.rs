//! The comparison of a real server with this one, from the capture to the report.

use std::{fmt, sync::atomic::AtomicBool};

use super::{
    capture::{BrokenRule, Capture, CaptureProgress, CaptureSettings, CapturedKind},
    client::{Client, Request},
    drift::{
        CapturedObjects, CleanUp, Comparison, CreationLog, Difference, Exchange, Finding, Heading,
        Ignored, Leftovers, Plan, Prefix, ReadProbes, Results, Run, SENT_SECRET, Step, Stop,
        WriteProbes, WriteSettings,
    },
    facts::{FactIndex, FactKey, FieldRule},
    learned::{Learned, Learning, Observations},
    own_server::OwnServer,
};
use crate::{
    engine::{
        load::{Diagnostics, Progress},
        shorten,
    },
    journal::{MASK, holds_secret},
    resources::{CatalogueFiles, ServedResources},
    schema::{Catalogue, ErrorRule, Release},
};

/// A comparison of two servers.
pub(crate) struct DriftCheck<'d> {
    pub(crate) capture: &'d Capture,
    /// The part that was captured.
    pub(crate) settings: &'d CaptureSettings,
    /// The paths of the only resources that are compared, unless it is empty.
    pub(crate) kinds: &'d [String],
    pub(crate) server: Client,
    pub(crate) own: &'d OwnServer,
    pub(crate) user: &'d str,
    pub(crate) ignored: &'d Ignored,
    /// The texts that no finding may contain: the password.
    pub(crate) secrets: Vec<String>,
    /// The kinds whose lists only the real server has.
    pub(crate) unknown: &'d [CapturedKind],
    /// The resources of this server, with those that the user describes, and their facts.
    pub(crate) served: &'d ServedResources,
    pub(crate) facts: &'d FactIndex,
    pub(crate) progress: &'d CaptureProgress,
    /// True as soon as the comparison is interrupted.
    pub(crate) interruption: &'d AtomicBool,
}

/// The requests that write, and the log of what they create.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writing<'w> {
    pub(crate) prefix: &'w Prefix,
    pub(crate) log: &'w CreationLog,
}

impl Writing<'_> {
    /// Deletes what this run or an earlier one has left on the real server.
    pub(crate) fn clean_up(self, client: &Client, catalogue: &Catalogue) -> Leftovers {
        let Self { prefix, log } = self;
        let clean_up = CleanUp {
            client,
            catalogue,
            prefix,
            log,
        };
        clean_up.run()
    }
}

/// The results of a comparison.
#[derive(Debug)]
pub(crate) struct Drift {
    pub(crate) results: Results,
    pub(crate) observations: Observations,
    /// The number of requests that both servers received.
    pub(crate) requests: usize,
    /// The parts that could not be compared, and the reasons.
    pub(crate) warnings: Vec<String>,
    /// The reason why the comparison ended early.
    pub(crate) stop: Option<Stop>,
    /// The objects that could not be deleted.
    pub(crate) leftovers: Leftovers,
}

impl DriftCheck<'_> {
    /// Describes the requests that write, after a trial against this server.
    pub(crate) fn plan(&self, prefix: &Prefix) -> Result<Plan, Stop> {
        let objects = self.objects();
        let trial = Run::of_mock(
            self.own.client(self.user),
            shared(&objects),
            self.interruption,
        );
        Plan::of(&self.write_settings(&objects, prefix), trial)
    }

    /// Sends the requests to both servers, and compares the responses.
    pub(crate) fn run(&self, writing: Option<Writing<'_>>) -> Drift {
        let comparison = Comparison {
            catalogue: &self.capture.catalogue,
            ignored: self.ignored,
            secrets: &self.secrets(),
        };
        let mut results = Results::default();
        let mut observations = Observations::default();
        for broken in &self.own.fitting.broken_rules {
            results.add_finding(finding(broken));
        }
        let objects = self.objects();
        let release = self.capture.version.release;
        self.progress.begin("requests", 0);
        let mut compare = |mut exchange: Exchange| {
            self.progress.request();
            self.progress.advance();
            for fact in &mut exchange.probe.status_facts {
                *fact = self.facts.in_description(fact.clone(), release);
            }
            observations.add(&exchange);
            results.add(comparison.compare(&exchange));
        };
        let mut run = Run::new(
            self.own.client(self.user),
            self.server.clone(),
            shared(&objects),
            self.interruption,
            &mut compare,
        );
        if let Some(Writing { log, .. }) = writing {
            run = run.with_log(log);
        }
        let mut warnings = self.capture.warnings.clone();
        warnings.extend(self.own.fitting.warnings.iter().cloned());
        let stop = self.send(&objects, writing, &mut run, &mut warnings).err();
        let requests = run.requests();
        warnings.extend(run.left().iter().map(|left| format!("not deleted: {left}")));
        drop(run);
        let catalogue = &self.capture.catalogue;
        let leftovers = writing.map(|writing| writing.clean_up(&self.server, catalogue));
        Drift {
            results,
            observations,
            requests,
            warnings,
            stop,
            leftovers: leftovers.unwrap_or_default(),
        }
    }

    fn send(
        &self,
        objects: &CapturedObjects,
        writing: Option<Writing<'_>>,
        run: &mut Run<'_>,
        warnings: &mut Vec<String>,
    ) -> Result<(), Stop> {
        let catalogue = &self.capture.catalogue;
        // With a limit, no list is known to be complete.
        let complete = self.settings.is_partial().then(Vec::new);
        let reading = ReadProbes {
            catalogue,
            objects,
            complete: complete.as_deref(),
            kinds: self.kinds,
        };
        // This server knows no such list.
        for kind in self.unknown {
            let target = list_target(kind);
            run.exchange(Step::new(Request::get(target), None, ""))?;
        }
        reading.send(run)?;
        if let Some(Writing { prefix, .. }) = writing {
            let settings = self.write_settings(objects, prefix);
            let omitted = WriteProbes::new(&settings, run).send()?;
            warnings.extend(
                omitted
                    .into_iter()
                    .map(|reason| format!("not written: {reason}")),
            );
        }
        Ok(())
    }

    fn objects(&self) -> CapturedObjects {
        self.capture.kinds.iter().collect()
    }

    fn write_settings<'w>(
        &'w self,
        objects: &'w CapturedObjects,
        prefix: &'w Prefix,
    ) -> WriteSettings<'w> {
        WriteSettings {
            catalogue: &self.capture.catalogue,
            objects,
            prefix,
            kinds: self.kinds,
        }
    }

    fn secrets(&self) -> Vec<String> {
        let mut secrets = self.secrets.clone();
        secrets.push(SENT_SECRET.to_owned());
        secrets
    }

    /// Returns the heading of a report.
    pub(crate) fn heading(&self, drift: &Drift, date: &str) -> Heading {
        let version = &self.capture.version;
        Heading {
            server_version: version.text.clone(),
            server_release: version.release,
            mock_release: version.release,
            date: date.to_owned(),
            requests: drift.requests,
            warnings: drift.warnings.clone(),
        }
    }

    /// Returns the descriptions of what the real server has shown.
    pub(crate) fn learn(&self, drift: &Drift, date: &str) -> Result<Learned, LearningError> {
        let learning = Learning {
            served: self.served,
            facts: self.facts,
            observations: &drift.observations,
            source: &format!("a server with {}, {date}", self.capture.version.text),
            secrets: &self.secrets(),
        };
        let confirmed: Vec<_> = drift.results.confirmed().cloned().collect();
        let findings = drift.results.findings();
        let learned = learning.learn(findings, &confirmed);
        let mut learned = learned.map_err(|error| LearningError(error.message().to_owned()))?;
        let described = self.capture.describe(self.unknown);
        let described = described.map_err(|error| LearningError(error.to_string()))?;
        for (path, text) in described {
            let name = path.replace('/', "-");
            learned.files.push((format!("{name}.xml"), text));
        }
        let lists: Vec<_> = self.unknown.iter().map(list_target).collect();
        learned.not_learned.retain(|other| {
            let mut lists = lists.iter();
            !lists.any(|list| other.finding.request.ends_with(list))
        });
        Ok(learned)
    }
}

/// Reads the resources of this server, with those that the user describes.
pub(crate) fn served_resources(
    release: Release,
    settings: &CaptureSettings,
) -> Result<ServedResources, Diagnostics> {
    let files = CatalogueFiles {
        release,
        resources: &settings.resources,
        fixtures: &[],
    };
    files.read(&Progress::default())
}

/// The reason why nothing can be learned.
#[derive(Debug)]
pub(crate) struct LearningError(String);

impl fmt::Display for LearningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the path of the first object in the list of a kind.
fn list_target(kind: &CapturedKind) -> String {
    format!("/vmrest/{}?rowsPerPage=1", kind.path)
}

fn shared(objects: &CapturedObjects) -> impl Iterator<Item = String> {
    objects.ids().into_iter()
}

/// Returns the finding for a rule that an object of the real server breaks.
fn finding(broken: &BrokenRule) -> Finding {
    let key = |rule| FactKey::Rule {
        resource: broken.path.clone(),
        field: broken.field.clone(),
        rule,
        number: 0,
    };
    let field = || FactKey::Field {
        resource: broken.path.clone(),
        field: broken.field.clone(),
    };
    let fact = match broken.rule {
        ErrorRule::Required => key(FieldRule::Required),
        ErrorRule::Choices => key(FieldRule::Choices),
        ErrorRule::MaxLength => key(FieldRule::MaxLength),
        ErrorRule::Extension => key(FieldRule::Extension),
        ErrorRule::Range => key(FieldRule::Range),
        ErrorRule::Unique => key(FieldRule::Unique),
        ErrorRule::Clears => key(FieldRule::Clears),
        _ => field(),
    };
    Finding {
        difference: Difference::Rule,
        request: format!("GET /vmrest/{}", broken.path),
        resource: Some(broken.path.clone()),
        place: Some(broken.field.clone()),
        mock: expectation(&broken.message).to_owned(),
        server: match &broken.value {
            Some(value) if holds_secret(value) => MASK.to_owned(),
            Some(value) => format!("\"{}\"", shorten(value)),
            None => "a value that is not shown".to_owned(),
        },
        facts: vec![fact],
        count: 1,
        kind: None,
        templates: None,
    }
}

/// Returns the values that a message expects, or all of a message that names none.
fn expectation(message: &str) -> &str {
    let expected = message.split_once(", expected ");
    expected.map_or(message, |(_, expected)| expected)
}
