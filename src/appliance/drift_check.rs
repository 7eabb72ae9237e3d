//! The comparison of a real server with this one, from the capture to the report.

use std::sync::atomic::AtomicBool;

use super::{
    capture::{BrokenRule, Capture, CaptureSettings},
    client::{Client, Request},
    drift::{
        CapturedObjects, CleanUp, Comparison, CreationLog, Difference, Finding, Heading, Ignored,
        Leftovers, Plan, Prefix, ReadProbes, Results, Run, SENT_SECRET, Step, Stop, WriteProbes,
        WriteSettings,
    },
    facts::{FactIndex, FactKey, FieldRule},
    learned::{Learned, Learning, Observations},
    own_server::OwnServer,
};
use crate::{
    engine::{DecodeError, load::Progress},
    resources::{CatalogueFiles, ServedResources},
    schema::ErrorRule,
};

/// A comparison of two servers.
pub(crate) struct DriftCheck<'d> {
    pub(crate) capture: &'d Capture,
    pub(crate) settings: &'d CaptureSettings,
    pub(crate) server: Client,
    pub(crate) own: &'d OwnServer,
    pub(crate) user: &'d str,
    pub(crate) ignored: &'d Ignored,
    /// The texts that no finding may contain: the password.
    pub(crate) secrets: Vec<String>,
    /// The paths of the lists that only the real server has.
    pub(crate) unknown_lists: Vec<String>,
    /// True as soon as the comparison is interrupted.
    pub(crate) interruption: &'d AtomicBool,
}

/// The requests that write, and the log of what they create.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writing<'w> {
    pub(crate) prefix: &'w Prefix,
    pub(crate) log: &'w CreationLog,
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

    /// Deletes what an earlier run has left on the real server.
    pub(crate) fn clean_up(&self, Writing { prefix, log }: Writing<'_>) -> Leftovers {
        let clean_up = CleanUp {
            client: &self.server,
            catalogue: &self.capture.catalogue,
            prefix,
            log,
        };
        clean_up.run()
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
        let mut compare = |exchange| {
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
        let leftovers = writing.map(|writing| self.clean_up(writing));
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
        let paths: Vec<_> = self
            .capture
            .kinds
            .iter()
            .map(|kind| kind.path.clone())
            .collect();
        let reading = ReadProbes {
            catalogue,
            objects,
            complete: self.settings.is_partial().then_some(&paths),
        };
        // This server knows no such list.
        for path in &self.unknown_lists {
            let target = format!("/vmrest/{path}?rowsPerPage=1");
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
            kinds: &self.settings.kinds,
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

    /// Returns the descriptions of what the real server has shown. `served` are the resources of this server.
    pub(crate) fn learn(
        &self,
        drift: &Drift,
        served: &ServedResources,
        facts: &FactIndex,
        date: &str,
    ) -> Result<Learned, DecodeError> {
        let learning = Learning {
            served,
            facts,
            observations: &drift.observations,
            source: &format!("a server with {}, {date}", self.capture.version.text),
            secrets: &self.secrets(),
        };
        let confirmed: Vec<_> = drift.results.confirmed().cloned().collect();
        learning.learn(drift.results.findings(), &confirmed)
    }
}

/// Reads the resources of this server, with those that the user describes.
pub(crate) fn served_resources(
    capture: &Capture,
    settings: &CaptureSettings,
) -> Result<ServedResources, crate::engine::load::Diagnostics> {
    let files = CatalogueFiles {
        release: capture.version.release,
        resources: &settings.resources,
        fixtures: &[],
    };
    files.read(&Progress::default())
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
        mock: broken.message.clone(),
        server: "an object has this value".to_owned(),
        facts: vec![fact],
        count: 1,
        kind: None,
    }
}
