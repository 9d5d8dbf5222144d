//! Alerts by what their events are: new, or what a server had kept and sends at once.

use super::Streams;
use crate::engine::replay::Replay;
use crate::model::StoredAlert;

/// Alerts, sorted.
#[derive(Debug, Default)]
pub(in crate::engine) struct Sorted {
    /// New ones, and those that are few.
    pub(in crate::engine) live: Vec<StoredAlert>,
    /// Many that came while nobody listened.
    pub(in crate::engine) resumed: Vec<StoredAlert>,
    /// Many from before the first connection.
    pub(in crate::engine) first: Vec<StoredAlert>,
}

impl Streams {
    /// Tells alerts of events that a server had kept, where they are many, from all others.
    pub(in crate::engine) fn sort(&mut self, alerts: Vec<StoredAlert>) -> Sorted {
        let mut sorted = Sorted::default();
        for alert in &alerts {
            if let Some(replay) = self.replay_of(alert) {
                replay.count();
            }
        }
        for alert in alerts {
            match self.replay_of(&alert) {
                Some(replay) if replay.is_much() && replay.resumed => sorted.resumed.push(alert),
                Some(replay) if replay.is_much() => sorted.first.push(alert),
                Some(_) | None => sorted.live.push(alert),
            }
        }
        sorted
    }

    /// The beginning of the connection that an alert's event belongs to.
    fn replay_of(&mut self, alert: &StoredAlert) -> Option<&mut Replay> {
        let at = self.position(&alert.stream)?;
        self.streams[at].replay.as_mut().filter(|replay| replay.holds(alert.at))
    }
}
