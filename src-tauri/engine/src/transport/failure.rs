//! What a failure of network or TLS means, in one plain line that holds no secret.

use std::error::Error;
use std::io::{self, ErrorKind};

use rustls::CertificateError;

use super::CONNECT_DEADLINE;
use super::ask::Why;
use super::classify::one_line;
use super::tls::NotPinned;
use crate::connection::Refusal;
use crate::locale::Text;
use crate::text;

/// How much of a foreign error is shown, in characters.
const SHOWN: usize = 200;

/// No answer came from `host`.
pub(crate) fn unreached(error: &reqwest::Error, host: &Text) -> Refusal {
    let why = match cause(error) {
        Cause::Tls(why) => {
            return Refusal::Tls(text!(
                "no safe connection to {host}: {why}",
                "无法与 {host} 建立安全连接：{why}",
                host,
                why
            ));
        }
        Cause::Other if !error.is_timeout() => {
            let why = root(error);
            return Refusal::Network(text!("no answer from {host}: {why}", "{host} 没有应答：{why}", host, why));
        }
        Cause::Other => too_late(),
        Cause::Io(kind) => io_message(kind),
        Cause::Dns => text!("its name is not known", "找不到这个主机名"),
        Cause::Proxy => text!("the proxy refuses", "代理拒绝了请求"),
    };
    Refusal::Network(text!("cannot reach {host}: {why}", "无法连接 {host}：{why}", host, why))
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
        Cause::Tls(why) => Refusal::Tls(broke_off(&why)),
        Cause::Io(ErrorKind::UnexpectedEof) => {
            Refusal::Network(text!("the connection broke off in the middle of the stream", "流传到一半，连接中断了"))
        }
        Cause::Io(kind) => Refusal::Network(broke_off(&io_message(kind))),
        Cause::Dns | Cause::Proxy | Cause::Other => Refusal::Network(broke_off(&root(error))),
    }
}

fn broke_off(why: &Text) -> Text {
    text!("the connection broke off: {why}", "连接中断：{why}", why)
}

fn too_late() -> Text {
    let seconds = CONNECT_DEADLINE.as_secs();
    text!("no connection within {seconds} s", "{seconds} 秒内没有连上")
}

/// The innermost cause in one line. It holds no address: reqwest keeps that in the outermost.
pub(super) fn root(error: &reqwest::Error) -> Text {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if std::ptr::addr_eq(cause, error) {
        return text!("the request cannot be made", "无法发出请求");
    }
    Text::plain(one_line(&cause.to_string(), SHOWN))
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
    Tls(Text),
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
fn tls_message(error: &rustls::Error) -> Text {
    match error {
        rustls::Error::InvalidCertificate(certificate) => certificate_message(certificate),
        rustls::Error::InvalidMessage(_) => text!("the server does not speak TLS there", "服务器在那里不使用 TLS"),
        rustls::Error::AlertReceived(alert) => {
            text!("the server refuses the handshake ({alert:?})", "服务器拒绝了握手（{alert:?}）")
        }
        other => Text::plain(one_line(&other.to_string(), SHOWN)),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "CertificateError is open")]
fn certificate_message(error: &CertificateError) -> Text {
    match error {
        CertificateError::UnknownIssuer => {
            text!(
                "its certificate is from an authority that this machine does not know (ca_cert names a further one)",
                "本机不认识其证书的签发机构（可用 ca_cert 另外指定）"
            )
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            text!("its certificate has expired", "证书已过期")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => text!(
            "its certificate is not valid yet; is this machine's clock right?",
            "证书尚未生效；本机的时钟准确吗？"
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            text!("its certificate is for another name", "证书属于另一个名称")
        }
        CertificateError::Revoked => text!("its certificate was revoked", "证书已被吊销"),
        CertificateError::Other(error) if error.0.is::<NotPinned>() => {
            let seen = &error.0;
            text!(
                "its certificate is not the pinned one: it has the SHA-256 {seen}",
                "证书不是固定的那一张：它的 SHA-256 是 {seen}"
            )
        }
        // The verifier's own error, which rustls does not name.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            text!("its certificate is that of an authority, not of a server", "这是签发机构的证书，不是服务器的证书")
        }
        other => {
            let other = one_line(&format!("{other:?}"), 80);
            text!("its certificate cannot be used ({other})", "证书无法使用（{other}）")
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "ErrorKind is open")]
pub(crate) fn io_message(kind: ErrorKind) -> Text {
    match kind {
        ErrorKind::ConnectionRefused => text!("connection refused", "连接被拒绝"),
        ErrorKind::ConnectionReset => text!("connection reset", "连接被重置"),
        ErrorKind::ConnectionAborted => text!("connection aborted", "连接被中止"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            text!("there is no way to it from here", "从这里无法到达")
        }
        ErrorKind::TimedOut => too_late(),
        ErrorKind::NotFound => text!("there is no such socket", "没有这个套接字"),
        ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe | ErrorKind::NotConnected => {
            text!("connection closed", "连接被关闭")
        }
        other => Text::of_kind(other),
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
            assert!(message.english.contains(word), "{message}");
        }
    }

    #[test]
    fn tls_is_found_inside_of_io() {
        let tls = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let nested = io::Error::other(io::Error::new(ErrorKind::InvalidData, tls));
        assert!(tls_within(&nested).is_some());
    }
}
