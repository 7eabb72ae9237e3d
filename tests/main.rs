//! The behaviour that clients see over real connections. The modules mirror the URL tree.

#[cfg(feature = "appliance")]
mod appliance;
mod check;
mod clients;
mod command_line;
mod configuration;
mod connected_resources;
#[cfg(feature = "console")]
mod console;
mod control;
mod described_records;
mod description_mistakes;
mod drop_in;
mod errors;
mod fixture_schema;
mod invalid_heads;
mod library;
mod limits;
mod listen;
mod logs;
mod other_paths;
mod records;
mod related_records;
mod remote;
mod resources;
mod responses;
mod secrets;
mod shell;
mod shutdown;
mod state_file;
mod support;
#[cfg(feature = "tls")]
mod tls;
mod vmrest;
mod vocabulary;
mod watch;
