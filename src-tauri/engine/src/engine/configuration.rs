//! The one task that reads and writes the configuration file, and the secrets that go with an edit.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::mpsc;

use super::EngineError;
use super::cause::Reply;
use crate::auth;
use crate::config::{Auth, Config, SecretSource, StreamConfig, edit, parse};
use crate::model::StreamId;
use crate::profile;
use crate::secrets::{Part, Secret, Vault};

mod watch;

use watch::Watch;

/// How long a file must be left alone before it is read: editors write in several steps.
const SETTLE: Duration = Duration::from_millis(150);

/// What the task is asked.
#[derive(Debug)]
pub(super) enum Order {
    /// The file may have changed.
    Reload,
    Save {
        original: Option<String>,
        stream: Box<StreamConfig>,
        secret: Option<Secret>,
        reply: Reply,
    },
    Remove {
        name: String,
        reply: Reply,
    },
}

/// What the engine learns of the configuration.
#[derive(Debug)]
pub(super) struct Change {
    /// The new configuration, or in one line why the file is not in force.
    pub(super) result: Result<Config, String>,
    /// A stream that got a new name.
    pub(super) renamed: Option<(String, StreamId)>,
    /// A stream whose secret changed.
    pub(super) secret_of: Option<StreamId>,
    /// Who is answered once the change is in force.
    pub(super) reply: Option<Reply>,
}

/// Starts the task; it ends when its orders do. Changes come out of the second channel. As many orders wait as there
/// are callers that wait for an answer.
pub(super) fn start(file: Option<PathBuf>, vault: Vault) -> (mpsc::UnboundedSender<Order>, mpsc::Receiver<Change>) {
    let (orders, received) = mpsc::unbounded_channel();
    let (changes, changed) = mpsc::channel(1);
    let task = Task { text: file.as_deref().and_then(|file| read(file).ok()), file, vault, changes };
    tokio::spawn(task.run(received));
    (orders, changed)
}

struct Task {
    file: Option<PathBuf>,
    /// The text last read or written; the same text again is no change.
    text: Option<String>,
    vault: Vault,
    changes: mpsc::Sender<Change>,
}

impl Task {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut watch = self.file.as_deref().map_or_else(Watch::nothing, Watch::on);
        loop {
            let order = tokio::select! {
                order = orders.recv() => order,
                () = watch.changed() => Some(Order::Reload),
            };
            let Some(order) = order else { return };
            let change = match order {
                Order::Reload => {
                    tokio::time::sleep(SETTLE).await;
                    self.reload()
                }
                Order::Save { original, stream, secret, reply } => {
                    let name = stream.name.clone();
                    let changed_secret = secret.is_some();
                    match self.save(original.as_deref(), &stream, secret).await {
                        Ok(config) => Some(Change {
                            result: Ok(config),
                            renamed: original
                                .filter(|original| original.as_str() != name.as_str())
                                .map(|original| (original, name.clone())),
                            secret_of: changed_secret.then_some(name),
                            reply: Some(reply),
                        }),
                        Err(error) => refuse(reply, error),
                    }
                }
                Order::Remove { name, reply } => match self.remove(&name).await {
                    Ok(config) => {
                        Some(Change { result: Ok(config), renamed: None, secret_of: None, reply: Some(reply) })
                    }
                    Err(error) => refuse(reply, error),
                },
            };
            if let Some(change) = change
                && self.changes.send(change).await.is_err()
            {
                return;
            }
        }
    }

    fn reload(&mut self) -> Option<Change> {
        let file = self.file.as_deref()?;
        let result = match read(file) {
            Ok(text) if self.text.as_ref() == Some(&text) => return None,
            Ok(text) => {
                let parsed = parse(&text).map_err(|errors| explain(file, &errors));
                self.text = Some(text);
                parsed
            }
            Err(error) => {
                self.text = None;
                Err(format!("{error:#}"))
            }
        };
        Some(Change { result, renamed: None, secret_of: None, reply: None })
    }

    async fn save(
        &mut self,
        original: Option<&str>,
        stream: &StreamConfig,
        secret: Option<Secret>,
    ) -> Result<Config, EngineError> {
        let text = self.current()?;
        let edited = edit::save_stream(&text, original, stream).map_err(|error| EngineError::Invalid(error.message))?;
        let config = self.validated(&edited)?;
        let old = original.and_then(|original| stream_of(&text, original));
        if let Some(old) = &old {
            auth::check_origin(old, stream, secret.is_some()).map_err(EngineError::Invalid)?;
        }
        if secret.is_some() && stream.auth.secret() != Some(&SecretSource::Keyring) {
            return Err(EngineError::Invalid(match stream.auth {
                Auth::None => "a stream without sign-in has no token: choose how it signs in".to_owned(),
                Auth::Bearer { .. }
                | Auth::Basic { .. }
                | Auth::Header { .. }
                | Auth::Query { .. }
                | Auth::Cookie { .. }
                | Auth::OAuth2(_) => {
                    "this stream reads its token from elsewhere: set it there, or let it use the keyring".to_owned()
                }
            }));
        }
        let name = stream.name.as_str();
        let mut secrets = Vec::new();
        let renamed = original.filter(|original| *original != name);
        if let Some(original) = renamed {
            secrets = self.moved(original, stream, secret.is_some()).await?;
        }
        secrets.extend(secret.map(|secret| (name.to_owned(), secret)));
        let mut before = self.put(secrets).await?;
        if let Some(old) = old.as_deref().filter(|old| auth::must_sign_in_again(old, stream)) {
            before.extend(self.take_out(old, stream).await?);
        }
        if let Err(error) = self.write(edited).await {
            self.put_back(before).await;
            return Err(error);
        }
        match (renamed, &old) {
            (Some(original), _) => self.forget(original, old.as_deref()).await,
            (None, Some(old)) => self.drop_unused(old, stream).await,
            (None, None) => {}
        }
        Ok(config)
    }

    /// The secrets of a stream that gets a new name, under their new accounts.
    async fn moved(
        &self,
        original: &str,
        stream: &StreamConfig,
        typed: bool,
    ) -> Result<Vec<(String, Secret)>, EngineError> {
        let from = StreamConfig { name: original.into(), ..stream.clone() };
        let mut moved = Vec::new();
        for (old, new) in auth::accounts(&from).into_iter().zip(auth::accounts(stream)) {
            if !(typed && old == original)
                && let Some(secret) = self.vault.get(&old).await?
            {
                moved.push((new, secret));
            }
        }
        Ok(moved)
    }

    /// Puts secrets into the vault, all or none; gives what it held before.
    async fn put(&self, secrets: Vec<(String, Secret)>) -> Result<Vec<(String, Option<Secret>)>, EngineError> {
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
    async fn take_out(
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

    /// Deletes what the stream had beside its main secret and has no more: the secret of a header that is gone.
    async fn drop_unused(&self, old: &StreamConfig, new: &StreamConfig) {
        for part in auth::parts(old).filter(|part| !auth::parts(new).any(|kept| kept == *part)) {
            let account = part.account(old.name.as_str());
            if let Err(error) = self.vault.delete(&account).await {
                tracing::warn!(account, %error, "a secret that is no longer used stays in the keyring");
            }
        }
    }

    async fn put_back(&self, before: Vec<(String, Option<Secret>)>) {
        for (account, held) in before {
            let restored = match &held {
                Some(held) => self.vault.set(&account, held).await,
                None => self.vault.delete(&account).await.map(drop),
            };
            if let Err(error) = restored {
                tracing::warn!(account, %error, "the old token could not be put back into the keyring");
            }
        }
    }

    /// Deletes the secrets of a name that is gone; its main one also where the stream does not use it.
    async fn forget(&self, name: &str, old: Option<&StreamConfig>) {
        let mut accounts = old.map(auth::accounts).unwrap_or_default();
        if !accounts.iter().any(|account| account == name) {
            accounts.push(name.to_owned());
        }
        for account in accounts {
            if let Err(error) = self.vault.delete(&account).await {
                tracing::warn!(account, %error, "the token of a name that is gone stays in the keyring");
            }
        }
    }

    async fn remove(&mut self, name: &str) -> Result<Config, EngineError> {
        let text = self.current()?;
        let edited = edit::remove_stream(&text, name).map_err(|error| EngineError::Invalid(error.message))?;
        let config = self.validated(&edited)?;
        self.write(edited).await?;
        self.forget(name, stream_of(&text, name).as_deref()).await;
        Ok(config)
    }

    /// The text as it is on disk now, so that an edit by hand is never overwritten by ours.
    fn current(&self) -> Result<String, EngineError> {
        let file = self.file.as_deref().ok_or_else(|| {
            EngineError::File("this instance has no configuration file: start Streambell without --demo".to_owned())
        })?;
        read(file).map_err(|error| EngineError::File(format!("{error:#}")))
    }

    fn validated(&self, text: &str) -> Result<Config, EngineError> {
        let file = self.file.as_deref().unwrap_or(std::path::Path::new("config.toml"));
        parse(text).map_err(|errors| EngineError::Invalid(explain(file, &errors)))
    }

    async fn write(&mut self, text: String) -> Result<(), EngineError> {
        let Some(file) = self.file.clone() else { return Err(EngineError::Ended) };
        let written = text.clone();
        tokio::task::spawn_blocking(move || profile::write_atomically(&file, &written))
            .await
            .map_err(|_| EngineError::Ended)?
            .map_err(|error| EngineError::File(format!("{error:#}")))?;
        self.text = Some(text);
        Ok(())
    }
}

/// A stream as the file has it.
fn stream_of(text: &str, name: &str) -> Option<Arc<StreamConfig>> {
    parse(text).ok()?.streams.into_iter().find(|stream| stream.name.as_str() == name)
}

fn refuse(reply: Reply, error: EngineError) -> Option<Change> {
    // Who asked may be gone.
    drop(reply.send(Err(error)));
    None
}

/// The file's text; empty where it does not exist.
fn read(file: &std::path::Path) -> anyhow::Result<String> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

/// The first fault, and how many more there are.
fn explain(file: &std::path::Path, errors: &[crate::config::ConfigError]) -> String {
    let more = match errors.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more: run `streambell check`)", count - 1),
    };
    let first = errors.first().map(ToString::to_string).unwrap_or_default();
    format!("{}:{first}{more}", file.display())
}
