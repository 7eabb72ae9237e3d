//! Creating, listing and deleting faults.

use std::sync::Arc;

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{ApiError, ApiResult, JsonBody, PathSegment, Query, SpaceParameter, SpaceSelector};
use crate::{
    engine::shorten,
    faults::{Fault, FaultDocument, FaultError, FaultStatus},
    http::StateExtension,
    space::Space,
};

/// A fault of one of several spaces.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FaultInSpace {
    space: String,
    #[serde(flatten)]
    fault: FaultDocument,
}

/// `GET /__mock/faults`
pub(super) async fn list(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<Json<Vec<FaultDocument>>> {
    let space = scope.space.one(&server.spaces)?;
    let faults = space.faults.list(space.records.clock.now());
    Ok(Json(faults.iter().map(FaultDocument::from).collect()))
}

/// `POST /__mock/faults`
pub(super) async fn create(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
    JsonBody(document): JsonBody<FaultDocument>,
) -> ApiResult<Response> {
    let spaces = scope.space.spaces(&server.spaces)?;
    let fault = Fault::try_from(document).map_err(ApiError::bad_request)?;
    let created = create_in_all(&spaces, &fault)?;
    let mut documents = created.into_iter().map(|(space, status)| FaultInSpace {
        space: space.name.to_string(),
        fault: FaultDocument::from(&status),
    });
    if scope.space == SpaceSelector::All {
        let documents: Vec<_> = documents.collect();
        return Ok((StatusCode::CREATED, Json(documents)).into_response());
    }
    let document = documents.next().ok_or_else(ApiError::internal)?;
    Ok((StatusCode::CREATED, Json(document.fault)).into_response())
}

/// Creates a fault in every space, or in none if one of them is full. If other requests fill a space in the meantime,
/// the faults that were already created remain.
fn create_in_all<'a>(
    spaces: &'a [Arc<Space>],
    fault: &Fault,
) -> ApiResult<Vec<(&'a Space, FaultStatus)>> {
    for space in spaces {
        if !space.faults.has_capacity(space.records.clock.now()) {
            return Err(FaultError::TooMany.into());
        }
    }
    let created = spaces.iter().map(|space| {
        let now = space.records.clock.now();
        let status = space.faults.add(fault.clone(), now)?;
        Ok((&**space, status))
    });
    created.collect()
}

impl From<FaultError> for ApiError {
    fn from(error: FaultError) -> Self {
        let status = match error {
            FaultError::Invalid(_) => StatusCode::BAD_REQUEST,
            FaultError::TooMany => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.to_string())
    }
}

/// `GET /__mock/faults/{number}`
pub(super) async fn get(
    Extension(server): StateExtension,
    PathSegment(number): PathSegment,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<Json<FaultDocument>> {
    let space = scope.space.one(&server.spaces)?;
    let now = space.records.clock.now();
    let status = number
        .parse()
        .ok()
        .and_then(|number| space.faults.get(number, now));
    let status = status.ok_or_else(|| not_found(&number))?;
    Ok(Json(FaultDocument::from(&status)))
}

/// `DELETE /__mock/faults/{number}`
pub(super) async fn delete(
    Extension(server): StateExtension,
    PathSegment(number): PathSegment,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<StatusCode> {
    let space = scope.space.one(&server.spaces)?;
    let is_removed = number
        .parse()
        .is_ok_and(|number| space.faults.remove(number));
    if is_removed {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_found(&number))
    }
}

/// `DELETE /__mock/faults`
pub(super) async fn delete_all(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<StatusCode> {
    let remove_all = |space: &Space| space.faults.remove_all();
    scope.space.for_each(&server.spaces, remove_all)
}

fn not_found(number: &str) -> ApiError {
    let error = format!(
        "there is no fault {}, expected one of GET /__mock/faults",
        shorten(number)
    );
    ApiError::new(StatusCode::NOT_FOUND, error)
}

#[cfg(test)]
pub(super) mod describe {
    use schemars::JsonSchema;
    use serde_json::json;

    use super::{FaultDocument, FaultInSpace};
    use crate::{control::openapi::Operation, values::Integer};

    #[derive(JsonSchema)]
    #[schemars(untagged, inline)]
    #[expect(dead_code, reason = "only the schema is used")]
    enum Created {
        One(Box<FaultDocument>),
        InAllSpaces(Vec<FaultInSpace>),
    }

    /// Refers to the definition that the schema of a request has in the document.
    struct NewFault;

    impl JsonSchema for NewFault {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            "NewFault".into()
        }

        fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
            generator.subschema_for::<FaultDocument>();
            schemars::Schema::new_ref("#/components/schemas/NewFault".to_owned())
        }
    }

    fn with_number(operation: Operation) -> Operation {
        operation
            .segment::<Integer<0, { u64::MAX }>>("number", "The number of a fault.")
            .space()
            .shared(404, "NoFault")
    }

    pub(in crate::control) fn list() -> Operation {
        Operation::new("faults", "listFaults", "List the faults of a space")
            .space()
            .json::<Vec<FaultDocument>>(200, "The faults, in the order in which they were created.")
    }

    pub(in crate::control) fn create() -> Operation {
        Operation::new("faults", "makeFault", "Create a fault")
            .description(
                "A space can have 1000 faults. At most one fault hits a request: the oldest of those that would.",
            )
            .space_or_all()
            .json_body::<NewFault>(&[
                ("busy twice", json!({ "preset": "busy", "times": 2 })),
                ("slow", json!({ "delay": { "min_ms": 10, "max_ms": 50 } })),
                (
                    "a truncated response",
                    json!({
                        "requests": { "method": "GET", "path": "externalservices/*" },
                        "effect": { "cut": { "after": 100, "reset": true } },
                        "nth": 3,
                    }),
                ),
                (
                    "a custom response",
                    json!({
                        "effect": { "answer": { "status": 503, "headers": { "Retry-After": "5" }, "body": "later" } },
                        "probability": 0.5,
                    }),
                ),
            ])
            .error(503, "There are 1000 faults already.")
            .json::<Created>(201, "The new fault; with `space=*`, a list of the new faults of all spaces.")
            .links("number", &["getFault", "deleteFault"])
    }

    pub(in crate::control) fn get() -> Operation {
        with_number(Operation::new("faults", "getFault", "Get a fault"))
            .json::<FaultDocument>(200, "The fault.")
    }

    pub(in crate::control) fn delete() -> Operation {
        with_number(Operation::new("faults", "deleteFault", "Delete a fault"))
            .no_content("The fault is deleted.")
    }

    pub(in crate::control) fn delete_all() -> Operation {
        Operation::new("faults", "deleteFaults", "Delete all faults")
            .space_or_all()
            .no_content("There are no faults.")
    }
}
