//! Derived fields: the values that are those of other records' fields.

use crate::{
    schema::{Computation, Resource},
    store::{Identity, Store, Values, is_blank},
};

/// Returns the values with those that are derived from other records.
pub(in crate::engine) fn with_derived(
    store: &Store,
    resource: &Resource,
    values: Values,
) -> Values {
    if !resource.has_derived_fields {
        return values;
    }
    let derived = |position| derived_value(store, resource, position, &values);
    let fields = resource.fields.iter().enumerate();
    let texts: Vec<_> = fields
        .map(|(position, field)| match field.is_derived() {
            true => derived(position),
            false => values.get(position),
        })
        .collect();
    Values::of(texts.into_iter())
}

/// Returns the value that the field at a position derives from another record.
pub(in crate::engine) fn derived_value<'s>(
    store: &'s Store,
    resource: &Resource,
    position: usize,
    values: &'s Values,
) -> Option<&'s str> {
    let Some(Computation::Derived { through, field }) =
        resource.fields[position].computation.as_deref()
    else {
        return values.get(position);
    };
    let catalogue = store.catalogue();
    let (target, record) = match &resource.fields[*through].reference {
        Some(reference) => {
            let value = values.get(*through).filter(|value| !is_blank(value))?;
            let mut holders = store
                .collection(reference.resource)
                .holders(reference.field, value);
            (&catalogue[reference.resource], holders.next()?.1)
        }
        None => (
            &catalogue[resource.parent?],
            store.parent(resource, &Identity::collection_of(resource, values))?,
        ),
    };
    derived_value(store, target, *field, &record.values)
}
