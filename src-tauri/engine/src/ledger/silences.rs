//! Silences, as a whole: there are few, and they change seldom.

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};

use super::rows;
use crate::silence::{Matcher, Silence};

/// All silences, oldest first, also those that are over.
pub(super) fn list(conn: &Connection) -> rusqlite::Result<Vec<Silence>> {
    let mut statement =
        conn.prepare("SELECT id, at, until, stream, rule, \"group\", text, comment FROM silences ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        Ok(Silence {
            id: row.get(0)?,
            at: rows::time(row.get(1)?)?,
            until: rows::time(row.get(2)?)?,
            matcher: Matcher { stream: row.get(3)?, rule: row.get(4)?, group: row.get(5)?, text: row.get(6)? },
            comment: row.get(7)?,
        })
    })?;
    rows.collect()
}

/// Puts these in the place of all that there were.
pub(super) fn replace(conn: &mut Connection, silences: &[Silence]) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute("DELETE FROM silences", [])?;
    {
        let mut insert = tx.prepare(
            "INSERT INTO silences (id, at, until, stream, rule, \"group\", text, comment)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for Silence { id, matcher, until, comment, at } in silences {
            let Matcher { stream, rule, group, text } = matcher;
            insert.execute(params![id, micros(*at), micros(*until), stream, rule, group, text, comment])?;
        }
    }
    tx.commit()
}

fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::ledger::testing::{Scratch, minute};
    use crate::silence::{Matcher, Silences};

    #[test]
    fn silences_are_kept_as_they_are_over_a_restart() {
        let scratch = Scratch::new();
        let mut silences = Silences::default();
        let matcher = Matcher { group: Some("BTC*".to_owned()), text: Some("%".to_owned()), ..Matcher::default() };
        silences.add(matcher, minute(9), "while it is mended", minute(0)).unwrap();
        silences.add(Matcher::of_rule("Price"), minute(8), "", minute(0)).unwrap();
        scratch.ledger().set_silences(&silences.list()).unwrap();
        assert_eq!(scratch.ledger().silences().unwrap(), silences.list());
        silences.remove(1).unwrap();
        scratch.ledger().set_silences(&silences.list()).unwrap();
        assert_eq!(scratch.ledger().silences().unwrap(), silences.list());
    }
}
