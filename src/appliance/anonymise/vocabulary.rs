//! The vocabulary of the system: texts that every server has.

use std::collections::BTreeSet;

use crate::{
    resources::embedded_store,
    schema::{DefaultValue, Field, Kind, Release, Resource},
    store::fold,
};

/// The resources whose objects are vocabulary as a whole.
const RESOURCES: [&str; 10] = [
    "installedlanguages",
    "languagemap",
    "licensestatuscounts",
    "notificationtemplates",
    "portgrouptemplates",
    "privileges",
    "rtpcodecdefs",
    "subject-line-parameters",
    "timezones",
    "waveformats",
];
/// The fields whose values are vocabulary, in all resources: the names of the steps of a conversation, the keys of
/// nested objects, and measurements that are texts.
const FIELDS: [&str; 36] = [
    "AfterGreetingTargetConversation",
    "AfterMessageTargetConversation",
    "ArrivalTime",
    "CallLoopDTMF",
    "ConnectorFactoryName",
    "Conversation",
    "ConversationName",
    "ConversationTui",
    "ConversationVui",
    "DependencyType",
    "DependentEntityOwnerType",
    "EventList",
    "ExitTargetConversation",
    "GreetingType",
    "IsTemplate",
    "JavaEncoding",
    "LanguageCode",
    "LastModifiedByComponent",
    "ModificationTime",
    "MsgId",
    "MsgType",
    "NewMessageStackOrder",
    "NoInputTargetConversation",
    "NoSelectionTargetConversation",
    "NotificationTemplateName",
    "RouteTargetConversation",
    "SavedMessageStackOrder",
    "SendScheduledNotificationAt",
    "SentMsgId",
    "SystemVersion",
    "TargetConversation",
    "TimeHacked",
    "TotalSizeOfMailbox",
    "TouchtoneKey",
    "TransferOptionType",
    "ZeroTargetConversation",
];
/// The fields whose values are vocabulary, in one resource.
const FIELDS_OF: [(&str, &str); 5] = [
    ("configurationvalues", "FullName"),
    ("configurationvalues", "RegexValidation"),
    ("messages/{MsgId}/recipients", "Type"),
    ("userlicenses", "Messaging"),
    ("userlicenses", "SpeechView"),
];
/// The words of paths, and the endings of the names of files.
const WORDS: [&str; 9] = [
    "vmrest", "cuals", "wav", "mp3", "txt", "html", "xml", "eml", "pdf",
];

/// The texts of a fresh system, as values are compared.
pub(super) struct Vocabulary(BTreeSet<Box<str>>);

impl Vocabulary {
    /// Collects the texts of a fresh system of a release, and those that the embedded descriptions contain.
    /// Descriptions of a user may contain names.
    pub(super) fn new(release: Release) -> Self {
        let mut texts: BTreeSet<Box<str>> = WORDS.into_iter().map(Box::from).collect();
        let mut add = |text: &str| texts.insert(fold(text).into());
        let store = embedded_store(release, false);
        for (resource, collection) in store.collections() {
            let fields = resource.fields.iter().enumerate();
            let fields: Vec<_> = fields
                .filter(|(_, field)| is_open(resource, field))
                .collect();
            for record in collection.iter() {
                for (position, _) in &fields {
                    record.values.get(*position).map(&mut add);
                }
            }
        }
        let resources = store.catalogue().resources().iter();
        let fields = resources.flat_map(|resource| {
            let fields = resource.fields.iter();
            fields.filter(|field| is_open(resource, field) && field.extension.is_none())
        });
        for (default, _) in fields.flat_map(|field| &field.defaults) {
            match default {
                DefaultValue::Value(value) if value.contains(char::is_alphabetic) => add(value),
                _ => false,
            };
        }
        texts.remove("");
        Self(texts)
    }

    /// True if a fresh system has the text, in any letter case.
    pub(super) fn contains(&self, text: &str) -> bool {
        self.0.contains(&*fold(text))
    }
}

/// True if all objects of a resource are vocabulary.
pub(super) fn is_resource(resource: &Resource) -> bool {
    RESOURCES.contains(&resource.path.as_str())
}

/// True if all values of a field are vocabulary, by its name. The resource may be unknown.
pub(super) fn is_field(resource: Option<&Resource>, name: &str) -> bool {
    let path = resource.map(|resource| resource.path.as_str());
    let mut of_resource = FIELDS_OF.iter().filter(|(of, _)| path == Some(of));
    FIELDS.binary_search(&name).is_ok() || of_resource.any(|(_, field)| *field == name)
}

/// True for a field with texts, of which only some are vocabulary.
fn is_open(resource: &Resource, field: &Field) -> bool {
    field.kind == Kind::Text
        && field.choices.is_empty()
        && resource.path.as_str() != "configurationvalues"
        && !is_resource(resource)
        && !is_field(Some(resource), &field.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{resources::embedded_descriptions, schema::Description};

    #[test]
    fn the_lists_are_sorted_and_have_resources_and_fields_that_exist() {
        assert!(FIELDS.is_sorted() && RESOURCES.is_sorted() && FIELDS_OF.is_sorted());
        let descriptions: Vec<&Description> = embedded_descriptions().collect();
        let find = |path: &str| descriptions.iter().find(|found| &*found.path == path);
        for path in RESOURCES {
            assert!(find(path).is_some(), "{path}");
        }
        let has =
            |found: &Description, name: &str| found.fields.iter().any(|field| &*field.name == name);
        for name in FIELDS {
            assert!(descriptions.iter().any(|found| has(found, name)), "{name}");
        }
        for (path, name) in FIELDS_OF {
            assert!(
                find(path).is_some_and(|found| has(found, name)),
                "{path} {name}"
            );
        }
    }

    #[test]
    fn a_text_of_a_fresh_system_is_vocabulary_and_a_tenant_of_the_guide_is_not() {
        let vocabulary = Vocabulary::new(Release::V12_5);
        for known in [
            "UndeliverableMessagesMailbox",
            "opening greeting",
            "localhost",
            "99990",
        ] {
            assert!(vocabulary.contains(known), "{known}");
        }
        for other in ["", "Taxoma", "clientteam", "taxoma.com", "1000"] {
            assert!(!vocabulary.contains(other), "{other}");
        }
    }
}
