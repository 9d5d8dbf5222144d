//! The one task that reads and writes the configuration file, and the secrets that go with an edit.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::cause::{Edit, Edited};
use super::{EngineError, StreamEdit, StreamText};
use crate::alarm::sleep_until;
use crate::auth;
use crate::config::edit::{EditError, Settings};
use crate::config::{Config, StreamConfig, edit, parse};
use crate::consent;
use crate::locale::Text;
use crate::model::StreamId;
use crate::profile;
use crate::secrets::{Changing, Part, Vault};
use crate::text;

mod secrets;
mod undo;
mod watch;

use undo::{Aside, Edits, Undo};
use watch::Watch;

/// How long a file must be left alone before it is read: editors write in several steps.
const SETTLE: Duration = Duration::from_millis(150);

/// What the task is asked.
#[derive(Debug)]
pub(super) enum Order {
    /// The file may have changed.
    Reload,
    Save {
        edit: Box<StreamEdit>,
        reply: Edited,
    },
    Remove {
        name: String,
        reply: Edited,
    },
    /// Another change of the file's text.
    Edit {
        edit: Edit,
        reply: Edited,
    },
    /// Takes back the edit of that number, where it is the newest that was not taken back; `agreed` is what a person has
    /// read and agreed to, in English.
    Undo {
        edit: u32,
        agreed: Option<String>,
        reply: Edited,
    },
    /// The text of the configuration in force.
    Text(oneshot::Sender<Arc<str>>),
}

/// What the engine learns of the configuration.
#[derive(Debug)]
pub(super) struct Change {
    /// The new configuration, or in one line why the file is not in force.
    pub(super) result: Result<Config, Text>,
    /// A stream that got a new name.
    pub(super) renamed: Option<(String, StreamId)>,
    /// A stream whose secret changed.
    pub(super) secret_of: Option<StreamId>,
    /// Where secrets changed: until this is dropped nobody sends them anywhere.
    pub(super) changing: Option<Changing>,
    /// The number of the edit, and who is told it once the change is in force.
    pub(super) reply: Option<(u32, Edited)>,
}

/// An edit that is made.
#[derive(Debug)]
struct Made {
    config: Config,
    /// Its number; 0 where there is nothing to take back.
    edit: u32,
    /// The stream as it is named now, where it has another name.
    renamed: Option<(String, StreamId)>,
    /// Where it changed secrets.
    changing: Option<Changing>,
}

/// Starts the task; it ends when its orders do. Changes come out of the second channel. As many orders wait as there
/// are callers that wait for an answer.
pub(super) fn start(file: Option<PathBuf>, vault: Vault) -> (mpsc::UnboundedSender<Order>, mpsc::Receiver<Change>) {
    let (orders, received) = mpsc::unbounded_channel();
    let (changes, changed) = mpsc::channel(1);
    let text: Option<Arc<str>> = file.as_deref().and_then(|file| read(file).ok()).map(Into::into);
    let in_force = text.clone().filter(|text| parse(text).is_ok()).unwrap_or_default();
    let task = Task { text, in_force, file, vault, changes, edits: 0, undo: Edits::default() };
    tokio::spawn(task.run(received));
    (orders, changed)
}

struct Task {
    file: Option<PathBuf>,
    /// The text last read or written; the same text again is no change.
    text: Option<Arc<str>>,
    /// The last one that was valid.
    in_force: Arc<str>,
    vault: Vault,
    changes: mpsc::Sender<Change>,
    /// How many edits were made that can be taken back.
    edits: u32,
    /// The last of them, for a while.
    undo: Edits,
}

impl Task {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut watch = self.file.as_deref().map_or_else(Watch::nothing, Watch::on);
        loop {
            let order = tokio::select! {
                order = orders.recv() => order,
                () = watch.changed() => Some(Order::Reload),
                () = sleep_until(self.undo.forgotten_at()) => {
                    self.undo.forget();
                    continue;
                }
            };
            let Some(order) = order else { return };
            let change = match order {
                Order::Reload => {
                    tokio::time::sleep(SETTLE).await;
                    self.reload()
                }
                Order::Save { edit, reply } => {
                    // A new stream begins with what is stored for it by then.
                    let is_other = edit.original.is_some() && !edit.typed.is_empty();
                    let secret_of = is_other.then(|| edit.stream.name.clone());
                    let saved = self.save(&edit).await;
                    self.change(saved, secret_of, reply)
                }
                Order::Remove { name, reply } => {
                    let removed = self.remove(&name).await;
                    self.change(removed, None, reply)
                }
                Order::Edit { edit, reply } => {
                    let edited = self.edit(edit).await;
                    self.change(edited, None, reply)
                }
                Order::Undo { edit, agreed, reply } => match self.take_back(edit, agreed.as_deref()).await {
                    Ok((config, Aside { renamed, secret_of, .. }, changing)) => {
                        let back = |(old, new): (String, StreamId)| (new.to_string(), old.as_str().into());
                        let renamed = renamed.map(back);
                        let reply = Some((self.edits, reply));
                        Some(Change { result: Ok(config), renamed, secret_of, changing, reply })
                    }
                    Err(error) => refuse(reply, error),
                },
                Order::Text(reply) => {
                    drop(reply.send(Arc::clone(&self.in_force)));
                    None
                }
            };
            if let Some(change) = change
                && self.changes.send(change).await.is_err()
            {
                return;
            }
        }
    }

    /// What the engine learns of an edit that was made, or was not.
    fn change(&self, made: Result<Made, EngineError>, secret_of: Option<StreamId>, reply: Edited) -> Option<Change> {
        match made {
            Ok(Made { config, edit, renamed, changing }) => {
                Some(Change { result: Ok(config), renamed, secret_of, changing, reply: Some((edit, reply)) })
            }
            Err(error) => refuse(reply, error),
        }
    }

    fn reload(&mut self) -> Option<Change> {
        let file = self.file.as_deref()?;
        let result = match read(file) {
            Ok(text) if self.text.as_deref() == Some(&*text) => return None,
            Ok(text) => {
                let parsed = parse(&text).map_err(|errors| explain(file, &errors));
                let text: Arc<str> = text.into();
                if parsed.is_ok() {
                    self.in_force = Arc::clone(&text);
                }
                self.text = Some(text);
                parsed
            }
            Err(error) => {
                self.text = None;
                Err(error)
            }
        };
        Some(Change { result, renamed: None, secret_of: None, changing: None, reply: None })
    }

    async fn save(&mut self, edit: &StreamEdit) -> Result<Made, EngineError> {
        let StreamEdit { original, stream, written, typed, agreed } = edit;
        let original = original.as_deref();
        let text = self.current()?;
        let edited = match written {
            None => edit::save_stream(&text, original, stream).map_err(|error| EngineError::Invalid(error.message))?,
            Some(StreamText { text: written, base }) => {
                edit::save_stream_text(&text, original, base.as_deref(), written)?
            }
        };
        let config = self.validated(&edited)?;
        let old = original.and_then(|original| stream_of(&text, original));
        if let Some(old) = &old {
            auth::check_origin(old, stream, typed).map_err(EngineError::Invalid)?;
        }
        typed.check(stream).map_err(EngineError::Invalid)?;
        let name = stream.name.as_str();
        let renamed = original.filter(|original| *original != name);
        let forgotten = old.as_deref().filter(|old| auth::must_sign_in_again(old, stream));
        let has_others = old.as_deref().is_some_and(|old| auth::accounts(old) != auth::accounts(stream));
        let changing = self.changing(!typed.is_empty() || forgotten.is_some() || has_others).await?;
        let mut kept = old.as_deref().map(|old| auth::kept_accounts(old, stream)).unwrap_or_default();
        let mut secrets = typed.accounts(name);
        let mut moved = Vec::new();
        if renamed.is_some() {
            // What is under its new name is not its own.
            moved = std::mem::take(&mut kept);
            moved.retain(|(_, new)| !secrets.iter().any(|(account, _)| account == new));
            secrets.extend(self.moved(&moved).await?);
        }
        let kept = kept.iter().map(|(_, account)| account.as_str());
        let own: Vec<&str> = kept.chain(secrets.iter().map(|(account, _)| account.as_str())).collect();
        let mut reaches = consent::reaches(&parse(&text).unwrap_or_default(), &config);
        let stays = |part: Part<'_>| !typed.has(part) && (part != Part::Main || forgotten.is_none());
        reaches.extend(old.as_deref().and_then(|old| consent::kept(old, stream, stays)));
        reaches.extend(self.leftover(stream, &own).await?);
        consent::check(&reaches, agreed.as_deref())?;
        let added = match original {
            None => Some((stream.name.clone(), self.held(stream).await?)),
            Some(_) => None,
        };
        let mut before =
            self.put(secrets.into_iter().map(|(account, secret)| (account, Some(secret))).collect()).await?;
        if let Some(old) = forgotten {
            before.extend(self.take_out(old, stream).await?);
        }
        let edited = match self.write(&text, edited).await {
            Ok(edited) => edited,
            Err(error) => {
                self.put_back(before).await;
                return Err(error);
            }
        };
        before.extend(match (renamed, &old) {
            (Some(original), _) => self.forget(original, old.as_deref()).await,
            (None, Some(old)) => self.drop_unused(old, stream).await,
            (None, None) => Vec::new(),
        });
        let renamed = renamed.map(|original| (original.to_owned(), stream.name.clone()));
        let is_other = renamed.is_some() || !typed.is_empty() || !before.is_empty();
        let secret_of = original.filter(|_| is_other).map(Into::into);
        let aside = Aside { secrets: before, moved, renamed, secret_of, added };
        Ok(Made { changing, ..self.made(config, text, edited, aside) })
    }

    async fn remove(&mut self, name: &str) -> Result<Made, EngineError> {
        let text = self.current()?;
        let edited = edit::remove_stream(&text, name).map_err(|error| EngineError::Invalid(error.message))?;
        let config = self.validated(&edited)?;
        // What a refresh brings that is under way is stored before it is set aside: the old one may be spent.
        let changing = self.changing(has_secrets(&text, name)).await?;
        let edited = self.write(&text, edited).await?;
        let secrets = self.forget(name, stream_of(&text, name).as_deref()).await;
        Ok(Made { changing, ..self.made(config, text, edited, Aside { secrets, ..Aside::default() }) })
    }

    async fn edit(&mut self, edit: Edit) -> Result<Made, EngineError> {
        let text = self.current()?;
        // Where there is much it takes its time, and the engine does not wait for it.
        let agreed = edit.agreed.clone();
        let making = tokio::task::spawn_blocking(move || edit.make(&text).map(|edited| (text, edited)));
        let (text, edited) = making.await.map_err(|_| EngineError::Ended)??;
        let config = self.validated(&edited)?;
        // What is in the file was written by a person, even where it is not in force for want of their consent.
        let old = edit::valid_but_for_programs(&text).unwrap_or_default();
        let was_in_force = parse(&text).is_ok();
        let mut reaches = consent::reaches(&old, &config);
        for stream in consent::changed(&old, &config) {
            let before = old.streams.iter().find(|old| old.name == stream.name);
            let own = before.map(|before| auth::accounts(before)).unwrap_or_default();
            reaches.extend(before.and_then(|before| consent::kept(before, stream, |_| true)));
            reaches.extend(self.leftover(stream, &own.iter().map(String::as_str).collect::<Vec<_>>()).await?);
        }
        consent::check(&reaches, agreed.as_deref())?;
        let edited = self.write(&text, edited).await?;
        let look = Settings::of_look(&old.dashboard, &config.dashboard);
        if look != Settings::default() && config == (Config { dashboard: config.dashboard.clone(), ..old }) {
            // It must not be in the way of taking back what matters.
            let (mut edits, to) = (std::mem::take(&mut self.undo), Arc::clone(&edited));
            let going_on = move || {
                edits.go_on_with(look, &text, &to);
                edits
            };
            self.undo = tokio::task::spawn_blocking(going_on).await.map_err(|_| EngineError::Ended)?;
            return Ok(Made { config, edit: 0, renamed: None, changing: None });
        }
        if !was_in_force {
            // What could not be in force cannot be brought back.
            return Ok(Made { config, edit: 0, renamed: None, changing: None });
        }
        Ok(self.made(config, text, edited, Aside::default()))
    }

    /// Takes back the newest edit, where the file is as it left it. Tells what it had changed beside the file.
    async fn take_back(
        &mut self,
        edit: u32,
        agreed: Option<&str>,
    ) -> Result<(Config, Aside, Option<Changing>), EngineError> {
        if edit == 0 {
            let nothing = text!("there is nothing to take back", "没有可以撤销的修改");
            return Err(EditError::NotThere(nothing).into());
        }
        let current = self.current()?;
        let Some(undo) = self.undo.take(edit, &current) else {
            let changed = text!(
                "the configuration has been changed since: this cannot be taken back",
                "配置在此之后又被修改，无法撤销这次修改"
            );
            return Err(EditError::Conflict(changed).into());
        };
        let (config, changing) = match self.restore(&current, &undo, agreed).await {
            Ok(restored) => restored,
            Err(error) => {
                // It can be tried again, such as once a person has agreed: it has secrets that are nowhere else.
                self.undo.put_back(undo);
                return Err(error);
            }
        };
        self.forget_added(&current, &undo.aside).await;
        self.edits += 1;
        Ok((config, undo.aside, changing))
    }

    /// Puts the secrets and the file back as they were before an edit, both or neither.
    async fn restore(
        &mut self,
        current: &str,
        undo: &Undo,
        agreed: Option<&str>,
    ) -> Result<(Config, Option<Changing>), EngineError> {
        let config = self.validated(&undo.before)?;
        consent::check(&undo.reaches(&parse(current).unwrap_or_default(), &config), agreed)?;
        let Aside { secrets, moved, added, .. } = &undo.aside;
        let is_signed_in = added.as_ref().is_some_and(|(name, _)| has_secrets(current, name.as_str()));
        let changing = self.changing(!secrets.is_empty() || !moved.is_empty() || is_signed_in).await?;
        let held = self.put(self.held_before(&undo.aside).await?).await?;
        let written = self.write(current, undo.before.to_string()).await;
        if written.is_err() {
            self.put_back(held).await;
        }
        written.map(|_| (config, changing))
    }

    /// An edit is made.
    fn made(&mut self, config: Config, before: String, after: Arc<str>, aside: Aside) -> Made {
        let renamed = aside.renamed.clone();
        if *before == *after && aside.is_nothing() {
            return Made { config, edit: 0, renamed, changing: None };
        }
        self.edits += 1;
        self.undo.made(self.edits, before.into(), after, aside);
        Made { config, edit: self.edits, renamed, changing: None }
    }

    /// The text as it is on disk now, so that an edit by hand is never overwritten by ours.
    fn current(&self) -> Result<String, EngineError> {
        let file = self.file.as_deref().ok_or_else(|| {
            EngineError::File(text!(
                "this instance has no configuration file: start Streambell without --demo",
                "这个实例没有配置文件：请不带 --demo 启动 Streambell"
            ))
        })?;
        read(file).map_err(EngineError::File)
    }

    fn validated(&self, text: &str) -> Result<Config, EngineError> {
        let file = self.file.as_deref().unwrap_or(std::path::Path::new("config.toml"));
        parse(text).map_err(|errors| EngineError::Invalid(explain(file, &errors)))
    }

    /// Writes a valid text, which is in force from then on, in the place of the one that it was made of: a keyring may
    /// have asked its owner meanwhile, and somebody else may have written.
    async fn write(&mut self, before: &str, text: String) -> Result<Arc<str>, EngineError> {
        if self.current()? != before {
            return Err(EditError::configuration_changed().into());
        }
        let Some(file) = self.file.clone() else { return Err(EngineError::Ended) };
        let written = text.clone();
        tokio::task::spawn_blocking(move || profile::write_atomically(&file, &written))
            .await
            .map_err(|_| EngineError::Ended)?
            .map_err(EngineError::File)?;
        self.in_force = text.into();
        self.text = Some(Arc::clone(&self.in_force));
        Ok(Arc::clone(&self.in_force))
    }
}

/// A stream as the file has it.
fn stream_of(text: &str, name: &str) -> Option<Arc<StreamConfig>> {
    parse(text).ok()?.streams.into_iter().find(|stream| stream.name.as_str() == name)
}

/// Whether a stream may use what the vault holds; so also one that cannot be told.
fn has_secrets(text: &str, name: &str) -> bool {
    stream_of(text, name).is_none_or(|stream| !auth::accounts(&stream).is_empty())
}

fn refuse(reply: Edited, error: EngineError) -> Option<Change> {
    // Who asked may be gone.
    drop(reply.send(Err(error)));
    None
}

/// The file's text; empty where it does not exist.
fn read(file: &std::path::Path) -> Result<String, Text> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => {
            let (file, why) = (file.display(), Text::of_system(&error));
            Err(text!("{file} cannot be read: {why}", "无法读取 {file}：{why}", why))
        }
    }
}

/// The first fault, and how many more there are.
fn explain(file: &std::path::Path, errors: &[crate::config::ConfigError]) -> Text {
    let more = match errors.len() {
        0 | 1 => Text::default(),
        count => {
            let count = count - 1;
            text!(" (and {count} more: run `streambell check`)", "（另有 {count} 处：请运行 `streambell check`）")
        }
    };
    let (file, first) = (file.display(), errors.first().map(crate::config::ConfigError::text).unwrap_or_default());
    text!("{file}:{first}{more}", "{file}：{first}{more}", first, more)
}
