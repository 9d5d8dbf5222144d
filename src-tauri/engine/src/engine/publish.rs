//! The snapshot: built when something changed, published at most ten times a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::snapshot::Snapshot;

/// The shortest time between two snapshots.
const INTERVAL: Duration = Duration::from_millis(100);

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
        if self.due.is_none() {
            let now = Instant::now();
            self.due = Some(self.last.map_or(now, |last| (last + INTERVAL).max(now)));
        }
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
        at: Timestamp::now(),
        pause: None,
        stream_pauses: BTreeMap::new(),
        silences: Vec::new(),
        unread: 0,
        notifications_trouble: None,
        ledger_trouble: None,
        configuration_trouble: None,
        streams: Vec::new(),
        tiles: Vec::new(),
        alerts: Vec::new(),
    }
}
