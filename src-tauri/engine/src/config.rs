//! Configuration as data: what a profile's `config.toml` says, with every default filled in. Pure.
//!
//! [`parse()`] reads and validates text, [`edit`] changes text and keeps its comments, [`EXAMPLE`] shows every option.

mod auth;
mod check;
mod duration;
pub mod edit;
mod fault;
mod field;
mod matching;
mod migrate;
mod notification;
mod oauth2;
mod other;
mod outage;
pub mod parse;
mod pin;
mod preset;
mod quiet;
mod rule;
mod size;
mod stream;
mod syntax;
#[cfg(test)]
mod tests;
mod trigger;
mod words;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::model::{StreamId, Urgency};

pub use duration::{format_duration, parse_duration};
pub use matching::{Comparison, FieldMatch, FieldTest};
pub use notification::{
    Button, Icon, IconSource, MUTE_DEFAULT, Notifications, Press, Sound, Timeout, Timeouts, is_theme_name,
};
pub use oauth2::{ClientAuth, Grant, OAuth2};
pub use parse::{ConfigError, parse};
pub use pin::{Fingerprint, parse_fingerprint};
pub use quiet::{QuietHours, Weekdays};
pub use size::{format_size, parse_size};
pub use trigger::{Change, Crosses, Daily, Expect, Side, Trigger, Way};

/// The version of the format that this program writes.
pub const VERSION: i64 = 1;

/// A configuration to read: every option, with its default, explained.
pub const EXAMPLE: &str = include_str!("config/example.toml");

/// All that a person has configured.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// The streams, in order; names are unique.
    pub streams: Vec<Arc<StreamConfig>>,
    /// The rules, in order.
    pub rules: Vec<RuleConfig>,
    /// The tiles, in order.
    pub tiles: Vec<TileConfig>,
    /// When notifications that are not critical are held back; any of them is enough.
    pub quiet_hours: Vec<QuietHours>,
    /// How notifications look and sound where their rule does not say.
    pub notifications: Notifications,
    /// Whether rules may start programs. Only this file says so. Default: false.
    pub allow_commands: bool,
    /// What the ledger keeps.
    pub history: History,
    /// When a person is told that a stream has no connection, where the stream does not say.
    pub outage: Outage,
}

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
    /// When a person is told that it has no connection. Default: as [`Config::outage`].
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
}

/// How a stream signs in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Auth {
    /// It does not.
    #[default]
    None,
    /// `Authorization: Bearer …`.
    Bearer {
        /// Where the token comes from.
        secret: SecretSource,
    },
    /// `Authorization: Basic …`.
    Basic {
        /// The user's name, without a colon.
        user: String,
        /// Where the password comes from.
        secret: SecretSource,
    },
    /// A header.
    Header {
        /// Its name.
        name: String,
        /// Where its value comes from.
        secret: SecretSource,
    },
    /// A query parameter.
    Query {
        /// Its name.
        name: String,
        /// Where its value comes from.
        secret: SecretSource,
    },
    /// A cookie.
    Cookie {
        /// Its name.
        name: String,
        /// Where its value comes from.
        secret: SecretSource,
    },
    /// `Authorization: Bearer …` with tokens that an authorization server gives.
    OAuth2(Box<OAuth2>),
}

impl Auth {
    /// Where the secret comes from, if there is one.
    pub fn secret(&self) -> Option<&SecretSource> {
        match self {
            Self::None => None,
            Self::Bearer { secret }
            | Self::Basic { secret, .. }
            | Self::Header { secret, .. }
            | Self::Query { secret, .. }
            | Self::Cookie { secret, .. } => Some(secret),
            Self::OAuth2(oauth2) => Some(&oauth2.secret),
        }
    }
}

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SecretSource {
    /// The vault: service `streambell`, account the stream's name (a secret header's: `STREAM/header/NAME`, others':
    /// `STREAM/secret/NAME`).
    #[default]
    Keyring,
    /// An environment variable.
    Env(String),
    /// The first line of a file that nobody else can read.
    File(PathBuf),
    /// The first line of a program's output, started without a shell, within 10 s.
    Command(Vec<String>),
}

/// Where a new token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refresh {
    /// The address the old token is POSTed to, signed in with it as the stream is.
    pub url: String,
    /// The JSON pointer to the new token in the answer. Default: `/token`.
    pub token: String,
}

/// A request header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: HeaderValue,
}

/// A request header's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderValue {
    /// As it stands in the file.
    Plain(String),
    /// A secret.
    Secret(SecretSource),
}

/// How a stream resumes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resume {
    /// Where the cursor comes from.
    pub from: ResumeFrom,
    /// How it is sent.
    pub send: ResumeSend,
    /// Globs of event names that never move the cursor.
    pub ignore: Vec<String>,
}

/// Where the cursor comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ResumeFrom {
    /// The stream's last event id.
    #[default]
    Id,
    /// A JSON pointer into the event's data.
    Pointer(String),
    /// There is none.
    None,
}

/// How the cursor is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ResumeSend {
    /// As `Last-Event-ID`.
    #[default]
    Header,
    /// As this query parameter.
    Query(String),
    /// Not at all.
    None,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Redirects {
    /// All, 10 at most; to another origin without credentials, custom headers and Last-Event-ID.
    #[default]
    Follow,
    /// Only within the origin.
    SameOrigin,
}

/// What turns an event into an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleConfig {
    /// Its name: unique among rules, else as a stream's.
    pub name: Arc<str>,
    /// Whether it is looked at. Default: true.
    pub enabled: bool,
    /// Names or globs of streams, one of which must match; every stream without any.
    pub streams: Vec<String>,
    /// Event name globs, one of which must match. Default: `*`.
    pub events: Vec<String>,
    /// What fields of the data must be; all must hold.
    pub fields: Vec<FieldMatch>,
    /// Pieces of text, one of which must be in the data, whatever its case; one with `*` in it is a glob for the whole.
    pub text: Vec<String>,
    /// A minijinja expression that must be true.
    pub when: Option<String>,
    /// What makes it fire, of the events for which all that holds. Default: each of them.
    pub trigger: Trigger,
    /// For so long after it fired it does not fire again for the same group. 1 s to 31 days.
    pub cooldown: Option<Duration>,
    /// Whether later rules do not see an event for which its conditions hold. Default: false.
    pub stop: bool,
    /// A minijinja expression; an event for which it is true resolves the open alerts of its group instead of firing.
    pub resolved_when: Option<String>,
    /// A minijinja template: the title of a notification that takes the place of one whose alert is resolved. Without
    /// it the notification is only taken away.
    pub resolved: Option<String>,
    /// Rules whose open alerts of the same group are resolved when this one fires. Such a rule makes an alert of its
    /// own only where its title is not empty.
    pub resolves: Vec<Arc<str>>,
    /// A minijinja template. Default: `{{ event }}`.
    pub title: String,
    /// A minijinja template. Default: `{{ text }}`.
    pub body: String,
    /// How loud. Default: normal.
    pub urgency: Urgency,
    /// A minijinja template that makes the word for how loud; what else it makes counts as [`Self::urgency`].
    pub urgency_from: Option<String>,
    /// A minijinja template; alerts with the same result replace each other's notification.
    pub group: Option<String>,
    /// A minijinja template for an http or https address.
    pub link: Option<String>,
    /// How many notifications at most. Default: 5 per 10 s.
    pub throttle: Option<Throttle>,
    /// Whether it is shown in quiet hours too. Default: false; critical alerts are shown always.
    pub pass_quiet_hours: bool,
    /// So long after its event an alert is not shown any more, and taken off the screen. 1 s to 7 days.
    pub expires: Option<Duration>,
    /// What is heard. Default: what the desktop does.
    pub sound: Option<Sound>,
    /// The icon. Default: the program's.
    pub icon: Option<IconSource>,
    /// How long a notification stays on screen. Default: by its urgency, [`Notifications::timeouts`].
    pub timeout: Option<Timeout>,
    /// The buttons, in order; six at the most. Default: open the dashboard, and the link where there is one.
    pub buttons: Option<Vec<Button>>,
    /// A program and its arguments, started without a shell for each alert once that is stored; none where empty.
    pub run: Vec<String>,
}

impl RuleConfig {
    /// A rule for these events with every default.
    pub fn new(name: &str, events: &[&str]) -> Self {
        Self {
            name: name.into(),
            enabled: true,
            streams: Vec::new(),
            events: events.iter().map(|glob| (*glob).to_owned()).collect(),
            fields: Vec::new(),
            text: Vec::new(),
            when: None,
            trigger: Trigger::Each,
            cooldown: None,
            stop: false,
            resolved_when: None,
            resolved: None,
            resolves: Vec::new(),
            title: "{{ event }}".to_owned(),
            body: "{{ text }}".to_owned(),
            urgency: Urgency::Normal,
            urgency_from: None,
            group: None,
            link: None,
            throttle: Some(Throttle::DEFAULT),
            pass_quiet_hours: false,
            expires: None,
            sound: None,
            icon: None,
            timeout: None,
            buttons: None,
            run: Vec::new(),
        }
    }
}

/// At most `count` notifications in any `window`; the rest become one summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// 1 to 1,000.
    pub count: u32,
    /// 1 s to 1 day.
    pub window: Duration,
}

impl Throttle {
    /// What a rule has that does not say.
    pub const DEFAULT: Self = Self { count: 5, window: Duration::from_secs(10) };
}

/// A live value on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileConfig {
    /// The stream that feeds it; any without one.
    pub stream: Option<StreamId>,
    /// The event name that feeds it. Default: `price-update`.
    pub event: String,
    /// The JSON pointer to what the value is of. Default: `/symbol`.
    pub key: String,
    /// The JSON pointer to the value. Default: `/price`.
    pub value: String,
    /// The JSON pointer to the change in percent, where the server sends it.
    pub change: Option<String>,
}

impl Default for TileConfig {
    fn default() -> Self {
        Self {
            stream: None,
            event: "price-update".to_owned(),
            key: "/symbol".to_owned(),
            value: "/price".to_owned(),
            change: None,
        }
    }
}

/// When a person is told that a stream has no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// Never.
    Off,
    /// After so long without one while the machine was awake. 1 s to 7 days; default: 2 minutes.
    After(Duration),
}

impl Default for Outage {
    fn default() -> Self {
        Self::After(Duration::from_secs(2 * 60))
    }
}

/// What the ledger keeps; what is beyond is removed, oldest first. Unread alerts are removed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    /// How long an event is kept. 1 s to 10 years; default: 30 days.
    pub max_age: Duration,
    /// How many events are kept. 1 to 100,000,000; default: 1,000,000.
    pub max_events: u64,
}

impl Default for History {
    fn default() -> Self {
        Self { max_age: Duration::from_secs(30 * 24 * 3600), max_events: 1_000_000 }
    }
}
