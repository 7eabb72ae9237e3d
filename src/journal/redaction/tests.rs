//! Checks that no secret shows and that everything else stays as it was sent.

use super::{MASK, Secrets, body, is_secret, path_without_secrets, url::query_without_secrets};
use crate::engine::RandomStream;

const SECRET: &str = "hunter2";

#[track_caller]
fn assert_redacted(body: &str, expected: &str) {
    let redacted = body::redacted(body.as_bytes(), None);
    assert_eq!(String::from_utf8_lossy(&redacted), expected, "{body}");
}

#[test]
fn each_name_of_a_secret_is_recognized() {
    for name in [
        "ServicePassword",
        "servicepassword",
        "SERVICEPASSWORD",
        "a:Pin",
        "PIN",
        "UserPin",
        "userpin",
        "PinCode",
        "pin_hash",
        "X-Pin-Code",
        "Credential",
        "Credentials",
        "Passcode",
        "PassCode",
        "PassPhrase",
        "passphrase",
        "Secret",
        "ClientSecret",
        "Token",
        "AuthKey",
        "authkey",
        "AccessCode",
        "accesscode",
        "access_token",
        "accesstoken",
        "apikey",
        "api-key",
        "Apikey",
        "X-ApiKey",
        "X-Jwt",
        "X-AuthToken",
        "AccessToken",
        "X-CSRFToken",
        "XSRF-TOKEN",
        "X-Credentials",
        "X-Session-Id",
        "sessionid",
        "jsessionid",
        "JSESSIONIDSSO",
        "pwd",
        "user_pwd",
        "pass",
        "password2",
        "passwords",
        "Passwrd",
        "pasword",
        "code",
        "key",
        "Authorization",
        "id_token",
        "sig",
        "client.secret",
    ] {
        assert!(is_secret(name), "{name}");
    }
    for name in [
        "",
        "DisplayName",
        "Alias",
        "AuthenticationMode",
        "UseServiceCredentials",
        "Pinned",
        "MessagePinning",
        "pinging",
        "Tokenizer",
        "PostalCode",
        "status_code",
        "Compass",
        "Author",
        "Keyboard",
        "monkey",
        "Signal",
        "query",
        "sort",
        "Accept",
        "Host",
        "Content-Type",
        "X-Request-Id",
        "Opinion",
    ] {
        assert!(!is_secret(name), "{name}");
    }
}

#[test]
fn only_the_values_of_secrets_are_hidden() {
    for (sent, shown) in [
        ("", ""),
        (" \n", " \n"),
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
            "<a:E><a:Pin>[redacted]<b>[redacted]</b>[redacted]</a:Pin><x:PIN/></a:E>",
        ),
        (
            "<Credential>\n<Credentials>hunter2</Credentials>\n</Credential>",
            "<Credential>\n<Credentials>[redacted]</Credentials>\n</Credential>",
        ),
        (
            "<E><ServicePassword></ServicePassword><X>Shipping Pin</X></E>",
            "<E><ServicePassword></ServicePassword><X>Shipping Pin</X></E>",
        ),
        (
            "<E password='hunter2' x='1'><S xml:pin=\"hunter2\" y='>'/></E>",
            "<E password='[redacted]' x='1'><S xml:pin=\"[redacted]\" y='>'/></E>",
        ),
        (
            "<E><X><![CDATA[<Pin>hunter2</Pin>]]></X><!-- Pin: hunter2 --><Y>1</Y></E>",
            "<E><X>[redacted]</X>[redacted]<Y>1</Y></E>",
        ),
        (
            "<!-- pin=hunter2 --><E/><?x pin='hunter2'?>",
            "<!--[redacted]--><E/><!--[redacted]-->",
        ),
        (
            "<E><a><Name>pin</Name><Value>hunter2</Value></a><b>1</b><p name='token' v='hunter2'/></E>",
            "<E><a><Name>[redacted]</Name><Value>[redacted]</Value></a><b>1</b><p name='[redacted]' v='[redacted]'/></E>",
        ),
        (
            r#"{"E": {"DisplayName":"Pin","ServicePassw\u006frd" : "hun\"ter2", "a":[{"PIN":[1,"x]",{}]},7] }}"#,
            r#"{"E": {"DisplayName":"Pin","ServicePassw\u006frd" : "[redacted]", "a":[{"PIN":["[redacted]","[redacted]",{}]},7] }}"#,
        ),
        (
            r#"[{"pin":1},{"pin":null,"Pin":"","x":true,"a:pin":false}]"#,
            r#"[{"pin":"[redacted]"},{"pin":null,"Pin":"","x":true,"a:pin":"[redacted]"}]"#,
        ),
        (
            r#"{"x":"{\"pin\":\"hunter2\"}","y":"<Pin>hunter2</Pin>","z":"https://u:hunter2@h/"}"#,
            r#"{"x":"[redacted]","y":"[redacted]","z":"[redacted]"}"#,
        ),
        (
            r#"{"a":["pin","hunter2"],"b":{"key":"pin","value":"hunter2"},"c":["x"]}"#,
            r#"{"a":["[redacted]","[redacted]"],"b":{"key":"[redacted]","value":"[redacted]"},"c":["x"]}"#,
        ),
        (
            "a=1&ServicePassword=hunter2&p%69n=hunter2&x=%7B%22pin%22:1%7D",
            "a=1&ServicePassword=[redacted]&p%69n=[redacted]&x=[redacted]",
        ),
    ] {
        assert_redacted(sent, shown);
    }
}

#[test]
fn a_body_that_cannot_be_decoded_is_hidden() {
    for (sent, reason) in [
        ("hunter2", "it is neither XML nor JSON nor a form"),
        ("aHVudGVyMg==", "it is neither XML nor JSON nor a form"),
        ("pin hunter2=1", "it is neither XML nor JSON nor a form"),
        (
            "<E><Passwrd>hunter2</Passw",
            "it cannot be decoded: line 1, column 20: a tag is not closed by >",
        ),
        (
            "<E>\n<ServicePasword>hunter2</ServicePassword></E>",
            "it cannot be decoded: line 2, column 24: found an end tag that does not match its start tag",
        ),
        (
            "<E><ServicePassword>hun&ter2;</ServicePassword></E>",
            "it cannot be decoded: line 1, column 24: found an entity other than lt, gt, amp, apos, quot",
        ),
        (
            r#"{"x":1,"Pas\ud800sword":"hunter2"}"#,
            "it cannot be decoded: line 1, column 18: this is not well-formed JSON",
        ),
        (
            r#"{"x":1,"p":"hunter2""#,
            "it cannot be decoded: line 1, column 20: the document ends before its object is closed",
        ),
        (
            r#"{"token=hunter2":1}"#,
            "it has a name that contains a secret",
        ),
    ] {
        let shown = format!(
            "[redacted: a body of {} bytes, because {reason}]",
            sent.len()
        );
        assert_redacted(sent, &shown);
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
        ("x-jwt", "hunter2", "[redacted]"),
        ("location", "/x?pin=hunter2&a=1", "[redacted]"),
        ("referer", "https://a:hunter2@host/", "[redacted]"),
        ("referer", "https://host/pin?a=1", "https://host/pin?a=1"),
        ("x-original-url", "/x;token=hunter2", "[redacted]"),
        ("forwarded", "for=1.2.3.4;secret=hunter2", "[redacted]"),
        ("accept", "pin", "pin"),
    ] {
        assert_eq!(Secrets::Hidden.header(name, sent.as_bytes()), shown);
        assert_eq!(Secrets::Shown.header(name, sent.as_bytes()), sent);
    }
}

#[test]
fn a_query_string_keeps_everything_but_the_values_of_secrets() {
    for (sent, shown) in [
        ("", ""),
        (
            "query=(DisplayName%20startswith%20Pin)&sort=(Pin+asc)",
            "query=(DisplayName%20startswith%20Pin)&sort=(Pin+asc)",
        ),
        (
            "a=1&ServicePassword=hunter2&b=2&token=&pin",
            "a=1&ServicePassword=[redacted]&b=2&token=&pin",
        ),
        (
            "query=(Service%50assword+is+hunter2)&x=1",
            "query=[redacted]&x=1",
        ),
        ("x=1;token=hunter2", "x=[redacted]"),
        ("r=https%3A%2F%2Fa%3Ahunter2%40h", "r=[redacted]"),
        ("{%22pin%22:%22hunter2%22}", "[redacted]"),
        ("acc%2565ss_token=hunter2", "acc%2565ss_token=[redacted]"),
    ] {
        assert_eq!(query_without_secrets(sent), shown);
    }
}

#[test]
fn a_path_keeps_everything_but_secrets() {
    for (sent, shown) in [
        (
            "/vmrest/users/1/credential/pin",
            "/vmrest/users/1/credential/pin",
        ),
        (
            "/vmrest/version;jsessionid=hunter2/x",
            "/vmrest/version;[redacted]/x",
        ),
        ("/a/password=hunter2", "/a/[redacted]"),
        ("/a;x=1;p%69n%3Dhunter2", "/a;x=1;[redacted]"),
        ("/proxy/https://a:hunter2@host/", "[redacted]"),
        ("/a/bob@example.com", "/a/bob@example.com"),
    ] {
        assert_eq!(path_without_secrets(sent), shown);
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
        match dice(5) {
            0 => sent.truncate(dice(sent.len()) + 1),
            1 => sent.extend_from_slice([&b"<"[..], b"}", b"]]>", b"&", b"\xff"][dice(5)]),
            2 => {
                let junk = [&b"<"[..], b"\"", b"{", b"&x;", b"\xff", b"</x>"][dice(6)];
                // A document in a value has no name that can be recognized if something is inside of the name.
                let is_nested = [&b"CDATA[["[..], b"{\\\""]
                    .iter()
                    .any(|start| sent.windows(start.len()).any(|window| window == *start));
                let at = dice(if is_nested { 3 } else { sent.len() });
                sent.splice(at..at, junk.iter().copied());
            }
            _ => {}
        }
        let shown = body::redacted(&sent, None);
        let letters: Vec<u8> = shown.iter().copied().filter(|byte| *byte != 0).collect();
        let letters = String::from_utf8_lossy(&letters).into_owned();
        assert!(
            !letters.contains(SECRET),
            "{letters}\n{}",
            String::from_utf8_lossy(&sent)
        );
    }
}
