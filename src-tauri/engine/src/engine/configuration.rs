//! The one task that reads and writes the configuration file, and the secrets that go with an edit.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::cause::{Edit, Edited};
use super::{EngineError, StreamEdit};
use crate::alarm::sleep_until;
use crate::auth;
use crate::config::edit::Settings;
use crate::config::{Config, edit, parse};
use crate::consent;
use crate::locale::Text;
use crate::model::StreamId;
use crate::secrets::{Changing, Vault};

mod file;
mod secrets;
mod stream;
mod undo;
mod watch;
mod way_back;

use file::read;
use undo::{Aside, Edits};
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
    /// The streams that an edit added.
    pub(super) added: Vec<StreamId>,
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
    /// The streams that it added.
    added: Vec<StreamId>,
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
                        // What it brings back goes on where it was.
                        Some(Change { result: Ok(config), renamed, added: Vec::new(), secret_of, changing, reply })
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
            Ok(Made { config, edit, renamed, added, changing }) => {
                Some(Change { result: Ok(config), renamed, added, secret_of, changing, reply: Some((edit, reply)) })
            }
            Err(error) => refuse(reply, error),
        }
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
            return Ok(Made { config, edit: 0, renamed: None, added: Vec::new(), changing: None });
        }
        if !was_in_force {
            // What could not be in force cannot be brought back.
            return Ok(Made { config, edit: 0, renamed: None, added: Vec::new(), changing: None });
        }
        Ok(self.made(config, text, edited, Aside::default()))
    }
}

fn refuse(reply: Edited, error: EngineError) -> Option<Change> {
    // Who asked may be gone.
    drop(reply.send(Err(error)));
    None
}
