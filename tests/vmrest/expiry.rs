//! Greetings and transfer options that are enabled until a time.

use cuc_mock::CucMock;

use crate::support::Client;

const ALTERNATE: &str = "Alternate";
/// A day after the start of the clock.
const TOMORROW: &str = "2026-02-01 12:00:00";

fn mock() -> CucMock {
    let builder = CucMock::builder().seed(1);
    builder
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

/// Creates a call handler and returns its path.
fn handler(client: Client) -> String {
    let templates = client.get("/vmrest/callhandlertemplates");
    let template = templates.element("ObjectId").expect("a template");
    client.create(
        &format!("/vmrest/handlers/callhandlers?templateObjectId={template}"),
        "<Callhandler><DisplayName>Night</DisplayName></Callhandler>",
    )
}

fn enable(client: Client, path: &str, element: &str, until: &str) {
    let body = format!("<{element}><TimeExpires>{until}</TimeExpires></{element}>");
    assert_eq!(client.put(path, body).status, 204, "{path}");
}

fn advance(client: Client, seconds: f64) {
    let body = format!(r#"{{"seconds":{seconds}}}"#);
    let advanced = client.control("POST", "/__mock/clock/advance", &body);
    assert_eq!(advanced.status, 204, "{advanced}");
}

fn state(client: Client) -> String {
    client.control("GET", "/__mock/state", "").body
}

/// Returns the value of `Enabled` of an object.
fn is_enabled(client: Client, path: &str) -> Option<String> {
    client.get(path).element("Enabled").map(str::to_owned)
}

#[test]
fn a_greeting_and_a_transfer_option_are_enabled_until_their_time() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    let greetings = format!("{handler}/greetings");
    let greeting = format!("{greetings}/{ALTERNATE}");
    let option = format!("{handler}/transferoptions/{ALTERNATE}");
    enable(client, &greeting, "Greeting", TOMORROW);
    enable(client, &option, "TransferOption", TOMORROW);
    let enabled = |path: &str| is_enabled(client, path).expect("a value");
    let enabled_ones = client.get(&format!("{greetings}?query=(Enabled%20is%20true)"));
    let before = enabled_ones.elements("GreetingType");
    assert!(before.contains(&ALTERNATE), "{enabled_ones}");
    advance(client, 86_399.0);
    assert_eq!([enabled(&greeting), enabled(&option)], ["true", "true"]);
    let unchanged = client.get(&format!("{greetings}?query=(Enabled%20is%20true)"));
    assert_eq!(unchanged.elements("GreetingType"), before);
    advance(client, 1.0);
    // The query is the first request after the time.
    let expired = client.get(&format!("{greetings}?query=(Enabled%20is%20true)"));
    let others = before.iter().copied().filter(|kind| *kind != ALTERNATE);
    assert_eq!(expired.elements("GreetingType"), others.collect::<Vec<_>>());
    assert_eq!([enabled(&greeting), enabled(&option)], ["false", "false"]);
    let list = client.get_json(&greetings);
    let document: serde_json::Value = serde_json::from_str(&list.body).expect("JSON");
    let listed = document["Greeting"].as_array().expect("several");
    let alternate = listed.iter().find(|row| row["GreetingType"] == ALTERNATE);
    let alternate = alternate.expect("a greeting");
    assert_eq!(alternate["Enabled"], "false");
    assert_eq!(alternate["TimeExpires"], TOMORROW);
}

#[test]
fn the_standard_greeting_and_option_never_end() {
    let mock = mock();
    let client = Client::of(&mock);
    let handler = handler(client);
    let paths = [
        (format!("{handler}/greetings/Standard"), "Greeting"),
        (format!("{handler}/greetings/Error"), "Greeting"),
        (
            format!("{handler}/transferoptions/Standard"),
            "TransferOption",
        ),
    ];
    for (path, element) in &paths {
        enable(client, path, element, TOMORROW);
    }
    advance(client, 90_000.0);
    for (path, _) in &paths {
        assert_eq!(is_enabled(client, path).as_deref(), Some("true"), "{path}");
    }
}

#[test]
fn the_state_and_a_snapshot_follow_the_time() {
    let mock = mock();
    let client = Client::of(&mock);
    let greeting = format!("{}/greetings/{ALTERNATE}", handler(client));
    enable(client, &greeting, "Greeting", TOMORROW);
    let snapshot = client.control("PUT", "/__mock/snapshots/before", "");
    assert!(snapshot.status < 300, "{snapshot}");
    let before = state(client);
    advance(client, 86_400.0);
    // The state is the first request after the time.
    let after = state(client);
    assert_eq!(
        count_enabled(&before),
        count_enabled(&after) + 1,
        "one greeting has expired"
    );
    let restored = client.control("POST", "/__mock/snapshots/before/restore", "");
    assert!(restored.status < 300, "{restored}");
    assert_eq!(state(client), after);
    // A state from before the time is loaded after it.
    let loaded = client.control("PUT", "/__mock/state", &before);
    assert_eq!(loaded.status, 204, "{loaded}");
    assert_eq!(is_enabled(client, &greeting).as_deref(), Some("false"));
}

fn count_enabled(state: &str) -> usize {
    state.matches("<Enabled>true</Enabled>").count()
}

#[test]
fn an_expired_greeting_is_enabled_again_without_an_end() {
    let mock = mock();
    let client = Client::of(&mock);
    let greeting = format!("{}/greetings/{ALTERNATE}", handler(client));
    enable(client, &greeting, "Greeting", TOMORROW);
    advance(client, 90_000.0);
    // The change is the first request after the time.
    let enable = "<Greeting><Enabled>true</Enabled></Greeting>";
    assert_eq!(client.put(&greeting, enable).status, 204);
    advance(client, 90_000.0);
    let after = client.get(&greeting);
    assert_eq!(after.element("Enabled"), Some("true"), "{after}");
    assert_eq!(after.element("TimeExpires"), None, "{after}");
}
