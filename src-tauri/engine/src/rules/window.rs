//! The lowest and highest values of a time just past, in a bounded number of pieces. Pure.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many pieces a window is made of.
const PIECES: i64 = 60;

/// A window; it reaches back as long as it is told, and up to a sixtieth further.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Window(VecDeque<Piece>);

/// Its number since 1970, the lowest value and the highest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Piece(i64, f64, f64);

impl Window {
    /// Takes a value and forgets what is too old. A clock that was set back forgets what was to come.
    pub(super) fn push(&mut self, value: f64, at: Timestamp, length: Duration) {
        let piece = i64::try_from(length.as_millis()).unwrap_or(i64::MAX).max(PIECES) / PIECES;
        let number = at.as_millisecond().div_euclid(piece);
        self.0.retain(|Piece(of, ..)| (number - PIECES..=number).contains(of));
        match self.0.back_mut() {
            Some(Piece(of, low, high)) if *of == number => (*low, *high) = (low.min(value), high.max(value)),
            Some(_) | None => self.0.push_back(Piece(number, value, value)),
        }
    }

    /// The lowest and the highest value.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        let lowest = self.0.iter().map(|Piece(_, low, _)| *low).reduce(f64::min)?;
        Some((lowest, self.0.iter().map(|Piece(.., high)| *high).reduce(f64::max)?))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_older_than_the_window_is_forgotten() {
        let mut window = Window::default();
        for (second, value, wanted) in [
            (0, 5.0, (5.0, 5.0)),
            (30, 9.0, (5.0, 9.0)),
            (59, 7.0, (5.0, 9.0)),
            (62, 6.0, (6.0, 9.0)),
            (200, 1.0, (1.0, 1.0)),
        ] {
            window.push(value, Timestamp::constant(second, 0), Duration::from_secs(60));
            assert_eq!(window.range(), Some(wanted), "{second}");
        }
        window.push(3.0, Timestamp::constant(100, 0), Duration::from_secs(60));
        assert_eq!(window.range(), Some((3.0, 3.0)), "the clock was set back");
    }

    proptest! {
        #[test]
        fn a_window_knows_its_extremes_in_bounded_memory(steps in prop::collection::vec((0_i64..400, -9_i32..9), 1..300)) {
            let length = 600;
            let (mut window, mut all, mut now) = (Window::default(), Vec::new(), 1_000_000_i64);
            for (step, value) in steps {
                now += step;
                let value = f64::from(value);
                all.push((now, value));
                window.push(value, Timestamp::from_second(now).unwrap_or_default(), Duration::from_secs(length));
                prop_assert!(window.len() <= 61);
                let (low, high) = window.range().unwrap_or_default();
                let reach = |extra: i64| all.iter().filter(move |(at, _)| now - at <= length as i64 + extra).map(|(_, value)| *value);
                prop_assert!(low <= reach(0).fold(f64::MAX, f64::min) && low >= reach(10).fold(f64::MAX, f64::min));
                prop_assert!(high >= reach(0).fold(f64::MIN, f64::max) && high <= reach(10).fold(f64::MIN, f64::max));
            }
        }
    }
}
