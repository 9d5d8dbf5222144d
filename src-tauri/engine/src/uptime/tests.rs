//! Which connections are kept, and what of them.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::connection::{EndReason, State, Wait, WaitReason};
use crate::locale::Text;

/// Clocks that are told what time it is.
struct Stage {
    log: Log,
    now: Now,
    bytes: u64,
    kept: Vec<Record>,
}

impl Stage {
    fn new() -> Self {
        let now = Now { wall: Timestamp::from_second(1_790_000_000).unwrap(), instant: Instant::now() };
        Self { log: Log::default(), now, bytes: 0, kept: Vec::new() }
    }

    fn counted(&self) -> Counted {
        Counted { bytes: self.bytes, header_after: Some(Duration::ZERO), first_byte_after: None }
    }

    fn later(&mut self, seconds: u64) -> &mut Self {
        self.now.instant += Duration::from_secs(seconds);
        self.asleep(seconds)
    }

    /// Only the wall clock goes on.
    fn asleep(&mut self, seconds: u64) -> &mut Self {
        self.now.wall += Duration::from_secs(seconds);
        self
    }

    fn enter(&mut self, state: State) -> &mut Self {
        let record = self.log.enter(&state, self.counted(), self.now);
        self.kept.extend(record);
        self
    }

    fn open(&mut self) -> &mut Self {
        self.enter(State::Connecting);
        self.log.answered(200, "1.1", self.counted());
        self.enter(State::Open)
    }

    fn uptime(&mut self) -> Uptime {
        self.log.uptime(&"s".into(), self.counted(), self.now)
    }
}

fn wait(reason: WaitReason, message: &str) -> State {
    let message = Text::plain(message);
    State::Waiting(Wait { until: Instant::now(), delay: Duration::ZERO, reason, message, attempt: 1 })
}

fn refused() -> State {
    wait(WaitReason::Network, "the server refuses connections")
}

#[test]
fn a_connection_is_kept_when_it_opens_and_when_it_ends() {
    let mut stage = Stage::new();
    stage.open().later(60);
    stage.log.received(3);
    stage.bytes = 700;
    stage.enter(wait(WaitReason::EndOfStream, "the server ended the stream"));
    let [open, ended] = &stage.kept[..] else { panic!("{:?}", stage.kept) };
    assert_eq!((open.cause, open.start), (Cause::Open, ended.start));
    assert_eq!((ended.cause, ended.status, ended.http.as_str()), (Cause::EndOfStream, Some(200), "1.1"));
    assert_eq!((ended.bytes, ended.events, ended.open_for), (700, 3, Some(Duration::from_secs(60))));
}

#[test]
fn the_next_connection_counts_its_own_bytes_and_how_long_there_was_none() {
    let mut stage = Stage::new();
    stage.bytes = 700;
    stage.open().enter(refused()).later(5).open().later(1);
    stage.bytes = 710;
    let open = stage.uptime().open.unwrap();
    assert_eq!((open.bytes, open.missing), (10, Duration::from_secs(5)));
}

#[test]
fn tries_that_come_to_nothing_for_one_reason_are_one_record() {
    let mut stage = Stage::new();
    for _ in 0..3 {
        stage.enter(State::Connecting).later(1).enter(refused()).later(9);
    }
    let last = stage.kept.last().unwrap();
    assert_eq!((last.tries, last.start), (3, stage.kept[0].start));
    assert_eq!(last.missing, Duration::from_secs(20));
    stage.enter(State::Connecting).enter(wait(WaitReason::Tls, "the certificate is not trusted"));
    assert_eq!(stage.kept.last().unwrap().tries, 1);
}

#[test]
fn a_connection_that_is_given_up_for_another_says_so() {
    let mut stage = Stage::new();
    stage.open().later(1).enter(State::Connecting);
    assert_eq!(stage.kept.last().unwrap().cause, Cause::Reconnect);
}

#[test]
fn every_end_has_its_cause() {
    let message = || Text::plain("m");
    for (state, cause) in [
        (State::Offline { until: Instant::now() }, Cause::Offline),
        (State::Refreshing, Cause::Unauthorized),
        (State::NeedsSignIn { message: message() }, Cause::Unauthorized),
        (State::Ended { reason: EndReason::NoContent, message: message() }, Cause::NoContent),
        (State::Paused, Cause::Stopped),
        (State::Idle, Cause::Stopped),
    ] {
        let mut stage = Stage::new();
        stage.open().enter(state);
        assert_eq!(stage.kept.last().unwrap().cause, cause);
    }
}

#[test]
fn uptime_is_the_part_of_the_watched_time() {
    let mut stage = Stage::new();
    assert_eq!(stage.uptime().share, None);
    stage.open().later(3 * 3_600).enter(refused()).later(3_600);
    assert_eq!(stage.uptime().share, Some(0.75));
    let known: Vec<_> = stage.uptime().segments.into_iter().flatten().collect();
    assert_eq!((known[0], known[known.len() - 2]), (1.0, 0.0));
}

#[test]
fn time_asleep_or_switched_off_is_nobodys() {
    let mut stage = Stage::new();
    stage.open().later(3_600).asleep(36_000).later(5);
    stage.log.settle(stage.now);
    stage.enter(refused()).later(5).open().later(3_590);
    stage.enter(State::Paused).later(7_200);
    let share = stage.uptime().share.unwrap();
    assert!((share - 7_195.0 / 7_200.0).abs() < 1e-9, "{share}");
}

#[test]
fn what_has_no_more_to_send_is_not_away() {
    let mut stage = Stage::new();
    stage.open().later(3_600);
    stage.enter(State::Ended { reason: EndReason::Finished, message: Text::default() }).later(7_200);
    assert_eq!(stage.uptime().share, Some(1.0));
    stage.enter(State::Ended { reason: EndReason::Status, message: Text::default() }).later(3_600);
    assert_eq!(stage.uptime().share, Some(0.5));
}

#[test]
fn a_stream_that_only_begins_was_never_away_and_is_known_since_then() {
    let mut stage = Stage::new();
    stage.enter(State::Idle).later(1).enter(State::Connecting).later(2);
    assert_eq!((stage.uptime().share, stage.uptime().since), (None, None));
    stage.enter(State::Open);
    let opened = stage.now.wall;
    stage.later(3_600);
    let uptime = stage.uptime();
    assert_eq!((uptime.share, uptime.since, uptime.last), (Some(1.0), Some(opened), None));
    stage.enter(State::Connecting).later(3_600);
    assert_eq!(stage.uptime().share, Some(0.5), "one that was there is missed");
    stage.later(23 * 3_600);
    assert_eq!(stage.uptime().since, None, "that is the whole day");
}

#[test]
fn a_first_try_that_fails_is_missed_from_then_on() {
    let mut stage = Stage::new();
    stage.enter(State::Connecting).later(5).enter(refused()).later(5);
    assert_eq!(stage.uptime().share, Some(0.0));
    stage.enter(State::Connecting).later(5).enter(State::Open);
    assert_eq!(stage.uptime().open.map(|open| open.missing), Some(Duration::from_secs(10)));
}

#[test]
fn what_lies_more_than_a_day_back_is_forgotten() {
    let mut stage = Stage::new();
    stage.enter(State::Connecting).later(7_200).open().later(30 * 3_600);
    assert_eq!(stage.uptime().share, Some(1.0));
    stage.later(100 * 24 * 3_600).enter(refused()).later(3_600);
    assert!(stage.uptime().segments.iter().flatten().all(|share| (0.0..=1.0).contains(share)));
}

#[test]
fn a_restart_knows_what_was_before() {
    let mut stage = Stage::new();
    stage.open().later(3_600).enter(refused()).later(1_200).enter(State::Connecting).later(600).enter(refused());
    let before = stage.uptime();
    let mut records = std::mem::take(&mut stage.kept);
    records.remove(0);
    let mut log = Log::new(records);
    let after = log.uptime(&"s".into(), Counted::default(), stage.now);
    assert_eq!((after.share, &after.segments, after.last), (before.share, &before.segments, before.last));
}

#[test]
fn a_clock_that_is_set_back_counts_no_time_twice() {
    let mut day = Day::default();
    let at = Timestamp::from_second(1_790_000_000).unwrap();
    for _ in 0..4 {
        day.add(at, SEGMENT, true);
    }
    day.add(at, SEGMENT, false);
    assert!(day.segments(at).iter().flatten().all(|share| *share > 0.0));
}

fn states() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::Idle),
        Just(State::Connecting),
        Just(State::Open),
        Just(refused()),
        Just(State::Offline { until: Instant::now() }),
        Just(State::Refreshing),
        Just(State::Paused),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_uptime_is_a_part_and_every_record_ends_after_it_began(
        steps in proptest::collection::vec((states(), 0u64..100_000, 0u64..50_000), 1..60)
    ) {
        let mut stage = Stage::new();
        for (state, awake, asleep) in steps {
            stage.enter(state).later(awake).asleep(asleep);
            let uptime = stage.uptime();
            prop_assert_eq!(uptime.segments.len(), SEGMENTS);
            for share in uptime.segments.into_iter().flatten().chain(uptime.share) {
                prop_assert!((0.0..=1.0).contains(&share));
            }
        }
        for record in &stage.kept {
            prop_assert!(record.start <= record.end);
            prop_assert_eq!(record.is_failure(), record.open_for.is_none());
        }
    }
}
