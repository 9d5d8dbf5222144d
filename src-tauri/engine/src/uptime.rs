//! What is kept of a stream's connections, and how much of the last day there was one. Pure: time is an argument.
//!
//! A [`Log`] takes a stream's changes of state and makes a [`Record`] of each connection; a [`Day`] knows for each
//! quarter of an hour how long there was a connection and how long there was none. Time in which nobody watched (the
//! machine slept, Streambell did not run, the stream was switched off) is neither.

mod day;
mod log;
mod outages;
mod record;
#[cfg(test)]
mod tests;

use std::time::Instant;

use jiff::Timestamp;

use crate::model::StreamId;

pub use day::{Day, SEGMENT, SEGMENTS};
pub use log::{Counted, Log};
pub use outages::outages;
pub use record::{Cause, Record};

/// An instant by both clocks: the wall clock names it, the monotonic one, which stands still while the machine sleeps,
/// measures from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// By the wall clock.
    pub wall: Timestamp,
    /// By the monotonic clock.
    pub instant: Instant,
}

impl Now {
    /// By the system's clocks.
    pub fn read() -> Self {
        Self { wall: Timestamp::now(), instant: Instant::now() }
    }
}

/// How well a stream is connected: what is shown of it beside its state.
#[derive(Debug, Clone, PartialEq)]
pub struct Uptime {
    /// The stream.
    pub stream: StreamId,
    /// The part of the watched time of the last 24 hours with a connection, 0 to 1; `None` where nobody watched.
    pub share: Option<f64>,
    /// The same for each quarter of an hour, oldest first; the last one is under way.
    pub segments: Vec<Option<f64>>,
    /// Since when it has been watched, where that is not as long as a day.
    pub since: Option<Timestamp>,
    /// The connection there is, as it stands.
    pub open: Option<Record>,
    /// The one that ended last, or the tries that came to nothing last.
    pub last: Option<Record>,
}
