//! The behaviours of the embedded resources, one file per resource: their descriptions cannot express them.

mod all_notification_devices;
mod authorization_servers;
mod calls;
mod configuration_values;
mod coses;
mod credentials;
mod default_sender_name;
mod distribution_list_members;
mod distribution_lists;
mod interview_handlers;
mod keypad;
mod language_map;
mod ldap_phone_number_transforms;
mod ldap_users;
mod license_status_counts;
mod local_location;
mod mailbox_stores;
mod message_aging;
mod messages;
mod notification_devices;
mod partitions;
mod phone_system_associations;
mod policies;
mod port_groups;
mod ports;
mod recipients;
mod roles;
mod routing_rules;
mod schedule_set_members;
mod tenant_members;
mod tenants;
mod transport_settings;
mod user_licenses;
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
        values: Some(configuration_values::values),
        update: Some(configuration_values::updated),
        ..Behaviour::new("configuration-values")
    },
    Behaviour {
        create: Some(policies::role_assigned),
        ..Behaviour::new("user-roles")
    },
    Behaviour {
        create: Some(roles::created),
        update: Some(roles::updated),
        ..Behaviour::new("roles")
    },
    Behaviour {
        key: Some(language_map::code),
        ..Behaviour::new("language-map")
    },
    Behaviour {
        create: Some(message_aging::policy_created),
        ..Behaviour::new("message-aging-policies")
    },
    Behaviour {
        update: Some(message_aging::rule_updated),
        ..Behaviour::new("message-aging-rules")
    },
    Behaviour {
        create: Some(mailbox_stores::created),
        endpoints: mailbox_stores::ENDPOINTS,
        ..Behaviour::new("mailbox-stores")
    },
    Behaviour {
        create: Some(ldap_phone_number_transforms::created),
        ..Behaviour::new("ldap-phone-number-transforms")
    },
    Behaviour {
        update: Some(local_location::updated),
        ..Behaviour::new("local-location")
    },
    Behaviour {
        endpoints: authorization_servers::ENDPOINTS,
        ..Behaviour::new("authorization-servers")
    },
    Behaviour {
        update: Some(default_sender_name::updated),
        ..Behaviour::new("default-sender-name")
    },
    Behaviour {
        rows: Some(license_status_counts::rows),
        ..Behaviour::new("license-status-counts")
    },
    Behaviour {
        endpoints: transport_settings::ENDPOINTS,
        ..Behaviour::new("transport-settings")
    },
    Behaviour {
        rows: Some(user_licenses::rows),
        ..Behaviour::new("user-licenses")
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
