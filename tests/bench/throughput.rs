//! 200,000 events of about 240 bytes on one connection.

use std::time::{Duration, Instant};

use streambell_tests::{Desktop, Replay, Resident, Script};

use crate::{Figure, profile};

const TOTAL: u64 = 200_000;
const RUNS: usize = 5;

pub(crate) async fn measure() -> Vec<Figure> {
    let unmatched = rate("store = \"alerts\"", "nothing-like-it").await;
    let stored = rate("store = \"all\"", "market-*").await;
    vec![
        Figure {
            what: "events decoded and matched by no rule, not stored",
            measured: format!("{unmatched:.0} /s"),
            aim: "900000 /s",
        },
        Figure { what: "events stored with rules", measured: format!("{stored:.0} /s"), aim: "250000 /s" },
    ]
}

/// The median of events a second, from the first byte asked for to the last event counted.
async fn rate(store: &str, event: &str) -> f64 {
    let mut rates = Vec::new();
    for run in 0..RUNS {
        let desktop = Desktop::bare();
        let script = Script { total: TOTAL, alert_every: u64::MAX, burst: 1_000, pause: Duration::ZERO, padding: 150 };
        let server = Replay::start(script).await;
        let config = format!(
            "version = 1\n[[stream]]\nname = \"s\"\nurl = \"{}\"\n{store}\n[[rule]]\nname = \"r\"\nevent = \"{event}\"\n",
            server.url()
        );
        let folder = profile(&desktop.path(&format!("run{run}")), &config);
        let resident = Resident::start(&desktop, &folder, &["run", "--headless"]);
        while server.connections() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let start = Instant::now();
        let (client, mut pushes) = loop {
            match streambell_protocol::Client::connect(&folder.join("control.sock")).await {
                Ok(connected) => break connected,
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        };
        let topics = streambell_protocol::Topics { snapshots: true, ..streambell_protocol::Topics::default() };
        client.call(streambell_protocol::Call::Subscribe { topics }).await.unwrap();
        let last = TOTAL.to_string();
        while let Some(push) = pushes.recv().await {
            if let streambell_protocol::Push::Snapshot(snapshot) = push
                && snapshot.streams[0].events >= TOTAL
            {
                break;
            }
        }
        if store.contains("all") {
            // The figure is of events that are in the ledger.
            let file = folder.join("history.db");
            streambell_tests::eventually("the last event stored", async || {
                let reader = streambell_engine::ledger::Reader::open(&file).ok()?;
                let query = streambell_engine::ledger::Query { limit: 1, ..Default::default() };
                (reader.history(&query).ok()?.first()?.event.id == last).then_some(())
            })
            .await;
        }
        rates.push(TOTAL as f64 / start.elapsed().as_secs_f64());
        drop(resident);
    }
    rates.sort_unstable_by(f64::total_cmp);
    rates[RUNS / 2]
}
