//! Alerts as an outbox: what is still to be shown, what became of it, what was read.

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};

use super::rows;
use super::write::Write;
use crate::model::{AlertState, Answered, Resolution, Said, StoredAlert};

/// Records what became of alerts.
pub(super) fn mark(conn: &mut Connection, marks: &[(i64, AlertState)], now: Timestamp) -> rusqlite::Result<()> {
    let tx = Write::begin(conn)?;
    {
        let mut update =
            tx.prepare_cached("UPDATE alerts SET state = ?2, reason = ?3, shown = coalesce(shown, ?4) WHERE id = ?1")?;
        for (id, state) in marks {
            let shown = (*state == AlertState::Shown).then(|| now.as_microsecond());
            update.execute(params![id, state.as_str(), rows::reason(*state), shown])?;
        }
    }
    tx.commit()
}

/// Marks the open alerts of these rules and groups as resolved, those still to be shown also as not shown; tells which.
pub(super) fn resolve(
    tx: &Connection,
    resolutions: &[Resolution],
    at: Timestamp,
    resolved: &mut Vec<i64>,
) -> rusqlite::Result<()> {
    for Resolution { rule, group } in resolutions {
        let mut update = tx.prepare_cached(
            "UPDATE alerts SET resolved = ?3, reason = iif(state = 'pending', 'resolved', reason),
                state = iif(state = 'pending', 'suppressed', state)
             WHERE rule = ?1 AND \"group\" = ?2 AND resolved = 0 RETURNING id",
        )?;
        for id in update.query_map(params![&**rule, group, at.as_microsecond()], |row| row.get(0))? {
            resolved.push(id?);
        }
    }
    Ok(())
}

/// Gives the open alerts of a rule its new name. One that is known by that name already stays as it is.
pub(super) fn rename_rule(conn: &Connection, old: &str, new: &str) -> rusqlite::Result<()> {
    conn.execute("UPDATE OR IGNORE alerts SET rule = ?2 WHERE rule = ?1 AND resolved = 0", [old, new]).map(drop)
}

/// Marks alerts as read, all where none is named; tells which had not been. What was still to be shown need not be:
/// whoever reads it has seen it.
pub(super) fn mark_read(conn: &mut Connection, alerts: &[i64]) -> rusqlite::Result<Vec<i64>> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut newly = Vec::new();
    if alerts.is_empty() {
        newly = unread_numbers(&tx)?;
        tx.prepare_cached("UPDATE alerts SET read = 1, state = iif(state = 'pending', 'shown', state) WHERE read = 0")?
            .execute([])?;
    } else {
        let mut update = tx.prepare_cached(
            "UPDATE alerts SET read = 1, state = iif(state = 'pending', 'shown', state) WHERE id = ?1 AND read = 0",
        )?;
        for id in alerts {
            if update.execute([id])? == 1 {
                newly.push(*id);
            }
        }
    }
    tx.commit()?;
    Ok(newly)
}

/// The numbers of all that are unread.
pub(super) fn unread_numbers(conn: &Connection) -> rusqlite::Result<Vec<i64>> {
    let mut unread = conn.prepare_cached("SELECT id FROM alerts WHERE read = 0 ORDER BY id")?;
    unread.query_map([], |row| row.get(0))?.collect()
}

/// Records what a person answered to alerts; an acknowledgement stays.
pub(super) fn answer(conn: &mut Connection, alerts: &[i64], answered: Answered) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut update = tx.prepare_cached(
            "UPDATE alerts SET answer = ?2, answered_at = ?3 WHERE id = ?1 AND answer IS NOT 'acknowledged'",
        )?;
        for id in alerts {
            update.execute(params![id, answered.answer.as_str(), answered.at.as_microsecond()])?;
        }
    }
    tx.commit()
}

/// Takes back what a person said of alerts; tells of how many it was so.
pub(super) fn take_back(conn: &mut Connection, alerts: &[i64], said: Said) -> rusqlite::Result<usize> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut taken = 0;
    {
        let mut update = tx.prepare_cached(match said {
            Said::Read => {
                "UPDATE alerts SET read = 0, answered_at = iif(answer = 'acknowledged', NULL, answered_at),
                    answer = iif(answer = 'acknowledged', NULL, answer)
                 WHERE id = ?1 AND read = 1"
            }
            Said::Acknowledged => {
                "UPDATE alerts SET answered_at = NULL, answer = NULL WHERE id = ?1 AND answer = 'acknowledged'"
            }
        })?;
        for id in alerts {
            taken += update.execute([id])?;
        }
    }
    tx.commit()?;
    Ok(taken)
}

/// All alerts that are still to be shown, oldest first.
pub(super) fn pending(conn: &Connection) -> rusqlite::Result<Vec<StoredAlert>> {
    let streams = rows::streams(conn)?;
    let sql = format!("SELECT {} FROM alerts WHERE state = 'pending' ORDER BY id", rows::ALERT);
    let mut statement = conn.prepare(&sql)?;
    let alerts = statement.query_map([], |row| rows::alert(row, &streams))?;
    alerts.collect()
}

/// How many alerts are unread.
pub(super) fn count_unread(conn: &Connection) -> rusqlite::Result<u32> {
    conn.query_row("SELECT count(*) FROM alerts WHERE read = 0", [], |row| {
        Ok(u32::try_from(row.get::<_, i64>(0)?).unwrap_or(u32::MAX))
    })
}

/// How many alerts are unread, counted where that is not known, and the newest of them.
pub(super) fn unread(conn: &Connection, known: Option<u32>, limit: usize) -> rusqlite::Result<(u32, Vec<StoredAlert>)> {
    let count = match known {
        Some(count) => count,
        None => count_unread(conn)?,
    };
    let streams = rows::streams(conn)?;
    // The limit is no parameter: SQLite would plan anew each time.
    let sql = format!("SELECT {} FROM alerts WHERE read = 0 ORDER BY id DESC LIMIT {limit}", rows::ALERT);
    let mut statement = conn.prepare_cached(&sql)?;
    let newest = statement.query_map([], |row| rows::alert(row, &streams))?;
    Ok((count, newest.collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::ledger::Ledger;
    use crate::ledger::testing::{Scratch, batch, entry, minute, sent};
    use crate::ledger::{Batch, Entry};
    use crate::model::{AlertState, Answer, Answered, Resolution, Said, StoredAlert, Suppression};

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
            .mark(
                &[(1, AlertState::Shown), (3, AlertState::Suppressed(Suppression::Grouped)), (99, AlertState::Shown)],
                minute(9),
            )
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
            ledger.mark(&[(2, state)], minute(9)).unwrap();
            assert_eq!(scratch.reader().alerts(Some(3), 1).unwrap()[0].state, state);
        }
    }

    #[test]
    fn what_a_person_answered_is_kept_and_read_and_an_acknowledgement_stays() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch);
        let answered = |answer, n| Answered { answer, at: minute(n) };
        assert_eq!(ledger.answer(&[1, 2, 99], answered(Answer::Opened, 1)).unwrap(), [1, 2]);
        assert_eq!(ledger.answer(&[2, 3], answered(Answer::Acknowledged, 2)).unwrap(), [3]);
        assert_eq!(ledger.answer(&[2], answered(Answer::Muted, 3)).unwrap(), [0; 0]);
        let alerts = scratch.reader().alerts(None, 9).unwrap();
        let kept: Vec<_> = alerts.iter().rev().map(|alert| (alert.answer, alert.read)).collect();
        let acknowledged = (Some(answered(Answer::Acknowledged, 2)), true);
        let opened = (Some(answered(Answer::Opened, 1)), true);
        assert_eq!(kept, [opened, acknowledged, acknowledged, (None, false)]);
        assert_eq!(ledger.unread(9).unwrap().0, 1);
    }

    #[test]
    fn what_a_person_said_can_be_taken_back() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch);
        let answered = |answer| Answered { answer, at: minute(1) };
        ledger.answer(&[1, 2], answered(Answer::Acknowledged)).unwrap();
        ledger.answer(&[3], answered(Answer::Opened)).unwrap();
        assert_eq!(ledger.take_back(&[1, 3, 4, 99], Said::Acknowledged).unwrap(), 1);
        let now = || {
            let alerts = scratch.reader().alerts(None, 9).unwrap();
            alerts.iter().rev().map(|alert| (alert.answer.map(|one| one.answer), alert.read)).collect::<Vec<_>>()
        };
        let (acknowledged, opened) = (Some(Answer::Acknowledged), Some(Answer::Opened));
        assert_eq!(now(), [(None, true), (acknowledged, true), (opened, true), (None, false)]);
        assert_eq!(ledger.unread(9).unwrap().0, 1);
        assert_eq!(ledger.take_back(&[1, 2, 3, 4], Said::Read).unwrap(), 3);
        assert_eq!(now(), [(None, false), (None, false), (opened, false), (None, false)]);
        assert_eq!(ledger.unread(9).unwrap(), scratch.ledger().unread(9).unwrap());
        assert_eq!(ledger.take_back(&[], Said::Read).unwrap(), 0, "no number is no alert");
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
        assert!(ledger.pending().unwrap().is_empty(), "what was read need not be shown");
    }

    #[test]
    fn when_it_was_shown_first_stays_known() {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch);
        for (state, at) in [(AlertState::Pending, 1), (AlertState::Shown, 2), (AlertState::Shown, 3)] {
            ledger.mark(&[(1, state)], minute(at)).unwrap();
        }
        let alerts = scratch.reader().alerts(None, 9).unwrap();
        assert_eq!((alerts[3].shown_at, alerts[2].shown_at), (Some(minute(2)), None));
    }

    /// An event with one alert of "rule 0".
    fn firing(n: i64, group: &str, resolvable: bool) -> Entry {
        let mut entry = entry(sent(n, &n.to_string(), "{}"), 1, true);
        (entry.alerts[0].group, entry.alerts[0].resolvable) = (group.to_owned(), resolvable);
        entry
    }

    #[test]
    fn an_open_alert_of_a_rule_that_was_renamed_is_over_by_the_new_name() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        ledger.commit(vec![batch("s", vec![firing(1, "a", true), firing(2, "a", false)], None)]).unwrap();
        ledger.rename_rule("rule 0", "new").unwrap();
        let resolutions = vec![Resolution { rule: "new".into(), group: "a".to_owned() }];
        let entry = Entry { resolutions, ..entry(sent(3, "3", "{}"), 0, true) };
        assert_eq!(ledger.commit(vec![batch("s", vec![entry], None)]).unwrap().resolved, [1]);
        let names: Vec<_> = scratch.reader().alerts(None, 9).unwrap().into_iter().map(|one| one.alert.rule).collect();
        assert_eq!(names, ["rule 0".into(), "new".into()], "what is over stays as it was told");
    }

    #[test]
    fn a_resolution_ends_the_open_alerts_of_its_rule_and_group_once() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let entries = vec![firing(1, "a", true), firing(2, "a", true), firing(3, "b", true), firing(4, "a", false)];
        ledger.commit(vec![batch("s", entries, None)]).unwrap();
        ledger.mark(&[(1, AlertState::Shown)], minute(4)).unwrap();
        let resolutions = vec![Resolution { rule: "rule 0".into(), group: "a".to_owned() }];
        for (n, store, resolved) in [(5, true, vec![1, 2]), (5, true, vec![]), (6, false, vec![])] {
            let entry = Entry { resolutions: resolutions.clone(), ..entry(sent(n, &n.to_string(), "{}"), 0, store) };
            let batch =
                Batch { stream: "s".into(), entries: vec![entry], cursor: None, memories: Vec::new(), was: None };
            assert_eq!(ledger.commit(vec![batch]).unwrap().resolved, resolved, "{n}");
        }
        let alerts = scratch.reader().alerts(None, 9).unwrap();
        let seen: Vec<_> = alerts.iter().rev().map(|alert| (alert.state, alert.resolved_at)).collect();
        let resolved = AlertState::Suppressed(Suppression::Resolved);
        assert_eq!(seen[..2], [(AlertState::Shown, Some(minute(5))), (resolved, Some(minute(5)))]);
        assert_eq!(seen[2..], [(AlertState::Pending, None), (AlertState::Pending, None)]);
        assert_eq!(ids(&ledger.pending().unwrap()), [3, 4]);
    }
}
