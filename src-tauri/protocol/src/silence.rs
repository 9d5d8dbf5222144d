//! What a person does not want to be told for a while.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which alerts a silence is about. All that is said must match; each is a glob.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct SilenceMatcher {
    /// The stream's name.
    pub stream: Option<String>,
    /// The rule's name.
    pub rule: Option<String>,
    /// The group.
    pub group: Option<String>,
    /// Anywhere in title or body, whatever its case.
    pub text: Option<String>,
}

/// A silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SilenceView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// Which alerts.
    pub matcher: SilenceMatcher,
    /// When it ends.
    #[ts(type = "number")]
    pub until_ms: i64,
    /// Why; may be empty.
    pub comment: String,
    /// When it was made.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// A stream whose notifications are paused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StreamPauseView {
    /// Its name.
    pub stream: String,
    /// When the pause ends; `None` means when resumed.
    #[ts(type = "number | null")]
    pub until_ms: Option<i64>,
}

/// Quiet hours as they are configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuietHoursView {
    /// The start, as `22:00`.
    pub from: String,
    /// The end.
    pub to: String,
    /// The days on which they start, from 0 for Monday.
    pub days: Vec<u8>,
    /// Whose time of day; the system's without one.
    pub time_zone: Option<String>,
}
