//! The parts of call handlers and of their templates: greetings, transfer options and menu entries.

use super::expiry::{self, NEVER};
use crate::engine::{Error, NamedRecord, Transaction};

/// The owners of parts: the path of their collection, the collections of their parts, and the values of the keys `*` and
/// `#`.
const OWNERS: [Owner; 3] = [
    Owner {
        path: "handlers/callhandlers",
        parts: ["greetings", "transferoptions", "menuentries"],
        symbols: [SIGN_IN, SKIP],
    },
    Owner {
        path: "callhandlertemplates",
        parts: [
            "templategreetings",
            "templatetransferoptions",
            "templatemenuentries",
        ],
        symbols: [&[("Action", "4")], &[("Action", "5")]],
    },
    Owner {
        path: "callhandlerprimarytemplates",
        parts: ["usertemplategreetings", "transferoptions", "menuentries"],
        symbols: [SIGN_IN, SKIP],
    },
];
/// The values of the key `*` of the system's template.
const SIGN_IN: PartValues = &[
    ("Locked", "true"),
    ("Action", "2"),
    ("TargetConversation", "SubSignIn"),
];
/// The values of the key `#` of the system's template.
const SKIP: PartValues = &[("Locked", "true"), ("Action", "5")];
const DISABLED: PartValues = &[("TimeExpires", NEVER)];

/// The kinds of parts: the field that identifies one, and its values with those that differ from the defaults.
const KINDS: [(&str, &[(&str, PartValues)]); 3] = [
    (
        "GreetingType",
        &[
            ("Alternate", DISABLED),
            ("Busy", DISABLED),
            ("Error", &[]),
            ("Internal", DISABLED),
            ("Off Hours", DISABLED),
            ("Standard", &[]),
            ("Holiday", DISABLED),
        ],
    ),
    (
        "TransferOptionType",
        &[
            ("Alternate", DISABLED),
            ("Off Hours", &[]),
            ("Standard", &[]),
        ],
    ),
    (
        "TouchtoneKey",
        &[
            ("*", &[]),
            ("#", &[]),
            ("0", &[]),
            ("1", &[]),
            ("2", &[]),
            ("3", &[]),
            ("4", &[]),
            ("5", &[]),
            ("6", &[]),
            ("7", &[]),
            ("8", &[]),
            ("9", &[]),
        ],
    ),
];

/// Values of a part, with the names of their fields.
type PartValues = &'static [(&'static str, &'static str)];

/// An owner of parts.
struct Owner {
    path: &'static str,
    parts: [&'static str; KINDS.len()],
    symbols: [PartValues; 2],
}

impl Owner {
    fn of(record: &NamedRecord) -> Option<&'static Self> {
        let path = record.resource().path.as_str();
        OWNERS.iter().find(|owner| owner.path == path)
    }

    /// Returns the path of the parts of a kind.
    fn collection(&self, kind: usize) -> String {
        format!("{}/{{CallHandlerObjectId}}/{}", self.path, self.parts[kind])
    }

    /// Returns the parts of a kind that `record` has.
    fn find(
        &self,
        transaction: &Transaction<'_>,
        record: &NamedRecord,
        kind: usize,
    ) -> Vec<NamedRecord> {
        let own = [("CallHandlerObjectId", record.id())];
        transaction.find(&self.collection(kind), &own)
    }

    /// Returns the values of a part that is not copied, with the names of their fields.
    fn values(&self, name: &str, values: PartValues) -> PartValues {
        match name {
            "*" => self.symbols[0],
            "#" => self.symbols[1],
            _ => values,
        }
    }
}

/// Creates the parts of an owner that do not exist yet, as copies of the parts of `source` if there is one.
pub(super) fn create(
    transaction: &mut Transaction<'_>,
    record: &NamedRecord,
    source: Option<&NamedRecord>,
) -> Result<(), Error> {
    let Some(owner) = Owner::of(record) else {
        return Ok(());
    };
    for (kind, (key, parts)) in KINDS.iter().enumerate() {
        let path = owner.collection(kind);
        let existing = owner.find(transaction, record, kind);
        let sources =
            source.and_then(|source| Some(Owner::of(source)?.find(transaction, source, kind)));
        let sources = sources.unwrap_or_default();
        for (name, values) in *parts {
            let is_named = |part: &&NamedRecord| part.get(key) == Some(name);
            if existing.iter().any(|part| is_named(&part)) {
                continue;
            }
            let source = sources.iter().find(is_named);
            let values = match source {
                Some(_) => &[],
                None => owner.values(name, values),
            };
            create_part(
                transaction,
                record,
                &path,
                source,
                &[&[(*key, *name)], values].concat(),
            )?;
        }
    }
    Ok(())
}

/// Creates a part.
fn create_part(
    transaction: &mut Transaction<'_>,
    record: &NamedRecord,
    path: &str,
    source: Option<&NamedRecord>,
    values: &[(&str, &str)],
) -> Result<(), Error> {
    let own = values.iter().find(|(name, _)| *name == expiry::FIELD);
    let own = own.map(|(_, value)| *value);
    let expires = own.or_else(|| source.and_then(|source| source.get(expiry::FIELD)));
    let is_enabled = expiry::is_enabled(transaction, expires).to_string();
    let handler = format!("/vmrest/handlers/callhandlers/{}", record.id());
    let mut values = values.to_vec();
    values.extend([
        ("CallHandlerObjectId", record.id()),
        ("Enabled", &is_enabled),
    ]);
    if record.resource().path.as_str() == "callhandlertemplates" {
        values.push(("CallhandlerURI", &handler));
    }
    let phone_system = record.get("MediaSwitchObjectId");
    values.extend(phone_system.map(|id| ("MediaSwitchObjectId", id)));
    transaction.create_at(path, source, &values)?;
    Ok(())
}
