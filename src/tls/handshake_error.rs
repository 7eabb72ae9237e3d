//! The reasons for which TLS handshakes fail.

use std::io::{Error, ErrorKind};

use rustls::{AlertDescription, PeerIncompatible};

use crate::tls::{Certificate, KeyType};

/// Explains a failed handshake of a server with this certificate and names the remedy, if the error itself does not.
pub(crate) fn explain(error: &Error, certificate: &Certificate) -> Option<String> {
    let is_generated = certificate.is_generated();
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
    match cause {
        Some(rustls::Error::AlertReceived(alert)) if is_about_certificate(*alert) => {
            let trust = if is_generated {
                "it must trust the CA of this server, from GET /__mock/ca.pem or --ca-out FILE, \
                 and use a name of the certificate (--tls-name adds one)"
            } else {
                "it must trust the CA of --tls-cert, and use a name of this certificate"
            };
            Some(format!("the client rejects the certificate: {trust}"))
        }
        Some(rustls::Error::PeerIncompatible(
            PeerIncompatible::NoCipherSuitesInCommon | PeerIncompatible::NoSignatureSchemesInCommon,
        )) => Some(incompatible_key(certificate).to_owned()),
        _ if error.kind() == ErrorKind::UnexpectedEof => {
            let ca = if is_generated {
                "the CA, from GET /__mock/ca.pem or --ca-out FILE"
            } else {
                "the CA of --tls-cert"
            };
            Some(format!(
                "the client closed the connection, perhaps because it does not trust {ca}"
            ))
        }
        _ => None,
    }
}

/// Explains that the client cannot use the key of the certificate.
fn incompatible_key(certificate: &Certificate) -> &'static str {
    match certificate {
        Certificate::Generated {
            key_type: KeyType::Ecdsa,
            ..
        } => "the client may support only RSA keys: --tls-key-type rsa generates them",
        #[cfg(feature = "cli")]
        Certificate::Generated {
            key_type: KeyType::Rsa,
            ..
        } => {
            "the client may not support RSA keys with ECDHE: --tls-key-type ecdsa generates others"
        }
        #[cfg(feature = "cli")]
        Certificate::Supplied { .. } => {
            "the client may not support the type of the key of --tls-cert"
        }
    }
}

/// Returns true for the alerts of clients that do not accept the certificate. Which one depends on the client.
fn is_about_certificate(alert: AlertDescription) -> bool {
    use AlertDescription as Alert;
    matches!(
        alert,
        Alert::UnknownCA
            | Alert::BadCertificate
            | Alert::CertificateUnknown
            | Alert::UnsupportedCertificate
            | Alert::CertificateExpired
            | Alert::AccessDenied
    )
}
