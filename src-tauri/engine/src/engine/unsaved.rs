//! Alerts that were shown before their events could be stored: what became of each, until it has its number.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::ledger::Batch;
use crate::model::{AlertState, StoredAlert, StreamId};
use crate::recent::Recent;

/// Of so many alerts at least that were shown unsaved the number in the ledger is remembered: of more than a screen holds.
const REMEMBERED: usize = 10_000;

/// Alerts without a number in the ledger; their numbers here are below zero.
#[derive(Debug)]
pub(super) struct Unsaved {
    last: i64,
    /// Those of one key are in the order in which they came.
    held: HashMap<Key, VecDeque<Held>>,
    keys: HashMap<i64, Key>,
    /// The numbers in the ledger of those that were stored: whoever has shown them knows no other than the old ones.
    numbers: Recent<i64, i64>,
}

/// What tells an alert from others before it has a number: its stream, rule and time in microseconds. Those that came in
/// one piece have one time.
type Key = (StreamId, Arc<str>, i64);

#[derive(Debug)]
struct Held {
    number: i64,
    fate: Fate,
}

/// What became of an alert that is not stored yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is held back, or on its way to the screen.
    UnderWay,
    /// This.
    Decided(AlertState),
    /// It could not be shown: it is offered again by its own number.
    Failed,
}

impl Default for Unsaved {
    fn default() -> Self {
        Self { last: 0, held: HashMap::new(), keys: HashMap::new(), numbers: Recent::new(REMEMBERED) }
    }
}

impl Unsaved {
    /// Gives each alert of these batches a number.
    pub(super) fn take(&mut self, batches: &[Batch]) -> Vec<StoredAlert> {
        let mut alerts = Vec::new();
        let entries = batches.iter().flat_map(|batch| &batch.entries);
        for (event, alert) in entries.flat_map(|entry| entry.alerts.iter().map(|alert| (&entry.event, alert))) {
            self.last -= 1;
            let stored = StoredAlert::pending(self.last, 0, event, alert.clone());
            let held = Held { number: self.last, fate: Fate::UnderWay };
            self.held.entry(key(&stored)).or_default().push_back(held);
            self.keys.insert(self.last, key(&stored));
            alerts.push(stored);
        }
        alerts
    }

    /// Something became of an alert.
    pub(super) fn became(&mut self, number: i64, fate: Fate) {
        let same = self.keys.get(&number).and_then(|key| self.held.get_mut(key));
        if let Some(held) = same.and_then(|same| same.iter_mut().find(|held| held.number == number)) {
            held.fate = fate;
        }
    }

    /// An alert was stored. Gives the number that it had before, if it had one, and what became of it.
    pub(super) fn stored(&mut self, alert: &StoredAlert) -> Option<(i64, Fate)> {
        let key = key(alert);
        let same = self.held.get_mut(&key)?;
        let held = same.pop_front();
        if same.is_empty() {
            self.held.remove(&key);
        }
        let Held { number, fate } = held?;
        self.keys.remove(&number);
        if !matches!(fate, Fate::Decided(AlertState::Suppressed(_))) {
            self.numbers.insert(number, alert.id, 1);
        }
        Some((number, fate))
    }

    /// Nothing waits to be stored any more: gives those that were not, because the ledger has their events from before.
    pub(super) fn take_rest(&mut self) -> Vec<i64> {
        self.held.clear();
        std::mem::take(&mut self.keys).into_keys().collect()
    }

    /// Whether an alert is still to be stored.
    pub(super) fn is_held(&self, number: i64) -> bool {
        self.keys.contains_key(&number)
    }

    /// The number by which an alert is known now.
    pub(super) fn number(&self, number: i64) -> i64 {
        self.numbers.get(&number).copied().unwrap_or(number)
    }
}

fn key(alert: &StoredAlert) -> Key {
    (alert.stream.clone(), alert.alert.rule.clone(), alert.at.as_microsecond())
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::ledger::Entry;
    use crate::model::{Alert, Event, Suppression};

    /// One event with one alert.
    pub(in super::super) fn batch(seconds: i64) -> Batch {
        let event = Event {
            stream: "s".into(),
            name: "n".to_owned(),
            data: String::new(),
            id_is_own: false,
            id: String::new(),
            at: Timestamp::constant(seconds, 0),
        };
        let alert = Alert { rule: "r".into(), title: "t".to_owned(), ..Alert::default() };
        let entry = Entry { event, alerts: vec![alert], resolutions: Vec::new(), store: true };
        Batch { stream: "s".into(), entries: vec![entry], cursor: None, memories: Vec::new(), was: None }
    }

    fn with_number(unsaved: &StoredAlert, id: i64) -> StoredAlert {
        StoredAlert { id, ..unsaved.clone() }
    }

    #[test]
    fn what_became_of_an_alert_is_known_once_it_is_stored() {
        let mut unsaved = Unsaved::default();
        let alerts = unsaved.take(&[batch(1), batch(2), batch(3), batch(4)]);
        let numbers: Vec<_> = alerts.iter().map(|alert| alert.id).collect();
        let paused = Fate::Decided(AlertState::Suppressed(Suppression::Paused));
        let fates = [Fate::Decided(AlertState::Shown), paused, Fate::UnderWay, Fate::Failed];
        numbers.iter().zip(fates).for_each(|(number, fate)| unsaved.became(*number, fate));
        for (alert, (fate, id)) in alerts.iter().zip(fates.into_iter().zip(7..)) {
            assert!(unsaved.is_held(alert.id));
            assert_eq!(unsaved.stored(&with_number(alert, id)), Some((alert.id, fate)));
            assert!(!unsaved.is_held(alert.id));
        }
        let known: Vec<_> = numbers.iter().map(|number| unsaved.number(*number)).collect();
        assert_eq!(known, [7, numbers[1], 9, 10], "nobody has the number of one that was not shown");
        assert_eq!(unsaved.stored(&with_number(&alerts[0], 11)), None);
    }

    #[test]
    fn alerts_of_one_moment_are_told_apart_by_their_order() {
        let mut unsaved = Unsaved::default();
        let alerts = unsaved.take(&[batch(1), batch(1)]);
        unsaved.became(alerts[1].id, Fate::Failed);
        assert_eq!(unsaved.stored(&with_number(&alerts[0], 7)), Some((alerts[0].id, Fate::UnderWay)));
        assert_eq!(unsaved.stored(&with_number(&alerts[1], 8)), Some((alerts[1].id, Fate::Failed)));
    }

    #[test]
    fn nothing_is_kept_of_what_is_never_stored() {
        let mut unsaved = Unsaved::default();
        let alerts = unsaved.take(&[batch(1)]);
        assert_eq!(unsaved.take_rest(), [alerts[0].id]);
        assert!(!unsaved.is_held(alerts[0].id) && unsaved.stored(&with_number(&alerts[0], 7)).is_none());
    }
}
