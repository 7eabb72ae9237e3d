//! Messages as clients submit them: a body with several parts.

use bytes::Bytes;

use super::names::{ATTACHMENTS, MESSAGES, RECIPIENTS};
use crate::{
    engine::{
        DocumentText, EndpointBody, EndpointRequest, Error, Format, NamedRecord, Part, Transaction,
        files, find, parts, wave,
    },
    schema::{ErrorRule, Provenance},
    store::Store,
};

const NO_PARTS: &str = "The body is missing or of another type: expected multipart/form-data with the message, its \
                        recipients and the sound";
const NO_RECIPIENT: &str = "The message has no recipient: expected a Recipient with the SmtpAddress or the DtmfAccessId of \
                            an address";
/// The fields of a message that a client gives.
const FIELDS: [&str; 7] = [
    "Subject",
    "Priority",
    "Sensitivity",
    "Secure",
    "Dispatch",
    "CallerNumber",
    "CallerName",
];

/// A message to send.
#[derive(Default)]
pub(super) struct Submission {
    values: Vec<(&'static str, String)>,
    recipients: Vec<Recipient>,
    sounds: Vec<Bytes>,
}

struct Recipient {
    kind: String,
    /// The name of the field with the address.
    field: &'static str,
    address: String,
}

impl Submission {
    /// Reads the parts of a request: the message, its recipients, and its sound or the recording with it.
    pub(super) fn read(store: &Store, request: &EndpointRequest<'_>) -> Result<Self, Error> {
        let EndpointBody::Bytes {
            content_type,
            bytes,
        } = &request.body
        else {
            return Err(Error::refused(NO_PARTS, Provenance::Client));
        };
        let mut submission = Self::default();
        for part in parts(content_type, bytes)? {
            submission.add(store, &part)?;
        }
        match submission.recipients.is_empty() {
            true => Err(Error::refused(NO_RECIPIENT, Provenance::Client)),
            false => Ok(submission),
        }
    }

    fn add(&mut self, store: &Store, part: &Part<'_>) -> Result<(), Error> {
        if part.content_type.starts_with("audio/") {
            wave::check_wave(part.bytes)?;
            self.sounds.push(Bytes::copy_from_slice(part.bytes));
            return Ok(());
        }
        let text = DocumentText::new(part.bytes, None);
        let format = match part.content_type.ends_with("xml") {
            true => Format::Xml,
            false => Format::Json,
        };
        let values = |name: &str| {
            let values = format.read_values(&text, name);
            values.map_err(|error| Error::malformed(&text, &error))
        };
        if let Some(id) = values("resourceId")?.pop() {
            self.sounds.push(recording(store, id.trim())?);
        }
        for name in FIELDS {
            let found = values(name)?.into_iter().next();
            let found = found.filter(|value| !value.is_empty() || name == "Subject");
            self.values.extend(found.map(|value| (name, value)));
        }
        for field in ["SmtpAddress", "DtmfAccessId"] {
            let mut kinds = values("Type")?.into_iter();
            for address in values(field)? {
                let kind = kinds.next().unwrap_or_else(|| "TO".to_owned());
                if !address.trim().is_empty() {
                    let address = address.trim().to_owned();
                    let kind = kind.to_uppercase();
                    self.recipients.push(Recipient {
                        kind,
                        field,
                        address,
                    });
                }
            }
        }
        Ok(())
    }

    /// Attaches the sound of a forwarded message behind that of the message itself.
    pub(super) fn attach_those_of(
        &mut self,
        transaction: &Transaction<'_>,
        forwarded: &NamedRecord,
    ) {
        let of_message = [("MsgId", forwarded.id())];
        let attachments = transaction.find(ATTACHMENTS, &of_message);
        let sounds = attachments.iter();
        self.sounds
            .extend(sounds.filter_map(|attachment| attachment.bytes("Content")));
    }

    /// Returns the users with the addresses of recipients, each once.
    pub(super) fn mailboxes(&self, transaction: &Transaction<'_>) -> Vec<NamedRecord> {
        let mut users: Vec<NamedRecord> = Vec::new();
        for recipient in &self.recipients {
            let address = [(recipient.field, &*recipient.address)];
            for user in transaction.find("users", &address) {
                if users.iter().all(|known| known.id() != user.id()) {
                    users.push(user);
                }
            }
        }
        users
    }

    /// Stores a copy of the message in a folder of `owner`.
    pub(super) fn store(
        &self,
        transaction: &mut Transaction<'_>,
        sender: &NamedRecord,
        owner: &NamedRecord,
        folder: &str,
        sent: Option<&str>,
    ) -> Result<NamedRecord, Error> {
        let id = format!("0:{}", transaction.draw_guid());
        let now = transaction.now().as_millisecond().to_string();
        let uid = next_uid(transaction, owner).to_string();
        let mut values = vec![
            ("MsgId", &*id),
            ("UserObjectId", owner.id()),
            ("Folder", folder),
            ("ArrivalTime", &now),
            ("ModificationTime", &now),
            ("IMAPUid", &uid),
        ];
        values.extend(sent.map(|sent| ("SentMsgId", sent)));
        for (name, of_sender) in [
            ("FromDisplayName", "DisplayName"),
            ("FromSmtpAddress", "SmtpAddress"),
            ("FromDtmfAccessId", "DtmfAccessId"),
        ] {
            values.extend(sender.get(of_sender).map(|value| (name, value)));
        }
        values.extend(self.values.iter().map(|(name, value)| (*name, &**value)));
        let message = transaction.create_at(MESSAGES, None, &values)?;
        let message = message.ok_or_else(|| Error::refused(NO_PARTS, Provenance::Inferred))?;
        self.store_parts(transaction, &message)?;
        Ok(message)
    }

    fn store_parts(
        &self,
        transaction: &mut Transaction<'_>,
        message: &NamedRecord,
    ) -> Result<(), Error> {
        for (number, recipient) in self.recipients.iter().enumerate() {
            let number = number.to_string();
            let address = [(recipient.field, &*recipient.address)];
            let user = transaction.find("users", &address).into_iter().next();
            let mut values = vec![
                ("MsgId", message.id()),
                ("Number", &number),
                ("Type", &recipient.kind),
            ];
            match &user {
                Some(user) => {
                    let names = ["DisplayName", "SmtpAddress", "DtmfAccessId"];
                    let known = names.into_iter();
                    values.extend(known.filter_map(|name| Some((name, user.get(name)?))));
                }
                None => values.extend(address),
            }
            transaction.create_at(RECIPIENTS, None, &values)?;
        }
        for (number, sound) in self.sounds.iter().enumerate() {
            let (number, content) = (number.to_string(), files::encoded(sound));
            let values = [
                ("MsgId", message.id()),
                ("Number", &*number),
                ("Content", &*content),
            ];
            transaction.create_at(ATTACHMENTS, None, &values)?;
        }
        Ok(())
    }
}

/// Returns the number of the next message in a mailbox.
fn next_uid(transaction: &Transaction<'_>, owner: &NamedRecord) -> u32 {
    let messages = transaction.find(MESSAGES, &[("UserObjectId", owner.id())]);
    let numbers = messages.iter().filter_map(|message| message.get("IMAPUid"));
    let numbers = numbers.filter_map(|number| number.parse::<u32>().ok());
    numbers.max().map_or(1, |last| last + 1)
}

/// Returns the sound of the recording with a name.
fn recording(store: &Store, name: &str) -> Result<Bytes, Error> {
    let file = find(store, "voicefiles", &[("Name", name)]).pop();
    let sound = file.and_then(|file| file.bytes("Content"));
    sound.ok_or_else(|| {
        let (rule, expected) = (ErrorRule::References, "the name of a recording");
        Error::invalid_parameter(rule, "resourceId", name, expected)
    })
}
