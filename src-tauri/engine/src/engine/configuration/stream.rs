//! A stream in the file: it is saved and removed, and its secrets with it.

use std::sync::Arc;

use super::undo::Aside;
use super::{EngineError, Made, StreamEdit, Task};
use crate::auth;
use crate::config::{StreamConfig, edit, parse};
use crate::consent;
use crate::engine::StreamText;
use crate::secrets::Part;

impl Task {
    pub(super) async fn save(&mut self, edit: &StreamEdit) -> Result<Made, EngineError> {
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

    pub(super) async fn remove(&mut self, name: &str) -> Result<Made, EngineError> {
        let text = self.current()?;
        let edited = edit::remove_stream(&text, name).map_err(|error| EngineError::Invalid(error.message))?;
        let config = self.validated(&edited)?;
        // What a refresh brings that is under way is stored before it is set aside: the old one may be spent.
        let changing = self.changing(has_secrets(&text, name)).await?;
        let edited = self.write(&text, edited).await?;
        let secrets = self.forget(name, stream_of(&text, name).as_deref()).await;
        Ok(Made { changing, ..self.made(config, text, edited, Aside { secrets, ..Aside::default() }) })
    }
}

/// A stream as the file has it.
pub(super) fn stream_of(text: &str, name: &str) -> Option<Arc<StreamConfig>> {
    parse(text).ok()?.streams.into_iter().find(|stream| stream.name.as_str() == name)
}

/// Whether a stream may use what the vault holds; so also one that cannot be told.
pub(super) fn has_secrets(text: &str, name: &str) -> bool {
    stream_of(text, name).is_none_or(|stream| !auth::accounts(&stream).is_empty())
}
