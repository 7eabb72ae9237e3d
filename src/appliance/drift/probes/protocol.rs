//! The beginnings of the lines of `docs/fidelity.md` that the probes test.

pub(super) const WITHOUT_CREDENTIALS: &str = "A request without credentials gets 401";
pub(super) const CHALLENGE: &str = "The realm of the challenge";
pub(super) const NOT_ACCEPTABLE: &str = "406 if neither is acceptable";
pub(super) const JSON_LIST: &str = "JSON list";
pub(super) const JSON_BODY_ROOT: &str = "A JSON body may be bare";
pub(super) const HEAD_AND_OPTIONS: &str = "HEAD like GET without a body";
pub(super) const ROOT_OF_ANOTHER_KIND: &str = "The root of another kind of object";
pub(super) const UNKNOWN_ELEMENTS: &str = "Unknown elements of a request are ignored";
pub(super) const CONTENT_TYPE_OF_REQUESTS: &str = "A body without a content type";
pub(super) const MALFORMED_BODY: &str = "A malformed body: 400";
pub(super) const LIST: &str = "List: 200; `total` counts all matches";
pub(super) const COUNT_ONLY: &str = "`rowsPerPage=0` or `pageNumber=0`";
pub(super) const PAGE_PAST_END: &str = "A page past the end";
pub(super) const INVALID_PAGE: &str = "A page that is not a number";
pub(super) const QUERY: &str = "`query=(Column is …)` and `(Column startswith …)`";
pub(super) const QUERY_WITHOUT_MATCHES: &str = "A query without matches";
pub(super) const SORT: &str = "`sort=(Column asc)` and `(Column desc)`";
pub(super) const MALFORMED_QUERY: &str = "A malformed query or an unknown column is rejected";
pub(super) const CREATE: &str = "Create: 201, the body is the bare path";
pub(super) const UPDATE: &str = "Update: 204, partial, read-only fields ignored";
pub(super) const DELETE: &str = "Delete: 204";
pub(super) const NOT_FOUND: &str = "Read or delete of a missing object: 404";
pub(super) const NOT_FOUND_UPDATE: &str = "Update of a missing object: 400";
pub(super) const INVALID_VALUE: &str = "A missing field, an invalid value: 400";
pub(super) const DUPLICATE: &str = "A duplicate: 400";
pub(super) const UNSUPPORTED_PATH: &str = "An unsupported path: 404";
pub(super) const TENANT_OBJECTS: &str = "The objects that the creation of a tenant adds";
pub(super) const TENANT_DELETION: &str = "Deleting a tenant deletes its objects";
pub(super) const VERSION: &str = "`/vmrest/version` and `/vmrest/version/product`";
pub(super) const SCHEMA: &str = "`/vmrest/schema/<Object>` is an XML Schema";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_the_beginning_of_one_line() {
        let page = include_str!("../../../../docs/fidelity.md");
        for beginning in [
            WITHOUT_CREDENTIALS,
            CHALLENGE,
            NOT_ACCEPTABLE,
            JSON_LIST,
            JSON_BODY_ROOT,
            HEAD_AND_OPTIONS,
            ROOT_OF_ANOTHER_KIND,
            UNKNOWN_ELEMENTS,
            CONTENT_TYPE_OF_REQUESTS,
            MALFORMED_BODY,
            LIST,
            COUNT_ONLY,
            PAGE_PAST_END,
            INVALID_PAGE,
            QUERY,
            QUERY_WITHOUT_MATCHES,
            SORT,
            MALFORMED_QUERY,
            CREATE,
            UPDATE,
            DELETE,
            NOT_FOUND,
            NOT_FOUND_UPDATE,
            INVALID_VALUE,
            DUPLICATE,
            UNSUPPORTED_PATH,
            TENANT_OBJECTS,
            TENANT_DELETION,
            VERSION,
            SCHEMA,
        ] {
            let line = format!("| {beginning}");
            let count = page
                .lines()
                .filter(|known| known.starts_with(&line))
                .count();
            assert_eq!(count, 1, "{beginning}");
        }
    }
}
