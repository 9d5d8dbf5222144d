//! What can be wrong: a pure function for each thing, which looks at what was seen and at nothing else.

mod access;
mod answer;
mod cut;
mod delay;
mod heartbeat;
mod reach;
mod redirect;
mod resume;
#[cfg(test)]
mod tests;
mod timeouts;
mod tls;
mod way;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::mend::{self, Mend};
use super::observations::Observations;
use crate::locale::Text;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Which one.
    pub code: Code,
    /// Whether it does harm now.
    pub weight: Weight,
    /// What is wrong, in one line.
    pub title: Text,
    /// What was seen, with numbers.
    pub evidence: Text,
    /// The numbers by name; times end in `_ms`, `_s` or `_days`.
    pub numbers: BTreeMap<&'static str, f64>,
    /// How sure it is.
    pub certainty: Certainty,
    /// What to do; never empty.
    pub mends: Vec<Mend>,
}

/// Whether a finding does harm now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Events come late, are lost, or do not come.
    Problem,
    /// They may one day.
    Risk,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// It was seen; nothing else explains it.
    Certain,
    /// It explains best what was seen.
    Likely,
    /// It would explain what was seen; so would something else.
    Possible,
}

/// Which finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// No server answers.
    Unreachable,
    /// The certificate has expired, or is not valid yet.
    CertificateExpired,
    /// The certificate is for another name.
    CertificateName,
    /// The certificate signed itself.
    CertificateSelfSigned,
    /// The certificate's authority is not known here.
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
    /// The server wants to know who asks, or refuses the credentials.
    Unauthorized,
    /// The credentials do not allow this.
    Forbidden,
    /// The token lacks a scope.
    Scope,
    /// The token has expired.
    TokenExpired,
    /// The token expires soon.
    TokenEnds,
    /// A token stands in the address.
    TokenInUrl,
    /// There is nothing at this path.
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
    /// Something in between holds events back.
    Buffered,
    /// The server behind nginx does not tell it not to buffer.
    AccelBuffering,
    /// The answer's header comes late.
    FirstByteLate,
    /// Connections are cut at the same age.
    CutByAge,
    /// Connections are cut after the same silence.
    CutBySilence,
    /// Connections end or break off at no regular time.
    Cut,
    /// Silences are longer than what common timeouts allow.
    NoHeartbeat,
    /// HTTP/1.0.
    Http10,
    /// `Connection: close`.
    ConnectionClose,
    /// HTTP/2 fails where HTTP/1.1 works.
    Http2,
    /// Events have no ids.
    NoIds,
    /// Asked to resume after an id, the server leaves events out.
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

/// What looks for one thing.
type Look = fn(&Observations) -> Option<Finding>;

/// All that can be wrong; of two that explain the same, the first stands nearer to the cause.
const ALL: [Look; 39] = [
    reach::unreachable,
    way::proxy,
    way::ipv6,
    tls::expired,
    tls::name,
    tls::self_signed,
    tls::authority,
    tls::other,
    redirect::endless,
    redirect::refused,
    access::login_page,
    access::scope,
    access::token_expired,
    access::unauthorized,
    access::forbidden,
    answer::not_found,
    answer::status,
    answer::content_type_missing,
    answer::content_type_wrong,
    way::http2,
    delay::buffered,
    answer::compressed,
    delay::accel_buffering,
    delay::first_byte_late,
    cut::by_silence,
    cut::by_age,
    cut::irregular,
    resume::ignored,
    resume::repeats,
    resume::no_ids,
    heartbeat::missing,
    way::http10,
    way::connection_close,
    answer::cacheable,
    resume::retry_small,
    access::token_ends,
    access::token_in_url,
    tls::ends_soon,
    way::clock,
];

/// All that is wrong: what does harm now first.
pub fn findings(seen: &Observations) -> Vec<Finding> {
    let mut found: Vec<_> = ALL.iter().filter_map(|look| look(seen)).collect();
    found.sort_by_key(|finding| finding.weight);
    // The path is not the one to write where there is nothing at it.
    let own =
        Some(&seen.target.path).filter(|path| is_plain(path) && found.iter().all(|one| one.code != Code::NotFound));
    for mend in found.iter_mut().flat_map(|finding| &mut finding.mends) {
        if let Some(own) = own {
            mend.paste = mend.paste.replace(mend::PATH, own);
        }
    }
    found
}

/// Whether a path can stand in any configuration as it is.
fn is_plain(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_.~-".contains(&byte);
    path.len() > 1 && path.len() <= 100 && path.bytes().all(plain)
}

impl Finding {
    /// One without evidence and mends yet.
    fn new(code: Code, weight: Weight, certainty: Certainty, title: Text) -> Self {
        let (numbers, mends) = (BTreeMap::new(), Vec::new());
        Self { code, weight, title, evidence: Text::default(), numbers, certainty, mends }
    }

    fn problem(code: Code, certainty: Certainty, title: Text) -> Self {
        Self::new(code, Weight::Problem, certainty, title)
    }

    fn risk(code: Code, certainty: Certainty, title: Text) -> Self {
        Self::new(code, Weight::Risk, certainty, title)
    }

    fn seen(self, evidence: Text) -> Self {
        Self { evidence, ..self }
    }

    fn number(mut self, name: &'static str, value: f64) -> Self {
        self.numbers.insert(name, value);
        self
    }

    fn time(self, name: &'static str, value: Duration) -> Self {
        // To the millisecond: it is read by people, too.
        self.number(name, (value.as_secs_f64() * 1e3).round() / 1e3)
    }

    fn mend(mut self, words: Text) -> Self {
        self.mends.push(Mend::new(words));
        self
    }

    fn paste(mut self, words: Text, paste: &str) -> Self {
        self.mends.push(Mend::paste(words, paste));
        self
    }

    fn mends(mut self, mends: Vec<Mend>) -> Self {
        self.mends.extend(mends);
        self
    }
}

/// A time as a person reads it: `340 ms`, `6.2 s`, `15 s`, `4 min`.
pub(super) fn span(time: Duration) -> Text {
    let seconds = time.as_secs_f64();
    let (number, english, chinese) = match seconds {
        s if s < 0.9995 => (format!("{:.0}", s * 1e3), "ms", "毫秒"),
        s if s < 9.95 => (trimmed(s, 1), "s", "秒"),
        s if s < 120.0 => (format!("{s:.0}"), "s", "秒"),
        s if s < 7_200.0 => (format!("{:.0}", s / 60.0), "min", "分钟"),
        s if s < 172_800.0 => (format!("{:.0}", s / 3_600.0), "h", "小时"),
        s => (format!("{:.0}", s / 86_400.0), "days", "天"),
    };
    Text { english: format!("{number} {english}"), chinese: format!("{number} {chinese}") }
}

/// A number without zeros at its end.
fn trimmed(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A size as a person reads it.
pub(super) fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let value = bytes as f64;
    if bytes < 1_000 { format!("{bytes} B") } else { format!("{} kB", trimmed(value / 1e3, 1)) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of what was seen in a short while")]
fn count(value: impl TryInto<u64>) -> f64 {
    value.try_into().unwrap_or(u64::MAX) as f64
}
