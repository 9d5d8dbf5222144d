//! What a client is told unasked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::alert::AlertView;
use crate::spot::Spot;
use crate::view::{EventBatch, Snapshot};
use crate::watch::WatchView;

/// What a subscription pushes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Topics {
    /// Snapshots, when something changed, at most ten a second.
    pub snapshots: bool,
    /// Batches of events as they are stored, at most ten a second, and alerts that became something else.
    pub events: bool,
    /// This client is the dashboard: it is asked to come to the front and to show alerts.
    pub dashboard: bool,
}

/// What the resident says unasked, to those who subscribed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "push", content = "value", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Push {
    /// The state of everything.
    Snapshot(Box<Snapshot>),
    /// Events that were stored since the last batch.
    Events(EventBatch),
    /// Alerts that became something else: shown, read, answered, over. As they are now; of very many at once the newest.
    Alerts(Vec<AlertView>),
    /// Come to the front, and show this.
    Present(Spot),
    /// What [`crate::Call::WatchStream`] has seen.
    Watched(Box<WatchView>),
    /// The resident ends.
    Goodbye,
}
