//! The OpenAPI document, derived from the table of routes, the descriptions beside the handlers, and the types.

use serde_json::{Value, json};

use super::schemas::{Schemas, normalize};
use crate::control::{PREFIX, routes};

/// The depth below which a value is on one line: that of an operation, and that of a schema.
const LINE_DEPTH: usize = 3;

/// Renders the document. The binary embeds it, so only its outer levels have lines of their own.
fn document() -> String {
    let mut schemas = Schemas::new();
    let mut paths = json!({});
    for (path, method, operation) in routes::operations() {
        let path = format!("{PREFIX}{path}");
        paths[path.trim_end_matches('/')][method] = operation.render(&mut schemas);
    }
    let mut components = components();
    components["schemas"] = schemas.into_definitions().into();
    normalize(&mut paths);
    normalize(&mut components);
    let document = [
        ("openapi", json!("3.1.0")),
        ("info", info()),
        ("tags", tags()),
        ("security", json!([{}, { "bearer": [] }])),
        ("paths", paths),
        ("components", components),
    ];
    let members = document.map(|(name, value)| format!("\"{name}\":{}", render(&value, 1)));
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

/// Renders a value at a depth of the document.
fn render(value: &Value, depth: usize) -> String {
    match value {
        Value::Object(members) if depth < LINE_DEPTH => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{}:{}", json!(name), render(value, depth + 1)));
            format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
        }
        value => value.to_string(),
    }
}

fn info() -> Value {
    json!({
        "title": "The control plane of cuc-mock",
        // The handler inserts the version of the server.
        "version": "0.0.0",
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        "description": "Everything under `/__mock`: the controls that a test has in addition to the vendor's API.\n\n\
            Requests are read strictly: a parameter or a member that is not described here is rejected, and so is a \
            parameter that is given twice; only the operations that are open to every client ignore parameters. If a \
            member is given twice, the last one counts. A member that is `null` has the same meaning as one that is \
            absent. A rejected request changes nothing. Every error is JSON with an `error` that names the value, its place, and \
            the accepted values. An unknown path gets 404. A method that is not described here gets 405, with the \
            available methods in `Allow`. `HEAD` gets the response of `GET` without the body.\n\n\
            Only clients on the same machine can use the control plane, unless the server has `--control open` or \
            `--control-token`. No web page of another origin can. Without a token, a request must address the server \
            by a name of its own: `Host` is a loopback address, `localhost`, the name of the machine or a name in the \
            certificate, or with `--control open` also any address or any name without a dot.",
    })
}

fn tags() -> Value {
    json!([
        { "name": "server", "description": "The server as a whole." },
        { "name": "spaces", "description": "Isolated environments in one server." },
        { "name": "state", "description": "The records." },
        { "name": "clock", "description": "The clock of a space." },
        { "name": "journal", "description": "The requests of the clients." },
        { "name": "faults", "description": "Requested failures." },
    ])
}

/// Returns the components that several operations share, except for the schemas.
fn components() -> Value {
    let error = |description: &str| {
        json!({
            "description": description,
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
        })
    };
    let mut unauthorized = error(
        "The server requires the token of `--control-token`, and the request has none or another.",
    );
    unauthorized["headers"] = json!({
        "WWW-Authenticate": { "required": true, "schema": { "type": "string", "const": "Bearer" } },
    });
    json!({
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "The token of `--control-token`, if the server has one.",
            },
        },
        "parameters": {
            "Space": {
                "name": "space",
                "in": "query",
                "description": "The name of a space; by default, the space `default`.",
                "schema": { "type": "string", "not": { "const": "*" } },
                "example": "default",
            },
            "SpaceOrAll": {
                "name": "space",
                "in": "query",
                "description": "The name of a space, or `*` for all spaces; by default, the space `default`.",
                "schema": { "type": "string" },
                "examples": { "one": { "value": "default" }, "all": { "value": "*" } },
            },
        },
        "responses": {
            "BadRequest": error("The request is invalid, and nothing was changed."),
            "Unauthorized": unauthorized,
            "Forbidden": error(
                "The control plane is closed, the `Host` is no name of the server, or a web page of another origin \
                 has caused the request: `error` names the reason and the options that change it.",
            ),
            "NoSpace": error("There is no such space."),
            "NoSnapshot": error("There is no such space or snapshot."),
            "NoFault": error("There is no such space or fault."),
            "RequestTimeout": error("The body did not arrive in time."),
            "PayloadTooLarge": error("The body is too large: the limit is 1 MiB for JSON and 512 MiB for a state, or less with `--max-buffer-memory`."),
            "ServiceUnavailable": error("Other requests and responses fill the buffers of the server (`--max-buffer-memory`)."),
        },
    })
}

#[cfg(all(feature = "cli", feature = "tls"))]
#[test]
fn the_document_describes_the_routes_and_the_types() {
    expect_test::expect_file!["../openapi.json"].assert_eq(&document());
}

#[test]
fn the_document_contains_the_operations_of_each_set_of_features() {
    let parse = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let own = parse(&document());
    let complete = parse(include_str!("../openapi.json"));
    for (path, operations) in own["paths"].as_object().expect("an object") {
        assert_eq!(&complete["paths"][path], operations, "{path}");
    }
}
