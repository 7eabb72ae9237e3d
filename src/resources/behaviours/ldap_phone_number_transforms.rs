//! LDAP phone number transforms.

use crate::{
    engine::{Creation, Error, Transaction},
    schema::Provenance,
};

const SECOND: &str = "an LDAP phone number transform already exists. (This version of Cisco Unity Connection supports \
                      up to one LDAP phone number transform only.)";

/// Checks that there is only one transform.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    match !creation.is_loaded && transaction.count("ldapphonenumbertransforms") > 1 {
        true => Err(Error::not_allowed(SECOND, Provenance::Documented)),
        false => Ok(()),
    }
}
