//! nginx in front of a server that numbers its events.

use std::time::{Duration, Instant};

use streambell_engine::connection::WaitReason;
use streambell_tests::eventually;

use crate::programs::{Program, free_port, nginx, node};
use crate::{engine, settings, waits};

async fn plain(upstream: &Program, location: &str) -> Program {
    nginx(upstream.port(), "", "", location).await
}

#[tokio::test]
async fn events_come_one_by_one_where_the_server_forbids_buffering() {
    let server = node("server.mjs", &[]).await;
    let proxy = plain(&server, "").await;
    let start = Instant::now();
    // The tenth comes in half a second, the last in a minute.
    let rig = engine(settings(&proxy.url("/?direct&pause=50&total=1200")));
    rig.stored(10).await;
    assert!(start.elapsed() < Duration::from_secs(5), "it took {:?}", start.elapsed());
    assert!(rig.history().len() < 200, "they came together");
}

#[tokio::test]
async fn a_stream_whose_server_ends_each_answer_goes_on_where_it_was() {
    let server = node("server.mjs", &[]).await;
    let proxy = plain(&server, "").await;
    let rig = engine(settings(&proxy.url("/?each=40&total=120&pause=5")));
    rig.numbered("market", 120).await;
    let log =
        eventually("the log", async || Some(proxy.read("access.log")).filter(|log| log.lines().count() >= 3)).await;
    assert!(log.contains("HTTP/1.1 200 after=40\n") && log.contains("after=80\n"), "{log}");
}

#[tokio::test]
async fn a_stream_that_nginx_cuts_for_its_silence_goes_on_where_it_was() {
    let server = node("server.mjs", &[]).await;
    let proxy = plain(&server, "proxy_read_timeout 300ms;").await;
    let rig = engine(settings(&proxy.url("/?direct&hold=7&total=28")));
    rig.numbered("market", 28).await;
    let log = proxy.read("access.log");
    for last in ["-", "7", "14"] {
        assert!(log.contains(&format!(" 200 after={last}\n")), "{log}");
    }
}

#[tokio::test]
async fn http_502_of_nginx_without_its_server_is_waited_out() {
    let port = free_port();
    let proxy = nginx(port, "", "", "").await;
    let rig = engine(settings(&proxy.url("/?direct")));
    let wait = waits(&rig, "a refusal", |wait| wait.attempt > 1).await;
    assert_eq!(wait.reason, WaitReason::Status);
    assert!(wait.message.english.contains("502"), "{}", wait.message);
    let server = node("server.mjs", &[port]).await;
    rig.stored(20).await;
    // And when the server goes away in the middle.
    server.kill().await;
    waits(&rig, "another refusal", |wait| wait.message.english.contains("502")).await;
    let _server = node("server.mjs", &[port]).await;
    rig.numbered("market", 100).await;
}

#[tokio::test]
async fn http_504_of_nginx_with_a_server_that_is_silent_is_waited_out() {
    let server = node("server.mjs", &[]).await;
    let proxy = plain(&server, "proxy_read_timeout 300ms;").await;
    let rig = engine(settings(&proxy.url("/?direct&silent=2")));
    let wait = waits(&rig, "a refusal", |wait| wait.attempt > 1).await;
    assert_eq!(wait.reason, WaitReason::Status);
    assert!(wait.message.english.contains("504"), "{}", wait.message);
    rig.numbered("market", 100).await;
}

#[tokio::test]
async fn a_killed_nginx_is_found_again() {
    let server = node("server.mjs", &[]).await;
    let proxy = plain(&server, "").await;
    let rig = engine(settings(&proxy.url("/?direct&total=400")));
    rig.stored(50).await;
    let (port, _folder) = proxy.kill().await;
    waits(&rig, "a refusal", |wait| wait.reason == WaitReason::Network).await;
    // Whoever listens there now: here the server itself.
    let _server = node("server.mjs", &[port]).await;
    rig.numbered("market", 400).await;
}
