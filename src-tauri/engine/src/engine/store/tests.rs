//! What the store holds, in which order it gives it back, and what it asks again.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::connection::State;
use crate::engine::unsaved::tests::batch;
use crate::ledger::Ledger;
use crate::uptime::{Counted, Log, Now};

#[test]
fn what_is_refused_late_is_committed_before_what_was_never_sent() {
    let writer = Writer::start(Ledger::in_memory().unwrap(), |_| {}).unwrap();
    let mut store = Store::new(writer, None);
    let error = LedgerError::Full { path: "history.db".into() };
    store.failed(&error, vec![batch(1)]);
    store.commit(batch(3));
    store.failed(&error, vec![batch(2)]);
    assert_eq!(store.release(), [batch(1), batch(2), batch(3)]);
}

#[test]
fn connections_that_cannot_be_kept_do_not_crowd_out_what_a_person_did() {
    let writer = Writer::start(Ledger::in_memory().unwrap(), |_| {}).unwrap();
    let mut store = Store::new(writer, None);
    let mut log = Log::default();
    log.enter(&State::Connecting, Counted::default(), Now::read());
    let record = log.end(crate::locale::Text::default(), Counted::default(), Now::read()).unwrap();
    let keep = |number: usize| Write::Keep(vec![(number.to_string().as_str().into(), record.clone())]);
    let read = Write::MarkRead(vec![7]);
    (0..2 * MOST_REDONE).for_each(|number| store.again(keep(number)));
    store.again(read.clone());
    (0..2 * MOST_REDONE).for_each(|number| store.again(keep(number)));
    assert_eq!(store.redo.len(), MOST_REDONE);
    assert!(store.redo.contains(&read));
}

#[test]
fn alerts_are_shown_unsaved_when_the_ledgers_thread_has_ended() {
    let writer = Writer::start(Ledger::in_memory().unwrap(), |_| panic!("as a fault would")).unwrap();
    let mut store = Store::new(writer, None);
    let end = Instant::now() + Duration::from_secs(30);
    let mut second = 0;
    let shown = loop {
        second += 1;
        let alerts = store.commit(batch(second));
        if !alerts.is_empty() {
            break alerts;
        }
        assert!(Instant::now() < end, "the thread has not ended");
        std::thread::yield_now();
    };
    assert!(shown[0].id < 0, "it has no number");
    assert!(store.trouble().is_some_and(|trouble| trouble.english.contains("restart")));
    assert!(!store.commit(batch(second + 1)).is_empty(), "nor is the next one lost");
}
