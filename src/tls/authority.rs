//! The CA of this process and the certificates that it signs. The keys exist only in memory.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock},
    time::{Duration, SystemTime},
};

use parking_lot::Mutex;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, Error,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};

use super::{key_type::KeyType, name::Name, server_config::server_config};

/// A certificate chain and the key of its first certificate.
type ChainAndKey = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Apple's verifiers accept at most 398 days.
const LEAF_VALIDITY: Duration = DAY.saturating_mul(397);
const CA_VALIDITY: Duration = DAY.saturating_mul(3650);

/// The CA with keys of the default type. Each is generated when it is first needed, once per process.
static ECDSA: LazyLock<Authority> = LazyLock::new(|| Authority::generate(KeyType::Ecdsa));
#[cfg(feature = "cli")]
static RSA: LazyLock<Authority> = LazyLock::new(|| Authority::generate(KeyType::Rsa));

struct Authority {
    key_type: KeyType,
    issuer: CertifiedIssuer<'static, KeyPair>,
    pem: String,
    /// The configurations so far, by the requested names.
    configs: Mutex<HashMap<BTreeSet<Name>, Arc<ServerConfig>>>,
}

fn authority(key_type: KeyType) -> &'static Authority {
    match key_type {
        KeyType::Ecdsa => &ECDSA,
        #[cfg(feature = "cli")]
        KeyType::Rsa => &RSA,
    }
}

/// Returns the certificate of the CA with keys of this type, in PEM.
pub(crate) fn ca_pem(key_type: KeyType) -> &'static str {
    &authority(key_type).pem
}

/// Returns a configuration with a certificate for this machine and `names`. The same names get the same certificate.
pub(super) fn config(key_type: KeyType, names: &BTreeSet<Name>) -> Arc<ServerConfig> {
    let authority = authority(key_type);
    let mut configs = authority.configs.lock();
    if let Some(config) = configs.get(names) {
        return Arc::clone(config);
    }
    let config = authority.sign(names);
    configs.insert(names.clone(), Arc::clone(&config));
    config
}

impl Authority {
    fn generate(key_type: KeyType) -> Self {
        Self::new(key_type).expect("generating and self-signing a key succeeds")
    }

    fn new(key_type: KeyType) -> Result<Self, Error> {
        let key = key_type.generate()?;
        let mut params = valid_for(CA_VALIDITY);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Some trust stores look up a CA by its name, so the CA of each process needs a different name.
        let key_id = params.key_identifier(&key);
        let id: String = key_id
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        params.distinguished_name = common_name(&format!("cuc-mock CA {id}"));
        let issuer = CertifiedIssuer::self_signed(params, key)?;
        Ok(Self {
            key_type,
            pem: issuer.pem(),
            issuer,
            configs: Mutex::default(),
        })
    }

    fn sign(&self, names: &BTreeSet<Name>) -> Arc<ServerConfig> {
        let (chain, key) = self.leaf(names).expect("the CA signs validated names");
        server_config(chain, key).expect("the key belongs to the certificate")
    }

    /// Signs a certificate. The chain leaves out the CA, because a client that trusts it already has it.
    fn leaf(&self, names: &BTreeSet<Name>) -> Result<ChainAndKey, Error> {
        let key = self.key_type.generate()?;
        let names: BTreeSet<_> = names
            .iter()
            .cloned()
            .chain(Name::of_this_machine())
            .collect();
        let alt_names: Vec<_> = names.into_iter().map(String::from).collect();
        let mut params = valid_for(LEAF_VALIDITY);
        params.subject_alt_names = CertificateParams::new(alt_names)?.subject_alt_names;
        params.distinguished_name = common_name("cuc-mock");
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok((vec![certificate.into()], PrivateKeyDer::Pkcs8(key.into())))
    }
}

/// Returns the parameters of a certificate that is valid from one hour ago, to tolerate clock differences.
#[expect(
    clippy::disallowed_methods,
    reason = "verifiers compare with the real time"
)]
fn valid_for(validity: Duration) -> CertificateParams {
    let since_epoch = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(1970, 1, 1) + since_epoch.saturating_sub(HOUR);
    params.not_after = params.not_before + validity;
    params
}

fn common_name(name: &str) -> DistinguishedName {
    let mut distinguished_name = DistinguishedName::new();
    distinguished_name.push(DnType::CommonName, name);
    distinguished_name
}
