//! Authorization servers.

use crate::engine::{EndpointFn, EndpointRequest, EndpointResponse, Error, Transaction};

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] =
    &[("synchronize", EndpointFn::Write(synchronize))];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Notes a synchronization of the keys, which always succeeds.
fn synchronize(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let id = request.parameter("ObjectId");
    let servers = transaction.find("authz/server", &[("ObjectId", id)]);
    let Some(server) = servers.first() else {
        let key = request.resource.key.map(|key| (key, id));
        return Err(Error::nothing_to_update(request.resource, key));
    };
    let status = status(&transaction.utc_stamp());
    transaction.change(server, &[("LastSyncStatus", Some(&status))])?;
    Ok(EndpointResponse::NoContent)
}

/// Returns the status after a synchronization at a time such as `2017-05-12T07:00:53Z`.
fn status(stamp: &str) -> String {
    let number = |range: std::ops::Range<usize>| {
        let digits = stamp.get(range).unwrap_or_default();
        digits.parse::<usize>().unwrap_or_default()
    };
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let (hour, minute, second) = (number(11..13), number(14..16), number(17..19));
    let month = MONTHS[month.clamp(1, MONTHS.len()) - 1];
    let half = if hour < 12 { "AM" } else { "PM" };
    let hour = (hour + 11) % 12 + 1;
    format!("Passed - {month} {day:02},{year} {hour:02}:{minute:02}:{second:02} {half} GMT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_the_time_in_the_form_of_the_guide() {
        let expected = "Passed - May 12,2017 07:00:53 AM GMT";
        assert_eq!(status("2017-05-12T07:00:53Z"), expected);
        let expected = "Passed - Dec 01,2026 12:05:00 PM GMT";
        assert_eq!(status("2026-12-01T12:05:00Z"), expected);
        let expected = "Passed - Jan 31,2026 12:00:09 AM GMT";
        assert_eq!(status("2026-01-31T00:00:09Z"), expected);
    }
}
