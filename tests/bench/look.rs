//! A history of 1,000,000 events of about 240 bytes, as the dashboard looks into it: searches, first pages, a chart.

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use streambell_engine::config::TileConfig;
use streambell_engine::ledger::{AlertQuery, AlertsShown, Batch, Entry, Indexer, Ledger, Query, Reader, ValueQuery};
use streambell_engine::model::{Alert, Event};

use crate::{Figure, median, ms};

const EVENTS: u64 = 1_000_000;

/// How many go into one transaction.
const BATCH: u64 = 10_000;

/// One in so many has an alert.
const ALERT_EVERY: u64 = 100;

/// One in so many holds the rare word.
const RARE_EVERY: u64 = 250_000;

const RUNS: usize = 11;

/// What the resident gives a search or a chart before it answers with what it has.
const MOMENT: Duration = Duration::from_millis(150);

pub(crate) fn measure() -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let now = Timestamp::now();
    fill(&path, now);
    let unindexed = time(|| search(&path, "zebra"));
    let indexing = Instant::now();
    let mut indexer = Indexer::open(&path).unwrap();
    while indexer.step().unwrap() {}
    drop(indexer);
    let indexing = indexing.elapsed();
    let share = size(&Indexer::file(&path)) as f64 / size(&path) as f64;
    let searches = ["zebra", "symbol", "unicorn", "ORD-0777777"].map(|text| time(|| search(&path, text)));
    let [rare, common, absent, number] = searches.map(ms);
    let history = time(|| drop(reader(&path).history(&Query { limit: 200, ..Query::default() }).unwrap()));
    let inbox =
        |show| time(|| drop(reader(&path).inbox(&AlertQuery { show, limit: 50, ..AlertQuery::default() }).unwrap()));
    let alerts = [AlertsShown::All, AlertsShown::Unread, AlertsShown::Read].map(inbox).map(ms).join(", ");
    let day = Duration::from_hours(24);
    let [month, hour] = [30 * day, day / 24].map(|length| time(|| chart(&path, now, length)));
    vec![
        Figure {
            what: "1,000,000 events: a rare word, a common one, an absent one, a number, by the index",
            measured: format!("{rare}, {common}, {absent}, {number}"),
            aim: "200 ms",
        },
        Figure {
            what: "· a rare word before there is an index: a page, or a part",
            measured: ms(unindexed),
            aim: "200 ms",
        },
        Figure {
            what: "· making the index; its size",
            measured: format!("{:.1} s; {:.0} % of the history's", indexing.as_secs_f64(), share * 100.0),
            aim: "",
        },
        Figure { what: "· first page of the history", measured: ms(history), aim: "5 ms" },
        Figure { what: "· first page of alerts, of unread ones, of read ones", measured: alerts, aim: "5 ms" },
        Figure {
            what: "· chart of 30 days, of an hour",
            measured: format!("{}, {}", ms(month), ms(hour)),
            aim: "200 ms",
        },
    ]
}

/// The last month, an event every two and a half seconds.
pub(crate) fn fill(path: &Path, now: Timestamp) {
    let mut ledger = Ledger::open(path).unwrap();
    for first in (0..EVENTS).step_by(BATCH as usize) {
        let entries = (first..first + BATCH).map(|number| entry(number, now)).collect();
        let batch = Batch { stream: "market".into(), entries, cursor: None, memories: Vec::new(), was: None };
        ledger.commit(vec![batch]).map_err(|(error, _)| error).unwrap();
    }
    ledger.mark_read(&(1..=5_000).collect::<Vec<_>>()).unwrap();
    ledger.checkpoint().unwrap();
}

const SYMBOLS: [&str; 8] = ["BTC", "ETH", "ADA", "DOGE", "SOL", "XRP", "ACME", "GLOBEX"];

const MESSAGES: [&str; 3] = [
    "Price moves within the usual band",
    "Trading has been calm since the morning",
    "Large orders were seen on the book",
];

/// Numbers without order, the same in each run.
fn mixed(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}

fn words(number: u64) -> (&'static str, &'static str) {
    (SYMBOLS[(mixed(number) % 8) as usize], MESSAGES[(mixed(number) % 3) as usize])
}

/// The data of an event.
pub(crate) fn data(number: u64) -> String {
    let mixed = mixed(number);
    let animal = if number % RARE_EVERY == 7 { "zebra" } else { "horse" };
    let (symbol, message) = words(number);
    format!(
        r#"{{"symbol":"{symbol}","price":{}.{:02},"change_pct":{:.3},"volume":{},"order":"ORD-{number:07}","venue":"XDEMO","animal":"{animal}","message":"{message}","padding":"abcdefghijklmnopqrstuvwxyz"}}"#,
        mixed % 70_000,
        mixed % 100,
        (mixed % 10_000) as f64 / 1_000.0 - 5.0,
        mixed % 1_000_000_000,
    )
}

fn entry(number: u64, now: Timestamp) -> Entry {
    let (symbol, message) = words(number);
    let alert = || Alert {
        rule: "Market alert".into(),
        title: format!("{symbol} moves"),
        body: message.to_owned(),
        group: symbol.to_owned(),
        ..Alert::default()
    };
    let id = number.to_string();
    Entry {
        event: Event {
            stream: "market".into(),
            name: "price-update".to_owned(),
            data: data(number),
            id_is_own: true,
            id,
            at: now.checked_sub(Duration::from_millis((EVENTS - number) * 2_500)).unwrap(),
        },
        alerts: number.is_multiple_of(ALERT_EVERY).then(alert).into_iter().collect(),
        resolutions: Vec::new(),
        store: true,
    }
}

fn reader(path: &Path) -> Reader {
    Reader::open(path).unwrap()
}

fn search(path: &Path, text: &str) {
    let query = Query { search: Some(text.to_owned()), limit: 200, ..Query::default() };
    reader(path).search(&query, Instant::now() + MOMENT).unwrap();
}

fn chart(path: &Path, now: Timestamp, length: Duration) {
    let query = ValueQuery {
        tile: TileConfig::default(),
        stream: "market".to_owned(),
        key: "BTC".to_owned(),
        from: now.checked_sub(length).unwrap(),
        to: now,
        points: 500,
    };
    assert!(!reader(path).values(&query, Instant::now() + MOMENT).unwrap().points.is_empty(), "there are values");
}

fn time(work: impl Fn()) -> Duration {
    let timed = (0..RUNS).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    median(timed.collect())
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).unwrap().len()
}
