//! Whether a stream lives, seen from outside: heartbeats that stay out, and servers that admit a gap.

use std::time::{Duration, Instant};

use streambell_engine::config::{Config, ResumeSend, TileConfig};
use streambell_engine::connection::{State, WaitReason};
use streambell_tests::{Exchange, Faults, Server, eventually};

use crate::setup::{Rig, market, stream};

/// A heartbeat as short as any that is learned.
const BEAT: Duration = Duration::from_millis(1_050);

async fn beat(exchange: &mut Exchange, times: usize) {
    for _ in 0..times {
        tokio::time::sleep(BEAT).await;
        exchange.send(": beat\n").await;
    }
}

#[tokio::test]
async fn a_frozen_peer_is_first_called_quiet_and_then_given_up_by_its_heartbeat() {
    let server = Server::start().await;
    let faults = Faults::in_front_of(([127, 0, 0, 1], server.port()).into()).await;
    let rig = Rig::start(market(&faults.url("/")));
    let mut exchange = server.open().await;
    exchange.event("price-update", "1", "{}").await;
    beat(&mut exchange, 6).await;
    rig.snapshot("the event", |snapshot| snapshot.streams[0].events == 1).await;
    faults.stall();
    let frozen = Instant::now();
    let quiet = |quiet: bool| rig.snapshot("quiet", move |snapshot| snapshot.streams[0].quiet_since.is_some() == quiet);
    let snapshot = quiet(true).await;
    assert_eq!(snapshot.streams[0].state, State::Open);
    assert!(frozen.elapsed() > Duration::from_secs(8) && frozen.elapsed() < Duration::from_secs(15));
    let waiting = |state: &State| matches!(state, State::Waiting(wait) if wait.reason == WaitReason::Idle);
    let mut snapshots = rig.engine.snapshots();
    let given_up = snapshots.wait_for(|snapshot| waiting(&snapshot.streams[0].state) || faults.connections() > 1);
    tokio::time::timeout(Duration::from_secs(40), given_up).await.unwrap().unwrap();
    let after = frozen.elapsed();
    assert!(after > Duration::from_secs(28) && after < Duration::from_secs(36), "{after:?}");
    faults.calm();
    rig.engine.reconnect(None).await.unwrap();
    eventually("another request", async || {
        let exchange = server.request_within(Duration::from_secs(1)).await?;
        (exchange.header("last-event-id") == Some("1")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_quiet_stream_that_speaks_again_is_live_again() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    beat(&mut exchange, 6).await;
    rig.snapshot("a quiet stream", |snapshot| snapshot.streams[0].quiet_since.is_some()).await;
    exchange.send(": at last\n").await;
    let snapshot = rig.snapshot("a live stream", |snapshot| snapshot.streams[0].quiet_since.is_none()).await;
    assert_eq!((&snapshot.streams[0].state, snapshot.streams[0].connections), (&State::Open, 1));
}

#[tokio::test]
async fn a_server_that_no_longer_has_the_events_since_says_so_and_that_is_told() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    server.open().await.event("price-update", "7", "{}").await;
    for (answer, gaps) in [("7", 0), ("earliest", 1)] {
        let mut exchange = server.request().await;
        assert_eq!(exchange.header("last-event-id"), Some("7"));
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nLast-Event-ID: {answer}\r\n\r\n");
        exchange.send(&head).await;
        let snapshot = rig.snapshot("an open stream", |snapshot| snapshot.streams[0].connections == 2 + gaps).await;
        assert_eq!(snapshot.streams[0].gaps, gaps, "{answer}");
        assert_eq!(snapshot.streams[0].last_gap.as_ref().map(|gap| gap.after.as_str()), (gaps > 0).then_some("7"));
    }
}

#[tokio::test]
async fn a_line_of_values_is_whole_over_a_long_poll_only_where_the_server_is_told_where_to_go_on() {
    for (send, is_whole) in [(ResumeSend::Header, true), (ResumeSend::None, false)] {
        let server = Server::start().await;
        let mut config = market(&server.url("/"));
        let mut long_poll = stream("market", &server.url("/"));
        long_poll.resume.send = send;
        config.streams = vec![long_poll.into()];
        config.tiles = vec![TileConfig::default()];
        let rig = Rig::start(config);
        let mut exchange = server.open().await;
        exchange.send("retry: 250\n\n").await;
        exchange.event("price-update", "1", r#"{"symbol":"ACME","price":1}"#).await;
        rig.snapshot("the first value", |snapshot| !snapshot.tiles.is_empty()).await;
        drop(exchange);
        let mut exchange = server.request().await;
        // A poll whose answer waits for the next event, longer than a server takes that only has to open.
        tokio::time::sleep(Duration::from_millis(2_750)).await;
        exchange.start_events().await;
        exchange.event("price-update", "2", r#"{"symbol":"ACME","price":2}"#).await;
        let snapshot = rig.snapshot("the second value", |snapshot| snapshot.tiles[0].value == Some(2.0)).await;
        assert_eq!(!snapshot.tiles[0].spark.contains(&None), is_whole, "{:?}", snapshot.tiles[0].spark);
    }
}

#[tokio::test]
async fn fifty_streams_that_come_back_together_do_not_strike_at_once() {
    let server = Server::start().await;
    let url = server.url("/");
    let streams = (0..50).map(|number| stream(&format!("s{number}"), &url).into()).collect();
    let rig = Rig::start(Config { streams, ..Config::default() });
    let mut open = Vec::new();
    for _ in 0..50 {
        open.push(server.open().await);
    }
    rig.snapshot("50 open streams", |snapshot| snapshot.streams.iter().all(|stream| stream.state == State::Open)).await;
    let start = Instant::now();
    rig.engine.woke().await;
    let mut struck = Vec::new();
    for _ in 0..50 {
        open.push(server.open().await);
        struck.push(start.elapsed());
    }
    let most = (0..50).map(|at| struck[at..].iter().take_while(|one| **one < struck[at] + BEAT / 100).count()).max();
    assert!(most < Some(10), "{most:?} of 50 in 10 ms: {struck:?}");
    assert!(struck[49] > Duration::from_millis(400) && struck[49] < Duration::from_secs(5), "{struck:?}");
}
