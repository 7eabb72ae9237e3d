//! The announcement of a run.

use std::sync::atomic::AtomicBool;

use expect_test::expect;

use super::servers::{Servers, client, tenants};
use crate::{
    Release,
    appliance::drift::{Plan, Prefix, Run, WriteSettings},
};

#[test]
fn a_plan_announces_the_resources_and_the_requests() {
    let servers = Servers::start(Release::V10_5, &tenants(Release::V10_5));
    let before = servers.states();
    let interruption = AtomicBool::new(false);
    let ids = servers.objects.ids().into_iter();
    let trial = Run::of_mock(client(&servers.mock), ids, &interruption);
    let catalogue = servers.catalogue();
    let settings = WriteSettings {
        catalogue: &catalogue,
        objects: &servers.objects,
        prefix: &Prefix::default(),
        kinds: &[],
    };
    let plan = Plan::of(&settings, trial).unwrap();
    assert_eq!(servers.states(), before);
    expect![[r#"
        About 2153 requests create, change and delete objects of these resources:

          tenants, whose Alias begins with cuc-mock-drift-
          messageagingpolicies, whose DisplayName begins with cuc-mock-drift-
          authenticationrules, whose DisplayName begins with cuc-mock-drift-
          restrictiontables, whose DisplayName begins with cuc-mock-drift-
          restrictiontables/{RestrictionTableObjectId}/restrictionpatterns, below a new object
          partitions, whose Name begins with cuc-mock-drift-
          searchspaces, whose Name begins with cuc-mock-drift-
          searchspaces/{SearchSpaceObjectId}/searchspacemembers, below a new object
          phonesystems, whose DisplayName begins with cuc-mock-drift-
          phonesystems/{MediaSwitchObjectId}/axlservers, below a new object
          portgroups, whose DisplayName begins with cuc-mock-drift-
          portgroups/{MediaPortGroupObjectId}/portgroupservers, below a new object
          portgroups/{MediaPortGroupObjectId}/portgroupcodecs, below a new object
          coses, whose DisplayName begins with cuc-mock-drift-
          schedules, whose DisplayName begins with cuc-mock-drift-
          schedules/{ScheduleObjectId}/scheduledetails, below a new object
          schedulesets, whose DisplayName begins with cuc-mock-drift-
          schedulesets/{ScheduleSetObjectId}/schedulesetmembers, below a new object
          postgreetingrecordings, whose DisplayName begins with cuc-mock-drift-
          usertemplates, whose Alias begins with cuc-mock-drift-
          usertemplates/{UserTemplateObjectId}/usertemplatenotificationdevices, below a new object
          usertemplates/{UserTemplateObjectId}/usertemplatevideoserviceaccounts, below a new object
          usertemplates/{UserTemplateObjectId}/templateexternalserviceaccounts, below a new object
          users, whose Alias begins with cuc-mock-drift-
          users/{UserObjectId}/alternateextensions, below a new object
          users/{SubscriberObjectId}/mwis, below a new object
          users/{SubscriberObjectId}/notificationdevices/phonedevices, below a new object
          users/{SubscriberObjectId}/notificationdevices/pagerdevices, below a new object
          users/{SubscriberObjectId}/notificationdevices/smtpdevices, below a new object
          users/{SubscriberObjectId}/notificationdevices/htmldevices, below a new object
          users/{SubscriberObjectId}/notificationdevices/smsdevices, below a new object
          users/{SubscriberObjectId}/externalserviceaccounts, below a new object
          users/{UserObjectId}/userroles, below a new object
          users/{SubscriberObjectId}/videoserviceaccounts, below a new object
          users/{UserObjectId}/privatelists, below a new object
          users/{UserObjectId}/privatelists/{PersonalVoiceMailListObjectId}/privatelistmembers, below a new object
          contacttemplates, whose Alias begins with cuc-mock-drift-
          contacts, whose Alias begins with cuc-mock-drift-
          callhandlertemplates, whose DisplayName begins with cuc-mock-drift-
          handlers/callhandlers, whose DisplayName begins with cuc-mock-drift-
          handlers/callhandlers/{TargetHandlerObjectId}/callhandlerowners, below a new object
          handlers/directoryhandlers, whose DisplayName begins with cuc-mock-drift-
          handlers/interviewhandlers, whose DisplayName begins with cuc-mock-drift-
          distributionlists, whose Alias begins with cuc-mock-drift-
          distributionlists/{DistributionListObjectId}/distributionlistmembers, below a new object
          externalservices, whose DisplayName begins with cuc-mock-drift-

        Objects with other names are only read. If the server allows it, the new objects belong to a new tenant.
        Each new object is deleted again, also after an interruption. If this program is killed, the next run deletes
        what is left.

        No request writes these resources:

          routingrules: a new rule may take the calls of the system
          ports: they use licenses of the system, and have no names
          mailboxstores: each is a database on the disk of the system
          ldapphonenumbertransforms: there is one, and the synchronisation with LDAP uses it
          alternatenames: they belong to users of the system
          smtpproxyaddresses: they belong to users of the system
          messages: they are private
          calls: they ring telephones
    "#]].assert_eq(&plan.to_string());
}

#[test]
fn a_plan_has_only_the_chosen_kinds() {
    let servers = Servers::start(Release::V10_5, &tenants(Release::V10_5));
    let interruption = AtomicBool::new(false);
    let ids = servers.objects.ids().into_iter();
    let trial = Run::of_mock(client(&servers.mock), ids, &interruption);
    let settings = WriteSettings {
        catalogue: &servers.catalogue(),
        objects: &servers.objects,
        prefix: &"probes-".parse().unwrap(),
        kinds: &["restrictiontables".to_owned()],
    };
    let plan = Plan::of(&settings, trial).unwrap().to_string();
    let resources: Vec<_> = plan.split("\n\n").nth(1).unwrap().lines().collect();
    assert_eq!(
        resources,
        [
            "  restrictiontables, whose DisplayName begins with probes-",
            "  restrictiontables/{RestrictionTableObjectId}/restrictionpatterns, below a new object",
        ]
    );
}
