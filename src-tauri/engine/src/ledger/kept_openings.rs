//! The first values of tiles on a day, kept as they are seen: events that tell them may not be stored, or be gone.

use jiff::SignedDuration;
use rusqlite::{Connection, TransactionBehavior, params};

use super::rows;
use crate::tiles::{Open, Opening, Source};

/// How long they are of use after they were seen: no local day is longer.
const USEFUL: SignedDuration = SignedDuration::from_hours(48);

/// All that are kept, also those of a day that is over.
pub(super) fn all(conn: &Connection) -> rusqlite::Result<Vec<Opening>> {
    let mut statement = conn.prepare("SELECT stream, event, key_at, value_at, key, at, value FROM openings")?;
    let rows = statement.query_map([], |row| {
        let source = Source {
            stream: row.get_ref(0)?.as_str()?.into(),
            event: row.get(1)?,
            key_at: row.get(2)?,
            value_at: row.get(3)?,
            key: row.get(4)?,
        };
        Ok(Opening { source, open: Open { at: rows::time(row.get(5)?)?, value: row.get(6)? } })
    })?;
    rows.collect()
}

/// Keeps these, each in the place of the one before, and forgets those that are of no use any more.
pub(super) fn keep(conn: &mut Connection, openings: &[Opening]) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut insert = tx.prepare(
            "INSERT OR REPLACE INTO openings (stream, event, key_at, value_at, key, at, value)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for Opening { source, open } in openings {
            let Source { stream, event, key_at, value_at, key } = source;
            let at = open.at.as_microsecond();
            insert.execute(params![stream.as_str(), event, key_at, value_at, key, at, open.value])?;
        }
    }
    let newest = openings.iter().map(|opening| opening.open.at).max();
    if let Some(since) = newest.and_then(|newest| newest.checked_sub(USEFUL).ok()) {
        tx.execute("DELETE FROM openings WHERE at < ?1", [since.as_microsecond()])?;
    }
    tx.commit()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::testing::{Scratch, minute};

    fn opening(key: &str, at: i64, value: Option<f64>) -> Opening {
        let source = Source {
            stream: "s".into(),
            event: "price-update".to_owned(),
            key_at: "/symbol".to_owned(),
            value_at: "/price".to_owned(),
            key: key.to_owned(),
        };
        Opening { source, open: Open { at: minute(at), value } }
    }

    #[test]
    fn openings_are_kept_over_a_restart_and_forgotten_when_their_day_is_long_over() {
        let scratch = Scratch::new();
        let kept = [opening("A", 0, Some(-1.5)), opening("B", 5, None)];
        scratch.ledger().keep_openings(&kept).unwrap();
        assert_eq!(scratch.ledger().openings().unwrap(), kept);
        let days = 3 * 24 * 60;
        scratch.ledger().keep_openings(&[opening("B", days, Some(2.0))]).unwrap();
        assert_eq!(scratch.ledger().openings().unwrap(), [opening("B", days, Some(2.0))]);
    }
}
