//! The routes of a resource.

use std::iter;

use super::{ActionSelector, Description, Evidence, Release, Resource, Verb};

/// A route of a resource: an operation at a method and a path. `S` is its source in the description.
#[derive(Clone, Debug)]
pub(crate) struct ResourceRoute<S> {
    pub(crate) method: &'static str,
    /// The path below `/vmrest`, or an absolute path. The key of an object is the parameter `id`.
    pub(crate) path: String,
    pub(crate) place: RoutePlace,
    /// True if the last parameter of the path is the key of an object.
    pub(crate) has_key: bool,
    pub(crate) operation: Operation,
    pub(crate) source: S,
}

/// The part of a description that gives a path. Aliases, actions, audio, endpoints and views have numbers, among those of the release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoutePlace {
    Main,
    Alias(usize),
    Action(usize),
    Audio(usize),
    Endpoint(usize),
    View(usize),
}

/// The operation of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Verb(Verb),
    /// Sets the order of a collection.
    SetOrder,
    /// The action that the path names.
    Act,
    /// The action that the query parameter `method` selects.
    SelectAction,
    ReadAudio,
    WriteAudio,
    /// The request that a function of the behaviour serves.
    Request,
}

impl Resource {
    /// Returns the paths of the collections: each route begins with one of them.
    pub(crate) fn collections(&self) -> impl Iterator<Item = &str> {
        let aliases = self.aliases.iter().map(|alias| alias.path.as_str());
        let views = self.views.iter().map(|view| view.path.as_str());
        let endpoints = self.endpoints.iter().map(|endpoint| &*endpoint.path);
        iter::once(self.path.as_str())
            .chain(aliases)
            .chain(views)
            .chain(endpoints)
    }

    /// Returns the routes, each with the evidence for it.
    pub(crate) fn routes(&self) -> Vec<ResourceRoute<&Evidence>> {
        let verbs = Verb::ALL.into_iter();
        let aliases = self.aliases.iter();
        let actions = self.actions.iter();
        let audio = self.audio.iter();
        let endpoints = self.endpoints.iter();
        let views = self.views.iter();
        let parts = RouteParts {
            path: self.path.as_str(),
            is_singleton: self.is_singleton(),
            verbs: verbs
                .filter_map(|verb| Some((verb, self.verb(verb)?)))
                .collect(),
            order: self.order_evidence.as_ref(),
            aliases: aliases
                .map(|alias| (alias.path.as_str(), &*alias.verbs, &alias.evidence))
                .collect(),
            actions: actions
                .map(|action| (&action.selector, &action.evidence))
                .collect(),
            audio: audio
                .map(|audio| (&*audio.segment, &audio.evidence))
                .collect(),
            endpoints: endpoints
                .map(|endpoint| (endpoint.method, &*endpoint.path, &endpoint.evidence))
                .collect(),
            views: views
                .map(|view| (view.path.as_str(), &view.evidence))
                .collect(),
        };
        parts.routes()
    }
}

impl Description {
    /// Returns the routes in a release, each with the byte at which it is given.
    pub(crate) fn routes(&self, release: Release) -> Vec<ResourceRoute<usize>> {
        let verbs = self.verbs.iter();
        let aliases = self.aliases.iter();
        let aliases = aliases.filter(|alias| alias.fact.covers(release));
        let actions = self.actions.iter();
        let actions = actions.filter(|action| action.fact.covers(release));
        let audio = self.audio.iter();
        let audio = audio.filter(|audio| audio.fact.covers(release));
        let endpoints = self.endpoints.iter();
        let endpoints = endpoints.filter(|endpoint| endpoint.fact.covers(release));
        let views = self.views.iter();
        let views = views.filter(|view| view.fact.covers(release));
        let parts = RouteParts {
            path: &self.path,
            is_singleton: self.key.is_none(),
            verbs: verbs.map(|(verb, _)| (*verb, self.at)).collect(),
            order: self.order.as_ref().map(|order| order.fact.at),
            aliases: aliases
                .map(|alias| (&*alias.path, &*alias.verbs, alias.fact.at))
                .collect(),
            actions: actions
                .map(|action| (&action.selector, action.fact.at))
                .collect(),
            audio: audio
                .map(|audio| (&*audio.segment, audio.fact.at))
                .collect(),
            endpoints: endpoints
                .map(|endpoint| (endpoint.method, &*endpoint.path, endpoint.fact.at))
                .collect(),
            views: views.map(|view| (&*view.path, view.fact.at)).collect(),
        };
        parts.routes()
    }
}

/// The parts of a resource that have routes.
struct RouteParts<'r, S> {
    path: &'r str,
    is_singleton: bool,
    verbs: Vec<(Verb, S)>,
    order: Option<S>,
    aliases: Vec<(&'r str, &'r [Verb], S)>,
    actions: Vec<(&'r ActionSelector, S)>,
    audio: Vec<(&'r str, S)>,
    endpoints: Vec<(&'static str, &'r str, S)>,
    views: Vec<(&'r str, S)>,
}

impl<S: Copy> RouteParts<'_, S> {
    fn routes(&self) -> Vec<ResourceRoute<S>> {
        let mut routes = Vec::new();
        let main = self.path;
        for (verb, source) in &self.verbs {
            routes.push(self.verb(main, RoutePlace::Main, *verb, *source));
        }
        if let Some(source) = self.order {
            let operation = Operation::SetOrder;
            let end = collection(main);
            routes.push(route("PUT", end, RoutePlace::Main, operation, source));
        }
        routes.extend(self.select_action("POST"));
        let mut verbs = self.verbs.iter();
        // An update selects an action, too.
        if !verbs.any(|(verb, _)| *verb == Verb::Update) {
            routes.extend(self.select_action("PUT"));
        }
        for (number, (path, verbs, source)) in self.aliases.iter().enumerate() {
            let place = RoutePlace::Alias(number);
            let verbs = verbs.iter();
            routes.extend(verbs.map(|verb| self.verb(path, place, *verb, *source)));
        }
        for (number, (segment, source)) in self.audio.iter().enumerate() {
            let (object, has_key) = self.object(main);
            let place = RoutePlace::Audio(number);
            let path = format!("{object}/{segment}");
            for (method, operation) in [
                ("GET", Operation::ReadAudio),
                ("PUT", Operation::WriteAudio),
            ] {
                routes.push(route(
                    method,
                    (path.clone(), has_key),
                    place,
                    operation,
                    *source,
                ));
            }
        }
        for (number, (method, path, source)) in self.endpoints.iter().enumerate() {
            let place = RoutePlace::Endpoint(number);
            let end = collection(path);
            routes.push(route(method, end, place, Operation::Request, *source));
        }
        for (number, (selector, source)) in self.actions.iter().enumerate() {
            if let ActionSelector::Segment(name) = selector {
                let (object, has_key) = self.object(main);
                let place = RoutePlace::Action(number);
                let path = format!("{object}/{name}");
                let act = |method| {
                    let end = (path.clone(), has_key);
                    route(method, end, place, Operation::Act, *source)
                };
                routes.extend(["POST", "PUT"].map(act));
            }
        }
        for (number, (path, source)) in self.views.iter().enumerate() {
            routes.push(self.verb(path, RoutePlace::View(number), Verb::List, *source));
        }
        routes
    }

    /// Returns the route of the actions that the query string selects, if there are any.
    fn select_action(&self, method: &'static str) -> Option<ResourceRoute<S>> {
        let mut actions = self.actions.iter();
        let is_selected = |selector: &ActionSelector| matches!(selector, ActionSelector::Method(_));
        let (_, source) = actions.find(|(selector, _)| is_selected(selector))?;
        let object = self.object(self.path);
        let operation = Operation::SelectAction;
        Some(route(method, object, RoutePlace::Main, operation, *source))
    }

    fn verb(&self, path: &str, place: RoutePlace, verb: Verb, source: S) -> ResourceRoute<S> {
        let end = match verb.is_of_collection() {
            true => collection(path),
            false => self.object(path),
        };
        route(verb.method(), end, place, Operation::Verb(verb), source)
    }

    /// Returns the path of an object, and whether it ends with a key. It is that of the collection if there is only one
    /// object.
    fn object(&self, path: &str) -> (String, bool) {
        match self.is_singleton {
            true => collection(path),
            false => (format!("{path}/{{id}}"), true),
        }
    }
}

/// Returns the path of a collection, which does not end with a key.
fn collection(path: &str) -> (String, bool) {
    (path.to_owned(), false)
}

fn route<S>(
    method: &'static str,
    (path, has_key): (String, bool),
    place: RoutePlace,
    operation: Operation,
    source: S,
) -> ResourceRoute<S> {
    ResourceRoute {
        method,
        path,
        place,
        has_key,
        operation,
        source,
    }
}
