//! What goes wrong around the engine must not stop it.

use streambell_engine::engine::{self, Options};
use streambell_engine::ledger::Ledger;
use streambell_engine::secrets::Vault;
use streambell_tests::{Recorder, Server};

use crate::setup::market;

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
        demo: false,
    };
    assert!(options.ledger.is_err());
    let engine = engine::start(options, host.clone()).unwrap();
    host.attach(engine.clone());
    server.open().await.event("market-alert", "1", r#"{"symbol":"ACME","message":"m"}"#).await;
    host.wait_for(1).await;
    let mut snapshots = engine.snapshots();
    let snapshot = snapshots.wait_for(|snapshot| snapshot.ledger_trouble.is_some()).await.unwrap().clone();
    assert!(snapshot.ledger_trouble.as_ref().unwrap().contains("history.db"), "{snapshot:?}");
    engine.stop().await;
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("this is no database"), "the file was changed");
}
