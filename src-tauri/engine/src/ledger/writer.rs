//! The thread that owns the ledger, so that nobody else waits for the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{Batch, Committed, Ledger, LedgerError};
use crate::config::History;
use crate::model::{AlertState, StoredAlert};
use crate::snapshot::ALERTS_SHOWN;

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
        Write::Mark(_) | Write::MarkRead(_) | Write::Prune { .. } | Write::Checkpoint | Write::Pending => &[],
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
            Write::Mark(marks) => match self.ledger.mark(&marks) {
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::ledger::Query;
    use crate::ledger::testing::{Scratch, batch, entry, minute, sent};

    const SOON: Duration = Duration::from_secs(20);

    fn start(ledger: Ledger) -> (Writer, Receiver<Written>) {
        let (tell, told) = mpsc::channel();
        (Writer::start(ledger, move |written| tell.send(written).unwrap()).unwrap(), told)
    }

    fn commit(ids: std::ops::Range<i64>, alerts: usize) -> Write {
        let entries = ids.map(|n| entry(sent(n, &n.to_string(), "{}"), alerts, true)).collect();
        Write::Commit(vec![batch("s", entries, None)])
    }

    #[test]
    fn writes_are_answered_in_order() {
        let scratch = Scratch::new();
        let (writer, told) = start(scratch.ledger());
        writer.send(commit(0..2, 1)).unwrap();
        writer.send(Write::Mark(vec![(1, AlertState::Shown)])).unwrap();
        writer.send(Write::MarkRead(vec![2])).unwrap();
        writer.send(Write::Checkpoint).unwrap();
        writer.send(Write::Prune { keep: History { max_events: 1, ..History::default() }, now: minute(9) }).unwrap();
        assert!(writer.close(SOON));
        let told: Vec<_> = told.iter().filter(|written| !matches!(written, Written::Unread { .. })).collect();
        assert!(matches!(&told[0], Written::Committed(Ok(done)) if done.events.len() == 2), "{told:?}");
        assert_eq!(told[1..], [Written::MarkedRead { newly: vec![2] }, Written::Pruned { more: false }]);
    }

    #[test]
    fn what_is_unread_is_told_once_nothing_else_waits() {
        let scratch = Scratch::new();
        let (writer, told) = start(scratch.ledger());
        writer.send(commit(0..2, 1)).unwrap();
        assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Ok(_))));
        let Written::Unread { count, newest } = told.recv_timeout(SOON).unwrap() else { panic!("unread is told") };
        assert_eq!((count, newest.len(), newest[0].id), (2, 2, 2));
        writer.send(commit(2..3, 0)).unwrap();
        assert!(writer.close(SOON));
        assert_eq!(told.iter().count(), 1, "a commit without alerts changes nothing unread");
    }

    #[test]
    fn commits_that_wait_are_merged_and_none_is_lost() {
        let scratch = Scratch::new();
        let (tell, told) = mpsc::channel();
        let (go, gate) = mpsc::channel::<()>();
        let writer = Writer::start(scratch.ledger(), move |written| {
            tell.send(written).unwrap();
            let _ = gate.recv();
        })
        .unwrap();
        writer.send(commit(0..1, 0)).unwrap();
        assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Ok(_))));
        for n in 1..100 {
            writer.send(commit(n..n + 1, 0)).unwrap();
        }
        assert_eq!(writer.outstanding(), 99);
        drop(go);
        let Written::Committed(Ok(done)) = told.recv_timeout(SOON).unwrap() else { panic!("committed") };
        assert_eq!(done.events.len(), 99);
        assert_eq!(writer.outstanding(), 0);
        assert!(writer.close(SOON));
        let all = Query { limit: 1_000, ..Query::default() };
        assert_eq!(scratch.reader().history(&all).unwrap().len(), 100);
    }

    #[test]
    fn what_is_refused_comes_back_and_nothing_overtakes_it() {
        let scratch = Scratch::new();
        let ledger = scratch.ledger();
        ledger.conn.busy_timeout(Duration::ZERO).unwrap();
        let other = rusqlite::Connection::open(scratch.path()).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (writer, told) = start(ledger);
        writer.send(commit(0..3, 0)).unwrap();
        let Written::Committed(Err((error, batches))) = told.recv_timeout(SOON).unwrap() else { panic!("refused") };
        assert!(matches!(error, LedgerError::Busy { .. }), "{error}");
        let mark = Write::Mark(vec![(1, AlertState::Shown)]);
        writer.send(mark.clone()).unwrap();
        assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Failed(_, back) if back == mark));

        other.execute_batch("COMMIT").unwrap();
        writer.send(commit(3..4, 0)).unwrap();
        assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Err(_))), "it would overtake");
        writer.send(Write::Recommit(batches)).unwrap();
        assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Ok(done)) if done.events.len() == 3));
        writer.send(commit(3..4, 0)).unwrap();
        assert!(matches!(told.recv_timeout(SOON).unwrap(), Written::Committed(Ok(done)) if done.events.len() == 1));
        assert_eq!((writer.outstanding(), writer.outstanding_bytes()), (0, 0));
    }

    #[test]
    fn dropping_the_writer_still_writes_what_was_sent() {
        let scratch = Scratch::new();
        let (writer, told) = start(scratch.ledger());
        for n in 0..50 {
            writer.send(commit(n..n + 1, 0)).unwrap();
        }
        drop(writer);
        let stored: usize = told
            .iter()
            .map(|written| if let Written::Committed(Ok(done)) = written { done.events.len() } else { 0 })
            .sum();
        assert_eq!(stored, 50);
    }
}
