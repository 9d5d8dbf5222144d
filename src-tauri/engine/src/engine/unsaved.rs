//! Alerts that were shown before their events could be stored: what became of each, until it has its number.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::ledger::Batch;
use crate::model::{AlertState, StoredAlert, StreamId};

/// Alerts without a number in the ledger; their numbers here are below zero.
#[derive(Debug, Default)]
pub(super) struct Unsaved {
    last: i64,
    held: HashMap<Key, Held>,
    keys: HashMap<i64, Key>,
    /// Alerts that were stored while they were on their way to the screen.
    stored: HashMap<i64, i64>,
}

/// What tells an alert from others before it has a number: its stream, rule and time in microseconds.
type Key = (StreamId, Arc<str>, i64);

#[derive(Debug)]
struct Held {
    number: i64,
    outcome: Option<AlertState>,
}

/// What is to be done about an alert that has its number now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing yet: it is on its way to the screen.
    Wait,
    /// Record what became of it.
    Mark(AlertState),
    /// Show it: nobody has seen it.
    Offer,
}

impl Unsaved {
    /// Gives each alert of these batches a number.
    pub(super) fn take(&mut self, batches: &[Batch]) -> Vec<StoredAlert> {
        let mut alerts = Vec::new();
        let entries = batches.iter().flat_map(|batch| &batch.entries);
        for (event, alert) in entries.flat_map(|entry| entry.alerts.iter().map(|alert| (&entry.event, alert))) {
            self.last -= 1;
            let stored = StoredAlert::pending(self.last, 0, event, alert.clone());
            self.held.insert(key(&stored), Held { number: self.last, outcome: None });
            self.keys.insert(self.last, key(&stored));
            alerts.push(stored);
        }
        alerts
    }

    /// Something became of an alert. Gives its number in the ledger where it has one by now.
    pub(super) fn outcome(&mut self, number: i64, state: AlertState) -> Option<i64> {
        if let Some(held) = self.keys.get(&number).and_then(|key| self.held.get_mut(key)) {
            held.outcome = Some(state);
        }
        self.stored.remove(&number)
    }

    /// An alert could not be shown: it is shown when it is offered again with its own number.
    pub(super) fn failed(&mut self, number: i64) {
        if let Some(key) = self.keys.remove(&number) {
            self.held.remove(&key);
        }
        self.stored.remove(&number);
    }

    /// An alert was stored.
    pub(super) fn stored(&mut self, alert: &StoredAlert) -> Next {
        let Some(held) = self.held.remove(&key(alert)) else { return Next::Offer };
        self.keys.remove(&held.number);
        match held.outcome {
            Some(state) => Next::Mark(state),
            None => {
                self.stored.insert(held.number, alert.id);
                Next::Wait
            }
        }
    }

    /// The stored alerts that are still on their way to the screen under their old numbers.
    pub(super) fn under_way(&self) -> HashSet<i64> {
        self.stored.values().copied().collect()
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
    fn what_became_of_an_alert_is_recorded_once_it_is_stored() {
        let mut unsaved = Unsaved::default();
        let alerts = unsaved.take(&[batch(1), batch(2)]);
        let paused = AlertState::Suppressed(Suppression::Paused);
        assert_eq!(unsaved.outcome(alerts[0].id, AlertState::Shown), None);
        assert_eq!(unsaved.outcome(alerts[1].id, paused), None);
        assert_eq!(unsaved.stored(&with_number(&alerts[0], 7)), Next::Mark(AlertState::Shown));
        assert_eq!(unsaved.stored(&with_number(&alerts[1], 8)), Next::Mark(paused));
    }

    #[test]
    fn an_alert_that_is_stored_on_its_way_to_the_screen_is_marked_when_it_gets_there() {
        let mut unsaved = Unsaved::default();
        let alert = unsaved.take(&[batch(1)]).remove(0);
        assert_eq!(unsaved.stored(&with_number(&alert, 7)), Next::Wait);
        assert!(unsaved.under_way().contains(&7));
        assert_eq!(unsaved.outcome(alert.id, AlertState::Shown), Some(7));
        assert!(unsaved.under_way().is_empty());
    }

    #[test]
    fn an_alert_that_nobody_saw_is_offered_when_it_is_stored() {
        let mut unsaved = Unsaved::default();
        let alert = unsaved.take(&[batch(1)]).remove(0);
        unsaved.failed(alert.id);
        assert_eq!(unsaved.stored(&with_number(&alert, 7)), Next::Offer);
    }
}
