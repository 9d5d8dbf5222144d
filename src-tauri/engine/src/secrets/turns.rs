//! Whose turn it is with the secrets: many that use them, or the one that changes them and where they are sent.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use super::SecretError;

/// For so long those that use secrets are waited for: longer than a token takes to be fetched and stored, where nothing
/// but its server is slow.
const LONGEST: Duration = Duration::from_secs(30);

/// In the order in which they are asked for. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns(Arc<RwLock<()>>);

/// While it is there, no edit changes a secret.
#[derive(Debug)]
#[must_use]
pub struct Turn {
    _held: OwnedRwLockReadGuard<()>,
}

/// While it is there, nobody has a [`Turn`].
#[derive(Debug)]
#[must_use]
pub struct Changing {
    _held: OwnedRwLockWriteGuard<()>,
}

impl Turns {
    pub(super) async fn turn(self) -> Turn {
        Turn { _held: self.0.read_owned().await }
    }

    pub(super) async fn change(self) -> Result<Changing, SecretError> {
        let held = tokio::time::timeout(LONGEST, self.0.write_owned()).await;
        held.map(|held| Changing { _held: held }).map_err(|_| SecretError::InUse)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_changes_waits_for_who_uses_but_not_for_ever_and_then_holds_up_nobody() {
        let turns = Turns::default();
        let (used, also_used) = (turns.clone().turn().await, turns.clone().turn().await);
        let refused = turns.clone().change().await;
        assert!(matches!(refused, Err(SecretError::InUse)), "a slow token is not the keyring's fault: {refused:?}");
        assert!(turns.clone().turn().now_or_never().is_some(), "given up, it is in nobody's way");

        let changing = tokio::spawn(turns.clone().change());
        // It waits, and who comes later does so behind it.
        while turns.clone().turn().now_or_never().is_some() {
            tokio::task::yield_now().await;
        }
        drop((used, also_used));
        let changing = changing.await;
        assert!(matches!(changing, Ok(Ok(_))), "{changing:?}");
        assert!(turns.clone().turn().now_or_never().is_none());
        drop(changing);
        assert!(turns.turn().now_or_never().is_some());
    }
}
