//! What the ledger has done.

use std::sync::Arc;
use std::time::Instant;

use jiff::Zoned;

use super::Core;
use crate::engine::commands::Job;
use crate::engine::store::Saved;
use crate::ledger::{Committed, Written};
use crate::model::{StoredAlert, StoredEvent};

impl Core {
    pub(super) fn written(&mut self, written: Written) {
        match written {
            Written::Committed(Ok(committed)) => {
                self.committed(committed);
                return self.publisher.count(self.streams.len());
            }
            Written::Committed(Err((error, batches))) => {
                let unsaved = self.store.failed(&error, batches);
                self.offer(unsaved);
            }
            Written::MarkedRead { newly } => {
                self.store.heard();
                self.store.changed(&newly);
                self.outbox.close(&newly);
            }
            Written::TakenBack => {
                self.store.heard();
                self.store.unread_changed();
            }
            Written::Unread { count, newest } => {
                self.unread = count;
                self.newest = newest;
                self.tell_changed();
            }
            Written::Pending(alerts) => {
                let marks = self.outbox.offer_pending(alerts, &Zoned::now());
                self.mark(marks);
            }
            Written::Pruned { more } => {
                self.store.unread_changed();
                self.pruning.done(more, Instant::now());
            }
            Written::Failed(error, write) => {
                tracing::error!(%error, "the history could not be changed");
                self.store.again(write);
            }
        }
        self.publisher.touch();
    }

    fn committed(&mut self, committed: Committed) {
        self.pruning.stored(committed.events.len(), Instant::now());
        if committed.duplicates > 0 {
            tracing::debug!(duplicates = committed.duplicates, "events came again and are not stored twice");
        }
        let mut alerts: Vec<StoredAlert> =
            committed.events.iter().chain(&committed.alone).flat_map(|stored| stored.alerts.iter().cloned()).collect();
        if self.config.allow_commands {
            committed.events.iter().chain(&committed.alone).for_each(|stored| self.start_programs(stored));
        }
        if !alerts.is_empty() || !committed.resolved.is_empty() {
            self.store.unread_changed();
        }
        alerts.sort_unstable_by_key(|alert| alert.id);
        if self.feed.receiver_count() > 0 && !committed.events.is_empty() {
            // Nobody may be listening any more.
            self.feed.send(Arc::new(committed.events)).ok();
        }
        let Saved { mut unseen, renumbered, never } = self.store.committed(alerts);
        self.outbox.renumber(&renumbered);
        self.outbox.forget(&never);
        unseen.retain(|alert| !committed.resolved.contains(&alert.id));
        self.offer(unseen);
        // After what takes their place, so that it is not closed with them.
        if !committed.resolved.is_empty() {
            self.store.changed(&committed.resolved);
            let marks = self.outbox.resolved(&committed.resolved);
            self.mark(marks);
        }
    }

    /// Tells who looks which alerts became something else.
    fn tell_changed(&mut self) {
        let changed = self.store.take_changed();
        if !changed.is_empty() && self.changed.receiver_count() > 0 {
            // Nobody may be listening any more.
            self.changed.send(Arc::new(changed)).ok();
        }
    }

    /// Starts the programs of the rules that fired for an event.
    fn start_programs(&mut self, stored: &StoredEvent) {
        for alert in &stored.alerts {
            let rule = self.config.rules.iter().find(|rule| rule.name == alert.alert.rule);
            if let Some(rule) = rule.filter(|rule| !rule.run.is_empty()) {
                self.commands.start(Job::new(&rule.run, &stored.event, alert));
            }
        }
    }
}
