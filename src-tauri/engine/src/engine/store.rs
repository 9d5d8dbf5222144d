//! The engine's side of the ledger's writer: what is outstanding, and what waits while the ledger cannot be written.

use std::time::{Duration, Instant};

use crate::ledger::{Batch, LedgerError, Write, Writer};
use crate::model::{AlertState, StoredAlert};

/// With so many events given to the writer and not committed yet, streams wait.
const MOST_OUTSTANDING: usize = 50_000;

/// How long after a failed commit it is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// How long marks are gathered. A crash meanwhile shows those alerts once more, never once less.
const MARK_DELAY: Duration = Duration::from_millis(100);

/// So long after the last commit the ledger is tidied: that waits for the disk, which must not delay an alert.
const SILENCE: Duration = Duration::from_secs(5);

/// The writer, and the batches it could not write.
///
/// While the ledger cannot be written, alerts are shown all the same, unsaved, and their events are held here until a
/// commit succeeds; with [`MOST_OUTSTANDING`] of them held, streams wait, and their servers keep the rest.
pub(super) struct Store {
    writer: Writer,
    held: Vec<Batch>,
    held_events: usize,
    /// Whether the held batches of before are with the writer again.
    retrying: bool,
    retry_at: Option<Instant>,
    trouble: Option<String>,
    /// When something was committed that has not been tidied.
    last_commit: Option<Instant>,
    /// Marks that were gathered, or refused.
    marks: Vec<(i64, AlertState)>,
    mark_at: Option<Instant>,
    /// Numbers of alerts that have none in the ledger: below zero.
    unsaved: i64,
}

impl Store {
    pub(super) fn new(writer: Writer, trouble: Option<String>) -> Self {
        Self {
            writer,
            held: Vec::new(),
            held_events: 0,
            retrying: false,
            retry_at: None,
            trouble,
            last_commit: None,
            marks: Vec::new(),
            mark_at: None,
            unsaved: 0,
        }
    }

    /// Whether streams may go on.
    pub(super) fn has_room(&self) -> bool {
        self.writer.outstanding() + self.held_events < MOST_OUTSTANDING
    }

    /// Commits a batch, or holds it; then gives back its alerts, to be shown unsaved.
    pub(super) fn commit(&mut self, batch: Batch) -> Vec<StoredAlert> {
        if self.retrying || self.retry_at.is_some() {
            return self.hold(vec![batch]);
        }
        self.send(Write::Commit(vec![batch]));
        Vec::new()
    }

    /// A commit succeeded. Tells whether its alerts were shown before, unsaved.
    pub(super) fn committed(&mut self) -> bool {
        self.last_commit = Some(Instant::now());
        if !std::mem::take(&mut self.retrying) {
            return false;
        }
        tracing::info!("the history can be written again");
        self.trouble = None;
        // What came meanwhile was shown when it came, too.
        self.retry();
        true
    }

    /// A commit failed. Gives back the alerts to be shown unsaved.
    pub(super) fn failed(&mut self, error: &LedgerError, batches: Vec<Batch>) -> Vec<StoredAlert> {
        if self.trouble.is_none() {
            tracing::error!(%error, "events are held in memory until the history can be written");
        }
        self.trouble = Some(error.to_string());
        self.retry_at = Some(Instant::now() + RETRY);
        if std::mem::take(&mut self.retrying) {
            let newer = self.release();
            self.held_events = 0;
            self.keep(batches);
            self.keep(newer);
            return Vec::new();
        }
        self.hold(batches)
    }

    /// When [`Store::retry`] is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.retry_at
    }

    /// Tries the held batches again.
    pub(super) fn retry(&mut self) {
        self.retry_at = None;
        let batches = self.release();
        self.send_marks();
        if batches.is_empty() {
            return;
        }
        self.retrying = true;
        self.send(Write::Commit(batches));
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

    /// Records what became of alerts, together with others of the same moment; of unsaved ones nothing can be.
    pub(super) fn mark(&mut self, marks: Vec<(i64, AlertState)>) {
        self.marks.extend(marks.into_iter().filter(|(alert, _)| *alert > 0));
        if !self.marks.is_empty() {
            self.mark_at.get_or_insert_with(|| Instant::now() + MARK_DELAY);
        }
    }

    /// When [`Store::send_marks`] is due.
    pub(super) fn mark_at(&self) -> Option<Instant> {
        self.mark_at
    }

    /// Gives the marks that were gathered to the writer.
    pub(super) fn send_marks(&mut self) {
        self.mark_at = None;
        let marks = std::mem::take(&mut self.marks);
        if !marks.is_empty() {
            self.send(Write::Mark(marks));
        }
    }

    /// Anything else for the writer.
    pub(super) fn send(&mut self, write: Write) {
        if matches!(write, Write::Pending) {
            // What was shown a moment ago is not pending any more.
            self.send_marks();
        }
        if self.writer.send(write).is_err() {
            // Its thread panicked, which is logged there; what is not committed comes again from the server.
            tracing::error!("the history's thread has ended: restart Streambell");
        }
    }

    /// What was refused is done again later, where it matters: a mark that is lost would show an alert twice.
    pub(super) fn again(&mut self, write: Write) {
        match write {
            Write::Mark(marks) => self.marks.extend(marks),
            Write::Commit(_) | Write::MarkRead(_) | Write::Prune { .. } | Write::Pending | Write::Checkpoint => {}
        }
        self.marks.truncate(MOST_OUTSTANDING);
        self.retry_at.get_or_insert_with(|| Instant::now() + RETRY);
    }

    /// Why the ledger cannot be written.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Writes what is left and ends the writer. Blocks until it has, or so long; tells whether it has.
    pub(super) fn close(mut self, at_most: Duration) -> bool {
        self.send_marks();
        let batches = self.release();
        if !batches.is_empty() {
            self.send(Write::Commit(batches));
        }
        self.writer.close(at_most)
    }

    fn release(&mut self) -> Vec<Batch> {
        self.held_events = 0;
        std::mem::take(&mut self.held)
    }

    fn keep(&mut self, batches: Vec<Batch>) {
        self.held_events += batches.iter().map(|batch| batch.entries.len()).sum::<usize>();
        self.held.extend(batches);
    }

    fn hold(&mut self, batches: Vec<Batch>) -> Vec<StoredAlert> {
        let mut alerts = Vec::new();
        for (event, alert) in batches
            .iter()
            .flat_map(|batch| &batch.entries)
            .flat_map(|entry| entry.alerts.iter().map(|alert| (&entry.event, alert)))
        {
            self.unsaved -= 1;
            alerts.push(StoredAlert {
                id: self.unsaved,
                seq: 0,
                at: event.at,
                stream: event.stream.clone(),
                event: event.name.clone(),
                alert: alert.clone(),
                state: AlertState::Pending,
                read: false,
            });
        }
        self.keep(batches);
        alerts
    }
}
