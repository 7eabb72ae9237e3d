//! Cookies.

use cuc_mock::CucMock;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response, authorization};

const TENANTS: &str = "/vmrest/tenants";

#[track_caller]
fn get(mock: &CucMock, headers: &str) -> Response {
    Client::of(mock).request("GET", TENANTS, headers, b"")
}

fn cookies(response: &Response) -> Vec<String> {
    response.cookies().map(str::to_owned).collect()
}

/// Returns the name and value of each cookie.
fn pairs(response: &Response) -> Vec<&str> {
    response
        .cookies()
        .filter_map(|cookie| cookie.split(';').next())
        .collect()
}

#[test]
fn three_cookies_come_in_the_order_of_the_captured_traffic() {
    let mock = CucMock::builder().seed(1).start_blocking();
    let response = get(&mock, ADMIN_AUTHORIZATION);
    let cookies: Vec<_> = response.cookies().collect();
    let [sso, session, token] = cookies.as_slice() else {
        panic!("{cookies:?}")
    };
    let is_id =
        |id: &str| id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
    let sso = sso
        .strip_prefix("JSESSIONIDSSO=")
        .and_then(|c| c.strip_suffix("; Path=/; Secure; HttpOnly"));
    let session = session
        .strip_prefix("JSESSIONID=")
        .and_then(|c| c.strip_suffix("; Path=/vmrest/; Secure; HttpOnly"));
    let token = token
        .strip_prefix("REQUEST_TOKEN_KEY=")
        .and_then(|c| c.strip_suffix("; Path=/; Secure; HttpOnly"));
    assert!(
        sso.is_some_and(is_id) && session.is_some_and(is_id) && sso != session,
        "{cookies:?}"
    );
    assert!(
        token.is_some_and(|token| token.parse::<i64>().is_ok()),
        "{cookies:?}"
    );
}

#[test]
fn a_user_has_one_session_that_depends_on_the_seed() {
    let mock = CucMock::builder().seed(1).start_blocking();
    let first = cookies(&get(&mock, ADMIN_AUTHORIZATION));
    assert_eq!(cookies(&get(&mock, ADMIN_AUTHORIZATION)), first);
    let other = cookies(&get(&mock, "Authorization: Basic b3BlcmF0b3I6eA==\r\n"));
    assert_ne!(other, first);
    let again = CucMock::builder().seed(1).start_blocking();
    assert_eq!(cookies(&get(&again, ADMIN_AUTHORIZATION)), first);
}

#[test]
fn cookies_alone_sign_in_even_with_their_attributes() {
    let mock = CucMock::start_blocking();
    let first = get(&mock, ADMIN_AUTHORIZATION);
    let whole = cookies(&first).join(";");
    let bare = pairs(&first).join("; ");
    let session = pairs(&first)[1].to_owned();
    for sent in [&whole, &bare, &session] {
        let response = get(&mock, &format!("Cookie: {sent}\r\n"));
        assert_eq!(response.status, 200, "{sent}");
        assert_eq!(
            cookies(&response),
            cookies(&first),
            "the session stays the same"
        );
        assert_eq!(
            get(&mock, &format!("{ADMIN_AUTHORIZATION}Cookie: {sent}\r\n")).status,
            200,
            "{sent}"
        );
    }
}

#[test]
fn an_unknown_session_does_not_sign_in() {
    let mock = CucMock::start_blocking();
    let response = get(
        &mock,
        "Cookie: JSESSIONID=00000000000000000000000000000000; REQUEST_TOKEN_KEY=1\r\n",
    );
    assert_eq!(response.status, 401);
    assert_eq!(
        response.header("Content-Type"),
        Some("text/html;charset=utf-8")
    );
    let malformed = "Cookie: ;;=;JSESSIONID; Path=/vmrest/\r\n";
    assert_eq!(get(&mock, malformed).status, 401);
}

#[test]
fn a_wrong_password_is_rejected_even_with_a_valid_session() {
    let mock = CucMock::builder().user("admin", "secret").start_blocking();
    let first = get(&mock, ADMIN_AUTHORIZATION);
    let cookie = pairs(&first).join("; ");
    let headers = format!("Authorization: Basic YWRtaW46d3Jvbmc=\r\nCookie: {cookie}\r\n");
    assert_eq!(get(&mock, &headers).status, 401);
}

#[test]
fn two_long_user_names_that_begin_alike_have_two_sessions() {
    let mock = CucMock::builder().seed(1).start_blocking();
    let name = "x".repeat(40_000);
    let [one, other] = ["1", "2"].map(|end| authorization(&format!("{name}{end}")));
    let (first, second) = (get(&mock, &one), get(&mock, &other));
    assert_eq!((first.status, second.status), (200, 200));
    let (first, second) = (cookies(&first), cookies(&second));
    assert_ne!(first, second);
    assert_eq!(cookies(&get(&mock, &one)), first);
    let session = first[1].split(';').next().expect("a cookie");
    let again = get(&mock, &format!("Cookie: {session}\r\n"));
    assert_eq!((again.status, cookies(&again)), (200, first));
}
