//! The secrets that go with an edit: they follow a stream to its new name, and go with what used them.

use super::{EngineError, Task};
use crate::auth::{self, Typed};
use crate::config::StreamConfig;
use crate::secrets::{Part, Secret};

impl Task {
    /// The secrets of a stream that gets a new name, under their new accounts.
    pub(super) async fn moved(
        &self,
        original: &str,
        stream: &StreamConfig,
        typed: &Typed,
    ) -> Result<Vec<(String, Secret)>, EngineError> {
        let from = StreamConfig { name: original.into(), ..stream.clone() };
        let typed = typed.accounts(original);
        let mut moved = Vec::new();
        for (old, new) in auth::accounts(&from).into_iter().zip(auth::accounts(stream)) {
            if !typed.iter().any(|(account, _)| *account == old)
                && let Some(secret) = self.vault.get(&old).await?
            {
                moved.push((new, secret));
            }
        }
        Ok(moved)
    }

    /// Refuses a stream that would use what the vault holds under its name though nobody typed it for that stream: what
    /// a stream left that was removed with an editor is not for whatever gets its name.
    pub(super) async fn check_found(
        &self,
        old: Option<&StreamConfig>,
        new: &StreamConfig,
        typed: &Typed,
    ) -> Result<(), EngineError> {
        let name = new.name.as_str();
        let used = old.map(|old| auth::accounts(&StreamConfig { name: name.into(), ..old.clone() }));
        let known =
            used.unwrap_or_default().into_iter().chain(typed.accounts(name).into_iter().map(|(account, _)| account));
        let known: Vec<String> = known.collect();
        for account in auth::accounts(new).iter().filter(|account| !known.contains(account)) {
            // A vault that does not answer now will be asked by the stream itself.
            if let Ok(Some(_)) = self.vault.get(account).await {
                return Err(EngineError::SecretThere(name.to_owned()));
            }
        }
        Ok(())
    }

    /// Puts secrets into the vault, all or none; gives what it held before.
    pub(super) async fn put(
        &self,
        secrets: Vec<(String, Secret)>,
    ) -> Result<Vec<(String, Option<Secret>)>, EngineError> {
        let mut before = Vec::new();
        for (account, secret) in secrets {
            let put = match self.vault.get(&account).await {
                Ok(held) => {
                    before.push((account.clone(), held));
                    self.vault.set(&account, &secret).await
                }
                Err(error) => Err(error),
            };
            if let Err(error) = put {
                self.put_back(before).await;
                return Err(error.into());
            }
        }
        Ok(before)
    }

    /// Takes out what a sign-in brought: it is another server's. Gives what the vault held before.
    pub(super) async fn take_out(
        &self,
        old: &StreamConfig,
        new: &StreamConfig,
    ) -> Result<Vec<(String, Option<Secret>)>, EngineError> {
        let mut before = Vec::new();
        for name in [old.name.as_str(), new.name.as_str()] {
            for account in [Part::Main, Part::AccessToken].map(|part| part.account(name)) {
                if let Some(held) = self.vault.get(&account).await? {
                    self.vault.delete(&account).await?;
                    before.push((account, Some(held)));
                }
            }
        }
        Ok(before)
    }

    /// Deletes what the stream had beside its main secret and has no more: the secret of a header that is gone. Gives
    /// what the vault held.
    pub(super) async fn drop_unused(&self, old: &StreamConfig, new: &StreamConfig) -> Vec<(String, Option<Secret>)> {
        let unused = auth::parts(old).filter(|part| !auth::parts(new).any(|kept| kept == *part));
        self.delete(unused.map(|part| part.account(old.name.as_str())).collect()).await
    }

    /// Gives accounts back what they held.
    pub(super) async fn put_back(&self, before: Vec<(String, Option<Secret>)>) {
        // What was held first counts.
        for (account, held) in before.into_iter().rev() {
            let restored = match &held {
                Some(held) => self.vault.set(&account, held).await,
                None => self.vault.delete(&account).await.map(drop),
            };
            if let Err(error) = restored {
                tracing::warn!(account, %error, "the old token could not be put back into the keyring");
            }
        }
    }

    /// Deletes the secrets of a name that is gone; its main one also where the stream does not use it. Gives what the
    /// vault held.
    pub(super) async fn forget(&self, name: &str, old: Option<&StreamConfig>) -> Vec<(String, Option<Secret>)> {
        let mut accounts = old.map(auth::accounts).unwrap_or_default();
        if !accounts.iter().any(|account| account == name) {
            accounts.push(name.to_owned());
        }
        self.delete(accounts).await
    }

    /// Deletes secrets that nothing uses any more, as far as the vault does so; gives what it held.
    async fn delete(&self, accounts: Vec<String>) -> Vec<(String, Option<Secret>)> {
        let mut before = Vec::new();
        for account in accounts {
            let held = self.vault.get(&account).await.ok().flatten();
            if let Err(error) = self.vault.delete(&account).await {
                tracing::warn!(account, %error, "a secret that is no longer used stays in the keyring");
            } else if held.is_some() {
                before.push((account, held));
            }
        }
        before
    }
}
