//! How many requests were answered, and how fast, by route.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    sync::OnceLock,
    time::Duration,
};

use axum::http::{Method, StatusCode};
use parking_lot::Mutex;
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
pub(crate) struct Metrics {
    families: OnceLock<Families>,
}

#[derive(Debug)]
struct Families {
    requests: Family<RecordedResponse, Counter>,
    durations: Family<Taken, Histogram, fn() -> Histogram>,
    /// Those of them that count each kind of answer, looked up once.
    counting: Mutex<BTreeMap<RecordedResponse, (Counter, Histogram)>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EncodeLabelSet)]
struct RecordedResponse {
    method: Known,
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Taken {
    route: &'static str,
}

/// A method that HTTP itself knows, so that nobody can make up labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Known(&'static str);

impl Metrics {
    /// Counts an answer to a request that has this route, as it is written in the router.
    pub(super) fn answered(
        &self,
        method: &Method,
        route: Option<&'static str>,
        status: StatusCode,
        took: Duration,
    ) {
        let families = self.families();
        let route = route.unwrap_or(OTHER);
        let answered = RecordedResponse {
            method: Known::of(method),
            route,
            status: status.as_u16(),
        };
        let mut counting = families.counting.lock();
        let (count, durations) = counting.entry(answered).or_insert_with_key(|answered| {
            let count = families.requests.get_or_create_owned(answered);
            let durations = families.durations.get_or_create_owned(&Taken { route });
            (count, durations)
        });
        count.inc();
        durations.observe(took.as_secs_f64());
    }

    /// Hands the counts to a registry that is about to be written.
    pub(crate) fn register(&self, registry: &mut Registry) {
        let families = self.families();
        registry.register(
            "requests",
            "Requests that were answered, but for those to the control plane",
            families.requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "From the arrival of a request to its answer",
            Unit::Seconds,
            families.durations.clone(),
        );
    }

    fn families(&self) -> &Families {
        self.families.get_or_init(|| Families {
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            counting: Mutex::default(),
        })
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
