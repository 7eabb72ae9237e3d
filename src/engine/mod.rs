//! The behaviour that all resources share. It knows the schema, never a particular resource.

pub(crate) mod audio;
mod cancellation;
mod character;
mod charset;
mod clock;
mod columns;
pub(crate) mod crud;
mod custom_response;
pub(crate) mod description;
mod document_text;
mod draft;
mod element;
mod element_tree;
mod encoding;
mod error;
mod escaping;
mod expiry;
mod export;
mod extension;
mod field_rules;
pub(crate) mod file;
#[cfg(feature = "manual")]
mod fixture_xsd;
mod format;
pub(crate) mod inference;
mod json;
mod list_body;
mod list_frame;
mod list_names;
pub(crate) mod load;
mod media_type;
mod multipart;
mod nearest;
mod object_links;
mod object_name;
mod object_table;
mod path;
mod position;
mod proposal;
pub(crate) mod query;
mod random;
mod records;
mod render;
mod root;
mod target;
#[cfg(test)]
mod tests;
mod thread;
mod transaction;
mod validate;
pub(crate) mod wadl;
pub(crate) mod wave;
mod xml;
pub(crate) mod xsd;

pub(crate) use charset::{shorten, shorten_to, without_byte_order_mark};
pub(crate) use clock::{Clock, Mode, OutOfRange, parse_time};
pub(crate) use columns::columns;
pub(crate) use custom_response::{MAX_HEADER_BYTES, MAX_HEADERS, check_limits, parse_header};
pub(crate) use document_text::DocumentText;
#[cfg(feature = "appliance")]
pub(crate) use draft::canonical;
pub(crate) use element::{DecodeError, Element, MAX_REPORTED_ERRORS, Node};
pub(crate) use element_tree::ElementTree;
pub(crate) use error::{Error, ErrorKind, InvalidField, PlaceholderValues, fill};
pub(crate) use escaping::Escaping;
pub(crate) use export::FixtureChunks;
pub(crate) use field_rules::field_rules;
#[cfg(feature = "manual")]
pub(crate) use fixture_xsd::fixture_schema;
pub(crate) use format::Format;
pub(crate) use list_body::{CHUNK_SIZE, ListChunks, ListDocument};
pub(crate) use media_type::{charset, media_type, unquoted_split};
pub(crate) use multipart::{Part, parts};
#[cfg(feature = "cli")]
pub(crate) use nearest::nearest;
pub(crate) use object_links::{
    ObjectLink, find_object, link_of, object_path, references, referrers,
};
pub(crate) use object_name::object_name;
pub(crate) use object_table::ObjectQuery;
pub(crate) use path::normalize_path;
pub(crate) use position::{Position, PositionCursor};
pub(crate) use random::{RandomStream, fresh_seed};
pub(crate) use records::{Records, drop_in_background};
pub(crate) use render::{document, shown, stored};
pub(crate) use root::Root;
pub(crate) use target::Target;
pub(crate) use thread::{ThreadPanic, on_thread};
pub(crate) use transaction::{
    Behaviour, Behaviours, Creation, EndpointBody, EndpointFn, EndpointRequest, EndpointResponse,
    NamedRecord, Transaction, files, find,
};
#[cfg(feature = "appliance")]
pub(crate) use xml::{Token as XmlToken, XmlReader};
