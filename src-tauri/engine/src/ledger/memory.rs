//! What the one writer knows without asking the file.

use std::collections::HashMap;

use rusqlite::Connection;

use super::{outbox, renamed, rows};
use crate::model::StreamId;

/// What the one writer knows without asking the file.
#[derive(Debug)]
pub(super) struct Memory {
    streams: HashMap<StreamId, i64>,
    /// The highest number ever given to an event, or to alerts whose event is not stored.
    pub(super) last_seq: i64,
    /// The highest number ever given to an alert.
    pub(super) last_alert: i64,
    /// How many alerts are unread.
    pub(super) unread: u32,
}

impl Memory {
    /// After so many more alerts were read.
    pub(super) fn read(self, newly: usize) -> Self {
        Self { unread: self.unread.saturating_sub(u32::try_from(newly).unwrap_or(u32::MAX)), ..self }
    }

    /// After so many more alerts are to be read again.
    pub(super) fn unread(self, newly: usize) -> Self {
        Self { unread: self.unread.saturating_add(u32::try_from(newly).unwrap_or(u32::MAX)), ..self }
    }

    /// Reads it from the file.
    pub(super) fn load(conn: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            streams: rows::streams(conn)?.into_iter().map(|(id, name)| (name, id)).collect(),
            last_seq: last_seq(conn)?,
            last_alert: last_alert(conn)?,
            unread: outbox::count_unread(conn)?,
        })
    }

    /// A stream has another name now.
    pub(super) fn rename(&mut self, tx: &Connection, old: &StreamId, new: &StreamId) -> rusqlite::Result<()> {
        if renamed::rename(tx, old.as_str(), new.as_str())?
            && let Some(id) = self.streams.remove(old)
        {
            self.streams.insert(new.clone(), id);
        }
        Ok(())
    }

    /// The number of a stream, given now where it is new.
    pub(super) fn stream(&mut self, tx: &Connection, name: &StreamId) -> rusqlite::Result<i64> {
        if let Some(id) = self.streams.get(name) {
            return Ok(*id);
        }
        tx.execute("INSERT INTO streams (name) VALUES (?1)", [name.as_str()])?;
        let id = tx.last_insert_rowid();
        self.streams.insert(name.clone(), id);
        Ok(id)
    }
}

/// The highest number ever given to an event, or to alerts whose event is not stored.
pub(super) fn last_seq(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row(
        "SELECT max(ifnull((SELECT max(seq) FROM events), 0), ifnull((SELECT max(seq) FROM alerts), 0),
            ifnull((SELECT value FROM counters WHERE name = 'last seq'), 0))",
        [],
        |row| row.get(0),
    )
}

/// The highest number ever given to an alert.
pub(super) fn last_alert(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row(
        "SELECT max(ifnull((SELECT max(id) FROM alerts), 0),
            ifnull((SELECT value FROM counters WHERE name = 'last alert'), 0))",
        [],
        |row| row.get(0),
    )
}
