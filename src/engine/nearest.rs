//! Suggestions for misspelt names.

/// The minimum similarity of an unknown name and a suggestion, from 0 to 1.
const MIN_SIMILARITY: f64 = 0.8;

/// Returns the most similar of some names, without regard to case, if one is similar enough.
pub(crate) fn nearest<'n>(
    unknown: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    nearest_of(unknown, &mut names.into_iter())
}

/// Compiled once, and not for each type of iterator.
fn nearest_of<'n>(unknown: &str, names: &mut dyn Iterator<Item = &'n str>) -> Option<&'n str> {
    let unknown = unknown.to_lowercase();
    let with_similarity = names.map(|name| {
        let similarity = strsim::jaro_winkler(&unknown, &name.to_lowercase());
        (similarity, name)
    });
    with_similarity
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|(first, _), (second, _)| first.total_cmp(second))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_has_a_suggestion_and_another_one_has_none() {
        let nearest = |unknown| nearest(unknown, ["DisplayName", "ServerType", "Server"]);
        assert_eq!(nearest("DisplayNmae"), Some("DisplayName"));
        assert_eq!(nearest("servertype"), Some("ServerType"));
        assert_eq!(nearest("Servers"), Some("Server"));
        assert_eq!(nearest("Colour"), None);
    }
}
