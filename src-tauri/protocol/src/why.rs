//! Why a person was or was not told of an event.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::AlertView;

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
}

/// How one rule judges an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleTrace {
    /// The rule.
    pub rule: String,
    /// What comes of it.
    pub verdict: RuleVerdict,
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
    pub condition: String,
    /// The values that it was decided by.
    pub value: String,
    /// Whether it holds.
    pub holds: bool,
}
