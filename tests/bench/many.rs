//! Very many streams on one resident: what each costs, how long it takes until all are open, and the CPU at one event a
//! second on each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use streambell_protocol::{Call, Client, Topics};
use streambell_tests::{Desktop, Resident, eventually, process};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::{Figure, profile};

/// How many, where no number is given.
const STREAMS: usize = 1_000;
/// How long CPU is measured.
const WINDOW: Duration = Duration::from_secs(20);
/// How long after the last connection memory is measured.
const CALM: Duration = Duration::from_secs(5);
/// Connects to one host are spread: this many streams may take a while.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) async fn measure(streams: Option<usize>) -> Vec<Figure> {
    let streams = streams.unwrap_or(STREAMS);
    let desktop = Desktop::bare();
    let alone = memory_alone(&desktop).await;
    let crowd = Crowd::start().await;
    let folder = profile(&desktop.path("many"), &config(streams, &crowd.url));
    let start = Instant::now();
    let resident = Resident::start(&desktop, &folder, &["run", "--headless"]);
    while crowd.open.load(Ordering::Relaxed) < streams {
        assert!(start.elapsed() < PATIENCE, "{} of {streams} are open", crowd.open.load(Ordering::Relaxed));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let opened = start.elapsed();
    tokio::time::sleep(CALM).await;
    let pid = resident.pid();
    let each = (process::pss(pid) - alone) * 1024.0 / streams as f64;
    crowd.speaks.send_replace(true);
    // Every stream has begun to speak.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let stored = cpu_over(pid).await;
    let (client, mut pushes) =
        eventually("the control socket", async || Client::connect(&folder.join("control.sock")).await.ok()).await;
    client.call(Call::Subscribe { topics: Topics { snapshots: true, events: true, dashboard: false } }).await.unwrap();
    let reading = tokio::spawn(async move { while pushes.recv().await.is_some() {} });
    let watched = cpu_over(pid).await;
    reading.abort();
    vec![
        Figure { what: "1,000 streams: memory for each", measured: format!("{each:.1} KiB"), aim: "" },
        Figure { what: "· until all are open", measured: format!("{:.1} s", opened.as_secs_f64()), aim: "" },
        Figure { what: "· CPU at an event a second on each", measured: percent(stored), aim: "" },
        Figure { what: "· the same with the dashboard open", measured: percent(watched), aim: "" },
    ]
}

/// What a resident without streams takes, in MiB.
async fn memory_alone(desktop: &Desktop) -> f64 {
    let folder = profile(&desktop.path("alone"), "version = 1\n");
    let resident = Resident::start(desktop, &folder, &["run", "--headless"]);
    resident.status(desktop).await;
    tokio::time::sleep(CALM).await;
    process::pss(resident.pid())
}

fn config(streams: usize, url: &str) -> String {
    let mut config = "version = 1\n[[rule]]\nname = \"r\"\nevent = \"alert\"\n".to_owned();
    for number in 0..streams {
        config.push_str(&format!("[[stream]]\nname = \"s{number}\"\nurl = \"{url}/{number}\"\n"));
    }
    config
}

/// CPU time a second.
async fn cpu_over(pid: u32) -> f64 {
    let before = process::cpu_exact(pid);
    tokio::time::sleep(WINDOW).await;
    process::cpu_exact(pid).saturating_sub(before).as_secs_f64() / WINDOW.as_secs_f64()
}

fn percent(share: f64) -> String {
    format!("{:.1} % of a core", share * 100.0)
}

/// A server of any number of streams.
struct Crowd {
    url: String,
    open: Arc<AtomicUsize>,
    /// Whether each stream sends an event a second.
    speaks: watch::Sender<bool>,
}

impl Crowd {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let open = Arc::<AtomicUsize>::default();
        let (speaks, hears) = watch::channel(false);
        let counter = Arc::clone(&open);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&counter), hears.clone()));
            }
        });
        Self { url, open, speaks }
    }
}

async fn serve(stream: TcpStream, open: Arc<AtomicUsize>, mut speaks: watch::Receiver<bool>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 2 {
        line.clear();
    }
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: hello\n\n";
    stream.get_mut().write_all(head.as_bytes()).await?;
    open.fetch_add(1, Ordering::Relaxed);
    drop(speaks.wait_for(|speaks| *speaks).await);
    // Not all at the same moment.
    tokio::time::sleep(Duration::from_secs_f64(fastrand::f64())).await;
    let mut every = tokio::time::interval(Duration::from_secs(1));
    for id in 1.. {
        every.tick().await;
        let event = format!("event: price-update\nid: {id}\ndata: {{\"symbol\":\"ACME\",\"price\":{id}.5}}\n\n");
        stream.get_mut().write_all(event.as_bytes()).await?;
    }
    Ok(())
}
