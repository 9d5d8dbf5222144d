//! What networks do to streams: each fault against numbered events, which all end up in the ledger, once and in order.

use std::time::{Duration, Instant};

use streambell_engine::config::Config;
use streambell_engine::connection::{State, Wait, WaitReason};
use streambell_tests::faults::{Ending, Faults, Newcomers, Shape};
use streambell_tests::{Replay, Script, eventually};

use crate::setup::{Rig, market, stream};

/// A stream notices silence after so long.
const IDLE: Duration = Duration::from_millis(500);
/// What a busy machine may add to any time.
const SLACK: Duration = Duration::from_secs(2);

/// Three events every five milliseconds, through a proxy, into an engine.
struct Line {
    faults: Faults,
    rig: Rig,
    total: usize,
    _server: Replay,
}

impl Line {
    async fn of(total: u64) -> Self {
        let script = Script { total, alert_every: 1_000, burst: 3, pause: Duration::from_millis(5), padding: 20 };
        let server = Replay::start(script).await;
        let faults = Faults::in_front_of(server.address()).await;
        let mut settings = stream("market", &faults.url("/stream"));
        settings.idle_timeout = Some(IDLE);
        let rig = Rig::start(Config { streams: vec![settings.into()], ..market("") });
        rig.stored(10).await;
        Self { faults, rig, total: total as usize, _server: server }
    }

    /// Waits for some more events.
    async fn flows(&self) {
        let stored = self.rig.history().len();
        self.rig.stored((stored + 20).min(self.total)).await;
    }

    /// Waits for a connection after the first `before`; how long that took.
    async fn comes_back(&self, before: u64) -> Duration {
        let start = Instant::now();
        eventually("a new connection", async || (self.faults.connections() > before).then_some(())).await;
        start.elapsed()
    }

    /// Waits for such a wait.
    async fn waits(&self, what: &str, wanted: impl Fn(&Wait) -> bool) -> Wait {
        eventually(what, async || {
            let snapshot = self.rig.engine.snapshots().borrow().clone();
            let State::Waiting(wait) = &snapshot.streams[0].state else { return None };
            wanted(wait).then(|| wait.clone())
        })
        .await
    }

    async fn misses_and_repeats_nothing(&self) {
        self.rig.numbered("market", self.total).await;
    }
}

#[tokio::test]
async fn a_cut_stream_is_back_at_once_each_time() {
    let line = Line::of(600).await;
    for _ in 0..8 {
        line.flows().await;
        let before = line.faults.connections();
        line.faults.cut();
        let took = line.comes_back(before).await;
        assert!(took < SLACK, "it took {took:?}");
    }
    line.misses_and_repeats_nothing().await;
}

#[tokio::test]
async fn a_stream_that_is_reset_comes_back_a_little_later_each_time() {
    let line = Line::of(400).await;
    for failures in 0..5 {
        line.flows().await;
        let before = line.faults.connections();
        line.faults.reset();
        let took = line.comes_back(before).await;
        assert!(took < Duration::from_millis(20 << failures) + SLACK, "failure {failures} took {took:?}");
    }
    line.misses_and_repeats_nothing().await;
}

#[tokio::test]
async fn a_half_open_connection_is_found_within_the_idle_timeout() {
    let line = Line::of(300).await;
    line.flows().await;
    let before = line.faults.connections();
    line.faults.stall();
    let took = line.comes_back(before).await;
    assert!(took > IDLE / 2 && took < IDLE + SLACK, "it took {took:?}");
    // What it finds is as silent: that is seen too, and said.
    let wait = line.waits("a second failure", |wait| wait.attempt > 1).await;
    assert_eq!(wait.reason, WaitReason::Idle, "{}", wait.message);
    line.faults.flow();
    line.misses_and_repeats_nothing().await;
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_is_tried_again() {
    let line = Line::of(300).await;
    line.flows().await;
    line.faults.newcomers(Newcomers::Ignore);
    line.faults.cut();
    let before = line.faults.connections();
    line.comes_back(before + 1).await;
    line.faults.newcomers(Newcomers::Serve);
    line.misses_and_repeats_nothing().await;
}

#[tokio::test]
async fn a_server_that_nobody_listens_for_is_found_again() {
    let line = Line::of(300).await;
    line.flows().await;
    line.faults.newcomers(Newcomers::Refuse);
    line.faults.cut();
    let wait = line.waits("a refused connection", |wait| wait.message.english.contains("refused")).await;
    assert_eq!(wait.reason, WaitReason::Network);
    line.faults.newcomers(Newcomers::Serve);
    line.misses_and_repeats_nothing().await;
}

#[tokio::test]
async fn bytes_that_come_one_by_one_are_one_stream() {
    let line = Line::of(200).await;
    line.faults.shape(Shape { split: Some(1), ..Shape::default() });
    line.misses_and_repeats_nothing().await;
    assert_eq!(line.faults.connections(), 1);
}

#[tokio::test]
async fn a_slow_line_is_not_taken_for_a_dead_one() {
    let line = Line::of(60).await;
    line.faults.shape(Shape { rate: Some(4_000), ..Shape::default() });
    line.misses_and_repeats_nothing().await;
    assert_eq!(line.faults.connections(), 1);
}

#[tokio::test]
async fn a_delay_that_is_shorter_than_the_idle_timeout_harms_nothing() {
    let line = Line::of(300).await;
    line.faults.shape(Shape { delay: IDLE / 5, ..Shape::default() });
    line.misses_and_repeats_nothing().await;
    assert_eq!(line.faults.connections(), 1);
}

/// Each connection ends one byte later than the one before: within the header, at each byte of the first events.
#[tokio::test]
async fn an_answer_may_break_off_at_any_byte() {
    let line = Line::of(400).await;
    for (after, ending) in (0..320).map(|after| (after, if after % 2 == 0 { Ending::Cut } else { Ending::Reset })) {
        let before = line.faults.connections();
        line.faults.shape(Shape { end: Some((after, ending)), ..Shape::default() });
        line.faults.cut();
        line.rig.engine.reconnect(None).await.unwrap();
        line.comes_back(before).await;
    }
    line.faults.calm();
    line.rig.engine.reconnect(None).await.unwrap();
    line.misses_and_repeats_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_by_chance_lose_nothing_and_double_nothing() {
    const STREAMS: usize = 4;
    const TOTAL: usize = 1_200;
    let script =
        Script { total: TOTAL as u64, alert_every: 100, burst: 4, pause: Duration::from_millis(4), padding: 40 };
    let server = Replay::start(script).await;
    let faults = Faults::in_front_of(server.address()).await;
    faults.random(3);
    let names: Vec<_> = (0..STREAMS).map(|number| format!("s{number}")).collect();
    let streams = names.iter().map(|name| {
        let mut settings = stream(name, &faults.url("/stream"));
        settings.idle_timeout = Some(IDLE);
        settings.into()
    });
    let rig = Rig::start(Config { streams: streams.collect(), ..market("") });
    eventually("every event stored", async || {
        // Else failures in a row would make the waits long; the back-off has tests of its own.
        rig.engine.reconnect(Some(fastrand::choice(&names)?.clone())).await.ok()?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let snapshot = rig.engine.snapshots().borrow().clone();
        snapshot.streams.iter().all(|stream| stream.last_event_id == TOTAL.to_string()).then_some(())
    })
    .await;
    for name in &names {
        rig.numbered(name, TOTAL).await;
    }
    assert!(faults.connections() > 20, "{} connections", faults.connections());
}

#[tokio::test]
async fn garbled_bytes_harm_only_their_own_stream_and_only_while_they_come() {
    let line = Line::of(1_000_000).await;
    let steady = Script { total: 1_000, alert_every: 100, burst: 2, pause: Duration::from_millis(4), padding: 20 };
    let other = Replay::start(steady).await;
    let mut settings = stream("garbled", &line.faults.url("/stream"));
    settings.idle_timeout = Some(IDLE);
    let streams = vec![settings.into(), stream("steady", &other.url()).into()];
    let rig = Rig::start(Config { streams, ..market("") });
    for one_in in [5, 20, 100, 500].into_iter().cycle().take(60) {
        let before = line.faults.connections();
        line.faults.shape(Shape { corrupt: Some(one_in), ..Shape::default() });
        rig.engine.reconnect(Some("garbled".to_owned())).await.unwrap();
        line.comes_back(before).await;
        eventually("an answer, or an end", async || {
            let state = rig.engine.snapshots().borrow().streams[0].state.clone();
            (state != State::Connecting).then_some(())
        })
        .await;
        let snapshot = rig.engine.snapshots().borrow().clone();
        assert!(!format!("{:?}", snapshot.streams[0].state).contains("panic"), "{:?}", snapshot.streams[0]);
    }
    line.faults.calm();
    rig.engine.reconnect(Some("garbled".to_owned())).await.unwrap();
    rig.snapshot("an open stream", |snapshot| snapshot.streams[0].state == State::Open).await;
    rig.numbered("steady", 1_000).await;
    assert_eq!(other.connections(), 1, "the other stream was disturbed");
}
