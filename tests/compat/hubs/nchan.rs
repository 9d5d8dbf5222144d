//! Nchan on two nginx nodes with Redis behind them and a balancer in front, by the README's recipe.

use std::time::Duration;

use streambell_engine::config::{Config, EventId, StreamConfig};
use streambell_engine::ledger::{Query, Reader};
use streambell_tests::eventually::PATIENCE;
use streambell_tests::{Rig, eventually};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{filled_for, rig};
use crate::programs::{Program, free_port, nginx_node, redis};

/// The streams that listen, so that each node has some.
const LISTENERS: usize = 4;
/// What is published between two faults.
const PART: usize = 300;

/// A block of the README.
fn recipe(name: &str) -> String {
    let readme = include_str!("../../../README.md");
    let (_, block) = readme.split_once(&format!("```{name}\n")).expect("the recipe in the README");
    block.split_once("```").expect("the end of the block").0.to_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

async fn node(port: u16, folder: TempDir, redis: u16) -> Program {
    let http = recipe("nchan").replace("redis://127.0.0.1:6379", &format!("redis://127.0.0.1:{redis}"));
    let module = "load_module /usr/lib/nginx/modules/ngx_nchan_module.so;";
    nginx_node(port, folder, module, &http.replace("listen 8080", "listen PORT")).await
}

async fn balancer(nodes: [u16; 2]) -> Program {
    let [one, two] = nodes.map(|port| format!("127.0.0.1:{port}"));
    let http = recipe("nchan-balancer").replace("10.0.0.11:8080", &one).replace("10.0.0.12:8080", &two);
    nginx_node(free_port(), folder(), "", &http.replace("listen 80", "listen PORT")).await
}

/// Publishes numbers one by one, each until it is taken.
async fn publish(port: u16, numbers: std::ops::RangeInclusive<usize>) {
    for number in numbers {
        eventually("a number to be taken", async || {
            let taken = tokio::time::timeout(Duration::from_secs(5), post(port, number)).await;
            if !matches!(taken, Ok(Ok(true))) {
                tokio::time::sleep(Duration::from_millis(100)).await;
                return None;
            }
            Some(())
        })
        .await;
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

/// Whether a number was taken.
async fn post(port: u16, number: usize) -> std::io::Result<bool> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await?;
    let body = format!("{{\"n\":{number}}}");
    let head = format!("POST /pub/market HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}", body.len());
    connection.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer.starts_with("HTTP/1.1 20"))
}

/// Listeners that know an event again by its number, wherever a publisher had to send it twice.
async fn listeners(port: u16) -> Rig {
    let host = format!("http://127.0.0.1:{port}");
    let one = filled_for("nchan", &[("host", &host), ("channel", "market")], None);
    let stream = |number: usize| {
        let mut stream = StreamConfig { retry: Duration::from_millis(200), ..StreamConfig::clone(&one.streams[0]) };
        stream.name = format!("listener {number}").as_str().into();
        stream.dialect.event_id = EventId::Pointer("/n".to_owned());
        stream.into()
    };
    rig(Config { streams: (1..=LISTENERS).map(stream).collect(), ..Config::default() }).await
}

/// What a listener has, in its order.
fn numbers(rig: &Rig, listener: usize) -> Vec<usize> {
    let reader = Reader::open(&rig.folder.path().join("history.db")).unwrap();
    let stream = Some(format!("listener {listener}"));
    let events = reader.history(&Query { stream, limit: u32::MAX, ..Query::default() }).unwrap();
    events.iter().map(|stored| stored.event.id.parse().unwrap()).collect()
}

async fn all_have(rig: &Rig, total: usize) {
    for listener in 1..=LISTENERS {
        let what = format!("{total} events of listener {listener}");
        let have = tokio::time::timeout(PATIENCE * 2, async {
            loop {
                let have = numbers(rig, listener);
                if have.len() >= total {
                    return have;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        let have = have.await.unwrap_or_else(|_| panic!("{what}: {:?}", numbers(rig, listener).len()));
        assert_eq!(have, (1..=total).collect::<Vec<_>>(), "{what}");
    }
}

#[tokio::test]
async fn a_node_and_then_redis_are_killed_under_load_and_nothing_is_lost_or_doubled() {
    let store = redis(free_port(), folder()).await;
    let first = node(free_port(), folder(), store.port()).await;
    let second = node(free_port(), folder(), store.port()).await;
    let balancer = balancer([first.port(), second.port()]).await;
    let port = balancer.port();
    let rig = listeners(port).await;
    publish(port, 1..=PART).await;
    all_have(&rig, PART).await;

    // A node goes while events come: its listeners go on at the other one.
    let ((), (gone, files)) = tokio::join!(publish(port, PART + 1..=2 * PART), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        first.kill().await
    });
    all_have(&rig, 2 * PART).await;
    let _first = node(gone, files, store.port()).await;

    // Redis goes while events come: publishers wait for it, listeners need not notice.
    let ((), _store) = tokio::join!(publish(port, 2 * PART + 1..=3 * PART), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let (port, files) = store.kill().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        redis(port, files).await
    });
    all_have(&rig, 3 * PART).await;
    let connections: usize = (1..=LISTENERS).map(|one| rig.connections(&format!("listener {one}")).len()).sum();
    assert!(connections > LISTENERS, "some were on the node that was killed");
}
