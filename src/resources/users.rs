//! Users and user templates, as far as clients look at them when they log in: a count, and who is there.

use crate::schema::{Evidence, Field, Resource, Verb, client, inferred, object_id, text, uri};

const PROBED: Evidence = client("asked for a count at log-in, and by alias");
const SHOWN: Evidence = inferred("the least that a list of them shows");

/// What both show.
const FIELDS: &[Field] = &[
    uri(PROBED),
    object_id(PROBED),
    text("Alias", PROBED).read_only().unique(SHOWN),
    text("DisplayName", SHOWN).read_only(),
];

/// A user with a mailbox, or one of the system's own.
pub(crate) static USER: Resource = Resource::new("users", "Users", "User")
    .takes(Verb::List, PROBED)
    .takes(Verb::Read, PROBED)
    .fields(FIELDS);

/// What a new user is made from.
pub(crate) static USER_TEMPLATE: Resource =
    Resource::new("usertemplates", "UserTemplates", "UserTemplate")
        .takes(Verb::List, PROBED)
        .takes(Verb::Read, PROBED)
        .fields(FIELDS);
