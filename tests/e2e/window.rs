//! The dashboard's window, driven by WebDriver as a person would.

use streambell_tests::webdriver::Window;
use streambell_tests::{Desktop, Notifications, Resident, Server, Services, Tray, eventually, process};

use crate::{assert_in_no_file, market, profile};

const TOKEN: &str = "tok-5f1d0c7e-never-in-a-file";

#[tokio::test]
async fn tiles_move_the_feed_grows_and_a_stream_is_added_with_its_token_in_the_keyring_only() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.start_keyring().await;
    desktop.spawn("openbox", &[]);
    let (market_server, new_server) = (Server::start().await, Server::start().await);
    let profile = profile(&desktop, &market(&market_server.url("/")));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut exchange = market_server.open().await;
    resident.wait_for_state(&desktop, "market", "open").await;

    let socket = profile.join("control.sock");
    let window = Window::open(&mut desktop, &["--socket", socket.to_str().unwrap()]).await;
    exchange.event("price-update", "1", r#"{"symbol":"ACME","price":101.5}"#).await;
    window.find_css("[data-testid=\"tile\"][data-key=\"ACME\"]").await;
    window.see("tile", "101.5").await;
    exchange.event("price-update", "2", r#"{"symbol":"ACME","price":99.25}"#).await;
    window.see("tile", "99.25").await;
    eventually("two rows in the feed", async || (window.count("feed-row").await >= 2).then_some(())).await;
    desktop.screenshot("dashboard-now").await;

    window.click("add-stream").await;
    window.click("add-by-hand").await;
    window.type_into("stream-name", "second").await;
    window.type_into("stream-url", &new_server.url("/events")).await;
    window.pick("stream-auth", "bearer").await;
    window.type_into("stream-token", TOKEN).await;
    window.click("stream-save").await;
    let mut second = new_server.open().await;
    assert_eq!(second.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    second.event("note", "n1", "hello from the second stream").await;
    resident.wait_for_state(&desktop, "second", "open").await;
    window.click("nav-feed").await;
    eventually("the second stream's event in the feed", async || {
        window.client.source().await.ok()?.contains("hello from the second stream").then_some(())
    })
    .await;

    let listed = streambell_tests::program::run(&desktop, &profile, &["token", "list"]).await;
    assert!(String::from_utf8_lossy(&listed.stdout).contains("second"), "{listed:?}");
    for view in ["nav-streams", "nav-now"] {
        window.click(view).await;
        let source = window.client.source().await.unwrap();
        assert!(!source.contains(TOKEN), "the token is in the page of {view}");
    }
    assert_in_no_file(&desktop, TOKEN);
}

#[tokio::test]
async fn the_trays_menu_opens_the_window_and_a_click_on_a_notification_opens_it_at_the_alert() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("openbox", &[]);
    let daemon = Notifications::start(&desktop).await;
    let tray = Tray::start(&desktop).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let mut resident = Resident::start(&desktop, &profile, &["--hidden"]);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", r#"{"symbol":"ACME","message":"the first"}"#).await;
    let alert = daemon.wait_for("the alert", |notify| notify.summary == "ACME moves").await;

    tray.choose("Open dashboard").await;
    wait_for_window(&desktop).await;
    close_window(&desktop).await;
    // It is not on the screen, and may run for a moment yet.
    eventually("its end", async || resident.log().contains("dashboard ended").then_some(())).await;

    daemon.invoke(alert.id, "open").await;
    wait_for_window(&desktop).await;
    // Killing the window changes nothing in the resident.
    let socket = profile.join("control.sock").display().to_string();
    let dashboards: Vec<_> = process::find(&format!("streambell-dashboard --socket {socket}"))
        .into_iter()
        .map(|pid| pid.to_string())
        .collect();
    assert_eq!(dashboards.len(), 1, "one dashboard at a time");
    let killed = desktop.command("kill").arg("-KILL").args(&dashboards).status().await;
    assert!(killed.is_ok_and(|status| status.success()), "the dashboard is killed");
    exchange.event("market-alert", "2", r#"{"symbol":"BETA","message":"the second"}"#).await;
    daemon.wait_for("an alert after the window", |notify| notify.summary == "BETA moves").await;
    tray.choose("Quit").await;
    assert!(resident.ended().await.success());
}

#[tokio::test]
async fn a_click_on_dunsts_notification_opens_the_window_too() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("openbox", &[]);
    desktop.spawn("dunst", &[]);
    desktop.wait_for_name("org.freedesktop.Notifications").await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    server.open().await.event("market-alert", "1", r#"{"symbol":"ACME","message":"the first"}"#).await;
    eventually("the alert", async || (resident.status(&desktop).await["unread"] == 1).then_some(())).await;
    eventually("dunst's notification", async || {
        let count = desktop.command("dunstctl").args(["count", "displayed"]).output().await.ok()?;
        (count.stdout.trim_ascii() == b"1").then_some(())
    })
    .await;
    let pressed = desktop.command("dunstctl").args(["action", "0"]).status().await;
    assert!(pressed.is_ok_and(|status| status.success()), "dunst takes the click");
    wait_for_window(&desktop).await;
}

#[tokio::test]
async fn a_window_opened_at_an_alert_shows_that_alert() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("openbox", &[]);
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut exchange = server.open().await;
    for number in 1..=3 {
        let data = format!(r#"{{"symbol":"S{number}","message":"number {number}"}}"#);
        exchange.event("market-alert", &number.to_string(), &data).await;
    }
    eventually("three alerts", async || (resident.status(&desktop).await["unread"] == 3).then_some(())).await;
    let socket = profile.join("control.sock");
    let window = Window::open(&mut desktop, &["--socket", socket.to_str().unwrap(), "--alert", "2"]).await;
    eventually("the alert's detail", async || window.text("alert-detail").await.contains("number 2").then_some(()))
        .await;
    window.find_css("[data-testid=\"alert-row\"][data-id=\"2\"][data-selected=\"true\"]").await;
    desktop.screenshot("dashboard-at-the-alert").await;
}

async fn wait_for_window(desktop: &Desktop) {
    eventually("the dashboard's window", async || windows(desktop).await.contains("Streambell").then_some(())).await;
}

async fn close_window(desktop: &Desktop) {
    drop(desktop.command("wmctrl").args(["-c", "Streambell"]).status().await);
    eventually("the window to close", async || (!windows(desktop).await.contains("Streambell")).then_some(())).await;
}

async fn windows(desktop: &Desktop) -> String {
    let output = desktop.command("wmctrl").arg("-l").output().await;
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}
