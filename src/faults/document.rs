//! The JSON of a fault, the same in requests and responses:
//! `{"requests": {…}, "nth": 1, "times": 2, "probability": 0.5, "until": time, "delay": {…}, "effect": …, "handled": false}`.

use serde::{Deserialize, Serialize};

use super::{
    Delay, Effect, Fault, FaultStatus, count::MAX_COUNT, delay::DelayDocument, effect::Preset,
};
use crate::{
    journal::RequestPattern,
    values::{Integer, Number, Object, Time, ignored},
};

/// A fault. A response can be sent back as a request, which ignores `number`, `matched`, `hits` and `active`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Fault"))]
pub(crate) struct FaultDocument {
    /// Counts from 1 in each space.
    #[serde(default, deserialize_with = "ignored")]
    #[cfg_attr(test, schemars(with = "Integer<0, { u64::MAX }>"))]
    number: Option<Integer<0, { u64::MAX }>>,
    /// The requests that the fault may hit: all of them by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<Object<RequestPattern>>,
    /// The first of these requests that the fault may hit; the only one if neither `times` nor `probability` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<Integer<1, MAX_COUNT>>,
    /// The fault ends after this many hits.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<Integer<1, MAX_COUNT>>,
    /// The probability of a hit.
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<Number<0, 1>>,
    /// The fault ends at this time on the clock of its space.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Time>,
    /// The delay of the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<Object<DelayDocument>>,
    /// A name for a common effect, instead of `effect`.
    #[serde(skip_serializing)]
    preset: Option<Preset>,
    /// The effect of a hit.
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<Effect>,
    /// `true` handles the request before it fails, for effects that replace the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    handled: Option<bool>,
    /// The number of matching requests that have arrived.
    #[serde(default, deserialize_with = "ignored")]
    #[cfg_attr(test, schemars(with = "Integer<0, { u64::MAX }>"))]
    matched: Option<Integer<0, { u64::MAX }>>,
    /// The number of requests that the fault has hit.
    #[serde(default, deserialize_with = "ignored")]
    #[cfg_attr(test, schemars(with = "Integer<0, { u64::MAX }>"))]
    hits: Option<Integer<0, { u64::MAX }>>,
    /// `true` if the fault can hit more requests.
    #[serde(default, deserialize_with = "ignored")]
    #[cfg_attr(test, schemars(with = "bool"))]
    active: Option<bool>,
}

impl TryFrom<FaultDocument> for Fault {
    type Error = String;

    fn try_from(document: FaultDocument) -> Result<Self, String> {
        let effect = match (document.preset, document.effect) {
            (Some(_), Some(_)) => {
                return Err("the body: found preset and effect, expected one of them".to_owned());
            }
            (preset, effect) => effect.or(preset.map(Effect::from)),
        };
        let delay = document.delay.map(|Object(delay)| Delay::try_from(delay));
        let mut fault = Self {
            requests: document.requests.unwrap_or_default().0,
            nth: document.nth.map(Integer::get),
            times: document.times.map(Integer::get),
            probability: document.probability.map(Number::get),
            until: document.until.map(|Time(time)| Ok(time)),
            delay: delay.transpose()?,
            effect,
            handled: false,
        };
        if fault.effect.is_none() && fault.delay.is_none() {
            return Err("the body: expected an effect, a preset or a delay".to_owned());
        }
        // Even `false` is accepted only where it has a meaning.
        fault.handled = document.handled.is_some();
        fault.check()?;
        fault.handled = document.handled.unwrap_or(false);
        Ok(fault)
    }
}

impl From<&FaultStatus> for FaultDocument {
    fn from(status: &FaultStatus) -> Self {
        let fault = &status.fault;
        let is_selective = fault.requests != RequestPattern::any();
        Self {
            number: Integer::try_from(status.number).ok(),
            requests: is_selective.then(|| Object(fault.requests.clone())),
            nth: fault.nth.and_then(|nth| Integer::try_from(nth).ok()),
            times: fault.times.and_then(|times| Integer::try_from(times).ok()),
            probability: fault
                .probability
                .and_then(|probability| Number::try_from(probability).ok()),
            until: fault.end().map(Time),
            delay: fault.delay.map(|delay| Object(delay.into())),
            preset: None,
            effect: fault.effect.clone(),
            handled: fault.can_be_handled().then_some(fault.handled),
            matched: Integer::try_from(status.matched).ok(),
            hits: Integer::try_from(status.hits).ok(),
            active: Some(status.is_active),
        }
    }
}

#[cfg(test)]
pub(crate) mod schema {
    use schemars::Schema;
    use serde_json::{Map, Value, from_value, json};

    use super::{Effect, Preset};
    use crate::values::schema::{alternative, any_of};

    /// Adds the definitions of requests to those of responses. The JSON of a fault is described more precisely than by
    /// its type: `handled` depends on the effect.
    pub(crate) fn add_definitions(
        definitions: &mut Map<String, Value>,
        mut requests: Map<String, Value>,
    ) {
        let mut fault = requests.remove("Fault").expect("a fault");
        for name in ["number", "matched", "hits", "active"] {
            fault["properties"][name] = json!({ "description": "Ignored." });
        }
        definitions.extend(requests);
        let effect = definitions.remove("Effect").expect("an effect");
        let (replacing, modifying) = partition(&effect, |variant| {
            let effect: Effect = from_value(variant).expect("a valid example of each effect");
            effect.replaces_response()
        });
        let variants = [
            ("ReplacingEffect", replacing),
            ("ModifyingEffect", modifying),
        ];
        for (name, variants) in variants {
            definitions.insert(name.to_owned(), json!({ "oneOf": variants }));
        }
        definitions.insert(
            "Effect".to_owned(),
            json!({ "description": effect["description"], "anyOf": [
                { "$ref": "#/components/schemas/ReplacingEffect" },
                { "$ref": "#/components/schemas/ModifyingEffect" },
            ] }),
        );
        let presets = definitions.remove("Preset").expect("the presets");
        let new_fault = new_fault(&fault, &presets);
        definitions.insert("NewFault".to_owned(), new_fault.to_value());
        let mut pattern = definitions["RequestPattern"].clone();
        let members = pattern["properties"].as_object_mut().expect("members");
        for of_response in ["status", "provenance"] {
            members.remove(of_response);
        }
        definitions.insert("FaultRequests".to_owned(), pattern);
        for name in ["NewFault", "Fault", "FaultInSpace"] {
            let definition = definitions[name].to_string();
            let definition = definition.replace("/RequestPattern\"", "/FaultRequests\"");
            let definition = definition.parse().expect("JSON");
            definitions.insert(name.to_owned(), definition);
        }
    }

    /// Returns the alternatives of a request: an effect, a preset, or a delay alone.
    fn new_fault(fault: &Value, presets: &Value) -> Schema {
        let fault = fault.as_object().expect("an object");
        let mut alternatives = Vec::new();
        let (replacing, modifying) = partition(presets, |variant| {
            let preset: Preset = from_value(variant).expect("a preset");
            Effect::from(preset).replaces_response()
        });
        for (effect, presets, inapplicable) in [
            ("ReplacingEffect", replacing, &[][..]),
            ("ModifyingEffect", modifying, &["handled"][..]),
        ] {
            let absent = [&["preset"], inapplicable].concat();
            let mut with_effect = alternative(fault, &["effect"], &absent);
            let reference = format!("#/components/schemas/{effect}");
            with_effect["properties"]["effect"] = json!({ "$ref": reference });
            let absent = [&["effect"], inapplicable].concat();
            let mut with_preset = alternative(fault, &["preset"], &absent);
            with_preset["properties"]["preset"] = json!({ "oneOf": presets });
            alternatives.extend([with_effect, with_preset]);
        }
        let absent = ["effect", "preset", "handled"];
        alternatives.push(alternative(fault, &["delay"], &absent));
        any_of(fault, &alternatives)
    }

    /// Divides the variants of an enum. The predicate gets the name of a variant, or an example of one with parameters.
    fn partition(schema: &Value, predicate: impl Fn(Value) -> bool) -> (Vec<Value>, Vec<Value>) {
        let variants = schema["oneOf"].as_array().expect("variants");
        variants.iter().cloned().partition(|variant| {
            let name = variant.get("const");
            let example = name.or_else(|| variant["examples"].get(0));
            predicate(
                example
                    .expect("an example of each effect with parameters")
                    .clone(),
            )
        })
    }
}
