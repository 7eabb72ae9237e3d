//! Creating and deleting spaces.

use std::{path::PathBuf, sync::Arc};

use axum::{
    Extension, Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    ApiError, ApiResult, JsonBody, NoParameters, PathSegment, Query, RawBody, body::body_charset,
    reload::FixtureErrors, scope::find,
};
use crate::{
    engine::load::{self, Diagnostics, Fixture, Progress},
    http::StateExtension,
    space::{ResourcesError, Space, SpaceError},
    values::Integer,
};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SpaceList {
    /// All spaces, the default one first.
    spaces: Vec<SpaceView>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Space"))]
pub(super) struct SpaceView {
    name: String,
    /// The seed of everything random in the space.
    seed: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct NewSpace {
    /// The name, of 1 to 256 bytes, and not `*`.
    #[cfg_attr(test, schemars(length(min = 1, max = 256), extend("not" = { "const": "*" })))]
    name: String,
    /// The seed of everything random in the space, together with its name; by default, the seed of the server.
    seed: Option<Integer<0, { u64::MAX }>>,
}

impl From<&Arc<Space>> for SpaceView {
    fn from(space: &Arc<Space>) -> Self {
        Self {
            name: space.name.to_string(),
            seed: space.seed,
        }
    }
}

/// `GET /__mock/spaces`
pub(super) async fn list(
    Extension(server): StateExtension,
    _: Query<NoParameters>,
) -> ApiResult<Json<SpaceList>> {
    let spaces = server.spaces.all().iter().map(SpaceView::from).collect();
    Ok(Json(SpaceList { spaces }))
}

/// `POST /__mock/spaces`
pub(super) async fn create(
    Extension(server): StateExtension,
    _: Query<NoParameters>,
    JsonBody(new): JsonBody<NewSpace>,
) -> ApiResult<(StatusCode, Json<SpaceView>)> {
    let seed = new.seed.map(Integer::get);
    let space = server.spaces.create(&new.name, seed)?;
    Ok((StatusCode::CREATED, Json(SpaceView::from(&space))))
}

/// `GET /__mock/spaces/{name}`
pub(super) async fn get(
    Extension(server): StateExtension,
    PathSegment(name): PathSegment,
    _: Query<NoParameters>,
) -> ApiResult<Json<SpaceView>> {
    let space = find(&server.spaces, &name)?;
    Ok(Json(SpaceView::from(&space)))
}

/// `DELETE /__mock/spaces/{name}`
pub(super) async fn delete(
    Extension(server): StateExtension,
    PathSegment(name): PathSegment,
    _: Query<NoParameters>,
) -> ApiResult<StatusCode> {
    server.spaces.delete(&name)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /__mock/spaces/{name}/resources`
pub(super) async fn put_resources(
    Extension(server): StateExtension,
    PathSegment(name): PathSegment,
    _: Query<NoParameters>,
    headers: HeaderMap,
    Extension(body): RawBody,
) -> ApiResult<Response> {
    find(&server.spaces, &name)?;
    let charset = body_charset(&headers);
    let max = server.buffers.max().max(body.len());
    let describe = move |progress: &Progress| {
        let (mut files, mut unreadable) = (Vec::new(), Diagnostics::default());
        match Fixture::decode(PathBuf::from("resources"), body, charset.as_deref(), max) {
            Ok(file) => files.push(file),
            Err(diagnostic) => unreadable = Diagnostics::of(diagnostic),
        }
        let spaces = &server.spaces;
        spaces.set_resources(&name, &files, unreadable, progress)
    };
    let result = load::in_background(describe)
        .await
        .map_err(|_| ApiError::internal())?;
    match result {
        Ok(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(ResourcesError::Space(error)) => Err(error.into()),
        Err(ResourcesError::Seed(error)) => {
            let errors = Json(FixtureErrors::new("descriptions", &error));
            Ok((StatusCode::BAD_REQUEST, errors).into_response())
        }
    }
}

/// `DELETE /__mock/spaces/{name}/resources`
pub(super) async fn delete_resources(
    Extension(server): StateExtension,
    PathSegment(name): PathSegment,
    _: Query<NoParameters>,
) -> ApiResult<StatusCode> {
    server.spaces.reset_resources(&name)?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<SpaceError> for ApiError {
    fn from(error: SpaceError) -> Self {
        let status = match error {
            SpaceError::TooMany => StatusCode::SERVICE_UNAVAILABLE,
            SpaceError::InvalidName => StatusCode::BAD_REQUEST,
            SpaceError::Exists | SpaceError::Default | SpaceError::DefaultResources => {
                StatusCode::CONFLICT
            }
            SpaceError::Unknown(_) => StatusCode::NOT_FOUND,
        };
        Self::new(status, error.to_string())
    }
}

#[cfg(test)]
pub(super) mod describe {
    use serde_json::json;

    use super::{NewSpace, SpaceList, SpaceView};
    use crate::control::{error::ErrorBody, openapi::Operation, reload::FixtureErrors};

    #[derive(schemars::JsonSchema)]
    #[schemars(untagged, inline)]
    #[expect(dead_code, reason = "only the schema is used")]
    enum ResourcesError {
        Descriptions(FixtureErrors<'static>),
        Request(ErrorBody),
    }

    #[derive(schemars::JsonSchema)]
    #[schemars(inline)]
    struct SpaceName(
        #[schemars(length(min = 1))]
        #[expect(dead_code)]
        String,
    );

    fn with_name(operation: Operation) -> Operation {
        operation
            .segment::<SpaceName>("name", "The name of a space.")
            .shared(404, "NoSpace")
    }

    pub(in crate::control) fn list() -> Operation {
        Operation::new("spaces", "listSpaces", "List all spaces")
            .json::<SpaceList>(200, "All spaces, including the default one.")
    }

    pub(in crate::control) fn create() -> Operation {
        Operation::new("spaces", "makeSpace", "Create a space")
            .description(
                "A space has its own store, clock, faults, journal and snapshots. A user of the vendor's API whose \
                 name is the name of the space works in it.",
            )
            .json_body::<NewSpace>(&[
                ("a new space", json!({ "name": "team-a" })),
                ("with a seed", json!({ "name": "team-b", "seed": 7 })),
            ])
            .error(409, "There is a space with this name already.")
            .error(503, "There are 1000 spaces already.")
            .json::<SpaceView>(201, "The new space.")
            .links("name", &["getSpace", "deleteSpace"])
    }

    pub(in crate::control) fn get() -> Operation {
        with_name(Operation::new("spaces", "getSpace", "Get a space"))
            .json::<SpaceView>(200, "The space.")
    }

    pub(in crate::control) fn put_resources() -> Operation {
        let operation = Operation::new(
            "spaces",
            "putResources",
            "Give a space resources of its own",
        );
        with_name(operation)
            .description(
                "The space has the resources of the server and the described ones; a description replaces that of the \
                 same path. The space starts again from its seed: its records, journal, clock, faults and snapshots \
                 are new, and its coverage remains. Of the content type, only the charset counts.",
            )
            .xml_body("The description of a resource, several in `<resources>`, `<responses>` or `<errors>`.")
            .no_content("The space has the resources.")
            .error(409, "The default space has the resources of the server.")
            .json::<ResourcesError>(
                400,
                "The descriptions have errors, the seed does not conform to them, or the request is invalid. Nothing \
                 was changed.",
            )
    }

    pub(in crate::control) fn delete_resources() -> Operation {
        let operation = Operation::new(
            "spaces",
            "deleteResources",
            "Return a space to the resources of the server",
        );
        with_name(operation)
            .description("The space starts again from its seed, as with `PUT`.")
            .no_content("The space has the resources of the server.")
            .error(409, "The default space has the resources of the server.")
    }

    pub(in crate::control) fn delete() -> Operation {
        with_name(Operation::new("spaces", "deleteSpace", "Delete a space"))
            .no_content("The space is deleted, with everything in it.")
            .error(409, "The default space cannot be deleted.")
    }
}
