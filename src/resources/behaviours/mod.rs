//! The behaviours of the embedded resources, one file per resource: their descriptions cannot express them.

mod all_notification_devices;
mod alternate_extensions;
mod authorization_servers;
mod call_handler_owners;
mod call_handlers;
mod calls;
mod configuration_values;
mod contacts;
mod coses;
mod credentials;
mod default_sender_name;
mod directory_handlers;
mod distribution_list_members;
mod distribution_lists;
mod expiry;
mod extensions;
mod greetings;
mod handler_parts;
mod interview_handlers;
mod keypad;
mod language_map;
mod ldap_phone_number_transforms;
mod ldap_users;
mod license_status_counts;
mod local_location;
mod mailbox_stores;
mod members;
mod menu_entries;
mod message_aging;
mod messages;
mod names;
mod notification_devices;
mod owners;
mod partitions;
mod phone_system_associations;
mod policies;
mod port_groups;
mod ports;
mod primary_extensions;
mod private_list_members;
mod private_lists;
mod recipients;
mod roles;
mod routing_rule_conditions;
mod routing_rules;
mod schedule_set_members;
mod stream_files;
mod subscriber_dependencies;
mod targets;
mod tenant_members;
mod tenants;
mod transfer_options;
mod transport_settings;
mod user_licenses;
mod user_templates;
mod users;
mod values;
mod voice_files;

use crate::engine::{Behaviour, Behaviours};

#[cfg(feature = "appliance")]
pub(crate) use keypad::digits;

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
        values: Some(alternate_extensions::complete),
        create: Some(alternate_extensions::created),
        update: Some(alternate_extensions::updated),
        ..Behaviour::new("alternate-extensions")
    },
    Behaviour {
        values: Some(private_lists::complete),
        create: Some(private_lists::created),
        update: Some(private_lists::updated),
        ..Behaviour::new("private-lists")
    },
    Behaviour {
        values: Some(private_list_members::complete),
        create: Some(private_list_members::created),
        ..Behaviour::new("private-list-members")
    },
    Behaviour {
        values: Some(contacts::complete),
        create: Some(contacts::created),
        update: Some(contacts::updated),
        ..Behaviour::new("contacts")
    },
    Behaviour {
        create: Some(owners::address_created),
        ..Behaviour::new("smtp-proxy-addresses")
    },
    Behaviour {
        create: Some(owners::name_created),
        update: Some(owners::name_updated),
        ..Behaviour::new("alternate-names")
    },
    Behaviour {
        create: Some(user_templates::created),
        update: Some(user_templates::updated),
        ..Behaviour::new("user-templates")
    },
    Behaviour {
        create: Some(interview_handlers::created),
        update: Some(call_handlers::updated),
        ..Behaviour::new("interview-handlers")
    },
    Behaviour {
        values: Some(distribution_lists::complete),
        create: Some(distribution_lists::created),
        update: Some(distribution_lists::updated),
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
        create: Some(routing_rules::created),
        update: Some(routing_rules::updated),
        ..Behaviour::new("routing-rules")
    },
    Behaviour {
        create: Some(schedule_set_members::created),
        update: Some(schedule_set_members::updated),
        ..Behaviour::new("schedule-set-members")
    },
    Behaviour {
        create: Some(call_handlers::template_created),
        update: Some(call_handlers::updated),
        ..Behaviour::new("call-handler-templates")
    },
    Behaviour {
        create: Some(call_handlers::created),
        update: Some(call_handlers::updated),
        ..Behaviour::new("call-handlers")
    },
    Behaviour {
        create: Some(call_handlers::created),
        update: Some(call_handlers::updated),
        ..Behaviour::new("call-handler-primary-templates")
    },
    Behaviour {
        create: Some(directory_handlers::created),
        update: Some(directory_handlers::updated),
        ..Behaviour::new("directory-handlers")
    },
    Behaviour {
        update: Some(greetings::updated),
        ..Behaviour::new("greetings")
    },
    Behaviour {
        update: Some(transfer_options::updated),
        ..Behaviour::new("transfer-options")
    },
    Behaviour {
        values: Some(menu_entries::complete),
        update: Some(menu_entries::updated),
        ..Behaviour::new("menu-entries")
    },
    Behaviour {
        create: Some(call_handler_owners::created),
        ..Behaviour::new("call-handler-owners")
    },
    Behaviour {
        create: Some(stream_files::created),
        ..Behaviour::new("stream-files")
    },
    Behaviour {
        values: Some(routing_rule_conditions::values),
        create: Some(routing_rule_conditions::created),
        update: Some(routing_rule_conditions::updated),
        ..Behaviour::new("routing-rule-conditions")
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
        rows: Some(policies::rows),
        ..Behaviour::new("policies")
    },
    Behaviour {
        rows: Some(subscriber_dependencies::rows),
        ..Behaviour::new("subscriber-dependencies")
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
        rows: Some(phone_system_associations::rows),
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
