//! TLS and certificates.

use std::time::Duration;

use super::{Certainty, Code, Finding, count, span};
use crate::doctor::observations::{Certificate, Observations};
use crate::transport::{TlsTrouble, Why};

/// A certificate with less left than this, and less than a fifth of its life, should have been renewed by now.
const SOON: Duration = Duration::from_hours(14 * 24);

pub(super) fn expired(seen: &Observations) -> Option<Finding> {
    let trouble = trouble(seen).filter(|trouble| matches!(trouble, TlsTrouble::Expired | TlsTrouble::NotYet))?;
    let at = seen.visits.first()?.answer.at;
    let finding = |title: &str| Finding::problem(Code::CertificateExpired, Certainty::Certain, title);
    let date = |time: jiff::Timestamp| time.strftime("%Y-%m-%d").to_string();
    let certificate = seen.certificate.as_ref();
    Some(match (trouble, certificate) {
        (TlsTrouble::NotYet, certificate) => finding("The certificate is not valid yet")
            .seen(certificate.map_or_else(String::new, |own| format!("It is valid from {} on.", date(own.from))))
            .mend("check this machine's clock, then the certificate"),
        (_, Some(own)) => {
            let past = at.duration_since(own.until).unsigned_abs();
            finding("The certificate has expired")
                .seen(format!("It was valid until {}, {} ago.", date(own.until), span(past)))
                .number("expired_days", count(past.as_secs() / 86_400))
                .paste("renew it, and reload the server", "certbot renew && nginx -s reload")
        }
        (_, None) => finding("The certificate has expired")
            .seen(message(seen))
            .paste("renew it, and reload the server", "certbot renew && nginx -s reload"),
    })
}

pub(super) fn name(seen: &Observations) -> Option<Finding> {
    trouble(seen).filter(|trouble| *trouble == TlsTrouble::Name)?;
    let names = seen.certificate.as_ref().map(|own| own.names.join(", ")).filter(|names| !names.is_empty());
    let names = names.unwrap_or_else(|| "no name".to_owned());
    let finding = Finding::problem(Code::CertificateName, Certainty::Certain, "The certificate is for another host")
        .seen(format!("{} was asked; its certificate is for {names}.", seen.target.host))
        .mend("use a name that the certificate is for, or have it issued for this one too");
    Some(finding)
}

pub(super) fn self_signed(seen: &Observations) -> Option<Finding> {
    let own = seen.certificate.as_ref().filter(|own| own.self_signed)?;
    // What nobody vouches for can fail in more than one way.
    trouble(seen).filter(|trouble| matches!(trouble, TlsTrouble::Authority | TlsTrouble::Other))?;
    let finding = Finding::problem(Code::CertificateSelfSigned, Certainty::Certain, "The certificate signed itself")
        .seen(format!("Nobody else vouches for it: it is issued by {} to itself.", named(own)))
        .paste("get one from an authority, or trust just this one by its fingerprint", "pin_sha256 = [\"…\"]")
        .mend("a private authority's own certificate is named with ca_cert");
    Some(finding)
}

pub(super) fn authority(seen: &Observations) -> Option<Finding> {
    trouble(seen).filter(|trouble| *trouble == TlsTrouble::Authority)?;
    let own = seen.certificate.as_ref();
    if own.is_some_and(|own| own.self_signed) {
        return None;
    }
    let title = "The certificate's authority is not known to this machine";
    let finding = Finding::problem(Code::CertificateAuthority, Certainty::Certain, title);
    let Some(own) = own else { return Some(finding.seen(message(seen)).mend("name the authority with ca_cert")) };
    let finding = finding
        .seen(format!("It is issued by {}; the server sends {} certificate(s).", named(own), own.chain))
        .number("chain", count(own.chain))
        .paste("name the authority's certificate (PEM)", "ca_cert = \"/path/to/ca.pem\"");
    if own.chain > 1 {
        return Some(finding);
    }
    let words = "or, with a public authority: the server leaves out the one in between; have it send the full chain";
    Some(finding.paste(words, "ssl_certificate /etc/letsencrypt/live/NAME/fullchain.pem;"))
}

pub(super) fn other(seen: &Observations) -> Option<Finding> {
    let trouble = trouble(seen).filter(|trouble| matches!(trouble, TlsTrouble::Other | TlsTrouble::Pinned))?;
    if self_signed(seen).is_some() {
        return None;
    }
    let finding = Finding::problem(Code::Tls, Certainty::Certain, "No safe connection can be made").seen(message(seen));
    Some(if trouble == TlsTrouble::Pinned {
        finding.mend("if the certificate was renewed, name its new fingerprint in pin_sha256")
    } else {
        finding.mend("check that the port speaks TLS (https) and a version that is still in use")
    })
}

pub(super) fn ends_soon(seen: &Observations) -> Option<Finding> {
    let own = seen.certificate.as_ref()?;
    let at = seen.visits.first()?.answer.at;
    if seen.failure().is_some() || own.until <= at {
        return None;
    }
    let left = own.until.duration_since(at).unsigned_abs();
    let life = own.until.duration_since(own.from).unsigned_abs();
    (left < SOON && left < life / 5).then(|| {
        Finding::risk(Code::CertificateEnds, Certainty::Certain, "The certificate ends soon")
            .seen(format!(
                "It ends in {}, and lives for {} in all: it should have been renewed.",
                span(left),
                span(life)
            ))
            .number("left_days", count(left.as_secs() / 86_400))
            .paste("renew it, and find out why that did not happen by itself", "certbot renew && nginx -s reload")
    })
}

fn trouble(seen: &Observations) -> Option<TlsTrouble> {
    match seen.failure()?.why {
        Why::Tls(trouble) => Some(trouble),
        Why::Name | Why::Network | Why::Silent | Why::Loop | Why::Redirect | Why::Unusable => None,
    }
}

fn message(seen: &Observations) -> String {
    seen.failure().map(|failure| failure.message.to_string()).unwrap_or_default()
}

fn named(certificate: &Certificate) -> &str {
    if certificate.issuer.is_empty() { "an authority without a name" } else { &certificate.issuer }
}
