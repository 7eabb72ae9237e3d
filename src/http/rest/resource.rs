//! The routes of a resource.

use std::mem;

use axum::http::{HeaderValue, StatusCode};

use super::{ApiRequest, MethodHandlers, PathParameters, router::method};
use crate::{
    engine::{
        self, Element, EndpointRequest, EndpointResponse, Target, audio, crud,
        query::{Listing, Query},
    },
    http::{
        rejection::Rejection,
        response::{Outcome, Payload, TEXT, WAVE},
    },
    schema::{
        ActionSelector, Evidence, Operation, PathShape, Resource, ResourceId, ResourceRoute,
        RoutePlace, Verb, path,
    },
    space::CoverageHit,
};

/// Returns the routes of a resource, each with the handlers of its methods.
pub(crate) fn routes(resource: &Resource) -> Vec<(String, MethodHandlers)> {
    let mut routes: Vec<(String, MethodHandlers)> = Vec::new();
    for route in resource.routes() {
        let path = path::absolute(&route.path).into_owned();
        let mut known = routes.iter();
        let index = known.position(|(known, _)| *known == path);
        let index = index.unwrap_or_else(|| {
            routes.push((path, MethodHandlers::default()));
            routes.len() - 1
        });
        let handlers = mem::take(&mut routes[index].1);
        let handlers = VerbRoute::new(resource, &route).add_to(handlers, &route);
        routes[index].1 = match route.operation {
            Operation::WriteAudio | Operation::Request => handlers.with_audio(),
            _ => handlers,
        };
    }
    routes
}

/// A route of a resource.
struct VerbRoute {
    resource: ResourceId,
    place: RoutePlace,
    /// True if the last parameter of the path is the key of an object.
    has_key: bool,
    evidence: Evidence,
}

impl VerbRoute {
    fn new(resource: &Resource, route: &ResourceRoute<&Evidence>) -> Self {
        Self {
            resource: resource.id,
            place: route.place,
            has_key: route.has_key,
            evidence: route.source.clone(),
        }
    }

    fn add_to(self, handlers: MethodHandlers, route: &ResourceRoute<&Evidence>) -> MethodHandlers {
        let operation = route.operation;
        handlers.on(
            method(route.method),
            move |request, parameters| match operation {
                Operation::Verb(Verb::List) => self.list(request, parameters),
                Operation::Verb(Verb::Create) => self.create(request, parameters),
                Operation::Verb(Verb::Read) => self.read(request, parameters),
                Operation::Verb(Verb::Update) => self.update(request, parameters),
                Operation::Verb(Verb::Delete) => self.delete(request, parameters),
                Operation::SetOrder => self.set_order(request, parameters),
                Operation::Act => self.act(request, parameters, &self.evidence),
                Operation::SelectAction => self.act_or_reject(request, parameters),
                Operation::ReadAudio => self.read_audio(request, parameters),
                Operation::WriteAudio => self.write_audio(request, parameters),
                Operation::Request => self.respond(request, parameters),
            },
        )
    }

    /// Returns the shape of a path that is not the resource's own.
    fn shape<'r>(&self, resource: &'r Resource) -> Option<&'r PathShape> {
        match self.place {
            RoutePlace::Alias(number) => Some(&resource.alias_shapes[number]),
            RoutePlace::View(number) => Some(&resource.view_shapes[number]),
            _ => None,
        }
    }

    /// Returns the positions of the fields whose values are in the path of the collection.
    fn parents<'r>(&self, resource: &'r Resource) -> &'r [usize] {
        match (self.place, self.shape(resource)) {
            (RoutePlace::Endpoint(_), _) => &[],
            (_, Some(shape)) => &shape.parameters,
            (_, None) => &resource.parameters,
        }
    }

    /// Calls a function with the target of the request.
    fn with_target<T>(
        &self,
        request: &ApiRequest<'_>,
        parameters: &PathParameters<'_>,
        run: impl FnOnce(&Target<'_>) -> T,
    ) -> T {
        let resource = request.resource(self.resource);
        let shape = self.shape(resource);
        run(&Target {
            resource,
            parents: &self.parent_values(resource, parameters),
            key: self.has_key.then_some(&*parameters.last),
            condition: shape.and_then(|shape| shape.condition.as_deref()),
            fields: shape.and_then(|shape| shape.fields.as_deref()),
        })
    }

    /// Returns the values in the path of the collection, with the positions of their fields.
    fn parent_values<'p>(
        &self,
        resource: &Resource,
        parameters: &'p PathParameters<'_>,
    ) -> Vec<(usize, &'p str)> {
        let last = Some(&parameters.last).filter(|_| !self.has_key);
        let values = parameters.others.iter().chain(last);
        let parents = self.parents(resource).iter().zip(values);
        parents
            .map(|(position, value)| (*position, &**value))
            .collect()
    }

    fn list(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        let space = request.space;
        let view = match self.place {
            RoutePlace::View(number) => Some(number),
            _ => None,
        };
        self.with_target(request, parameters, |target| {
            let own = target.resource.list_condition.as_deref();
            let target = &Target {
                condition: own
                    .filter(|_| self.place == RoutePlace::Main)
                    .or(target.condition),
                ..*target
            };
            let encoded = request.uri.query().unwrap_or_default();
            let mut hit = CoverageHit::new(target.resource, Verb::List);
            let page = Query::parse_for(target, view, encoded).map(|query| {
                hit.add_asked(query.positions());
                Payload::List(crud::list(&space.records, target, query))
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
            let document = crud::read(&request.space.records, target, request.format);
            Outcome::by(&self.evidence, document.map(Payload::Object))
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
                let records = &request.space.records;
                let done = match recorded_field(resource, &elements) {
                    Some(field) => audio::record(records, target, field, true, &elements),
                    None => crud::update(records, target, &elements),
                };
                done.map_err(Rejection::from)
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
            let record = crud::read(&request.space.records, target, request.format);
            Outcome::by(evidence, record.map(|_| Payload::NoContent))
        })
    }

    /// Returns the audio of an object.
    fn read_audio(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        self.with_target(request, parameters, |target| {
            let audio = audio::read(
                &request.space.records,
                target,
                self.audio(target.resource).0,
            );
            let payload = audio.map(|body| Payload::Raw {
                status: StatusCode::OK,
                content_type: WAVE,
                body,
            });
            Outcome::by(&self.evidence, payload)
        })
    }

    /// Stores the audio of an object, or lets it refer to a recording.
    fn write_audio(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        let records = &request.space.records;
        self.with_target(request, parameters, |target| {
            let (field, creates) = self.audio(target.resource);
            let done = if request.has_audio() {
                request.audio().and_then(|bytes| {
                    audio::write(records, target, field, creates, bytes).map_err(Rejection::from)
                })
            } else {
                request.elements(target.resource).and_then(|elements| {
                    audio::record(records, target, field, creates, &elements)
                        .map_err(Rejection::from)
                })
            };
            Outcome::by(&self.evidence, done.map(|()| Payload::NoContent))
        })
    }

    /// Returns the position of the field with the name of the audio file, and whether the object is created with it.
    fn audio(&self, resource: &Resource) -> (usize, bool) {
        let RoutePlace::Audio(number) = self.place else {
            unreachable!("the route is that of audio");
        };
        (
            resource.audio_fields[number],
            resource.audio[number].creates,
        )
    }

    /// Lets a function of the behaviour serve the request.
    fn respond(&self, request: &ApiRequest<'_>, parameters: &PathParameters<'_>) -> Outcome {
        let resource = request.resource(self.resource);
        let RoutePlace::Endpoint(number) = self.place else {
            unreachable!("the route is that of an endpoint");
        };
        let endpoint = &resource.endpoints[number];
        let response = request.endpoint_body(resource).and_then(|body| {
            let values = parameters.others.iter().chain([&parameters.last]);
            let parameters = path::parameters(&endpoint.path).zip(values);
            let endpoint_request = EndpointRequest {
                resource,
                parameters: parameters.map(|(name, value)| (name, &**value)).collect(),
                query: request.uri.query().unwrap_or_default(),
                user: request.user,
                body,
            };
            let response = crud::respond(&request.space.records, endpoint, &endpoint_request);
            response.map(payload).map_err(Rejection::from)
        });
        Outcome::by(&self.evidence, response)
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

/// Returns the position of the field with the audio of an object that is a recording in itself, if the elements of a
/// request are those of the control of a call.
fn recorded_field(resource: &Resource, elements: &[Element<'_>]) -> Option<usize> {
    let mut audio = resource.audio.iter().zip(&resource.audio_fields);
    let (_, field) = audio.find(|(audio, _)| audio.creates)?;
    let mut elements = elements.iter();
    let is_control = elements.any(|element| element.name.eq_ignore_ascii_case("op"));
    Some(*field).filter(|_| is_control)
}

fn payload(response: EndpointResponse) -> Payload {
    match response {
        EndpointResponse::NoContent => Payload::NoContent,
        EndpointResponse::Created(path) => Payload::Created(path),
        EndpointResponse::CreatedText(text) => Payload::Raw {
            status: StatusCode::CREATED,
            content_type: TEXT,
            body: text.into(),
        },
        EndpointResponse::List(page) => Payload::List(Listing::Page(page)),
        EndpointResponse::Document(tree) => Payload::Tree(tree),
        EndpointResponse::Bytes {
            content_type,
            bytes,
        } => Payload::Raw {
            status: StatusCode::OK,
            content_type: HeaderValue::from_static(content_type),
            body: bytes,
        },
    }
}

/// The query parameter that selects an action.
const METHOD: &str = "method";
