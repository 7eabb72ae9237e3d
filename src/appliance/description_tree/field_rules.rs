//! The rules of fields.

use super::{
    DescriptionTree,
    evidence::{self, CAPTURED, FactScope},
};
use crate::{
    appliance::{document::XmlElement, facts::FieldRule},
    engine::{canonical, description::kind_of_element},
    schema::{Kind, path},
};

const DEFAULT: &str = "default";
const CHOICES: &str = "choices";
const UNIQUE: &str = "unique";
const REQUIRED: &str = "required";

impl DescriptionTree {
    /// Removes a rule on which nothing else in the description depends. `number` counts the rules of the same kind.
    pub(crate) fn remove_rule(&mut self, name: &str, rule: FieldRule, number: usize) -> bool {
        if self.needs_rule(name, rule) {
            return false;
        }
        let Some(field) = self.field_mut(name) else {
            return false;
        };
        let place = place(field, rule, number);
        place.map(|place| field.children.remove(place)).is_some()
    }

    /// Sets the value of the default with this number, in its scope; `None` removes it. Without a number, the value is that
    /// of the records to which no other default applies.
    pub(crate) fn set_default(
        &mut self,
        name: &str,
        number: Option<usize>,
        value: Option<&str>,
    ) -> bool {
        let (source, evidence) = (self.source.clone(), self.evidence());
        let Some(value) = value else {
            let is_removed = |number| self.remove_rule(name, FieldRule::Default, number);
            return number.is_some_and(is_removed);
        };
        let Some(field) = self.field_mut(name) else {
            return false;
        };
        let is_value = |kind| canonical(&kind, value).is_ok_and(|form| form == value);
        let has_rule = |rule: &str| field.child(rule).is_some();
        let is_secret = matches!(field.attribute("access"), Some("secret" | "write-only"));
        let is_mandatory = number.is_none() && has_rule(REQUIRED) && !is_secret;
        if !kind_of_element(&field.name).is_some_and(is_value)
            || !is_text_of_attribute(value)
            || has_rule(UNIQUE)
            || is_mandatory
        {
            return false;
        }
        let place = match number {
            Some(number) => place(field, FieldRule::Default, number),
            None => Some(place_for_all(field, &evidence)),
        };
        let Some(default) = place.map(|place| &mut field.children[place]) else {
            return false;
        };
        default.remove_attribute("resource");
        default.remove_attribute("field");
        default.set_attribute("value", value);
        evidence::capture(default, &evidence, FactScope::All, &source);
        true
    }

    /// Adds a value to the choices with this number.
    pub(crate) fn add_choice(&mut self, name: &str, number: usize, value: &str) -> bool {
        let (source, evidence) = (self.source.clone(), self.evidence());
        let Some(field) = self.field_mut(name) else {
            return false;
        };
        let is_value = |kind| canonical(&kind, value).is_ok_and(|form| form == value);
        let is_choice = !value.is_empty() && !value.ends_with(',') && is_text_of_attribute(value);
        let is_choice = is_choice && kind_of_element(&field.name).is_some_and(is_value);
        let word = word(value);
        let place = place(field, FieldRule::Choices, number).filter(|_| is_choice);
        let Some(choices) = place.map(|place| &mut field.children[place]) else {
            return false;
        };
        let values = choices.attribute("values").unwrap_or_default();
        if values.split_ascii_whitespace().any(|known| known == word) {
            return false;
        }
        let values = format!("{values} {word}");
        choices.set_attribute("values", values);
        evidence::capture(choices, &evidence, FactScope::All, &source);
        true
    }

    /// True if the description is invalid without a rule.
    fn needs_rule(&self, name: &str, rule: FieldRule) -> bool {
        let is_key = self.key() == Some(name);
        match rule {
            FieldRule::Required => is_key || path::parameters(self.path()).any(|part| part == name),
            FieldRule::Unique => is_key,
            FieldRule::Choices => self.has_condition_on(name),
            FieldRule::Reference => self.is_followed(name),
            _ => false,
        }
    }

    /// True if a link, a derived field or audio needs the reference of a field.
    fn is_followed(&self, name: &str) -> bool {
        let mut children = self.root.children.iter();
        children.any(|child| {
            let is_of_audio = child.name == "audio" && child.attribute("field") == Some(name);
            child.attribute("through") == Some(name) || is_of_audio
        })
    }
}

/// Returns the element of a rule. The rules of an `<object-id>` are in the field itself.
pub(super) fn rule_mut(
    field: &mut XmlElement,
    rule: FieldRule,
    number: usize,
) -> Option<&mut XmlElement> {
    let is_implied = is_implied(field, rule) && number == 0;
    if is_implied {
        return Some(field);
    }
    let place = place(field, rule, number)?;
    Some(&mut field.children[place])
}

/// Returns the scope that a rule may have.
pub(super) fn scope(rule: FieldRule) -> FactScope {
    match rule {
        FieldRule::Required | FieldRule::Default | FieldRule::Choices => FactScope::All,
        _ => FactScope::None,
    }
}

/// True if a field of this kind can have a rule.
pub(super) fn fits(rule: &XmlElement, kind: Kind) -> bool {
    let is_value = |value: &str| canonical(&kind, value).is_ok_and(|form| form == value);
    match &*rule.name {
        "max-length" | "extension" => kind == Kind::Text,
        "range" => kind == Kind::Integer,
        "expiry" => kind == Kind::DateTime,
        DEFAULT => match rule.attribute("value") {
            Some("now" | "now-utc") if kind == Kind::DateTime => true,
            value => value.is_some_and(is_value),
        },
        CHOICES => {
            let values = rule.attribute("values").unwrap_or_default();
            values.split_ascii_whitespace().all(is_value)
        }
        _ => true,
    }
}

/// Returns the place of a rule among the children of a field.
fn place(field: &XmlElement, rule: FieldRule, number: usize) -> Option<usize> {
    let number = number.checked_sub(usize::from(is_implied(field, rule)))?;
    let element = element(rule);
    let children = field.children.iter().enumerate();
    let mut rules = children.filter(|(_, child)| child.name == element);
    let (place, _) = rules.nth(number)?;
    Some(place)
}

/// Returns the place of the default without a scope, which is added if there is none.
fn place_for_all(field: &mut XmlElement, evidence: &[XmlElement]) -> usize {
    let mut children = field.children.iter();
    let known =
        children.position(|child| child.name == DEFAULT && !evidence::is_limited(child, evidence));
    known.unwrap_or_else(|| {
        let mut default = XmlElement {
            name: DEFAULT.to_owned(),
            ..XmlElement::default()
        };
        default.set_attribute("value", "");
        default.set_attribute(CAPTURED, "");
        field.children.push(default);
        field.children.len() - 1
    })
}

/// True if the element of a field implies the first rule of a kind.
fn is_implied(field: &XmlElement, rule: FieldRule) -> bool {
    field.name == "object-id" && matches!(rule, FieldRule::Required | FieldRule::Unique)
}

fn element(rule: FieldRule) -> &'static str {
    match rule {
        FieldRule::Required => REQUIRED,
        FieldRule::Default => DEFAULT,
        FieldRule::Choices => CHOICES,
        FieldRule::MaxLength => "max-length",
        FieldRule::Extension => "extension",
        FieldRule::Range => "range",
        FieldRule::Unique => UNIQUE,
        FieldRule::Reference => "references",
        FieldRule::Clears => "clears",
        FieldRule::Clearable => "clearable",
    }
}

/// Returns the form of a value in a list of words.
fn word(value: &str) -> String {
    value.replace('%', "%25").replace(' ', "%20")
}

/// True if an attribute returns a text as it is: it has no control characters, such as line breaks.
fn is_text_of_attribute(text: &str) -> bool {
    !text.chars().any(char::is_control)
}
