//! Writing what came: events, alerts and cursors in one transaction.

use rusqlite::{CachedStatement, Connection, Transaction, TransactionBehavior, params};

use super::memory::Memory;
use super::{Batch, Committed, Entry, Ledger, LedgerError, digest, memories, outbox, rows};
use crate::model::{Alert, AlertState, Event, StoredAlert, StoredEvent, StreamId};

/// The cursors of all streams that have one.
pub(super) fn cursors(conn: &Connection) -> rusqlite::Result<Vec<(StreamId, String)>> {
    let mut statement = conn.prepare(
        "SELECT name, cursor FROM cursors JOIN streams ON streams.id = cursors.stream
         WHERE cursor <> '' ORDER BY streams.id",
    )?;
    let rows = statement.query_map([], |row| Ok((StreamId::from(row.get_ref(0)?.as_str()?), row.get(1)?)))?;
    rows.collect()
}

/// Commits batches: all or nothing, and the batches back where it is nothing.
pub(super) fn commit(ledger: &mut Ledger, batches: Vec<Batch>) -> Result<Committed, (LedgerError, Vec<Batch>)> {
    let known = ledger.memory.take();
    match insert(&mut ledger.conn, known, &batches) {
        Ok((memory, fates, resolved)) => {
            ledger.memory = Some(memory);
            Ok(Committed { resolved, ..report(batches, fates) })
        }
        Err(error) => Err((LedgerError::new(&ledger.path, &error), batches)),
    }
}

/// What became of an entry.
#[derive(Debug)]
enum Fate {
    /// Stored under this number, its alerts from `first_alert` on.
    Stored { seq: i64, first_alert: i64 },
    /// Stored before.
    Duplicate,
    /// Not stored itself; its alerts got this number, those of them that were new.
    Alone { seq: i64, first_alert: i64, new: Vec<bool> },
    /// Not stored, and without alerts.
    Dropped,
}

/// What the writer knows then, what became of each entry, and the alerts that were resolved.
type Inserted = (Memory, Vec<Fate>, Vec<i64>);

fn insert(conn: &mut Connection, known: Option<Memory>, batches: &[Batch]) -> rusqlite::Result<Inserted> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut memory = match known {
        Some(memory) => memory,
        None => Memory::load(&tx)?,
    };
    let mut fates = Vec::with_capacity(batches.iter().map(|batch| batch.entries.len()).sum());
    let mut resolved = Vec::new();
    {
        // Only the index of digests decides what is a duplicate: a clash of numbers is an error, never a lost event.
        let mut events = tx.prepare_cached(
            "INSERT INTO events (seq, at, stream, name, id, digest, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (stream, id, digest) WHERE digest IS NOT NULL DO NOTHING",
        )?;
        let mut cursors = tx.prepare_cached(
            "INSERT INTO cursors (stream, cursor) VALUES (?1, ?2)
             ON CONFLICT (stream) DO UPDATE SET cursor = excluded.cursor",
        )?;
        for batch in batches {
            memories::keep(&tx, &batch.memories)?;
            if batch.entries.is_empty() && batch.cursor.is_none() {
                continue;
            }
            let stream = memory.stream(&tx, &batch.stream)?;
            for entry in &batch.entries {
                fates.push(if entry.store {
                    store(&tx, &mut events, &mut memory, stream, entry, &mut resolved)?
                } else {
                    outbox::resolve(&tx, &entry.resolutions, entry.event.at, &mut resolved)?;
                    match entry.alerts.is_empty() {
                        true => Fate::Dropped,
                        false => store_alone(&tx, &mut memory, stream, entry)?,
                    }
                });
            }
            if let Some(cursor) = &batch.cursor {
                cursors.execute(params![stream, cursor])?;
            }
        }
    }
    tx.commit()?;
    Ok((memory, fates, resolved))
}

fn store(
    tx: &Transaction<'_>,
    events: &mut CachedStatement<'_>,
    memory: &mut Memory,
    stream: i64,
    entry: &Entry,
    resolved: &mut Vec<i64>,
) -> rusqlite::Result<Fate> {
    let event = &entry.event;
    let seq = memory.last_seq + 1;
    let at = event.at.as_microsecond();
    let stored = events.execute(params![seq, at, stream, event.name, event.id, digest_of(event), event.data])?;
    if stored == 0 {
        return Ok(Fate::Duplicate);
    }
    memory.last_seq = seq;
    outbox::resolve(tx, &entry.resolutions, event.at, resolved)?;
    let first_alert = memory.last_alert + 1;
    for alert in &entry.alerts {
        store_alert(tx, memory, stream, seq, event, alert, None)?;
    }
    Ok(Fate::Stored { seq, first_alert })
}

fn store_alone(tx: &Transaction<'_>, memory: &mut Memory, stream: i64, entry: &Entry) -> rusqlite::Result<Fate> {
    let seq = memory.last_seq + 1;
    let first_alert = memory.last_alert + 1;
    let digest = digest_of(&entry.event);
    let mut new = Vec::with_capacity(entry.alerts.len());
    for alert in &entry.alerts {
        new.push(store_alert(tx, memory, stream, seq, &entry.event, alert, Some(digest))?);
    }
    if !new.contains(&true) {
        return Ok(Fate::Duplicate);
    }
    memory.last_seq = seq;
    Ok(Fate::Alone { seq, first_alert, new })
}

/// Stores an alert, where `alone` tells that its event is not stored and what it is recognised by; tells whether it
/// is new.
fn store_alert(
    tx: &Transaction<'_>,
    memory: &mut Memory,
    stream: i64,
    seq: i64,
    event: &Event,
    alert: &Alert,
    alone: Option<Option<i64>>,
) -> rusqlite::Result<bool> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO alerts (id, seq, at, stream, event, alone, digest, rule, title, body, urgency, \"group\", link,
            state, reason, read, resolved, icon, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'pending', '', 0, ?14, ?15, ?16)
         ON CONFLICT (stream, digest, rule) WHERE digest IS NOT NULL DO NOTHING",
    )?;
    let stored = statement.execute(params![
        memory.last_alert + 1,
        seq,
        event.at.as_microsecond(),
        stream,
        event.name,
        alone.is_some(),
        alone.flatten(),
        &*alert.rule,
        alert.title,
        alert.body,
        alert.urgency.as_str(),
        alert.group,
        alert.link,
        alert.resolvable.then_some(0),
        some(&alert.icon),
        some(&alert.value),
    ])?;
    if stored == 1 {
        memory.last_alert += 1;
        memory.unread = memory.unread.saturating_add(1);
    }
    Ok(stored == 1)
}

/// Empty text takes no room.
fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// What an event is recognised by when it is sent again; `None` for one without an id of its own.
fn digest_of(event: &Event) -> Option<i64> {
    let own = event.own_id.as_deref().filter(|own| !own.is_empty())?;
    Some(digest::digest(&[own, &event.name, &event.data]))
}

/// Makes the report of what is now committed.
fn report(batches: Vec<Batch>, fates: Vec<Fate>) -> Committed {
    let mut committed = Committed::default();
    let entries = batches.into_iter().flat_map(|batch| batch.entries);
    for (Entry { mut event, alerts, .. }, fate) in entries.zip(fates) {
        event.at = rows::rounded(event.at);
        match fate {
            Fate::Dropped => {}
            Fate::Duplicate => committed.duplicates += 1,
            Fate::Stored { seq, first_alert } => {
                let alerts = (first_alert..).zip(alerts).map(|(id, alert)| pending(id, seq, &event, alert)).collect();
                committed.events.push(StoredEvent { seq, event, alerts });
            }
            Fate::Alone { seq, first_alert, new } => {
                let alerts = alerts.into_iter().zip(new).filter_map(|(alert, new)| new.then_some(alert));
                let alerts = (first_alert..).zip(alerts).map(|(id, alert)| pending(id, seq, &event, alert));
                let alerts = alerts.collect();
                committed.alone.push(StoredEvent { seq, event, alerts });
            }
        }
    }
    committed
}

fn pending(id: i64, seq: i64, event: &Event, alert: Alert) -> StoredAlert {
    StoredAlert {
        id,
        seq,
        at: event.at,
        stream: event.stream.clone(),
        event: event.name.clone(),
        alert,
        state: AlertState::Pending,
        read: false,
        shown_at: None,
        resolved_at: None,
        answer: None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::testing::{Scratch, batch, entry, minute, sent};
    use crate::ledger::{Query, Reader};

    fn stored(reader: &Reader) -> Vec<StoredEvent> {
        reader.history(&Query { limit: 1_000, ..Query::default() }).unwrap()
    }

    #[test]
    fn what_is_committed_is_read_back_as_it_was_told() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let mut inherited = sent(1, "", "zwei\0 \u{1f514}");
        inherited.id = "41".to_owned();
        let entries = vec![entry(sent(0, "41", "one"), 2, true), entry(inherited, 0, true)];
        let done = ledger.commit(vec![batch("s", entries, Some("41"))]).unwrap();
        assert_eq!(done.events.len(), 2);
        assert_eq!((done.events[0].alerts[1].id, done.events[0].alerts[1].seq), (2, 1));
        assert_eq!(stored(&scratch.reader()), done.events);
        assert_eq!(scratch.reader().event(1).unwrap(), Some(done.events[0].clone()));
        assert_eq!(ledger.cursor(&"s".into()).unwrap(), Some("41".to_owned()));
    }

    #[test]
    fn an_event_sent_again_is_neither_stored_nor_told_again() {
        let scratch = Scratch::new();
        let again = || vec![batch("s", vec![entry(sent(0, "1", "one"), 1, true)], Some("1"))];
        scratch.ledger().commit(again()).unwrap();
        let mut ledger = scratch.ledger();
        let done = ledger.commit(again()).unwrap();
        assert_eq!(done, Committed { duplicates: 1, ..Committed::default() });
        assert_eq!(ledger.pending().unwrap().len(), 1);
    }

    #[test]
    fn an_event_that_reuses_an_id_for_something_else_is_stored() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let mut renamed = sent(0, "1", "one");
        renamed.name = "other".to_owned();
        let mut elsewhere = sent(0, "1", "one");
        elsewhere.stream = "t".into();
        let here =
            vec![entry(sent(0, "1", "one"), 0, true), entry(sent(0, "1", "two"), 0, true), entry(renamed, 0, true)];
        let batches = vec![batch("s", here, None), batch("t", vec![entry(elsewhere, 0, true)], None)];
        assert_eq!(ledger.commit(batches).unwrap().events.len(), 4);
    }

    #[test]
    fn events_without_an_id_of_their_own_are_never_duplicates() {
        let scratch = Scratch::new();
        let mut empty = sent(0, "", "same");
        empty.own_id = Some(String::new());
        let entries = vec![entry(empty.clone(), 0, true), entry(empty, 0, true), entry(sent(0, "", "same"), 0, true)];
        assert_eq!(scratch.ledger().commit(vec![batch("s", entries, None)]).unwrap().events.len(), 3);
    }

    #[test]
    fn alerts_of_events_that_are_not_stored_have_numbers_of_their_own() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let entries = || {
            vec![
                entry(sent(0, "1", "one"), 2, false),
                entry(sent(0, "2", "two"), 0, false),
                entry(sent(0, "3", "three"), 0, true),
                entry(sent(0, "", "no id"), 1, false),
            ]
        };
        let done = ledger.commit(vec![batch("s", entries(), None)]).unwrap();
        let alone = |done: &Committed| done.alone.iter().flat_map(|event| event.alerts.clone()).collect::<Vec<_>>();
        let numbers: Vec<_> = alone(&done).iter().map(|alert| (alert.id, alert.seq)).collect();
        assert_eq!((numbers, done.events[0].seq), (vec![(1, 1), (2, 1), (3, 3)], 2));
        assert_eq!(ledger.pending().unwrap(), alone(&done));

        let again = ledger.commit(vec![batch("s", entries(), None)]).unwrap();
        assert_eq!((again.duplicates, again.events.len(), alone(&again).len()), (2, 0, 1));
        assert_eq!(alone(&again)[0].id, 4, "only an event without an id cannot be recognised");
    }

    #[test]
    fn a_rule_that_is_new_fires_for_an_event_sent_again_that_is_not_stored() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        ledger.commit(vec![batch("s", vec![entry(sent(0, "1", "one"), 1, false)], None)]).unwrap();
        let done = ledger.commit(vec![batch("s", vec![entry(sent(0, "1", "one"), 2, false)], None)]).unwrap();
        let fired: Vec<_> = done.alone[0].alerts.iter().map(|alert| &*alert.alert.rule).collect();
        assert_eq!(fired, ["rule 1"]);
        assert_eq!(ledger.pending().unwrap()[1], done.alone[0].alerts[0]);
    }

    #[test]
    fn the_last_cursor_counts_and_an_empty_one_is_a_reset() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        ledger
            .commit(vec![batch("s", vec![], Some("1")), batch("t", vec![], Some("7")), batch("s", vec![], Some("2"))])
            .unwrap();
        ledger.commit(vec![batch("s", vec![], None)]).unwrap();
        assert_eq!(ledger.cursors().unwrap(), [("s".into(), "2".to_owned()), ("t".into(), "7".to_owned())]);
        ledger.commit(vec![batch("s", vec![], Some(""))]).unwrap();
        assert_eq!(ledger.cursor(&"s".into()).unwrap(), None);
        assert_eq!(ledger.cursor(&"unheard of".into()).unwrap(), None);
    }

    #[test]
    fn a_full_disk_loses_nothing_and_the_next_commit_works_when_there_is_room() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        ledger.commit(vec![batch("s", vec![entry(sent(0, "1", "one"), 1, true)], Some("1"))]).unwrap();
        let pages: i64 = ledger.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        let limit = |ledger: &Ledger, pages: i64| {
            ledger.conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        };
        limit(&ledger, pages + 2);

        let large = "x".repeat(100_000);
        let fresh = vec![
            batch("new", vec![entry(sent(1, "2", "two"), 1, true)], Some("n")),
            batch("s", vec![entry(sent(2, "3", &large), 1, true)], Some("3")),
        ];
        let (error, back) = ledger.commit(fresh.clone()).unwrap_err();
        assert!(matches!(error, LedgerError::Full { .. }), "{error}");
        assert_eq!(back, fresh);
        assert_eq!(ledger.cursors().unwrap(), [("s".into(), "1".to_owned())]);
        assert_eq!(ledger.unread(10).unwrap().0, 1);
        assert_eq!(stored(&scratch.reader()).len(), 1);

        limit(&ledger, 1_000_000);
        let done = ledger.commit(back).unwrap();
        assert_eq!(done.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(ledger.unread(10).unwrap().0, 3);
        assert_eq!(ledger.cursors().unwrap().len(), 2);
    }

    #[test]
    fn a_transaction_that_is_dropped_leaves_nothing() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        let tx = ledger.conn.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let mut memory = Memory::load(&tx).unwrap();
        let stream = memory.stream(&tx, &"s".into()).unwrap();
        store_alone(&tx, &mut memory, stream, &entry(sent(0, "1", "one"), 1, false)).unwrap();
        drop(tx);
        assert_eq!((ledger.pending().unwrap().len(), ledger.cursors().unwrap().len()), (0, 0));
        assert_eq!(
            ledger.commit(vec![batch("s", vec![entry(sent(0, "1", "one"), 1, false)], None)]).unwrap().alone.len(),
            1
        );
    }

    #[test]
    fn another_program_that_holds_the_file_is_named_and_does_no_harm() {
        let scratch = Scratch::new();
        let mut ledger = scratch.ledger();
        ledger.conn.busy_timeout(std::time::Duration::ZERO).unwrap();
        let other = Connection::open(scratch.path()).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (error, back) =
            ledger.commit(vec![batch("s", vec![entry(sent(0, "1", "one"), 0, true)], None)]).unwrap_err();
        assert!(matches!(error, LedgerError::Busy { .. }), "{error}");
        other.execute_batch("COMMIT").unwrap();
        assert_eq!(ledger.commit(back).unwrap().events.len(), 1);
    }

    #[test]
    fn numbers_that_another_writer_took_are_an_error_once_and_no_event_is_lost() {
        let scratch = Scratch::new();
        let (mut one, mut two) = (scratch.ledger(), scratch.ledger());
        one.commit(vec![batch("s", vec![entry(sent(0, "1", "one"), 0, true)], None)]).unwrap();
        two.commit(vec![batch("s", vec![entry(sent(0, "2", "two"), 0, true)], None)]).unwrap();
        let (_, back) = one.commit(vec![batch("s", vec![entry(sent(0, "3", "three"), 0, true)], None)]).unwrap_err();
        assert_eq!(one.commit(back).unwrap().events[0].seq, 3);
    }

    #[test]
    fn times_are_kept_to_the_microsecond() {
        let scratch = Scratch::new();
        let mut event = sent(0, "1", "one");
        event.at = minute(0) + jiff::SignedDuration::from_nanos(1_234_567);
        let done = scratch.ledger().commit(vec![batch("s", vec![entry(event, 0, true)], None)]).unwrap();
        assert_eq!(done.events[0].event.at, minute(0) + jiff::SignedDuration::from_nanos(1_234_000));
        assert_eq!(stored(&scratch.reader()), done.events);
    }
}
