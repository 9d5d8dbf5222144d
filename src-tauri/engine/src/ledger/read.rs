//! Reading a ledger, also while another process writes it.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::{AlertQuery, LedgerError, ValueQuery, Values, connections, inbox, rows, schema, search, tally, values};
use crate::glob::Glob;
use crate::model::{StoredAlert, StoredEvent, StreamId};
use crate::uptime::Record;

/// How many events are read at a time.
const STEP: usize = 1_000;

/// Which stored events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Only of this stream.
    pub stream: Option<String>,
    /// Only events whose name matches this glob.
    pub event: Option<String>,
    /// Only events that arrived then or later.
    pub since: Option<Timestamp>,
    /// Only events whose name or data holds this text, whatever its (ASCII) case.
    pub search: Option<String>,
    /// Only events with alerts.
    pub alerts: bool,
    /// Only events with a smaller number.
    pub before: Option<i64>,
    /// At most so many, the newest.
    pub limit: u32,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The events, newest first, with their alerts.
    pub events: Vec<StoredEvent>,
    /// Where to go on, as [`Query::before`]; `None` where all was looked through.
    pub next: Option<i64>,
}

/// A read-only view of a ledger file, also while another process writes it. What it tells is always from between two
/// commits.
#[derive(Debug)]
pub struct Reader {
    pub(super) conn: Connection,
    path: PathBuf,
}

impl Reader {
    /// Opens the file for reading.
    ///
    /// # Errors
    /// Where it does not exist, is empty, cannot be read, or is no ledger of this version.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        Ok(Self { conn: schema::open_to_read(path)?, path: path.to_owned() })
    }

    /// Stored events, newest last, with their alerts. Without a limit above 0 there is nothing to tell.
    ///
    /// # Errors
    /// Where the name filter is no glob, or SQLite refuses.
    pub fn history(&self, query: &Query) -> Result<Vec<StoredEvent>, LedgerError> {
        let names = query.event.as_deref().map(matcher).transpose()?;
        history(&self.conn, &self.path, query, names.as_ref()).map_err(|error| self.refused(&error))
    }

    /// The same in steps of at most 1,000 events, oldest first, until `each` breaks off; only one step is in memory.
    /// Each step is from between two commits of its own, so that a slow `each` holds nothing up; what is pruned
    /// meanwhile is not told.
    ///
    /// # Errors
    /// As [`Reader::history`].
    pub fn history_in_steps(
        &self,
        query: &Query,
        mut each: impl FnMut(Vec<StoredEvent>) -> ControlFlow<()>,
    ) -> Result<(), LedgerError> {
        let names = query.event.as_deref().map(matcher).transpose()?;
        let found = seqs(&self.conn, &self.path, query, names.as_ref()).map_err(|error| self.refused(&error))?;
        for step in found.chunks(STEP) {
            let look = || events(&*self.conn.unchecked_transaction()?, step);
            if each(look().map_err(|error| self.refused(&error))?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Looks for events, newest first, until there are as many as the limit, or until that time.
    ///
    /// # Errors
    /// As [`Reader::history`].
    pub fn search(&self, query: &Query, until: Instant) -> Result<Found, LedgerError> {
        let names = query.event.as_deref().map(matcher).transpose()?;
        let look = || {
            let tx = self.conn.unchecked_transaction()?;
            let mut hits = search::find(&tx, &self.path, query, names.as_ref(), Some(until))?;
            hits.seqs.reverse();
            let mut found = Vec::with_capacity(hits.seqs.len());
            for step in hits.seqs.chunks(STEP) {
                found.append(&mut events(&tx, step)?);
            }
            found.reverse();
            Ok(Found { events: found, next: hits.next })
        };
        look().map_err(|error| self.refused(&error))
    }

    /// The numbers of the newest events that `accept` takes by stream and name, ascending, at most `limit`; and whether
    /// `until` came before all were looked at.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn newest(
        &self,
        limit: usize,
        until: Instant,
        accept: impl FnMut(&StreamId, &str) -> bool,
    ) -> Result<(Vec<i64>, bool), LedgerError> {
        tally::newest(&self.conn, limit, until, accept).map_err(|error| self.refused(&error))
    }

    /// The events of these ascending numbers that are still stored; 1,000 at the most.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn events(&self, seqs: &[i64]) -> Result<Vec<StoredEvent>, LedgerError> {
        let read = || events(&*self.conn.unchecked_transaction()?, &seqs[..seqs.len().min(STEP)]);
        read().map_err(|error| self.refused(&error))
    }

    /// How often each rule fired since then, in the order of their names.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn rule_counts(&self, since: Timestamp) -> Result<Vec<tally::RuleCount>, LedgerError> {
        tally::rule_counts(&self.conn, since).map_err(|error| self.refused(&error))
    }

    /// Alerts with a smaller number than `before`, newest first, at most `limit`; also those whose event is not
    /// stored.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn alerts(&self, before: Option<i64>, limit: u32) -> Result<Vec<StoredAlert>, LedgerError> {
        alerts(&self.conn, before, limit).map_err(|error| self.refused(&error))
    }

    /// The alerts that a query means, newest first; also those whose event is not stored.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn inbox(&self, query: &AlertQuery) -> Result<Vec<StoredAlert>, LedgerError> {
        inbox::list(&self.conn, query).map_err(|error| self.refused(&error))
    }

    /// Their numbers, newest first; the query's limit does not count, `most` does.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn inbox_numbers(&self, query: &AlertQuery, most: usize) -> Result<Vec<i64>, LedgerError> {
        inbox::numbers(&self.conn, query, most).map_err(|error| self.refused(&error))
    }

    /// What the value of a tile was, read until that time, and its alerts.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn values(&self, query: &ValueQuery, until: Instant) -> Result<Values, LedgerError> {
        values::values(&self.conn, query, until).map_err(|error| self.refused(&error))
    }

    /// How many events there are at most, and how many alerts: by their numbers, without counting.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn sizes(&self) -> Result<(i64, i64), LedgerError> {
        let spans = "SELECT (SELECT ifnull(max(seq), 0) FROM events) - (SELECT ifnull(min(seq), 1) FROM events) + 1,
                            (SELECT ifnull(max(id), 0) FROM alerts) - (SELECT ifnull(min(id), 1) FROM alerts) + 1";
        self.conn.query_row(spans, [], |row| Ok((row.get(0)?, row.get(1)?))).map_err(|error| self.refused(&error))
    }

    /// One stored event with its alerts; `None` where no event of that number is stored.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn event(&self, seq: i64) -> Result<Option<StoredEvent>, LedgerError> {
        event(&self.conn, seq).map_err(|error| self.refused(&error))
    }

    /// The connections of a stream, newest first, at most `limit`; one that is still open as it was at its opening.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn connections(&self, stream: &str, limit: u32) -> Result<Vec<Record>, LedgerError> {
        connections::of(&self.conn, stream, limit).map_err(|error| self.refused(&error))
    }

    /// The alerts of one event, in the order of the rules; also where the event itself is not stored.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn alerts_of(&self, seq: i64) -> Result<Vec<StoredAlert>, LedgerError> {
        let read = || alerts_of(&self.conn, seq, &rows::streams(&self.conn)?);
        read().map_err(|error| self.refused(&error))
    }

    fn refused(&self, error: &rusqlite::Error) -> LedgerError {
        LedgerError::new(&self.path, error)
    }
}

fn matcher(glob: &str) -> Result<Glob, LedgerError> {
    Glob::new(glob).map_err(|error| LedgerError::Glob { glob: glob.to_owned(), cause: error.to_string() })
}

fn history(conn: &Connection, path: &Path, query: &Query, names: Option<&Glob>) -> rusqlite::Result<Vec<StoredEvent>> {
    let tx = conn.unchecked_transaction()?;
    let found = seqs(&tx, path, query, names)?;
    let mut all = Vec::with_capacity(found.len());
    for step in found.chunks(STEP) {
        all.append(&mut events(&tx, step)?);
    }
    Ok(all)
}

/// The numbers of the events that a query means, ascending.
fn seqs(conn: &Connection, path: &Path, query: &Query, names: Option<&Glob>) -> rusqlite::Result<Vec<i64>> {
    if query.search.as_deref().is_some_and(|text| !text.is_empty()) {
        let mut found = search::find(conn, path, query, names, None)?.seqs;
        found.reverse();
        return Ok(found);
    }
    let (sql, values) = selection(query);
    let mut statement = conn.prepare(&sql)?;
    let mut found = Vec::new();
    let mut rows = statement.query(params_from_iter(values))?;
    while found.len() < query.limit as usize {
        let Some(row) = rows.next()? else { break };
        let name = row.get_ref(1)?.as_str()?;
        if names.is_none_or(|names| names.is_match(name)) {
            found.push(row.get(0)?);
        }
    }
    found.reverse();
    Ok(found)
}

/// The events of these ascending numbers that are still stored, with their alerts: two statements, however many.
fn events(conn: &Connection, seqs: &[i64]) -> rusqlite::Result<Vec<StoredEvent>> {
    let streams = rows::streams(conn)?;
    let some = vec!["?"; seqs.len()].join(",");
    let sql = format!("SELECT {} FROM events WHERE seq IN ({some}) ORDER BY seq", rows::EVENT);
    let mut statement = conn.prepare(&sql)?;
    let found = statement.query_map(params_from_iter(seqs), |row| rows::event(row, &streams))?;
    let mut found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    let sql = format!("SELECT {} FROM alerts WHERE seq IN ({some}) ORDER BY id", rows::ALERT);
    let mut statement = conn.prepare(&sql)?;
    for alert in statement.query_map(params_from_iter(seqs), |row| rows::alert(row, &streams))? {
        let alert = alert?;
        if let Ok(place) = found.binary_search_by_key(&alert.seq, |event| event.seq) {
            found[place].alerts.push(alert);
        }
    }
    Ok(found)
}

/// The statement for the numbers and names that a query without a text means, newest first; the name filter and the
/// limit are the caller's.
fn selection(query: &Query) -> (String, Vec<Value>) {
    let mut sql = "SELECT seq, name FROM events WHERE TRUE".to_owned();
    let mut values = Vec::new();
    if let Some(before) = query.before {
        sql.push_str(" AND seq < ?");
        values.push(Value::Integer(before));
    }
    if query.alerts {
        sql.push_str(" AND seq IN (SELECT seq FROM alerts)");
    }
    if let Some(stream) = &query.stream {
        sql.push_str(" AND stream = (SELECT id FROM streams WHERE name = ?)");
        values.push(Value::Text(stream.clone()));
    }
    if let Some(since) = query.since {
        sql.push_str(" AND at >= ?");
        values.push(Value::Integer(since.as_microsecond()));
    }
    sql.push_str(" ORDER BY seq DESC");
    (sql, values)
}

fn alerts(conn: &Connection, before: Option<i64>, limit: u32) -> rusqlite::Result<Vec<StoredAlert>> {
    let tx = conn.unchecked_transaction()?;
    let streams = rows::streams(&tx)?;
    let sql = format!("SELECT {} FROM alerts WHERE id < ?1 ORDER BY id DESC LIMIT ?2", rows::ALERT);
    let mut statement = tx.prepare_cached(&sql)?;
    let rows = statement.query_map((before.unwrap_or(i64::MAX), limit), |row| rows::alert(row, &streams))?;
    rows.collect()
}

fn event(conn: &Connection, seq: i64) -> rusqlite::Result<Option<StoredEvent>> {
    let tx = conn.unchecked_transaction()?;
    let streams = rows::streams(&tx)?;
    let sql = format!("SELECT {} FROM events WHERE seq = ?1", rows::EVENT);
    let Some(mut event) = tx.query_row(&sql, [seq], |row| rows::event(row, &streams)).optional()? else {
        return Ok(None);
    };
    event.alerts = alerts_of(&tx, seq, &streams)?;
    Ok(Some(event))
}

/// An event's alerts, in the order of the rules.
fn alerts_of(conn: &Connection, seq: i64, streams: &HashMap<i64, StreamId>) -> rusqlite::Result<Vec<StoredAlert>> {
    let sql = format!("SELECT {} FROM alerts WHERE seq = ?1 ORDER BY id", rows::ALERT);
    let mut statement = conn.prepare_cached(&sql)?;
    let alerts = statement.query_map([seq], |row| rows::alert(row, streams))?;
    alerts.collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::testing::{Scratch, batch, entry, minute, sent};

    /// Events 1 to 6, one a minute: odd ones on `s` as `market-alert` with an alert, even ones on `t` as `tick`.
    fn filled() -> Scratch {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        for n in 1..=6 {
            let mut event = sent(n, &n.to_string(), &format!("{{\"Symbol\":\"ACME{n}\"}}"));
            let odd = n % 2 == 1;
            if !odd {
                (event.stream, event.name) = ("t".into(), "tick".to_owned());
            }
            let stream = event.stream.clone();
            ledger.commit(vec![batch(stream.as_str(), vec![entry(event, odd.into(), true)], None)]).unwrap();
        }
        scratch
    }

    fn seqs(scratch: &Scratch, query: Query) -> Vec<i64> {
        let limit = if query.limit == 0 { 100 } else { query.limit };
        let found = scratch.reader().history(&Query { limit, ..query }).unwrap();
        found.into_iter().map(|event| event.seq).collect()
    }

    #[test]
    fn the_newest_are_told_oldest_first() {
        let scratch = filled();
        assert_eq!(seqs(&scratch, Query { limit: 2, ..Query::default() }), [5, 6]);
        assert_eq!(seqs(&scratch, Query { limit: 2, before: Some(5), ..Query::default() }), [3, 4]);
        assert!(scratch.reader().history(&Query::default()).unwrap().is_empty());
    }

    #[test]
    fn each_filter_leaves_what_it_says() {
        let scratch = filled();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(seqs(&scratch, Query { stream: text("t"), ..Query::default() }), [2, 4, 6]);
        assert_eq!(seqs(&scratch, Query { stream: text("nowhere"), ..Query::default() }), [0; 0]);
        assert_eq!(seqs(&scratch, Query { event: text("market-*"), ..Query::default() }), [1, 3, 5]);
        assert_eq!(seqs(&scratch, Query { event: text("{tick,x}"), limit: 1, ..Query::default() }), [6]);
        assert_eq!(seqs(&scratch, Query { since: Some(minute(5)), ..Query::default() }), [5, 6]);
        assert_eq!(seqs(&scratch, Query { search: text("sYMBOL\":\"acme4"), ..Query::default() }), [4]);
        assert_eq!(seqs(&scratch, Query { search: text("TICK"), ..Query::default() }), [2, 4, 6]);
        assert_eq!(seqs(&scratch, Query { search: text("%"), ..Query::default() }), [0; 0]);
        assert_eq!(seqs(&scratch, Query { alerts: true, limit: 2, ..Query::default() }), [3, 5]);
        let all = Query {
            stream: text("s"),
            event: text("*"),
            search: text("ACME"),
            alerts: true,
            before: Some(5),
            since: Some(minute(2)),
            limit: 9,
        };
        assert_eq!(seqs(&scratch, all), [3]);
    }

    #[test]
    fn a_long_history_comes_in_steps_with_the_alerts_of_each_event() {
        let scratch = Scratch::new();
        let count = 2 * STEP + 1;
        let entries = (0..count).map(|n| entry(sent(0, &n.to_string(), "one"), n % 3, true)).collect();
        scratch.ledger().commit(vec![batch("s", entries, None)]).unwrap();
        let (reader, query) = (scratch.reader(), Query { limit: u32::MAX, ..Query::default() });
        let (mut sizes, mut all) = (Vec::new(), Vec::new());
        let told = reader.history_in_steps(&query, |step| {
            sizes.push(step.len());
            all.extend(step);
            ControlFlow::Continue(())
        });
        told.unwrap();
        assert_eq!(sizes, [STEP, STEP, 1]);
        assert!(all.iter().zip(0..).all(|(event, n)| event.seq == n as i64 + 1 && event.alerts.len() == n % 3));
        assert_eq!(reader.history(&query).unwrap(), all);
        let alerts = |event: &StoredEvent| event.alerts.clone();
        assert!(all.iter().all(|event| Some(alerts(event)) == reader.event(event.seq).unwrap().as_ref().map(alerts)));
    }

    #[test]
    fn who_has_enough_is_told_no_more() {
        let mut steps = 0;
        let once = |_| {
            steps += 1;
            ControlFlow::Break(())
        };
        filled().reader().history_in_steps(&Query { limit: 9, ..Query::default() }, once).unwrap();
        assert_eq!(steps, 1);
    }

    #[test]
    fn a_wrong_glob_is_explained() {
        let query = Query { event: Some("a[".to_owned()), limit: 1, ..Query::default() };
        let error = filled().reader().history(&query).unwrap_err();
        assert!(error.to_string().starts_with("\"a[\" is not a pattern for event names: "), "{error}");
    }

    #[test]
    fn alerts_page_backwards() {
        let reader = filled().reader();
        let ids = |before, limit| -> Vec<_> {
            reader.alerts(before, limit).unwrap().into_iter().map(|alert| (alert.id, alert.seq)).collect()
        };
        assert_eq!(ids(None, 2), [(3, 5), (2, 3)]);
        assert_eq!(ids(Some(2), 2), [(1, 1)]);
    }

    #[test]
    fn an_event_is_found_by_its_number() {
        let reader = filled().reader();
        assert_eq!(reader.event(3).unwrap().unwrap().alerts[0].id, 2);
        assert_eq!(reader.event(77).unwrap(), None);
    }

    #[test]
    fn a_reader_sees_what_is_committed_meanwhile_and_disturbs_no_writer() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let reader = scratch.reader();
        let look = reader.conn.unchecked_transaction().unwrap();
        look.query_row("SELECT count(*) FROM events", [], |_| Ok(())).unwrap();
        ledger.commit(vec![batch("s", vec![entry(sent(0, "1", "one"), 0, true)], None)]).unwrap();
        ledger.checkpoint().unwrap();
        drop(look);
        assert_eq!(reader.event(1).unwrap().unwrap().event.data, "one");
    }
}
