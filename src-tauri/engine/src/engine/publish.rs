//! The snapshot: built when something changed, published at most ten times a second; counts and values of very many
//! streams less often, since each snapshot holds them all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::locale::Locale;
use crate::snapshot::Snapshot;

/// The shortest time between two snapshots.
const INTERVAL: Duration = Duration::from_millis(100);

/// The longest time between two snapshots while only counts and values change.
const LONGEST: Duration = Duration::from_secs(1);

/// For each so many streams counts and values wait one interval more.
const STREAMS: usize = 100;

/// When the next snapshot is due, and who sees it.
#[derive(Debug)]
pub(super) struct Publisher {
    snapshots: watch::Sender<Arc<Snapshot>>,
    last: Option<Instant>,
    due: Option<Instant>,
}

impl Publisher {
    pub(super) fn new(first: Snapshot) -> (Self, watch::Receiver<Arc<Snapshot>>) {
        let (snapshots, receiver) = watch::channel(Arc::new(first));
        (Self { snapshots, last: None, due: None }, receiver)
    }

    /// Something changed: a snapshot is due as soon as the interval allows.
    pub(super) fn touch(&mut self) {
        self.publish_after(INTERVAL);
    }

    /// Counts and values of one of so many streams changed: nobody waits for these.
    pub(super) fn count(&mut self, streams: usize) {
        let intervals = u32::try_from(1 + streams / STREAMS).unwrap_or(u32::MAX);
        self.publish_after(INTERVAL.saturating_mul(intervals).min(LONGEST));
    }

    fn publish_after(&mut self, interval: Duration) {
        let now = Instant::now();
        let soonest = self.last.map_or(now, |last| (last + interval).max(now));
        self.due = Some(self.due.map_or(soonest, |due| due.min(soonest)));
    }

    /// When [`Publisher::publish`] is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.due
    }

    pub(super) fn publish(&mut self, snapshot: Snapshot) {
        self.last = Some(Instant::now());
        self.due = None;
        self.snapshots.send_replace(Arc::new(snapshot));
    }
}

/// The snapshot before anything happened.
pub(super) fn empty(demo: bool) -> Snapshot {
    Snapshot {
        demo,
        locale: Locale::default(),
        at: Timestamp::now(),
        pause: None,
        stream_pauses: BTreeMap::new(),
        silences: Vec::new(),
        unread: 0,
        said: 0,
        notifications_trouble: None,
        ledger_trouble: None,
        configuration_trouble: None,
        configurations: 0,
        streams: Vec::new(),
        tiles: Vec::new(),
        tiles_left_out: 0,
        alerts: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_many_streams_wait_longer_and_news_do_not() {
        for (streams, wait) in [(0, INTERVAL), (50, INTERVAL), (500, 6 * INTERVAL), (1_000, LONGEST)] {
            let (mut publisher, _seen) = Publisher::new(empty(false));
            publisher.publish(empty(false));
            let last = publisher.last;
            publisher.count(streams);
            assert_eq!(publisher.deadline(), last.map(|last| last + wait), "{streams} streams");
            publisher.touch();
            assert_eq!(publisher.deadline(), last.map(|last| last + INTERVAL));
            publisher.count(streams);
            assert_eq!(publisher.deadline(), last.map(|last| last + INTERVAL), "news stay as soon as they were");
        }
    }
}
