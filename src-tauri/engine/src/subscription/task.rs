//! The task itself: one loop over what can happen.

use std::future::{Future, pending};
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::{Response, Url};
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};

use super::cursor::Cursor;
use super::{Command, Item, Report, Subscription};
use crate::auth::{self, Credentials, Refreshed, Renewal};
use crate::config::StreamConfig;
use crate::connection::{Action, Connection, Input, Policy, Refusal, State};
use crate::model::{Event, StreamId};
use crate::secrets::{Secret, Vault};
use crate::sse::{Decoder, Options, Parsed};
use crate::transport::{self, Answer, HostGate};

/// How much of a body is decoded at once, in bytes: what is held of it beside the channel.
const SLICE: usize = 32 * 1024;
/// A refresh ahead of time that fails is tried again after so long.
const REFRESH_PAUSE: Duration = Duration::from_secs(30);

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Nobody reads the reports any more.
struct Unheard;

pub(super) struct Task {
    config: Arc<StreamConfig>,
    vault: Vault,
    gate: HostGate,
    comments: bool,
    reports: mpsc::Sender<(StreamId, Report)>,
    commands: mpsc::Receiver<Command>,
    /// Commands that came while a report waited for its reader; each kind once.
    deferred: Vec<Command>,
    machine: Connection,
    cursor: Cursor,
    /// The standard's last event id; the cursor's policy does not touch it.
    last_id: String,
    work: Work,
    /// The secret of the last connect.
    used: Option<Secret>,
    /// A secret that a refresh brought and the vault did not take.
    newer: Option<Secret>,
    /// A refresh on its way; never dropped for a reconnect, since the old token may be spent.
    refreshing: Option<Boxed<Result<Refreshed, Refusal>>>,
    refresh_due: Option<Instant>,
    timer: Pin<Box<Sleep>>,
    /// When the timer fires; not later than what is due.
    armed: Option<Instant>,
}

/// What runs towards the server.
enum Work {
    None,
    Connecting(Boxed<(Option<Secret>, Result<Answer, Refusal>)>),
    Open(Box<Body>),
}

struct Body {
    response: Response,
    decoder: Decoder,
}

/// What ends a turn of the loop.
enum Cause {
    Command(Command),
    Refreshed(Result<Refreshed, Refusal>),
    Answered(Option<Secret>, Result<Answer, Refusal>),
    Chunk(Bytes),
    EndOfBody,
    Lost(Refusal),
    Timer,
}

impl Task {
    pub(super) fn new(parts: Subscription, commands: mpsc::Receiver<Command>) -> Self {
        let Subscription { config, vault, cursor, gate, comments, reports } = parts;
        let policy = Policy {
            retry: config.retry,
            idle_timeout: config.idle_timeout,
            strict: config.strict,
            refresh: Renewal::of(&config) != Renewal::None,
        };
        let cursor = Cursor::new(&config.resume, cursor);
        Self {
            last_id: cursor.first_id().to_owned(),
            cursor,
            machine: Connection::new(policy),
            config,
            vault,
            gate,
            comments,
            reports,
            commands,
            deferred: Vec::new(),
            work: Work::None,
            used: None,
            newer: None,
            refreshing: None,
            refresh_due: None,
            timer: Box::pin(tokio::time::sleep(Duration::ZERO)),
            armed: None,
        }
    }

    /// Runs until nobody listens.
    pub(super) async fn run(mut self) {
        if self.tell(Input::Start).await.is_err() {
            return;
        }
        loop {
            let cause = self.next().await;
            if self.obey(cause).await.is_err() {
                return;
            }
        }
    }

    async fn next(&mut self) -> Cause {
        if let Some(command) = self.deferred.pop() {
            return Cause::Command(command);
        }
        self.arm();
        let armed = self.armed.is_some();
        tokio::select! {
            biased;
            Some(command) = self.commands.recv() => Cause::Command(command),
            result = maybe(self.refreshing.as_mut()) => Cause::Refreshed(result),
            cause = self.work.next() => cause,
            () = &mut self.timer, if armed => Cause::Timer,
        }
    }

    async fn obey(&mut self, cause: Cause) -> Result<(), Unheard> {
        match cause {
            Cause::Command(command) => self.command(command).await,
            Cause::Refreshed(result) => self.refreshed(result).await,
            Cause::Answered(secret, answer) => self.answered(secret, answer).await,
            Cause::Chunk(bytes) => self.chunk(&bytes).await,
            Cause::EndOfBody => {
                self.close();
                self.tell(Input::EndOfBody).await
            }
            Cause::Lost(refusal) => {
                self.close();
                self.tell(Input::Failed(refusal)).await
            }
            Cause::Timer => {
                self.armed = None;
                if self.refresh_due.is_some_and(|due| due <= Instant::now()) {
                    self.refresh_ahead();
                }
                self.tell(Input::Timer).await
            }
        }
    }

    /// Sets the timer where it would fire too late. Bytes move the deadline on and on; the timer learns so when it
    /// fires.
    fn arm(&mut self) {
        let due = self.machine.deadline().map(Instant::from_std);
        let due = due.into_iter().chain(self.refresh_due).min();
        if let Some(due) = due
            && self.armed.is_none_or(|armed| due < armed)
        {
            self.timer.as_mut().reset(due);
            self.armed = Some(due);
        }
    }

    /// Tells the machine and does what it says.
    async fn tell(&mut self, input: Input) -> Result<(), Unheard> {
        let actions = self.machine.handle(input, Instant::now().into_std(), fastrand::f64());
        for action in actions {
            match action {
                Action::Report => {
                    let state = self.machine.state().clone();
                    tracing::debug!(stream = %self.config.name, ?state, "state");
                    self.report(Report::State(state)).await?;
                }
                Action::Close => self.close(),
                Action::Connect => self.connect(),
                Action::Refresh => self.refresh(),
            }
        }
        Ok(())
    }

    async fn command(&mut self, command: Command) -> Result<(), Unheard> {
        let input = match command {
            Command::Reconnect => Input::Reconnect,
            Command::SecretChanged => {
                self.newer = None;
                Input::SecretChanged
            }
            Command::NetworkUp => Input::NetworkUp,
            // This machine is reached without any network.
            Command::NetworkDown if Url::parse(&self.config.url).is_ok_and(|url| transport::is_loopback(&url)) => {
                return Ok(());
            }
            Command::NetworkDown => Input::NetworkDown,
        };
        self.tell(input).await
    }

    fn connect(&mut self) {
        let (config, vault, gate) = (self.config.clone(), self.vault.clone(), self.gate.clone());
        let (newer, cursor) = (self.newer.clone(), self.cursor.value().to_owned());
        self.work = Work::Connecting(Box::pin(async move {
            let credentials = match Credentials::read(&config, &vault, newer.as_ref()).await {
                Ok(credentials) => credentials,
                Err(refusal) => return (None, Err(refusal)),
            };
            let answer = transport::connect(&config, &credentials, &cursor, &gate).await;
            (credentials.secret().cloned(), answer)
        }));
    }

    async fn answered(&mut self, secret: Option<Secret>, answer: Result<Answer, Refusal>) -> Result<(), Unheard> {
        self.work = Work::None;
        self.used = secret;
        match answer {
            Ok(Answer { response, status, url, http }) => {
                let Self { config, comments, .. } = self;
                let options = Options { max_event: config.max_event, strict: config.strict, comments: *comments };
                let decoder = Decoder::new(&self.last_id, options);
                self.work = Work::Open(Box::new(Body { response, decoder }));
                self.plan_refresh();
                self.report(Report::Opened { status, url, http }).await?;
                self.tell(Input::Opened).await
            }
            Err(refusal) => self.tell(Input::Failed(refusal)).await,
        }
    }

    async fn chunk(&mut self, bytes: &[u8]) -> Result<(), Unheard> {
        self.tell(Input::Bytes).await?;
        for slice in bytes.chunks(SLICE) {
            let Work::Open(body) = &mut self.work else { return Ok(()) };
            let mut parsed = Vec::new();
            body.decoder.feed(slice, &mut parsed);
            let items = self.take(parsed);
            let cursor = self.cursor.take_moved();
            if !items.is_empty() || cursor.is_some() {
                self.report(Report::Items { items, cursor }).await?;
            }
            tokio::task::consume_budget().await;
        }
        Ok(())
    }

    fn take(&mut self, parsed: Vec<Parsed>) -> Vec<Item> {
        let mut items = Vec::with_capacity(parsed.len());
        if parsed.is_empty() {
            return items;
        }
        let at = Timestamp::now();
        for parsed in parsed {
            match parsed {
                Parsed::Event { name, data, own_id, id } => {
                    self.cursor.event(&name, &data, own_id.as_deref());
                    let stream = self.config.name.clone();
                    items.push(Item::Event(Event { stream, name, data, own_id, id, at }));
                }
                Parsed::Id(id) => self.cursor.id(&id),
                Parsed::Retry(retry) => {
                    // Nothing follows from it but the next delay.
                    self.machine.handle(Input::Retry(retry), Instant::now().into_std(), 0.0);
                }
                Parsed::Comment(text) => items.push(Item::Comment(text)),
                Parsed::Skipped { bytes } => items.push(Item::Skipped { bytes }),
            }
        }
        items
    }

    fn close(&mut self) {
        if let Work::Open(body) = mem::replace(&mut self.work, Work::None) {
            self.last_id = body.decoder.cursor().to_owned();
        }
    }

    /// Tells the reader, and waits for it where it is behind. Commands are taken meanwhile, so that whoever sends both
    /// ways cannot lock up with this task; they are obeyed after.
    async fn report(&mut self, report: Report) -> Result<(), Unheard> {
        let message = (self.config.name.clone(), report);
        let message = match self.reports.try_send(message) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(Unheard),
            Err(mpsc::error::TrySendError::Full(message)) => message,
        };
        let permit = loop {
            tokio::select! {
                biased;
                permit = self.reports.reserve() => break permit.map_err(|_| Unheard)?,
                Some(command) = self.commands.recv() => {
                    if !self.deferred.contains(&command) {
                        self.deferred.insert(0, command);
                    }
                }
            }
        };
        permit.send(message);
        // The wait was ours, not the server's.
        if *self.machine.state() == State::Open {
            self.machine.handle(Input::Bytes, Instant::now().into_std(), 0.0);
        }
        Ok(())
    }
}

/// Tokens.
impl Task {
    /// The server refused the secret: gets another, or waits for the one that is on its way.
    fn refresh(&mut self) {
        if self.refreshing.is_some() {
            return;
        }
        let (config, vault, gate) = (self.config.clone(), self.vault.clone(), self.gate.clone());
        let (used, newer) = (self.used.clone(), self.newer.is_some());
        self.refreshing = Some(Box::pin(async move {
            let Some(used) = used else {
                return Err(Refusal::Secret("there is no token to refresh".to_owned()));
            };
            if Renewal::of(&config) == Renewal::Fetch {
                return auth::refresh(&config, &vault, &gate, &used, newer).await;
            }
            let credentials = Credentials::read(&config, &vault, None).await?;
            match credentials.secret() {
                Some(secret) if !auth::same(secret, &used) => Ok(Refreshed { secret: secret.clone(), stored: true }),
                _ => Err(Refusal::Secret(
                    "the server does not accept the secret, and where it comes from has no other".to_owned(),
                )),
            }
        }));
    }

    /// A new token before the old one ends. The connection stays; the next one uses it.
    fn refresh_ahead(&mut self) {
        self.refresh_due = None;
        if *self.machine.state() == State::Open {
            self.refresh();
        }
    }

    fn plan_refresh(&mut self) {
        let token = self.used.as_ref().filter(|_| Renewal::of(&self.config) == Renewal::Fetch);
        let due = token.and_then(|token| auth::refresh_due(token, Timestamp::now()));
        self.refresh_due = due.map(|due| Instant::now() + due);
    }

    async fn refreshed(&mut self, result: Result<Refreshed, Refusal>) -> Result<(), Unheard> {
        self.refreshing = None;
        let result = match result {
            Ok(Refreshed { secret, stored }) => {
                self.newer = (!stored).then(|| secret.clone());
                self.used = Some(secret);
                self.plan_refresh();
                Ok(())
            }
            Err(refusal) => {
                if *self.machine.state() == State::Open {
                    let why = refusal.message();
                    tracing::info!(stream = %self.config.name, why, "the token could not be refreshed ahead of time");
                    self.refresh_due = Some(Instant::now() + REFRESH_PAUSE);
                }
                Err(refusal)
            }
        };
        self.tell(Input::Refreshed(result)).await
    }
}

impl Work {
    /// Waits for the next thing; for ever where nothing runs. Dropping it loses nothing.
    async fn next(&mut self) -> Cause {
        match self {
            Self::None => pending().await,
            Self::Connecting(connect) => {
                let (secret, answer) = connect.await;
                Cause::Answered(secret, answer)
            }
            Self::Open(body) => match body.response.chunk().await {
                Ok(Some(bytes)) => Cause::Chunk(bytes),
                Ok(None) => Cause::EndOfBody,
                Err(error) => Cause::Lost(transport::lost(&error)),
            },
        }
    }
}

async fn maybe<T>(future: Option<&mut Boxed<T>>) -> T {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}
