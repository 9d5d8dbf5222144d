//! What the writer answers, in which order, and what it refuses.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::ledger::Query;
use crate::ledger::testing::{Scratch, batch, entry, minute, sent};

const SOON: Duration = Duration::from_secs(20);

fn start(ledger: Ledger) -> (Writer, Receiver<Written>) {
    let (tell, told) = mpsc::channel();
    (Writer::start(ledger, move |written| tell.send(written).unwrap()).unwrap(), told)
}

fn commit(ids: std::ops::Range<i64>, alerts: usize) -> Write {
    let entries = ids.map(|n| entry(sent(n, &n.to_string(), "{}"), alerts, true)).collect();
    Write::Commit(vec![batch("s", entries, None)])
}

#[test]
fn writes_are_answered_in_order() {
    let scratch = Scratch::new();
    let (mut writer, told) = start(scratch.ledger());
    writer.send(commit(0..2, 1)).unwrap();
    writer.send(Write::Mark(vec![(1, AlertState::Shown)])).unwrap();
    writer.send(Write::MarkRead(vec![2])).unwrap();
    writer.send(Write::Checkpoint).unwrap();
    writer.send(Write::Prune { keep: History { max_events: 1, ..History::default() }, now: minute(9) }).unwrap();
    assert!(writer.close(SOON));
    let told: Vec<_> = told.iter().collect();
    assert!(matches!(&told[0], Written::Committed(Ok(done)) if done.events.len() == 2), "{told:?}");
    assert_eq!(told[1..], [Written::MarkedRead { newly: vec![2] }, Written::Pruned { more: false }]);
}

#[test]
fn what_is_unread_is_told_when_asked_for() {
    let scratch = Scratch::new();
    let (mut writer, told) = start(scratch.ledger());
    writer.send(commit(0..2, 1)).unwrap();
    writer.send(Write::Unread).unwrap();
    assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Ok(_))));
    let Written::Unread { count, newest } = told.recv_timeout(SOON).unwrap() else { panic!("unread is told") };
    assert_eq!((count, newest.len(), newest[0].id), (2, 2, 2));
}

#[test]
fn a_small_write_is_done_at_once_where_nothing_waits_before_it() {
    let scratch = Scratch::new();
    let here = thread::current().id();
    let (tell, told) = mpsc::channel();
    let results = move |written| tell.send((thread::current().id() == here, written)).unwrap();
    let mut writer = Writer::start(scratch.ledger(), results).unwrap();
    writer.send(commit(0..1, 1)).unwrap();
    assert!(matches!(told.try_recv().unwrap(), (true, Written::Committed(Ok(_)))), "it is done before send returns");
    writer.send(commit(1..100, 0)).unwrap();
    assert!(matches!(told.recv_timeout(SOON).unwrap(), (false, Written::Committed(Ok(_)))), "many are not");
    while writer.outstanding.writes.load(Ordering::Acquire) > 0 {
        thread::yield_now();
    }
    let large = entry(sent(100, "100", &"x".repeat(SMALL_BYTES)), 0, true);
    writer.send(Write::Commit(vec![batch("s", vec![large], None)])).unwrap();
    assert!(matches!(told.recv_timeout(SOON).unwrap(), (false, Written::Committed(Ok(_)))), "nor is a large one");
}

#[test]
fn the_thread_writes_once_the_disk_was_slow() {
    let scratch = Scratch::new();
    let here = thread::current().id();
    let (tell, told) = mpsc::channel();
    let results = move |written| {
        thread::sleep(QUICK);
        tell.send((thread::current().id() == here, written)).unwrap();
    };
    let mut writer = Writer::start(scratch.ledger(), results).unwrap();
    for at_once in [true, false, false] {
        writer.send(commit(0..1, 0)).unwrap();
        assert_eq!(told.recv_timeout(SOON).unwrap().0, at_once);
    }
}

#[test]
fn the_log_is_moved_into_the_file_before_it_is_long() {
    let scratch = Scratch::new();
    let (mut writer, told) = start(scratch.ledger());
    let log = scratch.path().with_extension("db-wal");
    for n in 0..i64::from(AT_ONCE) * 4 {
        // However slow this machine is at the moment.
        writer.slow_until = None;
        writer.send(commit(n..n + 1, 1)).unwrap();
        told.recv_timeout(SOON).unwrap();
    }
    let longest = std::fs::metadata(log).unwrap().len();
    assert!(longest < 4_000 * 4_096, "SQLite would move it within a commit: {longest}");
}

#[test]
fn commits_that_wait_are_merged_and_none_is_lost() {
    let scratch = Scratch::new();
    let (tell, told) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let mut writer = Writer::start(scratch.ledger(), move |written| {
        tell.send(written).unwrap();
        let _ = gate.recv();
    })
    .unwrap();
    // The thread hangs in telling this one.
    writer.send(commit(0..10, 0)).unwrap();
    assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Ok(_))));
    for n in 10..100 {
        writer.send(commit(n..n + 1, 0)).unwrap();
    }
    assert_eq!(writer.outstanding(), 90);
    drop(go);
    let Written::Committed(Ok(done)) = told.recv_timeout(SOON).unwrap() else { panic!("committed") };
    assert_eq!(done.events.len(), 90);
    assert_eq!(writer.outstanding(), 0);
    assert!(writer.close(SOON));
    let all = Query { limit: 1_000, ..Query::default() };
    assert_eq!(scratch.reader().history(&all).unwrap().len(), 100);
}

#[test]
fn what_is_refused_comes_back_and_nothing_overtakes_it() {
    let scratch = Scratch::new();
    let ledger = scratch.ledger();
    ledger.conn.busy_timeout(Duration::ZERO).unwrap();
    let other = rusqlite::Connection::open(scratch.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (mut writer, told) = start(ledger);
    writer.send(commit(0..3, 0)).unwrap();
    let Written::Committed(Err((error, batches))) = told.recv_timeout(SOON).unwrap() else { panic!("refused") };
    assert!(matches!(error, LedgerError::Busy { .. }), "{error}");
    let mark = Write::Mark(vec![(1, AlertState::Shown)]);
    writer.send(mark.clone()).unwrap();
    assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Failed(_, back) if back == mark));

    other.execute_batch("COMMIT").unwrap();
    writer.send(commit(3..4, 0)).unwrap();
    assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Err(_))), "it would overtake");
    writer.send(Write::Recommit(batches)).unwrap();
    assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Ok(done)) if done.events.len() == 3));
    writer.send(commit(3..4, 0)).unwrap();
    assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Ok(done)) if done.events.len() == 1));
    assert_eq!((writer.outstanding(), writer.outstanding_bytes()), (0, 0));
}

#[test]
fn dropping_the_writer_still_writes_what_was_sent() {
    let scratch = Scratch::new();
    let (mut writer, told) = start(scratch.ledger());
    for n in 0..50 {
        writer.send(commit(n..n + 1, 0)).unwrap();
    }
    drop(writer);
    let stored: usize =
        told.iter().map(|written| if let Written::Committed(Ok(done)) = written { done.events.len() } else { 0 }).sum();
    assert_eq!(stored, 50);
}
