//! A real Unity Connection server: reading it into fixtures, comparing it with this server, and learning from the
//! differences.

pub(crate) mod anonymise;
pub(crate) mod capture;
pub(crate) mod client;
pub(crate) mod description_tree;
pub(crate) mod document;
pub(crate) mod drift;
pub(crate) mod drift_check;
pub(crate) mod facts;
pub(crate) mod learned;
pub(crate) mod message_template;
pub(crate) mod object;
pub(crate) mod own_server;
pub(crate) mod rejection;
