use std::{fs, process::Command};

/// CI sets this variable, so that a missing validator fails the tests instead of skipping them.
const REQUIRED_VARIABLE: &str = "CUC_MOCK_TEST_XMLLINT";

/// Validates documents against a schema with `xmllint`.
pub(crate) struct XmlSchemaValidator(());

impl XmlSchemaValidator {
    /// Returns `None` without `xmllint`, unless the variable requires it.
    pub(crate) fn new() -> Option<Self> {
        let is_installed = Command::new("xmllint").arg("--version").output().is_ok();
        assert!(
            is_installed || std::env::var_os(REQUIRED_VARIABLE).is_none(),
            "xmllint is missing"
        );
        is_installed.then_some(Self(()))
    }

    /// Returns the errors of documents, or an empty text if all are valid.
    #[track_caller]
    pub(crate) fn errors(&self, schema: &str, documents: &[impl AsRef<[u8]>]) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let xsd = folder.path().join("schema.xsd");
        fs::write(&xsd, schema).expect("a temporary file");
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--nonet", "--schema"]).arg(&xsd);
        for (number, document) in documents.iter().enumerate() {
            let path = folder.path().join(format!("{number}.xml"));
            fs::write(&path, document).expect("a temporary file");
            command.arg(path);
        }
        let output = command.output().expect("xmllint runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        // It reports valid documents, too.
        let invalid = errors.lines().filter(|line| !line.ends_with(" validates"));
        let invalid: String = invalid.map(|line| line.to_owned() + "\n").collect();
        assert_eq!(invalid.is_empty(), output.status.success(), "{errors}");
        invalid
    }
}
