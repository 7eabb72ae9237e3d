//! Voice names and voice files: WAV in, the same bytes out.

use cuc_mock::CucMock;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response};

const CREATE: &str = "/vmrest/users?templateAlias=voicemailusertemplate";
const JANE: &str = "<User><Alias>Jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>";
/// The header of a WAV file, and one more zero byte than it announces.
const WAVE: &str =
    "RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\x08\0data\0\0\0\0\0";

fn mock() -> CucMock {
    CucMock::builder().seed(1).start_blocking()
}

fn put_audio(client: Client, path: &str, audio: &str) -> Response {
    let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: audio/wav\r\n");
    client.request("PUT", path, &headers, audio.as_bytes())
}

fn status_and_message(response: &Response) -> (u16, &str) {
    (
        response.status,
        response.element("message").unwrap_or_default(),
    )
}

#[test]
fn a_voice_name_is_shown_and_returned_as_it_was_sent() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let voice_name = format!("{user}/voicename");
    assert_eq!(client.get(&user).element("VoiceName"), None);
    assert_eq!(client.get(&voice_name).status, 404);
    assert_eq!(put_audio(client, &voice_name, WAVE).status, 204);
    let shown = client.get(&user);
    let name = shown.element("VoiceName").expect("a name").to_owned();
    assert_eq!(name.len(), 40);
    let file = format!("/vmrest/voicefiles/{name}");
    assert_eq!(shown.element("VoiceFileURI"), Some(&*file));
    assert_eq!(shown.element("VoiceNameURI"), Some(&*voice_name));
    let servlet = format!("/cuals/VoiceServlet?filename={name}");
    for path in [&voice_name, &file, &servlet] {
        let audio = client.get(path);
        assert_eq!(audio.status, 200, "{path}");
        assert_eq!(audio.header("Content-Type"), Some("audio/wav"));
        assert_eq!(audio.body, WAVE);
    }
}

#[test]
fn a_file_is_deleted_with_the_last_object_that_refers_to_it() {
    let mock = mock();
    let client = Client::of(&mock);
    let before = mock.records("voicefiles").len();
    let user = client.create(CREATE, JANE);
    let voice_name = format!("{user}/voicename");
    for audio in [WAVE, &format!("{WAVE}second")] {
        assert_eq!(put_audio(client, &voice_name, audio).status, 204);
        assert_eq!(mock.records("voicefiles").len(), before + 1);
        assert_eq!(client.get(&voice_name).body, audio);
    }
    assert_eq!(client.delete(&user).status, 204);
    assert_eq!(mock.records("voicefiles").len(), before);
}

#[test]
fn a_file_can_be_uploaded_before_an_object_refers_to_it() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let created = client.request("POST", "/vmrest/voicefiles", ADMIN_AUTHORIZATION, b"");
    assert_eq!(created.status, 201);
    assert_eq!(
        created.header("Content-Type"),
        Some("text/plain;charset=UTF-8")
    );
    let name = created.body;
    assert!(name.ends_with(".wav") && !name.contains('/'), "{name}");
    let file = format!("/vmrest/voicefiles/{name}");
    assert_eq!(client.get(&file).status, 404);
    assert_eq!(put_audio(client, &file, WAVE).status, 204);
    let set = format!("<User><VoiceName>{name}</VoiceName></User>");
    assert_eq!(client.put(&user, set).status, 204);
    assert_eq!(client.get(&format!("{user}/voicename")).body, WAVE);
    let unknown = client.put(&user, "<User><VoiceName>other.wav</VoiceName></User>");
    assert_eq!(
        status_and_message(&unknown),
        (
            400,
            "Invalid parameter. Parameter = [VoiceName], Value = [other.wav]: expected the Name of a VoiceFile"
        )
    );
}

#[test]
fn anything_but_wav_is_refused_and_changes_nothing() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let voice_name = format!("{user}/voicename");
    assert_eq!(put_audio(client, &voice_name, WAVE).status, 204);
    let before = mock.state();
    let no_wave = "The body is no WAV file: expected RIFF, four bytes with the size, and WAVE";
    for body in ["", "RIFF", "ID3 an MP3 file", "RIFF\x24\0\0\0AVI LIST"] {
        let refused = put_audio(client, &voice_name, body);
        assert_eq!(status_and_message(&refused), (400, no_wave), "{body:?}");
    }
    let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: application/octet-stream\r\n");
    let other = client.request("PUT", &voice_name, &headers, WAVE.as_bytes());
    assert_eq!(other.status, 415);
    let large = format!("{WAVE}{}", "x".repeat(16 * 1024 * 1024));
    let refused = put_audio(client, &voice_name, &large);
    assert_eq!(
        status_and_message(&refused),
        (413, "The request body is larger than 16777216 bytes")
    );
    assert_eq!(
        put_audio(client, "/vmrest/users/aaa/voicename", WAVE).status,
        400
    );
    assert_eq!(client.get("/cuals/VoiceServlet?filename=aaa").status, 404);
    assert_eq!(client.get("/cuals/VoiceServlet").status, 400);
    assert_eq!(mock.state(), before);
}

#[test]
fn audio_may_have_sixteen_mebibytes() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let voice_name = format!("{user}/voicename");
    let audio = format!("{WAVE}{}", "x".repeat(16 * 1024 * 1024 - WAVE.len()));
    assert_eq!(put_audio(client, &voice_name, &audio).status, 204);
    assert!(client.get(&voice_name).body == audio);
}

#[test]
fn a_recording_of_a_call_can_become_a_voice_name() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let voice_name = format!("{user}/voicename");
    let call = client.send_json(
        "POST",
        "/vmrest/calls",
        r#"{"number":"1002","maximumRings":"6"}"#,
    );
    assert_eq!(call.status, 201);
    let recorded = client.send_json("POST", &call.body, r#"{"op":"RECORD"}"#);
    let recorded: serde_json::Value = serde_json::from_str(&recorded.body).expect("JSON");
    assert_eq!(recorded["lastResult"], "0");
    let name = recorded["resourceId"].as_str().expect("a name");
    let control = |id: &str| {
        format!(r#"{{"op":"RECORD","ResourceType":"STREAM","resourceId":"{id}","lastResult":"0"}}"#)
    };
    let unknown = client.send_json("PUT", &voice_name, &control("blah"));
    assert_eq!((unknown.status, client.get(&voice_name).status), (400, 404));
    assert_eq!(
        client.send_json("PUT", &voice_name, &control(name)).status,
        204
    );
    assert_eq!(client.get(&user).element("VoiceName"), Some(name));
    assert_eq!(client.get_status(&voice_name), Some(200));
}

#[test]
fn sound_is_in_snapshots_and_in_the_state() {
    let mock = mock();
    let client = Client::of(&mock);
    let user = client.create(CREATE, JANE);
    let voice_name = format!("{user}/voicename");
    assert_eq!(put_audio(client, &voice_name, WAVE).status, 204);
    mock.snapshot("recorded");
    let state = mock.state();
    assert_eq!(client.delete(&user).status, 204);
    mock.restore("recorded");
    assert_eq!(client.get(&voice_name).body, WAVE);
    let other = CucMock::start_blocking();
    other.set_state(&state);
    assert_eq!(Client::of(&other).get(&voice_name).body, WAVE);
    assert_eq!(other.state(), state);
}
