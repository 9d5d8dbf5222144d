//! The last 24 hours in quarters of an hour.

use std::time::Duration;

use jiff::Timestamp;

/// How long a segment is: 15 minutes.
pub const SEGMENT: Duration = Duration::from_secs(15 * 60);

/// How many segments a day has; the newest is under way.
pub const SEGMENTS: usize = 96;

/// A segment in milliseconds.
const LENGTH: i64 = 15 * 60 * 1000;

/// How much of each quarter of an hour there was a connection. 0.8 KB, whatever happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// By the segment's number since 1970, modulo their count.
    segments: Box<[Segment; SEGMENTS]>,
    /// The number of the newest segment; the others follow from it.
    newest: i64,
    /// When the first time began that was counted.
    first: Option<Timestamp>,
}

/// Milliseconds with and without a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Segment {
    up: u32,
    down: u32,
}

impl Default for Day {
    fn default() -> Self {
        Self { segments: Box::new([Segment::default(); SEGMENTS]), newest: i64::MIN / LENGTH, first: None }
    }
}

impl Day {
    /// Counts a time that began at `from`. What lies more than a day back is forgotten.
    pub fn add(&mut self, from: Timestamp, length: Duration, up: bool) {
        if !length.is_zero() {
            self.first = Some(self.first.map_or(from, |first| first.min(from)));
        }
        let mut from = from.as_millisecond();
        let end = from.saturating_add(i64::try_from(length.as_millis()).unwrap_or(i64::MAX));
        self.forget_before(end.div_euclid(LENGTH));
        from = from.max(self.oldest().saturating_mul(LENGTH));
        while from < end {
            let number = from.div_euclid(LENGTH);
            let until = ((number + 1) * LENGTH).min(end);
            let part = u32::try_from(until - from).unwrap_or(0);
            let segment = &mut self.segments[place(number)];
            // Never more than the segment is long: a clock that was set back passes a time twice.
            let room = u32::try_from(LENGTH).unwrap_or(0).saturating_sub(segment.up + segment.down);
            *(if up { &mut segment.up } else { &mut segment.down }) += part.min(room);
            from = until;
        }
    }

    /// The part of the watched time with a connection; `None` where nobody watched.
    pub fn share(&self, now: Timestamp) -> Option<f64> {
        let (up, down) = self.all(now).fold((0, 0), |(up, down), segment| (up + segment.up, down + segment.down));
        Segment { up, down }.share()
    }

    /// When the first time began that was counted, where the day is older by more than a segment.
    pub fn since(&self, now: Timestamp) -> Option<Timestamp> {
        let oldest = now.as_millisecond().div_euclid(LENGTH) - (SEGMENTS as i64 - 1);
        self.first.filter(|first| first.as_millisecond().div_euclid(LENGTH) > oldest)
    }

    /// The same for each segment, oldest first.
    pub fn segments(&self, now: Timestamp) -> Vec<Option<f64>> {
        self.all(now).map(Segment::share).collect()
    }

    fn all(&self, now: Timestamp) -> impl Iterator<Item = Segment> {
        let newest = now.as_millisecond().div_euclid(LENGTH);
        let known = self.oldest()..=self.newest;
        numbers(newest)
            .map(move |number| if known.contains(&number) { self.segments[place(number)] } else { Segment::default() })
    }

    fn oldest(&self) -> i64 {
        self.newest - (SEGMENTS as i64 - 1)
    }

    /// Makes room up to this segment.
    fn forget_before(&mut self, newest: i64) {
        if newest <= self.newest {
            return;
        }
        let known = self.newest;
        for number in numbers(newest).filter(|number| *number > known) {
            self.segments[place(number)] = Segment::default();
        }
        self.newest = newest;
    }
}

impl Segment {
    fn share(self) -> Option<f64> {
        let watched = self.up + self.down;
        (watched > 0).then(|| f64::from(self.up) / f64::from(watched))
    }
}

/// The numbers of the day that ends with this one.
fn numbers(newest: i64) -> std::ops::RangeInclusive<i64> {
    newest - (SEGMENTS as i64 - 1)..=newest
}

fn place(number: i64) -> usize {
    usize::try_from(number.rem_euclid(SEGMENTS as i64)).unwrap_or(0)
}
