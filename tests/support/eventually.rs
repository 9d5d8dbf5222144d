//! Waiting for a condition instead of sleeping.

use std::time::{Duration, Instant};

/// How long a condition may take to become true. Generous: it is only used up by a test that fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

const STEP: Duration = Duration::from_millis(15);

/// Asks again and again until there is an answer.
///
/// # Panics
/// Where there is none after [`PATIENCE`]; the message names what was waited for.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for: {what}");
        tokio::time::sleep(STEP).await;
    }
}
