//! `cuc-mock schema fixtures`.

use std::{fs, path::Path};

use cuc_mock::{CucMock, Release};

use crate::support::{Client, XmlSchemaValidator, cuc_mock, exchange, output, xml_documents};

/// The number of documents of the property test, for each release.
const DOCUMENTS: u64 = 60;

/// Returns the schema of fixtures of a release.
#[track_caller]
fn schema(release: Release) -> String {
    let arguments = ["schema", "fixtures", "--cuc-version", release.as_str()];
    let (status, schema, stderr) = output(&mut cuc_mock(&arguments));
    assert_eq!((status, stderr.as_str()), (0, ""));
    schema
}

/// Returns true if a server starts from this fixture.
fn is_accepted(release: Release, folder: &Path, fixture: &str) -> bool {
    let path = folder.join("fixture.xml");
    fs::write(&path, fixture).expect("a temporary file");
    let builder = CucMock::builder().release(release).fixtures(path);
    builder.try_start().is_ok()
}

#[test]
fn the_fixtures_of_the_project_and_exported_states_conform() {
    let Some(validator) = XmlSchemaValidator::new() else {
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("a fixture");
    let mut common = xml_documents("fixtures/system");
    common.extend(["fixtures/tenants.xml", "examples/compose/fixtures/acme.xml"].map(read));
    for release in Release::ALL {
        let mock = CucMock::builder().release(*release).start_blocking();
        Client::of(&mock).create("/vmrest/externalservices", exchange().xml());
        let mut documents = common.clone();
        match release {
            Release::V10_5 => {
                documents.push(read("fixtures/externalservices.xml"));
                let later = ["<Privileges", "<GeneralConfigurations"];
                documents.retain(|document| later.iter().all(|list| !document.contains(list)));
            }
            _ => {
                documents.push(read("fixtures/11.5/externalservices.xml"));
                // Only the first release has this resource.
                documents.retain(|document| !document.contains("<Cluster"));
            }
        }
        documents.push(mock.state());
        let errors = validator.errors(&schema(*release), &documents);
        assert_eq!(errors, "", "{release}");
    }
}

#[test]
fn the_schema_finds_misspelt_missing_and_invalid_fields() {
    let Some(validator) = XmlSchemaValidator::new() else {
        return;
    };
    let schema = schema(Release::V10_5);
    let id = "<ObjectId>00000000-0000-4000-8000-000000000001</ObjectId>";
    let tenant = |fields: &str| format!("<Tenants><Tenant>{id}{fields}</Tenant></Tenants>");
    let valid = tenant("<Alias>a</Alias><SmtpDomain>a</SmtpDomain>");
    assert_eq!(validator.errors(&schema, &[&valid]), "");
    for wrong in [
        tenant("<Alias>a</Alias>"),
        tenant("<Alias>a</Alias><SmtpDomain>a</SmtpDomain><Colour>blue</Colour>"),
        tenant("<Alias>a</Alias><SmtpDomain>a</SmtpDomain><Alias>b</Alias>"),
        tenant("<Alias>a</Alias><SmtpDomain>a</SmtpDomain><Language>English</Language>"),
        tenant("<Alias>a</Alias><SmtpDomain>a</SmtpDomain>text"),
        "<Tenants><Tenant><ObjectId>1</ObjectId><Alias>a</Alias><SmtpDomain>a</SmtpDomain></Tenant></Tenants>"
            .to_owned(),
        "<Tenant/>".to_owned(),
        "<Tenants colour=\"blue\"/>".to_owned(),
        "<UnityConnection><Pagers/></UnityConnection>".to_owned(),
    ] {
        assert_ne!(validator.errors(&schema, &[&wrong]), "", "{wrong}");
    }
}

#[test]
fn the_schema_covers_the_resources_that_a_user_describes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lamps.xml");
    let description = r#"<resource path="lamps" list="Lamps" element="Lamp">
      <object-id inferred="test"/>
      <integer name="Watts" inferred="test"/>
    </resource>"#;
    fs::write(&path, description).expect("a file");
    let path = path.to_str().expect("UTF-8");
    let mut command = cuc_mock(&["schema", "fixtures", "--resources", path]);
    let (status, schema, stderr) = output(&mut command);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let lamp = |watts: &str| {
        let id = "<ObjectId>00000000-0000-4000-8000-000000000001</ObjectId>";
        format!("<Lamps><Lamp>{id}<Watts>{watts}</Watts></Lamp></Lamps>")
    };
    if let Some(validator) = XmlSchemaValidator::new() {
        assert_eq!(validator.errors(&schema, &[lamp("60")]), "");
        assert_ne!(validator.errors(&schema, &[lamp("bright")]), "");
    }
    fs::write(path, description.replace("<integer", "<number")).expect("a file");
    let (status, stdout, stderr) = output(&mut command);
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(stderr.contains("lamps.xml:3:7: found <number>"), "{stderr}");
}

#[test]
fn an_editor_finds_the_schema_by_an_attribute_of_the_root() {
    let folder = tempfile::tempdir().unwrap();
    let root = r#"<Tenants xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="fixtures.xsd"/>"#;
    assert!(is_accepted(Release::V10_5, folder.path(), root));
    if let Some(validator) = XmlSchemaValidator::new() {
        assert_eq!(validator.errors(&schema(Release::V10_5), &[root]), "");
    }
}

/// Every document that a server accepts conforms to the schema.
#[test]
fn the_schema_accepts_every_document_that_check_accepts() {
    let Some(validator) = XmlSchemaValidator::new() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for release in [Release::V10_5, Release::V12_5] {
        let documents = (0..DOCUMENTS).map(|seed| Generator::new(seed).document(release));
        let accepted: Vec<_> = documents
            .filter(|document| is_accepted(release, folder.path(), document))
            .collect();
        let errors = validator.errors(&schema(release), &accepted);
        assert_eq!(errors, "", "{release}");
        assert!(accepted.len() > 10, "only {} documents", accepted.len());
    }
}

/// Generates documents that are mostly valid.
struct Generator {
    state: u64,
    objects: u64,
}

/// The fields of a tenant, each with values that may be valid. The first two are mandatory.
const TENANT: [(&str, &[&str]); 9] = [
    (
        "Alias",
        &["tenant-NUMBER", " tenant NUMBER ", "&amp;NUMBER"],
    ),
    ("SmtpDomain", &["d-NUMBER", "<![CDATA[d-NUMBER]]>"]),
    ("Description", &["", "a\n  b", "  ", "é&#x1F600;"]),
    ("TimeZone", &["175", "+5", " -7 ", "0017"]),
    ("Language", &["1033", "\n1033\t", ""]),
    (
        "CreationDate",
        &[
            "2013-01-12 14:57:32.569",
            " 2013-01-12 14:57:32 ",
            "2013-01-12",
        ],
    ),
    (
        "PartitionObjectId",
        &[
            "FE6541FB-b42c-44f2-8404-ded14cbf7438",
            " fe6541fb-b42c-44f2-8404-ded14cbf7438\n",
        ],
    ),
    ("URI", &["/vmrest/tenants/ID", "/VMREST/tenants/ID"]),
    ("CosesURI", &["/vmrest/tenants/ID/coses"]),
];

/// The fields of a service, each with values that may be valid. The first five are mandatory.
const SERVICE: [(&str, &[&str]); 13] = [
    ("DisplayName", &["service NUMBER"]),
    ("ServerType", &["1", " 1 ", "01", "+1"]),
    ("ServiceAlias", &["admin", "a"]),
    ("ServicePassword", &["", "secret"]),
    ("TransferExtensionDialString", &["111111"]),
    ("Server", &["10.0.0.7"]),
    ("IsEnabled", &["true", "TRUE", "False", " 1 ", "0", "yes"]),
    ("ValidateServerCertificate", &["false", "fAlSe"]),
    ("SecurityTransportType", &["0", "1", "2", "9"]),
    ("AuthenticationMode", &["0", "1", "2"]),
    ("MailboxSynchFaxAction", &["0", "1", "2"]),
    ("UseServiceCredentials", &["true"]),
    ("SupportsCalendarCapability", &["1"]),
];

impl Generator {
    fn new(seed: u64) -> Self {
        let state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        Self { state, objects: 0 }
    }

    /// Returns a number below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.state >> 33) as usize % end
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }

    fn document(&mut self, release: Release) -> String {
        let start = self.pick(&["", "<?xml version=\"1.0\"?>\n", "<!-- a comment -->"]);
        if self.one_in(3) {
            return format!("{start}{}", self.list(release));
        }
        let lists: String = (0..self.below(4)).map(|_| self.list(release)).collect();
        format!("{start}<UnityConnection>{lists}</UnityConnection>\n")
    }

    fn list(&mut self, release: Release) -> String {
        let (list, element, fields, mandatory) = match self.below(2) {
            0 => ("Tenants", "Tenant", &TENANT[..], 2),
            _ => ("ExternalServices", "ExternalService", &SERVICE[..], 6),
        };
        let total = self.pick(&["", " total=\"1\"", " total=''", " total='many'"]);
        let count = self.below(4);
        let objects = (0..count).map(|_| self.object(release, element, fields, mandatory));
        let objects: String = objects.collect();
        format!("<{list}{total}>\n{objects}</{list}>")
    }

    fn object(
        &mut self,
        release: Release,
        element: &str,
        fields: &[(&str, &[&str])],
        mandatory: usize,
    ) -> String {
        self.objects += 1;
        let number = self.objects.to_string();
        let id = format!("00000000-0000-4000-8000-{:012}", self.objects);
        let mut elements = vec![format!("<ObjectId>{id}</ObjectId>")];
        for (position, (name, values)) in fields.iter().enumerate() {
            let is_given = position < mandatory || self.one_in(3);
            // A later release has other rules for the proxy of a service.
            let is_rare = release != Release::V10_5 && *name == "SecurityTransportType";
            if is_given && !is_rare {
                let value = self
                    .pick(values)
                    .replace("NUMBER", &number)
                    .replace("ID", &id);
                let attribute = if self.one_in(20) { " note='x'" } else { "" };
                elements.push(format!("<{name}{attribute}>{value}</{name}>"));
            }
        }
        for last in (1..elements.len()).rev() {
            let other = self.below(last + 1);
            elements.swap(last, other);
        }
        let separator = self.pick(&["", "\n  ", "<!-- c -->"]);
        format!("<{element}>{}</{element}>", elements.join(separator))
    }
}
