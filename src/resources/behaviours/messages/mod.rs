//! Messages: the mailboxes of users, and the messages in their folders.

mod document;
mod list;
mod mailbox;
mod names;
mod operations;
mod owner;
mod submission;

use crate::engine::EndpointFn;

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] = &[
    ("send", EndpointFn::Write(operations::send)),
    ("list-inbox", EndpointFn::Read(list::inbox)),
    ("read", EndpointFn::Read(operations::read)),
    ("update", EndpointFn::Write(operations::update)),
    ("delete", EndpointFn::Write(operations::delete)),
    ("undelete", EndpointFn::Write(operations::undelete)),
    ("recall", EndpointFn::Write(operations::recall)),
    ("attachment", EndpointFn::Read(operations::attachment)),
    ("mailbox", EndpointFn::Read(mailbox::mailbox)),
    ("folders", EndpointFn::Read(mailbox::folders)),
    ("folder", EndpointFn::Read(mailbox::folder)),
    ("list", EndpointFn::Read(list::folder)),
    ("empty", EndpointFn::Write(operations::empty)),
];
