//! The functions that the benchmarks call.

use std::{path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::net::TcpListener;

use crate::{
    app::App,
    engine::{
        Clock, DocumentText, Format, ListDocument, Mode, RandomStream, Records, Root, Target, crud,
        description::{self, DescriptionSet},
        load::{Deferral, Fixture, FixtureSet, Progress},
        query::{Page, Query},
    },
    resources::{
        BEHAVIOURS, SeedFiles, ServedResources, deferred_seed, embedded_catalogue,
        embedded_descriptions, embedded_sources, empty_resources, is_embedded, separate_resources,
        system_seed,
    },
    schema::{Catalogue, Release, Resource, Source},
    server,
    settings::Settings,
    space::DEFAULT_SPACE,
    store::Store,
    tls::Https,
};

const RELEASE: Release = Release::V10_5;
const SEED: u64 = 1;
/// The time of the frozen clock.
const TIME: &str = "2026-01-31T12:00:00Z";
/// The size of the journal: small, so that it is soon full and each request pays for a request that is dropped.
const JOURNAL: usize = 100;

fn clock() -> Mode {
    TIME.parse().expect("it is a time")
}

/// Returns the settings of a server with the fixtures at `path`.
fn settings(path: &Path) -> Settings {
    Settings {
        release: RELEASE,
        fixtures: vec![path.to_owned()],
        seed: Some(SEED),
        journal: Some(JOURNAL),
        clock: clock(),
        ..Settings::default()
    }
}

/// Serves the fixtures at `path` without an end. Any credentials are accepted.
///
/// # Panics
///
/// Panics if the fixtures are invalid.
pub async fn serve(listener: TcpListener, path: &Path) {
    let address = listener.local_addr().expect("a listener has an address");
    let app = settings(path).build(address.ip());
    run(listener, app.expect("valid fixtures")).await;
}

/// Serves the fixtures at `path` without an end, with two of the embedded resources: services and tenants. Any
/// credentials are accepted.
///
/// # Panics
///
/// Panics if the fixtures are invalid.
pub async fn serve_two_resources(listener: TcpListener, path: &Path) {
    const TWO: [&str; 2] = ["externalservices", "tenants"];
    let address = listener.local_addr().expect("a listener has an address");
    let is_served = |source: &&Arc<Source>| TWO.contains(&&*source.outline().path);
    let sources = embedded_sources().filter(is_served).cloned();
    let settings = settings(path);
    let served = ServedResources {
        catalogue: Arc::new(Catalogue::deferred(RELEASE, sources)),
        descriptions: Vec::new(),
        lists: Vec::new(),
        inferred: Vec::new(),
        #[cfg(feature = "cli")]
        described: Vec::new(),
        seed: SeedFiles::read(&settings.fixtures, &settings.progress),
    };
    let app = settings.build_with(served, address.ip());
    run(listener, app.expect("valid fixtures")).await;
}

/// Serves without an end.
async fn run(listener: TcpListener, app: App) {
    let shutdown = std::future::pending();
    server::run(
        vec![listener],
        app,
        Https::default(),
        shutdown,
        Duration::ZERO,
    )
    .await;
}

/// Resources in addition to the embedded ones.
#[derive(Clone, Debug)]
pub struct Resources(Arc<Catalogue>);

impl Resources {
    /// Reads, checks and compiles descriptions.
    ///
    /// # Panics
    ///
    /// Panics if a description has a mistake.
    pub fn read(documents: &[String]) -> Self {
        let read = |text: &String| description::read(text.as_bytes()).expect("no mistake");
        let mut descriptions: Vec<_> = embedded_descriptions().cloned().collect();
        descriptions.extend(documents.iter().map(read));
        let set = DescriptionSet {
            descriptions: &descriptions,
            is_embedded: &vec![false; descriptions.len()],
            is_incomplete: false,
            behaviours: BEHAVIOURS,
        };
        assert_eq!(set.check(), []);
        Self(Arc::new(Catalogue::new(RELEASE, descriptions)))
    }
}

/// The services of one space, without HTTP.
#[derive(Debug)]
pub struct Services(Records);

/// A query for a list.
#[derive(Debug)]
pub struct ListQuery(Query);

/// The result of a query.
#[derive(Debug)]
pub struct ListPage(Page);

/// A snapshot of all records.
#[derive(Debug)]
pub struct Snapshot(Arc<Store>);

/// A format of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentFormat {
    /// XML.
    Xml,
    /// JSON.
    Json,
}

impl DocumentFormat {
    fn format(self) -> Format {
        match self {
            Self::Xml => Format::Xml,
            Self::Json => Format::Json,
        }
    }

    /// Decodes the body of a service; returns the number of its elements.
    ///
    /// # Panics
    ///
    /// Panics if the body is malformed.
    pub fn decode(self, body: &[u8]) -> usize {
        let text = DocumentText::new(body, None);
        let catalogue = embedded_catalogue(RELEASE);
        let service = catalogue.resource("externalservices");
        let root = Root::of(service.expect("an embedded resource"), &catalogue);
        let elements = self.format().read_object(&text, root);
        elements.expect("a well-formed body").len()
    }
}

#[expect(
    clippy::missing_panics_doc,
    reason = "each function panics on an error, which would be a bug of the benchmark"
)]
impl Services {
    fn resource(&self) -> &Resource {
        let resource = self.0.catalogue.resource("externalservices");
        resource.expect("an embedded resource")
    }

    /// Loads the services of a fixture.
    pub fn load(fixture: &[u8]) -> Self {
        Self::load_into(fixture, embedded_catalogue(RELEASE))
    }

    /// Loads the services of a fixture into a store that has further resources.
    pub fn load_beside(fixture: &[u8], resources: &Resources) -> Self {
        Self::load_into(fixture, Arc::clone(&resources.0))
    }

    fn load_into(fixture: &[u8], catalogue: Arc<Catalogue>) -> Self {
        let fixture = Fixture::new("fixture.xml", Bytes::copy_from_slice(fixture));
        let fixtures = [fixture];
        let separate = separate_resources(&catalogue);
        let empty = empty_resources(&catalogue);
        // A server defers the objects of the system, too.
        let deferral = is_embedded(&catalogue).then(|| Deferral {
            separate: &separate,
            empty: &empty,
            has_targets: false,
            deferred: deferred_seed(RELEASE, false),
        });
        let set = FixtureSet {
            otherwise: &system_seed(RELEASE),
            deferral,
            ..FixtureSet::new(&catalogue, &fixtures)
        };
        let store = set.load(&Progress::default());
        let store = Arc::new(store.expect("a valid fixture"));
        let ids = RandomStream::new(SEED, DEFAULT_SPACE, "ids");
        Self(Records::new(Clock::new(clock()), store, ids))
    }

    /// Parses an encoded query string.
    pub fn parse(&self, encoded: &str) -> ListQuery {
        ListQuery(Query::parse(self.resource(), encoded).expect("a valid query"))
    }

    /// Runs a query.
    pub fn find(&self, query: ListQuery) -> ListPage {
        let collection = Target::collection(self.resource());
        ListPage(crud::list(&self.0, &collection, query.0).into_page())
    }

    /// Passes the body of a list response to `write`, chunk by chunk.
    pub fn list(&self, page: &ListPage, format: DocumentFormat, write: impl FnMut(Bytes)) {
        match format.format().list(&page.0) {
            ListDocument::Whole(document) => [document].into_iter().for_each(write),
            ListDocument::Chunks(chunks) => chunks.for_each(write),
        }
    }

    /// Returns the body of the response for one service.
    pub fn object(&self, id: &str, format: DocumentFormat) -> Bytes {
        let target = Target::record(self.resource(), id);
        crud::read(&self.0, &target, format.format()).expect("the service exists")
    }

    /// Adds a service; returns its path.
    pub fn create(&self, body: &[u8]) -> String {
        let elements = Format::read_any(&DocumentText::new(body, None), &self.0.catalogue);
        let elements = elements.expect("a well-formed body");
        crud::create(&self.0, &Target::collection(self.resource()), &elements, "")
            .expect("a valid service")
    }

    /// Changes a service.
    pub fn update(&self, id: &str, body: &[u8]) {
        let elements = Format::read_any(&DocumentText::new(body, None), &self.0.catalogue);
        let elements = elements.expect("a well-formed body");
        crud::update(&self.0, &Target::record(self.resource(), id), &elements)
            .expect("a valid service");
    }

    /// Deletes a service.
    pub fn delete(&self, id: &str) {
        crud::delete(&self.0, &Target::record(self.resource(), id)).expect("the service exists");
    }

    /// Takes a snapshot.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.0.read())
    }

    /// Restores a snapshot.
    pub fn restore(&self, snapshot: &Snapshot) {
        self.0.replace(|| Arc::clone(&snapshot.0));
    }
}
