//! Handlers of the control plane: functions of several parts of a request, as one type for the router.

use axum::{
    Extension,
    extract::Request,
    http::{HeaderMap, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::future::BoxFuture;

use super::{ApiError, ApiResult};

/// The type of all handlers: the router is compiled for it once.
pub(super) type HandlerFn = fn(&mut Parts) -> BoxFuture<'static, Response>;

/// Returns a handler for the router.
pub(super) fn service(
    handler: HandlerFn,
) -> impl Fn(Request) -> BoxFuture<'static, Response> + Clone + Send + Sync + 'static {
    move |request| {
        let (mut parts, _) = request.into_parts();
        handler(&mut parts)
    }
}

/// A part of a request, whose body the router has received.
pub(super) trait FromParts: Sized {
    fn from_parts(parts: &mut Parts) -> ApiResult<Self>;
}

impl<T: Clone + Send + Sync + 'static> FromParts for Extension<T> {
    fn from_parts(parts: &mut Parts) -> ApiResult<Self> {
        let extension = parts.extensions.get().cloned();
        extension.map(Self).ok_or_else(ApiError::internal)
    }
}

impl FromParts for HeaderMap {
    fn from_parts(parts: &mut Parts) -> ApiResult<Self> {
        Ok(parts.headers.clone())
    }
}

/// A handler: an asynchronous function of the parts `P`, which are read in this order. The first mistake is the response.
pub(super) trait Handler<P>: Sized {
    fn respond(self, parts: &mut Parts) -> BoxFuture<'static, Response>;
}

macro_rules! handler {
    ($($part:ident)+) => {
        impl<F, R, $($part),+> Handler<($($part,)+)> for F
        where
            F: FnOnce($($part),+) -> R,
            R: Future<Output: IntoResponse> + Send + 'static,
            $($part: FromParts,)+
        {
            fn respond(self, parts: &mut Parts) -> BoxFuture<'static, Response> {
                let response = || Ok(self($($part::from_parts(parts)?),+));
                match response() {
                    Ok(response) => Box::pin(async { response.await.into_response() }),
                    Err(error) => respond_with(error),
                }
            }
        }
    };
}

handler!(A);
handler!(A B);
handler!(A B C);
handler!(A B C D);
handler!(A B C D E);

fn respond_with(error: ApiError) -> BoxFuture<'static, Response> {
    Box::pin(std::future::ready(error.into_response()))
}
