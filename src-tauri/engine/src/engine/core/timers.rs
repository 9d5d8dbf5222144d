//! What the loop does by the clock: one deadline for all, and what is due at it.

use std::time::{Duration, Instant};

use jiff::{Timestamp, Zoned};

use super::Core;
use crate::ledger::Write;
use crate::subscription::Command;

/// After this long at the most, what is to be done by the wall clock is looked at again.
const LONGEST_HOLD: Duration = Duration::from_secs(60);

impl Core {
    /// Does what timers ask for.
    pub(super) fn due(&mut self) {
        let (instant, now) = (Instant::now(), Zoned::now());
        let is_due = |deadline: Option<Instant>| deadline.is_some_and(|deadline| deadline <= instant);
        if is_due(Some(self.clock.deadline())) && self.clock.slept(instant, now.timestamp()) {
            tracing::info!("the machine slept: connections are looked at");
            self.streams.slept();
            self.streams.command(None, Command::NetworkUp);
        }
        if is_due(self.streams.deadline()) {
            self.streams.tick(instant, now.timestamp());
            self.publisher.touch();
        }
        if is_due(self.streams.notices_at()) {
            self.tell_notices(instant, &now);
        }
        if is_due(self.streams.records_at()) {
            self.store.send(Write::Keep(self.streams.records().take()));
        }
        if is_due(self.intake.deadline()) {
            for batch in self.intake.flush() {
                self.store.commit(batch);
            }
            self.keep_openings();
        }
        for batch in self.intake.tick(&now) {
            let unsaved = self.store.commit(batch);
            self.offer(unsaved);
        }
        if is_due(self.store.deadline()) {
            self.store.retry();
        }
        if is_due(self.store.redo_at()) {
            self.store.redo();
        }
        if is_due(self.store.settle_at()) {
            self.store.settle();
        }
        if is_due(self.store.checkpoint_at()) {
            self.store.checkpoint();
        }
        if is_due(self.outbox.retry_at()) {
            self.outbox.retrying();
            self.outbox.asking();
            self.store.send(Write::Pending);
        }
        if self.outbox.deadline().is_some() {
            let marks = self.outbox.tick(&now);
            self.mark(marks);
        }
        self.end_quiet(now.timestamp());
        if self.intake.turn(&now) {
            self.publisher.touch();
        }
        if self.pruning.is_due(instant) {
            self.store.send(Write::Prune { keep: self.config.history, now: now.timestamp() });
        }
        if is_due(self.publisher.deadline()) {
            let snapshot = self.snapshot(now.timestamp());
            self.publisher.publish(snapshot);
        }
    }

    /// Has the ledger keep from where changes count.
    pub(super) fn keep_openings(&mut self) {
        let openings = self.intake.take_openings();
        if !openings.is_empty() {
            self.store.send(Write::Openings(openings));
        }
    }

    /// Shows and withdraws what is to be said of streams themselves.
    fn tell_notices(&mut self, instant: Instant, now: &Zoned) {
        let silent = self.outbox.is_silent(now);
        let changes = self.streams.notices().tick(instant, now.timestamp(), silent);
        self.outbox.tell(changes);
    }

    /// When the next timer is due. Alerts and pauses are by the wall clock: it is looked at again at least then.
    pub(super) fn deadline(&self) -> Instant {
        let instant = Instant::now();
        let quiet = self.outbox.delivery().quiet_until();
        let wall =
            [self.outbox.deadline(), self.intake.tick_at(), self.intake.turn_at(), quiet].into_iter().flatten().min();
        // The wall clock may be set meanwhile.
        let wall = wall.map(|at| {
            let rest = Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default();
            instant + rest.min(LONGEST_HOLD)
        });
        [
            self.streams.deadline(),
            self.streams.records_at(),
            self.streams.notices_at(),
            self.intake.deadline(),
            self.store.deadline(),
            self.store.redo_at(),
            self.store.settle_at(),
            self.store.checkpoint_at(),
            self.outbox.retry_at(),
            self.publisher.deadline(),
            Some(self.pruning.deadline()),
            Some(self.clock.deadline()),
            wall,
        ]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(instant)
    }
}
