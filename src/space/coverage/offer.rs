//! The statuses and fields that count as offered.

use crate::schema::{Field, Resource, Verb};

/// Returns the statuses of a verb in the API: that of success, and that of an error.
pub(super) const fn statuses(verb: Verb) -> [u16; 2] {
    match verb {
        Verb::List => [200, 400],
        Verb::Read => [200, 404],
        Verb::Create => [201, 400],
        // An update of a missing object is invalid data, too.
        Verb::Update => [204, 400],
        Verb::Delete => [204, 404],
    }
}

/// True if the resource supports the verb, at its own path or at another one.
pub(super) fn supports(resource: &Resource, verb: Verb) -> bool {
    let mut aliases = resource.aliases.iter();
    resource.verb(verb).is_some() || aliases.any(|alias| alias.verbs.contains(&verb))
}

/// Returns true if a client can set the field in a create or an update of the resource.
pub(super) fn is_writable(resource: &Resource, field: &Field) -> bool {
    let takes = |verb| supports(resource, verb) && field.access.takes(verb);
    takes(Verb::Create) || takes(Verb::Update)
}

/// True if requests can filter and sort a list of the resource.
pub(super) fn is_queryable(resource: &Resource, _: &Field) -> bool {
    supports(resource, Verb::List) || !resource.views.is_empty()
}
