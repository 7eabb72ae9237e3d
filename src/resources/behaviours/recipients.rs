//! The recipients of the messages that handlers take.

use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Provenance,
};

const MISSING: &str = "Invalid parameter. Parameter = [RecipientSubscriberObjectId], Value = []: expected the recipient \
                       of the messages, here or in RecipientDistributionListObjectId";
const FIELDS: [&str; 2] = [
    "RecipientSubscriberObjectId",
    "RecipientDistributionListObjectId",
];

/// Checks that a new call handler template has a recipient.
pub(super) fn created(_: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    check(&creation.record)
}

/// Checks that a handler has a recipient.
pub(super) fn check(handler: &NamedRecord) -> Result<(), Error> {
    match FIELDS.iter().any(|field| handler.get(field).is_some()) {
        true => Ok(()),
        false => Err(Error::refused(MISSING, Provenance::Documented)),
    }
}
