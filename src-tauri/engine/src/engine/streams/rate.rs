//! How many events came in the last minute.

use jiff::Timestamp;

/// The minute in so many parts; the one under way is among them.
const SLOTS: usize = 12;

/// How long a part is.
const SLOT_SECONDS: i64 = 60 / SLOTS as i64;

/// Counts of the last minute. Small: there may be very many streams.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Rate {
    slots: [u32; SLOTS],
    /// The part that was counted in last, since 1970.
    newest: i64,
}

impl Rate {
    /// Events came.
    pub(super) fn count(&mut self, events: u64, now: Timestamp) {
        let slot = part(now);
        // The parts between are over, and empty; also where the clock was set.
        for passed in self.newest + 1..=slot.min(self.newest + SLOTS as i64) {
            self.slots[place(passed)] = 0;
        }
        if slot < self.newest {
            self.slots = [0; SLOTS];
        }
        self.newest = slot;
        let count = &mut self.slots[place(slot)];
        *count = count.saturating_add(u32::try_from(events).unwrap_or(u32::MAX));
    }

    /// How many in the minute before, to within a part.
    pub(super) fn per_minute(&self, now: Timestamp) -> u64 {
        let oldest = part(now) - SLOTS as i64 + 1;
        let counted = (self.newest - SLOTS as i64 + 1..=self.newest).filter(|slot| *slot >= oldest);
        counted.map(|slot| u64::from(self.slots[place(slot)])).sum()
    }
}

fn part(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SLOT_SECONDS)
}

fn place(slot: i64) -> usize {
    usize::try_from(slot.rem_euclid(SLOTS as i64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    #[test]
    fn what_is_over_a_minute_ago_counts_no_more() {
        let mut rate = Rate::default();
        assert_eq!(rate.per_minute(at(0)), 0);
        rate.count(5, at(0));
        rate.count(2, at(30));
        assert_eq!([30, 54, 61, 90, 500].map(|second| rate.per_minute(at(second))), [7, 7, 2, 0, 0]);
        rate.count(1, at(10_000));
        assert_eq!(rate.per_minute(at(10_000)), 1);
        rate.count(3, at(0));
        assert_eq!(rate.per_minute(at(0)), 3, "a clock that was set back begins anew");
    }

    proptest! {
        #[test]
        fn it_counts_what_came_in_the_last_parts(steps in proptest::collection::vec((0..20_i64, 0..9_u64), 1..60)) {
            let (mut rate, mut second, mut came) = (Rate::default(), 0, Vec::new());
            for (later, events) in steps {
                second += later;
                rate.count(events, at(second));
                came.push((part(at(second)), events));
                let within = came.iter().filter(|(slot, _)| *slot > part(at(second)) - SLOTS as i64);
                prop_assert_eq!(rate.per_minute(at(second)), within.map(|(_, events)| events).sum::<u64>());
            }
        }
    }
}
