//! The engine's side of the ledger's writer: what is outstanding, and what waits while the ledger cannot be written.

mod words;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::changed::Changed;
use super::unsaved::{Fate, Unsaved};
use crate::ledger::{Batch, LedgerError, Write, Writer};
use crate::locale::Text;
use crate::model::{AlertState, StoredAlert};
use crate::text;

/// With so many events given to the writer and not committed yet, streams wait.
const MOST_OUTSTANDING: usize = 50_000;

/// The same in bytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// How many refused questions are asked again.
const MOST_REDONE: usize = 64;

/// How long after a failed commit it is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// How long marks are gathered, and how long after a change what is unread is asked for: once a moment instead of once an
/// alert. A crash meanwhile shows those alerts once more, never once less.
const SETTLE_AFTER: Duration = Duration::from_millis(250);

/// So long after the last commit the ledger is tidied: that waits for the disk, which must not delay an alert.
const SILENCE: Duration = Duration::from_secs(5);

/// The writer, and the batches it could not write.
///
/// While the ledger cannot be written, alerts are shown all the same, unsaved, and their events are held here until a
/// commit succeeds; with [`MOST_OUTSTANDING`] of them held, streams wait, and their servers keep the rest. The writer
/// refuses all that was sent before it is told to commit the held ones again, so that no cursor overtakes an event.
pub(super) struct Store {
    writer: Writer,
    /// What the writer refused: older than all that was never given to it.
    refused: Vec<Batch>,
    held: Vec<Batch>,
    held_events: usize,
    held_bytes: usize,
    /// Whether the held batches of before are with the writer again.
    retrying: bool,
    retry_at: Option<Instant>,
    trouble: Option<Text>,
    /// When something was committed that has not been tidied.
    last_commit: Option<Instant>,
    /// Marks that were gathered, or refused.
    marks: Vec<(i64, AlertState)>,
    /// Whether what is unread may be other than was told last.
    unread_changed: bool,
    settle_at: Option<Instant>,
    changed: Changed,
    /// What was refused and is asked again.
    redo: Vec<Write>,
    redo_at: Option<Instant>,
    /// What a person said of alerts and the writer has not answered yet, oldest first: it answers in order.
    words: VecDeque<Write>,
    unsaved: Unsaved,
}

/// What a commit means for alerts.
#[derive(Debug, Default)]
pub(super) struct Saved {
    /// Those that nobody has seen.
    pub(super) unseen: Vec<StoredAlert>,
    /// Those that were offered before, by the numbers below zero that they had then.
    pub(super) renumbered: HashMap<i64, StoredAlert>,
    /// The numbers of those that were offered and will never be stored.
    pub(super) never: Vec<i64>,
}

impl Store {
    pub(super) fn new(writer: Writer, trouble: Option<Text>) -> Self {
        Self {
            writer,
            refused: Vec::new(),
            held: Vec::new(),
            held_events: 0,
            held_bytes: 0,
            retrying: false,
            retry_at: None,
            trouble,
            last_commit: None,
            marks: Vec::new(),
            unread_changed: false,
            settle_at: None,
            changed: Changed::default(),
            redo: Vec::new(),
            redo_at: None,
            words: VecDeque::new(),
            unsaved: Unsaved::default(),
        }
    }

    /// Whether streams may go on.
    pub(super) fn has_room(&self) -> bool {
        self.writer.outstanding() + self.held_events < MOST_OUTSTANDING
            && self.writer.outstanding_bytes() + self.held_bytes < MOST_BYTES
    }

    /// Commits a batch, or holds it; then gives back its alerts, to be shown unsaved.
    pub(super) fn commit(&mut self, batch: Batch) -> Vec<StoredAlert> {
        if self.retrying || self.retry_at.is_some() {
            return self.hold(vec![batch]);
        }
        let refused = self.give(Write::Commit(vec![batch]));
        self.hold(refused)
    }

    /// A commit succeeded, of these alerts.
    pub(super) fn committed(&mut self, alerts: Vec<StoredAlert>) -> Saved {
        self.last_commit = Some(Instant::now());
        if !std::mem::take(&mut self.retrying) {
            return Saved { unseen: alerts, ..Saved::default() };
        }
        tracing::info!("the history can be written again");
        self.trouble = None;
        let mut saved = Saved::default();
        for alert in alerts {
            let Some((before, fate)) = self.unsaved.stored(&alert).filter(|(_, fate)| *fate != Fate::Failed) else {
                saved.unseen.push(alert);
                continue;
            };
            if let Fate::Decided(state) = fate {
                self.mark(vec![(alert.id, state)]);
            }
            saved.renumbered.insert(before, alert);
        }
        self.retry();
        if !self.retrying && self.retry_at.is_none() {
            saved.never = self.unsaved.take_rest();
        }
        self.redo_renumbered();
        saved
    }

    /// A commit failed. Gives back the alerts to be shown unsaved.
    pub(super) fn failed(&mut self, error: &LedgerError, batches: Vec<Batch>) -> Vec<StoredAlert> {
        self.refuse(error.text());
        let shown_before = std::mem::take(&mut self.retrying);
        let alerts = if shown_before { Vec::new() } else { self.unsaved.take(&batches) };
        self.count(&batches);
        self.refused.extend(batches);
        alerts
    }

    /// When [`Store::retry`] is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.retry_at
    }

    /// Tries the held batches again, once all that was sent before has come back: else it would be overtaken.
    pub(super) fn retry(&mut self) {
        if self.writer.outstanding() > 0 {
            self.retry_at = Some(Instant::now() + RETRY);
            return;
        }
        self.retry_at = None;
        let batches = self.release();
        if !batches.is_empty() {
            self.retrying = true;
            self.send(Write::Recommit(batches));
        }
    }

    /// When [`Store::checkpoint`] is due.
    pub(super) fn checkpoint_at(&self) -> Option<Instant> {
        Some(self.last_commit? + SILENCE)
    }

    /// Tidies the ledger.
    pub(super) fn checkpoint(&mut self) {
        self.last_commit = None;
        self.send(Write::Checkpoint);
    }

    /// Records what became of alerts, together with others of the same moment.
    pub(super) fn mark(&mut self, marks: Vec<(i64, AlertState)>) {
        for (alert, state) in marks {
            if alert > 0 {
                self.marks.push((alert, state));
                self.changed.note([alert]);
            } else {
                self.unsaved.became(alert, Fate::Decided(state));
            }
        }
        if !self.marks.is_empty() {
            self.unread_changed();
        }
    }

    /// Alerts came, or became something else: what is unread is asked for in a moment.
    pub(super) fn unread_changed(&mut self) {
        self.unread_changed = true;
        self.settle_at.get_or_insert_with(|| Instant::now() + SETTLE_AFTER);
    }

    /// The number of the last that a person said of alerts that what is unread was told with, or that was refused.
    pub(super) fn told(&self) -> u64 {
        self.changed.told()
    }

    /// Somebody waits for what they said: what is unread is asked for at once.
    fn settle_now(&mut self) {
        self.unread_changed = true;
        self.settle_at = Some(Instant::now());
    }

    /// These alerts were read or answered, or what they told of is over.
    pub(super) fn changed(&mut self, alerts: &[i64]) {
        self.changed.note(alerts.iter().copied());
        self.unread_changed();
    }

    /// The alerts that became something else, once the ledger has it: when it has told what is unread, which is asked
    /// behind it.
    pub(super) fn take_changed(&mut self) -> Vec<i64> {
        let changed = self.changed.answered();
        // What was put off until this answer.
        if self.changed.is_waited_for() {
            self.settle_now();
        } else if self.unread_changed {
            self.unread_changed();
        }
        changed
    }

    /// These alerts could not be shown.
    pub(super) fn not_shown(&mut self, alerts: &[i64]) {
        for alert in alerts.iter().filter(|alert| **alert < 0) {
            self.unsaved.became(*alert, Fate::Failed);
        }
    }

    /// The number by which an alert is known now: another than before where it was shown before it could be stored.
    pub(super) fn number(&self, alert: i64) -> i64 {
        self.unsaved.number(alert)
    }

    /// When [`Store::settle`] is due.
    pub(super) fn settle_at(&self) -> Option<Instant> {
        self.settle_at
    }

    /// Gives the marks that were gathered to the writer, and asks it what is unread.
    pub(super) fn settle(&mut self) {
        self.settle_at = None;
        self.send_marks();
        if self.unread_changed && self.changed.ask() {
            self.unread_changed = false;
            self.send(Write::Unread);
        }
    }

    fn send_marks(&mut self) {
        let marks = std::mem::take(&mut self.marks);
        if !marks.is_empty() {
            self.send(Write::Mark(marks));
        }
    }

    /// Anything else for the writer.
    pub(super) fn send(&mut self, write: Write) {
        if matches!(write, Write::Silences(_)) {
            // Those that were refused before are not what is in force now.
            self.redo.retain(|other| !matches!(other, Write::Silences(_)));
        }
        if matches!(write, Write::Pending) {
            // What was shown a moment ago is not pending any more.
            self.send_marks();
        }
        let refused = self.give(write);
        self.keep(refused);
    }

    /// What was refused is done again later, where it matters: a mark that is lost would show an alert twice.
    pub(super) fn again(&mut self, mut write: Write) {
        if words::is_word(&write) {
            self.heard();
            if !self.words.iter().all(|newer| words::outlasts(&mut write, newer)) {
                return;
            }
        }
        self.put_off(write);
    }

    fn put_off(&mut self, write: Write) {
        match write {
            // All that there was is not all that there will be.
            Write::MarkRead(alerts) if alerts.is_empty() => {}
            Write::Mark(marks) => {
                self.marks.extend(marks);
                self.marks.truncate(MOST_OUTSTANDING);
                self.settle_at = Some(Instant::now() + RETRY);
            }
            Write::Unread => {
                self.changed.refused();
                self.unread_changed = true;
                self.settle_at = Some(Instant::now() + RETRY);
            }
            Write::MarkRead(_)
            | Write::Answer(..)
            | Write::TakeBack(..)
            | Write::RenameRule(..)
            | Write::Silences(_)
            | Write::Pending
            | Write::Openings(_)
            | Write::Keep(_) => {
                let newer = |other: &Write| matches!((other, &write), (Write::Silences(_), Write::Silences(_)));
                self.redo.retain(|other| *other != write && !newer(other));
                self.redo.push(write);
                if self.redo.len() > MOST_REDONE {
                    // What was connected when matters least.
                    let least = self.redo.iter().position(|other| matches!(other, Write::Keep(_)));
                    self.redo.remove(least.unwrap_or(MOST_REDONE));
                }
                self.redo_at = Some(Instant::now() + RETRY);
            }
            Write::Commit(_) | Write::Recommit(_) | Write::Prune { .. } | Write::Checkpoint => {}
        }
    }

    /// When [`Store::redo`] is due.
    pub(super) fn redo_at(&self) -> Option<Instant> {
        self.redo_at
    }

    /// Asks again for what was refused.
    pub(super) fn redo(&mut self) {
        self.redo_at = None;
        for write in std::mem::take(&mut self.redo) {
            if words::is_word(&write) {
                // It was told of before it was so.
                self.pass_on(write);
                self.unread_changed();
            } else {
                self.send(write);
            }
        }
    }

    /// Why the ledger cannot be written.
    pub(super) fn trouble(&self) -> Option<&Text> {
        self.trouble.as_ref()
    }

    /// Writes what is left and ends the writer. Blocks until it has, or so long; tells whether it has.
    pub(super) fn close(mut self, at_most: Duration) -> bool {
        self.send_marks();
        self.retry();
        self.writer.close(at_most)
    }

    /// Gives the writer a write. The batches of one that it can no longer take come back.
    fn give(&mut self, write: Write) -> Vec<Batch> {
        let Err(write) = self.writer.send(write) else { return Vec::new() };
        // Its thread panicked, which was logged there.
        self.retrying = false;
        self.words.clear();
        self.refuse(text!(
            "the history's thread has ended: restart Streambell",
            "历史记录线程已结束：请重新启动 Streambell"
        ));
        if let Write::Commit(batches) | Write::Recommit(batches) = write { batches } else { Vec::new() }
    }

    fn refuse(&mut self, trouble: Text) {
        if self.trouble.is_none() {
            tracing::error!(%trouble, "events are held in memory until the history can be written");
        }
        self.trouble = Some(trouble);
        self.retry_at = Some(Instant::now() + RETRY);
    }

    fn release(&mut self) -> Vec<Batch> {
        (self.held_events, self.held_bytes) = (0, 0);
        let mut batches = std::mem::take(&mut self.refused);
        batches.append(&mut self.held);
        batches
    }

    fn keep(&mut self, batches: Vec<Batch>) {
        self.count(&batches);
        self.held.extend(batches);
    }

    fn count(&mut self, batches: &[Batch]) {
        self.held_events += batches.iter().map(|batch| batch.entries.len()).sum::<usize>();
        self.held_bytes += batches.iter().map(Batch::bytes).sum::<usize>();
    }

    fn hold(&mut self, batches: Vec<Batch>) -> Vec<StoredAlert> {
        let alerts = self.unsaved.take(&batches);
        self.keep(batches);
        alerts
    }
}

#[cfg(test)]
mod tests;
