//! A server that replays: numbered events, resumed after Last-Event-ID, as fast as the client takes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The server. Dropping it ends it and its connections.
#[derive(Debug)]
pub struct Replay {
    port: u16,
    connections: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

/// What it sends.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    /// The number of events, with ids from 1.
    pub total: u64,
    /// Every so-manieth is a `market-alert`, the others are `price-update`s.
    pub alert_every: u64,
    /// How many are written at a time.
    pub burst: u64,
    /// The pause after each burst.
    pub pause: Duration,
    /// How many bytes of padding each event's data has.
    pub padding: usize,
}

impl Replay {
    /// Listens on port 0.
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let port = listener.local_addr().expect("the port").port();
        let connections = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            let mut served = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::Relaxed);
                // A client that was killed is what these tests are about.
                served.spawn(async move { drop(serve(stream, script).await) });
            }
        });
        Self { port, connections, task }
    }

    /// The stream's address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/stream", self.port)
    }

    /// Where it listens.
    pub fn address(&self) -> std::net::SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// How many connections it has had.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, script: Script) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut last = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("last-event-id")
        {
            last = value.trim().parse().unwrap_or(0);
        }
    }
    let mut stream = stream.into_inner();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n").await?;
    let padding = "x".repeat(script.padding);
    while last < script.total {
        let mut text = String::new();
        for id in last + 1..=(last + script.burst).min(script.total) {
            let name = if id % script.alert_every == 0 { "market-alert" } else { "price-update" };
            text.push_str(&format!(
                "event: {name}\nid: {id}\ndata: {{\"symbol\":\"ACME\",\"price\":{id},\"message\":\"number {id}\",\"pad\":\"{padding}\"}}\n\n"
            ));
        }
        last = (last + script.burst).min(script.total);
        stream.write_all(text.as_bytes()).await?;
        // Even a sleep of nothing lasts until the timer's next tick.
        if !script.pause.is_zero() {
            tokio::time::sleep(script.pause).await;
        }
    }
    loop {
        stream.write_all(b": all sent\n").await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}
