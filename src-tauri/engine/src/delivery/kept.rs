//! Alerts of events that the server had kept, and sends at once: one summary.

use jiff::{SignedDuration, Timestamp, Zoned};

use super::held::{Held, Lane};
use super::{Decision, Delivery, keep_newest, newness};
use crate::config::Throttle;
use crate::model::StoredAlert;

/// The summary waits until no more come for so long,
const SETTLED: SignedDuration = SignedDuration::from_millis(500);
/// and no longer than so.
const LONGEST: SignedDuration = SignedDuration::from_secs(5);

impl Delivery {
    /// As [`Delivery::offer`], but many of them become one summary: "17 alerts while away" where the stream `resumed`,
    /// else "17 earlier alerts". A rule whose throttle a person set, or switched off, goes by that.
    pub fn offer_kept(&mut self, alerts: Vec<StoredAlert>, resumed: bool, now: &Zoned) -> Vec<Decision> {
        let by_default = |alert: &StoredAlert| self.settings.throttle(&alert.alert.rule) == Some(Throttle::DEFAULT);
        let (mut kept, others): (Vec<_>, Vec<_>) = alerts.into_iter().partition(by_default);
        let mut decisions = self.offer(others, now);
        kept.sort_by_key(|alert| newness(alert.id));
        kept.retain(|alert| !self.is_held(alert.id) && self.passes(alert, now, &mut decisions));
        keep_newest(&mut kept, &mut decisions);
        for alert in kept {
            self.supersede(&alert, &mut decisions);
            self.hold(Lane::Kept { resumed }, alert, now, &mut decisions);
        }
        decisions
    }

    fn is_held(&self, alert: i64) -> bool {
        self.held.values().flat_map(Held::ids).any(|held| held == alert)
    }
}

/// When what is held of them is complete.
pub(super) fn settled_at(held: &Held) -> Option<Timestamp> {
    let quiet = held.alerts.back().and_then(|newest| newest.at.checked_add(SETTLED).ok());
    quiet.min(held.since.checked_add(LONGEST).ok())
}
