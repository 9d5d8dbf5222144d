//! Node's `http` alone: the time, every second, without ids.

use jiff::Timestamp;

use crate::programs::node;
use crate::streambell::Streambell;

#[tokio::test]
async fn the_time_of_a_node_server_is_notified_each_second_also_after_it_was_started_anew() {
    let server = node("systems/time.mjs", &[]).await;
    let bell = Streambell::start(&server.url("/events"), "server-time").await;
    bell.shown(3).await;
    let (port, _folder) = server.kill().await;
    bell.state("waiting").await;
    let _server = node("systems/time.mjs", &[port]).await;
    let told: Vec<Timestamp> = bell.shown(6).await.iter().map(|shown| shown.body.parse().unwrap()).collect();
    let apart: Vec<_> = told.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs_f64()).collect();
    assert!(apart.iter().all(|seconds| *seconds > 0.0), "{told:?}");
    // All but those on both sides of the new start; a busy machine may be late.
    let seconds = apart.iter().filter(|seconds| (0.9..3.0).contains(*seconds)).count();
    assert!(seconds >= apart.len() - 1, "{told:?}");
}

#[tokio::test]
async fn another_path_of_it_ends_the_stream_with_its_404() {
    let server = node("systems/time.mjs", &[]).await;
    let bell = Streambell::start(&server.url("/event"), "*").await;
    let stream = bell.state("ended").await;
    assert!(stream["message"].as_str().unwrap().contains("404"), "{stream}");
}
