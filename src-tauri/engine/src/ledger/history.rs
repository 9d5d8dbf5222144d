//! Stored events with their alerts, as a person asks for them.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};
use std::path::Path;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};

use super::{rows, search};
use crate::glob::Glob;
use crate::model::{StoredAlert, StoredEvent, StreamId};

/// How many events are read at a time.
pub(super) const STEP: usize = 1_000;

/// Which stored events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Only of this stream.
    pub stream: Option<String>,
    /// Only events whose name matches this glob.
    pub event: Option<String>,
    /// Only events that arrived then or later.
    pub since: Option<Timestamp>,
    /// Only events that arrived by then, or within that millisecond: people are told no more of a time.
    pub until: Option<Timestamp>,
    /// Only events whose name or data holds this text, whatever its case.
    pub search: Option<String>,
    /// Only events with alerts.
    pub alerts: bool,
    /// Only events with a smaller number.
    pub before: Option<i64>,
    /// At most so many, the newest.
    pub limit: u32,
}

impl Query {
    /// The first and the last microsecond since 1970 that it means.
    pub(super) fn times(&self) -> RangeInclusive<i64> {
        let until = |at: Timestamp| at.as_millisecond().saturating_mul(1_000).saturating_add(999);
        self.since.map_or(i64::MIN, Timestamp::as_microsecond)..=self.until.map_or(i64::MAX, until)
    }
}

/// The events that a query means, oldest first, as they are at one time.
pub(super) fn list(
    conn: &Connection,
    path: &Path,
    query: &Query,
    names: Option<&Glob>,
) -> rusqlite::Result<Vec<StoredEvent>> {
    let tx = conn.unchecked_transaction()?;
    let found = seqs(&tx, path, query, names)?;
    let mut all = Vec::with_capacity(found.len());
    for step in found.chunks(STEP) {
        all.append(&mut events(&tx, step)?);
    }
    Ok(all)
}

/// The numbers of the events that a query means, ascending.
pub(super) fn seqs(conn: &Connection, path: &Path, query: &Query, names: Option<&Glob>) -> rusqlite::Result<Vec<i64>> {
    if query.search.as_deref().is_some_and(|text| !text.is_empty()) {
        let mut found = search::find(conn, path, query, names, None)?.seqs;
        found.reverse();
        return Ok(found);
    }
    let (sql, values) = selection(query, &search::span(conn, query)?);
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
pub(super) fn events(conn: &Connection, seqs: &[i64]) -> rusqlite::Result<Vec<StoredEvent>> {
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

/// The statement for the numbers and names that a query without a text means, newest first, all of them among those
/// numbers; the name filter and the limit are the caller's.
fn selection(query: &Query, among: &Range<i64>) -> (String, Vec<Value>) {
    let mut sql = "SELECT seq, name FROM events WHERE TRUE".to_owned();
    let mut values = Vec::new();
    let times = query.times();
    let bounds = [
        (" AND seq >= ?", among.start, i64::MIN),
        (" AND seq < ?", among.end, i64::MAX),
        (" AND at >= ?", *times.start(), i64::MIN),
        (" AND at <= ?", *times.end(), i64::MAX),
    ];
    for (bound, number, _) in bounds.into_iter().filter(|(_, number, none)| number != none) {
        sql.push_str(bound);
        values.push(Value::Integer(number));
    }
    if query.alerts {
        sql.push_str(" AND seq IN (SELECT seq FROM alerts)");
    }
    if let Some(stream) = &query.stream {
        sql.push_str(" AND stream = (SELECT id FROM streams WHERE name = ?)");
        values.push(Value::Text(stream.clone()));
    }
    sql.push_str(" ORDER BY seq DESC");
    (sql, values)
}

/// One event with its alerts.
pub(super) fn event(conn: &Connection, seq: i64) -> rusqlite::Result<Option<StoredEvent>> {
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
pub(super) fn alerts_of(
    conn: &Connection,
    seq: i64,
    streams: &HashMap<i64, StreamId>,
) -> rusqlite::Result<Vec<StoredAlert>> {
    let sql = format!("SELECT {} FROM alerts WHERE seq = ?1 ORDER BY id", rows::ALERT);
    let mut statement = conn.prepare_cached(&sql)?;
    let alerts = statement.query_map([seq], |row| rows::alert(row, streams))?;
    alerts.collect()
}
