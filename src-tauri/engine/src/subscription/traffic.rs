//! What a stream's task counts for whoever looks; no one waits for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::uptime::Counted;

/// Counters of one stream, written by its task.
#[derive(Debug, Default)]
pub struct Traffic {
    bytes: AtomicU64,
    header_after: Latency,
    first_byte_after: Latency,
}

impl Traffic {
    /// What was counted so far.
    pub fn counted(&self) -> Counted {
        Counted {
            bytes: self.bytes.load(Ordering::Relaxed),
            header_after: self.header_after.get(),
            first_byte_after: self.first_byte_after.get(),
        }
    }

    /// A request is made.
    pub(super) fn begin(&self) {
        self.header_after.0.store(0, Ordering::Relaxed);
        self.first_byte_after.0.store(0, Ordering::Relaxed);
    }

    /// The request of then has its answer's header.
    pub(super) fn answered(&self, asked: Instant) {
        self.header_after.set_once(asked);
    }

    /// Bytes of the body came.
    pub(super) fn received(&self, bytes: usize, asked: Instant) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.first_byte_after.set_once(asked);
    }
}

/// Microseconds since the request, 1 at the least; 0 while what is waited for has not come.
#[derive(Debug, Default)]
struct Latency(AtomicU64);

impl Latency {
    fn set_once(&self, asked: Instant) {
        if self.0.load(Ordering::Relaxed) == 0 {
            let after = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.0.store(after.max(1), Ordering::Relaxed);
        }
    }

    fn get(&self) -> Option<Duration> {
        let micros = self.0.load(Ordering::Relaxed);
        (micros > 0).then(|| Duration::from_micros(micros))
    }
}
