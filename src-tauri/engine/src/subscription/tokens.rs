//! The task's tokens: refreshed when the server refuses one, and ahead of their end. One refresh at a time.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::task::{Task, Unheard};
use crate::auth::{self, Credentials, Refreshed, Renewal};
use crate::config::StreamConfig;
use crate::connection::{Input, Refusal, State};
use crate::secrets::{Secret, Vault};

/// A refresh ahead of time that fails is tried again after so long.
const REFRESH_PAUSE: Duration = Duration::from_secs(30);

/// A secret that a refresh brought and the vault did not take.
#[derive(Debug, Clone)]
pub(super) struct Newer {
    pub(super) secret: Secret,
    /// What the vault held then. If it holds another by now, a person put it there.
    pub(super) in_vault: Secret,
}

impl Newer {
    /// Whether a person put another secret into the vault, or took the old one out.
    pub(super) async fn is_overridden(&self, config: &StreamConfig, vault: &Vault) -> bool {
        match vault.get(config.name.as_str()).await {
            Ok(Some(stored)) => !auth::same(&stored, &self.in_vault),
            Ok(None) => true,
            Err(_) => false,
        }
    }
}

impl Task {
    /// The server refused the secret: gets another, or waits for the one that is on its way.
    pub(super) fn refresh(&mut self) {
        if self.refreshing.is_some() {
            return;
        }
        let (config, vault, gate) = (self.config.clone(), self.vault.clone(), self.gate.clone());
        let used = self.used.clone();
        let in_vault = self.newer.as_ref().map(|newer| newer.in_vault.clone());
        self.refreshing = Some(Box::pin(async move {
            let Some(used) = used else {
                return Err(Refusal::Secret("there is no token to refresh".to_owned()));
            };
            if Renewal::of(&config) == Renewal::Fetch {
                return auth::refresh(&config, &vault, &gate, &used, in_vault.as_ref()).await;
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
    pub(super) fn refresh_ahead_if_due(&mut self) {
        if self.refresh_due.is_none_or(|due| Instant::now() < due) {
            return;
        }
        self.refresh_due = None;
        if *self.machine.state() == State::Open {
            self.refresh();
        }
    }

    pub(super) fn plan_refresh(&mut self) {
        let token = self.used.as_ref().filter(|_| Renewal::of(&self.config) == Renewal::Fetch);
        let due = token.and_then(|token| auth::refresh_due(token, Timestamp::now()));
        self.refresh_due = due.map(|due| Instant::now() + due);
    }

    pub(super) async fn refreshed(&mut self, result: Result<Refreshed, Refusal>) -> Result<(), Unheard> {
        self.refreshing = None;
        let result = match result {
            Ok(Refreshed { secret, stored }) => {
                let in_vault = self.newer.take().map(|newer| newer.in_vault).or(self.used.take());
                self.newer = in_vault.filter(|_| !stored).map(|in_vault| Newer { secret: secret.clone(), in_vault });
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
