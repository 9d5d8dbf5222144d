//! The task itself: one loop over what can happen.

use std::future::{Future, pending, poll_fn};
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use jiff::Timestamp;
use reqwest::{Response, Url};
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};

use super::cursor::Cursor;
use super::tokens::{Fetched, Newer};
use super::{Command, Item, Report, Subscription, Token, Traffic};
use crate::auth::{self, Access, Credentials, Renewal};
use crate::config::StreamConfig;
use crate::connection::{Action, Connection, Input, Policy, Refusal, State};
use crate::model::{Event, StreamId};
use crate::secrets::{Secret, Vault};
use crate::sse::{Decoder, Options, Parsed};
use crate::transport::{self, Answer, HostGate, Seat};

/// How much of a body is decoded at once, in bytes: what is held of it beside the channel.
const SLICE: usize = 32 * 1024;
/// How many items' room is kept between slices.
const PARSED_KEPT: usize = 256;

/// So much too early the timer may fire.
const EARLY: Duration = Duration::from_secs(1);

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Nobody reads the reports any more.
pub(super) struct Unheard;

pub(super) struct Task {
    pub(super) config: Arc<StreamConfig>,
    pub(super) vault: Vault,
    pub(super) gate: HostGate,
    comments: bool,
    traffic: Arc<Traffic>,
    /// When the newest request was made.
    asked: Instant,
    reports: mpsc::Sender<(StreamId, Report)>,
    commands: mpsc::Receiver<Command>,
    /// Commands that came while a report waited for its reader; each kind once.
    deferred: Vec<Command>,
    pub(super) machine: Connection,
    cursor: Cursor,
    /// The standard's last event id; the cursor's policy does not touch it.
    last_id: String,
    work: Work,
    /// What the decoder gave and nobody took yet; empty between the turns of the loop.
    parsed: Vec<Parsed>,
    /// The secret of the last connect.
    pub(super) used: Option<Secret>,
    /// A secret that a refresh brought and the vault did not take.
    pub(super) newer: Option<Newer>,
    /// The access token, where the stream signs in with such.
    pub(super) access: Option<Access>,
    /// What was told of the token last.
    pub(super) told: Token,
    /// A person asked to connect: what the vault holds is looked at, also where there is a newer one.
    look_again: bool,
    /// A refresh on its way; never dropped for a reconnect, since the old token may be spent.
    pub(super) refreshing: Option<Boxed<Result<Fetched, Refusal>>>,
    pub(super) refresh_due: Option<Instant>,
    /// The refresh on its way is for a secret that a person has replaced since.
    pub(super) outdated: bool,
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
    /// Its place on a connection that it shares.
    seat: Option<Seat>,
}

/// What ends a turn of the loop.
enum Cause {
    Command(Command),
    Refreshed(Result<Fetched, Refusal>),
    Answered(Option<Secret>, Box<Result<Answer, Refusal>>),
    Chunk(Bytes),
    EndOfBody,
    Lost(Refusal),
    Timer,
}

impl Task {
    pub(super) fn new(parts: Subscription, commands: mpsc::Receiver<Command>) -> Self {
        let Subscription { config, vault, cursor, gate, comments, traffic, reports } = parts;
        let policy = Policy {
            retry: config.retry,
            idle_timeout: config.idle_timeout,
            learn_idle: config.learn_idle,
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
            traffic,
            asked: Instant::now(),
            reports,
            commands,
            deferred: Vec::new(),
            work: Work::None,
            parsed: Vec::new(),
            used: None,
            newer: None,
            access: None,
            told: Token::default(),
            look_again: false,
            refreshing: None,
            refresh_due: None,
            outdated: false,
            timer: Box::pin(tokio::time::sleep(Duration::ZERO)),
            armed: None,
        }
    }

    /// Runs until nobody listens.
    pub(super) async fn run(&mut self) {
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
            Cause::Answered(secret, answer) => self.answered(secret, *answer).await,
            Cause::Chunk(bytes) => self.chunk(bytes).await,
            Cause::EndOfBody | Cause::Lost(_) => self.over(cause).await,
            Cause::Timer => {
                self.armed = None;
                self.refresh_ahead_if_due();
                self.tell(Input::Timer).await
            }
        }
    }

    /// Sets the timer where it would fire too late, or much too early. Bytes move the deadline on and on: following each
    /// would cost too much, and following none would wake the process for nothing.
    fn arm(&mut self) {
        let due = self.machine.deadline().map(Instant::from_std);
        let due = due.into_iter().chain(self.refresh_due).min();
        if let Some(due) = due
            && self.armed.is_none_or(|armed| due < armed || due > armed + EARLY)
        {
            self.timer.as_mut().reset(due);
            self.armed = Some(due);
        }
    }

    /// Tells the machine and does what it says.
    pub(super) async fn tell(&mut self, input: Input) -> Result<(), Unheard> {
        let actions = self.machine.handle(input, Instant::now().into_std(), fastrand::f64());
        for action in actions {
            match action {
                Action::Report => {
                    let state = self.machine.state().clone();
                    tracing::debug!(stream = %self.config.name, ?state, "state");
                    self.report(Report::State(state)).await?;
                }
                Action::ReportQuiet => self.report(Report::Quiet(self.machine.quiet_since())).await?,
                Action::Close => self.close(),
                Action::Connect => self.connect(),
                Action::Refresh => self.refresh(),
            }
        }
        Ok(())
    }

    async fn command(&mut self, command: Command) -> Result<(), Unheard> {
        let input = match command {
            Command::Reconnect => {
                self.vault.ask_anew();
                self.look_again = true;
                Input::Reconnect
            }
            Command::SecretChanged => {
                self.secret_changed();
                Input::SecretChanged
            }
            Command::Woke => Input::Woke,
            Command::NetworkUp => Input::NetworkUp,
            // This machine is reached without any network.
            Command::NetworkDown if self.is_local() => return Ok(()),
            Command::NetworkDown => Input::NetworkDown,
        };
        self.tell(input).await
    }

    /// Whether the server is this machine's own.
    fn is_local(&self) -> bool {
        self.config.unix_socket.is_some() || Url::parse(&self.config.url).is_ok_and(|url| transport::is_loopback(&url))
    }

    fn connect(&mut self) {
        self.asked = Instant::now();
        self.traffic.begin();
        let (config, vault, gate) = (self.config.clone(), self.vault.clone(), self.gate.clone());
        let (mut newer, cursor) = (self.newer.clone(), self.cursor.value().to_owned());
        let look_again = mem::take(&mut self.look_again);
        let access = self.access();
        self.work = Work::Connecting(Box::pin(async move {
            if look_again
                && let Some(kept) = &newer
                && kept.is_overridden(&config, &vault).await
            {
                newer = None;
            }
            let secret = match access {
                Some(Ok(access)) => Some(access),
                Some(Err(refusal)) => return (None, Err(refusal)),
                None => newer.map(|newer| newer.secret),
            };
            let credentials = match Credentials::read(&config, &vault, secret.as_ref()).await {
                Ok(credentials) => credentials,
                Err(refusal) => return (None, Err(refusal)),
            };
            let answer = transport::connect(&config, &credentials, &cursor, &gate).await;
            (credentials.secret().cloned(), answer)
        }));
    }

    async fn answered(&mut self, secret: Option<Secret>, answer: Result<Answer, Refusal>) -> Result<(), Unheard> {
        self.work = Work::None;
        if let (Some(secret), Some(newer)) = (&secret, &self.newer)
            && self.access.is_none()
            && !auth::same(secret, &newer.secret)
        {
            self.newer = None;
        }
        self.used = secret;
        match answer {
            Ok(Answer { response, status, url, http, gap, seat }) => {
                self.traffic.answered(self.asked);
                let Self { config, comments, .. } = self;
                let options = Options { max_event: config.max_event, strict: config.strict, comments: *comments };
                let decoder = Decoder::new(&self.last_id, options);
                self.work = Work::Open(Box::new(Body { response, decoder, seat }));
                self.plan_refresh(Duration::ZERO).await?;
                self.report(Report::Opened { status, url, http, gap }).await?;
                self.tell(Input::Opened).await
            }
            Err(refusal) => {
                if let Refusal::Status { status, .. } = refusal {
                    self.traffic.answered(self.asked);
                    self.report(Report::Refused { status }).await?;
                }
                self.tell(Input::Failed(refusal)).await
            }
        }
    }

    /// Decodes what came, and what came right after it: many servers send each event as a chunk of its own, and a
    /// report for each would cost more than the event. Returns after a slice or so: a stream that never pauses must not
    /// keep commands, a refresh and the timer from their turn.
    async fn chunk(&mut self, first: Bytes) -> Result<(), Unheard> {
        self.tell(Input::Bytes).await?;
        let (mut held, mut taken) = (0, 0);
        let mut cause = Some(Cause::Chunk(first));
        while let Some(Cause::Chunk(bytes)) = cause {
            self.traffic.received(bytes.len(), self.asked);
            for slice in bytes.chunks(SLICE) {
                let Work::Open(body) = &mut self.work else { return Ok(()) };
                body.decoder.feed(slice, &mut self.parsed);
                held += slice.len();
                taken += slice.len();
                if held >= SLICE {
                    held = 0;
                    self.flush().await?;
                }
            }
            if taken >= SLICE || !self.commands.is_empty() {
                cause = None;
                break;
            }
            cause = self.work.next().now_or_never();
            if cause.is_none() {
                // Lets the connection's own task hand over what it has read already.
                run_last().await;
                cause = self.work.next().now_or_never();
            }
        }
        self.flush().await?;
        // The timer's turn may not come: there is always another chunk.
        self.refresh_ahead_if_due();
        match cause {
            Some(cause) => self.over(cause).await,
            None => Ok(()),
        }
    }

    /// The body is over.
    async fn over(&mut self, cause: Cause) -> Result<(), Unheard> {
        if let (Work::Open(body), Cause::EndOfBody) = (&mut self.work, &cause)
            && let Some(seat) = body.seat.take()
        {
            // What it shared is as good as before.
            seat.leave();
        }
        self.close();
        match cause {
            Cause::EndOfBody => self.tell(Input::EndOfBody).await,
            Cause::Lost(refusal) => self.tell(Input::Failed(refusal)).await,
            Cause::Command(_) | Cause::Refreshed(_) | Cause::Answered(..) | Cause::Chunk(_) | Cause::Timer => Ok(()),
        }
    }

    async fn flush(&mut self) -> Result<(), Unheard> {
        let items = self.take();
        let cursor = self.cursor.take_moved();
        if !items.is_empty() || cursor.is_some() {
            self.report(Report::Items { items, cursor }).await?;
        }
        // A stream that never pauses must not keep the others from running.
        tokio::task::consume_budget().await;
        if *self.machine.state() == State::Open {
            // The time that this took was ours, not the server's.
            self.machine.handle(Input::Busy, Instant::now().into_std(), 0.0);
        }
        Ok(())
    }

    fn take(&mut self) -> Vec<Item> {
        let mut items = Vec::with_capacity(self.parsed.len());
        if self.parsed.is_empty() {
            return items;
        }
        let at = Timestamp::now();
        for parsed in self.parsed.drain(..) {
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
        self.parsed.shrink_to(PARSED_KEPT);
        items
    }

    pub(super) fn close(&mut self) {
        if let Work::Open(body) = mem::replace(&mut self.work, Work::None) {
            self.last_id = body.decoder.cursor().to_owned();
        }
    }

    /// Tells the reader, and waits for it where it is behind. Commands are taken meanwhile, so that whoever sends both
    /// ways cannot lock up with this task; they are obeyed after.
    pub(super) async fn report(&mut self, report: Report) -> Result<(), Unheard> {
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
                    // Of two that undo each other the last counts.
                    self.deferred.retain(|held| *held != command);
                    self.deferred.insert(0, command);
                }
            }
        };
        permit.send(message);
        // The wait was ours, not the server's.
        if *self.machine.state() == State::Open {
            self.machine.handle(Input::Busy, Instant::now().into_std(), 0.0);
        }
        Ok(())
    }
}

impl Work {
    /// Waits for the next thing; for ever where nothing runs. Dropping it loses nothing.
    async fn next(&mut self) -> Cause {
        match self {
            Self::None => pending().await,
            Self::Connecting(connect) => {
                let (secret, answer) = connect.await;
                Cause::Answered(secret, Box::new(answer))
            }
            Self::Open(body) => match body.response.chunk().await {
                Ok(Some(bytes)) => Cause::Chunk(bytes),
                Ok(None) => Cause::EndOfBody,
                Err(error) => Cause::Lost(transport::lost(&error)),
            },
        }
    }
}

/// Lets every task run once that is ready, and nothing else: Tokio's own `yield_now` asks the system for news first,
/// which costs more than an event.
async fn run_last() {
    let mut waited = false;
    poll_fn(|context| {
        if mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

async fn maybe<T>(future: Option<&mut Boxed<T>>) -> T {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}
