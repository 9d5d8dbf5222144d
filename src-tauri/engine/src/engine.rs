//! The engine: one loop over a closed enum of causes; it owns every task.
//!
//! [`start`] spawns the loop and gives a [`Handle`] to it. Everything that happens to the engine is a message: reports
//! of streams, results of the ledger's writer, requests of the handle, the host's word on what it showed.

mod cause;
mod changed;
mod clock;
mod commands;
mod configuration;
mod core;
mod handle;
mod intake;
mod outbox;
mod pruning;
mod publish;
mod records;
mod replay;
mod sighting;
mod sign_ins;
mod store;
mod stream_edit;
mod streams;
mod trial;
mod unsaved;

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{broadcast, mpsc};

use crate::config::Config;
use crate::config::edit::EditError;
use crate::consent::NeedsConsent;
use crate::host::Host;
use crate::ledger::{Ledger, LedgerError};
use crate::locale::{Locale, Text};
use crate::secrets::{SecretError, Vault};
use crate::silence::SilenceError;
use crate::text;

pub use handle::Handle;
pub use sighting::Sighting;
pub use stream_edit::{StreamEdit, StreamText};

/// What an engine is started with.
#[derive(Debug)]
pub struct Options {
    /// The configuration in force.
    pub config: Config,
    /// Why that is not what the file says, if it is not.
    pub config_trouble: Option<Text>,
    /// The configuration file: watched for changes and edited; neither without one.
    pub config_file: Option<PathBuf>,
    /// The ledger. Without one (the file cannot be used) history is kept in memory and this is shown as trouble.
    pub ledger: Result<Ledger, LedgerError>,
    /// The system's language, for where the configuration names none.
    pub locale: Locale,
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
    Invalid(Text),
    /// Something that a person must agree to.
    #[error(transparent)]
    Consent(#[from] NeedsConsent),
    /// There is no such stream.
    #[error("there is no stream named \"{0}\"")]
    NoStream(String),
    /// The configuration cannot be changed so.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// There can be no such silence.
    #[error(transparent)]
    Silence(#[from] SilenceError),
    /// The keyring.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The configuration file cannot be read or written, or there is none.
    #[error("{0}")]
    File(Text),
    /// The engine has ended.
    #[error("Streambell is ending")]
    Ended,
}

impl EngineError {
    /// The same in every language.
    pub fn text(&self) -> Text {
        match self {
            Self::Invalid(text) | Self::File(text) => text.clone(),
            Self::Consent(NeedsConsent::Question(text) | NeedsConsent::TooMuch(text)) => text.clone(),
            Self::NoStream(name) => text!("{self}", "没有名为“{name}”的流"),
            Self::Edit(error) => error.text(),
            Self::Silence(error) => error.text(),
            Self::Secret(error) => error.text(),
            Self::Ended => text!("{self}", "Streambell 正在退出"),
        }
    }
}

/// Why an engine cannot even start.
#[derive(Debug, Error)]
pub enum StartError {
    /// Not even a ledger in memory can be had, or the ledger broke between its opening and now.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The system gives no thread for the ledger.
    #[error("no thread for the history can be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// How a trial connection went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Whether the server answered with an event stream.
    pub ok: bool,
    /// In plain words, with what to do where it did not.
    pub message: Text,
    /// The status the server answered with.
    pub status: Option<u16>,
    /// Time to the answer's header.
    pub header_after: Option<Duration>,
    /// Events that came within the trial.
    pub events: u32,
}

/// How many requests wait before a caller does.
const REQUESTS_HELD: usize = 64;

/// How many batches of events a slow reader of the feed may be behind.
const FEED_HELD: usize = 64;

/// How many times a slow reader may not have heard which alerts changed.
const CHANGED_HELD: usize = 16;

/// How many changes of state a slow reader may be behind.
const STATES_HELD: usize = 256;

/// Starts an engine on the current Tokio runtime.
///
/// # Errors
/// [`StartError`]; a configuration or a ledger file that cannot be used is none.
pub fn start(options: Options, host: impl Host) -> Result<Handle, StartError> {
    let (requests, asked) = mpsc::channel(REQUESTS_HELD);
    let (shown, told) = mpsc::unbounded_channel();
    let (feed, _) = broadcast::channel(FEED_HELD);
    let (states, _) = broadcast::channel(STATES_HELD);
    let (changed, _) = broadcast::channel(CHANGED_HELD);
    let vault = options.vault.clone();
    let (core, seen) = core::Core::new(options, Box::new(host), feed.clone(), changed.clone(), states.clone())?;
    tokio::spawn(core.run(asked, told));
    Ok(Handle { requests, shown, snapshots: seen.snapshots, config: seen.config, feed, changed, states, vault })
}
