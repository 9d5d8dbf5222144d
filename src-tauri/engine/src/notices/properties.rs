//! Whatever happens: at most one notification of a kind, only of what is true, nothing while it is silent, and in the
//! end, when all is mended, nothing is left on the screen.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::config::StreamConfig;
use crate::locale::Text;

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

#[derive(Debug, Clone)]
enum Step {
    Enter(usize, State),
    Events(usize),
    Later(u64),
    Slept,
    Silent(bool),
    Failed(i64),
    Back,
    Hush(usize, bool),
}

fn states() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::Idle),
        Just(State::Connecting),
        Just(State::Open),
        Just(State::Offline { until: Instant::now() }),
        Just(State::Refreshing),
        Just(State::Paused),
        Just(State::NeedsSignIn { message: Text::plain("no") }),
        Just(State::Ended { reason: EndReason::Status, message: Text::plain("gone") }),
        Just(State::Ended { reason: EndReason::NoContent, message: Text::plain("done") }),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..NAMES.len(), states()).prop_map(|(at, state)| Step::Enter(at, state)),
        2 => (0..NAMES.len()).prop_map(Step::Events),
        6 => (0u64..200).prop_map(Step::Later),
        1 => Just(Step::Slept),
        1 => any::<bool>().prop_map(Step::Silent),
        1 => prop_oneof![Just(OUTAGE), Just(SIGN_IN)].prop_map(Step::Failed),
        1 => Just(Step::Back),
        1 => (0..NAMES.len(), any::<bool>()).prop_map(|(at, hushed)| Step::Hush(at, hushed)),
    ]
}

struct World {
    notices: Notices,
    now: Instant,
    silent: bool,
    states: BTreeMap<StreamId, State>,
    screen: BTreeMap<String, Notice>,
}

impl World {
    fn new() -> Self {
        let streams = NAMES.iter().map(|name| Arc::new(StreamConfig::new(name, "http://localhost/"))).collect();
        let config = Config { streams, ..Config::default() };
        let (mut notices, now) = (Notices::default(), Instant::now());
        notices.configure(&config, now);
        Self { notices, now, silent: false, states: BTreeMap::new(), screen: BTreeMap::new() }
    }

    fn enter(&mut self, at: usize, state: State) {
        let name = StreamId::from(NAMES[at]);
        self.notices.enter(&name, &state, self.now);
        self.states.insert(name, state);
    }

    fn later(&mut self, seconds: u64) {
        let end = self.now + Duration::from_secs(seconds);
        while let Some(due) = self.notices.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            let changes = self.notices.tick(self.now, Timestamp::UNIX_EPOCH, self.silent);
            changes.into_iter().for_each(|change| self.see(change));
            assert!(self.notices.deadline().is_none_or(|next| next > self.now), "it would spin");
        }
        self.now = end;
    }

    fn see(&mut self, change: Change) {
        match change {
            Change::Withdraw(slot) => drop(self.screen.remove(&slot)),
            Change::Show(shown) => {
                assert!(!self.silent, "shown in silence: {}", shown.title);
                let notice = shown.notice.unwrap();
                assert!(!notice.streams.is_empty());
                for stream in &notice.streams {
                    let state = &self.states[stream];
                    let is_true = match notice.kind {
                        // An opening that proved nothing yet does not count.
                        NoticeKind::Outage => !matches!(state, State::Paused | State::NeedsSignIn { .. }),
                        // A try that is under way has mended nothing yet.
                        NoticeKind::SignIn => !matches!(state, State::Open | State::Paused),
                        NoticeKind::Restored | NoticeKind::Test => true,
                    };
                    assert!(is_true, "{:?} of {stream}, which is {state:?}", notice.kind);
                }
                self.screen.insert(shown.slot, notice);
            }
        }
    }
}

proptest! {
    #[test]
    fn only_what_is_true_is_told_and_all_is_withdrawn_when_mended(
        steps in proptest::collection::vec(steps(), 1..80)
    ) {
        let mut world = World::new();
        for step in steps {
            match step {
                Step::Enter(at, state) => world.enter(at, state),
                Step::Events(at) => world.notices.received(&NAMES[at].into(), 1),
                Step::Later(seconds) => world.later(seconds),
                Step::Slept => world.notices.slept(world.now),
                Step::Silent(silent) => {
                    world.silent = silent;
                    world.notices.hurry(world.now);
                }
                Step::Failed(number) => {
                    world.notices.answered(number, &Err(Text::plain("no service")), world.now);
                    world.screen.remove(&slot(number));
                }
                Step::Back => world.notices.hurry(world.now),
                Step::Hush(at, hushed) => {
                    let streams = hushed.then(|| NAMES[at].into()).into_iter().collect();
                    world.notices.hush(streams, world.now);
                }
            }
        }
        for at in 0..NAMES.len() {
            world.enter(at, State::Open);
        }
        world.later(SETTLED.as_secs() + RESTORED_FOR.as_secs() + 1);
        prop_assert!(world.screen.is_empty(), "{:?}", world.screen);
        // A look at what waited for the end of a silence may still be due, also where it is mended by now.
        world.later(LOOK_AGAIN.as_secs());
        prop_assert_eq!(world.notices.deadline(), None);
    }
}
