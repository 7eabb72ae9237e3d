//! Secrets in fixtures, states and configuration files.

use std::{fs, path::Path};

use super::{Marker, assert_hidden};
use crate::support::{ServerProcess, cuc_mock, output};

/// Fixtures whose secret is `MARK`, broken in different ways.
const FIXTURES: [&str; 16] = [
    "<ExternalServices><ExternalService><ServicePassword>MARK&3xtra;!</ServicePassword></ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService><ServicePassword>x&MARK;</ServicePassword></ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService><ServicePassword>x&#MARK;</ServicePassword></ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService><ServicePassword>x</MARK></ServicePassword></ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService><ServicePassword>x<MARK y</ServicePassword></ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService><ServicePassword>x<MARK></ServicePassword></ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService><ServicePassword>x<MARK/></ServicePassword></ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService><ServicePassword>MARK",
    "<ExternalServices><ExternalService><ServicePasword>MARK</ServicePasword></ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService><ServicePassword/>MARK</ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService ServicePassword='MARK' ServicePassword='MARK'/></ExternalServices>",
    "<ExternalServices><ExternalService><ServicePassword>LONG</ServicePassword></ExternalService></ExternalServices>",
    "<ExternalServices><ExternalService><ClientSecret>MARK</ClientSecret></ExternalService></ExternalServices>",
    "MARK <ExternalServices/>",
    "{\"ServicePassword\":\"MARK\"}",
    "<?xml version=\"1.0\" encoding=\"MARK\"?><ExternalServices/>",
];

/// Writes one file for each fixture. Returns the markers with their fixtures.
fn write_fixtures(folder: &Path) -> Vec<(Marker, &'static str)> {
    let write = |(number, fixture): (usize, &&'static str)| {
        let marker = Marker(number);
        let document = fixture
            .replace("MARK", &marker.text())
            .replace("LONG", &marker.text().repeat(200));
        fs::write(folder.join(format!("{number}.xml")), document).expect("a file");
        (marker, *fixture)
    };
    FIXTURES.iter().enumerate().map(write).collect()
}

#[test]
fn no_secret_of_a_fixture_shows_in_the_errors_of_check_and_of_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let markers = write_fixtures(folder.path());
    let path = folder.path().to_str().unwrap();
    for arguments in [
        &["check", path][..],
        &["--listen", "127.0.0.1:0", "--fixtures", path],
    ] {
        let (status, stdout, stderr) = output(&mut cuc_mock(arguments));
        assert_eq!((status, stdout.as_str()), (2, ""));
        assert!(stderr.lines().count() >= FIXTURES.len(), "{stderr}");
        assert_hidden(markers.clone(), arguments[0], &stderr);
    }
    for number in 0..FIXTURES.len() {
        let file = folder.path().join(format!("{number}.xml"));
        let (status, _, stderr) = output(&mut cuc_mock(&[
            "--listen",
            "127.0.0.1:0",
            "--state",
            file.to_str().unwrap(),
        ]));
        assert_eq!(status, 2, "{stderr}");
        assert_hidden(markers.clone(), "the start from a state", &stderr);
    }
}

#[test]
fn no_text_of_a_fixture_shows_in_the_log_of_a_reload() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.xml");
    fs::write(&empty, "<Tenants/>").unwrap();
    let path = folder.path().to_str().unwrap();
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--fixtures",
        path,
        "--log",
        "json",
    ];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let mut markers = write_fixtures(folder.path());
    // A reload logs a limited number of errors, so these are alone.
    let more = [
        "<ExternalServices><ExternalService><MARK/></ExternalService></ExternalServices>",
        "<ExternalServices><ExternalService><IsEnabled>MARK</IsEnabled></ExternalService></ExternalServices>",
        "<ExternalServices><ExternalService><URI>/MARK</URI><ObjectId>MARK</ObjectId></ExternalService></ExternalServices>",
        "<MARK/>",
        "<ExternalServices MARK='1'/>",
    ];
    let reload = || server.client().control("POST", "/__mock/reload", "");
    let response = reload();
    assert_eq!(response.status, 422, "{response}");
    assert_hidden(markers.clone(), "the response to a reload", &response.body);
    for number in 0..FIXTURES.len() {
        fs::remove_file(folder.path().join(format!("{number}.xml"))).unwrap();
    }
    for fixture in more {
        let marker = Marker(markers.len());
        markers.push((marker, fixture));
        fs::write(&empty, fixture.replace("MARK", &marker.text())).unwrap();
        assert_eq!(reload().status, 422, "{fixture}");
    }
    server.signal("TERM");
    let (_, _, log) = server.wait_for_exit();
    assert!(log.lines().count() > 20, "{log}");
    assert_hidden(markers, "the log of a reload", &log);
}

#[test]
fn no_secret_of_a_configuration_file_shows_in_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mock.toml");
    for (number, config) in [
        "user = [\"admin:MARK\", 5 = ]",
        "user admin:MARK",
        "user = \"MARK\"",
        "user = [\":MARK\"]",
        "user = [[\"a:MARK\"]]",
        "user = { name = \"MARK\" }",
        "\"admin:MARK\" = true",
        "MARK = 1",
        "user = [{\"MARK\" = 1, \"MARK\" = 2}]",
        "control-token = \"MARK",
        "control-token = \"\\MARK\"",
        "control-token = [\"MARK\"]",
        "[MARK]\nuser = 1",
        "listen = \"http://a:MARK@host\"",
        "<ServicePassword>MARK</ServicePassword>",
    ]
    .iter()
    .enumerate()
    {
        let marker = Marker(number);
        fs::write(&file, config.replace("MARK", &marker.text())).unwrap();
        let path = file.to_str().unwrap();
        for arguments in [&["config", "--config", path][..], &["--config", path]] {
            let (status, stdout, stderr) = output(&mut cuc_mock(arguments));
            assert_eq!(status, 2, "{config}: {stderr}");
            assert_hidden([(marker, *config)], "an error", &(stdout + &stderr));
        }
    }
}

#[test]
fn no_key_shows_in_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let marker = Marker(0);
    let file = folder.path().join("key.pem");
    let path = file.to_str().unwrap();
    for pem in [
        "MARK",
        "-----BEGIN PRIVATE KEY-----\nMARK\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMARK",
        "-----BEGIN CERTIFICATE-----\nMARK=\n-----END CERTIFICATE-----\n",
        "-----BEGIN MARK-----\nMARK\n-----END MARK-----\n",
    ] {
        fs::write(&file, pem.replace("MARK", &marker.text())).unwrap();
        let options = [
            "--listen",
            "127.0.0.1:0",
            "--tls-cert",
            path,
            "--tls-key",
            path,
        ];
        let (status, _, stderr) = output(&mut cuc_mock(&options));
        assert_eq!(status, 2, "{stderr}");
        assert_hidden([(marker, pem)], "an error", &stderr);
    }
}
