//! What a certificate says of itself.

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

use super::observations::Certificate;
use crate::transport::one_line;

/// How many names are kept, and how much of a foreign text, in characters.
const NAMES: usize = 5;
const SHOWN: usize = 80;

/// Reads the first certificate of a chain. Nothing is verified.
pub(super) fn read(chain: &[CertificateDer<'_>]) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(chain.first()?).ok()?;
    let validity = certificate.validity();
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.map(|names| names.value.general_names.iter().filter_map(name).take(NAMES).collect());
    let issuer = certificate.issuer();
    let common = issuer.iter_common_name().next().or_else(|| issuer.iter_organization().next());
    Some(Certificate {
        from: Timestamp::from_second(validity.not_before.timestamp()).ok()?,
        until: Timestamp::from_second(validity.not_after.timestamp()).ok()?,
        self_signed: certificate.issuer() == certificate.subject(),
        issuer: one_line(common.and_then(|name| name.as_str().ok()).unwrap_or_default(), SHOWN),
        names: names.unwrap_or_default(),
        chain: chain.len(),
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the others are no names of hosts")]
fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(one_line(name, SHOWN)),
        GeneralName::IPAddress([a, b, c, d]) => Some(format!("{a}.{b}.{c}.{d}")),
        _ => None,
    }
}
