//! The effects of faults.

use std::time::Duration;

use axum::http::HeaderValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    CustomResponse,
    count::{MAX_COUNT, check_count},
    delay,
};
#[cfg(test)]
use crate::values::{Integer, Milliseconds};
use crate::{
    engine::MAX_HEADER_BYTES,
    values::{Choice, integer, milliseconds, null_as_default, object},
};

/// The number of requests that the vendor's server processes at once.
pub(crate) const VENDOR_CONCURRENCY: u64 = 5;
/// The content type of the vendor's pages.
pub(super) const HTML: &str = "text/html;charset=utf-8";

/// The effect of a fault: the name of an effect, or an object with the name and the parameters of an effect.
// This enum defines the Rust type, the JSON and its description. The examples are part of the description.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "snake_case",
    deny_unknown_fields,
    remote = "Self",
    expecting = "an object"
)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum Effect {
    /// Hold the connection open and send nothing, until the client disconnects or the server stops.
    NoAnswer,
    /// Reset the connection (RST) before the first byte of the response.
    Reset,
    /// Close the connection (FIN) before the first byte of the response.
    Close,
    /// Send the body in chunks, the first of which has no size.
    MalformedChunk,
    /// End the XML or JSON of the response inside an element.
    Truncate,
    /// 503 in the vendor's envelope: the server is overloaded.
    Busy,
    /// 401 with the page of the servlet container: the account is locked.
    LockedOut,
    /// 403 in the vendor's envelope: the server accepts no writes.
    ReadOnly,
    /// 500 with the page of the servlet container.
    TomcatError,
    /// 200 with a login page in HTML.
    LoginPage,
    /// Send this response instead.
    #[cfg_attr(test, schemars(extend("examples" = [
        { "answer": { "status": 503, "headers": { "Retry-After": "5" }, "body": "later" } }
    ])))]
    Answer(#[serde(deserialize_with = "object")] CustomResponse),
    /// Send the response with this content type.
    #[cfg_attr(test, schemars(extend("examples" = [{ "content_type": "text/html" }])))]
    ContentType(
        #[cfg_attr(test, schemars(schema_with = "super::response::header_value_schema"))] String,
    ),
    /// End the connection in the middle of the body.
    #[cfg_attr(test, schemars(extend("examples" = [{ "cut": { "after": 100, "reset": true } }])))]
    Cut {
        /// After this many bytes of the body.
        #[serde(deserialize_with = "integer::<0, MAX_COUNT, _, _>")]
        #[cfg_attr(test, schemars(with = "Integer<0, MAX_COUNT>"))]
        after: u64,
        /// `true` resets the connection (RST); by default, it is closed (FIN).
        #[serde(default, deserialize_with = "null_as_default")]
        #[cfg_attr(test, schemars(with = "Option<bool>"))]
        reset: bool,
    },
    /// Send the body a few bytes at a time.
    #[cfg_attr(test, schemars(extend("examples" = [{ "dribble": { "bytes": 100, "every_ms": 10 } }])))]
    Dribble {
        /// The number of bytes to send at a time.
        #[serde(deserialize_with = "integer::<1, MAX_COUNT, _, _>")]
        #[cfg_attr(test, schemars(with = "Integer<1, MAX_COUNT>"))]
        bytes: usize,
        /// The pause between them.
        #[serde(rename = "every_ms", with = "milliseconds")]
        #[cfg_attr(test, schemars(with = "Milliseconds"))]
        every: Duration,
    },
    /// 503 while this many other requests are in flight.
    #[cfg_attr(test, schemars(extend("examples" = [{ "throttle": { "at_once": 5 } }])))]
    Throttle {
        /// The maximum number of requests in flight.
        #[serde(deserialize_with = "integer::<1, MAX_COUNT, _, _>")]
        #[cfg_attr(test, schemars(with = "Integer<1, MAX_COUNT>"))]
        at_once: u64,
    },
}

impl<'de> Deserialize<'de> for Effect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WITH_PARAMETERS: &[&str] = &["answer", "content_type", "cut", "dribble", "throttle"];
        // The derived function.
        Self::deserialize(Choice::new(deserializer, WITH_PARAMETERS))
    }
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

/// The name of a common effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", remote = "Self")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum Preset {
    /// The effect `busy`.
    Busy,
    /// The effect `locked_out`.
    LockedOut,
    /// The effect `read_only`.
    ReadOnly,
    /// The effect `tomcat_error`.
    TomcatError,
    /// The effect `login_page`.
    LoginPage,
    /// The effect `truncate`.
    TruncatedXml,
    /// The effect `content_type` with the content type of a web page.
    WrongContentType,
    /// The effect `throttle` with the limit of the appliance: 5 requests in flight.
    Throttled,
    /// The effect `no_answer`.
    NoAnswer,
    /// The effect `reset`.
    Reset,
    /// The effect `close`.
    Close,
    /// The effect `malformed_chunk`.
    MalformedChunk,
}

impl<'de> Deserialize<'de> for Preset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(Choice::new(deserializer, &[]))
    }
}

impl From<Preset> for Effect {
    fn from(preset: Preset) -> Self {
        match preset {
            Preset::Busy => Self::Busy,
            Preset::LockedOut => Self::LockedOut,
            Preset::ReadOnly => Self::ReadOnly,
            Preset::TomcatError => Self::TomcatError,
            Preset::LoginPage => Self::LoginPage,
            Preset::TruncatedXml => Self::Truncate,
            Preset::WrongContentType => Self::ContentType(HTML.to_owned()),
            Preset::Throttled => Self::Throttle {
                at_once: VENDOR_CONCURRENCY,
            },
            Preset::NoAnswer => Self::NoAnswer,
            Preset::Reset => Self::Reset,
            Preset::Close => Self::Close,
            Preset::MalformedChunk => Self::MalformedChunk,
        }
    }
}

impl Effect {
    /// Returns whether the effect replaces the response, so that the request need not be handled.
    pub(crate) fn replaces_response(&self) -> bool {
        match self {
            Self::NoAnswer | Self::Reset | Self::Close => true,
            Self::Busy | Self::LockedOut | Self::ReadOnly => true,
            Self::TomcatError | Self::LoginPage => true,
            Self::Answer(_) | Self::Throttle { .. } => true,
            Self::Cut { .. } | Self::Dribble { .. } | Self::MalformedChunk => false,
            Self::ContentType(_) | Self::Truncate => false,
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        match self {
            Self::Answer(response) => response.response().map(drop),
            Self::ContentType(value) if HeaderValue::from_str(value).is_err() => Err(format!(
                "the content type is {value:?}, expected the value of a header"
            )),
            Self::ContentType(value) if value.len() > MAX_HEADER_BYTES => Err(format!(
                "the content type has {} bytes, expected at most {MAX_HEADER_BYTES}",
                value.len()
            )),
            Self::Throttle { at_once } => check_count::<1>("throttle.at_once", *at_once),
            Self::Cut { after, .. } => check_count::<0>("cut.after", *after),
            Self::Dribble { every, .. } if *every > delay::MAX_DELAY => Err(format!(
                "the dribble pauses for {} ms, expected at most {} ms",
                every.as_millis(),
                delay::MAX_DELAY.as_millis()
            )),
            Self::Dribble { bytes, .. } => check_count::<1>("dribble.bytes", *bytes as u64),
            Self::ContentType(_) | Self::NoAnswer | Self::Reset | Self::Close => Ok(()),
            Self::MalformedChunk | Self::Truncate => Ok(()),
            Self::Busy | Self::LockedOut | Self::ReadOnly => Ok(()),
            Self::TomcatError | Self::LoginPage => Ok(()),
        }
    }
}
