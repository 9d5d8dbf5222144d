//! Looking for a text in the stored events, newest first.
//!
//! What the [text index](super::text_index) covers is looked through by the groups that it names; the newest events,
//! which it does not cover yet, and everything where there is no index, one by one. Either way the events themselves
//! decide: the index only leaves out what cannot match.

mod needle;

use std::ops::{ControlFlow, Range, RangeInclusive};
use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::Query;
use super::text_index::TextIndex;
use crate::glob::Glob;
use needle::Needle;

/// So many events at the most are stored together behind newer ones: what was watched of a stream before there was one.
/// All others are stored in the order in which they came.
pub const LATE: usize = 200;

/// What came by a time is looked for among what was stored so long after it (microseconds): a stream that was watched
/// first is stored late. So long may its form have been open.
const LATE_BY: i64 = 60 * 60 * 1_000_000;

/// Among no more events than these.
const LATE_AMONG: i64 = 20_000;

/// After so many events the time is looked at.
const STRIDE: u32 = 128;

/// What a search found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hits {
    /// The numbers of the events, newest first.
    pub(super) seqs: Vec<i64>,
    /// Only older events were not looked at; `None` where there are none.
    pub(super) next: Option<i64>,
}

/// Looks for what a query means, until there is enough of it or that time.
pub(super) fn find(
    conn: &Connection,
    ledger: &Path,
    query: &Query,
    names: Option<&Glob>,
    until: Option<Instant>,
) -> rusqlite::Result<Hits> {
    let nothing = Hits { seqs: Vec::new(), next: None };
    if query.limit == 0 {
        return Ok(nothing);
    }
    let Some((first, last)) = bounds(conn)? else { return Ok(nothing) };
    let stream = match &query.stream {
        Some(name) => match stream_number(conn, name)? {
            Some(number) => Some(number),
            None => return Ok(nothing),
        },
        None => None,
    };
    let among = span(conn, query)?;
    let needle = Needle::new(query.search.as_deref().unwrap_or_default());
    let index = needle.trigrams().and_then(|wanted| Some((TextIndex::to_read(conn, ledger)?, wanted)));
    let times = query.times();
    let mut search = Search { conn, needle, query, times, stream, names, until, looked: 0, seqs: Vec::new() };
    let next = search.run(index, among.start.max(first), among.end.min(last.saturating_add(1)))?;
    Ok(Hits { seqs: search.seqs, next })
}

/// The numbers among which those events are that a query means by number and time.
pub(super) fn span(conn: &Connection, query: &Query) -> rusqlite::Result<Range<i64>> {
    let times = query.times();
    let start = if query.since.is_some() { first_since(conn, *times.start())? } else { i64::MIN };
    let end = if query.until.is_some() { ends_by(conn, *times.end())?.1 } else { i64::MAX };
    Ok(start..end.min(query.before.unwrap_or(i64::MAX)))
}

/// The number after those of the events that came by then (microseconds since 1970), and the one after those too that
/// may have been stored late.
pub(super) fn ends_by(conn: &Connection, at: i64) -> rusqlite::Result<(i64, i64)> {
    let end = first_since(conn, at.saturating_add(1))?;
    let late = first_since(conn, at.saturating_add(LATE_BY))?;
    Ok((end, late.min(end.saturating_add(LATE_AMONG))))
}

/// The number of the first event that came then (microseconds since 1970) or later. Numbers rise with time but for
/// [`LATE`] events; where a clock was set back, some events more or fewer count.
pub(super) fn first_since(conn: &Connection, at: i64) -> rusqlite::Result<i64> {
    let probe = "SELECT seq, at FROM events WHERE seq >= ?1 ORDER BY seq LIMIT 1";
    halve(conn, bounds(conn)?, probe, at, |middle| come_by(conn, middle))
}

/// The same of alerts, none of which is stored late.
pub(super) fn first_alert_since(conn: &Connection, at: i64) -> rusqlite::Result<i64> {
    let probe = "SELECT id, at FROM alerts WHERE id >= ?1 ORDER BY id LIMIT 1";
    halve(conn, alert_bounds(conn)?, probe, at, |_| Ok(i64::MIN))
}

/// Until when (microseconds since 1970) events had come when that one was stored: it, and all before it, came then or
/// earlier. That is its own time, or where it was stored late that of one before it.
pub(super) fn come_by(conn: &Connection, seq: i64) -> rusqlite::Result<i64> {
    let sql = "SELECT max(at) FROM (SELECT at FROM events WHERE seq <= ?1 ORDER BY seq DESC LIMIT ?2)";
    let rows = i64::try_from(LATE).unwrap_or(i64::MAX).saturating_add(1);
    conn.prepare_cached(sql)?.query_row((seq, rows), |row| row.get(0))
}

/// The first row that came then or later, by halving; `come_by` tells until when those had come that are stored up to a
/// row which came earlier.
fn halve(
    conn: &Connection,
    ends: Option<(i64, i64)>,
    probe: &str,
    at: i64,
    come_by: impl Fn(i64) -> rusqlite::Result<i64>,
) -> rusqlite::Result<i64> {
    let Some((mut low, last)) = ends else { return Ok(i64::MAX) };
    let mut high = last.saturating_add(1);
    let mut probe = conn.prepare_cached(probe)?;
    while low < high {
        let middle = low + (high - low) / 2;
        let (number, came): (i64, i64) = probe.query_row([middle], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if came < at && come_by(number)? < at {
            low = number + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// The smallest and the greatest number of an event; `None` where there is none.
pub(super) fn bounds(conn: &Connection) -> rusqlite::Result<Option<(i64, i64)>> {
    ends(conn, "events", "seq")
}

/// The same of an alert.
pub(super) fn alert_bounds(conn: &Connection) -> rusqlite::Result<Option<(i64, i64)>> {
    ends(conn, "alerts", "id")
}

fn ends(conn: &Connection, table: &str, number: &str) -> rusqlite::Result<Option<(i64, i64)>> {
    let sql = format!("SELECT (SELECT min({number}) FROM {table}), (SELECT max({number}) FROM {table})");
    let (first, last): (Option<i64>, Option<i64>) = conn.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(first.zip(last))
}

/// The number that rows have for a stream.
pub(super) fn stream_number(conn: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    conn.query_row("SELECT id FROM streams WHERE name = ?1", [name], |row| row.get(0)).optional()
}

struct Search<'a> {
    conn: &'a Connection,
    needle: Needle,
    query: &'a Query,
    times: RangeInclusive<i64>,
    stream: Option<i64>,
    names: Option<&'a Glob>,
    until: Option<Instant>,
    /// Events that were looked at.
    looked: u32,
    seqs: Vec<i64>,
}

impl Search<'_> {
    /// Looks from `before` down to `floor`; tells where it stopped before that.
    fn run(&mut self, index: Option<(TextIndex, String)>, floor: i64, before: i64) -> rusqlite::Result<Option<i64>> {
        let Some((index, wanted)) = index else { return Ok(self.look(floor, before)?.break_value()) };
        let covered = index.covered().min(before);
        if let ControlFlow::Break(next) = self.look(covered.max(floor), before)? {
            return Ok(Some(next));
        }
        let mut edge = covered;
        let walked = index.groups(&wanted, covered, |group| {
            let stopped = if group.end <= floor {
                Some(None)
            } else {
                self.look(group.start.max(floor), group.end.min(edge))?.break_value().map(Some)
            };
            edge = edge.min(group.start);
            Ok(stopped.map_or(ControlFlow::Continue(()), ControlFlow::Break))
        })?;
        match walked {
            Ok(stopped) => Ok(stopped.flatten()),
            Err(error) => {
                tracing::warn!(%error, "the text index is of no use: the events are looked through one by one");
                Ok(self.look(floor, edge)?.break_value())
            }
        }
    }

    /// Looks at the events of these numbers, newest first; breaks off with the number that it came to.
    fn look(&mut self, from: i64, before: i64) -> rusqlite::Result<ControlFlow<i64>> {
        let sql = "SELECT seq, stream, at, name, data FROM events WHERE seq >= ?1 AND seq < ?2 ORDER BY seq DESC";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([from, before])?;
        while let Some(row) = rows.next()? {
            let seq = row.get(0)?;
            if self.is_meant(row)? {
                self.seqs.push(seq);
            }
            self.looked = self.looked.wrapping_add(1);
            if self.seqs.len() >= self.query.limit as usize || self.is_late() {
                return Ok(ControlFlow::Break(seq));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// What is cheap is asked first.
    fn is_meant(&self, row: &Row<'_>) -> rusqlite::Result<bool> {
        let (stream, at, name) = (row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, row.get_ref(3)?.as_str()?);
        let is_within = self.stream.is_none_or(|wanted| wanted == stream)
            && self.times.contains(&at)
            && self.names.is_none_or(|names| names.is_match(name));
        if !is_within || !(self.needle.is_in(row.get_ref(4)?.as_bytes()?) || self.needle.is_in(name.as_bytes())) {
            return Ok(false);
        }
        let alerts = "SELECT 1 FROM alerts WHERE seq = ?1";
        Ok(!self.query.alerts || self.conn.prepare_cached(alerts)?.exists([row.get::<_, i64>(0)?])?)
    }

    fn is_late(&self) -> bool {
        self.looked.is_multiple_of(STRIDE) && self.until.is_some_and(|until| Instant::now() >= until)
    }
}

#[cfg(test)]
mod tests;
