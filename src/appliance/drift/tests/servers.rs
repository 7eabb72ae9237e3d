//! Two servers with the same state.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::capture::captured;
use crate::{
    CucMock, CucMockBuilder, Release,
    appliance::{
        client::{Client, Credentials, Trust},
        drift::{
            CapturedObjects, CreationLog, Exchange, Prefix, Run, Stop, WriteProbes, WriteSettings,
        },
    },
    schema::Catalogue,
};

/// The time of the servers, so that both give new objects the same.
pub(super) const NOW: &str = "2030-01-01T00:00:00Z";
/// The fixtures with users outside tenants.
pub(super) const USERS: &[&str] = &[
    "configured/users.xml",
    "configured/contacts.xml",
    "configured/portgroups.xml",
    "configured/ports.xml",
];

/// Two servers with the same state, and what was captured from the second one.
pub(super) struct Servers {
    pub(super) mock: CucMock,
    pub(super) server: CucMock,
    pub(super) objects: CapturedObjects,
}

/// The results of all probes that write.
pub(super) struct Written {
    pub(super) exchanges: Vec<Exchange>,
    pub(super) result: Result<Vec<String>, Stop>,
    /// The objects that the second server did not delete.
    pub(super) left: Vec<String>,
}

pub(super) fn builder(release: Release, seed: u64) -> CucMockBuilder {
    CucMock::builder()
        .release(release)
        .seed(seed)
        .journal(1)
        .frozen_clock(NOW)
}

/// Returns the paths of fixtures with tenants.
pub(super) fn tenants(release: Release) -> Vec<&'static str> {
    let services = match release {
        Release::V10_5 => "externalservices.xml",
        _ => "11.5/externalservices.xml",
    };
    vec![services, "tenants.xml", "configured/smppproviders.xml"]
}

impl Servers {
    pub(super) fn start(release: Release, fixtures: &[&str]) -> Self {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
        let server = fixtures.iter().fold(builder(release, 2), |builder, path| {
            builder.fixtures(format!("{root}/{path}"))
        });
        Self::of(builder(release, 1).empty(), server)
    }

    pub(super) fn of(mock: CucMockBuilder, server: CucMockBuilder) -> Self {
        let server = server.start_blocking();
        let mock = mock.start_blocking();
        mock.set_state(&server.state());
        let objects = captured(&client(&server), server.store().catalogue());
        Self {
            mock,
            server,
            objects,
        }
    }

    pub(super) fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(self.mock.store().catalogue())
    }

    /// Runs all probes that write. `interrupt` decides after each exchange.
    pub(super) fn write(
        &self,
        log: &CreationLog,
        mut interrupt: impl FnMut(&Exchange) -> bool,
    ) -> Written {
        let mut exchanges = Vec::new();
        let interruption = AtomicBool::new(false);
        let mut compare = |exchange: Exchange| {
            interruption.store(interrupt(&exchange), Ordering::Relaxed);
            exchanges.push(exchange);
        };
        let ids = self.objects.ids().into_iter();
        let (mock, server) = (client(&self.mock), client(&self.server));
        let mut run = Run::new(mock, server, ids, &interruption, &mut compare).with_log(log);
        let catalogue = self.catalogue();
        let prefix = Prefix::default();
        let settings = WriteSettings {
            catalogue: &catalogue,
            objects: &self.objects,
            prefix: &prefix,
            kinds: &[],
        };
        let probes = WriteProbes::new(&settings, &mut run);
        let result = probes.send();
        let left = run.left().to_vec();
        Written {
            exchanges,
            result,
            left,
        }
    }

    pub(super) fn states(&self) -> [String; 2] {
        [self.mock.state(), self.server.state()]
    }
}

pub(super) fn client(server: &CucMock) -> Client {
    let credentials = Credentials {
        user: "admin".to_owned(),
        password: "secret".to_owned(),
    };
    let base = server.uri().parse().unwrap();
    Client::new(&base, &credentials, &Trust::default())
}
