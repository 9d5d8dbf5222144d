//! The dashboard's window: how soon it is painted, and what it costs while it is open and afterwards.

use std::time::Duration;

use streambell_tests::webdriver::Window;
use streambell_tests::{Desktop, Notifications, Resident, Server, Services, eventually, process};

use crate::{Figure, median, ms, profile};

const RUNS: usize = 5;

/// What a start, or a dashboard, needed once has been given back by then.
const REST: Duration = Duration::from_secs(10);

pub(crate) async fn measure() -> Vec<Figure> {
    let mut paints = Vec::new();
    let (mut before, mut open, mut after) = (0.0, 0.0, 0.0);
    for run in 0..RUNS {
        let mut desktop = Desktop::start(Services::None).await;
        desktop.spawn("openbox", &[]);
        let _daemon = Notifications::start(&desktop).await;
        let server = Server::start().await;
        let config = format!("version = 1\n[[stream]]\nname = \"s\"\nurl = \"{}\"\n[[tile]]\n", server.url("/"));
        let folder = profile(&desktop.path(&format!("window{run}")), &config);
        let resident = Resident::start(&desktop, &folder, &["--hidden"]);
        let mut exchange = server.open().await;
        exchange.event("price-update", "1", r#"{"symbol":"ACME","price":1}"#).await;
        tokio::time::sleep(REST).await;
        before = process::pss(resident.pid());
        let socket = folder.join("control.sock").display().to_string();
        let window = Window::open(&mut desktop, &["--socket", &socket]).await;
        window.find("tile").await;
        let painted = window
            .client
            .execute(
                "const p = performance.getEntriesByName('first-contentful-paint')[0]; \
                 return performance.timeOrigin + (p ? p.startTime : performance.now());",
                Vec::new(),
            )
            .await
            .unwrap()
            .as_f64()
            .unwrap();
        let pid = *process::find(&socket).iter().find(|pid| **pid != resident.pid()).expect("the dashboard runs");
        paints.push(since_start(pid, painted));
        open = process::pss(pid) + process::pss(resident.pid());
        window.client.clone().close().await.ok();
        eventually("the dashboard's end", async || (!process::find(&socket).contains(&pid)).then_some(())).await;
        tokio::time::sleep(REST).await;
        after = process::pss(resident.pid());
    }
    vec![
        Figure { what: "dashboard: start to first paint", measured: ms(median(paints)), aim: "under 1 s" },
        Figure { what: "resident before the dashboard: PSS", measured: format!("{before:.1} MiB"), aim: "" },
        Figure { what: "both with the dashboard open: PSS", measured: format!("{open:.1} MiB"), aim: "printed" },
        Figure { what: "resident once it is closed: PSS", measured: format!("{after:.1} MiB"), aim: "as before" },
    ]
}

/// From a process's start to a moment of the wall clock, in milliseconds since 1970.
fn since_start(pid: u32, moment_ms: f64) -> Duration {
    let uptime: f64 =
        std::fs::read_to_string("/proc/uptime").unwrap().split_whitespace().next().unwrap().parse().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    let started = now - uptime + process::started(pid).unwrap().as_secs_f64();
    Duration::from_secs_f64((moment_ms / 1000.0 - started).max(0.0))
}
