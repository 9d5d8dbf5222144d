//! A server for what no product does: it says what a test tells it to, on every connection alike.

use std::time::Duration;

use streambell_tests::Server;
use streambell_tests::server::Exchange;
use tokio::task::JoinSet;

/// What it does on each connection.
#[derive(Debug, Clone)]
pub(super) struct Script {
    /// The status line and the headers, as they are sent.
    pub(super) head: String,
    /// How long it waits before them.
    pub(super) late: Duration,
    /// What it sends as one event; `{n}` is its number, `{t}` when it was made, in milliseconds since 1970.
    pub(super) event: String,
    /// How it takes `Last-Event-ID`.
    pub(super) resumes: Resumes,
    /// How long it waits before each event.
    pub(super) pause: Duration,
    /// So many are sent together, when the last of them is made.
    pub(super) batch: u64,
    /// It ends the first connection after so many, and so on, and then from the start; where empty, none.
    pub(super) each: &'static [u64],
}

/// How a server takes `Last-Event-ID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resumes {
    /// It sends what comes after.
    After,
    /// It goes on with what is new.
    Never,
    /// It begins anew.
    Anew,
}

impl Script {
    /// A server that is well.
    pub(super) fn well() -> Self {
        Self {
            head: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\
                   Transfer-Encoding: chunked\r\n"
                .to_owned(),
            late: Duration::ZERO,
            event: "id: {n}\ndata: {n}\n\n".to_owned(),
            resumes: Resumes::After,
            pause: Duration::from_millis(100),
            batch: 1,
            each: &[],
        }
    }

    /// The same with another header.
    pub(super) fn with(header: &str) -> Self {
        let well = Self::well();
        Self { head: format!("{}{header}\r\n", well.head), ..well }
    }

    /// Starts it; it ends with what is returned.
    pub(super) async fn start(self) -> Running {
        let server = Server::start().await;
        let url = server.url("/events");
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            let mut number = 0_usize;
            loop {
                let Some(exchange) = server.request_within(Duration::from_secs(60)).await else { return };
                number += 1;
                connections.spawn(self.clone().serve(exchange, number));
            }
        });
        Running { url, _tasks: tasks }
    }

    async fn serve(self, mut exchange: Exchange, connection: usize) {
        tokio::time::sleep(self.late).await;
        exchange.send(&format!("{}\r\n", self.head)).await;
        let after = exchange.header("last-event-id").and_then(|id| id.parse().ok()).unwrap_or(0);
        let start = match self.resumes {
            Resumes::After => after,
            Resumes::Never => connection as u64 * 1_000,
            Resumes::Anew => 0,
        };
        let chunked = self.head.contains("chunked");
        let last = self.each.iter().cycle().nth(connection - 1);
        let mut made = String::new();
        for sent in 1.. {
            tokio::time::sleep(self.pause).await;
            let now = jiff::Timestamp::now().as_millisecond();
            made += &self.event.replace("{n}", &(start + sent).to_string()).replace("{t}", &now.to_string());
            if sent % self.batch == 0 {
                let piece = std::mem::take(&mut made);
                let piece = if chunked { format!("{:x}\r\n{piece}\r\n", piece.len()) } else { piece };
                exchange.send(&piece).await;
            }
            if last == Some(&sent) {
                exchange.send(if chunked { "0\r\n\r\n" } else { "" }).await;
                return;
            }
        }
    }
}

/// A server that runs.
#[derive(Debug)]
pub(super) struct Running {
    /// Where.
    pub(super) url: String,
    _tasks: JoinSet<()>,
}
