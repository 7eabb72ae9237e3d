//! The options that select requests.

use std::str::FromStr;

use clap::Args;
use serde_json::{Map, Value, json};

#[derive(Debug, Args)]
#[command(next_help_heading = "Requests")]
pub(super) struct PatternOptions {
    /// Only requests with this method
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// Only requests to this path
    ///
    /// It is relative to /vmrest unless it begins with a slash. * matches anything except a slash, and **
    /// matches anything.
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Only requests with this field
    ///
    /// The form is NAME=VALUE for a field of the body, XML or JSON; NAME^=VALUE for the beginning of its
    /// value, NAME*=VALUE for a part of it. May be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    field: Vec<ValueCondition>,
    /// Only requests without this field
    ///
    /// May be repeated.
    #[arg(long, value_name = "NAME")]
    without_field: Vec<String>,
    /// Only requests with this query parameter
    ///
    /// The form is that of --field. May be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    query: Vec<ValueCondition>,
    /// Only requests with this header
    ///
    /// The form is that of --field. May be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    header: Vec<ValueCondition>,
}

/// A name and the value that it must have.
#[derive(Clone, Debug)]
struct ValueCondition {
    name: String,
    /// The value as in the JSON of a pattern.
    value: Value,
}

impl PatternOptions {
    /// Returns the pattern in JSON: an object without the conditions that are not given.
    pub(super) fn pattern(&self) -> Map<String, Value> {
        let mut pattern = Map::new();
        if let Some(method) = &self.method {
            pattern.insert("method".to_owned(), json!(method));
        }
        if let Some(path) = &self.path {
            pattern.insert("path".to_owned(), json!(path));
        }
        let absent = self.without_field.iter().map(|name| ValueCondition {
            name: name.clone(),
            value: Value::Null,
        });
        let fields: Vec<_> = self.field.iter().cloned().chain(absent).collect();
        for (member, conditions) in [
            ("fields", &fields),
            ("query", &self.query),
            ("headers", &self.header),
        ] {
            if !conditions.is_empty() {
                pattern.insert(member.to_owned(), by_name(conditions));
            }
        }
        pattern
    }
}

/// Returns an object with a list of values for each name.
fn by_name(conditions: &[ValueCondition]) -> Value {
    let mut names = Map::new();
    for ValueCondition { name, value } in conditions {
        let values = names.entry(name).or_insert_with(|| json!([]));
        if let Value::Array(values) = values {
            values.push(value.clone());
        }
    }
    Value::Object(names)
}

impl FromStr for ValueCondition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text
            .split_once('=')
            .filter(|(name, _)| !name.trim_end_matches(['^', '*']).is_empty())
            .ok_or("expected NAME=VALUE, NAME^=BEGINNING or NAME*=PART")?;
        let condition = |name: &str, value| Self {
            name: name.to_owned(),
            value,
        };
        Ok(if let Some(name) = name.strip_suffix('^') {
            condition(name, json!({ "startswith": value }))
        } else if let Some(name) = name.strip_suffix('*') {
            condition(name, json!({ "contains": value }))
        } else {
            condition(name, json!(value))
        })
    }
}
