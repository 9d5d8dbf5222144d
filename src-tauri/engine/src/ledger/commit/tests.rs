//! What a commit stores, knows again, gives back and leaves alone.
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
    let here = vec![entry(sent(0, "1", "one"), 0, true), entry(sent(0, "1", "two"), 0, true), entry(renamed, 0, true)];
    let batches = vec![batch("s", here, None), batch("t", vec![entry(elsewhere, 0, true)], None)];
    assert_eq!(ledger.commit(batches).unwrap().events.len(), 4);
}

#[test]
fn events_without_an_id_of_their_own_are_never_duplicates() {
    let scratch = Scratch::new();
    let mut empty = sent(0, "", "same");
    empty.id_is_own = true;
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
    let tx = Write::begin(&mut ledger.conn).unwrap();
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
    let (error, back) = ledger.commit(vec![batch("s", vec![entry(sent(0, "1", "one"), 0, true)], None)]).unwrap_err();
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
