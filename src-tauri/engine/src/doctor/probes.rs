//! The probes: what is asked, in which order, and when that is enough.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;
use tokio::net::TcpStream;

use super::Patient;
use super::certificate;
use super::observations::{Again, Family, Observations, Past, Target, Visit};
use super::watch::Look;
use crate::auth::{self, Credentials, Renewal};
use crate::config::{Auth, Header, HeaderValue, ResumeFrom, ResumeSend, StreamConfig};
use crate::locale::Text;
use crate::secrets::Secret;
use crate::text;
use crate::transport::{self, Gap, Manner, Why, io_message, is_loopback, parse, redacted};
use crate::uptime::Cause;

/// The header of the first answer is waited for as long as is watched, and at least so long.
const HEADER_LEAST: Duration = Duration::from_secs(8);
/// And at the most.
const HEADER_MOST: Duration = Duration::from_secs(30);
/// What a further request may take, header and body together.
const FURTHER: Duration = Duration::from_secs(4);
/// More than servers take as one header, in bytes.
const TOO_LARGE: usize = 20_000;
/// How long a connection to each address may take.
const CONNECT: Duration = Duration::from_secs(3);
/// Addresses of a family that are tried.
const ADDRESSES: usize = 3;
/// A stream that is cut is connected to again after this, at most so often.
const PAUSE: Duration = Duration::from_millis(250);
const VISITS: usize = 60;
/// Variables that name a proxy (as curl and most others read them).
const PROXIES: [&str; 6] = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// All that can be found out.
pub(super) async fn observe(patient: &Patient) -> Observations {
    let Patient { config, watch, history, .. } = patient;
    let target = target(patient);
    let further = repeats_safely(config);
    let (visits, families, chain) = tokio::join!(
        visits(patient, further),
        families(config, target.proxies.is_empty()),
        transport::certificates(config, CONNECT),
    );
    let mut seen = Observations {
        target,
        watched: prolonged(&visits).unwrap_or(*watch),
        visits,
        families,
        certificate: chain.as_deref().and_then(certificate::read),
        past: history.iter().filter_map(past).collect(),
        ..Observations::default()
    };
    if further {
        // One after the other: a server may allow few connections for one who asks.
        seen.http1 = over_http1(patient, &seen).await;
        seen.direct = without_proxy(patient, &seen).await;
        seen.identity = uncompressed(patient, &seen).await;
        seen.again = again(patient, &seen).await;
        seen.door = door(patient, &seen).await.map(|visit| visit.answer);
    }
    seen
}

/// The stream as it would be read: connected to again where it ends, until the time is over.
async fn visits(patient: &Patient, further: bool) -> Vec<Visit> {
    let start = Instant::now();
    let mut visits: Vec<Visit> = Vec::new();
    loop {
        let left = patient.watch.saturating_sub(start.elapsed());
        let patience = patient.watch.clamp(HEADER_LEAST, HEADER_MOST);
        // What cannot be resumed from is not what is measured here: each connection begins anew.
        let listen = if visits.is_empty() { patient.watch } else { left };
        let look = look(patient, "", Manner { direct: false, patience }, listen);
        visits.push(Look { longest: patient.longest.max(listen), ..look }.run().await);
        let ended = visits.last().is_some_and(|visit| visit.body.end.is_some());
        let left = patient.watch.saturating_sub(start.elapsed());
        if !ended || !further || visits.len() >= VISITS || left <= PAUSE {
            return visits;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// How long was listened where that is longer than planned.
fn prolonged(visits: &[Visit]) -> Option<Duration> {
    visits.iter().filter(|visit| visit.body.prolonged).map(|visit| visit.body.until).max()
}

/// HTTP/1.1, where HTTP/2 was possible and came to nothing. For long enough to see whether it lasts where HTTP/2 broke.
async fn over_http1(patient: &Patient, seen: &Observations) -> Option<Visit> {
    let failed = seen.failure().is_some_and(|failure| matches!(failure.why, Why::Network | Why::Silent));
    let broke = seen.breaks_off().filter(|_| seen.stream().is_some_and(|head| head.http == "2"));
    if patient.config.http1 || !patient.config.url.starts_with("https") || !(failed || broke.is_some()) {
        return None;
    }
    let config = StreamConfig { http1: true, ..patient.config.clone() };
    let listen = (2 * broke.unwrap_or_default()).min(patient.watch).max(FURTHER / 2);
    let look = Look { config: &config, ..look(patient, "", FURTHER_MANNER, listen) };
    Some(look.run().await)
}

const FURTHER_MANNER: Manner = Manner { direct: false, patience: FURTHER };

/// Without a proxy, where there is one.
async fn without_proxy(patient: &Patient, seen: &Observations) -> Option<Visit> {
    if seen.target.proxies.is_empty() {
        return None;
    }
    let manner = Manner { direct: true, patience: FURTHER };
    Some(look(patient, "", manner, FURTHER).run().await)
}

/// Without compression, where the stream asks for it.
async fn uncompressed(patient: &Patient, seen: &Observations) -> Option<Visit> {
    let is_late = seen.failure().is_some_and(|failure| failure.why == Why::Silent);
    if !patient.config.compression || !(is_late || seen.stream().is_some()) {
        return None;
    }
    let config = StreamConfig { compression: false, ..patient.config.clone() };
    Some(Look { config: &config, ..look(patient, "", FURTHER_MANNER, FURTHER) }.run().await)
}

/// Who stands nearest, where no answer came: servers and proxies refuse a header of this size by themselves. It goes
/// to the origin alone, without credentials, path and query.
async fn door(patient: &Patient, seen: &Observations) -> Option<Visit> {
    seen.failure().filter(|failure| failure.why == Why::Silent)?;
    let huge = Header { name: "X-Size".to_owned(), value: HeaderValue::Plain("x".repeat(TOO_LARGE)) };
    let url = transport::origin(&parse(&patient.config.url).ok()?).into();
    let config = StreamConfig { url, headers: vec![huge], auth: Auth::None, ..patient.config.clone() };
    let look = look(patient, "", FURTHER_MANNER, Duration::ZERO);
    Some(Look { config: &config, credentials: &Credentials::default(), ..look }.run().await)
}

/// Once more on a cold connection: after the last but one of the ids where there are two, so that there is an event
/// that the server must send at once.
async fn again(patient: &Patient, seen: &Observations) -> Option<Again> {
    let head = seen.head()?;
    if !head.is_stream() {
        return None;
    }
    let ids = seen.ids();
    let after = ids.iter().nth_back(1).filter(|_| seen.target.asks_to_resume).map(|id| (*id).to_owned());
    let cursor = after.clone().unwrap_or_default();
    let look = Look { enough: 2, ..look(patient, &cursor, FURTHER_MANNER, FURTHER) };
    // With nothing to resume after, the header alone is of interest.
    let listen = if after.is_some() { FURTHER } else { Duration::ZERO };
    let visit = Look { listen, ..look }.run().await;
    let admits = visit.answer.head.as_ref().ok().and_then(|head| Gap::admitted(&cursor, head.header("last-event-id")));
    Some(Again { after, admits, visit })
}

fn look<'a>(patient: &'a Patient, cursor: &'a str, manner: Manner, listen: Duration) -> Look<'a> {
    let Patient { config, credentials, .. } = patient;
    Look { config, credentials, cursor, manner, listen, longest: listen, enough: usize::MAX }
}

fn repeats_safely(config: &StreamConfig) -> bool {
    matches!(config.method.as_str(), "GET" | "HEAD")
}

fn target(patient: &Patient) -> Target {
    let Patient { config, credentials, .. } = patient;
    let url = parse(&config.url).ok();
    let named = |url: &Url| -> Vec<String> {
        url.query_pairs().filter(|(name, _)| transport::is_telling(name)).map(|(name, _)| name.into_owned()).collect()
    };
    let mut secret_parameters = url.as_ref().map(named).unwrap_or_default();
    if let Auth::Query { name, .. } = &config.auth {
        secret_parameters.retain(|known| known != name);
        secret_parameters.push(name.clone());
    }
    let typed = typed_token(config);
    let is_local = url.as_ref().is_some_and(is_loopback) || config.unix_socket.is_some();
    Target {
        url: credentials.mask_foreign(&redacted(&config.url)),
        host: url.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned(),
        path: url.as_ref().map(|url| url.path().to_owned()).unwrap_or_default(),
        is_local,
        secret_parameters,
        signs_in: !credentials.is_empty() || typed.is_some(),
        renews: Renewal::of(config) == Renewal::Fetch,
        token_ends: credentials.secret().or(typed.as_ref()).and_then(auth::expires_at),
        proxies: proxies(config, is_local),
        asks_to_resume: config.resume.from == ResumeFrom::Id && config.resume.send != ResumeSend::None,
    }
}

/// What a plain Authorization or Cookie header holds, without its scheme.
fn typed_token(config: &StreamConfig) -> Option<Secret> {
    let signs_in = |name: &str| ["authorization", "cookie"].iter().any(|known| name.eq_ignore_ascii_case(known));
    config.headers.iter().find_map(|header| match &header.value {
        HeaderValue::Plain(value) if signs_in(&header.name) => {
            value.split_whitespace().last().map(|token| Secret::from(token.to_owned()))
        }
        HeaderValue::Plain(_) | HeaderValue::Secret(_) => None,
    })
}

fn proxies(config: &StreamConfig, is_local: bool) -> Vec<String> {
    if config.unix_socket.is_some() {
        return Vec::new();
    }
    if config.proxy.is_some() {
        return vec!["proxy".to_owned()];
    }
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let scheme = if config.url.starts_with("https") { "https" } else { "http" };
    let concerns = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.starts_with("all") || name == format!("{scheme}_proxy")
    };
    if is_local || !is_intercepted(&config.url) {
        return Vec::new();
    }
    PROXIES.into_iter().filter(|name| concerns(name) && is_set(name)).map(str::to_owned).collect()
}

/// Whether the environment's proxy is used for this address: NO_PROXY may leave it out.
fn is_intercepted(url: &str) -> bool {
    let address = parse(url).ok().and_then(|url| url.as_str().parse().ok());
    address.is_some_and(|address| Matcher::from_env().intercept(&address).is_some())
}

/// Connects to the addresses of each family; not where a proxy does that.
async fn families(config: &StreamConfig, directly: bool) -> Vec<Family> {
    let Ok(url) = parse(&config.url) else { return Vec::new() };
    if !directly || config.unix_socket.is_some() {
        return Vec::new();
    }
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = url.port_or_known_default().unwrap_or_default();
    let found = tokio::time::timeout(CONNECT, tokio::net::lookup_host((host, port))).await;
    let Ok(Ok(addresses)) = found else { return Vec::new() };
    by_family(addresses).await
}

async fn by_family(addresses: impl Iterator<Item = SocketAddr>) -> Vec<Family> {
    let (six, four): (Vec<_>, Vec<_>) = addresses.partition(SocketAddr::is_ipv6);
    let (four, six) = tokio::join!(family(4, &four), family(6, &six));
    four.into_iter().chain(six).collect()
}

async fn family(version: u8, addresses: &[SocketAddr]) -> Option<Family> {
    let start = Instant::now();
    let mut refused = Text::default();
    for address in addresses.iter().take(ADDRESSES) {
        match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Some(Family { version, addresses: addresses.len(), connected: Ok(start.elapsed()) }),
            Ok(Err(error)) => {
                let english = error.kind().to_string();
                refused = Text { english, ..io_message(error.kind()) };
            }
            Err(_) => {
                let seconds = CONNECT.as_secs();
                refused = text!("no connection within {seconds} s", "{seconds} 秒内没有连上");
            }
        }
    }
    (!addresses.is_empty()).then_some(Family { version, addresses: addresses.len(), connected: Err(refused) })
}

/// A connection of before that was open, and how it ended where that is known.
fn past(record: &crate::uptime::Record) -> Option<Past> {
    let by_peer = match record.cause {
        Cause::EndOfStream | Cause::Network => true,
        Cause::Tls
        | Cause::Idle
        | Cause::Status
        | Cause::NoContent
        | Cause::ContentType
        | Cause::Redirect
        | Cause::Unauthorized
        | Cause::BadUrl
        | Cause::Offline
        | Cause::Reconnect
        | Cause::Stopped
        | Cause::Killed
        | Cause::Open => false,
    };
    Some(Past { open_for: record.open_for?, by_peer, bytes: record.bytes })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::net::Ipv6Addr;

    use tokio::net::TcpListener;

    use super::*;
    use crate::doctor::Code;
    use crate::doctor::findings::findings;

    /// What is found where a name has both addresses of this machine.
    async fn found(port: u16) -> Vec<Code> {
        let both = [SocketAddr::from(([127, 0, 0, 1], port)), SocketAddr::from((Ipv6Addr::LOCALHOST, port))];
        let seen = Observations { families: by_family(both.into_iter()).await, ..Observations::default() };
        assert_eq!(seen.families.len(), 2, "{:?}", seen.families);
        findings(&seen).into_iter().map(|finding| finding.code).collect()
    }

    #[tokio::test]
    async fn a_server_that_listens_on_ipv4_alone_is_told_from_one_that_listens_on_both() {
        let four = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = four.local_addr().unwrap().port();
        assert_eq!(found(port).await, [Code::Ipv6]);
        let _six = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.unwrap();
        assert_eq!(found(port).await, []);
    }
}
