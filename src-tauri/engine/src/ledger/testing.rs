//! What the ledger's tests are made of.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use jiff::Timestamp;

use super::{Batch, Entry, Ledger, Reader};
use crate::model::{Alert, Event, Urgency};

/// A folder for a ledger, gone with the test.
pub(super) struct Scratch(tempfile::TempDir);

impl Scratch {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.path().join("history.db")
    }

    pub(super) fn ledger(&self) -> Ledger {
        Ledger::open(&self.path()).unwrap()
    }

    pub(super) fn reader(&self) -> Reader {
        Reader::open(&self.path()).unwrap()
    }
}

/// So many minutes after a fixed time.
pub(super) fn minute(n: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + 60 * n).unwrap()
}

/// A `market-alert` on stream `s` with an id of its own; none where that is empty.
pub(super) fn sent(at: i64, id: &str, data: &str) -> Event {
    Event {
        stream: "s".into(),
        name: "market-alert".to_owned(),
        data: data.to_owned(),
        id_is_own: !id.is_empty(),
        id: id.to_owned(),
        at: minute(at),
    }
}

/// An event with so many alerts, of rules `rule 0`, `rule 1` …
pub(super) fn entry(event: Event, alerts: usize, store: bool) -> Entry {
    let alerts = (0..alerts).map(|n| alert(&format!("rule {n}"))).collect();
    Entry { event, alerts, resolutions: Vec::new(), store }
}

pub(super) fn alert(rule: &str) -> Alert {
    Alert {
        rule: rule.into(),
        title: "ACME 12".to_owned(),
        body: "up".to_owned(),
        urgency: Urgency::Critical,
        group: "ACME".to_owned(),
        link: "https://example.com/".to_owned(),
        ..Alert::default()
    }
}

pub(super) fn batch(stream: &str, entries: Vec<Entry>, cursor: Option<&str>) -> Batch {
    Batch { stream: stream.into(), entries, cursor: cursor.map(str::to_owned), memories: Vec::new(), was: None }
}
