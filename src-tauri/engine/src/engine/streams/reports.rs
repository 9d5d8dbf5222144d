//! What the streams' tasks report, counted and kept.

use std::time::Instant;

use jiff::Timestamp;

use super::{Stream, Streams};
use crate::engine::replay::Replay;
use crate::model::StreamId;
use crate::snapshot::GapStatus;
use crate::transport::Gap;

impl Streams {
    /// The server answered, in this HTTP version where that opens a stream.
    pub(in crate::engine) fn answered(&mut self, name: &StreamId, code: u16, http: &str) {
        if let Some(at) = self.position(name) {
            let Stream { log, traffic, .. } = &mut self.streams[at];
            log.answered(code, http, traffic.counted());
        }
    }

    /// Counts a connection, and a gap before it that the server admits.
    pub(in crate::engine) fn opened(&mut self, name: &StreamId, gap: Option<Gap>, now: Timestamp) {
        let Some(at) = self.position(name) else { return };
        self.streams[at].replay = Some(Replay::new(now, !self.tasks.cursor(name).is_empty()));
        let status = &mut self.streams[at].status;
        status.connections = status.connections.saturating_add(1);
        if let Some(Gap { asked, resumed }) = gap {
            tracing::warn!(stream = %name, asked, resumed, "the server does not have all events since: some may be missing");
            status.gaps = status.gaps.saturating_add(1);
            status.last_gap = Some(GapStatus { at: now, after: asked });
        }
    }

    /// Whether a stream that is connected again may have missed what a line of values shows; `resumes`: its server was
    /// told after which event to go on.
    pub(in crate::engine) fn was_away(&self, name: &StreamId, resumes: bool, now: Timestamp) -> bool {
        self.position(name).is_none_or(|at| self.streams[at].was_away(now, resumes))
    }

    /// An open stream is silent for longer than usual since then, or no more.
    pub(in crate::engine) fn quiet(&mut self, name: &StreamId, since: Option<Instant>, now: Timestamp) {
        let Some(at) = self.position(name) else { return };
        let since = since.and_then(|since| now.checked_sub(since.elapsed()).ok());
        tracing::info!(stream = %name, overdue = since.is_some(), "the stream's heartbeat");
        self.streams[at].status.quiet_since = since;
    }

    /// Counts events and takes over where the cursor is.
    pub(in crate::engine) fn received(
        &mut self,
        name: &StreamId,
        events: u64,
        last: Option<Timestamp>,
        cursor: Option<&str>,
    ) {
        if let Some(cursor) = cursor {
            self.tasks.cursors.insert(name.clone(), cursor.to_owned());
        }
        let Some(at) = self.position(name) else { return };
        let stream = &mut self.streams[at];
        if events > 0 {
            self.tasks.notices.received(name, events);
            stream.panics = 0;
            stream.log.received(events);
            stream.status.events += events;
            stream.status.last_event_at = last;
            if let Some(last) = last {
                stream.rate.count(events, last);
            }
            if let (Some(replay), Some(last)) = (&mut stream.replay, last) {
                replay.received(last);
            }
        }
        if let Some(cursor) = cursor {
            cursor.clone_into(&mut stream.status.last_event_id);
        }
    }
}
