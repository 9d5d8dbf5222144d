//! Whole lives of a stream against a server that answers by chance, with nobody there to help.

use proptest::prelude::*;

use super::*;
use crate::backoff::{MAX_RETRY, MAX_RETRY_AFTER, MIN_RETRY};
use crate::locale::Text;

const HOUR: Duration = Duration::from_hours(1);

/// What the server does with one connect, or with one refresh.
#[derive(Debug, Clone)]
enum Reply {
    Refuse(Refusal),
    /// A stream that lasts so long.
    Stream {
        lasts: Duration,
        retry: Option<Duration>,
        bytes: bool,
        end: End,
    },
}

#[derive(Debug, Clone, Copy)]
enum End {
    Clean,
    Broken,
    Silent,
}

fn refusal_to_try_again() -> impl Strategy<Value = Refusal> {
    let text = || Text::plain("x");
    let status = prop_oneof![Just(408_u16), Just(425), Just(429), 500_u16..600];
    prop_oneof![
        Just(Refusal::Network(text())),
        Just(Refusal::Tls(text())),
        Just(Refusal::Idle(text())),
        (status, proptest::option::of(any::<u64>())).prop_map(|(status, wait)| Refusal::Status {
            status,
            retry_after: wait.map(Duration::from_secs),
            message: Text::default()
        }),
    ]
}

fn refusal_for_good() -> impl Strategy<Value = Refusal> {
    let text = || Text::plain("x");
    let status = prop_oneof![Just(204_u16), Just(400), Just(403), Just(404), Just(410)];
    prop_oneof![
        Just(Refusal::Redirect(text())),
        Just(Refusal::BadUrl(text())),
        Just(Refusal::Secret(text())),
        status.prop_map(|status| Refusal::Status { status, retry_after: None, message: Text::default() }),
    ]
}

fn refusal_of_the_token() -> impl Strategy<Value = Refusal> {
    Just(Refusal::Status { status: 401, retry_after: None, message: Text::default() })
}

fn stream() -> impl Strategy<Value = Reply> {
    let end = prop_oneof![Just(End::Clean), Just(End::Broken), Just(End::Silent)];
    (0_u64..200, proptest::option::of(any::<u64>()), any::<bool>(), end).prop_map(|(lasts, retry, bytes, end)| {
        Reply::Stream { lasts: Duration::from_secs(lasts), retry: retry.map(Duration::from_millis), bytes, end }
    })
}

/// A life, its clock, and when it connected.
struct Life {
    machine: Connection,
    start: Instant,
    now: Instant,
    connects: Vec<Duration>,
    /// Connects and refreshes.
    acts: Vec<Duration>,
    replies: Vec<Reply>,
    chances: Vec<f64>,
    step: usize,
}

impl Life {
    /// Lives until it has ended for good, or for so long.
    fn live(strict: bool, refresh: bool, replies: Vec<Reply>, chances: Vec<f64>, length: Duration) -> Self {
        let policy = Policy {
            retry: Duration::from_secs(3),
            idle_timeout: Some(Duration::from_secs(90)),
            learn_idle: true,
            strict,
            refresh,
        };
        let now = Instant::now();
        let machine = Connection::new(policy);
        let mut life =
            Self { machine, start: now, now, connects: Vec::new(), acts: Vec::new(), replies, chances, step: 0 };
        life.tell(Input::Start);
        while life.now < life.start + length
            && let Some(deadline) = life.machine.deadline()
        {
            life.now = life.now.max(deadline);
            life.tell(Input::Timer);
        }
        life
    }

    /// Tells the machine, and does what it asks for until it asks for nothing.
    fn tell(&mut self, input: Input) {
        self.step += 1;
        assert!(self.step < 1_000_000, "it spins");
        let chance = self.chances[self.step % self.chances.len()];
        for action in self.machine.handle(input, self.now, chance) {
            match action {
                Action::Connect => self.connect(),
                Action::Refresh => self.refresh(),
                Action::Report | Action::ReportQuiet | Action::Close => {}
            }
        }
    }

    fn reply(&self) -> Reply {
        self.replies[self.acts.len() % self.replies.len()].clone()
    }

    fn connect(&mut self) {
        self.connects.push(self.now - self.start);
        self.acts.push(self.now - self.start);
        match self.reply() {
            Reply::Refuse(refusal) => self.tell(Input::Failed(refusal)),
            Reply::Stream { lasts, retry, bytes, end } => {
                self.tell(Input::Opened);
                retry.into_iter().for_each(|retry| self.tell(Input::Retry(retry)));
                self.now += lasts;
                if bytes {
                    self.tell(Input::Bytes);
                }
                match end {
                    End::Clean => self.tell(Input::EndOfBody),
                    End::Broken => self.tell(Input::Failed(Refusal::Network(Text::plain("x")))),
                    End::Silent => {}
                }
            }
        }
    }

    fn refresh(&mut self) {
        self.acts.push(self.now - self.start);
        let result = match self.reply() {
            Reply::Refuse(refusal) => Err(refusal),
            Reply::Stream { .. } => Ok(()),
        };
        self.tell(Input::Refreshed(result));
    }

    fn ended(&self) -> bool {
        matches!(self.machine.state(), State::Ended { .. } | State::NeedsSignIn { .. })
    }
}

fn chances() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(0.0_f64..1.0, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_worth_another_try_is_tried_for_ever_and_never_too_soon_nor_too_late(
        replies in proptest::collection::vec(
            prop_oneof![3 => refusal_to_try_again().prop_map(Reply::Refuse), 1 => stream()], 1..12),
        chances in chances(),
    ) {
        let life = Life::live(false, false, replies, chances, 12 * HOUR);
        prop_assert!(!life.ended(), "it gave up: {:?}", life.machine.state());
        for pair in life.connects.windows(2) {
            let apart = pair[1] - pair[0];
            prop_assert!(apart >= MIN_RETRY, "connects {apart:?} apart");
            let longest = MAX_RETRY_AFTER.max(MAX_RETRY * 9 / 8) + Duration::from_secs(200 + 90);
            prop_assert!(apart <= longest, "connects {apart:?} apart");
        }
    }

    #[test]
    fn a_server_that_only_fails_is_asked_less_and_less(
        replies in proptest::collection::vec(
            prop_oneof![Just(Reply::Refuse(Refusal::Network(Text::plain("x")))), refusal_to_try_again().prop_map(Reply::Refuse)],
            1..12),
        chances in proptest::collection::vec(0.3_f64..1.0, 8),
    ) {
        let life = Life::live(false, false, replies, chances, HOUR);
        prop_assert!(life.connects.len() < 200, "{} connects in an hour", life.connects.len());
    }

    #[test]
    fn what_cannot_be_mended_is_not_tried_again(
        before in proptest::collection::vec(refusal_to_try_again().prop_map(Reply::Refuse), 0..5),
        hopeless in refusal_for_good(),
        refresh: bool,
        chances in chances(),
    ) {
        let connects = before.len() + 1;
        // The first connect gets the second reply, and so on round.
        let replies = [vec![Reply::Refuse(hopeless)], before].concat();
        let life = Life::live(false, refresh, replies, chances, 30 * 24 * HOUR);
        prop_assert!(life.ended(), "{:?}", life.machine.state());
        prop_assert_eq!(life.connects.len(), connects);
    }

    #[test]
    fn a_token_that_is_refused_is_never_asked_for_in_a_circle(
        replies in proptest::collection::vec(
            prop_oneof![
                refusal_of_the_token().prop_map(Reply::Refuse),
                refusal_to_try_again().prop_map(Reply::Refuse),
                stream(),
            ],
            1..12),
        chances in chances(),
    ) {
        let life = Life::live(false, true, replies, chances, 2 * HOUR);
        // A connect, a refresh and a connect with the new token may come at once; then there is a wait.
        for four in life.acts.windows(4) {
            prop_assert!(four[3] - four[0] >= MIN_RETRY, "connects and refreshes at {four:?}");
        }
    }
}
