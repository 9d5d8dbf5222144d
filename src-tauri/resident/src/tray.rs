//! The tray: an icon that tells the state of things, and a menu. [`menu`] decides what there is to show, [`shown`] what
//! of it is shown while somebody looks, [`render`] draws it.

mod menu;
#[cfg(target_os = "linux")]
mod render;
#[cfg(target_os = "linux")]
mod shown;

use std::sync::Arc;

use streambell_engine::snapshot::Snapshot;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::resident::Order;

/// What the tray's task is made from.
#[derive(Debug)]
pub(crate) struct Tray {
    /// What it shows.
    pub(crate) snapshots: watch::Receiver<Arc<Snapshot>>,
    /// Where clicks go.
    pub(crate) orders: mpsc::UnboundedSender<Order>,
    /// Which connection to the session bus there is; 0 for none.
    pub(crate) bus: watch::Receiver<u64>,
}

impl Tray {
    /// Shows the tray, wherever and whenever there is one, until `shutdown`.
    #[cfg(target_os = "linux")]
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        render::run(self, shutdown).await;
    }

    /// Until this platform has its room.
    #[cfg(not(target_os = "linux"))]
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        shutdown.cancelled().await;
    }
}
