//! The paths of the resources of messages, and the folders of a mailbox.

pub(super) const MESSAGES: &str = "messages";
pub(super) const RECIPIENTS: &str = "messages/{MsgId}/recipients";
pub(super) const ATTACHMENTS: &str = "messages/{MsgId}/attachments";
pub(super) const INBOX: &str = "inbox";
pub(super) const SENT: &str = "sent";
pub(super) const DELETED: &str = "deleted";
pub(super) const WAVE: &str = "audio/wav";
pub(super) const FILES: &str = "voicefiles";
