//! The task of one stream: it obeys the stream's [`connection`](crate::connection) machine and reports what happens.
//!
//! What it takes for a connection comes in the order: secrets, connect, body, decoder, cursor, reports. It holds one
//! timer, which bytes do not touch: when it fires, the machine is asked whether it was time.

mod cursor;
mod dialect;
mod task;
#[cfg(test)]
mod tests;
mod tokens;
mod traffic;

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::config::StreamConfig;
use crate::connection::State;
use crate::model::{Event, StreamId};
use crate::secrets::Vault;
use crate::transport::{Gap, HostGate};

pub use traffic::Traffic;

/// All that a stream's task is made from.
#[derive(Debug)]
pub struct Subscription {
    /// The stream's settings.
    pub config: Arc<StreamConfig>,
    /// Where its secrets live.
    pub vault: Vault,
    /// The cursor to resume after; empty without one.
    pub cursor: String,
    /// Bounds the connects to a host over all streams.
    pub gate: HostGate,
    /// Whether comments are reported.
    pub comments: bool,
    /// What it counts.
    pub traffic: Arc<Traffic>,
    /// Where reports go. Bounded: a stream waits when its reader does.
    pub reports: mpsc::Sender<(StreamId, Report)>,
}

/// What a stream's task is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Drop the connection or the wait and connect at once.
    Reconnect,
    /// A secret of the stream changed.
    SecretChanged,
    /// The machine woke from sleep: connect anew.
    Woke,
    /// The network came back, or is another one: connect at once where waiting, check where open.
    NetworkUp,
    /// The network went away.
    NetworkDown,
}

/// What a stream's task tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// The state changed.
    State(State),
    /// The server answered with an event stream; comes before the connection's first item, and before
    /// [`State::Open`].
    Opened {
        /// The status, 200.
        status: u16,
        /// The final address after redirects, its secrets replaced by `***`.
        url: String,
        /// `1.1`, `2` …
        http: &'static str,
        /// Whether the server was told after which event to go on.
        resumes: bool,
        /// Where the server says that it cannot resume as asked.
        gap: Option<Gap>,
    },
    /// The open stream is silent for longer than it usually is, since then; `None`: no more.
    Quiet(Option<Instant>),
    /// The server answered with a status that opens no stream; comes before the state that follows from it.
    Refused {
        /// The status.
        status: u16,
    },
    /// What is known of the token that is in use changed.
    Token(Token),
    /// What came, in order.
    Items {
        /// The items; may be empty where only the cursor moved.
        items: Vec<Item>,
        /// The cursor after them, where it moved (empty: it was reset).
        cursor: Option<String>,
    },
}

/// How long the token lives that a stream uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Token {
    /// When it ends, where that is known.
    pub expires_at: Option<Timestamp>,
    /// When another is fetched, where that is done ahead of its end.
    pub renews_at: Option<Timestamp>,
}

/// What comes on a stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// An event.
    Event(Event),
    /// A comment line's text after the colon, verbatim.
    Comment(String),
    /// An event that was too large was skipped to its blank line.
    Skipped {
        /// Its size in bytes.
        bytes: u64,
    },
}

impl Subscription {
    /// Runs until `shutdown`, which ends it at once, or until nobody reads its reports. Never returns by itself: an
    /// ended stream waits for [`Command::Reconnect`].
    pub async fn run(self, commands: mpsc::Receiver<Command>, shutdown: CancellationToken) {
        let mut task = task::Task::new(self, commands, shutdown.clone());
        // What runs is dropped with the task: a connect, a body. Only a refresh is seen through.
        if shutdown.run_until_cancelled(task.run()).await.is_none() {
            task.end().await;
        }
    }
}
