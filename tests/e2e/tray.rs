//! The tray icon and its menu, over D-Bus.

use streambell_tests::{Desktop, Notifications, Resident, Server, Services, Tray, eventually};

use crate::{market, profile};

const ALERT: &str = r#"{"symbol":"ACME","message":"down <b>3 %</b> & falling","url":"https://example.com/acme"}"#;

#[tokio::test]
async fn the_menu_shows_the_streams_and_does_what_it_says() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start(&desktop).await;
    let tray = Tray::start(&desktop).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let mut resident = Resident::start(&desktop, &profile, &["--hidden"]);
    let mut exchange = server.open().await;
    tray.entry("● market").await;

    exchange.event("market-alert", "1", ALERT).await;
    let alert = daemon.wait_for("the alert", |notify| notify.summary == "ACME moves").await;
    assert_eq!(alert.body, "down &lt;b&gt;3 %&lt;/b&gt; &amp; falling");
    assert_eq!(alert.urgency, Some(2));

    tray.choose("1 hour").await;
    eventually("a pause", async || {
        let status = resident.status(&desktop).await;
        status["paused_until"].is_string().then_some(())
    })
    .await;
    exchange.event("market-alert", "2", ALERT).await;
    eventually("the second alert stored", async || (resident.status(&desktop).await["unread"] == 2).then_some(()))
        .await;
    assert_eq!(daemon.all().len(), 1, "a pause is silent");
    tray.choose("Resume").await;
    eventually("the end of the pause", async || {
        resident.status(&desktop).await["paused_until"].is_null().then_some(())
    })
    .await;

    tray.choose("Reconnect now").await;
    let again = server.open().await;
    assert_eq!(again.header("last-event-id"), Some("2"));

    tray.choose("Quit").await;
    assert_eq!(resident.ended().await.code(), Some(0));
}

#[tokio::test]
async fn a_menu_that_is_open_does_not_move_under_the_pointer() {
    let desktop = Desktop::start(Services::None).await;
    let tray = Tray::start(&desktop).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let _resident = Resident::start(&desktop, &profile, &["--hidden"]);
    let mut exchange = server.open().await;
    tray.entry("● market").await;
    tray.open_menu().await;
    let opened = tray.menu().await;
    exchange.event("market-alert", "1", ALERT).await;
    eventually("the icon's tool tip", async || tray.property("ToolTip").await.contains("1 unread").then_some(())).await;
    assert_eq!(tray.menu().await, opened);

    tray.open_menu().await;
    assert!(tray.menu().await.iter().any(|entry| entry.label == "1 unread alert"), "opened anew, it is up to date");
    exchange.event("market-alert", "2", ALERT).await;
    eventually("the icon's tool tip", async || tray.property("ToolTip").await.contains("2 unread").then_some(())).await;
    tray.choose("Reconnect now").await;
    tray.entry("2 unread alerts").await;
}

#[tokio::test]
async fn a_tray_that_comes_later_or_comes_back_gets_the_icon() {
    let desktop = Desktop::start(Services::None).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let _resident = Resident::start(&desktop, &profile, &["--hidden"]);
    let _exchange = server.open().await;
    let tray = Tray::start(&desktop).await;
    tray.entry("market").await;
    tray.stop().await;
    let tray = Tray::start(&desktop).await;
    tray.entry("market").await;
}

#[tokio::test]
async fn a_notification_daemon_that_comes_later_shows_what_waited() {
    let desktop = Desktop::start(Services::None).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let resident = Resident::start(&desktop, &profile, &["--hidden"]);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", ALERT).await;
    eventually("the alert stored", async || (resident.status(&desktop).await["unread"] == 1).then_some(())).await;
    let daemon = Notifications::start(&desktop).await;
    daemon.wait_for("the alert that waited", |notify| notify.summary == "ACME moves").await;
    daemon.stop().await;
    exchange.event("market-alert", "2", ALERT).await;
    eventually("the alert stored", async || (resident.status(&desktop).await["unread"] == 2).then_some(())).await;
    let daemon = Notifications::start(&desktop).await;
    daemon.wait_for("the second alert", |notify| notify.summary == "ACME moves").await;
}

#[tokio::test]
async fn tray_and_notification_change_their_language_with_the_configuration() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start(&desktop).await;
    let tray = Tray::start(&desktop).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let _resident = Resident::start(&desktop, &profile, &["--hidden"]);
    let mut exchange = server.open().await;
    tray.entry("● market: connected").await;
    let file = profile.join("config.toml");
    let chinese = std::fs::read_to_string(&file).unwrap().replacen("version = 1", "version = 1\nlanguage = \"zh\"", 1);
    std::fs::write(&file, chinese).unwrap();
    tray.entry("● market：已连接").await;
    tray.entry("打开仪表盘").await;
    exchange.event("market-alert", "1", ALERT).await;
    let alert = daemon.wait_for("the alert", |notify| notify.summary == "ACME moves").await;
    assert_eq!((alert.action("open"), alert.action("link")), (Some("打开"), Some("打开链接（example.com）")));
    tray.entry("1 条未读提醒").await;
}
