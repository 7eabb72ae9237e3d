//! What a client sees, asked over real connections. The modules mirror the tree of URLs.

mod command_line;
mod elsewhere;
mod library;
mod support;
#[cfg(feature = "tls")]
mod tls;
mod vmrest;
