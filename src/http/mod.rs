//! HTTP: the pipeline of a request, from authentication to the encoded response.

mod auth;
mod base_uri;
mod body;
mod cors;
mod faults;
mod headers;
mod host;
mod invalid_head;
mod limits;
mod log;
mod long_queries;
#[cfg(feature = "cli")]
mod metrics;
mod origin;
mod pipeline;
mod recorder;
mod rejection;
mod response;
mod rest;
mod state;
mod unimplemented_paths;

pub(crate) use auth::{
    AccessDenial, Authentication, ControlAccess, Credentials, ServerNames, Sessions,
};
pub(crate) use body::{drain_body, receive_body};
pub(crate) use cors::Cors;
pub(crate) use invalid_head::{HeadError, InvalidHead, record_invalid_head};
pub(crate) use limits::Limits;
pub(crate) use log::log_panic;
pub(crate) use long_queries::LongQueries;
#[cfg(feature = "cli")]
pub(crate) use metrics::Metrics;
#[cfg(feature = "cli")]
pub(crate) use origin::Origin;
pub(crate) use pipeline::handle;
pub(crate) use recorder::record_control_request;
pub(crate) use rejection::Rejection;
#[cfg(feature = "cli")]
pub(crate) use response::prefers;
pub(crate) use response::{content_type, reserve_body, stream_response};
pub(crate) use rest::{
    MethodHandlers, RouteTable, RouteTables, application, is_below, responses, routes, schema,
    schemas, version,
};
pub(crate) use state::{ControlRequestIds, ServerState, StateExtension};
pub(crate) use unimplemented_paths::UnimplementedPaths;
