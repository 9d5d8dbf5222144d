//! One `[[stream]]`: what it says, and how it is read.

use std::path::PathBuf;
use std::time::Duration;

use super::dialect::{self, Dialect};
use super::field::{Field, Fields};
use super::pin::{Fingerprint, parse_fingerprint};
use super::resume::{self, Resume};
use super::secret_source::{SecretSource, secret_source};
use super::size::{format_size, parse_size};
use super::{Auth, Header, HeaderValue, Outage, Refresh, auth, check, outage};
use crate::locale::Text;
use crate::model::StreamId;
use crate::text;

/// The shortest and longest time without a byte.
const IDLE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(7 * 86_400));
/// The longest reconnection time.
const MAX_RETRY: Duration = Duration::from_secs(3_600);
/// The smallest and largest limit for an event, in bytes.
const MAX_EVENT: (usize, usize) = (1 << 10, 256 << 20);

/// One SSE subscription.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamConfig {
    /// Its name: unique, 1 to 64 characters, no control characters, no space at either end, no `/header/` or
    /// `/secret/`.
    pub name: StreamId,
    /// Its address: http or https, without user or password.
    pub url: String,
    /// Whether it is connected. Default: true.
    pub enabled: bool,
    /// The request's method. Default: GET.
    pub method: String,
    /// The request's body, sent again at each reconnect.
    pub body: Option<String>,
    /// How it signs in.
    pub auth: Auth,
    /// Where a new token comes from.
    pub refresh: Option<Refresh>,
    /// Further request headers, in order.
    pub headers: Vec<Header>,
    /// Without a byte for so long the connection counts as dead; `None` turns that off. 100 ms to 7 days; default: 90 s.
    pub idle_timeout: Option<Duration>,
    /// Whether it counts as dead sooner where its own heartbeat is missing. Default: true; false for a stream that names
    /// an idle timeout, which holds to the letter.
    pub learn_idle: bool,
    /// The reconnection time until the server names one. At most 1 hour; default: 3 s.
    pub retry: Duration,
    /// How it resumes.
    pub resume: Resume,
    /// How its server speaks beyond the standard.
    pub dialect: Dialect,
    /// What is stored.
    pub store: Store,
    /// Which redirects are followed.
    pub redirects: Redirects,
    /// An event larger than this, in bytes, is skipped. 1 KiB to 256 MiB; default: 16 MiB.
    pub max_event: usize,
    /// The HTML Standard to the letter: any status but 200 ends the stream. Default: false.
    pub strict: bool,
    /// A file of PEM certificates to trust besides the system's.
    pub ca_cert: Option<PathBuf>,
    /// The server's certificate: exactly one of these is accepted, whoever signed it and whatever name it is for.
    pub pin_sha256: Vec<Fingerprint>,
    /// A file with a client certificate and its key: PEM or PKCS#12.
    pub client_cert: Option<PathBuf>,
    /// Where the password of that file comes from; the empty password without it.
    pub client_cert_password: Option<SecretSource>,
    /// A Unix-domain socket to connect to, instead of the address's host and port.
    pub unix_socket: Option<PathBuf>,
    /// Asks the server to compress, with gzip or Brotli. Default: false.
    pub compression: bool,
    /// The address of an HTTP or SOCKS5 proxy, without user or password. Default: the system's.
    pub proxy: Option<String>,
    /// HTTP/1.1 only. Default: false.
    pub http1: bool,
    /// Allows credentials over plain http to another machine. Default: false.
    pub insecure: bool,
    /// Whether rules look at its events. Default: true.
    pub notify: bool,
    /// When a person is told that it has no connection. Default: as [`Config::outage`](super::Config::outage).
    pub outage: Option<Outage>,
}

impl StreamConfig {
    /// The default idle timeout.
    pub const IDLE: Duration = Duration::from_secs(90);

    /// A stream with every default.
    pub fn new(name: &str, url: &str) -> Self {
        Self {
            name: name.into(),
            url: url.to_owned(),
            enabled: true,
            method: "GET".to_owned(),
            body: None,
            auth: Auth::None,
            refresh: None,
            headers: Vec::new(),
            idle_timeout: Some(Self::IDLE),
            learn_idle: true,
            retry: Duration::from_secs(3),
            resume: Resume::default(),
            dialect: Dialect::default(),
            store: Store::default(),
            redirects: Redirects::default(),
            max_event: 16 * 1024 * 1024,
            strict: false,
            ca_cert: None,
            pin_sha256: Vec::new(),
            client_cert: None,
            client_cert_password: None,
            unix_socket: None,
            compression: false,
            proxy: None,
            http1: false,
            insecure: false,
            notify: true,
            outage: None,
        }
    }

    /// Where each of its secrets comes from.
    pub fn secret_sources(&self) -> impl Iterator<Item = &SecretSource> {
        let of_header = self.headers.iter().filter_map(|header| match &header.value {
            HeaderValue::Secret(source) => Some(source),
            HeaderValue::Plain(_) => None,
        });
        let of_client = self.auth.oauth2().and_then(|oauth2| oauth2.client_secret.as_ref());
        of_header.chain(self.auth.secret()).chain(of_client).chain(&self.client_cert_password)
    }
}

/// What of a stream is stored. The cursor is kept in every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Store {
    /// All events.
    #[default]
    All,
    /// Only events that a rule fired for.
    Alerts,
    /// No event; alerts are still stored, since notifications are shown from there.
    None,
}

/// Which redirects are followed. From https to http: never.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Redirects {
    /// All, 10 at most; to another origin without credentials, custom headers and Last-Event-ID.
    #[default]
    Follow,
    /// Only within the origin.
    SameOrigin,
    /// All, 10 at most; to hosts that one of these globs matches, without a change from https to http, with all that
    /// goes to the stream's own origin.
    Trust(Vec<String>),
}

/// A stream. Where a field is wrong that is noted and its default stands in.
pub(super) fn stream(fields: &mut Fields<'_>) -> StreamConfig {
    let name = fields.need("name").and_then(|field| field.read(check::name));
    let url = fields.need("url").and_then(|field| field.read(check::address));
    let mut stream = StreamConfig::new(name.unwrap_or_default(), url.as_deref().unwrap_or_default());

    set(&mut stream.enabled, fields.get("enabled").and_then(|field| field.flag()));
    set(&mut stream.method, fields.get("method").and_then(|field| field.read(check::method)));
    stream.body = fields.get("body").and_then(|field| field.text()).map(str::to_owned);
    sign_in(fields, &mut stream);
    idle_timeout(fields, &mut stream);
    set(&mut stream.retry, fields.get("retry").and_then(|field| field.duration(Duration::ZERO..=MAX_RETRY)));
    set(&mut stream.resume, fields.get("resume").and_then(resume::resume));
    stream.dialect = dialect::dialect(fields, &stream.url);
    let stores = [("all", Store::All), ("alerts", Store::Alerts), ("none", Store::None)];
    set(&mut stream.store, fields.get("store").and_then(|field| field.choice(&stores)));
    set(&mut stream.redirects, fields.get("redirects").and_then(redirects));
    set(&mut stream.max_event, fields.get("max_event").and_then(max_event));
    set(&mut stream.strict, fields.get("strict").and_then(|field| field.flag()));
    connection(fields, &mut stream);
    set(&mut stream.http1, fields.get("http1").and_then(|field| field.flag()));
    set(&mut stream.insecure, fields.get("insecure").and_then(|field| field.flag()));
    set(&mut stream.notify, fields.get("notify").and_then(|field| field.flag()));
    stream.outage = fields.get("outage").and_then(outage::outage);
    stream
}

fn connection(fields: &mut Fields<'_>, stream: &mut StreamConfig) {
    stream.ca_cert = fields.get("ca_cert").and_then(path);
    stream.client_cert = fields.get("client_cert").and_then(path);
    let password = fields.get("client_cert_password");
    stream.client_cert_password = password.and_then(secret_source);
    if let (Some(password), None) = (password, &stream.client_cert) {
        password.wrong(text!("goes with client_cert", "要与 client_cert 一起使用"));
    }
    let pins = fields.get("pin_sha256");
    set(&mut stream.pin_sha256, pins.and_then(|pins| pins.texts(parse_fingerprint)));
    if let Some(pins) = pins
        && stream.url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
    {
        pins.wrong(text!("goes with https: without TLS there is no certificate", "只用于 https：没有 TLS 就没有证书"));
    }
    stream.proxy = fields.get("proxy").and_then(|field| field.read(check::proxy));
    let socket = fields.get("unix_socket");
    stream.unix_socket = socket.and_then(path);
    if let (Some(socket), Some(_)) = (socket, &stream.proxy) {
        socket.wrong(text!("does not go with a proxy", "不能与代理一起使用"));
    }
    set(&mut stream.compression, fields.get("compression").and_then(|field| field.flag()));
}

fn sign_in(fields: &mut Fields<'_>, stream: &mut StreamConfig) {
    let auth = fields.get("auth").map(auth::auth);
    let refresh = fields.get("refresh");
    stream.refresh = refresh.and_then(auth::refresh);
    if let (Some(refresh), None | Some(Some(Auth::None))) = (refresh, &auth) {
        refresh.wrong(text!(
            "a token can only be refreshed where auth says how it is sent",
            "只有 auth 说明了令牌如何发送，才能刷新令牌"
        ));
    }
    if let (Some(refresh), Some(Some(Auth::OAuth2(_)))) = (refresh, &auth) {
        refresh.wrong(text!(
            "does not go with oauth2, which asks token_url for new tokens",
            "不能与 oauth2 一起使用：它向 token_url 索取新令牌"
        ));
    }
    set(&mut stream.auth, auth.flatten());
    if let Some(headers) = fields.get("headers") {
        stream.headers = auth::headers(headers, &stream.auth);
    }
}

fn idle_timeout(fields: &mut Fields<'_>, stream: &mut StreamConfig) {
    let Some(field) = fields.get("idle_timeout") else { return };
    match field.is_text().then(|| field.text()).flatten() {
        Some("auto") => {}
        Some("off" | "0") => (stream.idle_timeout, stream.learn_idle) = (None, false),
        Some(_) | None => {
            if let Some(idle) = field.duration(IDLE.0..=IDLE.1) {
                (stream.idle_timeout, stream.learn_idle) = (Some(idle), false);
            }
        }
    }
}

/// `"follow"`, `"same-origin"` or `{ trust = ["*.example.com"] }`.
fn redirects(field: Field<'_>) -> Option<Redirects> {
    if field.is_text() {
        return field.choice(&[("follow", Redirects::Follow), ("same-origin", Redirects::SameOrigin)]);
    }
    let mut fields = field.table("redirects", "{ trust = [\"*.example.com\"] }")?;
    let trust = fields.need("trust").and_then(|trust| trust.texts(trusted));
    fields.finish();
    trust.map(Redirects::Trust)
}

/// A glob for hosts that is not one for all of them: the credentials go there.
fn trusted(text: &str) -> Result<String, Text> {
    let fixed = text.rsplit(['*', '?', ']', '}']).next().unwrap_or_default();
    if !text.is_empty() && fixed != text && fixed.matches('.').count() < 2 {
        return Err(text!(
            "must name a domain after its *, such as \"*.example.com\": the credentials go there",
            "* 后面必须写明域名，例如 \"*.example.com\"：凭据会发到那里"
        ));
    }
    check::glob(text)
}

fn max_event(field: Field<'_>) -> Option<usize> {
    let (least, most) = MAX_EVENT;
    field.read(|text| match parse_size(text)? {
        bytes if (least..=most).contains(&bytes) => Ok(bytes),
        _ => {
            let (least, most) = (format_size(least), format_size(most));
            Err(text!("must be {least} to {most}", "必须在 {least} 到 {most} 之间"))
        }
    })
}

fn path(field: Field<'_>) -> Option<PathBuf> {
    field.word().map(PathBuf::from)
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
