//! The REST interface: the route table of `/vmrest`, and the handlers of its routes.

mod description;
mod fallback;
mod request;
mod resource;
mod response;
mod route_tables;
mod router;

pub(crate) use description::{application, schema, schemas, version};
pub(super) use fallback::fallback;
pub(super) use request::ApiRequest;
pub(crate) use resource::routes;
pub(crate) use response::responses;
pub(crate) use route_tables::RouteTables;
pub(crate) use router::{MethodHandlers, PathParameters, RouteTable, is_below};
pub(super) use router::{RouteMatch, is_api};
