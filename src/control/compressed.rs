//! Files that the build script has compressed.

use std::io::Read;

use flate2::read::GzDecoder;

/// Returns the content of such a file.
pub(super) fn decompressed(gzip: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    let read = GzDecoder::new(gzip).read_to_end(&mut content);
    read.expect("the build script has compressed it");
    content
}
