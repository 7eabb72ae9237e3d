//! The bytes that a TLS client sends.

use arbitrary::Arbitrary;

use crate::{Received, change, exchange};

/// The content type of a record with a handshake message, which is the first byte of a connection.
const HANDSHAKE: u8 = 22;
/// The type of the first handshake message.
const CLIENT_HELLO: u8 = 1;
/// The content types of the records that a server sends: a change of the cipher, an alert, a handshake message, and data.
const CONTENT_TYPES: [u8; 4] = [20, 21, HANDSHAKE, 23];
/// The maximum length of the content of a record, with encryption.
const MAX_CONTENT: usize = (1 << 14) + 256;

/// The bytes of a client, from the first one on.
#[derive(Arbitrary, Debug)]
pub enum Handshake<'a> {
    /// Any bytes behind the first.
    Raw(&'a [u8]),
    /// Records with the right lengths.
    Records(Vec<Record<'a>>),
    /// A hello with the right lengths, and records behind it.
    Hello {
        hello: Hello<'a>,
        then: Vec<Record<'a>>,
    },
    /// A complete connection. Bytes at some offsets are changed.
    Changed {
        is_new: bool,
        changes: Vec<(u16, u8)>,
    },
}

#[derive(Arbitrary, Debug)]
pub struct Record<'a> {
    /// The content type of a record that is not the first.
    content: u8,
    payload: &'a [u8],
}

#[derive(Arbitrary, Debug)]
pub struct Hello<'a> {
    session: &'a [u8],
    suites: Vec<u16>,
    compressions: &'a [u8],
    extensions: Vec<(Extension, &'a [u8])>,
    /// The number of bytes that the first record has, if the hello is in two of them.
    split: Option<u8>,
}

/// The number of an extension.
#[derive(Arbitrary, Debug)]
pub enum Extension {
    ServerName,
    Groups,
    Signatures,
    Protocols,
    Versions,
    KeyShare,
    Other(u16),
}

impl Extension {
    fn number(&self) -> u16 {
        match self {
            Self::ServerName => 0,
            Self::Groups => 10,
            Self::Signatures => 13,
            Self::Protocols => 16,
            Self::Versions => 43,
            Self::KeyShare => 51,
            Self::Other(number) => *number,
        }
    }
}

impl Handshake<'_> {
    /// Sends the bytes to the server.
    ///
    /// # Panics
    ///
    /// Panics if the server sends anything but TLS records, or if a connection without a change fails.
    pub fn run(&self) {
        let sent = match self {
            Self::Raw(rest) => [&[HANDSHAKE], *rest].concat(),
            Self::Records(records) => {
                let mut sent = all(records);
                if let Some(first) = sent.first_mut() {
                    *first = HANDSHAKE;
                }
                sent
            }
            Self::Hello { hello, then } => [hello.bytes(), all(then)].concat(),
            Self::Changed { is_new, changes } => return change::run(*is_new, changes),
        };
        check_records(&exchange([&*sent]));
    }
}

fn all(records: &[Record<'_>]) -> Vec<u8> {
    let records = records.iter();
    let records = records.map(|record| self::record(record.content, record.payload));
    records.collect::<Vec<_>>().concat()
}

fn record(content: u8, payload: &[u8]) -> Vec<u8> {
    [&[content, 3, 3], &*with_length(2, payload)].concat()
}

/// Puts the length of some bytes in front of them, as a number of `size` bytes.
fn with_length(size: usize, bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u64).to_be_bytes();
    [&length[length.len() - size..], bytes].concat()
}

impl Hello<'_> {
    /// Returns the bytes of one record or two.
    fn bytes(&self) -> Vec<u8> {
        let message = [&[CLIENT_HELLO], &*with_length(3, &self.content())].concat();
        let split = self.split.map_or(message.len(), usize::from);
        let (first, second) = message.split_at(split.min(message.len()));
        let mut sent = record(HANDSHAKE, first);
        if !second.is_empty() {
            sent.extend(record(HANDSHAKE, second));
        }
        sent
    }

    fn content(&self) -> Vec<u8> {
        let suites: Vec<_> = self
            .suites
            .iter()
            .flat_map(|suite| suite.to_be_bytes())
            .collect();
        let mut extensions = Vec::new();
        for (extension, content) in &self.extensions {
            extensions.extend(extension.number().to_be_bytes());
            extensions.extend(with_length(2, content));
        }
        let session = &self.session[..self.session.len().min(32)];
        let compressions = &self.compressions[..self.compressions.len().min(255)];
        [
            &[3, 3],
            &[7; 32][..],
            &*with_length(1, session),
            &*with_length(2, &suites),
            &*with_length(1, compressions),
            &*with_length(2, &extensions),
        ]
        .concat()
    }
}

fn check_records(received: &Received) {
    let shown = received.bytes.escape_ascii();
    let mut rest = &*received.bytes;
    while let [content, 3, _, high, low, behind @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        assert!(CONTENT_TYPES.contains(content), "{shown}");
        assert!(length <= MAX_CONTENT, "{shown}");
        rest = match behind.get(length..) {
            Some(rest) => rest,
            None if received.is_cut => &[],
            None => panic!("an incomplete record: {shown}"),
        };
    }
    assert!(rest.is_empty() || received.is_cut, "{shown}");
}
