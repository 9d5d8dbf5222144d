//! An engine for one test.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use streambell_engine::config::{Config, RuleConfig, StreamConfig};
use streambell_engine::engine::{self, Handle, Options};
use streambell_engine::ledger::{Ledger, Query, Reader};
use streambell_engine::locale::Locale;
use streambell_engine::model::StoredEvent;
use streambell_engine::secrets::Vault;
use streambell_engine::snapshot::Snapshot;
use streambell_engine::uptime::Record;
use tempfile::TempDir;

use crate::{Recorder, eventually};

/// An engine, its host, and its files.
#[derive(Debug)]
pub struct Rig {
    /// The engine.
    pub engine: Handle,
    /// What it shows notifications on.
    pub host: Recorder,
    /// Where its secrets are.
    pub vault: Vault,
    /// Its files.
    pub folder: TempDir,
}

/// A stream that tries again quickly.
pub fn stream(name: &str, url: &str) -> StreamConfig {
    StreamConfig { retry: Duration::from_millis(20), ..StreamConfig::new(name, url) }
}

/// One stream, and a rule for `market-alert`.
pub fn market(url: &str) -> Config {
    let mut rule = RuleConfig::new("Market alert", &["market-alert"]);
    "{{ data.symbol }}".clone_into(&mut rule.title);
    "{{ data.message }}".clone_into(&mut rule.body);
    Config { streams: vec![Arc::new(stream("market", url))], rules: vec![rule], ..Config::default() }
}

impl Rig {
    /// With this configuration and no file of it.
    pub fn start(config: Config) -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary folder"), config, Vault::memory(), false)
    }

    /// With a configuration file that says `text`.
    pub fn start_with_file(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("config.toml"), text).expect("a configuration file");
        let config = streambell_engine::config::parse(text).expect("a valid configuration");
        Self::start_in(folder, config, Vault::memory(), true)
    }

    /// On a folder that may have been used before; `file` for one with a configuration file.
    pub fn start_in(folder: TempDir, config: Config, vault: Vault, file: bool) -> Self {
        let host = Recorder::default();
        let options = Options {
            config,
            config_trouble: None,
            config_file: file.then(|| folder.path().join("config.toml")),
            ledger: Ledger::open(&folder.path().join("history.db")),
            locale: Locale::English,
            vault: vault.clone(),
            demo: false,
        };
        let engine = engine::start(options, host.clone()).expect("the engine starts");
        host.attach(engine.clone());
        Self { engine, host, vault, folder }
    }

    /// Stops the engine and starts another on the same files.
    pub async fn restart(self, config: Config) -> Self {
        self.engine.stop().await;
        Self::start_in(self.folder, config, self.vault, false)
    }

    /// The configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    /// All stored events, oldest first.
    pub fn history(&self) -> Vec<StoredEvent> {
        self.reader().history(&Query { limit: 10_000, ..Query::default() }).expect("its events")
    }

    /// What is kept of a stream's connections, newest first.
    pub fn connections(&self, stream: &str) -> Vec<Record> {
        self.reader().connections(stream, 1_000).expect("its connections")
    }

    fn reader(&self) -> Reader {
        Reader::open(&self.folder.path().join("history.db")).expect("a ledger")
    }

    /// How many events are stored.
    pub fn count(&self) -> u64 {
        let file = self.folder.path().join("history.db");
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let ledger = rusqlite::Connection::open_with_flags(file, flags).expect("a ledger");
        let count: i64 = ledger.query_row("SELECT count(*) FROM events", [], |row| row.get(0)).expect("a number");
        count.unsigned_abs()
    }

    /// Waits until so many events are stored.
    pub async fn stored(&self, count: usize) -> Vec<StoredEvent> {
        eventually(&format!("{count} stored events"), async || {
            Some(self.history()).filter(|events| events.len() >= count)
        })
        .await
    }

    /// Waits until a stream's events 1 to `total` are stored.
    ///
    /// # Panics
    /// Where one is missing, is there twice, or is not in its place.
    pub async fn numbered(&self, stream: &str, total: usize) {
        let query = Query { stream: Some(stream.to_owned()), limit: u32::MAX, ..Query::default() };
        let reader = self.reader();
        let events = eventually(&format!("{total} events of {stream}"), async || {
            Some(reader.history(&query).expect("its events")).filter(|events| events.len() >= total)
        })
        .await;
        let wanted: Vec<_> = (1..=total).map(|number| number.to_string()).collect();
        assert_eq!(ids(&events), wanted, "the ids of {stream}");
    }

    /// Waits until the snapshot is as wanted.
    pub async fn snapshot(&self, what: &str, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let mut snapshots = self.engine.snapshots();
        tokio::time::timeout(crate::eventually::PATIENCE, snapshots.wait_for(|snapshot| wanted(snapshot)))
            .await
            .unwrap_or_else(|_| panic!("waited in vain for a snapshot with {what}"))
            .expect("the engine runs")
            .clone()
    }
}

/// The ids of events.
pub fn ids(events: &[StoredEvent]) -> Vec<&str> {
    events.iter().map(|stored| stored.event.id.as_str()).collect()
}
