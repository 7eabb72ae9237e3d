//! The responses of cuc-mock, captured by `run.py`.

use std::fs;

use serde::Deserialize;

/// One response, as received.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// The responses to all requests of the comparison.
#[derive(Clone, Debug, Deserialize)]
pub struct Captured {
    pub list: Answer,
    pub object: Answer,
    pub post: Answer,
    pub put: Answer,
    pub delete: Answer,
}

pub const LIST: &str = "/vmrest/externalservices";

impl Captured {
    /// Reads the responses from a file.
    pub fn read(path: &str) -> Self {
        let text = fs::read_to_string(path).expect("a file that was captured");
        serde_json::from_str(&text).expect("answers in JSON")
    }
}
