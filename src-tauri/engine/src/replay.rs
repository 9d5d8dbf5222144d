//! A recorded stream, served again: any client can be pointed at it.
//!
//! A recording is a file of JSON lines as `streambell tail --record` writes them. Each connection hears it from its
//! beginning, or after the event whose id it names as its last one, with the time between events as it was.

mod recording;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub use recording::{Recorded, Recording, line, recorded};

/// While nothing comes, a comment says so often that the connection is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A recording that is served. It ends with its shutdown signal.
#[derive(Debug)]
pub struct Replay {
    listener: TcpListener,
    address: SocketAddr,
    show: Arc<Show>,
}

/// What each connection hears.
#[derive(Debug)]
struct Show {
    recording: Recording,
    speed: f64,
    shutdown: CancellationToken,
}

/// One connection.
struct Client {
    show: Arc<Show>,
    next: usize,
    /// When the first event it hears is due.
    start: Instant,
    /// Where in the recording that is.
    skipped: Duration,
}

impl Replay {
    /// Takes a port of 127.0.0.1: this one, or a free one where it is 0. `speed` above 0: twice as fast is 2.
    ///
    /// # Errors
    /// Where the port cannot be had.
    pub async fn bind(
        recording: Recording,
        speed: f64,
        port: u16,
        shutdown: CancellationToken,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.with_context(|| format!("port {port} of 127.0.0.1 cannot be had"))?;
        let address = listener.local_addr().context("no address to serve at")?;
        Ok(Self { listener, address, show: Arc::new(Show { recording, speed, shutdown }) })
    }

    /// The address of the stream. Every path of it is the same.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until its shutdown.
    ///
    /// # Errors
    /// Where the system takes the port away.
    pub async fn run(self) -> anyhow::Result<()> {
        let shutdown = self.show.shutdown.clone();
        let router = Router::new().fallback(events).with_state(self.show);
        let serving = axum::serve(self.listener, router).with_graceful_shutdown(shutdown.cancelled_owned());
        serving.await.context("the recording cannot be served any more")
    }
}

async fn events(State(show): State<Arc<Show>>, headers: HeaderMap) -> Response {
    let last = headers.get("last-event-id").and_then(|id| std::str::from_utf8(id.as_bytes()).ok()).unwrap_or_default();
    let next = show.recording.after(last);
    let skipped = show.recording.events.get(next).map_or(Duration::ZERO, |event| event.at);
    let client = Client { show, next, start: Instant::now(), skipped };
    let body = Body::from_stream(stream::unfold(client, |mut client| async {
        let bytes = client.next().await?;
        Some((Ok::<_, std::convert::Infallible>(bytes), client))
    }));
    ([(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")], body).into_response()
}

impl Client {
    /// What is sent next; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        let shutdown = self.show.shutdown.clone();
        let wait = match self.show.recording.events.get(self.next) {
            Some(event) => {
                let at = self.start + event.at.saturating_sub(self.skipped).div_f64(self.show.speed);
                at.saturating_duration_since(Instant::now())
            }
            None => HEARTBEAT,
        };
        tokio::select! {
            () = shutdown.cancelled() => return None,
            () = tokio::time::sleep(wait.min(HEARTBEAT)) => {}
        }
        match self.show.recording.events.get(self.next) {
            Some(event) if wait <= HEARTBEAT => {
                self.next += 1;
                Some(event.bytes.clone())
            }
            Some(_) | None => Some(Bytes::from_static(b":\n\n")),
        }
    }
}
