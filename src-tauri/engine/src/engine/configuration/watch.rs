//! Tells when the configuration file may have changed on disk.

use std::path::Path;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use super::Order;

/// Watches the file's folder, since editors replace files instead of writing them, and the folder of its target where
/// it is a link. `None` where the system cannot: then only a restart or a reload reads the file again.
pub(super) fn start(file: &Path, orders: mpsc::WeakUnboundedSender<Order>) -> Option<RecommendedWatcher> {
    let names: Vec<_> = [Some(file.to_owned()), file.canonicalize().ok()].into_iter().flatten().collect();
    let watched = names.clone();
    let changed = move |event: notify::Result<notify::Event>| {
        let concerns = event.is_ok_and(|event| {
            !event.kind.is_access()
                && event.paths.iter().any(|path| watched.iter().any(|file| file.file_name() == path.file_name()))
        });
        if concerns && let Some(orders) = orders.upgrade() {
            // The task may be ending.
            drop(orders.send(Order::Reload));
        }
    };
    let result = notify::recommended_watcher(changed).and_then(|mut watcher| {
        for folder in names.iter().filter_map(|file| file.parent()) {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
        Ok(watcher)
    });
    match result {
        Ok(watcher) => Some(watcher),
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "changes to the configuration file are not noticed");
            None
        }
    }
}
