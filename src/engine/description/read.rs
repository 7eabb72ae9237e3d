//! Reads the description of a resource.

use std::{array, collections::HashMap, mem};

use memchr::{memchr, memmem};

use super::{
    attributes::{EVIDENCE, ElementAttributes, word_value},
    paths::{is_path, path_like},
    scope::{NO_SCOPE, RELEASES, SCOPE, holds_always},
};
use crate::{
    engine::{
        DecodeError,
        xml::{StartTag, XmlReader},
    },
    schema::{
        ActionDescription, ActionSelector, AliasDescription, AudioDescription, Condition,
        Description, EmptyList, EndpointDescription, Evidence, Fact, Gaps, NameList, NewPlace,
        OrderDescription, Provenance, Release, TemplateDescription, UndeletableDescription, Verb,
        ViewDescription,
    },
};

/// The root element.
pub(super) const RESOURCE: &str = "resource";
/// The root element of several descriptions.
pub(super) const RESOURCES: &str = "resources";
const FLAGS: [(&str, bool); 2] = [("true", true), ("false", false)];
const PROVENANCES: [(&str, Provenance); 4] = [
    ("documented", Provenance::Documented),
    ("captured", Provenance::Captured),
    ("client", Provenance::Client),
    ("inferred", Provenance::Inferred),
];
/// The key of a resource that names no other one.
pub(super) const OBJECT_ID: &str = "ObjectId";
/// The elements of an outline.
const OUTLINE: [&str; 10] = [
    "evidence",
    "verb",
    "alias",
    "action",
    "audio",
    "endpoint",
    "view",
    "template",
    "order",
    "undeletable",
];
/// The methods of endpoints.
const METHODS: [(&str, &str); 4] = [
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("DELETE", "DELETE"),
];
const NEW_PLACES: [(&str, NewPlace); 2] = [("first", NewPlace::First), ("last", NewPlace::Last)];

/// Reads a description. Reports every mistake, in the order of the document; after one that makes the document
/// unreadable, the rest is skipped.
pub(crate) fn read(document: &[u8]) -> Result<Description, Vec<DecodeError>> {
    read_root(document, DescriptionReader::resource).complete()
}

/// Reads an embedded description up to its fields, which follow everything else.
pub(crate) fn read_outline(text: &str) -> Result<Description, Vec<DecodeError>> {
    let reader = XmlReader::of_embedded(until_first_field(text));
    read_beginning(reader, DescriptionReader::outline).complete()
}

/// Returns the beginning of a description, up to the start tag of its first field. The rest need not be decoded.
fn until_first_field(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(at) = memchr(b'<', &bytes[end..]) {
        let tag = &bytes[end + at..];
        let name = tag[1..].split(|byte| b" />".contains(byte)).next();
        let name = name.unwrap_or_default();
        let is_comment = tag.starts_with(b"<!--");
        let length = match is_comment {
            true => memmem::find(tag, b"-->"),
            false => memchr(b'>', tag),
        };
        end += at + length.map_or(tag.len(), |length| length + 1);
        let mut known = OUTLINE.iter().chain([&RESOURCE]);
        let is_of_outline = is_comment || known.any(|known| known.as_bytes() == name);
        if !is_of_outline && !name.is_empty() {
            return &text[..end];
        }
    }
    text
}

/// The result of reading a document.
#[derive(Debug)]
pub(crate) struct Reading<T> {
    /// The content, without the parts that have a mistake. `None` if the document is not readable.
    pub(crate) content: Option<T>,
    /// All mistakes.
    pub(crate) errors: Vec<DecodeError>,
}

impl<T> Reading<T> {
    /// Returns the content, if there is no mistake.
    fn complete(self) -> Result<T, Vec<DecodeError>> {
        match self.content {
            Some(content) if self.errors.is_empty() => Ok(content),
            _ => Err(self.errors),
        }
    }
}

/// Reads a document; `read` reads its root element. Reports every mistake.
pub(super) fn read_root<'a, T>(
    document: &'a [u8],
    read: impl FnOnce(&mut DescriptionReader<'a>, &StartTag<'a>) -> Part<T>,
) -> Reading<T> {
    let reader = match XmlReader::new(document) {
        Ok(reader) => reader,
        Err(error) => {
            return Reading {
                content: None,
                errors: vec![error],
            };
        }
    };
    read_beginning(reader, |reader, tag| {
        let content = read(reader, tag)?;
        reader.reader.finish()?;
        Ok(content)
    })
}

/// Does the same, but ignores everything behind the part that `read` reads.
fn read_beginning<'a, T>(
    reader: XmlReader<'a>,
    read: impl FnOnce(&mut DescriptionReader<'a>, &StartTag<'a>) -> Part<T>,
) -> Reading<T> {
    let mut reader = DescriptionReader {
        reader,
        evidence: KnownEvidence::default(),
        errors: Vec::new(),
    };
    let content = reader.reader.root().and_then(|tag| read(&mut reader, &tag));
    let stray_texts = mem::take(&mut reader.reader.stray_texts);
    reader.errors.extend(stray_texts);
    let content = reader.report(content);
    Reading {
        content,
        errors: reader.errors,
    }
}

/// Reads a description of a user: of a resource, or of responses.
pub(super) struct DescriptionReader<'a> {
    pub(super) reader: XmlReader<'a>,
    evidence: KnownEvidence,
    pub(super) errors: Vec<DecodeError>,
}

/// The evidence that facts refer to.
#[derive(Default)]
struct KnownEvidence {
    /// The evidence with its scope, by id. `None` if it has a mistake.
    facts: HashMap<String, Option<Fact>>,
    /// True if there is evidence without an id.
    has_unknown_ids: bool,
}

impl KnownEvidence {
    /// Returns a fact with this evidence. After a mistake in the evidence, it is one without a scope, so that no mistake
    /// follows from that.
    fn get(&self, id: &str, at: usize) -> Option<Fact> {
        match self.facts.get(id) {
            Some(Some(fact)) => Some(fact.clone()),
            None if !self.has_unknown_ids => None,
            _ => {
                let unknown = Evidence::new(Provenance::Inferred, "the evidence has a mistake");
                Some(Fact::of_all(unknown, at))
            }
        }
    }
}

/// The result of reading a part of a description. A mistake in the part is reported, and reading goes on after it.
pub(super) type Part<T> = Result<T, DecodeError>;

impl<'a> DescriptionReader<'a> {
    /// Reads the descriptions of several resources.
    pub(super) fn resources(&mut self) -> Part<Vec<Description>> {
        let mut descriptions = Vec::new();
        while let Some(tag) = self.reader.next_child()? {
            self.evidence = KnownEvidence::default();
            descriptions.push(self.resource(&tag)?);
        }
        Ok(descriptions)
    }

    /// Reads the description of a resource.
    pub(super) fn resource(&mut self, tag: &StartTag<'a>) -> Part<Description> {
        let mut description = self.attributes(tag);
        if tag.name != RESOURCE {
            self.reader.skip()?;
            return Ok(description);
        }
        while let Some(tag) = self.reader.next_child()? {
            self.child(&tag, &mut description)?;
        }
        Ok(description)
    }

    /// Reads the description of a resource up to its first field.
    fn outline(&mut self, tag: &StartTag<'a>) -> Part<Description> {
        let mut description = self.attributes(tag);
        while let Some(tag) = self.reader.next_child()?
            && OUTLINE.contains(&tag.name)
        {
            self.child(&tag, &mut description)?;
        }
        Ok(description)
    }

    /// Reads the start tag of a resource.
    fn attributes(&mut self, tag: &StartTag<'a>) -> Description {
        let mut description = Description {
            path: Box::default(),
            list_element: Box::default(),
            element: Box::default(),
            key: Some(OBJECT_ID.into()),
            is_parent_optional: false,
            empty_list: EmptyList::Total,
            is_computed: false,
            behaviour: None,
            since: Release::ALL[0],
            until: None,
            verbs: Vec::new(),
            list_fields: None,
            list_condition: None,
            aliases: Vec::new(),
            actions: Vec::new(),
            audio: Vec::new(),
            endpoints: Vec::new(),
            views: Vec::new(),
            templates: Vec::new(),
            order: None,
            undeletable: Vec::new(),
            fields: Vec::new(),
            gaps: Gaps::default(),
            at: tag.at,
        };
        let read = match tag.name {
            RESOURCE => read_attributes(tag, &mut description),
            name => {
                let message = format!("found <{name}>, expected <{RESOURCE}>");
                Err(DecodeError::new(tag.at, message))
            }
        };
        description.gaps.lacks_attributes = self.report(read).is_none();
        description
    }

    /// Reads a child of the root.
    fn child(
        &mut self,
        tag: &StartTag<'a>,
        description: &mut Description,
    ) -> Result<(), DecodeError> {
        let known = self.errors.len();
        let part = match tag.name {
            "evidence" => self.read_evidence(tag),
            "verb" => self.read_verb(tag, description),
            "alias" => self.read_alias(tag, description),
            "action" => self.read_action(tag, description),
            "audio" => self.read_audio(tag, description),
            "endpoint" => self.read_endpoint(tag, description),
            "view" => self.read_view(tag, description),
            "template" => self.read_template(tag, description),
            "order" => self.read_order(tag, description),
            "undeletable" => self.read_undeletable(tag, description),
            _ => {
                let field = self.read_field(tag)?;
                description.fields.extend(field);
                description.gaps.lacks_fields |= self.errors.len() > known;
                return Ok(());
            }
        };
        self.report(part);
        self.expect_no_children(tag.name)?;
        description.gaps.lacks_others |= self.errors.len() > known;
        Ok(())
    }

    pub(super) fn read_evidence(&mut self, tag: &StartTag<'a>) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let id = attributes.require("id");
        let id = id.inspect_err(|_| self.evidence.has_unknown_ids = true)?;
        if self.evidence.facts.contains_key(&*id) {
            let message = format!("the id {id:?} is given twice, expected it once");
            return Err(DecodeError::new(tag.at, message));
        }
        let fact = self.take_fact(&mut attributes);
        let fact = fact.and_then(|fact| attributes.finish().map(|()| fact));
        let known = fact.as_ref().ok().cloned();
        self.evidence.facts.insert(id.into_owned(), known);
        fact.map(|_| ())
    }

    fn read_verb(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let verbs = Verb::ALL.map(|verb| (verb.name(), verb));
        let verb = attributes.require_choice("name", &verbs)?;
        let fields = take_names(&mut attributes, "fields")?;
        let mut fact = match verb {
            Verb::List => {
                if RELEASES.iter().any(|name| attributes.has(name)) {
                    let message = "found releases, expected none of since and until";
                    return Err(attributes.error(message.into()));
                }
                self.take_fact(&mut attributes)?
            }
            _ => self.take_fact_without_scope(&mut attributes)?,
        };
        attributes.finish()?;
        if fields.is_some() && verb != Verb::List {
            let message = "found the attribute fields, expected it only on the verb list";
            return Err(DecodeError::new(tag.at, message));
        }
        if verb == Verb::List && fact.condition.is_some() {
            description.list_condition = Some(fact.clone());
            fact.condition = None;
        }
        expect_always(description, &fact)?;
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
            let unexpected = || {
                let known = Verb::ALL.map(Verb::name).join(", ");
                attributes.unexpected("verbs", name, &known)
            };
            verbs.push(verb.ok_or_else(unexpected)?);
        }
        let fields = take_names(&mut attributes, "fields")?;
        if fields.is_some() && !verbs.contains(&Verb::Read) {
            let message = "found the attribute fields, expected it only with the verb read";
            return Err(attributes.error(message.into()));
        }
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        description.aliases.push(AliasDescription {
            path: path.into(),
            verbs,
            fields,
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

    fn read_audio(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let segment = attributes.require("segment")?;
        if !is_path(&segment) {
            return Err(attributes.unexpected("segment", &segment, &path_like("voicename")));
        }
        let field = attributes.require("field")?.into();
        let creates = attributes.take_choice("creates", &FLAGS)?;
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        expect_no_condition(&fact)?;
        description.audio.push(AudioDescription {
            segment: segment.into(),
            field,
            creates: creates.unwrap_or(false),
            fact,
        });
        Ok(())
    }

    fn read_endpoint(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let name = attributes.require("name")?.into();
        let method = attributes.require_choice("method", &METHODS)?;
        let path = attributes.require("path")?.into();
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        expect_no_condition(&fact)?;
        description.endpoints.push(EndpointDescription {
            name,
            method,
            path,
            fact,
        });
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
        let except = take_names(&mut attributes, "except")?;
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        expect_no_condition(&fact)?;
        description.templates.push(TemplateDescription {
            parameter: parameter.into(),
            resource: resource.into(),
            field: field.into(),
            except,
            fact,
        });
        Ok(())
    }

    fn read_order(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let field = attributes.require("field")?.into();
        let new_place = attributes.take_choice("new", &NEW_PLACES)?;
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        expect_always(description, &fact)?;
        let order = OrderDescription {
            field,
            new_place: new_place.unwrap_or(NewPlace::Last),
            fact,
        };
        if description.order.replace(order).is_some() {
            let message = "<order> is given twice, expected it once";
            return Err(DecodeError::new(tag.at, message));
        }
        Ok(())
    }

    fn read_undeletable(&mut self, tag: &StartTag<'a>, description: &mut Description) -> Part<()> {
        let mut attributes = ElementAttributes::new(tag);
        let reason = attributes.take("reason").map(Into::into);
        let fact = self.take_fact(&mut attributes)?;
        attributes.finish()?;
        let rule = UndeletableDescription { reason, fact };
        description.undeletable.push(rule);
        Ok(())
    }

    /// Takes the attributes of a fact: its evidence, and its scope, which replaces that of the evidence.
    pub(super) fn take_fact(&mut self, attributes: &mut ElementAttributes<'a>) -> Part<Fact> {
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
                fact.condition = Some(
                    condition(&text, is_negated)
                        .ok_or_else(|| {
                            attributes.unexpected(
                                name,
                                &text,
                                "FIELD is VALUE, with further values behind it",
                            )
                        })?
                        .into(),
                );
            }
        }
        Ok(fact)
    }

    /// Takes the attributes of a fact that has no scope of its own.
    pub(super) fn take_fact_without_scope(
        &mut self,
        attributes: &mut ElementAttributes<'a>,
    ) -> Part<Fact> {
        let mut fact = self.take_evidence(attributes)?;
        fact.at = attributes.at;
        if SCOPE.iter().any(|name| attributes.has(name)) {
            return Err(attributes.error(NO_SCOPE.into()));
        }
        Ok(fact)
    }

    fn take_evidence(&mut self, attributes: &mut ElementAttributes<'a>) -> Part<Fact> {
        let given = EVIDENCE.into_iter().filter(|name| attributes.has(name));
        let given: Vec<_> = given.collect();
        if given.len() > 1 {
            let given = given.join(" and ");
            return Err(attributes.error(format!("found {given}, expected one of them")));
        }
        if let Some(id) = attributes.take("by") {
            let fact = self.evidence.get(&id, attributes.at);
            let expected = "the id of an <evidence> before this element";
            return fact.ok_or_else(|| attributes.unexpected("by", &id, expected));
        }
        let mut provenances = PROVENANCES.iter();
        let own =
            provenances.find_map(|(name, provenance)| Some((*provenance, attributes.take(name)?)));
        let Some((provenance, source)) = own else {
            let expected = "one of the attributes documented, captured, client, inferred and by";
            return Err(attributes.error(format!("found no evidence, expected {expected}")));
        };
        if source.trim().is_empty() {
            let message = "the evidence is empty, expected its source";
            self.errors.push(attributes.error(message.into()));
        }
        let evidence = Evidence::new(provenance, &source);
        Ok(Fact::of_all(evidence, attributes.at))
    }

    /// Skips the content of the open element, and reports it if there are children.
    pub(super) fn expect_no_children(&mut self, name: &str) -> Result<(), DecodeError> {
        let name = name.to_owned();
        while let Some(child) = self.reader.next_child()? {
            let message = format!("found <{}> in <{name}>, expected no children", child.name);
            self.errors.push(DecodeError::new(child.at, message));
            self.reader.skip()?;
        }
        Ok(())
    }

    /// Returns the result of reading a part, or reports a mistake in it.
    pub(super) fn report<T>(&mut self, part: Part<T>) -> Option<T> {
        part.map_err(|error| self.errors.push(error)).ok()
    }
}

fn read_attributes(tag: &StartTag<'_>, description: &mut Description) -> Part<()> {
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
    let empty_lists = [("total", EmptyList::Total), ("null", EmptyList::Null)];
    let empty_list = attributes.take_choice("empty-list", &empty_lists)?;
    description.empty_list = empty_list.unwrap_or(EmptyList::Total);
    let is_computed = attributes.take_choice("computed", &FLAGS)?;
    description.is_computed = is_computed.unwrap_or(false);
    description.behaviour = attributes.take("behaviour").map(Into::into);
    let (since, until) = take_releases(&mut attributes)?;
    description.since = since.unwrap_or(description.since);
    description.until = until;
    take_schema(&mut attributes);
    attributes.finish()
}

/// Takes the attributes by which editors find a schema.
pub(super) fn take_schema(attributes: &mut ElementAttributes<'_>) {
    attributes.take("xsi:noNamespaceSchemaLocation");
    attributes.take("xmlns:xsi");
}

/// Takes the first and the last release of a scope.
pub(super) fn take_releases(
    attributes: &mut ElementAttributes<'_>,
) -> Part<(Option<Release>, Option<Release>)> {
    let releases: [_; Release::ALL.len()] =
        array::from_fn(|index| (Release::ALL[index].as_str(), Release::ALL[index]));
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

/// Reads a condition such as `ServerType is 4 5`.
fn condition(text: &str, is_negated: bool) -> Option<Condition<Box<str>>> {
    let mut words = text.split_ascii_whitespace();
    let field = words.next()?.into();
    if words.next()? != "is" {
        return None;
    }
    let values: Box<[_]> = words.map(word_value).collect();
    (!values.is_empty()).then_some(Condition {
        field,
        is_negated,
        values,
    })
}

/// Checks that a fact holds for all records.
pub(super) fn expect_no_condition(fact: &Fact) -> Part<()> {
    if fact.condition.is_some() {
        let message = "found a condition, expected none of when and unless";
        return Err(DecodeError::new(fact.at, message));
    }
    Ok(())
}

/// Checks that a fact holds in all releases of a resource, and for all its records.
fn expect_always(description: &Description, fact: &Fact) -> Part<()> {
    // Without its attributes, the releases of the resource are unknown.
    if description.gaps.lacks_attributes || holds_always(description, fact) {
        Ok(())
    } else {
        Err(DecodeError::new(fact.at, NO_SCOPE))
    }
}
