//! What the store holds, in which order it gives it back, and what it asks again.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::connection::State;
use crate::engine::unsaved::tests::batch;
use crate::ledger::Ledger;
use crate::model::{Answer, Answered, Said};
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

#[test]
fn the_last_word_on_an_alert_counts_though_an_earlier_one_is_refused_only_then() {
    let writer = Writer::start(Ledger::in_memory().unwrap(), |_| {}).unwrap();
    let mut store = Store::new(writer, None);
    let read = |alerts: &[i64]| Write::MarkRead(alerts.to_vec());
    let unread = |alerts: &[i64]| Write::TakeBack(alerts.to_vec(), Said::Read);
    store.say(read(&[5, 6]));
    store.again(read(&[5, 6]));
    assert_eq!(store.redo, [read(&[5, 6])]);
    store.say(unread(&[5]));
    assert_eq!(store.redo, [read(&[6])], "it was refused before");
    store.say(read(&[7]));
    store.again(unread(&[5]));
    store.say(unread(&[7]));
    store.again(read(&[7]));
    assert_eq!(store.redo, [read(&[6]), unread(&[5])], "it is refused after");
    store.say(read(&[]));
    assert_eq!(store.redo, [read(&[6])], "all are read");
    store.again(unread(&[7]));
    store.again(read(&[]));
    assert_eq!(store.redo, [read(&[6])], "all there were is not all there will be");
    assert!(store.words.is_empty());
}

#[test]
fn an_acknowledgement_outlasts_what_does_not_say_otherwise() {
    let answered = |answer| Answered { answer, at: jiff::Timestamp::UNIX_EPOCH };
    let acknowledged = Write::Answer(vec![5], answered(Answer::Acknowledged));
    let opened = Write::Answer(vec![5], answered(Answer::Opened));
    let back = |said| Write::TakeBack(vec![5], said);
    let outlasts = |older: &Write, newer: &Write| words::outlasts(&mut older.clone(), newer);
    assert!(outlasts(&acknowledged, &Write::MarkRead(vec![5])) && outlasts(&acknowledged, &opened));
    assert!(!outlasts(&acknowledged, &back(Said::Acknowledged)) && !outlasts(&acknowledged, &back(Said::Read)));
    assert!(outlasts(&opened, &back(Said::Acknowledged)) && !outlasts(&opened, &back(Said::Read)));
    assert!(!outlasts(&back(Said::Acknowledged), &acknowledged));
}

#[test]
fn what_is_said_of_an_alert_that_is_not_stored_yet_waits_for_its_number() {
    let writer = Writer::start(Ledger::in_memory().unwrap(), |_| {}).unwrap();
    let mut store = Store::new(writer, None);
    let shown = store.failed(&LedgerError::Full { path: "history.db".into() }, vec![batch(1)]).remove(0);
    store.say(Write::MarkRead(vec![shown.id]));
    store.redo();
    assert_eq!(store.redo, [Write::MarkRead(vec![shown.id])]);
    store.retry();
    let saved = store.committed(vec![StoredAlert { id: 7, ..shown.clone() }]);
    assert_eq!((saved.renumbered[&shown.id].id, store.number(shown.id)), (7, 7));
    assert_eq!(store.redo, [Write::MarkRead(vec![7])]);
    assert!(store.redo_at().is_some_and(|at| at <= Instant::now()));
}

#[test]
fn nothing_is_kept_of_alerts_whose_events_were_stored_before() {
    let writer = Writer::start(Ledger::in_memory().unwrap(), |_| {}).unwrap();
    let mut store = Store::new(writer, None);
    let shown = store.failed(&LedgerError::Full { path: "history.db".into() }, vec![batch(1)]).remove(0);
    store.retry();
    let end = Instant::now() + Duration::from_secs(30);
    while store.writer.outstanding() > 0 {
        assert!(Instant::now() < end, "the writer has not answered");
        std::thread::yield_now();
    }
    assert_eq!(store.committed(Vec::new()).never, [shown.id]);
}
