//! What goes wrong around the engine must not stop it.

use streambell_engine::engine::{self, Options};
use streambell_engine::ledger::Ledger;
use streambell_engine::model::{AlertState, Suppression};
use streambell_engine::secrets::Vault;
use streambell_tests::{Recorder, Server, eventually};

use crate::setup::{Rig, ids, market};

#[tokio::test]
async fn a_ledger_that_cannot_be_opened_is_said_and_alerts_are_shown_all_the_same() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    std::fs::write(&file, "this is no database, but somebody may want it back").unwrap();
    let host = Recorder::default();
    let options = Options {
        config: market(&server.url("/")),
        config_trouble: None,
        config_file: None,
        ledger: Ledger::open(&file),
        vault: Vault::memory(),
        locale: streambell_engine::locale::Locale::English,
        demo: false,
    };
    assert!(options.ledger.is_err());
    let engine = engine::start(options, host.clone()).unwrap();
    host.attach(engine.clone());
    server.open().await.event("market-alert", "1", r#"{"symbol":"ACME","message":"m"}"#).await;
    host.wait_for(1).await;
    let mut snapshots = engine.snapshots();
    let snapshot = snapshots.wait_for(|snapshot| snapshot.ledger_trouble.is_some()).await.unwrap().clone();
    assert!(snapshot.ledger_trouble.as_ref().unwrap().english.contains("history.db"), "{snapshot:?}");
    engine.stop().await;
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("this is no database"), "the file was changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_event_overtakes_one_that_the_ledger_refused_and_each_alert_keeps_what_became_of_it() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    exchange.event("price-update", "0", "{}").await;
    rig.stored(1).await;
    let other = rusqlite::Connection::open(rig.folder.path().join("history.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut sent = 0;
    let mut send = async |name: &str, data: &str| {
        sent += 1;
        exchange.event(name, &sent.to_string(), data).await;
    };
    // Each waits its turn behind the one before, which is refused after two seconds.
    for _ in 0..5 {
        send("price-update", "{}").await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    rig.snapshot("trouble", |snapshot| snapshot.ledger_trouble.is_some()).await;
    send("market-alert", r#"{"symbol":"SEEN","message":"m"}"#).await;
    rig.host.wait_for(1).await;
    rig.engine.pause(None).await;
    send("market-alert", r#"{"symbol":"PAUSED","message":"m"}"#).await;
    rig.snapshot("both received", |snapshot| snapshot.streams[0].events == 8).await;
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);

    let events = rig.stored(8).await;
    assert_eq!(ids(&events), ["0", "1", "2", "3", "4", "5", "6", "7"], "in the order in which they came");
    rig.snapshot("no trouble", |snapshot| snapshot.ledger_trouble.is_none()).await;
    eventually("what became of the alerts", async || {
        let states: Vec<_> =
            rig.history().iter().flat_map(|stored| stored.alerts.iter().map(|alert| alert.state)).collect();
        (states == [AlertState::Shown, AlertState::Suppressed(Suppression::Paused)]).then_some(())
    })
    .await;
    assert_eq!(rig.host.shown().len(), 1, "nothing was shown twice");
}
