//! A server of numbers: there is a new one every so often, and each client gets all after its Last-Event-ID.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

/// What a client hears at least.
const HEARTBEAT: Duration = Duration::from_millis(500);
/// How many events are written at a time.
const BURST: u64 = 500;

/// The server. Dropping it ends it and its connections.
#[derive(Debug)]
pub struct Numbers {
    port: u16,
    newest: watch::Receiver<u64>,
    more: watch::Sender<bool>,
    /// Own the tasks of counting and of all connections.
    tasks: [JoinHandle<()>; 2],
}

impl Numbers {
    /// Counts from 1, one number each `every`, from now on.
    pub async fn start(every: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let port = listener.local_addr().expect("the port").port();
        let (count, newest) = watch::channel(0);
        let (more, wanted) = watch::channel(true);
        let clients = newest.clone();
        let tasks = [
            tokio::spawn(async move {
                let mut ticks = tokio::time::interval(every);
                while *wanted.borrow() {
                    ticks.tick().await;
                    count.send_modify(|newest| *newest += 1);
                }
                // The channel stays open: clients still ask.
                std::future::pending::<()>().await;
            }),
            tokio::spawn(async move {
                let mut served = JoinSet::new();
                while let Ok((stream, _)) = listener.accept().await {
                    // A client that went is what these tests are about.
                    served.spawn(serve(stream, clients.clone()));
                    while served.try_join_next().is_some() {}
                }
            }),
        ];
        Self { port, newest, more, tasks }
    }

    /// Where it listens.
    pub fn address(&self) -> std::net::SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// The newest number.
    pub fn newest(&self) -> u64 {
        *self.newest.borrow()
    }

    /// Counts no further; the last number.
    pub async fn stop_counting(&self) -> u64 {
        self.more.send_replace(false);
        let mut newest = self.newest.clone();
        loop {
            newest.borrow_and_update();
            if tokio::time::timeout(Duration::from_secs(1), newest.changed()).await.is_err() {
                return self.newest();
            }
        }
    }
}

impl Drop for Numbers {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn serve(stream: TcpStream, newest: watch::Receiver<u64>) {
    drop(answer(stream, newest).await);
}

async fn answer(stream: TcpStream, mut newest: watch::Receiver<u64>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut last: u64 = 0;
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
    let mut heard = Instant::now();
    loop {
        let until = (*newest.borrow_and_update()).min(last + BURST);
        if last < until {
            stream.write_all(events(last + 1, until).as_bytes()).await?;
            (last, heard) = (until, Instant::now());
        } else if tokio::time::timeout_at(heard + HEARTBEAT, newest.changed()).await.is_err() {
            stream.write_all(b": nothing new\n\n").await?;
            heard = Instant::now();
        }
    }
}

fn events(from: u64, to: u64) -> String {
    let event = |id: u64| {
        let name = if id.is_multiple_of(100) { "market-alert" } else { "price-update" };
        format!("event: {name}\nid: {id}\ndata: {{\"symbol\":\"ACME\",\"price\":{id},\"message\":\"number {id}\"}}\n\n")
    };
    (from..=to).map(event).collect()
}
