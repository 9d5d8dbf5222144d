//! How much was sent to be written and is not answered yet.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Batch, bytes_of, events_of};

/// What was sent and is not answered yet.
#[derive(Debug, Default)]
pub(super) struct Outstanding {
    /// How many the thread has to do.
    pub(super) writes: AtomicUsize,
    pub(super) events: AtomicUsize,
    pub(super) bytes: AtomicUsize,
}

impl Outstanding {
    pub(super) fn add(&self, batches: &[Batch]) {
        self.events.fetch_add(events_of(batches), Ordering::Relaxed);
        self.bytes.fetch_add(bytes_of(batches), Ordering::Relaxed);
    }

    pub(super) fn remove(&self, events: usize, bytes: usize) {
        self.events.fetch_sub(events, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}
