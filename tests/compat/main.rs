//! What people really have: hubs, servers in Node, Express and Spring, Redis behind them, and nginx, Apache, HAProxy, Caddy and
//! TLS of a private authority between them and us.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod apache;
mod authority;
mod doctor;
mod http2;
mod hubs;
mod nginx;
mod programs;
mod proxies;
mod redis;
mod streambell;
mod systems;
mod tls;

use std::time::Duration;

use streambell_engine::config::{Config, StreamConfig};
use streambell_engine::connection::{State, Wait};
use streambell_tests::rig::{Rig, stream};

/// A stream named `market` that tries again quickly.
pub(crate) fn settings(url: &str) -> StreamConfig {
    StreamConfig { idle_timeout: Some(Duration::from_secs(5)), ..stream("market", url) }
}

/// An engine with this stream.
pub(crate) fn engine(settings: StreamConfig) -> Rig {
    Rig::start(Config { streams: vec![settings.into()], ..Config::default() })
}

/// Waits until the stream waits for such a reason.
pub(crate) async fn waits(rig: &Rig, what: &str, wanted: impl Fn(&Wait) -> bool) -> Wait {
    let is = |state: &State| matches!(state, State::Waiting(wait) if wanted(wait));
    let snapshot = rig.snapshot(what, |snapshot| snapshot.streams.iter().any(|stream| is(&stream.state))).await;
    let State::Waiting(wait) = &snapshot.streams[0].state else { panic!("it waits") };
    wait.clone()
}
