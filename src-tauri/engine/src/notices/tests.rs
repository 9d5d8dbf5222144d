//! What a person is told of outages and sign-ins, and when it is taken back.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use super::*;
use crate::config::StreamConfig;
use crate::connection::{Wait, WaitReason};
use crate::locale::Text;

/// Notices, and a clock that is told what time it is.
struct Stage {
    notices: Notices,
    now: Instant,
    silent: bool,
}

impl Stage {
    /// Streams `a`, `b` … that are told after 120 s.
    fn new(count: usize) -> Self {
        let streams = (0..count).map(|at| Arc::new(StreamConfig::new(&name(at), "http://localhost/"))).collect();
        Self::with(&Config { streams, ..Config::default() })
    }

    fn with(config: &Config) -> Self {
        let (mut notices, now) = (Notices::default(), Instant::now());
        notices.configure(config, now);
        Self { notices, now, silent: false }
    }

    fn enter(&mut self, stream: &str, state: State) -> &mut Self {
        self.notices.enter(&stream.into(), &state, self.now);
        self
    }

    fn refuse(&mut self, stream: &str, message: &str) -> &mut Self {
        self.enter(stream, State::NeedsSignIn { message: Text::plain(message) })
    }

    /// Lets time pass, tick by tick as it is asked for, and tells what changed.
    fn later(&mut self, seconds: u64) -> Vec<String> {
        let end = self.now + Duration::from_secs(seconds);
        let mut told = Vec::new();
        while let Some(due) = self.notices.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            told.extend(self.notices.tick(self.now, Timestamp::UNIX_EPOCH, self.silent).iter().map(in_words));
        }
        self.now = end;
        told
    }
}

fn name(at: usize) -> String {
    char::from(b'a' + u8::try_from(at).unwrap()).to_string()
}

fn waiting(message: &str) -> State {
    let message = Text::plain(message);
    State::Waiting(Wait {
        until: Instant::now(),
        delay: Duration::ZERO,
        reason: WaitReason::Network,
        message,
        attempt: 1,
    })
}

fn in_words(change: &Change) -> String {
    match change {
        Change::Show(shown) => format!("{}: {}", shown.title, shown.body),
        Change::Withdraw(slot) => format!("withdraw {slot}"),
    }
}

#[test]
fn an_outage_is_told_once_replaced_when_it_is_over_and_gone_in_the_end() {
    let mut stage = Stage::new(1);
    stage.enter("a", State::Connecting).enter("a", waiting("the server refuses connections"));
    assert_eq!(stage.later(119), [""; 0]);
    assert_eq!(stage.later(10), ["a has had no connection for 2 min: the server refuses connections"]);
    for _ in 0..5 {
        stage.enter("a", State::Connecting).enter("a", waiting("the server answered 503"));
        assert_eq!(stage.later(60), [""; 0]);
    }
    stage.enter("a", State::Connecting).enter("a", State::Open);
    stage.notices.received(&"a".into(), 17);
    assert_eq!(stage.later(6), ["a is back: 17 events caught up after 7 min without a connection"]);
    assert_eq!(stage.later(60), ["withdraw notice:outage"]);
    assert_eq!(stage.notices.deadline(), None, "nothing is left to do");
}

#[test]
fn what_is_short_is_not_told() {
    let mut stage = Stage::new(1);
    for _ in 0..100 {
        stage.enter("a", waiting("the server ended the stream")).later(100);
        stage.enter("a", State::Open).later(5);
    }
    assert_eq!(stage.later(300), [""; 0]);
}

#[test]
fn a_server_that_accepts_and_drops_is_out_but_not_where_events_came() {
    let mut stage = Stage::new(1);
    let mut told = Vec::new();
    for _ in 0..50 {
        stage.enter("a", waiting("the server ended the stream before it sent anything"));
        told.extend(stage.later(3));
        stage.enter("a", State::Open);
        told.extend(stage.later(1));
    }
    assert_eq!(told.len(), 1, "{told:?}");
    let mut stage = Stage::new(1);
    for _ in 0..50 {
        stage.enter("a", waiting("the server ended the stream")).later(3);
        stage.enter("a", State::Open).notices.received(&"a".into(), 1);
        assert_eq!(stage.later(1), [""; 0]);
    }
}

#[test]
fn many_at_once_are_one() {
    let mut stage = Stage::new(20);
    for at in 0..20 {
        stage.enter(&name(at), State::Offline { until: Instant::now() });
    }
    let told = stage.later(300);
    assert_eq!(told, ["20 streams have had no connection for 2 min: a, b, c, d, e and 15 more: there is no network"]);
    for at in 0..20 {
        stage.enter(&name(at), State::Open).notices.received(&name(at).as_str().into(), 2);
    }
    let told = stage.later(10);
    assert_eq!(told, ["All 20 streams are back: 40 events caught up after 5 min without a connection"]);
}

#[test]
fn those_that_follow_replace_it_at_a_calm_pace() {
    let mut stage = Stage::new(20);
    let mut told = Vec::new();
    for at in 0..20 {
        stage.enter(&name(at), State::Offline { until: Instant::now() });
        told.extend(stage.later(5));
    }
    told.extend(stage.later(200));
    assert!((2..=5).contains(&told.len()), "{told:?}");
    assert!(told.last().unwrap().starts_with("20 streams"), "{told:?}");
}

#[test]
fn sleep_is_no_outage() {
    let mut stage = Stage::new(1);
    stage.enter("a", State::Offline { until: Instant::now() }).later(100);
    stage.notices.slept(stage.now);
    assert_eq!(stage.later(100), [""; 0]);
    assert_eq!(stage.later(30).len(), 1);
}

#[test]
fn a_sign_in_is_asked_for_once_and_withdrawn_when_mended() {
    let mut stage = Stage::new(1);
    stage.refuse("a", "the server refuses the token: sign in again");
    assert_eq!(stage.later(5), ["a needs you to sign in: the server refuses the token: sign in again"]);
    for _ in 0..10 {
        stage.enter("a", State::Connecting).refuse("a", "the server refuses the token: sign in again");
        assert_eq!(stage.later(60), [""; 0], "and it is no outage either");
    }
    stage.enter("a", State::Connecting).enter("a", State::Open);
    assert_eq!(stage.later(0), ["withdraw notice:sign-in"]);
}

#[test]
fn a_stream_that_is_switched_off_or_removed_needs_nothing() {
    let mut stage = Stage::new(2);
    stage.refuse("a", "no").enter("b", waiting("no")).later(300);
    stage.enter("a", State::Paused);
    assert_eq!(stage.later(0), ["withdraw notice:sign-in"]);
    stage.notices.configure(&Config::default(), stage.now);
    assert_eq!(stage.later(0), ["withdraw notice:outage"]);
}

#[test]
fn an_outage_that_becomes_a_sign_in_is_told_as_that_only() {
    let mut stage = Stage::new(1);
    stage.enter("a", waiting("no")).later(300);
    stage.enter("a", State::Connecting).refuse("a", "the token expired");
    assert_eq!(stage.later(5), ["withdraw notice:outage", "a needs you to sign in: the token expired"]);
}

#[test]
fn what_a_server_ended_as_it_should_is_no_outage_and_what_it_refuses_is() {
    let mut stage = Stage::new(2);
    let ended = |reason| State::Ended { reason, message: Text::plain("it said so") };
    stage.enter("a", ended(EndReason::NoContent)).enter("b", ended(EndReason::Status));
    assert_eq!(stage.later(300), ["b has had no connection for 2 min: it said so"]);
}

#[test]
fn silence_holds_what_is_still_true_after_it() {
    let mut stage = Stage::new(2);
    stage.silent = true;
    stage.refuse("a", "the token expired").enter("b", State::Offline { until: Instant::now() });
    assert_eq!(stage.later(600), [""; 0]);
    stage.enter("b", State::Open).later(60);
    stage.silent = false;
    stage.notices.hurry(stage.now);
    assert_eq!(stage.later(1), ["a needs you to sign in: the token expired"]);
}

#[test]
fn what_was_shown_before_a_silence_still_goes_when_it_is_mended() {
    let mut stage = Stage::new(1);
    stage.enter("a", State::Offline { until: Instant::now() }).later(300);
    stage.silent = true;
    stage.enter("a", State::Open);
    assert_eq!(stage.later(10), ["withdraw notice:outage"]);
}

#[test]
fn what_could_not_be_shown_is_tried_again_while_it_is_true() {
    let mut stage = Stage::new(1);
    stage.refuse("a", "no").later(5);
    assert!(!stage.notices.answered(7, &Ok(()), stage.now), "an alert's answer is not ours");
    for _ in 0..2 {
        assert!(stage.notices.answered(SIGN_IN, &Err(Text::plain("no service")), stage.now));
        assert_eq!(stage.later(31), ["a needs you to sign in: no"]);
    }
    stage.notices.answered(SIGN_IN, &Err(Text::plain("no service")), stage.now);
    stage.notices.hurry(stage.now);
    assert_eq!(stage.later(1).len(), 1, "the service is back");
    stage.notices.answered(SIGN_IN, &Err(Text::plain("no service")), stage.now);
    stage.enter("a", State::Open);
    assert_eq!(stage.later(60), [""; 0]);
}

#[test]
fn a_restart_a_moment_later_does_not_ask_again_until_it_was_mended() {
    let mut stage = Stage::new(1);
    stage.notices.has_been_told(&"a".into());
    stage.refuse("a", "no");
    assert_eq!(stage.later(600), [""; 0]);
    stage.enter("a", State::Open).refuse("a", "no");
    assert_eq!(stage.later(5).len(), 1);
}

#[test]
fn each_stream_may_have_its_own_patience_or_none() {
    let stream = |name, outage| Arc::new(StreamConfig { outage, ..StreamConfig::new(name, "http://localhost/") });
    let streams = vec![stream("a", None), stream("b", Some(Outage::After(Duration::from_secs(10))))];
    let config = Config { outage: Outage::Off, streams, ..Config::default() };
    let mut stage = Stage::with(&config);
    stage.enter("a", State::Offline { until: Instant::now() }).enter("b", State::Offline { until: Instant::now() });
    assert_eq!(stage.later(600), ["b has had no connection for 12 s: there is no network"]);
}

#[test]
fn a_paused_stream_is_not_spoken_of_until_its_pause_ends() {
    let mut stage = Stage::new(2);
    let hush = |stage: &mut Stage, names: &[&str]| {
        stage.notices.hush(names.iter().map(|name| (*name).into()).collect(), stage.now);
    };
    hush(&mut stage, &["a", "b"]);
    stage.refuse("a", "no").enter("b", State::Offline { until: Instant::now() });
    assert_eq!(stage.later(600), [""; 0]);
    hush(&mut stage, &[]);
    let told = stage.later(10);
    assert_eq!(told.len(), 2, "{told:?}");
    hush(&mut stage, &["a", "b"]);
    assert_eq!(stage.later(0), ["withdraw notice:outage", "withdraw notice:sign-in"]);
}

#[test]
fn an_outage_that_nobody_wants_to_hear_of_any_more_leaves_the_screen() {
    let streams = vec![Arc::new(StreamConfig::new("a", "http://localhost/"))];
    let config = Config { streams, ..Config::default() };
    let mut stage = Stage::with(&config);
    stage.enter("a", State::Offline { until: Instant::now() });
    assert_eq!(stage.later(300).len(), 1);
    stage.notices.configure(&Config { outage: Outage::Off, ..config }, stage.now);
    assert_eq!(stage.later(1), ["withdraw notice:outage"]);
}
