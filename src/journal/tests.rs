//! Tests of journals without a server.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, Method, StatusCode};
use expect_test::expect;
use jiff::Timestamp;

use super::{byte_budget::ByteBudget, *};
use crate::{
    engine::{Error, InvalidField},
    schema::{ErrorRule, Evidence, Provenance},
};

/// Records a request without headers.
pub(super) fn record(journal: &Journal, method: &Method, target: &str, body: &str) -> Arc<Entry> {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    journal.record_request(&RecordedRequest {
        space: &"default".into(),
        time: Timestamp::UNIX_EPOCH,
        started: Instant::now(),
        method,
        path,
        query,
        headers: &HeaderMap::new(),
        body: RecordedBody::Received(body.as_bytes()),
    })
}

fn respond(journal: &Journal, entry: &Arc<Entry>) {
    respond_with(journal, entry, Some(StatusCode::OK));
}

/// Records a response with this status, or that none is sent.
pub(super) fn respond_with(journal: &Journal, entry: &Arc<Entry>, status: Option<StatusCode>) {
    let mut headers = HeaderMap::new();
    headers.insert("x-test", "1".parse().unwrap());
    let head = status.map(|status| (status, &headers));
    journal.record_response(entry, RecordedResponse::new(head, None, Duration::ZERO));
}

fn numbers(view: &View) -> Vec<u64> {
    view.entries.iter().map(|entry| entry.number).collect()
}

#[test]
fn the_journal_keeps_the_newest_requests_and_counts_the_others() {
    let journal = Journal::new(&Budget::new(3));
    for _ in 0..5 {
        record(&journal, &Method::GET, "/vmrest/version", "");
    }
    let view = journal.view();
    assert_eq!(numbers(&view), [3, 4, 5]);
    assert_eq!((view.last, view.dropped), (5, 2));
    assert_eq!(numbers(&journal.view_after(journal.cursor(4))), [5]);
    assert_eq!(numbers(&journal.view_after(journal.cursor(1))), [3, 4, 5]);
    let last = journal.cursor(5);
    assert_eq!(view.after(last).len(), 0);
    journal.clear();
    record(&journal, &Method::GET, "/vmrest/version", "");
    let view = journal.view();
    assert_eq!((view.last, view.dropped), (1, 0));
    assert_eq!(view.after(last).len(), 1, "the journal was emptied since");
    assert_eq!(numbers(&journal.view_after(last)), [1]);
    assert_eq!(journal.cursor(5), view.start(), "it dates from before");
}

#[test]
fn a_late_response_to_an_evicted_request_takes_no_memory() {
    let budget = Budget::new(1);
    let journal = Journal::new(&budget);
    let first = record(&journal, &Method::GET, "/", "");
    let second = record(&journal, &Method::GET, "/", "");
    let used = budget.used();
    respond(&journal, &first);
    assert_eq!(budget.used(), used);
    respond(&journal, &second);
    assert!(budget.used() > used);
    journal.clear();
    assert_eq!(budget.used(), 0);
    let third = record(&journal, &Method::GET, "/", "");
    respond(&journal, &second);
    assert_eq!(budget.used(), third.bytes());
    drop(journal);
    assert_eq!(budget.used(), 0);
}

#[test]
fn the_largest_journal_evicts_requests_when_the_budget_is_exceeded() {
    let body = "x".repeat(1000);
    let budget = Budget::with_max_bytes(1000, 20_000);
    let [large, small] = [Journal::new(&budget), Journal::new(&budget)];
    for _ in 0..100 {
        record(&large, &Method::POST, "/", &body);
    }
    let alone = large.view().entries.len();
    for _ in 0..4 {
        record(&small, &Method::POST, "/", &body);
    }
    assert_eq!(small.view().dropped, 0);
    assert_eq!(large.view().entries.len(), alone - 4);
    assert!(budget.used() <= 20_000);
    drop(large);
    assert_eq!(small.view().entries.len(), 4);
}

#[test]
fn a_recorded_request_reads_back_as_it_was_sent() {
    let journal = Journal::new(&Budget::new(1));
    let mut headers = HeaderMap::new();
    headers.insert(
        "x-bytes",
        axum::http::HeaderValue::from_bytes(b"a: \xff").unwrap(),
    );
    headers.append("x-empty", "".parse().unwrap());
    headers.append("x-empty", "2".parse().unwrap());
    let body = vec![b'b'; entry::MAX_BODY_BYTES + 1];
    let entry = journal.record_request(&RecordedRequest {
        space: &"default".into(),
        time: Timestamp::UNIX_EPOCH,
        started: Instant::now(),
        method: &Method::PUT,
        path: "/vmrest/x",
        query: Some(""),
        headers: &headers,
        body: RecordedBody::Received(&body),
    });
    assert_eq!((entry.path(), entry.query()), ("/vmrest/x", Some("")));
    let sent: Vec<_> = entry.headers().collect();
    assert_eq!(
        sent,
        [
            ("x-bytes", &b"a: \xff"[..]),
            ("x-empty", b""),
            ("x-empty", b"2")
        ]
    );
    assert_eq!(entry.body().len(), entry::MAX_BODY_BYTES);
    assert_eq!(entry.body_bytes, Some(body.len()));
    assert!(entry.is_body_cut());
}

#[test]
fn patterns_match_each_part_of_a_request() {
    let journal = Journal::new(&Budget::new(9));
    let body = "<ExternalService><DisplayName>a &amp; b</DisplayName></ExternalService>";
    let post = record(
        &journal,
        &Method::POST,
        "/vmrest/externalservices/?a=%31&b=2",
        body,
    );
    respond(&journal, &post);
    let json = record(
        &journal,
        &Method::POST,
        "/vmrest/tenants",
        r#"{"Tenant":{"Alias":"x"}}"#,
    );
    for (requests, entry) in [
        (RequestPattern::any(), &post),
        (RequestPattern::post("externalservices"), &post),
        (
            RequestPattern::any().path("/vmrest/*").query("a", "1"),
            &post,
        ),
        (RequestPattern::any().path("**").status(200), &post),
        (RequestPattern::any().path("/**services"), &post),
        (RequestPattern::any().field("DisplayName", "a & b"), &post),
        (
            RequestPattern::any().field("DisplayName", ValuePattern::StartsWith("a".into())),
            &post,
        ),
        (
            RequestPattern::any().field("DisplayName", ValuePattern::Contains("&".into())),
            &post,
        ),
        (
            RequestPattern::any().field("Server", ValuePattern::Absent),
            &post,
        ),
        (RequestPattern::any().field("Alias", "x"), &json),
    ] {
        assert!(requests.matches(entry), "{requests}");
        let differences = requests.differences(&DecodedRequest::new(entry));
        assert_eq!(differences, [], "{requests}");
    }
    for requests in [
        RequestPattern::get("externalservices"),
        RequestPattern::post("tenants"),
        RequestPattern::any().path("/*"),
        RequestPattern::any().path("/vmrest/*/*"),
        RequestPattern::any().query("a", "%31"),
        RequestPattern::any().query("b", ValuePattern::Absent),
        RequestPattern::any().header("accept", "application/json"),
        RequestPattern::any().field("DisplayName", "a"),
        RequestPattern::any().status(201),
    ] {
        assert!(!requests.matches(&post), "{requests}");
        let differences = requests.differences(&DecodedRequest::new(&post));
        assert_eq!(differences.len(), 1, "{requests}");
    }
    assert!(
        !RequestPattern::any().status(200).matches(&json),
        "it has no response yet"
    );
}

#[test]
fn large_bodies_never_exceed_the_budget() {
    let budget = Budget::new(1_000);
    let journal = Journal::new(&budget);
    let body = "x".repeat(2 * entry::MAX_BODY_BYTES);
    for _ in 0..300 {
        let entry = record(&journal, &Method::POST, "/", &body);
        respond(&journal, &entry);
        assert!(budget.used() <= 8 * 1024 * 1024);
    }
    let view = journal.view();
    assert_eq!(view.last, 300);
    assert!(view.dropped > 150 && view.entries.len() > 100, "{view:?}");
}

#[test]
fn a_body_that_is_cut_inside_a_character_is_still_text() {
    let journal = Journal::new(&Budget::new(9));
    let body = format!("x{}", "é".repeat(entry::MAX_BODY_BYTES));
    let entry = record(&journal, &Method::POST, "/", &body);
    let hidden = JournalEntry::new(&entry, Secrets::Hidden);
    assert_eq!(
        hidden.body_text(),
        Some("[redacted: a body of 131073 bytes, because the journal keeps only its beginning]")
    );
    let request = JournalEntry::new(&entry, Secrets::Shown);
    let text = request.body_text().unwrap();
    assert_eq!(text.len(), entry::MAX_BODY_BYTES - 1);
    assert!(request.is_body_cut());
    assert_eq!(request.body_bytes(), Some(body.len()));
    assert_eq!((request.status(), request.duration()), (None, None));
}

#[tokio::test]
async fn a_failure_hides_a_field_inside_of_a_secret() {
    for body in [
        "<Password><Value>hunter2</Value></Password>",
        r#"{"password":{"Value":"hunter2"}}"#,
        "<E><Name>pin</Name><Value>hunter2</Value></E>",
    ] {
        let journal = Journal::new(&Budget::new(9));
        record(&journal, &Method::POST, "/vmrest/y;pin=hunter2", body);
        let expected = RequestPattern::post("x").field("Value", "hunter");
        let failure = verify(&journal, &expected.into()).await.unwrap_err();
        assert_eq!(
            failure.to_string(),
            "expected POST /vmrest/x with the field Value being \"hunter\" at least once\n\
             found 0 among 1 request\n\
             the closest are\n  \
               #1 POST /vmrest/y;[redacted], not answered\n    \
                 path: found /vmrest/y;[redacted], expected /vmrest/x\n    \
                 field Value: it differs, and is not shown",
            "{body}"
        );
    }
}

#[test]
fn a_compressed_body_is_redacted() {
    let journal = Journal::new(&Budget::new(9));
    let mut headers = HeaderMap::new();
    headers.insert("content-encoding", "gzip".parse().unwrap());
    let entry = journal.record_request(&RecordedRequest {
        space: &"default".into(),
        time: Timestamp::UNIX_EPOCH,
        started: Instant::now(),
        method: &Method::POST,
        path: "/",
        query: None,
        headers: &headers,
        body: RecordedBody::Received(b"\x1f\x8b"),
    });
    let hidden = JournalEntry::new(&entry, Secrets::Hidden);
    assert_eq!(
        hidden.body_text(),
        Some("[redacted: a body of 2 bytes, because it is compressed]")
    );
    let shown = JournalEntry::new(&entry, Secrets::Shown);
    assert_eq!(shown.body(), Some(&b"\x1f\x8b"[..]));
}

#[tokio::test]
async fn a_sequence_is_verified_step_by_step() {
    let journal = Journal::new(&Budget::new(9));
    record(&journal, &Method::POST, "/vmrest/tenants", "");
    record(&journal, &Method::GET, "/vmrest/version", "");
    let version = RequestPattern::get("version");
    let tenants = RequestPattern::post("tenants");
    let in_order = Verification::in_order([tenants.clone(), version.clone()]);
    assert_eq!(verify(&journal, &in_order).await.ok(), Some(1));
    let nothing = Verification::in_order([]);
    assert!(verify(&journal, &nothing).await.is_ok());
    let reversed = Verification::in_order([version, tenants]);
    let failure = verify(&journal, &reversed).await.unwrap_err();
    assert_eq!(
        failure.to_string(),
        "expected POST /vmrest/tenants at least once, after GET /vmrest/version\n\
         found 0 among the 0 requests that came after\n\
         1 came too early"
    );
}

/// Returns a rejection with the message of an error as its body.
fn rejection_with(error: Error) -> RecordedResponse {
    let head = (StatusCode::BAD_REQUEST, &HeaderMap::new());
    let mut response = RecordedResponse::new(Some(head), None, Duration::ZERO);
    response.body = Some(RecordedResponseBody::of_rejection(
        &format!("/{}", error.message).into(),
    ));
    response.reason = Some(Box::new(Reason {
        kind: "invalid_data",
        message: error.message,
        without_quotations: error.reason,
        quotes_path: false,
        provenance: error.provenance,
        field: error.field,
    }));
    response
}

#[test]
fn the_reason_and_the_body_of_a_rejection_hide_what_may_be_a_secret() {
    let field = |value: &str| {
        let invalid = InvalidField {
            name: "Alias".into(),
            value: value.to_owned(),
            expected: "at most 3 characters".to_owned(),
            evidence: Evidence::new(Provenance::Inferred, "a test"),
        };
        Error::invalid_field(ErrorRule::MaxLength, invalid)
    };
    let errors = [
        field("a name"),
        field("pin=hunter2"),
        Error::invalid_query("query: at character 2", "\"hunter2\"", "a column"),
    ];
    let journal = Journal::new(&Budget::new(9));
    let mut rows = String::new();
    for error in errors {
        let entry = record(&journal, &Method::POST, "/", "");
        journal.record_response(&entry, rejection_with(error));
        for secrets in [Secrets::Hidden, Secrets::Shown] {
            let request = JournalEntry::new(&entry, secrets);
            let reason = request.reason().unwrap();
            let body = request.response_body_text().unwrap();
            rows += &format!("{secrets:?}: {reason}; {:?}; {body}\n", reason.value());
        }
    }
    expect![[r#"
        Hidden: Invalid parameter. Parameter = [Alias], Value = [a name]: expected at most 3 characters (inferred: a test); Some("a name"); /Invalid parameter. Parameter = [Alias], Value = [a name]: expected at most 3 characters
        Shown: Invalid parameter. Parameter = [Alias], Value = [a name]: expected at most 3 characters (inferred: a test); Some("a name"); /Invalid parameter. Parameter = [Alias], Value = [a name]: expected at most 3 characters
        Hidden: Invalid parameter. Parameter = [Alias]: expected at most 3 characters (inferred: a test); Some("[redacted]"); [redacted: a body of 93 bytes, because it quotes the request]
        Shown: Invalid parameter. Parameter = [Alias], Value = [pin=hunter2]: expected at most 3 characters (inferred: a test); Some("pin=hunter2"); /Invalid parameter. Parameter = [Alias], Value = [pin=hunter2]: expected at most 3 characters
        Hidden: query: at character 2: expected a column (documented); None; [redacted: a body of 58 bytes, because it quotes the request]
        Shown: query: at character 2: found "hunter2", expected a column (documented); None; /query: at character 2: found "hunter2", expected a column
    "#]].assert_eq(&rows);
}

#[test]
fn the_body_of_a_response_is_kept_in_part_and_while_the_budget_has_room() {
    let budget = ByteBudget::new(5_000);
    let body = Bytes::from(vec![b'b'; 9_000]);
    let first = RecordedResponseBody::within(&budget, &body).unwrap();
    assert_eq!((first.kept.len(), first.length), (4_096, 9_000));
    assert!(RecordedResponseBody::within(&budget, &body).is_none());
    let short = Bytes::from_static(b"short");
    let second = RecordedResponseBody::within(&budget, &short).unwrap();
    assert_eq!((&second.kept, second.length), (&short, 5));
    drop(first);
    assert!(RecordedResponseBody::within(&budget, &body).is_some());
}

#[test]
fn the_body_of_a_response_takes_nothing_from_the_budget_of_requests() {
    let budget = Budget::new(9);
    let journal = Journal::new(&budget);
    let entry = record(&journal, &Method::GET, "/", "");
    let used = budget.used();
    let mut response = RecordedResponse::new(None, None, Duration::ZERO);
    response.body = journal.response_body(&Bytes::from_static(b"a body"));
    assert!(response.body.is_some());
    journal.record_response(&entry, response);
    assert_eq!(budget.used(), used);
}
