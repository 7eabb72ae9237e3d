//! Checks that no resource, and no other response, has the method and the path of a response.

use crate::{
    engine::DecodeError,
    schema::{Description, Release, ResponseDescription, path},
};

/// The routes on which the API describes itself.
const OWN: [(&str, &str); 5] = [
    ("GET", "version"),
    ("GET", "version/product"),
    ("GET", "schema"),
    ("GET", "schema/{name}"),
    ("GET", "application.wadl"),
];

/// Returns the mistakes in the responses of a release, each with the number of its response.
pub(crate) fn check_responses(
    descriptions: &[Description],
    release: Release,
    responses: &[&ResponseDescription],
) -> Vec<(usize, DecodeError)> {
    let mut errors = Vec::new();
    for (number, response) in responses.iter().enumerate() {
        let ResponseDescription {
            method, path, fact, ..
        } = response;
        if !fact.covers(release) {
            continue;
        }
        let mut earlier = responses[..number].iter();
        let is_repeated =
            earlier.any(|earlier| earlier.is_to_same(response) && earlier.fact.covers(release));
        let message = if let Some(served) = server(descriptions, release, method, path) {
            let expected = "another one: a fault replaces a response of the server";
            format!("the server has {method} /vmrest/{served}, expected {expected}")
        } else if is_repeated {
            format!("{method} /vmrest/{path} is given twice, expected it once")
        } else {
            continue;
        };
        errors.push((number, DecodeError::new(fact.at, message)));
    }
    errors
}

/// True if the server itself has the method at all paths of a response.
#[cfg(test)]
pub(crate) fn is_served(
    descriptions: &[Description],
    release: Release,
    method: &str,
    path: &str,
) -> bool {
    server(descriptions, release, method, path).is_some()
}

/// Returns the path at which the server itself has the method, if it includes all paths of a response.
fn server(
    descriptions: &[Description],
    release: Release,
    method: &str,
    path: &str,
) -> Option<String> {
    let of_release = descriptions.iter();
    let of_release = of_release
        .filter(|description| description.is_in(release) && !description.gaps.lacks_attributes);
    let routes = of_release.flat_map(|description| description.routes(release));
    let routes = routes.map(|route| (route.method, route.path));
    let own = OWN.map(|(method, path)| (method, path.to_owned()));
    let mut routes = routes.chain(own);
    let (_, found) =
        routes.find(|(served, route)| *served == method && path::includes(route, path))?;
    Some(found)
}
