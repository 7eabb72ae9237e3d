//! User templates, and the objects that each of them has.

use super::{
    members, targets,
    users::{
        EXIT, OF_TEMPLATES, PRIMARY_TEMPLATES, copy_credential, create_handler, draw_exit_action,
    },
};
use crate::engine::{Creation, Error, NamedRecord, Transaction};

/// The types of devices with values of their own.
const PHONE: &str = "1";
const PAGER: &str = "2";
/// The devices of a template that is not copied from another one: the name, the type and the name of the device.
const DEVICES: [(&str, &str, &str); 6] = [
    ("Pager", "2", "Pager"),
    ("Work Phone", "1", "Work Phone"),
    ("Home Phone", "1", "Home Phone"),
    ("Mobile Phone", "1", "Mobile Phone"),
    ("SMTP", "4", "SMTP"),
    ("HTML", "8", "HTML"),
];

/// Creates the objects of a new template: copies of those of the template that it is copied from. A fixture contains
/// the call handler template if its template refers to one, and the devices if it contains one of them.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let template = &creation.record;
    let source = creation.template.as_ref();
    targets::check_new(transaction, creation, EXIT)?;
    draw_exit_action(transaction, template)?;
    if template.get("CallHandlerObjectId").is_none() {
        let values = vec![("UserTemplateObjectId", template.id())];
        create_handler(transaction, template, source, PRIMARY_TEMPLATES, values)?;
    }
    let Some(source) = source else {
        return create_devices(transaction, template);
    };
    for (path, unique) in [
        ("usertemplatenotificationdevices", "Undeletable"),
        ("templateexternalserviceaccounts", "ExternalServiceObjectId"),
    ] {
        copy_children(transaction, template, source, path, unique)?;
    }
    for kind in ["pin", "password"] {
        copy_credential(transaction, (OF_TEMPLATES, template), source, kind)?;
    }
    Ok(())
}

/// Checks the target of a template that changes.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    targets::check_changed(transaction, before, after, EXIT)?;
    members::follow(transaction, "MemberUserTemplateObjectId", after)
}

/// Creates the devices that every template has, as far as a fixture does not contain some.
fn create_devices(transaction: &mut Transaction<'_>, template: &NamedRecord) -> Result<(), Error> {
    let path = children("usertemplatenotificationdevices");
    let own = ("UserTemplateObjectId", template.id());
    if !transaction.find(&path, &[own]).is_empty() {
        return Ok(());
    }
    for (name, kind, device) in DEVICES {
        let mut values = vec![
            own,
            ("DisplayName", name),
            ("Type", kind),
            ("DeviceName", device),
            ("Undeletable", "true"),
        ];
        match kind {
            PHONE => values.extend([("SendCount", "false"), ("SendCallerId", "false")]),
            PAGER => values.push(("SuccessRetryInterval", "1")),
            _ => {}
        }
        transaction.create_at(&path, None, &values)?;
    }
    Ok(())
}

/// Copies the objects below a template, with a field that a copy does not take over by itself.
fn copy_children(
    transaction: &mut Transaction<'_>,
    template: &NamedRecord,
    source: &NamedRecord,
    path: &str,
    own: &str,
) -> Result<(), Error> {
    let path = children(path);
    for child in transaction.find(&path, &[("UserTemplateObjectId", source.id())]) {
        let mut values = vec![("UserTemplateObjectId", template.id())];
        values.extend(child.get(own).map(|value| (own, value)));
        transaction.create_at(&path, Some(&child), &values)?;
    }
    Ok(())
}

/// Returns the path of a collection below user templates.
fn children(path: &str) -> String {
    format!("usertemplates/{{UserTemplateObjectId}}/{path}")
}
