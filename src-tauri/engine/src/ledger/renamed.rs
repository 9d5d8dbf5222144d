//! A stream that has another name now. What is known of it stays its own.

use rusqlite::{Connection, OptionalExtension as _};

use super::search::stream_number;

/// Gives what is stored of a stream to its new name; tells whether it has it now. Where events or alerts of an earlier
/// stream of that name are still stored, the two histories stay apart, each under its name: the same events may be in
/// both, and they may be many.
pub(super) fn rename(tx: &Connection, old: &str, new: &str) -> rusqlite::Result<bool> {
    if old == new {
        return Ok(false);
    }
    let Some(stream) = stream_number(tx, old)? else { return Ok(false) };
    if let Some(other) = stream_number(tx, new)? {
        if has_history(tx, other)? {
            return Ok(false);
        }
        // Of one that never told anything, only its connections are worth keeping.
        tx.execute("UPDATE OR REPLACE connections SET stream = ?1 WHERE stream = ?2", [stream, other])?;
        tx.execute("DELETE FROM cursors WHERE stream = ?1", [other])?;
        tx.execute("DELETE FROM streams WHERE id = ?1", [other])?;
    }
    tx.execute("UPDATE streams SET name = ?2 WHERE id = ?1", (stream, new))?;
    tx.execute("UPDATE OR REPLACE openings SET stream = ?2 WHERE stream = ?1", [old, new])?;
    Ok(true)
}

fn has_history(tx: &Connection, stream: i64) -> rusqlite::Result<bool> {
    let any =
        |table: &str| tx.query_row(&format!("SELECT 1 FROM {table} WHERE stream = ?1 LIMIT 1"), [stream], |_| Ok(()));
    Ok(any("alerts").optional()?.is_some() || any("events").optional()?.is_some())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use jiff::Timestamp;

    use crate::ledger::testing::{Scratch, batch, entry, minute, sent};
    use crate::ledger::{AlertQuery, Batch, Ledger, Query};
    use crate::model::{Event, StreamId};
    use crate::tiles::{Open, Opening, Source};
    use crate::uptime::Record;

    fn renamed(ledger: &mut Ledger, old: &str, new: &str) {
        ledger.commit(vec![Batch { was: Some(old.into()), ..batch(new, Vec::new(), Some("9")) }]).unwrap();
    }

    /// An event with an alert.
    fn came(ledger: &mut Ledger, stream: &str, id: &str) {
        let event = Event { stream: stream.into(), ..sent(1, id, "x") };
        ledger.commit(vec![batch(stream, vec![entry(event, 1, true)], Some(id))]).unwrap();
    }

    fn connected(ledger: &mut Ledger, stream: &str, at: Timestamp) {
        ledger.keep(&[(StreamId::from(stream), Record::begun(at))]).unwrap();
    }

    /// How many events, alerts and connections are of a stream, and its cursor.
    fn known(scratch: &Scratch, stream: &str) -> (usize, usize, usize, Option<String>) {
        let reader = scratch.reader();
        let of = || Some(stream.to_owned());
        let events = reader.history(&Query { stream: of(), limit: 100, ..Query::default() }).unwrap();
        let alerts = reader.inbox(&AlertQuery { stream: of(), limit: 100, ..AlertQuery::default() }).unwrap();
        assert!(events.iter().all(|event| event.event.stream.as_str() == stream));
        let cursor = scratch.ledger().cursor(&stream.into()).unwrap();
        (events.len(), alerts.len(), reader.connections(stream, 100).unwrap().len(), cursor)
    }

    fn cursor(cursor: &str) -> Option<String> {
        Some(cursor.to_owned())
    }

    #[test]
    fn all_that_is_known_of_a_stream_follows_it_to_its_new_name_and_back() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let source = |stream: &str| {
            let of = |text: &str| text.to_owned();
            let (event, key_at, value_at, key) = (of("price"), of("/symbol"), of("/price"), of("BTC"));
            Source { stream: stream.into(), event, key_at, value_at, key }
        };
        let open = Open { at: minute(1), value: Some(7.0) };
        came(&mut ledger, "market", "1");
        came(&mut ledger, "other", "1");
        connected(&mut ledger, "market", minute(0));
        ledger.keep_openings(&[Opening { source: source("market"), open }]).unwrap();
        for (old, new) in [("market", "bourse"), ("bourse", "market")] {
            renamed(&mut ledger, old, new);
            assert_eq!(known(&scratch, new), (1, 1, 1, cursor("9")));
            assert_eq!(known(&scratch, old), (0, 0, 0, None));
            assert_eq!(known(&scratch, "other"), (1, 1, 0, cursor("1")));
            assert_eq!(ledger.openings().unwrap(), [Opening { source: source(new), open }]);
        }
        renamed(&mut ledger, "market", "bourse");
        came(&mut ledger, "bourse", "1");
        assert_eq!(known(&scratch, "bourse").0, 1, "what came by the old name is not stored again");
        came(&mut ledger, "market", "1");
        assert_eq!(known(&scratch, "market"), (1, 1, 0, cursor("1")), "another stream may have the old name");
        assert_eq!(known(&scratch, "bourse").0, 1);
    }

    #[test]
    fn what_comes_by_the_new_name_in_the_same_transaction_joins_the_history() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        came(&mut ledger, "market", "1");
        let event = |stream: &str, id: &str| entry(Event { stream: stream.into(), ..sent(1, id, "x") }, 0, true);
        let rename = Batch { was: Some("market".into()), ..batch("bourse", Vec::new(), Some("2")) };
        let batches = [batch("market", vec![event("market", "2")], Some("2")), rename];
        let after = batch("bourse", vec![event("bourse", "3")], Some("3"));
        ledger.commit(batches.into_iter().chain([after]).collect()).unwrap();
        assert_eq!(known(&scratch, "bourse"), (3, 1, 0, cursor("3")));
    }

    #[test]
    fn two_histories_stay_apart_and_the_stream_resumes_by_its_new_name() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        came(&mut ledger, "market", "1");
        came(&mut ledger, "bourse", "1");
        renamed(&mut ledger, "market", "bourse");
        assert_eq!(known(&scratch, "market"), (1, 1, 0, cursor("1")));
        assert_eq!(known(&scratch, "bourse"), (1, 1, 0, cursor("9")));
    }

    #[test]
    fn a_name_that_only_was_connected_once_is_free() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        came(&mut ledger, "market", "1");
        for (stream, at) in [("market", 0), ("market", 5), ("bourse", 0), ("bourse", 3)] {
            connected(&mut ledger, stream, minute(at));
        }
        renamed(&mut ledger, "market", "bourse");
        assert_eq!(known(&scratch, "bourse"), (1, 1, 3, cursor("9")));
        assert_eq!(known(&scratch, "market"), (0, 0, 0, None));
    }

    #[test]
    fn a_stream_of_which_nothing_is_known_has_only_its_cursor() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        renamed(&mut ledger, "market", "bourse");
        assert_eq!(known(&scratch, "bourse"), (0, 0, 0, cursor("9")));
    }
}
