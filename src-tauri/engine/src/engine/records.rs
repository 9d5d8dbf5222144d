//! Connections on their way to the ledger: gathered for a moment, since nobody waits for them. Pure.

use std::time::{Duration, Instant};

use crate::model::StreamId;
use crate::uptime::Record;

/// How long they are gathered. A kill meanwhile costs what is said of these connections, and nothing else.
const DELAY: Duration = Duration::from_secs(1);

/// What is to be kept.
#[derive(Debug, Default)]
pub(super) struct Records {
    gathered: Vec<(StreamId, Record)>,
    due: Option<Instant>,
}

impl Records {
    /// Keeps a record soon.
    pub(super) fn add(&mut self, stream: &StreamId, record: Option<Record>, now: Instant) {
        if let Some(record) = record {
            self.gathered.push((stream.clone(), record));
            self.due.get_or_insert(now + DELAY);
        }
    }

    /// A stream has another name now.
    pub(super) fn rename(&mut self, old: &StreamId, new: &StreamId) {
        let of_it = self.gathered.iter_mut().filter(|(stream, _)| stream == old);
        of_it.for_each(|(stream, _)| *stream = new.clone());
    }

    /// When they are to be given to the ledger.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.due
    }

    /// What was gathered.
    pub(super) fn take(&mut self) -> Vec<(StreamId, Record)> {
        self.due = None;
        std::mem::take(&mut self.gathered)
    }
}
