//! The way back from an edit: to the file and the secrets as they were before it.

use std::sync::Arc;

use super::stream::has_secrets;
use super::undo::{Aside, Undo};
use super::{EngineError, Made, Task};
use crate::config::edit::EditError;
use crate::config::{Config, parse};
use crate::consent;
use crate::model::StreamId;
use crate::secrets::Changing;
use crate::text;

impl Task {
    /// Takes back the newest edit, where the file is as it left it. Tells what it had changed beside the file.
    pub(super) async fn take_back(
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
    pub(super) fn made(&mut self, config: Config, before: String, after: Arc<str>, aside: Aside) -> Made {
        let renamed = aside.renamed.clone();
        if *before == *after && aside.is_nothing() {
            return Made { config, edit: 0, renamed, added: Vec::new(), changing: None };
        }
        let mut added = added(&before, &config);
        added.retain(|name| renamed.as_ref().is_none_or(|(_, new)| name != new));
        self.edits += 1;
        self.undo.made(self.edits, before.into(), after, aside);
        Made { config, edit: self.edits, renamed, added, changing: None }
    }
}

/// The names of streams that were not there before.
fn added(before: &str, now: &Config) -> Vec<StreamId> {
    let Ok(before) = parse(before) else { return Vec::new() };
    let is_new = |name: &StreamId| before.streams.iter().all(|stream| stream.name != *name);
    now.streams.iter().map(|stream| stream.name.clone()).filter(is_new).collect()
}
