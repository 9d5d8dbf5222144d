//! What a person is told about streams themselves.

use std::time::Duration;

use streambell_engine::config::{Config, Outage};
use streambell_engine::connection::State;
use streambell_engine::host::{NoticeKind, Notification};
use streambell_tests::{Server, eventually};

use crate::setup::{Rig, market, stream};

/// One stream, told of after a second without a connection.
fn impatient(url: &str) -> Config {
    Config { outage: Outage::After(Duration::from_secs(1)), ..market(url) }
}

fn notices(rig: &Rig, kind: NoticeKind) -> Vec<Notification> {
    let is_kind = |shown: &Notification| shown.notice.as_ref().is_some_and(|notice| notice.kind == kind);
    rig.host.shown().into_iter().filter(is_kind).collect()
}

async fn notice(rig: &Rig, kind: NoticeKind) -> Notification {
    eventually(&format!("a notice of kind {}", kind.as_str()), async || notices(rig, kind).pop()).await
}

#[tokio::test]
async fn an_outage_is_told_once_and_replaced_when_the_stream_is_back_with_what_was_caught_up() {
    let server = Server::start().await;
    let url = server.url("/");
    let rig = Rig::start(impatient(&url));
    let mut first = server.open().await;
    first.event("price-update", "1", "{}").await;
    rig.stored(1).await;
    let refusing = server.refuse();
    drop(first);
    let outage = notice(&rig, NoticeKind::Outage).await;
    assert!(outage.title.starts_with("market has had no connection for"), "{}", outage.title);
    assert!(!outage.body.is_empty() && !outage.replaces);
    let server = refusing.listen_again();
    let mut back = server.open().await;
    for id in ["2", "3", "4"] {
        back.event("price-update", id, "{}").await;
    }
    let restored = notice(&rig, NoticeKind::Restored).await;
    assert_eq!((restored.title.as_str(), &restored.slot), ("market is back", &outage.slot));
    assert!(restored.body.starts_with("3 events caught up after") && restored.replaces, "{restored:?}");
    assert_eq!(notices(&rig, NoticeKind::Outage).len(), 1);
}

#[tokio::test]
async fn many_streams_out_at_once_are_one_notification() {
    let server = Server::start().await;
    let url = server.url("/");
    let _refusing = server.refuse();
    let streams = (0..30).map(|number| stream(&format!("s{number}"), &url).into()).collect();
    let rig = Rig::start(Config { streams, ..impatient(&url) });
    let outage = notice(&rig, NoticeKind::Outage).await;
    assert!(outage.title.starts_with("30 streams have had no connection"), "{}", outage.title);
    assert_eq!(rig.host.shown().len(), 1);
}

#[tokio::test]
async fn a_sign_in_is_asked_for_once_and_withdrawn_when_the_server_lets_it_in() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    server.request().await.answer(403, &[], "").await;
    let asked = notice(&rig, NoticeKind::SignIn).await;
    assert_eq!(asked.title, "market needs you to sign in");
    assert!(asked.body.contains("403"), "{}", asked.body);
    for _ in 0..3 {
        rig.engine.reconnect(None).await.unwrap();
        server.request().await.answer(403, &[], "").await;
        rig.snapshot("a sign-in", |snapshot| matches!(snapshot.streams[0].state, State::NeedsSignIn { .. })).await;
    }
    rig.engine.reconnect(None).await.unwrap();
    let _open = server.open().await;
    eventually("the notice withdrawn", async || rig.host.closed().contains(&asked.slot).then_some(())).await;
    assert_eq!(rig.host.shown().len(), 1, "it was asked for once");
}

#[tokio::test]
async fn a_restart_a_moment_later_does_not_ask_again() {
    let server = Server::start().await;
    let rig = Rig::start(impatient(&server.url("/")));
    server.request().await.answer(403, &[], "").await;
    notice(&rig, NoticeKind::SignIn).await;
    let rig = rig.restart(impatient(&server.url("/"))).await;
    server.request().await.answer(403, &[], "").await;
    let refused = |snapshot: &streambell_engine::snapshot::Snapshot| {
        matches!(snapshot.streams[0].state, State::NeedsSignIn { .. })
    };
    rig.snapshot("a sign-in", refused).await;
    rig.engine.reconnect(None).await.unwrap();
    drop(server.open().await);
    let _refusing = server.refuse();
    // Told after a second: by then a sign-in would have been told too.
    notice(&rig, NoticeKind::Outage).await;
    assert_eq!(notices(&rig, NoticeKind::SignIn).len(), 0);
}

#[tokio::test]
async fn a_pause_holds_a_notice_until_it_ends() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    rig.engine.pause(None).await;
    server.request().await.answer(403, &[], "").await;
    let refused = |snapshot: &streambell_engine::snapshot::Snapshot| {
        matches!(snapshot.streams[0].state, State::NeedsSignIn { .. })
    };
    rig.snapshot("a sign-in", refused).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(rig.host.shown().is_empty(), "it was shown in a pause");
    rig.engine.resume().await;
    notice(&rig, NoticeKind::SignIn).await;
}

#[tokio::test]
async fn a_notice_that_could_not_be_shown_is_shown_when_that_is_possible() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    rig.host.fail_with(Some("no notification service runs"));
    server.request().await.answer(403, &[], "").await;
    notice(&rig, NoticeKind::SignIn).await;
    rig.host.fail_with(None);
    rig.engine.notifier_is_back();
    rig.host.wait_for(2).await;
}
