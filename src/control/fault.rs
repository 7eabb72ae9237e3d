//! A fault as JSON, the same in and out:
//! `{"requests": {…}, "nth": 1, "times": 2, "probability": 0.5, "until": time, "delay": {…}, "effect": …, "handled": false}`.
//!
//! A delay is `{"fixed_ms": 1}`, `{"min_ms": 1, "max_ms": 2}` or `{"median_ms": 1, "sigma": 0.5}`. An effect is its name, or an
//! object with its name and what it takes. `{"preset": name}` stands for an effect that is often wanted.

use std::{str, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{
    Refusal,
    input::{At, Object, Taken},
    pattern::{Pattern, requests},
};
use crate::{
    faults::{Answer, Delay, Effect, Failure, Fault, HIGHEST, LONGEST_DELAY, Listed, WIDEST},
    journal::Requests,
};

/// The effects that take nothing, by their names.
const PLAIN: [(&str, Effect); 10] = [
    ("no_answer", Effect::NoAnswer),
    ("reset", Effect::Reset),
    ("close", Effect::Close),
    ("malformed_chunk", Effect::MalformedChunk),
    ("truncate", Effect::Truncate),
    ("busy", Effect::Failure(Failure::Busy)),
    ("locked_out", Effect::Failure(Failure::LockedOut)),
    ("read_only", Effect::Failure(Failure::ReadOnly)),
    ("tomcat_error", Effect::Failure(Failure::Tomcat)),
    ("login_page", Effect::Failure(Failure::LoginPage)),
];
/// The names of the effects that take something.
const TAKING: &str = "answer, content_type, cut, dribble, throttle";
/// What is taken of a listed fault, and means nothing.
const COUNTS: [&str; 4] = ["number", "matched", "hits", "active"];

/// The presets, by their names.
fn presets() -> [(&'static str, Fault); 12] {
    [
        ("busy", Fault::busy()),
        ("locked_out", Fault::locked_out()),
        ("read_only", Fault::read_only()),
        ("tomcat_error", Fault::tomcat_error()),
        ("login_page", Fault::login_page()),
        ("truncated_xml", Fault::truncated()),
        ("wrong_content_type", Fault::wrong_content_type()),
        ("throttled", Fault::throttled()),
        ("no_answer", Fault::no_answer()),
        ("reset", Fault::reset()),
        ("close", Fault::close()),
        ("malformed_chunk", Fault::malformed_chunk()),
    ]
}

/// The fault that a body stands for.
pub(super) fn read(body: &[u8]) -> Taken<Fault> {
    let mut object = Object::read(body)?;
    let preset = object.optional("preset", preset)?;
    let effect = object.optional("effect", effect)?;
    if preset.is_some() && effect.is_some() {
        return Err(object.refuse("one of preset and effect"));
    }
    let mut fault = preset.unwrap_or_else(|| Fault::of(effect));
    fault.requests = object.optional("requests", requests)?.unwrap_or_default();
    fault.nth = object.optional("nth", at_least_one)?;
    fault.times = object.optional("times", at_least_one)?;
    fault.probability = object.optional("probability", |at| at.number(0.0, 1.0))?;
    fault.until = object.optional("until", |at| at.time().map(Ok))?;
    fault.delay = object.optional("delay", delay)?;
    let handled = object.optional("handled", At::boolean)?;
    fault.handled = handled.unwrap_or(false);
    for name in COUNTS {
        object.optional(name, |_| Ok(()))?;
    }
    let says_nothing = object.refuse("an effect, a preset or a delay");
    object.finish()?;
    if fault.effect.is_none() && fault.delay.is_none() {
        return Err(says_nothing);
    }
    fault.check().map_err(Refusal::bad)?;
    Ok(fault)
}

fn at_least_one(at: At) -> Taken<u64> {
    at.whole(1, HIGHEST)
}

fn preset(at: At) -> Taken<Fault> {
    let names = presets().map(|(name, _)| name).join(", ");
    at.parsed(&format!("one of {names}"), |text| {
        let mut presets = presets().into_iter();
        presets.find_map(|(name, fault)| (name == text).then_some(fault))
    })
}

fn effect(at: At) -> Taken<Effect> {
    let names = PLAIN.each_ref().map(|(name, _)| *name).join(", ");
    let expected = format!("one of {names}, or an object with one of {TAKING}");
    if !at.value.is_object() {
        return at.parsed(&expected, |text| {
            let found = PLAIN.iter().find(|(name, _)| *name == text);
            found.map(|(_, effect)| effect.clone())
        });
    }
    let mut object = at.object()?;
    let effects = [
        object.optional("answer", |at| answer(at).map(Effect::Answer))?,
        object.optional("content_type", |at| at.text().map(Effect::ContentType))?,
        object.optional("cut", cut)?,
        object.optional("dribble", dribble)?,
        object.optional("throttle", throttle)?,
    ];
    let not_one = object.refuse(&format!("one of {TAKING}"));
    object.finish()?;
    let mut effects = effects.into_iter().flatten();
    let (Some(effect), None) = (effects.next(), effects.next()) else {
        return Err(not_one);
    };
    Ok(effect)
}

fn cut(at: At) -> Taken<Effect> {
    let mut object = at.object()?;
    let after = object.required("after", |at| at.whole(0, HIGHEST))?;
    let reset = object.optional("reset", At::boolean)?.unwrap_or(false);
    object.finish()?;
    Ok(Effect::Cut { after, reset })
}

fn dribble(at: At) -> Taken<Effect> {
    let mut object = at.object()?;
    let bytes = object.required("bytes", at_least_one)?;
    let every = object.required("every_ms", milliseconds)?;
    object.finish()?;
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    Ok(Effect::Dribble { bytes, every })
}

fn throttle(at: At) -> Taken<Effect> {
    let mut object = at.object()?;
    let at_once = object.required("at_once", at_least_one)?;
    object.finish()?;
    Ok(Effect::Throttle { at_once })
}

fn answer(at: At) -> Taken<Answer> {
    let mut object = at.object()?;
    let status = object.required("status", |at| at.whole(200, 999))?;
    let headers = object.optional("headers", headers)?;
    let body = object.optional("body", body)?;
    object.finish()?;
    Ok(Answer {
        status: u16::try_from(status).unwrap_or_default(),
        headers: headers.unwrap_or_default(),
        body: body.unwrap_or_default(),
    })
}

/// The value of each name, or a list of its values.
fn headers(at: At) -> Taken<Vec<(String, String)>> {
    let mut headers = Vec::new();
    for (name, at) in at.object()?.rest() {
        if at.value.is_array() {
            for at in at.list()? {
                headers.push((name.clone(), at.text()?));
            }
        } else {
            headers.push((name, at.text()?));
        }
    }
    Ok(headers)
}

fn body(at: At) -> Taken<Bytes> {
    if !at.value.is_object() {
        let expected = r#"a text or {"base64": text}"#;
        return at.parsed(expected, |text| Some(text.to_owned().into()));
    }
    let mut object = at.object()?;
    let body = object.required("base64", |at| {
        at.parsed("bytes in base64", |text| STANDARD.decode(text).ok())
    })?;
    object.finish()?;
    Ok(body.into())
}

fn delay(at: At) -> Taken<Delay> {
    let mut object = at.object()?;
    let fixed = object.optional("fixed_ms", milliseconds)?;
    let least = object.optional("min_ms", milliseconds)?;
    let most = object.optional("max_ms", milliseconds)?;
    let median = object.optional("median_ms", milliseconds)?;
    let sigma = object.optional("sigma", |at| at.number(0.0, WIDEST))?;
    let delay = match (fixed, least, most, median, sigma) {
        (Some(fixed), None, None, None, None) => Delay::Fixed(fixed),
        (None, Some(least), Some(most), None, None) => Delay::Uniform(least, most),
        (None, None, None, Some(median), Some(sigma)) => Delay::LogNormal { median, sigma },
        _ => {
            let expected = "fixed_ms, or min_ms and max_ms, or median_ms and sigma";
            return Err(object.refuse(expected));
        }
    };
    object.finish()?;
    Ok(delay)
}

/// A duration in milliseconds, to the microsecond.
fn milliseconds(at: At) -> Taken<Duration> {
    let milliseconds = at.number(0.0, LONGEST_DELAY.as_millis() as f64)?;
    let exact = Duration::from_secs_f64(milliseconds / 1000.0);
    Ok(Duration::from_micros(
        (exact + Duration::from_nanos(500)).as_micros() as u64,
    ))
}

/// The same as it is read, with what has come of it.
#[derive(Serialize)]
pub(super) struct Written<'a> {
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
            requests: (*requests != Requests::any()).then(|| Pattern::from(requests)),
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
            plain => {
                let found = PLAIN.iter().find(|(_, effect)| effect == plain);
                Self::Plain(found.map_or("", |(name, _)| name))
            }
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
