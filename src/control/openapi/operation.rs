//! The description of one operation.

use axum::http::StatusCode;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::schemas::Schemas;
use crate::{control::error::ErrorBody, values::schema::without_null};

/// Generates the schema of a type.
type SchemaOf = fn(&mut SchemaGenerator) -> Value;

/// One method of a path. Its handler's file describes it.
pub(in crate::control) struct Operation {
    object: Map<String, Value>,
    parameters: Vec<Value>,
    query: Option<SchemaOf>,
    body: Option<(SchemaOf, Value)>,
    responses: Vec<(StatusCode, Response)>,
    is_open: bool,
}

struct Response {
    object: Map<String, Value>,
    media_types: Vec<&'static str>,
    schema: Option<SchemaOf>,
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn text_schema(_: &mut SchemaGenerator) -> Value {
    json!({ "type": "string" })
}

fn component(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

impl Operation {
    /// Describes an operation that takes no parameters and no body, and is subject to access control.
    pub(in crate::control) fn new(tag: &str, id: &str, summary: &str) -> Self {
        let object = json!({ "operationId": id, "tags": [tag], "summary": summary });
        Self {
            object: object.as_object().cloned().unwrap_or_default(),
            parameters: Vec::new(),
            query: None,
            body: None,
            responses: Vec::new(),
            is_open: false,
        }
    }

    pub(in crate::control) fn description(mut self, description: &str) -> Self {
        self.object.insert("description".into(), description.into());
        self
    }

    /// Exempts the operation from access control.
    pub(in crate::control) fn open(mut self) -> Self {
        self.is_open = true;
        self.object.insert("security".into(), json!([]));
        self
    }

    /// Adds the parameter `space` for one space.
    pub(in crate::control) fn space(self) -> Self {
        self.parameter(component("parameters", "Space"))
            .shared(404, "NoSpace")
    }

    /// Adds the parameter `space` for one space or all.
    pub(in crate::control) fn space_or_all(self) -> Self {
        self.parameter(component("parameters", "SpaceOrAll"))
            .shared(404, "NoSpace")
    }

    /// Adds the open segment of the path.
    pub(in crate::control) fn segment<T: JsonSchema>(self, name: &str, description: &str) -> Self {
        let schema = SchemaGenerator::default().subschema_for::<T>();
        self.parameter(json!({
            "name": name, "in": "path", "required": true, "description": description, "schema": schema,
        }))
    }

    fn parameter(mut self, parameter: Value) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Adds the members of a struct as parameters of the query string, except for `space`.
    pub(in crate::control) fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(|generator| T::json_schema(generator).to_value());
        self
    }

    /// Adds a body of JSON with named examples.
    pub(in crate::control) fn json_body<T: JsonSchema>(
        mut self,
        examples: &[(&str, Value)],
    ) -> Self {
        let examples = examples
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!({ "value": value })));
        let examples: Map<_, _> = examples.collect();
        let media = json!({ "application/json": { "examples": examples } });
        let body = json!({ "required": true, "content": media });
        self.body = Some((schema_of::<T>, body));
        self
    }

    /// Adds a body of XML.
    pub(in crate::control) fn xml_body(mut self, description: &str) -> Self {
        let media = json!({ "application/xml": {} });
        let body = json!({ "required": true, "description": description, "content": media });
        self.body = Some((text_schema, body));
        self
    }

    /// Adds a response of JSON.
    pub(in crate::control) fn json<T: JsonSchema>(self, status: u16, description: &str) -> Self {
        self.response(
            status,
            description,
            "application/json",
            Some(schema_of::<T>),
        )
    }

    /// Adds a response of another media type.
    pub(in crate::control) fn text(
        self,
        status: u16,
        media_type: &'static str,
        description: &str,
    ) -> Self {
        self.response(status, description, media_type, Some(text_schema))
    }

    /// Adds another media type to the latest response.
    #[cfg(feature = "cli")]
    pub(in crate::control) fn or(mut self, media_type: &'static str) -> Self {
        if let Some((_, response)) = self.responses.last_mut() {
            response.media_types.push(media_type);
        }
        self
    }

    /// Adds the response 204.
    pub(in crate::control) fn no_content(self, description: &str) -> Self {
        self.response(204, description, "", None)
    }

    /// Adds an error.
    pub(in crate::control) fn error(self, status: u16, description: &str) -> Self {
        self.json::<ErrorBody>(status, description)
    }

    fn response(
        mut self,
        status: u16,
        description: &str,
        media_type: &'static str,
        schema: Option<SchemaOf>,
    ) -> Self {
        let object = json!({ "description": description });
        let response = Response {
            object: object.as_object().cloned().unwrap_or_default(),
            media_types: vec![media_type],
            schema,
        };
        self.insert(status, response);
        self
    }

    /// Adds a response that several operations share.
    pub(in crate::control) fn shared(mut self, status: u16, name: &str) -> Self {
        let object = component("responses", name);
        let response = Response {
            object: object.as_object().cloned().unwrap_or_default(),
            media_types: Vec::new(),
            schema: None,
        };
        self.insert(status, response);
        self
    }

    /// Adds a response, in place of an earlier one with this status.
    fn insert(&mut self, status: u16, response: Response) {
        let status = StatusCode::from_u16(status).expect("a status");
        self.responses.retain(|(other, _)| *other != status);
        self.responses.push((status, response));
    }

    /// Links a member of the latest response to the parameter of this name of other operations.
    pub(in crate::control) fn links(mut self, member: &str, operations: &[&str]) -> Self {
        let expression = format!("$response.body#/{member}");
        let links = operations.iter().map(|id| {
            let link = json!({ "operationId": id, "parameters": { member: expression } });
            ((*id).to_owned(), link)
        });
        let links: Map<_, _> = links.collect();
        if let Some((_, response)) = self.responses.last_mut() {
            response.object.insert("links".into(), links.into());
        }
        self
    }

    /// Adds the responses that every operation of its kind has.
    fn with_common_responses(mut self) -> Self {
        let mut common = vec![
            (408, "RequestTimeout"),
            (413, "PayloadTooLarge"),
            (503, "ServiceUnavailable"),
        ];
        if !self.is_open {
            common.extend([
                (400, "BadRequest"),
                (401, "Unauthorized"),
                (403, "Forbidden"),
            ]);
        }
        for (status, name) in common {
            let is_described = self.responses.iter().any(|(other, _)| *other == status);
            if !is_described {
                self = self.shared(status, name);
            }
        }
        self
    }

    pub(super) fn render(self, schemas: &mut Schemas) -> Value {
        let mut operation = self.with_common_responses();
        let mut object = operation.object;
        if let Some(query) = operation.query {
            let schema = query(&mut schemas.requests);
            operation.parameters.extend(query_parameters(&schema));
        }
        if !operation.parameters.is_empty() {
            object.insert("parameters".into(), operation.parameters.into());
        }
        if let Some((schema, mut body)) = operation.body {
            let schema = schema(&mut schemas.requests);
            for media in body["content"].as_object_mut().into_iter().flatten() {
                media.1["schema"] = schema.clone();
            }
            object.insert("requestBody".into(), body);
        }
        let responses = operation.responses.into_iter().map(|(status, response)| {
            let mut object = response.object;
            if let Some(schema) = response.schema {
                let schema = schema(&mut schemas.responses);
                let media_types = response.media_types.into_iter();
                let content: Map<_, _> = media_types
                    .map(|name| (name.to_owned(), json!({ "schema": schema })))
                    .collect();
                object.insert("content".into(), content.into());
            }
            (status.as_str().to_owned(), Value::from(object))
        });
        let responses: Map<_, _> = responses.collect();
        object.insert("responses".into(), responses.into());
        object.into()
    }
}

fn query_parameters(schema: &Value) -> impl Iterator<Item = Value> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let properties = properties.filter(|(name, _)| *name != "space");
    let required = schema["required"].as_array();
    properties.map(move |(name, property)| {
        let mut schema = without_null(property);
        let members = schema.as_object_mut().expect("an object");
        members.remove("default");
        let description = members.remove("description");
        let is_required = required.is_some_and(|names| names.iter().any(|known| known == name));
        let mut parameter =
            json!({ "name": name, "in": "query", "description": description, "schema": schema });
        if is_required {
            parameter["required"] = true.into();
        }
        parameter
    })
}
