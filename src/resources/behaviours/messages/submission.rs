//! Messages as clients submit them: a body with several parts.

use std::mem;

use bytes::Bytes;

use super::{
    names::{ATTACHMENTS, FILES, MESSAGES, RECIPIENTS},
    owner::sound,
};
use crate::{
    engine::{
        DecodeError, DocumentText, EndpointBody, EndpointRequest, Error, Format, NamedRecord, Node,
        Part, Transaction, files, find, parts, wave,
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

/// The elements with an address, of which one is enough, and the fields of a user with it.
const ADDRESSES: [&str; 2] = ["SmtpAddress", "DtmfAccessId"];
const RECIPIENT: &str = "Recipient";

/// A message to send.
#[derive(Default)]
pub(super) struct Submission {
    values: Vec<(&'static str, String)>,
    recipients: Vec<Recipient>,
    /// The sound, in the form of a field.
    sounds: Vec<String>,
    /// The names of the files with the sound, which all copies share.
    files: Vec<String>,
    size: usize,
    milliseconds: u64,
}

/// A recipient: the elements in it, and the user with the address.
#[derive(Default)]
struct Recipient {
    elements: Vec<(String, String)>,
    user: Option<NamedRecord>,
}

impl Recipient {
    fn get(&self, name: &str) -> Option<&str> {
        let mut elements = self.elements.iter();
        let (_, value) = elements.find(|(known, value)| known == name && !value.is_empty())?;
        Some(value)
    }

    /// Returns the name and the value of the address.
    fn address(&self) -> Option<(&'static str, &str)> {
        let mut addresses = ADDRESSES.into_iter();
        addresses.find_map(|name| Some((name, self.get(name)?)))
    }
}

impl Submission {
    /// Reads the parts of a request of `sender`: the message, its recipients, and its sound or the recording with it.
    pub(super) fn read(
        store: &Store,
        request: &EndpointRequest<'_>,
        sender: &NamedRecord,
    ) -> Result<Self, Error> {
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
        submission
            .recipients
            .retain(|found| found.address().is_some());
        for recipient in &mut submission.recipients {
            let users = recipient
                .address()
                .map(|address| find(store, "users", &[address]));
            recipient.user = nearest(users.unwrap_or_default(), sender);
        }
        match submission.recipients.is_empty() {
            true => Err(Error::refused(NO_RECIPIENT, Provenance::Client)),
            false => Ok(submission),
        }
    }

    fn add(&mut self, store: &Store, part: &Part) -> Result<(), Error> {
        if part.content_type.starts_with("audio/") {
            wave::check_wave(&part.bytes)?;
            self.attach(&part.bytes);
            return Ok(());
        }
        let text = DocumentText::new(&part.bytes, None);
        let format = match part.content_type.ends_with("xml") {
            true => Format::Xml,
            false => Format::Json,
        };
        let leaves = leaves(format, &text).map_err(|error| Error::malformed(&text, &error))?;
        for leaf in leaves {
            if let Some(number) = leaf.recipient {
                let missing = (number + 1).saturating_sub(self.recipients.len());
                self.recipients
                    .extend((0..missing).map(|_| Recipient::default()));
                let name = leaf.name.clone();
                self.recipients[number].elements.push((name, leaf.text));
            } else if leaf.name == "resourceId" {
                self.attach(&recording(store, &leaf.text)?);
            } else if let Some(name) = FIELDS.iter().find(|name| **name == leaf.name)
                && (!leaf.text.is_empty() || *name == "Subject")
            {
                self.values.push((name, leaf.text));
            }
        }
        Ok(())
    }

    fn attach(&mut self, sound: &[u8]) {
        self.sounds.push(files::encoded(sound));
        self.size += sound.len();
        self.milliseconds += wave::milliseconds(sound);
    }

    /// Attaches the sound of a forwarded message behind that of the message itself.
    pub(super) fn attach_those_of(
        &mut self,
        transaction: &Transaction<'_>,
        forwarded: &NamedRecord,
    ) {
        let of_message = [("MsgId", forwarded.id())];
        for attachment in transaction.find(ATTACHMENTS, &of_message) {
            if let Some(sound) = sound(
                transaction.store(),
                attachment.get("File").unwrap_or_default(),
            ) {
                self.attach(&sound);
            }
        }
    }

    /// Stores the sound.
    pub(super) fn store_sound(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Error> {
        let catalogue = transaction.catalogue();
        let files = catalogue.resource(FILES);
        let files = files.ok_or_else(|| Error::unknown_resource(FILES, catalogue.release))?;
        for sound in mem::take(&mut self.sounds) {
            self.files
                .push(transaction.create_file(files, Some(sound))?);
        }
        Ok(())
    }

    /// Returns the users with the addresses of recipients, each once.
    pub(super) fn mailboxes(&self) -> Vec<NamedRecord> {
        let mut users: Vec<NamedRecord> = Vec::new();
        for user in self
            .recipients
            .iter()
            .filter_map(|found| found.user.as_ref())
        {
            if users.iter().all(|known| known.id() != user.id()) {
                users.push(user.clone());
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
        let id = transaction.draw_key(MESSAGES, |id| format!("0:{id}"));
        let now = transaction.now().as_millisecond().to_string();
        let uid = next_uid(transaction, owner).to_string();
        let (size, duration) = (self.size.to_string(), self.milliseconds.to_string());
        let mut values = vec![
            ("MsgId", &*id),
            ("UserObjectId", owner.id()),
            ("Folder", folder),
            ("ArrivalTime", &now),
            ("ModificationTime", &now),
            ("IMAPUid", &uid),
            ("Size", &size),
            ("Duration", &duration),
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
        let release = transaction.catalogue().release;
        let message = message.ok_or_else(|| Error::unknown_resource(MESSAGES, release))?;
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
            let kind = recipient.get("Type").unwrap_or("TO").to_uppercase();
            let mut values = vec![
                ("MsgId", message.id()),
                ("Number", &*number),
                ("Type", &*kind),
            ];
            match &recipient.user {
                Some(user) => {
                    let names = ["DisplayName", "SmtpAddress", "DtmfAccessId"];
                    let known = names.into_iter();
                    values.extend(known.filter_map(|name| Some((name, user.get(name)?))));
                }
                None => values.extend(recipient.address()),
            }
            transaction.create_at(RECIPIENTS, None, &values)?;
        }
        for (number, file) in self.files.iter().enumerate() {
            let number = number.to_string();
            let values = [
                ("MsgId", message.id()),
                ("Number", &*number),
                ("File", file),
            ];
            transaction.create_at(ATTACHMENTS, None, &values)?;
        }
        Ok(())
    }
}

/// A text of a document, with the name of its element.
struct Leaf {
    name: String,
    text: String,
    /// The number of the recipient around it.
    recipient: Option<usize>,
}

/// Returns the texts of a document in XML or JSON.
fn leaves(format: Format, text: &DocumentText<'_>) -> Result<Vec<Leaf>, DecodeError> {
    let nodes = format.nodes(text.utf_8()?)?;
    let mut recipients = Vec::new();
    let mut leaves = Vec::new();
    for node in &nodes {
        let Some(text) = &node.text else { continue };
        // In XML, the text is a node without a name in its element.
        let element = match node.parent.filter(|_| node.name.is_empty()) {
            Some(parent) => &nodes[parent],
            None => node,
        };
        let recipient = recipient(&nodes, element).map(|found| {
            let known = recipients.iter().position(|known| *known == found);
            known.unwrap_or_else(|| {
                recipients.push(found);
                recipients.len() - 1
            })
        });
        leaves.push(Leaf {
            name: element.name.to_string(),
            text: text.trim().to_owned(),
            recipient,
        });
    }
    Ok(leaves)
}

/// Returns the index of the recipient around a node: of its element, or of its item in an array.
fn recipient(nodes: &[Node<'_>], node: &Node<'_>) -> Option<usize> {
    let mut inner = None;
    let mut next = node.parent;
    while let Some(index) = next {
        if nodes[index].name == RECIPIENT {
            let item = inner.filter(|inner: &usize| nodes[*inner].name.is_empty());
            return item.or(Some(index));
        }
        inner = Some(index);
        next = nodes[index].parent;
    }
    None
}

/// Returns one of the users with an address: an extension is unique in a partition, so that of the sender comes first.
fn nearest(mut users: Vec<NamedRecord>, sender: &NamedRecord) -> Option<NamedRecord> {
    let partition = sender.get("PartitionObjectId");
    let mut own = users.iter();
    let own = own.position(|user| user.get("PartitionObjectId") == partition);
    (!users.is_empty()).then(|| users.swap_remove(own.unwrap_or(0)))
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
    sound(store, name).ok_or_else(|| {
        let (rule, expected) = (ErrorRule::References, "the name of a recording");
        Error::invalid_parameter(rule, "resourceId", name, expected)
    })
}
