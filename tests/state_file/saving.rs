//! Changes that are saved, and the moments of saving.

use std::{fs, path::Path};

use expect_test::expect;

use super::{SERVICES, file_names, start_server};
use crate::support::{Client, FolderWatch, ServerProcess, cuc_mock, exchange, output, tenants};

const TENANTS: &str = "/vmrest/tenants";
const STATE: &str = "/__mock/state";

/// Waits until the file holds the state of the server.
#[track_caller]
fn wait_until_saved(client: Client, file: &Path) {
    let watch = FolderWatch::new(file.parent().expect("a folder"));
    let state = client.control("GET", STATE, "").body;
    watch.wait_until(|| fs::read_to_string(file).expect("a state") == state);
}

#[test]
fn the_server_starts_from_the_seed_and_continues_from_its_last_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.xml");
    let mut state = String::new();
    for (signal, name) in [("TERM", "first"), ("INT", "second")] {
        let server = start_server(&file, &[]);
        let client = server.client();
        let initial = client.control("GET", STATE, "").body;
        assert_eq!(fs::read_to_string(&file).unwrap(), initial);
        assert!(state.is_empty() || state == initial);
        let service = exchange()
            .with("DisplayName", name)
            .with("ServicePassword", "hush");
        client.create(SERVICES, service.xml());
        state = client.control("GET", STATE, "").body;
        assert!(state.contains("hush"));
        server.signal(signal);
        assert_eq!(server.wait_for_exit().0, Some(0));
        assert_eq!(fs::read_to_string(&file).unwrap(), state);
    }
    assert_eq!(file_names(folder.path()), ["state.xml"]);
    let path = file.to_str().unwrap();
    assert_eq!(output(&mut cuc_mock(&["check", path])).0, 0);
}

#[test]
#[cfg(unix)]
fn only_the_owner_can_read_the_file_and_a_symbolic_link_is_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("state.xml"), folder.path().join("link"));
    fs::write(&file, tenants(&["one"])).unwrap();
    symlink(&file, &link).unwrap();
    let server = start_server(&link, &[]);
    let list = server.client().get(TENANTS).body;
    assert!(list.contains("<Alias>one</Alias>"), "{list}");
    server.client().create(SERVICES, exchange().xml());
    server.signal("TERM");
    server.wait_for_exit();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let metadata = fs::metadata(&file).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    let state = fs::read_to_string(&file).unwrap();
    assert!(state.contains("ServicePassword"), "{state}");
}

#[test]
fn every_kind_of_change_is_saved_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (file, seed) = (folder.path().join("state"), folder.path().join("seed.xml"));
    fs::write(&seed, tenants(&["one"])).unwrap();
    let server = start_server(&file, &["--fixtures", seed.to_str().unwrap()]);
    let client = server.client();
    let path = client.create(SERVICES, exchange().xml());
    wait_until_saved(client, &file);
    client.put(
        &path,
        "<ExternalService><Server>changed</Server></ExternalService>",
    );
    wait_until_saved(client, &file);
    assert!(fs::read_to_string(&file).unwrap().contains("changed"));
    client.control("PUT", "/__mock/snapshots/kept", "");
    client.delete(&path);
    wait_until_saved(client, &file);
    assert!(!fs::read_to_string(&file).unwrap().contains("changed"));
    client.control("POST", "/__mock/snapshots/kept/restore", "");
    wait_until_saved(client, &file);
    client.control("PUT", STATE, &tenants(&["put"]));
    wait_until_saved(client, &file);
    assert!(fs::read_to_string(&file).unwrap().contains("put"));
    fs::write(&seed, tenants(&["reloaded"])).unwrap();
    client.control("POST", "/__mock/reload", "");
    wait_until_saved(client, &file);
    assert!(fs::read_to_string(&file).unwrap().contains("reloaded"));
    client.delete(&format!("{TENANTS}/00000000-0000-4000-8000-000000000001"));
    wait_until_saved(client, &file);
    client.control("POST", "/__mock/reset", "");
    wait_until_saved(client, &file);
    assert!(fs::read_to_string(&file).unwrap().contains("reloaded"));
}

#[test]
fn the_state_takes_precedence_over_the_fixtures_and_a_reset_returns_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let (file, seed) = (folder.path().join("state"), folder.path().join("seed.xml"));
    fs::write(&seed, tenants(&["seed"])).unwrap();
    fs::write(&file, tenants(&["state"])).unwrap();
    let server = start_server(&file, &["--fixtures", seed.to_str().unwrap()]);
    let client = server.client();
    assert!(client.get(TENANTS).body.contains("<Alias>state</Alias>"));
    client.control("POST", "/__mock/spaces", r#"{"name":"other"}"#);
    let other = client.control("GET", "/__mock/state?space=other", "").body;
    assert!(
        other.contains("<Alias>seed</Alias>"),
        "only the default space is kept: {other}"
    );
    client.control("POST", "/__mock/reset", "");
    server.signal("TERM");
    assert_eq!(server.wait_for_exit().0, Some(0));
    let state = fs::read_to_string(&file).unwrap();
    assert!(state.contains("<Alias>seed</Alias>"), "{state}");
}

#[test]
fn a_failed_save_is_logged_and_saving_resumes_when_the_folder_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let (inner, away) = (folder.path().join("inner"), folder.path().join("away"));
    fs::create_dir(&inner).unwrap();
    let file = inner.join("state.xml");
    let mut server = start_server(&file, &[]);
    let client = server.client();
    fs::rename(&inner, &away).unwrap();
    client.create(SERVICES, exchange().xml());
    let log = server.wait_for_log("cannot save the state");
    assert!(
        log.contains("the server continues and tries again"),
        "{log}"
    );
    assert_eq!(client.get(SERVICES).status, 200);
    fs::rename(&away, &inner).unwrap();
    server.wait_for_log("the state is saved again");
    wait_until_saved(client, &file);
    fs::rename(&inner, &away).unwrap();
    client.create(SERVICES, exchange().with("DisplayName", "late").xml());
    server.signal("TERM");
    let (status, _, stderr) = server.wait_for_exit();
    assert_eq!(status, Some(1), "{stderr}");
    let error = stderr
        .lines()
        .last()
        .unwrap_or_default()
        .replace(folder.path().to_str().unwrap(), "FOLDER");
    expect!["FOLDER/inner/state.xml: cannot save the state: No such file or directory (os error 2) at path \"FOLDER/inner/state.xml.saving\"; the last changes are lost"]
        .assert_eq(&error);
}

#[test]
fn without_the_option_no_file_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = cuc_mock(&["--listen", "127.0.0.1:0"]);
    let server = ServerProcess::start(command.current_dir(folder.path()));
    server.client().create(SERVICES, exchange().xml());
    server.signal("TERM");
    server.wait_for_exit();
    assert!(file_names(folder.path()).is_empty());
}
