//! WAV, the format of all sound.

use super::Error;
use crate::schema::Provenance;

/// The maximum size of a file.
pub(crate) const MAX_AUDIO_SIZE: usize = 16 * 1024 * 1024;
/// The beginning of a WAV file, and its type behind the size.
const RIFF: &[u8] = b"RIFF";
const WAVE: &[u8] = b"WAVE";
const SIZE_END: usize = 8;
/// The usual size of the header of a WAV file, and the place of the bytes of each second in it.
const HEADER_SIZE: usize = 44;
const BYTE_RATE: usize = 28;
const NO_WAVE: &str = "The body is no WAV file: expected RIFF, four bytes with the size, and WAVE";

/// Checks the header of a WAV file.
pub(crate) fn check_wave(bytes: &[u8]) -> Result<(), Error> {
    let kind = bytes.get(SIZE_END..SIZE_END + WAVE.len());
    match bytes.starts_with(RIFF) && kind == Some(WAVE) {
        true => Ok(()),
        false => Err(Error::refused(NO_WAVE, Provenance::Inferred)),
    }
}

/// Returns the length of the sound of a WAV file, in milliseconds: by its size and the bytes of each second.
pub(crate) fn milliseconds(file: &[u8]) -> u64 {
    let rate = file.get(BYTE_RATE..BYTE_RATE + 4);
    let rate = rate.and_then(|bytes| bytes.try_into().ok());
    let rate = rate.map_or(0, u32::from_le_bytes);
    let sound = file.len().saturating_sub(HEADER_SIZE) as u64;
    (sound * 1000).checked_div(u64::from(rate)).unwrap_or(0)
}

/// Returns a WAV file with a tenth of a second of silence: 8000 samples of 16 bits each second.
pub(crate) fn silence() -> Vec<u8> {
    const SAMPLES: u32 = 800;
    const RATE: u32 = 8000;
    let size = 2 * SAMPLES;
    let mut file = Vec::with_capacity(HEADER_SIZE + size as usize);
    file.extend(RIFF);
    file.extend((size + 36).to_le_bytes());
    file.extend(WAVE);
    file.extend(b"fmt ");
    file.extend(16u32.to_le_bytes());
    // PCM in one channel.
    file.extend([1, 0, 1, 0]);
    file.extend(RATE.to_le_bytes());
    file.extend((2 * RATE).to_le_bytes());
    // Bytes and bits of a sample.
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend(size.to_le_bytes());
    file.resize(HEADER_SIZE + size as usize, 0);
    file
}
