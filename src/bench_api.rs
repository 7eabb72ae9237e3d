//! What the benchmarks call.

use std::{borrow::Cow, path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::net::TcpListener;

use crate::{
    engine::{
        Clock, Format, ListBody, Mode, RandomStream, Records, crud,
        load::{self, Fixture},
        query::{Page, Query},
    },
    resources::{EXTERNAL_SERVICE, RESOURCES, system_seed},
    schema::Release,
    server,
    settings::Settings,
    space::DEFAULT_SPACE,
    store::Store,
    tls::Https,
};

const RELEASE: Release = Release::V10_5;
const SEED: u64 = 1;
/// The time at which the clock stands.
const TIME: &str = "2026-01-31T12:00:00Z";
/// How many requests the journal keeps: few, so that it is soon full and costs what it costs from then on.
const JOURNAL: usize = 100;

fn clock() -> Mode {
    TIME.parse().expect("it is a time")
}

/// Serves the fixtures at `path` to whoever connects, with whatever credentials, for ever.
///
/// # Panics
///
/// When the fixtures have mistakes.
pub async fn serve(listener: TcpListener, path: &Path) {
    let address = listener.local_addr().expect("a listener has an address");
    let settings = Settings {
        release: RELEASE,
        fixtures: vec![path.to_owned()],
        seed: Some(SEED),
        journal: Some(JOURNAL),
        clock: clock(),
        ..Settings::default()
    };
    let app = settings.build(address.ip()).expect("no mistakes");
    let for_ever = std::future::pending();
    server::run(listener, app, Https::default(), for_ever, Duration::ZERO).await;
}

/// The services of one space, without HTTP.
#[derive(Debug)]
pub struct Services(Records);

/// What a list is asked for.
#[derive(Debug)]
pub struct Question(Query);

/// What was found.
#[derive(Debug)]
pub struct Found(Page);

/// All that there was at one moment.
#[derive(Debug)]
pub struct Kept(Arc<Store>);

/// How something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// As XML.
    Xml,
    /// As JSON.
    Json,
}

impl Written {
    fn format(self) -> Format {
        match self {
            Self::Xml => Format::Xml,
            Self::Json => Format::Json,
        }
    }

    /// Reads the body of a service; tells how many elements it has.
    ///
    /// # Panics
    ///
    /// When it cannot be read.
    pub fn decode(self, body: &[u8]) -> usize {
        let read = self.format().read_object(body, EXTERNAL_SERVICE.element);
        read.expect("it can be read").len()
    }
}

/// What works can be measured; what fails is a mistake of the benchmark, hence the panics.
#[expect(clippy::missing_panics_doc, reason = "each panics when it is refused")]
impl Services {
    /// Those of a fixture.
    pub fn load(fixture: &[u8]) -> Self {
        let fixture = Fixture {
            path: "fixture.xml".into(),
            document: Cow::Owned(fixture.to_vec()),
        };
        let store = load::fixtures(RESOURCES, RELEASE, &[fixture], &system_seed(), Vec::new());
        let store = Arc::new(store.expect("no mistakes"));
        let ids = RandomStream::new(SEED, DEFAULT_SPACE, "ids");
        Self(Records::new(RELEASE, Clock::new(clock()), store, ids))
    }

    /// Reads an encoded query string.
    pub fn ask(&self, encoded: &str) -> Question {
        Question(Query::parse(&EXTERNAL_SERVICE, RELEASE, encoded).expect("it can be read"))
    }

    /// Finds what is asked for.
    pub fn find(&self, question: &Question) -> Found {
        Found(crud::list(&self.0, &question.0))
    }

    /// The list of what was found, as it is answered; hands it to `take` piece by piece.
    pub fn list(&self, found: &Found, written: Written, take: impl FnMut(Bytes)) {
        match written.format().list(&EXTERNAL_SERVICE, &found.0) {
            ListBody::Whole(document) => [document].into_iter().for_each(take),
            ListBody::Chunks(pieces) => pieces.for_each(take),
        }
    }

    /// One service, as it is answered.
    pub fn object(&self, id: &str, written: Written) -> Bytes {
        let found = crud::read(&self.0, &EXTERNAL_SERVICE, id).expect("it is there");
        written.format().object(&found)
    }

    /// Adds a service; tells its path.
    pub fn create(&self, body: &[u8]) -> String {
        let members = Format::read_any(body).expect("it can be read");
        crud::create(&self.0, &EXTERNAL_SERVICE, &members).expect("it is taken")
    }

    /// Changes a service.
    pub fn update(&self, id: &str, body: &[u8]) {
        let members = Format::read_any(body).expect("it can be read");
        crud::update(&self.0, &EXTERNAL_SERVICE, id, &members).expect("it is taken");
    }

    /// Takes a service away.
    pub fn delete(&self, id: &str) {
        crud::delete(&self.0, &EXTERNAL_SERVICE, id).expect("it is there");
    }

    /// Keeps all that there is.
    pub fn snapshot(&self) -> Kept {
        Kept(self.0.read())
    }

    /// Puts back all that there was.
    pub fn restore(&self, kept: &Kept) {
        self.0.replace(Arc::clone(&kept.0));
    }
}
