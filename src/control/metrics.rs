//! The counts of the server, for Prometheus.

use axum::{
    Extension,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::text,
    metrics::{family::Family, gauge::Gauge, info::Info},
    registry::{Registry, Unit},
};

use super::{
    Refusal,
    input::{Parameters, Taken},
};
use crate::{
    http::{ServerState, StateExtension},
    resources::RESOURCES,
};

/// What Prometheus reads it as.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `GET /__mock/metrics`
pub(super) async fn metrics(
    Extension(shared): StateExtension,
    parameters: Parameters,
) -> Taken<Response> {
    parameters.finish()?;
    let mut registry = Registry::with_prefix("cuc_mock");
    shared.metrics.register(&mut registry);
    gauge_server(&shared, &mut registry);
    gauge_spaces(&shared, &mut registry);
    let mut written = String::new();
    text::encode(&mut written, &registry)
        .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], written).into_response())
}

/// What there is once in a server.
fn gauge_server(shared: &ServerState, registry: &mut Registry) {
    let origin = shared.spaces.template();
    let versions = vec![
        ("version", env!("CARGO_PKG_VERSION")),
        ("cuc_version", origin.source.release.as_str()),
    ];
    let help = "The version of this server, and the release that it emulates";
    registry.register("build", help, Info::new(versions));
    let sessions = gauge(shared.sessions.count());
    registry.register("sessions", "Sessions of users that are alive", sessions);
    registry.register_with_unit(
        "journal",
        "How much memory the journals of all spaces take",
        Unit::Bytes,
        gauge(origin.journals.used()),
    );
}

/// What there is in each space, counted over all of them.
fn gauge_spaces(shared: &ServerState, registry: &mut Registry) {
    let spaces = shared.spaces.all();
    registry.register("spaces", "Spaces that there are", gauge(spaces.len()));
    let (mut kept, mut dropped, mut faults) = (0, 0, 0);
    let records = Family::<[(&str, &str); 1], Gauge>::default();
    for space in &spaces {
        let journal = space.journal.size();
        kept += journal.kept;
        dropped += journal.dropped;
        let listed = space.faults.list(space.records.clock.now());
        faults += listed.iter().filter(|fault| fault.is_active).count();
        let store = space.records.read();
        for resource in RESOURCES {
            let label = [("resource", resource.path)];
            let count = as_gauge(store.collection(resource).len());
            records.get_or_create(&label).inc_by(count);
        }
    }
    registry.register("records", "Records of all spaces", records);
    let help = "Faults of all spaces that can hit more requests";
    registry.register("faults", help, gauge(faults));
    let help = "Requests that the journals of all spaces keep";
    registry.register("journal_requests", help, gauge(kept));
    let help = "Requests that the journals of all spaces had to drop, since each was last emptied";
    registry.register("journal_dropped_requests", help, gauge(dropped));
}

fn gauge(count: usize) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(as_gauge(count));
    gauge
}

fn as_gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
