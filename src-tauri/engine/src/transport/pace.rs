//! When each of several connects to one host starts that come together: after a wake, with the network, at the start.
//! Pure.

use std::time::{Duration, Instant};

/// The mean time between two starts, where they are few.
const APART: Duration = Duration::from_millis(25);
/// Nobody waits longer for others.
const LONGEST: Duration = Duration::from_secs(2);
/// So many starts, each a mean time apart, fill that.
const FEW: u32 = 80;

/// The next start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    next: Instant,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { next: now }
    }

    /// When one that comes at `now` starts, at most [`LONGEST`] later. `chance`, in 0..1, spreads them: where others wait
    /// on other machines for the same host, no rhythm of ours meets theirs.
    pub(super) fn next(&mut self, now: Instant, chance: f64) -> Instant {
        let start = self.next.max(now);
        // The more wait, the closer they start, so that the last of them is still in time.
        let left = LONGEST.saturating_sub(start - now);
        let apart = APART.min(left / FEW).mul_f64(0.5 + chance.clamp(0.0, 1.0));
        self.next = start + apart;
        start
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn starts_are_in_order_and_nobody_waits_longer_than_two_seconds(
            comers in proptest::collection::vec((0_u64..100, 0.0_f64..1.0), 1..2_000),
        ) {
            let mut now = Instant::now();
            let mut pace = Pace::new(now);
            let mut last = now;
            for (after, chance) in comers {
                now += Duration::from_millis(after);
                let start = pace.next(now, chance);
                prop_assert!(start >= last && start >= now);
                prop_assert!(start - now <= LONGEST, "{:?}", start - now);
                last = start;
            }
        }

        #[test]
        fn fifty_that_come_at_once_take_more_than_half_a_second(chances in proptest::collection::vec(0.0_f64..1.0, 50)) {
            let now = Instant::now();
            let mut pace = Pace::new(now);
            let starts: Vec<_> = chances.into_iter().map(|chance| pace.next(now, chance) - now).collect();
            prop_assert_eq!(starts[0], Duration::ZERO);
            for pair in starts.windows(2) {
                prop_assert!(pair[1] - pair[0] >= Duration::from_millis(5), "{pair:?}");
            }
            prop_assert!(starts[49] >= Duration::from_millis(450), "{:?}", starts[49]);
        }
    }
}
