//! The resources, one description per kind of object, and the embedded seed.

mod behaviours;
mod catalogue;
mod drop_in;
#[cfg(test)]
mod every_resource;
#[cfg(any(test, feature = "appliance"))]
pub(crate) mod fidelity;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod references;
mod seed;
mod sign_in;
#[cfg(test)]
mod worked_example;
mod writable_fields;

use std::sync::{Arc, LazyLock};

use crate::{
    engine::{description, load::Fixture},
    schema::{Description, Release, Source},
};

pub(crate) use behaviours::BEHAVIOURS;
#[cfg(feature = "appliance")]
pub(crate) use behaviours::digits;
pub(crate) use catalogue::{
    CatalogueFiles, SeedFiles, ServedResources, compile_catalogue, embedded_catalogue, is_embedded,
};
#[cfg(feature = "cli")]
pub(crate) use seed::OMISSION;
#[cfg(feature = "appliance")]
pub(crate) use seed::embedded_store;
pub(crate) use seed::{
    AcceptedSeed, accepted_seed, deferred_seed, empty_resources, seed_clock, separate_resources,
};

pub(crate) use sign_in::can_sign_in;
pub(crate) use writable_fields::writable_fields;

/// The descriptions of all resources. Those whose first record is a default of others precede them, and tenants come last, so
/// that the objects of the system are the first ones in each list.
const DESCRIPTIONS: &[&str] = &[
    include_str!("locations/connectionlocations.xml"),
    include_str!("mailboxstores.xml"),
    include_str!("messageagingpolicies.xml"),
    include_str!("messageagingpolicies/messageagingrules.xml"),
    include_str!("messageagingtexts.xml"),
    include_str!("mailboxquotatexts.xml"),
    include_str!("messageexpirations.xml"),
    include_str!("authenticationrules.xml"),
    include_str!("installedlanguages.xml"),
    include_str!("timezones.xml"),
    include_str!("roles.xml"),
    include_str!("privileges.xml"),
    include_str!("notificationtemplates.xml"),
    include_str!("locations/locallocation.xml"),
    include_str!("languagemap.xml"),
    include_str!("userlicenses.xml"),
    include_str!("licensestatuscounts.xml"),
    include_str!("smartlicense/transportsettings.xml"),
    include_str!("configurationvalues.xml"),
    include_str!("generalconfigurations.xml"),
    include_str!("ldapphonenumbertransforms.xml"),
    include_str!("authz/server.xml"),
    include_str!("subjectlineformats.xml"),
    include_str!("subject-line-parameters.xml"),
    include_str!("waveformats.xml"),
    include_str!("rtpcodecdefs.xml"),
    include_str!("portgrouptemplates.xml"),
    include_str!("smppproviders.xml"),
    include_str!("restrictiontables.xml"),
    include_str!("restrictiontables/restrictionpatterns.xml"),
    include_str!("partitions.xml"),
    include_str!("searchspaces.xml"),
    include_str!("searchspaces/searchspacemembers.xml"),
    include_str!("phonesystems.xml"),
    include_str!("phonesystems/axlservers.xml"),
    include_str!("phonesystems/phonesystemassociations.xml"),
    include_str!("portgroups.xml"),
    include_str!("portgroups/portgroupservers.xml"),
    include_str!("portgroups/portgroupcodecs.xml"),
    include_str!("ports.xml"),
    include_str!("coses.xml"),
    include_str!("schedules.xml"),
    include_str!("schedules/scheduledetails.xml"),
    include_str!("schedulesets.xml"),
    include_str!("schedulesets/schedulesetmembers.xml"),
    include_str!("postgreetingrecordings.xml"),
    include_str!("postgreetingrecordings/postgreetingrecordingstreamfiles.xml"),
    include_str!("callhandlerprimarytemplates.xml"),
    include_str!("callhandlerprimarytemplates/usertemplategreetings.xml"),
    include_str!("callhandlerprimarytemplates/transferoptions.xml"),
    include_str!("callhandlerprimarytemplates/menuentries.xml"),
    include_str!("usertemplates.xml"),
    include_str!("usertemplates/usertemplatenotificationdevices.xml"),
    include_str!("usertemplates/usertemplatevideoserviceaccounts.xml"),
    include_str!("usertemplates/templateexternalserviceaccounts.xml"),
    include_str!("usertemplates/credential/pin.xml"),
    include_str!("usertemplates/credential/password.xml"),
    include_str!("users.xml"),
    include_str!("globalusers.xml"),
    include_str!("users/alternateextensions.xml"),
    include_str!("users/credential/pin.xml"),
    include_str!("users/credential/password.xml"),
    include_str!("users/mailboxattributes.xml"),
    include_str!("users/mwis.xml"),
    include_str!("users/messagehandlers.xml"),
    include_str!("users/notificationdevices.xml"),
    include_str!("users/notificationdevices/phonedevices.xml"),
    include_str!("users/notificationdevices/pagerdevices.xml"),
    include_str!("users/notificationdevices/smtpdevices.xml"),
    include_str!("users/notificationdevices/htmldevices.xml"),
    include_str!("users/notificationdevices/smsdevices.xml"),
    include_str!("users/externalserviceaccounts.xml"),
    include_str!("users/userroles.xml"),
    include_str!("users/videoserviceaccounts.xml"),
    include_str!("policies.xml"),
    include_str!("subscriberdependencies.xml"),
    include_str!("setDefaultSenderName.xml"),
    include_str!("users/privatelists.xml"),
    include_str!("users/privatelists/privatelistmembers.xml"),
    include_str!("contacttemplates.xml"),
    include_str!("contacts.xml"),
    include_str!("import/users/ldap.xml"),
    include_str!("messages.xml"),
    include_str!("messages/recipients.xml"),
    include_str!("messages/attachments.xml"),
    include_str!("calls.xml"),
    include_str!("callhandlertemplates.xml"),
    include_str!("callhandlertemplates/templategreetings.xml"),
    include_str!("callhandlertemplates/templatetransferoptions.xml"),
    include_str!("callhandlertemplates/templatemenuentries.xml"),
    include_str!("handlers/callhandlers.xml"),
    include_str!("handlers/callhandlers/greetings.xml"),
    include_str!("handlers/callhandlers/greetings/greetingstreamfiles.xml"),
    include_str!("handlers/callhandlers/transferoptions.xml"),
    include_str!("handlers/callhandlers/menuentries.xml"),
    include_str!("handlers/callhandlers/callhandlerowners.xml"),
    include_str!("handlers/directoryhandlers.xml"),
    include_str!("handlers/directoryhandlers/directoryhandlerstreamfiles.xml"),
    include_str!("handlers/interviewhandlers.xml"),
    include_str!("handlers/interviewhandlers/interviewquestions.xml"),
    include_str!("routingrules.xml"),
    include_str!("routingrules/routingruleconditions.xml"),
    include_str!("distributionlists.xml"),
    include_str!("distributionlists/distributionlistmembers.xml"),
    include_str!("voicefiles.xml"),
    include_str!("smtpproxyaddresses.xml"),
    include_str!("alternatenames.xml"),
    include_str!("tenants.xml"),
    include_str!("tenants/coses.xml"),
    include_str!("tenants/partitions.xml"),
    include_str!("tenants/phonesystems.xml"),
    include_str!("tenants/schedulesets.xml"),
    include_str!("externalservices.xml"),
    include_str!("vmsservers.xml"),
    include_str!("cluster.xml"),
];

/// Returns the embedded descriptions, each of which is read at its first use.
pub(crate) fn embedded_sources() -> impl Iterator<Item = &'static Arc<Source>> {
    static SOURCES: LazyLock<Box<[Arc<Source>]>> = LazyLock::new(|| {
        let texts = DESCRIPTIONS.iter();
        let sources = texts.map(|text| Source::deferred(read_outline(text), text, read));
        sources.map(Arc::new).collect()
    });
    SOURCES.iter()
}

/// Returns the embedded descriptions.
pub(crate) fn embedded_descriptions() -> impl Iterator<Item = &'static Description> {
    embedded_sources().map(|source| source.complete())
}

/// Returns the path and the text of each embedded description.
#[cfg(any(feature = "manual", feature = "appliance"))]
pub(crate) fn embedded_texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let paths = embedded_descriptions().map(|description| &*description.path);
    paths.zip(DESCRIPTIONS.iter().copied())
}

fn read_outline(text: &str) -> Description {
    let outline = description::read_outline(text);
    outline.expect("the tests read and check the embedded descriptions")
}

fn read(text: &str) -> Description {
    let description = description::read(text.as_bytes());
    description.expect("the tests read and check the embedded descriptions")
}

/// Returns the embedded services and tenants, in the shape of `release`.
pub(crate) fn embedded_seed(release: Release) -> Vec<Fixture> {
    let tenants = include_bytes!("../../fixtures/tenants.xml");
    let services: &[u8] = if release < Release::V11_5 {
        include_bytes!("../../fixtures/externalservices.xml")
    } else {
        include_bytes!("../../fixtures/11.5/externalservices.xml")
    };
    vec![
        Fixture::embedded("tenants.xml", tenants),
        Fixture::embedded("externalservices.xml", services),
    ]
}

/// Returns the name and the content of a file with records that every system has.
macro_rules! system_file {
    ($name:literal) => {
        system_file!("system/", $name)
    };
    ($folder:literal, $name:literal) => {
        (
            concat!("system/", $name),
            include_bytes!(concat!("../../fixtures/", $folder, $name)),
        )
    };
}

/// The records that every system has: the name and the content of each file.
const SYSTEM: &[(&str, &[u8])] = &[
    system_file!("locations/connectionlocations.xml"),
    system_file!("mailboxstores.xml"),
    system_file!("messageagingpolicies.xml"),
    system_file!("messageagingtexts.xml"),
    system_file!("mailboxquotatexts.xml"),
    system_file!("messageexpirations.xml"),
    system_file!("authenticationrules.xml"),
    system_file!("installedlanguages.xml"),
    system_file!("timezones.xml"),
    system_file!("roles.xml"),
    system_file!("privileges.xml"),
    system_file!("languagemap.xml"),
    system_file!("configurationvalues.xml"),
    system_file!("generalconfigurations.xml"),
    system_file!("subjectlineformats.xml"),
    system_file!("subject-line-parameters.xml"),
    system_file!("notificationtemplates.xml"),
    system_file!("waveformats.xml"),
    system_file!("rtpcodecdefs.xml"),
    system_file!("portgrouptemplates.xml"),
    system_file!("restrictiontables.xml"),
    system_file!("restrictiontables/restrictionpatterns.xml"),
    system_file!("partitions.xml"),
    system_file!("searchspaces.xml"),
    system_file!("searchspaces/searchspacemembers.xml"),
    system_file!("phonesystems.xml"),
    system_file!("coses.xml"),
    system_file!("schedules.xml"),
    system_file!("schedules/scheduledetails.xml"),
    system_file!("schedulesets.xml"),
    system_file!("schedulesets/schedulesetmembers.xml"),
    system_file!("usertemplates.xml"),
    system_file!("users.xml"),
    system_file!("users/userroles.xml"),
    system_file!("contacttemplates.xml"),
    system_file!("callhandlertemplates.xml"),
    system_file!("callhandlertemplates/templatemenuentries.xml"),
    system_file!("handlers/callhandlers.xml"),
    system_file!("handlers/callhandlers/greetings.xml"),
    system_file!("handlers/callhandlers/greetings/greetingstreamfiles.xml"),
    system_file!("handlers/directoryhandlers.xml"),
    system_file!("routingrules.xml"),
    system_file!("distributionlists.xml"),
    system_file!("distributionlists/distributionlistmembers.xml"),
    system_file!("voicefiles.xml"),
    system_file!("vmsservers.xml"),
    system_file!("cluster.xml"),
];

/// The files of [`SYSTEM`] with another content since 12.5, which has administrators.
const SYSTEM_SINCE_12_5: &[(&str, &[u8])] = &[system_file!("12.5/system/", "users.xml")];

/// Returns the records that every system of a release has, for the resources that are missing in the fixtures. Each
/// fixture has one list.
pub(crate) fn system_seed(release: Release) -> Vec<Fixture> {
    let files = SYSTEM.iter().map(|(name, document)| {
        let mut newer = SYSTEM_SINCE_12_5.iter();
        let newer = newer.find(|(newer, _)| release >= Release::V12_5 && newer == name);
        Fixture::embedded(name, newer.map_or(document, |(_, document)| document))
    });
    files.collect()
}
