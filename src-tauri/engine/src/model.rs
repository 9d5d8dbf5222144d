//! The plain values everything else is about: events, alerts, and their names.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The name of a configured stream, unique in a configuration. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(Arc<str>);

impl StreamId {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for StreamId {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl Borrow<str> for StreamId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One dispatched server-sent event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The stream it came on.
    pub stream: StreamId,
    /// Its name; `message` where the server gave none.
    pub name: String,
    /// Its data.
    pub data: String,
    /// The stream's last event id at this event (HTML Standard, `lastEventId`); empty when there is none.
    pub id: String,
    /// Whether that id is its own: its block had one that is legal (an `id` field, also an empty one). Only an event with
    /// a non-empty one can be recognised when it is sent again.
    pub id_is_own: bool,
    /// When it arrived.
    pub at: Timestamp,
}

/// An event in the ledger, or one that only passes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its number in the ledger, rising, from 1; 0 for an event that is not stored and is seen only as it comes.
    pub seq: i64,
    /// The event.
    pub event: Event,
    /// What rules made of it.
    pub alerts: Vec<StoredAlert>,
}

/// How loud an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Only stored and listed; never shown as a notification.
    None,
    /// Can wait.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Must be seen.
    Critical,
}

impl Urgency {
    /// All of them, from the quietest.
    pub const ALL: [Self; 4] = [Self::None, Self::Low, Self::Normal, Self::Critical];

    /// The word used in configuration, ledger and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Normal => "normal",
            Self::Critical => "critical",
        }
    }
}

/// What a rule makes of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alert {
    /// The rule's name.
    pub rule: Arc<str>,
    /// What the notification says first; one line, never empty.
    pub title: String,
    /// What it says then; may be empty.
    pub body: String,
    /// How loud.
    pub urgency: Urgency,
    /// The group whose notification it replaces; empty without one.
    pub group: String,
    /// An http or https address; empty without one.
    pub link: String,
    /// The name of an icon, where the rule makes it from the event; empty without one. Never a path.
    pub icon: String,
    /// What the button that copies a value copies, where the rule makes it from the event; empty without one.
    pub value: String,
    /// Whether a later event may resolve it.
    pub resolvable: bool,
}

/// Says that the open alerts of a rule and group are over: what they told of is no longer so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The rule that made them.
    pub rule: Arc<str>,
    /// Their group; empty without one.
    pub group: String,
}

/// An alert in the ledger: the outbox that notifications are shown from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAlert {
    /// Its number, rising.
    pub id: i64,
    /// The number of its event. Where the event itself is not stored (`store = "none"`) still a number of its own.
    pub seq: i64,
    /// When its event arrived.
    pub at: Timestamp,
    /// Its event's stream.
    pub stream: StreamId,
    /// Its event's name.
    pub event: String,
    /// What the rule made.
    pub alert: Alert,
    /// What became of it.
    pub state: AlertState,
    /// Whether the person has read it.
    pub read: bool,
    /// When it was on screen first.
    pub shown_at: Option<Timestamp>,
    /// When a later event resolved it.
    pub resolved_at: Option<Timestamp>,
    /// What the person answered last; an acknowledgement stays.
    pub answer: Option<Answered>,
}

impl StoredAlert {
    /// An alert that is still to be shown, with the number of its event.
    pub fn pending(id: i64, seq: i64, event: &Event, alert: Alert) -> Self {
        Self {
            id,
            seq,
            at: event.at,
            stream: event.stream.clone(),
            event: event.name.clone(),
            alert,
            state: AlertState::Pending,
            read: false,
            shown_at: None,
            resolved_at: None,
            answer: None,
        }
    }
}

/// What a person answered to an alert, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// What.
    pub answer: Answer,
    /// When, to the microsecond.
    pub at: Timestamp,
}

/// What a person did about an alert. Each of them also reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
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

impl Answer {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Acknowledged, Self::Opened, Self::FollowedLink, Self::Copied, Self::Muted];

    /// The word used in ledger and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Opened => "opened",
            Self::FollowedLink => "followed-link",
            Self::Copied => "copied",
            Self::Muted => "muted",
        }
    }
}

/// What a person said of alerts and can take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// That it is read. Who takes that back has not taken note of it either.
    Read,
    /// That note was taken of it. Without that it is still read.
    Acknowledged,
}

/// What became of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertState {
    /// To be shown.
    Pending,
    /// Shown as a notification, alone or as part of a summary.
    Shown,
    /// Not shown.
    Suppressed(Suppression),
}

impl AlertState {
    /// The word used in ledger and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Shown => "shown",
            Self::Suppressed(_) => "suppressed",
        }
    }
}

/// Why an alert was not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suppression {
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

impl Suppression {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Throttled,
        Self::QuietHours,
        Self::Paused,
        Self::Grouped,
        Self::Expired,
        Self::Resolved,
        Self::Silenced,
        Self::StoredOnly,
    ];

    /// The word used in ledger and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::QuietHours => "quiet-hours",
            Self::Paused => "paused",
            Self::Grouped => "grouped",
            Self::Expired => "expired",
            Self::Resolved => "resolved",
            Self::Silenced => "silenced",
            Self::StoredOnly => "stored-only",
        }
    }
}
