//! The engine: one loop over a closed enum of causes; it owns every task.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{broadcast, watch};

use crate::config::{Config, StreamConfig};
use crate::host::Host;
use crate::ledger::{Ledger, LedgerError};
use crate::model::StoredEvent;
use crate::secrets::{Secret, SecretError, Vault};
use crate::snapshot::Snapshot;

/// What an engine is started with.
#[derive(Debug)]
pub struct Options {
    /// The configuration in force.
    pub config: Config,
    /// Why that is not what the file says, if it is not.
    pub config_trouble: Option<String>,
    /// The configuration file: watched for changes and edited; neither without one.
    pub config_file: Option<PathBuf>,
    /// The ledger. Without one (the file cannot be used) events are not stored and this line is shown as trouble.
    pub ledger: Result<Ledger, LedgerError>,
    /// Where secrets live.
    pub vault: Vault,
    /// Whether this is the demo.
    pub demo: bool,
}

/// Why the engine refused.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The input is wrong.
    #[error("{0}")]
    Invalid(String),
    /// There is no such stream.
    #[error("there is no stream named \"{0}\"")]
    NoStream(String),
    /// The keyring.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The configuration file cannot be written, or there is none.
    #[error("{0}")]
    File(String),
    /// The engine has ended.
    #[error("Streambell is ending")]
    Ended,
}

/// How a trial connection went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Whether the server answered with an event stream.
    pub ok: bool,
    /// In plain words, with what to do where it did not.
    pub message: String,
    /// The status the server answered with.
    pub status: Option<u16>,
    /// Time to the answer's header.
    pub header_after: Option<Duration>,
    /// Events that came within the trial.
    pub events: u32,
}

/// The engine, to those who use it. Cheap to clone; the engine runs until [`Handle::stop`].
#[derive(Debug, Clone)]
pub struct Handle {}

/// Starts an engine on the current Tokio runtime.
pub fn start(options: Options, host: impl Host) -> Handle {
    let _ = (options, host);
    Handle {}
}

#[expect(clippy::unused_async, clippy::todo, reason = "to be written")]
impl Handle {
    /// The newest snapshot, now and at each change.
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        todo!()
    }

    /// The configuration in force, now and at each change.
    pub fn config(&self) -> watch::Receiver<Arc<Config>> {
        todo!()
    }

    /// Events as they are committed, in batches. A reader that is too slow misses some and learns so.
    pub fn feed(&self) -> broadcast::Receiver<Arc<Vec<StoredEvent>>> {
        todo!()
    }

    /// Shows no notification for so long, or until [`Handle::resume`].
    pub async fn pause(&self, length: Option<Duration>) {
        let _ = length;
    }

    /// Ends a pause.
    pub async fn resume(&self) {}

    /// Connects a stream at once, or all of them.
    ///
    /// # Errors
    /// [`EngineError::NoStream`].
    pub async fn reconnect(&self, stream: Option<String>) -> Result<(), EngineError> {
        let _ = stream;
        Ok(())
    }

    /// Marks alerts as read; all where none is named. Their notifications are closed.
    pub async fn mark_read(&self, alerts: Vec<i64>) {
        let _ = alerts;
    }

    /// Adds a stream, or changes the one named `original`; writes the configuration file and the secret.
    ///
    /// # Errors
    /// Where the stream is not valid, the file cannot be written or the keyring refuses; then nothing changed.
    pub async fn save_stream(
        &self,
        original: Option<String>,
        stream: StreamConfig,
        secret: Option<Secret>,
    ) -> Result<(), EngineError> {
        let _ = (original, stream, secret);
        Ok(())
    }

    /// Removes a stream from the configuration file and its secrets from the vault.
    ///
    /// # Errors
    /// As [`Handle::save_stream`].
    pub async fn remove_stream(&self, name: String) -> Result<(), EngineError> {
        let _ = name;
        Ok(())
    }

    /// Connects once with these settings, for 10 s at the most; stores nothing.
    pub async fn try_stream(&self, original: Option<String>, stream: StreamConfig, secret: Option<Secret>) -> Trial {
        let _ = (original, stream, secret);
        todo!()
    }

    /// The host tells how a [`Host::show`] ended; `alerts` are the notification's.
    pub fn shown(&self, alerts: Vec<i64>, result: Result<(), String>) {
        let _ = (alerts, result);
    }

    /// The host tells that showing became possible again.
    pub fn notifier_is_back(&self) {}

    /// Ends everything: streams first, then the ledger; 5 s at the most.
    pub async fn stop(&self) {}
}
