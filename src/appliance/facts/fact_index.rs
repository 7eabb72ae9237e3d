//! The rows of all facts of a server.

use super::{error_table::error_row, fact_row::FactRow, key::FactKey, protocol::protocol_row};
use crate::{
    engine::{
        Position,
        description::{Document, read_document},
    },
    resources::{
        ServedResources, embedded_descriptions,
        fidelity::{PageRow, RowSubject, file_name, page},
    },
    schema::{Description, Fact, FieldRule, Release},
};

/// The facts of a server: those of the embedded resources, and those that a user has described.
#[derive(Debug)]
pub(crate) struct FactIndex {
    described: Vec<UserDescription>,
}

/// The description of a user.
#[derive(Debug)]
struct UserDescription {
    file: String,
    description: Description,
    /// The line of the resource, and that of each field. It is 1 for a resource that is inferred from a list.
    line: usize,
    field_lines: Vec<usize>,
}

impl FactIndex {
    pub(crate) fn new(served: &ServedResources) -> Self {
        let mut described = Vec::new();
        let catalogue = &served.catalogue;
        let is_inferred = |path: &str| {
            let resource = catalogue.resource(path);
            resource.is_some_and(|resource| served.inferred.contains(&resource.id))
        };
        for file in &served.descriptions {
            let reading = read_document(&file.document, &file.attachments);
            let Some(Document::Resources(descriptions)) = reading.content else {
                continue;
            };
            for description in descriptions {
                let is_inferred = is_inferred(&description.path);
                let line = |at| match is_inferred {
                    true => 1,
                    false => Position::of(&file.document, at).line,
                };
                let fields = description.fields.iter();
                described.push(UserDescription {
                    file: file.path.display().to_string(),
                    line: line(description.at),
                    field_lines: fields.map(|field| line(field.fact.at)).collect(),
                    description,
                });
            }
        }
        Self { described }
    }

    /// Returns the row of a fact; `None` for a fact that no page lists, such as a field that only a real server has.
    pub(crate) fn row(&self, key: &FactKey) -> Option<FactRow> {
        match key {
            FactKey::Verb { resource, verb } => {
                self.resource_row(resource, "", RowSubject::Verb(*verb))
            }
            FactKey::Field { resource, field } => {
                self.resource_row(resource, field, RowSubject::Field)
            }
            FactKey::Rule {
                resource,
                field,
                rule,
                number,
            } => self.resource_row(resource, field, RowSubject::Rule(*rule, *number)),
            FactKey::Error { rule, verb } => error_row(*rule, *verb),
            FactKey::Protocol(beginning) => protocol_row(beginning),
        }
    }

    /// Returns the key of a rule whose number counts those of a release, as compiled resources have them. In the new key,
    /// it counts all rules of the description. Other keys remain as they are.
    pub(crate) fn in_description(&self, key: FactKey, release: Release) -> FactKey {
        let FactKey::Rule {
            resource,
            field,
            rule,
            number,
        } = key
        else {
            return key;
        };
        let number = self
            .rule_number(&resource, &field, (rule, number), release)
            .unwrap_or(number);
        FactKey::Rule {
            resource,
            field,
            rule,
            number,
        }
    }

    fn rule_number(
        &self,
        path: &str,
        field: &str,
        (rule, number): (FieldRule, usize),
        release: Release,
    ) -> Option<usize> {
        let mut described = self.described.iter().map(|user| &user.description);
        let user = described.find(|known| *known.path == *path);
        let embedded = || embedded_descriptions().find(|known| *known.path == *path);
        let description = user.or_else(embedded)?;
        let field = &description.fields[description.position(field)?];
        let facts: Vec<&Fact> = match rule {
            FieldRule::Required => field.required.iter().collect(),
            FieldRule::Default => field.defaults.iter().map(|(_, fact)| fact).collect(),
            FieldRule::Choices => field.choices.iter().map(|(_, fact)| fact).collect(),
            // The others hold in all releases.
            _ => return None,
        };
        let facts = facts.into_iter().enumerate();
        let mut of_release =
            facts.filter(|(_, fact)| fact.covers(release) && !description.excludes(fact, release));
        of_release.nth(number).map(|(number, _)| number)
    }

    fn resource_row(&self, path: &str, field: &str, subject: RowSubject) -> Option<FactRow> {
        let mut described = self.described.iter();
        if let Some(user) = described.find(|user| *user.description.path == *path) {
            let (_, rows) = page(&user.description, "");
            let row = find(rows, field, subject)?;
            let place = user.description.position(field);
            let line = place.map_or(user.line, |place| user.field_lines[place]);
            return Some(fact_row(user.file.clone(), line, row));
        }
        let description = embedded_descriptions().find(|known| *known.path == *path)?;
        let name = file_name(description);
        let (_, rows) = page(description, &name);
        let row = find(rows, field, subject)?;
        let page = format!("docs/fidelity/{name}.md");
        Some(fact_row(page, row.line, row))
    }
}

fn find<'d>(rows: Vec<PageRow<'d>>, field: &str, subject: RowSubject) -> Option<PageRow<'d>> {
    let mut rows = rows.into_iter();
    rows.find(|row| row.field == field && row.row.subject == subject)
}

fn fact_row(page: String, line: usize, row: PageRow<'_>) -> FactRow {
    let PageRow { field, row, .. } = row;
    FactRow {
        page,
        line,
        behaviour: match field {
            "" => row.description,
            field => format!("{field}: {}", row.description),
        },
        provenance: row.evidence.provenance(),
        source: row.evidence.source().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use expect_test::expect;

    use super::*;
    use crate::{
        engine::load::Progress,
        resources::{CatalogueFiles, embedded_catalogue},
        schema::Verb,
    };

    const LAMPS: &str = r#"<resource path="lamps" list="Lamps" element="Lamp">
  <evidence id="page" documented="handbook, Lamps"/>
  <verb name="list" by="page"/>
  <object-id by="page"/>
  <text name="Colour" by="page">
    <default value="red" inferred="as chairs"/>
  </text>
</resource>
"#;

    fn index(files: &[(&str, &str)]) -> (tempfile::TempDir, FactIndex) {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let resources = [folder.path().to_owned()];
        let files = CatalogueFiles {
            release: Release::V10_5,
            resources: &resources[..usize::from(!files.is_empty())],
            fixtures: &[],
        };
        let served = files.read(&Progress::default()).expect("no mistakes");
        (folder, FactIndex::new(&served))
    }

    fn rule(resource: &str, field: &str, rule: FieldRule, number: usize) -> FactKey {
        FactKey::Rule {
            resource: resource.into(),
            field: field.into(),
            rule,
            number,
        }
    }

    #[test]
    fn the_row_of_a_fact_is_the_line_of_its_page() {
        let (_folder, index) = index(&[]);
        let resource = || "externalservices".to_owned();
        let keys = [
            FactKey::Verb {
                resource: resource(),
                verb: Verb::Delete,
            },
            FactKey::Field {
                resource: resource(),
                field: "DisplayName".into(),
            },
            rule("externalservices", "DisplayName", FieldRule::MaxLength, 0),
            rule(
                "externalservices",
                "AuthenticationMode",
                FieldRule::Choices,
                3,
            ),
            rule("externalservices", "ObjectId", FieldRule::Unique, 0),
            rule(
                "users/{UserObjectId}/credential/pin",
                "HackCount",
                FieldRule::Default,
                0,
            ),
        ];
        let mut text = String::new();
        for key in keys {
            let row = index.row(&key).expect("a row");
            let folder = env!("CARGO_MANIFEST_DIR");
            let page = fs::read_to_string(format!("{folder}/{}", row.page)).expect("a page");
            let line = page.lines().nth(row.line - 1).expect("a line");
            let behaviour = row.behaviour.rsplit(": ").next().expect("a text");
            assert!(line.contains(behaviour), "{line}");
            assert!(
                line.ends_with(&format!("| {} | {} |", row.provenance, row.source)),
                "{line}"
            );
            text += &format!("{} {}\n", row.page, row.behaviour);
        }
        expect![[r#"
            docs/fidelity/externalservices.md Delete
            docs/fidelity/externalservices.md DisplayName: text, read and write
            docs/fidelity/externalservices.md DisplayName: at most 64 characters
            docs/fidelity/externalservices.md AuthenticationMode: takes 1, 3 when ServerType is 5, since 11.5, until 11.5
            docs/fidelity/externalservices.md ObjectId: unique
            docs/fidelity/users/credential/pin.md HackCount: filled in with `0`
        "#]].assert_eq(&text);
        assert_eq!(
            index.row(&rule("externalservices", "Server", FieldRule::Unique, 0)),
            None
        );
        let field = FactKey::Field {
            resource: resource(),
            field: "None".into(),
        };
        assert_eq!(index.row(&field), None);
    }

    #[test]
    fn rules_of_a_release_are_numbered_as_in_the_description() {
        let (_folder, index) = index(&[]);
        for release in [Release::V10_5, Release::V11_5, Release::V12_5, Release::V15] {
            let catalogue = embedded_catalogue(release);
            let resource = catalogue.resource("externalservices").expect("it exists");
            for field in &resource.fields {
                let choices = field.choices.iter().enumerate();
                for (number, (values, _)) in choices {
                    let name = &field.name;
                    let key = rule("externalservices", name, FieldRule::Choices, number);
                    let row = index.row(&index.in_description(key, release));
                    let behaviour = row.expect("a row").behaviour;
                    let expected = format!("{name}: takes {}", values.join(", "));
                    assert!(behaviour.starts_with(&expected), "{behaviour} in {release}");
                }
            }
        }
        let key = FactKey::Protocol("a line");
        assert_eq!(index.in_description(key.clone(), Release::V15), key);
    }

    #[test]
    fn the_row_of_a_users_fact_is_a_line_of_the_file() {
        let (folder, index) = index(&[("lamps.xml", LAMPS)]);
        let row = index.row(&rule("lamps", "Colour", FieldRule::Default, 0));
        let row = row.expect("a row");
        assert_eq!(
            row.page,
            folder.path().join("lamps.xml").display().to_string()
        );
        assert_eq!(
            (row.line, &*row.behaviour),
            (5, "Colour: filled in with `red`")
        );
        let row = index.row(&FactKey::Verb {
            resource: "lamps".into(),
            verb: Verb::List,
        });
        assert_eq!(
            row.map(|row| (row.line, row.behaviour)),
            Some((1, "List".to_owned()))
        );
    }

    #[test]
    fn an_inferred_resource_has_the_file_of_its_list() {
        let list = "<Lamps total=\"1\">\n<Lamp>\n<ObjectId>7c1e0d5a-93b2-4f68-a1d4-2b5f8e6c9073</ObjectId>\
                    \n<Colour>red</Colour></Lamp></Lamps>";
        let (folder, index) = index(&[("list.xml", list)]);
        let key = FactKey::Field {
            resource: "lamps".into(),
            field: "Colour".into(),
        };
        let row = index.row(&key).expect("a row");
        assert_eq!(
            row.page,
            folder.path().join("list.xml").display().to_string()
        );
        assert_eq!(row.line, 1);
    }
}
