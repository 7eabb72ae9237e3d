//! The reasons for which TLS handshakes fail.

use std::io::{Error, ErrorKind};

use rustls::{AlertDescription, PeerIncompatible};

/// Explains a failed handshake and names the remedy, if the error itself does not. The server has its certificate
/// from a file, or generates it.
pub(crate) fn explain(error: &Error, is_generated: bool) -> Option<String> {
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
        )) if is_generated => {
            let reason = "the client may support only RSA keys: --tls-key-type rsa generates them";
            Some(reason.to_owned())
        }
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
