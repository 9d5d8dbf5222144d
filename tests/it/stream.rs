//! A stream's life, seen from its server.

use std::time::{Duration, Instant};

use streambell_engine::config::{Auth, Refresh, SecretSource, Store};
use streambell_engine::connection::{State, WaitReason};
use streambell_engine::secrets::Vault;
use streambell_tests::Server;

use crate::setup::{Rig, ids, market, stream};

#[tokio::test]
async fn a_dropped_stream_comes_back_after_its_last_event_id_and_misses_and_repeats_nothing() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut first = server.open().await;
    assert_eq!(first.header("last-event-id"), None);
    assert_eq!(first.header("accept"), Some("text/event-stream"));
    assert_eq!(first.header("cache-control"), Some("no-cache"));
    first.event("price-update", "1", "{}").await;
    first.event("price-update", "2", "{}").await;
    first.send("event: price-update\nid: 3\ndata: cut").await;
    rig.stored(2).await;
    drop(first);
    let mut second = server.open().await;
    assert_eq!(second.header("last-event-id"), Some("2"));
    second.event("price-update", "2", "{}").await;
    second.event("price-update", "3", "{}").await;
    let events = rig.stored(3).await;
    assert_eq!(ids(&events), ["1", "2", "3"]);
}

#[tokio::test]
async fn the_cursor_survives_a_restart() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut first = server.open().await;
    first.event("price-update", "seven", "{}").await;
    rig.stored(1).await;
    let rig = rig.restart(market(&server.url("/"))).await;
    let second = server.open().await;
    assert_eq!(second.header("last-event-id"), Some("seven"));
    rig.snapshot("the cursor", |snapshot| snapshot.streams[0].last_event_id == "seven").await;
}

#[tokio::test]
async fn the_cursor_of_events_that_are_not_stored_survives_a_restart_too() {
    let server = Server::start().await;
    let mut config = market(&server.url("/"));
    let mut settings = stream("market", &server.url("/"));
    settings.store = Store::Alerts;
    config.streams = vec![settings.into()];
    let rig = Rig::start(config.clone());
    let mut first = server.open().await;
    first.event("price-update", "5", "{}").await;
    rig.snapshot("the cursor", |snapshot| snapshot.streams[0].last_event_id == "5").await;
    let _rig = rig.restart(config).await;
    assert_eq!(server.open().await.header("last-event-id"), Some("5"));
}

#[tokio::test]
async fn http_503_waits_as_long_as_retry_after_says() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    server.request().await.answer(503, &[("Retry-After", "1")], "").await;
    let answered = Instant::now();
    let snapshot = rig.snapshot("a wait", |snapshot| matches!(snapshot.streams[0].state, State::Waiting(_))).await;
    let State::Waiting(wait) = &snapshot.streams[0].state else { panic!("it waits") };
    assert_eq!(wait.reason, WaitReason::Status);
    assert!(wait.message.english.contains("503"), "{}", wait.message);
    assert!(snapshot.streams[0].retry_at.is_some());
    let mut exchange = server.open().await;
    assert!(answered.elapsed() >= Duration::from_millis(990));
    exchange.event("price-update", "1", "{}").await;
    rig.stored(1).await;
}

#[tokio::test]
async fn a_server_that_refuses_connections_is_found_again_when_it_listens() {
    let server = Server::start().await;
    let url = server.url("/");
    let refusing = server.refuse();
    let rig = Rig::start(market(&url));
    let snapshot = rig.snapshot("a wait", |snapshot| matches!(snapshot.streams[0].state, State::Waiting(_))).await;
    let State::Waiting(wait) = &snapshot.streams[0].state else { panic!("it waits") };
    assert_eq!(wait.reason, WaitReason::Network);
    let server = refusing.listen_again();
    server.open().await.event("price-update", "1", "{}").await;
    rig.stored(1).await;
}

#[tokio::test]
async fn a_server_that_hangs_is_left_after_the_idle_timeout() {
    let server = Server::start().await;
    let mut config = market(&server.url("/"));
    let mut settings = stream("market", &server.url("/"));
    settings.idle_timeout = Some(Duration::from_millis(300));
    config.streams = vec![settings.into()];
    let rig = Rig::start(config);
    let mut hung = server.open().await;
    hung.event("price-update", "1", "{}").await;
    let mut second = server.open().await;
    assert_eq!(second.header("last-event-id"), Some("1"));
    second.event("price-update", "2", "{}").await;
    assert_eq!(ids(&rig.stored(2).await), ["1", "2"]);
}

#[tokio::test]
async fn http_204_ends_a_stream_until_it_is_told_to_reconnect() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    server.request().await.answer(204, &[], "").await;
    rig.snapshot("an end", |snapshot| matches!(snapshot.streams[0].state, State::Ended { .. })).await;
    assert!(server.request_within(Duration::from_millis(300)).await.is_none(), "an ended stream connected again");
    rig.engine.reconnect(Some("market".to_owned())).await.unwrap();
    server.open().await;
}

#[tokio::test]
async fn http_401_refreshes_the_token_once_and_keeps_the_new_one() {
    let server = Server::start().await;
    let refresh = Server::start().await;
    let vault = Vault::memory();
    vault.set("market", &"old-token".to_owned().into()).await.unwrap();
    let mut config = market(&server.url("/"));
    let mut settings = stream("market", &server.url("/"));
    settings.auth = Auth::Bearer { secret: SecretSource::Keyring };
    settings.refresh = Some(Refresh { url: refresh.url("/refresh"), token: "/token".to_owned() });
    config.streams = vec![settings.into()];
    let rig = Rig::start_in(tempfile::tempdir().unwrap(), config, vault.clone(), false);

    let refused = server.request().await;
    assert_eq!(refused.header("authorization"), Some("Bearer old-token"));
    refused.answer(401, &[], "").await;
    let asked = refresh.request().await;
    assert_eq!((asked.method.as_str(), asked.header("authorization")), ("POST", Some("Bearer old-token")));
    asked.answer(200, &[("Content-Type", "application/json")], r#"{"token":"new-token"}"#).await;
    let accepted = server.open().await;
    assert_eq!(accepted.header("authorization"), Some("Bearer new-token"));
    rig.snapshot("an open stream", |snapshot| snapshot.streams[0].state == State::Open).await;
    let stored = vault.get("market").await.unwrap().unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&stored), "new-token");
}

#[tokio::test]
async fn a_second_http_401_asks_for_a_sign_in_and_does_not_try_again() {
    let server = Server::start().await;
    let refresh = Server::start().await;
    let vault = Vault::memory();
    vault.set("market", &"old".to_owned().into()).await.unwrap();
    let mut config = market(&server.url("/"));
    let mut settings = stream("market", &server.url("/"));
    settings.auth = Auth::Bearer { secret: SecretSource::Keyring };
    settings.refresh = Some(Refresh { url: refresh.url("/refresh"), token: "/token".to_owned() });
    config.streams = vec![settings.into()];
    let rig = Rig::start_in(tempfile::tempdir().unwrap(), config, vault, false);
    server.request().await.answer(401, &[], "").await;
    refresh.request().await.answer(200, &[("Content-Type", "application/json")], r#"{"token":"new"}"#).await;
    server.request().await.answer(401, &[], "").await;
    rig.snapshot("a sign-in", |snapshot| matches!(snapshot.streams[0].state, State::NeedsSignIn { .. })).await;
    assert!(server.request_within(Duration::from_millis(300)).await.is_none(), "it tried again");
}

#[tokio::test]
async fn http_403_asks_for_a_sign_in() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    server.request().await.answer(403, &[], "").await;
    rig.snapshot("a sign-in", |snapshot| matches!(snapshot.streams[0].state, State::NeedsSignIn { .. })).await;
}

#[tokio::test]
async fn stopping_takes_less_than_a_second_and_commits_what_came() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    exchange.event("price-update", "1", "{}").await;
    rig.stored(1).await;
    let start = Instant::now();
    rig.engine.stop().await;
    assert!(start.elapsed() < Duration::from_secs(2), "stopping took {:?}", start.elapsed());
    exchange.closed().await;
    assert_eq!(ids(&rig.history()), ["1"]);
}

#[tokio::test]
async fn another_servers_cursor_is_not_sent() {
    let (one, two) = (Server::start().await, Server::start().await);
    let text = |url: &str| format!("version = 1\n[[stream]]\nname = \"s\"\nurl = \"{url}\"\n");
    let rig = Rig::start_with_file(&text(&one.url("/")));
    one.open().await.event("price-update", "41", "{}").await;
    rig.stored(1).await;
    std::fs::write(rig.config_file(), text(&two.url("/"))).unwrap();
    assert_eq!(two.open().await.header("last-event-id"), None);
    rig.snapshot("no cursor", |snapshot| snapshot.streams[0].last_event_id.is_empty()).await;
}

#[tokio::test]
async fn events_that_are_not_stored_are_seen_by_who_looks_as_they_come() {
    let server = Server::start().await;
    let mut config = market(&server.url("/"));
    std::sync::Arc::make_mut(&mut config.streams[0]).store = Store::None;
    let rig = Rig::start(config);
    let mut seen = rig.engine.feed();
    let mut exchange = server.open().await;
    exchange.event("price-update", "1", r#"{"price":1}"#).await;
    let batch = tokio::time::timeout(Duration::from_secs(10), seen.recv()).await.unwrap().unwrap();
    let known: Vec<_> = batch.iter().map(|one| (one.seq, one.event.id.as_str(), one.event.data.as_str())).collect();
    assert_eq!(known, [(0, "1", r#"{"price":1}"#)]);
    assert_eq!(rig.history(), [], "it is stored nowhere");
}
