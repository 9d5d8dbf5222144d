//! What stands around every view: the palette, the keys, the pause menu, the sentence on top.

use serde_json::json;
use streambell_tests::eventually;

use super::{Look, Scene, in_both_looks};

in_both_looks!(pauses_keys_and_notices_work_from_every_view,);

async fn pauses_keys_and_notices_work_from_every_view(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    // The menu, with the keys alone.
    for (at, choice) in ["15", "60", "tomorrow", "open"].iter().enumerate() {
        window.tab_to("pause-menu").await;
        window.press("Enter").await;
        for _ in 0..at {
            window.press("Down").await;
        }
        window.see_focus(&format!("pause-{choice}")).await;
        window.press("Enter").await;
        let status = eventually("a pause", async || {
            let status = scene.status().await;
            (status["paused"] == true).then_some(status)
        })
        .await;
        assert_eq!(status["paused_until"].is_null(), *choice == "open", "{status}");
        let said = if *choice == "open" { "status.paused" } else { "status.pausedUntil" };
        window.see("status-line", &window.phrase(said, json!([""])).await).await;
        window.click("resume").await;
        eventually("no pause", async || (scene.status().await["paused"] == false).then_some(())).await;
        window.find("pause-menu").await;
    }
    window.tab_to("pause-menu").await;
    window.press("Space").await;
    for (key, choice) in [("Up", "own"), ("Down", "15"), ("End", "own"), ("Home", "15")] {
        window.press(key).await;
        window.see_focus(&format!("pause-{choice}")).await;
    }
    scene.look("the pause menu").await;
    window.press("Escape").await;
    window.gone("pause-15").await;
    window.see_focus("pause-menu").await;
    // Tab leaves it, to what stands after it; as a menu that is open does nothing to who goes on.
    window.press("Enter").await;
    window.see_focus("pause-15").await;
    window.press("Tab").await;
    window.gone("pause-15").await;
    window.see_focus("add-stream").await;
    window.press("Shift+Tab").await;
    window.see_focus("pause-menu").await;

    window.press("?").await;
    window.find("shortcuts").await;
    scene.look("the keys").await;
    window.press("Escape").await;
    window.gone("shortcuts").await;
    window.click("help").await;
    window.find("shortcuts").await;
    window.press_css("[data-testid=\"shortcuts\"] header button").await;
    window.gone("shortcuts").await;
    window.click("find").await;
    window.find("palette").await;
    window.press("Escape").await;
    for view in ["alerts", "feed", "streams", "rules", "settings", "now"] {
        window.click(&format!("nav-{view}")).await;
        window.see_view(view).await;
    }

    // A file with a mistake is told of, and changes nothing.
    let good = scene.config();
    std::fs::write(scene.profile.join("config.toml"), good.replace("[[tile]]", "[[tile")).unwrap();
    window.see("status-line", "config.toml").await;
    scene.desktop.screenshot("page-mistake").await;
    std::fs::write(scene.profile.join("config.toml"), &good).unwrap();
    eventually("all well again", async || (!window.text("status-line").await.contains("config.toml")).then_some(()))
        .await;
    scene.done().await;
}
