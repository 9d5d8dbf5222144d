//! How a client speaks TLS: whom it trusts, and who it says it is.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, SignatureScheme};
use rustls_platform_verifier::Verifier;
use sha2::{Digest as _, Sha256};

use super::identity::Identity;
use crate::config::Fingerprint;
use crate::connection::Refusal;
use crate::locale::Text;
use crate::text;

/// Whom a client trusts.
pub(super) enum Trust {
    /// The system's authorities, and these.
    Authorities(Vec<CertificateDer<'static>>),
    /// The servers that have one of these certificates, and nobody else.
    Pinned(Vec<Fingerprint>),
    /// Nobody: what the server shows is noted, and the handshake broken off.
    Nobody(Arc<Seen>),
}

/// The certificates that a server showed, its own first.
pub(super) type Seen = OnceLock<Vec<CertificateDer<'static>>>;

/// The settings of a client. Loads the system's certificates from disk: a few milliseconds.
///
/// # Errors
/// Where an authority or the client's own certificate cannot be used.
pub(super) fn settings(trust: Trust, identity: Option<Identity>, http1: bool) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let by_sight = |judge| Arc::new(Sight { judge, provider: provider.clone() });
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Authorities(more) => Arc::new(Verifier::new_with_extra_roots(more, provider.clone())?),
        Trust::Pinned(pins) => by_sight(Judge::Pinned(pins)),
        Trust::Nobody(seen) => by_sight(Judge::Onlooker(seen)),
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    let mut settings = match identity {
        Some(Identity { chain, key }) => builder.with_client_auth_cert(chain, key)?,
        None => builder.with_no_client_auth(),
    };
    settings.alpn_protocols = if http1 { vec![b"http/1.1".into()] } else { vec![b"h2".into(), b"http/1.1".into()] };
    Ok(settings)
}

/// The certificates of a PEM file.
pub(super) fn authorities(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Refusal> {
    let found: Option<Vec<_>> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok();
    found.filter(|found| !found.is_empty()).ok_or_else(|| unusable(path, &text!("PEM certificates", " PEM 证书")))
}

/// A file that is not what it should be.
pub(super) fn unusable(path: &Path, what: &Text) -> Refusal {
    let path = path.display();
    Refusal::Tls(text!("{path} does not hold {what}", "{path} 里没有{what}", what))
}

/// The server has another certificate than the pinned ones.
#[derive(Debug)]
pub(super) struct NotPinned(pub(super) Fingerprint);

impl fmt::Display for NotPinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for NotPinned {}

/// Judges a server by the certificates that it shows and by nothing else: who signed them, for which name and until when
/// does not count. That the server holds the certificate's key is proven by the handshake's signature, as ever.
#[derive(Debug)]
struct Sight {
    judge: Judge,
    provider: Arc<CryptoProvider>,
}

/// What a [`Sight`] says of certificates.
#[derive(Debug)]
enum Judge {
    /// Those with one of these fingerprints are trusted.
    Pinned(Vec<Fingerprint>),
    /// None is; they are noted.
    Onlooker(Arc<Seen>),
}

impl ServerCertVerifier for Sight {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let error = match &self.judge {
            Judge::Pinned(pins) => {
                let seen = Fingerprint(Sha256::digest(end_entity).into());
                if pins.contains(&seen) {
                    return Ok(ServerCertVerified::assertion());
                }
                CertificateError::Other(OtherError(Arc::new(NotPinned(seen))))
            }
            Judge::Onlooker(seen) => {
                let chain = std::iter::once(end_entity).chain(intermediates).map(|one| one.clone().into_owned());
                // The first handshake is as good as any.
                drop(seen.set(chain.collect()));
                CertificateError::ApplicationVerificationFailure
            }
        };
        Err(rustls::Error::InvalidCertificate(error))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
