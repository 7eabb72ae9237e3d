//! One line for each request.

use axum::{extract::Request, middleware::Next, response::Response};
use tracing::{info, warn};

use crate::engine::Error;

/// Logs what was asked, how it was answered, and why it was refused.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    match response.extensions().get::<Error>() {
        None => info!(%method, path, status),
        Some(Error { message, .. }) => warn!(%method, path, status, message),
    }
    response
}
