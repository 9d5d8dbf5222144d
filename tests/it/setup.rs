//! An engine for one test.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use streambell_engine::config::{Config, RuleConfig, StreamConfig};
use streambell_engine::engine::{self, Handle, Options};
use streambell_engine::ledger::{Ledger, Query, Reader};
use streambell_engine::model::StoredEvent;
use streambell_engine::secrets::Vault;
use streambell_engine::snapshot::Snapshot;
use streambell_tests::{Recorder, eventually};
use tempfile::TempDir;

/// An engine, its host, and its files.
pub(crate) struct Rig {
    pub(crate) engine: Handle,
    pub(crate) host: Recorder,
    pub(crate) vault: Vault,
    pub(crate) folder: TempDir,
}

/// A stream that tries again quickly.
pub(crate) fn stream(name: &str, url: &str) -> StreamConfig {
    StreamConfig { retry: Duration::from_millis(20), ..StreamConfig::new(name, url) }
}

/// One stream, and a rule for `market-alert`.
pub(crate) fn market(url: &str) -> Config {
    let mut rule = RuleConfig::new("Market alert", &["market-alert"]);
    "{{ data.symbol }}".clone_into(&mut rule.title);
    "{{ data.message }}".clone_into(&mut rule.body);
    Config { streams: vec![Arc::new(stream("market", url))], rules: vec![rule], ..Config::default() }
}

impl Rig {
    pub(crate) fn start(config: Config) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), config, Vault::memory(), false)
    }

    /// With a configuration file that says `text`.
    pub(crate) fn start_with_file(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), text).unwrap();
        let config = streambell_engine::config::parse(text).unwrap();
        Self::start_in(folder, config, Vault::memory(), true)
    }

    pub(crate) fn start_in(folder: TempDir, config: Config, vault: Vault, file: bool) -> Self {
        let host = Recorder::default();
        let options = Options {
            config,
            config_trouble: None,
            config_file: file.then(|| folder.path().join("config.toml")),
            ledger: Ledger::open(&folder.path().join("history.db")),
            vault: vault.clone(),
            demo: false,
        };
        let engine = engine::start(options, host.clone()).unwrap();
        host.attach(engine.clone());
        Self { engine, host, vault, folder }
    }

    /// Stops the engine and starts another on the same files.
    pub(crate) async fn restart(self, config: Config) -> Self {
        self.engine.stop().await;
        Self::start_in(self.folder, config, self.vault, false)
    }

    pub(crate) fn config_file(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    /// All stored events, oldest first.
    pub(crate) fn history(&self) -> Vec<StoredEvent> {
        let reader = Reader::open(&self.folder.path().join("history.db")).unwrap();
        reader.history(&Query { limit: 10_000, ..Query::default() }).unwrap()
    }

    /// Waits until so many events are stored.
    pub(crate) async fn stored(&self, count: usize) -> Vec<StoredEvent> {
        eventually(&format!("{count} stored events"), async || {
            Some(self.history()).filter(|events| events.len() >= count)
        })
        .await
    }

    /// Waits until the snapshot is as wanted.
    pub(crate) async fn snapshot(&self, what: &str, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let mut snapshots = self.engine.snapshots();
        tokio::time::timeout(streambell_tests::eventually::PATIENCE, snapshots.wait_for(|snapshot| wanted(snapshot)))
            .await
            .unwrap_or_else(|_| panic!("waited in vain for a snapshot with {what}"))
            .unwrap()
            .clone()
    }
}

/// The ids of events.
pub(crate) fn ids(events: &[StoredEvent]) -> Vec<&str> {
    events.iter().map(|stored| stored.event.id.as_str()).collect()
}
