//! The task's tokens: fetched where there is none, refreshed when the server refuses one, and ahead of their end. One
//! refresh at a time.

use std::mem;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::task::{Task, Unheard};
use super::{Report, Token};
use crate::auth::{self, Credentials, Granted, Refreshed, Renewal};
use crate::config::StreamConfig;
use crate::connection::{Input, Refusal, State};
use crate::locale::Text;
use crate::secrets::{Secret, Turn, Vault};
use crate::text;

/// A refresh ahead of time that fails is tried again after so long.
const REFRESH_PAUSE: Duration = Duration::from_secs(30);
/// A token that was just fetched is kept for so long: by a clock that is fast each would be at its end already.
const LEAST_KEPT: Duration = Duration::from_secs(30);
/// For so long a refresh is seen through that is under way when the task is to end.
const LAST_REFRESH: Duration = Duration::from_secs(4);

/// What a refresh brought.
#[derive(Debug)]
pub(super) enum Fetched {
    /// A secret in place of the one before.
    Secret(Refreshed),
    /// An access token.
    Access(Granted),
}

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
    /// Its turn with the vault; none where it has nothing there. What the vault holds after a change of its settings, which
    /// ends it, may be for another server.
    pub(super) fn turn(&self) -> impl Future<Output = Result<Option<Turn>, Refusal>> + use<> {
        let (config, vault, ending) = (self.config.clone(), self.vault.clone(), self.ending.clone());
        async move {
            if auth::accounts(&config).is_empty() {
                return Ok(None);
            }
            let turn = vault.turn().await;
            if ending.is_cancelled() {
                return Err(Refusal::NoVault(text!("its settings are others now", "它的设置已经改变")));
            }
            Ok(Some(turn))
        }
    }

    /// The server refused the secret: gets another, or waits for the one that is on its way.
    pub(super) fn refresh(&mut self) {
        if self.refreshing.is_some() {
            return;
        }
        let (config, vault, gate) = (self.config.clone(), self.vault.clone(), self.gate.clone());
        // Kept until the new one is stored: an edit in between would find, and keep, one that is spent.
        let (used, turn) = (self.used.clone(), self.turn());
        if config.auth.oauth2().is_some() {
            let unsaved = self.newer.clone().map(|newer| (newer.secret, newer.in_vault));
            self.refreshing = Some(Box::pin(async move {
                let _turn = turn.await?;
                let Some(settings) = config.auth.oauth2() else { return Err(Refusal::NoToken(Text::default())) };
                let granted = auth::grant(&config, settings, &vault, &gate, unsaved, used.as_ref()).await;
                granted.map(Fetched::Access)
            }));
            return;
        }
        let in_vault = self.newer.as_ref().map(|newer| newer.in_vault.clone());
        self.refreshing = Some(Box::pin(async move {
            let _turn = turn.await?;
            let Some(used) = used else {
                return Err(Refusal::Secret(text!("there is no token to refresh", "没有可以更新的令牌")));
            };
            if Renewal::of(&config) == Renewal::Fetch {
                let refreshed = auth::refresh(&config, &vault, &gate, &used, in_vault.as_ref()).await;
                return refreshed.map(Fetched::Secret);
            }
            let credentials = Credentials::read(&config, &vault, None).await?;
            match credentials.secret() {
                Some(secret) if !auth::same(secret, &used) => {
                    Ok(Fetched::Secret(Refreshed { secret: secret.clone(), stored: true }))
                }
                _ => Err(Refusal::Secret(text!(
                    "the server does not accept the secret, and where it comes from has no other",
                    "服务器不接受这个凭据，而它的来源也没有别的"
                ))),
            }
        }));
    }

    /// A refusal, as a 401 where it is a 403 for a token that by its own account has ended: many servers say no more of
    /// one than that it is bad.
    pub(super) fn of_ended_token(&self, mut refusal: Refusal) -> Refusal {
        let ended = self.used.as_ref().and_then(auth::expires_at).is_some_and(|end| end <= Timestamp::now());
        if let Refusal::Status { status, .. } = &mut refusal
            && *status == 403
            && ended
        {
            *status = 401;
        }
        refusal
    }

    /// A person gave the stream another secret.
    pub(super) fn secret_changed(&mut self) {
        self.newer = None;
        self.access = None;
        self.outdated = self.refreshing.is_some() && self.config.auth.oauth2().is_some();
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

    /// Plans the next refresh, no sooner than `earliest` from now, and tells how long the token that is in use lives.
    pub(super) async fn plan_refresh(&mut self, earliest: Duration) -> Result<(), Unheard> {
        let now = Timestamp::now();
        let token = self.used.as_ref().filter(|_| Renewal::of(&self.config) == Renewal::Fetch);
        let due = match &self.access {
            Some(access) => access.refresh_due(now),
            None => token.and_then(|token| auth::refresh_due(token, now)),
        };
        let due = due.map(|due| due.max(earliest));
        self.refresh_due = due.map(|due| Instant::now() + due);
        let expires_at = match &self.access {
            Some(access) => access.expires_at,
            None => self.used.as_ref().and_then(auth::expires_at),
        };
        let token = Token { expires_at, renews_at: due.and_then(|due| now.checked_add(due).ok()) };
        if token == self.told {
            return Ok(());
        }
        self.told = token;
        self.report(Report::Token(token)).await
    }

    /// The access token to connect with; `None` where the stream has none.
    pub(super) fn access(&self) -> Option<Result<Secret, Refusal>> {
        self.config.auth.oauth2()?;
        let usable = self.access.as_ref().filter(|access| !access.is_over(Timestamp::now()));
        let none =
            || Refusal::NoToken(text!("there is no access token yet, or it has ended", "还没有访问令牌，或者已经到期"));
        Some(usable.map(|access| access.token.clone()).ok_or_else(none))
    }

    /// Sees a refresh through that is under way: the old token may be spent, and the new one on its way.
    pub(super) async fn end(mut self) {
        self.close();
        if let Some(refreshing) = self.refreshing.take() {
            drop(tokio::time::timeout(LAST_REFRESH, refreshing).await);
        }
    }

    fn granted(&mut self, granted: Granted) {
        let Granted { access, unsaved } = granted;
        self.newer = unsaved.map(|(secret, in_vault)| Newer { secret, in_vault });
        self.used = Some(access.token.clone());
        self.access = Some(access);
    }

    pub(super) async fn refreshed(&mut self, result: Result<Fetched, Refusal>) -> Result<(), Unheard> {
        self.refreshing = None;
        if mem::take(&mut self.outdated) {
            // For the secret of before: not worth having.
            if *self.machine.state() == State::Refreshing {
                self.refresh();
            }
            return Ok(());
        }
        let result = match result {
            Ok(Fetched::Access(granted)) => {
                self.granted(granted);
                self.plan_refresh(LEAST_KEPT).await?;
                Ok(())
            }
            Ok(Fetched::Secret(Refreshed { secret, stored })) => {
                let in_vault = self.newer.take().map(|newer| newer.in_vault).or(self.used.take());
                self.newer = in_vault.filter(|_| !stored).map(|in_vault| Newer { secret: secret.clone(), in_vault });
                self.used = Some(secret);
                self.plan_refresh(LEAST_KEPT).await?;
                Ok(())
            }
            Err(refusal) => {
                if *self.machine.state() == State::Open {
                    let why = refusal.message().english.as_str();
                    tracing::info!(stream = %self.config.name, why, "the token could not be refreshed ahead of time");
                    // What only a person can mend is not asked for again and again.
                    let again = !matches!(refusal, Refusal::Secret(_));
                    self.refresh_due = again.then(|| Instant::now() + REFRESH_PAUSE);
                }
                Err(refusal)
            }
        };
        self.tell(Input::Refreshed(result)).await
    }
}
