//! The routes of a resource.

use axum::http::Method;

use super::{ApiRequest, MethodHandlers, PathParameters};
use crate::{
    engine::{self, Target, crud, query::Query},
    http::{
        rejection::Rejection,
        response::{Outcome, Payload},
    },
    schema::{ActionSelector, Evidence, PathTemplate, Resource, ResourceId, Verb, View},
    space::CoverageHit,
};

/// Returns the routes of a resource: of its collections, its objects, its actions, and of its other paths.
pub(crate) fn routes(resource: &Resource) -> Vec<(String, MethodHandlers)> {
    let mut routes = Vec::new();
    let verbs = Verb::ALL.into_iter().filter_map(|verb| {
        let evidence = resource.verb(verb)?;
        Some((verb, evidence))
    });
    add_verbs(&mut routes, resource, RoutePath::Main, verbs);
    for (number, alias) in resource.aliases.iter().enumerate() {
        let verbs = alias.verbs.iter().map(|verb| (*verb, &alias.evidence));
        add_verbs(&mut routes, resource, RoutePath::Alias(number), verbs);
    }
    for action in &resource.actions {
        if let ActionSelector::Segment(name) = &action.selector {
            let (_, object) = paths(resource, &resource.path);
            let handlers = act_on_object(resource, &action.evidence);
            routes.push((format!("{object}/{name}"), handlers));
        }
    }
    for (index, view) in resource.views.iter().enumerate() {
        routes.push((
            format!("/vmrest/{}", view.path),
            view_handlers(resource, view, index),
        ));
    }
    routes
}

/// Returns the paths of a collection and of its objects. They are the same if there is only one object.
fn paths(resource: &Resource, path: &PathTemplate) -> (String, String) {
    let collection = format!("/vmrest/{path}");
    let object = match resource.is_singleton() {
        true => collection.clone(),
        false => format!("{collection}/{{id}}"),
    };
    (collection, object)
}

/// Adds the routes of some verbs, each with its evidence, at a path.
fn add_verbs<'e>(
    routes: &mut Vec<(String, MethodHandlers)>,
    resource: &Resource,
    path: RoutePath,
    verbs: impl Iterator<Item = (Verb, &'e Evidence)>,
) {
    let of_path = |has_key, evidence: &Evidence| VerbRoute {
        resource: resource.id,
        path,
        has_key,
        evidence: evidence.clone(),
    };
    let mut of_collection = MethodHandlers::default();
    let mut of_object = MethodHandlers::default();
    for (verb, evidence) in verbs {
        if verb.is_of_collection() {
            of_collection = of_path(false, evidence).add_to(of_collection, verb);
        } else {
            of_object = of_path(!resource.is_singleton(), evidence).add_to(of_object, verb);
        }
    }
    let is_main = matches!(path, RoutePath::Main);
    if let Some(evidence) = resource.order.as_ref().filter(|_| is_main) {
        let route = of_path(false, evidence);
        let set_order = move |request: &ApiRequest<'_>, parameters: &PathParameters<'_>| {
            route.set_order(request, parameters)
        };
        of_collection = of_collection.on(Method::PUT, set_order);
    }
    let mut actions = resource.actions.iter().filter(|_| is_main);
    if let Some(action) =
        actions.find(|action| matches!(action.selector, ActionSelector::Method(_)))
    {
        let route = of_path(!resource.is_singleton(), &action.evidence);
        let act = move |request: &ApiRequest<'_>, parameters: &PathParameters<'_>| {
            route.act_or_reject(request, parameters)
        };
        of_object = of_object.on(Method::POST, act);
    }
    let (collection, object) = paths(resource, path.template(resource));
    // A path without a handler does not exist.
    let found = [(collection, of_collection), (object, of_object)].into_iter();
    routes.extend(found.filter(|(_, handlers)| !handlers.is_empty()));
}

/// Returns the handlers of an action on one object of `resource`, a `POST` or `PUT` without a visible effect.
fn act_on_object(resource: &Resource, evidence: &Evidence) -> MethodHandlers {
    let route = |method| {
        let route = VerbRoute {
            resource: resource.id,
            path: RoutePath::Main,
            has_key: !resource.is_singleton(),
            evidence: evidence.clone(),
        };
        let act = move |request: &ApiRequest<'_>, parameters: &PathParameters<'_>| {
            route.act(request, parameters, &route.evidence)
        };
        (method, act)
    };
    let [(post, act_on_post), (put, act_on_put)] = [Method::POST, Method::PUT].map(route);
    MethodHandlers::default()
        .on(post, act_on_post)
        .on(put, act_on_put)
}

fn view_handlers(resource: &Resource, view: &View, index: usize) -> MethodHandlers {
    let route = VerbRoute {
        resource: resource.id,
        path: RoutePath::View(index),
        has_key: false,
        evidence: view.evidence.clone(),
    };
    let list = move |request: &ApiRequest<'_>, parameters: &PathParameters<'_>| {
        route.list(request, parameters, Some(index))
    };
    MethodHandlers::default().on(Method::GET, list)
}

/// One of the paths of a resource. The aliases and the views have numbers.
#[derive(Clone, Copy)]
enum RoutePath {
    Main,
    Alias(usize),
    View(usize),
}

impl RoutePath {
    fn template(self, resource: &Resource) -> &PathTemplate {
        match self {
            Self::Main => &resource.path,
            Self::Alias(number) => &resource.aliases[number].path,
            Self::View(number) => &resource.views[number].path,
        }
    }

    /// Returns the positions of the fields whose values are in the path of the collection.
    fn parents(self, resource: &Resource) -> &[usize] {
        match self {
            Self::Main => &resource.parameters,
            Self::Alias(number) => &resource.alias_parameters[number],
            Self::View(number) => &resource.view_shapes[number].parameters,
        }
    }
}

/// A route of a resource.
struct VerbRoute {
    resource: ResourceId,
    path: RoutePath,
    /// True if the last parameter of the path is the key of an object.
    has_key: bool,
    evidence: Evidence,
}

impl VerbRoute {
    fn add_to(self, handlers: MethodHandlers, verb: Verb) -> MethodHandlers {
        let method = match verb {
            Verb::List | Verb::Read => Method::GET,
            Verb::Create => Method::POST,
            Verb::Update => Method::PUT,
            Verb::Delete => Method::DELETE,
        };
        handlers.on(method, move |request, parameters| match verb {
            Verb::List => self.list(request, parameters, None),
            Verb::Create => self.create(request, parameters),
            Verb::Read => self.read(request, parameters),
            Verb::Update => self.update(request, parameters),
            Verb::Delete => self.delete(request, parameters),
        })
    }

    /// Calls a function with the target of the request.
    fn with_target<T>(
        &self,
        request: &ApiRequest<'_>,
        parameters: &PathParameters<'_>,
        run: impl FnOnce(&Target<'_>) -> T,
    ) -> T {
        let (key, parent) = match self.has_key {
            true => (Some(&*parameters.last), None),
            false => (None, Some(&parameters.last)),
        };
        let values = parameters.others.iter().chain(parent);
        let resource = request.resource(self.resource);
        let parents = self.path.parents(resource).iter().zip(values);
        let parents: Vec<_> = parents
            .map(|(position, value)| (*position, &**value))
            .collect();
        run(&Target {
            resource,
            parents: &parents,
            key,
        })
    }

    fn list(
        &self,
        request: &ApiRequest<'_>,
        parameters: &PathParameters<'_>,
        view: Option<usize>,
    ) -> Outcome {
        let space = request.space;
        self.with_target(request, parameters, |target| {
            let encoded = request.uri.query().unwrap_or_default();
            let mut hit = CoverageHit::new(target.resource, Verb::List);
            let page = Query::parse_for(target, view, encoded).map(|query| {
                hit.add_asked(query.positions());
                Payload::List(crud::list(&space.records, &query))
            });
            Outcome::by(&self.evidence, page).with_coverage(hit)
        })
    }

    fn create(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        let records = &request.space.records;
        self.with_target(request, parameters, |target| {
            let resource = target.resource;
            let mut hit = CoverageHit::new(resource, Verb::Create);
            let path = request.elements(resource).and_then(|elements| {
                hit.add_written(resource, &elements);
                let query = request.uri.query().unwrap_or_default();
                crud::create(records, target, &elements, query).map_err(Rejection::from)
            });
            Outcome::by(&self.evidence, path.map(Payload::Created)).with_coverage(hit)
        })
    }

    fn read(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        self.with_target(request, parameters, |target| {
            let documents = crud::read(&request.space.records, target);
            Outcome::by(&self.evidence, documents.map(Payload::Object))
                .with_coverage(CoverageHit::new(target.resource, Verb::Read))
        })
    }

    fn update(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        if let Some(evidence) = self.action(request) {
            return self.act(request, parameters, evidence);
        }
        self.with_target(request, parameters, |target| {
            let resource = target.resource;
            let mut hit = CoverageHit::new(resource, Verb::Update);
            let updated = request.elements(resource).and_then(|elements| {
                hit.add_written(resource, &elements);
                crud::update(&request.space.records, target, &elements).map_err(Rejection::from)
            });
            Outcome::by(&self.evidence, updated.map(|()| Payload::NoContent)).with_coverage(hit)
        })
    }

    fn delete(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        self.with_target(request, parameters, |target| {
            let deleted = crud::delete(&request.space.records, target);
            Outcome::by(&self.evidence, deleted.map(|()| Payload::NoContent))
                .with_coverage(CoverageHit::new(target.resource, Verb::Delete))
        })
    }

    /// Sets the order of a collection to that of the objects in the body.
    fn set_order(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        self.with_target(request, parameters, |target| {
            let keys = request.keys(target.resource);
            let done = keys.and_then(|keys| {
                crud::set_order(&request.space.records, target, &keys).map_err(Rejection::from)
            });
            Outcome::by(&self.evidence, done.map(|()| Payload::NoContent))
        })
    }

    /// Checks that the object of an action exists.
    fn act(
        &self,
        request: &ApiRequest<'_>,
        parameters: &PathParameters<'_>,
        evidence: &Evidence,
    ) -> Outcome {
        self.with_target(request, parameters, |target| {
            let record = crud::read(&request.space.records, target);
            Outcome::by(evidence, record.map(|_| Payload::NoContent))
        })
    }

    /// Returns the evidence for the action that the query parameter `method` selects.
    fn action<'r>(&self, request: &ApiRequest<'r>) -> Option<&'r Evidence> {
        let resource = request.resource(self.resource);
        let query = request
            .uri
            .query()
            .filter(|_| !resource.actions.is_empty())?;
        let mut parameters = form_urlencoded::parse(query.as_bytes());
        let (_, method) = parameters.find(|(name, _)| name == METHOD)?;
        let mut actions = resource.actions.iter();
        let action = actions.find(|action| match &action.selector {
            ActionSelector::Method(name) => **name == *method,
            ActionSelector::Segment(_) => false,
        });
        action.map(|action| &action.evidence)
    }

    /// Runs the action that the query parameter `method` selects.
    fn act_or_reject(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        if let Some(evidence) = self.action(request) {
            return self.act(request, parameters, evidence);
        }
        let resource = request.resource(self.resource);
        let methods = resource
            .actions
            .iter()
            .filter_map(|action| match &action.selector {
                ActionSelector::Method(name) => Some(&**name),
                ActionSelector::Segment(_) => None,
            });
        let expected = methods.collect::<Vec<_>>().join(" or ");
        let error = engine::Error::invalid_query(METHOD, "another value", &expected);
        Rejection::from(error).into()
    }
}

/// The query parameter that selects an action.
const METHOD: &str = "method";
