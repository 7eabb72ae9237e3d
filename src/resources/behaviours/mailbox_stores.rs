//! Mailbox stores.

use std::sync::Arc;

use crate::{
    engine::{
        Creation, ElementTree, EndpointFn, EndpointRequest, EndpointResponse, Error, Transaction,
        find,
    },
    schema::Provenance,
    store::Store,
};

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] =
    &[("count-mailboxes", EndpointFn::Read(count_mailboxes))];
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

/// Returns a list without rows, whose total is the number of mailboxes.
fn count_mailboxes(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    const STORE: &str = "MailboxStoreObjectId";
    let users = find(store, "users", &[(STORE, request.parameter(STORE))]);
    let list = ElementTree::list("Mailboxes", users.len(), []);
    Ok(EndpointResponse::Document(list))
}
