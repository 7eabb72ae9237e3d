//! The paths of the vendor's API, and what can be asked at each.

use std::{borrow::Cow, fmt};

use axum::http::{HeaderValue, Method};
use matchit::Router;
use percent_encoding::percent_decode_str;

use super::{Answer, Reply, body::Received};
use crate::{engine::Error, schema::Provenance};

/// What answers one method: it is handed what stands where the path is open, such as an id.
type Handler = Box<dyn Fn(&Received<'_>, &str) -> Reply + Send + Sync>;

/// What can be asked at one path.
#[derive(Default)]
pub(crate) struct Verbs(Vec<(Method, Handler)>);

/// A path, as it is written in the router, such as `/vmrest/tenants/{id}`.
#[derive(Debug)]
pub(crate) struct Route {
    pub(super) path: String,
    verbs: Verbs,
}

/// Every path.
#[derive(Debug)]
pub(crate) struct Routes(Router<Route>);

/// The route of a request.
#[derive(Debug)]
pub(super) struct Found<'p> {
    pub(super) route: &'static Route,
    /// What stands where the route leaves its path open, decoded. What is not text then stays as it is written.
    open: Cow<'p, str>,
}

impl Verbs {
    /// The same, with this method.
    pub(super) fn on(
        mut self,
        method: Method,
        handler: impl Fn(&Received<'_>, &str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        self.0.push((method, Box::new(handler)));
        self
    }

    fn of(&self, method: &Method) -> Option<&Handler> {
        // Of an answer to HEAD the body is not sent.
        let method = match *method {
            Method::HEAD => &Method::GET,
            _ => method,
        };
        let mut verbs = self.0.iter();
        verbs
            .find(|(taken, _)| taken == method)
            .map(|(_, handler)| handler)
    }

    /// What stands in the `Allow` header.
    fn allowed(&self) -> String {
        let mut allowed = Vec::new();
        for (method, _) in &self.0 {
            allowed.push(method.as_str());
            if *method == Method::GET {
                allowed.push("HEAD");
            }
        }
        allowed.push("OPTIONS");
        allowed.join(", ")
    }
}

impl fmt::Debug for Verbs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.allowed())
    }
}

impl Routes {
    pub(crate) fn new(routes: impl IntoIterator<Item = (String, Verbs)>) -> Self {
        let mut router = Router::new();
        for (path, verbs) in routes {
            let route = Route {
                path: path.clone(),
                verbs,
            };
            let inserted = router.insert(path, route);
            inserted.expect("the paths are sound, and none is there twice");
        }
        Self(router)
    }

    /// The route of a path, which is [`plain`].
    pub(super) fn find<'p>(&'static self, path: &'p str) -> Option<Found<'p>> {
        let found = self.0.at(path).ok()?;
        let open = found.params.iter().next().map_or("", |(_, open)| open);
        let decoded = percent_decode_str(open).decode_utf8();
        Some(Found {
            route: found.value,
            open: decoded.unwrap_or(Cow::Borrowed(open)),
        })
    }
}

impl Found<'_> {
    /// Answers a request; OPTIONS too, and other methods than those of the route.
    pub(super) fn answer(&self, method: &Method, received: &Received<'_>) -> Reply {
        let verbs = &self.route.verbs;
        if let Some(handler) = verbs.of(method) {
            return handler(received, &self.open);
        }
        let allowed = verbs.allowed();
        let reply = match *method {
            Method::OPTIONS => Reply::new(Provenance::Inferred, Ok(Answer::Options)),
            _ => {
                let path = received.uri.path();
                Reply::from(Error::method_not_allowed(method.as_str(), path, &allowed))
            }
        };
        let allowed = HeaderValue::try_from(allowed);
        reply.allowing(allowed.expect("the names of methods are ASCII"))
    }
}

/// Whether a path, which is [`plain`], belongs to the vendor's API.
pub(super) fn is_vendors(path: &str) -> bool {
    is_below(path, "/vmrest")
}

/// Whether a path is `top` or stands below it.
pub(crate) fn is_below(path: &str, top: &str) -> bool {
    let rest = path.strip_prefix(top);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Paths are the same with slashes at their end and without, and with several at their beginning.
pub(super) fn plain(path: &str) -> Cow<'_, str> {
    match path.ends_with('/') || path.starts_with("//") {
        true => format!("/{}", path.trim_matches('/')).into(),
        false => path.into(),
    }
}
