//! Options, their environment variables, and the configuration file.

use std::{
    ffi::OsStr, fs, io::Write, net::TcpListener, os::unix::ffi::OsStrExt, path::Path,
    process::Command, thread,
};

use expect_test::expect;

use crate::support::{ServerProcess, basic_authorization, cuc_mock, output};

/// Runs `cuc-mock config`. Returns the exit status, and stdout followed by stderr.
fn config(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let mut command = cuc_mock(&["config"]);
    command.args(arguments).envs(variables.iter().copied());
    let (status, stdout, stderr) = output(&mut command);
    (status, stdout + &stderr)
}

fn option_line(printed: &str, option: &str) -> String {
    let is_it = |line: &&str| line.trim_start_matches("# ").split(' ').next() == Some(option);
    printed.lines().find(is_it).unwrap_or_default().to_owned()
}

fn file(folder: &Path, text: &str) -> String {
    let path = folder.join("mock.toml");
    fs::write(&path, text).expect("a writable folder");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_flag_in_a_variable_is_any_common_spelling_of_a_boolean() {
    let no_auth = |value: &str| {
        let (status, printed) = config(&[], &[("CUC_MOCK_NO_AUTH", value)]);
        (status, option_line(&printed, "no-auth"))
    };
    let from_variable = |value: &str| {
        let line = format!("no-auth = {value}  # environment CUC_MOCK_NO_AUTH");
        (0, line)
    };
    for value in ["true", "1", "yes", "on", "TRUE", "Yes", "oN"] {
        assert_eq!(no_auth(value), from_variable("true"), "{value}");
    }
    for value in ["false", "0", "no", "off", "FALSE", "No", "oFF"] {
        assert_eq!(no_auth(value), from_variable("false"), "{value}");
    }
    assert_eq!(no_auth(""), (0, "no-auth = false  # default".to_owned()));
    for (command, variable) in [
        ("serve", "CUC_MOCK_NO_AUTH"),
        ("serve", "CUC_MOCK_HTTPS_ONLY"),
        ("healthcheck", "CUC_MOCK_WATCH"),
        ("coverage", "CUC_MOCK_UNTOUCHED"),
    ] {
        let (status, stdout, stderr) = output(cuc_mock(&[command]).env(variable, "maybe"));
        assert_eq!((status, stdout.as_str()), (2, ""), "{command}");
        let expected = format!(
            "{variable} is \"maybe\": expected one of true, false, 1, 0, yes, no, on, off\n"
        );
        assert_eq!(stderr, expected);
    }
}

#[test]
fn options_take_precedence_over_variables_which_take_precedence_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        folder.path(),
        "journal = 1\ngrace = 2\nseed = 3\nspaces = \"auto\"\n",
    );
    let variables = [
        ("CUC_MOCK_JOURNAL", "10"),
        ("CUC_MOCK_GRACE", "20"),
        ("CUC_MOCK_SEED", ""),
    ];
    let (status, printed) = config(&["--config", &path, "--journal", "100"], &variables);
    assert_eq!(status, 0, "{printed}");
    let lines = ["journal", "grace", "seed", "spaces", "clock", "state"];
    let lines = lines.map(|option| option_line(&printed, option)).join("\n");
    expect![[r#"
        journal = 100  # option
        grace = 20  # environment CUC_MOCK_GRACE
        seed = 3  # file FOLDER/mock.toml:3
        spaces = "auto"  # file FOLDER/mock.toml:4
        clock = "real"  # default
        # state is not set"#]]
    .assert_eq(&lines.replace(folder.path().to_str().unwrap(), "FOLDER"));
}

#[test]
fn a_repeatable_option_is_an_array_in_the_file_and_comma_separated_in_a_variable() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        folder.path(),
        "tls-name = [\"a\", \"b\"]\nfixtures = \"seed\"\n",
    );
    let tls_names = |variables: &[(&str, &str)], arguments: &[&str]| {
        let (status, printed) = config(&[&["--config", &path], arguments].concat(), variables);
        assert_eq!(status, 0, "{printed}");
        option_line(&printed, "tls-name")
            .split("  #")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let variable = [("CUC_MOCK_TLS_NAME", "c,,d")];
    assert_eq!(tls_names(&[], &[]), r#"tls-name = ["a","b"]"#);
    assert_eq!(tls_names(&variable, &[]), r#"tls-name = ["c","d"]"#);
    assert_eq!(
        tls_names(&variable, &["--tls-name", "e"]),
        r#"tls-name = ["e"]"#
    );
    assert_eq!(
        tls_names(&[("CUC_MOCK_TLS_NAME", "")], &[]),
        r#"tls-name = ["a","b"]"#
    );
}

#[test]
fn a_comma_in_a_value_of_a_variable_is_escaped() {
    let variable = [("CUC_MOCK_FIXTURES", r"/a\,b,/c")];
    let (_, printed) = config(&[], &variable);
    expect![[r#"fixtures = ["/a,b","/c"]  # environment CUC_MOCK_FIXTURES"#]]
        .assert_eq(&option_line(&printed, "fixtures"));
}

#[test]
fn a_comma_in_a_password_is_escaped_or_mentioned() {
    let start = |users: &str| {
        let mut command = cuc_mock(&["--listen", "127.0.0.1:0", "--log", "pretty"]);
        let server = ServerProcess::start(command.env("CUC_MOCK_USER", users));
        let credentials = basic_authorization("admin:a,b:c");
        let services = "/vmrest/externalservices";
        let response = server.client().request("GET", services, &credentials, b"");
        server.signal("TERM");
        (response.status, server.wait_for_exit().2)
    };
    let (status, log) = start(r"admin:a\,b:c");
    assert_eq!(status, 200, "{log}");
    assert!(!log.contains("CUC_MOCK_USER"), "{log}");
    let (status, log) = start("admin:a,b:c");
    assert_eq!(status, 401, "{log}");
    let remark = r"CUC_MOCK_USER names 2 users, because a comma separates two values: `\,` is a comma in a value";
    assert!(log.contains(remark), "{log}");
}

#[test]
fn paths_in_the_file_are_relative_to_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        folder.path(),
        "fixtures = [\"seed\", \"/else/where\"]\nstate = \"kept.xml\"\n",
    );
    let (_, config) = config(&["--config", &path], &[]);
    let printed = config.replace(folder.path().to_str().unwrap(), "FOLDER");
    expect![[r#"fixtures = ["FOLDER/seed","/else/where"]  # file FOLDER/mock.toml:1"#]]
        .assert_eq(&option_line(&printed, "fixtures"));
    expect![[r#"state = "FOLDER/kept.xml"  # file FOLDER/mock.toml:2"#]]
        .assert_eq(&option_line(&printed, "state"));
}

#[test]
fn passwords_and_tokens_are_hidden_from_every_source() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "control-token = \"hush\"\n");
    let (_, printed) = config(&["--config", &path], &[("CUC_MOCK_USER", "admin:hush")]);
    assert!(!printed.contains("hush"), "{printed}");
    expect!["# user is set but hidden  # environment CUC_MOCK_USER"]
        .assert_eq(&option_line(&printed, "user"));
    let (_, wrong) = config(
        &["--config", &file(folder.path(), "user = [\"hush\"]\n")],
        &[],
    );
    assert!(
        wrong.contains("NAME:PASSWORD") && !wrong.contains("hush"),
        "{wrong}"
    );
}

#[test]
fn the_printed_configuration_can_be_used_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let options = [
        "--journal",
        "7",
        "--tls-name",
        "x",
        "--fixtures",
        "fixtures",
        "--no-auth",
    ];
    let values = |printed: &str| -> Vec<String> {
        let value = |line: &str| line.split("  # ").next().unwrap_or_default().to_owned();
        printed.lines().map(value).collect()
    };
    let (_, first) = config(&options, &[]);
    let (status, again) = config(&["--config", &file(folder.path(), &first)], &[]);
    assert_eq!((status, values(&again)), (0, values(&first)));
}

#[test]
fn all_mistakes_in_the_file_are_reported_with_their_positions() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        folder.path(),
        "listen = \"nowhere\"\njournl = 3\nno-auth = \"yes\"\ngrace = [1]\nlog = \"loud\"\n[tls]\n",
    );
    let (status, stdout, stderr) = output(&mut cuc_mock(&["--config", &path]));
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        FOLDER/mock.toml:1:10: listen is "nowhere": expected a host and a port, such as 127.0.0.1:8443, [::1]:8443, localhost:8443, or :8443 for all addresses
        FOLDER/mock.toml:2:1: found the key "journl", expected the name of an option of cuc-mock serve, such as journal
        FOLDER/mock.toml:3:11: no-auth is "yes", expected true or false
        FOLDER/mock.toml:4:9: grace is [1], expected a string or a number
        FOLDER/mock.toml:5:7: log is "loud": expected pretty or json or off
        FOLDER/mock.toml:6:2: found the key "tls", expected the name of an option of cuc-mock serve, such as tls-key
    "#]]
    .assert_eq(&stderr.replace(folder.path().to_str().unwrap(), "FOLDER"));
    let (status, broken) = config(&["--config", &file(folder.path(), "listen = ")], &[]);
    assert_eq!(status, 2);
    assert!(broken.contains("mock.toml:1:"), "{broken}");
    let (status, absent) = config(&[], &[("CUC_MOCK_CONFIG", "/not/there.toml")]);
    assert_eq!(status, 2);
    assert!(
        absent.starts_with("/not/there.toml: cannot be read: "),
        "{absent}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_conflict_is_reported_even_if_the_settings_cannot_be_printed() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let mut command = cuc_mock(&["config", "--watch"]);
    let output = command.stdout(full.unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    expect![[r#"
        --watch requires --fixtures or --resources
    "#]]
    .assert_eq(&String::from_utf8(output.stderr).unwrap());
}

#[test]
fn conflicts_between_options_are_reported_across_sources() {
    let folder = tempfile::tempdir().unwrap();
    let run = |command: &str, text: &str, arguments: &[&str]| {
        let path = file(folder.path(), text);
        let mut command = cuc_mock(&[command, "--log", "off", "--config", &path]);
        let (status, stdout, stderr) = output(command.args(arguments));
        let place = folder.path().to_str().unwrap();
        (status, stdout, stderr.replace(place, "FOLDER"))
    };
    let rejection = |text: &str, arguments: &[&str]| {
        let (status, stdout, stderr) = run("serve", text, arguments);
        assert_eq!((status, stdout.as_str()), (2, ""));
        let (status, printed, same) = run("config", text, arguments);
        assert_eq!((status, same.as_str()), (2, stderr.as_str()));
        assert!(
            printed.contains("\njournal = 1000  # default\n"),
            "{printed}"
        );
        stderr
    };
    expect![[r#"
        --tls-cert (file FOLDER/mock.toml:1) requires --tls-key
    "#]]
    .assert_eq(&rejection("tls-cert = \"a\"\n", &[]));
    expect![[r#"
        --tls-key requires --tls-cert
        --watch requires --fixtures or --resources
    "#]]
    .assert_eq(&rejection("", &["--tls-key", "a", "--watch"]));
    expect![[r#"
        --no-auth cannot be used together with --user (file FOLDER/mock.toml:1)
    "#]]
    .assert_eq(&rejection("user = \"a:b\"\n", &["--no-auth"]));
    expect![[r#"
        --tls-cert (file FOLDER/mock.toml:1) cannot be used together with --ca-out
    "#]]
    .assert_eq(&rejection(
        "tls-cert = \"a\"\ntls-key = \"b\"\n",
        &["--ca-out", "c"],
    ));
}

#[test]
fn secrets_appear_neither_in_the_help_nor_in_errors() {
    let secrets = [
        ("CUC_MOCK_CONTROL_TOKEN", "hush"),
        ("CUC_MOCK_USER", "a:hush,hush"),
    ];
    for arguments in [&["--help"][..], &["help", "serve"], &["serve", "--help"]] {
        let (status, stdout, stderr) = output(cuc_mock(arguments).envs(secrets));
        assert_eq!((status, stderr.as_str()), (0, ""));
        assert!(
            stdout.contains("--control-token") && !stdout.contains("hush"),
            "{stdout}"
        );
    }
    let rejection = |command: &mut Command| {
        let (status, stdout, stderr) = output(command);
        assert_eq!((status, stdout.as_str()), (2, ""));
        stderr
    };
    expect![[r#"
        CUC_MOCK_USER is invalid: expected NAME:PASSWORD; a comma separates two values, `\,` is a comma in a value
    "#]]
    .assert_eq(&rejection(cuc_mock(&[]).envs(secrets)));
    expect![[r#"
        --user is invalid: expected NAME:PASSWORD
    "#]]
    .assert_eq(&rejection(&mut cuc_mock(&["--user", "hush"])));
}

#[test]
fn an_invalid_variable_is_named_and_affects_only_the_commands_that_read_it() {
    let rejection = |name: &str, value: &OsStr| {
        let (status, stdout, stderr) = output(cuc_mock(&[]).env(name, value));
        assert_eq!((status, stdout.as_str()), (2, ""));
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
        for others in [&["schema", "fixtures"][..], &["check", fixtures]] {
            let (status, _, stderr) = output(cuc_mock(others).env(name, value));
            assert_eq!((status, stderr.as_str()), (0, ""), "{others:?}");
        }
        stderr
    };
    expect![[r#"
        CUC_MOCK_JOURNAL is "many": expected a whole number from 0
    "#]]
    .assert_eq(&rejection("CUC_MOCK_JOURNAL", OsStr::new("many")));
    expect![[r#"
        CUC_MOCK_LISTEN is "8443": expected a host and a port, such as 127.0.0.1:8443, [::1]:8443, localhost:8443, or :8443 for all addresses
    "#]]
    .assert_eq(&rejection("CUC_MOCK_LISTEN", OsStr::new("8443")));
    expect![[r#"
        CUC_MOCK_LOG is "�": expected pretty or json or off
    "#]]
    .assert_eq(&rejection("CUC_MOCK_LOG", OsStr::from_bytes(b"\xFF")));
}

/// Returns the names of the options of `serve`.
fn options() -> Vec<String> {
    let (_, printed) = config(&[], &[]);
    let name = |line: &str| {
        let line = line.trim_start_matches("# ");
        line.split(' ').next().unwrap_or_default().to_owned()
    };
    printed.lines().map(name).collect()
}

#[test]
fn every_option_is_in_the_help_and_on_the_operations_page_with_its_variable() {
    let (_, help, _) = output(&mut cuc_mock(&["--help"]));
    let page = include_str!("../docs/operations.md");
    let options = options();
    assert!(options.len() > 20, "{options:?}");
    for name in options {
        assert!(
            help.contains(&format!("--{name}")),
            "the help lacks --{name}"
        );
        assert!(
            page.contains(&format!("`--{name}")),
            "docs/operations.md lacks --{name}"
        );
        let variable = format!("CUC_MOCK_{}", name.to_uppercase().replace('-', "_"));
        assert!(help.contains(&variable), "the help lacks {variable}");
        assert!(
            page.contains(&variable),
            "docs/operations.md lacks {variable}"
        );
    }
}

#[cfg(feature = "manual")]
#[test]
fn completions_and_manual_pages_name_every_option() {
    let print = |arguments: &[&str]| {
        let (status, stdout, stderr) = output(&mut cuc_mock(arguments));
        assert_eq!(status, 0, "{stderr}");
        stdout
    };
    let page = print(&["man"]).replace("\\-", "-");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = print(&["completions", shell]);
        for name in options() {
            assert!(script.contains(&name), "{shell} lacks {name}");
            assert!(
                page.contains(&format!("--{name}")),
                "the manual lacks {name}"
            );
        }
    }
    assert!(print(&["man", "check"]).contains("cuc\\-mock\\-check"));
    assert_eq!(output(&mut cuc_mock(&["man", "nothing"])).0, 2);
}

#[test]
fn the_health_check_reads_the_configuration_of_the_server() {
    let options = [
        "--https-only",
        "--control-token",
        "t",
        "--user",
        "a:b",
        "--log",
        "off",
    ];
    let server = ServerProcess::start(cuc_mock(&["--listen", "127.0.0.1:0"]).args(options));
    let address = server.address().to_string();
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        folder.path(),
        &format!("listen = \"{address}\"\nhttps-only = true\n"),
    );
    let check = |variable: &str, value: &str| {
        let mut command = cuc_mock(&["healthcheck"]);
        output(command.env(variable, value)).0
    };
    assert_eq!(check("CUC_MOCK_CONFIG", &path), 0);
    assert_eq!(check("CUC_MOCK_LISTEN", &address), 0);
    let everywhere = address.replace("127.0.0.1", "0.0.0.0");
    assert_eq!(check("CUC_MOCK_LISTEN", &everywhere), 0);
    drop(server);
    assert_eq!(check("CUC_MOCK_CONFIG", &path), 1);
}

#[test]
fn the_health_check_accepts_every_option_of_the_server() {
    let options = ["--listen", "127.0.0.1:0", "--log", "off"];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let address = server.address().to_string();
    let others = [
        "--https-only",
        "--no-auth",
        "--fixtures",
        "not/there",
        "--state",
        "s.xml",
        "--max-connections",
        "7",
        "--control-token",
        "t",
    ];
    let mut check = cuc_mock(&["healthcheck", "--listen", &address]);
    let result = output(check.args(others));
    assert_eq!(result, (0, String::new(), String::new()));
    let (_, help, _) = output(&mut cuc_mock(&["healthcheck", "--help"]));
    assert!(
        help.contains("--listen") && !help.contains("--journal"),
        "{help}"
    );
}

#[test]
fn the_health_check_asks_at_the_first_address() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "127.0.0.1:0", "--log", "off"]));
    let port = server.address().port();
    let check = |listen: &str| output(cuc_mock(&["healthcheck"]).env("CUC_MOCK_LISTEN", listen)).0;
    assert_eq!(check(&format!(":{port},203.0.113.1:1")), 0);
    assert_eq!(check(&format!("localhost:{port}")), 0);
    assert_eq!(check(&format!("203.0.113.1:0,127.0.0.1:{port}")), 1);
}

#[test]
fn the_health_check_accepts_the_zone_of_an_ipv6_address() {
    let server = ServerProcess::start(&mut cuc_mock(&["--listen", "[::1]:0", "--log", "off"]));
    let port = server.address().port();
    // Linux ignores the zone of an address that is not link-local.
    let address = format!("[::1%1]:{port}");
    let check = || output(&mut cuc_mock(&["healthcheck", "--listen", &address]));
    assert_eq!(check(), (0, String::new(), String::new()));
    server.kill();
    let (status, _, stderr) = check();
    assert_eq!(status, 1);
    let expected = format!("http://{address} does not respond: ");
    assert!(stderr.starts_with(&expected), "{stderr}");
}

#[test]
fn the_health_check_fails_on_port_0_and_on_an_endless_response() {
    let check = |address: &str| {
        let (status, stdout, stderr) = output(&mut cuc_mock(&["healthcheck", "--listen", address]));
        assert_eq!((status, stdout.as_str()), (1, ""));
        stderr.replace(address, "ADDRESS")
    };
    expect![[r#"
        the port is 0, expected the port that the server listens on
    "#]]
    .assert_eq(&check("127.0.0.1:0"));
    // This server never stops sending.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the health check");
        while stream.write_all(&[b'a'; 1024]).is_ok() {}
    });
    expect![[r#"
        http://ADDRESS does not respond: it does not speak HTTP
    "#]]
    .assert_eq(&check(&address));
}

/// The commands, each with an option of its help.
const COMMANDS: &[(&str, &str)] = &[
    ("serve", "--listen"),
    ("check", "--cuc-version"),
    ("healthcheck", "--listen"),
    ("export", "--output"),
    ("coverage", "--fail-under"),
    ("requests", "--since"),
    ("verify", "--exactly"),
    ("fault", "--times"),
    ("reset", "--space"),
    ("config", "--listen"),
    #[cfg(feature = "manual")]
    ("completions", "--help"),
    #[cfg(feature = "manual")]
    ("man", "--help"),
];

#[test]
fn the_help_fits_the_terminal_and_breaks_no_note() {
    for columns in [80, 100] {
        let commands = COMMANDS
            .iter()
            .map(|(command, option)| (vec![*command], *option));
        for (command, option) in commands.chain([(vec![], "--listen")]) {
            for help in ["-h", "--help"] {
                let mut run = cuc_mock(&[&command[..], &[help]].concat());
                let (status, text, stderr) = output(run.env("COLUMNS", columns.to_string()));
                assert_eq!((status, stderr.as_str()), (0, ""));
                assert!(text.contains(option), "{command:?}: {text}");
                for line in text.lines() {
                    assert!(
                        line.chars().count() <= columns,
                        "{command:?} {help}: {line}"
                    );
                    let is_whole = !line.contains("[env") || line.trim_end().ends_with(']');
                    assert!(is_whole, "{command:?} {help}: {line}");
                }
            }
        }
    }
}

#[cfg(feature = "manual")]
#[test]
fn the_manual_pages_have_an_environment_and_the_exit_statuses() {
    let commands = COMMANDS.iter().map(|(command, _)| vec!["man", command]);
    for arguments in commands.chain([vec!["man"]]) {
        let (status, page, stderr) = output(&mut cuc_mock(&arguments));
        assert_eq!((status, stderr.as_str()), (0, ""), "{arguments:?}");
        for section in ["\n.SH \"EXIT STATUS\"\n", "\n.SH ENVIRONMENT\n"] {
            let is_shown = page.contains(section) || !page.contains("CUC_MOCK_");
            assert!(is_shown, "{arguments:?} lacks {section:?}: {page}");
        }
    }
    let page = output(&mut cuc_mock(&["man"])).1;
    let variables = options();
    assert!(variables.len() > 20, "{variables:?}");
    for name in variables {
        let variable = format!(
            "\\fBCUC_MOCK_{}\\fR\n",
            name.to_uppercase().replace('-', "_")
        );
        assert!(page.contains(&variable), "the manual lacks {variable}");
    }
}

/// Returns the path and content of every text file below a folder.
fn text_files(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(text_files(&path));
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push((path.display().to_string(), text));
        }
    }
    files
}

#[test]
fn every_variable_in_the_examples_and_the_dockerfile_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (_, help, _) = output(&mut cuc_mock(&["--help"]));
    let dockerfile = fs::read_to_string(root.join("Dockerfile")).expect("a Dockerfile");
    let mut texts = text_files(&root.join("examples"));
    texts.push(("Dockerfile".to_owned(), dockerfile));
    for (path, text) in texts {
        for rest in text.split("CUC_MOCK_").skip(1) {
            let is_of_name = |letter: char| letter.is_ascii_uppercase() || letter == '_';
            let end = rest
                .find(|letter| !is_of_name(letter))
                .unwrap_or(rest.len());
            let variable = format!("CUC_MOCK_{}", &rest[..end]);
            // The commands that query a running server read this one.
            let is_read = help.contains(&variable) || variable == "CUC_MOCK_URL";
            assert!(is_read, "{path}: {variable}");
        }
    }
}
