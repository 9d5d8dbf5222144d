//! From an event to a notification.

use std::time::Duration;

use streambell_engine::config::RuleConfig;
use streambell_engine::delivery::Waiting;
use streambell_engine::locale::Text;
use streambell_engine::model::{AlertState, Suppression};
use streambell_tests::Server;

use crate::setup::{Rig, market};

const ALERT: &str = r#"{"symbol":"ACME","message":"down 3 %"}"#;

#[tokio::test]
async fn an_event_that_a_rule_matches_is_stored_before_it_is_shown_and_then_marked_shown() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", ALERT).await;
    let shown = rig.host.wait_for(1).await;
    assert_eq!((shown[0].title.as_str(), shown[0].body.as_str()), ("ACME", "down 3 %"));
    let stored = rig.history();
    assert_eq!(stored[0].seq, shown[0].seq, "it was in the ledger when it was shown");
    let snapshot = rig
        .snapshot("a shown alert", |snapshot| {
            snapshot.alerts.first().is_some_and(|alert| alert.state == AlertState::Shown)
        })
        .await;
    assert_eq!(snapshot.unread, 1);
}

#[tokio::test]
async fn reading_an_alert_closes_its_notification() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", ALERT).await;
    let shown = rig.host.wait_for(1).await;
    rig.engine.mark_read(shown[0].alerts.clone()).await;
    rig.snapshot("nothing unread", |snapshot| snapshot.unread == 0 && snapshot.alerts.is_empty()).await;
    streambell_tests::eventually("a closed notification", async || {
        (rig.host.closed() == [shown[0].slot.clone()]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_pause_stores_alerts_and_shows_none() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    rig.engine.pause(Some(Duration::from_secs(3600))).await;
    exchange.event("market-alert", "1", ALERT).await;
    let snapshot = rig.snapshot("an unread alert", |snapshot| snapshot.unread == 1).await;
    assert!(snapshot.pause.is_some_and(|pause| pause.until.is_some()));
    rig.snapshot("a suppressed alert", |snapshot| {
        snapshot.alerts[0].state == AlertState::Suppressed(Suppression::Paused)
    })
    .await;
    rig.engine.resume().await;
    exchange.event("market-alert", "2", ALERT).await;
    let shown = rig.host.wait_for(1).await;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].seq, 2);
}

#[tokio::test]
async fn alerts_that_could_not_be_shown_are_shown_when_the_host_is_back() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    rig.host.fail_with(Some("no notification daemon answers"));
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", ALERT).await;
    rig.snapshot("the trouble", |snapshot| {
        snapshot
            .notifications_trouble
            .as_ref()
            .is_some_and(|trouble| trouble.english == "no notification daemon answers")
    })
    .await;
    rig.host.fail_with(None);
    rig.engine.notifier_is_back();
    rig.host.wait_for(2).await;
    rig.snapshot("a shown alert", |snapshot| {
        snapshot.notifications_trouble.is_none()
            && snapshot.alerts.first().is_some_and(|alert| alert.state == AlertState::Shown)
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_its_turn_is_told_from_what_waits_for_a_notification_daemon() {
    let server = Server::start().await;
    let mut config = market(&server.url("/"));
    config.rules[0].throttle = Some(streambell_engine::config::Throttle { count: 1, window: Duration::from_secs(60) });
    let rig = Rig::start(config);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", ALERT).await;
    rig.host.wait_for(1).await;
    exchange.event("market-alert", "2", ALERT).await;
    rig.snapshot("a second alert", |snapshot| snapshot.unread == 2).await;
    let second = rig.history()[1].alerts[0].id;
    let [(alert, Waiting::Turn { until })] = rig.engine.waiting(vec![second]).await[..] else { panic!("no turn") };
    assert_eq!(alert, second);
    let left = until.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((50..=60).contains(&left), "{left} s");

    rig.host.fail_with(Some("nobody answers"));
    let mut config = market(&server.url("/"));
    config.rules[0].throttle = None;
    let rig = rig.restart(config).await;
    rig.host.fail_with(Some("nobody answers"));
    server.open().await.event("market-alert", "3", ALERT).await;
    rig.snapshot("the trouble", |snapshot| snapshot.notifications_trouble.is_some()).await;
    let third = rig.history()[2].alerts[0].id;
    assert_eq!(rig.engine.waiting(vec![third]).await, [(third, Waiting::Daemon(Text::plain("nobody answers")))]);
}

#[tokio::test]
async fn an_alert_that_is_read_while_it_waits_for_its_turn_is_not_shown() {
    let server = Server::start().await;
    let mut config = market(&server.url("/"));
    config.rules[0].throttle = Some(streambell_engine::config::Throttle { count: 1, window: Duration::from_secs(1) });
    let rig = Rig::start(config);
    let mut exchange = server.open().await;
    send(&mut exchange, 1..=2).await;
    rig.snapshot("two alerts", |snapshot| snapshot.unread == 2).await;
    let [first, second] = [0, 1].map(|at| rig.history()[at].alerts[0].id);
    rig.engine.mark_read(vec![second]).await;
    rig.snapshot("one unread", |snapshot| snapshot.unread == 1 && snapshot.alerts[0].id == first).await;
    // Past the time of its turn another one is shown: by then it would have been.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    send(&mut exchange, 3..=3).await;
    let shown = rig.host.wait_for(2).await;
    assert_eq!((shown.len(), shown[1].seq), (2, 3), "{shown:#?}");
    assert_eq!(rig.history()[1].alerts[0].state, AlertState::Shown, "whoever read it has seen it");
}

#[tokio::test]
async fn an_alert_that_is_read_while_nothing_can_be_shown_is_not_shown_later() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    rig.host.fail_with(Some("no notification daemon answers"));
    let mut exchange = server.open().await;
    send(&mut exchange, 1..=1).await;
    rig.snapshot("the trouble", |snapshot| snapshot.notifications_trouble.is_some()).await;
    rig.engine.mark_read(vec![rig.history()[0].alerts[0].id]).await;
    rig.snapshot("nothing unread", |snapshot| snapshot.unread == 0).await;
    rig.host.fail_with(None);
    let tried = rig.host.shown().len();
    rig.engine.notifier_is_back();
    send(&mut exchange, 2..=2).await;
    let shown = rig.host.wait_for(tried + 1).await;
    assert_eq!((shown.len(), shown[tried].seq), (tried + 1, 2), "{shown:#?}");
    let rig = rig.restart(market(&server.url("/"))).await;
    send(&mut server.open().await, 3..=3).await;
    assert_eq!(rig.host.wait_for(1).await[0].seq, 3, "nor at the next start");
}

#[tokio::test]
async fn alerts_that_were_not_shown_before_the_end_are_shown_at_the_next_start() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    rig.host.fail_with(Some("no notification daemon answers"));
    server.open().await.event("market-alert", "1", ALERT).await;
    rig.snapshot("the trouble", |snapshot| snapshot.notifications_trouble.is_some()).await;
    let rig = rig.restart(market(&server.url("/"))).await;
    let shown = rig.host.wait_for(1).await;
    assert_eq!(shown[0].title, "ACME");
}

#[tokio::test]
async fn alerts_of_one_group_replace_each_other() {
    let server = Server::start().await;
    let mut config = market(&server.url("/"));
    config.rules[0].group = Some("{{ data.symbol }}".to_owned());
    let rig = Rig::start(config);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", ALERT).await;
    rig.host.wait_for(1).await;
    exchange.event("market-alert", "2", ALERT).await;
    let shown = rig.host.wait_for(2).await;
    assert_eq!(shown[0].slot, shown[1].slot);
    assert!(!shown[0].replaces && shown[1].replaces);
}

#[tokio::test]
async fn a_burst_becomes_a_few_notifications_and_one_summary() {
    let server = Server::start().await;
    let mut config = market(&server.url("/"));
    config.rules[0].throttle = Some(streambell_engine::config::Throttle { count: 2, window: Duration::from_secs(1) });
    let rig = Rig::start(config);
    let mut exchange = server.open().await;
    for id in 1..=2 {
        exchange.event("market-alert", &id.to_string(), ALERT).await;
        rig.host.wait_for(id).await;
    }
    send(&mut exchange, 3..=50).await;
    let shown = rig.host.wait_for(3).await;
    rig.stored(50).await;
    assert_eq!(shown.len(), 3, "two and a summary: {shown:#?}");
    assert!(shown[2].title.contains("48"), "{}", shown[2].title);
}

/// Sends alerts with these numbers in one go.
async fn send(exchange: &mut streambell_tests::Exchange, numbers: std::ops::RangeInclusive<u32>) {
    let event = |id| format!("event: market-alert\nid: {id}\ndata: {ALERT}\n\n");
    exchange.send(&numbers.map(event).collect::<String>()).await;
}

#[tokio::test]
async fn a_first_connection_to_a_full_buffer_is_one_summary_and_loses_nothing() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    let mut exchange = server.open().await;
    send(&mut exchange, 1..=200).await;
    rig.stored(200).await;
    let shown = rig.host.wait_for(1).await;
    assert_eq!((shown.len(), shown[0].title.as_str()), (1, "200 earlier alerts"), "{shown:#?}");
    rig.snapshot("200 unread alerts", |snapshot| snapshot.unread == 200).await;
    send(&mut exchange, 201..=201).await;
    assert_eq!(rig.host.wait_for(2).await[1].title, "ACME", "what comes then is new");
}

#[tokio::test]
async fn what_came_while_away_is_one_summary_and_a_little_is_shown_as_it_is() {
    let server = Server::start().await;
    let rig = Rig::start(market(&server.url("/")));
    send(&mut server.open().await, 1..=3).await;
    let shown = rig.host.wait_for(3).await;
    assert!(shown.iter().all(|shown| shown.title == "ACME"), "{shown:#?}");
    let mut second = server.open().await;
    assert_eq!(second.header("last-event-id"), Some("3"));
    send(&mut second, 4..=20).await;
    let shown = rig.host.wait_for(4).await;
    assert_eq!(shown[3].title, "17 alerts while away");
}

#[tokio::test]
async fn a_rule_that_fails_says_so_instead_of_being_silent() {
    let server = Server::start().await;
    let mut config = market(&server.url("/"));
    let mut broken = RuleConfig::new("Broken", &["market-alert"]);
    broken.when = Some("data.no.such.thing > 3".to_owned());
    config.rules = vec![broken];
    let rig = Rig::start(config);
    server.open().await.event("market-alert", "1", ALERT).await;
    let shown = rig.host.wait_for(1).await;
    assert!(shown[0].title.contains("Broken"), "{:?}", shown[0]);
}
