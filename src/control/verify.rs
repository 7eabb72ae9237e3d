//! Whether what must have happened did.

use std::time::Duration;

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    Sent,
    input::{At, Object, Parameters, Taken},
    pattern,
};
use crate::{
    http::StateExtension,
    journal::{self, Count, RequestPattern, Verification, VerificationFailure},
};

/// How long a verification may wait, in milliseconds.
const LONGEST_WAIT: u64 = 60_000;
/// How many requests may be said to come before.
const MOST_AFTER: usize = 100;

#[derive(Serialize)]
struct Verified {
    verified: bool,
    /// How many requests were as they were meant.
    found: u64,
}

#[derive(Serialize)]
struct Failed {
    verified: bool,
    #[serde(flatten)]
    failure: VerificationFailure,
}

/// `POST /__mock/requests/verify`
pub(super) async fn verify(
    Extension(shared): StateExtension,
    mut parameters: Parameters,
    Extension(body): Sent,
) -> Taken<Response> {
    let space = parameters.one_space(&shared.spaces)?;
    parameters.finish()?;
    let verification = read(Object::read(&body)?)?;
    Ok(match journal::verify(&space.journal, &verification).await {
        Ok(found) => Json(Verified {
            verified: true,
            found,
        })
        .into_response(),
        Err(failure) => {
            let failed = Failed {
                verified: false,
                failure,
            };
            (StatusCode::CONFLICT, Json(failed)).into_response()
        }
    })
}

fn read(mut object: Object) -> Taken<Verification> {
    let requests = object.required("requests", pattern::requests)?;
    let mut verification = Verification::from(requests);
    if let Some(count) = count(&mut object)? {
        verification = verification.with_count(count);
    }
    for earlier in object.optional("after", after)?.unwrap_or_default() {
        verification = verification.after(earlier);
    }
    if let Some(time) = object.optional("within_ms", |at| at.whole(0, LONGEST_WAIT))? {
        verification = verification.within(Duration::from_millis(time));
    }
    object.finish()?;
    Ok(verification)
}

/// How often, of which one alone may be said.
fn count(object: &mut Object) -> Taken<Option<Count>> {
    let times = |at: At| at.whole(0, u64::MAX);
    let never = |at: At| match at.value {
        serde_json::Value::Bool(true) => Ok(()),
        _ => Err(at.refuse("true")),
    };
    let said = [
        object.optional("exactly", times)?.map(Count::Exactly),
        object.optional("at_least", times)?.map(Count::AtLeast),
        object.optional("at_most", times)?.map(Count::AtMost),
        object.optional("never", never)?.map(|()| Count::AtMost(0)),
    ];
    let mut said = said.into_iter().flatten();
    let count = said.next();
    match said.next() {
        None => Ok(count),
        Some(_) => Err(object.refuse("one alone of exactly, at_least, at_most, never")),
    }
}

fn after(at: At) -> Taken<Vec<RequestPattern>> {
    let too_many = at.refuse(&format!("at most {MOST_AFTER} patterns"));
    let patterns: Vec<_> = at.list()?.collect();
    if patterns.len() > MOST_AFTER {
        return Err(too_many);
    }
    patterns.into_iter().map(pattern::requests).collect()
}
