//! Searches with and without the text index, in pages, and in time.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::time::{Duration, Instant};

use super::{LATE, first_since, span};
use crate::config::History;
use crate::ledger::testing::{Scratch, batch, entry, minute, sent};
use crate::ledger::text_index::beside;
use crate::ledger::{Indexer, Ledger, Query};
use crate::model::Event;

/// Events from number 1 on, one a minute; every 100th says `zebra`, and every event its own number.
fn filled(scratch: &Scratch, events: i64) -> Ledger {
    let mut ledger = scratch.ledger();
    add(&mut ledger, 1, events);
    ledger
}

fn add(ledger: &mut Ledger, from: i64, to: i64) {
    let data = |n: i64| format!(r#"{{"order":"ORD-{n}","animal":"{}"}}"#, if n % 100 == 0 { "Zebra" } else { "horse" });
    let entries = (from..=to).map(|n| entry(sent(n, &n.to_string(), &data(n)), usize::from(n % 200 == 0), true));
    ledger.commit(vec![batch("s", entries.collect(), None)]).unwrap();
}

fn indexed(scratch: &Scratch) {
    let mut indexer = Indexer::open(&scratch.path()).unwrap();
    while indexer.step().unwrap() {}
}

fn asking(text: &str) -> Query {
    Query { search: Some(text.to_owned()), limit: 1_000, ..Query::default() }
}

fn far() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

/// The numbers found, newest first, and where to go on.
fn found(scratch: &Scratch, query: &Query) -> (Vec<i64>, Option<i64>) {
    let found = scratch.reader().search(query, far()).unwrap();
    (found.events.iter().map(|event| event.seq).collect(), found.next)
}

#[test]
fn the_same_is_found_with_an_index_without_one_and_with_half_of_one() {
    let scratch = Scratch::new();
    let mut ledger = filled(&scratch, 5_000);
    let questions = [
        "zebra",
        "ZEBRA\"",
        "ord-77",
        "ORD-4999",
        "x",
        "RD",
        "no such thing",
        "market-ALERT",
        "orse\"}",
        "é",
        "\"\"\"",
    ];
    let ask = || questions.map(|text| found(&scratch, &asking(text)));
    let scanned = ask();
    assert_eq!(scanned[0].0.len(), 50);
    assert_eq!(scanned[0].0[0], 5_000);
    assert_eq!(scanned[2].0.len(), 11);
    indexed(&scratch);
    assert!(beside(&scratch.path()).exists());
    assert_eq!(ask(), scanned);
    add(&mut ledger, 5_001, 6_003);
    let half = ask();
    fs::remove_file(beside(&scratch.path())).unwrap();
    assert_eq!(ask(), half, "a deleted index loses nothing");
}

#[test]
fn pages_follow_each_other_without_a_gap_or_a_double() {
    let scratch = Scratch::new();
    drop(filled(&scratch, 3_000));
    for _ in 0..2 {
        let mut all = Vec::new();
        let mut before = None;
        loop {
            let (page, next) = found(&scratch, &Query { limit: 7, before, ..asking("zebra") });
            assert!(page.len() <= 7);
            all.extend(page);
            before = next;
            if next.is_none() {
                break;
            }
        }
        assert_eq!(all, (1..=30).rev().map(|n| n * 100).collect::<Vec<_>>());
        indexed(&scratch);
    }
}

#[test]
fn an_event_is_found_whatever_the_case_of_its_letters_in_any_script() {
    let scratch = Scratch::new();
    let mut ledger = filled(&scratch, 2_000);
    let texts = ["ÜBERLAUF Tank 3", "ПРОТЕЧКА в баке", "ΔΙΑΡΡΟΉ: ΟΔΌΣ", "İSTANBUL", "ᲗᲑᲘᲚᲘᲡᲘ", "3 号罐体漏水"];
    let entries = texts.iter().zip(2_001..).map(|(text, n)| entry(sent(n, &n.to_string(), text), 0, true));
    ledger.commit(vec![batch("s", entries.collect(), None)]).unwrap();
    add(&mut ledger, 2_101, 2_200);
    let needles = ["überlauf", "протечка", "διαρροή: οδός", "i\u{307}stanbul", "თბილისი", "罐体"];
    for is_indexed in [false, true] {
        for (needle, seq) in needles.iter().zip(2_001..) {
            assert_eq!(found(&scratch, &asking(needle)).0, [seq], "{needle} {is_indexed}");
            assert_eq!(found(&scratch, &asking(&needle.to_uppercase())).0, [seq], "{needle} {is_indexed}");
        }
        assert!(found(&scratch, &asking("öberlauf")).0.is_empty());
        indexed(&scratch);
    }
}

#[test]
fn a_search_that_is_late_says_where_to_go_on() {
    let scratch = Scratch::new();
    drop(filled(&scratch, 2_000));
    let late = |before| scratch.reader().search(&Query { before, ..asking("zebra") }, Instant::now()).unwrap();
    let (mut all, mut pages, mut before) = (Vec::new(), 0, None);
    loop {
        let page = late(before);
        all.extend(page.events.iter().map(|event| event.seq));
        pages += 1;
        match page.next {
            Some(next) => before = Some(next),
            None => break,
        }
    }
    assert_eq!(all.len(), 20);
    assert!(pages > 10, "{pages}");
}

#[test]
fn the_other_filters_hold_too() {
    let scratch = Scratch::new();
    drop(filled(&scratch, 2_000));
    for _ in 0..2 {
        let ask = |query: Query| found(&scratch, &query).0;
        assert_eq!(ask(Query { alerts: true, limit: 2, ..asking("zebra") }), [2_000, 1_800]);
        assert_eq!(ask(Query { since: Some(minute(1_900)), ..asking("zebra") }), [2_000, 1_900]);
        assert_eq!(ask(Query { until: Some(minute(250)), ..asking("zebra") }), [200, 100]);
        assert_eq!(ask(Query { until: Some(minute(200)), before: Some(200), ..asking("zebra") }), [100]);
        assert_eq!(ask(Query { before: Some(300), ..asking("zebra") }), [200, 100]);
        assert_eq!(ask(Query { stream: Some("s".to_owned()), limit: 1, ..asking("zebra") }), [2_000]);
        assert!(ask(Query { stream: Some("t".to_owned()), ..asking("zebra") }).is_empty());
        assert!(ask(Query { event: Some("tick*".to_owned()), ..asking("zebra") }).is_empty());
        indexed(&scratch);
    }
}

#[test]
fn a_time_is_gone_to_whatever_was_stored_late() {
    let scratch = Scratch::new();
    let mut ledger = filled(&scratch, 1_000);
    add_late(&mut ledger, 991..996);
    add(&mut ledger, 1_001, 1_300);
    let reader = scratch.reader();
    for until in [-1, 1, 500, 990, 991, 993, 995, 996, 1_000, 1_001, 1_300, 2_000].map(minute) {
        for text in [None, Some("or".to_owned())] {
            let wanted: i64 = (reader.conn)
                .query_row("SELECT count(*) FROM events WHERE at <= ?1", [until.as_microsecond()], |row| row.get(0))
                .unwrap();
            let query = Query { until: Some(until), search: text, limit: 10_000, ..Query::default() };
            let told = reader.history(&query).unwrap();
            assert!(told.iter().all(|event| event.event.at <= until), "{query:?}");
            assert_eq!(told.len(), usize::try_from(wanted).unwrap(), "{query:?}");
        }
    }
}

#[test]
fn a_time_is_found_to_the_millisecond_that_people_are_told() {
    let scratch = Scratch::new();
    let moment = |micros: i64| minute(0) + jiff::SignedDuration::from_micros(micros);
    let event = |micros: i64| Event { at: moment(micros), ..sent(0, &micros.to_string(), "{}") };
    let entries = [499, 999, 1_000].map(|micros| entry(event(micros), 0, true));
    scratch.ledger().commit(vec![batch("s", entries.to_vec(), None)]).unwrap();
    let by = |micros| Query { until: Some(moment(micros)), limit: 9, ..Query::default() };
    assert_eq!(scratch.reader().history(&by(0)).unwrap().len(), 2);
    assert_eq!(scratch.reader().history(&by(1_000)).unwrap().len(), 3);
}

#[test]
fn a_time_bounds_the_numbers_that_are_read() {
    let scratch = Scratch::new();
    drop(filled(&scratch, 30_000));
    let reader = scratch.reader();
    for n in [100, 15_000, 29_000] {
        let of = |since, until| span(&reader.conn, &Query { since, until, ..Query::default() }).unwrap();
        assert_eq!(of(Some(minute(n)), None), n..i64::MAX);
        let end = of(None, Some(minute(n))).end;
        assert!((n + 1..n + 100).contains(&end), "{n}: {end}");
    }
}

/// Events of these minutes on a stream of their own, as what was watched before there was the stream.
fn add_late(ledger: &mut Ledger, minutes: std::ops::Range<i64>) {
    let entries = minutes.map(|n| entry(sent(n, &n.to_string(), r#"{"animal":"horse"}"#), 0, true));
    ledger.commit(vec![batch("watched", entries.collect(), None)]).unwrap();
}

#[test]
fn what_was_stored_late_hides_nothing_in_front_of_it() {
    let late = i64::try_from(LATE).unwrap();
    for (before, after) in [(1_000, 0), (1_000, 3), (1_000, 1_000), (300, 0), (0, 500)] {
        let scratch = Scratch::new();
        let mut ledger = filled(&scratch, before);
        add_late(&mut ledger, before - late - 20..before - 20);
        add(&mut ledger, before + 1, before + after);
        let reader = scratch.reader();
        for since in (before - late - 25..before + after + 5).map(minute) {
            let sql = "SELECT min(seq) FROM events WHERE at >= ?1";
            let first: Option<i64> = reader.conn.query_row(sql, [since.as_microsecond()], |row| row.get(0)).unwrap();
            let told = first_since(&reader.conn, since.as_microsecond()).unwrap();
            assert_eq!(told, first.unwrap_or(before + late + after + 1), "{before} {after} {since}");
        }
        let since = minute(before - 10);
        let query = Query { since: Some(since), limit: 10_000, ..asking("horse") };
        let told = reader.search(&query, far()).unwrap().events;
        assert!(told.iter().all(|event| event.event.at >= since && event.event.stream.as_str() == "s"));
        let zebras = (before - 10..=before + after).filter(|n| *n > 0 && n % 100 == 0).count();
        let all = (before - 10..=before + after).filter(|n| *n > 0).count();
        assert_eq!(told.len(), all - zebras, "{before} {after}");
    }
}

#[test]
fn an_index_that_is_damaged_is_no_harm_and_is_made_anew() {
    let scratch = Scratch::new();
    drop(filled(&scratch, 2_000));
    let wanted = found(&scratch, &asking("zebra"));
    indexed(&scratch);
    let file = beside(&scratch.path());
    let whole = fs::metadata(&file).unwrap().len();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 4;
    bytes[middle..].fill(0x5a);
    for damaged in [b"not a database at all".to_vec(), Vec::new(), bytes] {
        fs::write(&file, damaged).unwrap();
        assert_eq!(found(&scratch, &asking("zebra")), wanted);
        // The first may only find out.
        let mut indexer = Indexer::open(&scratch.path()).unwrap();
        if indexer.step().is_err() {
            fs::remove_file(&file).ok();
        }
        drop(indexer);
        indexed(&scratch);
        assert_eq!(found(&scratch, &asking("zebra")), wanted);
    }
    assert!(whole > 0);
}

#[test]
fn the_index_of_another_ledger_is_not_believed() {
    let scratch = Scratch::new();
    drop(filled(&scratch, 1_000));
    indexed(&scratch);
    for file in ["history.db", "history.db-wal", "history.db-shm"] {
        fs::remove_file(scratch.path().with_file_name(file)).ok();
    }
    let mut ledger = scratch.ledger();
    let entries = (0..1_500).map(|n| entry(sent(n + 9, &n.to_string(), "a new ledger"), 0, true)).collect();
    ledger.commit(vec![batch("s", entries, None)]).unwrap();
    assert_eq!(found(&scratch, &Query { limit: 5, ..asking("new led") }).0.len(), 5);
    assert_eq!(found(&scratch, &asking("new led")).0.len(), 1_000);
    indexed(&scratch);
    assert!(found(&scratch, &asking("zebra")).0.is_empty());
}

#[test]
fn what_is_pruned_leaves_the_index_too() {
    let scratch = Scratch::new();
    let mut ledger = filled(&scratch, 40_000);
    indexed(&scratch);
    let keep = History { max_events: 4_000, max_age: Duration::from_secs(60 * 1_000_000) };
    ledger.mark_read(&[]).unwrap();
    let pending = ledger.pending().unwrap();
    let shown = pending.iter().map(|alert| (alert.id, crate::model::AlertState::Shown)).collect::<Vec<_>>();
    ledger.mark(&shown, minute(0)).unwrap();
    while ledger.prune(keep, minute(40_000)).unwrap() {}
    assert_eq!(found(&scratch, &asking("zebra")).0.len(), 40);
    indexed(&scratch);
    let index = rusqlite::Connection::open(beside(&scratch.path())).unwrap();
    let tables: i64 = index
        .query_row("SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1, "the first 32,768 events are gone as a whole");
}

#[test]
#[cfg(unix)]
fn nobody_else_may_read_the_index() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = Scratch::new();
    drop(filled(&scratch, 100));
    indexed(&scratch);
    assert_eq!(fs::metadata(beside(&scratch.path())).unwrap().permissions().mode() & 0o777, 0o600);
}
