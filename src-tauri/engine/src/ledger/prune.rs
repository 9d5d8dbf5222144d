//! Retention: what is too old or too much goes, oldest first.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::memory::{last_alert, last_seq};
use super::search;
use crate::config::History;

/// A file of more bytes counts as holding too many rows.
pub(super) const MAX_BYTES: i64 = 4 << 30;

/// The same for a ledger that is in no file.
pub(super) const MAX_BYTES_IN_MEMORY: i64 = 16 << 20;

/// How many events, and how many alerts without a stored event, are removed in one call at the most, so that commits
/// wait little.
const ROWS: usize = 500;

/// The same where a flood has left very many too many: else they could come faster than they go.
const ROWS_OF_A_FLOOD: usize = 50_000;

/// The counter that is no count: the time of the newest event that was removed.
const PRUNED_TO: &str = "pruned to";

/// How many rows are looked at for that in one call.
const LOOK_AHEAD: usize = 10_000;

/// Removes a bounded number of rows; tells whether there is more to remove.
pub(super) fn prune(conn: &mut Connection, keep: History, now: Timestamp, max_bytes: i64) -> rusqlite::Result<bool> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let too_large = bytes_used(&tx)? > max_bytes;
    let limit = |count: i64| {
        let over = count.saturating_sub(i64::try_from(keep.max_events).unwrap_or(i64::MAX)).max(0);
        let excess = usize::try_from(over).unwrap_or(usize::MAX);
        Limit {
            excess: if too_large { excess.max(ROWS) } else { excess },
            old: before(now, keep.max_age),
            very_old: before(now, keep.max_age.saturating_mul(2)),
        }
    };

    let stored = count_events(&tx)?;
    let events = doomed(
        &tx,
        "SELECT seq, at, EXISTS (SELECT 1 FROM alerts WHERE alerts.seq = events.seq AND (read = 0 OR state = 'pending'))
         FROM events ORDER BY seq",
        &limit(stored),
    )?;
    let alone = tx.query_row("SELECT count(*) FROM alerts WHERE alone = 1", [], |row| row.get(0))?;
    let alerts = doomed(
        &tx,
        "SELECT id, at, read = 0 OR state = 'pending' FROM alerts WHERE alone = 1 ORDER BY id",
        &limit(alone),
    )?;
    if events.is_empty() && alerts.is_empty() {
        // The count is still worth keeping: the next call then counts only what is new.
        remember(&tx, "events", stored)?;
        remember(&tx, "counted to", last_seq(&tx)?)?;
        tx.commit()?;
        return Ok(false);
    }

    remember(&tx, "last seq", last_seq(&tx)?)?;
    remember(&tx, "last alert", last_alert(&tx)?)?;
    remember(&tx, "counted to", last_seq(&tx)?)?;
    remember(&tx, "events", stored - i64::try_from(events.len()).unwrap_or(0))?;
    remember_newest(&tx, &events)?;
    delete(&tx, &["DELETE FROM alerts WHERE seq = ?1", "DELETE FROM events WHERE seq = ?1"], &events)?;
    delete(&tx, &["DELETE FROM alerts WHERE id = ?1"], &alerts)?;
    tx.commit()?;
    Ok(events.len() == limit(stored).step() || alerts.len() == limit(alone).step())
}

/// What is beyond the retention.
struct Limit {
    /// So many are too many.
    excess: usize,
    /// Microseconds since 1970: what is older goes.
    old: i64,
    /// Microseconds since 1970: what is older goes even where it is unread.
    very_old: i64,
}

impl Limit {
    /// How many go in one call.
    fn step(&self) -> usize {
        (self.excess / 4).clamp(ROWS, ROWS_OF_A_FLOOD)
    }
}

/// The rows that are to go, from rows of number, time, and whether somebody still waits for it. Numbers rise with
/// time, so the first row within the limits ends the search; what was stored late, or after a clock was set back, goes
/// a little late.
fn doomed(tx: &Transaction<'_>, rows: &str, limit: &Limit) -> rusqlite::Result<Vec<i64>> {
    let mut doomed = Vec::new();
    let mut spared = Vec::new();
    let mut statement = tx.prepare_cached(rows)?;
    let mut rows = statement.query([])?;
    let step = limit.step();
    for _ in 0..LOOK_AHEAD.max(2 * step) {
        let Some(row) = rows.next()? else { break };
        let (number, at, waited_for): (i64, i64, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let too_many = doomed.len() < limit.excess;
        if at >= limit.old && !too_many {
            break;
        }
        if waited_for && at >= limit.very_old {
            spared.push(number);
        } else {
            doomed.push(number);
        }
        if doomed.len() == step {
            return Ok(doomed);
        }
    }
    let still = limit.excess.min(step).saturating_sub(doomed.len());
    doomed.extend(spared.into_iter().take(still));
    Ok(doomed)
}

fn delete(tx: &Transaction<'_>, statements: &[&str], numbers: &[i64]) -> rusqlite::Result<()> {
    for sql in statements {
        let mut statement = tx.prepare_cached(sql)?;
        for number in numbers {
            statement.execute([number])?;
        }
    }
    Ok(())
}

/// How many events are stored: what the last call counted, and what came since.
fn count_events(tx: &Transaction<'_>) -> rusqlite::Result<i64> {
    tx.query_row(
        "SELECT ifnull((SELECT value FROM counters WHERE name = 'events'), 0) + count(*) FROM events
         WHERE seq > ifnull((SELECT value FROM counters WHERE name = 'counted to'), 0)",
        [],
        |row| row.get(0),
    )
}

fn remember(tx: &Transaction<'_>, name: &str, value: i64) -> rusqlite::Result<()> {
    let sql =
        "INSERT INTO counters (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.prepare_cached(sql)?.execute(params![name, value])?;
    Ok(())
}

/// Remembers the time of the newest event that ever went.
fn remember_newest(tx: &Transaction<'_>, doomed: &[i64]) -> rusqlite::Result<()> {
    let Some(newest) = doomed.iter().max() else { return Ok(()) };
    remember(tx, PRUNED_TO, search::come_by(tx, *newest)?.max(pruned_to(tx)?))
}

/// The time of the newest event that was removed, in microseconds since 1970; long ago where none was.
pub(super) fn pruned_to(conn: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT ifnull((SELECT value FROM counters WHERE name = ?1), ?2)";
    conn.query_row(sql, params![PRUNED_TO, i64::MIN], |row| row.get(0))
}

fn bytes_used(tx: &Transaction<'_>) -> rusqlite::Result<i64> {
    let number = |name: &str| tx.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok((number("page_count")? - number("freelist_count")?) * number("page_size")?)
}

fn before(now: Timestamp, age: Duration) -> i64 {
    now.as_microsecond().saturating_sub(i64::try_from(age.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::testing::{Scratch, batch, entry, minute, sent};
    use crate::ledger::{Ledger, Query};
    use crate::model::AlertState;

    fn keep(max_events: u64, minutes: u64) -> History {
        History { max_age: Duration::from_secs(60 * minutes), max_events }
    }

    /// A ledger with one event a minute from minute 0 on; those of the named minutes have an alert.
    fn filled(scratch: &Scratch, events: i64, alerts_at: &[i64]) -> Ledger {
        let mut ledger = scratch.ledger();
        let entries = (0..events).map(|n| {
            let alerts = if alerts_at.contains(&n) { 1 } else { 0 };
            entry(sent(n, &n.to_string(), "{}"), alerts, true)
        });
        ledger.commit(vec![batch("s", entries.collect(), None)]).unwrap();
        ledger
    }

    fn left(scratch: &Scratch) -> Vec<i64> {
        let all = Query { limit: 100_000, ..Query::default() };
        scratch.reader().history(&all).unwrap().into_iter().map(|event| event.seq).collect()
    }

    #[test]
    fn too_many_go_oldest_first() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 10, &[]);
        assert!(!ledger.prune(keep(4, 10_000), minute(10)).unwrap());
        assert_eq!(left(&scratch), [7, 8, 9, 10]);
    }

    #[test]
    fn what_was_stored_late_tells_no_earlier_time_up_to_which_events_are_gone() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 10, &[]);
        ledger.commit(vec![batch("watched", vec![entry(sent(3, "seen", "{}"), 0, true)], None)]).unwrap();
        ledger.commit(vec![batch("s", vec![entry(sent(11, "11", "{}"), 0, true)], None)]).unwrap();
        ledger.prune(keep(1, 10_000), minute(12)).unwrap();
        assert_eq!(left(&scratch), [12]);
        assert_eq!(pruned_to(&ledger.conn).unwrap(), minute(9).as_microsecond());
    }

    #[test]
    fn what_is_too_old_goes_and_nothing_else() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 10, &[]);
        assert!(!ledger.prune(keep(100, 5), minute(10)).unwrap());
        assert_eq!(left(&scratch), [6, 7, 8, 9, 10]);
        assert!(!ledger.prune(keep(100, 5), minute(10)).unwrap());
        assert_eq!(left(&scratch).len(), 5);
    }

    #[test]
    fn unread_alerts_go_last() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 10, &[0, 1]);
        ledger.prune(keep(3, 10_000), minute(10)).unwrap();
        assert_eq!(left(&scratch), [1, 2, 10]);
        ledger.prune(keep(1, 10_000), minute(10)).unwrap();
        assert_eq!(left(&scratch), [2], "and at last they go too");
        assert_eq!(ledger.unread(10).unwrap().0, 1);
    }

    #[test]
    fn a_read_and_shown_alert_is_no_reason_to_keep_its_event() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 10, &[0]);
        ledger.mark(&[(1, AlertState::Shown)], minute(1)).unwrap();
        ledger.mark_read(&[]).unwrap();
        ledger.prune(keep(9, 10_000), minute(10)).unwrap();
        assert_eq!(left(&scratch)[0], 2);
        assert!(scratch.reader().alerts(None, 10).unwrap().is_empty(), "its alert goes with it");
    }

    #[test]
    fn an_unread_alert_is_kept_to_twice_the_age() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 4, &[0]);
        ledger.prune(keep(100, 10), minute(19)).unwrap();
        assert_eq!(left(&scratch), [1]);
        ledger.prune(keep(100, 10), minute(21)).unwrap();
        assert!(left(&scratch).is_empty());
    }

    #[test]
    fn alerts_whose_event_is_not_stored_are_bounded_too() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let entries = (0..10).map(|n| entry(sent(n, &n.to_string(), "{}"), 1, false)).collect();
        ledger.commit(vec![batch("s", entries, None)]).unwrap();
        ledger.prune(keep(4, 10_000), minute(10)).unwrap();
        assert_eq!(ledger.unread(100).unwrap().1.len(), 4);
        ledger.prune(keep(100, 1), minute(100)).unwrap();
        assert_eq!(ledger.unread(100).unwrap(), (0, Vec::new()));
    }

    #[test]
    fn a_call_is_bounded_and_tells_that_there_is_more() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 1_700, &[]);
        let calls = (0..10).take_while(|_| ledger.prune(keep(500, 1_000_000), minute(10)).unwrap()).count();
        assert_eq!(calls, 2, "then 200 are left to remove");
        assert_eq!(left(&scratch).len(), 500);
    }

    #[test]
    fn numbers_are_not_given_again_after_all_was_removed() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 3, &[2]);
        ledger.prune(keep(0, 1), minute(100)).unwrap();
        assert!(left(&scratch).is_empty());
        drop(ledger);
        let mut ledger = scratch.ledger();
        let done = ledger.commit(vec![batch("s", vec![entry(sent(9, "9", "{}"), 1, true)], None)]).unwrap();
        assert_eq!((done.events[0].seq, done.events[0].alerts[0].id), (4, 2));
    }

    #[test]
    fn the_count_holds_over_many_rounds() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 10, &[]);
        for round in 1..5_i64 {
            let entries = (0..7).map(|n| entry(sent(10, &(round * 100 + n).to_string(), "{}"), 0, true)).collect();
            ledger.commit(vec![batch("s", entries, None)]).unwrap();
            ledger.prune(keep(5, 10_000), minute(10)).unwrap();
            assert_eq!(left(&scratch).len(), 5);
        }
    }

    #[test]
    fn a_ledger_in_memory_stays_small() {
        let mut ledger = Ledger::in_memory().unwrap();
        let data = "x".repeat(20_000);
        let entries = (0..1_500).map(|n| entry(sent(n, &n.to_string(), &data), 0, true)).collect();
        ledger.commit(vec![batch("s", entries, Some("7"))]).unwrap();
        while ledger.prune(History::default(), minute(10)).unwrap() {}
        let left: i64 = ledger.conn.query_row("SELECT count(*) FROM events", [], |row| row.get(0)).unwrap();
        assert!((1..=800).contains(&left), "{left} of 20 KB are within 16 MiB");
        assert_eq!(ledger.cursors().unwrap().len(), 1);
    }

    #[test]
    fn a_file_that_is_too_large_counts_as_too_many() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, 800, &[]);
        assert!(prune(&mut ledger.conn, keep(100_000, 10_000), minute(10), 4096).unwrap());
        assert_eq!(left(&scratch).len(), 300);
    }
}
