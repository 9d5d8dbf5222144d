//! What stands around every view: the palette, the keys, the pause menu, the sentence on top.

use streambell_tests::eventually;

use super::Scene;

#[tokio::test]
async fn the_palette_comes_to_each_kind_of_thing_with_the_keys_alone() {
    let scene = Scene::open("").await;
    let window = &scene.window;
    scene.server.event("price-update", "p1", r#"{"symbol":"ACME","price":101.5}"#);
    scene.alert(1, "BETA", "in the palette");
    window.find("tile").await;
    window.find("alert-row").await;
    let run = async |typed: &str, command: &str| {
        window.press("Control+k").await;
        window.see_focus("palette-input").await;
        window.write(typed).await;
        let chosen = format!("[data-testid=\"command\"][data-command=\"{command}\"][aria-selected=\"true\"]");
        window.find_css(&chosen).await;
        window.press("Enter").await;
        window.gone("palette").await;
    };
    window.press("Control+k").await;
    window.find("command").await;
    scene.look("the palette").await;
    window.press("Escape").await;

    run("feed", "view feed").await;
    window.see_view("feed").await;
    run("BETA moves", "alert 1").await;
    window.see("alert-detail", "in the palette").await;
    run("Chart of ACME", "chart market 0 ACME").await;
    window.see("chart", "ACME").await;
    run("market alert", "rule Market alert").await;
    window.find("rule-editor").await;
    run("Events of", "feed market").await;
    window.see_view("feed").await;
    run("Diagnose", "diagnose market").await;
    window.find("diagnose").await;
    run("Edit", "edit market").await;
    window.find("stream-form").await;
    run("Mute “market", "mute market").await;
    eventually("the stream muted", async || (scene.status().await["paused_streams"][0] == "market").then_some(()))
        .await;
    run("Unmute", "mute market").await;
    run("Mute rule", "mute rule Market alert").await;
    eventually("a silence", async || (scene.status().await["silences"] == 1).then_some(())).await;
    run("1 hour", "pause 60").await;
    eventually("a pause", async || (scene.status().await["paused"] == true).then_some(())).await;
    run("Resume", "resume").await;
    eventually("no pause", async || (scene.status().await["paused"] == false).then_some(())).await;
    scene.alert(2, "DELTA", "is not opened");
    eventually("one unread", async || (scene.status().await["unread"] == 1).then_some(())).await;
    window.see("nav-alerts", "1").await;
    run("Mark all", "read").await;
    eventually("nothing unread", async || (scene.status().await["unread"] == 0).then_some(())).await;
    run("Connect", "try market").await;
    eventually("a second connection", async || (scene.status().await["streams"][0]["connections"] == 2).then_some(()))
        .await;
    run("Appearance: Dark", "theme dark").await;
    window.find_css("html[data-theme=\"dark\"]").await;
    run("Appearance and language", "settings look").await;
    window.see_view("settings").await;
    run("Switch rule", "turn rule Market alert").await;
    scene.see_config("a rule that is off", |text| text.contains("enabled = false")).await;
    run("Switch stream", "turn market").await;
    eventually("a stream that is off", async || {
        (scene.status().await["streams"][0]["state"] == "paused").then_some(())
    })
    .await;
    run("Import", "import").await;
    window.find("import-text").await;
    run("Export", "export").await;
    window.see_value("export-text", "[[rule]]").await;
    run("Add a tile", "add tile").await;
    window.find("tile-editor").await;
    run("Add a rule", "add rule").await;
    window.find("rule-editor").await;
    run("diagnosis", "diagnosis").await;
    assert!(window.clipboard().await.contains("Running: yes"));
    scene.done().await;
}

#[tokio::test]
async fn pauses_keys_and_notices_work_from_every_view() {
    let scene = Scene::open("").await;
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
        window.see("status-line", "pause").await;
        window.click("resume").await;
        eventually("no pause", async || (scene.status().await["paused"] == false).then_some(())).await;
        window.find("pause-menu").await;
    }
    window.click("pause-menu").await;
    scene.look("the pause menu").await;
    window.press("Escape").await;
    window.gone("pause-15").await;

    window.press("?").await;
    window.find("shortcuts").await;
    scene.look("the keys").await;
    window.press("Escape").await;
    window.gone("shortcuts").await;
    window.click("help").await;
    window.find("shortcuts").await;
    window.press("Escape").await;
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
