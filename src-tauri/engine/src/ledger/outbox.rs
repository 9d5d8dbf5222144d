//! Alerts as an outbox: what is still to be shown, what became of it, what was read.

use rusqlite::{Connection, TransactionBehavior, params};

use super::rows;
use crate::model::{AlertState, StoredAlert};

/// Records what became of alerts.
pub(super) fn mark(conn: &mut Connection, marks: &[(i64, AlertState)]) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut update = tx.prepare_cached("UPDATE alerts SET state = ?2, reason = ?3 WHERE id = ?1")?;
        for (id, state) in marks {
            update.execute(params![id, state.as_str(), rows::reason(*state)])?;
        }
    }
    tx.commit()
}

/// Marks alerts as read, all where none is named; tells which had not been.
pub(super) fn mark_read(conn: &mut Connection, alerts: &[i64]) -> rusqlite::Result<Vec<i64>> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut newly = Vec::new();
    if alerts.is_empty() {
        {
            let mut unread = tx.prepare_cached("SELECT id FROM alerts WHERE read = 0 ORDER BY id")?;
            for id in unread.query_map([], |row| row.get(0))? {
                newly.push(id?);
            }
        }
        tx.prepare_cached("UPDATE alerts SET read = 1 WHERE read = 0")?.execute([])?;
    } else {
        let mut update = tx.prepare_cached("UPDATE alerts SET read = 1 WHERE id = ?1 AND read = 0")?;
        for id in alerts {
            if update.execute([id])? == 1 {
                newly.push(*id);
            }
        }
    }
    tx.commit()?;
    Ok(newly)
}

/// All alerts that are still to be shown, oldest first.
pub(super) fn pending(conn: &Connection) -> rusqlite::Result<Vec<StoredAlert>> {
    let streams = rows::streams(conn)?;
    let sql = format!("SELECT {} FROM alerts WHERE state = 'pending' ORDER BY id", rows::ALERT);
    let mut statement = conn.prepare(&sql)?;
    let alerts = statement.query_map([], |row| rows::alert(row, &streams))?;
    alerts.collect()
}

/// How many alerts are unread, counted where that is not known, and the newest of them.
pub(super) fn unread(conn: &Connection, known: Option<u32>, limit: usize) -> rusqlite::Result<(u32, Vec<StoredAlert>)> {
    let count = match known {
        Some(count) => count,
        None => conn.query_row("SELECT count(*) FROM alerts WHERE read = 0", [], |row| row.get(0))?,
    };
    let streams = rows::streams(conn)?;
    let sql = format!("SELECT {} FROM alerts WHERE read = 0 ORDER BY id DESC LIMIT ?1", rows::ALERT);
    let mut statement = conn.prepare_cached(&sql)?;
    let newest = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| rows::alert(row, &streams))?;
    Ok((count, newest.collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::ledger::Ledger;
    use crate::ledger::testing::{Scratch, batch, entry, sent};
    use crate::model::{AlertState, StoredAlert, Suppression};

    /// A ledger with four alerts, 1 to 4.
    fn filled(scratch: &Scratch) -> Ledger {
        let mut ledger = scratch.ledger();
        let entries = (1..=4).map(|n| entry(sent(n, &n.to_string(), "{}"), 1, n % 2 == 0)).collect();
        ledger.commit(vec![batch("s", entries, None)]).unwrap();
        ledger
    }

    fn ids(alerts: &[StoredAlert]) -> Vec<i64> {
        alerts.iter().map(|alert| alert.id).collect()
    }

    #[test]
    fn an_alert_is_pending_until_it_is_marked_and_stays_so_over_a_restart() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch);
        ledger
            .mark(&[(1, AlertState::Shown), (3, AlertState::Suppressed(Suppression::Grouped)), (99, AlertState::Shown)])
            .unwrap();
        drop(ledger);
        assert_eq!(ids(&scratch.ledger().pending().unwrap()), [2, 4]);
    }

    #[test]
    fn every_state_is_read_back() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch);
        let suppressed = Suppression::ALL.into_iter().map(AlertState::Suppressed);
        for state in suppressed.chain([AlertState::Shown, AlertState::Pending]) {
            ledger.mark(&[(2, state)]).unwrap();
            assert_eq!(scratch.reader().alerts(Some(3), 1).unwrap()[0].state, state);
        }
    }

    #[test]
    fn unread_counts_all_and_names_the_newest_first() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch);
        let (count, newest) = ledger.unread(2).unwrap();
        assert_eq!((count, ids(&newest)), (4, vec![4, 3]));
        assert_eq!(ledger.mark_read(&[4, 4, 1, 99]).unwrap(), [4, 1]);
        assert_eq!(ledger.unread(9).unwrap(), scratch.ledger().unread(9).unwrap());
        assert_eq!(ledger.mark_read(&[1]).unwrap(), [0; 0]);
        assert_eq!(ledger.mark_read(&[]).unwrap(), [2, 3]);
        assert_eq!(ledger.unread(9).unwrap(), (0, Vec::new()));
        assert_eq!(ledger.pending().unwrap().len(), 4, "reading is not showing");
    }
}
