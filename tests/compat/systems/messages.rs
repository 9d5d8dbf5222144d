//! Node and Redis behind nginx on `/stream`: recent messages for each new client, whatever it has already.

use streambell_tests::eventually;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::programs::{Program, free_port, nginx_server, node, redis};
use crate::proxies::settings_of;
use crate::streambell::Streambell;
use crate::systems::ask;

/// Publishes these, one message each.
async fn publish(server: &Program, messages: std::ops::RangeInclusive<u32>) {
    for number in messages {
        let answer = ask(server.port(), "POST /publish", &[], &format!("message {number}")).await;
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }
}

/// Waits until the channel has so many subscribers.
async fn subscribers(store: &Program, wanted: &str) {
    eventually(&format!("{wanted} subscribers"), async || {
        let mut connection = BufReader::new(TcpStream::connect(("127.0.0.1", store.port())).await.ok()?);
        connection.write_all(b"PUBSUB NUMSUB messages\r\n").await.ok()?;
        let mut answer = String::new();
        // An array: of the channel's name, and the number.
        for _ in 0..4 {
            answer.clear();
            connection.read_line(&mut answer).await.ok()?;
        }
        (answer.trim() == format!(":{wanted}")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_is_published_is_notified_once_whoever_goes_and_comes_back() {
    let store = redis(free_port(), tempfile::tempdir().unwrap()).await;
    let server = node("systems/messages.mjs", &[store.port()]).await;
    let other = node("systems/messages.mjs", &[store.port()]).await;
    let proxy = nginx_server("", &settings_of("nginx", server.port()).replace("/events", "/stream")).await;
    subscribers(&store, "0").await;

    publish(&server, 1..=2).await;
    let bell = Streambell::start(&proxy.url("/stream"), "message").await;
    bell.numbered(2).await;
    subscribers(&store, "1").await;
    publish(&server, 3..=4).await;
    publish(&other, 5..=6).await;
    bell.numbered(6).await;

    // The server goes; another one of its kind goes on.
    let (port, _) = server.kill().await;
    bell.state("waiting").await;
    publish(&other, 7..=8).await;
    let server = node("systems/messages.mjs", &[store.port(), port]).await;
    bell.numbered(8).await;
    publish(&other, 9..=9).await;
    bell.numbered(9).await;

    // Redis goes, and comes back with what it had.
    let (port, folder) = store.kill().await;
    bell.state("waiting").await;
    let store = redis(port, folder).await;
    bell.state("open").await;
    publish(&server, 10..=10).await;
    bell.numbered(10).await;

    // The recent ones of the first connection are one summary or two notifications; all others have their own.
    let shown = eventually("the last notification", async || {
        let shown = bell.shown(9).await;
        shown.iter().any(|shown| shown.body == "message 10").then_some(shown)
    })
    .await;
    let live: Vec<_> = shown.iter().filter(|shown| shown.body.starts_with("message ")).collect();
    for number in 3..=10 {
        let body = format!("message {number}");
        assert_eq!(live.iter().filter(|shown| shown.body == body).count(), 1, "{shown:?}");
    }
    subscribers(&store, "1").await;
    drop(bell);
    subscribers(&store, "0").await;
}
