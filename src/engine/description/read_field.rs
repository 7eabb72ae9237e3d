//! Reads the fields of a description, with their rules.

use super::{
    attributes::ElementAttributes,
    read::{DescriptionReader, OBJECT_ID, Part},
};
use crate::{
    engine::{DecodeError, xml::StartTag},
    schema::{
        Access, ComputationDescription, DefaultValue, FieldDescription, Kind, NamedField, OnDelete,
        ReferenceDescription,
    },
};

const ACCESS: [(&str, Access); 6] = [
    ("read-only", Access::ReadOnly),
    ("create", Access::CreateOnly),
    ("read-write", Access::ReadWrite),
    ("secret", Access::Secret),
    ("write-only", Access::WriteOnly),
    ("internal", Access::Internal),
];
/// The elements of fields that have a value of their own, and a name.
const KINDS: [(&str, Kind); 6] = [
    ("text", Kind::Text),
    ("integer", Kind::Integer),
    ("boolean", Kind::Boolean),
    ("guid", Kind::Guid),
    ("date-time", Kind::DateTime),
    ("binary", Kind::Binary),
];
const ON_DELETE: [(&str, OnDelete); 3] = [
    ("refuse", OnDelete::Refuse),
    ("cascade", OnDelete::Cascade),
    ("clear", OnDelete::Clear),
];
/// The form of a maximum number of characters.
const MAX_LENGTH: &str = "a whole number from 1 to 4294967295";
/// The name of the field with a record's own path.
const URI: &str = "URI";
/// The values of defaults that fill in the time of the create.
const NOW: &str = "now";
const UTC_NOW: &str = "now-utc";

impl<'a> DescriptionReader<'a> {
    /// Reads a field and its rules. Returns `None` after a mistake in the element of the field itself.
    pub(super) fn read_field(
        &mut self,
        tag: &StartTag<'a>,
    ) -> Result<Option<FieldDescription>, DecodeError> {
        let field = self.read_field_element(tag);
        let Some(mut field) = self.report(field) else {
            self.reader.skip()?;
            return Ok(None);
        };
        while let Some(rule) = self.reader.next_child()? {
            let part = self.read_rule(&rule, &mut field);
            self.report(part);
            self.expect_no_children(rule.name)?;
        }
        Ok(Some(field))
    }

    fn read_field_element(&mut self, tag: &StartTag<'a>) -> Part<FieldDescription> {
        let mut attributes = ElementAttributes::new(tag);
        let is_object_id = tag.name == "object-id";
        let (kind, computation) = match tag.name {
            "uri" => {
                let path = ComputationDescription::Path {
                    through: None,
                    ending: Box::default(),
                    with: None,
                };
                (Kind::Link, Some(path))
            }
            "link" => (Kind::Link, Some(take_path(&mut attributes)?)),
            "derived" => {
                let through = attributes.require("through")?.into();
                let field = attributes.require("field")?.into();
                // Compiled as that of the other field.
                (
                    Kind::Text,
                    Some(ComputationDescription::Derived { through, field }),
                )
            }
            "object-id" => (Kind::Guid, None),
            name => (kind_of(name, tag)?, None),
        };
        let name = match tag.name {
            "uri" => URI.into(),
            "object-id" => OBJECT_ID.into(),
            _ => attributes.require("name")?,
        };
        let access = attributes.take_choice("access", &ACCESS)?;
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        let is_read_only = is_object_id || computation.is_some();
        let of_object_id = is_object_id.then(|| fact.clone());
        Ok(FieldDescription {
            name: name.into(),
            kind,
            access: access.unwrap_or(if is_read_only {
                Access::ReadOnly
            } else {
                Access::ReadWrite
            }),
            is_object_id,
            required: of_object_id.iter().cloned().collect(),
            defaults: Vec::new(),
            choices: Vec::new(),
            max_length: None,
            extension: None,
            range: None,
            unique: of_object_id.map(|fact| (None, fact)),
            reference: None,
            clears: Vec::new(),
            clearable: None,
            expiry: None,
            computation: computation.map(Box::new),
            fact,
        })
    }

    fn read_rule(&mut self, tag: &StartTag<'a>, field: &mut FieldDescription) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let mut is_repeated = false;
        match tag.name {
            "required" => field.required.push(self.take_fact(&mut attributes)?),
            "default" => {
                let value = take_default(&mut attributes, field.kind)?;
                field
                    .defaults
                    .push((value, self.take_fact(&mut attributes)?));
            }
            "choices" => {
                let values = attributes.require_words("values")?;
                field
                    .choices
                    .push((values, self.take_fact(&mut attributes)?));
            }
            "max-length" => {
                let text = attributes.require("characters")?;
                let fact = self.take_fact_without_scope(&mut attributes)?;
                let length = max_length(&text)
                    .ok_or_else(|| attributes.unexpected("characters", &text, MAX_LENGTH))?;
                is_repeated = field.max_length.replace((length, fact)).is_some();
            }
            "extension" => {
                let fact = self.take_fact_without_scope(&mut attributes)?;
                is_repeated = field.extension.replace(fact).is_some();
            }
            "range" => {
                let range = take_range(&mut attributes)?;
                let fact = self.take_fact_without_scope(&mut attributes)?;
                is_repeated = field.range.replace((range, fact)).is_some();
            }
            "unique" => {
                let within = attributes.take("within").map(Into::into);
                let fact = self.take_fact_without_scope(&mut attributes)?;
                is_repeated = field.unique.replace((within, fact)).is_some();
            }
            "references" => {
                let reference = self.take_reference(&mut attributes)?;
                is_repeated = field.reference.replace(Box::new(reference)).is_some();
            }
            "clearable" => {
                let fact = self.take_fact_without_scope(&mut attributes)?;
                is_repeated = field.clearable.replace(fact).is_some();
            }
            "expiry" => {
                let switch = attributes.require("field")?.into();
                let fact = self.take_fact(&mut attributes)?;
                is_repeated = field.expiry.replace((switch, fact)).is_some();
            }
            "clears" => {
                let other = attributes.require("field")?.into();
                field
                    .clears
                    .push((other, self.take_fact_without_scope(&mut attributes)?));
            }
            name => {
                let message = format!(
                    "found <{name}>, expected <required>, <default>, <choices>, <max-length>, <extension>, <range>, \
                     <unique>, <references>, <clears>, <clearable> or <expiry>"
                );
                return Err(DecodeError::new(tag.at, message));
            }
        }
        attributes.finish()?;
        if is_repeated {
            let message = format!("<{}> is given twice, expected it once", tag.name);
            return Err(DecodeError::new(tag.at, message));
        }
        Ok(())
    }

    fn take_reference(
        &mut self,
        attributes: &mut ElementAttributes<'a>,
    ) -> Part<ReferenceDescription> {
        let resource = attributes.require("resource")?;
        let field = attributes.take("field");
        let on_delete = attributes.require_choice("on-delete", &ON_DELETE)?;
        let message = attributes.take("message");
        if message.is_some() && on_delete != OnDelete::Refuse {
            let message = "found the attribute message, expected it only with on-delete=\"refuse\"";
            return Err(attributes.error(message.to_owned()));
        }
        if message.as_deref() == Some("") {
            return Err(attributes.error("message is empty, expected a text".to_owned()));
        }
        Ok(ReferenceDescription {
            resource: resource.into(),
            field: field.map(Into::into),
            on_delete,
            message: message.map(Into::into),
            fact: self.take_fact_without_scope(attributes)?,
        })
    }
}

/// Takes the value of a default.
fn take_default(
    attributes: &mut ElementAttributes<'_>,
    kind: Kind,
) -> Part<DefaultValue<NamedField>> {
    if let Some(resource) = attributes.take("resource") {
        return Ok(DefaultValue::First(NamedField {
            resource: resource.into(),
            field: attributes.require("field")?.into(),
        }));
    }
    let value = attributes.require("value")?;
    Ok(match &*value {
        NOW if kind == Kind::DateTime => DefaultValue::Now,
        UTC_NOW if kind == Kind::DateTime => DefaultValue::UtcNow,
        _ => DefaultValue::Value(value.into()),
    })
}

/// Takes the path of a link.
fn take_path(attributes: &mut ElementAttributes<'_>) -> Part<ComputationDescription> {
    if let Some(list) = attributes.take("list") {
        return Ok(ComputationDescription::Query {
            list: list.into(),
            field: attributes.require("field")?.into(),
        });
    }
    let through = attributes.take("through");
    let ending = match through {
        Some(_) => attributes.take("ending").unwrap_or_default(),
        None => attributes.require("ending")?,
    };
    let with = match through {
        Some(_) => None,
        None => attributes.take("with"),
    };
    Ok(ComputationDescription::Path {
        through: through.map(Into::into),
        ending: ending.into(),
        with: with.map(Into::into),
    })
}

fn take_range(attributes: &mut ElementAttributes<'_>) -> Part<(i32, i32)> {
    let mut number = |name| {
        let text = attributes.require(name)?;
        let number = text.parse::<i32>();
        number.map_err(|_| attributes.unexpected(name, &text, "a whole number of 32 bits"))
    };
    let (min, max) = (number("min")?, number("max")?);
    if min > max {
        return Err(attributes.error(format!("min is {min}, expected at most max, {max}")));
    }
    Ok((min, max))
}

fn kind_of(name: &str, tag: &StartTag<'_>) -> Part<Kind> {
    kind_of_element(name).ok_or_else(|| {
        let message = format!(
            "found <{name}>, expected <evidence>, <verb>, <alias>, <action>, <audio>, <endpoint>, <view>, <template>, <order>, <undeletable> \
             or a field: <uri>, <object-id>, <text>, <integer>, <boolean>, <guid>, <date-time>, <binary>, <link> or <derived>"
        );
        DecodeError::new(tag.at, message)
    })
}

/// Returns the kind of the fields with this element that have a value of their own and a name.
pub(crate) fn kind_of_element(name: &str) -> Option<Kind> {
    let mut kinds = KINDS.iter();
    let kind = kinds.find(|(known, _)| *known == name);
    kind.map(|(_, kind)| *kind)
}

/// Returns the word for an access.
pub(crate) fn access_word(access: Access) -> &'static str {
    let mut words = ACCESS.iter();
    let word = words.find(|(_, known)| *known == access);
    word.map_or("read-write", |(word, _)| word)
}

/// Returns the element of a field of this kind.
pub(crate) fn element_of(kind: Kind) -> &'static str {
    let mut kinds = KINDS.iter();
    let element = kinds.find(|(_, known)| *known == kind);
    element.map_or("link", |(element, _)| element)
}

/// Reads a maximum number of characters, as a positive integer of XML Schema.
fn max_length(text: &str) -> Option<usize> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let length: u32 = text.parse().ok().filter(|_| is_number)?;
    length.try_into().ok().filter(|length| *length > 0)
}
