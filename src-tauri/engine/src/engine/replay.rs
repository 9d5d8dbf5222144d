//! What a server sends right after a connection opened, without a pause, is what it had kept: events from before the
//! start, or those that came while nobody listened. Pure.
//!
//! They are stored and counted as all are. More than a few alerts of them are shown as one summary, not one by one.

use std::time::Duration;

use jiff::Timestamp;

use crate::delivery::CATCH_UP;

/// The first of them comes within so long of the opening.
const FIRST: Duration = Duration::from_secs(2);
/// A pause as long as this is the end of what was kept.
const PAUSE: Duration = Duration::from_millis(250);
/// A server that never pauses sends what is new by then.
const LONGEST: Duration = Duration::from_secs(3);

/// The beginning of one connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replay {
    /// Whether the server was to go on after an event.
    pub(super) resumed: bool,
    opened: Timestamp,
    /// When the last event came that belongs to it.
    last: Option<Timestamp>,
    /// When the first event came that does not.
    over: Option<Timestamp>,
    /// How many alerts its events made.
    alerts: usize,
}

impl Replay {
    /// A connection that opened; `resumed`: the server was to go on after an event.
    pub(super) fn new(opened: Timestamp, resumed: bool) -> Self {
        Self { resumed, opened, last: None, over: None, alerts: 0 }
    }

    /// Events came.
    pub(super) fn received(&mut self, at: Timestamp) {
        if self.over.is_some() {
            return;
        }
        let since = |start: Timestamp| Duration::try_from(at.duration_since(start)).unwrap_or_default();
        let paused = self.last.map_or(since(self.opened) > FIRST, |last| since(last) > PAUSE);
        if paused || since(self.opened) > FIRST + LONGEST {
            self.over = Some(at);
        } else {
            self.last = Some(at);
        }
    }

    /// Whether an event that came then belongs to it.
    pub(super) fn holds(&self, at: Timestamp) -> bool {
        self.opened <= at && self.over.is_none_or(|over| at < over)
    }

    /// Counts an alert of such an event.
    pub(super) fn count(&mut self) {
        self.alerts = self.alerts.saturating_add(1);
    }

    /// Whether its alerts are too many to be shown one by one.
    pub(super) fn is_much(&self) -> bool {
        self.alerts > CATCH_UP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_000_000 + millis).unwrap_or_default()
    }

    /// Opened at 0, with events at these milliseconds.
    fn replay(events: &[i64]) -> Replay {
        let mut replay = Replay::new(at(0), false);
        events.iter().for_each(|millis| replay.received(at(*millis)));
        replay
    }

    #[test]
    fn what_comes_without_a_pause_was_kept_and_the_rest_is_new() {
        let replay = replay(&[40, 60, 300, 700, 701]);
        for (millis, held) in [(-1, false), (40, true), (300, true), (699, true), (700, false), (9_000, false)] {
            assert_eq!(replay.holds(at(millis)), held, "{millis}");
        }
    }

    #[test]
    fn a_first_event_that_is_late_is_new() {
        assert!(!replay(&[2_100]).holds(at(2_100)));
        assert!(replay(&[1_900]).holds(at(1_900)));
    }

    #[test]
    fn a_server_that_never_pauses_sends_new_events_after_a_while() {
        let replay = replay(&(0..100).map(|number| number * 100).collect::<Vec<_>>());
        assert!(replay.holds(at(4_000)));
        assert!(!replay.holds(at(5_100)));
    }

    #[test]
    fn a_few_alerts_are_not_much() {
        let mut replay = replay(&[1]);
        (0..CATCH_UP).for_each(|_| replay.count());
        assert!(!replay.is_much());
        replay.count();
        assert!(replay.is_much());
    }
}
