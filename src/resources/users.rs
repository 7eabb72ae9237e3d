//! Users and user templates, with the parts that clients read when they log in: the count and the names.

use crate::schema::{
    Evidence, Field, Resource, Verb, captured, client, inferred, object_id, text, uri,
};

const PRINTED: Evidence = captured("responses of 10.x and 11.x servers, printed by their users");
const PROBED: Evidence = client("asked for a count at log-in, and by alias");
const SHOWN: Evidence = inferred("the least that a list of them shows");

/// The fields of both resources.
const FIELDS: &[Field] = &[
    uri(PROBED),
    object_id(PROBED),
    text("Alias", PROBED).read_only().unique(SHOWN),
    text("DisplayName", SHOWN).read_only(),
];

/// A user with a mailbox, or one of the system's own.
pub(crate) static USER: Resource = Resource::new("users", "Users", "User")
    .takes(Verb::List, PRINTED)
    .takes(Verb::Read, PRINTED)
    .fields(FIELDS);

/// A template for new users.
pub(crate) static USER_TEMPLATE: Resource =
    Resource::new("usertemplates", "UserTemplates", "UserTemplate")
        .takes(Verb::List, PROBED)
        .takes(Verb::Read, PROBED)
        .fields(FIELDS);
