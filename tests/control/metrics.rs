//! Metrics for Prometheus.

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client};

const OPEN_METRICS: &str = "Accept: application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1\r\n";

#[test]
fn the_classic_format_is_the_default() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.get("/vmrest/users");
    let expected = expect![[r##"
        # HELP cuc_mock_requests_total Responses, except those of the control plane.
        # TYPE cuc_mock_requests_total counter
        cuc_mock_requests_total{method="GET",route="/vmrest/users",status="200"} 1
        # HELP cuc_mock_build_info The version of this server and the release that it emulates.
        # TYPE cuc_mock_build_info gauge
        cuc_mock_build_info{version="0.1.0",cuc_version="10.5"} 1"##]];
    for accept in [
        "",
        "Accept: text/plain;version=0.0.4\r\n",
        "Accept: */*\r\n",
    ] {
        let response = client.request("GET", "/__mock/metrics", accept, b"");
        assert_eq!(
            response.header("Content-Type"),
            Some("text/plain; version=0.0.4; charset=utf-8")
        );
        let lines = response.body.lines();
        let lines: Vec<_> = lines
            .filter(|line| line.contains("cuc_mock_build") || line.contains("cuc_mock_requests"))
            .collect();
        expected.assert_eq(&lines.join("\n"));
        assert!(!response.body.contains("# UNIT") && !response.body.contains("# EOF"));
    }
}

#[test]
fn requests_are_counted_by_method_route_and_status() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    client.get("/vmrest/externalservices/none");
    client.get("/vmrest/externalservices/nothing");
    client.request("GET", "/vmrest/tenants", "", b"");
    client.request("BREW", "/vmrest/coffee", ADMIN_AUTHORIZATION, b"");
    client.request("GET", "/elsewhere", "", b"");
    client.control("GET", "/__mock/health", "");
    let answer = client.request("GET", "/__mock/metrics", OPEN_METRICS, b"");
    assert_eq!(
        answer.header("Content-Type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    let text = answer.body;
    assert!(text.ends_with("\n# EOF\n"), "{text}");
    let mut counted: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("cuc_mock_requests_total") || line.contains("_count{"))
        .collect();
    counted.sort_unstable();
    expect![[r#"
        cuc_mock_request_duration_seconds_count{route="/vmrest/externalservices/{id}"} 2
        cuc_mock_request_duration_seconds_count{route="/vmrest/tenants"} 1
        cuc_mock_request_duration_seconds_count{route="other"} 2
        cuc_mock_requests_total{method="GET",route="/vmrest/externalservices/{id}",status="404"} 2
        cuc_mock_requests_total{method="GET",route="/vmrest/tenants",status="401"} 1
        cuc_mock_requests_total{method="GET",route="other",status="404"} 1
        cuc_mock_requests_total{method="other",route="other",status="404"} 1"#]]
    .assert_eq(&counted.join("\n"));
}

#[test]
fn every_sample_belongs_to_a_metric_with_its_help_and_type() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for fault in [
        r#"{"delay":{"fixed_ms":1},"times":1}"#,
        r#"{"effect":"reset","nth":9}"#,
    ] {
        let made = client.control("POST", "/__mock/faults", fault);
        assert_eq!(made.status, 201, "{made}");
    }
    client.get("/vmrest/users");
    let text = client
        .request("GET", "/__mock/metrics", OPEN_METRICS, b"")
        .body;
    let (mut name, mut has_help) = (String::new(), false);
    let body = text.strip_suffix("# EOF\n").expect("an end");
    for line in body.lines() {
        let words: Vec<_> = line.splitn(4, ' ').collect();
        match words[..] {
            ["#", "HELP", metric, help] => {
                assert!(help.ends_with('.'), "{line}");
                (name, has_help) = (metric.to_owned(), true);
            }
            ["#", "TYPE" | "UNIT", metric, _] => {
                assert_eq!((metric, has_help), (name.as_str(), true));
            }
            _ => {
                assert!(line.starts_with(&name) && !name.is_empty(), "{line}");
                let value = line
                    .rsplit(' ')
                    .next()
                    .and_then(|value| value.parse::<f64>().ok());
                assert!(value.is_some_and(f64::is_finite), "{line}");
            }
        }
    }
    let records = || {
        text.lines()
            .filter(|line| line.starts_with("cuc_mock_records{"))
    };
    assert_eq!(records().count(), mock.coverage().resources.len());
    let shown = [
        "cluster",
        "externalservices",
        "tenants",
        "users",
        "vmsservers",
    ]
    .map(|path| format!("{{resource=\"{path}\"}}"));
    let hidden: Vec<_> = records()
        .filter(|line| !shown.iter().any(|label| line.contains(label)))
        .collect();
    let mut gauges: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.contains("request_duration"))
        .filter(|line| !hidden.contains(line))
        .map(|line| {
            if line.starts_with("cuc_mock_journal_bytes ") {
                "cuc_mock_journal_bytes N"
            } else {
                line
            }
        })
        .collect();
    gauges.sort_unstable();
    expect![[r#"
        cuc_mock_buffers_bytes 0
        cuc_mock_build_info{version="0.1.0",cuc_version="10.5"} 1
        cuc_mock_faults 1
        cuc_mock_journal_bytes N
        cuc_mock_journal_dropped_requests 0
        cuc_mock_journal_requests 1
        cuc_mock_records{resource="cluster"} 1
        cuc_mock_records{resource="externalservices"} 5
        cuc_mock_records{resource="tenants"} 2
        cuc_mock_records{resource="users"} 4
        cuc_mock_records{resource="vmsservers"} 1
        cuc_mock_requests_total{method="GET",route="/vmrest/users",status="200"} 1
        cuc_mock_sessions 1
        cuc_mock_spaces 1"#]]
    .assert_eq(&gauges.join("\n"));
}
