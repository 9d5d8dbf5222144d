//! Notices that the machine slept: the wall clock went on and the monotonic one did not. Pure.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// How often the clocks are compared where nothing else wakes the engine: so long a wake may go unnoticed.
const EVERY: Duration = Duration::from_secs(10);

/// A wall clock that is corrected by less was not asleep.
const LEAST: Duration = Duration::from_secs(5);

/// Both clocks as they stood when they were compared last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    instant: Instant,
    wall: Timestamp,
}

impl Clock {
    pub(super) fn new(instant: Instant, wall: Timestamp) -> Self {
        Self { instant, wall }
    }

    /// When the clocks are to be compared next.
    pub(super) fn deadline(&self) -> Instant {
        self.instant + EVERY
    }

    /// Whether the machine slept since the last time. A wall clock that was set forward looks the same, and the same
    /// is right for it: connections are looked at, and waits begin anew.
    pub(super) fn slept(&mut self, instant: Instant, wall: Timestamp) -> bool {
        let awake = instant.saturating_duration_since(self.instant);
        let passed = Duration::try_from(wall.duration_since(self.wall)).unwrap_or_default();
        *self = Self { instant, wall };
        passed > awake + LEAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_wall_clock_that_outran_the_other_says_that_the_machine_slept() {
        let (instant, wall) = (Instant::now(), Timestamp::constant(1_000, 0));
        for (awake, passed, slept) in
            [(10, 10, false), (10, 14, false), (10, 16, true), (0, 3_600, true), (10, -60, false)]
        {
            let mut clock = Clock::new(instant, wall);
            let now = Timestamp::constant(1_000 + passed, 0);
            assert_eq!(clock.slept(instant + Duration::from_secs(awake), now), slept, "{awake} {passed}");
            assert!(!clock.slept(instant + Duration::from_secs(awake), now), "it is told once");
        }
    }
}
