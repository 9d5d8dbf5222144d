//! What an alert that is still to be shown waits for.

use jiff::Timestamp;

use super::{Delivery, Held};
use crate::locale::Text;

/// What a pending alert waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// Its turn: too many came in a short time, or more may still come that are told together.
    Turn {
        /// When that is, at the latest.
        until: Timestamp,
    },
    /// The desktop, which was just asked to show it.
    Desktop,
    /// A notification daemon: why it could not be shown, in one line.
    Daemon(Text),
}

impl Waiting {
    /// The word used in output.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Turn { .. } => "turn",
            Self::Desktop => "desktop",
            Self::Daemon(_) => "daemon",
        }
    }
}

impl Delivery {
    /// When an alert that is held back is decided on; `None` where it is not held back.
    pub fn held_until(&self, alert: i64) -> Option<Timestamp> {
        let holds = |held: &Held| held.ids().any(|id| id == alert);
        let (lane, held) = self.held.iter().find(|(_, held)| holds(held))?;
        Some(self.free_at(lane, held).unwrap_or(held.since))
    }
}
