//! The scope of a fact: the releases and the records for which it holds.

use crate::schema::{Condition, Description, Fact, Release, path};

/// The attributes of a scope.
pub(super) const SCOPE: [&str; 4] = ["since", "until", "when", "unless"];
/// The attributes of a scope that limit the releases.
pub(super) const RELEASES: [&str; 2] = ["since", "until"];
/// The message about the scope of a fact that must have none.
pub(super) const NO_SCOPE: &str = "found a scope, expected none of since, until, when and unless";

/// Returns the releases that have a resource.
pub(super) fn releases(description: &Description) -> impl Iterator<Item = Release> {
    let releases = Release::ALL.iter().copied();
    releases.filter(|release| description.is_in(*release))
}

/// Returns the resource with this path, if it is in all releases of a description.
pub(super) fn find<'d>(
    descriptions: &'d [Description],
    description: &Description,
    path: &str,
) -> Option<&'d Description> {
    let mut descriptions = descriptions.iter();
    descriptions.find(|other| path::is_same(&other.path, path) && covers(other, description))
}

/// True if a resource is in all releases of another one.
pub(super) fn covers(description: &Description, other: &Description) -> bool {
    releases(other).all(|release| description.is_in(release))
}

/// True if a fact holds in all releases of a resource, and for all its records.
pub(super) fn holds_always(description: &Description, fact: &Fact) -> bool {
    fact.condition.is_none() && releases(description).all(|release| fact.covers(release))
}

/// True if two facts can hold for one record at the same time.
pub(super) fn overlap(one: &Fact, other: &Fact) -> bool {
    let mut releases = Release::ALL.iter();
    let share_a_release = releases.any(|release| one.covers(*release) && other.covers(*release));
    let exclude_each_other = match (&one.condition, &other.condition) {
        (Some(one), Some(other)) if one.field == other.field => {
            let share_a_value = one.values.iter().any(|value| other.values.contains(value));
            let includes = |outer: &Condition<_>, inner: &Condition<_>| {
                inner
                    .values
                    .iter()
                    .all(|value| outer.values.contains(value))
            };
            match (one.is_negated, other.is_negated) {
                (false, false) => !share_a_value,
                (false, true) => includes(other, one),
                (true, false) => includes(one, other),
                (true, true) => false,
            }
        }
        _ => false,
    };
    share_a_release && !exclude_each_other
}
