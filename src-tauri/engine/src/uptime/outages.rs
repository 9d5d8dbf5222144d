//! When a stream had no connection.

use jiff::Timestamp;

use super::{Cause, Record};

/// The times between `from` and `to` in which the stream of these records, oldest first, had no connection, oldest first.
/// What nobody knows (before the first record, and from a kill until the next start) is none of them.
pub fn outages(records: &[Record], from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut found = Vec::new();
    let mut since = None;
    for record in records {
        let Some(opened) = record.opened() else {
            since = since.or(Some(record.start));
            continue;
        };
        found.extend(since.take().map(|since| (since, opened)));
        since = (!matches!(record.cause, Cause::Open | Cause::Killed)).then_some(record.end);
    }
    found.extend(since.map(|since| (since, to)));
    let within = found.into_iter().map(|(begun, ended)| (begun.max(from), ended.min(to)));
    within.filter(|(begun, ended)| begun < ended).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH.saturating_add(jiff::SignedDuration::from_secs(second)).unwrap_or_default()
    }

    /// From one second to another; open all the time, or never.
    fn record(start: i64, end: i64, cause: Cause, opens: bool) -> Record {
        Record {
            end: at(end),
            cause,
            header_after: opens.then_some(Duration::from_secs(1)),
            open_for: opens.then(|| Duration::from_secs((end - start).unsigned_abs())),
            ..Record::begun(at(start))
        }
    }

    fn seconds(records: &[Record], from: i64, to: i64) -> Vec<(i64, i64)> {
        outages(records, at(from), at(to)).iter().map(|(from, to)| (from.as_second(), to.as_second())).collect()
    }

    #[test]
    fn tries_that_come_to_nothing_are_of_the_outage_that_they_stand_in() {
        let records = [
            record(100, 200, Cause::EndOfStream, true),
            record(203, 240, Cause::Network, false),
            record(243, 260, Cause::Status, false),
            record(269, 300, Cause::Stopped, true),
        ];
        assert_eq!(seconds(&records, 0, 400), [(200, 270), (300, 400)]);
        assert_eq!(seconds(&records, 210, 220), [(210, 220)], "as much as is asked for");
        assert_eq!(seconds(&records, 110, 190), []);
    }

    #[test]
    fn what_nobody_knows_is_no_outage() {
        let killed = [record(100, 200, Cause::Killed, true), record(500, 510, Cause::Open, true)];
        assert_eq!(seconds(&killed, 0, 900), []);
        let refused = [record(100, 200, Cause::Killed, true), record(500, 510, Cause::Network, false)];
        assert_eq!(seconds(&refused, 0, 900), [(500, 900)]);
        assert_eq!(seconds(&[], 0, 900), []);
    }
}
