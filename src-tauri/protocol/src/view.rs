//! What there is to see: the whole state as plain values.
//!
//! Times are milliseconds since 1970 (UTC), durations milliseconds.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::form::StreamForm;
use crate::rule::RuleForm;
use crate::settings::{SettingsForm, TileForm};
use crate::sign_in::{MissingView, SignInView};
use crate::silence::{QuietHoursView, SilenceView, StreamPauseView};
use crate::text::Text;

/// The state of everything; tray, dashboard and command line draw from this one value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The resident's version.
    pub version: String,
    /// Its process id.
    pub pid: u32,
    /// Whether this is the demo.
    pub demo: bool,
    /// When this was taken, by the resident's clock.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Set while notifications are paused.
    pub pause: Option<PauseView>,
    /// The streams whose notifications are paused.
    pub stream_pauses: Vec<StreamPauseView>,
    /// What a person silenced, oldest first.
    pub silences: Vec<SilenceView>,
    /// How many alerts are unread.
    pub unread: u32,
    /// Whether notifications can be shown.
    pub notifications: Health,
    /// Whether the ledger can be written.
    pub ledger: Health,
    /// How often another configuration was put in force since the start: what was read of it before is old.
    pub configurations: u32,
    /// Whether the configuration file on disk is the one in force.
    pub configuration: Health,
    /// The streams, in the order of the configuration.
    pub streams: Vec<StreamView>,
    /// The tiles, in the order of the configuration, then of their first appearance.
    pub tiles: Vec<TileView>,
    /// How many values have no tile because there are too many; 1,000 stands for that many and more.
    pub tiles_left_out: u32,
    /// The newest unread alerts, newest first, at most 20.
    pub alerts: Vec<AlertView>,
}

/// A pause of notifications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PauseView {
    /// When it ends; `None` means when resumed.
    #[ts(type = "number | null")]
    pub until_ms: Option<i64>,
}

/// Whether a part of the resident works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "health", rename_all = "kebab-case")]
pub enum Health {
    /// It does.
    Well,
    /// It does not, and why, in one line with what to do.
    Trouble {
        /// The line.
        message: Text,
    },
}

/// Where a stream is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum StreamState {
    /// Not started yet.
    Idle,
    /// A connection is being made.
    Connecting,
    /// Events can arrive.
    Open,
    /// Waits for its next try.
    Waiting,
    /// The machine has no network.
    Offline,
    /// A new token is being fetched.
    Refreshing,
    /// The server refuses the credentials, or there are none.
    NeedsSignIn,
    /// The server ended the stream for good, or it cannot be retried.
    Ended,
    /// Switched off in the configuration.
    Paused,
}

impl StreamState {
    /// The state as it stands in `status --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Offline => "offline",
            Self::Refreshing => "refreshing",
            Self::NeedsSignIn => "needs-sign-in",
            Self::Ended => "ended",
            Self::Paused => "paused",
        }
    }
}

/// One stream as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StreamView {
    /// Its name.
    pub name: String,
    /// Its URL, without secrets.
    pub url: String,
    /// Where it is in its life.
    pub state: StreamState,
    /// Why it is there, in plain words; empty when all is well.
    pub message: Text,
    /// The same where it tells of a secret that is missing.
    pub missing: Option<MissingView>,
    /// Since when it is in this state.
    #[ts(type = "number")]
    pub since_ms: i64,
    /// When the next try is made, while it waits or has no network.
    #[ts(type = "number | null")]
    pub retry_at_ms: Option<i64>,
    /// Whether it ended as it should: its server has no more to send, and said so.
    pub finished: bool,
    /// Connections made since the resident started.
    pub connections: u32,
    /// Events received since the resident started.
    #[ts(type = "number")]
    pub events: u64,
    /// Events in the minute before this was taken; none once the last one came longer ago.
    #[ts(type = "number")]
    pub events_per_minute: u64,
    /// Milliseconds from the request of the newest connection to the first byte of its body; `None` while none came.
    #[ts(type = "number | null")]
    pub first_byte_ms: Option<u64>,
    /// When the last event arrived.
    #[ts(type = "number | null")]
    pub last_event_at_ms: Option<i64>,
    /// The id the stream resumes after; empty without one.
    pub last_event_id: String,
    /// When the token in use ends, where that is known.
    #[ts(type = "number | null")]
    pub token_expires_at_ms: Option<i64>,
    /// When another is fetched, where that is done ahead of its end.
    #[ts(type = "number | null")]
    pub token_renews_at_ms: Option<i64>,
    /// Whether it signs in with a code that a person types.
    pub by_code: bool,
    /// Such a sign-in that is under way, or came to nothing.
    pub sign_in: Option<SignInView>,
    /// Since when it is silent, while it is open and that is longer than usual: its heartbeat is overdue.
    #[ts(type = "number | null")]
    pub quiet_since_ms: Option<i64>,
    /// How often since the resident started the server said that it cannot resume as asked.
    pub gaps: u32,
    /// The last time.
    pub last_gap: Option<GapView>,
}

/// Events that may be missing, as the server itself says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GapView {
    /// When it said so.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The id that they would have come after.
    pub after: String,
}

/// A live value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TileView {
    /// Which entry of the configuration's tiles makes it, from 0.
    pub feed: u32,
    /// The stream that feeds it.
    pub stream: String,
    /// What it is the value of, for example a symbol.
    pub key: String,
    /// Whether its events tell the key; else it is their name.
    pub keyed: bool,
    /// What the value is, where the configuration says so: beside the key, or in place of the events' name.
    pub label: Option<String>,
    /// What stands behind the number, where the configuration says so.
    pub unit: Option<String>,
    /// The value as the server wrote it.
    pub text: String,
    /// The value as a number, if it is one.
    pub value: Option<f64>,
    /// Change in percent: the server's own if the tile names a field for it, else against its first
    /// value of the local day; none for a value of another day.
    pub change_pct: Option<f64>,
    /// The same change in the value's own unit, also from zero; none where the server's own percentage does not tell it.
    pub change: Option<f64>,
    /// Against the value before.
    pub trend: Trend,
    /// When it came.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Recent values, oldest first, at most 120; null where the stream was not connected between two of them.
    pub spark: Vec<Option<f64>>,
}

/// Which way a value went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Trend {
    /// It rose.
    Up,
    /// It fell.
    Down,
    /// It is the first, the same, or no number.
    Flat,
}

/// How loud an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Only stored and listed.
    None,
    /// Can wait.
    Low,
    /// As usual.
    Normal,
    /// Must be seen.
    Critical,
}

/// What became of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlertState {
    /// To be shown.
    Pending,
    /// Shown as a notification.
    Shown,
    /// Not shown, for the reason given with it.
    Suppressed,
}

/// Why an alert was not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlertReason {
    /// Nothing kept it back.
    #[serde(rename = "")]
    None,
    /// Too many in a short time.
    Throttled,
    /// It came in quiet hours.
    QuietHours,
    /// Notifications were paused.
    Paused,
    /// A newer alert of its group was shown in its place.
    Grouped,
    /// It was too old by the time it could be shown.
    Expired,
    /// What it told of was over before it could be shown.
    Resolved,
    /// A silence matched it.
    Silenced,
    /// Its urgency is none.
    StoredOnly,
}

/// What a person did about an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlertAnswer {
    /// Nothing but to read it, or not even that.
    #[serde(rename = "")]
    None,
    /// Took note of it.
    Acknowledged,
    /// Opened the dashboard at it.
    Opened,
    /// Opened its link.
    FollowedLink,
    /// Copied its value.
    Copied,
    /// Silenced its rule for a while.
    Muted,
}

/// The record that a rule fired for an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertView {
    /// Its number, rising.
    #[ts(type = "number")]
    pub id: i64,
    /// The number of the event it was made from.
    #[ts(type = "number")]
    pub seq: i64,
    /// When the event arrived.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The event's stream.
    pub stream: String,
    /// The event's name.
    pub event: String,
    /// The rule that fired.
    pub rule: String,
    /// What the notification says first.
    pub title: String,
    /// What it says then.
    pub body: String,
    /// How loud.
    pub urgency: Urgency,
    /// The group whose notification it replaces; empty without one.
    pub group: String,
    /// An http or https address; empty without one.
    pub link: String,
    /// What became of it.
    pub state: AlertState,
    /// Why it was suppressed; else empty.
    pub reason: AlertReason,
    /// Whether the person has read it.
    pub read: bool,
    /// When it was on screen first.
    #[ts(type = "number | null")]
    pub shown_at_ms: Option<i64>,
    /// When what it tells of was over.
    #[ts(type = "number | null")]
    pub resolved_at_ms: Option<i64>,
    /// What its button copies; empty for title and body.
    pub value: String,
    /// What the person answered; else empty.
    pub answer: AlertAnswer,
    /// When.
    #[ts(type = "number | null")]
    pub answered_at_ms: Option<i64>,
}

/// An event in the ledger, or, in a batch, one that only passes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoredEvent {
    /// Its number, rising, from 1; 0 for an event that is not stored: all that is known of it is here.
    #[ts(type = "number")]
    pub seq: i64,
    /// When it arrived.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Its stream.
    pub stream: String,
    /// Its name.
    pub event: String,
    /// Its id; empty without one.
    pub id: String,
    /// Its data.
    pub data: String,
    /// The alerts that rules made of it.
    pub alerts: Vec<AlertView>,
}

/// Events as they came, at most 200.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventBatch {
    /// The events, oldest first; data longer than 4 KiB is cut.
    pub events: Vec<StoredEvent>,
    /// How many more came in the same time and were left out here. Those that are stored are in the ledger.
    pub omitted: u32,
}

/// All that is configured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    /// The configuration file.
    pub file: String,
    /// The streams, in order.
    pub streams: Vec<StreamForm>,
    /// The rules, in order.
    pub rules: Vec<RuleView>,
    /// The quiet hours, in order.
    pub quiet_hours: Vec<QuietHoursView>,
    /// The tiles, in order.
    pub tiles: Vec<TileForm>,
    /// What holds for everything.
    pub settings: SettingsForm,
    /// The presets that a rule can begin with.
    pub rule_presets: Vec<String>,
}

/// A rule as it is configured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// Its name.
    pub name: String,
    /// Its stream; every stream without one.
    pub stream: Option<String>,
    /// Its event name globs.
    pub events: Vec<String>,
    /// What it asks of an event, about as it is configured; empty where every one is told.
    pub when: Text,
    /// Whether it is asked at all.
    pub enabled: bool,
    /// How loud.
    pub urgency: Urgency,
    /// What it says itself, for editing.
    pub form: Box<RuleForm>,
    /// The same as it is written, with the comment right above it.
    pub text: String,
}

/// Whether the dashboard's window hears the resident; sent to the page by the dashboard's process itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "link", rename_all = "kebab-case")]
pub enum Link {
    /// It does.
    Connected,
    /// It does not; it tries again by itself.
    Lost {
        /// Why, in one line.
        message: Text,
    },
}
