//! The text of a description.

use quick_xml::escape::escape;

use super::inferred_field::{InferredField, Word};
use crate::schema::{Kind, Verb};

/// The parts of an inferred description.
pub(super) struct DescriptionText<'i> {
    pub(super) path: &'i str,
    pub(super) list: &'i str,
    pub(super) element: &'i str,
    /// The name of the key.
    pub(super) key: &'i str,
    /// The names of the files with the lists.
    pub(super) files: String,
    /// The name of the file of the schema, if there is one.
    pub(super) schema: Option<&'i str>,
    pub(super) fields: &'i [InferredField<'i>],
}

const COMMENT: &str = "\
<!-- Inferred from a list of such objects. To correct it, edit this file and pass it to the server as a resource: a
     description takes precedence over the list. Give each fact that you have checked your own evidence. The list cannot
     show which fields a client may set, which are required, or which values are accepted. -->
";

impl DescriptionText<'_> {
    pub(super) fn render(&self) -> String {
        let mut text = COMMENT.to_owned();
        text += &format!("<resource{}>\n", self.attributes());
        text += &element(2, "evidence", &[("id", "file"), ("captured", &self.files)]);
        if let Some(schema) = self.schema {
            text += &element(2, "evidence", &[("id", "schema"), ("captured", schema)]);
        }
        let guess = "the list does not show it";
        text += &element(2, "evidence", &[("id", "guess"), ("inferred", guess)]);
        text.push('\n');
        let is_repeated = self.fields.iter().all(|field| field.is_repeated);
        for verb in Verb::ALL {
            let by = match verb {
                Verb::List | Verb::Read if is_repeated => "file",
                _ => "guess",
            };
            text += &element(2, "verb", &[("name", verb.name()), ("by", by)]);
        }
        text.push('\n');
        for field in self.fields {
            text += &render_field(field);
        }
        text + "</resource>\n"
    }

    fn attributes(&self) -> String {
        let mut attributes = vec![
            ("path", self.path),
            ("list", self.list),
            ("element", self.element),
        ];
        if self.key != "ObjectId" {
            attributes.push(("key", self.key));
        }
        if self.path.contains('{') {
            // A list is served without the objects that it belongs to.
            attributes.push(("parent", "optional"));
        }
        render_attributes(&attributes)
    }
}

fn render_field(field: &InferredField<'_>) -> String {
    let (word, through, ending) = match &field.word {
        Word::Uri => ("uri", None, None),
        Word::ObjectId => ("object-id", None, None),
        Word::Value(kind) => (word_of(kind), None, None),
        Word::Link { through, ending } => ("link", through.as_deref(), Some(ending.as_str())),
    };
    let mut attributes = Vec::new();
    if !matches!(field.word, Word::Uri | Word::ObjectId) {
        attributes.push(("name", field.name));
    }
    attributes.extend(through.map(|through| ("through", through)));
    let ending = ending.filter(|ending| through.is_none() || !ending.is_empty());
    attributes.extend(ending.map(|ending| ("ending", ending)));
    let by = match field {
        field if !field.is_repeated => "guess",
        field if field.is_from_schema => "schema",
        _ => "file",
    };
    attributes.push(("by", by));
    attributes.extend(field.access.map(|access| ("access", access)));
    let rules = render_rules(field);
    if rules.is_empty() {
        return element(2, word, &attributes);
    }
    let attributes = render_attributes(&attributes);
    format!("  <{word}{attributes}>\n{rules}  </{word}>\n")
}

fn render_rules(field: &InferredField<'_>) -> String {
    let mut rules = String::new();
    if field.is_required {
        rules += &element(4, "required", &[("by", "guess")]);
    }
    if field.is_unique {
        rules += &element(4, "unique", &[("by", "guess")]);
    }
    if let Some(path) = &field.reference {
        let attributes = [
            ("resource", path.as_str()),
            ("on-delete", "refuse"),
            ("by", "guess"),
        ];
        rules += &element(4, "references", &attributes);
    }
    if !field.choices.is_empty() {
        let choices = field.choices.join(" ");
        rules += &element(4, "choices", &[("values", &choices), ("by", "schema")]);
    }
    if let Some(length) = &field.max_length {
        rules += &element(4, "max-length", &[("characters", length), ("by", "schema")]);
    }
    if let Some((min, max)) = &field.range {
        let attributes = [("min", min.as_str()), ("max", max), ("by", "schema")];
        rules += &element(4, "range", &attributes);
    }
    rules
}

fn word_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Link => "text",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
        Kind::Guid => "guid",
        Kind::DateTime => "date-time",
        Kind::Binary => "binary",
    }
}

/// Renders an empty element in a line of its own.
fn element(indentation: usize, name: &str, attributes: &[(&str, &str)]) -> String {
    let attributes = render_attributes(attributes);
    format!("{:indentation$}<{name}{attributes}/>\n", "")
}

fn render_attributes(attributes: &[(&str, &str)]) -> String {
    let attributes = attributes
        .iter()
        .map(|(name, value)| format!(" {name}=\"{}\"", escape(*value)));
    attributes.collect()
}
