//! Reading the open segment of a path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use super::{ApiError, ApiResult};

/// The decoded segment of a path that has one open segment.
pub(super) struct PathSegment(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for PathSegment {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(segment)) => Ok(Self(segment)),
            Err(_) => Err(ApiError::bad_request(
                "the path is not UTF-8 after decoding, expected a name",
            )),
        }
    }
}
