//! The palette's commands for what a person is told, and for how they like the window.

use streambell_protocol::{Call, Client};
use streambell_tests::eventually;

use super::{Look, Palette};

/// What is told, and what was.
pub(super) async fn notifications(palette: &Palette<'_>) {
    let (scene, window) = (palette.scene, &palette.scene.window);
    for choice in ["15", "60", "morning", "open"] {
        palette.run(&format!("pause {choice}")).await;
        let status = eventually("a pause", async || {
            let status = scene.status().await;
            (status["paused"] == true).then_some(status)
        })
        .await;
        assert_eq!(status["paused_until"].is_null(), choice == "open", "{status}");
        window.find("resume").await;
        palette.run("resume").await;
        eventually("no pause", async || (scene.status().await["paused"] == false).then_some(())).await;
        window.find("pause-menu").await;
    }
    scene.alert(2, "DELTA", "is not opened");
    window.see("nav-alerts", "1").await;
    palette.run("read").await;
    eventually("nothing unread", async || (scene.status().await["unread"] == 0).then_some(())).await;
    palette.run("diagnosis").await;
    window.copied("the diagnosis on the clipboard", |text| text.contains("Running: yes")).await;
    palette.run("demo").await;
    let socket = scene.desktop.path("run/streambell-demo/control.sock");
    let (demo, _pushes) = eventually("the demo", async || Client::connect(&socket).await.ok()).await;
    demo.call(Call::Quit).await.unwrap();
}

/// What a person likes to see.
pub(super) async fn set(palette: &Palette<'_>) {
    let (scene, window) = (palette.scene, &palette.scene.window);
    let before: Look = scene.look;
    for theme in ["light", "dark", "system"] {
        palette.run(&format!("theme {theme}")).await;
        window.find_css(&format!("html[data-theme=\"{theme}\"]")).await;
    }
    for (rise, shown) in [("red", "red"), ("system", "green"), ("green", "green")] {
        palette.run(&format!("rise {rise}")).await;
        window.find_css(&format!("html[data-rise=\"{shown}\"]")).await;
    }
    for (choice, shown) in [("zh", "zh"), ("en", "en"), ("system", "en"), (before.language(), before.language())] {
        palette.run(&format!("language {choice}")).await;
        window.find_css(&format!("html[lang^=\"{shown}\"]")).await;
        scene
            .see_config("the language", |text| {
                text.contains(&format!("language = \"{choice}\""))
                    || choice == "system" && !text.contains("language = \"")
            })
            .await;
    }
    scene.server.event("price-update", "p2", r#"{"symbol":"BETA","price":1.5}"#);
    scene.show("now").await;
    window.see_count("tile", 2).await;
    for order in ["name", "change", "hand"] {
        palette.run(&format!("order {order}")).await;
        window.find_css(&format!("[data-testid=\"tile-order\"] input[value=\"{order}\"]:checked")).await;
    }
    palette.run("secrets").await;
    window.find("no-secrets").await;
    scene.show("now").await;
    palette.run("chart market 0 BETA").await;
    window.see("chart", "BETA").await;
}
