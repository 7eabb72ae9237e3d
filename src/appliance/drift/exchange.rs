//! The same request to both servers, and their responses.

use crate::appliance::{client::Response, facts::FactKey};

/// A request that both servers receive, and the facts that it tests.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    /// The request in words: `POST /vmrest/tenants without Alias`. Ids of objects that only one server has are
    /// placeholders in it.
    pub(crate) name: String,
    /// The path of the resource below `/vmrest`, if it is about one.
    pub(crate) resource: Option<String>,
    /// The facts that determine the status.
    pub(crate) status_facts: Vec<FactKey>,
    /// The fact that determines the body of an error response.
    pub(crate) error_fact: Option<FactKey>,
    /// True if the response shows an object that was created without most of its fields, so that they have their
    /// defaults.
    pub(crate) shows_defaults: bool,
}

/// A probe with both responses. Ids of objects that only one server has are replaced by the same placeholders in both.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) probe: Probe,
    /// The response of this server.
    pub(crate) mock: Response,
    /// The response of the real server.
    pub(crate) server: Response,
}
