//! Responses: from the outcome of a handler to the encoded response.

mod buffered_body;
mod content_type;
mod encode;
mod envelope;
mod list_body;
mod negotiate;
mod outcome;

pub(crate) use buffered_body::{reserve_body, stream_response};
pub(crate) use content_type::content_type;
pub(super) use content_type::{HTML, TEXT, WADL, WAVE};
pub(super) use encode::{BY_FAULT, EncodedResponse, ResponseContext};
pub(super) use envelope::error_page;
#[cfg(feature = "cli")]
pub(crate) use negotiate::prefers;
pub(super) use negotiate::{accepted_format, body_format};
pub(super) use outcome::DescribedResponse;
pub(crate) use outcome::{Outcome, Payload};
