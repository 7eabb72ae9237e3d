//! `cuc-mock check`.

use std::path::Path;

use cuc_mock::CucMock;
use expect_test::expect;

use crate::support::{Client, cuc_mock, make_fifo, output, services, tenants};

/// Runs `check` in a folder with these files. Returns the exit status, stdout and stderr.
#[track_caller]
fn check(files: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    let arguments = [&["check"], arguments].concat();
    output(cuc_mock(&arguments).current_dir(folder.path()))
}

#[test]
fn valid_fixtures_are_counted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = cuc_mock(&["check", "fixtures"]);
    expect![[r#"
        no errors in 2 Tenants and 5 ExternalServices
    "#]]
    .assert_eq(&output(command.current_dir(root)).1);
    let later_release = [
        "check",
        "fixtures/tenants.xml",
        "fixtures/11.5",
        "--cuc-version",
        "15",
    ];
    assert_eq!(output(cuc_mock(&later_release).current_dir(root)).0, 0);
    let (status, _, stderr) = output(cuc_mock(&["check", "fixtures/11.5"]).current_dir(root));
    assert_eq!(status, 2);
    assert!(stderr.contains("is not in release 10.5"), "{stderr}");
}

#[test]
fn all_mistakes_of_all_files_are_reported_with_their_places() {
    let services = r#"<?xml version="1.0"?>
<ExternalServices total="2" colour="blue">
  <ExternalService>
    <URI>/vmrest/externalservices/elsewhere</URI>
    <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
    <TenantObjectId>00000000-0000-4000-8000-000000000000</TenantObjectId>
    <DisplayName>One</DisplayName>
    <Colour>blue</Colour>
    <ServiceAlias>admin</ServiceAlias>
    <ServicePassword/>
    <ServerType>7</ServerType>
  </ExternalService>
  <ExternalService>
    <ObjectId>6F4F7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
    <DisplayName>ONE</DisplayName><IsEnabled>maybe</IsEnabled>
    <ServiceAlias>admin</ServiceAlias>
    <ServicePassword>kept</ServicePassword>
    <ServerType>1</ServerType>
    <TransferExtensionDialString>1</TransferExtensionDialString>
    <ExternalServiceResetURI>x</ExternalServiceResetURI>
  </ExternalService>
  <ExternalService>text<DisplayName>Two</DisplayName><Server>x</Server><Server>y</Server>
    <ServiceAlias>admin</ServiceAlias><ServicePassword/><ServerType>5</ServerType></ExternalService>
  <Service/>
</ExternalServices>
"#;
    let tenants =
        "<Tenants>\n<Tenant><ObjectId>x</ObjectId><Alias>a</Alias></Tenant>\n<Tenant>\n</Tenants>";
    let files = [
        ("services.xml", services),
        ("tenants.xml", tenants),
        ("empty.xml", ""),
    ];
    let (status, stdout, stderr) = check(&files, &["."]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        ./empty.xml:1:1: no element found, expected a root element
        ./services.xml:2:1: found the attribute colour, expected none
        ./services.xml:4:5: URI is "/vmrest/externalservices/elsewhere", expected /vmrest/externalservices/6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        ./services.xml:8:5: found <Colour>, expected a field of ExternalService
        ./services.xml:11:5: ServerType is "7", expected 1, 4 or 5
        ./services.xml:13:3: Server is missing, expected a value, it is mandatory when ServerType is 1 or 4
        ./services.xml:14:5: ObjectId is "6F4F7023-e9e5-4cd0-bf55-e20a0be6fd78", expected a value that no other ExternalService has
        ./services.xml:15:5: DisplayName is "ONE", expected a value that no other ExternalService has
        ./services.xml:15:35: IsEnabled is "maybe", expected true or false
        ./services.xml:20:5: ExternalServiceResetURI is not in release 10.5
        ./services.xml:22:3: ObjectId is missing, expected a value, it is mandatory
        ./services.xml:22:20: found a text, expected an element
        ./services.xml:22:72: Server is given twice, expected it once
        ./services.xml:24:3: found <Service>, expected <ExternalService>
        ./tenants.xml:2:1: SmtpDomain is missing, expected a value, it is mandatory
        ./tenants.xml:2:9: ObjectId is "x", expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        ./tenants.xml:4:1: found an end tag that does not match its start tag
    "#]].assert_eq(&stderr);
}

#[test]
fn an_invisible_character_between_the_elements_of_a_fixture_is_named() {
    let services = "<ExternalServices>\u{a0}\n\u{200b}x</ExternalServices>\u{feff}";
    let (status, stdout, stderr) = check(&[("services.xml", services)], &["."]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        ./services.xml:1:19: found the character U+00A0, expected an element
        ./services.xml:2:22: found the character U+FEFF outside the root element
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn a_reference_to_a_missing_tenant_is_a_mistake() {
    let file = r#"<ExternalServices><ExternalService>
        <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
        <TenantObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</TenantObjectId>
        <DisplayName>One</DisplayName><Server>x</Server><ServiceAlias>a</ServiceAlias><ServicePassword/>
        <ServerType>5</ServerType></ExternalService></ExternalServices>"#;
    let (status, _, stderr) = check(&[("services.xml", file)], &["services.xml"]);
    assert_eq!(status, 2);
    expect![[r#"
        services.xml:3:9: TenantObjectId is "fe6541fb-b42c-44f2-8404-ded14cbf7438", expected the ObjectId of a Tenant
    "#]].assert_eq(&stderr);
}

#[test]
fn one_file_can_hold_several_collections_in_any_order() {
    let file = r#"<UnityConnection><ExternalServices><ExternalService>
        <ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId>
        <TenantObjectId>FE6541FB-b42c-44f2-8404-ded14cbf7438</TenantObjectId>
        <DisplayName>One</DisplayName><Server>x</Server><ServiceAlias>a</ServiceAlias><ServicePassword/>
        <ServerType>5</ServerType></ExternalService></ExternalServices>
        <Tenants><Tenant><ObjectId>fe6541fb-b42c-44f2-8404-ded14cbf7438</ObjectId>
        <Alias>a</Alias><SmtpDomain>a.org</SmtpDomain></Tenant></Tenants></UnityConnection>"#;
    let (status, stdout, stderr) = check(&[("all.xml", file)], &["all.xml"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    expect![[r#"
        no errors in 1 Tenants and 1 ExternalServices
    "#]]
    .assert_eq(&stdout);
}

#[test]
fn an_unreadable_path_is_named() {
    let (status, _, stderr) = check(
        &[
            ("note.txt", ""),
            ("bad.xml.txt", "<Tenants><Tenant/></Tenants>"),
            ("._t.xml", "\0\u{5}\u{16}\u{7}"),
            (".hidden.xml", "<Tenants><Tenant/></Tenants>"),
            (".#t.xml", "name@host"),
        ],
        &["missing.xml", ".", "bad.xml.txt"],
    );
    assert_eq!(status, 2);
    expect![[r#"
        missing.xml: cannot be read: No such file or directory (os error 2)
        .: found no *.xml in this folder, expected at least one
        bad.xml.txt:1:10: ObjectId is missing, expected a value, it is mandatory
        bad.xml.txt:1:10: Alias is missing, expected a value, it is mandatory
        bad.xml.txt:1:10: SmtpDomain is missing, expected a value, it is mandatory
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn the_first_hundred_errors_are_reported_and_the_others_are_counted() {
    let service = |number| {
        format!(
            "<ExternalService><ObjectId>{number:08}-0000-4000-8000-000000000001</ObjectId>\
             <DisplayName>{number}</DisplayName><Server>x</Server><ServiceAlias>a</ServiceAlias>\
             <ServicePassword/><ServerType>4</ServerType>\n<ClientId>x</ClientId></ExternalService>\n"
        )
    };
    let services: String = (0..20_000).map(service).collect();
    let later = format!("<ExternalServices>\n{services}</ExternalServices>");
    // The error that is found last comes first: the rules are checked after all files have been read.
    let tenants = format!("<Tenants>\n<Tenant/>{}</Tenants>", "<a/>\n".repeat(80_000));
    let files = [("later.xml", later.as_str()), ("unknown.xml", &tenants)];
    let (status, stdout, stderr) = check(&files, &["unknown.xml", "later.xml"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    let lines: Vec<_> = stderr.lines().collect();
    assert_eq!(lines.len(), 101);
    expect![[r#"
        unknown.xml:2:1: ObjectId is missing, expected a value, it is mandatory
        unknown.xml:2:1: Alias is missing, expected a value, it is mandatory
        unknown.xml:2:1: SmtpDomain is missing, expected a value, it is mandatory
        unknown.xml:2:10: found <a>, expected <Tenant>
        unknown.xml:3:1: found <a>, expected <Tenant>"#]]
    .assert_eq(&lines[..5].join("\n"));
    expect![[r#"
        unknown.xml:98:1: found <a>, expected <Tenant>
        and 159903 more errors"#]]
    .assert_eq(&lines[99..].join("\n"));
    let (_, _, stderr) = check(&files, &["later.xml"]);
    let lines: Vec<_> = stderr.lines().collect();
    expect![[r#"
        later.xml:2:1: AuthenticationMode is missing, expected a value, it is mandatory when ServerType is 4
        later.xml:51:1: ClientId is not in release 10.5
        and 79900 more errors"#]]
    .assert_eq(&[lines[0], lines[99], lines[100]].join("\n"));
}

#[test]
fn every_kind_of_error_is_counted_without_end() {
    let strays = format!("<Tenants>{}</Tenants>", "x<!---->".repeat(200));
    let attributes: String = (0..200).map(|number| format!(" a{number}=''")).collect();
    let attributes = format!("<Tenants{attributes}/>");
    let repeated = format!(
        "<Tenants><Tenant><ObjectId>{}</ObjectId><SmtpDomain>a</SmtpDomain>{}</Tenant></Tenants>",
        "00000000-0000-4000-8000-000000000001",
        "<Alias>a</Alias>".repeat(201)
    );
    let object = "<Tenant><ObjectId>00000000-0000-4000-8000-000000000001</ObjectId>\
                  <Alias>a</Alias><SmtpDomain>a</SmtpDomain></Tenant>";
    let duplicates = format!("<Tenants>{}</Tenants>", object.repeat(101));
    for (document, omitted) in [
        (strays, 100),
        (attributes, 100),
        (repeated, 100),
        // The ids, the aliases and the domains.
        (duplicates, 200),
    ] {
        let (status, _, stderr) = check(&[("a.xml", &document)], &["a.xml"]);
        assert_eq!((status, stderr.lines().count()), (2, 101), "{stderr}");
        let last = format!("\nand {omitted} more errors\n");
        assert!(stderr.ends_with(&last), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    use std::os::unix::{fs::symlink, net::UnixListener};

    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    make_fifo(&path("fifo.xml"));
    symlink("fifo.xml", path("link.xml")).unwrap();
    symlink("loop.xml", path("loop.xml")).unwrap();
    symlink("/dev/zero", path("device.xml")).unwrap();
    std::fs::create_dir(path("folder.xml")).unwrap();
    let _listener = UnixListener::bind(path("socket.xml")).unwrap();
    std::fs::write(path("tenants.xml"), tenants(&["one"])).unwrap();
    symlink("tenants.xml", path("ok")).unwrap();
    let sparse = std::fs::File::create(path("sparse.xml")).unwrap();
    sparse.set_len(1 << 40).unwrap();
    let mut command = cuc_mock(&["check", ".", "fifo.xml", "/dev/null"]);
    let (status, _, stderr) = output(command.current_dir(folder.path()));
    assert_eq!(status, 2);
    expect![[r#"
        ./device.xml: cannot be read: it is a device, expected a regular file
        ./fifo.xml: cannot be read: it is a FIFO, expected a regular file
        ./folder.xml: cannot be read: it is a folder, expected a regular file
        ./link.xml: cannot be read: it is a FIFO, expected a regular file
        ./loop.xml: cannot be read: Too many levels of symbolic links (os error 40)
        ./socket.xml: cannot be read: it is a socket, expected a regular file
        ./sparse.xml: is too large, expected at most 2 GiB in all fixtures together
        fifo.xml: cannot be read: it is a FIFO, expected a regular file
        /dev/null: cannot be read: it is a device, expected a regular file
    "#]]
    .assert_eq(&stderr);
    let mut command = cuc_mock(&["check", "ok"]);
    let (status, _, stderr) = output(command.current_dir(folder.path()));
    assert_eq!((status, stderr.as_str()), (0, ""));
    let stdin = std::fs::File::open(path("tenants.xml")).unwrap();
    let mut command = cuc_mock(&["check", "/dev/stdin"]);
    assert_eq!(output(command.stdin(stdin)).0, 0);
}

#[test]
fn more_records_than_the_maximum_are_an_error() {
    let three = services(3);
    let files = [("a.xml", three.as_str())];
    let mock = CucMock::builder().empty().start_blocking();
    let all = Client::of(&mock).count_records() + 3;
    let limited = |max: usize| check(&files, &["a.xml", "--max-records", &max.to_string()]);
    assert_eq!(limited(all).0, 0);
    let (status, _, stderr) = limited(2);
    assert_eq!(status, 2);
    // Further records exist with users, and are not in a file.
    let given = stderr
        .split(' ')
        .nth(2)
        .and_then(|number| number.parse::<usize>().ok());
    let given = given.filter(|given| *given < all).expect("a number");
    for max in [given - 1, 2] {
        let (status, _, stderr) = limited(max);
        assert_eq!(status, 2);
        let expected = format!(
            "a.xml: found {given} records, including those of the system, expected at most {max} (--max-records)\n"
        );
        assert_eq!(stderr, expected);
    }
    for max in [all - 1, given] {
        let (status, _, stderr) = limited(max);
        assert_eq!(status, 2);
        let expected = format!(
            "a.xml: found more than {max} records, including those of the system and those that exist with others, \
             expected at most {max} (--max-records)\n"
        );
        assert_eq!(stderr, expected);
    }
}

/// A file with a misspelt field, and one of a later release.
const FILES: [(&str, &str); 2] = [
    (
        "a,b.xml",
        "<Tenants>\n<Tenant><ObjectId>00000000-0000-4000-8000-000000000001</ObjectId><Alais>100%</Alais>\
         <SmtpDomain>a</SmtpDomain></Tenant></Tenants>",
    ),
    (
        "later é.xml",
        "<ExternalServices><ExternalService><ObjectId>00000000-0000-4000-8000-000000000002</ObjectId>\
         <DisplayName>One</DisplayName><ServerType>4</ServerType><Server>x</Server><ServiceAlias>a</ServiceAlias>\
         <ServicePassword/><AuthenticationMode>1</AuthenticationMode><SecurityTransportType>1</SecurityTransportType>\
         <ExchDoAutodiscover>false</ExchDoAutodiscover>\
         <ExternalServiceResetURI>/vmrest/externalservices/00000000-0000-4000-8000-000000000002/reset\
         </ExternalServiceResetURI></ExternalService></ExternalServices>",
    ),
];

#[test]
fn a_misspelt_field_and_a_fixture_of_another_release_are_explained() {
    let (status, stdout, stderr) = check(&FILES, &[".", "missing.xml"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        missing.xml: cannot be read: No such file or directory (os error 2)
        ./a,b.xml:2:1: Alias is missing, expected a value, it is mandatory
        ./a,b.xml:2:66: found <Alais>, expected a field of Tenant, such as <Alias>
        ./later é.xml:1:19: ExchServerType is missing, expected a value, it is mandatory when ServerType is 4
        ./later é.xml:1:351: ExternalServiceResetURI is not in release 10.5
        ./later é.xml: warning: release 11.5 or 12.5 or 14 or 15 accepts this file, release 10.5 does not: --cuc-version selects the release
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn each_format_has_all_problems_on_stdout() {
    for (format, expected) in [
        (
            "json",
            expect![[r#"
                {
                  "objects": {},
                  "omitted": 0,
                  "problems": [
                    {
                      "column": null,
                      "line": null,
                      "message": "cannot be read: No such file or directory (os error 2)",
                      "path": "missing.xml",
                      "rule": "unusable-path",
                      "severity": "error"
                    },
                    {
                      "column": 1,
                      "line": 2,
                      "message": "Alias is missing, expected a value, it is mandatory",
                      "path": "./a,b.xml",
                      "rule": "invalid-fixture",
                      "severity": "error"
                    },
                    {
                      "column": 66,
                      "line": 2,
                      "message": "found <Alais>, expected a field of Tenant, such as <Alias>",
                      "path": "./a,b.xml",
                      "rule": "invalid-fixture",
                      "severity": "error"
                    },
                    {
                      "column": 19,
                      "line": 1,
                      "message": "ExchServerType is missing, expected a value, it is mandatory when ServerType is 4",
                      "path": "./later é.xml",
                      "rule": "invalid-fixture",
                      "severity": "error"
                    },
                    {
                      "column": 351,
                      "line": 1,
                      "message": "ExternalServiceResetURI is not in release 10.5",
                      "path": "./later é.xml",
                      "rule": "invalid-fixture",
                      "severity": "error"
                    },
                    {
                      "column": null,
                      "line": null,
                      "message": "release 11.5 or 12.5 or 14 or 15 accepts this file, release 10.5 does not: --cuc-version selects the release",
                      "path": "./later é.xml",
                      "rule": "other-release",
                      "severity": "warning"
                    }
                  ],
                  "release": "10.5",
                  "valid": false
                }
            "#]],
        ),
        (
            "github",
            expect![[r#"
                ::error file=missing.xml,title=unusable-path::cannot be read: No such file or directory (os error 2)
                ::error file=./a%2Cb.xml,line=2,col=1,title=invalid-fixture::Alias is missing, expected a value, it is mandatory
                ::error file=./a%2Cb.xml,line=2,col=66,title=invalid-fixture::found <Alais>, expected a field of Tenant, such as <Alias>
                ::error file=./later é.xml,line=1,col=19,title=invalid-fixture::ExchServerType is missing, expected a value, it is mandatory when ServerType is 4
                ::error file=./later é.xml,line=1,col=351,title=invalid-fixture::ExternalServiceResetURI is not in release 10.5
                ::warning file=./later é.xml,title=other-release::release 11.5 or 12.5 or 14 or 15 accepts this file, release 10.5 does not: --cuc-version selects the release
            "#]],
        ),
        (
            "sarif",
            expect![[r#"
                {
                  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
                  "runs": [
                    {
                      "columnKind": "unicodeCodePoints",
                      "results": [
                        {
                          "level": "error",
                          "locations": [
                            {
                              "physicalLocation": {
                                "artifactLocation": {
                                  "uri": "missing.xml"
                                }
                              }
                            }
                          ],
                          "message": {
                            "text": "cannot be read: No such file or directory (os error 2)"
                          },
                          "ruleId": "unusable-path"
                        },
                        {
                          "level": "error",
                          "locations": [
                            {
                              "physicalLocation": {
                                "artifactLocation": {
                                  "uri": "a%2Cb.xml"
                                },
                                "region": {
                                  "startColumn": 1,
                                  "startLine": 2
                                }
                              }
                            }
                          ],
                          "message": {
                            "text": "Alias is missing, expected a value, it is mandatory"
                          },
                          "ruleId": "invalid-fixture"
                        },
                        {
                          "level": "error",
                          "locations": [
                            {
                              "physicalLocation": {
                                "artifactLocation": {
                                  "uri": "a%2Cb.xml"
                                },
                                "region": {
                                  "startColumn": 66,
                                  "startLine": 2
                                }
                              }
                            }
                          ],
                          "message": {
                            "text": "found <Alais>, expected a field of Tenant, such as <Alias>"
                          },
                          "ruleId": "invalid-fixture"
                        },
                        {
                          "level": "error",
                          "locations": [
                            {
                              "physicalLocation": {
                                "artifactLocation": {
                                  "uri": "later%20%C3%A9.xml"
                                },
                                "region": {
                                  "startColumn": 19,
                                  "startLine": 1
                                }
                              }
                            }
                          ],
                          "message": {
                            "text": "ExchServerType is missing, expected a value, it is mandatory when ServerType is 4"
                          },
                          "ruleId": "invalid-fixture"
                        },
                        {
                          "level": "error",
                          "locations": [
                            {
                              "physicalLocation": {
                                "artifactLocation": {
                                  "uri": "later%20%C3%A9.xml"
                                },
                                "region": {
                                  "startColumn": 351,
                                  "startLine": 1
                                }
                              }
                            }
                          ],
                          "message": {
                            "text": "ExternalServiceResetURI is not in release 10.5"
                          },
                          "ruleId": "invalid-fixture"
                        },
                        {
                          "level": "warning",
                          "locations": [
                            {
                              "physicalLocation": {
                                "artifactLocation": {
                                  "uri": "later%20%C3%A9.xml"
                                }
                              }
                            }
                          ],
                          "message": {
                            "text": "release 11.5 or 12.5 or 14 or 15 accepts this file, release 10.5 does not: --cuc-version selects the release"
                          },
                          "ruleId": "other-release"
                        }
                      ],
                      "tool": {
                        "driver": {
                          "name": "cuc-mock",
                          "rules": [
                            {
                              "defaultConfiguration": {
                                "level": "error"
                              },
                              "id": "unusable-path",
                              "shortDescription": {
                                "text": "The file or folder as a whole cannot be used."
                              }
                            },
                            {
                              "defaultConfiguration": {
                                "level": "error"
                              },
                              "id": "invalid-fixture",
                              "shortDescription": {
                                "text": "The file is not a valid fixture of the release."
                              }
                            },
                            {
                              "defaultConfiguration": {
                                "level": "warning"
                              },
                              "id": "other-release",
                              "shortDescription": {
                                "text": "Only other releases accept the file."
                              }
                            },
                            {
                              "defaultConfiguration": {
                                "level": "warning"
                              },
                              "id": "omitted-records",
                              "shortDescription": {
                                "text": "A description excludes embedded records."
                              }
                            },
                            {
                              "defaultConfiguration": {
                                "level": "warning"
                              },
                              "id": "omitted-list",
                              "shortDescription": {
                                "text": "The server computes the objects of a list in the file."
                              }
                            }
                          ],
                          "version": "0.1.0"
                        }
                      }
                    }
                  ],
                  "version": "2.1.0"
                }
            "#]],
        ),
    ] {
        let arguments = [".", "missing.xml", "--format", format];
        let (status, stdout, stderr) = check(&FILES, &arguments);
        assert_eq!((status, stderr.as_str()), (2, ""), "{format}");
        expected.assert_eq(&stdout);
    }
}

#[test]
fn each_format_of_valid_fixtures_has_no_problems() {
    let tenants = [("t.xml", "<Tenants/>")];
    let printed = |format| {
        let (status, stdout, stderr) = check(&tenants, &["t.xml", "--format", format]);
        assert_eq!((status, stderr.as_str()), (0, ""), "{format}");
        stdout
    };
    expect![[r#"
        {
          "objects": {
            "Tenants": 0
          },
          "omitted": 0,
          "problems": [],
          "release": "10.5",
          "valid": true
        }
    "#]]
    .assert_eq(&printed("json"));
    assert_eq!(printed("github"), "");
    assert!(printed("sarif").contains("\"results\": []"));
    let (status, stdout, _) = check(&tenants, &["t.xml", "--format", "xml"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
}

#[test]
fn fixtures_may_be_in_any_encoding_that_they_name() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        std::fs::write(folder.path().join(name), content).unwrap();
    };
    let run = |arguments: &[&str]| {
        let arguments = [&["check"], arguments].concat();
        output(cuc_mock(&arguments).current_dir(folder.path()))
    };
    let utf_16 = |text: &str| -> Vec<u8> {
        let text = format!("\u{feff}{text}");
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let xml = tenants(&["Zoë"]);
    write("unicode.xml", &utf_16(&xml));
    let latin_1 = format!("<?xml version='1.1' encoding='ISO-8859-1'?>{xml}");
    let latin_1: Vec<u8> = latin_1.chars().map(|c| c as u8).collect();
    write("latin1.xml", &latin_1);
    for file in ["unicode.xml", "latin1.xml"] {
        let (status, stdout, stderr) = run(&[file]);
        assert_eq!((status, stderr.as_str()), (0, ""), "{file}");
        assert!(stdout.starts_with("no errors in 1 Tenants"), "{stdout}");
    }
    write("b-broken.xml", &utf_16("<Tenants>\n<Tenant><Alias>é\n</x>"));
    write(
        "c-ascii.xml",
        "<?xml version='1.0' encoding='ascii'?>\n<Tenants> é".as_bytes(),
    );
    write("d-latin1.xml", b"<Tenants>\n \xe9</Tenants>");
    write(
        "e-unknown.xml",
        b"<?xml version='1.0' encoding='utf-7'?><Tenants/>",
    );
    write(
        "f-utf-16.xml",
        b"<?xml version='1.0' encoding='utf-16'?><Tenants/>",
    );
    let (status, _, stderr) = run(&[
        "b-broken.xml",
        "c-ascii.xml",
        "d-latin1.xml",
        "e-unknown.xml",
        "f-utf-16.xml",
    ]);
    assert_eq!(status, 2);
    expect![[r#"
        c-ascii.xml:2:11: found a byte that is not US-ASCII there
        e-unknown.xml:1:1: the XML declaration names an unknown character encoding, expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252
        f-utf-16.xml:1:1: the document is declared to be UTF-16, but has no byte order mark and no other sign of it
        b-broken.xml:3:1: found an end tag that does not match its start tag
        d-latin1.xml:2:2: found a byte that is not UTF-8 there
    "#]].assert_eq(&stderr);
}

#[test]
fn a_list_that_the_server_computes_has_no_objects_of_its_own() {
    const POLICIES: &str = "<Policies ATTRIBUTES>
  <Policy><ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId></Policy>
  <Policy><ObjectId>7f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId></Policy>
</Policies>";
    let run = |attributes: &str| {
        let written = POLICIES.replace(" ATTRIBUTES", attributes);
        check(&[("a.xml", &written)], &["a.xml"])
    };
    let (status, stdout, stderr) = run("");
    assert_eq!((status, stdout.as_str()), (2, ""));
    expect![[r#"
        a.xml:2:3: found an object of Policies, expected none, as the server computes them from others
    "#]].assert_eq(&stderr);
    // The response of a server has a total.
    let (status, stdout, stderr) = run(" total=\"2\"");
    assert_eq!(status, 0, "{stderr}");
    expect![[r#"
        no errors
        a.xml:1:1: warning: left out Policies: the server computes its objects from others
    "#]]
    .assert_eq(&format!("{stdout}{stderr}"));
    // So has the list in a state.
    let (status, _, stderr) = check(&[("a.xml", "<Policies total=\"0\"/>")], &["a.xml"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
}

#[test]
fn a_response_with_the_users_of_the_network_is_a_fixture() {
    let user = "<ObjectId>6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78</ObjectId><Alias>jane</Alias>";
    let written = format!(
        "<UnityConnection><Users total=\"1\"><User>{user}<DtmfAccessId>1001</DtmfAccessId></User></Users>\n\
         <GlobalUsers total=\"1\"><GlobalUser>{user}</GlobalUser></GlobalUsers></UnityConnection>"
    );
    let (status, stdout, stderr) = check(&[("a.xml", &written)], &["a.xml"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    expect![[r#"
        no errors in 1 Users and 1 GlobalUsers
    "#]]
    .assert_eq(&stdout);
    // A user of another server.
    let other = written.replacen("6f4f7023", "7f4f7023", 1);
    let (status, _, stderr) = check(&[("a.xml", &other)], &["a.xml"]);
    assert_eq!(status, 2);
    expect![[r#"
        a.xml:2:36: ObjectId is "6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78", expected the ObjectId of a User
    "#]].assert_eq(&stderr);
}
