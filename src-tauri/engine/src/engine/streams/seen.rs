//! What is seen of the streams' connections: how well each is connected, what is kept, and what a person is told.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Streams;
use crate::engine::records::Records;
use crate::model::StreamId;
use crate::notices::Notices;
use crate::uptime::{Cause, Now, Record, Uptime};

/// A start within so long of the end before it tells nothing that was told then.
const STORM: Duration = Duration::from_secs(10 * 60);

impl Streams {
    /// How well every stream is connected.
    pub(in crate::engine) fn uptimes(&mut self) -> Vec<Uptime> {
        let now = Now::read();
        self.streams
            .iter_mut()
            .map(|stream| stream.log.uptime(&stream.config.name, stream.traffic.counted(), now))
            .collect()
    }

    /// The machine slept: that time is not counted.
    pub(in crate::engine) fn slept(&mut self) {
        let now = Now::read();
        self.streams.iter_mut().for_each(|stream| stream.log.settle(now));
        self.tasks.notices.slept(now.instant);
    }

    /// Streambell ends, and with it every connection.
    pub(in crate::engine) fn end_connections(&mut self) {
        let now = Now::read();
        for stream in &mut self.streams {
            let record = stream.log.end("Streambell ended", stream.traffic.counted(), now);
            self.tasks.records.add(&stream.config.name, record, now.instant);
        }
    }

    /// What a person is told about them.
    pub(in crate::engine) fn notices(&mut self) -> &mut Notices {
        &mut self.tasks.notices
    }

    /// When that has something to do.
    pub(in crate::engine) fn notices_at(&self) -> Option<Instant> {
        self.tasks.notices.deadline()
    }

    /// What is to be kept of connections.
    pub(in crate::engine) fn records(&mut self) -> &mut Records {
        &mut self.tasks.records
    }

    /// When that is due.
    pub(in crate::engine) fn records_at(&self) -> Option<Instant> {
        self.tasks.records.deadline()
    }
}

/// A sign-in that was asked for a moment ago is not asked for again because Streambell was started anew.
pub(super) fn told_before(past: &HashMap<StreamId, Vec<Record>>, notices: &mut Notices) {
    let since = Timestamp::now().checked_sub(STORM).unwrap_or(Timestamp::MIN);
    for (stream, records) in past {
        let last = records.iter().rev().find(|record| record.cause != Cause::Stopped);
        if last.is_some_and(|last| last.cause == Cause::Unauthorized && last.end >= since) {
            notices.has_been_told(stream);
        }
    }
}
