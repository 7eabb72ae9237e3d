//! The behaviours of the embedded resources, one file per resource: their descriptions cannot express them.

mod all_notification_devices;
mod calls;
mod coses;
mod credentials;
mod distribution_list_members;
mod distribution_lists;
mod interview_handlers;
mod keypad;
mod ldap_users;
mod messages;
mod notification_devices;
mod partitions;
mod phone_system_associations;
mod port_groups;
mod ports;
mod recipients;
mod routing_rules;
mod schedule_set_members;
mod tenant_members;
mod tenants;
mod user_templates;
mod users;
mod values;
mod voice_files;

use crate::engine::{Behaviour, Behaviours};

/// The behaviours that descriptions may name.
pub(crate) const BEHAVIOURS: Behaviours = Behaviours(&[
    Behaviour {
        create: Some(tenants::created),
        ..Behaviour::new("tenants")
    },
    Behaviour {
        create: Some(tenant_members::cos_created),
        delete: Some(tenant_members::cos_deleted),
        ..Behaviour::new("tenant-coses")
    },
    Behaviour {
        create: Some(tenant_members::schedule_set_created),
        delete: Some(tenant_members::schedule_set_deleted),
        ..Behaviour::new("tenant-schedule-sets")
    },
    Behaviour {
        values: Some(partitions::complete),
        ..Behaviour::new("partitions")
    },
    Behaviour {
        values: Some(users::complete),
        create: Some(users::created),
        update: Some(users::updated),
        ..Behaviour::new("users")
    },
    Behaviour {
        create: Some(user_templates::created),
        ..Behaviour::new("user-templates")
    },
    Behaviour {
        create: Some(interview_handlers::created),
        ..Behaviour::new("interview-handlers")
    },
    Behaviour {
        values: Some(distribution_lists::complete),
        ..Behaviour::new("distribution-lists")
    },
    Behaviour {
        values: Some(distribution_list_members::complete),
        create: Some(distribution_list_members::created),
        ..Behaviour::new("distribution-list-members")
    },
    Behaviour {
        values: Some(coses::values),
        ..Behaviour::new("coses")
    },
    Behaviour {
        values: Some(credentials::values),
        ..Behaviour::new("credentials")
    },
    Behaviour {
        values: Some(routing_rules::values),
        ..Behaviour::new("routing-rules")
    },
    Behaviour {
        create: Some(schedule_set_members::created),
        update: Some(schedule_set_members::updated),
        ..Behaviour::new("schedule-set-members")
    },
    Behaviour {
        create: Some(recipients::created),
        ..Behaviour::new("call-handler-templates")
    },
    Behaviour {
        rows: Some(all_notification_devices::rows),
        ..Behaviour::new("all-notification-devices")
    },
    Behaviour {
        endpoints: calls::ENDPOINTS,
        ..Behaviour::new("calls")
    },
    Behaviour {
        endpoints: messages::ENDPOINTS,
        ..Behaviour::new("messages")
    },
    Behaviour {
        endpoints: ldap_users::ENDPOINTS,
        ..Behaviour::new("ldap-users")
    },
    Behaviour {
        endpoints: voice_files::ENDPOINTS,
        ..Behaviour::new("voice-files")
    },
    Behaviour {
        update: Some(notification_devices::updated),
        ..Behaviour::new("notification-devices")
    },
    Behaviour {
        endpoints: phone_system_associations::ENDPOINTS,
        ..Behaviour::new("phone-system-associations")
    },
    Behaviour {
        create: Some(port_groups::created),
        ..Behaviour::new("port-groups")
    },
    Behaviour {
        values: Some(ports::complete),
        create: Some(ports::created),
        delete: Some(ports::deleted),
        ..Behaviour::new("ports")
    },
]);
