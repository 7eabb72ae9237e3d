//! The objects of a resource as a table, and one object with its links.

use std::borrow::Cow;

use axum::{Extension, Json, http::StatusCode};
use serde::{Deserialize, Serialize};

use super::{ApiError, ApiResult, PathSegment, Query, SpaceParameter, SpaceSelector, resources};
use crate::{
    engine::{self, Format, ObjectLink, ObjectQuery, Records, columns, load, shorten},
    http::StateExtension,
    schema::Resource,
    store::{Record, Store},
    values::Integer,
};

/// The number of objects in a page without `rows`.
const DEFAULT_ROWS: u64 = 50;
/// The maximum number of referrers in a response.
const MAX_REFERRERS: usize = 100;

/// The parameters of `GET /__mock/objects`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ObjectsParameters {
    #[serde(default)]
    #[cfg_attr(test, schemars(skip))]
    space: SpaceSelector,
    /// The path of a resource below `/vmrest`, as in `GET /__mock/resources`.
    resource: String,
    /// Only objects with this text in a value, in any letter case.
    text: Option<String>,
    /// Only objects of the tenant with this `ObjectId`.
    tenant: Option<String>,
    /// The name of the field to sort by, with `-` before it for the reverse order. Without it, the oldest come first.
    sort: Option<String>,
    /// The number of the page, from 1.
    page: Option<Integer<1, { u64::MAX }>>,
    /// The number of objects in a page; 50 if it is absent.
    rows: Option<Integer<1, 1000>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ObjectList {
    /// The number of selected objects on all pages.
    total: usize,
    /// The fields in `values`.
    columns: Vec<String>,
    objects: Vec<ObjectRow>,
}

/// One row of the table.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ObjectRow {
    path: String,
    /// The `ObjectId` of its tenant, if it has one.
    tenant: Option<String>,
    /// The values of the columns; `null` if the object has none.
    values: Vec<Option<String>>,
}

/// An object with its links.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ObjectDetails {
    path: String,
    /// The path of its resource below `/vmrest`.
    resource: String,
    element: String,
    /// The body of a response in XML.
    xml: String,
    /// The body of a response in JSON.
    json: String,
    /// The fields in a response, in their order.
    fields: Vec<FieldValue>,
    /// The objects that it refers to.
    references: Vec<ObjectLink>,
    /// Objects that refer to it: the first hundred.
    referrers: Vec<ObjectLink>,
    /// The number of all objects that refer to it.
    referrers_total: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FieldValue {
    name: String,
    value: String,
    /// The path that the value leads to, if it is a link.
    path: Option<String>,
}

/// `GET /__mock/objects`
pub(super) async fn list(
    Extension(server): StateExtension,
    Query(parameters): Query<ObjectsParameters>,
) -> ApiResult<Json<ObjectList>> {
    let space = parameters.space.one(&server.spaces)?;
    // A long search must not block other requests.
    let list = load::in_background(move |_| select(&space.records, &parameters)).await;
    list.map_err(|_| ApiError::internal())?.map(Json)
}

/// `GET /__mock/objects/{path}`
pub(super) async fn get(
    Extension(server): StateExtension,
    PathSegment(path): PathSegment,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<Json<ObjectDetails>> {
    let space = scope.space.one(&server.spaces)?;
    let object = load::in_background(move |_| {
        let store = space.records.read();
        engine::find_object(&space.records, &store, &path)
            .map(|(resource, record)| ObjectDetails::new(&store, resource, &record))
            .ok_or_else(|| not_found(&path))
    });
    object.await.map_err(|_| ApiError::internal())?.map(Json)
}

fn not_found(path: &str) -> ApiError {
    let error = format!(
        "there is no object {:?}, expected a path in GET /__mock/objects",
        shorten(path)
    );
    ApiError::new(StatusCode::NOT_FOUND, error)
}

fn select(records: &Records, parameters: &ObjectsParameters) -> ApiResult<ObjectList> {
    let store = &*records.read();
    let resource = resources::find(store.catalogue(), &parameters.resource)?;
    let tenant = resource.position(TENANT);
    let rows = parameters.rows.map_or(DEFAULT_ROWS, Integer::get);
    let pages_before = parameters.page.map_or(0, |page| page.get() - 1);
    let sort = match &parameters.sort {
        Some(sort) => Some(sort_field(resource, sort)?),
        None => None,
    };
    let query = ObjectQuery {
        text: parameters.text.clone().filter(|text| !text.is_empty()),
        field: match (&parameters.tenant, tenant) {
            (Some(_), None) => return Ok(ObjectList::empty(resource)),
            (Some(id), Some(position)) => Some((position, id.clone())),
            (None, _) => None,
        },
        sort,
        window: (
            usize::try_from(pages_before.saturating_mul(rows)).unwrap_or(usize::MAX),
            usize::try_from(rows).unwrap_or(usize::MAX),
        ),
    };
    let (total, found) = query.run(records, store, resource);
    let objects = found.iter();
    Ok(ObjectList {
        total,
        objects: objects
            .map(|record| ObjectRow::new(resource, record, tenant))
            .collect(),
        ..ObjectList::empty(resource)
    })
}

/// The field with the tenant of an object.
const TENANT: &str = "TenantObjectId";

/// Returns the position of the field to sort by, and true for the reverse order.
fn sort_field(resource: &Resource, sort: &str) -> ApiResult<(usize, bool)> {
    let name = sort.strip_prefix('-').unwrap_or(sort);
    let position = resource.position(name).ok_or_else(|| {
        let error = format!(
            "the parameter sort is {:?}, expected a field of {}",
            shorten(sort),
            resource.element
        );
        ApiError::bad_request(error)
    })?;
    Ok((position, name.len() < sort.len()))
}

impl ObjectList {
    fn empty(resource: &Resource) -> Self {
        let columns = columns(resource).map(|position| &resource.fields[position].name);
        Self {
            total: 0,
            columns: columns.map(ToString::to_string).collect(),
            objects: Vec::new(),
        }
    }
}

impl ObjectRow {
    fn new(resource: &Resource, record: &Record, tenant: Option<usize>) -> Self {
        let value = |position: usize| {
            let value = engine::shown(resource, position, &record.values);
            value.map(Cow::into_owned)
        };
        Self {
            path: engine::object_path(resource, &record.values),
            tenant: tenant.and_then(|position| {
                let value = engine::stored(resource, position, &record.values);
                value.map(Cow::into_owned)
            }),
            values: columns(resource).map(value).collect(),
        }
    }
}

impl ObjectDetails {
    fn new(store: &Store, resource: &Resource, record: &Record) -> Self {
        let values = &record.values;
        let fields = resource.fields.iter().enumerate();
        let fields = fields.filter_map(|(position, field)| {
            let value = engine::shown(resource, position, values)?;
            Some(FieldValue {
                name: field.name.to_string(),
                path: engine::link_of(resource, position, values),
                value: value.into_owned(),
            })
        });
        let document = |format| engine::document(resource, record, format);
        let (referrers_total, referrers) =
            engine::referrers(store, resource, values, MAX_REFERRERS);
        Self {
            path: engine::object_path(resource, values),
            resource: resource.path.as_str().to_owned(),
            element: resource.element.to_string(),
            xml: document(Format::Xml),
            json: document(Format::Json),
            fields: fields.collect(),
            references: engine::references(store, resource, values),
            referrers,
            referrers_total,
        }
    }
}

#[cfg(test)]
pub(super) mod describe {
    use super::{ObjectDetails, ObjectList, ObjectsParameters};
    use crate::control::openapi::Operation;

    pub(in crate::control) fn list() -> Operation {
        Operation::new("objects", "listObjects", "List the objects of a resource as a table")
            .description(
                "Of a resource below others, the table has the objects of all collections. Secrets are empty.",
            )
            .space()
            .query::<ObjectsParameters>()
            .json::<ObjectList>(200, "One page of the table.")
            .error(404, "There is no such resource.")
    }

    pub(in crate::control) fn get() -> Operation {
        Operation::new(
            "objects",
            "getObject",
            "Get an object, the objects that it refers to, and those that refer to it",
        )
        .description("The request is not one to the vendor's API, so it is not in the journal.")
        .segment::<String>(
            "path",
            "The path of an object, such as `/vmrest/tenants/ID`, percent-encoded.",
        )
        .space()
        .json::<ObjectDetails>(200, "The object.")
        .error(404, "There is no such object.")
    }
}
