//! The expiry of records: from a time on, a boolean of a record is false.

use jiff::Timestamp;

use super::clock::instant;
use crate::{schema::Resource, store::Values};

/// Returns the times at which a record changes, each with the position of the boolean that is then false.
pub(super) fn times(
    resource: &Resource,
    values: &Values,
) -> impl Iterator<Item = (Timestamp, usize)> {
    resource.expiries.iter().filter_map(|expiry| {
        let value = |position| values.get(position);
        let is_true = value(expiry.switch) == Some("true");
        let time = value(expiry.time).filter(|_| is_true && expiry.rule.applies(value));
        Some((instant(time?)?, expiry.switch))
    })
}

/// Returns the time at which a record changes next.
pub(super) fn next_time(resource: &Resource, values: &Values) -> Option<Timestamp> {
    let times = times(resource, values).map(|(time, _)| time);
    times.min()
}
