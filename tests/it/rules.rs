//! Rules that remember, through the real engine: what they tell, clear, and keep over a restart.

use streambell_engine::config::{Config, parse};
use streambell_engine::ledger::{Ledger, Reader};
use streambell_engine::model::{AlertState, StoredAlert};
use streambell_engine::secrets::Vault;
use streambell_tests::{Server, eventually};

use crate::setup::Rig;

fn config(url: &str, rules: &str) -> Config {
    let stream = format!("version = 1\n[[stream]]\nname = \"market\"\nurl = \"{url}\"\nretry = \"20ms\"\n");
    parse(&format!("{stream}{rules}")).unwrap()
}

fn alerts(rig: &Rig) -> Vec<StoredAlert> {
    Reader::open(&rig.folder.path().join("history.db")).unwrap().alerts(None, 100).unwrap()
}

async fn resolved(rig: &Rig) -> Vec<StoredAlert> {
    eventually("a resolved alert", async || {
        Some(alerts(rig)).filter(|all| all.iter().any(|one| one.resolved_at.is_some()))
    })
    .await
}

const HIGH: &str = "[[rule]]\nname = \"High\"\nevent = \"price\"\ncrosses = { value = \"/price\", above = 10 }\n";

#[tokio::test]
async fn what_is_over_is_taken_off_the_screen_and_marked_in_the_ledger() {
    let server = Server::start().await;
    let rig = Rig::start(config(&server.url("/"), HIGH));
    let mut exchange = server.open().await;
    exchange.event("price", "1", r#"{"price":11}"#).await;
    let shown = rig.host.wait_for(1).await;
    exchange.event("price", "2", r#"{"price":12}"#).await;
    exchange.event("price", "3", r#"{"price":9}"#).await;
    eventually("a closed notification", async || (rig.host.closed() == [shown[0].slot.clone()]).then_some(())).await;
    let alerts = resolved(&rig).await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    let known = |alert: &StoredAlert| alert.resolved_at.is_some() && alert.shown_at.is_some();
    rig.snapshot("a shown and resolved alert", |snapshot| snapshot.alerts.iter().all(known)).await;
}

#[tokio::test]
async fn a_word_on_the_end_takes_the_place_of_the_notification() {
    let server = Server::start().await;
    let rig =
        Rig::start(config(&server.url("/"), &format!("{HIGH}group = \"a\"\nresolved = \"back at {{{{ value }}}}\"\n")));
    let mut exchange = server.open().await;
    exchange.event("price", "1", r#"{"price":11}"#).await;
    rig.host.wait_for(1).await;
    exchange.event("price", "2", r#"{"price":9}"#).await;
    let shown = rig.host.wait_for(2).await;
    assert_eq!((shown[1].title.as_str(), shown[1].replaces), ("back at 9", true));
    assert_eq!(shown[0].slot, shown[1].slot);
    resolved(&rig).await;
    assert_eq!(rig.host.closed(), [""; 0], "its place is taken");
}

#[tokio::test]
async fn a_crossing_is_told_once_over_a_restart_where_events_are_not_stored_either() {
    let server = Server::start().await;
    for store in ["all", "none"] {
        let config = || {
            let mut config = config(&server.url("/"), HIGH);
            let stream = std::sync::Arc::make_mut(&mut config.streams[0]);
            stream.store = if store == "all" { Default::default() } else { streambell_engine::config::Store::None };
            config
        };
        let rig = Rig::start(config());
        let mut before = server.open().await;
        before.event("price", "1", r#"{"price":11}"#).await;
        rig.host.wait_for(1).await;
        let rig = rig.restart(config()).await;
        let mut exchange = server.open().await;
        exchange.event("price", "2", r#"{"price":12}"#).await;
        exchange.event("price", "3", r#"{"price":9}"#).await;
        let alerts = resolved(&rig).await;
        assert_eq!(alerts.len(), 1, "{store}: {alerts:?}");
        exchange.event("price", "4", r#"{"price":11}"#).await;
        eventually("a new crossing", async || {
            rig.host.shown().iter().any(|shown| shown.at > alerts[0].at).then_some(())
        })
        .await;
        rig.engine.stop().await;
    }
}

#[tokio::test]
async fn what_does_not_come_is_told_and_cleared_when_it_comes() {
    let server = Server::start().await;
    let rules = "[[rule]]\nname = \"Beat\"\nevent = \"beat\"\nexpect = { within = \"1s\" }\ngroup = \"\"\n";
    let rig = Rig::start(config(&server.url("/"), rules));
    let mut exchange = server.open().await;
    let shown = rig.host.wait_for(1).await;
    assert_eq!((shown[0].title.as_str(), shown[0].body.as_str()), ("Beat: not seen for 1s", "None has come yet."));
    exchange.event("beat", "1", "").await;
    eventually("a closed notification", async || (!rig.host.closed().is_empty()).then_some(())).await;
    let alerts = resolved(&rig).await;
    assert_eq!((alerts.last().unwrap().stream.as_str(), alerts.last().unwrap().event.as_str()), ("market", "beat"));
    rig.host.wait_for(2).await;
}

#[tokio::test]
async fn a_deadline_that_was_missed_while_it_did_not_run_waits_and_is_told_as_such() {
    let server = Server::start().await;
    let rules = "[[rule]]\nname = \"Beat\"\nevent = \"beat\"\nexpect = { within = \"1h\" }\n";
    let rig = Rig::start(config(&server.url("/"), rules));
    let mut before = server.open().await;
    before.event("beat", "1", "").await;
    rig.stored(1).await;
    rig.engine.stop().await;
    // As if that had been long ago: it neither tells at once nor has forgotten.
    let file = rig.folder.path().join("history.db");
    let ledger = rusqlite::Connection::open(&file).unwrap();
    let state: String = ledger.query_row("SELECT state FROM rule_memories", [], |row| row.get(0)).unwrap();
    assert!(state.contains("\"seen\""), "{state}");
    let mut long_ago: serde_json::Value = serde_json::from_str(&state).unwrap();
    long_ago["seen"] = "2020-01-01T00:00:00Z".into();
    long_ago["since"] = "2020-01-01T00:00:00Z".into();
    ledger.execute("UPDATE rule_memories SET state = ?1", [long_ago.to_string()]).unwrap();
    drop(ledger);
    let rig = Rig::start_in(rig.folder, config(&server.url("/"), rules), Vault::memory(), false);
    let mut exchange = server.open().await;
    exchange.event("other", "2", "").await;
    rig.stored(2).await;
    assert_eq!(rig.host.shown(), [], "servers get two minutes to send what was missed");
    exchange.event("beat", "3", "").await;
    rig.stored(3).await;
    rig.engine.stop().await;
    assert!(Ledger::open(&file).unwrap().memories().unwrap().iter().all(|memory| memory.state.is_some()));
}

#[tokio::test]
async fn a_rule_added_while_it_runs_does_not_reset_the_others() {
    let server = Server::start().await;
    let stream = format!("version = 1\n[[stream]]\nname = \"market\"\nurl = \"{}\"\n", server.url("/"));
    let rig = Rig::start_with_file(&format!("{stream}{HIGH}"));
    let mut exchange = server.open().await;
    exchange.event("price", "1", r#"{"price":11}"#).await;
    rig.host.wait_for(1).await;
    std::fs::write(rig.config_file(), format!("{stream}[[rule]]\nname = \"Ping\"\nevent = \"ping\"\n{HIGH}")).unwrap();
    let mut config = rig.engine.config();
    config.wait_for(|config| config.rules.len() == 2).await.unwrap();
    exchange.event("price", "2", r#"{"price":12}"#).await;
    exchange.event("ping", "3", "").await;
    let shown = rig.host.wait_for(2).await;
    assert_eq!(shown[1].rule, "Ping", "the price has not crossed again");
    assert!(alerts(&rig).iter().all(|alert| !matches!(alert.state, AlertState::Suppressed(_))));
}
