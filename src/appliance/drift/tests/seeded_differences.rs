//! A server with other rules has exactly the differences that follow from them.

use std::{fmt::Write, fs};

use expect_test::expect;

use super::servers::{Servers, builder, client, tenants};
use crate::{
    Release,
    appliance::drift::{Comparison, CreationLog, Ignored, Results, SENT_SECRET},
};

/// Returns the description of a resource with other words.
fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn the_rules_of_another_server_are_found_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let resources = folder.path().join("resources");
    fs::create_dir(&resources).unwrap();
    let tables = changed(
        include_str!("../../../resources/restrictiontables.xml"),
        &[
            (r#"<default value="40""#, r#"<default value="30""#),
            (r#"<range min="1" max="300""#, r#"<range min="1" max="301""#),
        ],
    );
    let coses = changed(
        include_str!("../../../resources/coses.xml"),
        &[(r#"characters="64""#, r#"characters="65""#)],
    );
    let partitions = changed(
        include_str!("../../../resources/partitions.xml"),
        &[(r#"<required by="listed"/>"#, "")],
    );
    let errors = r#"<errors>
        <error rule="unique" resource="searchspaces" code="DUPLICATE" inferred="for the test"/>
        <error rule="not-found" verb="delete" resource="schedules" status="400" inferred="for the test"/>
    </errors>"#;
    for (name, text) in [
        ("restrictiontables", tables.as_str()),
        ("coses", &coses),
        ("partitions", &partitions),
        ("errors", errors),
    ] {
        fs::write(resources.join(format!("{name}.xml")), text).unwrap();
    }
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let server = builder(Release::V10_5, 2).resources(&resources);
    let server = tenants(Release::V10_5)
        .iter()
        .fold(server, |builder, path| {
            builder.fixtures(format!("{root}/{path}"))
        });
    let servers = Servers::of(builder(Release::V10_5, 1).empty(), server);
    let before = servers.states();
    let log = CreationLog::of(folder.path(), client(&servers.server).base());
    let written = servers.write(&log, |_| false);
    written.result.unwrap();
    assert_eq!(servers.states(), before);
    let comparison = Comparison {
        catalogue: &servers.catalogue(),
        ignored: &Ignored::default(),
        secrets: &[SENT_SECRET.to_owned()],
    };
    let mut results = Results::default();
    for exchange in &written.exchanges {
        results.add(comparison.compare(exchange));
    }
    let mut found = String::new();
    for finding in results.findings() {
        let place = finding.place.as_deref().unwrap_or_default();
        let (difference, count) = (finding.difference, finding.count);
        let _ = writeln!(
            found,
            "{}: {difference:?} {place} {count}\n  {}\n  {}",
            finding.request, finding.mock, finding.server
        );
        for fact in &finding.facts {
            let _ = writeln!(found, "  {fact:?}");
        }
    }
    expect![[r#"
        GET /vmrest/restrictiontables/{id} as it was created: Default MaxDigits 1
          "40"
          "30"
          Rule { resource: "restrictiontables", field: "MaxDigits", rule: Default, number: 0 }
        POST /vmrest/restrictiontables with MaxDigits below its minimum: Message  1
          Invalid parameter. Parameter = [MaxDigits], Value = [0]: expected a whole number from 1 to 300
          Invalid parameter. Parameter = [MaxDigits], Value = [0]: expected a whole number from 1 to 301
          Error { rule: Range, verb: None }
        GET /vmrest/restrictiontables?query=(DisplayName is cuc-mock-drift-22): Default MaxDigits 1
          "40"
          "30"
          Rule { resource: "restrictiontables", field: "MaxDigits", rule: Default, number: 0 }
        GET /vmrest/restrictiontables/{id} as it was updated: Default MaxDigits 1
          "40"
          "30"
          Rule { resource: "restrictiontables", field: "MaxDigits", rule: Default, number: 0 }
        PUT /vmrest/restrictiontables/{id} with MaxDigits below its minimum: Message  1
          Invalid parameter. Parameter = [MaxDigits], Value = [0]: expected a whole number from 1 to 300
          Invalid parameter. Parameter = [MaxDigits], Value = [0]: expected a whole number from 1 to 301
          Error { rule: Range, verb: None }
        PUT /vmrest/restrictiontables/{id} with MaxDigits above its maximum: Status  1
          400 DATA_EXCEPTION: Invalid parameter. Parameter = [MaxDigits], Value = [301]: expected a whole number from 1 to 300
          204
          Rule { resource: "restrictiontables", field: "MaxDigits", rule: Range, number: 0 }
          Protocol("A missing field, an invalid value: 400")
        POST /vmrest/partitions without Name: Status  1
          400 DATA_EXCEPTION: Invalid parameter. Parameter = [Name], Value = []: expected a value, it is mandatory
          201
          Rule { resource: "partitions", field: "Name", rule: Required, number: 0 }
        PUT /vmrest/partitions/{id} with an empty Name: Status  1
          400 DATA_EXCEPTION: Invalid parameter. Parameter = [Name], Value = []: expected a value, it is mandatory
          204
          Rule { resource: "partitions", field: "Name", rule: Required, number: 0 }
        POST /vmrest/searchspaces with the Name of another object: Code  1
          DATA_EXCEPTION
          DUPLICATE
          Error { rule: Unique, verb: None }
        POST /vmrest/coses with DisplayName that is too long: Status  1
          400 DATA_EXCEPTION: Invalid parameter. Parameter = [DisplayName], Value = [cuc-mock-drift-77777777777777777777777777777777777777777777777777]: expected at most 64 characters
          201
          Rule { resource: "coses", field: "DisplayName", rule: MaxLength, number: 0 }
          Protocol("A missing field, an invalid value: 400")
        PUT /vmrest/coses/{id} with DisplayName that is too long: Status  1
          400 DATA_EXCEPTION: Invalid parameter. Parameter = [DisplayName], Value = [cuc-mock-drift-77777777777777777777777777777777777777777777777777]: expected at most 64 characters
          204
          Rule { resource: "coses", field: "DisplayName", rule: MaxLength, number: 0 }
          Protocol("A missing field, an invalid value: 400")
        DELETE /vmrest/schedules/{id} once more: Status  1
          404 NOT_FOUND: schedule - ObjectId=cc0c0000-0000-4000-8000-000000000081
          400 NOT_FOUND: schedule - ObjectId=cc0c0000-0000-4000-8000-000000000081
          Protocol("Read or delete of a missing object: 404")
          Error { rule: NotFound, verb: None }
    "#]].assert_eq(&found);
}
