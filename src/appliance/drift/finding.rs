//! Differences between the servers.

use crate::{appliance::facts::FactKey, schema::Kind};

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
    /// The kind of the field, if this server describes it.
    pub(crate) kind: Option<Kind>,
    /// This server's side: a value in quotes, or words; never a secret.
    pub(crate) mock: String,
    /// The real server's side.
    pub(crate) server: String,
    /// The facts that it refutes.
    pub(crate) facts: Vec<FactKey>,
    /// The number of places with this difference, of which the sides show the first: a field may differ in many objects.
    pub(crate) count: usize,
    /// The sides of a difference between errors with placeholders for the values of the request, by which the same
    /// difference is recognized in other requests.
    pub(crate) templates: Option<Templates>,
}

/// Both sides of a finding with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Templates {
    pub(crate) mock: String,
    pub(crate) server: String,
}

impl Finding {
    /// Returns the error whose content differs.
    pub(crate) fn error(&self) -> Option<&FactKey> {
        self.templates.as_ref()?;
        let mut facts = self.facts.iter();
        facts.find(|fact| matches!(fact, FactKey::Error { .. }))
    }
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

impl Difference {
    /// Returns the name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Header => "header",
            Self::Body => "body",
            Self::AdditionalField => "additional-field",
            Self::MissingField => "missing-field",
            Self::Order => "order",
            Self::Kind => "kind",
            Self::Value => "value",
            Self::Default => "default",
            Self::Code => "code",
            Self::Message => "message",
            Self::Rule => "rule",
        }
    }

    /// True if the same difference in several requests is one fact: of a field, or of all responses.
    pub(crate) fn is_general(self) -> bool {
        !matches!(
            self,
            Self::Status | Self::Default | Self::Code | Self::Message | Self::Rule
        )
    }
}
