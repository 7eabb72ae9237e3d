//! Descriptions of resources as trees, to correct them.

mod dependents;
mod evidence;
mod field_order;
mod field_rules;
#[cfg(test)]
mod tests;

use super::{document::XmlElement, facts::FactKey};
use crate::{
    engine::{
        DecodeError,
        description::{access_word, element_of, kind_of_element},
    },
    schema::{Access, Kind, Verb},
};
use evidence::{CAPTURED, FactScope};

/// The root element of a file with several descriptions.
const RESOURCES: &str = "resources";

/// The description of a resource. Each change marks the fact that it concerns as captured. A change that the description
/// does not allow returns `false` and leaves it as it is. The check of a catalogue shows if its resources still fit
/// together.
#[derive(Clone, Debug)]
pub(crate) struct DescriptionTree {
    root: XmlElement,
    /// The source of captured facts: `a server with 14.0.1.10000, 2026-11-28`.
    source: String,
}

impl DescriptionTree {
    /// Reads the description of a resource. `source` is that of the facts that changes capture.
    pub(crate) fn read(text: &str, source: &str) -> Result<Self, DecodeError> {
        let root = XmlElement::read(text.as_bytes())?;
        let source = source.to_owned();
        Ok(Self { root, source })
    }

    /// Reads the descriptions in a document, of which there may be none.
    pub(crate) fn read_all(document: &[u8], source: &str) -> Result<Vec<Self>, DecodeError> {
        let root = XmlElement::read(document)?;
        let roots = match &*root.name {
            RESOURCES => root.children,
            "resource" => vec![root],
            _ => Vec::new(),
        };
        let trees = roots.into_iter().map(|root| Self {
            root,
            source: source.to_owned(),
        });
        Ok(trees.collect())
    }

    /// Returns the path of the resource below `/vmrest`.
    pub(crate) fn path(&self) -> &str {
        self.root.attribute("path").unwrap_or_default()
    }

    /// Returns the names of the fields, in the order of a response.
    pub(crate) fn field_names(&self) -> impl Iterator<Item = &str> {
        self.root.children.iter().filter_map(field_name)
    }

    /// Returns the document: a comment with the source, and the elements in lines of their own.
    pub(crate) fn to_text(&self) -> String {
        // A comment must not contain two hyphens.
        let source = self.source.replace("--", "- -");
        let mut text = format!("<!-- Written with the responses of {source}. -->\n");
        self.root.write(&mut text, 0);
        text
    }

    /// Adds a field behind another one, or as the first one. Clients can set it as `access` allows.
    pub(crate) fn add_field(
        &mut self,
        name: &str,
        kind: Kind,
        access: Access,
        after: Option<&str>,
    ) -> bool {
        let is_new = self
            .field_names()
            .all(|known| !known.eq_ignore_ascii_case(name));
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric());
        let place = match after {
            None => Some(self.first_field()),
            Some(other) => self.field_index(other).map(|index| index + 1),
        };
        let Some(place) = place.filter(|_| is_new && is_name && kind != Kind::Link) else {
            return false;
        };
        let mut field = XmlElement {
            name: element_of(kind).to_owned(),
            ..XmlElement::default()
        };
        field.set_attribute("name", name);
        field.set_attribute(CAPTURED, self.source.clone());
        if access != Access::ReadWrite {
            field.set_attribute("access", access_word(access));
        }
        self.root.children.insert(place, field);
        true
    }

    /// Adds the releases of all others to those that have a field.
    pub(crate) fn add_releases(&mut self, name: &str) -> bool {
        let source = self.source.clone();
        let Some(field) = self.field_mut(name) else {
            return false;
        };
        // The evidence may have a scope of its own.
        for name in ["since", "until", "by"] {
            field.remove_attribute(name);
        }
        evidence::capture(field, &[], FactScope::None, &source);
        true
    }

    /// Changes the kind of a field with a value of its own. Rules that a value of the new kind cannot have are removed.
    pub(crate) fn set_kind(&mut self, name: &str, kind: Kind) -> bool {
        let source = self.source.clone();
        let scope = FactScope::Releases;
        let evidence = self.evidence();
        let Some(field) = self.field_mut(name) else {
            return false;
        };
        let known = kind_of_element(&field.name);
        if known.is_none_or(|known| known == kind) || kind == Kind::Link {
            return false;
        }
        field.name = element_of(kind).to_owned();
        field.children.retain(|rule| field_rules::fits(rule, kind));
        evidence::capture(field, &evidence, scope, &source);
        true
    }

    /// Removes a verb.
    pub(crate) fn remove_verb(&mut self, verb: Verb) -> bool {
        let known = self.root.children.len();
        let is_verb = |child: &XmlElement| is_verb(child, verb);
        self.root.children.retain(|child| !is_verb(child));
        self.root.children.len() < known
    }

    /// Adds a verb.
    pub(crate) fn add_verb(&mut self, verb: Verb) -> bool {
        let mut children = self.root.children.iter();
        if children.any(|child| is_verb(child, verb)) {
            return false;
        }
        let mut added = XmlElement {
            name: "verb".to_owned(),
            ..XmlElement::default()
        };
        added.set_attribute("name", verb.name());
        added.set_attribute(CAPTURED, self.source.clone());
        let verbs = self.root.children.iter();
        let place = verbs.clone().rposition(|child| child.name == "verb");
        let place = place.map_or_else(|| self.first_field(), |last| last + 1);
        self.root.children.insert(place, added);
        true
    }

    /// Sets the only fields in a list; `None` for all.
    pub(crate) fn set_list_fields(&mut self, fields: Option<&[&str]>) -> bool {
        let are_known = fields.into_iter().flatten().all(|field| {
            let mut known = self.field_names();
            known.any(|known| known == *field)
        });
        if !are_known || fields.is_some_and(<[_]>::is_empty) {
            return false;
        }
        let source = self.source.clone();
        let evidence = self.evidence();
        let mut children = self.root.children.iter_mut();
        let Some(list) = children.find(|child| is_verb(child, Verb::List)) else {
            return false;
        };
        match fields {
            Some(fields) => list.set_attribute("fields", fields.join(" ")),
            None => {
                list.remove_attribute("fields");
            }
        }
        evidence::capture(list, &evidence, FactScope::Condition, &source);
        true
    }

    /// Marks a fact as captured, in the scope that it has.
    pub(crate) fn confirm(&mut self, key: &FactKey) -> bool {
        let source = self.source.clone();
        let evidence = self.evidence();
        let Some((element, scope)) = self.fact_mut(key) else {
            return false;
        };
        if element.attribute(CAPTURED).is_some() {
            return false;
        }
        evidence::capture(element, &evidence, scope, &source);
        true
    }

    /// Returns the element of a fact, and the scope that it may have.
    fn fact_mut(&mut self, key: &FactKey) -> Option<(&mut XmlElement, FactScope)> {
        let path = self.path().to_owned();
        match key {
            FactKey::Verb { resource, verb } if *resource == path => {
                let mut children = self.root.children.iter_mut();
                let element = children.find(|child| is_verb(child, *verb))?;
                let scope = match verb {
                    Verb::List => FactScope::Condition,
                    _ => FactScope::None,
                };
                Some((element, scope))
            }
            FactKey::Field { resource, field } if *resource == path => {
                let element = self.field_mut(field)?;
                let scope = match &*element.name {
                    "uri" | "link" => FactScope::All,
                    _ => FactScope::Releases,
                };
                Some((element, scope))
            }
            FactKey::Rule {
                resource,
                field,
                rule,
                number,
            } if *resource == path => {
                let field = self.field_mut(field)?;
                let element = field_rules::rule_mut(field, *rule, *number)?;
                Some((element, field_rules::scope(*rule)))
            }
            _ => None,
        }
    }

    /// Returns the elements with evidence that others name.
    fn evidence(&self) -> Vec<XmlElement> {
        let children = self.root.children.iter();
        let evidence = children.filter(|child| child.name == "evidence");
        evidence.cloned().collect()
    }

    fn field_mut(&mut self, name: &str) -> Option<&mut XmlElement> {
        let index = self.field_index(name)?;
        Some(&mut self.root.children[index])
    }

    fn field_index(&self, name: &str) -> Option<usize> {
        let mut children = self.root.children.iter();
        children.position(|child| field_name(child) == Some(name))
    }

    /// Returns the place of the first field, behind everything else.
    fn first_field(&self) -> usize {
        let mut children = self.root.children.iter();
        let first = children.position(|child| field_name(child).is_some());
        first.unwrap_or(self.root.children.len())
    }
}

/// Returns the name of the field that an element describes.
fn field_name(element: &XmlElement) -> Option<&str> {
    match &*element.name {
        "uri" => Some("URI"),
        "object-id" => Some("ObjectId"),
        "link" | "derived" => element.attribute("name"),
        name => element
            .attribute("name")
            .filter(|_| kind_of_element(name).is_some()),
    }
}

fn is_verb(element: &XmlElement, verb: Verb) -> bool {
    element.name == "verb" && element.attribute("name") == Some(verb.name())
}
