//! Apache's mod_proxy in front of a server that numbers its events.

use streambell_engine::connection::WaitReason;

use crate::programs::{apache, free_port, node};
use crate::{engine, settings, waits};

#[tokio::test]
async fn events_come_through_apache_one_by_one() {
    let server = node("server.mjs", &[]).await;
    let proxy = apache(server.port(), "flushpackets=on").await;
    let rig = engine(settings(&proxy.url("/?pause=50&total=1200")));
    rig.stored(10).await;
    assert!(rig.history().len() < 200, "they came together");
}

#[tokio::test]
async fn a_stream_that_apache_cuts_for_its_silence_goes_on_where_it_was() {
    let server = node("server.mjs", &[]).await;
    let proxy = apache(server.port(), "timeout=1 flushpackets=on").await;
    let rig = engine(settings(&proxy.url("/?hold=7&total=21")));
    rig.numbered("market", 21).await;
}

#[tokio::test]
async fn http_503_of_apache_without_its_server_is_waited_out() {
    let port = free_port();
    let proxy = apache(port, "retry=0 flushpackets=on").await;
    let rig = engine(settings(&proxy.url("/")));
    let wait = waits(&rig, "a refusal", |wait| wait.attempt > 1).await;
    assert_eq!(wait.reason, WaitReason::Status);
    assert!(wait.message.english.contains("503"), "{}", wait.message);
    let _server = node("server.mjs", &[port]).await;
    rig.numbered("market", 100).await;
}
