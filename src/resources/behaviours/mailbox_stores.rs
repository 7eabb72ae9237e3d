//! Mailbox stores.

use crate::{
    engine::{Creation, Error, Transaction},
    schema::Provenance,
};

/// The maximum number of stores.
const MAX: usize = 5;
const TOO_MANY: &str = "A server has at most five mailbox stores";

/// Checks the number of stores.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    match !creation.is_loaded && transaction.count("mailboxstores") > MAX {
        true => Err(Error::refused(TOO_MANY, Provenance::Documented)),
        false => Ok(()),
    }
}
