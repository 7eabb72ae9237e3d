//! The behaviours of the embedded resources, one file per resource.

use crate::engine::{Behaviour, Behaviours};

/// The behaviours that descriptions may name.
pub(crate) const BEHAVIOURS: Behaviours = Behaviours(&[
    Behaviour::new("tenants"),
    Behaviour::new("tenant-coses"),
    Behaviour::new("tenant-schedule-sets"),
    Behaviour::new("users"),
    Behaviour::new("user-templates"),
    Behaviour::new("call-handlers"),
    Behaviour::new("interview-handlers"),
    Behaviour::new("distribution-lists"),
    Behaviour::new("distribution-list-members"),
]);
