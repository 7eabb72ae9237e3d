//! Reads the description of a resource.

use std::collections::HashMap;

use super::{
    attributes::ElementAttributes,
    paths::{is_path, path_like},
    scope::{NO_SCOPE, SCOPE, holds_always},
};
use crate::{
    engine::{
        DecodeError,
        xml::{StartTag, XmlReader},
    },
    schema::{
        Access, ActionDescription, ActionSelector, AliasDescription, ComputationDescription,
        Condition, DefaultValue, Description, Evidence, Fact, FieldDescription, Kind, NameList,
        OnDelete, Provenance, ReferenceDescription, Release, TemplateDescription, Verb,
        ViewDescription,
    },
};

/// The element of a description.
const ROOT: &str = "resource";
const ACCESS: [(&str, Access); 5] = [
    ("read-only", Access::ReadOnly),
    ("create", Access::CreateOnly),
    ("read-write", Access::ReadWrite),
    ("secret", Access::Secret),
    ("write-only", Access::WriteOnly),
];
const ON_DELETE: [(&str, OnDelete); 3] = [
    ("refuse", OnDelete::Refuse),
    ("cascade", OnDelete::Cascade),
    ("clear", OnDelete::Clear),
];
const FLAGS: [(&str, bool); 2] = [("true", true), ("false", false)];
const PROVENANCES: [(&str, Provenance); 4] = [
    ("documented", Provenance::Documented),
    ("captured", Provenance::Captured),
    ("client", Provenance::Client),
    ("inferred", Provenance::Inferred),
];
/// The form of a maximum number of characters.
const MAX_LENGTH: &str = "a whole number from 0 to 4294967295";
/// The key of a resource that names no other one.
const OBJECT_ID: &str = "ObjectId";
/// The name of the field with a record's own path.
const URI: &str = "URI";
/// The value of a default that fills in the time of the create.
const NOW: &str = "now";

/// Reads a description. Reports every mistake, in the order of the document; after one that makes the document
/// unreadable, the rest is skipped.
pub(crate) fn read(document: &[u8]) -> Result<Description, Vec<DecodeError>> {
    let reader = XmlReader::new(document).map_err(|error| vec![error])?;
    let mut reader = DescriptionReader {
        reader,
        evidence: HashMap::new(),
        errors: Vec::new(),
    };
    let description = reader.root();
    let mut errors = reader.errors;
    errors.append(&mut reader.reader.stray_texts);
    match description {
        Ok(description) if errors.is_empty() => Ok(description),
        Ok(_) => Err(errors),
        Err(error) => {
            errors.push(error);
            Err(errors)
        }
    }
}

struct DescriptionReader<'a> {
    reader: XmlReader<'a>,
    /// The evidence that facts refer to, with its scope, by id.
    evidence: HashMap<String, Fact>,
    errors: Vec<DecodeError>,
}

/// The result of reading a part of a description. A mistake in the part is reported, and reading goes on after it.
type Part<T> = Result<T, DecodeError>;

impl<'a> DescriptionReader<'a> {
    fn root(&mut self) -> Result<Description, DecodeError> {
        let tag = self.reader.root()?;
        if tag.name != ROOT {
            let message = format!("found <{}>, expected <{ROOT}>", tag.name);
            return Err(DecodeError::new(tag.at, message));
        }
        let mut description = Description {
            path: Box::default(),
            list_element: Box::default(),
            element: Box::default(),
            key: Some(OBJECT_ID.into()),
            is_parent_optional: false,
            behaviour: None,
            since: Release::ALL[0],
            until: None,
            verbs: Vec::new(),
            list_fields: None,
            aliases: Vec::new(),
            actions: Vec::new(),
            views: Vec::new(),
            templates: Vec::new(),
            order: None,
            fields: Vec::new(),
            at: tag.at,
        };
        let names = read_names(&tag, &mut description);
        self.report(names);
        while let Some(tag) = self.reader.next_child()? {
            self.child(&tag, &mut description)?;
        }
        self.reader.finish()?;
        Ok(description)
    }

    /// Reads a child of the root.
    fn child(
        &mut self,
        tag: &StartTag<'a>,
        description: &mut Description,
    ) -> Result<(), DecodeError> {
        let part = match tag.name {
            "evidence" => self.read_evidence(tag),
            "verb" => self.read_verb(tag, description),
            "alias" => self.read_alias(tag, description),
            "action" => self.read_action(tag, description),
            "view" => self.read_view(tag, description),
            "template" => self.read_template(tag, description),
            "order" => self.read_order(tag, description),
            _ => {
                let field = self.read_field(tag)?;
                description.fields.extend(field);
                return Ok(());
            }
        };
        self.report(part);
        self.expect_no_children(tag.name)
    }

    fn read_evidence(&mut self, tag: &StartTag<'a>) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let id = attributes.require("id")?;
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        if self.evidence.insert(id.to_string(), fact).is_some() {
            let message = format!("the id {id:?} is given twice, expected it once");
            return Err(DecodeError::new(tag.at, message));
        }
        Ok(())
    }

    fn read_verb(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let verbs = Verb::ALL.map(|verb| (verb.name(), verb));
        let verb = attributes.take_choice("name", &verbs)?;
        let verb =
            verb.ok_or_else(|| attributes.error("<verb> lacks the attribute name".into()))?;
        let fields = take_names(&mut attributes, "fields")?;
        let fact = self.take_fact_without_scope(&mut attributes)?;
        attributes.finish()?;
        expect_always(description, &fact)?;
        if fields.is_some() && verb != Verb::List {
            let message = "found the attribute fields, expected it only on the verb list";
            return Err(DecodeError::new(tag.at, message));
        }
        description.list_fields = fields.or(description.list_fields.take());
        if description.verbs.iter().any(|(known, _)| *known == verb) {
            let message = format!("{} is given twice, expected it once", verb.name());
            return Err(DecodeError::new(tag.at, message));
        }
        description.verbs.push((verb, fact.evidence));
        Ok(())
    }

    fn read_alias(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let path = attributes.require("path")?;
        let names = attributes.require_list("verbs")?;
        let mut verbs = Vec::new();
        for name in &names {
            let verb = Verb::ALL.into_iter().find(|verb| verb.name() == &**name);
            let known = Verb::ALL.map(Verb::name).join(", ");
            verbs.push(verb.ok_or_else(|| attributes.unexpected("verbs", name, &known))?);
        }
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        expect_no_condition(&fact)?;
        description.aliases.push(AliasDescription {
            path: path.into(),
            verbs,
            fact,
        });
        Ok(())
    }

    fn read_action(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let selector = match (attributes.take("name"), attributes.take("method")) {
            (Some(name), None) if is_path(&name) => ActionSelector::Segment(name.into()),
            (Some(name), None) => {
                return Err(attributes.unexpected("name", &name, &path_like("reset")));
            }
            (None, Some(method)) => ActionSelector::Method(method.into()),
            _ => {
                let message = "<action> has none or both of the attributes name and method";
                return Err(attributes.error(format!("{message}, expected one of them")));
            }
        };
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        expect_no_condition(&fact)?;
        if description
            .actions
            .iter()
            .any(|action| action.selector == selector)
        {
            let message = "the action is given twice, expected it once";
            return Err(DecodeError::new(tag.at, message));
        }
        description
            .actions
            .push(ActionDescription { selector, fact });
        Ok(())
    }

    fn read_view(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let path = attributes.require("path")?;
        let list_element = attributes.require("list")?;
        let element = attributes.require("element")?;
        let fields = take_names(&mut attributes, "fields")?;
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        expect_no_condition(&fact)?;
        description.views.push(ViewDescription {
            path: path.into(),
            list_element: list_element.into(),
            element: element.into(),
            fields,
            fact,
        });
        Ok(())
    }

    fn read_template(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let parameter = attributes.require("parameter")?;
        let resource = attributes.require("resource")?;
        let field = attributes.require("field")?;
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        expect_no_condition(&fact)?;
        description.templates.push(TemplateDescription {
            parameter: parameter.into(),
            resource: resource.into(),
            field: field.into(),
            fact,
        });
        Ok(())
    }

    fn read_order(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let field = attributes.require("field")?;
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        expect_always(description, &fact)?;
        if description.order.replace((field.into(), fact)).is_some() {
            let message = "<order> is given twice, expected it once";
            return Err(DecodeError::new(tag.at, message));
        }
        Ok(())
    }

    /// Reads a field and its rules. Returns `None` after a mistake in the element of the field itself.
    fn read_field(&mut self, tag: &StartTag<'a>) -> Result<Option<FieldDescription>, DecodeError> {
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
                let (through, ending) = (None, Box::default());
                (
                    Kind::Link,
                    Some(ComputationDescription::Path { through, ending }),
                )
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
            range: None,
            unique: of_object_id.map(|fact| (None, fact)),
            reference: None,
            clears: Vec::new(),
            computation,
            fact,
        })
    }

    fn read_rule(&mut self, tag: &StartTag<'a>, field: &mut FieldDescription) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let mut is_repeated = false;
        match tag.name {
            "required" => field.required.push(self.take_fact(&mut attributes)?),
            "default" => {
                let value = attributes.require("value")?;
                let value = if field.kind == Kind::DateTime && value == NOW {
                    DefaultValue::Now
                } else {
                    DefaultValue::Value(value.into())
                };
                field
                    .defaults
                    .push((value, self.take_fact(&mut attributes)?));
            }
            "choices" => {
                let values = attributes.require_list("values")?;
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
                is_repeated = field.reference.replace(reference).is_some();
            }
            "clears" => {
                let other = attributes.require("field")?.into();
                field
                    .clears
                    .push((other, self.take_fact_without_scope(&mut attributes)?));
            }
            name => {
                let message = format!(
                    "found <{name}>, expected <required>, <default>, <choices>, <max-length>, <range>, <unique>, \
                     <references> or <clears>"
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
        let on_delete = attributes.take_choice("on-delete", &ON_DELETE)?;
        let on_delete = on_delete
            .ok_or_else(|| attributes.error("<references> lacks the attribute on-delete".into()))?;
        let message = attributes.take("message");
        if message.is_some() && on_delete != OnDelete::Refuse {
            let message = "found the attribute message, expected it only with on-delete=\"refuse\"";
            return Err(attributes.error(message.to_owned()));
        }
        Ok(ReferenceDescription {
            resource: resource.into(),
            field: field.map(Into::into),
            on_delete,
            message: message.map(Into::into),
            fact: self.take_fact_without_scope(attributes)?,
        })
    }

    /// Takes the attributes of a fact: its evidence, and its scope, which replaces that of the evidence.
    fn take_fact(&mut self, attributes: &mut ElementAttributes<'a>) -> Part<Fact> {
        let mut fact = self.take_evidence(attributes)?;
        fact.at = attributes.at;
        let (since, until) = take_releases(attributes)?;
        fact.since = since.unwrap_or(fact.since);
        fact.until = until.or(fact.until);
        if attributes.has("when") && attributes.has("unless") {
            return Err(attributes.error("found when and unless, expected one of the two".into()));
        }
        for (name, is_negated) in [("when", false), ("unless", true)] {
            if let Some(text) = attributes.take(name) {
                fact.condition = Some(condition(&text, is_negated).ok_or_else(|| {
                    attributes.unexpected(
                        name,
                        &text,
                        "FIELD is VALUE, with further values behind it",
                    )
                })?);
            }
        }
        Ok(fact)
    }

    /// Takes the attributes of a fact that has no scope of its own.
    fn take_fact_without_scope(&mut self, attributes: &mut ElementAttributes<'a>) -> Part<Fact> {
        let mut fact = self.take_evidence(attributes)?;
        fact.at = attributes.at;
        if SCOPE.iter().any(|name| attributes.has(name)) {
            return Err(attributes.error(NO_SCOPE.into()));
        }
        Ok(fact)
    }

    fn take_evidence(&mut self, attributes: &mut ElementAttributes<'a>) -> Part<Fact> {
        let own = PROVENANCES
            .iter()
            .find_map(|(name, provenance)| Some((*provenance, attributes.take(name)?)));
        match (own, attributes.take("by")) {
            (Some((provenance, source)), None) => {
                if source.trim().is_empty() {
                    let message = "the evidence is empty, expected its source";
                    self.errors.push(attributes.error(message.into()));
                }
                Ok(Fact {
                    evidence: Evidence::new(provenance, &source),
                    condition: None,
                    since: Release::ALL[0],
                    until: None,
                    at: attributes.at,
                })
            }
            (None, Some(id)) => {
                let evidence = self.evidence.get(&*id);
                let expected = "the id of an <evidence> before this element";
                evidence
                    .cloned()
                    .ok_or_else(|| attributes.unexpected("by", &id, expected))
            }
            _ => Err(attributes.error(
                "found no evidence or too much of it, expected one of the attributes documented, captured, client, \
                 inferred and by"
                    .to_owned(),
            )),
        }
    }

    /// Skips the content of the open element, and reports it if there are children.
    fn expect_no_children(&mut self, name: &str) -> Result<(), DecodeError> {
        let name = name.to_owned();
        while let Some(child) = self.reader.next_child()? {
            let message = format!("found <{}> in <{name}>, expected no children", child.name);
            self.errors.push(DecodeError::new(child.at, message));
            self.reader.skip()?;
        }
        Ok(())
    }

    /// Returns the result of reading a part, or reports a mistake in it.
    fn report<T>(&mut self, part: Part<T>) -> Option<T> {
        part.map_err(|error| self.errors.push(error)).ok()
    }
}

fn read_names(tag: &StartTag<'_>, description: &mut Description) -> Part<()> {
    let mut attributes = ElementAttributes::new(tag);
    for (name, text) in [
        ("path", &mut description.path),
        ("list", &mut description.list_element),
        ("element", &mut description.element),
    ] {
        *text = attributes.require(name)?.into();
    }
    let is_singleton = attributes.take_choice("singleton", &FLAGS)?;
    let key = attributes.take("key");
    if is_singleton == Some(true) {
        if key.is_some() {
            let message = "found the attribute key on a singleton, expected none";
            return Err(attributes.error(message.to_owned()));
        }
        description.key = None;
    } else if let Some(key) = key {
        description.key = Some(key.into());
    }
    let parents = [("required", false), ("optional", true)];
    let is_parent_optional = attributes.take_choice("parent", &parents)?;
    description.is_parent_optional = is_parent_optional.unwrap_or(false);
    description.behaviour = attributes.take("behaviour").map(Into::into);
    let (since, until) = take_releases(&mut attributes)?;
    description.since = since.unwrap_or(description.since);
    description.until = until;
    // Editors find a schema by it.
    attributes.take("xsi:noNamespaceSchemaLocation");
    attributes.take("xmlns:xsi");
    attributes.finish()
}

/// Takes the first and the last release of a scope.
fn take_releases(
    attributes: &mut ElementAttributes<'_>,
) -> Part<(Option<Release>, Option<Release>)> {
    let releases: Vec<_> = Release::ALL.iter().map(|r| (r.as_str(), *r)).collect();
    let since = attributes.take_choice("since", &releases)?;
    Ok((since, attributes.take_choice("until", &releases)?))
}

/// Takes a list of names of fields.
fn take_names(
    attributes: &mut ElementAttributes<'_>,
    name: &'static str,
) -> Part<Option<NameList>> {
    let at = attributes.at;
    let names = attributes.take_list(name)?;
    Ok(names.map(|names| NameList { names, at }))
}

/// Takes the path of a link.
fn take_path(attributes: &mut ElementAttributes<'_>) -> Part<ComputationDescription> {
    let through = attributes.take("through");
    let ending = match through {
        Some(_) => attributes.take("ending").unwrap_or_default(),
        None => attributes.require("ending")?,
    };
    Ok(ComputationDescription::Path {
        through: through.map(Into::into),
        ending: ending.into(),
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
    match name {
        "text" => Ok(Kind::Text),
        "integer" => Ok(Kind::Integer),
        "boolean" => Ok(Kind::Boolean),
        "guid" => Ok(Kind::Guid),
        "date-time" => Ok(Kind::DateTime),
        _ => {
            let message = format!(
                "found <{name}>, expected <evidence>, <verb>, <alias>, <action>, <view>, <template>, <order> or a field: \
                 <uri>, <object-id>, <text>, <integer>, <boolean>, <guid>, <date-time>, <link> or <derived>"
            );
            Err(DecodeError::new(tag.at, message))
        }
    }
}

/// Reads a condition such as `ServerType is 4 5`.
fn condition(text: &str, is_negated: bool) -> Option<Condition<Box<str>>> {
    let mut words = text.split_ascii_whitespace();
    let field = words.next()?.into();
    if words.next()? != "is" {
        return None;
    }
    let values: Box<[_]> = words.map(Box::from).collect();
    (!values.is_empty()).then_some(Condition {
        field,
        is_negated,
        values,
    })
}

/// Checks that a fact holds for all records.
fn expect_no_condition(fact: &Fact) -> Part<()> {
    if fact.condition.is_some() {
        let message = "found a condition, expected none of when and unless";
        return Err(DecodeError::new(fact.at, message));
    }
    Ok(())
}

/// Reads a maximum number of characters, as an unsigned integer of XML Schema.
fn max_length(text: &str) -> Option<usize> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let length: u32 = text.parse().ok().filter(|_| is_number)?;
    length.try_into().ok()
}

/// Checks that a fact holds in all releases of a resource, and for all its records.
fn expect_always(description: &Description, fact: &Fact) -> Part<()> {
    if holds_always(description, fact) {
        Ok(())
    } else {
        Err(DecodeError::new(fact.at, NO_SCOPE))
    }
}
