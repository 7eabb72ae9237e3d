//! RSA keys. The provider of TLS signs with them, but cannot generate them.

use rcgen::{Error, KeyPair};
use rsa::{
    PrivateKey,
    pkcs8::EncodePrivateKey,
    rand_core::{TryCryptoRng, TryRng},
};
use rustls::crypto::{GetRandomFailed, SecureRandom};

use super::provider::Ring;

/// The number of bits that all clients accept.
const BITS: usize = 2048;

/// Generates a key. This takes a noticeable time, unlike for other types.
pub(super) fn generate() -> Result<KeyPair, Error> {
    let key = PrivateKey::new(&mut Ring, BITS).map_err(|_| Error::KeyGenerationUnavailable)?;
    let pkcs8 = key
        .to_pkcs8_der()
        .map_err(|_| Error::CouldNotParseKeyPair)?;
    KeyPair::try_from(pkcs8.as_bytes())
}

/// The operating system has no random numbers.
#[derive(Debug)]
pub(super) struct RandomError(GetRandomFailed);

impl std::fmt::Display for RandomError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the operating system has no random numbers: {:?}",
            self.0
        )
    }
}

impl std::error::Error for RandomError {}

impl TryRng for Ring {
    type Error = RandomError;

    fn try_next_u32(&mut self) -> Result<u32, RandomError> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, RandomError> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.fill(bytes).map_err(RandomError)
    }
}

impl TryCryptoRng for Ring {}
