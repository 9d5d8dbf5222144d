//! The ledger: events, cursors, and alerts as an outbox, in SQLite. The only file that knows SQL.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use thiserror::Error;

use crate::config::History;
use crate::model::{Alert, AlertState, Event, StoredAlert, StoredEvent, StreamId};

/// Why the ledger cannot do what it was asked, in one line.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// SQLite refused.
    #[error("the history file {path} cannot be used: {cause}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        cause: String,
    },
}

/// What came on one stream, to be committed together.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The stream.
    pub stream: StreamId,
    /// Its events, in order, with what rules made of them.
    pub entries: Vec<Entry>,
    /// The cursor after them, where it moved.
    pub cursor: Option<String>,
}

/// An event to commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The event.
    pub event: Event,
    /// What rules made of it.
    pub alerts: Vec<Alert>,
    /// Whether the event itself is stored; its alerts are in every case.
    pub store: bool,
}

/// What a commit did.
#[derive(Debug, Default)]
pub struct Committed {
    /// The events that were stored, in order, with their numbers and new alerts. Events that had been stored before
    /// (same stream, own id, name and data) are not among them, nor are their alerts made again.
    pub events: Vec<StoredEvent>,
    /// New alerts of events that are not stored themselves, all pending.
    pub alerts: Vec<StoredAlert>,
    /// How many events had been stored before.
    pub duplicates: u64,
}

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

/// The one writer of a ledger file.
#[derive(Debug)]
pub struct Ledger {}

/// A read-only view of a ledger file, also while another process writes it.
#[derive(Debug)]
pub struct Reader {}

impl Ledger {
    /// Opens the file or makes it (mode 0600), migrates it to the newest version.
    ///
    /// # Errors
    /// Where the file cannot be read or written, is not a ledger, or is of a newer program.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let _ = path;
        Ok(Self {})
    }

    /// Commits batches in one transaction: all or nothing.
    ///
    /// # Errors
    /// Where SQLite refuses (disk full …); then nothing was stored.
    pub fn commit(&mut self, batches: Vec<Batch>) -> Result<Committed, LedgerError> {
        let _ = batches;
        Ok(Committed::default())
    }

    /// The cursor of a stream.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn cursor(&self, stream: &StreamId) -> Result<Option<String>, LedgerError> {
        let _ = stream;
        Ok(None)
    }

    /// Records what became of alerts, in one transaction.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn mark(&mut self, marks: &[(i64, AlertState)]) -> Result<(), LedgerError> {
        let _ = marks;
        Ok(())
    }

    /// Marks alerts as read; all where none is named.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn mark_read(&mut self, alerts: &[i64]) -> Result<(), LedgerError> {
        let _ = alerts;
        Ok(())
    }

    /// All alerts that are still to be shown, oldest first.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn pending(&self) -> Result<Vec<StoredAlert>, LedgerError> {
        Ok(Vec::new())
    }

    /// How many alerts are unread, and the newest of them, newest first.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn unread(&self, limit: usize) -> Result<(u32, Vec<StoredAlert>), LedgerError> {
        let _ = limit;
        Ok((0, Vec::new()))
    }

    /// Removes what is beyond the retention, a bounded number of rows a call; tells whether there is more to remove.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn prune(&mut self, keep: History, now: Timestamp) -> Result<bool, LedgerError> {
        let _ = (keep, now);
        Ok(false)
    }
}

impl Reader {
    /// Opens the file for reading.
    ///
    /// # Errors
    /// Where it does not exist or is no ledger.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let _ = path;
        Ok(Self {})
    }

    /// Stored events, newest last, with their alerts.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn history(&self, query: &Query) -> Result<Vec<StoredEvent>, LedgerError> {
        let _ = query;
        Ok(Vec::new())
    }

    /// Alerts with a smaller number than `before`, newest first, at most `limit`.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn alerts(&self, before: Option<i64>, limit: u32) -> Result<Vec<StoredAlert>, LedgerError> {
        let _ = (before, limit);
        Ok(Vec::new())
    }
}
