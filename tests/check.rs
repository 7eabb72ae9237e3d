//! `cuc-mock check`.

use std::path::Path;

use expect_test::expect;

use crate::support::{cuc_mock, output};

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
        no errors in 2 Tenants and 5 ExternalServices and 2 Users and 2 UserTemplates and 1 VmsServers
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
        ./services.xml:22:20: found the text "text", expected an element
        ./services.xml:22:72: Server is given twice, expected it once
        ./services.xml:24:3: found <Service>, expected <ExternalService>
        ./tenants.xml:2:1: SmtpDomain is missing, expected a value, it is mandatory
        ./tenants.xml:2:9: ObjectId is "x", expected a GUID such as 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78
        ./tenants.xml:4:1: found </Tenants>, expected </Tenant>
    "#]].assert_eq(&stderr);
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
        no errors in 1 Tenants and 1 ExternalServices and 2 Users and 2 UserTemplates and 1 VmsServers
    "#]]
    .assert_eq(&stdout);
}

#[test]
fn an_unreadable_path_is_named() {
    let (status, _, stderr) = check(
        &[
            ("note.txt", ""),
            ("bad.xml.txt", "<Tenants><Tenant/></Tenants>"),
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
