//! The programs that rules start: one task owns them all.
//!
//! A program gets the event as JSON on standard input and in its environment, never on a command line, and never
//! through a shell. It is started once its alert is stored, whatever becomes of the notification, and not again after
//! a crash. A few run at a time, a few wait; the rest are told in the log and not started.

mod job;
mod program;

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub(super) use job::Job;

/// How many programs run at a time.
const RUNNING: usize = 4;

/// How many wait for that.
const WAITING: usize = 64;

/// How long a program may run.
const LIMIT: Duration = Duration::from_secs(10);

/// The way to the task. It ends, and its programs with it, when this is dropped.
#[derive(Debug)]
pub(super) struct Commands {
    jobs: Option<mpsc::Sender<Job>>,
}

impl Commands {
    /// No task runs before there is a program to start.
    pub(super) fn new() -> Self {
        Self { jobs: None }
    }

    /// Starts a program as soon as there is room.
    pub(super) fn start(&mut self, job: Job) {
        let jobs = self.jobs.get_or_insert_with(|| {
            let (jobs, waiting) = mpsc::channel(WAITING);
            tokio::spawn(run(waiting, LIMIT));
            jobs
        });
        if let Err(error) = jobs.try_send(job) {
            let (mpsc::error::TrySendError::Full(job) | mpsc::error::TrySendError::Closed(job)) = error;
            tracing::warn!(rule = job.rule(), "its program is not started: {WAITING} others wait already");
        }
    }
}

/// Runs programs until no more can come; those that run then are killed.
async fn run(mut waiting: mpsc::Receiver<Job>, limit: Duration) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            job = waiting.recv(), if running.len() < RUNNING => match job {
                Some(job) => drop(running.spawn(program::run(job, limit))),
                None => return,
            },
            Some(ended) = running.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a rule's program was lost");
                }
            }
        }
    }
}
