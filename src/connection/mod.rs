//! A client connection: its byte stream, its activity, and the handle through which requests reach it.

mod activity;
mod body;
mod buffer_budget;
mod endpoint;
mod handle;
mod input_head;
mod input_memory;
mod parser_response;
mod stream;
mod transport;
mod truncation;

pub(crate) use activity::{Activity, Progress};
pub(crate) use body::{TrackedRequestBody, TrackedResponseBody};
pub(crate) use buffer_budget::{BufferBudget, BuffersFull, Reservation};
pub(crate) use endpoint::Endpoint;
pub(crate) use handle::ConnectionHandle;
pub(crate) use input_head::UnparsedHead;
pub(crate) use parser_response::ParserResponse;
pub(crate) use stream::FaultStream;
pub(crate) use transport::Transport;
pub(crate) use truncation::{TruncateAfter, Truncation};
