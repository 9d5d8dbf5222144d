//! What a stream's own silences teach: how long it is usually silent, and so when it is overdue, and when it is dead.
//! Pure.
//!
//! Many servers send a comment or an event every so often, so that silence means something. Such a heartbeat shows as
//! silences of one length; those that an event cuts short are shorter, none is longer. So the longest of the last
//! [`REMEMBERED`] silences is the usual one if [`ALIKE`] of them were about as long. A longer one makes the stream
//! irregular, until it is among many like it or forgotten. A stream that never pauses is usually not silent at all.

use std::time::{Duration, Instant};

/// Shorter silences are those of a stream that speaks.
const LEAST: Duration = Duration::from_secs(1);
/// How many silences are remembered.
const REMEMBERED: usize = 16;
/// So many of them must be about as long as the longest.
const ALIKE: usize = 5;
/// A stream that was never silent for so long never pauses.
const NEVER_SILENT: Duration = Duration::from_mins(1);

/// A heartbeat is overdue no sooner than so.
pub(super) const LEAST_OVERDUE: Duration = Duration::from_secs(10);
/// No heartbeat makes a connection count as dead sooner: a stream that speaks all the time may well pause so long.
pub(super) const LEAST_DEAD: Duration = Duration::from_secs(30);

/// The last silences of one connection.
#[derive(Debug, Clone)]
pub(super) struct Heartbeat {
    /// In milliseconds, as a ring; zero where there was none yet.
    silences: [u32; REMEMBERED],
    next: usize,
    /// The usual silence.
    usual: Option<Duration>,
    /// When the last silence ended, or the connection opened.
    speaks_since: Instant,
}

impl Heartbeat {
    /// Of a connection that opened at `now`: nothing is known.
    pub(super) fn new(now: Instant) -> Self {
        Self { silences: [0; REMEMBERED], next: 0, usual: None, speaks_since: now }
    }

    /// Bytes came at `now`, after a silence. Cheap where that was short.
    pub(super) fn heard(&mut self, silence: Duration, now: Instant) {
        if silence < LEAST {
            return;
        }
        self.speaks_since = now;
        self.silences[self.next] = u32::try_from(silence.as_millis()).unwrap_or(u32::MAX);
        self.next = (self.next + 1) % REMEMBERED;
        let longest = self.silences.into_iter().max().unwrap_or_default();
        // Timers and networks are late by a little.
        let about = longest - longest / 8 - LEAST.as_millis() as u32 / 2;
        let alike = self.silences.into_iter().filter(|silence| *silence >= about).count();
        self.usual = (alike >= ALIKE).then(|| Duration::from_millis(longest.into()));
    }

    /// For so long nobody listened, until `now`: whether the stream was silent is not known.
    pub(super) fn deaf(&mut self, time: Duration, now: Instant) {
        if time >= LEAST {
            self.speaks_since = now;
        }
    }

    /// How long the stream is usually silent at most; `None` where it has no heartbeat. `last` is when bytes came last.
    pub(super) fn usual(&self, last: Instant) -> Option<Duration> {
        let never_silent = last.saturating_duration_since(self.speaks_since) >= NEVER_SILENT;
        if never_silent { Some(LEAST) } else { self.usual }
    }

    /// After how long a silence the stream is overdue: half as long again as usual. At least [`LEAST_OVERDUE`].
    pub(super) fn overdue(&self, last: Instant) -> Option<Duration> {
        self.usual(last).map(|usual| (usual * 3 / 2 + Duration::from_secs(2)).max(LEAST_OVERDUE))
    }

    /// After how long a silence the connection counts as dead: two heartbeats are missing and a little more. At least
    /// [`LEAST_DEAD`]; whoever asks bounds it by what is configured.
    pub(super) fn dead(&self, last: Instant) -> Option<Duration> {
        self.usual(last).map(|usual| (usual * 2 + Duration::from_secs(5)).max(LEAST_DEAD))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    /// What is learned from these silences, in milliseconds.
    fn usual(silences: &[u64]) -> Option<Duration> {
        let mut now = Instant::now();
        let mut heartbeat = Heartbeat::new(now);
        for silence in silences {
            let silence = Duration::from_millis(*silence);
            now += silence;
            heartbeat.heard(silence, now);
        }
        heartbeat.usual(now)
    }

    #[test]
    fn five_silences_of_a_length_are_a_heartbeat_and_fewer_are_chance() {
        assert_eq!(usual(&[15_000; 4]), None);
        assert_eq!(usual(&[15_000, 14_900, 15_100, 15_020, 15_000]), Some(Duration::from_millis(15_100)));
    }

    #[test]
    fn events_between_heartbeats_do_not_hide_them() {
        let silences = [15_000, 3_000, 12_000, 15_000, 15_000, 700, 20, 14_300, 15_000, 8_000, 7_000, 15_000];
        assert_eq!(usual(&silences), Some(Duration::from_secs(15)));
    }

    #[test]
    fn a_longer_silence_makes_what_was_learned_doubtful_until_it_is_the_rule() {
        let mut silences = [15_000; 20].to_vec();
        silences.push(40_000);
        assert_eq!(usual(&silences), None);
        silences.extend([40_000; 4]);
        assert_eq!(usual(&silences), Some(Duration::from_secs(40)));
        silences.extend([15_000; 16]);
        assert_eq!(usual(&silences), Some(Duration::from_secs(15)));
    }

    #[test]
    fn a_stream_that_never_pauses_is_overdue_soon_and_dead_no_sooner_than_after_half_a_minute() {
        let start = Instant::now();
        let mut heartbeat = Heartbeat::new(start);
        let mut last = start;
        for tenth in 1..=600 {
            last = start + Duration::from_millis(tenth * 100);
            heartbeat.heard(Duration::from_millis(100), last);
        }
        assert_eq!(heartbeat.overdue(last), Some(LEAST_OVERDUE));
        assert_eq!(heartbeat.dead(last), Some(LEAST_DEAD));
        assert_eq!(heartbeat.usual(last - Duration::from_millis(100)), None, "not for a minute yet");
    }

    proptest! {
        #[test]
        fn a_heartbeat_is_learned_whatever_comes_between(
            beat in 2_000_u64..120_000, others in proptest::collection::vec((0.0_f64..1.0, any::<bool>()), 0..40),
        ) {
            // Each beat is cut by an event somewhere, or not.
            let mut silences = Vec::new();
            for (at, cut) in others {
                let before = (beat as f64 * at) as u64;
                if cut { silences.extend([before, beat - before]) } else { silences.push(beat) }
            }
            silences.extend([beat; ALIKE]);
            prop_assert_eq!(usual(&silences), Some(Duration::from_millis(beat)));
        }

        #[test]
        fn silences_that_are_all_different_teach_nothing(first in 1_000_u64..2_000, order in any::<u64>()) {
            // Each is half as long again as another, in any order.
            let mut silences: Vec<u64> =
                std::iter::successors(Some(first), |last| Some(last * 3 / 2)).take(REMEMBERED).collect();
            for at in 0..silences.len() {
                silences.swap(at, (order >> at) as usize % REMEMBERED);
            }
            let told = usual(&silences);
            prop_assert!(told.is_none(), "{told:?} of {silences:?}");
        }

        #[test]
        fn nothing_is_overdue_within_a_usual_silence_nor_dead_before_it_is_overdue(
            silences in proptest::collection::vec(0_u64..10_000_000_000, 0..60),
        ) {
            let mut last = Instant::now();
            let mut heartbeat = Heartbeat::new(last);
            for silence in silences {
                let silence = Duration::from_millis(silence);
                last += silence;
                heartbeat.heard(silence, last);
                if let Some(usual) = heartbeat.usual(last) {
                    let (overdue, dead) = (heartbeat.overdue(last).unwrap(), heartbeat.dead(last).unwrap());
                    prop_assert!(usual < overdue && overdue < dead);
                    prop_assert!(overdue >= LEAST_OVERDUE && dead >= LEAST_DEAD);
                }
            }
        }
    }
}
