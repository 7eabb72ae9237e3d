//! Documents with a secret: in each format, in each place, well-formed and broken.

use super::Marker;

/// The names of secrets, in the letter cases and styles that clients use.
pub(super) const NAMES: [&str; 20] = [
    "ServicePassword",
    "servicepassword",
    "PASSWORD",
    "a:ClientSecret",
    "Pin",
    "PIN",
    "PinCode",
    "Credential",
    "Credentials",
    "Passcode",
    "PassPhrase",
    "Secret",
    "Token",
    "access_token",
    "AuthKey",
    "ACCESSCODE",
    "api-key",
    "SessionId",
    "user_pwd",
    "Passwrd",
];

/// A document with a marker in it.
pub(super) struct Document {
    pub(super) description: String,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
}

const XML: &str = "application/xml";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The places of a secret in a document. `NAME` is its name, `MARK` the secret.
const PLACES: [(&str, &str); 28] = [
    (XML, "<ExternalService><NAME>MARK</NAME></ExternalService>"),
    (
        XML,
        "<ExternalService><a><NAME>x MARK y</NAME></a><Server>s</Server></ExternalService>",
    ),
    (
        XML,
        "<ExternalService><NAME ><b>MARK</b></NAME></ExternalService>",
    ),
    (XML, "<ExternalService NAME=\"MARK\"/>"),
    (
        XML,
        "<ExternalService><x y='1' NAME='&lt;MARK'>1</x></ExternalService>",
    ),
    (XML, "<?xml version=\"1.0\"?>\n<NAME>MARK</NAME>"),
    (XML, "<NAME><Value>MARK</Value></NAME>"),
    (
        XML,
        "<ExternalService><NAME><![CDATA[<MARK>]]></NAME></ExternalService>",
    ),
    (
        XML,
        "<ExternalService><x>{\"NAME\":\"MARK\"}</x></ExternalService>",
    ),
    (
        XML,
        "<ExternalService><x>&lt;NAME&gt;MARK&lt;/NAME&gt;</x></ExternalService>",
    ),
    (
        XML,
        "<ExternalService><Name>NAME</Name><Value>MARK</Value></ExternalService>",
    ),
    (
        XML,
        "<ExternalService><!-- NAME: MARK --><x/></ExternalService>",
    ),
    (
        XML,
        "<ExternalService><x>https://user:MARK@host/</x></ExternalService>",
    ),
    (JSON, r#"{"NAME":"MARK"}"#),
    (JSON, r#"{"ExternalService":{"NAME":"MARK","Server":"s"}}"#),
    (
        JSON,
        r#"{"ExternalService":{"a":[1,{"NAME":["x","MARK"]}]}}"#,
    ),
    (JSON, r#"{"NAME":{"$":"MARK","value":"MARK"}}"#),
    (JSON, r#"{" NAME ":["MARK"]}"#),
    (JSON, r#"{"Foo":[{"NAME\t":{"@x":"1","$":"MARK"}}]}"#),
    (JSON, r#"{"name":{"$":"NAME"},"value":{"$":"MARK"}}"#),
    (JSON, r#"{"Name ":["NAME"],"Value":["MARK"]}"#),
    (JSON, r#"[{"NAME":"MARK"}]"#),
    (JSON, r#"{"x":"{\"NAME\":\"MARK\"}"}"#),
    (JSON, r#"{"a":["NAME","MARK"]}"#),
    (JSON, r#"{"key":"NAME","value":"MARK"}"#),
    (JSON, r#"{"x":"https://MARK@host/?NAME=MARK"}"#),
    (FORM, "NAME=MARK&x=1"),
    (FORM, "x=%7B%22NAME%22%3A%22MARK%22%7D&y=a;NAME=MARK"),
];

/// The ways in which a document is broken: a pattern and its replacement.
const BREAKAGES: [(&str, &str); 13] = [
    ("MARK", "MARK"),
    ("MARK", "MARK&3xtra;!"),
    ("MARK", "&MARK;"),
    ("MARK", "&#MARK;"),
    ("MARK", "x</MARK>"),
    ("MARK", "x<MARK y"),
    ("MARK", "x\"MARK"),
    ("MARK", "x\n\"MARK\" {"),
    ("MARK", r"\uMARK"),
    ("MARK", "MARK]]>"),
    ("NAME>", "NAM>"),
    ("<ExternalService", "MARK <ExternalService"),
    ("<ExternalService>", "<ExternalService>MARK<MARK>"),
];

/// Returns a document for each place and each way to break it. Not all combinations, but each pair of two of its three
/// properties, occurs.
pub(super) fn documents() -> Vec<(Marker, Document)> {
    let mut documents = Vec::new();
    for (n, name) in NAMES.iter().enumerate() {
        for (p, (content_type, place)) in PLACES.iter().enumerate() {
            for (b, (pattern, replacement)) in BREAKAGES.iter().enumerate() {
                if b > 0 && (n + p + b) % 5 != 0 || !place.contains(pattern) {
                    continue;
                }
                let marker = Marker(documents.len());
                let text = place.replacen(pattern, replacement, 1);
                let text = text.replace("NAME", name).replace("MARK", &marker.text());
                documents.push((
                    marker,
                    Document {
                        description: format!("{name} in {place}, with {replacement}"),
                        content_type,
                        body: damaged(text, marker, n + p),
                    },
                ));
            }
        }
    }
    documents
}

/// Damages some of the documents as bytes: cuts them, or changes their encoding.
fn damaged(text: String, marker: Marker, ordinal: usize) -> Vec<u8> {
    let end = text
        .find(&marker.text())
        .map_or(text.len(), |at| at + marker.text().len());
    let long = || text.clone() + &" ".repeat(70_000);
    match ordinal % 12 {
        1 => text[..end].into(),
        2 => text[..end - 2].into(),
        3 => [text.as_bytes(), b"<"].concat(),
        4 => [&text.as_bytes()[..end], b"\xff", &text.as_bytes()[end..]].concat(),
        5 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        6 => ["\u{feff}", &text].concat().into(),
        7 if marker.0.is_multiple_of(8) => long().into(),
        _ => text.into(),
    }
}
