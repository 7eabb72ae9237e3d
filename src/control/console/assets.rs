//! The files of the console, which the binary contains.

use axum::http::HeaderValue;

/// The name of the page.
pub(super) const PAGE: &str = "index.html";

/// A file of the console.
pub(super) struct Asset {
    /// The path below `src/console`.
    pub(super) name: &'static str,
    pub(super) gzip: &'static [u8],
}

impl Asset {
    /// Returns the media type, which follows from the extension.
    pub(super) fn content_type(&self) -> HeaderValue {
        let (_, extension) = self.name.rsplit_once('.').unwrap_or_default();
        HeaderValue::from_static(match extension {
            "html" => "text/html;charset=utf-8",
            "css" => "text/css;charset=utf-8",
            "js" => "text/javascript;charset=utf-8",
            _ => "text/plain;charset=utf-8",
        })
    }
}

/// All files, which the build script compresses.
pub(super) const FILES: &[Asset] = include!(concat!(env!("OUT_DIR"), "/console.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    /// The maximum number of compressed bytes of all files.
    const MAX_BYTES: usize = 60 * 1024;

    #[test]
    fn the_page_stays_small() {
        let bytes: usize = FILES.iter().map(|file| file.gzip.len()).sum();
        assert!(bytes <= MAX_BYTES, "the files have {bytes} bytes");
    }
}
