//! All notification devices of a user or a user template, whatever their kinds.

use super::values::RecordValues;
use crate::{
    engine::{NamedRecord, find},
    schema::Resource,
    store::{Store, Values},
};

/// The kinds of a user's devices: the last segment of the path, and the type in a row.
const KINDS: [(&str, &str); 5] = [
    ("pagerdevices", "2"),
    ("phonedevices", "1"),
    ("smtpdevices", "4"),
    ("smsdevices", "6"),
    ("htmldevices", "8"),
];
const OF_TEMPLATE: &str = "usertemplates/{UserTemplateObjectId}/usertemplatenotificationdevices";
const OWNER: &str = "SubscriberObjectId";

/// Returns a row for each device of the user or the template in the path.
pub(super) fn rows(store: &Store, resource: &Resource, parents: &[(usize, &str)]) -> Vec<Values> {
    let Some((_, owner)) = parents.first() else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for (kind, number) in KINDS {
        let path = format!("users/{{SubscriberObjectId}}/notificationdevices/{kind}");
        let devices = find(store, &path, &[(OWNER, owner)]);
        let devices = devices.iter();
        rows.extend(devices.map(|device| row(resource, device, owner, Some(number))));
    }
    let of_template = find(store, OF_TEMPLATE, &[("UserTemplateObjectId", owner)]);
    let of_template = of_template.iter();
    rows.extend(of_template.map(|device| row(resource, device, owner, None)));
    rows
}

/// Returns the values of a device in the fields of a row.
fn row(resource: &Resource, device: &NamedRecord, owner: &str, kind: Option<&str>) -> Values {
    let fields = resource.fields.iter();
    let values = fields.map(|field| {
        let is_shown = field.computation.is_none();
        device.get(&field.name).filter(|_| is_shown)
    });
    let mut row = RecordValues {
        resource,
        values: Values::of(values),
    };
    row.set(OWNER, Some(owner));
    if let Some(kind) = kind {
        row.set("Type", Some(kind));
    }
    row.values
}
