//! Members of schedule sets.

use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Provenance,
};

const MEMBERS: &str = "schedulesets/{ScheduleSetObjectId}/schedulesetmembers";
const SECOND: &str =
    "A schedule set has at most one included schedule and at most one excluded one";
const HOLIDAY: &str =
    "An included schedule is none of holidays, and an excluded one is a schedule of holidays";

/// Checks a new member.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    check(transaction, &creation.record)
}

/// Checks a member that has changed.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    _: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    check(transaction, after)
}

/// Checks that a set has at most one schedule of each kind, and that only holidays are excluded.
fn check(transaction: &Transaction<'_>, member: &NamedRecord) -> Result<(), Error> {
    let set = member.get("ScheduleSetObjectId").unwrap_or_default();
    let is_excluded = member.get("Exclude").unwrap_or("false");
    let alike = [("ScheduleSetObjectId", set), ("Exclude", is_excluded)];
    if transaction.find(MEMBERS, &alike).len() > 1 {
        return Err(Error::refused(SECOND, Provenance::Documented));
    }
    let schedule = member.get("ScheduleObjectId").unwrap_or_default();
    let schedule = transaction.find("schedules", &[("ObjectId", schedule)]);
    let mut is_holiday = schedule.iter().map(|schedule| schedule.get("IsHoliday"));
    match is_holiday.next() {
        Some(is_holiday) if is_holiday.unwrap_or("false") != is_excluded => {
            Err(Error::refused(HOLIDAY, Provenance::Documented))
        }
        _ => Ok(()),
    }
}
