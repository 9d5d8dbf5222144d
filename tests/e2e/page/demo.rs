//! The demo in its window: the market fills every view, and is worked with as one's own streams are.

use serde_json::json;
use streambell_tests::webdriver::Window;
use streambell_tests::{Desktop, Notifications, Resident, Services, eventually};

use super::{Look, in_both_looks};

in_both_looks!(the_market_of_the_demo_fills_every_view_and_is_worked_with);

/// What is pressed in a view, and what that opens.
const OPENED: [(&str, &str, &str); 6] = [
    ("now", "tile", "plot"),
    ("alerts", "", "alert-detail"),
    ("feed", "feed-row", "event-detail"),
    ("streams", "stream-open", "stream-detail"),
    ("rules", "rule-open", "rule-editor"),
    ("settings", "week", "week"),
];

async fn the_market_of_the_demo_fills_every_view_and_is_worked_with(look: Look) {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("openbox", &[]);
    let daemon = Notifications::start(&desktop).await;
    let profile = desktop.path("profile");
    let resident = Resident::start(&desktop, &profile, &["run", "--headless", "--demo"]);
    daemon.wait_for("an alert of the demo", |notify| notify.app == "Streambell").await;
    let window = Window::open(&mut desktop, &["--socket", profile.join("control.sock").to_str().unwrap()]).await;
    look.give(&window).await;
    assert_eq!(window.find_css(".demo").await.text().await.unwrap(), window.word("status.demo").await);
    for (at, (view, opens, opened)) in OPENED.iter().enumerate() {
        window.press(&format!("Control+{}", at + 1)).await;
        window.see_view(view).await;
        // Alerts are groups or not, as they come.
        if *view == "alerts" {
            window.find_css("main [role=\"treeitem\"]").await;
            window.press("j").await;
        } else {
            window.find(opens).await;
            if window.count(opened).await == 0 {
                window.click(opens).await;
            }
        }
        window.find(opened).await;
        let found = window.violations().await;
        assert!(found.is_empty(), "{view}: {}", found.join("\n"));
    }

    // Prices come so fast that the feed is held before one is taken.
    window.press("Control+3").await;
    window.press("h").await;
    window.find_css("[data-testid=\"feed-pause\"][aria-pressed=\"true\"]").await;
    window.press("j").await;
    window.find("event-detail").await;
    window.press("r").await;
    window.find("preview-alert").await;
    window.click("rule-close").await;
    window.press("Control+2").await;
    window.find("alert-detail").await;
    window.press("e").await;
    window.find("unacknowledge").await;
    window.press("Control+4").await;
    window.click("stream-silence").await;
    window.click("stream-silence-open").await;
    eventually("the stream silent", async || {
        (!resident.status(&desktop).await["paused_streams"].as_array()?.is_empty()).then_some(())
    })
    .await;
    assert_eq!(window.complaints().await, json!([]));
}
