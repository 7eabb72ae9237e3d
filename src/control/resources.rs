//! The resources of a space: their records in numbers, and their fields with the rules.

use axum::{Extension, Json, http::StatusCode};
use serde::Serialize;

use super::{ApiError, ApiResult, PathSegment, Query, SpaceParameter};
use crate::{
    engine::{
        Records, columns,
        description::{access_word, element_of},
        field_rules, shorten,
    },
    http::StateExtension,
    resources::is_embedded,
    schema::{Catalogue, Evidence, Field, Provenance, Resource, Template, Verb, path},
    store::Store,
};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ResourceList {
    resources: Vec<ResourceSummary>,
}

/// A resource, with the number of its records.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ResourceSummary {
    /// The path below `/vmrest`; a segment in braces is the value of a field.
    path: String,
    /// The element of a list.
    list: String,
    /// The element of an object.
    element: String,
    /// The path of the resource above it, if there is one.
    parent: Option<String>,
    /// True if there is one object at the path.
    single: bool,
    /// The verbs that clients can use at the path.
    verbs: Vec<&'static str>,
    /// The number of records, with any values in the path.
    records: usize,
    /// The fields that a table shows first.
    columns: Vec<String>,
}

/// A resource with its fields.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ResourceDetails {
    #[serde(flatten)]
    summary: ResourceSummary,
    /// The description in the sources; `null` if the server has other resources than the embedded ones.
    file: Option<String>,
    requests: Vec<VerbFact>,
    /// The parameters of the query string of which a create needs one.
    templates: Vec<TemplateFact>,
    /// In the order of a response.
    fields: Vec<FieldFact>,
}

/// A verb, and the evidence for the responses to it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct VerbFact {
    verb: &'static str,
    #[serde(flatten)]
    evidence: EvidenceText,
}

/// A parameter of the query string that selects an object to copy a new one from.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct TemplateFact {
    parameter: String,
    /// The path of the resource of the other object.
    resource: String,
    /// The field of the other object that the parameter has the value of.
    field: String,
    #[serde(flatten)]
    evidence: EvidenceText,
}

/// A field with its rules.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FieldFact {
    name: String,
    kind: &'static str,
    /// `read-write`, `read-only`, `create` (at the creation only), `secret` (it reads back empty), `write-only` or
    /// `internal`.
    access: &'static str,
    #[serde(flatten)]
    evidence: EvidenceText,
    /// The path of the resource whose objects it refers to.
    references: Option<String>,
    /// The only values that the field accepts in every object.
    choices: Option<Vec<String>>,
    rules: Vec<RuleFact>,
}

/// A rule in words.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RuleFact {
    rule: String,
    #[serde(flatten)]
    evidence: EvidenceText,
}

/// The evidence for a fact.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct EvidenceText {
    provenance: Provenance,
    source: String,
}

impl From<&Evidence> for EvidenceText {
    fn from(evidence: &Evidence) -> Self {
        Self {
            provenance: evidence.provenance(),
            source: evidence.source().to_owned(),
        }
    }
}

/// `GET /__mock/resources`
pub(super) async fn list(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<Json<ResourceList>> {
    let space = scope.space.one(&server.spaces)?;
    let (records, store) = (&space.records, space.records.read());
    let resources = store.catalogue().resources().iter();
    let resources = resources.map(|resource| ResourceSummary::new(records, &store, resource));
    Ok(Json(ResourceList {
        resources: resources.collect(),
    }))
}

/// `GET /__mock/resources/{path}`
pub(super) async fn get(
    Extension(server): StateExtension,
    PathSegment(path): PathSegment,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<Json<ResourceDetails>> {
    let space = scope.space.one(&server.spaces)?;
    let catalogue = &space.records.catalogue;
    let resource = find(catalogue, &path)?;
    let verbs = Verb::ALL.into_iter().filter_map(|verb| {
        Some(VerbFact {
            verb: verb.name(),
            evidence: resource.verb(verb)?.into(),
        })
    });
    let fields = resource.fields.iter();
    let templates = resource.templates.iter();
    Ok(Json(ResourceDetails {
        summary: ResourceSummary::new(&space.records, &space.records.read(), resource),
        file: is_embedded(catalogue)
            .then(|| format!("src/resources/{}.xml", path::without_parameters(&path))),
        requests: verbs.collect(),
        templates: templates
            .map(|template| TemplateFact::new(catalogue, template))
            .collect(),
        fields: fields
            .map(|field| FieldFact::new(catalogue, resource, field))
            .collect(),
    }))
}

/// Returns the resource with this path below `/vmrest`.
pub(super) fn find<'c>(catalogue: &'c Catalogue, path: &str) -> ApiResult<&'c Resource> {
    catalogue.resource(path).ok_or_else(|| {
        let error = format!(
            "there is no resource {:?} in release {}, expected one of GET /__mock/resources",
            shorten(path),
            catalogue.release
        );
        ApiError::new(StatusCode::NOT_FOUND, error)
    })
}

impl ResourceSummary {
    fn new(records: &Records, store: &Store, resource: &Resource) -> Self {
        let computed = records.computed(store, resource);
        let stored = || store.collection(resource.id).len();
        let parent = resource.parent.map(|parent| &store.catalogue()[parent]);
        let verbs = Verb::ALL.into_iter();
        let verbs = verbs.filter(|verb| resource.verb(*verb).is_some());
        let columns = columns(resource);
        Self {
            path: resource.path.as_str().to_owned(),
            list: resource.list_element.to_string(),
            element: resource.element.to_string(),
            parent: parent.map(|parent| parent.path.as_str().to_owned()),
            single: resource.is_singleton(),
            verbs: verbs.map(Verb::name).collect(),
            records: computed.map_or_else(stored, |rows| rows.len()),
            columns: columns
                .map(|position| resource.fields[position].name.to_string())
                .collect(),
        }
    }
}

impl TemplateFact {
    fn new(catalogue: &Catalogue, template: &Template) -> Self {
        let other = &catalogue[template.resource];
        Self {
            parameter: template.parameter.to_string(),
            resource: other.path.as_str().to_owned(),
            field: other.fields[template.field].name.to_string(),
            evidence: (&template.evidence).into(),
        }
    }
}

impl FieldFact {
    fn new(catalogue: &Catalogue, resource: &Resource, field: &Field) -> Self {
        let target = field.reference.as_ref();
        let target = target.map(|reference| &catalogue[reference.resource]);
        let mut choices = field.choices.iter();
        let choices = choices.find(|(_, rule)| rule.condition.is_none());
        let choices = choices.map(|(choices, _)| choices.iter().map(ToString::to_string));
        let rules = field_rules(catalogue, resource, field).into_iter();
        Self {
            name: field.name.to_string(),
            kind: element_of(field.kind),
            access: access_word(field.access),
            evidence: (&field.evidence).into(),
            references: target.map(|target| target.path.as_str().to_owned()),
            choices: choices.map(Iterator::collect),
            rules: rules
                .map(|(rule, evidence)| RuleFact {
                    rule,
                    evidence: evidence.into(),
                })
                .collect(),
        }
    }
}

#[cfg(test)]
pub(super) mod describe {
    use super::{ResourceDetails, ResourceList};
    use crate::control::openapi::Operation;

    pub(in crate::control) fn list() -> Operation {
        Operation::new(
            "objects",
            "listResources",
            "List the resources of a space with the numbers of their records",
        )
        .space()
        .json::<ResourceList>(200, "The resources, in the order of the catalogue.")
    }

    pub(in crate::control) fn get() -> Operation {
        Operation::new(
            "objects",
            "getResource",
            "Get the fields of a resource with their rules and the evidence",
        )
        .segment::<String>(
            "path",
            "The path of a resource below `/vmrest`, percent-encoded.",
        )
        .space()
        .json::<ResourceDetails>(200, "The resource.")
        .error(404, "There is no such resource.")
    }
}
