//! A connection gets valid responses whatever it sends, and the next one is served: `.ci/fuzz http`.

#![no_main]

use arbitrary::Arbitrary;
use cuc_mock_fuzz::{check_server, exchange};
use libfuzzer_sys::fuzz_target;

/// One part of the bytes of a client.
#[derive(Arbitrary, Debug)]
enum Piece<'a> {
    /// A request line.
    Request {
        method: Method<'a>,
        path: Path<'a>,
        version: bool,
    },
    Header {
        name: Name<'a>,
        value: &'a [u8],
    },
    /// The end of a head.
    EndOfHead,
    /// A body with its length, behind the head.
    Body(&'a [u8]),
    Chunk(&'a [u8]),
    LastChunk,
    /// Any bytes.
    Raw(&'a [u8]),
    /// The next pieces are sent separately.
    Pause,
}

#[derive(Arbitrary, Debug)]
enum Method<'a> {
    Get,
    Post,
    Put,
    Delete,
    Options,
    Head,
    Other(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
enum Path<'a> {
    Services,
    Tenants,
    Version,
    Control,
    Other(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
enum Name<'a> {
    Host,
    Authorization,
    Accept,
    ContentType,
    ContentLength,
    TransferEncoding,
    Connection,
    Expect,
    Cookie,
    Other(&'a [u8]),
}

impl Method<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Get => b"GET",
            Self::Post => b"POST",
            Self::Put => b"PUT",
            Self::Delete => b"DELETE",
            Self::Options => b"OPTIONS",
            Self::Head => b"HEAD",
            Self::Other(bytes) => bytes,
        }
    }
}

impl Path<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Services => b"/vmrest/externalservices",
            Self::Tenants => b"/vmrest/tenants",
            Self::Version => b"/vmrest/version",
            Self::Control => b"/__mock/health",
            Self::Other(bytes) => bytes,
        }
    }
}

impl Name<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Host => b"Host",
            Self::Authorization => b"Authorization",
            Self::Accept => b"Accept",
            Self::ContentType => b"Content-Type",
            Self::ContentLength => b"Content-Length",
            Self::TransferEncoding => b"Transfer-Encoding",
            Self::Connection => b"Connection",
            Self::Expect => b"Expect",
            Self::Cookie => b"Cookie",
            Self::Other(bytes) => bytes,
        }
    }
}

/// Returns the bytes to send, in the parts that are sent separately.
fn bytes(pieces: &[Piece<'_>]) -> Vec<Vec<u8>> {
    let mut sent = vec![Vec::new()];
    for piece in pieces {
        let last = sent.last_mut().expect("it is never empty");
        match piece {
            Piece::Request {
                method,
                path,
                version,
            } => {
                let version: &[u8] = if *version {
                    b" HTTP/1.1\r\n"
                } else {
                    b" HTTP/1.0\r\n"
                };
                last.extend([method.bytes(), b" ", path.bytes(), version].concat());
            }
            Piece::Header { name, value } => {
                last.extend([name.bytes(), b": ", value, b"\r\n"].concat())
            }
            Piece::EndOfHead => last.extend(b"\r\n"),
            Piece::Body(body) => {
                last.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
                last.extend(*body);
            }
            Piece::Chunk(chunk) => {
                last.extend(format!("{:x}\r\n", chunk.len()).bytes());
                last.extend([*chunk, b"\r\n"].concat());
            }
            Piece::LastChunk => last.extend(b"0\r\n\r\n"),
            Piece::Raw(bytes) => last.extend(*bytes),
            Piece::Pause => sent.push(Vec::new()),
        }
    }
    sent
}

fuzz_target!(|pieces: Vec<Piece<'_>>| {
    let sent = bytes(&pieces);
    // This byte begins a TLS handshake, which has a target of its own.
    if sent.concat().first() == Some(&22) {
        return;
    }
    let received = exchange(sent.iter().map(Vec::as_slice));
    let shown = received.escape_ascii();
    assert!(
        received.is_empty() || received.starts_with(b"HTTP/1."),
        "{shown}"
    );
    assert!(!received.starts_with(b"HTTP/1.1 500 "), "{shown}");
    if pieces.len() % 8 == 0 {
        check_server();
    }
});
