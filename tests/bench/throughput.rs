//! 200,000 events of about 240 bytes on one connection.

use std::path::Path;
use std::time::{Duration, Instant};

use streambell_engine::ledger::{Query, Reader};
use streambell_tests::{Desktop, Replay, Resident, Script};

use crate::{Figure, profile};

const TOTAL: u64 = 200_000;
const RUNS: usize = 5;

pub(crate) async fn measure() -> Vec<Figure> {
    let unmatched = rate("store = \"alerts\"").await;
    let stored = rate("store = \"all\"").await;
    vec![
        Figure {
            what: "events decoded and matched by no rule, not stored",
            measured: format!("{unmatched:.0} /s"),
            aim: "900000 /s",
        },
        Figure { what: "events stored with rules", measured: format!("{stored:.0} /s"), aim: "250000 /s" },
    ]
}

/// The median of events a second, from the request to the notification of the last event: the only one that a rule
/// matches.
async fn rate(store: &str) -> f64 {
    let mut rates = Vec::new();
    for run in 0..RUNS {
        let desktop = Desktop::bare();
        let script = Script { total: TOTAL, alert_every: TOTAL, burst: 1_000, pause: Duration::ZERO, padding: 150 };
        let server = Replay::start(script).await;
        let config = format!(
            "version = 1\n[[stream]]\nname = \"s\"\nurl = \"{}\"\n{store}\n\
             [[rule]]\nname = \"r\"\nevent = \"market-*\"\ntitle = \"{{{{ id }}}}\"\n",
            server.url()
        );
        let folder = profile(&desktop.path(&format!("run{run}")), &config);
        let resident = Resident::start(&desktop, &folder, &["run", "--headless", "--print=json"]);
        until(|| server.connections() > 0).await;
        let start = Instant::now();
        until(|| resident.output().contains(&format!("\"title\":\"{TOTAL}\""))).await;
        rates.push(TOTAL as f64 / start.elapsed().as_secs_f64());
        assert_eq!(last_stored(&folder), TOTAL.to_string(), "the last event in the ledger");
    }
    rates.sort_unstable_by(f64::total_cmp);
    rates[RUNS / 2]
}

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn last_stored(profile: &Path) -> String {
    let query = Query { limit: 1, ..Query::default() };
    Reader::open(&profile.join("history.db")).unwrap().history(&query).unwrap().remove(0).event.id
}
