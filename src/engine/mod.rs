//! What every resource does alike: it knows the schema, and never a particular resource.

mod clock;
pub(crate) mod crud;
mod draft;
mod error;
pub(crate) mod fixtures;
mod format;
mod json;
mod list;
mod member;
pub(crate) mod query;
mod records;
mod stream;
#[cfg(test)]
mod tests;
mod text;
mod validate;
mod view;
pub(crate) mod wadl;
mod xml;
pub(crate) mod xsd;

pub(crate) use clock::{Clock, Mode, OutOfRange, parse_time};
pub(crate) use error::{Error, Refusal};
pub(crate) use format::Format;
pub(crate) use list::{Document, List};
pub(crate) use member::{Flaw, Member, Position};
pub(crate) use records::{Records, drop_elsewhere};
pub(crate) use stream::{Stream, fresh_seed};
pub(crate) use text::shorten;
