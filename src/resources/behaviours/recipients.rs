//! The recipients of the messages that handlers take.

use crate::{
    engine::{Error, NamedRecord},
    schema::Provenance,
};

const MISSING: &str = "Invalid parameter. Parameter = [RecipientSubscriberObjectId], Value = []: expected the recipient \
                       of the messages, here or in RecipientDistributionListObjectId";
const FIELDS: [&str; 2] = [
    "RecipientSubscriberObjectId",
    "RecipientDistributionListObjectId",
];

/// Checks that a handler has a recipient.
pub(super) fn check(handler: &NamedRecord) -> Result<(), Error> {
    match FIELDS.iter().any(|field| handler.get(field).is_some()) {
        true => Ok(()),
        false => Err(Error::refused(MISSING, Provenance::Documented)),
    }
}
