//! The behaviours of the embedded resources, one file per resource: their descriptions cannot express them.

mod distribution_list_members;
mod distribution_lists;
mod interview_handlers;
mod keypad;
mod partitions;
mod tenant_members;
mod tenants;
mod user_templates;
mod users;

use crate::engine::{Behaviour, Behaviours};

/// The behaviours that descriptions may name.
pub(crate) const BEHAVIOURS: Behaviours = Behaviours(&[
    Behaviour {
        created: Some(tenants::created),
        ..Behaviour::new("tenants")
    },
    Behaviour {
        created: Some(tenant_members::cos_created),
        deleted: Some(tenant_members::cos_deleted),
        ..Behaviour::new("tenant-coses")
    },
    Behaviour {
        created: Some(tenant_members::schedule_set_created),
        deleted: Some(tenant_members::schedule_set_deleted),
        ..Behaviour::new("tenant-schedule-sets")
    },
    Behaviour {
        complete: Some(partitions::complete),
        ..Behaviour::new("partitions")
    },
    Behaviour {
        complete: Some(users::complete),
        created: Some(users::created),
        ..Behaviour::new("users")
    },
    Behaviour {
        created: Some(user_templates::created),
        ..Behaviour::new("user-templates")
    },
    Behaviour {
        created: Some(interview_handlers::created),
        ..Behaviour::new("interview-handlers")
    },
    Behaviour {
        complete: Some(distribution_lists::complete),
        ..Behaviour::new("distribution-lists")
    },
    Behaviour {
        complete: Some(distribution_list_members::complete),
        ..Behaviour::new("distribution-list-members")
    },
]);
