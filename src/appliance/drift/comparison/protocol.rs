//! The lines of `docs/fidelity.md` that the parts of responses test.

use crate::appliance::facts::{FactKey, protocol};

pub(super) const CHALLENGE: FactKey = FactKey::Protocol(protocol::CHALLENGE);
pub(super) const COOKIES: FactKey = FactKey::Protocol(protocol::COOKIES);
pub(super) const OTHER_COOKIES: FactKey = FactKey::Protocol(protocol::OTHER_COOKIES);
pub(super) const JSON_LIST: FactKey = FactKey::Protocol(protocol::JSON_LIST);
pub(super) const JSON_ERRORS: FactKey = FactKey::Protocol(protocol::JSON_ERRORS);
pub(super) const ALLOW: FactKey = FactKey::Protocol(protocol::HEAD_AND_OPTIONS);
pub(super) const HEADERS: FactKey = FactKey::Protocol(protocol::CACHE_HEADERS);
pub(super) const CONTENT_TYPE: FactKey = FactKey::Protocol(protocol::XML_CONTENT_TYPE);
pub(super) const TOTAL: FactKey = FactKey::Protocol(protocol::LIST);
pub(super) const CREATED_BODY: FactKey = FactKey::Protocol(protocol::CREATE);
pub(super) const CREATED_LOCATION: FactKey = FactKey::Protocol(protocol::CREATE_LOCATION);
pub(super) const CREATED_TYPE: FactKey = FactKey::Protocol(protocol::CREATE_CONTENT_TYPE);
pub(super) const ENVELOPE: FactKey = FactKey::Protocol(protocol::ENVELOPE);
