//! A ledger as readers see it.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::ledger::testing::{Scratch, batch, entry, minute, sent};

/// Events 1 to 6, one a minute: odd ones on `s` as `market-alert` with an alert, even ones on `t` as `tick`.
fn filled() -> Scratch {
    let scratch = Scratch::new();
    let mut ledger = scratch.ledger();
    for n in 1..=6 {
        let mut event = sent(n, &n.to_string(), &format!("{{\"Symbol\":\"ACME{n}\"}}"));
        let odd = n % 2 == 1;
        if !odd {
            (event.stream, event.name) = ("t".into(), "tick".to_owned());
        }
        let stream = event.stream.clone();
        ledger.commit(vec![batch(stream.as_str(), vec![entry(event, odd.into(), true)], None)]).unwrap();
    }
    scratch
}

fn seqs(scratch: &Scratch, query: Query) -> Vec<i64> {
    let limit = if query.limit == 0 { 100 } else { query.limit };
    let found = scratch.reader().history(&Query { limit, ..query }).unwrap();
    found.into_iter().map(|event| event.seq).collect()
}

#[test]
fn the_newest_are_told_oldest_first() {
    let scratch = filled();
    assert_eq!(seqs(&scratch, Query { limit: 2, ..Query::default() }), [5, 6]);
    assert_eq!(seqs(&scratch, Query { limit: 2, before: Some(5), ..Query::default() }), [3, 4]);
    assert!(scratch.reader().history(&Query::default()).unwrap().is_empty());
}

#[test]
fn each_filter_leaves_what_it_says() {
    let scratch = filled();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(seqs(&scratch, Query { stream: text("t"), ..Query::default() }), [2, 4, 6]);
    assert_eq!(seqs(&scratch, Query { stream: text("nowhere"), ..Query::default() }), [0; 0]);
    assert_eq!(seqs(&scratch, Query { event: text("market-*"), ..Query::default() }), [1, 3, 5]);
    assert_eq!(seqs(&scratch, Query { event: text("{tick,x}"), limit: 1, ..Query::default() }), [6]);
    assert_eq!(seqs(&scratch, Query { since: Some(minute(5)), ..Query::default() }), [5, 6]);
    assert_eq!(seqs(&scratch, Query { until: Some(minute(2)), ..Query::default() }), [1, 2]);
    assert_eq!(seqs(&scratch, Query { search: text("sYMBOL\":\"acme4"), ..Query::default() }), [4]);
    assert_eq!(seqs(&scratch, Query { search: text("TICK"), ..Query::default() }), [2, 4, 6]);
    assert_eq!(seqs(&scratch, Query { search: text("%"), ..Query::default() }), [0; 0]);
    assert_eq!(seqs(&scratch, Query { alerts: true, limit: 2, ..Query::default() }), [3, 5]);
    let all = Query {
        stream: text("s"),
        event: text("*"),
        search: text("ACME"),
        alerts: true,
        before: Some(5),
        since: Some(minute(2)),
        until: Some(minute(3)),
        limit: 9,
    };
    assert_eq!(seqs(&scratch, all), [3]);
}

#[test]
fn a_long_history_comes_in_steps_with_the_alerts_of_each_event() {
    let scratch = Scratch::new();
    let count = 2 * STEP + 1;
    let entries = (0..count).map(|n| entry(sent(0, &n.to_string(), "one"), n % 3, true)).collect();
    scratch.ledger().commit(vec![batch("s", entries, None)]).unwrap();
    let (reader, query) = (scratch.reader(), Query { limit: u32::MAX, ..Query::default() });
    let (mut sizes, mut all) = (Vec::new(), Vec::new());
    let told = reader.history_in_steps(&query, |step| {
        sizes.push(step.len());
        all.extend(step);
        ControlFlow::Continue(())
    });
    told.unwrap();
    assert_eq!(sizes, [STEP, STEP, 1]);
    assert!(all.iter().zip(0..).all(|(event, n)| event.seq == n as i64 + 1 && event.alerts.len() == n % 3));
    assert_eq!(reader.history(&query).unwrap(), all);
    let alerts = |event: &StoredEvent| event.alerts.clone();
    assert!(all.iter().all(|event| Some(alerts(event)) == reader.event(event.seq).unwrap().as_ref().map(alerts)));
}

#[test]
fn who_has_enough_is_told_no_more() {
    let mut steps = 0;
    let once = |_| {
        steps += 1;
        ControlFlow::Break(())
    };
    filled().reader().history_in_steps(&Query { limit: 9, ..Query::default() }, once).unwrap();
    assert_eq!(steps, 1);
}

#[test]
fn a_wrong_glob_is_explained() {
    let query = Query { event: Some("a[".to_owned()), limit: 1, ..Query::default() };
    let error = filled().reader().history(&query).unwrap_err();
    assert!(error.to_string().starts_with("\"a[\" is not a pattern for event names: "), "{error}");
}

#[test]
fn alerts_page_backwards() {
    let reader = filled().reader();
    let ids = |before, limit| -> Vec<_> {
        reader.alerts(before, limit).unwrap().into_iter().map(|alert| (alert.id, alert.seq)).collect()
    };
    assert_eq!(ids(None, 2), [(3, 5), (2, 3)]);
    assert_eq!(ids(Some(2), 2), [(1, 1)]);
}

#[test]
fn an_event_is_found_by_its_number() {
    let reader = filled().reader();
    assert_eq!(reader.event(3).unwrap().unwrap().alerts[0].id, 2);
    assert_eq!(reader.event(77).unwrap(), None);
}

#[test]
fn a_reader_sees_what_is_committed_meanwhile_and_disturbs_no_writer() {
    let scratch = Scratch::new();
    let mut ledger = scratch.ledger();
    let reader = scratch.reader();
    let look = reader.conn.unchecked_transaction().unwrap();
    look.query_row("SELECT count(*) FROM events", [], |_| Ok(())).unwrap();
    ledger.commit(vec![batch("s", vec![entry(sent(0, "1", "one"), 0, true)], None)]).unwrap();
    ledger.checkpoint().unwrap();
    drop(look);
    assert_eq!(reader.event(1).unwrap().unwrap().event.data, "one");
}
