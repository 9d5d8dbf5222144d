//! Alerts that are shown while the history cannot be written: each is shown, and its notification is as good as any.

use std::path::Path;

use rusqlite::Connection;
use streambell_engine::config::{Config, parse};
use streambell_engine::model::{AlertState, Answer, StoredAlert};
use streambell_tests::{Exchange, Server, eventually};

use crate::setup::{Rig, market};

/// The history, held by another program so that nobody else can write it.
fn locked(folder: &Path) -> Connection {
    let other = Connection::open(folder.join("history.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

async fn alert(exchange: &mut Exchange, id: u32) {
    exchange.event("market-alert", &id.to_string(), r#"{"symbol":"ACME","message":"m"}"#).await;
}

/// Waits until so many alerts are stored, and told of as they are then: oldest first.
async fn stored(rig: &Rig, count: usize) -> Vec<StoredAlert> {
    rig.snapshot("no trouble", |snapshot| snapshot.ledger_trouble.is_none()).await;
    eventually(&format!("{count} stored alerts"), async || {
        let alerts: Vec<_> = rig.history().into_iter().flat_map(|stored| stored.alerts).collect();
        (alerts.len() == count && alerts.iter().all(|alert| alert.state != AlertState::Pending)).then_some(alerts)
    })
    .await
}

async fn closed(rig: &Rig, slot: &str) {
    eventually("a closed notification", async || (rig.host.closed() == [slot]).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_alert_of_a_group_is_shown_while_the_history_cannot_be_written_and_after() {
    let server = Server::start().await;
    let mut config = market(&server.url("/"));
    config.rules[0].group = Some("{{ data.symbol }}".to_owned());
    let rig = Rig::start(config);
    let mut exchange = server.open().await;
    alert(&mut exchange, 1).await;
    rig.host.wait_for(1).await;
    let lock = locked(rig.folder.path());
    for id in 2..=3 {
        alert(&mut exchange, id).await;
        rig.host.wait_for(id as usize).await;
    }
    drop(lock);
    stored(&rig, 3).await;
    alert(&mut exchange, 4).await;
    rig.host.wait_for(4).await;
    assert!(stored(&rig, 4).await.iter().all(|alert| alert.state == AlertState::Shown));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_buttons_of_what_was_shown_unsaved_work_before_and_after_it_is_stored() {
    for early in [true, false] {
        let server = Server::start().await;
        let rig = Rig::start(market(&server.url("/")));
        let mut exchange = server.open().await;
        let lock = locked(rig.folder.path());
        alert(&mut exchange, 1).await;
        let shown = rig.host.wait_for(1).await.remove(0);
        assert_eq!(rig.engine.stored_as(shown.alerts[0]).await, None);
        if early {
            rig.engine.answer(shown.alerts.clone(), Answer::Acknowledged).await;
        }
        drop(lock);
        let alert = stored(&rig, 1).await.remove(0);
        assert_eq!(rig.engine.stored_as(shown.alerts[0]).await, Some(alert.id));
        if !early {
            rig.engine.answer(shown.alerts, Answer::Acknowledged).await;
        }
        closed(&rig, &shown.slot).await;
        rig.snapshot("nothing unread", |snapshot| snapshot.unread == 0).await;
        let alert = stored(&rig, 1).await.remove(0);
        assert!(alert.answer.is_some_and(|said| said.answer == Answer::Acknowledged), "{alert:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_what_was_shown_unsaved_takes_it_off_the_screen() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    let lock = locked(rig.folder.path());
    alert(&mut exchange, 1).await;
    let shown = rig.host.wait_for(1).await.remove(0);
    drop(lock);
    let alert = stored(&rig, 1).await.remove(0);
    rig.engine.mark_read(vec![alert.id]).await;
    closed(&rig, &shown.slot).await;
}

fn crossing(url: &str) -> Config {
    parse(&format!(
        "version = 1\n[[stream]]\nname = \"market\"\nurl = \"{url}\"\nretry = \"20ms\"\n[[rule]]\nname = \"High\"\n\
         event = \"price\"\ncrosses = {{ value = \"/price\", above = 10 }}\n"
    ))
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_shown_unsaved_and_is_over_by_the_time_it_is_stored_leaves_the_screen() {
    let server = Server::start().await;
    let rig = Rig::start(crossing(&server.url("/")));
    let mut exchange = server.open().await;
    let lock = locked(rig.folder.path());
    exchange.event("price", "1", r#"{"price":11}"#).await;
    let shown = rig.host.wait_for(1).await.remove(0);
    exchange.event("price", "2", r#"{"price":9}"#).await;
    rig.snapshot("both received", |snapshot| snapshot.streams[0].events == 2).await;
    drop(lock);
    closed(&rig, &shown.slot).await;
    eventually("what became of it", async || {
        let alert = rig.history().into_iter().find_map(|mut stored| stored.alerts.pop())?;
        (alert.state == AlertState::Shown && alert.resolved_at.is_some()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alerts_of_one_moment_are_shown_once_each() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    let lock = locked(rig.folder.path());
    let event = |id| format!("event: market-alert\nid: {id}\ndata: {{\"symbol\":\"A{id}\",\"message\":\"m\"}}\n\n");
    // In one piece: they have one time of arrival.
    exchange.send(&(1..=3).map(event).collect::<String>()).await;
    let shown = rig.host.wait_for(3).await;
    drop(lock);
    let alerts = stored(&rig, 3).await;
    assert_eq!(rig.host.shown().len(), 3, "nothing was shown twice");
    for (shown, alert) in shown.iter().zip(alerts) {
        assert_eq!(rig.engine.stored_as(shown.alerts[0]).await, Some(alert.id));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_after_all_was_marked_as_read_stays_unread() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    alert(&mut exchange, 1).await;
    rig.snapshot("an unread alert", |snapshot| snapshot.unread == 1).await;
    let lock = locked(rig.folder.path());
    alert(&mut exchange, 2).await;
    rig.host.wait_for(2).await;
    // All that is stored by then: the second one is not.
    let said = rig.engine.mark_read(Vec::new()).await;
    alert(&mut exchange, 3).await;
    rig.host.wait_for(3).await;
    rig.snapshot("a word that was refused", |snapshot| snapshot.said >= said).await;
    drop(lock);
    let alerts = stored(&rig, 3).await;
    let snapshot = rig.snapshot("two unread", |snapshot| snapshot.unread == 2).await;
    assert!(snapshot.alerts.iter().all(|alert| alert.id != alerts[0].id), "{snapshot:?}");
}
