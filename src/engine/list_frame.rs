//! The text around the objects of a list.

/// The text around the objects of a list.
#[derive(Debug)]
pub(super) struct ListFrame {
    pub(super) start: Vec<u8>,
    pub(super) between: &'static str,
    pub(super) end: Vec<u8>,
}
