//! Now: the first start, tiles and their order, the chart, and the ways from here.

use streambell_tests::webdriver::Window;
use streambell_tests::{Desktop, Notifications, Resident, Services, eventually};

use super::{Look, Scene, in_both_looks};
use crate::profile;

in_both_looks!(
    an_empty_window_offers_the_demo_and_a_first_stream,
    tiles_are_ordered_by_hand_name_and_change_and_a_chart_is_looked_into,
);

/// The tiles as they stand, by their keys.
const ORDER: &str =
    "return [...document.querySelectorAll('[data-testid=tile]')].map(({ dataset }) => dataset.key).join(' ')";

async fn an_empty_window_offers_the_demo_and_a_first_stream(look: Look) {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("openbox", &[]);
    let _daemon = Notifications::start(&desktop).await;
    let profile = profile(&desktop, &look.spoken("version = 1\n"));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    resident.status(&desktop).await;
    let window = Window::open(&mut desktop, &["--socket", profile.join("control.sock").to_str().unwrap()]).await;
    look.give(&window).await;
    window.find("first-start").await;
    let found = window.violations().await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.click("first-add-stream").await;
    window.find("add-url").await;
    window.press("Control+1").await;
    window.click("first-demo").await;
    let demo = desktop.path("run/streambell-demo/control.sock");
    let (demo, _pushes) = eventually("the demo", async || streambell_protocol::Client::connect(&demo).await.ok()).await;
    eventually("the demo's own window", async || {
        let windows = desktop.command("wmctrl").arg("-l").output().await.ok()?;
        (String::from_utf8_lossy(&windows.stdout).matches("Streambell").count() == 2).then_some(())
    })
    .await;
    assert!(resident.status(&desktop).await["streams"].as_array().unwrap().is_empty());
    demo.call(streambell_protocol::Call::Quit).await.unwrap();
}

async fn tiles_are_ordered_by_hand_name_and_change_and_a_chart_is_looked_into(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    for round in 0..8_u32 {
        for (symbol, price) in [("ZETA", 100 + round), ("ACME", 200 - round), ("MIDI", 300)] {
            let data = format!(r#"{{"symbol":"{symbol}","price":{price}}}"#);
            scene.server.event("price-update", &format!("{symbol}{round}"), &data);
        }
    }
    scene.alert(1, "ZETA", "on the chart");
    window.see_count("tile", 3).await;
    window.see("unread-count", "1").await;
    let order = async |wanted: &str| {
        eventually(&format!("the order {wanted}"), async || {
            (window.evaluate(ORDER, &[]).await == wanted).then_some(())
        })
        .await;
    };
    window.choose("tile-order", "name").await;
    order("ACME MIDI ZETA").await;
    window.choose("tile-order", "change").await;
    order("ZETA MIDI ACME").await;
    window.choose("tile-order", "name").await;
    order("ACME MIDI ZETA").await;
    window.drag("[data-key=\"ZETA\"]", "[data-key=\"ACME\"]").await;
    order("ZETA ACME MIDI").await;
    window.find_css("[data-testid=\"tile-order\"] input[value=\"hand\"]:checked").await;
    window.tab_to("tile").await;
    let on = async |wanted: &str| {
        eventually(&format!("the focus on {wanted}"), async || {
            (window.evaluate("return document.activeElement.dataset.key ?? ''", &[]).await == wanted).then_some(())
        })
        .await;
    };
    for (key, tile) in [("End", "MIDI"), ("Left", "ACME"), ("Home", "ZETA")] {
        window.press(key).await;
        on(tile).await;
    }
    window.press("Alt+Right").await;
    order("ACME ZETA MIDI").await;
    window.reload().await;
    order("ACME ZETA MIDI").await;

    // The chart: its ranges, its keys, its marks.
    window.tab_to("tile").await;
    window.press("Right").await;
    on("ZETA").await;
    window.press("Enter").await;
    window.see("chart", "ZETA").await;
    window.find("plot").await;
    window.find("chart-alert").await;
    scene.look("the chart").await;
    for range in ["5m", "30m", "6h", "1d", "7d", "30d", "1h"] {
        window.choose("chart-range", range).await;
        window.find("plot").await;
    }
    window.tab_to("plot").await;
    // Low and high of the whole, then the value under the cursor.
    window.see("chart", "100").await;
    window.see("chart", "107").await;
    window.press("Left").await;
    window.find_css("[data-testid=\"chart\"] .figures strong").await;
    let value = async |key: &str, wanted: &str| {
        window.press(key).await;
        eventually(&format!("{wanted} under the cursor after {key}"), async || {
            let shown = window.find_css("[data-testid=\"chart\"] .figures strong").await.text().await.ok()?;
            shown.contains(wanted).then_some(shown)
        })
        .await
    };
    value("End", "107").await;
    let first = value("Home", "10").await;
    value("Shift+Right", "107").await;
    value("Shift+Left", &first).await;
    let unzoom = async |wanted: Option<&str>| {
        eventually("the zoom", async || {
            (window.find("chart-unzoom").await.prop("disabled").await.ok()?.as_deref() == wanted).then_some(())
        })
        .await;
    };
    unzoom(Some("true")).await;
    window.press("Plus").await;
    unzoom(Some("false")).await;
    window.press("-").await;
    window.press("0").await;
    unzoom(Some("true")).await;
    window.press("-").await;
    unzoom(Some("false")).await;
    window.double_click(".u-over").await;
    unzoom(Some("true")).await;
    window.drag(".u-over", "[data-testid=\"chart-close\"]").await;
    unzoom(Some("false")).await;
    window.click("chart-unzoom").await;
    unzoom(Some("true")).await;
    window.tab_to("plot").await;
    window.press("PageUp").await;
    unzoom(Some("false")).await;
    window.press("PageDown").await;
    window.press("0").await;
    unzoom(Some("true")).await;
    window.click("chart-close").await;
    window.gone("chart").await;
    window.press_css("[data-key=\"ZETA\"]").await;
    window.find("chart-alert").await;
    window.click("chart-alert").await;
    window.see_view("alerts").await;
    window.see("alert-detail", "on the chart").await;
    scene.show("now").await;
    if window.count("chart").await == 0 {
        window.press_css("[data-key=\"ZETA\"]").await;
    }
    window.tab_to("plot").await;
    window.press("Escape").await;
    window.gone("chart").await;
    window.see_focus("tile").await;

    // The ways from here.
    scene.alert(2, "ZETA", "unread");
    window.click("alert-row").await;
    window.see("alert-detail", "unread").await;
    for (way, view) in [("all-alerts", "alerts"), ("all-events", "feed")] {
        scene.show("now").await;
        window.click(way).await;
        window.see_view(view).await;
    }
    scene.show("now").await;
    window.click("feed-row").await;
    window.see("event-detail", "market-alert").await;
    scene.done().await;
}
