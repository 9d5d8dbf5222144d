//! The reconnect delay as a value: failures and chance in, delay out. Pure: chance is an argument.

use std::time::Duration;

pub use crate::sse::MIN_RETRY;

/// The greatest reconnection time that a server can ask for.
pub const MAX_RETRY: Duration = Duration::from_mins(5);
/// What failures in a row make of a delay at most, unless the reconnection time itself is longer.
pub const CEILING: Duration = Duration::from_mins(1);
/// What a server can ask for with `Retry-After` at most.
pub const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);
/// Failures are forgotten after a connection that was good for so long.
pub const STABLE: Duration = Duration::from_mins(1);

/// The longest delay there is, so that adding one to a clock cannot overflow: what browsers hold, 2^31 - 1 ms.
const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);
/// What grows where the reconnection time is zero, so that failures in a row never spin.
const SEED: Duration = Duration::from_millis(10);

/// The reconnection time in force and the failures in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backoff {
    base: Duration,
    failures: u32,
    strict: bool,
}

impl Backoff {
    /// Starts with a reconnection time that is taken as given, zero too. `strict` takes the server's as given too.
    pub fn new(retry: Duration, strict: bool) -> Self {
        Self { base: retry.min(LONGEST), failures: 0, strict }
    }

    /// The server named its reconnection time (HTML Standard, 9.2.6, field `retry`).
    pub fn server_asked(&mut self, retry: Duration) {
        self.base = if self.strict { retry.min(LONGEST) } else { retry.clamp(MIN_RETRY, MAX_RETRY) };
    }

    /// The delay after one more failure. `floor` is what the server asked for (`Retry-After`), `chance` is in 0..1.
    pub fn failed(&mut self, floor: Option<Duration>, chance: f64) -> Duration {
        let drawn = delay(self.base, self.failures, chance);
        self.failures = self.failures.saturating_add(1);
        floor.map_or(drawn, |floor| drawn.max(spread(floor, chance)))
    }

    /// The delay after a clean end, which is no failure. `chance` is in 0..1.
    pub fn ended(&self, chance: f64) -> Duration {
        delay(self.base, 0, chance)
    }

    /// A connection has been good for [`STABLE`].
    pub fn forget(&mut self) {
        self.failures = 0;
    }

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

/// The delay after `failures` earlier failures in a row: at least `base`, at most an eighth more at the first, growing
/// up to [`CEILING`] then. `chance` is in 0..1.
pub fn delay(base: Duration, failures: u32, chance: f64) -> Duration {
    let grown = if failures == 0 {
        base
    } else {
        let seed = if base.is_zero() { SEED } else { base };
        seed.saturating_mul(1 << failures.min(24)).min(CEILING.max(base))
    };
    let room = grown.saturating_sub(base).max(base / 8);
    base + room.mul_f64(chance.clamp(0.0, 1.0))
}

/// A server's `Retry-After` with up to an eighth more, so that its clients do not all come back at one instant.
fn spread(floor: Duration, chance: f64) -> Duration {
    delay(floor.min(MAX_RETRY_AFTER), 0, chance).min(MAX_RETRY_AFTER)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn the_first_failure_waits_the_reconnection_time_and_an_eighth_at_most() {
        assert_eq!(Backoff::new(S(3), false).failed(None, 0.0), S(3));
        assert_eq!(Backoff::new(S(3), false).failed(None, 1.0), Duration::from_millis(3375));
    }

    #[test]
    fn failures_in_a_row_double_the_longest_wait_up_to_a_minute() {
        let mut backoff = Backoff::new(S(3), false);
        let waits: Vec<_> = (0..7).map(|_| backoff.failed(None, 1.0).as_millis()).collect();
        assert_eq!(waits, [3375, 6000, 12_000, 24_000, 48_000, 60_000, 60_000]);
    }

    #[test]
    fn a_reconnection_time_over_a_minute_never_shrinks() {
        let mut backoff = Backoff::new(S(120), false);
        for _ in 0..10 {
            let wait = backoff.failed(None, 0.5);
            assert!(wait >= S(120) && wait <= S(135), "{wait:?}");
        }
    }

    #[test]
    fn a_clean_end_waits_as_if_nothing_had_failed() {
        let mut backoff = Backoff::new(S(3), false);
        for _ in 0..5 {
            backoff.failed(None, 0.5);
        }
        assert_eq!(backoff.ended(1.0), Duration::from_millis(3375));
        assert_eq!(backoff.failures(), 5);
    }

    #[test]
    fn forgetting_starts_again_at_the_reconnection_time() {
        let mut backoff = Backoff::new(S(3), false);
        for _ in 0..5 {
            backoff.failed(None, 1.0);
        }
        backoff.forget();
        assert_eq!(backoff.failed(None, 1.0), Duration::from_millis(3375));
    }

    #[test]
    fn a_server_asks_for_250_ms_at_the_least_and_5_minutes_at_the_most() {
        let mut backoff = Backoff::new(S(3), false);
        backoff.server_asked(Duration::ZERO);
        assert_eq!(backoff.failed(None, 0.0), MIN_RETRY);
        backoff.server_asked(Duration::MAX);
        assert_eq!(backoff.ended(0.0), MAX_RETRY);
    }

    #[test]
    fn strict_takes_the_servers_time_as_given() {
        let mut backoff = Backoff::new(S(3), true);
        backoff.server_asked(Duration::from_millis(1));
        assert_eq!(backoff.ended(0.0), Duration::from_millis(1));
        backoff.server_asked(Duration::MAX);
        assert_eq!(backoff.ended(0.0), LONGEST);
    }

    #[test]
    fn zero_is_taken_as_given_and_still_failures_in_a_row_do_not_spin() {
        let mut backoff = Backoff::new(Duration::ZERO, false);
        assert_eq!(backoff.failed(None, 1.0), Duration::ZERO);
        let total: Duration = (0..12).map(|_| backoff.failed(None, 0.5)).sum();
        assert!(total > S(30), "{total:?}");
    }

    #[test]
    fn retry_after_is_a_floor_and_counts_for_an_hour_at_most() {
        assert_eq!(Backoff::new(S(3), false).failed(Some(S(20)), 0.0), S(20));
        assert_eq!(Backoff::new(S(3), false).failed(Some(S(1)), 0.0), S(3));
        assert_eq!(Backoff::new(S(3), false).failed(Some(Duration::MAX), 1.0), S(3600));
    }

    proptest! {
        #[test]
        fn a_delay_is_never_under_the_base_and_never_over_what_it_may_grow_to(
            base in 0_u64..600_000, failures in 0_u32..200, chance in 0.0_f64..1.0,
        ) {
            let base = Duration::from_millis(base);
            let wait = delay(base, failures, chance);
            prop_assert!(wait >= base);
            prop_assert!(wait <= CEILING.max(base + base / 8));
        }
    }
}
