//! Hostile servers beside a good one, in one engine.

use std::time::Duration;

use streambell_engine::config::{Config, History, Store};
use streambell_engine::connection::State;
use streambell_tests::hostile::{Hostile, Hostility};
use streambell_tests::{Replay, Script, eventually};

use crate::setup::{Rig, market, stream};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_hostile_server_disturbs_the_stream_beside_it() {
    let script = Script { total: 600, alert_every: 100, burst: 2, pause: Duration::from_millis(10), padding: 20 };
    let server = Replay::start(script).await;
    let mut streams = vec![stream("good", &server.url()).into()];
    let mut hostile = Vec::new();
    for (number, hostility) in Hostility::ALL.into_iter().enumerate() {
        let enemy = Hostile::paced(hostility, Duration::from_millis(10)).await;
        let mut settings = stream(&format!("hostile {number}"), &enemy.url());
        settings.max_event = 64 * 1024;
        settings.store = Store::None;
        streams.push(settings.into());
        hostile.push((hostility, enemy));
    }
    let rig = Rig::start(Config { streams, ..market("") });
    rig.numbered("good", 600).await;
    assert_eq!(server.connections(), 1, "the good stream was disturbed");
    for (hostility, enemy) in &hostile {
        eventually(&format!("a connection to {hostility:?}"), async || (enemy.connections() > 0).then_some(())).await;
    }
    let snapshot = rig.engine.snapshots().borrow().clone();
    for status in &snapshot.streams {
        assert!(!format!("{:?}", status.state).contains("panic"), "{status:?}");
    }
    assert_eq!(snapshot.streams[0].state, State::Open);
    rig.engine.stop().await;
}

/// As fast as the engine takes them: pruning must keep up, or a server could fill the disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_leaves_the_ledger_little_larger_than_it_may_be() {
    const MOST: u64 = 10_000;
    let enemy = Hostile::start(Hostility::TinyEvents).await;
    let streams = vec![stream("flood", &enemy.url()).into()];
    let history = History { max_events: MOST, ..History::default() };
    let rig = Rig::start(Config { streams, history, ..Config::default() });
    let mut largest = 0;
    while rig.engine.snapshots().borrow().streams[0].events < 500_000 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        largest = largest.max(rig.count());
    }
    rig.engine.stop().await;
    assert!(largest > MOST && largest < MOST + 200_000, "{largest} events");
}
