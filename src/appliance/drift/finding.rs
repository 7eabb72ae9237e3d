//! Differences between the servers.

use crate::appliance::facts::FactKey;

/// A difference between the responses of both servers to the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) difference: Difference,
    /// The request in words.
    pub(crate) request: String,
    /// The path of the resource below `/vmrest`.
    pub(crate) resource: Option<String>,
    /// The name of the field or of the header.
    pub(crate) place: Option<String>,
    /// This server's side, in words or as a value; never a secret.
    pub(crate) mock: String,
    /// The real server's side.
    pub(crate) server: String,
    /// The facts that it refutes.
    pub(crate) facts: Vec<FactKey>,
}

/// The kinds of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    Status,
    Header,
    /// The root element, or the format of the body.
    Body,
    /// Only the real server shows a field.
    AdditionalField,
    /// Only this server shows a field.
    MissingField,
    /// The fields are in another order.
    Order,
    /// A value of the real server is not of the kind of its field.
    Kind,
    /// A value differs.
    Value,
    /// The value of a field that a create did not set differs.
    Default,
    /// The code of an error.
    Code,
    /// The message of an error.
    Message,
    /// The data of the real server break a rule of this one.
    Rule,
}
