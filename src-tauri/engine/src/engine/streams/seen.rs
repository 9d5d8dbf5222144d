//! What is seen of the streams' connections: how well each is connected, what is kept, and what a person is told.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Streams;
use crate::engine::records::Records;
use crate::model::StreamId;
use crate::notices::Notices;
use crate::text;
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
            let record = stream.log.end(text!("Streambell ended", "Streambell 退出了"), stream.traffic.counted(), now);
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
        // One that was given up at the end before anything came of it says nothing.
        let last = records.iter().rev().find(|record| record.cause != Cause::Stopped || !record.is_failure());
        if last.is_some_and(|last| last.cause == Cause::Unauthorized && last.end >= since) {
            notices.has_been_told(stream);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::{Config, StreamConfig};
    use crate::connection::State;
    use crate::locale::Text;

    /// Whether a sign-in is asked for after a start that follows these causes, each with whether it was open.
    fn is_asked_for(ends: &[(Cause, bool)]) -> bool {
        let now = Timestamp::now();
        let record = |(cause, open): &(Cause, bool)| Record {
            cause: *cause,
            open_for: open.then_some(Duration::ZERO),
            ..Record::begun(now)
        };
        let name = StreamId::from("a");
        let mut notices = Notices::default();
        told_before(&HashMap::from([(name.clone(), ends.iter().map(record).collect())]), &mut notices);
        let streams = vec![StreamConfig::new("a", "http://localhost/").into()];
        notices.configure(&Config { streams, ..Config::default() }, Instant::now());
        notices.enter(&name, &State::NeedsSignIn { message: Text::plain("no") }, Instant::now());
        let later = Instant::now().checked_add(Duration::from_secs(10)).unwrap();
        !notices.tick(later, now, false).is_empty()
    }

    #[test]
    fn a_sign_in_is_asked_for_once_in_a_storm_of_starts_and_anew_where_the_stream_was_open_since() {
        assert!(is_asked_for(&[]));
        assert!(!is_asked_for(&[(Cause::Unauthorized, false)]));
        assert!(!is_asked_for(&[(Cause::Unauthorized, false), (Cause::Stopped, false)]));
        assert!(is_asked_for(&[(Cause::Unauthorized, false), (Cause::Stopped, true)]));
    }
}
