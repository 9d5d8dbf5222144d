//! Configuration as data: what a profile's `config.toml` says, with every default filled in. Pure.
//!
//! [`parse()`] reads and validates text, [`edit`] changes text and keeps its comments, [`EXAMPLE`] shows every option.

mod absence;
mod auth;
mod check;
mod dashboard;
mod dialect;
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
mod renamed;
mod resume;
mod rule;
mod secret_source;
mod size;
mod stream;
mod syntax;
#[cfg(test)]
mod tests;
mod toml;
mod trigger;
mod words;

use std::sync::Arc;

use crate::locale::Locale;

pub use auth::{Auth, Header, HeaderValue, Refresh};
pub(crate) use check::PROXY_SCHEMES;
pub use check::name as check_name;
pub use dashboard::{Dashboard, Rise, Theme, TileOrder, TilePlace};
pub use dialect::{Dialect, EventId, Sign, Subscribe};
pub use duration::{format_duration, parse_duration};
pub use matching::{Comparison, FieldMatch, FieldTest};
pub use notification::{
    Button, Icon, IconSource, MUTE_DEFAULT, Notifications, Press, Sound, Timeout, Timeouts, is_theme_name,
};
pub use oauth2::{ClientAuth, Grant, OAuth2};
pub use other::{History, TileConfig};
pub use outage::Outage;
pub use parse::{ConfigError, language, parse};
pub use pin::{Fingerprint, parse_fingerprint};
pub use preset::names as preset_names;
pub use quiet::{QuietHours, Weekdays};
pub use renamed::renamed_rule;
pub use resume::{Resume, ResumeFrom, ResumeSend};
pub use rule::{RuleConfig, Throttle};
pub use secret_source::SecretSource;
pub use size::{format_size, parse_size};
pub use stream::{Redirects, Store, StreamConfig};
pub use trigger::{Change, Crosses, Daily, Expect, Side, Trigger, Way};
pub(crate) use words::{either, length_in_words};

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
    /// The language of the tray and of notifications; the system's without one.
    pub language: Option<Locale>,
    /// The language in force: that, or what the engine was told of the system.
    pub locale: Locale,
    /// Whether rules may start programs, and the dashboard brings streams that get a secret from one; a stream that
    /// is written into the file gets it in any case. Default: false.
    pub allow_commands: bool,
    /// What the ledger keeps.
    pub history: History,
    /// When a person is told that a stream has no connection, where the stream does not say.
    pub outage: Outage,
    /// How the window looks.
    pub dashboard: Dashboard,
}
