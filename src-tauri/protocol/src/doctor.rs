//! What a diagnosis of a stream found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::text::Text;

/// What is wrong between here and a server, and what was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DoctorReport {
    /// The address that was asked, its secrets replaced by `***`.
    pub url: String,
    /// How it is, in a word.
    pub verdict: Verdict,
    /// How it is, in one line.
    pub summary: Text,
    /// What is wrong, or may go wrong: what does harm now first. Empty where all is well.
    pub findings: Vec<Finding>,
    /// What was measured.
    pub figures: Figures,
    /// The servers and proxies that gave themselves away, as `nginx 1.22.1`; the nearest first.
    pub servers: Vec<String>,
    /// What could not be found out, and how to find it out; a line each.
    pub notes: Vec<Text>,
}

/// How a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing was found.
    Healthy,
    /// Something was.
    Findings,
    /// No server answered.
    Unreachable,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which one.
    pub code: FindingCode,
    /// Whether it does harm now.
    pub weight: Weight,
    /// What is wrong, in one line.
    pub title: Text,
    /// What was seen, in one or two sentences with numbers.
    pub evidence: Text,
    /// The numbers of the evidence by name, for programs. Times end in `_ms` or `_s`.
    pub numbers: BTreeMap<String, f64>,
    /// How sure it is.
    pub certainty: Certainty,
    /// What to do, for each server or proxy that was recognised; never empty.
    pub mends: Vec<Mend>,
}

/// Whether a finding does harm now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Events come late, are lost, or do not come.
    Problem,
    /// They may one day.
    Risk,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// It was seen; nothing else explains it.
    Certain,
    /// It explains best what was seen.
    Likely,
    /// It would explain what was seen; so would something else.
    Possible,
}

/// What to do about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Mend {
    /// Where, as `nginx` or `Node`; empty where it is the same everywhere.
    pub product: String,
    /// What to do, in one line.
    pub words: Text,
    /// What to paste there; may be empty, may have lines.
    pub paste: String,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// No server answers.
    Unreachable,
    /// The certificate has expired, or is not valid yet.
    CertificateExpired,
    /// The certificate is for another name.
    CertificateName,
    /// The certificate signed itself.
    CertificateSelfSigned,
    /// The certificate's authority is not known here, or the server leaves out what leads to it.
    CertificateAuthority,
    /// TLS fails for another reason.
    Tls,
    /// The certificate ends soon.
    CertificateEnds,
    /// The redirects never end.
    RedirectLoop,
    /// A redirect leads where it is not followed.
    Redirect,
    /// A page to sign in on instead of a stream.
    LoginPage,
    /// The server wants to know who asks, or refuses the credentials (401).
    Unauthorized,
    /// The credentials do not allow this (403).
    Forbidden,
    /// The token lacks a scope.
    Scope,
    /// The token has expired.
    TokenExpired,
    /// The token expires soon.
    TokenEnds,
    /// A token stands in the address.
    TokenInUrl,
    /// There is nothing at this path (404).
    NotFound,
    /// Any other status than 200.
    Status,
    /// The answer names no content type.
    ContentTypeMissing,
    /// The answer is of another content type.
    ContentTypeWrong,
    /// The answer is compressed.
    Compressed,
    /// A cache may store the answer.
    Cacheable,
    /// Something in between holds events back and passes them on in clumps.
    Buffered,
    /// The server behind nginx does not tell it not to buffer.
    AccelBuffering,
    /// The answer's header comes late.
    FirstByteLate,
    /// Connections are cut at the same age.
    CutByAge,
    /// Connections are cut after the same silence.
    CutBySilence,
    /// Connections end or break off, at no regular time.
    Cut,
    /// Silences are longer than what common timeouts allow.
    NoHeartbeat,
    /// HTTP/1.0.
    Http10,
    /// `Connection: close`.
    ConnectionClose,
    /// HTTP/2 fails where HTTP/1.1 works.
    Http2,
    /// Events have no ids: none that is missed can be sent again.
    NoIds,
    /// Asked to resume after an id, the server does not.
    ResumeIgnored,
    /// Asked to resume after an id, the server sends again what was before.
    ResumeRepeats,
    /// The reconnection time is absurdly small.
    RetrySmall,
    /// The server's clock and this machine's differ.
    Clock,
    /// The server cannot be reached over IPv6 as over IPv4.
    Ipv6,
    /// A proxy is in the way.
    Proxy,
}

/// What was measured; what could not be is `null`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Figures {
    /// The status of the answer.
    pub status: Option<u16>,
    /// `1.1`, `2` …
    pub http: Option<String>,
    /// Milliseconds from the request to the answer's header, connecting included.
    pub header_ms: Option<u32>,
    /// Milliseconds from the request to the body's first byte.
    pub first_byte_ms: Option<u32>,
    /// How long the stream was watched.
    pub watched_ms: u32,
    /// Connections that were opened while watching; more than one where it was cut.
    pub connections: u32,
    /// Events that came.
    pub events: u32,
    /// Events a second.
    pub events_per_second: f64,
    /// Seconds between comments, where the server sends them as a heartbeat.
    pub heartbeat_s: Option<f64>,
    /// The longest time without a byte, in seconds.
    pub longest_silence_s: f64,
    /// How many events have an id.
    pub ids: IdsFigure,
    /// What the server did when it was asked to resume.
    pub resume: ResumeFigure,
    /// The reconnection time that the server names, in milliseconds.
    pub retry_ms: Option<u32>,
    /// Days until the certificate ends; negative where it has.
    pub certificate_days: Option<i32>,
    /// How far the server's clock is ahead, in seconds; it is known to the second.
    pub clock_s: Option<f64>,
}

/// How many events have an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum IdsFigure {
    /// No event came.
    #[default]
    Unknown,
    /// None of them.
    None,
    /// Some.
    Some,
    /// All.
    All,
}

/// What the server did when it was asked to resume after an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ResumeFigure {
    /// It was not asked: there was no id to resume after, or the request is not safe to repeat.
    #[default]
    NotTried,
    /// No event came in time to tell.
    Unknown,
    /// It went on after the id.
    Works,
    /// It went on elsewhere, and left events out.
    Ignored,
    /// It sent again what was before the id.
    Repeats,
}
