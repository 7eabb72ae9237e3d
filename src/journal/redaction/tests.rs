//! Checks that no secret shows and that everything else stays as it was sent.

use super::{MASK, Secrets, body, contains_secret, without_secrets};
use crate::engine::RandomStream;

const SECRET: &str = "hunter2";

#[track_caller]
fn assert_redacted(body: &str, expected: &str) {
    let redacted = body::redacted(body.as_bytes());
    assert_eq!(String::from_utf8_lossy(&redacted), expected, "{body}");
}

#[test]
fn only_the_values_of_secrets_are_hidden_in_a_body_that_can_be_decoded() {
    for (sent, shown) in [
        ("", ""),
        (
            "<E> <DisplayName>a&amp;b</DisplayName>\n<ServicePassword >hunter2</ServicePassword></E>",
            "<E> <DisplayName>a&amp;b</DisplayName>\n<ServicePassword >[redacted]</ServicePassword></E>",
        ),
        (
            "\u{feff}<?xml version=\"1.0\"?><E><ClientSecret>hunter2</ClientSecret></E>",
            "\u{feff}<?xml version=\"1.0\"?><E><ClientSecret>[redacted]</ClientSecret></E>",
        ),
        (
            "<a:E><a:Pin>hun<b>ter</b><!-- x --><![CDATA[2]]>&#50;</a:Pin><x:PIN/></a:E>",
            "<a:E><a:Pin>[redacted]</a:Pin><x:PIN/></a:E>",
        ),
        (
            "<E><ServicePassword></ServicePassword><X>Shipping Pin</X></E>",
            "<E><ServicePassword></ServicePassword><X>Shipping Pin</X></E>",
        ),
        (
            "<E password='hunter2' x='1'><S xml:pin=\"hunter2\"/></E>",
            "<E password[redacted]",
        ),
        (
            "<E><X><![CDATA[<Pin>hunter2</Pin>]]></X><!-- Pin: hunter2 --><Y>1</Y></E>",
            "<E><X>[redacted]</X><!-- Pin[redacted]",
        ),
        (
            r#"{"E": {"DisplayName":"Pin","ServicePassw\u006frd" : "hun\"ter2", "a":[{"PIN":[1,"x]",{}]},7] }}"#,
            r#"{"E": {"DisplayName":"Pin","ServicePassw\u006frd[redacted]"#,
        ),
        (
            r#"[{"pin":1},{"pin":null,"Pin":"","x":true,"a:pin":false}]"#,
            r#"[{"pin[redacted]"#,
        ),
        (
            r#"{"x":"{\"pin\":\"hunter2\"}","y":"<Pin>hunter2</Pin>","\ud800":"hunter2"}"#,
            r#"{"x":"{\"pin[redacted]"#,
        ),
    ] {
        assert_redacted(sent, shown);
    }
}

#[test]
fn everything_after_the_first_secret_is_hidden_in_any_other_body() {
    for (sent, shown) in [
        ("no secret <", "no secret <"),
        ("ServicePassword=hunter2&x=1", "ServicePassword[redacted]"),
        (
            "Service%50assw%6Frd=hunter2",
            "Service%50assw%6Frd[redacted]",
        ),
        (
            "<E><X>1</X><ServicePassword>hunter2</ServicePassword><E>",
            "<E><X>1</X><ServicePassword[redacted]",
        ),
        (
            "<E><X>1</X><ServicePasword>hunter2</ServicePassword></E>",
            "[redacted]",
        ),
        ("<E><Pinhunter2</Pin></E>", "<E><Pin[redacted]"),
        (
            "<E><x y='<Pin>hunter2</Pin>'/></E>",
            "<E><x y='<Pin[redacted]",
        ),
        (
            "<!DOCTYPE E [<!ENTITY pin 'hunter2'>]><E>&pin;</E>",
            "<!DOCTYPE E [<!ENTITY pin[redacted]",
        ),
        (
            r#"{"a":1,"p\u0069n":"hunter2""#,
            r#"{"a":1,"p\u0069n[redacted]"#,
        ),
        ("<E>\u{0}<Pin>hunter2</Pin></E>", "<E>\u{0}<Pin[redacted]"),
    ] {
        assert_redacted(sent, shown);
    }
    let xml = "<E><ServicePassword>hunter2</ServicePassword></E>";
    let wide = |order: fn(u16) -> [u8; 2]| xml.encode_utf16().flat_map(order).collect::<Vec<_>>();
    for sent in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        let shown = body::redacted(&sent);
        let letters: Vec<u8> = shown.into_iter().filter(|byte| *byte != 0).collect();
        assert_eq!(letters, b"<E><ServicePassword[redacted]");
    }
}

#[test]
fn a_literal_of_json_is_a_secret_in_xml() {
    for literal in ["null", "\"\"", "true", "false", "0", "-1.5", "{}"] {
        let body = |value: &str| format!("<E><Pin>{value}</Pin><X>{literal}</X></E>");
        assert_redacted(&body(literal), &body(MASK));
    }
    let empty = r#"{"E":{"Pin":"","ClientSecret":null,"X":"DOM\\user"}}"#;
    assert_redacted(empty, empty);
}

#[test]
fn a_broken_escape_of_json_hides_the_rest() {
    for (sent, shown) in [
        (
            r#"{"x":1,"Pas\ud800sword":"hunter2"}"#,
            r#"{"x":1,"Pas[redacted]"#,
        ),
        (
            r#"{"x":1,"Pas\zsword":"hunter2"}"#,
            r#"{"x":1,"Pas[redacted]"#,
        ),
        (r#"[{"Pas\u00sword":"hunter2"}]"#, r#"[{"Pas[redacted]"#),
        (
            r#"{"x":{"Pas\ud800sword":"hunter2"},"y":1}"#,
            r#"{"x":"[redacted]","y":1}"#,
        ),
        (
            r#"{"x":"{\"Pas\\ud800sword\":\"hunter2\"}","y":1}"#,
            r#"{"x":"[redacted]","y":1}"#,
        ),
        (
            r#"{"x":{"y":"{\"Pas\\u0073word\":\"hunter2\"}"},"z":1}"#,
            r#"{"x":"[redacted]","z":1}"#,
        ),
    ] {
        assert_redacted(sent, shown);
    }
    let readable = r#"{"x":{"a":"DOM\\user \ud83d\ude00"},"y":"[DOM\\user]"}"#;
    assert_redacted(readable, readable);
    let readable = r"<E><X>[DOM\user]</X></E>";
    assert_redacted(readable, readable);
}

#[test]
fn the_name_of_a_secret_in_any_end_tag_hides_the_body() {
    for sent in [
        "<E><ServicePasswrd>hunter2</ ServicePassword></E>",
        "<E><ServicePasswrd>hunter2</\tServicePassword ></E>",
        "<E><ServicePasswrd>hunter2<Pin/></ServicePassword></E>",
        "<E><ServicePasswrd>hunter2</x ServicePassword></E>",
    ] {
        assert_redacted(sent, MASK);
    }
}

#[test]
fn a_value_with_a_nested_secret_is_recognized_in_each_place() {
    for value in [
        "[<PinCode>hunter2</PinCode>]",
        r#"{"passwordHash":"hunter2"}"#,
        r#"["pin","hunter2"]"#,
    ] {
        assert!(contains_secret(value), "{value}");
        let quoted = serde_json::to_string(value).expect("a string");
        assert_redacted(
            &format!(r#"{{"X":{quoted},"Y":1}}"#),
            r#"{"X":"[redacted]","Y":1}"#,
        );
        let xml = |value: &str| format!("<E><X>{value}</X></E>");
        assert_redacted(&xml(&format!("<![CDATA[{value}]]>")), &xml(MASK));
    }
    for value in ["Shipping Pin", "\"Shopping\"", "R&D pin", "[x]"] {
        assert!(!contains_secret(value), "{value}");
    }
}

#[test]
fn headers_keep_everything_but_secrets() {
    for (name, sent, shown) in [
        ("authorization", "Basic YTpi", "Basic [redacted]"),
        ("authorization", "hunter2 x", "[redacted]"),
        ("proxy-authorization", "bearer x", "bearer [redacted]"),
        (
            "cookie",
            "A=1; B=x=2;c",
            "A=[redacted]; B=[redacted]; [redacted]",
        ),
        (
            "set-cookie",
            "A=1; Path=/; Secure; x",
            "A=[redacted]; Path=/; Secure; [redacted]",
        ),
        ("x-password", "hunter2", "[redacted]"),
        ("location", "/x?pin=hunter2&a=1", "/x?pin[redacted]"),
        ("accept", "pin", "pin"),
    ] {
        assert_eq!(Secrets::Hidden.header(name, sent.as_bytes()), shown);
        assert_eq!(Secrets::Shown.header(name, sent.as_bytes()), sent);
    }
}

#[test]
fn a_query_string_ends_with_the_first_secret() {
    for (sent, shown) in [
        (
            "query=(DisplayName%20is%20shopping)",
            "query=(DisplayName%20is%20shopping)",
        ),
        (
            "a=1&ServicePassword=hunter2&b=2",
            "a=1&ServicePassword[redacted]",
        ),
        (
            "query=(Service%50assword+is+hunter2)",
            "query=(Service%50assword[redacted]",
        ),
        ("pin", "pin[redacted]"),
    ] {
        assert_eq!(without_secrets(sent), shown);
    }
}

/// A body with the secret in it, of one of many shapes.
fn body(dice: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
    const NAMES: [&str; 9] = [
        "ServicePassword",
        "a:ServicePassword",
        "PIN",
        "ClientSecret",
        "Passw\\u006frd",
        "x.pin",
        "Pas\\ud800sword",
        "Client\\zSecret",
        "P\\u00in",
    ];
    const VALUES: [&str; 6] = [
        "hunter2",
        "x hunter2 &amp; y",
        "<b>hunter2</b>",
        "<![CDATA[hunter2]]>",
        "<!--hunter2-->",
        "\\\"hunter2",
    ];
    const OTHERS: [&str; 5] = [
        "<X>é&lt;</X>",
        "<X/>",
        "<!-- - -->",
        "<X y='&gt;'><Z>1</Z></X>",
        "\n",
    ];
    let (name, value) = (NAMES[dice(NAMES.len())], VALUES[dice(VALUES.len())]);
    let (before, behind) = (OTHERS[dice(OTHERS.len())], OTHERS[dice(OTHERS.len())]);
    // JSON alone reads escapes: elsewhere such a name is another one.
    let shape = dice(13);
    let name = match shape {
        3 | 4 | 7 | 10 | 11 => name,
        _ if name.contains('\\') => "Password",
        _ => name,
    };
    let blank = ["", " ", "\t", "\r\n"][dice(4)];
    let text = match shape {
        0 => format!("<E>{before}<{name}>{value}</{name}>{behind}</E>"),
        1 => format!("<E {name}='hunter2'>{before}</E>"),
        2 => format!(
            "<E>{before}<a><{name} x='1'>{value}</{name}></a>{behind}<{name}>{value}</{name}></E>"
        ),
        3 => format!(r#"{{"E":{{"a":[1,"é"],"{name}":"{value}","b":null}}}}"#),
        4 => format!(r#"{{"{name}":{{"a":"{value}","{name}":1}}}}"#),
        5 => format!(" <{name}><a>{value}</a></{name}>"),
        6 => format!("<E>{before}<?x {name}='hunter2'?>{behind}</E>"),
        7 => format!(r#"[{{"{name}":{{"x":["{value}"]}}}},{{"{name}":"{value}"}}]"#),
        // A misspelt start tag with the right end tag, and other names.
        8 => format!("<E><Passwrd>{value}</{blank}Password{blank}>{behind}</E>"),
        9 => format!("<E>{before}<Passwrd>{value}<Pin/></{blank}Password></E>"),
        10 => format!(r#"{{"E":{{"a":{{"{name}":"{value}"}},"b":"{{\"{name}\":\"hunter2\"}}"}}}}"#),
        11 => format!("<E>{before}<X><![CDATA[[\"{name}\",\"hunter2\"]]]></X></E>"),
        _ => format!("{name}={value}&a=1"),
    };
    match dice(8) {
        0 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => text.into_bytes(),
    }
}

#[test]
fn no_literal_of_any_name_shows_in_xml() {
    const NAMES: [&str; 4] = ["ServicePassword", "a:Pin", "ClientSecret", "PASSWORD"];
    for name in NAMES {
        for value in ["null", "\"\"", "true", "12345", "[]", "&quot;&quot;", " "] {
            let body = |value: &str| format!("<E><{name}>{value}</{name}></E>");
            assert_redacted(&body(value), &body(MASK));
        }
    }
}

#[test]
fn no_body_of_any_shape_shows_its_secret() {
    let stream = RandomStream::new(7, "default", "redaction");
    let mut ordinal = 0;
    let mut dice = |sides: usize| {
        ordinal += 1;
        usize::from(stream.draw(ordinal)[0]) % sides
    };
    for _ in 0..20_000 {
        let mut sent = body(&mut dice);
        // Broken behind the names, at the ends, or with something in between.
        match dice(5) {
            // A part of a name, in the end tag of a misspelt start tag, is no name.
            0 if String::from_utf8_lossy(&sent)
                .replace('\0', "")
                .contains("Passwrd") => {}
            0 => sent.truncate(dice(sent.len()) + 1),
            1 => sent.extend_from_slice([&b"<"[..], b"}", b"]]>", b"&", b"\xff"][dice(5)]),
            2 => {
                let junk = [&b"<"[..], b"\"", b"{", b"&x;", b"\xff", b"</x>"][dice(6)];
                // Never inside of a name.
                let at = match sent.first() {
                    Some(b'<' | b'{' | b'[') => dice(3),
                    _ => 0,
                };
                sent.splice(at..at, junk.iter().copied());
            }
            _ => {}
        }
        let shown = body::redacted(&sent);
        let letters: Vec<u8> = shown.iter().copied().filter(|byte| *byte != 0).collect();
        let letters = String::from_utf8_lossy(&letters).into_owned();
        assert!(
            !letters.contains(SECRET),
            "{letters}\n{}",
            String::from_utf8_lossy(&sent)
        );
        let is_whole = String::from_utf8_lossy(&sent).contains(SECRET);
        assert!(!is_whole || letters.contains(MASK), "{letters}");
    }
}
