//! `--tls-cert` and `--tls-key`.

use std::{fs, path::Path};

use expect_test::expect;

use super::{SERVICES, VERSIONS, connect, exchange_over, get_request};
use crate::support::{ServerProcess, cuc_mock, output};

/// Writes a self-signed certificate for `localhost` and its key. Returns their paths.
#[track_caller]
fn write_certificate(folder: &Path, name: &str) -> [String; 2] {
    write_certificate_for(folder, name, &["localhost"])
}

#[track_caller]
fn write_certificate_for(folder: &Path, name: &str, hosts: &[&str]) -> [String; 2] {
    let hosts = hosts.iter().map(ToString::to_string);
    let generated =
        rcgen::generate_simple_self_signed(hosts.collect::<Vec<_>>()).expect("a certificate");
    let write = |extension: &str, content: String| {
        let path = folder.join(format!("{name}.{extension}"));
        fs::write(&path, content).expect("a file");
        path.into_os_string().into_string().expect("UTF-8")
    };
    [
        write("pem", generated.cert.pem()),
        write("key", generated.signing_key.serialize_pem()),
    ]
}

#[test]
fn a_configured_certificate_is_used_and_there_is_no_ca() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = write_certificate(folder.path(), "own");
    let arguments = ["--listen", "127.0.0.1:0", "--tls-cert", &certificate];
    let mut option = cuc_mock(&arguments);
    option.args(["--tls-key", &key]);
    let mut variables = cuc_mock(&["--listen", "127.0.0.1:0"]);
    variables.envs([
        ("CUC_MOCK_TLS_CERT", &certificate),
        ("CUC_MOCK_TLS_KEY", &key),
    ]);
    for command in [&mut option, &mut variables] {
        let server = ServerProcess::start(command);
        let own = fs::read_to_string(&certificate).unwrap();
        let stream = connect(server.address(), "localhost", &own, VERSIONS).unwrap();
        assert_eq!(exchange_over(stream, &get_request(SERVICES)).status, 200);
        let response = server.client().request("GET", "/__mock/ca.pem", "", b"");
        expect![[r#"
            404 Not Found
            Content-Type: application/json

            {"error":"there is no CA of this server: its certificate was supplied with --tls-cert"}
        "#]]
        .assert_eq(&response.to_string());
    }
}

#[test]
fn its_names_are_the_names_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = write_certificate_for(folder.path(), "own", &["cuc.test", "10.1.2.3"]);
    let options = ["--listen", "127.0.0.1:0", "--tls-cert", &certificate];
    let server = ServerProcess::start(cuc_mock(&options).args(["--tls-key", &key]));
    let get = |host: &str| {
        let request =
            format!("GET /__mock/spaces HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        server.client().exchange(request.as_bytes())
    };
    for host in ["cuc.test:8443", "10.1.2.3", "localhost", "127.0.0.1"] {
        assert_eq!(get(host).status, 200, "{host}");
    }
    assert_eq!(get("10.1.2.4").status, 403);
    expect![[r#"
        403 Forbidden
        Content-Type: application/json

        {"error":"Host is \"evil.cuc.test\", expected a loopback address or localhost or the name of this machine or a name in the certificate, because a web page can point any other name at this server: use or add such a name, or protect the control plane with a token (--control-token)"}
    "#]]
    .assert_eq(&get("evil.cuc.test").to_string());
}

#[test]
fn an_unusable_certificate_or_key_is_named_and_exits_with_status_2() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = &write_certificate(folder.path(), "own");
    let [_, other] = &write_certificate(folder.path(), "other");
    let damaged = folder.path().join("damaged.pem");
    fs::write(
        &damaged,
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let no_x509 = folder.path().join("text.pem");
    fs::write(
        &no_x509,
        "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let missing = folder.path().join("missing.pem");
    let paths = [&damaged, &no_x509, &missing].map(|path| path.to_str().unwrap());
    let [damaged, no_x509, missing] = paths;
    let missing_folder = &folder.path().join("none/ca.pem");
    let mut errors = String::new();
    for arguments in [
        &["--tls-cert", certificate][..],
        &["--tls-key", key],
        &["--tls-cert", missing, "--tls-key", key],
        &["--tls-cert", certificate, "--tls-key", missing],
        &["--tls-cert", key, "--tls-key", key],
        &["--tls-cert", certificate, "--tls-key", certificate],
        &["--tls-cert", certificate, "--tls-key", other],
        &["--tls-cert", damaged, "--tls-key", key],
        &["--tls-cert", no_x509, "--tls-key", key],
        &[
            "--tls-cert",
            certificate,
            "--tls-key",
            key,
            "--tls-name",
            "x.org",
        ],
        &[
            "--tls-cert",
            certificate,
            "--tls-key",
            key,
            "--ca-out",
            "ca.pem",
        ],
        &["--tls-name", "two words"],
        &["--ca-out", missing_folder.to_str().unwrap()],
    ] {
        let (status, stdout, stderr) =
            output(cuc_mock(arguments).args(["--listen", "127.0.0.1:0"]));
        assert_eq!(
            (status, stdout.as_str()),
            (2, ""),
            "{arguments:?}: {stderr}"
        );
        let first = stderr.split("\n\n").next().unwrap_or_default().trim_end();
        errors.push_str(&first.replace(folder.path().to_str().unwrap(), "…"));
        errors.push('\n');
    }
    expect![[r#"
        --tls-cert requires --tls-key
        --tls-key requires --tls-cert
        …/missing.pem: cannot be read: No such file or directory (os error 2)
        …/missing.pem: cannot be read: No such file or directory (os error 2)
        …/own.key: found no certificate, expected PEM with BEGIN CERTIFICATE
        …/own.pem: found no private key, expected PEM with BEGIN PRIVATE KEY that is not encrypted
        …/other.key: this key does not match, expected the key of the first certificate in …/own.pem
        …/damaged.pem: invalid PEM: base64 decode error: InvalidCharacter(33)
        …/text.pem: the first certificate is invalid, expected X.509
        --tls-cert cannot be used together with --tls-name
        --tls-cert cannot be used together with --ca-out
        error: invalid value 'two words' for '--tls-name <NAME>': cannot create a certificate for "two words", expected a DNS name such as cuc.example.com, or an IP address
        …/none/ca.pem: cannot be written: No such file or directory (os error 2)
    "#]].assert_eq(&errors);
}
