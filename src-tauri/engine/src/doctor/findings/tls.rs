//! TLS and certificates.

use std::time::Duration;

use super::{Certainty, Code, Finding, count, span};
use crate::doctor::observations::{Certificate, Observations};
use crate::locale::Text;
use crate::text;
use crate::transport::{TlsTrouble, Why};

/// A certificate with less left than this, and less than a fifth of its life, should have been renewed by now.
const SOON: Duration = Duration::from_hours(14 * 24);

pub(super) fn expired(seen: &Observations) -> Option<Finding> {
    let trouble = trouble(seen).filter(|trouble| matches!(trouble, TlsTrouble::Expired | TlsTrouble::NotYet))?;
    let at = seen.visits.first()?.answer.at;
    let finding = |title: Text| Finding::problem(Code::CertificateExpired, Certainty::Certain, title);
    let date = |time: jiff::Timestamp| time.strftime("%Y-%m-%d").to_string();
    let certificate = seen.certificate.as_ref();
    Some(match (trouble, certificate) {
        (TlsTrouble::NotYet, certificate) => finding(text!("The certificate is not valid yet", "证书尚未生效"))
            .seen(certificate.map_or_else(Text::default, |own| {
                let from = date(own.from);
                text!("It is valid from {from} on.", "它从 {from} 起有效。")
            }))
            .mend(text!("check this machine's clock, then the certificate", "请先检查本机时钟，再检查证书")),
        (_, Some(own)) => {
            let past = at.duration_since(own.until).unsigned_abs();
            let (until, ago) = (date(own.until), span(past));
            finding(text!("The certificate has expired", "证书已过期"))
                .seen(text!("It was valid until {until}, {ago} ago.", "有效期到 {until} 为止，已过 {ago}。", ago))
                .number("expired_days", count(past.as_secs() / 86_400))
                .paste(
                    text!("renew it, and reload the server", "请续期证书，并让服务器重新加载"),
                    "certbot renew && nginx -s reload",
                )
        }
        (_, None) => finding(text!("The certificate has expired", "证书已过期")).seen(message(seen)).paste(
            text!("renew it, and reload the server", "请续期证书，并让服务器重新加载"),
            "certbot renew && nginx -s reload",
        ),
    })
}

pub(super) fn name(seen: &Observations) -> Option<Finding> {
    trouble(seen).filter(|trouble| *trouble == TlsTrouble::Name)?;
    let names = seen.certificate.as_ref().map(|own| own.names.join(", ")).filter(|names| !names.is_empty());
    let names = names.map_or_else(|| text!("no name", "空名称"), Text::plain);
    let host = &seen.target.host;
    let finding = Finding::problem(
        Code::CertificateName,
        Certainty::Certain,
        text!("The certificate is for another host", "证书属于另一台主机"),
    )
    .seen(text!("{host} was asked; its certificate is for {names}.", "请求的是 {host}，证书却属于 {names}。", names))
    .mend(text!(
        "use a name that the certificate is for, or have it issued for this one too",
        "请使用证书上的名称，或为这个名称也签发证书"
    ));
    Some(finding)
}

pub(super) fn self_signed(seen: &Observations) -> Option<Finding> {
    let own = seen.certificate.as_ref().filter(|own| own.self_signed)?;
    // What nobody vouches for can fail in more than one way.
    trouble(seen).filter(|trouble| matches!(trouble, TlsTrouble::Authority | TlsTrouble::Other))?;
    let issuer = named(own);
    let finding = Finding::problem(
        Code::CertificateSelfSigned,
        Certainty::Certain,
        text!("The certificate signed itself", "证书是自签名的"),
    )
    .seen(text!(
        "Nobody else vouches for it: it is issued by {issuer} to itself.",
        "没有别人为它担保：它由 {issuer} 签发给自己。",
        issuer
    ))
    .paste(
        text!(
            "get one from an authority, or trust just this one by its fingerprint",
            "请向签发机构申请证书，或按指纹只信任这一张"
        ),
        "pin_sha256 = [\"…\"]",
    )
    .mend(text!(
        "a private authority's own certificate is named with ca_cert",
        "私有签发机构自己的证书用 ca_cert 指定"
    ));
    Some(finding)
}

pub(super) fn authority(seen: &Observations) -> Option<Finding> {
    trouble(seen).filter(|trouble| *trouble == TlsTrouble::Authority)?;
    let own = seen.certificate.as_ref();
    if own.is_some_and(|own| own.self_signed) {
        return None;
    }
    let title = text!("The certificate's authority is not known to this machine", "本机不认识证书的签发机构");
    let finding = Finding::problem(Code::CertificateAuthority, Certainty::Certain, title);
    let Some(own) = own else {
        return Some(
            finding.seen(message(seen)).mend(text!("name the authority with ca_cert", "请用 ca_cert 指定签发机构")),
        );
    };
    let (issuer, chain) = (named(own), own.chain);
    let finding = finding
        .seen(text!(
            "It is issued by {issuer}; the server sends {chain} certificate(s).",
            "它由 {issuer} 签发；服务器发来 {chain} 张证书。",
            issuer
        ))
        .number("chain", count(own.chain))
        .paste(
            text!("name the authority's certificate (PEM)", "请指定签发机构的证书（PEM）"),
            "ca_cert = \"/path/to/ca.pem\"",
        );
    if own.chain > 1 {
        return Some(finding);
    }
    let words = text!(
        "or, with a public authority: the server leaves out the one in between; have it send the full chain",
        "如果是公共机构：服务器漏发了中间证书；请让它发送完整的证书链"
    );
    Some(finding.paste(words, "ssl_certificate /etc/letsencrypt/live/NAME/fullchain.pem;"))
}

pub(super) fn other(seen: &Observations) -> Option<Finding> {
    let trouble = trouble(seen).filter(|trouble| matches!(trouble, TlsTrouble::Other | TlsTrouble::Pinned))?;
    if self_signed(seen).is_some() {
        return None;
    }
    let finding =
        Finding::problem(Code::Tls, Certainty::Certain, text!("No safe connection can be made", "无法建立安全连接"))
            .seen(message(seen));
    Some(if trouble == TlsTrouble::Pinned {
        finding.mend(text!(
            "if the certificate was renewed, name its new fingerprint in pin_sha256",
            "如果证书已续期，请把新指纹写进 pin_sha256"
        ))
    } else {
        finding.mend(text!(
            "check that the port speaks TLS (https) and a version that is still in use",
            "请检查这个端口是否使用 TLS（https），以及版本是否仍受支持"
        ))
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
        let days = count(left.as_secs() / 86_400);
        let (left, life) = (span(left), span(life));
        Finding::risk(Code::CertificateEnds, Certainty::Certain, text!("The certificate ends soon", "证书即将到期"))
            .seen(text!(
                "It ends in {left}, and lives for {life} in all: it should have been renewed.",
                "它再过 {left}就到期，总有效期 {life}：早该续期了。",
                left,
                life
            ))
            .number("left_days", days)
            .paste(
                text!(
                    "renew it, and find out why that did not happen by itself",
                    "请续期证书，并查明为什么没有自动续期"
                ),
                "certbot renew && nginx -s reload",
            )
    })
}

fn trouble(seen: &Observations) -> Option<TlsTrouble> {
    match seen.failure()?.why {
        Why::Tls(trouble) => Some(trouble),
        Why::Name | Why::Network | Why::Silent | Why::Loop | Why::Redirect | Why::Unusable => None,
    }
}

fn message(seen: &Observations) -> Text {
    seen.failure().map(|failure| failure.message.clone()).unwrap_or_default()
}

fn named(certificate: &Certificate) -> Text {
    match certificate.issuer.as_str() {
        "" => text!("an authority without a name", "一个没有名称的机构"),
        issuer => Text::plain(issuer),
    }
}
