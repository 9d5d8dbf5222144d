//! Servers that mean harm, or are broken so that it looks like that.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What a hostile server does to each connection, as fast as the client takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hostility {
    /// An answer whose header lines never end.
    EndlessHeaders,
    /// An answer whose first header line never ends.
    EndlessHeader,
    /// A stream whose first line never ends.
    EndlessLine,
    /// An event of data lines that never ends.
    EndlessEvent,
    /// Comments without end.
    EndlessComments,
    /// Ids and no event.
    EndlessIds,
    /// Events of seven bytes.
    TinyEvents,
    /// An event of which a byte comes now and then.
    Drip,
    /// A page in place of the stream, without end.
    WrongType,
    /// A refusal that explains itself without end.
    EndlessRefusal,
    /// Bytes by chance in place of HTTP.
    Garbage,
    /// Bytes by chance as a stream.
    GarbageStream,
    /// The connection is closed as soon as it was asked.
    HangUp,
}

impl Hostility {
    /// All there are.
    pub const ALL: [Self; 13] = [
        Self::EndlessHeaders,
        Self::EndlessHeader,
        Self::EndlessLine,
        Self::EndlessEvent,
        Self::EndlessComments,
        Self::EndlessIds,
        Self::TinyEvents,
        Self::Drip,
        Self::WrongType,
        Self::EndlessRefusal,
        Self::Garbage,
        Self::GarbageStream,
        Self::HangUp,
    ];
}

/// The server. Dropping it ends it and its connections.
#[derive(Debug)]
pub struct Hostile {
    port: u16,
    connections: Arc<AtomicU64>,
    sent: Arc<AtomicU64>,
    /// Owns the tasks of all connections.
    task: JoinHandle<()>,
}

impl Hostile {
    /// As fast as its clients take it.
    pub async fn start(hostility: Hostility) -> Self {
        Self::paced(hostility, Duration::ZERO).await
    }

    /// With a pause after each 7 to 24 KB.
    pub async fn paced(hostility: Hostility, pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let port = listener.local_addr().expect("the port").port();
        let (connections, sent) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let counters = (Arc::clone(&connections), Arc::clone(&sent));
        let task = tokio::spawn(async move {
            let mut served = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let number = counters.0.fetch_add(1, Ordering::Relaxed);
                let sent = Arc::clone(&counters.1);
                // The client's going ends it.
                served.spawn(async move { drop(serve(stream, hostility, pause, number, &sent).await) });
            }
        });
        Self { port, connections, sent, task }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// How many connections it has had.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// How many bytes its clients took, on all connections.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    hostility: Hostility,
    pause: Duration,
    number: u64,
    sent: &AtomicU64,
) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await?);
    }
    let opening = |status: &str, kind: &str| format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n");
    let events = opening("200 OK", "text/event-stream");
    let (start, again) = match hostility {
        Hostility::EndlessHeaders => ("HTTP/1.1 200 OK\r\n".to_owned(), b"X-More: and more\r\n".repeat(1_000)),
        Hostility::EndlessHeader => ("HTTP/1.1 200 OK\r\nX-Long: ".to_owned(), b"x".repeat(16_384)),
        Hostility::EndlessLine => (events + "data: ", b"x".repeat(16_384)),
        Hostility::EndlessEvent => (events, b"data: and more\n".repeat(1_000)),
        Hostility::EndlessComments => (events, b": nothing\n\n".repeat(1_000)),
        Hostility::EndlessIds => (events, b"id: 1\n\nid: 2\n\n".repeat(1_000)),
        Hostility::TinyEvents => (events, b"data:\n\n".repeat(1_000)),
        Hostility::Drip => (events, b"d".to_vec()),
        Hostility::WrongType => (opening("200 OK", "text/html"), b"<p>Sign in to this network".repeat(1_000)),
        Hostility::EndlessRefusal => (opening("400 No", "text/plain"), b"because ".repeat(2_000)),
        Hostility::Garbage => (String::new(), by_chance(number)),
        Hostility::GarbageStream => (events, by_chance(number)),
        Hostility::HangUp => return Ok(()),
    };
    stream.write_all(start.as_bytes()).await?;
    loop {
        stream.write_all(&again).await?;
        sent.fetch_add(again.len() as u64, Ordering::Relaxed);
        let pause = if hostility == Hostility::Drip { Duration::from_millis(20) } else { pause };
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
}

fn by_chance(seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..16_384).map(|_| random.u8(..)).collect()
}
