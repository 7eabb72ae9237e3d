//! Writing a fault.

use std::{str, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::name;
use crate::{
    control::pattern::Pattern,
    faults::{Answer, Delay, Effect, Listed},
    journal::RequestPattern,
};

/// The same as it is read, with what has come of it.
#[derive(Serialize)]
pub(in crate::control) struct Written<'a> {
    number: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<Pattern<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<WrittenDelay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<WrittenEffect<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    handled: Option<bool>,
    matched: u64,
    hits: u64,
    active: bool,
}

impl<'a> From<&'a Listed> for Written<'a> {
    fn from(listed: &'a Listed) -> Self {
        let fault = &listed.fault;
        let requests = &fault.requests;
        Self {
            number: listed.number,
            requests: (*requests != RequestPattern::any()).then(|| Pattern::from(requests)),
            nth: fault.nth,
            times: fault.times,
            probability: fault.probability,
            until: fault.end().map(|time| time.to_string()),
            delay: fault.delay.map(WrittenDelay::from),
            effect: fault.effect.as_ref().map(WrittenEffect::from),
            handled: fault.can_be_handled().then_some(fault.handled),
            matched: listed.matched,
            hits: listed.hits,
            active: listed.is_active,
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum WrittenDelay {
    Fixed { fixed_ms: Value },
    Uniform { min_ms: Value, max_ms: Value },
    LogNormal { median_ms: Value, sigma: f64 },
}

impl From<Delay> for WrittenDelay {
    fn from(delay: Delay) -> Self {
        match delay {
            Delay::Fixed(fixed) => Self::Fixed {
                fixed_ms: written_ms(fixed),
            },
            Delay::Uniform(least, most) => Self::Uniform {
                min_ms: written_ms(least),
                max_ms: written_ms(most),
            },
            Delay::LogNormal { median, sigma } => Self::LogNormal {
                median_ms: written_ms(median),
                sigma,
            },
        }
    }
}

fn written_ms(duration: Duration) -> Value {
    match duration.subsec_nanos() % 1_000_000 {
        0 => (duration.as_millis() as u64).into(),
        _ => (duration.as_secs_f64() * 1000.0).into(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum WrittenEffect<'a> {
    Answer {
        status: u16,
        #[serde(skip_serializing_if = "Headers::is_empty")]
        headers: Headers<'a>,
        body: WrittenBody<'a>,
    },
    ContentType(&'a str),
    Cut {
        after: u64,
        reset: bool,
    },
    Dribble {
        bytes: usize,
        every_ms: Value,
    },
    Throttle {
        at_once: u64,
    },
    #[serde(untagged)]
    Plain(&'static str),
}

impl<'a> From<&'a Effect> for WrittenEffect<'a> {
    fn from(effect: &'a Effect) -> Self {
        match effect {
            Effect::Answer(Answer {
                status,
                headers,
                body,
            }) => Self::Answer {
                status: *status,
                headers: Headers(headers),
                body: WrittenBody::from(&body[..]),
            },
            Effect::ContentType(value) => Self::ContentType(value),
            Effect::Cut { after, reset } => Self::Cut {
                after: *after,
                reset: *reset,
            },
            Effect::Dribble { bytes, every } => Self::Dribble {
                bytes: *bytes,
                every_ms: written_ms(*every),
            },
            Effect::Throttle { at_once } => Self::Throttle { at_once: *at_once },
            plain => Self::Plain(name(plain)),
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum WrittenBody<'a> {
    Text(&'a str),
    Bytes { base64: String },
}

impl<'a> From<&'a [u8]> for WrittenBody<'a> {
    fn from(body: &'a [u8]) -> Self {
        match str::from_utf8(body) {
            Ok(text) => Self::Text(text),
            Err(_) => Self::Bytes {
                base64: STANDARD.encode(body),
            },
        }
    }
}

/// Headers by their names, each of which stands once.
struct Headers<'a>(&'a [(String, String)]);

impl Headers<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_first = |place: usize, name: &str| {
            let mut before = self.0[..place].iter();
            before.all(|(other, _)| !other.eq_ignore_ascii_case(name))
        };
        let names = self.0.iter().enumerate();
        let names = names.filter(|(place, (name, _))| is_first(*place, name));
        serializer.collect_map(names.map(|(_, (name, _))| {
            let of_name = self
                .0
                .iter()
                .filter(|(other, _)| other.eq_ignore_ascii_case(name));
            let values: Vec<_> = of_name.map(|(_, value)| value.as_str()).collect();
            let value = match &values[..] {
                [value] => Value::from(*value),
                values => Value::from(values),
            };
            (name, value)
        }))
    }
}
