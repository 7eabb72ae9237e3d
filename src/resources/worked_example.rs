//! The worked example of `docs/architecture.md`: an invented resource and its behaviour.

use std::sync::Arc;

use expect_test::expect;

use crate::{
    engine::{
        Clock, Element, Format, Mode, RandomStream, Records, Target, crud,
        description::testing::catalogue, query::Query,
    },
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

/// Returns the description in the documentation.
fn description() -> &'static str {
    let page = include_str!("../../docs/architecture.md");
    let start = page.find("<resource path=\"pagers\"").expect("the example");
    let end = page[start..].find("```").expect("its end");
    &page[start..start + end]
}

#[test]
fn the_engine_needs_only_the_description() {
    let clock = Clock::new(Mode::default());
    let catalogue = catalogue(Release::V10_5, &[description()]);
    let pager = catalogue.resource("pagers").expect("a resource");
    let store = Store::new(Arc::clone(&catalogue));
    let ids = RandomStream::new(1, "test", "ids");
    let records = Records::new(clock, store.into(), ids);
    let create = |values| crud::create(&records, &Target::collection(pager), &elements(values), "");
    let path = create(&[("DisplayName", "Night shift"), ("Pin", "1234")]).expect("it is valid");
    expect!["/vmrest/pagers/d19ceac6-d102-44f4-907e-f1107adccbfa"].assert_eq(&path);
    let error = |values| create(values).expect_err("an error").message;
    expect!["Invalid parameter. Parameter = [DisplayName], Value = [night SHIFT]: expected a value that no other Pager has"].assert_eq(&error(&[("DisplayName", "night SHIFT")]));
    expect!["Invalid parameter. Parameter = [PagerNumber], Value = []: expected a value, it is mandatory when Kind is 2"].assert_eq(&error(&[("DisplayName", "Day shift"), ("Kind", "2")]));
    let id = path.rsplit('/').next().expect("an id");
    let shown = |format: Format| {
        let document = crud::read(&records, &Target::record(pager, id), format);
        String::from_utf8(document.expect("it is there").to_vec()).expect("UTF-8")
    };
    expect![[r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Pager><URI>/vmrest/pagers/d19ceac6-d102-44f4-907e-f1107adccbfa</URI><ObjectId>d19ceac6-d102-44f4-907e-f1107adccbfa</ObjectId><DisplayName>Night shift</DisplayName><Kind>1</Kind><Pin/><IsActive>true</IsActive></Pager>"#]].assert_eq(&shown(Format::Xml));
    expect![[r#"{"URI":"/vmrest/pagers/d19ceac6-d102-44f4-907e-f1107adccbfa","ObjectId":"d19ceac6-d102-44f4-907e-f1107adccbfa","DisplayName":"Night shift","Kind":"1","Pin":"","IsActive":"true"}"#]].assert_eq(&shown(Format::Json));
    let query = "query=(DisplayName%20startswith%20night)&sort=(Kind%20asc)";
    let query = Query::parse(pager, query).expect("a valid query");
    assert_eq!(
        crud::list(&records, &Target::collection(pager), query)
            .into_page()
            .total,
        1
    );
}
