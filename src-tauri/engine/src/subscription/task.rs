//! The task itself: one loop over what can happen.

mod hearing;
mod reading;
mod work;

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::cursor::Cursor;
use super::dialect::Dialect;
use super::tokens::{Fetched, Newer};
use super::{Command, Report, Subscription, Token, Traffic};
use crate::alarm::Alarm;
use crate::auth::{self, Access, Credentials, Renewal};
use crate::config::StreamConfig;
use crate::connection::{Action, Connection, Input, Policy, Refusal, State};
use crate::model::StreamId;
use crate::secrets::{Secret, Vault};
use crate::sse::{Decoder, Options, Parsed};
use crate::transport::{self, Answer, HostGate};
use work::{Body, Cause, Work, maybe};

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Nobody reads the reports any more.
pub(super) struct Unheard;

pub(super) struct Task {
    pub(super) config: Arc<StreamConfig>,
    pub(super) vault: Vault,
    pub(super) gate: HostGate,
    /// Cancelled where it is to end: its settings may be no longer those in force.
    pub(super) ending: CancellationToken,
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
    dialect: Option<Dialect>,
    /// What the server said with its last events: that it is done, or done with these credentials.
    farewell: Option<Refusal>,
    /// What follows the connection that is open, on its way.
    subscribing: Option<Boxed<Result<(), Refusal>>>,
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
    alarm: Alarm,
}

impl Task {
    pub(super) fn new(parts: Subscription, commands: mpsc::Receiver<Command>, ending: CancellationToken) -> Self {
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
            dialect: Dialect::new(&config.dialect),
            farewell: None,
            subscribing: None,
            machine: Connection::new(policy),
            config,
            vault,
            gate,
            ending,
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
            alarm: Alarm::new(),
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
        let due = self.due();
        tokio::select! {
            biased;
            Some(command) = self.commands.recv() => Cause::Command(command),
            result = maybe(self.refreshing.as_mut()) => Cause::Refreshed(result),
            result = maybe(self.subscribing.as_mut()) => Cause::Subscribed(result),
            cause = self.work.next() => cause,
            () = self.alarm.at(due) => Cause::Timer,
        }
    }

    async fn obey(&mut self, cause: Cause) -> Result<(), Unheard> {
        match cause {
            Cause::Command(command) => self.command(command).await,
            Cause::Refreshed(result) => self.refreshed(result).await,
            Cause::Subscribed(result) => self.subscribed(result).await,
            Cause::Answered(secret, answer) => self.answered(secret, *answer).await,
            Cause::Chunk(bytes) => self.chunk(bytes).await,
            Cause::EndOfBody | Cause::Lost(_) => self.over(cause).await,
            Cause::Timer => {
                self.refresh_ahead_if_due();
                self.tell(Input::Timer).await
            }
        }
    }

    /// When the machine or a token wants its turn. Bytes move this on and on.
    fn due(&self) -> Option<std::time::Instant> {
        self.machine.deadline().into_iter().chain(self.refresh_due.map(Instant::into_std)).min()
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
        let (access, turn) = (self.access(), self.turn());
        self.work = Work::Connecting(Box::pin(async move {
            // What would end with this task anyway says nothing more.
            let Ok(turn) = turn.await else { return std::future::pending().await };
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
            drop(turn);
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
            Ok(Answer { response, status, url, http, resumes, gap, seat }) => {
                self.traffic.answered(self.asked);
                let Self { config, comments, .. } = self;
                let options = Options { max_event: config.max_event, strict: config.strict, comments: *comments };
                let decoder = Decoder::new(&self.last_id, options);
                self.work = Work::Open(Box::new(Body { response, decoder, seat }));
                self.plan_refresh(Duration::ZERO).await?;
                self.report(Report::Opened { status, url, http, resumes, gap }).await?;
                self.tell(Input::Opened).await
            }
            Err(refusal) => {
                if let Refusal::Status { status, .. } = refusal {
                    self.traffic.answered(self.asked);
                    self.report(Report::Refused { status }).await?;
                }
                self.tell(Input::Failed(self.of_ended_token(refusal))).await
            }
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
