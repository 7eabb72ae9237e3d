//! Queries on an invented pair of resources: menus and their dishes.

use std::sync::Arc;

use expect_test::{Expect, expect};

use super::{
    MAX_EXAMINED, Query,
    filter::{Clause, Predicate},
    parse::Grammar,
};
use crate::{
    engine::description::testing::catalogue,
    schema::{Catalogue, Release, Resource},
    store::{Record, Store, Values, fold},
};

const MENU: &str = r#"<resource path="menus" list="Menus" element="Menu">
    <uri documented="test"/>
    <object-id documented="test"/>
</resource>"#;

const DISH: &str = r#"<resource path="dishes" list="Dishes" element="Dish">
    <evidence id="test" documented="test"/>
    <uri by="test"/>
    <object-id by="test"/>
    <guid name="MenuObjectId" by="test"><references resource="menus" on-delete="cascade" by="test"/></guid>
    <text name="Name" by="test"><unique by="test"/></text>
    <integer name="Price" by="test"/>
    <boolean name="IsVegan" by="test"/>
    <text name="Note" by="test"/>
    <text name="Recipe" by="test" access="secret"/>
    <text name="Origin" by="test" since="11.5"/>
    <link name="OrderURI" ending="/order" by="test" when="IsVegan is true"/>
</resource>"#;

fn menus(release: Release) -> Arc<Catalogue> {
    catalogue(release, &[MENU, DISH])
}

fn dish(catalogue: &Catalogue) -> &Resource {
    catalogue.resource("dishes").expect("a resource")
}

const LUNCH: &str = "aaaaaaaa-0000-4000-8000-000000000000";
const DINNER: &str = "bbbbbbbb-0000-4000-8000-000000000000";

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-00000000000{number}")
}

/// Returns five dishes, of which the last has only a name.
fn dishes(release: Release) -> Store {
    let dishes: [&[(&str, &str)]; 5] = [
        &[
            ("MenuObjectId", LUNCH),
            ("Name", "Pea & Mint (cold)"),
            ("Price", "9"),
            ("IsVegan", "true"),
        ],
        &[
            ("MenuObjectId", DINNER),
            ("Name", "pear"),
            ("Price", "10"),
            ("IsVegan", "false"),
            ("Note", ""),
        ],
        &[
            ("MenuObjectId", LUNCH),
            ("Name", "Is ASC"),
            ("Price", "-1"),
            ("Recipe", "peas"),
            ("Note", r"a\b"),
        ],
        &[
            ("MenuObjectId", DINNER),
            ("Name", "Äpfel"),
            ("Price", "10"),
            ("Origin", "Alto Adige"),
        ],
        &[("Name", "7\"")],
    ];
    let catalogue = menus(release);
    let resource = dish(&catalogue);
    let mut store = Store::new(Arc::clone(&catalogue));
    for (number, dish) in dishes.iter().enumerate() {
        let id = id(number);
        // A release lacks some of the fields.
        let named = |(name, value): &(&str, _)| Some((resource.position(name)?, *value));
        let values = dish.iter().filter_map(named);
        let values: Vec<_> = values.chain(resource.key.map(|key| (key, &*id))).collect();
        let values = Values::some(resource.fields.len(), &values);
        let collection = store.collection_mut(resource.id);
        collection.insert(Arc::new(Record::new(values)));
    }
    store
}

fn encoded(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

/// Returns the total, and the numbers of the dishes on the page.
#[track_caller]
fn run(release: Release, parameters: &[(&str, &str)]) -> (usize, Vec<usize>) {
    let store = Arc::new(dishes(release));
    let resource = dish(store.catalogue());
    let query = Query::parse(resource, &encoded(parameters)).expect("a valid query");
    let page = query.run(Arc::clone(&store));
    let number = |id: &str| id[35..].parse().expect("a number");
    let ids = page.from(0).map(|record| record.values.get(resource.key?));
    (page.total, ids.flatten().map(number).collect())
}

#[track_caller]
fn finds(query: &str, expected: &[usize]) {
    let answer = run(Release::V11_5, &[("query", query)]);
    assert_eq!(answer, (expected.len(), expected.to_vec()), "{query}");
}

#[track_caller]
fn sorts(sort: &str, expected: &[usize]) {
    let answer = run(Release::V11_5, &[("sort", sort)]);
    assert_eq!(answer, (5, expected.to_vec()), "{sort}");
}

/// Lists the errors for these invalid values of a parameter.
fn errors(release: Release, parameter: &str, values: &[&str]) -> String {
    let catalogue = menus(release);
    let refused = |value: &&str| {
        let error = Query::parse(dish(&catalogue), &encoded(&[(parameter, value)]));
        let message = error.expect_err(value).message;
        format!("{value}\n    {message}\n")
    };
    values.iter().map(refused).collect()
}

#[track_caller]
fn assert_errors(release: Release, parameter: &str, values: &[&str], expected: &Expect) {
    expected.assert_eq(&errors(release, parameter, values));
}

#[test]
fn a_text_is_compared_whole_or_by_its_prefix_without_regard_to_case() {
    finds("(Name is PEAR)", &[1]);
    finds("(name IS äPFEL)", &[3]);
    finds("(Name is pea)", &[]);
    finds("(Name startswith pea)", &[0, 1]);
    finds("(NAME StartsWith )", &[0, 1, 2, 3, 4]);
    finds("(Note startswith A)", &[2]);
}

#[test]
fn white_space_is_allowed_around_everything_and_the_last_parenthesis_is_optional() {
    finds("\u{3000} (\t Name\n is \u{a0} pear \r\n) \u{2003}", &[1]);
    finds("(Name is pear", &[1]);
    finds(" ( Name is pear ", &[1]);
    finds("( Price is 10 & IsVegan is 0 )", &[1]);
    finds("(Note isnull\t)\n", &[0, 3, 4]);
    finds("(Note isnotnull  ", &[1, 2]);
}

#[test]
fn a_value_contains_any_character_with_ampersands_escaped() {
    finds(r"(Name is Pea \& Mint (cold))", &[0]);
    finds(r"(Name is Pea \& Mint (cold)&Price is 9)", &[0]);
    finds("(Name is is asc)", &[2]);
    finds("(Name is 7\")", &[4]);
    finds(r"(Note is A\B)", &[2]);
    finds(r"(Note startswith a\)", &[2]);
    finds(r"(Note startswith a\ & Price is -1)", &[2]);
}

#[test]
fn an_empty_value_matches_an_empty_element_and_a_secret() {
    finds("(Note is )", &[1]);
    finds("(Note is  &Price is 10)", &[1]);
    finds("(Recipe is )", &[2]);
    finds("(Recipe is peas)", &[]);
    finds("(Recipe isnotnull)", &[2]);
}

#[test]
fn a_value_is_read_as_the_kind_of_its_column_and_otherwise_matches_nothing() {
    finds("(IsVegan is 1)", &[0]);
    finds("(IsVegan is False)", &[1]);
    finds("(IsVegan is maybe)", &[]);
    finds("(Price is +010)", &[1, 3]);
    finds("(Price is )", &[]);
    finds("(Price is 99999999999)", &[]);
    finds("(Price startswith 1)", &[1, 3]);
    finds("(ObjectId is Bogus)", &[]);
    finds(
        &format!("(MenuObjectId is {})", LUNCH.to_uppercase()),
        &[0, 2],
    );
    finds("(MenuObjectId startswith BB)", &[1, 3]);
}

#[test]
fn a_link_is_compared_with_its_path_if_it_is_shown() {
    finds(
        &format!("(OrderURI is /VMREST/dishes/{}/order)", id(0)),
        &[0],
    );
    finds(
        &format!("(OrderURI is /vmrest/dishes/{}/order)", id(1)),
        &[],
    );
    finds(&format!("(URI is /vmrest/dishes/{})", id(4)), &[4]);
    finds("(OrderURI isnull)", &[1, 2, 3, 4]);
}

#[test]
fn up_to_five_clauses_must_all_match_whichever_is_indexed() {
    finds("(Price is 10&Name startswith p)", &[1]);
    finds("(Name startswith p & IsVegan is 1)", &[0]);
    finds("(Name startswith p & Price is ten)", &[]);
    let all = format!(
        "(Name startswith p&MenuObjectId is {LUNCH}&Price is 9&IsVegan is true&Note isnull)"
    );
    finds(&all, &[0]);
    finds("(Name is pear&Name is Äpfel)", &[]);
}

#[test]
fn a_sort_is_by_number_or_folded_text_and_is_stable() {
    sorts("(Price asc)", &[4, 2, 0, 1, 3]);
    sorts("(price DESC)", &[1, 3, 0, 2, 4]);
    sorts("(Name Asc)", &[4, 2, 0, 1, 3]);
    sorts("( Name desc ", &[3, 1, 0, 2, 4]);
    sorts("(MenuObjectId asc)", &[4, 0, 2, 1, 3]);
    sorts("(MenuObjectId desc)", &[1, 3, 0, 2, 4]);
    sorts("(IsVegan asc)", &[2, 3, 4, 1, 0]);
    sorts("(Recipe desc)", &[2, 0, 1, 3, 4]);
    sorts("(OrderURI asc)", &[1, 2, 3, 4, 0]);
}

#[test]
fn a_page_is_cut_from_the_sorted_result() {
    let page = |parameters: &[_]| run(Release::V11_5, parameters);
    let priced = ("query", "(Price isnotnull)");
    let cheapest = ("sort", "(Price asc)");
    assert_eq!(
        page(&[priced, cheapest, ("rowsPerPage", "2")]),
        (4, vec![2, 0])
    );
    let second = ("pageNumber", "2");
    assert_eq!(
        page(&[priced, cheapest, ("rowsPerPage", "3"), second]),
        (4, vec![3])
    );
    assert_eq!(
        page(&[("sort", "(Name desc)"), ("rowsPerPage", "2"), second]),
        (5, vec![0, 2])
    );
    assert_eq!(page(&[("rowsPerPage", "3"), second]), (5, vec![3, 4]));
    assert_eq!(page(&[priced, second]), (4, vec![]));
    assert_eq!(page(&[priced, ("rowsPerPage", "0")]), (4, vec![]));
    assert_eq!(page(&[priced, cheapest, ("pageNumber", "0")]), (4, vec![]));
    let far = ("pageNumber", "99999999999999999999999");
    assert_eq!(
        page(&[far, ("rowsPerPage", "99999999999999999999999")]),
        (5, vec![])
    );
}

#[test]
fn the_first_of_repeated_parameters_counts_and_unknown_ones_are_ignored() {
    let (total, found) = run(
        Release::V11_5,
        &[
            ("Query", "ignored"),
            ("query", "(Price is 10)"),
            ("query", "not read"),
            ("sort", "(Name desc)"),
            ("sort", ""),
            ("rowsPerPage", "1"),
            ("rowsPerPage", "none"),
            ("limit", "0"),
        ],
    );
    assert_eq!((total, found), (2, vec![3]));
}

#[test]
fn the_error_for_an_invalid_query_gives_its_place_and_the_expected_input() {
    let six = "(Name is a&Name is b&Name is c&Name is d&Name is e&Name is f)";
    let long = format!("({} is x)", "ä".repeat(101));
    let malformed = [
        ")",
        "bogus",
        "(",
        "()",
        "((Name is x))",
        "(bogus)",
        "(blah is blah)",
        "(Name)",
        "(Name",
        "(Name = x)",
        "(Name equals x)",
        "(Name is)",
        "(Name is",
        "(Name is\"x\")",
        "(Name is&Note is x)",
        "(Note isnull x)",
        "(Note isnull))",
        "(Name is x&)",
        "(Name is x) & (Note is y)",
        "( Ñame is x & Nöte is y)",
        "(Name is äöü & Nöte is y)",
        "(Name is x&&Note is y)",
        six,
        &long,
    ];
    assert_errors(
        Release::V11_5,
        "query",
        &malformed,
        &expect![[r#"
            )
                query: at character 1: found ")", expected (
            bogus
                query: at character 1: found "bogus", expected (
            (
                query: at character 2: found the end, expected a column of Dish
            ()
                query: at character 2: found ")", expected a column of Dish
            ((Name is x))
                query: at character 2: found "(", expected a column of Dish
            (bogus)
                query: at character 2: found "bogus", expected a column of Dish
            (blah is blah)
                query: at character 2: found "blah", expected a column of Dish
            (Name)
                query: at character 6: found ")", expected is, startswith, isnull or isnotnull
            (Name
                query: at character 6: found the end, expected is, startswith, isnull or isnotnull
            (Name = x)
                query: at character 7: found "=", expected is, startswith, isnull or isnotnull
            (Name equals x)
                query: at character 7: found "equals", expected is, startswith, isnull or isnotnull
            (Name is)
                query: at character 9: found ")", expected a blank and a value
            (Name is
                query: at character 9: found the end, expected a blank and a value
            (Name is"x")
                query: at character 9: found "\"", expected a blank and a value
            (Name is&Note is x)
                query: at character 9: found "&", expected a blank and a value
            (Note isnull x)
                query: at character 14: found "x", expected & or the last )
            (Note isnull))
                query: at character 13: found ")", expected & or the last )
            (Name is x&)
                query: at character 12: found ")", expected a column of Dish
            (Name is x) & (Note is y)
                query: at character 15: found "(", expected a column of Dish
            ( Ñame is x & Nöte is y)
                query: at character 3: found "Ñame", expected a column of Dish
            (Name is äöü & Nöte is y)
                query: at character 16: found "Nöte", expected a column of Dish
            (Name is x&&Note is y)
                query: at character 12: found "&", expected a column of Dish
            (Name is a&Name is b&Name is c&Name is d&Name is e&Name is f)
                query: at character 51: found "&", expected the last ) after 5 clauses at most
            (äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää is x)
                query: at character 2: found "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää…", expected a column of Dish
        "#]],
    );
}

#[test]
fn operators_and_columns_of_a_later_release_are_rejected_before_it() {
    let later = ["(Note isnull)", "(Note IsNotNull)", "(Origin is x)"];
    assert_errors(
        Release::V10_5,
        "query",
        &later,
        &expect![[r#"
            (Note isnull)
                query: at character 7: found "isnull", expected is or startswith, from 11.5 on also isnull or isnotnull
            (Note IsNotNull)
                query: at character 7: found "IsNotNull", expected is or startswith, from 11.5 on also isnull or isnotnull
            (Origin is x)
                query: at character 2: found "Origin", expected a column of Dish
        "#]],
    );
    finds("(Origin is Alto Adige)", &[3]);
}

#[test]
fn the_error_for_an_invalid_sort_gives_its_place_and_the_expected_input() {
    let malformed = [
        "Name",
        "()",
        "(bogus asc)",
        "(Name)",
        "(Name ascending)",
        "(Name asc desc)",
        "(Name asc, Price desc)",
        "(Name asc))",
    ];
    assert_errors(
        Release::V11_5,
        "sort",
        &malformed,
        &expect![[r#"
            Name
                sort: at character 1: found "Name", expected (
            ()
                sort: at character 2: found ")", expected a column of Dish
            (bogus asc)
                sort: at character 2: found "bogus", expected a column of Dish
            (Name)
                sort: at character 6: found ")", expected asc or desc
            (Name ascending)
                sort: at character 7: found "ascending", expected asc or desc
            (Name asc desc)
                sort: at character 11: found "desc", expected the last )
            (Name asc, Price desc)
                sort: at character 10: found ",", expected the last )
            (Name asc))
                sort: at character 10: found ")", expected the last )
        "#]],
    );
}

#[test]
fn a_page_that_is_not_a_number_is_rejected() {
    let malformed = ["-1", "1.5", "many", "١"];
    assert_errors(
        Release::V11_5,
        "pageNumber",
        &malformed,
        &expect![[r#"
            -1
                pageNumber: found "-1", expected a whole number from 0
            1.5
                pageNumber: found "1.5", expected a whole number from 0
            many
                pageNumber: found "many", expected a whole number from 0
            ١
                pageNumber: found "١", expected a whole number from 0
        "#]],
    );
}

/// An endless random stream, the same for each seed (SplitMix64).
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % limit as u64).expect("below a usize")
    }

    fn one_of<'p>(&mut self, pieces: &[&'p str]) -> &'p str {
        pieces[self.below(pieces.len())]
    }

    fn several(&mut self, max: usize, pieces: &[&str]) -> String {
        (0..self.below(max + 1))
            .map(|_| self.one_of(pieces))
            .collect()
    }
}

const PIECES: &[&str] = &[
    "(",
    ")",
    "&",
    "\\",
    "\\&",
    " ",
    "\t",
    "\u{a0}",
    "\u{3000}",
    "is",
    "IS",
    "startswith",
    "isnull",
    "isnotnull",
    "asc",
    "desc",
    "Name",
    "name",
    "Price",
    "IsVegan",
    "Recipe",
    "OrderURI",
    "Origin",
    "bogus",
    "(Name is ",
    "1",
    "true",
    "-",
    "\"",
    "'",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "é",
    "e\u{301}",
    "İ",
    "ß",
    "ﬁ",
    "🦀",
    "\u{10ffff}",
    "%26",
    "+",
    "_",
];

const BLANKS: &[&str] = &[" ", "\t", "\n", "\u{a0}", "\u{3000}"];

#[test]
fn no_text_makes_the_parser_panic() {
    let mut draws = Draws(1);
    let mut valid = 0;
    let catalogues = [Release::V10_5, Release::V11_5].map(menus);
    for round in 0..200_000 {
        let grammar = Grammar {
            resource: dish(&catalogues[round % 2]),
        };
        let text = draws.several(12, PIECES);
        let query = grammar.query(&text);
        let sort = grammar.sort(&text);
        valid += usize::from(query.is_ok()) + usize::from(sort.is_ok());
        for error in [query.err(), sort.err()].into_iter().flatten() {
            assert!(error.message.contains("expected "), "{text:?}");
        }
    }
    assert!(valid > 1_000, "only {valid} texts were valid");
}

/// Returns a clause, and one of the ways to write it.
fn clause(resource: &Resource, draws: &mut Draws) -> (Clause, String) {
    const VALUES: &[&str] = &[
        "is",
        "asc",
        "startswith",
        "(",
        ")",
        "\\",
        "&",
        "\"",
        "x",
        "Ä",
        "1",
        "true",
        " ",
        "🦀",
        "%26",
        "isnull",
    ];
    let position = draws.below(resource.fields.len());
    let name = &*resource.fields[position].name;
    let name = draws
        .one_of(&[name, &name.to_uppercase(), &name.to_lowercase()])
        .to_owned();
    let value = draws.several(6, VALUES).trim().to_owned();
    let (operator, predicate) = match draws.below(4) {
        0 => ("Is", Predicate::is(&resource.fields[position], &value)),
        1 => (
            "startsWith",
            Predicate::StartsWith(fold(&value).into_owned()),
        ),
        2 => ("isNull", Predicate::IsNull),
        _ => ("ISNOTNULL", Predicate::IsNotNull),
    };
    let mut blank = || draws.one_of(BLANKS);
    let mut written = format!("{}{name}{}{operator}", blank(), blank());
    if matches!(predicate, Predicate::Is(_) | Predicate::StartsWith(_)) {
        written += &format!("{}{}", blank(), value.replace('&', r"\&"));
    }
    written += blank();
    (
        Clause {
            position,
            predicate,
        },
        written,
    )
}

#[test]
fn a_query_written_by_the_grammar_is_parsed_to_the_same_clauses() {
    let catalogue = menus(Release::V11_5);
    let grammar = Grammar {
        resource: dish(&catalogue),
    };
    let mut draws = Draws(2);
    for _ in 0..10_000 {
        let count = 1 + draws.below(5);
        let (expected, written): (Vec<_>, Vec<_>) = (0..count)
            .map(|_| clause(grammar.resource, &mut draws))
            .unzip();
        let text = format!(
            "{}({}){}",
            draws.one_of(BLANKS),
            written.join("&"),
            draws.one_of(BLANKS)
        );
        let read = grammar.query(&text).map_err(|error| error.message);
        assert_eq!(read.as_ref(), Ok(&expected), "{text:?}");
    }
}

#[test]
fn a_long_text_is_parsed_completely_or_rejected_at_a_known_character() {
    let catalogue = menus(Release::V11_5);
    let grammar = Grammar {
        resource: dish(&catalogue),
    };
    let mut results = String::new();
    for piece in [
        "\\",
        "\\&",
        "&",
        "(",
        ")",
        " ",
        "a",
        "Name is x&",
        "\u{3000}",
    ] {
        let text = piece.repeat(200_000);
        let clauses = |text: &str| match grammar.query(text) {
            Ok(clauses) => format!("clauses: {}", clauses.len()),
            Err(error) => error.message,
        };
        let order = grammar.sort(&text).map(drop).map_err(|error| error.message);
        results.push_str(&format!("{piece:?}\n    {}\n", clauses(&text)));
        results.push_str(&format!("    {}\n", order.expect_err("no sort order")));
        results.push_str(&format!("    {}\n", clauses(&format!("(Name is {text}"))));
        results.push_str(&format!("    {}\n", clauses(&format!("(Name {text}"))));
    }
    expect![[r#"
        "\\"
            query: at character 1: found "\\", expected (
            sort: at character 1: found "\\", expected (
            clauses: 1
            query: at character 7: found "\\", expected is, startswith, isnull or isnotnull
        "\\&"
            query: at character 1: found "\\", expected (
            sort: at character 1: found "\\", expected (
            clauses: 1
            query: at character 7: found "\\", expected is, startswith, isnull or isnotnull
        "&"
            query: at character 1: found "&", expected (
            sort: at character 1: found "&", expected (
            query: at character 11: found "&", expected a column of Dish
            query: at character 7: found "&", expected is, startswith, isnull or isnotnull
        "("
            query: at character 2: found "(", expected a column of Dish
            sort: at character 2: found "(", expected a column of Dish
            clauses: 1
            query: at character 7: found "(", expected is, startswith, isnull or isnotnull
        ")"
            query: at character 1: found ")", expected (
            sort: at character 1: found ")", expected (
            clauses: 1
            query: at character 7: found ")", expected is, startswith, isnull or isnotnull
        " "
            query: at character 200001: found the end, expected (
            sort: at character 200001: found the end, expected (
            clauses: 1
            query: at character 200007: found the end, expected is, startswith, isnull or isnotnull
        "a"
            query: at character 1: found "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…", expected (
            sort: at character 1: found "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…", expected (
            clauses: 1
            query: at character 7: found "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…", expected is, startswith, isnull or isnotnull
        "Name is x&"
            query: at character 1: found "Name", expected (
            sort: at character 1: found "Name", expected (
            query: at character 59: found "&", expected the last ) after 5 clauses at most
            query: at character 7: found "Name", expected is, startswith, isnull or isnotnull
        "\u{3000}"
            query: at character 200001: found the end, expected (
            sort: at character 200001: found the end, expected (
            clauses: 1
            query: at character 200007: found the end, expected is, startswith, isnull or isnotnull
    "#]].assert_eq(&results);
}

#[test]
fn a_query_is_long_if_it_examines_many_records_that_no_index_selects() {
    let catalogue = menus(Release::V10_5);
    let resource = dish(&catalogue);
    let mut store = Store::new(Arc::clone(&catalogue));
    let position = |name| resource.position(name).expect("a field");
    let (menu, name, price) = (
        position("MenuObjectId"),
        position("Name"),
        position("Price"),
    );
    for number in 0..=MAX_EXAMINED {
        let menu_id = if number < 3 { LUNCH } else { DINNER };
        let text = format!("Soup {number:04}");
        let values = [(menu, menu_id), (name, &text), (price, "1")];
        let values = Values::some(resource.fields.len(), &values);
        let dishes = store.collection_mut(resource.id);
        dishes.insert(Arc::new(Record::new(values)));
    }
    let is_long = |query: &str, sort: &str| {
        let encoded = encoded(&[("query", query), ("sort", sort)]);
        let query = Query::parse(resource, &encoded).expect("a valid query");
        query.is_long(&store)
    };
    for (query, sort, expected) in [
        ("", "", false),
        ("", "(Name desc)", false),
        ("", "(Price asc)", true),
        ("(Price is 1)", "", true),
        ("(Price is many)", "", false),
        ("(Name is soup 0007)", "", false),
        ("(Name startswith soup 00)", "(Price asc)", false),
        ("(Name startswith soup)", "", true),
        (&format!("(MenuObjectId is {LUNCH})"), "", false),
        (&format!("(MenuObjectId is {DINNER})"), "", false),
        (
            &format!("(MenuObjectId startswith {})", &DINNER[..4]),
            "",
            false,
        ),
    ] {
        assert_eq!(is_long(query, sort), expected, "{query} {sort}");
    }
}
