//! What is kept of a stream's connections.

use streambell_engine::connection::State;
use streambell_engine::uptime::{Cause, Record};
use streambell_tests::{Server, eventually};

use crate::setup::{Rig, market};

#[tokio::test]
async fn each_connection_is_kept_with_its_cause_bytes_events_and_times() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut first = server.open().await;
    first.send(": hello\n\n").await;
    first.event("price-update", "1", "{}").await;
    rig.stored(1).await;
    drop(first);
    server.request().await.answer(503, &[("Retry-After", "0")], "").await;
    let mut third = server.open().await;
    third.event("price-update", "2", "{}").await;
    rig.stored(2).await;

    let kept = kept(&rig, 3).await;
    let [open, refused, ended] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!(
        (ended.cause, ended.status, ended.http.as_str(), ended.events),
        (Cause::EndOfStream, Some(200), "1.1", 1)
    );
    assert!(ended.bytes > 20 && ended.header_after.is_some(), "{ended:?}");
    assert!(ended.first_byte_after >= ended.header_after, "{ended:?}");
    assert!(ended.open_for.is_some() && ended.start < ended.end, "{ended:?}");
    assert_eq!((refused.cause, refused.status, refused.open_for), (Cause::Status, Some(503), None));
    assert!(refused.message.english.contains("503"), "{}", refused.message);
    assert_eq!(open.cause, Cause::Open);

    let uptime = rig.engine.uptimes().await.remove(0);
    let live = uptime.open.unwrap();
    assert_eq!((live.start.as_microsecond(), live.events), (open.start.as_microsecond(), 1));
    assert!(uptime.share.is_some_and(|share| share > 0.0 && share < 1.0), "{:?}", uptime.share);
    assert_eq!(uptime.last.map(|last| last.cause), Some(Cause::Status));
}

#[tokio::test]
async fn tries_in_a_row_that_fail_for_one_reason_are_one_entry() {
    let server = Server::start().await;
    let url = server.url("/");
    let _refusing = server.refuse();
    let rig = Rig::start(market(&url));
    let tries = async || kept(&rig, 1).await.first().map(|record| record.tries).filter(|tries| *tries > 2);
    eventually("three tries", tries).await;
    let kept = kept(&rig, 1).await;
    assert_eq!((kept.len(), kept[0].cause), (1, Cause::Network));
}

#[tokio::test]
async fn connections_survive_a_restart_and_their_end_is_known() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let _first = server.open().await;
    rig.snapshot("an open stream", |snapshot| snapshot.streams[0].state == State::Open).await;
    let rig = rig.restart(market(&server.url("/"))).await;
    let last = rig.engine.uptimes().await.remove(0).last.unwrap();
    assert_eq!((last.cause, last.message.english.as_str()), (Cause::Stopped, "Streambell ended"));
    assert!(last.open_for.is_some(), "{last:?}");
    let _second = server.open().await;
    assert_eq!(kept(&rig, 2).await.len(), 2);
}

async fn kept(rig: &Rig, least: usize) -> Vec<Record> {
    eventually(&format!("{least} connections"), async || {
        Some(rig.connections("market")).filter(|records| records.len() >= least)
    })
    .await
}
