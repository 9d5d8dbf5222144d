//! The secrets that go with an edit: they follow a stream to its new name, and go with what used them.

use super::stream::stream_of;
use super::undo::Aside;
use super::{EngineError, Task};
use crate::auth;
use crate::config::StreamConfig;
use crate::consent::{self, Reach};
use crate::secrets::{Changing, Part, Secret};

impl Task {
    /// The turn of an edit that changes what the vault holds: a stream that is about to connect must not read what is for
    /// another server before the engine has told it so.
    pub(super) async fn changing(&self, changes: bool) -> Result<Option<Changing>, EngineError> {
        Ok(if changes { Some(self.vault.change().await?) } else { None })
    }

    /// The secrets that a stream takes along from its old accounts to the new ones.
    pub(super) async fn moved(&self, accounts: &[(String, String)]) -> Result<Vec<(String, Secret)>, EngineError> {
        let mut moved = Vec::new();
        for (old, new) in accounts {
            if let Some(secret) = self.vault.get(old).await? {
                moved.push((new.clone(), secret));
            }
        }
        Ok(moved)
    }

    /// What the accounts that an edit changed are to hold again. What a stream took along to another name may have been
    /// renewed there, and the old one no longer be worth anything: then it takes the new one back.
    pub(super) async fn held_before(&self, aside: &Aside) -> Result<Vec<(String, Option<Secret>)>, EngineError> {
        // What was held first counts: it comes last.
        let mut before: Vec<_> = aside.secrets.iter().rev().cloned().collect();
        for (old, new) in &aside.moved {
            if let Some(secret) = self.vault.get(new).await? {
                before.push((old.clone(), Some(secret)));
            }
        }
        Ok(before)
    }

    /// That a stream would use what the vault holds under its name though that is neither its own so far nor typed for
    /// it: what a stream left that was removed with an editor is not for whatever gets its name.
    ///
    /// # Errors
    /// Where the vault does not say what it holds: it may do so once the stream is there.
    pub(super) async fn leftover(&self, stream: &StreamConfig, own: &[&str]) -> Result<Option<Reach>, EngineError> {
        for account in auth::accounts(stream).iter().filter(|account| !own.contains(&account.as_str())) {
            if self.vault.get(account).await?.is_some() {
                return Ok(Some(Reach::Leftover { stream: stream.name.to_string(), to: consent::places(stream) }));
            }
        }
        Ok(None)
    }

    /// Has accounts hold these secrets, or none, in this order; all or nothing. Gives what they held before.
    pub(super) async fn put(
        &self,
        secrets: Vec<(String, Option<Secret>)>,
    ) -> Result<Vec<(String, Option<Secret>)>, EngineError> {
        let mut before = Vec::new();
        for (account, secret) in secrets {
            let put = match self.vault.get(&account).await {
                Ok(held) => {
                    before.push((account.clone(), held));
                    match &secret {
                        Some(secret) => self.vault.set(&account, secret).await,
                        None => self.vault.delete(&account).await.map(drop),
                    }
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

    /// Deletes what the stream used and uses no more, such as the secret of a header that is gone: it must not be there
    /// for a server that the stream gets later. Gives what the vault held.
    pub(super) async fn drop_unused(&self, old: &StreamConfig, new: &StreamConfig) -> Vec<(String, Option<Secret>)> {
        let used = auth::accounts(new);
        self.delete(auth::accounts(old).into_iter().filter(|account| !used.contains(account)).collect()).await
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

    /// Those of a stream's accounts that the vault holds something for.
    pub(super) async fn held(&self, stream: &StreamConfig) -> Result<Vec<String>, EngineError> {
        let mut held = Vec::new();
        for account in auth::accounts(stream) {
            if self.vault.get(&account).await?.is_some() {
                held.push(account);
            }
        }
        Ok(held)
    }

    /// Deletes what a sign-in brought a stream that is gone again, since it was added.
    pub(super) async fn forget_added(&self, text: &str, aside: &Aside) {
        let Some((name, held)) = &aside.added else { return };
        let mut accounts = stream_of(text, name.as_str()).as_deref().map(auth::accounts).unwrap_or_default();
        accounts.retain(|account| !held.contains(account) && !aside.secrets.iter().any(|(back, _)| back == account));
        self.delete(accounts).await;
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use futures_util::FutureExt as _;
    use tokio::sync::{mpsc, oneshot};

    use super::super::undo::Edits;
    use super::super::{Change, Edited, Order, start};
    use super::*;
    use crate::config::{Auth, SecretSource};
    use crate::consent::NeedsConsent;
    use crate::engine::StreamEdit;
    use crate::secrets::{SecretError, Vault};

    fn task(vault: Vault) -> Task {
        let (changes, _) = mpsc::channel(1);
        Task { file: None, text: None, in_force: "".into(), vault, changes, edits: 0, undo: Edits::default() }
    }

    #[tokio::test]
    async fn what_a_vault_does_not_tell_is_taken_for_nobodys_permission() {
        let auth = Auth::Bearer { secret: SecretSource::Keyring };
        let stream = StreamConfig { auth, ..StreamConfig::new("s", "https://h/") };
        let held = task(Vault::Locked).leftover(&stream, &[]).await;
        assert!(matches!(held, Err(EngineError::Secret(SecretError::Locked))), "{held:?}");
        let own = task(Vault::Locked).leftover(&stream, &["s"]).await;
        assert!(matches!(own, Ok(None)), "what was typed is not looked for: {own:?}");
        let vault = Vault::memory();
        assert!(matches!(task(vault.clone()).leftover(&stream, &[]).await, Ok(None)));
        vault.set("s", &"left".to_owned().into()).await.unwrap_or_default();
        let left = task(vault).leftover(&stream, &[]).await;
        assert!(matches!(left, Ok(Some(Reach::Leftover { .. }))), "{left:?}");
    }

    fn bearer(url: &str, secret: SecretSource) -> StreamConfig {
        StreamConfig { auth: Auth::Bearer { secret }, ..StreamConfig::new("s", url) }
    }

    async fn held(vault: &Vault) -> Option<String> {
        let held = vault.get("s").await.ok().flatten();
        held.map(|secret| secrecy::ExposeSecret::expose_secret(&secret).to_owned())
    }

    /// What the vault holds once an edit waits for its turn. It does so only where somebody has one.
    async fn waited_for(vault: &Vault) -> Option<String> {
        while vault.turn().now_or_never().is_some() {
            tokio::task::yield_now().await;
        }
        held(vault).await
    }

    #[tokio::test]
    async fn nobody_gets_a_secret_that_was_changed_before_the_engine_has_put_the_change_in_force()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("config.toml");
        std::fs::write(
            &file,
            "version = 1\n[[stream]]\nname = \"s\"\nurl = \"https://a/\"\nauth = { kind = \"bearer\" }\n",
        )?;
        let vault = Vault::memory();
        vault.set("s", &"a's".to_owned().into()).await?;
        let (orders, mut changes) = start(Some(file), vault.clone());
        let move_on = |reply| {
            let edit = StreamEdit::new(Some("s".to_owned()), bearer("https://b/", SecretSource::Keyring));
            let typed = Some(Secret::from("b's")).into();
            Order::Save { edit: Box::new(StreamEdit { typed, ..edit }), reply }
        };
        let take_back = |reply| Order::Undo { edit: 1, agreed: None, reply };
        let orders_made: [&dyn Fn(_) -> Order; 2] = [&move_on, &take_back];
        for (order, before, after) in [(orders_made[0], "a's", "b's"), (orders_made[1], "b's", "a's")] {
            let using = vault.turn().await;
            let (reply, _answer) = oneshot::channel();
            orders.send(order(reply))?;
            assert_eq!(waited_for(&vault).await.as_deref(), Some(before), "somebody is about to send it");
            drop(using);
            let change = changes.recv().await.ok_or("no change")?;
            assert_eq!(held(&vault).await.as_deref(), Some(after));
            assert!(vault.turn().now_or_never().is_none(), "the engine has not stopped the old one yet");
            drop(change);
            assert!(vault.turn().now_or_never().is_some());
        }
        Ok(())
    }

    /// Asks for an edit while a refresh is under way, which then brings a new secret; gives what the edit changed.
    async fn made_while_renewed(
        vault: &Vault,
        orders: &mpsc::UnboundedSender<Order>,
        changes: &mut mpsc::Receiver<Change>,
        order: impl FnOnce(Edited) -> Order,
    ) -> Result<Change, Box<dyn std::error::Error>> {
        let refreshing = vault.turn().await;
        let (reply, _answer) = oneshot::channel();
        orders.send(order(reply))?;
        tokio::select! {
            _ = changes.recv() => return Err("the edit did not wait for the refresh".into()),
            _ = waited_for(vault) => vault.set("s", &"renewed".to_owned().into()).await?,
        }
        drop(refreshing);
        let change = changes.recv().await.ok_or("no change")?;
        assert!(held(vault).await.is_none(), "the stream is gone");
        assert!(vault.turn().now_or_never().is_none(), "the engine has not stopped it yet");
        Ok(change)
    }

    #[tokio::test]
    async fn what_a_refresh_brings_while_its_stream_is_removed_comes_back_with_it()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("config.toml");
        std::fs::write(
            &file,
            "version = 1\n[[stream]]\nname = \"s\"\nurl = \"https://a/\"\nauth = { kind = \"bearer\" }\n",
        )?;
        let vault = Vault::memory();
        vault.set("s", &"spent".to_owned().into()).await?;
        let (orders, mut changes) = start(Some(file), vault.clone());
        let remove = |reply| Order::Remove { name: "s".to_owned(), reply };
        drop(made_while_renewed(&vault, &orders, &mut changes, remove).await?);
        let (reply, _answer) = oneshot::channel();
        orders.send(Order::Undo { edit: 1, agreed: None, reply })?;
        drop(changes.recv().await.ok_or("no change")?);
        assert_eq!(held(&vault).await.as_deref(), Some("renewed"));
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_without_secrets_is_removed_and_taken_back_whoever_signs_in_meanwhile()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "version = 1\n[[stream]]\nname = \"s\"\nurl = \"https://a/\"\n")?;
        let vault = Vault::memory();
        let mut task = Task { file: Some(file), ..task(vault.clone()) };
        let _signing_in = vault.turn().await;
        task.remove("s").await?;
        task.save(&StreamEdit::new(None, StreamConfig::new("new", "https://a/"))).await?;
        task.take_back(task.edits, None).await?;
        Ok(())
    }

    #[tokio::test]
    async fn what_a_refresh_brings_while_the_stream_is_taken_back_is_not_left() -> Result<(), Box<dyn std::error::Error>>
    {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "version = 1\n")?;
        let vault = Vault::memory();
        let (orders, mut changes) = start(Some(file), vault.clone());
        let (reply, _answer) = oneshot::channel();
        let edit = Box::new(StreamEdit::new(None, bearer("https://a/", SecretSource::Keyring)));
        orders.send(Order::Save { edit, reply })?;
        drop(changes.recv().await.ok_or("no change")?);
        let take_back = |reply| Order::Undo { edit: 1, agreed: None, reply };
        drop(made_while_renewed(&vault, &orders, &mut changes, take_back).await?);
        Ok(())
    }

    #[tokio::test]
    async fn an_edit_that_is_refused_is_in_nobodys_way() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("config.toml");
        std::fs::write(
            &file,
            "version = 1\n[[stream]]\nname = \"s\"\nurl = \"https://a/\"\nauth = { kind = \"bearer\" }\n",
        )?;
        let vault = Vault::memory();
        let mut task = Task { file: Some(file), ..task(vault.clone()) };
        let other = bearer("https://a/", SecretSource::File(PathBuf::from("/nowhere")));
        let saved = task.save(&StreamEdit::new(Some("s".to_owned()), other)).await;
        assert!(matches!(saved, Err(EngineError::Consent(_))), "{saved:?}");
        assert!(vault.turn().now_or_never().is_some());
        Ok(())
    }

    #[tokio::test]
    async fn a_stream_that_is_taken_back_after_its_sign_in_leaves_no_token() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "version = 1\n")?;
        let vault = Vault::memory();
        let mut task = Task { file: Some(file.clone()), ..task(vault.clone()) };
        let written = "name = \"s\"\nurl = \"https://h/\"\nauth = { kind = \"oauth2\", grant = \"device\", token_url = \"https://h/t\", device_url = \"https://h/d\", client_id = \"me\" }\n";
        let config = crate::config::parse(&format!("version = 1\n[[stream]]\n{written}")).unwrap_or_default();
        let edit = StreamEdit::new(None, StreamConfig::clone(&config.streams[0]));
        task.save(&edit).await?;
        let accounts = auth::accounts(&config.streams[0]);
        assert_eq!(accounts.len(), 2);
        for account in &accounts {
            vault.set(account, &"brought by a sign-in".to_owned().into()).await?;
        }
        task.take_back(task.edits, None).await?;
        for account in &accounts {
            assert!(vault.get(account).await?.is_none(), "{account}");
        }
        assert_eq!(std::fs::read_to_string(&file)?, "version = 1\n");

        // What was there before is not the stream's to take along.
        vault.set(&accounts[0], &"from before".to_owned().into()).await?;
        let Err(EngineError::Consent(NeedsConsent::Question(question))) = task.save(&edit).await else {
            return Err("nobody was asked".into());
        };
        task.save(&StreamEdit { agreed: Some(question.english), ..edit }).await?;
        task.take_back(task.edits, None).await?;
        assert!(vault.get(&accounts[0]).await?.is_some());
        Ok(())
    }
}
