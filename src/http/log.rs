//! One line for each request.

use std::any::Any;

use axum::{extract::Request, middleware::Next, response::Response};
use tracing::{error, info, warn};

use crate::engine::Error;

/// Marks a response that is not sent, as a fault said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unsent;

/// Logs what was asked, how it was answered, and why it was refused.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if response.extensions().get::<Unsent>().is_some() {
        info!(%method, path, "not answered, as a fault said");
        return response;
    }
    let status = response.status().as_u16();
    match response.extensions().get::<Error>() {
        None => info!(%method, path, status),
        Some(Error { message, .. }) => warn!(%method, path, status, message),
    }
    response
}

/// Logs what was thrown while a request was answered, and tells it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "whoever catches it has it in a box"
)]
pub(crate) fn panic_message(panic: Box<dyn Any + Send>) -> String {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
    let message = message.unwrap_or("no message");
    error!(message, "panicked while answering");
    message.to_owned()
}
