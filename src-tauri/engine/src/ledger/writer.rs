//! Who writes the ledger: the caller itself where that is quick, and else a thread, so that nobody waits for the disk.
//!
//! A small commit takes the disk's cache some 30 us. To hand it to a thread and its answer back costs several times
//! that, since two idle processors have to be woken. So a small write is done at once, as long as nothing waits before
//! it and the disk has been quick; everything else is done by the thread.

mod outstanding;
#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{Batch, Committed, Ledger, LedgerError};
use crate::config::History;
use crate::model::{AlertState, Answered, Said, StoredAlert, StreamId};
use crate::silence::Silence;
use crate::snapshot::ALERTS_SHOWN;
use crate::tiles::Opening;
use crate::uptime::Record;
use outstanding::Outstanding;

/// Commits that wait are merged into one transaction until it holds so many events.
const MERGED: usize = 4_096;

/// A commit of more events than this is the thread's.
const SMALL: usize = 4;

/// The same in bytes.
const SMALL_BYTES: usize = 64 * 1024;

/// The same in marks, and in what rules remember.
const SMALL_ROWS: usize = 64;

/// A write that took longer than this was not quick.
const QUICK: Duration = Duration::from_millis(10);

/// So long after a write that was not quick, all are the thread's.
const CAUTION: Duration = Duration::from_secs(60);

/// After so many writes that were done at once the thread moves the log into the file, before one of them has to.
const AT_ONCE: u32 = 400;

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
    /// As [`Ledger::keep_openings`].
    Openings(Vec<Opening>),
    /// As [`Ledger::answer`].
    Answer(Vec<i64>, Answered),
    /// As [`Ledger::take_back`].
    TakeBack(Vec<i64>, Said),
    /// As [`Ledger::rename_rule`].
    RenameRule(Arc<str>, Arc<str>),
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
    /// As [`Ledger::unread`], of [`ALERTS_SHOWN`].
    Unread,
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
    /// What a person said of alerts was taken back.
    TakenBack,
    /// What is unread.
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

/// The one way to write a ledger. When this is dropped, its thread ends after all that was sent has been written.
pub struct Writer {
    queue: Sender<Write>,
    outstanding: Arc<Outstanding>,
    worker: Arc<Mutex<Worker>>,
    ended: Receiver<()>,
    /// How many writes were done at once since the thread moved the log into the file.
    at_once: u32,
    slow_until: Option<Instant>,
}

impl Writer {
    /// Starts the thread. `results` is called in the order of the writes, on the thread or within [`Writer::send`], and
    /// must not wait.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(ledger: Ledger, results: impl Fn(Written) + Send + 'static) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let outstanding = Arc::<Outstanding>::default();
        let results = Box::new(results);
        let worker = Worker { ledger, outstanding: Arc::clone(&outstanding), results, refusing: None };
        let worker = Arc::new(Mutex::new(worker));
        let (shared, left) = (Arc::clone(&worker), Arc::clone(&outstanding));
        thread::Builder::new().name("ledger".to_owned()).spawn(move || {
            run(&waiting, &shared, &left);
            drop((shared, end));
        })?;
        Ok(Self { queue, outstanding, worker, ended, at_once: 0, slow_until: None })
    }

    /// Asks for a write: does it, or has the thread do it. Writes are done in order; a commit waits for none but those
    /// before it.
    ///
    /// # Errors
    /// The write comes back where an earlier one panicked.
    pub fn send(&mut self, write: Write) -> Result<(), Write> {
        if self.worker.is_poisoned() {
            return Err(write);
        }
        self.outstanding.add(batches_in(&write));
        if !is_small(&write) || self.outstanding.writes.load(Ordering::Acquire) > 0 || self.is_slow() {
            return self.queue(write);
        }
        self.do_at_once(write);
        if self.at_once >= AT_ONCE {
            self.at_once = 0;
            return self.queue(Write::Checkpoint);
        }
        Ok(())
    }

    fn queue(&mut self, write: Write) -> Result<(), Write> {
        self.outstanding.writes.fetch_add(1, Ordering::AcqRel);
        self.queue.send(write).map_err(|mpsc::SendError(write)| {
            let batches = batches_in(&write);
            self.outstanding.remove(events_of(batches), bytes_of(batches));
            write
        })
    }

    fn do_at_once(&mut self, write: Write) {
        let start = Instant::now();
        let worker = &self.worker;
        let ended = panic::catch_unwind(AssertUnwindSafe(|| {
            // Where it is poisoned the next write comes back.
            drop(worker.lock().map(|mut worker| worker.handle(write, None)));
        }));
        if ended.is_err() {
            tracing::error!("writing the history panicked");
        }
        self.at_once += 1;
        if start.elapsed() > QUICK {
            tracing::debug!(took = ?start.elapsed(), "the disk is slow: the history is written beside");
            self.slow_until = Some(Instant::now() + CAUTION);
        }
    }

    fn is_slow(&self) -> bool {
        self.slow_until.is_some_and(|until| Instant::now() < until)
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
        drop((self.queue, self.worker));
        self.ended.recv_timeout(at_most) == Err(RecvTimeoutError::Disconnected)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("outstanding", &self.outstanding).finish_non_exhaustive()
    }
}

fn is_small(write: &Write) -> bool {
    match write {
        Write::Commit(batches) => {
            let memories: usize = batches.iter().map(|batch| batch.memories.len()).sum();
            // For a new name it is looked in all that there is of a stream.
            let renames = batches.iter().any(|batch| batch.was.is_some());
            !renames && events_of(batches) <= SMALL && bytes_of(batches) <= SMALL_BYTES && memories <= SMALL_ROWS
        }
        Write::Mark(marks) => marks.len() <= SMALL_ROWS,
        Write::Unread => true,
        Write::Recommit(_)
        | Write::MarkRead(_)
        | Write::Answer(..)
        | Write::TakeBack(..)
        | Write::RenameRule(..)
        | Write::Silences(_)
        | Write::Keep(_)
        | Write::Openings(_)
        | Write::Prune { .. }
        | Write::Checkpoint
        | Write::Pending => false,
    }
}

fn batches_in(write: &Write) -> &[Batch] {
    if let Write::Commit(batches) | Write::Recommit(batches) = write { batches } else { &[] }
}

fn bytes_of(batches: &[Batch]) -> usize {
    batches.iter().map(Batch::bytes).sum()
}

fn events_of(batches: &[Batch]) -> usize {
    batches.iter().map(|batch| batch.entries.len()).sum()
}

/// The thread: does what is sent until nobody can send any more.
fn run(waiting: &Receiver<Write>, worker: &Mutex<Worker>, outstanding: &Outstanding) {
    while let Ok(write) = waiting.recv() {
        let mut next = Some(write);
        while let Some(write) = next {
            let Ok(mut worker) = worker.lock() else { return };
            next = worker.handle(write, Some(waiting));
            drop(worker);
            outstanding.writes.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// The ledger, and who hears what became of a write.
struct Worker {
    ledger: Ledger,
    outstanding: Arc<Outstanding>,
    results: Box<dyn Fn(Written) + Send>,
    /// Why commits are refused until what was refused is committed.
    refusing: Option<LedgerError>,
}

impl Worker {
    /// Does a write, and the commits that wait right behind one; returns the write after it where that had to be taken
    /// to see it.
    fn handle(&mut self, write: Write, waiting: Option<&Receiver<Write>>) -> Option<Write> {
        match write {
            Write::Commit(batches) => match self.refusing.clone() {
                Some(error) => self.refuse(error, batches),
                None => return self.commit(batches, waiting),
            },
            Write::Recommit(batches) => self.commit_one(batches),
            Write::Mark(marks) => match self.ledger.mark(&marks, Timestamp::now()) {
                Ok(()) => {}
                Err(error) => self.tell(Written::Failed(error, Write::Mark(marks))),
            },
            Write::MarkRead(alerts) => match self.ledger.mark_read(&alerts) {
                Ok(newly) => self.tell(Written::MarkedRead { newly }),
                Err(error) => {
                    // All means all that there are by now, whenever it is done.
                    let all = || self.ledger.unread_numbers().unwrap_or_default();
                    let alerts = if alerts.is_empty() { all() } else { alerts };
                    self.tell(Written::Failed(error, Write::MarkRead(alerts)));
                }
            },
            Write::Keep(records) => {
                if let Err(error) = self.ledger.keep(&records) {
                    self.tell(Written::Failed(error, Write::Keep(records)));
                }
            }
            Write::Openings(openings) => {
                if let Err(error) = self.ledger.keep_openings(&openings) {
                    self.tell(Written::Failed(error, Write::Openings(openings)));
                }
            }
            Write::Answer(alerts, answered) => match self.ledger.answer(&alerts, answered) {
                Ok(newly) => self.tell(Written::MarkedRead { newly }),
                Err(error) => self.tell(Written::Failed(error, Write::Answer(alerts, answered))),
            },
            Write::TakeBack(alerts, said) => match self.ledger.take_back(&alerts, said) {
                Ok(_) => self.tell(Written::TakenBack),
                Err(error) => self.tell(Written::Failed(error, Write::TakeBack(alerts, said))),
            },
            Write::RenameRule(old, new) => {
                if let Err(error) = self.ledger.rename_rule(&old, &new) {
                    self.tell(Written::Failed(error, Write::RenameRule(old, new)));
                }
            }
            Write::Silences(silences) => {
                if let Err(error) = self.ledger.set_silences(&silences) {
                    self.tell(Written::Failed(error, Write::Silences(silences)));
                }
            }
            Write::Prune { keep, now } => match self.ledger.prune(keep, now) {
                Ok(more) => self.tell(Written::Pruned { more }),
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
            Write::Unread => match self.ledger.unread(ALERTS_SHOWN) {
                Ok((count, newest)) => self.tell(Written::Unread { count, newest }),
                Err(error) => self.tell(Written::Failed(error, Write::Unread)),
            },
        }
        None
    }

    /// Commits these batches and those of the commits that wait behind them.
    fn commit(&mut self, mut batches: Vec<Batch>, waiting: Option<&Receiver<Write>>) -> Option<Write> {
        let mut events = events_of(&batches);
        let mut ahead = None;
        while events < MERGED
            && ahead.is_none()
            && let Some(waiting) = waiting
        {
            match waiting.try_recv() {
                Ok(Write::Commit(more)) => {
                    self.outstanding.writes.fetch_sub(1, Ordering::AcqRel);
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
        // Before the answer: whoever waits for it looks at the count then.
        self.outstanding.remove(events, bytes);
        self.tell(Written::Committed(result));
    }

    fn refuse(&self, error: LedgerError, batches: Vec<Batch>) {
        self.outstanding.remove(events_of(&batches), bytes_of(&batches));
        self.tell(Written::Committed(Err((error, batches))));
    }

    fn tell(&self, written: Written) {
        (self.results)(written);
    }
}
