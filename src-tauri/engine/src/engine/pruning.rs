//! When the ledger is pruned. Pure: time is an argument.

use std::time::{Duration, Instant};

/// How often, and how soon after the start for the first time.
const INTERVAL: Duration = Duration::from_mins(1);

/// How soon pruning goes on where there was more to remove than one step does: with room for commits in between.
const STEP: Duration = Duration::from_millis(5);

/// After so many events it is not waited for: a server that floods must not fill the disk within a minute.
const FLOOD: usize = 50_000;

/// The next time.
#[derive(Debug)]
pub(super) struct Pruning {
    at: Instant,
    /// Events stored since the last time.
    stored: usize,
}

impl Pruning {
    pub(super) fn new(now: Instant) -> Self {
        Self { at: now + INTERVAL, stored: 0 }
    }

    pub(super) fn deadline(&self) -> Instant {
        self.at
    }

    /// So many more events are stored.
    pub(super) fn stored(&mut self, events: usize, now: Instant) {
        self.stored = self.stored.saturating_add(events);
        if self.stored >= FLOOD {
            self.at = self.at.min(now);
        }
    }

    /// Whether to prune now.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let due = self.at <= now;
        if due {
            *self = Self::new(now);
        }
        due
    }

    /// A step is over; `more` is left to remove.
    pub(super) fn done(&mut self, more: bool, now: Instant) {
        if more {
            self.at = self.at.min(now + STEP);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_done_once_a_minute_and_again_at_once_while_there_is_more() {
        let start = Instant::now();
        let mut pruning = Pruning::new(start);
        assert!(!pruning.is_due(start + INTERVAL - STEP));
        assert!(pruning.is_due(start + INTERVAL));
        assert!(!pruning.is_due(start + INTERVAL));
        pruning.done(true, start + INTERVAL);
        assert!(pruning.is_due(start + INTERVAL + STEP));
        pruning.done(false, start + INTERVAL + STEP);
        assert_eq!(pruning.deadline(), start + 2 * INTERVAL + STEP);
    }

    #[test]
    fn a_flood_is_not_waited_out() {
        let start = Instant::now();
        let mut pruning = Pruning::new(start);
        pruning.stored(FLOOD - 1, start);
        assert!(!pruning.is_due(start));
        pruning.stored(1, start);
        assert!(pruning.is_due(start));
        assert!(!pruning.is_due(start));
    }
}
