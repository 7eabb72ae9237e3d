//! The substitution of names, extensions, addresses and hosts in captured objects.
//!
//! A substitute depends on the key and the value alone, so that the same value has the same substitute in every field,
//! in every object and in every capture with the same key. No table is kept.

mod addresses;
mod anonymiser;
mod digit_permutation;
mod field_class;
mod keyed_hash;
mod notation;
mod paths;
mod substitutes;
#[cfg(test)]
mod tests;
mod vocabulary;

pub(crate) use anonymiser::Anonymiser;
