//! Every view of the real window, and what is done in them.

use serde_json::{Value, json};
use streambell_tests::webdriver::Window;
use streambell_tests::{Broadcast, Desktop, Resident, Services, eventually};

use crate::{market, profile};

const VIEWS: [&str; 6] = ["now", "alerts", "feed", "streams", "rules", "settings"];

/// Keeps what the page complains of from here on.
const LISTEN: &str = "
    window.complaints = [];
    addEventListener('error', ({ message }) => complaints.push(message));
    addEventListener('unhandledrejection', ({ reason }) => complaints.push(String(reason)));
    addEventListener('securitypolicyviolation', ({ violatedDirective }) => complaints.push(violatedDirective));
    addEventListener('vite:preloadError', ({ payload }) => complaints.push(String(payload)));";

#[tokio::test]
async fn every_view_opens_in_both_themes_and_languages_and_axe_finds_nothing() {
    let mut desktop = Desktop::start(Services::None).await;
    let (server, _resident, window) = open(&mut desktop).await;
    window.client.execute(LISTEN, Vec::new()).await.unwrap();
    for number in 1..=3 {
        server.event("price-update", &format!("p{number}"), &format!(r#"{{"symbol":"ACME","price":{number}01.5}}"#));
        server.event(
            "market-alert",
            &format!("a{number}"),
            r#"{"symbol":"ACME","message":"moves","url":"https://x.example/a"}"#,
        );
    }
    let mut found = Vec::new();
    for (language, now) in [("en", "Now"), ("zh", "当前")] {
        for theme in ["light", "dark"] {
            window.press("Control+6").await;
            window.choose("choose-theme", theme).await;
            window.choose("choose-language", language).await;
            window.find_css(&format!("html[lang^=\"{language}\"][data-theme=\"{theme}\"]")).await;
            window.see("nav-now", now).await;
            for (at, view) in VIEWS.iter().enumerate() {
                window.press(&format!("Control+{}", at + 1)).await;
                window.find_css(&format!("main[data-view=\"{view}\"]")).await;
                fill(&window, view).await;
                let violations = window.violations().await;
                desktop.screenshot(&format!("dashboard-{view}-{theme}-{language}")).await;
                found.extend(violations.into_iter().map(|one| format!("{view}, {theme}, {language}: {one}")));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    let complaints = window.client.execute("return complaints", Vec::new()).await.unwrap();
    assert_eq!(complaints, json!([]));
}

#[tokio::test]
async fn what_is_looked_for_and_set_in_the_window_is_found_and_done() {
    let mut desktop = Desktop::start(Services::None).await;
    let (server, resident, window) = open(&mut desktop).await;
    let config = desktop.path("profile/config.toml");

    // A diagnosis takes a while; the window is used meanwhile.
    window.press("Control+4").await;
    window.choose("stream-pane", "diagnosis").await;
    window.click("diagnose").await;

    for (id, word) in [("1", "copper"), ("2", "zinc"), ("3", "tin")] {
        server.event("note", id, &format!("about {word}"));
    }
    server.event("price-update", "4", r#"{"symbol":"ACME","price":101.5}"#);
    server.event("price-update", "5", r#"{"symbol":"ACME","price":102.5}"#);
    window.press("Control+3").await;
    eventually("five rows in the feed", async || (window.count("feed-row").await == 5).then_some(())).await;
    window.press("/").await;
    window.write("zinc").await;
    eventually("the one row that was looked for", async || (window.count("feed-row").await == 1).then_some(())).await;
    window.see("feed-row", "about zinc").await;

    window.press("Control+1").await;
    window.tab_to("tile").await;
    window.press("Enter").await;
    window.see("chart", "ACME").await;
    window.find("plot").await;
    desktop.screenshot("dashboard-chart").await;

    window.press("Control+k").await;
    eventually("the palette", async || (window.focused().await == "palette-input").then_some(())).await;
    window.write("rules").await;
    desktop.screenshot("dashboard-palette").await;
    window.press("Enter").await;
    window.find_css("main[data-view=\"rules\"]").await;
    window.tab_to("rules-export").await;
    window.press("Enter").await;
    eventually("the exported rules", async || {
        let text = window.find("export-text").await.prop("value").await.ok()??;
        text.contains("name = \"Market alert\"").then_some(())
    })
    .await;

    window.press("Control+6").await;
    window.tab_to("quiet-nights").await;
    window.press("Enter").await;
    eventually("quiet nights in the file", async || {
        let text = std::fs::read_to_string(&config).ok()?;
        (text.contains("from = \"22:00\"") && text.contains("to = \"07:00\"")).then_some(())
    })
    .await;
    window.see("quiet-hours", "22:00").await;

    window.press("Control+4").await;
    window.find("verdict").await;
    desktop.screenshot("dashboard-diagnosis").await;
    assert_eq!(resident.status(&desktop).await["streams"][0]["state"], "open");
}

/// A resident with one open stream, and its window.
async fn open(desktop: &mut Desktop) -> (Broadcast, Resident, Window) {
    desktop.spawn("openbox", &[]);
    let server = Broadcast::start(None).await;
    let profile = profile(desktop, &market(server.url()));
    let resident = Resident::start(desktop, &profile, &["run", "--headless"]);
    resident.wait_for_state(desktop, "market", "open").await;
    let socket = profile.join("control.sock");
    let window = Window::open(desktop, &["--socket", socket.to_str().unwrap()]).await;
    window.find_css("[data-testid=\"status-line\"]").await;
    (server, resident, window)
}

/// Opens the detail of what a view lists, so that all of it is looked at.
async fn fill(window: &Window, view: &str) {
    let opened = match view {
        "now" => ("tile", "plot"),
        "alerts" => ("alert-group", "alert-detail"),
        "feed" => ("feed-row", "event-detail"),
        "streams" => ("stream-open", "stream-detail"),
        "rules" => ("rule-open", "rule-editor"),
        _ => ("week", "week"),
    };
    window.find(opened.0).await;
    let shown = format!("return document.querySelector('[data-testid={}]') !== null", opened.1);
    if window.client.execute(&shown, Vec::new()).await.is_ok_and(|shown| shown == Value::Bool(false)) {
        window.click(opened.0).await;
    }
    window.find(opened.1).await;
}
