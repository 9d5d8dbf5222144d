//! The palette's commands for views, and for the alert and the event that are open in them.

use serde_json::json;
use streambell_tests::eventually;

use super::Palette;

/// Views, and what is looked at in them.
pub(super) async fn go(palette: &Palette<'_>) {
    let window = &palette.scene.window;
    for view in ["alerts", "feed", "streams", "rules", "settings", "now"] {
        palette.run(&format!("view {view}")).await;
        window.see_view(view).await;
    }
    palette.run("alert 1").await;
    window.see("alert-detail", "in the palette").await;
    alert(palette).await;
    event(palette).await;
    palette.run("chart market 0 ACME").await;
    window.see("chart", "ACME").await;
    palette.run("chart-range 1d").await;
    window.find_css("[data-testid=\"chart-range\"] input[value=\"1d\"]:checked").await;
    palette.run("chart-close").await;
    window.gone("chart").await;
    for section in ["loud", "quiet", "screen", "outage", "history", "look", "start", "programs", "secrets", "about"] {
        palette.run(&format!("settings {section}")).await;
        window.see_view("settings").await;
        let seen = "const { top } = document.getElementById(`settings-${arguments[0]}`).getBoundingClientRect();
            return top >= 0 && top < innerHeight";
        eventually(&format!("the settings of {section}"), async || {
            (window.evaluate(seen, &[section.into()]).await == true).then_some(())
        })
        .await;
    }
    palette.run("shortcuts").await;
    window.find("shortcuts").await;
    window.press("Escape").await;
    window.gone("shortcuts").await;
}

/// What can be done with the alert that is open, and what is seen of the others.
async fn alert(palette: &Palette<'_>) {
    let window = &palette.scene.window;
    palette.run("acknowledge").await;
    window.find("unacknowledge").await;
    palette.run("unacknowledge").await;
    window.gone("unacknowledge").await;
    palette.run("mark-unread").await;
    window.see("nav-alerts", "1").await;
    palette.run("mark-read").await;
    window.gone("unread-count").await;
    palette.run("check-all").await;
    window.find("checked").await;
    palette.run("uncheck").await;
    window.gone("checked").await;
    palette.run("alert-silence").await;
    window.find("silence-panel").await;
    for _ in 0..2 {
        palette.run("group").await;
    }
    for show in ["unread", "acknowledged", "resolved", "all"] {
        palette.run(&format!("alerts-{show}")).await;
        window.find_css(&format!("[data-testid=\"alert-show\"] input[value=\"{show}\"]:checked")).await;
    }
    palette.run("alerts-find").await;
    window.see_focus("alert-search").await;
    palette.run("alert-link").await;
    palette.scene.see_opened("https://news.example/1").await;
    palette.run("alert-event").await;
    window.see_view("feed").await;
    window.find("event-detail").await;
}

/// What can be made of the event that is open, and what is seen of the others.
async fn event(palette: &Palette<'_>) {
    let (scene, window) = (palette.scene, &palette.scene.window);
    palette.run("event-rule").await;
    window.find("rule-editor").await;
    palette.run("view feed").await;
    palette.run("event-tile").await;
    window.see_view("rules").await;
    palette.run("view feed").await;
    palette.run("event-ignore").await;
    scene.see_config("a rule that ignores", |text| text.contains("ignore = true")).await;
    palette.undo(&window.phrase("feed.ignored", json!(["market-alert"])).await).await;
    scene.see_config("no rule that ignores", |text| !text.contains("ignore = true")).await;
    palette.run("event-alert 1").await;
    window.see("alert-detail", "in the palette").await;
    palette.run("view feed").await;
    palette.run("event-close").await;
    window.gone("event-detail").await;
    palette.run("feed-hold").await;
    window.find_css("[data-testid=\"feed-pause\"][aria-pressed=\"true\"]").await;
    palette.run("feed-hold").await;
    window.find_css("[data-testid=\"feed-pause\"][aria-pressed=\"false\"]").await;
    palette.run("feed-find").await;
    window.see_focus("feed-search").await;
    palette.run("feed-time").await;
    window.see_focus("feed-time-typed").await;
    window.press("Enter").await;
    window.find("feed-until").await;
    palette.run("feed-newest").await;
    window.gone("feed-until").await;
    palette.run("feed-event price-update").await;
    window.see_value("feed-event", "price-update").await;
    palette.run("feed-all").await;
    window.see_value("feed-event", "").await;
}
