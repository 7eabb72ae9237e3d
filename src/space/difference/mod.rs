//! The difference between two stores.

mod comparison;

use std::fmt;

use serde::Serialize;

pub(crate) use comparison::compare;

/// The difference between two states of the records: objects that exist only before or after, and those with other
/// values.
///
/// Displayed with a line for each object and field, for the message of an assertion:
///
/// ```text
/// updated /vmrest/externalservices/4ce278eb-033e-460e-a4f7-5a0cf57b3b2d (Office_365)
///   Server: "10.0.0.7", before "office.example.com"
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// The number of objects that exist only after.
    created: usize,
    /// The number of objects with other values.
    updated: usize,
    /// The number of objects that exist only before.
    deleted: usize,
    /// True if `objects` has all of them, `false` if there are more than its limit.
    is_complete: bool,
    /// By resource; the deleted ones of a resource come last.
    objects: Vec<ObjectDifference>,
}

/// The difference of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ObjectDifference {
    change: Change,
    /// The path of the resource below `/vmrest`.
    resource: String,
    /// The path of the object.
    path: String,
    /// The name of the object, if it has one.
    name: Option<String>,
    /// The fields with different values, in the order of a response. Links are left out.
    fields: Vec<FieldDifference>,
}

/// The difference of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FieldDifference {
    name: String,
    /// The value before; `null` if there was none, `[redacted]` for a secret.
    before: Option<String>,
    /// The value after; `null` if there is none, `[redacted]` for a secret.
    after: Option<String>,
    is_secret: bool,
}

/// The change of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// The object exists only after.
    Created,
    /// The object has other values.
    Updated,
    /// The object exists only before.
    Deleted,
}

impl Difference {
    /// Returns whether there is no difference.
    pub fn is_empty(&self) -> bool {
        self.created + self.updated + self.deleted == 0
    }

    /// Returns the number of objects that exist only after.
    pub fn created(&self) -> usize {
        self.created
    }

    /// Returns the number of objects with other values.
    pub fn updated(&self) -> usize {
        self.updated
    }

    /// Returns the number of objects that exist only before.
    pub fn deleted(&self) -> usize {
        self.deleted
    }

    /// Returns the objects that differ, by resource.
    pub fn objects(&self) -> &[ObjectDifference] {
        &self.objects
    }
}

impl ObjectDifference {
    /// Returns the change of the object.
    pub fn change(&self) -> Change {
        self.change
    }

    /// Returns the path of the resource below `/vmrest`, such as `externalservices`.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// Returns the path of the object, such as `/vmrest/externalservices/4ce278eb-033e-460e-a4f7-5a0cf57b3b2d`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the name of the object, such as its `DisplayName`.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the fields with different values, in the order of a response. Links are left out.
    pub fn fields(&self) -> &[FieldDifference] {
        &self.fields
    }

    /// Returns the field with this name, if its values differ.
    pub fn field(&self, name: &str) -> Option<&FieldDifference> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl FieldDifference {
    /// Returns the name of the field.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value before; `[redacted]` for a secret.
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// Returns the value after; `[redacted]` for a secret.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Returns whether the values are secrets, such as passwords.
    pub fn is_secret(&self) -> bool {
        self.is_secret
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no difference");
        }
        for (index, object) in self.objects.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            object.fmt(f)?;
        }
        if !self.is_complete {
            let all = self.created + self.updated + self.deleted;
            write!(f, "\nfurther objects: {}", all - self.objects.len())?;
        }
        Ok(())
    }
}

impl fmt::Display for ObjectDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.change, self.path)?;
        if let Some(name) = &self.name {
            write!(f, " ({name})")?;
        }
        for field in &self.fields {
            write!(f, "\n  {field}")?;
        }
        Ok(())
    }
}

impl fmt::Display for FieldDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            before,
            after,
            ..
        } = self;
        match (before, after) {
            (Some(before), Some(after)) => write!(f, "{name}: {after:?}, before {before:?}"),
            (Some(before), None) => write!(f, "{name}: no value, before {before:?}"),
            (None, after) => write!(f, "{name}: {:?}", after.as_deref().unwrap_or_default()),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        })
    }
}
