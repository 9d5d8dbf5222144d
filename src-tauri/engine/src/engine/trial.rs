//! Connections that store nothing, for a person who is setting up a stream, and the one that only says how it went.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::Trial;
use crate::auth::{self, Typed};
use crate::config::{Config, StreamConfig};
use crate::connection::State;
use crate::doctor::Patient;
use crate::locale::Text;
use crate::model::StreamId;
use crate::secrets::{SecretError, Vault};
use crate::subscription::{Command, Item, Report, Subscription};
use crate::text;
use crate::transport::HostGate;
use crate::uptime::Record;

/// How long a trial lasts at most.
const LONGEST: Duration = Duration::from_secs(10);

/// How long events are counted after the server answered.
const LISTEN: Duration = Duration::from_secs(3);

impl Trial {
    pub(super) fn failed(message: Text) -> Self {
        Self { ok: false, message, status: None, header_after: None, events: 0 }
    }
}

/// A connection that is ready to be made.
pub(super) struct Attempt {
    pub(super) subscription: Subscription,
    pub(super) reports: mpsc::Receiver<(StreamId, Report)>,
    pub(super) shutdown: CancellationToken,
    /// Kept while it runs: without it, it ends.
    pub(super) commands: mpsc::Sender<Command>,
    pub(super) commanded: mpsc::Receiver<Command>,
}

/// What is stored for the stream that a trial is of with changes.
pub(super) struct Stored {
    pub(super) vault: Vault,
    pub(super) original: Option<Arc<StreamConfig>>,
    /// The configuration in force.
    pub(super) configs: watch::Receiver<Arc<Config>>,
}

impl Attempt {
    /// Secrets are those typed, else the stored ones that the original uses; they are only copied into memory, so that a
    /// refresh meanwhile changes no keyring.
    pub(super) async fn prepare(stored: &Stored, config: StreamConfig, typed: Typed) -> Result<Self, Text> {
        if auth::spends_token(&config) {
            return Err(text!(
                "a trial would spend the refresh token: save the stream, and see how it connects",
                "试连会用掉更新令牌：请直接保存这个流，看它如何连接"
            ));
        }
        let memory = stored.copied(&config, typed).await?;
        let (reports, received) = mpsc::channel(8);
        let (commands, commanded) = mpsc::channel(1);
        let subscription = Subscription {
            config: Arc::new(config),
            vault: memory,
            cursor: String::new(),
            gate: HostGate::default(),
            comments: false,
            traffic: Arc::default(),
            reports,
        };
        Ok(Self { subscription, reports: received, shutdown: CancellationToken::new(), commands, commanded })
    }
}

/// Connects once and says how it went.
pub(super) async fn run(stored: &Stored, config: StreamConfig, typed: Typed) -> Trial {
    let Attempt { subscription, reports, shutdown, commands, commanded } =
        match Attempt::prepare(stored, config, typed).await {
            Ok(attempt) => attempt,
            Err(message) => return Trial::failed(message),
        };
    let guard = shutdown.clone().drop_guard();
    tokio::select! {
        () = subscription.run(commanded, shutdown) => Trial::failed(text!("the trial ended by itself", "试连自行结束了")),
        trial = listen(reports) => {
            drop((guard, commands));
            trial
        }
    }
}

/// What is to be diagnosed, with the secrets that are given or stored.
pub(super) async fn patient(
    stored: Stored,
    config: StreamConfig,
    typed: Typed,
    watch: Duration,
    history: Vec<Record>,
) -> Result<Patient, Text> {
    let memory = stored.copied(&config, typed).await?;
    Patient::of_stream(config, &memory, watch, watch, history).await
}

impl Stored {
    /// A vault in memory with all that the stream has: what the original uses, and what was typed.
    async fn copied(&self, config: &StreamConfig, typed: Typed) -> Result<Vault, Text> {
        let memory = Vault::memory();
        if let Some(original) = &self.original {
            let _turn = self.vault.turn().await;
            // What is stored may be for another server by now.
            if !self.configs.borrow().streams.contains(original) {
                return Err(text!("the stream was changed meanwhile: try again", "这个流刚刚被修改：请重试"));
            }
            self.copy(&auth::kept_accounts(original, config), &memory).await.map_err(|error| error.text())?;
        }
        for (account, secret) in typed.accounts(config.name.as_str()) {
            memory.set(&account, &secret).await.map_err(|error| error.text())?;
        }
        Ok(memory)
    }

    async fn copy(&self, accounts: &[(String, String)], memory: &Vault) -> Result<(), SecretError> {
        for (from, to) in accounts {
            if let Some(stored) = self.vault.get(from).await? {
                memory.set(to, &stored).await?;
            }
        }
        Ok(())
    }
}

/// Reads reports until the answer is known.
async fn listen(mut reports: mpsc::Receiver<(StreamId, Report)>) -> Trial {
    let started = Instant::now();
    let mut end = started + LONGEST;
    let seconds = LONGEST.as_secs();
    let mut trial =
        Trial::failed(text!("the server did not answer within {seconds} s", "服务器在 {seconds} 秒内没有应答"));
    loop {
        let report = match tokio::time::timeout_at(end.into(), reports.recv()).await {
            Ok(Some((_, report))) => report,
            Ok(None) | Err(_) => return trial,
        };
        match report {
            Report::Opened { status, .. } => {
                trial.ok = true;
                trial.status = Some(status);
                trial.header_after = Some(started.elapsed());
                trial.message = text!("the server answers with an event stream", "服务器返回了事件流");
                end = (Instant::now() + LISTEN).min(started + LONGEST);
            }
            Report::Refused { status } => trial.status = Some(status),
            Report::Items { items, .. } => {
                let events = items.iter().filter(|item| matches!(item, Item::Event(_))).count();
                trial.events = trial.events.saturating_add(u32::try_from(events).unwrap_or(u32::MAX));
            }
            Report::State(State::Waiting(wait)) if !trial.ok => return Trial { message: wait.message, ..trial },
            Report::State(State::NeedsSignIn { message } | State::Ended { message, .. }) if !trial.ok => {
                return Trial { message, ..trial };
            }
            Report::Quiet(_)
            | Report::Token(_)
            | Report::State(
                State::Idle
                | State::Connecting
                | State::Open
                | State::Waiting(_)
                | State::Offline { .. }
                | State::Refreshing
                | State::NeedsSignIn { .. }
                | State::Ended { .. }
                | State::Paused,
            ) => {}
        }
    }
}
