//! The palette's commands for rules and tiles, and for their forms.

use serde_json::json;
use streambell_tests::eventually;

use super::Palette;

pub(super) async fn rules(palette: &Palette<'_>) {
    let (scene, window) = (palette.scene, &palette.scene.window);
    palette.run("silence-rule-60 Market alert").await;
    eventually("a silence", async || (scene.status().await["silences"] == 1).then_some(())).await;
    window.find("undo").await;
    window.press("Control+z").await;
    eventually("no silence", async || (scene.status().await["silences"] == 0).then_some(())).await;
    palette.run("turn-rule Market alert").await;
    scene.see_config("a rule that is off", |text| text.contains("enabled = false")).await;
    window.undo(&window.phrase("rules.switchedOff", json!(["Market alert"])).await).await;
    scene.see_config("a rule that is on", |text| !text.contains("enabled = false")).await;
    palette.run("silence-rule-60 Market alert").await;
    eventually("a silence", async || (scene.status().await["silences"] == 1).then_some(())).await;
    palette.run("hear-rule Market alert").await;
    eventually("no silence", async || (scene.status().await["silences"] == 0).then_some(())).await;
    palette.run("test-rule Market alert").await;
    window.see("notice", &window.word("ruleForm.tested").await).await;
    for command in ["rule-down Market alert", "rule-up Second"] {
        palette.run(command).await;
        scene.see_config("another order of rules", |text| order(text, "\"Second\"", "\"Market alert\"")).await;
        let moved =
            if command.starts_with("rule-down") { json!(["Market alert", 2, 2]) } else { json!(["Second", 1, 2]) };
        window.undo(&window.phrase("rules.moved", moved).await).await;
        scene.see_config("the order of before", |text| order(text, "\"Market alert\"", "\"Second\"")).await;
    }
    palette.run("remove-rule Market alert").await;
    scene.see_config("no such rule", |text| !text.contains("\"Market alert\"")).await;
    palette.undo(&window.phrase("rules.removed", json!(["Market alert"])).await).await;
    scene.see_config("the rule again", |text| text.contains("\"Market alert\"")).await;
}

pub(super) async fn tiles(palette: &Palette<'_>) {
    let (scene, window) = (palette.scene, &palette.scene.window);
    palette.run("tiles").await;
    window.find_css("[data-testid=\"rules-tab\"] input[value=\"tiles\"]:checked").await;
    for (command, place) in [("tile-down 0", 2), ("tile-up 1", 1)] {
        palette.run(command).await;
        scene.see_config("another order of tiles", |text| !text.trim_end().ends_with("event = \"second\"")).await;
        window.undo(&window.phrase("tileForm.moved", json!([place, 2])).await).await;
        scene.see_config("the order of before", |text| text.trim_end().ends_with("event = \"second\"")).await;
    }
    palette.run("remove-tile 0").await;
    scene.see_config("one tile less", |text| text.matches("[[tile]]").count() == 1).await;
    palette.undo(&window.word("tileForm.removed").await).await;
    scene.see_config("the tile again", |text| text.matches("[[tile]]").count() == 2).await;
}

/// What is opened in a form, saved and closed.
pub(super) async fn forms(palette: &Palette<'_>) {
    let (scene, window) = (palette.scene, &palette.scene.window);
    palette.run("tile 0").await;
    window.find("tile-editor").await;
    palette.run("rule Market alert").await;
    window.see_value("rule-name", "Market alert").await;
    window.type_into("rule-name", "Market bell").await;
    palette.run("save").await;
    scene.see_config("another name", |text| text.contains("\"Market bell\"")).await;
    palette.undo(&window.phrase("rules.saved", json!(["Market bell"])).await).await;
    scene.see_config("the name of before", |text| text.contains("\"Market alert\"")).await;
    palette.run("add rule").await;
    window.see_focus("rule-name").await;
    palette.run("close").await;
    window.gone("rule-editor").await;
    palette.run("add tile").await;
    window.find("tile-editor").await;
    palette.run("import").await;
    window.find("import-text").await;
    palette.run("export").await;
    window.see_value("export-text", "[[rule]]").await;
}

/// Whether one stands before another.
fn order(text: &str, one: &str, other: &str) -> bool {
    text.find(one).zip(text.find(other)).is_some_and(|(one, other)| one < other)
}
