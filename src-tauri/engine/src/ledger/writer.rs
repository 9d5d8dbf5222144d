//! The thread that owns the ledger, so that nobody else waits for the disk.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{Batch, Committed, Ledger, LedgerError};
use crate::config::History;
use crate::model::{AlertState, Answered, StoredAlert, StreamId};
use crate::silence::Silence;
use crate::snapshot::ALERTS_SHOWN;
use crate::uptime::Record;

/// Commits that wait are merged into one transaction until it holds so many events.
const MERGED: usize = 4_096;

/// What is unread is told so long after it changed: a count that is a moment late costs nobody anything, and asking
/// for it after each alert would cost more than the alert.
const UNREAD_EVERY: Duration = Duration::from_millis(100);

/// What the writer is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// As [`Ledger::commit`]; refused without a try from the first refusal on until a [`Write::Recommit`] succeeds, so
    /// that a cursor never overtakes an event.
    Commit(Vec<Batch>),
    /// As [`Ledger::commit`], of batches that were refused.
    Recommit(Vec<Batch>),
    /// As [`Ledger::mark`].
    Mark(Vec<(i64, AlertState)>),
    /// As [`Ledger::mark_read`].
    MarkRead(Vec<i64>),
    /// As [`Ledger::keep`].
    Keep(Vec<(StreamId, Record)>),
    /// As [`Ledger::answer`].
    Answer(Vec<i64>, Answered),
    /// As [`Ledger::set_silences`].
    Silences(Vec<Silence>),
    /// As [`Ledger::prune`].
    Prune {
        /// The retention.
        keep: History,
        /// The time now.
        now: Timestamp,
    },
    /// As [`Ledger::checkpoint`].
    Checkpoint,
    /// As [`Ledger::pending`].
    Pending,
}

/// What the writer tells.
#[derive(Debug, PartialEq)]
pub enum Written {
    /// One or more [`Write::Commit`]s that followed each other were committed, or refused together: then the batches
    /// of all of them come back, in order, and nothing of them is stored.
    Committed(Result<Committed, (LedgerError, Vec<Batch>)>),
    /// These alerts were marked as read and had not been before.
    MarkedRead {
        /// Their numbers.
        newly: Vec<i64>,
    },
    /// What is unread changed: told within 100 ms of the change's own answer.
    Unread {
        /// How many alerts are unread.
        count: u32,
        /// The newest of them, newest first, at most [`ALERTS_SHOWN`].
        newest: Vec<StoredAlert>,
    },
    /// The alerts that are still to be shown, oldest first.
    Pending(Vec<StoredAlert>),
    /// What was beyond the retention was removed.
    Pruned {
        /// Whether there is more to remove; ask again when there is time.
        more: bool,
    },
    /// Another write than a commit was refused and did nothing; it comes back.
    Failed(LedgerError, Write),
}

/// A thread that owns a ledger. It ends when this is dropped, after all that was sent has been written.
#[derive(Debug)]
pub struct Writer {
    queue: Sender<Write>,
    outstanding: Arc<Outstanding>,
    ended: Receiver<()>,
}

impl Writer {
    /// Starts the thread. `results` is called on it, in the order of the writes, and must not wait.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(ledger: Ledger, results: impl Fn(Written) + Send + 'static) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let outstanding = Arc::<Outstanding>::default();
        let worker =
            Worker { ledger, waiting, outstanding: Arc::clone(&outstanding), results, changed: None, refusing: None };
        thread::Builder::new().name("ledger".to_owned()).spawn(move || {
            worker.run();
            drop(end);
        })?;
        Ok(Self { queue, outstanding, ended })
    }

    /// Asks for a write and does not wait. Writes are done in order; a commit waits for none but those before it.
    ///
    /// # Errors
    /// The write comes back where the thread has ended by a panic.
    pub fn send(&self, write: Write) -> Result<(), Write> {
        self.outstanding.add(batches_in(&write));
        self.queue.send(write).map_err(|mpsc::SendError(write)| {
            let batches = batches_in(&write);
            self.outstanding.remove(events_of(batches), bytes_of(batches));
            write
        })
    }

    /// How many events were sent and are not answered yet. Whoever sends stops taking more in when these are many.
    pub fn outstanding(&self) -> usize {
        self.outstanding.events.load(Ordering::Relaxed)
    }

    /// About how many bytes these are.
    pub fn outstanding_bytes(&self) -> usize {
        self.outstanding.bytes.load(Ordering::Relaxed)
    }

    /// Waits until all that was sent has been written and the file is closed, so long at most; tells whether it is.
    /// Where not, the thread goes on by itself.
    pub fn close(self, at_most: Duration) -> bool {
        drop(self.queue);
        self.ended.recv_timeout(at_most) == Err(RecvTimeoutError::Disconnected)
    }
}

fn batches_in(write: &Write) -> &[Batch] {
    match write {
        Write::Commit(batches) | Write::Recommit(batches) => batches,
        Write::Mark(_)
        | Write::MarkRead(_)
        | Write::Keep(_)
        | Write::Answer(..)
        | Write::Silences(_)
        | Write::Prune { .. }
        | Write::Checkpoint
        | Write::Pending => &[],
    }
}

fn bytes_of(batches: &[Batch]) -> usize {
    batches.iter().map(Batch::bytes).sum()
}

fn events_of(batches: &[Batch]) -> usize {
    batches.iter().map(|batch| batch.entries.len()).sum()
}

fn has_alerts(done: &Committed) -> bool {
    !done.alerts.is_empty() || done.events.iter().any(|event| !event.alerts.is_empty())
}

/// What was sent and is not answered yet.
#[derive(Debug, Default)]
struct Outstanding {
    events: AtomicUsize,
    bytes: AtomicUsize,
}

impl Outstanding {
    fn add(&self, batches: &[Batch]) {
        self.events.fetch_add(events_of(batches), Ordering::Relaxed);
        self.bytes.fetch_add(bytes_of(batches), Ordering::Relaxed);
    }

    fn remove(&self, events: usize, bytes: usize) {
        self.events.fetch_sub(events, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// What runs on the thread.
struct Worker<F> {
    ledger: Ledger,
    waiting: Receiver<Write>,
    outstanding: Arc<Outstanding>,
    results: F,
    /// Since when what is unread has changed untold.
    changed: Option<Instant>,
    /// Why commits are refused until what was refused is committed.
    refusing: Option<LedgerError>,
}

impl<F: Fn(Written)> Worker<F> {
    fn run(mut self) {
        let mut ahead = None;
        while let Some(write) = ahead.take().or_else(|| self.next()) {
            ahead = self.handle(write);
            if self.changed.is_some_and(|since| since.elapsed() >= UNREAD_EVERY) {
                self.tell_unread();
            }
        }
        self.tell_unread();
    }

    /// The next write; `None` when there will be none. Tells what is unread where nothing comes for a moment.
    fn next(&mut self) -> Option<Write> {
        if let Some(since) = self.changed {
            match self.waiting.recv_timeout(UNREAD_EVERY.saturating_sub(since.elapsed())) {
                Ok(write) => return Some(write),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.tell_unread(),
            }
        }
        self.waiting.recv().ok()
    }

    /// Does a write, and returns the one after it where that had to be taken to see it.
    fn handle(&mut self, write: Write) -> Option<Write> {
        match write {
            Write::Commit(batches) => match self.refusing.clone() {
                Some(error) => self.refuse(error, batches),
                None => return self.commit(batches),
            },
            Write::Recommit(batches) => self.commit_one(batches),
            Write::Mark(marks) => match self.ledger.mark(&marks, Timestamp::now()) {
                Ok(()) => self.unread_changed(),
                Err(error) => self.tell(Written::Failed(error, Write::Mark(marks))),
            },
            Write::MarkRead(alerts) => match self.ledger.mark_read(&alerts) {
                Ok(newly) => {
                    self.unread_changed();
                    self.tell(Written::MarkedRead { newly });
                }
                Err(error) => self.tell(Written::Failed(error, Write::MarkRead(alerts))),
            },
            Write::Keep(records) => {
                if let Err(error) = self.ledger.keep(&records) {
                    self.tell(Written::Failed(error, Write::Keep(records)));
                }
            }
            Write::Answer(alerts, answered) => match self.ledger.answer(&alerts, answered) {
                Ok(newly) => {
                    self.unread_changed();
                    self.tell(Written::MarkedRead { newly });
                }
                Err(error) => self.tell(Written::Failed(error, Write::Answer(alerts, answered))),
            },
            Write::Silences(silences) => {
                if let Err(error) = self.ledger.set_silences(&silences) {
                    self.tell(Written::Failed(error, Write::Silences(silences)));
                }
            }
            Write::Prune { keep, now } => match self.ledger.prune(keep, now) {
                Ok(more) => {
                    self.unread_changed();
                    self.tell(Written::Pruned { more });
                }
                Err(error) => self.tell(Written::Failed(error, Write::Prune { keep, now })),
            },
            Write::Checkpoint => {
                if let Err(error) = self.ledger.checkpoint() {
                    self.tell(Written::Failed(error, Write::Checkpoint));
                }
            }
            Write::Pending => match self.ledger.pending() {
                Ok(alerts) => self.tell(Written::Pending(alerts)),
                Err(error) => self.tell(Written::Failed(error, Write::Pending)),
            },
        }
        None
    }

    /// Commits these batches and those of the commits that wait behind them.
    fn commit(&mut self, mut batches: Vec<Batch>) -> Option<Write> {
        let mut events = events_of(&batches);
        let mut ahead = None;
        while events < MERGED && ahead.is_none() {
            match self.waiting.try_recv() {
                Ok(Write::Commit(more)) => {
                    events += events_of(&more);
                    batches.extend(more);
                }
                Ok(other) => ahead = Some(other),
                Err(_) => break,
            }
        }
        self.commit_one(batches);
        ahead
    }

    fn commit_one(&mut self, batches: Vec<Batch>) {
        let (events, bytes) = (events_of(&batches), bytes_of(&batches));
        let result = self.ledger.commit(batches);
        self.refusing = result.as_ref().err().map(|(error, _)| error.clone());
        if result.as_ref().is_ok_and(has_alerts) {
            self.unread_changed();
        }
        // Before the answer: whoever waits for it looks at the count then.
        self.outstanding.remove(events, bytes);
        self.tell(Written::Committed(result));
    }

    fn refuse(&self, error: LedgerError, batches: Vec<Batch>) {
        self.outstanding.remove(events_of(&batches), bytes_of(&batches));
        self.tell(Written::Committed(Err((error, batches))));
    }

    fn unread_changed(&mut self) {
        self.changed.get_or_insert_with(Instant::now);
    }

    fn tell_unread(&mut self) {
        if self.changed.take().is_none() {
            return;
        }
        if let Ok((count, newest)) = self.ledger.unread(ALERTS_SHOWN) {
            self.tell(Written::Unread { count, newest });
        }
    }

    fn tell(&self, written: Written) {
        (self.results)(written);
    }
}
