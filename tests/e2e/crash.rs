//! `kill -9` at random moments under load.

use std::collections::BTreeMap;
use std::time::Duration;

use streambell_tests::{Desktop, Replay, Resident, Script, eventually};

use crate::{market, profile};

const TOTAL: u64 = 30_000;
const ALERT_EVERY: u64 = 1_500;
const KILLS: u32 = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_under_load_lose_no_event_and_store_none_twice() {
    let desktop = Desktop::bare();
    let script =
        Script { total: TOTAL, alert_every: ALERT_EVERY, burst: 20, pause: Duration::from_millis(5), padding: 100 };
    let server = Replay::start(script).await;
    // Each alert is to be seen for itself.
    let config = market(&server.url()).replace("urgency =", "throttle = \"off\"\nurgency =");
    let profile = profile(&desktop, &config);
    let mut random = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from(std::process::id());
    for life in 0..KILLS {
        let before = server.connections();
        let mut resident = Resident::start(&desktop, &profile, &["run", "--headless", "--print=json"]);
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Every other one has an open stream by then, however slow the machine is.
        if life % 2 == 0 {
            eventually("an open stream", async || (server.connections() > before).then_some(())).await;
        }
        // The moment of death is what is random here.
        tokio::time::sleep(Duration::from_millis(30 + (random >> 33) % 220)).await;
        resident.kill().await;
    }
    let mut resident = Resident::start(&desktop, &profile, &["run", "--headless", "--print=json"]);
    eventually("the last event stored", async || {
        let reader = streambell_engine::ledger::Reader::open(&profile.join("history.db")).ok()?;
        let newest = reader.history(&streambell_engine::ledger::Query { limit: 1, ..Default::default() }).ok()?;
        (newest.first()?.event.id == TOTAL.to_string()).then_some(())
    })
    .await;
    eventually("every alert printed", async || {
        (printed_alerts(&resident.output()).len() as u64 >= TOTAL / ALERT_EVERY).then_some(())
    })
    .await;
    resident.terminate().await;
    assert!(resident.ended().await.success());

    let stored = stored_ids(&profile);
    let twice: Vec<_> = stored.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "stored twice: {twice:?}");
    let lost: Vec<_> = (1..=TOTAL).filter(|id| !stored.contains_key(&id.to_string())).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert!(server.connections() > u64::from(KILLS) / 2, "the kills met open streams");
}

/// How often each id is stored.
fn stored_ids(profile: &std::path::Path) -> BTreeMap<String, u32> {
    let Ok(reader) = streambell_engine::ledger::Reader::open(&profile.join("history.db")) else {
        return BTreeMap::new();
    };
    let mut ids = BTreeMap::new();
    let mut before = None;
    loop {
        let query =
            streambell_engine::ledger::Query { before, limit: 10_000, ..streambell_engine::ledger::Query::default() };
        let Ok(events) = reader.history(&query) else { return BTreeMap::new() };
        let Some(first) = events.first() else { return ids };
        before = Some(first.seq);
        for stored in events {
            *ids.entry(stored.event.id).or_default() += 1;
        }
    }
}

/// The alerts that were printed, by their text.
fn printed_alerts(output: &str) -> std::collections::BTreeSet<String> {
    let mut found = std::collections::BTreeSet::new();
    for line in output.lines().filter(|line| line.contains(r#""type":"notification""#)) {
        for number in 1..=TOTAL / ALERT_EVERY {
            let id = number * ALERT_EVERY;
            if line.contains(&format!("number {id}\"")) || line.contains(&format!("number {id}\\n")) {
                found.insert(id.to_string());
            }
        }
    }
    found
}
