//! Streams that share HTTP/2 connections to nginx, counted by a proxy between the two.

use std::sync::Arc;
use std::time::Duration;

use streambell_engine::config::{Config, StreamConfig};
use streambell_engine::connection::State;
use streambell_tests::rig::Rig;
use streambell_tests::{Ending, Faults, Shape};

use crate::authority::Authority;
use crate::programs::{Program, nginx, node};
use crate::settings;

/// nginx over TLS, a proxy in front of it that counts, and the server behind it.
struct Site {
    authority: Authority,
    faults: Faults,
    _programs: [Program; 2],
}

impl Site {
    async fn start(listen: &str, words: &str) -> Self {
        let authority = Authority::new();
        authority.issue("localhost");
        let server = node("server.mjs", &[]).await;
        let file = |ending: &str| authority.file(&format!("localhost.{ending}")).display().to_string();
        let words = format!("ssl_certificate {}; ssl_certificate_key {}; {words}", file("pem"), file("key"));
        let proxy = nginx(server.port(), listen, &words, "").await;
        let faults = Faults::in_front_of(([127, 0, 0, 1], proxy.port()).into()).await;
        Self { authority, faults, _programs: [proxy, server] }
    }

    /// So many streams, each with 100 events in a second and silence after them.
    fn streams(&self, count: usize) -> Vec<StreamConfig> {
        let stream = |number: usize| StreamConfig {
            name: format!("s{number}").as_str().into(),
            ca_cert: Some(self.authority.file("ca.pem")),
            // Longer than a test: what is silent in the end stays.
            idle_timeout: Some(Duration::from_secs(60)),
            ..settings(&format!("https://localhost:{}/?direct&total=100&pause=10", self.faults.port()))
        };
        (0..count).map(stream).collect()
    }
}

fn engine(streams: Vec<StreamConfig>) -> Rig {
    Rig::start(Config { streams: streams.into_iter().map(Arc::new).collect(), ..Config::default() })
}

async fn all_numbered(rig: &Rig, count: usize) {
    for number in 0..count {
        rig.numbered(&format!("s{number}"), 100).await;
    }
}

async fn all_open(rig: &Rig) {
    rig.snapshot("open streams", |snapshot| snapshot.streams.iter().all(|stream| stream.state == State::Open)).await;
}

#[tokio::test]
async fn streams_to_one_host_share_a_connection() {
    let site = Site::start("ssl http2", "").await;
    let rig = engine(site.streams(12));
    all_numbered(&rig, 12).await;
    assert_eq!(site.faults.connections(), 1);
}

#[tokio::test]
async fn another_connection_is_made_where_the_server_allows_two_streams_on_each() {
    let site = Site::start("ssl http2", "http2_max_concurrent_streams 2;").await;
    let rig = engine(site.streams(5));
    all_open(&rig).await;
    all_numbered(&rig, 5).await;
    assert_eq!(site.faults.connections(), 3);
}

#[tokio::test]
async fn streams_whose_shared_connection_is_reset_come_back_on_one() {
    let site = Site::start("ssl http2", "").await;
    let rig = engine(site.streams(6));
    all_open(&rig).await;
    site.faults.reset();
    all_numbered(&rig, 6).await;
    assert_eq!(site.faults.connections(), 2);
}

#[tokio::test]
async fn a_shared_connection_that_is_half_open_is_not_handed_to_the_streams_that_come_back() {
    let site = Site::start("ssl http2", "").await;
    let mut streams = site.streams(4);
    for stream in &mut streams {
        stream.idle_timeout = Some(Duration::from_secs(1));
    }
    let rig = engine(streams);
    rig.stored(100).await;
    // More than that has come already; on a new connection nothing has.
    site.faults.shape(Shape { end: Some((1, Ending::Stall)), ..Shape::default() });
    rig.snapshot("streams that wait", |snapshot| {
        snapshot.streams.iter().any(|stream| matches!(stream.state, State::Waiting(_)))
    })
    .await;
    site.faults.shape(Shape::default());
    all_numbered(&rig, 4).await;
}

#[tokio::test]
async fn streams_of_a_server_that_speaks_http_1_1_have_a_connection_each_and_never_an_old_one() {
    let site = Site::start("ssl", "").await;
    let mut streams = site.streams(4);
    for stream in &mut streams {
        // Ends cleanly again and again, so that the connection could be used anew.
        stream.url.push_str("&each=50");
    }
    let rig = engine(streams);
    all_numbered(&rig, 4).await;
    let connects: u64 =
        rig.engine.snapshots().borrow().streams.iter().map(|stream| u64::from(stream.connections)).sum();
    assert!(connects >= 8, "{connects}");
    assert!(site.faults.connections() >= connects, "{} of {connects}", site.faults.connections());
}
