//! Alerts into notifications: pause, quiet hours, replacing by group, throttling, catching up. Pure: time is an
//! argument.
//!
//! Each alert that is offered ends in exactly one [`Decision`], at once or by the time of a [`Delivery::deadline`]:
//! - Of urgency none, expired, paused, silenced or in quiet hours: suppressed. Critical alerts and rules that say so
//!   pass quiet hours, nothing else.
//! - Of one group only the newest is shown, in the place of the one before; older ones that still wait are `Grouped`.
//! - More than [`BURST`] alerts of one rule that come at once become one summary.
//! - What a rule's throttle or the limit over all rules ([`OVERALL`]) lets through is shown alone. Critical alerts have
//!   a limit of their own ([`CRITICAL`]), so that no flood of others holds them back.
//! - The rest waits until the limit allows one more notification, and becomes one summary. The summary names the newest
//!   [`LISTED`]; these are its [`Notification::alerts`] and count as shown. All that it only counts is `Throttled`.
//! - More than [`CATCH_UP`] alerts that come later than [`LATE`] after their events (an outbox that waited for a start
//!   or for a notification daemon) become one summary; it stands for all of them, shown or tried again together. So do
//!   those that a server had kept ([`Delivery::offer_kept`]).

mod budget;
mod gate;
mod held;
mod kept;
mod quiet;
mod settings;
mod sound;
mod stored;
mod waiting;
mod words;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned};

use crate::config::{Config, Throttle};
use crate::host::Notification;
use crate::model::{StoredAlert, Suppression, Urgency};
use crate::recent::Recent;
use budget::Budgets;
use gate::Gate;
use held::{Held, Lane};
use settings::Settings;
use sound::Sounds;
pub use waiting::Waiting;

/// The limit over all rules, for alerts that are not critical.
pub const OVERALL: Throttle = Throttle { count: 20, window: Duration::from_secs(10) };

/// The limit over all rules, for critical alerts.
pub const CRITICAL: Throttle = Throttle { count: 40, window: Duration::from_secs(10) };

/// How many alerts a summary names.
pub const LISTED: usize = 5;

/// So many alerts of one rule that come at once are still shown one by one, as its throttle allows; more become a
/// summary at once.
pub const BURST: usize = 10;

/// An alert offered later than this after its event is late.
pub const LATE: SignedDuration = SignedDuration::from_secs(60);

/// So many late alerts are still shown one by one; more become a summary.
pub const CATCH_UP: usize = 3;

/// An alert is not shown any more so long after its event, whatever its rule says.
pub const EXPIRY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many slots are remembered as shown.
const SLOTS: usize = 1_000;

/// What is to be done for alerts.
#[expect(clippy::large_enum_variant, reason = "each lives for a moment, and most are notifications")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Show a notification. Its alerts count as shown once the host has shown it; where that fails they are told to
    /// [`Delivery::failed`] and may be offered again.
    Show(Notification),
    /// Do not show this alert.
    Suppress {
        /// Its number.
        alert: i64,
        /// Why.
        reason: Suppression,
    },
}

/// What has been shown lately, and what is held back.
#[derive(Debug)]
pub struct Delivery {
    settings: Settings,
    gate: Gate,
    budgets: Budgets,
    sounds: Sounds,
    held: BTreeMap<Lane, Held>,
    /// What was shown of the slots that more than one alert uses.
    slots: Recent<String, Seen>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    /// The newest alert, shown alone or in a summary: older ones are not shown any more.
    newest: i64,
    /// Whether there was a notification in the slot itself.
    replaceable: bool,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            gate: Gate::default(),
            budgets: Budgets::default(),
            sounds: Sounds::default(),
            held: BTreeMap::new(),
            slots: Recent::new(SLOTS),
        }
    }
}

/// The slot in which an alert is shown when it is shown alone: its own, or that of its rule and group.
pub fn slot(alert: &StoredAlert) -> String {
    if alert.alert.group.is_empty() {
        format!("alert:{}", alert.id)
    } else {
        format!("group:{}\n{}", alert.alert.rule, alert.alert.group)
    }
}

impl Delivery {
    /// Takes new settings and keeps what was shown and held back. Alerts of a rule that is not among them are treated
    /// as those of a rule with every default.
    pub fn configure(&mut self, config: &Config) {
        self.settings = Settings::new(config);
    }

    /// Decides on alerts. Those that are held back already are passed over, so all that are still to be shown may be
    /// offered again, but for those whose notification the host is just showing.
    pub fn offer(&mut self, mut alerts: Vec<StoredAlert>, now: &Zoned) -> Vec<Decision> {
        let held: HashSet<i64> = self.held.values().flat_map(Held::ids).collect();
        let mut decisions = self.tick(now);
        alerts.sort_by_key(|alert| newness(alert.id));
        alerts.dedup_by_key(|alert| alert.id);
        alerts.retain(|alert| !held.contains(&alert.id) && self.passes(alert, now, &mut decisions));
        keep_newest(&mut alerts, &mut decisions);

        let (late, fresh): (Vec<_>, Vec<_>) = alerts.into_iter().partition(|alert| age(alert, now) > LATE);
        let catch_up = late.len() > CATCH_UP || self.held.contains_key(&Lane::Away);
        for alert in late {
            if catch_up {
                self.supersede(&alert, &mut decisions);
                self.hold(Lane::Away, alert, now, &mut decisions);
            } else {
                self.admit(alert, now, &mut decisions);
            }
        }
        self.release(now, &mut decisions);
        let bursts = self.bursts(&fresh);
        for alert in fresh {
            let lane = held::lane_of_rule(&alert);
            if bursts.contains(&lane) {
                self.supersede(&alert, &mut decisions);
                self.hold(lane, alert, now, &mut decisions);
            } else {
                self.admit(alert, now, &mut decisions);
            }
        }
        if !bursts.is_empty() {
            self.release(now, &mut decisions);
        }
        decisions
    }

    /// The rules that fired very often at once, as lanes.
    fn bursts(&self, alerts: &[StoredAlert]) -> HashSet<Lane> {
        let mut counts: HashMap<Lane, usize> = HashMap::new();
        if alerts.len() > BURST {
            for alert in alerts.iter().filter(|alert| self.settings.throttle(&alert.alert.rule).is_some()) {
                *counts.entry(held::lane_of_rule(alert)).or_default() += 1;
            }
        }
        counts.into_iter().filter_map(|(lane, count)| (count > BURST).then_some(lane)).collect()
    }

    /// These could not be shown: they do not count against any limit, and what is shown next does not replace them.
    pub fn failed(&mut self, alerts: &[i64]) {
        let failed: HashSet<i64> = alerts.iter().copied().collect();
        self.budgets.forget(&failed);
        self.sounds.forget(|alert| failed.contains(&alert));
        self.slots.retain(|seen| !failed.contains(&seen.newest));
    }

    /// These were resolved: those that are held back are not shown any more.
    pub fn resolve(&mut self, alerts: &[i64]) -> Vec<Decision> {
        let over = self.let_go(alerts).into_iter();
        over.map(|alert| Decision::Suppress { alert, reason: Suppression::Resolved }).collect()
    }

    /// Those of these that are held back are forgotten; tells which.
    pub fn let_go(&mut self, alerts: &[i64]) -> Vec<i64> {
        let unwanted: HashSet<i64> = alerts.iter().copied().collect();
        let mut gone = Vec::new();
        self.held.retain(|_, held| {
            held.alerts.retain(|alert| {
                let goes = unwanted.contains(&alert.id);
                gone.extend(goes.then_some(alert.id));
                !goes
            });
            !held.alerts.is_empty()
        });
        gone
    }

    /// When [`Delivery::tick`] has something to do next; `None` when nothing is held back.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.held.iter().map(|(lane, held)| self.free_at(lane, held).unwrap_or(held.since)).min()
    }

    /// Decides on what was held back until now.
    pub fn tick(&mut self, now: &Zoned) -> Vec<Decision> {
        let mut decisions = Vec::new();
        self.budgets.prune(now.timestamp(), &self.settings);
        for (lane, mut held) in std::mem::take(&mut self.held) {
            held.alerts.retain(|alert| self.passes(alert, now, &mut decisions));
            if !held.alerts.is_empty() {
                self.held.insert(lane, held);
            }
        }
        self.release(now, &mut decisions);
        decisions
    }

    /// Whether an alert may be shown now or later; decides on it where it may not.
    fn passes(&self, alert: &StoredAlert, now: &Zoned, decisions: &mut Vec<Decision>) -> bool {
        let newer_shown =
            || self.slots.get(slot(alert).as_str()).is_some_and(|seen| newness(seen.newest) > newness(alert.id));
        let newer_held = || self.held.values().flat_map(|held| &held.alerts).any(|held| is_newer_in_slot(held, alert));
        let reason = match self.gate.refusal(alert, &self.settings, now) {
            Some(reason) => reason,
            None if newer_shown() || newer_held() => Suppression::Grouped,
            None => return true,
        };
        decisions.push(Decision::Suppress { alert: alert.id, reason });
        false
    }

    /// Shows an alert or holds it back.
    fn admit(&mut self, alert: StoredAlert, now: &Zoned, decisions: &mut Vec<Decision>) {
        self.supersede(&alert, decisions);
        let critical = held::is_critical(&alert);
        let waits = |free: Option<Timestamp>| free.is_some_and(|free| free > now.timestamp());
        let own = held::lane_of_rule(&alert);
        let all = Lane::All { critical };
        if self.settings.throttle(&alert.alert.rule).is_none() {
            // Whoever switched a rule's throttle off wants every one of its alerts.
            self.show(held::alone(&alert, &self.settings), Some(&alert.alert.rule), now, decisions);
            return;
        }
        // Behind what waits already, so that the order is kept.
        if self.held.contains_key(&own) || waits(self.budgets.rule_free_at(&alert.alert.rule, critical, &self.settings))
        {
            self.hold(own, alert, now, decisions);
        } else if self.held.contains_key(&all) || waits(self.budgets.free_at(critical)) {
            self.hold(all, alert, now, decisions);
        } else {
            self.show(held::alone(&alert, &self.settings), Some(&alert.alert.rule), now, decisions);
        }
    }

    /// Takes back what waits for the same slot as a newer alert.
    fn supersede(&mut self, newer: &StoredAlert, decisions: &mut Vec<Decision>) {
        self.held.retain(|_, held| {
            held.alerts.retain(|alert| {
                let older = is_newer_in_slot(newer, alert);
                if older {
                    decisions.push(Decision::Suppress { alert: alert.id, reason: Suppression::Grouped });
                }
                !older
            });
            !held.alerts.is_empty()
        });
    }

    fn hold(&mut self, lane: Lane, alert: StoredAlert, now: &Zoned, decisions: &mut Vec<Decision>) {
        let capacity = lane.capacity();
        let more = self.has_shown(&lane);
        let held = self.held.entry(lane).or_insert_with(|| Held::new(now.timestamp(), more));
        if let Some(counted) = held.push(alert, capacity) {
            decisions.push(Decision::Suppress { alert: counted, reason: Suppression::Throttled });
        }
    }

    /// Shows what is held back, as far as the limits allow, what has waited longest first.
    fn release(&mut self, now: &Zoned, decisions: &mut Vec<Decision>) {
        let mut lanes: Vec<_> = self.held.iter().map(|(lane, held)| (held.since, lane.clone())).collect();
        lanes.sort();
        for (_, lane) in lanes {
            let Some(held) = self.held.remove(&lane) else { continue };
            if self.free_at(&lane, &held).is_some_and(|free| free > now.timestamp()) {
                self.held.insert(lane, held);
                continue;
            }
            if let Some(alert) = held.only() {
                // It counts against the limit of its rule too, which may not allow it yet.
                self.admit(alert.clone(), now, decisions);
            } else if let Some(notification) = held::summary(&lane, &held, &self.settings) {
                for alert in held.alerts.iter().filter(|alert| !alert.alert.group.is_empty()) {
                    self.remember(slot(alert), alert.id, false);
                }
                self.show(notification, lane.rule(), now, decisions);
            }
        }
    }

    /// Whether something of a lane was shown a moment ago, so that the rest is "more".
    fn has_shown(&self, lane: &Lane) -> bool {
        match lane {
            Lane::Rule { critical, rule } => self.budgets.has_shown(rule, *critical),
            Lane::All { .. } | Lane::Away | Lane::Kept { .. } => true,
        }
    }

    /// Shows a notification, which counts against the limit of this rule too.
    fn show(&mut self, mut notification: Notification, rule: Option<&str>, now: &Zoned, decisions: &mut Vec<Decision>) {
        let newest = notification.alerts.last().copied().unwrap_or_default();
        let critical = notification.urgency == Urgency::Critical;
        self.budgets.record(rule, critical, newest, now.timestamp(), &self.settings);
        let noise = std::mem::take(&mut notification.look.noise);
        notification.look.noise = self.sounds.admit(noise, newest, now.timestamp(), self.settings.sound_gap());
        if !held::is_unique(&notification.slot) {
            notification.replaces = self.remember(notification.slot.clone(), newest, true);
        }
        decisions.push(Decision::Show(notification));
    }

    /// Remembers what is shown of a slot; tells whether something in the slot itself was shown before.
    fn remember(&mut self, slot: String, newest: i64, in_slot: bool) -> bool {
        let replaceable = self.slots.get(slot.as_str()).is_some_and(|seen| seen.replaceable);
        self.slots.insert(slot, Seen { newest, replaceable: replaceable || in_slot }, 1);
        replaceable
    }

    /// When the limits allow what is held there; `None`: at once.
    fn free_at(&self, lane: &Lane, held: &Held) -> Option<Timestamp> {
        let all = self.budgets.free_at(held.urgency == Urgency::Critical);
        match lane {
            Lane::Rule { critical, rule } => all.max(self.budgets.rule_free_at(rule, *critical, &self.settings)),
            Lane::Kept { .. } => all.max(kept::settled_at(held)),
            Lane::All { .. } | Lane::Away => all,
        }
    }
}

fn age(alert: &StoredAlert, now: &Zoned) -> SignedDuration {
    now.timestamp().duration_since(alert.at)
}

/// How new an alert is by its number: one that could not be stored yet has one below zero, lower than the one before it,
/// and is newer than all that are stored.
fn newness(alert: i64) -> (bool, u64) {
    (alert < 0, alert.unsigned_abs())
}

fn is_newer_in_slot(newer: &StoredAlert, older: &StoredAlert) -> bool {
    let (one, other) = (&newer.alert, &older.alert);
    newness(newer.id) > newness(older.id) && !one.group.is_empty() && one.group == other.group && one.rule == other.rule
}

/// Decides on all but the newest alert of each group.
fn keep_newest(alerts: &mut Vec<StoredAlert>, decisions: &mut Vec<Decision>) {
    let mut seen = HashSet::new();
    let mut newest_first = std::mem::take(alerts);
    newest_first.reverse();
    newest_first.retain(|alert| {
        let newest = seen.insert(slot(alert));
        if !newest {
            decisions.push(Decision::Suppress { alert: alert.id, reason: Suppression::Grouped });
        }
        newest
    });
    newest_first.reverse();
    *alerts = newest_first;
}
