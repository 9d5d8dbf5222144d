//! Events pushed from a Redis stream, whose ids are the cursor.

use streambell_engine::model::StoredEvent;
use streambell_tests::eventually;
use streambell_tests::eventually::PATIENCE;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::programs::{Program, free_port, node, redis};
use crate::{engine, settings};

/// Adds these numbers, one an entry.
async fn push(redis: &Program, numbers: std::ops::RangeInclusive<usize>) {
    let mut connection = BufReader::new(TcpStream::connect(("127.0.0.1", redis.port())).await.unwrap());
    for number in numbers {
        // One that has just started refuses in a single line while it reads what it had.
        let length = eventually("Redis to take an entry", async || {
            connection.write_all(format!("XADD events * data {number}\r\n").as_bytes()).await.ok()?;
            Some(line(&mut connection).await).filter(|answer| answer.starts_with('$'))
        })
        .await;
        let id = line(&mut connection).await;
        assert!(id.contains('-'), "{length}{id}");
    }
}

async fn line(connection: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    tokio::time::timeout(PATIENCE, connection.read_line(&mut line)).await.expect("Redis answers in time").unwrap();
    line
}

fn numbers(events: &[StoredEvent]) -> Vec<usize> {
    events.iter().map(|stored| stored.event.data.parse().unwrap()).collect()
}

#[tokio::test]
async fn what_is_pushed_while_nobody_listens_comes_later_once_and_in_order() {
    let store = redis(free_port(), tempfile::tempdir().unwrap()).await;
    let server = node("redis.mjs", &[store.port()]).await;
    push(&store, 1..=50).await;
    let rig = engine(settings(&server.url("/")));
    rig.stored(50).await;
    push(&store, 51..=100).await;
    rig.stored(100).await;

    // The server goes; Redis goes on.
    let (port, _) = server.kill().await;
    push(&store, 101..=200).await;
    let _server = node("redis.mjs", &[store.port(), port]).await;
    rig.stored(200).await;

    // Redis goes, and comes back with what it had.
    let (port, folder) = store.kill().await;
    let store = redis(port, folder).await;
    push(&store, 201..=250).await;
    assert_eq!(numbers(&rig.stored(250).await), (1..=250).collect::<Vec<_>>());
}
