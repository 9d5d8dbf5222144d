//! What a hostile server costs the resident.

use futures_util::future::join_all;
use streambell_tests::hostile::{Hostile, Hostility};
use streambell_tests::{Desktop, Replay, Resident, Script, eventually, process};

/// The largest event the streams take.
const MAX_EVENT: u64 = 1024 * 1024;
/// The resident itself, 50,000 small events that wait for the ledger, and a few of the largest on their way.
const ALLOWED: u64 = (40 + 50) * 1024 * 1024 + 8 * MAX_EVENT;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hostile_server_costs_bounded_memory_and_leaves_the_stream_beside_it_alone() {
    let costs = join_all(Hostility::ALL.map(cost)).await;
    for (hostility, peak) in Hostility::ALL.iter().zip(&costs) {
        assert!(*peak < ALLOWED, "{hostility:?} cost {} MiB: {costs:?}", peak >> 20);
    }
}

/// The most memory a resident has had that met it, in bytes.
async fn cost(hostility: Hostility) -> u64 {
    let desktop = Desktop::bare();
    let script =
        Script { total: 300, alert_every: 100, burst: 1, pause: std::time::Duration::from_millis(10), padding: 20 };
    let server = Replay::start(script).await;
    let enemy = Hostile::start(hostility).await;
    let profile = desktop.path("profile");
    std::fs::create_dir_all(&profile).unwrap();
    let text = format!(
        "version = 1\n[[stream]]\nname = \"good\"\nurl = \"{}\"\n\
         [[stream]]\nname = \"hostile\"\nurl = \"{}\"\nretry = \"50ms\"\nmax_event = \"{MAX_EVENT}\"\n",
        server.url(),
        enemy.url()
    );
    std::fs::write(profile.join("config.toml"), text).unwrap();
    let mut resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    eventually(&format!("enough of {hostility:?}"), async || has_done_its_worst(hostility, &enemy).then_some(())).await;
    eventually(&format!("all of the good stream beside {hostility:?}"), async || {
        let status = resident.status(&desktop).await;
        (status["streams"][0]["events"] == 300).then_some(())
    })
    .await;
    assert_eq!(server.connections(), 1, "the good stream was disturbed by {hostility:?}");
    let peak = process::peak(resident.pid());
    resident.terminate().await;
    assert!(resident.ended().await.success());
    assert!(!resident.log().contains("panic"), "{}", resident.log());
    peak
}

fn has_done_its_worst(hostility: Hostility, enemy: &Hostile) -> bool {
    const MB: u64 = 1_000_000;
    match hostility {
        Hostility::EndlessLine
        | Hostility::EndlessEvent
        | Hostility::EndlessComments
        | Hostility::EndlessIds
        | Hostility::GarbageStream => enemy.sent() > 24 * MB,
        // A million.
        Hostility::TinyEvents => enemy.sent() > 7 * MB,
        Hostility::Drip => enemy.sent() > 50,
        // Refused before much of it is read; one of them for good.
        Hostility::WrongType | Hostility::EndlessRefusal => enemy.sent() > 0,
        Hostility::EndlessHeaders | Hostility::EndlessHeader | Hostility::Garbage | Hostility::HangUp => {
            enemy.connections() > 2
        }
    }
}
