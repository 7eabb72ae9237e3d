//! Owners of call handlers.

use crate::{
    engine::{Creation, Error, Transaction},
    schema::Provenance,
};

const MISSING: &str = "Invalid parameter. Parameter = [UserObjectId], Value = []: expected the id of a user, here, or of a \
                       distribution list in DistributionListObjectId";

/// Checks that an owner is a user or a distribution list.
pub(super) fn created(_: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let fields = ["UserObjectId", "DistributionListObjectId"];
    match fields
        .iter()
        .any(|field| creation.record.get(field).is_some())
    {
        true => Ok(()),
        false => Err(Error::refused(MISSING, Provenance::Documented)),
    }
}
