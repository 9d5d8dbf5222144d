//! The task's tokens: refreshed when the server refuses one, and ahead of their end. One refresh at a time.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::task::{Task, Unheard};
use crate::auth::{self, Credentials, Refreshed, Renewal};
use crate::connection::{Input, Refusal, State};

/// A refresh ahead of time that fails is tried again after so long.
const REFRESH_PAUSE: Duration = Duration::from_secs(30);

impl Task {
    /// The server refused the secret: gets another, or waits for the one that is on its way.
    pub(super) fn refresh(&mut self) {
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
    pub(super) fn refresh_ahead(&mut self) {
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
