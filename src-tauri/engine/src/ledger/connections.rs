//! Connections that were, a bounded number of each stream.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::{FromSqlError, FromSqlResult};
use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::memory::Memory;
use super::rows;
use crate::locale::Text;
use crate::model::StreamId;
use crate::text;
use crate::uptime::{Cause, Record};

/// How many of each stream are kept.
const MOST: u32 = 500;

/// How long one is kept.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

/// What [`record`] reads, in its order.
const RECORD: &str = "start, \"end\", cause, message, tries, status, http, header_after, first_byte_after, open_for, \
                      missing, bytes, events, chinese";

/// Keeps records, each in place of the one of its stream that began at the same time.
pub(super) fn keep(
    conn: &mut Connection,
    known: Option<Memory>,
    records: &[(StreamId, Record)],
) -> rusqlite::Result<Memory> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut memory = match known {
        Some(memory) => memory,
        None => Memory::load(&tx)?,
    };
    {
        let sql = format!(
            "INSERT OR REPLACE INTO connections (stream, {RECORD})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
        );
        let mut insert = tx.prepare_cached(&sql)?;
        let mut prune = tx.prepare_cached(
            "DELETE FROM connections WHERE stream = ?1 AND start <= ifnull(
                (SELECT start FROM connections WHERE stream = ?1 ORDER BY start DESC LIMIT 1 OFFSET ?2), -1)",
        )?;
        for (name, record) in records {
            let stream = memory.stream(&tx, name)?;
            insert.execute(params![
                stream,
                record.start.as_microsecond(),
                record.end.as_microsecond(),
                record.cause.as_str(),
                record.message.english,
                record.tries,
                record.status,
                record.http,
                record.header_after.map(micros),
                record.first_byte_after.map(micros),
                record.open_for.map(micros),
                micros(record.missing),
                i64::try_from(record.bytes).unwrap_or(i64::MAX),
                i64::try_from(record.events).unwrap_or(i64::MAX),
                record.message.chinese,
            ])?;
            prune.execute(params![stream, MOST])?;
        }
    }
    tx.commit()?;
    Ok(memory)
}

/// The records of all streams since then, oldest first. Before that: whatever is open was never ended, and what is
/// too old goes.
pub(super) fn recover(
    conn: &mut Connection,
    since: Timestamp,
    now: Timestamp,
) -> rusqlite::Result<HashMap<StreamId, Vec<Record>>> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let killed = text!("Streambell or the machine was ended without a word", "Streambell 或本机被强行终止");
    tx.execute(
        "UPDATE connections SET cause = ?1, message = ?2, chinese = ?3 WHERE cause = 'open'",
        params![Cause::Killed.as_str(), killed.english, killed.chinese],
    )?;
    let oldest = now.checked_sub(LONGEST).unwrap_or(Timestamp::MIN);
    tx.execute("DELETE FROM connections WHERE \"end\" < ?1", [oldest.as_microsecond()])?;
    let streams = rows::streams(&tx)?;
    let mut found = HashMap::<_, Vec<_>>::new();
    {
        let sql = format!("SELECT {RECORD}, stream FROM connections WHERE \"end\" >= ?1 ORDER BY start");
        let mut statement = tx.prepare(&sql)?;
        let mut rows = statement.query([since.as_microsecond()])?;
        while let Some(row) = rows.next()? {
            let stream: i64 = row.get(14)?;
            if let Some(name) = streams.get(&stream) {
                found.entry(name.clone()).or_default().push(record(row)?);
            }
        }
    }
    tx.commit()?;
    Ok(found)
}

/// The records of one stream, newest first.
pub(super) fn of(conn: &Connection, stream: &str, limit: u32) -> rusqlite::Result<Vec<Record>> {
    let sql = format!(
        "SELECT {RECORD} FROM connections WHERE stream = (SELECT id FROM streams WHERE name = ?1)
         ORDER BY start DESC LIMIT ?2"
    );
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map(params![stream, limit], record)?;
    rows.collect()
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        start: rows::time(row.get(0)?)?,
        end: rows::time(row.get(1)?)?,
        cause: cause(row.get_ref(2)?.as_str()?)?,
        message: message(row.get(3)?, row.get(13)?),
        tries: row.get(4)?,
        status: row.get(5)?,
        http: row.get(6)?,
        header_after: duration(row, 7)?,
        first_byte_after: duration(row, 8)?,
        open_for: duration(row, 9)?,
        missing: duration(row, 10)?.unwrap_or_default(),
        bytes: row.get::<_, i64>(11)?.unsigned_abs(),
        events: row.get::<_, i64>(12)?.unsigned_abs(),
    })
}

/// One of an older program has no Chinese.
fn message(english: String, chinese: String) -> Text {
    if chinese.is_empty() { Text::plain(english) } else { Text { english, chinese } }
}

fn cause(word: &str) -> FromSqlResult<Cause> {
    Cause::ALL.into_iter().find(|cause| cause.as_str() == word).ok_or(FromSqlError::InvalidType)
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn duration(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Duration>> {
    let micros: Option<i64> = row.get(at)?;
    Ok(micros.map(|micros| Duration::from_micros(micros.unsigned_abs())))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::testing::{Scratch, minute};

    fn record(number: i64, cause: Cause) -> Record {
        Record {
            start: minute(number),
            end: minute(number + 1),
            cause,
            message: text!("the server ended the stream", "服务器结束了流"),
            tries: 1,
            status: Some(200),
            http: "1.1".to_owned(),
            header_after: Some(Duration::from_micros(1_234)),
            first_byte_after: None,
            open_for: Some(Duration::from_secs(59)),
            missing: Duration::from_secs(3),
            bytes: 70,
            events: 2,
        }
    }

    fn of(stream: &str, record: Record) -> (StreamId, Record) {
        (stream.into(), record)
    }

    #[test]
    fn every_record_is_read_back_newest_first() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let records: Vec<_> = (0..).zip(Cause::ALL).map(|(at, cause)| record(at, cause)).collect();
        ledger.keep(&records.iter().map(|one| of("s", one.clone())).collect::<Vec<_>>()).unwrap();
        ledger.keep(&[of("other", record(0, Cause::Tls))]).unwrap();
        let mut read = scratch.reader().connections("s", 100).unwrap();
        read.reverse();
        assert_eq!(read, records);
        assert_eq!(scratch.reader().connections("s", 2).unwrap().len(), 2);
        assert_eq!(scratch.reader().connections("nobody", 2).unwrap(), []);
    }

    #[test]
    fn a_record_that_goes_on_takes_its_own_place() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        ledger.keep(&[of("s", record(1, Cause::Open))]).unwrap();
        ledger.keep(&[of("s", record(1, Cause::Idle))]).unwrap();
        let causes: Vec<_> = scratch.reader().connections("s", 9).unwrap().iter().map(|one| one.cause).collect();
        assert_eq!(causes, [Cause::Idle]);
    }

    #[test]
    fn each_stream_keeps_a_bounded_number() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let records: Vec<_> = (0..600).map(|at| of("s", record(at, Cause::Network))).collect();
        ledger.keep(&[of("other", record(0, Cause::Tls))]).unwrap();
        ledger.keep(&records).unwrap();
        let left = scratch.reader().connections("s", 1_000).unwrap();
        assert_eq!((left.len(), left[0].start, left[499].start), (500, minute(599), minute(100)));
        assert_eq!(scratch.reader().connections("other", 9).unwrap().len(), 1);
    }

    #[test]
    fn a_connection_that_was_open_at_a_kill_is_said_to_be_and_old_ones_go() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let month = 30 * 24 * 60;
        ledger.keep(&[of("s", record(0, Cause::Tls)), of("s", record(month, Cause::Idle))]).unwrap();
        ledger.keep(&[of("s", record(month + 1, Cause::Open))]).unwrap();
        drop(ledger);
        let mut ledger = scratch.ledger();
        let found = ledger.recover_connections(minute(month), minute(month + 5)).unwrap();
        let causes: Vec<_> = found["s"].iter().map(|one| one.cause).collect();
        assert_eq!(causes, [Cause::Idle, Cause::Killed]);
        assert_eq!(scratch.reader().connections("s", 9).unwrap().len(), 2);
    }
}
