//! Metrics for Prometheus.

use std::collections::HashMap;

use axum::{
    Extension,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::text,
    metrics::{family::Family, gauge::Gauge, info::Info},
    registry::{Registry, Unit},
};

use super::{ApiError, ApiResult, NoParameters, Query};
use crate::http::{ServerState, StateExtension, prefers};

/// The content type of the OpenMetrics text format.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The content type of the classic text format, which every parser of Prometheus reads.
const CLASSIC: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /__mock/metrics`
pub(super) async fn get(
    Extension(server): StateExtension,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> ApiResult<Response> {
    let mut registry = Registry::with_prefix("cuc_mock");
    server.metrics.register(&mut registry);
    register_server(&server, &mut registry);
    register_spaces(&server, &mut registry);
    let mut text_format = String::new();
    text::encode(&mut text_format, &registry)
        .map_err(|error| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    if prefers(&headers, "application/openmetrics-text", "text/plain") {
        return Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text_format).into_response());
    }
    let classic = classic_format(&text_format);
    Ok(([(header::CONTENT_TYPE, CLASSIC)], classic).into_response())
}

/// Converts the OpenMetrics text format to the classic one: its comments name the samples, it has the types of the
/// first version only, and neither units nor a mark of the end.
fn classic_format(open_metrics: &str) -> String {
    let types: HashMap<_, _> = open_metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .collect();
    let mut classic = String::with_capacity(open_metrics.len());
    for line in open_metrics.lines() {
        let Some(comment) = line.strip_prefix("# ") else {
            classic.extend([line, "\n"]);
            continue;
        };
        let mut words = comment.splitn(3, ' ');
        let (Some(keyword @ ("HELP" | "TYPE")), Some(name), Some(text)) =
            (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let (suffix, metric_type) = match types.get(name).copied() {
            Some("counter") => ("_total", "counter"),
            Some("info") => ("_info", "gauge"),
            Some(metric_type) => ("", metric_type),
            None => ("", "untyped"),
        };
        let text = if keyword == "TYPE" { metric_type } else { text };
        classic.extend(["# ", keyword, " ", name, suffix, " ", text, "\n"]);
    }
    classic
}

/// Registers the gauges of the server as a whole.
fn register_server(server: &ServerState, registry: &mut Registry) {
    let origin = server.spaces.template();
    let versions = vec![
        ("version", env!("CARGO_PKG_VERSION")),
        ("cuc_version", origin.source.catalogue.release.as_str()),
    ];
    let help = "The version of this server and the release that it emulates";
    registry.register("build", help, Info::new(versions));
    let sessions = gauge(server.sessions.count());
    registry.register("sessions", "Active sessions of users", sessions);
    registry.register_with_unit(
        "journal",
        "Memory of the journals of all spaces",
        Unit::Bytes,
        gauge(origin.journals.used()),
    );
    registry.register_with_unit(
        "buffers",
        "Memory of the request bodies and responses that are in progress",
        Unit::Bytes,
        gauge(server.buffers.used()),
    );
}

/// Registers the sums over all spaces.
fn register_spaces(server: &ServerState, registry: &mut Registry) {
    let spaces = server.spaces.all();
    registry.register("spaces", "Spaces", gauge(spaces.len()));
    let (mut kept, mut dropped, mut faults) = (0, 0, 0);
    let records = Family::<[(&str, String); 1], Gauge>::default();
    for space in &spaces {
        let journal = space.journal.size();
        kept += journal.kept;
        dropped += journal.dropped;
        let listed = space.faults.list(space.records.clock.now());
        faults += listed.iter().filter(|fault| fault.is_active).count();
        let store = space.records.read();
        for (resource, collection) in store.collections() {
            let label = [("resource", resource.path.to_string())];
            let count = as_gauge(collection.len());
            records.get_or_create(&label).inc_by(count);
        }
    }
    registry.register("records", "Records of all spaces", records);
    let help = "Faults of all spaces that can hit more requests";
    registry.register("faults", help, gauge(faults));
    let help = "Requests in the journals of all spaces";
    registry.register("journal_requests", help, gauge(kept));
    let help = "Requests that the journals of all spaces have dropped since each was last emptied";
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

#[cfg(test)]
pub(super) mod describe {
    use super::{CLASSIC, OPEN_METRICS};
    use crate::control::openapi::Operation;

    pub(in crate::control) fn get() -> Operation {
        Operation::new(
            "server",
            "getMetrics",
            "Get the metrics of the server for Prometheus",
        )
        .description(
            "They include all spaces. A build without the feature `cli` does not have this path.",
        )
        .text(
            200,
            CLASSIC,
            "Metrics in the classic text format, or in the OpenMetrics text format if `Accept` prefers it.",
        )
        .or(OPEN_METRICS)
    }
}
