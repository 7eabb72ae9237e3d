//! The CA of this process, and the certificates that it signs. No key ever leaves the memory.

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

use super::Name;

/// A chain of certificates, and the key of its first.
type Signed = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Verifiers of Apple take at most 398 days.
const LEAF_VALIDITY: Duration = DAY.saturating_mul(397);
const CA_VALIDITY: Duration = DAY.saturating_mul(3650);

/// Made when it is first needed, once per process.
static AUTHORITY: LazyLock<Authority> =
    LazyLock::new(|| Authority::new().expect("a key can be made and can sign"));

struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pem: String,
    /// What has been signed so far, by the names that were asked for.
    signed: Mutex<HashMap<BTreeSet<Name>, Arc<ServerConfig>>>,
}

/// The certificate of the CA, in PEM.
pub(crate) fn ca_pem() -> &'static str {
    &AUTHORITY.pem
}

/// A certificate for this machine and `names`, the same one each time.
pub(super) fn config(names: &BTreeSet<Name>) -> Arc<ServerConfig> {
    let mut signed = AUTHORITY.signed.lock();
    if let Some(config) = signed.get(names) {
        return Arc::clone(config);
    }
    let config = AUTHORITY.sign(names);
    signed.insert(names.clone(), Arc::clone(&config));
    config
}

impl Authority {
    fn new() -> Result<Self, Error> {
        let key = KeyPair::generate()?;
        let mut params = valid_for(CA_VALIDITY);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Some trust stores look a CA up by its name: that of an earlier process must be another.
        let id = params.key_identifier(&key);
        let id: String = id
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        params.distinguished_name = common_name(&format!("cuc-mock CA {id}"));
        let issuer = CertifiedIssuer::self_signed(params, key)?;
        Ok(Self {
            pem: issuer.pem(),
            issuer,
            signed: Mutex::default(),
        })
    }

    fn sign(&self, names: &BTreeSet<Name>) -> Arc<ServerConfig> {
        let (chain, key) = self
            .leaf(names)
            .expect("the CA signs names that were checked");
        super::config(chain, key).expect("a key fits the certificate that was made for it")
    }

    /// The certificate alone: a client that trusts the CA has it already.
    fn leaf(&self, names: &BTreeSet<Name>) -> Result<Signed, Error> {
        let key = KeyPair::generate()?;
        let names: BTreeSet<_> = names
            .iter()
            .cloned()
            .chain(Name::of_this_machine())
            .collect();
        let names: Vec<_> = names.into_iter().map(String::from).collect();
        let mut params = valid_for(LEAF_VALIDITY);
        params.subject_alt_names = CertificateParams::new(names)?.subject_alt_names;
        params.distinguished_name = common_name("cuc-mock");
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok((vec![certificate.into()], PrivateKeyDer::Pkcs8(key.into())))
    }
}

/// Parameters of a certificate that is valid since an hour ago, for clocks that go wrong a little.
#[expect(
    clippy::disallowed_methods,
    reason = "verifiers compare with the real time"
)]
fn valid_for(validity: Duration) -> CertificateParams {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let since = now.unwrap_or_default().saturating_sub(HOUR);
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(1970, 1, 1) + since;
    params.not_after = params.not_before + validity;
    params
}

fn common_name(name: &str) -> DistinguishedName {
    let mut distinguished_name = DistinguishedName::new();
    distinguished_name.push(DnType::CommonName, name);
    distinguished_name
}
