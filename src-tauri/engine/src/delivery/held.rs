//! What is held back, and the notification that it becomes.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::settings::Settings;
use super::{LISTED, slot, words};
use crate::host::{Look, Notification};
use crate::model::{StoredAlert, Urgency};

/// The most late alerts that one summary stands for.
const MOST_LATE: usize = 1_000;

/// How the slot of an alert that shares it with no other begins.
const UNIQUE: &str = "alert:";

/// What an alert waits for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Lane {
    /// The limit over all rules, as one of many that are late.
    Away,
    /// The end of what the server had kept and sends at once.
    Kept {
        /// Whether it was to go on after an event.
        resumed: bool,
    },
    /// The limit of its rule.
    Rule {
        /// Critical ones apart: a rule's alerts about its own failing are not.
        critical: bool,
        /// Its name.
        rule: Arc<str>,
    },
    /// The limit over all rules.
    All {
        /// Critical ones apart.
        critical: bool,
    },
}

/// Alerts that wait to become one notification.
#[derive(Debug)]
pub(super) struct Held {
    /// Since when.
    pub(super) since: Timestamp,
    /// Whether some were shown alone just before.
    more: bool,
    /// The newest, newest last; never empty while it waits.
    pub(super) alerts: VecDeque<StoredAlert>,
    /// How many more there were.
    counted: usize,
    /// The highest of all.
    pub(super) urgency: Urgency,
}

impl Lane {
    /// How many alerts it keeps; those before are only counted.
    pub(super) fn capacity(&self) -> usize {
        match self {
            Self::Away | Self::Kept { .. } => MOST_LATE,
            Self::Rule { .. } | Self::All { .. } => LISTED,
        }
    }

    /// The one rule whose alerts it keeps.
    pub(super) fn rule(&self) -> Option<&str> {
        match self {
            Self::Rule { rule, .. } => Some(rule),
            Self::Away | Self::Kept { .. } | Self::All { .. } => None,
        }
    }
}

impl Held {
    pub(super) fn new(since: Timestamp, more: bool) -> Self {
        Self { since, more, alerts: VecDeque::new(), counted: 0, urgency: Urgency::Low }
    }

    /// Adds the newest; returns the number of one that is only counted from now on.
    pub(super) fn push(&mut self, alert: StoredAlert, capacity: usize) -> Option<i64> {
        self.urgency = self.urgency.max(alert.alert.urgency);
        self.alerts.push_back(alert);
        if self.alerts.len() <= capacity {
            return None;
        }
        self.counted += 1;
        self.alerts.pop_front().map(|alert| alert.id)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = i64> {
        self.alerts.iter().map(|alert| alert.id)
    }

    /// The alert, if it is the only one.
    pub(super) fn only(&self) -> Option<&StoredAlert> {
        self.alerts.front().filter(|_| self.counted == 0 && self.alerts.len() == 1)
    }
}

/// Whether no other alert ever uses the slot.
pub(super) fn is_unique(slot: &str) -> bool {
    slot.starts_with(UNIQUE)
}

/// An alert by itself.
pub(super) fn alone(alert: &StoredAlert, settings: &Settings) -> Notification {
    Notification {
        slot: slot(alert),
        replaces: false,
        alerts: vec![alert.id],
        title: alert.alert.title.clone(),
        body: alert.alert.body.clone(),
        urgency: alert.alert.urgency,
        link: alert.alert.link.clone(),
        stream: alert.stream.clone(),
        rule: alert.alert.rule.to_string(),
        seq: alert.seq,
        at: alert.at,
        look: Box::new(Look { expires_at: settings.withdraw_at(alert), ..settings.look(alert) }),
        notice: None,
    }
}

/// Whether an alert is critical: those have limits of their own.
pub(super) fn is_critical(alert: &StoredAlert) -> bool {
    alert.alert.urgency == Urgency::Critical
}

/// Where an alert waits for the limit of its rule.
pub(super) fn lane_of_rule(alert: &StoredAlert) -> Lane {
    Lane::Rule { critical: is_critical(alert), rule: alert.alert.rule.clone() }
}

/// Several as one: how many, and the titles of the newest, critical ones first.
pub(super) fn summary(lane: &Lane, held: &Held, settings: &Settings) -> Option<Notification> {
    let newest = held.alerts.back()?;
    let total = held.alerts.len() + held.counted;
    let title = words::title(lane, total, held.more, settings.locale());
    let slot = match lane {
        Lane::Away => "away".to_owned(),
        Lane::Kept { resumed: true } => "kept".to_owned(),
        Lane::Kept { resumed: false } => "earlier".to_owned(),
        Lane::Rule { critical: true, rule } => format!("summary:critical:{rule}"),
        Lane::Rule { critical: false, rule } => format!("summary:{rule}"),
        Lane::All { critical: true } => "summary-of-all:critical".to_owned(),
        Lane::All { critical: false } => "summary-of-all".to_owned(),
    };
    let mut listed: Vec<&StoredAlert> = held.alerts.iter().rev().collect();
    listed.sort_by_key(|alert| alert.alert.urgency != Urgency::Critical);
    listed.truncate(LISTED);
    let mut lines: Vec<String> = listed.iter().map(|alert| alert.alert.title.clone()).collect();
    if total > listed.len() {
        lines.push(words::rest(total - listed.len(), settings.locale()));
    }
    // It means something until the last of them does not.
    let expiries = held.alerts.iter().map(|alert| settings.withdraw_at(alert)).collect::<Option<Vec<_>>>();
    let expires_at = expiries.and_then(|all| all.into_iter().max());
    Some(Notification {
        slot,
        title,
        body: lines.join("\n"),
        alerts: held.ids().collect(),
        urgency: held.urgency,
        link: String::new(),
        look: Box::new(Look { expires_at, ..settings.summary_look(newest, held.urgency) }),
        ..alone(newest, settings)
    })
}
