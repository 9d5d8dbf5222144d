//! Why a person was or was not told of an event.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::alert::AlertView;
use crate::text::Text;

/// How rules judge an event, and what became of its alerts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhyView {
    /// How the rules in force judge it, in their order; none where the event itself is not stored.
    pub rules: Vec<RuleTrace>,
    /// The rules that judge it otherwise now than when it came.
    pub rules_changed: Vec<String>,
    /// The alerts that were made of it when it came.
    pub alerts: Vec<AlertView>,
    /// What those of them wait for that are still to be shown.
    pub waiting: Vec<WaitingView>,
}

/// What an alert waits for before it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaitingView {
    /// The alert.
    #[ts(type = "number")]
    pub alert: i64,
    /// What is awaited.
    pub awaits: Awaited,
    /// For a turn: when that is, in milliseconds since 1970.
    #[ts(type = "number | null")]
    pub until_ms: Option<i64>,
    /// For a daemon: why the alert could not be shown, in one line.
    pub message: Text,
}

/// What an alert waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Awaited {
    /// Its turn: too many came in a short time, or they are told together.
    Turn,
    /// The desktop, which was just asked to show it.
    Desktop,
    /// A notification daemon.
    Daemon,
}

/// How one rule judges an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleTrace {
    /// The rule.
    pub rule: String,
    /// What comes of it.
    pub verdict: RuleVerdict,
    /// The rule that keeps the event from this one, where that is [`RuleVerdict::Stopped`].
    pub stopped_by: Option<String>,
    /// The conditions that were asked, in order.
    pub checks: Vec<RuleCheck>,
}

/// What comes of an event for a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RuleVerdict {
    /// It is switched off.
    Off,
    /// The stream's `notify` is false.
    Muted,
    /// A rule before it stops such events.
    Stopped,
    /// Its conditions do not hold.
    Unmatched,
    /// They hold, and it makes nothing of such events and keeps them from later rules.
    Ignored,
    /// They hold, and it has nothing to tell.
    Quiet,
    /// It fires.
    Fired,
    /// What it told of is over.
    Resolved,
    /// It cannot be evaluated.
    Failed,
}

/// A condition and how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleCheck {
    /// The condition, about as it is configured.
    pub condition: Text,
    /// The values that it was decided by.
    pub value: Text,
    /// Whether it holds.
    pub holds: bool,
}
