//! Alerts: what rules made of events, and what became of it.
//!
//! Times are milliseconds since 1970 (UTC).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
