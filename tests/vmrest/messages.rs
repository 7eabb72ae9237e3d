//! `/vmrest/messages`, `/vmrest/mailbox` and `/vmrest/calls`

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response};

const CREATE: &str = "/vmrest/users?templateAlias=voicemailusertemplate";
const WAVE: &str =
    "RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\x08\0data\0\0\0\0";

fn mock() -> CucMock {
    CucMock::builder()
        .seed(1)
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking()
}

/// Creates a user; returns its id and its address.
fn user(client: Client, alias: &str, extension: &str) -> (String, String) {
    let body =
        format!("<User><Alias>{alias}</Alias><DtmfAccessId>{extension}</DtmfAccessId></User>");
    let path = client.create(CREATE, body);
    let shown = client.get(&path);
    let address = shown.element("SmtpAddress").expect("an address").to_owned();
    let id = path.rsplit('/').next().expect("an id").to_owned();
    (id, address)
}

/// Sends a message with parts as a client does: a blank line first, and no header but the type of each part.
fn send(
    client: Client,
    query: &str,
    message: &str,
    address: &str,
    sound: (&str, &str),
) -> Response {
    let recipients =
        format!(r#"{{"Recipient":[{{"Type":"TO","Address":{{"SmtpAddress":"{address}"}}}}]}}"#);
    let mut body = "\r\n".to_owned();
    for (kind, content) in [
        ("application/json", message),
        ("application/json", &recipients),
        sound,
    ] {
        body += &format!("--Boundary_aB1\r\nContent-Type: {kind}\r\n\r\n{content}\r\n");
    }
    body += "--Boundary_aB1--\r\n";
    let headers = format!(
        "{ADMIN_AUTHORIZATION}Content-Type: multipart/form-data;boundary=Boundary_aB1\r\nAccept: application/json\r\n"
    );
    client.request(
        "POST",
        &format!("/vmrest/messages?{query}"),
        &headers,
        body.as_bytes(),
    )
}

const MESSAGE: &str = r#"{"Subject":"Hello & goodbye","ArrivalTime":"0","FromSub":"false","Priority":"Urgent",
    "Secure":"true","Sensitivity":"Private","CallerId":{"CallerNumber":"1234","CallerName":""}}"#;

fn inbox(client: Client, id: &str) -> Response {
    client.get(&format!(
        "/vmrest/mailbox/folders/inbox/messages?userobjectid={id}"
    ))
}

#[test]
fn a_message_is_in_the_folders_of_the_sender_and_the_recipient() {
    let mock = mock();
    let client = Client::of(&mock);
    let (jane, _) = user(client, "jane", "1001");
    let (john, address) = user(client, "john", "1002");
    let query = format!("userobjectid={jane}");
    let sent = send(client, &query, MESSAGE, &address, ("audio/wav", WAVE));
    assert_eq!(sent.status, 201, "{sent}");
    let sent = sent.body;
    assert!(sent.starts_with("/vmrest/messages/0:"), "{sent}");
    let counts = |id: &str| {
        ["inbox", "sent", "deleted"].map(|folder| {
            let folder = format!("/vmrest/mailbox/folders/{folder}?userobjectid={id}");
            let folder = client.get(&folder);
            folder.element("MessageCount").expect("a count").to_owned()
        })
    };
    assert_eq!(counts(&jane), ["0", "1", "0"]);
    assert_eq!(counts(&john), ["1", "0", "0"]);
    let list = inbox(client, &john);
    let id = list.element("MsgId").expect("an id").to_owned();
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Messages total="1">
        <Message>
        <Subject>Hello &amp; goodbye</Subject>
        <Read>false</Read>
        <Dispatch>false</Dispatch>
        <Secure>true</Secure>
        <Priority>Urgent</Priority>
        <Sensitivity>Private</Sensitivity>
        <URI>/vmrest/messages/0:50e69431-4f00-47ae-b483-4a93fe8b48e3</URI>
        <MsgId>0:50e69431-4f00-47ae-b483-4a93fe8b48e3</MsgId>
        <From>
        <DisplayName>jane</DisplayName>
        <SmtpAddress>jane@localhost</SmtpAddress>
        <DtmfAccessId>1001</DtmfAccessId>
        </From>
        <CallerId>
        <CallerNumber>1234</CallerNumber>
        </CallerId>
        <ArrivalTime>1769860800000</ArrivalTime>
        <Size>44</Size>
        <Duration>0</Duration>
        <FromSub>true</FromSub>
        <MsgType>Voice</MsgType>
        <IMAPUid>1</IMAPUid>
        <Flagged>false</Flagged>
        <ModificationTime>1769860800000</ModificationTime>
        <IsDraft>false</IsDraft>
        <IsDeleted>false</IsDeleted>
        <IsSent>false</IsSent>
        <IsFuture>false</IsFuture>
        </Message>
        </Messages>
    "#]]
    .assert_eq(&list.to_string());
    let path = format!("/vmrest/messages/{id}/?userobjectid={john}");
    expect![[r#"
        200 OK
        Content-Type: application/xml;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Message>
        <Subject>Hello &amp; goodbye</Subject>
        <Read>false</Read>
        <Dispatch>false</Dispatch>
        <Secure>true</Secure>
        <Priority>Urgent</Priority>
        <Sensitivity>Private</Sensitivity>
        <URI>/vmrest/messages/0:50e69431-4f00-47ae-b483-4a93fe8b48e3</URI>
        <MsgId>0:50e69431-4f00-47ae-b483-4a93fe8b48e3</MsgId>
        <From>
        <DisplayName>jane</DisplayName>
        <SmtpAddress>jane@localhost</SmtpAddress>
        <DtmfAccessId>1001</DtmfAccessId>
        </From>
        <CallerId>
        <CallerNumber>1234</CallerNumber>
        </CallerId>
        <ArrivalTime>1769860800000</ArrivalTime>
        <Size>44</Size>
        <Duration>0</Duration>
        <FromSub>true</FromSub>
        <MsgType>Voice</MsgType>
        <IMAPUid>1</IMAPUid>
        <Flagged>false</Flagged>
        <ModificationTime>1769860800000</ModificationTime>
        <IsDraft>false</IsDraft>
        <IsDeleted>false</IsDeleted>
        <IsSent>false</IsSent>
        <IsFuture>false</IsFuture>
        <Recipients>
        <Recipient>
        <Type>TO</Type>
        <Address>
        <DisplayName>john</DisplayName>
        <SmtpAddress>john@localhost</SmtpAddress>
        <DtmfAccessId>1002</DtmfAccessId>
        </Address>
        </Recipient>
        </Recipients>
        <Attachments>
        <Attachment>
        <URI>/vmrest/messages/0:50e69431-4f00-47ae-b483-4a93fe8b48e3/attachments/0</URI>
        <contentType>audio/wav</contentType>
        <contentTransferEncoding>base64</contentTransferEncoding>
        <contentDisposition>voice.wav</contentDisposition>
        </Attachment>
        </Attachments>
        </Message>
    "#]]
    .assert_eq(&client.get(&path).to_string());
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"Subject":"Hello & goodbye","Read":"false","Dispatch":"false","Secure":"true","Priority":"Urgent","Sensitivity":"Private","URI":"/vmrest/messages/0:50e69431-4f00-47ae-b483-4a93fe8b48e3","MsgId":"0:50e69431-4f00-47ae-b483-4a93fe8b48e3","From":{"DisplayName":"jane","SmtpAddress":"jane@localhost","DtmfAccessId":"1001"},"CallerId":{"CallerNumber":"1234"},"ArrivalTime":"1769860800000","Size":"44","Duration":"0","FromSub":"true","MsgType":"Voice","IMAPUid":"1","Flagged":"false","ModificationTime":"1769860800000","IsDraft":"false","IsDeleted":"false","IsSent":"false","IsFuture":"false","Recipients":{"Recipient":{"Type":"TO","Address":{"DisplayName":"john","SmtpAddress":"john@localhost","DtmfAccessId":"1002"}}},"Attachments":{"Attachment":{"URI":"/vmrest/messages/0:50e69431-4f00-47ae-b483-4a93fe8b48e3/attachments/0","contentType":"audio/wav","contentTransferEncoding":"base64","contentDisposition":"voice.wav"}}}
    "#]].assert_eq(&client.get_json(&path).to_string());
    let sound = client.get(&format!(
        "/vmrest/messages/{id}/attachments/0?userobjectid={john}"
    ));
    assert_eq!((sound.status, &*sound.body), (200, WAVE));
    assert_eq!(sound.header("Content-Type"), Some("audio/wav"));
    let mailbox = format!("/vmrest/mailbox?userobjectid={john}");
    expect![[r#"
        200 OK
        Content-Type: application/json;charset=UTF-8
        X-Cuc-Mock-Provenance: client

        {"DisplayName":"john","CurrentSizeInBytes":"44","IsPrimary":"true","IsStoreOverFlowed":"false","IsStoreMounted":"true","IsMailboxMounted":"true","IsWarningQuotaExceeded":"false","IsReceiveQuotaExceeded":"false","IsSendQuotaExceeded":"false","ReceiveQuota":"-1","WarningQuota":"-1","SendQuota":"-1","IsDeletedFolderEnabled":"true"}
    "#]].assert_eq(&client.get_json(&mailbox).to_string());
}

#[test]
fn a_message_is_read_deleted_restored_and_recalled() {
    let mock = mock();
    let client = Client::of(&mock);
    let (jane, _) = user(client, "jane", "1001");
    let (john, address) = user(client, "john", "1002");
    let query = format!("userobjectid={jane}");
    let message = r#"{"Subject":"Hello"}"#;
    let first = send(client, &query, message, &address, ("audio/wav", WAVE)).body;
    let of = |id: &str, user: &str| format!("/vmrest/messages/{id}?userobjectid={user}");
    let id = |list: &Response| list.element("MsgId").map(str::to_owned);
    let copy = id(&inbox(client, &john)).expect("an id");
    let read = "<Message><Subject>New</Subject><Read>1</Read></Message>";
    assert_eq!(client.put(&of(&copy, &john), read).status, 204);
    let shown = client.get(&of(&copy, &john));
    assert_eq!(
        (shown.element("Subject"), shown.element("Read")),
        (Some("New"), Some("true"))
    );
    // A message that was read cannot be recalled.
    let recall = format!("{first}/recall?userobjectid={jane}");
    assert_eq!(client.post(&recall, "").status, 204);
    assert_eq!(id(&inbox(client, &john)), Some(copy.clone()));
    assert_eq!(client.delete(&of(&copy, &john)).status, 204);
    assert_eq!(id(&inbox(client, &john)), None);
    let undelete = format!("{}&method=undelete", of(&copy, &john));
    assert_eq!(client.post(&undelete, "").status, 204);
    assert_eq!(id(&inbox(client, &john)), Some(copy.clone()));
    assert_eq!(client.post(&undelete, "").status, 400);
    let hard = format!("{}&harddelete=true", of(&copy, &john));
    assert_eq!(client.delete(&hard).status, 204);
    assert_eq!(client.get(&of(&copy, &john)).status, 404);
    let second = send(client, &query, message, &address, ("audio/wav", WAVE)).body;
    let recall = format!("{second}/recall?userobjectid={jane}");
    assert_eq!(client.post(&recall, "").status, 204);
    assert_eq!(id(&inbox(client, &john)), None);
    let third = id(&client.get(&format!(
        "/vmrest/mailbox/folders/sent/messages?userobjectid={jane}"
    )));
    assert_eq!(
        client.delete(&of(&third.expect("an id"), &jane)).status,
        204
    );
    let empty =
        format!("/vmrest/mailbox/folders/deleted/messages?method=empty&userobjectid={jane}");
    for _ in 0..2 {
        assert_eq!(client.post(&empty, "").status, 204);
        let deleted = client.get(&format!(
            "/vmrest/mailbox/folders/deleted?userobjectid={jane}"
        ));
        assert_eq!(deleted.element("MessageCount"), Some("0"));
    }
}

#[test]
fn a_list_of_messages_is_filtered_sorted_and_paged() {
    let mock = mock();
    let client = Client::of(&mock);
    let (jane, address) = user(client, "jane", "1001");
    let query = format!("userobjectid={jane}");
    for (subject, priority) in [("one", "Urgent"), ("two", "Normal"), ("three", "Low")] {
        let message = format!(r#"{{"Subject":"{subject}","Priority":"{priority}"}}"#);
        assert_eq!(
            send(client, &query, &message, &address, ("audio/wav", WAVE)).status,
            201
        );
        mock.advance_clock(std::time::Duration::from_secs(60));
    }
    let subjects = |parameters: &str| {
        let list = format!("/vmrest/mailbox/folders/inbox/messages?{query}&{parameters}");
        let list = client.get(&list);
        assert_eq!(list.status, 200, "{list}");
        list.elements("Subject").join(" ")
    };
    assert_eq!(subjects(""), "three two one");
    assert_eq!(
        subjects("sortkey=arrivaltime&sortorder=ascending"),
        "one two three"
    );
    assert_eq!(
        subjects("sortkey=priority&sortorder=descending"),
        "one two three"
    );
    assert_eq!(subjects("pageNumber=2&rowsPerPage=2"), "one");
    assert_eq!(subjects("priority=urgent"), "one");
    assert_eq!(subjects("read=true"), "");
    assert_eq!(subjects("type=voice&dispatch=false"), "three two one");
    for bogus in ["sortkey=bogus", "sortorder=up", "read=maybe", "type=song"] {
        let bogus = format!("/vmrest/mailbox/folders/inbox/messages?{query}&{bogus}");
        assert_eq!(client.get(&bogus).status, 400, "{bogus}");
    }
}

#[test]
fn a_message_is_forwarded_with_its_sound() {
    let mock = mock();
    let client = Client::of(&mock);
    let (jane, address) = user(client, "jane", "1001");
    let query = format!("userobjectid={jane}");
    send(client, &query, MESSAGE, &address, ("audio/wav", WAVE));
    let id = inbox(client, &jane)
        .element("MsgId")
        .expect("an id")
        .to_owned();
    let forward = format!("messageid={id}&{query}");
    assert_eq!(
        send(client, &forward, MESSAGE, &address, ("audio/wav", WAVE)).status,
        201
    );
    let newest = inbox(client, &jane)
        .element("MsgId")
        .expect("an id")
        .to_owned();
    for number in [0, 1] {
        let sound = format!("/vmrest/messages/{newest}/attachments/{number}?{query}");
        assert_eq!(client.get(&sound).body, WAVE);
    }
    let none = format!("/vmrest/messages/{newest}/attachments/2?{query}");
    assert_eq!(client.get(&none).status, 404);
}

#[test]
fn unknown_users_messages_and_recordings_are_refused() {
    let mock = mock();
    let client = Client::of(&mock);
    let (jane, address) = user(client, "jane", "1001");
    let query = format!("userobjectid={jane}");
    let before = mock.state();
    for path in [
        "/vmrest/mailbox?userobjectid=bogus",
        "/vmrest/mailbox",
        "/vmrest/mailbox/folders/inbox?userobjectid=bogus",
        "/vmrest/mailbox/folders/inbox/messages?userobjectid=bogus",
        "/vmrest/messages/bogus/?userobjectid=bogus",
        "/vmrest/messages/bogus/attachments/1?userobjectid=bogus",
    ] {
        assert_eq!(client.get(path).status, 400, "{path}");
    }
    let at = |path: &str| format!("/vmrest/{path}userobjectid={jane}");
    assert_eq!(client.get(&at("messages/bogus?")).status, 404);
    assert_eq!(client.get(&at("mailbox/folders/bogus?")).status, 400);
    assert_eq!(
        client
            .put(&at("messages/bogus?"), "<Message><Read>1</Read></Message>")
            .status,
        404
    );
    assert_eq!(client.post(&at("messages/bogus/recall?"), "").status, 404);
    assert_eq!(
        client
            .post(&at("messages/bogus?method=undelete&"), "")
            .status,
        404
    );
    let control = "<CallControl><op>PLAY</op><resourceType>STREAM</resourceType><resourceId>bogus</resourceId></CallControl>";
    let refused = send(
        client,
        &query,
        MESSAGE,
        &address,
        ("application/xml", control),
    );
    assert_eq!(refused.status, 400, "{refused}");
    for (query, address, sound) in [
        (&*query, "", ("audio/wav", WAVE)),
        (&query, &address, ("audio/wav", "no sound")),
        ("userobjectid=bogus", &address, ("audio/wav", WAVE)),
        (
            &format!("messageid=bogus&{query}"),
            &address,
            ("audio/wav", WAVE),
        ),
    ] {
        let refused = send(client, query, MESSAGE, address, sound);
        assert!((400..405).contains(&refused.status), "{refused}");
    }
    assert_eq!(client.post(&at("messages?"), "<Message/>").status, 400);
    assert_eq!(mock.state(), before);
}

#[test]
fn the_mailbox_of_the_signed_in_user_needs_no_id() {
    let mock = mock();
    let client = Client::of(&mock);
    let (_, address) = user(client, "jane", "1001");
    let jane = crate::support::authorization("jane");
    let mailbox = client.request("GET", "/vmrest/mailbox", &jane, b"");
    assert_eq!(mailbox.element("DisplayName"), Some("jane"));
    assert!(address.starts_with("jane@"), "{address}");
}

#[test]
fn messages_are_deleted_with_their_user_and_kept_in_the_state() {
    let mock = mock();
    let client = Client::of(&mock);
    let (jane, address) = user(client, "jane", "1001");
    let query = format!("userobjectid={jane}");
    send(client, &query, MESSAGE, &address, ("audio/wav", WAVE));
    let state = mock.state();
    let other = CucMock::start_blocking();
    other.set_state(&state);
    assert_eq!(other.state(), state);
    assert_eq!(client.delete(&format!("/vmrest/users/{jane}")).status, 204);
    for path in [
        "messages",
        "messages/{MsgId}/recipients",
        "messages/{MsgId}/attachments",
    ] {
        assert_eq!(mock.records(path).len(), 0, "{path}");
        assert_ne!(other.records(path).len(), 0, "{path}");
    }
    let files = |mock: &CucMock| mock.records("voicefiles").len();
    assert_eq!(files(&mock) + 1, files(&other), "the copies share a file");
}

#[test]
fn a_call_is_dialled_operated_and_hung_up() {
    let mock = mock();
    let client = Client::of(&mock);
    let dial = |number: &str, rings: &str| {
        let call =
            format!(r#"{{"number":"{number}","maximumRings":"{rings}","callType":"Audio"}}"#);
        client.send_json("POST", "/vmrest/calls", &call)
    };
    let call = dial("1002", "6");
    assert_eq!((call.status, &*call.body), (201, "/vmrest/calls/1"));
    assert_eq!(
        client.get_json("/vmrest/calls/1").body,
        r#"{"number":"1002","maximumRings":"6","callType":"Audio","connected":"true"}"#
    );
    let operate = |control: &str| client.send_json("POST", "/vmrest/calls/1", control);
    for kind in ["MESSAGE", "STREAM"] {
        let play = format!(
            r#"{{"op":"PLAY","resourceType":"{kind}","resourceId":"bogus","speed":"100"}}"#
        );
        let played = operate(&play);
        assert_eq!(played.status, 200);
        assert!(played.body.contains(r#""lastResult":"1""#), "{played}");
    }
    let recorded = operate(r#"{"op":"RECORD"}"#).body;
    let recorded: serde_json::Value = serde_json::from_str(&recorded).expect("JSON");
    let id = recorded["resourceId"].as_str().expect("a name");
    let played = operate(&format!(
        r#"{{"op":"PLAY","resourceType":"STREAM","resourceId":"{id}"}}"#
    ));
    assert!(played.body.contains(r#""lastResult":"0""#), "{played}");
    assert_eq!(operate(r#"{"op":"SING"}"#).status, 400);
    assert_eq!(client.delete("/vmrest/calls/1").status, 204);
    assert_eq!(client.get("/vmrest/calls/1").status, 404);
    assert_eq!(dial("abcd", "4").status, 400);
    let unanswered = dial("1002", "0").body;
    assert_eq!(client.get(&unanswered).element("connected"), Some("false"));
    assert_eq!(
        client
            .send_json("POST", &unanswered, r#"{"op":"RECORD"}"#)
            .status,
        400
    );
}

/// Sends the message and the recipients in JSON, without sound.
fn send_parts(client: Client, query: &str, message: &str, recipients: &str, end: &str) -> Response {
    let part = |content: &str| {
        format!("--Boundary_aB1\r\nContent-Type: application/json\r\n\r\n{content}\r\n")
    };
    let body = format!("{}{}{end}", part(message), part(recipients));
    let headers =
        format!("{ADMIN_AUTHORIZATION}Content-Type: multipart/form-data;boundary=Boundary_aB1\r\n");
    let path = format!("/vmrest/messages?{query}");
    client.request("POST", &path, &headers, body.as_bytes())
}

#[test]
fn each_recipient_has_a_type_and_one_address() {
    let mock = mock();
    let client = Client::of(&mock);
    let (jane, address) = user(client, "jane", "1001");
    user(client, "john", "1002");
    let query = format!("userobjectid={jane}");
    let message = r#"{"Subject":"Hello","From":{"SmtpAddress":"other@example.com"}}"#;
    let recipients = format!(
        r#"{{"Recipient":[{{"Type":"TO","Address":{{"DtmfAccessId":"1002"}}}},{{"Type":"CC","Address":{{"SmtpAddress":"{address}","DtmfAccessId":"1001"}}}},{{"Type":"BCC","Address":{{"SmtpAddress":"someone@example.com"}}}}]}}"#
    );
    let end = "--Boundary_aB1--\r\n";
    let sent = send_parts(client, &query, message, &recipients, end);
    assert_eq!(sent.status, 201, "{sent}");
    let shown = client.get(&format!("{}?{query}", sent.body));
    assert_eq!(shown.elements("Type"), ["TO", "CC", "BCC"]);
    assert_eq!(
        shown.elements("SmtpAddress"),
        [&*address, "john@localhost", &address, "someone@example.com"]
    );
    assert_eq!(mock.records("messages").len(), 3);
    let broken = send_parts(client, &query, message, &recipients, "");
    assert_eq!(broken.status, 400, "{broken}");
    assert_eq!(mock.records("messages").len(), 3);
}

#[test]
fn values_of_another_kind_are_refused() {
    let mock = mock();
    let client = Client::of(&mock);
    let (jane, address) = user(client, "jane", "1001");
    let query = format!("userobjectid={jane}");
    let sent = send(client, &query, MESSAGE, &address, ("audio/wav", WAVE)).body;
    let before = mock.state();
    let path = format!("{sent}?{query}");
    assert_eq!(
        client
            .put(&path, "<Message><Read>banana</Read></Message>")
            .status,
        400
    );
    let text = format!("{ADMIN_AUTHORIZATION}Content-Type: text/plain\r\n");
    for (method, path, body) in [
        ("PUT", &*path, "x"),
        ("PUT", &path, ""),
        ("POST", "/vmrest/calls", "x"),
    ] {
        assert_eq!(
            client.request(method, path, &text, body.as_bytes()).status,
            400,
            "{path}"
        );
    }
    let message = r#"{"Secure":"banana"}"#;
    let refused = send(client, &query, message, &address, ("audio/wav", WAVE));
    assert_eq!(refused.status, 400, "{refused}");
    let call = r#"{"number":"1","maximumRings":"abc"}"#;
    assert_eq!(client.send_json("POST", "/vmrest/calls", call).status, 400);
    let coded =
        format!("{ADMIN_AUTHORIZATION}Content-Type: audio/wav\r\nContent-Encoding: gzip\r\n");
    let voice_name = format!("/vmrest/users/{jane}/voicename");
    assert_eq!(
        client
            .request("PUT", &voice_name, &coded, WAVE.as_bytes())
            .status,
        415
    );
    assert_eq!(mock.state(), before);
}

#[test]
fn a_server_with_the_same_seed_goes_on_after_its_state_is_loaded() {
    let first = mock();
    let client = Client::of(&first);
    let (jane, address) = user(client, "jane", "1001");
    let query = format!("userobjectid={jane}");
    let voice_name = format!("/vmrest/users/{jane}/voicename");
    let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: audio/wav\r\n");
    let again = |client: Client| {
        let sent = send(client, &query, MESSAGE, &address, ("audio/wav", WAVE));
        assert_eq!(sent.status, 201, "{sent}");
        let created = client.request("POST", "/vmrest/voicefiles", ADMIN_AUTHORIZATION, b"");
        assert_eq!(created.status, 201, "{created}");
        let put = client.request("PUT", &voice_name, &headers, WAVE.as_bytes());
        assert_eq!(put.status, 204, "{put}");
    };
    again(client);
    let second = mock();
    second.set_state(&first.state());
    for _ in 0..20 {
        again(Client::of(&second));
    }
}
