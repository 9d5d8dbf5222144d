//! From a stream's changes of state to records and uptime.

use std::time::Duration;

use super::{Cause, Day, Now, Record, Uptime};
use crate::connection::State;
use crate::locale::Text;
use crate::model::StreamId;
use crate::text;

/// One stream's connections: the one there is, the one before, and the last 24 hours.
#[derive(Debug, Clone, Default)]
pub struct Log {
    day: Day,
    watch: Option<Watch>,
    live: Option<Live>,
    last: Option<Record>,
    /// How long, until [`Watch::since`], there has been no connection.
    missing: Duration,
}

/// Since when time has not been counted, and what it counts for.
#[derive(Debug, Clone, Copy)]
struct Watch {
    since: Now,
    up: bool,
}

/// A request that was made and what came of it so far.
#[derive(Debug, Clone)]
struct Live {
    record: Record,
    /// The stream's bytes before it.
    bytes_before: u64,
}

/// What a stream's task has counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Bytes of all bodies so far.
    pub bytes: u64,
    /// How long the newest answer's header took, counted from its request.
    pub header_after: Option<Duration>,
    /// How long the newest connection's first byte took, counted from its request.
    pub first_byte_after: Option<Duration>,
}

impl Log {
    /// A stream that has these records of the last day, oldest first.
    pub fn new(records: Vec<Record>) -> Self {
        let mut log = Self::default();
        for record in &records {
            let until = record.opened().unwrap_or(record.end);
            if let Ok(from) = until.checked_sub(record.missing) {
                log.day.add(from, record.missing, false);
            }
            if let (Some(opened), Some(length)) = (record.opened(), record.open_for) {
                log.day.add(opened, length, true);
            }
        }
        log.last = records.into_iter().next_back();
        log
    }

    /// The stream's state changed. Gives what is to be kept: a connection that opened, or one that ended.
    pub fn enter(&mut self, state: &State, counted: Counted, now: Now) -> Option<Record> {
        let (cause, message) = match state {
            State::Connecting => (Cause::Reconnect, text!("it was given up for a new one", "改用新的连接")),
            State::Open => return self.opened(now),
            State::Waiting(wait) => (wait.reason.into(), wait.message.clone()),
            State::Offline { .. } => (Cause::Offline, text!("there is no network", "没有网络")),
            State::Refreshing => (Cause::Unauthorized, text!("the server wants a new token", "服务器需要新的令牌")),
            State::NeedsSignIn { message } => (Cause::Unauthorized, message.clone()),
            State::Ended { reason, message } => ((*reason).into(), message.clone()),
            State::Idle => (Cause::Stopped, text!("the stream was changed", "流的设置有改动")),
            State::Paused => (Cause::Stopped, text!("the stream was switched off", "流已关闭")),
        };
        // What has no more to send is not away.
        let over = matches!(state, State::Ended { reason, .. } if reason.is_normal());
        // How a stream is that has only begun to connect, nobody knows yet.
        let begins = self.watch.is_none() && matches!(state, State::Idle | State::Connecting);
        let watched = !over && !begins && *state != State::Paused;
        let record = self.close(cause, message, counted, now);
        self.settle(now);
        self.watch = watched.then_some(Watch { since: now, up: false });
        if *state == State::Connecting {
            self.live = Some(Live::new(counted, now));
        }
        record
    }

    /// The server answered the request.
    pub fn answered(&mut self, status: u16, http: &str, counted: Counted) {
        if let Some(live) = &mut self.live {
            live.record.status = Some(status);
            http.clone_into(&mut live.record.http);
            live.record.header_after = counted.header_after;
        }
    }

    /// So many events came.
    pub fn received(&mut self, events: u64) {
        if let Some(live) = &mut self.live {
            live.record.events += events;
        }
    }

    /// Nobody watches the stream any more, for this reason. Gives what is to be kept.
    pub fn end(&mut self, why: Text, counted: Counted, now: Now) -> Option<Record> {
        let record = self.close(Cause::Stopped, why, counted, now);
        self.settle(now);
        self.watch = None;
        record
    }

    /// Counts the time until now: before a look at it, and after a sleep, so that none of it is counted as later.
    pub fn settle(&mut self, now: Now) {
        let Some(watch) = &mut self.watch else { return };
        let length = now.instant.saturating_duration_since(watch.since.instant);
        self.day.add(watch.since.wall, length, watch.up);
        let up = watch.up;
        watch.since = now;
        match &mut self.live {
            Some(live) if up => {
                let open_for = live.record.open_for.get_or_insert_default();
                *open_for += length;
            }
            Some(_) | None => self.missing += length,
        }
    }

    /// How well the stream is connected.
    pub fn uptime(&mut self, stream: &StreamId, counted: Counted, now: Now) -> Uptime {
        self.settle(now);
        let open = self.live.as_ref().filter(|live| live.record.open_for.is_some());
        Uptime {
            stream: stream.clone(),
            share: self.day.share(now.wall),
            segments: self.day.segments(now.wall),
            since: self.day.since(now.wall),
            open: open.map(|live| live.counted(counted, now)),
            last: self.last.clone(),
        }
    }

    fn opened(&mut self, now: Now) -> Option<Record> {
        self.settle(now);
        self.watch = Some(Watch { since: now, up: true });
        let live = self.live.as_mut()?;
        live.record.open_for = Some(Duration::ZERO);
        live.record.missing = std::mem::take(&mut self.missing);
        live.record.end = now.wall;
        Some(live.record.clone())
    }

    /// What there was of a connection is over.
    fn close(&mut self, cause: Cause, message: Text, counted: Counted, now: Now) -> Option<Record> {
        self.settle(now);
        let mut record = self.live.take()?.counted(counted, now);
        (record.cause, record.message) = (cause, message);
        if record.is_failure() {
            record.missing = std::mem::take(&mut self.missing);
            if let Some(last) = self.last.take().filter(|last| is_same_failure(last, &record)) {
                record.start = last.start;
                record.tries = last.tries.saturating_add(1);
                record.missing += last.missing;
            }
        }
        self.last = Some(record.clone());
        Some(record)
    }
}

impl Live {
    fn new(counted: Counted, now: Now) -> Self {
        Self { record: Record::begun(now.wall), bytes_before: counted.bytes }
    }

    /// As it stands.
    fn counted(&self, counted: Counted, now: Now) -> Record {
        Record {
            end: now.wall,
            first_byte_after: counted.first_byte_after,
            bytes: counted.bytes.saturating_sub(self.bytes_before),
            ..self.record.clone()
        }
    }
}

fn is_same_failure(last: &Record, next: &Record) -> bool {
    let why = |record: &Record| (record.cause, record.status, record.message.english.clone());
    last.is_failure() && why(last) == why(next)
}
