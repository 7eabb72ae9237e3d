//! Between HTTP and the engine: who may ask, what was sent, and how it is answered.

mod access;
mod answer;
mod attend;
mod body;
mod description;
mod envelope;
mod failure;
mod fault;
#[cfg(feature = "tls")]
mod https_only;
mod in_flight;
mod limits;
mod log;
#[cfg(feature = "cli")]
mod metrics;
mod negotiate;
mod note;
mod reply;
mod rest;
mod routes;
mod secret;
mod sessions;
mod sign_in;
mod slow_body;
mod unserved;

use std::sync::Arc;

use axum::Extension;

use crate::space::Spaces;
#[cfg(feature = "tls")]
use crate::tls::Https;

pub(crate) use access::{Access, Denied};
pub(crate) use answer::{Answer, content_type};
pub(crate) use attend::attend;
pub(crate) use body::{at_once, receive};
pub(crate) use description::{application, schema, schemas, version};
pub(crate) use in_flight::InFlight;
pub(crate) use limits::Limits;
pub(crate) use log::{ControlRequests, LogLine, panic_message};
#[cfg(feature = "cli")]
pub(crate) use metrics::Metrics;
pub(crate) use reply::Reply;
pub(crate) use rest::{act_on_object, collection, delete_object, object};
pub(crate) use routes::{Routes, Verbs, is_below};
pub(crate) use sessions::Sessions;
pub(crate) use sign_in::{Credentials, SignIn};
pub(crate) use unserved::Unserved;

/// What the requests of one server share, in the request's extensions: the routes are the same for all servers.
pub(crate) type InServer = Extension<Arc<Shared>>;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) spaces: Spaces,
    pub(crate) sign_in: SignIn,
    pub(crate) sessions: Sessions,
    pub(crate) control: Access,
    pub(crate) limits: Limits,
    pub(crate) in_flight: InFlight,
    pub(crate) control_requests: ControlRequests,
    pub(crate) unserved: Unserved,
    #[cfg(feature = "cli")]
    pub(crate) metrics: Metrics,
    #[cfg(feature = "tls")]
    pub(crate) https: Https,
}
