//! The state that the requests of a server share.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Extension,
    extract::Request,
    http::{HeaderValue, request::Parts},
};
use tokio::sync::Semaphore;

#[cfg(feature = "cli")]
use super::Metrics;
use super::{
    Cors, Limits, LongQueries,
    auth::{AccessDenial, Authentication, ControlAccess, ServerNames, Sessions},
    base_uri::BaseUri,
    unimplemented_paths::UnimplementedPaths,
};
#[cfg(feature = "tls")]
use crate::tls::Https;
use crate::{
    connection::{BufferBudget, Endpoint},
    engine::Clock,
    space::Spaces,
};

/// The state of the server, in the extensions of a request to the control plane. The routes themselves are shared by
/// all servers of a process.
pub(crate) type StateExtension = Extension<Arc<ServerState>>;

/// The state that the requests of a server share.
#[derive(Debug)]
pub(crate) struct ServerState {
    pub(crate) spaces: Spaces,
    pub(crate) authentication: Authentication,
    pub(crate) sessions: Sessions,
    pub(crate) control_access: ControlAccess,
    pub(crate) names: ServerNames,
    pub(crate) cors: Cors,
    pub(crate) limits: Limits,
    /// True if the `X-Forwarded-…` headers of a proxy are followed.
    pub(crate) trusts_proxy: bool,
    /// The memory for bodies and other data of clients.
    pub(crate) buffers: Arc<BufferBudget>,
    /// A permit for each request that may be in flight.
    pub(crate) in_flight: Semaphore,
    pub(crate) long_queries: LongQueries,
    pub(crate) control_request_ids: ControlRequestIds,
    /// The clock of the control plane, which no request can set.
    pub(crate) clock: Clock,
    pub(crate) unimplemented_paths: UnimplementedPaths,
    #[cfg(feature = "cli")]
    pub(crate) metrics: Metrics,
    #[cfg(feature = "tls")]
    pub(crate) https: Https,
}

impl ServerState {
    /// True if a request that arrived at `endpoint` is redirected to HTTPS.
    #[cfg(feature = "tls")]
    pub(crate) fn redirects_to_https(&self, request: &Request, endpoint: Endpoint) -> bool {
        let base = BaseUri::new(endpoint, request.headers(), self.trusts_proxy);
        self.https.only && !base.is_https()
    }

    /// Returns false: the server has no HTTPS.
    #[cfg(not(feature = "tls"))]
    pub(crate) fn redirects_to_https(&self, _: &Request, _: Endpoint) -> bool {
        false
    }

    /// Checks whether a request that arrived at `endpoint` may use the control plane.
    pub(crate) fn check_control_access(
        &self,
        request: &Parts,
        endpoint: Endpoint,
    ) -> Result<(), AccessDenial> {
        let base = BaseUri::new(endpoint, &request.headers, self.trusts_proxy);
        self.control_access.check(request, &base, &self.names)
    }
}

/// The ids of the requests to the control plane, which have no number in a journal.
#[derive(Debug, Default)]
pub(crate) struct ControlRequestIds(AtomicU64);

impl ControlRequestIds {
    pub(super) fn next(&self) -> HeaderValue {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let id = HeaderValue::try_from(format!("control-{number}"));
        id.expect("the id is ASCII")
    }
}
