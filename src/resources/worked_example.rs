//! The worked example of `docs/architecture.md`: an invented resource and its behaviour.

// from here
use crate::schema::{Evidence, Resource, Verb, boolean, inferred, integer, object_id, text, uri};

/// The page that the table was checked against; here, none.
const PAGE: Evidence = inferred("invented for this example");

/// A pager.
pub(crate) static PAGER: Resource = Resource::new("pagers", "Pagers", "Pager")
    .takes(Verb::List, PAGE)
    .takes(Verb::Read, PAGE)
    .takes(Verb::Create, PAGE)
    .takes(Verb::Update, PAGE)
    .takes(Verb::Delete, PAGE)
    .fields(&[
        uri(PAGE),
        object_id(PAGE),
        text("DisplayName", PAGE).required(PAGE).unique(PAGE),
        integer("Kind", PAGE)
            .choices(&["1", "2"], PAGE)
            .default("1", PAGE),
        text("PagerNumber", PAGE).required(PAGE.when("Kind", &["2"])),
        text("Pin", PAGE).secret(),
        boolean("IsActive", PAGE).default("true", PAGE),
    ]);
// to here

mod tests {
    use expect_test::expect;

    use super::PAGER;
    use crate::{
        engine::{Clock, Element, Format, Mode, RandomStream, Records, crud, query::Query},
        schema::Release,
        store::Store,
    };

    fn elements<'a>(values: &[(&'static str, &'static str)]) -> Vec<Element<'a>> {
        let element = |(name, value): &(&'static str, &'static str)| Element {
            name: (*name).into(),
            value: Some((*value).into()),
            at: 0,
        };
        values.iter().map(element).collect()
    }

    #[test]
    fn the_engine_needs_only_the_table() {
        let clock = Clock::new(Mode::default());
        let store = Store::new(&[&PAGER]);
        let ids = RandomStream::new(1, "test", "ids");
        let records = Records::new(Release::V10_5, clock, store.into(), ids);
        let create = |values| crud::create(&records, &PAGER, &elements(values));
        let path = create(&[("DisplayName", "Night shift"), ("Pin", "1234")]).expect("it is valid");
        expect!["/vmrest/pagers/d19ceac6-d102-44f4-907e-f1107adccbfa"].assert_eq(&path);
        let error = |values| create(values).expect_err("an error").message;
        expect!["Invalid parameter. Parameter = [DisplayName], Value = [night SHIFT]: expected a value that no other Pager has"].assert_eq(&error(&[("DisplayName", "night SHIFT")]));
        expect!["Invalid parameter. Parameter = [PagerNumber], Value = []: expected a value, it is mandatory when Kind is 2"].assert_eq(&error(&[("DisplayName", "Day shift"), ("Kind", "2")]));
        let id = path.rsplit('/').next().expect("an id");
        let pager = crud::read(&records, &PAGER, id).expect("it is there");
        let shown =
            |format: Format| String::from_utf8(format.object(&pager).to_vec()).expect("UTF-8");
        expect![[r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Pager><URI>/vmrest/pagers/d19ceac6-d102-44f4-907e-f1107adccbfa</URI><ObjectId>d19ceac6-d102-44f4-907e-f1107adccbfa</ObjectId><DisplayName>Night shift</DisplayName><Kind>1</Kind><Pin/><IsActive>true</IsActive></Pager>"#]].assert_eq(&shown(Format::Xml));
        expect![[r#"{"URI":"/vmrest/pagers/d19ceac6-d102-44f4-907e-f1107adccbfa","ObjectId":"d19ceac6-d102-44f4-907e-f1107adccbfa","DisplayName":"Night shift","Kind":"1","Pin":"","IsActive":"true"}"#]].assert_eq(&shown(Format::Json));
        let query = "query=(DisplayName%20startswith%20night)&sort=(Kind%20asc)";
        let query = Query::parse(&PAGER, Release::V10_5, query).expect("a valid query");
        assert_eq!(crud::list(&records, &query).total, 1);
    }

    #[test]
    fn the_documentation_shows_the_compiled_table() {
        let source = include_str!("worked_example.rs");
        let table = source.split("// from here\n").nth(1).expect("it begins");
        let table = table.split("// to here\n").next().expect("it ends");
        let page = include_str!("../../docs/architecture.md");
        assert!(
            page.contains(table),
            "docs/architecture.md does not show this:\n{table}"
        );
    }
}
