//! The palette's commands for streams, for silences and for sounds.

use serde_json::json;
use streambell_tests::eventually;

use super::Palette;

pub(super) async fn stream(palette: &Palette<'_>) {
    let (scene, window) = (palette.scene, &palette.scene.window);
    palette.run("add").await;
    window.see_focus("add-url").await;
    palette.run("stream market").await;
    window.see("stream-detail", "market").await;
    palette.run("feed market").await;
    window.see_view("feed").await;
    window.see_value("feed-stream", "market").await;
    palette.run("diagnose market").await;
    window.find("diagnose").await;
    palette.run("edit market").await;
    window.see_value("stream-name", "market").await;
    palette.run("silence-open market").await;
    eventually("the stream silent", async || (scene.status().await["paused_streams"][0] == "market").then_some(()))
        .await;
    palette.run("view settings").await;
    window.find("stream-pause").await;
    palette.run("hear market").await;
    window.gone("stream-pause").await;
    palette.run("silence-60 market").await;
    window.find("end-silence").await;
    let silence = window.find("silence").await.attr("data-id").await.unwrap().unwrap();
    palette.run(&format!("end-silence {silence}")).await;
    window.gone("end-silence").await;
    palette.run("silence-new").await;
    window.find("silence-form").await;
    let connections = async || scene.status().await["streams"][0]["connections"].as_u64();
    let before = connections().await;
    palette.run("try market").await;
    eventually("another connection", async || (connections().await > before).then_some(())).await;
    palette.run("view streams").await;
    palette.run("turn market").await;
    scene.resident.wait_for_state(&scene.desktop, "market", "paused").await;
    window.find_css("[data-testid=\"stream-row\"][data-state=\"paused\"]").await;
    palette.run("turn market").await;
    scene.resident.wait_for_state(&scene.desktop, "market", "open").await;
    window.find_css("[data-testid=\"stream-row\"][data-state=\"open\"]").await;
    palette.run("remove market").await;
    window.click("remove-confirmed").await;
    scene.see_config("no stream", |text| !text.contains("[[stream]]")).await;
    palette.undo(&window.phrase("streams.removed", json!(["market", 1, 1])).await).await;
    scene.see_config("the stream again", |text| text.contains("[[stream]]")).await;
    palette.run("sounds").await;
    scene.see_config("no sounds", |text| text.contains("sounds = false")).await;
    palette.undo(&window.word("settings.saved").await).await;
    scene.see_config("sounds", |text| !text.contains("sounds = false")).await;
}
