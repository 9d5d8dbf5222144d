//! Everything that can happen to the engine.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinError;

use super::configuration::Change;
use super::sighting::Sighting;
use super::sign_ins::{self, Step};
use super::{EngineError, Trial};
use crate::config::StreamConfig;
use crate::delivery::Waiting;
use crate::ledger::Written;
use crate::model::{Answer, StreamId};
use crate::secrets::Secret;
use crate::silence::Matcher;
use crate::subscription::Report;
use crate::uptime::Uptime;

/// What wakes the loop.
#[derive(Debug)]
pub(super) enum Cause {
    /// A stream's task says something.
    Reported(StreamId, Report),
    /// A stream's task ended, or panicked.
    StreamEnded(StreamId, Result<(), JoinError>),
    /// The ledger's writer did something.
    Written(Written),
    /// A handle asks.
    Asked(Request),
    /// The host answers.
    Told(Shown),
    /// The configuration changed, or could not be read.
    Configured(Change),
    /// A sign-in came further.
    SignIn(Step),
    /// A timer of the engine is due.
    Due,
}

/// What a handle asks.
#[derive(Debug)]
pub(super) enum Request {
    Pause {
        stream: Option<String>,
        length: Option<Duration>,
        reply: Reply,
    },
    Resume {
        stream: Option<String>,
        reply: Reply,
    },
    Silence {
        matcher: Matcher,
        length: Duration,
        comment: String,
        reply: oneshot::Sender<Result<i64, EngineError>>,
    },
    Unsilence {
        id: i64,
        reply: Reply,
    },
    Answer {
        alerts: Vec<i64>,
        answer: Answer,
    },
    Reconnect {
        stream: Option<String>,
        reply: Reply,
    },
    Woke,
    Network {
        up: bool,
    },
    MarkRead(Vec<i64>),
    Uptimes(oneshot::Sender<Vec<Uptime>>),
    Waiting(Vec<i64>, oneshot::Sender<Vec<(i64, Waiting)>>),
    Reload,
    SaveStream {
        original: Option<String>,
        stream: Box<StreamConfig>,
        secret: Option<Secret>,
        reply: Reply,
    },
    SignIn {
        stream: String,
        reply: sign_ins::Reply,
    },
    CancelSignIn {
        stream: String,
    },
    RemoveStream {
        name: String,
        reply: Reply,
    },
    Try {
        original: Option<String>,
        stream: Box<StreamConfig>,
        secret: Option<Secret>,
        reply: oneshot::Sender<Trial>,
    },
    Watch {
        original: Option<String>,
        stream: Box<StreamConfig>,
        secret: Option<Secret>,
        sightings: mpsc::Sender<Sighting>,
    },
    Stop(oneshot::Sender<()>),
}

/// Where the answer to a request goes. Who asked may be gone: then it is dropped.
pub(super) type Reply = oneshot::Sender<Result<(), EngineError>>;

/// What the host says.
#[derive(Debug)]
pub(super) enum Shown {
    /// A notification is on screen, or why it is not.
    Answer { alerts: Vec<i64>, result: Result<(), String> },
    /// Showing became possible again.
    Back,
}
