//! The transaction of the writes that an event waits for.

use std::ops::Deref;

use rusqlite::Connection;

/// As rusqlite's own transaction, with statements that are prepared once: compiling them for each event would cost as
/// much as storing it. Dropped without a commit, it is rolled back.
#[derive(Debug)]
pub(super) struct Write<'a>(&'a Connection);

impl<'a> Write<'a> {
    /// Begins, as the only one who writes. It takes the connection for itself alone: transactions do not nest.
    pub(super) fn begin(conn: &'a mut Connection) -> rusqlite::Result<Self> {
        conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Self(conn))
    }

    /// Makes all that was written stay.
    pub(super) fn commit(self) -> rusqlite::Result<()> {
        self.0.prepare_cached("COMMIT")?.execute([]).map(drop)
    }
}

impl Deref for Write<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // Where this fails too, SQLite has rolled back by itself or will when the file is opened next.
            drop(self.0.execute_batch("ROLLBACK"));
        }
    }
}
