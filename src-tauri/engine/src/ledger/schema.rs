//! Opening a ledger file: what it must be, how it is set up, and how an older one is brought up to date.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{LedgerError, inbox};

/// `SBel`: tells a ledger from other SQLite files.
const APPLICATION_ID: i64 = 0x5342_656c;

/// How long another program may hold the file before it counts as locked.
const PATIENCE: Duration = Duration::from_secs(2);

/// What brings a file from each format to the next; a format is the number of steps done.
const MIGRATIONS: [&str; 7] = [
    // Times are microseconds since 1970. `id` is the stream's last event id at the event; `digest` is set where the
    // event had a non-empty id of its own, and covers that id, name and data. `alone` marks an alert whose event is
    // not stored. `counters` carries numbers over the removal of rows.
    "CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
     CREATE TABLE cursors (stream INTEGER PRIMARY KEY, cursor TEXT NOT NULL) STRICT;
     CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE events (
         seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, stream INTEGER NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL,
         digest INTEGER, data TEXT NOT NULL) STRICT;
     CREATE UNIQUE INDEX events_once ON events (stream, id, digest) WHERE digest IS NOT NULL;
     CREATE TABLE alerts (
         id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL, stream INTEGER NOT NULL,
         event TEXT NOT NULL, alone INTEGER NOT NULL, digest INTEGER, rule TEXT NOT NULL, title TEXT NOT NULL,
         body TEXT NOT NULL, urgency TEXT NOT NULL, \"group\" TEXT NOT NULL, link TEXT NOT NULL, state TEXT NOT NULL,
         reason TEXT NOT NULL, read INTEGER NOT NULL) STRICT;
     CREATE INDEX alerts_of_event ON alerts (seq);
     CREATE INDEX alerts_pending ON alerts (id) WHERE state = 'pending';
     CREATE INDEX alerts_unread ON alerts (id) WHERE read = 0;
     CREATE INDEX alerts_alone ON alerts (id) WHERE alone = 1;
     CREATE UNIQUE INDEX alerts_once ON alerts (stream, digest, rule) WHERE digest IS NOT NULL;",
    // When an alert was shown first, and when it was resolved: NULL where nothing can resolve it, 0 while it is open.
    "ALTER TABLE alerts ADD COLUMN shown INTEGER;
     ALTER TABLE alerts ADD COLUMN resolved INTEGER;
     CREATE INDEX alerts_open ON alerts (rule, \"group\") WHERE resolved = 0;
     CREATE TABLE rule_memories (
         rule TEXT NOT NULL, \"group\" TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (rule, \"group\"))
         STRICT, WITHOUT ROWID;",
    // Times are microseconds since 1970, lengths of time microseconds.
    "CREATE TABLE connections (
         stream INTEGER NOT NULL, start INTEGER NOT NULL, \"end\" INTEGER NOT NULL, cause TEXT NOT NULL,
         message TEXT NOT NULL, tries INTEGER NOT NULL, status INTEGER, http TEXT NOT NULL, header_after INTEGER,
         first_byte_after INTEGER, open_for INTEGER, missing INTEGER NOT NULL, bytes INTEGER NOT NULL,
         events INTEGER NOT NULL, PRIMARY KEY (stream, start)) STRICT, WITHOUT ROWID;
     CREATE INDEX connections_by_end ON connections (\"end\");
     CREATE INDEX connections_open ON connections (stream) WHERE cause = 'open';",
    // What a person answered to an alert and when, and what its rule made for icon and button; NULL for nothing.
    "ALTER TABLE alerts ADD COLUMN icon TEXT;
     ALTER TABLE alerts ADD COLUMN value TEXT;
     ALTER TABLE alerts ADD COLUMN answer TEXT;
     ALTER TABLE alerts ADD COLUMN answered_at INTEGER;
     CREATE TABLE silences (
         id INTEGER PRIMARY KEY, at INTEGER NOT NULL, until INTEGER NOT NULL, stream TEXT, rule TEXT, \"group\" TEXT,
         text TEXT, comment TEXT NOT NULL) STRICT;",
    // One index instead of two: a page less in each commit with an alert, and none in marking it as shown.
    "DROP INDEX alerts_pending;
     DROP INDEX alerts_unread;
     CREATE INDEX alerts_live ON alerts (id) WHERE read = 0 OR state = 'pending';",
    // The message in Chinese; empty where it is not known.
    "ALTER TABLE connections ADD COLUMN chinese TEXT NOT NULL DEFAULT '';",
    // The first values of tiles on a day; NULL where there was one that is not known.
    "CREATE TABLE openings (
         stream TEXT NOT NULL, event TEXT NOT NULL, key_at TEXT NOT NULL, value_at TEXT NOT NULL, key TEXT NOT NULL,
         at INTEGER NOT NULL, value REAL, PRIMARY KEY (stream, event, key_at, value_at, key)) STRICT, WITHOUT ROWID;",
];

/// The newest format.
const NEWEST: i64 = MIGRATIONS.len() as i64;

/// Opens or makes the file to write it; only its owner may read it.
pub(super) fn open_to_write(path: &Path) -> Result<Connection, LedgerError> {
    make(path)?;
    let mut conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let refused = |error: rusqlite::Error| LedgerError::new(path, &error);
    let found = match inspect(&conn).map_err(refused)? {
        Found::Nothing => 0,
        Found::Ledger(format) if format <= NEWEST => format,
        Found::Ledger(found) => return Err(LedgerError::Newer { path: path.to_owned(), found, known: NEWEST }),
        Found::SomethingElse => return Err(LedgerError::NotALedger { path: path.to_owned() }),
    };
    keep_private(path)?;
    set_up(&conn).map_err(refused)?;
    migrate(&mut conn, found, &MIGRATIONS).map_err(refused)?;
    Ok(conn)
}

/// Makes a ledger that is in no file.
pub(super) fn open_in_memory() -> Result<Connection, LedgerError> {
    let refused = |error: rusqlite::Error| LedgerError::new(Path::new(":memory:"), &error);
    let mut conn = Connection::open_in_memory().map_err(refused)?;
    migrate(&mut conn, 0, &MIGRATIONS).map_err(refused)?;
    Ok(conn)
}

/// Opens the file to read it.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, LedgerError> {
    match fs::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(LedgerError::Missing { path: path.to_owned() });
        }
        Err(error) => return Err(system_refused(path, &error)),
    }
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let path = path.to_owned();
    inbox::teach(&conn).map_err(|error| LedgerError::new(&path, &error))?;
    match inspect(&conn).map_err(|error| LedgerError::new(&path, &error))? {
        Found::Ledger(NEWEST) => Ok(conn),
        Found::Ledger(found) if found < NEWEST => Err(LedgerError::Older { path, found }),
        Found::Ledger(found) => Err(LedgerError::Newer { path, found, known: NEWEST }),
        Found::Nothing => Err(LedgerError::Empty { path }),
        Found::SomethingElse => Err(LedgerError::NotALedger { path }),
    }
}

/// Moves the log into the file as far as no reader is in the way, and gives memory back.
pub(super) fn checkpoint(conn: &Connection) -> rusqlite::Result<()> {
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    conn.execute_batch("PRAGMA shrink_memory")
}

/// What a file holds.
enum Found {
    Nothing,
    Ledger(i64),
    SomethingElse,
}

fn inspect(conn: &Connection) -> rusqlite::Result<Found> {
    let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
    let format = number("PRAGMA user_version")?;
    Ok(match number("PRAGMA application_id")? {
        APPLICATION_ID => Found::Ledger(format),
        0 if format == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0 => Found::Nothing,
        _ => Found::SomethingElse,
    })
}

pub(super) fn connect(path: &Path, access: OpenFlags) -> Result<Connection, LedgerError> {
    let open = || {
        let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.busy_timeout(PATIENCE)?;
        // A small cache: the process that stores stays in memory for ever, and the system caches the file anyway.
        conn.execute_batch("PRAGMA cache_size = -1024; PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF")?;
        Ok(conn)
    };
    open().map_err(|error| LedgerError::new(path, &error))
}

/// Readers and the writer do not wait for each other (WAL). A power cut may take the last commits, events and cursors
/// together; a crash of the program takes none.
pub(super) fn set_up(conn: &Connection) -> rusqlite::Result<()> {
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY")?;
    // 16 MiB of log before a commit has to wait for the disk.
    conn.query_row("PRAGMA wal_autocheckpoint = 4000", [], |_| Ok(()))?;
    conn.query_row("PRAGMA journal_size_limit = 16777216", [], |_| Ok(()))?;
    conn.set_prepared_statement_cache_capacity(32);
    Ok(())
}

fn migrate(conn: &mut Connection, found: i64, steps: &[&str]) -> rusqlite::Result<()> {
    let done = usize::try_from(found).unwrap_or(0);
    if done >= steps.len() {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in &steps[done..] {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", i64::try_from(steps.len()).unwrap_or(i64::MAX))?;
    tx.commit()
}

/// Makes the file where there is none, for its owner only.
pub(super) fn make(path: &Path) -> Result<(), LedgerError> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(LedgerError::CannotOpen { path: path.to_owned(), cause: "it is not a file".to_owned() });
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ()).map_err(|error| system_refused(path, &error))
}

/// Keeps others from reading a file that they could. SQLite gives the files that it makes beside it the same mode.
#[cfg(unix)]
fn keep_private(path: &Path) -> Result<(), LedgerError> {
    use std::os::unix::fs::PermissionsExt;
    for file in ["", "-wal", "-shm"].map(|suffix| beside(path, suffix)) {
        if fs::metadata(&file).is_ok_and(|found| found.permissions().mode() & 0o077 != 0) {
            let mode = fs::Permissions::from_mode(0o600);
            fs::set_permissions(&file, mode).map_err(|error| system_refused(path, &error))?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> Result<(), LedgerError> {
    Ok(())
}

fn system_refused(path: &Path, error: &io::Error) -> LedgerError {
    let path = path.to_owned();
    if error.kind() == io::ErrorKind::StorageFull {
        LedgerError::Full { path }
    } else if error.kind() == io::ErrorKind::ReadOnlyFilesystem {
        LedgerError::ReadOnly { path }
    } else {
        LedgerError::CannotOpen { path, cause: error.to_string() }
    }
}

#[cfg(unix)]
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::testing::{Scratch, batch, entry, sent};
    use crate::ledger::{Ledger, Reader};

    fn refusals(path: &Path) -> (LedgerError, LedgerError) {
        let look = || (fs::read(path).unwrap(), fs::metadata(path).unwrap().permissions());
        let before = look();
        let refusals = (Ledger::open(path).unwrap_err(), Reader::open(path).unwrap_err());
        assert_eq!(look(), before, "a file that is refused is left as it is");
        refusals
    }

    #[test]
    fn a_missing_file_is_made_by_the_writer_and_named_by_the_reader() {
        let scratch = Scratch::new();
        assert_eq!(Reader::open(&scratch.path()).unwrap_err(), LedgerError::Missing { path: scratch.path() });
        drop(scratch.ledger());
        Reader::open(&scratch.path()).unwrap();
    }

    #[test]
    fn an_empty_file_becomes_a_ledger() {
        let scratch = Scratch::new();
        fs::write(scratch.path(), "").unwrap();
        assert_eq!(Reader::open(&scratch.path()).unwrap_err(), LedgerError::Empty { path: scratch.path() });
        drop(scratch.ledger());
        Reader::open(&scratch.path()).unwrap();
    }

    #[test]
    fn something_else_is_refused_and_left_alone() {
        let scratch = Scratch::new();
        for content in ["version = 1", &"no database at all ".repeat(1_000)] {
            fs::write(scratch.path(), content).unwrap();
            let expected = LedgerError::NotALedger { path: scratch.path() };
            assert_eq!(refusals(&scratch.path()), (expected.clone(), expected));
        }
    }

    #[test]
    fn a_database_of_another_program_is_refused_and_left_alone() {
        let scratch = Scratch::new();
        Connection::open(scratch.path()).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
        let expected = LedgerError::NotALedger { path: scratch.path() };
        assert_eq!(refusals(&scratch.path()), (expected.clone(), expected));
    }

    #[test]
    fn a_newer_file_is_refused_with_both_formats() {
        let scratch = Scratch::new();
        drop(scratch.ledger());
        Connection::open(scratch.path()).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
        let expected = LedgerError::Newer { path: scratch.path(), found: 99, known: NEWEST };
        assert_eq!(refusals(&scratch.path()), (expected.clone(), expected));
    }

    #[test]
    fn a_damaged_file_is_named_and_left_as_it_is() {
        let scratch = Scratch::new();
        drop(scratch.ledger());
        let mut bytes = fs::read(scratch.path()).unwrap();
        bytes[100..4096].fill(0xff);
        fs::write(scratch.path(), &bytes).unwrap();
        let (writer, reader) = refusals(&scratch.path());
        assert!(matches!(writer, LedgerError::Corrupt { .. }), "{writer}");
        assert!(matches!(reader, LedgerError::Corrupt { .. }), "{reader}");
    }

    #[test]
    fn damage_found_later_is_named_too() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let entries = (0..500).map(|n| entry(sent(n, &n.to_string(), &"x".repeat(200)), 0, true)).collect();
        ledger.commit(vec![batch("s", entries, None)]).unwrap();
        drop(ledger);
        let mut bytes = fs::read(scratch.path()).unwrap();
        let half = bytes.len() / 2;
        bytes[half..].fill(0x5a);
        fs::write(scratch.path(), &bytes).unwrap();
        let all = crate::ledger::Query { limit: 1_000, ..Default::default() };
        let error = Reader::open(&scratch.path()).unwrap().history(&all).unwrap_err();
        assert!(matches!(error, LedgerError::Corrupt { .. }), "{error}");
    }

    #[test]
    fn a_folder_in_its_place_is_no_file() {
        let scratch = Scratch::new();
        fs::create_dir(scratch.path()).unwrap();
        let error = Ledger::open(&scratch.path()).unwrap_err();
        assert!(matches!(&error, LedgerError::CannotOpen { cause, .. } if cause == "it is not a file"), "{error}");
        let error = Ledger::open(&scratch.path().join("below/history.db")).unwrap_err();
        assert!(matches!(error, LedgerError::CannotOpen { .. }), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_the_file_or_those_beside_it() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = Scratch::new();
        fs::write(scratch.path(), "").unwrap();
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o644)).unwrap();
        let mut ledger = scratch.ledger();
        ledger.commit(vec![batch("s", vec![], Some("1"))]).unwrap();
        for suffix in ["", "-wal", "-shm"] {
            let mode = fs::metadata(beside(&scratch.path(), suffix)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{suffix}");
        }
    }

    #[test]
    fn an_older_file_is_brought_up_to_date_and_keeps_what_it_holds() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, 0, &["CREATE TABLE t (a); INSERT INTO t VALUES (7)"]).unwrap();
        migrate(&mut conn, 1, &["no longer looked at", "ALTER TABLE t ADD COLUMN b DEFAULT 8"]).unwrap();
        let row = conn.query_row("SELECT a, b FROM t", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(row, (7, 8));
        assert!(matches!(inspect(&conn).unwrap(), Found::Ledger(2)));
    }

    #[test]
    fn a_file_of_every_older_format_is_read_and_written_by_this_program() {
        for format in 1..MIGRATIONS.len() {
            let scratch = Scratch::new();
            let mut conn = Connection::open(scratch.path()).unwrap();
            migrate(&mut conn, 0, &MIGRATIONS[..format]).unwrap();
            conn.execute_batch(
                "INSERT INTO streams VALUES (1, 's');
                 INSERT INTO cursors VALUES (1, '41');
                 INSERT INTO events VALUES (7, 1790000000000000, 1, 'market-alert', '41', 99, 'old');
                 INSERT INTO alerts (id, seq, at, stream, event, alone, rule, title, body, urgency, \"group\", link, state,
                    reason, read)
                 VALUES (3, 7, 1790000000000000, 1, 'market-alert', 0, 'r', 't', '', 'normal', '', '', 'pending', '', 0);",
            )
            .unwrap();
            drop(conn);
            let mut ledger = scratch.ledger();
            let new = ledger.commit(vec![batch("s", vec![entry(sent(1, "42", "new"), 1, true)], None)]).unwrap();
            assert_eq!((new.events[0].seq, new.events[0].alerts[0].id), (8, 4), "{format}");
            let pending: Vec<_> = ledger.pending().unwrap().into_iter().map(|alert| alert.id).collect();
            assert_eq!((pending, ledger.unread(9).unwrap().0), (vec![3, 4], 2), "{format}");
            assert_eq!(ledger.cursor(&"s".into()).unwrap(), Some("41".to_owned()), "{format}");
            assert_eq!(scratch.reader().event(7).unwrap().unwrap().event.data, "old", "{format}");
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_older_file_whole() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, 0, &["CREATE TABLE t (a)"]).unwrap();
        migrate(&mut conn, 1, &["", "CREATE TABLE u (a)", "CREATE TABLE u (a)"]).unwrap_err();
        assert!(matches!(inspect(&conn).unwrap(), Found::Ledger(1)));
        conn.execute_batch("CREATE TABLE u (a)").unwrap();
    }
}
