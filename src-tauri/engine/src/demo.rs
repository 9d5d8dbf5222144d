//! A market server inside the process, for `--demo`, tests and benchmarks: it does all that a real one does to its
//! clients, tokens that expire and connections that drop included.
//!
//! - `GET /api/stream`: the event stream; `401` without a good token.
//! - `POST /api/refresh-token`: takes the old token as the stream does, answers `{"token": …}`.
//! - `GET /symbols/SYMBOL`: a page to link to.

mod journal;
mod market;
mod server;
#[cfg(test)]
mod tests;
mod tokens;

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::secrets::Secret;

use server::Server;

/// The name of the demo's stream, and of its token in the vault.
pub const STREAM: &str = "market";

/// How fast the demo goes.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoOptions {
    /// Between two price updates, over all symbols.
    pub price_every: Duration,
    /// From the first client to the first alert.
    pub first_alert: Duration,
    /// Between two alerts, drawn anew each time.
    pub alert_every: Range<Duration>,
    /// Between two `server-time` events on a connection, which also has one at its start.
    pub time_every: Duration,
    /// Between two heartbeat comments on a connection.
    pub heartbeat_every: Duration,
    /// How long a connection lives, drawn anew each time.
    pub drop_every: Range<Duration>,
    /// How long a token is good.
    pub token_life: Duration,
    /// How long after that it can still be exchanged for a new one.
    pub token_grace: Duration,
    /// How many events can be replayed.
    pub replay: usize,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self {
            price_every: Duration::from_millis(200),
            first_alert: Duration::from_secs(2),
            alert_every: Duration::from_secs(20)..Duration::from_secs(40),
            time_every: Duration::from_secs(10),
            heartbeat_every: Duration::from_secs(15),
            drop_every: Duration::from_secs(45)..Duration::from_secs(75),
            token_life: Duration::from_secs(120),
            token_grace: Duration::from_secs(24 * 3600),
            replay: 10_000,
        }
    }
}

/// A demo server that runs. It ends with its shutdown signal, or when this is dropped.
#[derive(Debug)]
pub struct Demo {
    address: SocketAddr,
    first_token: Secret,
    /// The server and the market; dropping the set ends them.
    _tasks: JoinSet<()>,
}

/// Starts the server on a free port of 127.0.0.1.
///
/// # Errors
/// Where no port can be had.
pub async fn start(shutdown: CancellationToken, options: DemoOptions) -> anyhow::Result<Demo> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no port for the demo server")?;
    let address = listener.local_addr().context("no address for the demo server")?;
    let server = Arc::new(Server::new(address, options, shutdown));
    let first_token = server.issue_token();
    let mut tasks = JoinSet::new();
    tasks.spawn(market::run(Arc::clone(&server)));
    tasks.spawn(server::serve(listener, server));
    Ok(Demo { address, first_token, _tasks: tasks })
}

impl Demo {
    /// The address of the event stream.
    pub fn url(&self) -> String {
        format!("http://{}/api/stream", self.address)
    }

    /// A token that is good from the start for [`DemoOptions::token_life`]; it belongs into the vault as [`STREAM`].
    pub fn first_token(&self) -> Secret {
        self.first_token.clone()
    }

    /// The demo profile's `config.toml`: the stream, a rule for its alerts, and tiles for its prices.
    pub fn config_text(&self) -> String {
        include_str!("demo/config.toml").replace("ADDRESS", &self.address.to_string())
    }
}
