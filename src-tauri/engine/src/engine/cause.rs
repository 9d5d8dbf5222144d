//! Everything that can happen to the engine.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinError;

use super::configuration::Change;
use super::sighting::Sighting;
use super::sign_ins::{self, Step};
use super::{EngineError, StreamEdit, Trial};
use crate::auth::Typed;
use crate::config::edit::EditError;
use crate::config::{Config, StreamConfig};
use crate::delivery::Waiting;
use crate::doctor;
use crate::host::Notification;
use crate::ledger::Written;
use crate::locale::Text;
use crate::model::{Answer, Event, Said, StreamId};
use crate::secrets::Changing;
use crate::silence::Matcher;
use crate::subscription::Report;
use crate::tiles::Opening;
use crate::uptime::{Record, Uptime};

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
    Configured(Box<Change>),
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
        reply: oneshot::Sender<u64>,
    },
    Reconnect {
        stream: Option<String>,
        reply: Reply,
    },
    /// A secret of the stream is gone; until then nobody sends one anywhere.
    SecretForgotten {
        stream: String,
        changing: Changing,
    },
    Woke,
    Network {
        up: bool,
    },
    OpenTiles {
        asked: Arc<Config>,
        openings: Vec<Opening>,
    },
    MarkRead(Vec<i64>, oneshot::Sender<u64>),
    TakeBack {
        alerts: Vec<i64>,
        said: Said,
        reply: oneshot::Sender<u64>,
    },
    Uptimes(oneshot::Sender<Vec<Uptime>>),
    Waiting(Vec<i64>, oneshot::Sender<Vec<(i64, Waiting)>>),
    StoredAs(i64, oneshot::Sender<Option<i64>>),
    Reload,
    SaveStream {
        edit: Box<StreamEdit>,
        reply: Edited,
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
        reply: Edited,
    },
    Try {
        original: Option<String>,
        stream: Box<StreamConfig>,
        typed: Typed,
        reply: oneshot::Sender<Trial>,
    },
    Watch {
        original: Option<String>,
        stream: Box<StreamConfig>,
        typed: Typed,
        sightings: mpsc::Sender<Sighting>,
    },
    KeepSeen {
        stream: String,
        events: Vec<Event>,
        reply: Reply,
    },
    Edit {
        edit: Edit,
        reply: Edited,
    },
    Undo {
        edit: u32,
        agreed: Option<String>,
        reply: Edited,
    },
    ConfigText(oneshot::Sender<Arc<str>>),
    ShowTest(Box<Notification>),
    Diagnose {
        original: Option<String>,
        stream: Box<StreamConfig>,
        typed: Typed,
        watch: Duration,
        history: Vec<Record>,
        reply: oneshot::Sender<Result<doctor::Report, Text>>,
    },
    Stop(oneshot::Sender<()>),
}

/// Where the answer to a request goes. Who asked may be gone: then it is dropped.
pub(super) type Reply = oneshot::Sender<Result<(), EngineError>>;

/// Where the number of an edit goes, once it is in force.
pub(super) type Edited = oneshot::Sender<Result<u32, EngineError>>;

/// A change of the configuration's text.
pub(super) struct Edit {
    make: Box<MakeEdit>,
    /// What a person has read and agreed to, in English.
    pub(super) agreed: Option<String>,
}

type MakeEdit = dyn FnOnce(&str) -> Result<String, EditError> + Send;

impl Edit {
    pub(super) fn new(
        make: impl FnOnce(&str) -> Result<String, EditError> + Send + 'static,
        agreed: Option<String>,
    ) -> Self {
        Self { make: Box::new(make), agreed }
    }

    /// The text that becomes of one.
    pub(super) fn make(self, text: &str) -> Result<String, EditError> {
        (self.make)(text)
    }
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Edit")
    }
}

/// What the host says.
#[derive(Debug)]
pub(super) enum Shown {
    /// A notification is on screen, or why it is not.
    Answer { alerts: Vec<i64>, result: Result<(), Text> },
    /// Showing became possible again.
    Back,
}
