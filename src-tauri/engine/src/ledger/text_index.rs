//! The text index: which groups of events hold which three characters in a row. It only makes a search quick.
//!
//! It is a file of its own beside the ledger, so that storing an event never waits for it, and is filled behind by an
//! [`Indexer`] once somebody searches. Whatever is wrong with it, or where it is deleted, it is made anew.

use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior};

use super::{LedgerError, Reader, schema, search};

/// `SBtx`: tells a text index from other SQLite files.
const APPLICATION_ID: i64 = 0x5342_7478;

/// The format; another one is made anew.
const FORMAT: i64 = 1;

/// So many events in a row share an entry: that makes the file several times smaller, and a search hardly slower.
const GROUP: i64 = 8;

/// So many events in a row share a table, which goes as a whole when they are all gone.
const SEGMENT: i64 = 32_768;

/// How many events a step indexes at most.
const STEP: i64 = 4_096;

/// The same in bytes of data.
const STEP_BYTES: usize = 8 << 20;

/// The index's file for a ledger's.
pub(super) fn beside(ledger: &Path) -> PathBuf {
    let stem = ledger.file_stem().unwrap_or_default().to_string_lossy();
    ledger.with_file_name(format!("{stem}-text.db"))
}

/// A character as the index has it: an index ends a text at a NUL.
pub(super) fn as_indexed(one: char) -> char {
    if one == '\0' { '\u{1}' } else { one }
}

/// An index that fits its ledger.
#[derive(Debug)]
pub(super) struct TextIndex {
    conn: Connection,
    covered: i64,
    segments: BTreeSet<i64>,
}

impl TextIndex {
    /// Opens the index of a ledger to read it; `None` where there is none of use.
    pub(super) fn to_read(ledger: &Connection, path: &Path) -> Option<Self> {
        let path = beside(path);
        if !path.exists() {
            return None;
        }
        let opened = schema::connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(|error| error.to_string());
        let index = opened.and_then(|conn| Self::of(conn, ledger).map_err(|error| error.to_string()));
        index.inspect_err(|error| tracing::debug!(error, "the text index cannot be read")).ok().flatten()
    }

    /// The index in a file; `None` where it is another ledger's, or of another format.
    fn of(conn: Connection, ledger: &Connection) -> rusqlite::Result<Option<Self>> {
        let number = |name: &str| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        if number("application_id")? != APPLICATION_ID || number("user_version")? != FORMAT {
            return Ok(None);
        }
        let (covered, last, at): (i64, i64, i64) =
            conn.query_row("SELECT covered, last, at FROM state", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        // A ledger that was replaced begins to count anew.
        let known = ledger.query_row("SELECT at FROM events WHERE seq = ?1", [last], |row| row.get(0)).optional()?;
        if last != 0 && known != Some(at) {
            return Ok(None);
        }
        let names =
            "SELECT substr(name, 6) FROM sqlite_schema WHERE name GLOB 'text_[0-9]*' AND sql LIKE 'CREATE VIRTUAL%'";
        let segments = {
            let mut statement = conn.prepare(names)?;
            let numbers = statement.query_map([], |row| row.get::<_, String>(0))?;
            numbers.filter_map(|number| number.ok()?.parse().ok()).collect()
        };
        Ok(Some(Self { conn, covered, segments }))
    }

    /// Events with a smaller number are in it.
    pub(super) fn covered(&self) -> i64 {
        self.covered
    }

    /// Gives the groups below `before` in which a question's trigrams are, newest first, until `each` breaks off. The
    /// outer error is that of `each`, the inner one the index's.
    pub(super) fn groups<B>(
        &self,
        asked: &str,
        before: i64,
        mut each: impl FnMut(Range<i64>) -> rusqlite::Result<ControlFlow<B>>,
    ) -> rusqlite::Result<Result<Option<B>, rusqlite::Error>> {
        let newest = before.saturating_sub(1);
        for segment in self.segments.range(..=newest.div_euclid(SEGMENT)).rev() {
            let sql = format!(
                "SELECT rowid FROM text_{segment} WHERE text_{segment} MATCH ?1 AND rowid <= ?2 ORDER BY rowid DESC"
            );
            let mut statement = match self.conn.prepare(&sql) {
                Ok(statement) => statement,
                Err(error) => return Ok(Err(error)),
            };
            let mut rows = match statement.query((asked, newest.div_euclid(GROUP))) {
                Ok(rows) => rows,
                Err(error) => return Ok(Err(error)),
            };
            loop {
                let group: i64 = match rows.next().and_then(|row| row.map(|row| row.get(0)).transpose()) {
                    Ok(Some(group)) => group,
                    Ok(None) => break,
                    Err(error) => return Ok(Err(error)),
                };
                if let ControlFlow::Break(end) = each(group * GROUP..(group + 1) * GROUP)? {
                    return Ok(Ok(Some(end)));
                }
            }
        }
        Ok(Ok(None))
    }
}

/// Fills the index of a ledger that another part of the program writes.
#[derive(Debug)]
pub struct Indexer {
    ledger: Reader,
    index: TextIndex,
    path: PathBuf,
}

impl Indexer {
    /// Opens the index of this ledger, or makes it.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or the index cannot be written.
    pub fn open(ledger: &Path) -> Result<Self, LedgerError> {
        let path = beside(ledger);
        let ledger = Reader::open(ledger)?;
        let index = match Self::writable(&path, &ledger) {
            Ok(index) => index,
            Err(error) => {
                tracing::info!(%error, "the text index is made anew");
                remove(&path);
                Self::writable(&path, &ledger)?
            }
        };
        Ok(Self { ledger, index, path })
    }

    /// Whether a ledger has an index.
    pub fn exists(ledger: &Path) -> bool {
        beside(ledger).exists()
    }

    /// The file of a ledger's index.
    pub fn file(ledger: &Path) -> PathBuf {
        beside(ledger)
    }

    fn writable(path: &Path, ledger: &Reader) -> Result<TextIndex, LedgerError> {
        schema::make(path)?;
        let refused = |error: rusqlite::Error| LedgerError::new(path, &error);
        let open = || -> Result<Connection, LedgerError> {
            let conn = schema::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            schema::set_up(&conn).map_err(refused)?;
            Ok(conn)
        };
        if let Some(index) = TextIndex::of(open()?, &ledger.conn).map_err(refused)? {
            return Ok(index);
        }
        remove(path);
        schema::make(path)?;
        let conn = open()?;
        conn.execute_batch(&format!(
            "BEGIN;
             CREATE TABLE state (covered INTEGER NOT NULL, last INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
             INSERT INTO state VALUES (0, 0, 0);
             PRAGMA application_id = {APPLICATION_ID};
             PRAGMA user_version = {FORMAT};
             COMMIT"
        ))
        .map_err(refused)?;
        Ok(TextIndex { conn, covered: 0, segments: BTreeSet::new() })
    }

    /// Drops what is of events that are gone, and indexes some thousand more; tells whether there are more.
    ///
    /// # Errors
    /// Where SQLite refuses. A damaged index is gone then: the next [`Indexer::open`] makes it anew.
    pub fn step(&mut self) -> Result<bool, LedgerError> {
        self.advance().map_err(|error| {
            let error = LedgerError::new(&self.path, &error);
            if matches!(error, LedgerError::Corrupt { .. } | LedgerError::NotALedger { .. }) {
                remove(&self.path);
            }
            error
        })
    }

    /// Only drops what is of events that are gone.
    ///
    /// # Errors
    /// Where SQLite refuses.
    pub fn tidy(&mut self) -> Result<(), LedgerError> {
        let first = search::bounds(&self.ledger.conn).map(|bounds| bounds.map_or(i64::MAX, |(first, _)| first));
        let done = first.and_then(|first| self.forget_before(first));
        done.map_err(|error| LedgerError::new(&self.path, &error))
    }

    fn advance(&mut self) -> rusqlite::Result<bool> {
        let Some((first, newest)) = search::bounds(&self.ledger.conn)? else {
            return self.forget_before(i64::MAX).map(|()| false);
        };
        self.forget_before(first)?;
        let from = self.index.covered.max(first - first.rem_euclid(GROUP));
        // Only whole groups, and none over two tables.
        let whole = (newest + 1) - (newest + 1).rem_euclid(GROUP);
        let to = whole.min(from + STEP).min((from.div_euclid(SEGMENT) + 1) * SEGMENT);
        if to <= from {
            return Ok(false);
        }
        let covered = self.index.add(&self.ledger.conn, from, to)?;
        self.index.covered = covered;
        Ok(covered < whole)
    }

    /// Drops the tables of events that are gone.
    fn forget_before(&mut self, first: i64) -> rusqlite::Result<()> {
        while let Some(segment) = self.index.segments.first().copied()
            && (segment + 1) * SEGMENT <= first
        {
            self.index.conn.execute_batch(&format!("DROP TABLE text_{segment}"))?;
            self.index.segments.remove(&segment);
        }
        Ok(())
    }
}

impl TextIndex {
    /// Indexes the events of these numbers, as many as a step takes; tells up to where.
    fn add(&mut self, ledger: &Connection, from: i64, to: i64) -> rusqlite::Result<i64> {
        let segment = from.div_euclid(SEGMENT);
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(&format!(
            "CREATE VIRTUAL TABLE IF NOT EXISTS text_{segment}
             USING fts5 (text, content = '', detail = none, columnsize = 0, tokenize = 'trigram')"
        ))?;
        let mut covered = to;
        let mut last = None;
        {
            let mut insert = tx.prepare(&format!("INSERT INTO text_{segment} (rowid, text) VALUES (?1, ?2)"))?;
            let mut events = ledger
                .prepare_cached("SELECT seq, at, name, data FROM events WHERE seq >= ?1 AND seq < ?2 ORDER BY seq")?;
            let mut rows = events.query([from, to])?;
            let mut group = from.div_euclid(GROUP);
            let (mut text, mut bytes) = (String::new(), 0);
            while let Some(row) = rows.next()? {
                let seq: i64 = row.get(0)?;
                if seq.div_euclid(GROUP) != group {
                    bytes += text.len();
                    put(&mut insert, group, &mut text)?;
                    group = seq.div_euclid(GROUP);
                    if bytes >= STEP_BYTES {
                        covered = group * GROUP;
                        break;
                    }
                }
                for column in [2, 3] {
                    text.extend(row.get_ref(column)?.as_str()?.chars().map(as_indexed));
                    text.push('\n');
                }
                last = Some((seq, row.get::<_, i64>(1)?));
            }
            put(&mut insert, group, &mut text)?;
        }
        tx.execute("UPDATE state SET covered = ?1", [covered])?;
        if let Some((seq, at)) = last {
            tx.execute("UPDATE state SET last = ?1, at = ?2", [seq, at])?;
        }
        tx.commit()?;
        self.segments.insert(segment);
        Ok(covered)
    }
}

fn put(insert: &mut rusqlite::Statement<'_>, group: i64, text: &mut String) -> rusqlite::Result<()> {
    if !text.is_empty() {
        insert.execute((group, text.as_str()))?;
        text.clear();
    }
    Ok(())
}

/// Removes an index's files. What stays is found wrong again.
fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        if let Err(error) = std::fs::remove_file(&file)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, file = %PathBuf::from(&file).display(), "an unusable text index cannot be removed");
        }
    }
}
