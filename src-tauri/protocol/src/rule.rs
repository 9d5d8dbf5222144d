//! A rule as a person edits it: typed fields, or the TOML of one `[[rule]]`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::alert::{AlertReason, Urgency};
use crate::text::Text;
use crate::why::{RuleCheck, RuleVerdict};

/// A rule that is being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "draft", content = "value", rename_all = "kebab-case")]
pub enum RuleDraft {
    /// Field by field.
    Form(Box<RuleForm>),
    /// The TOML of one `[[rule]]`, with its comments.
    Text(String),
}

/// All that a rule says itself. What is `null` or empty is not said: its preset's word holds, or the default.
///
/// Durations, times of day and throttles are written as in the file (`10m`, `03:30`, `5 per 1m`), so that what is wrong
/// with them is told in the same words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleForm {
    /// Its name, unique.
    pub name: String,
    /// Whether it is asked at all.
    pub enabled: bool,
    /// What it begins with: one of [`Configuration::rule_presets`](crate::Configuration::rule_presets).
    pub preset: Option<String>,
    /// Names or globs of streams; every stream without any.
    pub streams: Vec<String>,
    /// Globs of event names; every event without any.
    pub events: Vec<String>,
    /// What fields of the data must be (`match`), in order.
    pub fields: Vec<FieldForm>,
    /// Pieces of text, one of which must be in the data; one with `*` is a pattern for all of it.
    pub text: Vec<String>,
    /// An expression that must be true.
    pub when: Option<String>,
    /// What makes it fire, of the events for which all that holds.
    pub trigger: TriggerForm,
    /// For so long it rests after it fired, for the same group.
    pub cooldown: Option<String>,
    /// Whether later rules do not see what matches.
    pub stop: bool,
    /// Whether it makes nothing of what matches, and later rules do not see it. Such a rule says no more but what
    /// matches.
    pub ignore: bool,
    /// An expression; an event for which it is true resolves the alerts of its group.
    pub resolved_when: Option<String>,
    /// A template: what takes the place of a resolved alert's notification.
    pub resolved: Option<String>,
    /// The rules whose alerts of the same group are resolved when this one fires.
    pub resolves: Vec<String>,
    /// A template; by default the event's name.
    pub title: Option<String>,
    /// A template; by default the event's data.
    pub body: Option<String>,
    /// `none`, `low`, `normal`, `critical`, or a template for one of these words.
    pub urgency: Option<String>,
    /// A template; a newer alert of the same group replaces the notification of the one before.
    pub group: Option<String>,
    /// A template for an http or https address.
    pub link: Option<String>,
    /// `5 per 1m`, or `off`.
    pub throttle: Option<String>,
    /// Whether it is shown in quiet hours too.
    pub quiet_hours: Option<QuietRule>,
    /// So long after its event it is not shown any more.
    pub expires: Option<String>,
    /// A name of the desktop's sound theme, a file, or `none`.
    pub sound: Option<String>,
    /// A name of the desktop's icon theme, a file, or a template for a name.
    pub icon: Option<String>,
    /// How long it is on screen: a duration, `never` or `default`.
    pub timeout: Option<String>,
    /// The buttons, in order; by default the dashboard's and the link's.
    pub buttons: Option<Vec<ButtonForm>>,
    /// A program and its arguments. Refused unless programs are allowed; a person is asked about each.
    pub run: Vec<String>,
}

impl RuleForm {
    /// A rule that says only its name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            enabled: true,
            preset: None,
            streams: Vec::new(),
            events: Vec::new(),
            fields: Vec::new(),
            text: Vec::new(),
            when: None,
            trigger: TriggerForm::Each,
            cooldown: None,
            stop: false,
            ignore: false,
            resolved_when: None,
            resolved: None,
            resolves: Vec::new(),
            title: None,
            body: None,
            urgency: None,
            group: None,
            link: None,
            throttle: None,
            quiet_hours: None,
            expires: None,
            sound: None,
            icon: None,
            timeout: None,
            buttons: None,
            run: Vec::new(),
        }
    }
}

/// What a field of an event's data must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldForm {
    /// The JSON pointer to it.
    pub pointer: String,
    /// One of these must hold.
    pub tests: Vec<TestForm>,
}

/// What a field must be: `"BTC"`, `"B*"`, `"> 100"`, `3`, `true`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum TestForm {
    /// True, or false.
    Flag(bool),
    /// This number.
    Number(f64),
    /// Text, a glob, or a comparison with a number.
    Text(String),
}

/// What makes a rule fire.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(tag = "trigger", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum TriggerForm {
    /// Each event.
    #[default]
    Each,
    /// A value that crosses a threshold.
    Crosses {
        /// The JSON pointer to it.
        value: String,
        /// Which side is beyond.
        side: SideForm,
        /// The threshold.
        threshold: f64,
        /// Where the value has to be back at; by default the threshold.
        rearm: Option<f64>,
    },
    /// A value that changes by so much in so short a time.
    Change {
        /// The JSON pointer to it.
        value: String,
        /// `-3%` falls, `+3%` rises, `3%` either.
        by: String,
        /// The window.
        within: String,
        /// What counts as recovered; by default half of `by`.
        rearm: Option<String>,
    },
    /// That no event comes for so long.
    ExpectWithin {
        /// How long.
        within: String,
    },
    /// That no event comes by a time of day.
    ExpectBy {
        /// The time, as `03:30`.
        by: String,
        /// Only events since then count.
        from: Option<String>,
        /// On which days, from 0 for Monday; every day without any.
        days: Vec<u8>,
        /// Whose time of day; the system's without one.
        time_zone: Option<String>,
    },
}

/// A side of a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SideForm {
    /// Larger.
    Above,
    /// Smaller.
    Below,
}

/// What a rule does in quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum QuietRule {
    /// Its alerts are held back, but critical ones.
    Hold,
    /// They are shown.
    Pass,
}

/// A button of a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ButtonForm {
    /// What it does.
    pub kind: ButtonKind,
    /// What it says; by default what it does.
    pub label: Option<String>,
    /// A template for what [`ButtonKind::CopyValue`] copies; by default title and body.
    pub value: Option<String>,
    /// For how long [`ButtonKind::MuteRule`] silences; by default an hour.
    pub length: Option<String>,
}

/// What a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ButtonKind {
    /// Opens the alert's link.
    OpenLink,
    /// Opens the dashboard at the alert.
    OpenDashboard,
    /// Copies a value.
    CopyValue,
    /// Silences the rule.
    MuteRule,
    /// Takes note of the alert.
    Acknowledge,
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// From 1, in the text it is about; 0 where it has no place there.
    pub line: u32,
    /// From 1, in characters; 0 where it has no place.
    pub column: u32,
    /// The key of the file that it is about, such as `title` or `quiet_hours`, where it is about one.
    pub field: Option<String>,
    /// What is wrong, and what would be right.
    pub message: Text,
}

/// A draft as text and as form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleTextView {
    /// The TOML of one `[[rule]]`. The places of the faults are in it.
    pub text: String,
    /// The same field by field; `null` where the text is no TOML of one rule.
    pub form: Option<Box<RuleForm>>,
    /// What is wrong with it, in order of lines; none where it can be saved.
    pub faults: Vec<Fault>,
}

/// What a draft would have done with stored events. Nothing of it happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewReport {
    /// The TOML that the places of the faults are in.
    pub text: String,
    /// What is wrong with the draft; then nothing was tried.
    pub faults: Vec<Fault>,
    /// The last events of the draft's streams and event names, newest first, at most 100.
    pub events: Vec<PreviewEvent>,
    /// Alerts that tell that no event came, newest first, at most 100.
    pub absences: Vec<PreviewAlert>,
    /// How many notifications there would have been for those; several alerts may share one.
    pub shown: u32,
    /// How many events of the draft's streams and names were tried, to know what the rule would remember. What is
    /// listed is the end of them.
    pub tried: u32,
    /// Whether the time ran out before all were found.
    pub cut: bool,
}

/// A stored event, and what a draft would have made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewEvent {
    /// Its number.
    #[ts(type = "number")]
    pub seq: i64,
    /// When it arrived.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Its stream.
    pub stream: String,
    /// Its name.
    pub event: String,
    /// Its data; cut at 1 KiB.
    pub data: String,
    /// What comes of it.
    pub verdict: RuleVerdict,
    /// The rule that keeps the event from this one, where that is [`RuleVerdict::Stopped`].
    pub stopped_by: Option<String>,
    /// The conditions that were asked, in order.
    pub checks: Vec<RuleCheck>,
    /// The alert that would have been made.
    pub alert: Option<PreviewAlert>,
}

/// An alert that would have been made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewAlert {
    /// When its event arrived, or should have.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What the notification says first.
    pub title: String,
    /// What it says then.
    pub body: String,
    /// How loud.
    pub urgency: Urgency,
    /// Its group; empty without one.
    pub group: String,
    /// An http or https address; empty without one.
    pub link: String,
    /// Whether it would have been shown, by itself or in a summary.
    pub shown: bool,
    /// Why not, as in [`AlertView::reason`](crate::AlertView::reason), else empty.
    pub reason: AlertReason,
}

/// How often a rule fired in the last 7 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleCount {
    /// The rule; also one that is not configured any more.
    pub rule: String,
    /// How many alerts it made.
    pub fired: u32,
    /// How many of them were on screen.
    pub shown: u32,
    /// When it fired last.
    #[ts(type = "number")]
    pub last_at_ms: i64,
}
