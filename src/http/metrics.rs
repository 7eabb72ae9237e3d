//! How many requests were answered, and how fast, by route.

use std::{
    fmt::{self, Write},
    hash::{Hash, Hasher},
    sync::OnceLock,
    time::Duration,
};

use axum::{
    extract::MatchedPath,
    http::{Method, StatusCode},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

/// What counts for all routes that are not there.
const OTHER: &str = "other";
/// Upper ends of the buckets, in seconds: most answers take less than a millisecond, a delay that was
/// asked for takes seconds.
const BUCKETS: [f64; 12] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0,
];

/// The counts of one server. Nothing is allocated before the first request.
#[derive(Debug, Default)]
pub(crate) struct Metrics(OnceLock<Families>);

#[derive(Clone, Debug)]
struct Families {
    requests: Family<Answered, Counter>,
    durations: Family<Taken, Histogram, fn() -> Histogram>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: Known,
    route: Route,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Taken {
    route: Route,
}

/// The path of a route as it is written in the router, such as `/vmrest/tenants/{id}`.
#[derive(Clone, Debug)]
pub(super) struct Route(Option<MatchedPath>);

/// A method that HTTP itself knows, so that nobody can make up labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Known(&'static str);

impl Metrics {
    /// Counts an answer.
    pub(super) fn answered(
        &self,
        method: &Method,
        route: Route,
        status: StatusCode,
        took: Duration,
    ) {
        let families = self.families();
        let taken = Taken {
            route: route.clone(),
        };
        let answered = Answered {
            method: Known::of(method),
            route,
            status: status.as_u16(),
        };
        families.requests.get_or_create(&answered).inc();
        let durations = families.durations.get_or_create(&taken);
        durations.observe(took.as_secs_f64());
    }

    /// Hands the counts to a registry that is about to be written.
    pub(crate) fn register(&self, registry: &mut Registry) {
        let families = self.families().clone();
        registry.register(
            "requests",
            "Requests that were answered, but for those to the control plane",
            families.requests,
        );
        registry.register_with_unit(
            "request_duration",
            "From the arrival of a request to its answer",
            Unit::Seconds,
            families.durations,
        );
    }

    fn families(&self) -> &Families {
        self.0.get_or_init(|| Families {
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
        })
    }
}

impl Route {
    /// The framework's own routes for what is not found are none.
    pub(super) fn of(matched: Option<&MatchedPath>) -> Self {
        let matched = matched.filter(|path| !path.as_str().contains("{*"));
        Self(matched.cloned())
    }

    fn as_str(&self) -> &str {
        self.0.as_ref().map_or(OTHER, MatchedPath::as_str)
    }
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Route {}

impl Hash for Route {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl EncodeLabelValue for Route {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(self.as_str())
    }
}

impl Known {
    fn of(method: &Method) -> Self {
        const METHODS: [&str; 9] = [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
        ];
        let mut known = METHODS.into_iter();
        Self(
            known
                .find(|known| *known == method.as_str())
                .unwrap_or(OTHER),
        )
    }
}

impl EncodeLabelValue for Known {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(self.0)
    }
}
