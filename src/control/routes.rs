//! The table of routes.

use axum::{Router, routing::MethodRouter};

#[cfg(feature = "tls")]
use super::ca;
#[cfg(feature = "cli")]
use super::metrics;
#[cfg(test)]
use super::openapi::Operation;
use super::{
    clock, coverage, diff, faults,
    handler::{Handler, service},
    health, index, objects, openapi, reload, requests, reset, resources, snapshots, spaces, state,
    verify,
};

/// Builds the router from the table of paths, methods and handlers. In tests, it also collects the descriptions of the
/// handlers, which are functions of the same name in the module `describe` beside them.
macro_rules! routes {
    ($($(#[$attribute:meta])* $path:literal => $($method:ident $module:ident::$handler:ident),+;)+) => {
        pub(super) fn router() -> Router {
            let mut router = Router::new();
            $(
                $(#[$attribute])*
                {
                    let methods = MethodRouter::new()$(.$method(service(|parts| $module::$handler.respond(parts))))+;
                    router = router.route($path, methods);
                }
            )+
            router
        }

        #[cfg(test)]
        pub(super) fn operations() -> Vec<(&'static str, &'static str, Operation)> {
            let mut operations = Vec::new();
            $(
                $(#[$attribute])*
                operations.extend([$(
                    ($path, stringify!($method), $module::describe::$handler())
                ),+]);
            )+
            operations
        }
    };
}

routes! {
    "/" => get index::get;
    "/health" => get health::get;
    "/openapi.json" => get openapi::get;
    #[cfg(feature = "tls")]
    "/ca.pem" => get ca::get;
    #[cfg(feature = "cli")]
    "/metrics" => get metrics::get;
    "/spaces" => get spaces::list, post spaces::create;
    "/spaces/{name}" => get spaces::get, delete spaces::delete;
    "/spaces/{name}/resources" => put spaces::put_resources, delete spaces::delete_resources;
    "/reset" => post reset::reset;
    "/reload" => post reload::reload;
    "/state" => get state::get, put state::put;
    "/resources" => get resources::list;
    "/resources/{path}" => get resources::get;
    "/objects" => get objects::list;
    "/objects/{path}" => get objects::get;
    "/diff" => get diff::get;
    "/snapshots" => get snapshots::list;
    "/snapshots/{name}" => put snapshots::take, delete snapshots::delete;
    "/snapshots/{name}/restore" => post snapshots::restore;
    "/clock" => get clock::get, put clock::put;
    "/clock/advance" => post clock::advance;
    "/requests" => get requests::list, delete requests::clear;
    "/requests/verify" => post verify::verify;
    "/coverage" => get coverage::get, delete coverage::clear;
    "/faults" => get faults::list, post faults::create, delete faults::delete_all;
    "/faults/{number}" => get faults::get, delete faults::delete;
}
