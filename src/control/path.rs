//! Reading the open segment of a path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use futures_util::FutureExt;

use super::{ApiError, ApiResult, handler::FromParts};

/// The decoded segment of a path that has one open segment.
pub(super) struct PathSegment(pub(super) String);

impl FromParts for PathSegment {
    fn from_parts(parts: &mut Parts) -> ApiResult<Self> {
        let path = Path::<String>::from_request_parts(parts, &());
        match path.now_or_never() {
            Some(Ok(Path(segment))) => Ok(Self(segment)),
            _ => Err(ApiError::bad_request(
                "the path is not UTF-8 after decoding, expected a name",
            )),
        }
    }
}
