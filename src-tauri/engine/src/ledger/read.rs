//! Reading a ledger, also while another process writes it.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::{Timestamp, Zoned};
use rusqlite::Connection;

use super::history::STEP;
use super::{
    AlertQuery, LedgerError, Query, ValueQuery, Values, connections, history, inbox, last_values, openings, rows,
    schema, search, tally, values,
};
use crate::config::Config;
use crate::glob::Glob;
use crate::model::{StoredAlert, StoredEvent, StreamId};
use crate::tiles::{Opening, Tile};
use crate::uptime::Record;

/// How many of the events that a search found are read at a time, and after so many bytes of data the rest are for the next page.
const FOUND_STEP: usize = 32;
const FOUND_BYTES: usize = 32 << 20;

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
        history::list(&self.conn, &self.path, query, names.as_ref()).map_err(|error| self.refused(&error))
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
        let found =
            history::seqs(&self.conn, &self.path, query, names.as_ref()).map_err(|error| self.refused(&error))?;
        for step in found.chunks(STEP) {
            let look = || history::events(&*self.conn.unchecked_transaction()?, step);
            if each(look().map_err(|error| self.refused(&error))?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Looks for events, newest first, until there are as many as the limit or 32 MiB of them, or until that time.
    ///
    /// # Errors
    /// As [`Reader::history`].
    pub fn search(&self, query: &Query, until: Instant) -> Result<Found, LedgerError> {
        let names = query.event.as_deref().map(matcher).transpose()?;
        let look = || {
            let tx = self.conn.unchecked_transaction()?;
            let hits = search::find(&tx, &self.path, query, names.as_ref(), Some(until))?;
            let (mut found, mut bytes, mut next) = (Vec::with_capacity(hits.seqs.len()), 0, hits.next);
            for step in hits.seqs.chunks(FOUND_STEP) {
                let ascending: Vec<i64> = step.iter().rev().copied().collect();
                let read = history::events(&tx, &ascending)?;
                bytes += read.iter().map(|event| event.event.data.len()).sum::<usize>();
                found.extend(read.into_iter().rev());
                if bytes >= FOUND_BYTES && found.len() < hits.seqs.len() {
                    next = step.last().copied();
                    break;
                }
            }
            Ok(Found { events: found, next })
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
        let read = || history::events(&*self.conn.unchecked_transaction()?, &seqs[..seqs.len().min(STEP)]);
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
        inbox::newest(&self.conn, before, limit).map_err(|error| self.refused(&error))
    }

    /// The alerts that a query means, newest first; also those whose event is not stored.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn inbox(&self, query: &AlertQuery) -> Result<Vec<StoredAlert>, LedgerError> {
        inbox::list(&self.conn, query).map_err(|error| self.refused(&error))
    }

    /// The alerts of these numbers, in their order; those that are gone are left out.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn alerts_by_number(&self, numbers: &[i64]) -> Result<Vec<StoredAlert>, LedgerError> {
        inbox::by_number(&self.conn, numbers).map_err(|error| self.refused(&error))
    }

    /// The numbers of those that a query means, newest first; the query's limit does not count, `most` does.
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

    /// What the tiles of a configuration showed last, looked for until that time.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn last_tiles(&self, config: &Config, now: &Zoned, until: Instant) -> Result<Vec<Tile>, LedgerError> {
        last_values::last_values(&self.conn, config, now, until).map_err(|error| self.refused(&error))
    }

    /// The first value of today of each tile that counts its change from it, looked for until that time.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn openings(&self, config: &Config, now: &Zoned, until: Instant) -> Result<Vec<Opening>, LedgerError> {
        openings::openings(&self.conn, config, now, until).map_err(|error| self.refused(&error))
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
        history::event(&self.conn, seq).map_err(|error| self.refused(&error))
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
        let read = || history::alerts_of(&self.conn, seq, &rows::streams(&self.conn)?);
        read().map_err(|error| self.refused(&error))
    }

    fn refused(&self, error: &rusqlite::Error) -> LedgerError {
        LedgerError::new(&self.path, error)
    }
}

fn matcher(glob: &str) -> Result<Glob, LedgerError> {
    Glob::new(glob).map_err(|error| LedgerError::Glob { glob: glob.to_owned(), cause: error })
}

#[cfg(test)]
mod tests;
