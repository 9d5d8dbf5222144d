//! Random lives of a stream.

#![expect(clippy::wildcard_enum_match_arm, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::locale::Text;

fn any_refusal() -> impl Strategy<Value = Refusal> {
    let text = || Text::plain("x");
    prop_oneof![
        Just(Refusal::Network(text())),
        Just(Refusal::Tls(text())),
        Just(Refusal::Idle(text())),
        Just(Refusal::ContentType(text())),
        Just(Refusal::Redirect(text())),
        Just(Refusal::BadUrl(text())),
        Just(Refusal::Secret(text())),
        Just(Refusal::NoVault(text())),
        Just(Refusal::NoToken(text())),
        Just(Refusal::Finished(text())),
        (prop_oneof![200_u16..600, Just(401_u16), Just(503_u16)], proptest::option::of(any::<u64>())).prop_map(
            |(status, wait)| Refusal::Status {
                status,
                retry_after: wait.map(Duration::from_secs),
                message: Text::default()
            }
        ),
    ]
}

fn any_input() -> impl Strategy<Value = Input> {
    prop_oneof![
        Just(Input::Start),
        Just(Input::Opened),
        Just(Input::Opened),
        Just(Input::Bytes),
        Just(Input::Bytes),
        any::<u64>().prop_map(|ms| Input::Retry(Duration::from_millis(ms))),
        Just(Input::EndOfBody),
        any_refusal().prop_map(Input::Failed),
        any_refusal().prop_map(Input::Failed),
        proptest::option::of(any_refusal()).prop_map(|refusal| Input::Refreshed(refusal.map_or(Ok(()), Err))),
        Just(Input::Timer),
        Just(Input::Timer),
        Just(Input::Timer),
        Just(Input::SecretChanged),
        Just(Input::Reconnect),
        Just(Input::Busy),
        Just(Input::Woke),
        Just(Input::NetworkUp),
        Just(Input::NetworkDown),
    ]
}

proptest! {
    /// Whatever happens: a connect needs a cause from outside or a wait that has passed; what is retryable always has
    /// a next try; what has ended is never tried again by itself.
    #[test]
    fn it_never_spins_never_gives_up_and_never_tries_the_hopeless(
        strict: bool,
        refresh: bool,
        inputs in proptest::collection::vec((any_input(), 0_u64..200_000, 0.0_f64..1.0), 1..200),
    ) {
        let retry = Duration::from_secs(3);
        let policy = Policy { retry, idle_timeout: Some(Duration::from_secs(90)), learn_idle: true, strict, refresh };
        let mut machine = Connection::new(policy);
        let mut now = Instant::now();
        machine.handle(Input::Start, now, 0.0);
        let mut refreshes = 0;
        for (input, passed, chance) in inputs {
            now += Duration::from_millis(passed);
            let before = machine.state().clone();
            let due = machine.deadline().is_some_and(|at| at <= now);
            let actions = machine.handle(input.clone(), now, chance);
            let asked = matches!(input, Input::SecretChanged | Input::Reconnect | Input::Woke | Input::NetworkUp);
            let state = machine.state();

            let connects = actions.iter().filter(|action| **action == Action::Connect).count();
            prop_assert!(connects <= 1);
            prop_assert_eq!(connects == 1, actions.contains(&Action::Connect) && *state == State::Connecting);
            if connects == 1 && !asked {
                match before {
                    State::Waiting(_) | State::Open | State::Offline { .. } | State::NeedsSignIn { .. } => prop_assert!(due),
                    State::Refreshing => refreshes += 1,
                    State::Idle => {}
                    ref other => prop_assert!(false, "connects from {other:?}"),
                }
            }
            if asked || input == Input::Opened || passed >= 60_000 {
                refreshes = 0;
            }
            prop_assert!(refreshes <= 2, "refreshes in a circle");

            match state {
                State::Waiting(wait) => {
                    prop_assert_eq!(machine.deadline(), Some(wait.until));
                    if before != *state {
                        let least = if strict { Duration::ZERO } else { crate::backoff::MIN_RETRY };
                        prop_assert!(wait.delay >= least);
                        prop_assert_eq!(wait.until, now + wait.delay);
                    }
                }
                State::Offline { until } => prop_assert_eq!(machine.deadline(), Some(*until)),
                State::Open => prop_assert!(machine.deadline().is_some()),
                State::Ended { .. } => prop_assert_eq!(machine.deadline(), None),
                State::Idle | State::Connecting | State::Refreshing | State::NeedsSignIn { .. } | State::Paused => {}
            }
            if matches!(before, State::NeedsSignIn { .. } | State::Ended { .. }) && !due {
                let person = matches!(input, Input::SecretChanged | Input::Reconnect);
                prop_assert_eq!(person, actions.contains(&Action::Connect));
            }
            let retryable = match &input {
                Input::Failed(Refusal::Network(_) | Refusal::Tls(_) | Refusal::Idle(_)) => true,
                Input::Failed(Refusal::Status { status, .. }) => {
                    !strict && matches!(status, 408 | 425 | 429 | 500..=599)
                }
                _ => false,
            };
            if retryable && matches!(before, State::Connecting | State::Open) {
                let tries_again = matches!(state, State::Waiting(_) | State::Offline { .. });
                prop_assert!(tries_again);
            }
        }
    }
}
