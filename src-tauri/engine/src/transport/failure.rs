//! What a failure of network or TLS means, in one plain line that holds no secret.

use std::error::Error;
use std::io::{self, ErrorKind};

use rustls::CertificateError;

use super::CONNECT_DEADLINE;
use super::ask::Why;
use super::classify::one_line;
use super::tls::NotPinned;
use crate::connection::Refusal;

/// How much of a foreign error is shown, in characters.
const SHOWN: usize = 200;

/// No answer came from `host`.
pub(crate) fn unreached(error: &reqwest::Error, host: &str) -> Refusal {
    match cause(error) {
        Cause::Tls(message) => Refusal::Tls(format!("no safe connection to {host}: {message}")),
        Cause::Io(kind) => Refusal::Network(format!("cannot reach {host}: {}", io_message(kind))),
        Cause::Dns => Refusal::Network(format!("cannot reach {host}: its name is not known")),
        Cause::Proxy => Refusal::Network(format!("cannot reach {host}: the proxy refuses")),
        Cause::Other if error.is_timeout() => {
            Refusal::Network(format!("cannot reach {host}: no connection within {} s", CONNECT_DEADLINE.as_secs()))
        }
        Cause::Other => Refusal::Network(format!("no answer from {host}: {}", root(error))),
    }
}

/// Whether the server allows no further stream on an HTTP/2 connection; it did nothing yet (RFC 9113, 8.7).
pub(super) fn is_refused_stream(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(h2) = error.downcast_ref::<h2::Error>() {
            return h2.reason() == Some(h2::Reason::REFUSED_STREAM);
        }
        next = error.source();
    }
    false
}

/// An open stream broke off.
pub fn lost(error: &reqwest::Error) -> Refusal {
    match cause(error) {
        Cause::Tls(message) => Refusal::Tls(format!("the connection broke off: {message}")),
        Cause::Io(ErrorKind::UnexpectedEof) => {
            Refusal::Network("the connection broke off in the middle of the stream".to_owned())
        }
        Cause::Io(kind) => Refusal::Network(format!("the connection broke off: {}", io_message(kind))),
        Cause::Dns | Cause::Proxy | Cause::Other => {
            Refusal::Network(format!("the connection broke off: {}", root(error)))
        }
    }
}

/// The innermost cause in one line. It holds no address: reqwest keeps that in the outermost.
pub(super) fn root(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let text = cause.to_string();
    if std::ptr::addr_eq(cause, error) { "the request cannot be made".to_owned() } else { one_line(&text, SHOWN) }
}

/// What is wrong with TLS, where a mend depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsTrouble {
    /// The certificate has expired.
    Expired,
    /// It is not valid yet.
    NotYet,
    /// It is for another name.
    Name,
    /// Its authority is not known, or it is one itself.
    Authority,
    /// It is not the pinned one.
    Pinned,
    /// Anything else.
    Other,
}

/// Why a request has no answer.
pub(super) fn why(error: &reqwest::Error) -> Why {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        let tls = error.downcast_ref::<io::Error>().and_then(tls_within);
        if let Some(tls) = error.downcast_ref::<rustls::Error>().or(tls) {
            return Why::Tls(tls_trouble(tls));
        }
        next = error.source();
    }
    match cause(error) {
        Cause::Dns => Why::Name,
        Cause::Tls(_) => Why::Tls(TlsTrouble::Other),
        Cause::Io(_) | Cause::Proxy | Cause::Other => Why::Network,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "rustls's errors are open")]
fn tls_trouble(error: &rustls::Error) -> TlsTrouble {
    let rustls::Error::InvalidCertificate(error) = error else { return TlsTrouble::Other };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsTrouble::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => TlsTrouble::NotYet,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => TlsTrouble::Name,
        CertificateError::UnknownIssuer => TlsTrouble::Authority,
        CertificateError::Other(error) if error.0.is::<NotPinned>() => TlsTrouble::Pinned,
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => TlsTrouble::Authority,
        _ => TlsTrouble::Other,
    }
}

enum Cause {
    Tls(String),
    Io(ErrorKind),
    Dns,
    Proxy,
    Other,
}

/// The first telling error on the way to the root.
fn cause(error: &reqwest::Error) -> Cause {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    let mut kind = None;
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Cause::Tls(tls_message(tls));
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            if let Some(tls) = tls_within(io) {
                return Cause::Tls(tls_message(tls));
            }
            kind = kind.or_else(|| (io.kind() != ErrorKind::Other).then_some(io.kind()));
        }
        let text = error.to_string();
        if text == "dns error" {
            return Cause::Dns;
        }
        if text.contains("tunnel") || text.contains("SOCKS") {
            return Cause::Proxy;
        }
        next = error.source();
    }
    kind.map_or(Cause::Other, Cause::Io)
}

fn tls_within(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    inner.downcast_ref::<rustls::Error>().or_else(|| tls_within(inner.downcast_ref::<io::Error>()?))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "rustls::Error is open")]
fn tls_message(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(certificate) => certificate_message(certificate),
        rustls::Error::InvalidMessage(_) => "the server does not speak TLS there".to_owned(),
        rustls::Error::AlertReceived(alert) => format!("the server refuses the handshake ({alert:?})"),
        other => one_line(&other.to_string(), SHOWN),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "CertificateError is open")]
fn certificate_message(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => {
            "its certificate is from an authority that this machine does not know (ca_cert names a further one)"
                .to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet; is this machine's clock right?".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another name".to_owned()
        }
        CertificateError::Revoked => "its certificate was revoked".to_owned(),
        CertificateError::Other(error) if error.0.is::<NotPinned>() => error.0.to_string(),
        // The verifier's own error, which rustls does not name.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "its certificate is that of an authority, not of a server".to_owned()
        }
        other => format!("its certificate cannot be used ({})", one_line(&format!("{other:?}"), 80)),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "ErrorKind is open")]
fn io_message(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        ErrorKind::ConnectionReset => "connection reset".to_owned(),
        ErrorKind::ConnectionAborted => "connection aborted".to_owned(),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "there is no way to it from here".to_owned(),
        ErrorKind::TimedOut => format!("no connection within {} s", CONNECT_DEADLINE.as_secs()),
        ErrorKind::NotFound => "there is no such socket".to_owned(),
        ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe | ErrorKind::NotConnected => "connection closed".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_that_cannot_be_trusted_are_told_apart() {
        for (error, word) in [
            (CertificateError::UnknownIssuer, "ca_cert"),
            (CertificateError::Expired, "expired"),
            (CertificateError::NotValidYet, "clock"),
            (CertificateError::NotValidForName, "another name"),
            (CertificateError::BadEncoding, "BadEncoding"),
        ] {
            let message = tls_message(&rustls::Error::InvalidCertificate(error));
            assert!(message.contains(word), "{message}");
        }
    }

    #[test]
    fn tls_is_found_inside_of_io() {
        let tls = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let nested = io::Error::other(io::Error::new(ErrorKind::InvalidData, tls));
        assert!(tls_within(&nested).is_some());
    }
}
