//! A scripted server and a running subscription.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle, JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::super::*;
use crate::connection::Wait;

const PATIENCE: Duration = Duration::from_secs(10);

/// What the server does with a connection once it has read the request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// Writes and closes.
    Close(String),
    /// Writes and keeps the connection open.
    Hold(String),
    /// Writes, again and again, so often, and closes.
    Repeat(String, String, usize),
}

/// Answers its connections one after the other by a script; the last line of the script is for all that follow.
pub(super) struct Server {
    pub(super) url: String,
    requests: mpsc::UnboundedReceiver<String>,
    _accepting: JoinSet<()>,
}

impl Server {
    pub(super) async fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/stream", listener.local_addr().unwrap());
        let (seen, requests) = mpsc::unbounded_channel();
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            let mut script = script.into_iter().peekable();
            let mut last = None;
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                last = script.next().or(last);
                connections.spawn(answer(socket, last.clone().unwrap(), seen.clone()));
            }
        });
        Self { url, requests, _accepting: accepting }
    }

    /// The next request: its head in lower case, and its body.
    pub(super) async fn request(&mut self) -> String {
        tokio::time::timeout(PATIENCE, self.requests.recv()).await.expect("a request in time").unwrap()
    }
}

async fn answer(mut socket: TcpStream, reply: Reply, seen: mpsc::UnboundedSender<String>) {
    let mut request = Vec::new();
    loop {
        let mut bytes = [0; 4096];
        let read = socket.read(&mut bytes).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        request.extend_from_slice(&bytes[..read]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if body.len() >= length {
            let _ = seen.send(format!("{head}\r\n\r\n{body}"));
            break;
        }
    }
    match reply {
        Reply::Close(text) => {
            let _ = socket.write_all(text.as_bytes()).await;
        }
        Reply::Hold(text) => {
            let _ = socket.write_all(text.as_bytes()).await;
            let _ = socket.read(&mut [0]).await;
        }
        Reply::Repeat(first, text, times) => {
            let _ = socket.write_all(first.as_bytes()).await;
            let block = text.repeat(100);
            for _ in 0..times / 100 {
                if socket.write_all(block.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// An event stream that begins with this text.
pub(super) fn stream(text: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{text}")
}

/// Another answer.
pub(super) fn answer_of(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// A stream with a short reconnection time.
pub(super) fn config(url: &str) -> StreamConfig {
    StreamConfig { retry: Duration::from_millis(20), ..StreamConfig::new("test", url) }
}

/// A subscription that runs; it ends with this.
pub(super) struct Run {
    pub(super) commands: mpsc::Sender<Command>,
    pub(super) vault: Vault,
    pub(super) task: JoinHandle<()>,
    pub(super) shutdown: CancellationToken,
    reports: mpsc::Receiver<(StreamId, Report)>,
    end_with_this: DropGuard,
}

impl Run {
    pub(super) fn start(config: StreamConfig) -> Self {
        Self::with(config, "", Vault::memory(), 32)
    }

    pub(super) fn with(config: StreamConfig, cursor: &str, vault: Vault, held: usize) -> Self {
        let (send, reports) = mpsc::channel(held);
        let (commands, received) = mpsc::channel(4);
        let shutdown = CancellationToken::new();
        let subscription = Subscription {
            config: Arc::new(config),
            vault: vault.clone(),
            cursor: cursor.to_owned(),
            gate: HostGate::default(),
            comments: true,
            traffic: Arc::default(),
            reports: send,
        };
        let task = tokio::spawn(subscription.run(received, shutdown.clone()));
        let end = shutdown.clone().drop_guard();
        Self { commands, vault, task, shutdown, reports, end_with_this: end }
    }

    /// Drops the reader and nothing else.
    pub(super) fn into_unread(self) -> impl Future<Output = Result<(), JoinError>> {
        drop(self.reports);
        let end = self.end_with_this.disarm();
        async move {
            let ended = self.task.await;
            drop(end);
            ended
        }
    }

    pub(super) async fn report(&mut self) -> Report {
        tokio::time::timeout(PATIENCE, self.reports.recv()).await.expect("a report in time").unwrap().1
    }

    pub(super) async fn until<T>(&mut self, mut wanted: impl FnMut(Report) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.report().await) {
                return found;
            }
        }
    }

    pub(super) async fn state(&mut self, mut wanted: impl FnMut(&State) -> bool) -> State {
        self.until(|report| match report {
            Report::State(state) if wanted(&state) => Some(state),
            Report::State(_)
            | Report::Opened { .. }
            | Report::Quiet(_)
            | Report::Token(_)
            | Report::Refused { .. }
            | Report::Items { .. } => None,
        })
        .await
    }

    pub(super) async fn open(&mut self) {
        self.state(|state| *state == State::Open).await;
    }

    pub(super) async fn wait(&mut self) -> Wait {
        let State::Waiting(wait) = self.state(|state| matches!(state, State::Waiting(_))).await else { unreachable!() };
        wait
    }

    /// The reason and the message of the stream's end.
    pub(super) async fn ended(&mut self) -> (&'static str, String) {
        let state = self.state(|state| matches!(state, State::Ended { .. } | State::NeedsSignIn { .. })).await;
        match state {
            State::Ended { reason, message } => (reason.as_str(), message.english),
            State::NeedsSignIn { message } => ("needs-sign-in", message.english),
            _ => unreachable!(),
        }
    }

    /// The next items that are not only a moved cursor.
    pub(super) async fn items(&mut self) -> (Vec<Item>, Option<String>) {
        self.until(|report| match report {
            Report::Items { items, cursor } => Some((items, cursor)),
            Report::State(_) | Report::Opened { .. } | Report::Quiet(_) | Report::Token(_) | Report::Refused { .. } => {
                None
            }
        })
        .await
    }

    /// The data of the next event.
    pub(super) async fn event(&mut self) -> Event {
        loop {
            let (items, _) = self.items().await;
            let event = items.into_iter().find_map(|item| match item {
                Item::Event(event) => Some(event),
                Item::Comment(_) | Item::Skipped { .. } => None,
            });
            if let Some(event) = event {
                return event;
            }
        }
    }
}
