//! What a client sees, asked over real connections. The modules mirror the tree of URLs.

mod clients;
mod command_line;
mod configuration;
mod control;
mod elsewhere;
mod keeping;
mod library;
mod limits;
mod logs;
mod remote;
mod shutdown;
mod support;
#[cfg(feature = "tls")]
mod tls;
mod vmrest;
mod watching;
