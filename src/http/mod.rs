//! Between HTTP and the engine: who may ask, what was sent, and how it is answered.

mod answer;
mod body;
mod envelope;
#[cfg(feature = "tls")]
mod https_only;
mod log;
mod rest;
mod sign_in;

use std::net::SocketAddr;

use crate::engine::Space;
#[cfg(feature = "tls")]
use crate::tls::Https;

pub(crate) use answer::Answer;
pub(crate) use body::{admit, ignore_body};
pub(crate) use envelope::refuse;
#[cfg(feature = "tls")]
pub(crate) use https_only::https_only;
pub(crate) use log::log;
pub(crate) use rest::{collection, delete_object, not_implemented, object};
pub(crate) use sign_in::{Credentials, SignIn};

/// The end of a connection at which a request arrives, in the request's extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) scheme: &'static str,
    pub(crate) address: SocketAddr,
}

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) space: Space,
    pub(crate) sign_in: SignIn,
    #[cfg(feature = "tls")]
    pub(crate) https: Https,
}
