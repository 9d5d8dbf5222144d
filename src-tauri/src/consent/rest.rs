//! Nothing is asked for a while after a no, and longer after each further one: a page must not ask until somebody gives
//! in. Pure.

use std::time::{Duration, Instant};

const SHORTEST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(600);

/// How long nothing is asked.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// For how long after the last no, which was not followed by a yes.
    length: Option<Duration>,
    until: Option<Instant>,
}

impl Rest {
    /// How long nothing is asked yet, if so.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        self.until.and_then(|until| until.checked_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// A person answered.
    pub(super) fn answered(&mut self, allowed: bool, now: Instant) {
        if allowed {
            *self = Self::default();
            return;
        }
        let length = self.length.map_or(SHORTEST, |length| (length * 2).min(LONGEST));
        *self = Self { length: Some(length), until: now.checked_add(length) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_no_nothing_is_asked_for_a_time_that_grows_until_a_yes() {
        let (mut rest, mut now, second) = (Rest::default(), Instant::now(), Duration::from_secs(1));
        assert_eq!(rest.left(now), None);
        for seconds in [30, 60, 120, 240, 480, 600, 600] {
            rest.answered(false, now);
            assert_eq!(rest.left(now), Some(second * seconds));
            now += second * (seconds - 1);
            assert_eq!(rest.left(now), Some(second));
            now += second;
            assert_eq!(rest.left(now), None);
        }
        rest.answered(true, now);
        assert_eq!(rest.left(now), None);
        rest.answered(false, now);
        assert_eq!(rest.left(now), Some(SHORTEST));
    }
}
