//! Tells the engine where the changes of tiles count from that it saw no first value of: read from the ledger at the
//! start, and when other tiles are configured.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Zoned;
use streambell_engine::engine::Handle;
use streambell_engine::ledger::Reader;

/// How long is looked at the most.
const PATIENCE: Duration = Duration::from_secs(3);

/// Runs until the engine ends.
pub(crate) async fn run(engine: Handle, ledger: PathBuf) {
    let mut configs = engine.config();
    let mut known = None;
    loop {
        let config = configs.borrow_and_update().clone();
        if known.as_ref() != Some(&config.tiles) && !config.tiles.is_empty() {
            let (path, asked) = (ledger.clone(), config.clone());
            let look = move || Reader::open(&path)?.openings(&asked, &Zoned::now(), Instant::now() + PATIENCE);
            let told = match tokio::task::spawn_blocking(look).await {
                Ok(Ok(openings)) => openings,
                Ok(Err(error)) => {
                    tracing::debug!(%error, "changes count from the first values to come");
                    Vec::new()
                }
                Err(error) => {
                    tracing::debug!(%error, "the reading ended");
                    Vec::new()
                }
            };
            engine.open_tiles(config.clone(), told).await;
        }
        known = Some(config.tiles.clone());
        if configs.changed().await.is_err() {
            return;
        }
    }
}
