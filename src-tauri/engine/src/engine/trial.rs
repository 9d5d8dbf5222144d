//! One trial connection, for a person who is setting up a stream.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Trial;
use crate::auth;
use crate::config::StreamConfig;
use crate::connection::State;
use crate::secrets::{Secret, SecretError, Vault};
use crate::subscription::{Item, Report, Subscription};
use crate::transport::HostGate;

/// How long a trial lasts at most.
const LONGEST: Duration = Duration::from_secs(10);

/// How long events are counted after the server answered.
const LISTEN: Duration = Duration::from_secs(3);

impl Trial {
    pub(super) fn failed(message: String) -> Self {
        Self { ok: false, message, status: None, header_after: None, events: 0 }
    }
}

/// Connects once and says how it went. The secret is the one given, else the stored one of `original`; secrets are only
/// copied into memory, so that a refresh during the trial changes no keyring.
pub(super) async fn run(vault: &Vault, original: Option<&str>, config: StreamConfig, secret: Option<Secret>) -> Trial {
    if auth::spends_token(&config) {
        let message = "a trial would spend the refresh token: save the stream, and see how it connects";
        return Trial::failed(message.to_owned());
    }
    let memory = match copied(vault, original, &config, secret).await {
        Ok(memory) => memory,
        Err(error) => return Trial::failed(error.to_string()),
    };
    let (reports, received) = mpsc::channel(8);
    let (commands, commanded) = mpsc::channel(1);
    let shutdown = CancellationToken::new();
    let subscription = Subscription {
        config: Arc::new(config),
        vault: memory,
        cursor: String::new(),
        gate: HostGate::default(),
        comments: false,
        traffic: Arc::default(),
        reports,
    };
    let guard = shutdown.clone().drop_guard();
    tokio::select! {
        () = subscription.run(commanded, shutdown) => Trial::failed("the trial ended by itself".to_owned()),
        trial = listen(received) => {
            drop((guard, commands));
            trial
        }
    }
}

/// A vault in memory with all that the stream has.
async fn copied(
    vault: &Vault,
    original: Option<&str>,
    config: &StreamConfig,
    secret: Option<Secret>,
) -> Result<Vault, SecretError> {
    let memory = Vault::memory();
    if let Some(original) = original {
        let old = StreamConfig { name: original.into(), ..config.clone() };
        for (from, to) in auth::accounts(&old).into_iter().zip(auth::accounts(config)) {
            if let Some(stored) = vault.get(&from).await? {
                memory.set(&to, &stored).await?;
            }
        }
    }
    if let Some(secret) = secret {
        memory.set(config.name.as_str(), &secret).await?;
    }
    Ok(memory)
}

/// Reads reports until the answer is known.
async fn listen(mut reports: mpsc::Receiver<(crate::model::StreamId, Report)>) -> Trial {
    let started = Instant::now();
    let mut end = started + LONGEST;
    let mut trial = Trial::failed("the server did not answer within 10 s".to_owned());
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
                "the server answers with an event stream".clone_into(&mut trial.message);
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
                | State::Offline
                | State::Refreshing
                | State::NeedsSignIn { .. }
                | State::Ended { .. }
                | State::Paused,
            ) => {}
        }
    }
}
