//! A collector that probes many collections: 200 means that the collection exists, 404 that it does not, and
//! anything else is an error.

use cuc_mock::CucMock;

use crate::support::Client;

#[test]
fn every_collection_returns_200_or_404() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let there = [
        "externalservices",
        "tenants",
        "users",
        "usertemplates",
        "vmsservers",
        "cluster",
        "callhandlertemplates",
        "coses",
        "distributionlists",
        "mailboxstores",
        "partitions",
        "phonesystems",
        "restrictiontables",
        "routingrules",
        "schedules",
        "schedulesets",
        "searchspaces",
        "contacts",
        "globalusers",
        "ports",
        "portgroups",
        "postgreetingrecordings",
        "smppproviders",
        "policies",
        "timezones",
    ];
    let not_there = [
        "callhandlers",
        "directoryhandlers",
        "handlers",
        "interviewhandlers",
        "locations",
        "phonetemplates",
        "languages",
        "licenses",
    ];
    for (names, status) in [(&there[..], 200), (&not_there[..], 404)] {
        for name in names {
            let path = format!("/vmrest/{name}?rowsPerPage=1");
            assert_eq!(client.get_json(&path).status, status, "{path}");
        }
    }
}
