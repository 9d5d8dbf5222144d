//! Keeps the text index of the history up to date, once somebody searches.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use streambell_engine::ledger::{Indexer, LedgerError};
use tokio::sync::Notify;

/// So often the index gives up what is of events that are gone, whether or not anybody searches.
const TIDY: Duration = Duration::from_hours(24);

/// Has the index filled. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextIndex {
    wanted: Arc<Notify>,
}

impl TextIndex {
    /// Somebody searched.
    pub(super) fn want(&self) {
        self.wanted.notify_one();
    }

    /// Fills the index of this ledger whenever it is wanted; never ends by itself.
    pub(crate) async fn run(self, ledger: PathBuf) {
        loop {
            let is_wanted = tokio::time::timeout(TIDY, self.wanted.notified()).await.is_ok();
            if !is_wanted && !Indexer::exists(&ledger) {
                continue;
            }
            let done = if is_wanted { catch_up(&ledger).await } else { tidy(&ledger).await };
            if let Err(error) = done {
                tracing::info!(%error, "the text index waits until the next search");
            }
        }
    }
}

/// Indexes what has come since the last time, in small steps, for half of the time at the most.
async fn catch_up(ledger: &Path) -> Result<(), LedgerError> {
    let path = ledger.to_owned();
    let mut indexer = blocking(move || Indexer::open(&path)).await?;
    loop {
        let started = Instant::now();
        let (back, more) = blocking(move || indexer.step().map(|more| (indexer, more))).await?;
        if !more {
            return Ok(());
        }
        indexer = back;
        tokio::time::sleep(started.elapsed()).await;
    }
}

async fn tidy(ledger: &Path) -> Result<(), LedgerError> {
    let path = ledger.to_owned();
    blocking(move || Indexer::open(&path)?.tidy()).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, LedgerError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}
