//! Which events, which alerts, and what a search of the history found.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::alert::Urgency;
use crate::view::StoredEvent;

/// Which stored events.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct HistoryQuery {
    /// Only of this stream.
    pub stream: Option<String>,
    /// Only events of this name (glob).
    pub event: Option<String>,
    /// Only events that arrived at or after this time, in milliseconds since 1970.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// Only events that arrived at or before this time, in milliseconds since 1970.
    #[ts(type = "number | null")]
    pub until_ms: Option<i64>,
    /// Only events whose name or data holds this text, whatever its case.
    pub search: Option<String>,
    /// Only events that a rule fired for.
    pub alerts: bool,
    /// Only events with a smaller number than this.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// At most so many, the newest; 0 means 200, and 10,000 is the most.
    pub limit: u32,
}

/// Which alerts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct AlertQuery {
    /// Which of them by what a person did.
    pub show: AlertsShown,
    /// Only of this stream.
    pub stream: Option<String>,
    /// Only of this rule.
    pub rule: Option<String>,
    /// Only of this group; an empty one means those without a group.
    pub group: Option<String>,
    /// Only so loud.
    pub urgency: Option<Urgency>,
    /// Only those whose title, body, group, rule, stream or event's name holds this text, whatever its case.
    pub search: Option<String>,
    /// Only of events that arrived at or after this time, in milliseconds since 1970.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// Only alerts with a smaller number than this.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// Only alerts with a larger number than this; then at most so many, the oldest of them. Newest first all the same.
    #[ts(type = "number | null")]
    pub after: Option<i64>,
    /// At most so many, the newest; 0 means 50, and 500 is the most.
    pub limit: u32,
}

/// Which alerts by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlertsShown {
    /// Every one.
    #[default]
    All,
    /// Not read yet.
    Unread,
    /// Read.
    Read,
    /// A person took note of it.
    Acknowledged,
    /// What it told of is over.
    Resolved,
    /// What it told of can end, and has not.
    Open,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// The events, newest first.
    pub events: Vec<StoredEvent>,
    /// Where to go on, as [`crate::HistoryQuery::before`]; `None` where the whole history has been looked through. A
    /// page may have few events, or none, and still not be the last: a search stops after a moment, and the text
    /// index of what came lately is made meanwhile.
    #[ts(type = "number | null")]
    pub next: Option<i64>,
}
