//! What keeps an alert from being shown at all: pauses, silences, quiet hours, its age, its urgency.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, Zoned};

use super::EXPIRY;
use super::settings::Settings;
use crate::model::{StoredAlert, StreamId, Suppression, Urgency};
use crate::silence::Silences;
use crate::snapshot::Pause;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// The pause of everything.
    pub(super) pause: Option<Pause>,
    /// The pauses of single streams.
    pub(super) streams: BTreeMap<StreamId, Pause>,
    /// What a person silenced.
    pub(super) silences: Silences,
}

impl Gate {
    /// Why an alert must not be shown now; `None` where it may be.
    pub(super) fn refusal(&self, alert: &StoredAlert, settings: &Settings, now: &Zoned) -> Option<Suppression> {
        let instant = now.timestamp();
        let paused = |pause: &Pause| pause.until.is_none_or(|until| instant < until);
        if alert.alert.urgency == Urgency::None {
            Some(Suppression::StoredOnly)
        } else if settings.expires_at(alert) <= instant {
            Some(Suppression::Expired)
        } else if self.pause.as_ref().is_some_and(paused) || self.streams.get(&alert.stream).is_some_and(paused) {
            Some(Suppression::Paused)
        } else if self.silences.match_alert(alert, instant) {
            Some(Suppression::Silenced)
        } else if settings.is_quiet(alert, now) {
            Some(Suppression::QuietHours)
        } else {
            None
        }
    }

    /// Forgets what is over; tells whether that was a silence.
    pub(super) fn prune(&mut self, now: Timestamp) -> bool {
        let goes_on = |pause: &Pause| pause.until.is_none_or(|until| now < until);
        self.pause = self.pause.filter(goes_on);
        self.streams.retain(|_, pause| goes_on(pause));
        self.silences.prune(now)
    }

    /// When the next of these ends by itself.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        let pauses = self.pause.iter().chain(self.streams.values()).filter_map(|pause| pause.until);
        pauses.chain(self.silences.deadline()).min()
    }
}

/// When an alert expires that says so after this long; at the latest after [`EXPIRY`].
pub(super) fn expires_at(alert: &StoredAlert, after: Option<SignedDuration>) -> Timestamp {
    alert.at.saturating_add(after.unwrap_or(EXPIRY).min(EXPIRY)).unwrap_or(Timestamp::MAX)
}
