//! The route table of the API.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt, mem,
    sync::{Arc, OnceLock},
};

use axum::http::{HeaderValue, Method};
use matchit::Router;
use percent_encoding::percent_decode_str;

use super::ApiRequest;
use crate::{
    engine::wave::MAX_AUDIO_SIZE,
    http::{
        rejection::Rejection,
        response::{Outcome, Payload},
    },
    schema::{
        Catalogue, Resource, ResourceId,
        path::{self, SERVLETS},
    },
};

/// The handler of a method.
type Handler = Box<dyn Fn(&ApiRequest<'_>, &PathParameters<'_>) -> Outcome + Send + Sync>;

/// The parameters of the path of a request, such as ids, in the order of the path. Each is decoded if the result is UTF-8.
#[derive(Debug, Default)]
pub(crate) struct PathParameters<'p> {
    /// The last one; empty if the route has none. Kept apart, because most routes have at most one.
    pub(super) last: Cow<'p, str>,
    pub(super) others: Vec<Cow<'p, str>>,
}

/// The handlers of one path, by method.
#[derive(Default)]
pub(crate) struct MethodHandlers {
    handlers: Vec<(Method, Handler)>,
    /// True if a body may contain audio, and is therefore larger than others.
    takes_audio: bool,
}

/// A path as it is registered, such as `/vmrest/tenants/{id}`, with its handlers.
#[derive(Debug)]
pub(in crate::http) struct Route {
    pub(in crate::http) path: Arc<str>,
    handlers: MethodHandlers,
}

/// All routes of the API.
#[derive(Debug)]
pub(crate) struct RouteTable {
    /// By name. Most requests are for few of them, so each is built at its first use.
    groups: BTreeMap<Box<str>, RouteGroup>,
    routes_of: RoutesOf,
    /// The responses of the user to a method, for requests that no route serves.
    responses: Vec<(Method, Router<Route>)>,
}

/// Returns the routes of a resource, each with the handlers of its methods.
type RoutesOf = fn(&Resource) -> Vec<(String, MethodHandlers)>;

/// The routes whose paths begin alike.
#[derive(Debug, Default)]
struct RouteGroup {
    /// The resources with such paths.
    resources: Vec<ResourceId>,
    router: OnceLock<Router<Route>>,
}

/// The route of a request.
#[derive(Debug)]
pub(crate) struct RouteMatch<'p> {
    pub(in crate::http) route: &'p Route,
    parameters: PathParameters<'p>,
    /// Further methods that the path supports, by responses of the user.
    other_methods: Vec<Method>,
}

impl MethodHandlers {
    /// Adds the handler of a method.
    pub(super) fn on(
        mut self,
        method: Method,
        handler: impl Fn(&ApiRequest<'_>, &PathParameters<'_>) -> Outcome + Send + Sync + 'static,
    ) -> Self {
        self.handlers.push((method, Box::new(handler)));
        self
    }

    /// Accepts bodies with audio.
    pub(super) fn with_audio(self) -> Self {
        Self {
            takes_audio: true,
            ..self
        }
    }

    fn get(&self, method: &Method) -> Option<&Handler> {
        // hyper omits the body of a response to HEAD.
        let method = if *method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let mut handlers = self.handlers.iter();
        handlers
            .find(|(candidate, _)| candidate == method)
            .map(|(_, handler)| handler)
    }

    /// Returns the value of the `Allow` header for a path that supports other methods, too.
    fn allow(&self, others: &[Method]) -> String {
        let mut methods = Vec::new();
        let own = self.handlers.iter().map(|(method, _)| method);
        for method in own.chain(others) {
            if methods.contains(&method.as_str()) {
                continue;
            }
            methods.push(method.as_str());
            if *method == Method::GET {
                methods.push("HEAD");
            }
        }
        methods.push("OPTIONS");
        methods.join(", ")
    }
}

impl fmt::Debug for MethodHandlers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.allow(&[]))
    }
}

impl RouteTable {
    /// Takes the resources of a catalogue, further routes, and the responses of the user, each with one method.
    pub(crate) fn new(
        catalogue: &Catalogue,
        routes_of: RoutesOf,
        others: impl IntoIterator<Item = (String, MethodHandlers)>,
        responses: impl IntoIterator<Item = (String, MethodHandlers)>,
    ) -> Self {
        let mut table = Self {
            groups: BTreeMap::new(),
            routes_of,
            responses: Vec::new(),
        };
        for resource in catalogue.resources() {
            for path in resource.collections() {
                let group = table.groups.entry(group_of(&path::absolute(path)).into());
                let resources = &mut group.or_default().resources;
                if resources.last() != Some(&resource.id) {
                    resources.push(resource.id);
                }
            }
        }
        for (path, handlers) in others {
            let group = table.groups.entry(group_of(&path).into()).or_default();
            let mut router = group.router.take().unwrap_or_default();
            insert(&mut router, &path, handlers);
            group.router = OnceLock::from(router);
        }
        for (path, handlers) in responses {
            let Some((method, _)) = handlers.handlers.first() else {
                continue;
            };
            let mut known = table.responses.iter();
            let index = known.position(|(known, _)| known == method);
            let index = index.unwrap_or_else(|| {
                table.responses.push((method.clone(), Router::new()));
                table.responses.len() - 1
            });
            insert(&mut table.responses[index].1, &path, handlers);
        }
        table
    }

    /// Returns the route of a request to a [normalized](crate::engine::normalize_path) path, in the table of `catalogue`.
    pub(crate) fn find<'p>(
        &'p self,
        catalogue: &Catalogue,
        method: &Method,
        path: &'p str,
    ) -> Option<RouteMatch<'p>> {
        let name = group_of(path);
        let group = self.groups.get(name);
        let found =
            group.and_then(|group| find(group.router(catalogue, self.routes_of, name), path));
        if self.responses.is_empty() {
            return found;
        }
        self.find_response(found, method, path)
    }

    /// Returns the route of the server if it has the method, or else that of a response. If neither has the method, the
    /// route includes the methods of all.
    #[cold]
    fn find_response<'p>(
        &'p self,
        mut found: Option<RouteMatch<'p>>,
        method: &Method,
        path: &'p str,
    ) -> Option<RouteMatch<'p>> {
        let has = |found: &RouteMatch<'_>| found.route.handlers.get(method).is_some();
        if found.as_ref().is_some_and(has) {
            return found;
        }
        for (other, responses) in &self.responses {
            let Some(response) = find(responses, path) else {
                continue;
            };
            if has(&response) {
                return Some(response);
            }
            let found = found.get_or_insert(response);
            found.other_methods.push(other.clone());
        }
        found
    }
}

impl RouteGroup {
    /// Returns the router of the group with this name.
    fn router(&self, catalogue: &Catalogue, routes_of: RoutesOf, name: &str) -> &Router<Route> {
        self.router.get_or_init(|| {
            let mut router = Router::new();
            for resource in &self.resources {
                let routes = routes_of(&catalogue[*resource]).into_iter();
                for (path, handlers) in routes.filter(|(path, _)| group_of(path) == name) {
                    insert(&mut router, &path, handlers);
                }
            }
            router
        })
    }
}

/// Returns the name of the group of a path: its second segment.
fn group_of(path: &str) -> &str {
    path.split('/').nth(2).unwrap_or_default()
}

/// Returns the method with a name.
pub(super) fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).expect("the name of a method")
}

fn insert(router: &mut Router<Route>, path: &str, handlers: MethodHandlers) {
    let route = Route {
        path: path.into(),
        handlers,
    };
    let inserted = router.insert(anonymous(path), route);
    inserted.expect("each path is valid and unique");
}

fn find<'p>(router: &'p Router<Route>, path: &'p str) -> Option<RouteMatch<'p>> {
    let found = router.at(path).ok()?;
    let mut parameters = PathParameters::default();
    for (index, (_, encoded)) in found.params.iter().enumerate() {
        let decoded = percent_decode_str(encoded).decode_utf8();
        let decoded = decoded.unwrap_or(Cow::Borrowed(encoded));
        let earlier = mem::replace(&mut parameters.last, decoded);
        if index > 0 {
            parameters.others.push(earlier);
        }
    }
    Some(RouteMatch {
        route: found.value,
        parameters,
        other_methods: Vec::new(),
    })
}

/// Returns a path whose parameters are named by their order. The router expects the same names in all paths.
fn anonymous(path: &str) -> String {
    let mut parameters = 0;
    let segments = path
        .split('/')
        .map(|segment| match path::parameter(segment) {
            Some(_) => {
                parameters += 1;
                Cow::Owned(format!("{{{parameters}}}"))
            }
            None => Cow::Borrowed(segment),
        });
    segments.collect::<Vec<_>>().join("/")
}

impl RouteMatch<'_> {
    /// Returns the maximum size of a body, which is usually `usual`.
    pub(in crate::http) fn max_body_size(&self, usual: usize) -> usize {
        match self.route.handlers.takes_audio {
            true => usual.max(MAX_AUDIO_SIZE),
            false => usual,
        }
    }

    /// Calls the handler of the method. Handles `OPTIONS` and rejects unsupported methods itself.
    pub(in crate::http) fn handle(&self, method: &Method, request: &ApiRequest<'_>) -> Outcome {
        let handlers = &self.route.handlers;
        if let Some(handler) = handlers.get(method) {
            return handler(request, &self.parameters);
        }
        let allow = handlers.allow(&self.other_methods);
        let outcome = if *method == Method::OPTIONS {
            Outcome::inferred("OPTIONS returns 200 with Allow", Payload::Options)
        } else {
            let path = request.uri.path();
            Rejection::method_not_allowed(method.as_str(), path, &allow).into()
        };
        let allow = HeaderValue::try_from(allow);
        outcome.with_allow(allow.expect("method names are ASCII"))
    }
}

/// Returns true if a [normalized](crate::engine::normalize_path) path belongs to the API.
pub(in crate::http) fn is_api(path: &str) -> bool {
    is_below(path, "/vmrest") || is_below(path, SERVLETS)
}

/// Returns true if a path is `top` or below it.
pub(crate) fn is_below(path: &str, top: &str) -> bool {
    let rest = path.strip_prefix(top);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
