//! The HTTP side of the demo.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use futures_util::stream;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, Interval};
use tokio_util::sync::CancellationToken;

use super::DemoOptions;
use super::journal::{Journal, passing};
use super::market::{describe, draw};
use super::tokens::Tokens;
use crate::secrets::Secret;

/// What the requests share.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    options: DemoOptions,
    shutdown: CancellationToken,
    journal: Journal,
    tokens: Mutex<Tokens>,
    first_client: Notify,
}

/// One client's connection.
struct Client {
    server: Arc<Server>,
    position: u64,
    changes: watch::Receiver<u64>,
    heartbeat: Interval,
    clock: Interval,
    ends: Instant,
    greeted: bool,
}

/// Answers requests until the server's shutdown.
pub(super) async fn serve(listener: TcpListener, server: Arc<Server>) {
    let shutdown = server.shutdown.clone();
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "small events may be held back");
        }
    });
    let router = Router::new()
        .route("/api/stream", get(events))
        .route("/api/refresh-token", post(refresh_token))
        .route("/symbols/{symbol}", get(symbol))
        .with_state(server);
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(shutdown.cancelled_owned()).await {
        tracing::warn!(%error, "the demo server failed");
    }
}

impl Server {
    pub(super) fn new(address: SocketAddr, options: DemoOptions, shutdown: CancellationToken) -> Self {
        Self {
            address,
            shutdown,
            journal: Journal::new(format!("{:x}", Timestamp::now().as_millisecond()), options.replay),
            tokens: Mutex::new(Tokens::new(options.token_life, options.token_grace)),
            first_client: Notify::new(),
            options,
        }
    }

    pub(super) fn options(&self) -> &DemoOptions {
        &self.options
    }

    pub(super) fn shutdown(&self) -> &CancellationToken {
        &self.shutdown
    }

    pub(super) fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(super) fn issue_token(&self) -> Secret {
        self.tokens().issue(Timestamp::now())
    }

    /// Waits for a client to connect, if none did yet.
    pub(super) async fn first_client(&self) {
        self.first_client.notified().await;
    }

    /// The address of a symbol's page.
    pub(super) fn page(&self, symbol: &str) -> String {
        format!("http://{}/symbols/{symbol}", self.address)
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn events(State(server): State<Arc<Server>>, headers: HeaderMap) -> Response {
    if !bearer(&headers).is_some_and(|token| server.tokens().is_good(&token, Timestamp::now())) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    server.first_client.notify_one();
    let last_event_id = headers.get("last-event-id").map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let client = Client::new(server, last_event_id.as_deref());
    let body = Body::from_stream(stream::unfold(client, |mut client| async {
        client.next().await.map(|piece| (piece, client))
    }));
    ([(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")], body).into_response()
}

async fn refresh_token(State(server): State<Arc<Server>>, headers: HeaderMap) -> Response {
    match bearer(&headers).and_then(|token| server.tokens().refresh(&token, Timestamp::now())) {
        Some(token) => axum::Json(json!({ "token": token.expose_secret() })).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn symbol(Path(symbol): Path<String>) -> Response {
    describe(&symbol).map_or(StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (kind, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| Secret::from(token.trim()))
}

impl Client {
    fn new(server: Arc<Server>, last_event_id: Option<&str>) -> Self {
        let now = Instant::now();
        let at_least = Duration::from_millis(1);
        let heartbeat_every = server.options.heartbeat_every.max(at_least);
        Self {
            position: server.journal.position(last_event_id),
            changes: server.journal.changes(),
            heartbeat: tokio::time::interval_at(now + heartbeat_every, heartbeat_every),
            clock: tokio::time::interval(server.options.time_every.max(at_least)),
            ends: now + draw(&server.options.drop_every),
            greeted: false,
            server,
        }
    }

    /// What is sent next; an error breaks the connection, `None` ends it.
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        if !std::mem::replace(&mut self.greeted, true) {
            return Some(Ok(Bytes::from_static(b": Streambell's demo market\nretry: 2000\n\n")));
        }
        loop {
            if Instant::now() < self.ends
                && !self.server.shutdown.is_cancelled()
                && let Some((bytes, position)) = self.server.journal.read(self.position)
            {
                self.position = position;
                return Some(Ok(bytes));
            }
            tokio::select! {
                () = self.server.shutdown.cancelled() => return None,
                () = tokio::time::sleep_until(self.ends) => return Some(Err(io::ErrorKind::ConnectionReset.into())),
                _ = self.heartbeat.tick() => return Some(Ok(Bytes::from_static(b": heartbeat\n\n"))),
                _ = self.clock.tick() => {
                    return Some(Ok(passing("server-time", &json!({ "at": Timestamp::now() }).to_string())));
                }
                changed = self.changes.changed() => changed.ok()?,
            }
        }
    }
}
