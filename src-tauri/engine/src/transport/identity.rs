//! A client's certificate and its key, from a PEM or PKCS#12 file.

use std::path::Path;

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use secrecy::ExposeSecret as _;

use super::tls::unusable;
use crate::connection::Refusal;
use crate::secrets::Secret;
use crate::text;

/// The certificate, those between it and its authority, and the key.
pub(super) struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Takes a file's bytes apart. PEM is known by its looks; everything else counts as PKCS#12 (RFC 7292), which has
    /// a password, be it an empty one.
    ///
    /// # Errors
    /// [`Refusal::Tls`] where it holds no certificate with a key; [`Refusal::Secret`] where the password may be wrong.
    pub(super) fn read(path: &Path, bytes: &[u8], password: Option<&Secret>) -> Result<Self, Refusal> {
        if is_pem(bytes) { pem(path, bytes) } else { pkcs12(path, bytes, password) }
    }
}

fn is_pem(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"-----BEGIN ").is_some()
}

fn pem(path: &Path, bytes: &[u8]) -> Result<Identity, Refusal> {
    let chain: Option<Vec<_>> = CertificateDer::pem_slice_iter(bytes).collect::<Result<_, _>>().ok();
    let key = PrivateKeyDer::from_pem_slice(bytes).ok();
    match (chain.filter(|chain| !chain.is_empty()), key) {
        (Some(chain), Some(key)) => Ok(Identity { chain, key }),
        (None, _) | (_, None) => Err(unusable(path, &text!("a PEM certificate and its key", " PEM 证书及其密钥"))),
    }
}

fn pkcs12(path: &Path, bytes: &[u8], password: Option<&Secret>) -> Result<Identity, Refusal> {
    let given = password.map(|password| password.expose_secret()).unwrap_or_default();
    let store = KeyStore::from_pkcs12(bytes, given, Pkcs12ImportPolicy::Strict)
        .map_err(|error| refused(path, &error, password))?;
    let (_, found) = store
        .private_key_chain()
        .ok_or_else(|| unusable(path, &text!("a certificate with its key", "带密钥的证书")))?;
    let chain: Vec<_> = found.certs().iter().map(|one| CertificateDer::from(one.as_der().to_vec())).collect();
    if chain.is_empty() {
        return Err(unusable(path, &text!("a certificate with its key", "带密钥的证书")));
    }
    let key = PrivatePkcs8KeyDer::from(found.key().as_der().to_vec()).into();
    Ok(Identity { chain, key })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all other errors are of the file")]
fn refused(path: &Path, error: &p12_keystore::error::Error, password: Option<&Secret>) -> Refusal {
    use p12_keystore::error::Error;
    let shown = path.display();
    match error {
        Error::MacError(_) | Error::Pkcs5Error(_) if password.is_some() => {
            Refusal::Secret(text!("the password of {shown} is wrong", "{shown} 的密码不对"))
        }
        Error::MacError(_) | Error::Pkcs5Error(_) => Refusal::Secret(text!(
            "{shown} has a password: say with client_cert_password where it is kept",
            "{shown} 设有密码：请用 client_cert_password 说明它保存在哪里"
        )),
        _ => unusable(
            path,
            &text!("a certificate with its key, neither in PEM nor in PKCS#12", "带密钥的证书，无论 PEM 还是 PKCS#12"),
        ),
    }
}
