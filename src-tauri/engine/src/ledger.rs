//! The ledger: events, cursors, alerts as an outbox, and the connections that were, in one SQLite file. The only room that knows SQL.
//!
//! One [`Ledger`] writes, usually on the thread of a [`Writer`]; any number of [`Reader`]s, also in other processes,
//! read meanwhile. Numbers of events and alerts rise and are never given twice. What came and the cursor after it are
//! one transaction, so that a crash at any instant leaves either both or neither.

mod commit;
mod connections;
pub(crate) mod digest;
mod error;
mod history;
mod inbox;
mod kept_openings;
mod last_values;
mod memories;
mod memory;
mod openings;
mod outbox;
mod prune;
mod read;
mod renamed;
mod rows;
mod schema;
mod search;
mod silences;
mod tally;
#[cfg(test)]
mod testing;
mod text_index;
mod values;
mod write;
mod writer;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::config::History;
use crate::model::{Alert, AlertState, Answered, Event, Resolution, Said, StoredAlert, StoredEvent, StreamId};
use crate::silence::Silence;
use crate::tiles::Opening;
use crate::uptime::Record;
use memory::Memory;

pub use error::LedgerError;
pub use history::Query;
pub use inbox::{AlertQuery, AlertsShown};
pub use read::{Found, Reader};
pub use search::LATE;
pub use tally::RuleCount;
pub use text_index::Indexer;
pub use values::{Point, ValueQuery, Values};
pub use writer::{Write, Writer, Written};

/// What came on one stream, to be committed together.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The stream.
    pub stream: StreamId,
    /// Its events, in order, with what rules made of them.
    pub entries: Vec<Entry>,
    /// The cursor after them, where it moved; empty where it was reset.
    pub cursor: Option<String>,
    /// What rules remember after them, where that changed.
    pub memories: Vec<RuleMemory>,
    /// The name that the stream had before them, where it has another now: what is stored of it goes with it, unless
    /// there are events or alerts of an earlier stream of the new name. Those of the old one then stay where they are.
    pub was: Option<StreamId>,
}

/// What a rule remembers of one group of events, over a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleMemory {
    /// The rule's name.
    pub rule: Arc<str>,
    /// The group; empty without one.
    pub group: String,
    /// What it remembers, in words of its own; `None` to forget it.
    pub state: Option<String>,
}

impl Batch {
    /// Nothing but what rules remember.
    pub fn of_memories(memories: Vec<RuleMemory>) -> Self {
        Self { stream: "".into(), entries: Vec::new(), cursor: None, memories, was: None }
    }

    /// About how many bytes of memory it takes.
    pub fn bytes(&self) -> usize {
        self.entries.iter().map(|entry| 128 + entry.event.data.len() + 256 * entry.alerts.len()).sum()
    }
}

/// An event to commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The event.
    pub event: Event,
    /// What rules made of it: at most one alert a rule.
    pub alerts: Vec<Alert>,
    /// The alerts from before it that it resolves.
    pub resolutions: Vec<Resolution>,
    /// Whether the event itself is stored; its alerts are in every case.
    pub store: bool,
}

/// What a commit did.
#[derive(Debug, Default, PartialEq)]
pub struct Committed {
    /// The events that were stored, in order, with their numbers and new alerts. Events that had been stored before
    /// (same stream, own id, name and data) are not among them, nor are their alerts made again.
    pub events: Vec<StoredEvent>,
    /// Events that are not stored themselves, with their new alerts, all pending, under a number that no other event
    /// has. Where such an event has an id of its own, its alerts are not made again when it is sent again.
    pub alone: Vec<StoredEvent>,
    /// The numbers of the alerts that were open and are resolved now.
    pub resolved: Vec<i64>,
    /// How many events had been stored before.
    pub duplicates: u64,
}

/// The one writer of a ledger file.
#[derive(Debug)]
pub struct Ledger {
    conn: Connection,
    path: PathBuf,
    /// What is known without asking the file; `None` after a failure, until the next transaction reads it again.
    memory: Option<Memory>,
    /// With more bytes in use there are too many rows, whatever the retention says.
    max_bytes: i64,
}

impl Ledger {
    /// Opens the file or makes it (mode 0600), and migrates it to the newest version. The folder must exist.
    ///
    /// # Errors
    /// Where the file cannot be read or written, is not a ledger, is damaged, or is of a newer program. A file that
    /// is refused is left as it is.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        Ok(Self {
            conn: schema::open_to_write(path)?,
            path: path.to_owned(),
            memory: None,
            max_bytes: prune::MAX_BYTES,
        })
    }

    /// A ledger that lasts as long as this value. It keeps 16 MiB at most, once pruned.
    ///
    /// # Errors
    /// Where SQLite cannot even do that.
    pub fn in_memory() -> Result<Self, LedgerError> {
        let path = PathBuf::from(":memory:");
        Ok(Self { conn: schema::open_in_memory()?, path, memory: None, max_bytes: prune::MAX_BYTES_IN_MEMORY })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Commits batches in one transaction: all or nothing. An event's time is kept to the microsecond.
    ///
    /// # Errors
    /// Where SQLite refuses (disk full …); then nothing was stored and the batches come back.
    pub fn commit(&mut self, batches: Vec<Batch>) -> Result<Committed, (LedgerError, Vec<Batch>)> {
        commit::commit(self, batches)
    }

    /// The cursor of a stream; `None` without one and after a reset.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn cursor(&self, stream: &StreamId) -> Result<Option<String>, LedgerError> {
        Ok(self.cursors()?.into_iter().find_map(|(name, cursor)| (name == *stream).then_some(cursor)))
    }

    /// The cursors of all streams that have one, also of those that are no longer configured.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn cursors(&self) -> Result<Vec<(StreamId, String)>, LedgerError> {
        commit::cursors(&self.conn).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// What rules remembered when they were asked last.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn memories(&self) -> Result<Vec<RuleMemory>, LedgerError> {
        memories::all(&self.conn).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// Records what became of alerts, in one transaction; those that are shown were so `now`. Numbers that are gone
    /// are passed over.
    ///
    /// # Errors
    /// Where SQLite refuses; then none was recorded.
    pub fn mark(&mut self, marks: &[(i64, AlertState)], now: Timestamp) -> Result<(), LedgerError> {
        outbox::mark(&mut self.conn, marks, now).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// Marks alerts as read, all where none is named, in one transaction; tells which had not been read.
    ///
    /// # Errors
    /// Where SQLite refuses; then none was marked.
    pub fn mark_read(&mut self, alerts: &[i64]) -> Result<Vec<i64>, LedgerError> {
        let memory = self.memory.take();
        let newly = outbox::mark_read(&mut self.conn, alerts).map_err(|error| LedgerError::new(&self.path, &error))?;
        self.memory = memory.map(|memory| memory.read(newly.len()));
        Ok(newly)
    }

    /// The numbers of all that are unread, oldest first.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn unread_numbers(&self) -> Result<Vec<i64>, LedgerError> {
        outbox::unread_numbers(&self.conn).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// Records what a person answered to alerts and marks them as read; tells which had not been read.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn answer(&mut self, alerts: &[i64], answered: Answered) -> Result<Vec<i64>, LedgerError> {
        if alerts.is_empty() {
            return Ok(Vec::new());
        }
        outbox::answer(&mut self.conn, alerts, answered).map_err(|error| LedgerError::new(&self.path, &error))?;
        self.mark_read(alerts)
    }

    /// Takes back what a person said of alerts; tells of how many it was so.
    ///
    /// # Errors
    /// Where SQLite refuses; then all stays as it was.
    pub fn take_back(&mut self, alerts: &[i64], said: Said) -> Result<usize, LedgerError> {
        let memory = self.memory.take();
        let taken =
            outbox::take_back(&mut self.conn, alerts, said).map_err(|error| LedgerError::new(&self.path, &error))?;
        self.memory = memory.map(|memory| if said == Said::Read { memory.unread(taken) } else { memory });
        Ok(taken)
    }

    /// Has the open alerts of a rule be those of its new name, by which they will be over.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn rename_rule(&mut self, old: &str, new: &str) -> Result<(), LedgerError> {
        outbox::rename_rule(&self.conn, old, new).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// All silences, also those that are over, oldest first.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn silences(&self) -> Result<Vec<Silence>, LedgerError> {
        silences::list(&self.conn).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// Puts these silences in the place of all that there were, in one transaction.
    ///
    /// # Errors
    /// Where SQLite refuses; then the old ones stay.
    pub fn set_silences(&mut self, silences: &[Silence]) -> Result<(), LedgerError> {
        silences::replace(&mut self.conn, silences).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// The first values of tiles that are kept, also of days that are over.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn openings(&self) -> Result<Vec<Opening>, LedgerError> {
        kept_openings::all(&self.conn).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// Keeps first values of tiles, in one transaction, and forgets those from two days before.
    ///
    /// # Errors
    /// Where SQLite refuses; then none was kept.
    pub fn keep_openings(&mut self, openings: &[Opening]) -> Result<(), LedgerError> {
        kept_openings::keep(&mut self.conn, openings).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// All alerts that are still to be shown, oldest first.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn pending(&self) -> Result<Vec<StoredAlert>, LedgerError> {
        outbox::pending(&self.conn).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// How many alerts are unread, and the newest of them, newest first, at most `limit`.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn unread(&self, limit: usize) -> Result<(u32, Vec<StoredAlert>), LedgerError> {
        let known = self.memory.as_ref().map(|memory| memory.unread);
        outbox::unread(&self.conn, known, limit).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// Keeps what became of connections, in one transaction; one that began when one of the same stream did takes its
    /// place. Of each stream the newest 500 are kept.
    ///
    /// # Errors
    /// Where SQLite refuses; then none was kept.
    pub fn keep(&mut self, records: &[(StreamId, Record)]) -> Result<(), LedgerError> {
        let memory = self.memory.take();
        let memory = connections::keep(&mut self.conn, memory, records);
        self.memory = Some(memory.map_err(|error| LedgerError::new(&self.path, &error))?);
        Ok(())
    }

    /// At the start: the connections of all streams that ended at `since` or later, oldest first. Those that the
    /// program before did not end are ended, those older than 30 days removed.
    ///
    /// # Errors
    /// Where SQLite refuses; then nothing was changed.
    pub fn recover_connections(
        &mut self,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<HashMap<StreamId, Vec<Record>>, LedgerError> {
        connections::recover(&mut self.conn, since, now).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// Removes what is beyond the retention, oldest first, some hundred rows a call at the most; tells whether there
    /// is more to remove. An event with an alert that is unread or still to be shown is removed last when there are
    /// too many, and only at twice the age. A file of more than 4 GiB counts as holding too many.
    ///
    /// # Errors
    /// Where SQLite refuses; then nothing was removed.
    pub fn prune(&mut self, keep: History, now: Timestamp) -> Result<bool, LedgerError> {
        self.memory = None;
        prune::prune(&mut self.conn, keep, now, self.max_bytes).map_err(|error| LedgerError::new(&self.path, &error))
    }

    /// Moves what was committed from the log beside the file into the file, and gives memory back. For idle times: it
    /// waits for the disk.
    ///
    /// # Errors
    /// Where SQLite refuses. What was committed stays so.
    pub fn checkpoint(&mut self) -> Result<(), LedgerError> {
        schema::checkpoint(&self.conn).map_err(|error| LedgerError::new(&self.path, &error))
    }
}
