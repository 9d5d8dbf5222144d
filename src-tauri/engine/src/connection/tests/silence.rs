//! Heartbeats that stay out.

use super::*;

/// Opened, and told a byte every so many seconds, so often.
fn beating(policy: Policy, seconds: u64, times: usize) -> Talk {
    let mut talk = Talk::open(policy);
    for _ in 0..times {
        talk.now += Duration::from_secs(seconds);
        talk.tell(Input::Bytes);
    }
    talk
}

#[test]
fn a_heartbeat_that_is_missing_is_told_and_then_given_up() {
    let mut talk = beating(POLICY, 15, 5);
    let heard = talk.now;
    assert_eq!(talk.deadline(), Some(75 + 24), "half as long again, and two seconds");
    assert_eq!(talk.pass(25), [Action::ReportQuiet]);
    assert_eq!((talk.machine.state(), talk.machine.quiet_since()), (&State::Open, Some(heard)));
    assert_eq!(talk.pass(10), [Action::Close, Action::Report]);
    assert_eq!(talk.wait().message.english, "no byte came for 35 s; usually one comes every 15 s");
    assert_eq!(talk.machine.quiet_since(), None);
}

#[test]
fn a_late_heartbeat_ends_the_doubt() {
    let mut talk = beating(POLICY, 15, 5);
    talk.pass(30);
    assert_eq!(talk.tell(Input::Bytes), [Action::ReportQuiet]);
    assert_eq!(talk.machine.quiet_since(), None);
    assert_eq!(talk.deadline(), Some(105 + 90), "it is irregular now");
}

#[test]
fn each_connection_learns_for_itself() {
    let mut talk = beating(POLICY, 15, 9);
    talk.tell(cut());
    talk.pass(4);
    talk.tell(Input::Opened);
    assert_eq!(talk.deadline(), Some(135 + 4 + 90));
}

#[test]
fn an_idle_timeout_that_a_person_set_holds_to_the_letter() {
    for policy in [Policy { learn_idle: false, ..POLICY }, Policy { strict: true, ..POLICY }] {
        let mut talk = beating(policy, 15, 9);
        assert_eq!(talk.pass(25), [Action::ReportQuiet]);
        assert_eq!(talk.deadline(), Some(135 + 90));
        talk.pass(65);
        assert_eq!(talk.wait().message.english, "no byte came for 90 s");
    }
    let mut talk = beating(Policy { idle_timeout: Some(Duration::from_secs(20)), ..POLICY }, 15, 9);
    assert_eq!(talk.pass(20), [Action::Close, Action::Report], "it is the upper bound");
    let mut talk = beating(Policy { idle_timeout: None, ..POLICY }, 15, 9);
    assert_eq!(talk.pass(25), [Action::ReportQuiet]);
    assert_eq!(talk.deadline(), None);
}

#[test]
fn time_that_was_ours_teaches_nothing() {
    let mut talk = Talk::open(POLICY);
    for _ in 0..9 {
        talk.now += Duration::from_secs(15);
        talk.tell(Input::Busy);
        talk.tell(Input::Bytes);
    }
    assert_eq!(talk.deadline(), Some(135 + 90));
}
