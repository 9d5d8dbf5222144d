//! A proxy that does to TCP connections what networks do: cuts, resets, stalls, splits, slows, delays and garbles them.
//! What it does can be changed while it runs.

mod line;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// The proxy. Dropping it ends it and its connections.
#[derive(Debug)]
pub struct Faults {
    port: u16,
    plan: watch::Sender<Plan>,
    connections: Arc<AtomicU64>,
    /// Owns the tasks of all connections.
    task: JoinHandle<()>,
}

/// How a connection ends, or stops without an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As if the server had closed it: FIN.
    Cut,
    /// Broken off: RST.
    Reset,
    /// Half open: nothing comes any more, and nothing ends.
    Stall,
}

/// What becomes of new connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Newcomers {
    /// They reach the server.
    #[default]
    Serve,
    /// Accepted, and never answered; also when others are served again.
    Ignore,
    /// Nobody listens.
    Refuse,
}

/// What is done to the bytes from the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// They come in pieces of at most so many.
    pub split: Option<usize>,
    /// At most so many come in a second.
    pub rate: Option<usize>,
    /// Each piece comes so much later than the one before.
    pub delay: Duration,
    /// One in about so many is another than the server sent.
    pub corrupt: Option<u32>,
    /// After so many, this happens to the connection.
    pub end: Option<(u64, Ending)>,
}

/// What is in force.
#[derive(Debug, Clone, Copy, Default)]
struct Plan {
    newcomers: Newcomers,
    shape: Shape,
    stalled: bool,
    /// Each new connection draws its own shape from this seed and its number.
    random: Option<u64>,
    /// How often all connections were ended; one that was there before ends with `ending`.
    ends: u64,
    /// FIN or RST.
    reset: bool,
}

impl Faults {
    /// A proxy to a server, that changes nothing yet.
    pub async fn in_front_of(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let port = listener.local_addr().expect("the port").port();
        let (plan, plans) = watch::channel(Plan::default());
        let connections = Arc::new(AtomicU64::new(0));
        let task = tokio::spawn(run(listener, server, plans, Arc::clone(&connections)));
        Self { port, plan, connections, task }
    }

    /// The address of a path by way of the proxy.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many connections it has accepted.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Ends all connections there are, as if the server had.
    pub fn cut(&self) {
        self.end_all(false);
    }

    /// Breaks all connections off.
    pub fn reset(&self) {
        self.end_all(true);
    }

    /// From now on nothing is forwarded, in both directions; connections stay, and new ones are accepted.
    pub fn stall(&self) {
        self.plan.send_modify(|plan| plan.stalled = true);
    }

    /// Ends [`Faults::stall`]: what was held back is forwarded.
    pub fn flow(&self) {
        self.plan.send_modify(|plan| plan.stalled = false);
    }

    /// What becomes of new connections.
    pub fn newcomers(&self, newcomers: Newcomers) {
        self.plan.send_modify(|plan| plan.newcomers = newcomers);
    }

    /// What is done to the bytes of all connections, those that are open too.
    pub fn shape(&self, shape: Shape) {
        self.plan.send_modify(|plan| plan.shape = shape);
    }

    /// Each new connection has a fate of its own; the same seed gives the same fates. No byte is garbled, since plain
    /// HTTP has no means against that.
    pub fn random(&self, seed: u64) {
        self.plan.send_modify(|plan| plan.random = Some(seed));
    }

    /// Does no more harm, and ends the connections that harm was done to.
    pub fn calm(&self) {
        self.plan.send_modify(|plan| *plan = Plan { ends: plan.ends + 1, ..Plan::default() });
    }

    fn end_all(&self, reset: bool) {
        self.plan.send_modify(|plan| (plan.ends, plan.reset) = (plan.ends + 1, reset));
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(listener: TcpListener, server: SocketAddr, plans: watch::Receiver<Plan>, connections: Arc<AtomicU64>) {
    let address = listener.local_addr().expect("the port");
    let mut listener = Some(listener);
    let mut changes = plans.clone();
    let mut lines = JoinSet::new();
    loop {
        let newcomers = changes.borrow_and_update().newcomers;
        if newcomers == Newcomers::Refuse {
            listener = None;
        } else if listener.is_none() {
            listener = Some(listen_again(address));
        }
        tokio::select! {
            accepted = accept(listener.as_ref()) => {
                let number = connections.fetch_add(1, Ordering::Relaxed);
                lines.spawn(line::run(accepted, server, plans.clone(), number));
            }
            Some(ended) = lines.join_next() => ended.expect("no connection of the proxy panics"),
            changed = changes.changed() => if changed.is_err() { return },
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> TcpStream {
    match listener {
        Some(listener) => listener.accept().await.expect("a connection").0,
        None => std::future::pending().await,
    }
}

fn listen_again(address: SocketAddr) -> TcpListener {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("an option of a socket");
    socket.bind(address).expect("the port of before");
    socket.listen(1024).expect("a listener")
}
