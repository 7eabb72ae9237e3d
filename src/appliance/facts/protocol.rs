//! The lines of `docs/fidelity.md` that are written by hand, about the protocol as a whole.

use super::fact_row::FactRow;
use crate::schema::Provenance;

const PAGE: &str = "docs/fidelity.md";
const TEXT: &str = include_str!("../../../docs/fidelity.md");

/// Defines the beginnings of lines, and a list of all of them for the tests.
macro_rules! beginnings {
    ($($name:ident = $beginning:literal;)*) => {
        $(pub(crate) const $name: &str = $beginning;)*

        #[cfg(test)]
        const ALL: &[&str] = &[$($name),*];
    };
}

beginnings! {
    // Authentication.
    WITHOUT_CREDENTIALS = "A request without credentials gets 401";
    CHALLENGE = "The realm of the challenge";
    COOKIES = "Three cookies on responses with 200, 204 and 403";
    OTHER_COOKIES = "The same on every other response except 401";
    // Formats.
    NEGOTIATION = "JSON if `Accept` names it";
    NOT_ACCEPTABLE = "406 if neither is acceptable";
    JSON_LIST = "JSON list";
    JSON_BODY_ROOT = "A JSON body may be bare";
    JSON_ERRORS = "JSON errors";
    XML_CONTENT_TYPE = "The content type `application/xml;charset=UTF-8`, even on a 204";
    CACHE_HEADERS = "`Cache-Control`, `Expires`, `X-Frame-Options`";
    HEAD_AND_OPTIONS = "HEAD like GET without a body";
    EMPTY_SEGMENTS = "Empty path segments and path parameters";
    // Bodies of requests.
    ROOT_OF_ANOTHER_KIND = "The root of another kind of object";
    UNKNOWN_ELEMENTS = "Unknown elements of a request are ignored";
    CONTENT_TYPE_OF_REQUESTS = "A body without a content type";
    MALFORMED_BODY = "A malformed body: 400";
    // Lists.
    LIST = "List: 200; `total` counts all matches";
    COUNT_ONLY = "`rowsPerPage=0` or `pageNumber=0`";
    PAGE_PAST_END = "A page past the end";
    INVALID_PAGE = "A page that is not a number";
    QUERY = "`query=(Column is …)` and `(Column startswith …)`";
    QUERY_NULL = "`(Column isnull)` and `(Column isnotnull)` since 11.5";
    QUERY_NULL_BEFORE = "Before 11.5, `isnull` and `isnotnull`";
    QUERY_CLAUSES = "Up to five clauses";
    SPACES_BETWEEN_CLAUSES = "Spaces around the `&` of two clauses";
    SIXTH_CLAUSE = "A sixth clause";
    QUERY_BACKSLASH = "Any other backslash is literal";
    TEXT_CASE = "All other texts too, in `is`, `startswith` and `sort`";
    BOOLEAN_QUERY = "A boolean also matches `1` and `0`";
    LAST_PARENTHESIS = "The last parenthesis of a query may be missing";
    PARENTHESES_IN_VALUES = "Everything between the first and the last parenthesis";
    QUERY_WITHOUT_MATCHES = "A query without matches";
    SORT = "`sort=(Column asc)` and `(Column desc)`";
    SORT_ORDER = "Numbers are sorted numerically";
    SORT_WITHOUT_QUERY = "`sort` without `query`";
    MALFORMED_QUERY = "A malformed query or an unknown column is rejected";
    MALFORMED_QUERY_STATUS = "It is rejected with 400, like a malformed sort";
    REPEATED_PARAMETER = "The first of a repeated parameter counts";
    UNKNOWN_PARAMETERS = "Unknown parameters are ignored";
    // Writes.
    CREATE = "Create: 201, the body is the bare path";
    CREATE_LOCATION = "Create: the `Location` header";
    CREATE_CONTENT_TYPE = "Create: the content type";
    UPDATE = "Update: 204, partial, read-only fields ignored";
    DELETE = "Delete: 204";
    // Errors.
    ENVELOPE = "The envelope `<ErrorDetails>";
    NOT_FOUND = "Read or delete of a missing object: 404";
    NOT_FOUND_UPDATE = "Update of a missing object: 400";
    INVALID_VALUE = "A missing field, an invalid value: 400";
    DUPLICATE = "A duplicate: 400";
    UNSUPPORTED_PATH = "An unsupported path: 404";
    // Tenants and users.
    TENANT_OBJECTS = "The objects that the creation of a tenant adds";
    TENANT_DELETION = "Deleting a tenant deletes its objects";
    // Resources that clients read first.
    VERSION = "`/vmrest/version` and `/vmrest/version/product`";
    SCHEMA = "`/vmrest/schema/<Object>` is an XML Schema";
}

/// Returns the row of the first line with this beginning. Such lines have a provenance, and no source.
pub(super) fn protocol_row(beginning: &str) -> Option<FactRow> {
    let lines = TEXT.lines().enumerate();
    let mut rows = lines.filter_map(|(index, line)| Some((index, line.strip_prefix("| ")?)));
    let (index, row) = rows.find(|(_, row)| row.starts_with(beginning))?;
    let (behaviour, word) = row.strip_suffix(" |")?.rsplit_once(" | ")?;
    let provenance = match word {
        "documented" => Provenance::Documented,
        "captured" => Provenance::Captured,
        "client" => Provenance::Client,
        _ => Provenance::Inferred,
    };
    Some(FactRow {
        page: PAGE.to_owned(),
        line: index + 1,
        behaviour: behaviour.to_owned(),
        provenance,
        source: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_beginning_is_that_of_one_line() {
        for (number, beginning) in ALL.iter().enumerate() {
            let start = format!("| {beginning}");
            let lines = TEXT.lines().filter(|line| line.starts_with(&start));
            assert_eq!(lines.count(), 1, "{beginning}");
            let mut others = ALL.iter().skip(number + 1);
            assert!(
                others.all(|other| !other.starts_with(beginning)),
                "{beginning}"
            );
            let row = protocol_row(beginning).expect("it is a row");
            let line = TEXT.lines().nth(row.line - 1).expect("a line");
            assert_eq!(line, format!("| {} | {} |", row.behaviour, row.provenance));
        }
    }

    #[test]
    fn another_text_has_no_row() {
        assert_eq!(protocol_row("Lamps are lit at night"), None);
    }
}
