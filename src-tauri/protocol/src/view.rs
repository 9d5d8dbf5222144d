//! What there is to see: the whole state as plain values.
//!
//! Times are milliseconds since 1970 (UTC).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::alert::{AlertView, Urgency};
use crate::form::StreamForm;
use crate::rule::RuleForm;
use crate::settings::{SettingsForm, TileForm};
use crate::silence::{QuietHoursView, SilenceView, StreamPauseView};
use crate::stream::StreamView;
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
