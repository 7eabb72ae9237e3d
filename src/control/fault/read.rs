//! Reading a fault.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;

use super::{PLAIN, name};
use crate::{
    control::{
        Refusal,
        input::{At, Object, Taken},
        pattern::requests,
    },
    faults::{Answer, Delay, Effect, Fault, HIGHEST, LONGEST_DELAY, WIDEST},
};

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
pub(in crate::control) fn read(body: &[u8]) -> Taken<Fault> {
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
    // It must mean something to be given at all.
    fault.handled = handled.is_some();
    for name in COUNTS {
        object.optional(name, |_| Ok(()))?;
    }
    let says_nothing = object.refuse("an effect, a preset or a delay");
    object.finish()?;
    if fault.effect.is_none() && fault.delay.is_none() {
        return Err(says_nothing);
    }
    fault.check().map_err(Refusal::bad)?;
    fault.handled = handled.unwrap_or(false);
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
    let names = PLAIN.each_ref().map(name).join(", ");
    let expected = format!("one of {names}, or an object with one of {TAKING}");
    if !at.value.is_object() {
        return at.parsed(&expected, |text| {
            let mut plain = PLAIN.into_iter();
            plain.find(|effect| name(effect) == text)
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
