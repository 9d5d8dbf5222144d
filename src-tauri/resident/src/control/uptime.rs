//! How well streams have been connected, as the protocol has it.

use std::time::Duration;

use jiff::Timestamp;
use streambell_engine::uptime::{Cause, Record, Uptime};
use streambell_protocol::{ConnectionEnd, ConnectionView, UptimeView};

use super::view::{missing, text};

/// A stream's last 24 hours.
pub(super) fn uptime(from: &Uptime, now: Timestamp) -> UptimeView {
    UptimeView {
        stream: from.stream.to_string(),
        share: from.share,
        segments: from.segments.iter().map(|share| share.map(rounded)).collect(),
        known_since_ms: from.since.map(Timestamp::as_millisecond),
        at_ms: now.as_millisecond(),
        connected_since_ms: from.open.as_ref().and_then(Record::opened).map(Timestamp::as_millisecond),
        last: from.last.as_ref().map(connection),
    }
}

/// A connection.
pub(super) fn connection(from: &Record) -> ConnectionView {
    let has_end = !matches!(from.cause, Cause::Open | Cause::Killed);
    ConnectionView {
        start_ms: from.start.as_millisecond(),
        end_ms: has_end.then(|| from.end.as_millisecond()),
        cause: cause(from.cause),
        message: text(&from.message),
        missing: missing(&from.message),
        tries: from.tries,
        status: from.status,
        http: from.http.clone(),
        header_ms: from.header_after.map(millis),
        first_byte_ms: from.first_byte_after.map(millis),
        open_ms: from.open_for.filter(|_| from.cause != Cause::Killed).map(millis),
        bytes: from.bytes,
        events: from.events,
    }
}

/// The connections of a stream, newest first, with the one there is as it stands now.
pub(super) fn connections(open: Option<&Record>, past: &[Record], limit: usize) -> Vec<ConnectionView> {
    // It is stored too, to the microsecond.
    let begun = open.map(|open| open.start.as_microsecond());
    let past = past.iter().filter(|record| Some(record.start.as_microsecond()) != begun);
    open.into_iter().chain(past).take(limit).map(connection).collect()
}

/// To hundredths; a quarter of an hour with a gap never looks whole.
fn rounded(share: f64) -> f64 {
    (share * 100.0).floor() / 100.0
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn cause(from: Cause) -> ConnectionEnd {
    match from {
        Cause::Open => ConnectionEnd::Open,
        Cause::EndOfStream => ConnectionEnd::EndOfStream,
        Cause::Network => ConnectionEnd::Network,
        Cause::Tls => ConnectionEnd::Tls,
        Cause::Idle => ConnectionEnd::Idle,
        Cause::Status => ConnectionEnd::Status,
        Cause::NoContent => ConnectionEnd::NoContent,
        Cause::ContentType => ConnectionEnd::ContentType,
        Cause::Redirect => ConnectionEnd::Redirect,
        Cause::Unauthorized => ConnectionEnd::Unauthorized,
        Cause::BadUrl => ConnectionEnd::BadUrl,
        Cause::Offline => ConnectionEnd::Offline,
        Cause::Reconnect => ConnectionEnd::Reconnect,
        Cause::Stopped => ConnectionEnd::Stopped,
        Cause::Killed => ConnectionEnd::Killed,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn every_cause_has_the_same_word_everywhere() {
        for one in Cause::ALL {
            assert_eq!(cause(one).as_str(), one.as_str());
        }
    }

    #[test]
    fn a_quarter_of_an_hour_with_a_gap_never_looks_whole() {
        assert_eq!([rounded(1.0), rounded(0.9999), rounded(0.0)], [1.0, 0.99, 0.0]);
    }

    #[test]
    fn a_connection_that_lasts_is_listed_once_however_finely_its_start_is_known() {
        let start = Timestamp::from_nanosecond(1_700_000_000_123_456_789).unwrap();
        let stored = Timestamp::from_microsecond(start.as_microsecond()).unwrap();
        let [open, stored, before] = [start, stored, stored - jiff::SignedDuration::from_secs(1)].map(Record::begun);
        assert_eq!(connections(Some(&open), &[stored.clone(), before.clone()], 9).len(), 2);
        assert_eq!(connections(None, &[stored, before], 9).len(), 2);
    }
}
