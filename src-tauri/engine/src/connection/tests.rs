//! The life of a connection, step by step: tries, waits, ends.

mod network;
mod silence;

use super::*;
use crate::locale::Text;

const POLICY: Policy = Policy {
    retry: Duration::from_secs(3),
    idle_timeout: Some(Duration::from_secs(90)),
    learn_idle: true,
    strict: false,
    refresh: false,
};

/// A dialogue with a machine: what it is told, at what second, and what it answers.
struct Talk {
    machine: Connection,
    zero: Instant,
    now: Instant,
}

impl Talk {
    fn new(policy: Policy) -> Self {
        let now = Instant::now();
        Self { machine: Connection::new(policy), zero: now, now }
    }

    fn connecting(policy: Policy) -> Self {
        let mut talk = Self::new(policy);
        assert_eq!(talk.tell(Input::Start), [Action::Report, Action::Connect]);
        talk
    }

    fn open(policy: Policy) -> Self {
        let mut talk = Self::connecting(policy);
        assert_eq!(talk.tell(Input::Opened), [Action::Report]);
        talk
    }

    fn tell(&mut self, input: Input) -> Vec<Action> {
        self.machine.handle(input, self.now, 0.0)
    }

    fn pass(&mut self, seconds: u64) -> Vec<Action> {
        self.now += Duration::from_secs(seconds);
        self.tell(Input::Timer)
    }

    fn answered(&mut self, status: u16) -> &State {
        self.tell(status_of(status, None));
        self.machine.state()
    }

    fn wait(&self) -> &Wait {
        let State::Waiting(wait) = self.machine.state() else { panic!("waits not: {:?}", self.machine.state()) };
        wait
    }

    fn deadline(&self) -> Option<u64> {
        self.machine.deadline().map(|at| (at - self.zero).as_secs())
    }
}

fn status_of(status: u16, retry_after: Option<u64>) -> Input {
    let retry_after = retry_after.map(Duration::from_secs);
    Input::Failed(Refusal::Status { status, retry_after, message: Text::plain(format!("status {status}")) })
}

fn cut() -> Input {
    Input::Failed(Refusal::Network(Text::plain("cut")))
}

fn ended(reason: EndReason, state: &State) -> bool {
    matches!(state, State::Ended { reason: found, .. } if *found == reason)
}

#[test]
fn a_clean_end_waits_the_reconnection_time_and_counts_no_failure() {
    let mut talk = Talk::open(POLICY);
    talk.tell(Input::Bytes);
    assert_eq!(talk.tell(Input::EndOfBody), [Action::Report]);
    assert_eq!((talk.wait().reason, talk.wait().attempt), (WaitReason::EndOfStream, 0));
    assert_eq!(talk.deadline(), Some(3));
    assert_eq!(talk.pass(2), []);
    assert_eq!(talk.pass(1), [Action::Report, Action::Connect]);
}

#[test]
fn a_server_that_accepts_and_drops_is_dialled_ever_more_rarely() {
    let mut talk = Talk::open(POLICY);
    for attempt in 1..4 {
        talk.tell(Input::EndOfBody);
        assert_eq!(talk.wait().attempt, attempt);
        talk.pass(60);
        talk.tell(Input::Opened);
    }
}

#[test]
fn the_servers_reconnection_time_is_waited() {
    let mut talk = Talk::open(POLICY);
    talk.tell(Input::Bytes);
    talk.tell(Input::Retry(Duration::from_secs(10)));
    talk.tell(Input::EndOfBody);
    assert_eq!(talk.deadline(), Some(10));
}

#[test]
fn failures_count_on_over_a_connection_that_was_good_for_a_short_time_only() {
    let mut talk = Talk::connecting(POLICY);
    for attempt in 1..=3 {
        talk.tell(cut());
        assert_eq!(talk.wait().attempt, attempt);
        talk.pass(60);
    }
    talk.tell(Input::Opened);
    talk.tell(Input::Bytes);
    talk.pass(59);
    talk.tell(cut());
    assert_eq!(talk.wait().attempt, 4);
}

#[test]
fn failures_are_forgotten_after_a_good_minute_with_bytes() {
    for (bytes, attempt) in [(true, 1), (false, 2)] {
        let mut talk = Talk::connecting(POLICY);
        talk.tell(cut());
        talk.pass(60);
        talk.tell(Input::Opened);
        if bytes {
            talk.tell(Input::Bytes);
        }
        talk.pass(60);
        talk.tell(cut());
        assert_eq!(talk.wait().attempt, attempt);
    }
}

#[test]
fn a_silent_connection_is_dropped_after_the_idle_timeout_and_not_before() {
    let mut talk = Talk::open(POLICY);
    talk.now += Duration::from_secs(60);
    talk.tell(Input::Bytes);
    assert_eq!(talk.pass(89), []);
    assert_eq!(talk.deadline(), Some(150));
    assert_eq!(talk.pass(1), [Action::Close, Action::Report]);
    assert_eq!((talk.wait().reason, talk.wait().message.english.as_str()), (WaitReason::Idle, "no byte came for 90 s"));
}

#[test]
fn without_an_idle_timeout_silence_is_fine() {
    let mut talk = Talk::open(Policy { idle_timeout: None, ..POLICY });
    assert_eq!(talk.deadline(), None);
    assert_eq!(talk.pass(1_000_000), []);
}

#[test]
fn http_204_ends_the_stream() {
    assert!(ended(EndReason::NoContent, Talk::connecting(POLICY).answered(204)));
}

#[test]
fn http_408_425_429_and_5xx_are_tried_again() {
    for status in [408, 425, 429, 500, 501, 502, 503, 504, 507, 511, 599] {
        let mut talk = Talk::connecting(POLICY);
        talk.answered(status);
        assert_eq!((talk.wait().reason, talk.wait().attempt), (WaitReason::Status, 1));
    }
}

#[test]
fn other_statuses_end_the_stream() {
    for status in [201, 202, 205, 206, 300, 304, 305, 400, 402, 404, 405, 406, 407, 409, 410, 418, 422, 451] {
        assert!(ended(EndReason::Status, Talk::connecting(POLICY).answered(status)), "{status}");
    }
}

#[test]
fn strict_ends_at_any_status() {
    for status in [400, 404, 408, 425, 429, 500, 503] {
        let policy = Policy { strict: true, refresh: true, ..POLICY };
        assert!(ended(EndReason::Status, Talk::connecting(policy).answered(status)), "{status}");
    }
    for status in [401, 403] {
        let policy = Policy { strict: true, refresh: true, ..POLICY };
        assert!(ended(EndReason::Unauthorized, Talk::connecting(policy).answered(status)), "{status}");
    }
}

#[test]
fn retry_after_is_waited_at_the_least() {
    let mut talk = Talk::connecting(POLICY);
    talk.tell(status_of(503, Some(120)));
    assert_eq!(talk.deadline(), Some(120));
}

#[test]
fn http_401_asks_for_sign_in() {
    let mut talk = Talk::connecting(POLICY);
    assert!(matches!(talk.answered(401), State::NeedsSignIn { .. }));
    assert_eq!(talk.deadline(), None);
    assert_eq!(talk.tell(Input::SecretChanged), [Action::Report, Action::Connect]);
}

#[test]
fn http_403_asks_for_sign_in_without_a_refresh() {
    let mut talk = Talk::connecting(Policy { refresh: true, ..POLICY });
    assert!(matches!(talk.answered(403), State::NeedsSignIn { .. }));
}

#[test]
fn http_401_refreshes_once_and_then_asks_for_sign_in() {
    let mut talk = Talk::connecting(Policy { refresh: true, ..POLICY });
    assert_eq!(talk.tell(status_of(401, None)), [Action::Report, Action::Refresh]);
    assert_eq!(talk.machine.state(), &State::Refreshing);
    assert_eq!(talk.tell(Input::Refreshed(Ok(()))), [Action::Report, Action::Connect]);
    assert!(matches!(talk.answered(401), State::NeedsSignIn { .. }));
}

#[test]
fn a_token_that_worked_may_be_refreshed_again() {
    let mut talk = Talk::connecting(Policy { refresh: true, ..POLICY });
    for _ in 0..3 {
        assert_eq!(talk.tell(status_of(401, None)), [Action::Report, Action::Refresh]);
        talk.tell(Input::Refreshed(Ok(())));
        talk.tell(Input::Opened);
        talk.tell(Input::Bytes);
        talk.tell(Input::EndOfBody);
        talk.pass(3);
    }
}

#[test]
fn a_server_that_opens_and_then_refuses_each_new_token_is_not_asked_without_a_pause() {
    let mut talk = Talk::connecting(Policy { refresh: true, ..POLICY });
    talk.tell(Input::Opened);
    talk.tell(Input::Bytes);
    assert_eq!(talk.tell(status_of(401, None)), [Action::Report, Action::Refresh], "the first time at once");
    for failures in 1..=3 {
        talk.tell(Input::Refreshed(Ok(())));
        talk.tell(Input::Opened);
        talk.tell(Input::Bytes);
        assert_eq!(talk.tell(status_of(401, None)), [Action::Report]);
        assert_eq!((talk.wait().attempt, talk.deadline().is_some()), (failures, true));
        let seconds = talk.wait().delay.as_secs() + 1;
        assert_eq!(talk.pass(seconds), [Action::Report, Action::Refresh]);
    }
}

#[test]
fn a_refresh_endpoint_in_trouble_is_tried_again_without_asking_the_stream() {
    let mut talk = Talk::connecting(Policy { refresh: true, ..POLICY });
    talk.tell(status_of(401, None));
    let Input::Failed(refusal) = status_of(503, Some(20)) else { unreachable!() };
    talk.tell(Input::Refreshed(Err(refusal)));
    assert_eq!(talk.deadline(), Some(20));
    assert_eq!(talk.pass(20), [Action::Report, Action::Refresh]);
}

#[test]
fn a_refresh_that_is_refused_asks_for_sign_in() {
    for status in [400, 401, 403, 404] {
        let mut talk = Talk::connecting(Policy { refresh: true, ..POLICY });
        talk.tell(status_of(401, None));
        let Input::Failed(refusal) = status_of(status, None) else { unreachable!() };
        talk.tell(Input::Refreshed(Err(refusal)));
        assert!(matches!(talk.machine.state(), State::NeedsSignIn { .. }));
    }
}

#[test]
fn a_secret_changed_during_a_refresh_is_used_whatever_becomes_of_it() {
    let mut talk = Talk::connecting(Policy { refresh: true, ..POLICY });
    talk.tell(status_of(401, None));
    assert_eq!(talk.tell(Input::SecretChanged), []);
    let failed = Input::Refreshed(Err(Refusal::Secret(Text::plain("x"))));
    assert_eq!(talk.tell(failed), [Action::Report, Action::Connect]);
}

#[test]
fn a_token_that_is_missing_is_fetched_and_one_that_ends_at_once_not_without_a_pause() {
    let none = || Input::Failed(Refusal::NoToken(Text::plain("x")));
    let mut talk = Talk::connecting(Policy { refresh: true, ..POLICY });
    assert_eq!(talk.tell(none()), [Action::Report, Action::Refresh]);
    assert_eq!(talk.tell(Input::Refreshed(Ok(()))), [Action::Report, Action::Connect]);
    assert_eq!(talk.tell(none()), [Action::Report]);
    assert!(matches!(talk.machine.state(), State::Waiting(_)));
    assert_eq!(talk.pass(60), [Action::Report, Action::Refresh]);
}

#[test]
fn a_wrong_content_type_ends_a_stream_that_was_never_open_and_else_is_tried_again_slowly() {
    let wrong = || Input::Failed(Refusal::ContentType(Text::plain("text/html")));
    let mut talk = Talk::connecting(POLICY);
    talk.tell(wrong());
    assert!(ended(EndReason::ContentType, talk.machine.state()));

    for (strict, ends) in [(false, false), (true, true)] {
        let mut talk = Talk::open(Policy { strict, ..POLICY });
        talk.tell(cut());
        talk.pass(60);
        talk.tell(wrong());
        assert_eq!(ended(EndReason::ContentType, talk.machine.state()), ends);
        assert_eq!(talk.deadline(), (!ends).then_some(120));
    }
}

#[test]
fn a_vault_that_is_not_there_is_looked_for_again() {
    let mut talk = Talk::connecting(POLICY);
    talk.tell(Input::Failed(Refusal::NoVault(Text::plain("x"))));
    assert!(matches!(talk.machine.state(), State::NeedsSignIn { .. }));
    assert_eq!(talk.pass(60), [Action::Report, Action::Connect]);
}

#[test]
fn an_ended_stream_waits_for_a_person() {
    let mut talk = Talk::connecting(POLICY);
    talk.answered(404);
    assert_eq!(talk.pass(1_000_000), []);
    assert_eq!(talk.tell(Input::NetworkUp), []);
    assert_eq!(talk.tell(Input::Reconnect), [Action::Report, Action::Connect]);
}

#[test]
fn reconnect_drops_what_runs_and_skips_the_wait() {
    assert_eq!(Talk::open(POLICY).tell(Input::Reconnect), [Action::Close, Action::Report, Action::Connect]);
    let mut talk = Talk::connecting(POLICY);
    talk.tell(cut());
    assert_eq!(talk.tell(Input::Reconnect), [Action::Report, Action::Connect]);
}
