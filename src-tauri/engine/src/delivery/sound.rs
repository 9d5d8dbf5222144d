//! At most one sound in so long.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::host::Noise;

/// When the last sound was asked for, and by which alert.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    last: Option<(Timestamp, i64)>,
}

impl Sounds {
    /// What is heard with this notification: what its rule wants, or nothing where the last sound was a moment ago.
    /// Only sounds that a rule asked for count: what the desktop does by itself is not known here.
    pub(super) fn admit(&mut self, wanted: Noise, newest: i64, now: Timestamp, gap: Duration) -> Noise {
        if wanted == Noise::Silent {
            return wanted;
        }
        let gap = SignedDuration::try_from(gap).unwrap_or(SignedDuration::MAX);
        // A time to come is of a clock that was set back since.
        let recent = |at: Timestamp| (SignedDuration::ZERO..gap).contains(&now.duration_since(at));
        if self.last.is_some_and(|(at, _)| recent(at)) {
            return Noise::Silent;
        }
        if wanted != Noise::Desktop {
            self.last = Some((now, newest));
        }
        wanted
    }

    /// The number of the alert that the last one was of.
    pub(super) fn number_mut(&mut self) -> Option<&mut i64> {
        self.last.as_mut().map(|(_, alert)| alert)
    }

    /// This one was not heard.
    pub(super) fn forget(&mut self, newest: impl Fn(i64) -> bool) {
        self.last = self.last.filter(|(_, alert)| !newest(*alert));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_sound_within_the_gap_is_not_heard() {
        let bell = || Noise::Named("bell".to_owned());
        let at = |millis: i64| Timestamp::constant(100 + millis / 1_000, 0);
        let gap = Duration::from_secs(3);
        let mut sounds = Sounds::default();
        assert_eq!(sounds.admit(Noise::Desktop, 1, at(0), gap), Noise::Desktop);
        assert_eq!(sounds.admit(bell(), 2, at(0), gap), bell());
        assert_eq!(sounds.admit(bell(), 3, at(2_000), gap), Noise::Silent);
        assert_eq!(sounds.admit(Noise::Desktop, 4, at(2_000), gap), Noise::Silent);
        assert_eq!(sounds.admit(bell(), 5, at(3_000), gap), bell());
        sounds.forget(|alert| alert == 5);
        assert_eq!(sounds.admit(bell(), 6, at(3_000), gap), bell(), "the one before was never shown");
        assert_eq!(sounds.admit(bell(), 7, at(1_000), gap), bell(), "the clock was set back");
        assert_eq!(sounds.admit(bell(), 8, at(1_000), Duration::ZERO), bell());
    }
}
