//! A configuration that comes into force.

use std::sync::Arc;

use jiff::{Timestamp, Zoned};

use super::Core;
use crate::config::{Config, renamed_rule};
use crate::engine::EngineError;
use crate::engine::configuration::Change;
use crate::ledger::{Batch, Write};
use crate::model::StreamId;
use crate::rules::Renamed;
use crate::subscription::Command;

impl Core {
    pub(super) fn configured(&mut self, change: Change) {
        if change.renamed.is_some() && change.result.is_ok() {
            // What came by the old name is judged and stored by it.
            self.hear_out();
        }
        let result = match change.result {
            Ok(config) => {
                let rule = renamed_rule(&self.config.rules, &config.rules);
                let renamed = Renamed { rule: rule.clone(), stream: change.renamed.clone() };
                match self.intake.configure(&config, &renamed, &Zoned::now()) {
                    Ok(()) => {
                        if let Some((old, new)) = &rule {
                            self.rename_in_silences(old, new);
                            self.store.send(Write::RenameRule(Arc::clone(old), Arc::clone(new)));
                        }
                        if let Some((old, new)) = &change.renamed {
                            self.rename_stream(&old.as_str().into(), new);
                        }
                        self.config_trouble = None;
                        self.configurations = self.configurations.wrapping_add(1);
                        let locale = config.language.unwrap_or(self.locale);
                        self.end_pauses(&change.added);
                        self.apply(Arc::new(Config { locale, ..config }), &change.added);
                        Ok(())
                    }
                    Err(message) => Err(message),
                }
            }
            Err(message) => Err(message),
        };
        if let Err(message) = &result {
            tracing::warn!(%message, "the configuration before stays in force");
            self.config_trouble = Some(message.clone());
        }
        if let Some(stream) = change.secret_of {
            self.streams.command(Some(stream.as_str()), Command::SecretChanged);
        }
        // Whoever waits for its turn has been told by now that its settings are others, where they are.
        drop(change.changing);
        if let Some((edit, reply)) = change.reply {
            drop(reply.send(result.map(|()| edit).map_err(EngineError::Invalid)));
        }
        self.publisher.touch();
    }

    /// Has all that is known of a stream be that of its new name: in one commit with its cursor, before anything comes
    /// by that name.
    fn rename_stream(&mut self, old: &StreamId, new: &StreamId) {
        self.intake.rename_stream(old, new);
        let cursor = Some(self.streams.rename(old, new));
        let (stream, was) = (new.clone(), Some(old.clone()));
        self.store.commit(Batch { stream, entries: Vec::new(), cursor, memories: Vec::new(), was });
        self.rename_in_quiet(old, new);
        // Whoever shows them shows the new name.
        let unread = self.newest.iter().filter(|alert| alert.stream == *old).map(|alert| alert.id);
        self.store.changed(&unread.collect::<Vec<_>>());
    }

    /// Puts a configuration in force. The streams that are `new` have nothing of earlier ones of their names.
    pub(super) fn apply(&mut self, config: Arc<Config>, new: &[StreamId]) {
        self.outbox.configure(&config);
        self.streams.configure(&config, new, Timestamp::now());
        self.sign_ins.configure(&config);
        self.forget_cursors();
        self.config = Arc::clone(&config);
        self.configs.send_replace(config);
        self.publisher.touch();
    }

    /// Forgets the cursors that mean nothing any more, for good.
    pub(super) fn forget_cursors(&mut self) {
        for stream in self.streams.take_forgotten() {
            self.intake.forget_cursor(&stream);
            let forgotten = Some(String::new());
            self.store.commit(Batch {
                stream,
                entries: Vec::new(),
                cursor: forgotten,
                memories: Vec::new(),
                was: None,
            });
        }
    }
}
