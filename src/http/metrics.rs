//! The numbers of requests and their durations, by route.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use parking_lot::Mutex;
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

/// The label of unknown routes and methods.
const OTHER: &str = "other";
/// The upper bounds of the buckets, in seconds: most responses take less than a millisecond, a requested delay takes
/// seconds.
const BUCKETS: [f64; 12] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0,
];

/// The metrics of one server, allocated with its first request.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    families: OnceLock<Families>,
}

#[derive(Debug)]
struct Families {
    requests: Family<ResponseLabels, Counter>,
    durations: Family<RouteLabel, Histogram, fn() -> Histogram>,
    /// The metrics of each set of labels, looked up once.
    cache: Mutex<BTreeMap<ResponseLabels, (Counter, Histogram)>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EncodeLabelSet)]
struct ResponseLabels {
    method: KnownMethod,
    route: Arc<str>,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: Arc<str>,
}

/// A method that HTTP defines: clients cannot invent labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct KnownMethod(&'static str);

impl Metrics {
    /// Records a response to a request that has this registered route.
    pub(super) fn record(
        &self,
        method: &Method,
        route: Option<Arc<str>>,
        status: StatusCode,
        took: Duration,
    ) {
        let families = self.families();
        let route = route.unwrap_or_else(|| OTHER.into());
        let labels = ResponseLabels {
            method: KnownMethod::from(method),
            route,
            status: status.as_u16(),
        };
        let mut cache = families.cache.lock();
        let (count, durations) = cache.entry(labels).or_insert_with_key(|labels| {
            let count = families.requests.get_or_create_owned(labels);
            let route = Arc::clone(&labels.route);
            let durations = families
                .durations
                .get_or_create_owned(&RouteLabel { route });
            (count, durations)
        });
        count.inc();
        durations.observe(took.as_secs_f64());
    }

    /// Adds the metrics to a registry that is about to be encoded.
    pub(crate) fn register(&self, registry: &mut Registry) {
        let families = self.families();
        registry.register(
            "requests",
            "Responses, except those of the control plane",
            families.requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "Time from the arrival of a request to its response",
            Unit::Seconds,
            families.durations.clone(),
        );
    }

    fn families(&self) -> &Families {
        self.families.get_or_init(|| Families {
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            cache: Mutex::default(),
        })
    }
}

impl From<&Method> for KnownMethod {
    fn from(method: &Method) -> Self {
        const METHODS: [&str; 9] = [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
        ];
        let mut methods = METHODS.into_iter();
        let known = methods.find(|known| *known == method.as_str());
        Self(known.unwrap_or(OTHER))
    }
}

impl EncodeLabelValue for KnownMethod {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(self.0)
    }
}
