//! Paths of requests.

use std::borrow::Cow;

/// Removes the empty segments of a path and the parameters of its segments, such as `;jsessionid=A`, like the
/// appliance's servlet container.
pub(crate) fn normalize_path(path: &str) -> Cow<'_, str> {
    if is_normalized(path) {
        return path.into();
    }
    let segments = path
        .split('/')
        .filter_map(|segment| segment.split(';').next())
        .filter(|segment| !segment.is_empty());
    segments
        .fold(String::new(), |path, segment| path + "/" + segment)
        .into()
}

fn is_normalized(path: &str) -> bool {
    let mut previous = 0;
    for byte in path.bytes() {
        if byte == b';' || (byte == b'/' && previous == b'/') {
            return false;
        }
        previous = byte;
    }
    previous != b'/'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_segments_and_path_parameters_do_not_count() {
        for (path, expected) in [
            ("/vmrest/tenants", "/vmrest/tenants"),
            ("//vmrest///tenants//", "/vmrest/tenants"),
            ("/vmrest/version;jsessionid=A", "/vmrest/version"),
            ("/vmrest;a=1/version;b=2/;c", "/vmrest/version"),
            ("/vmrest/tenants/a%3Bb", "/vmrest/tenants/a%3Bb"),
            ("/", ""),
            ("//;a", ""),
            ("*", "*"),
        ] {
            assert_eq!(normalize_path(path), expected, "{path}");
        }
    }
}
