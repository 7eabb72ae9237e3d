//! Bodies in other character encodings than UTF-8.

use cuc_mock::{CucMock, JournalEntry};
use expect_test::expect;

use crate::support::{ADMIN_AUTHORIZATION, Client, Response, exchange};

const TENANTS: &str = "/vmrest/tenants";
const SERVICES: &str = "/vmrest/externalservices";

/// The labels of encodings, and the bytes of `é` in each. ASCII has none.
const LABELS: [(&str, &[u8]); 14] = [
    ("us-ascii", b"e"),
    ("ascii", b"e"),
    ("utf8", b"\xc3\xa9"),
    ("UTF-8", b"\xc3\xa9"),
    ("iso-8859-1", b"\xe9"),
    ("ISO-8859-1", b"\xe9"),
    ("latin1", b"\xe9"),
    ("windows-1252", b"\xe9"),
    ("cp1252", b"\xe9"),
    ("Windows-1250", b"\xe9"),
    ("iso-8859-15", b"\xe9"),
    ("koi8-r", b"e"),
    ("GB18030", b"\xa8\xa6"),
    ("Shift_JIS", b"e"),
];

/// Sends a body with this `Content-Type`.
#[track_caller]
fn post(client: Client, path: &str, content_type: &str, body: &[u8]) -> Response {
    let headers = format!("{ADMIN_AUTHORIZATION}Content-Type: {content_type}\r\n");
    client.request("POST", path, &headers, body)
}

/// Returns the description of a tenant that is created with this body.
#[track_caller]
fn description(client: Client, content_type: &str, body: &[u8]) -> String {
    let created = post(client, TENANTS, content_type, body);
    assert_eq!(created.status, 201, "{content_type}: {created}");
    let tenant = client.get(&created.body);
    client.delete(&created.body);
    let description = tenant.element("Description").expect("a description");
    description.to_owned()
}

/// Returns the reason why a body is rejected.
#[track_caller]
fn rejection(client: Client, content_type: &str, body: &[u8]) -> String {
    let response = post(client, TENANTS, content_type, body);
    assert_eq!(response.status, 400, "{response}");
    assert_eq!(response.element("code"), Some("DATA_EXCEPTION"));
    let message = response.element("message").expect("a message");
    let message = message.strip_prefix("The request body cannot be read: ");
    message.expect("the place is named").to_owned()
}

/// Returns a tenant whose description is `text`, after a declaration of XML.
fn tenant(declaration: &str, text: &[u8]) -> Vec<u8> {
    let start = format!("{declaration}<Tenant><Alias>a</Alias><SmtpDomain>a.org</SmtpDomain>");
    [
        start.as_bytes(),
        b"<Description>Caf",
        text,
        b"</Description></Tenant>",
    ]
    .concat()
}

fn declaration(encoding: &str) -> String {
    format!("<?xml version='1.0' encoding='{encoding}'?>\n")
}

fn utf_16_le(text: &[u8]) -> Vec<u8> {
    let text = str::from_utf8(text).expect("UTF-8");
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf_16_be(text: &[u8]) -> Vec<u8> {
    let text = str::from_utf8(text).expect("UTF-8");
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

#[test]
fn a_body_is_decoded_from_the_encoding_that_its_header_or_its_declaration_names() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for (label, text) in LABELS {
        let expected = if text == b"e" { "Cafe" } else { "Café" };
        let declared = tenant(&declaration(label), text);
        let found = description(client, "application/xml", &declared);
        assert_eq!(found, expected, "declared as {label}");
        let content_type = format!("text/xml; charset=\"{label}\"");
        let found = description(client, &content_type, &tenant("", text));
        assert_eq!(found, expected, "sent as {label}");
        let json = [
            br#"{"Alias":"a","SmtpDomain":"a.org","Description":"Caf"#,
            text,
            br#""}"#,
        ]
        .concat();
        let found = description(client, &format!("application/json;charset={label}"), &json);
        assert_eq!(found, expected, "JSON sent as {label}");
    }
}

#[test]
fn iso_8859_1_is_not_windows_1252() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let euro = tenant("", b"\x80");
    let sent = |charset: &str| {
        let content_type = format!("application/xml; charset={charset}");
        description(client, &content_type, &euro)
    };
    assert_eq!(sent("windows-1252"), "Caf€");
    assert_eq!(sent("iso-8859-1"), "Caf\u{80}");
}

#[test]
fn utf_16_is_decoded_in_either_byte_order() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let utf_16 = "application/xml; charset=utf-16";
    for (encode, label) in [
        (utf_16_le as fn(&[u8]) -> Vec<u8>, "utf-16le"),
        (utf_16_be, "utf-16be"),
    ] {
        for declaration in [
            String::new(),
            declaration("utf-8"),
            declaration("UTF-16"),
            declaration("unknown"),
        ] {
            let text = tenant(&declaration, "é😀".as_bytes());
            let (bare, marked) = (
                encode(&text),
                encode(&["\u{feff}".as_bytes(), &text].concat()),
            );
            let own = format!("text/xml;charset={label}");
            for (content_type, body) in [
                ("application/xml", &marked),
                (utf_16, &marked),
                (utf_16, &bare),
                (own.as_str(), &marked),
                (own.as_str(), &bare),
            ] {
                let found = description(client, content_type, body);
                assert_eq!(found, "Café😀", "{declaration} in {label}");
            }
        }
        let declared = encode(&tenant(&declaration("utf-16"), "é".as_bytes()));
        assert_eq!(description(client, "application/xml", &declared), "Café");
        let json = r#"{"Alias":"a","SmtpDomain":"a.org","Description":"Café"}"#;
        let marked = encode(format!("\u{feff}{json}").as_bytes());
        let content_type = "application/json; charset=UTF-16";
        assert_eq!(description(client, "application/json", &marked), "Café");
        assert_eq!(
            description(client, content_type, &encode(json.as_bytes())),
            "Café"
        );
    }
}

#[test]
fn the_header_precedes_the_byte_order_mark_and_the_mark_precedes_the_declaration() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let utf_8 = "é".as_bytes();
    let marked = |declaration: &str| {
        let text = tenant(declaration, utf_8);
        ["\u{feff}".as_bytes(), &text].concat()
    };
    let latin_1 = declaration("iso-8859-1");
    let xml = "application/xml";
    assert_eq!(description(client, xml, &tenant(&latin_1, utf_8)), "CafÃ©");
    assert_eq!(description(client, xml, &marked(&latin_1)), "Café");
    for declared in ["iso-8859-1", "utf-16", "unknown"] {
        let declaration = declaration(declared);
        let content_type = "application/xml; charset=utf-8";
        let found = description(client, content_type, &tenant(&declaration, utf_8));
        assert_eq!(found, "Café", "{declared}");
        let found = description(client, content_type, &marked(&declaration));
        assert_eq!(found, "Café", "{declared} with a byte order mark");
        let found = description(
            client,
            "application/xml; charset=latin1",
            &tenant(&declaration, b"\xe9"),
        );
        assert_eq!(found, "Café", "{declared} sent as latin1");
    }
    let json = "\u{feff}{\"Alias\":\"a\",\"SmtpDomain\":\"a.org\",\"Description\":\"Café\"}";
    assert_eq!(
        description(client, "application/json", json.as_bytes()),
        "Café"
    );
    expect!["line 1, column 1: found the text \"ï…\" outside the root element"]
        .assert_eq(&rejection(client, "text/xml; charset=latin1", &marked("")));
    expect!["line 1, column 1: found the byte 0xEF, which is not US-ASCII there"]
        .assert_eq(&rejection(client, "text/xml; charset=ascii", &marked("")));
    let utf_16 = utf_16_le(&marked(""));
    expect!["line 1, column 1: the document is UTF-16, expected UTF-8"].assert_eq(&rejection(
        client,
        "text/xml; charset=utf-8",
        &utf_16,
    ));
}

#[test]
fn clients_in_other_languages_send_these_bodies() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    // Python's ElementTree.tostring() escapes the characters that its default encoding lacks.
    let python = b"<?xml version='1.0' encoding='us-ascii'?>\n<Tenant><Alias>py</Alias><SmtpDomain>py.org</SmtpDomain><Description>Caf&#233; &#128512;</Description></Tenant>";
    assert_eq!(description(client, "application/xml", python), "Café 😀");
    // Apache HttpClient 4 sends this header for an entity of text whose encoding the program does not set.
    let apache = "application/xml; charset=ISO-8859-1";
    assert_eq!(description(client, apache, &tenant("", b"\xe9")), "Café");
    // PowerShell writes files in UTF-16 with Out-File, whatever the document declares.
    let document = tenant(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n",
        b"\xc3\xa9",
    );
    let powershell = utf_16_le(&["\u{feff}".as_bytes(), &document, b"\r\n"].concat());
    assert_eq!(description(client, "application/xml", &powershell), "Café");
    // StringContent of .NET with Encoding.Unicode writes no byte order mark.
    let dotnet = "application/xml; charset=utf-16";
    let document = tenant(
        "<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n",
        b"\xc3\xa9",
    );
    let found = description(client, dotnet, &utf_16_le(&document));
    assert_eq!(found, "Café");
}

#[test]
fn bytes_that_are_invalid_in_the_encoding_are_rejected_with_their_place() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let mut messages = String::new();
    let mut reject = |content_type: &str, body: &[u8]| {
        let message = rejection(client, content_type, body);
        messages.push_str(&format!("{message}\n"));
    };
    let second_line = "<Tenant>\n<Alias>é ".as_bytes();
    reject("text/xml", &[second_line, b"caf\xe9</Alias>"].concat());
    let ascii = "<?xml version='1.0' encoding='us-ascii'?>\n<Tenant>\n <Alias>é</Alias></Tenant>";
    reject("text/xml", ascii.as_bytes());
    reject(
        "text/xml; charset=us-ascii",
        "<Tenant>\n<Alias>é".as_bytes(),
    );
    reject(
        "text/xml; charset=cp1252",
        b"<Tenant>\n<Alias>\xe9\x80\x81</Alias></Tenant>",
    );
    reject("text/xml; charset=gbk", b"<Tenant>\n<Alias>\xa8\xa6\x81</");
    reject("text/xml; charset=iso-8859-7", b"<Tenant>\n<Alias>\xe1\xff");
    let half_pair = [
        utf_16_le("<Tenant>\n<Alias>é😀".as_bytes()),
        vec![0, 0xd8],
        utf_16_le(b"x"),
    ];
    reject("text/xml; charset=utf-16", &half_pair.concat());
    let odd = [&utf_16_be("\u{feff}<Tenant>\n".as_bytes())[..], b"\0"].concat();
    reject("text/xml", &odd);
    expect![[r#"
        line 2, column 13: found the byte 0xE9, which is not UTF-8 there
        line 3, column 9: found the byte 0xC3, which is not US-ASCII there
        line 2, column 8: found the byte 0xC3, which is not US-ASCII there
        line 2, column 10: found the byte 0x81, which is not windows-1252 there
        line 2, column 9: found the byte 0x81, which is not GBK there
        line 2, column 9: found the byte 0xFF, which is not ISO-8859-7 there
        line 2, column 10: found the bytes 0x00 0xD8, which are not UTF-16LE there
        line 2, column 1: found the byte 0x00, which is not UTF-16BE there
    "#]]
    .assert_eq(&messages);
}

#[test]
fn an_encoding_that_is_unknown_or_contradicts_the_bytes_is_rejected() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let mut messages = String::new();
    let mut reject = |content_type: &str, body: &[u8]| {
        let message = rejection(client, content_type, body);
        messages.push_str(&format!("{message}\n"));
    };
    let declared = |encoding: &str| tenant(&declaration(encoding), b"e");
    reject("text/xml", &declared("utf-16"));
    reject("text/xml", &utf_16_le(&declared("utf-8")));
    reject("text/xml", &utf_16_be(&tenant("", b"e")));
    reject("text/xml; charset=utf-16", &tenant("", b"e"));
    reject("text/xml; charset=utf-16le", &tenant("", b"e"));
    reject("application/json; charset=utf-16", br#"{"Alias":"a"}"#);
    for unknown in ["utf-7", "iso-2022-kr", "EBCDIC-CP-US", "", "é"] {
        reject("text/xml", &declared(unknown));
    }
    reject("text/xml; charset=utf-32", &tenant("", b"e"));
    reject("application/json; charset=utf-7", br#"{"Alias":"a"}"#);
    reject("text/xml; charset=unknown", &declared("utf-8"));
    expect![[r#"
        line 1, column 1: the document is declared to be UTF-16, but has no byte order mark and no other sign of it
        line 1, column 2: found the character U+0000, which XML cannot carry
        line 1, column 1: found the character U+0000, which XML cannot carry
        line 1, column 1: the document is declared to be UTF-16, but has no byte order mark and no other sign of it
        line 1, column 1: found the text "吼…" outside the root element
        line 1, column 1: the document is declared to be UTF-16, but has no byte order mark and no other sign of it
        line 1, column 1: the XML declaration names the unknown character encoding "utf-7", expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252
        line 1, column 1: the XML declaration names the unknown character encoding "iso-2022-kr", expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252
        line 1, column 1: the XML declaration names the unknown character encoding "EBCDIC-CP-US", expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252
        line 1, column 1: the XML declaration names the unknown character encoding "", expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252
        line 1, column 1: the XML declaration names the unknown character encoding "é", expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252
        line 1, column 1: Content-Type names the unknown character encoding "utf-32", expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252
        line 1, column 1: Content-Type names the unknown character encoding "utf-7", expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252
        line 1, column 1: Content-Type names the unknown character encoding "unknown", expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252
    "#]].assert_eq(&messages);
}

#[test]
fn errors_in_a_decoded_document_are_placed_by_its_characters() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let broken = b"<?xml version='1.0' encoding='latin1'?>\n<Tenant>\n<Alias>\xe9\xe9</Bad>";
    expect!["line 3, column 10: found &lt;/Bad&gt;, expected &lt;/Alias&gt;"]
        .assert_eq(&rejection(client, "text/xml", broken));
    let broken = utf_16_be("\u{feff}<Tenant>\n<Alias>é😀</Bad>".as_bytes());
    expect!["line 2, column 10: found &lt;/Bad&gt;, expected &lt;/Alias&gt;"]
        .assert_eq(&rejection(client, "text/xml", &broken));
    let broken = b"{\n\"Alias\":\"\xe9\xe9\" x}";
    expect!["line 2, column 14: this is not well-formed JSON"].assert_eq(&rejection(
        client,
        "application/json; charset=latin1",
        broken,
    ));
    let doctype = utf_16_le("\u{feff}<!DOCTYPE x><Tenant/>".as_bytes());
    expect!["line 1, column 1: found a DOCTYPE, which is never taken"]
        .assert_eq(&rejection(client, "text/xml", &doctype));
}

#[test]
fn a_declaration_of_xml_1_1_is_accepted() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    for declaration in [
        "<?xml version=\"1.1\"?>",
        "<?xml version='1.1' encoding='UTF-8' standalone='yes'?>",
    ] {
        let body = tenant(declaration, "é".as_bytes());
        assert_eq!(description(client, "text/xml", &body), "Café");
    }
}

#[test]
fn the_text_of_a_body_is_as_limited_as_the_body() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let long = vec![0x80; 600 * 1024];
    let body = tenant("", &long);
    for charset in ["iso-8859-1", "windows-1252"] {
        let content_type = format!("text/xml; charset={charset}");
        let message = rejection(client, &content_type, &body);
        let expected = "found more than 1048576 bytes of text in UTF-8, the maximum";
        assert!(message.ends_with(expected), "{message}");
    }
}

#[test]
fn the_journal_shows_the_text_of_a_body_without_its_secrets() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let service = exchange().with("DisplayName", "Café").xml();
    let utf_16 = utf_16_le(format!("\u{feff}{service}").as_bytes());
    let latin_1 = declaration("latin1") + &exchange().with("DisplayName", "Cafe").xml();
    let latin_1 = latin_1.replace("Cafe", "Caf\u{e9}2");
    let latin_1: Vec<u8> = latin_1.chars().map(|c| c as u8).collect();
    assert_eq!(
        post(client, SERVICES, "application/xml", &utf_16).status,
        201
    );
    assert_eq!(
        post(client, SERVICES, "application/xml", &latin_1).status,
        201
    );
    let requests = client.control("GET", "/__mock/requests", "").body;
    for shown in [
        "<DisplayName>Café</DisplayName>",
        "<DisplayName>Café2</DisplayName>",
        "<ServicePassword>[redacted]</ServicePassword>",
    ] {
        assert!(requests.contains(shown), "{shown}: {requests}");
    }
    assert!(!requests.contains("ecsbulab"), "{requests}");
    let fields = |name: &str| {
        let values = |requests: Vec<JournalEntry>| {
            let values = requests.iter().filter_map(|request| request.field(name));
            values.collect::<Vec<_>>()
        };
        [mock.requests(), mock.requests_with_secrets()].map(values)
    };
    assert_eq!(fields("DisplayName"), [["Café", "Café2"]; 2]);
    let (hidden, shown) = (["[redacted]"; 2], ["ecsbulab"; 2]);
    assert_eq!(fields("ServicePassword"), [hidden, shown]);
    let verification =
        r#"{"requests":{"method":"POST","fields":{"DisplayName":"Café"}},"exactly":1}"#;
    let verified = client.control("POST", "/__mock/requests/verify", verification);
    assert_eq!(verified.status, 200, "{verified}");
    let secret = r#"{"requests":{"fields":{"ServicePassword":"ecsbulab"}},"exactly":2}"#;
    let verified = client.control("POST", "/__mock/requests/verify", secret);
    assert_eq!(verified.status, 200, "{verified}");
}
