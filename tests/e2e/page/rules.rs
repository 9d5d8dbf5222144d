//! Rules and tiles: written, tried, moved, switched, removed, given away and taken in.

use serde_json::json;
use streambell_tests::eventually;

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    a_rule_is_written_tried_tested_saved_switched_moved_and_removed,
    a_tile_is_made_of_an_event_changed_moved_removed_and_taken_back,
    what_is_exported_is_copied_and_saved_and_what_is_imported_is_shown_before_it_is_added,
);

/// A second rule, so that there is an order.
const SECOND: &str = "[[rule]]\nname = \"Notes\"\nevent = \"note\"\n";

/// What somebody else gives away: a rule that is new, one that is there under this name, and a stream that talks to a socket here.
const GIVEN: &str = "[[rule]]\nname = \"Given\"\nevent = \"gift\"\n\n[[rule]]\nname = \"Notes\"\nevent = \"other\"\n";
const REACHING: &str =
    "\n[[stream]]\nname = \"reaches\"\nurl = \"http://reach.example/\"\nunix_socket = \"/run/reach.sock\"\n";

async fn a_rule_is_written_tried_tested_saved_switched_moved_and_removed(look: Look) {
    let scene = Scene::open(look, SECOND).await;
    let window = &scene.window;
    scene.server.event("disk", "d1", r#"{"host":"db1","used":97}"#);
    scene.server.event("disk", "d2", r#"{"host":"db2","used":12}"#);
    eventually("two events", async || (scene.status().await["streams"][0]["events"] == 2).then_some(())).await;
    scene.show("rules").await;
    window.see_count("rule-row", 2).await;

    // Written as a form, with what it would have done beside it.
    window.click("rule-add").await;
    window.see_focus("rule-name").await;
    window.write("Disk full").await;
    window.type_into("rule-events", "disk").await;
    window.click("rule-add-field").await;
    window.type_into("rule-field-pointer", "/used").await;
    window.pick("rule-field-comparison", ">").await;
    window.type_into("rule-field-value", "90").await;
    window.click("rule-add-field").await;
    window.see_count("rule-field", 2).await;
    window.press_css("[data-testid=\"rule-field\"]:nth-of-type(2) > button").await;
    window.see_count("rule-field", 1).await;
    window.type_into("rule-title", "{{ data.host }} is full").await;
    window.pick("rule-urgency", "critical").await;
    eventually("the one event that it would ring for", async || {
        (window.find("rule-preview").await.text().await.ok()?.contains("db1 is full")).then_some(())
    })
    .await;
    let seen =
        "const { left, top, height } = document.querySelector('[data-testid=rule-preview] h3').getBoundingClientRect();
        return document.elementFromPoint(left + 4, top + height / 2)?.closest('[data-testid=rule-preview]') != null";
    let top = "document.querySelector('[data-testid=rule-name]').scrollIntoView({ block: 'end' })";
    window.evaluate(top, &[]).await;
    assert_eq!(window.evaluate(seen, &[]).await, false, "it is below what is seen");
    window.click("preview-peek").await;
    eventually("the preview in sight", async || (window.evaluate(seen, &[]).await == true).then_some(())).await;
    window.choose("preview-show", "not").await;
    window.see("preview-silent", "db2").await;
    window.choose("preview-show", "rang").await;
    scene.look("the rule's form").await;
    window.click("rule-test").await;
    let shown = scene.daemon.wait_for("the test notification", |notify| notify.summary.contains("db1 is full")).await;
    assert!(scene.alerts().await.is_empty(), "nothing is stored of {shown:?}");
    window.unfold("[data-testid=\"rule-more\"] summary").await;
    window.type_into("rule-cooldown", "5m").await;
    scene.look("all of the rule's form").await;
    window.press("Control+s").await;
    scene
        .see_config("the new rule", |text| text.contains("name = \"Disk full\"") && text.contains("cooldown = \"5m\""))
        .await;
    window.see_count("rule-row", 3).await;

    // As text, with a fault told at its line.
    window.press_css("[data-testid=\"rule-row\"][data-name=\"Disk full\"] [data-testid=\"rule-open\"]").await;
    window.choose("rule-mode", "text").await;
    window.see_value("rule-text", "Disk full").await;
    let text = window.find("rule-text").await.prop("value").await.unwrap().unwrap();
    window.type_into("rule-text", &text.replace("critical", "dreadful")).await;
    let line = text.lines().position(|line| line.starts_with("urgency")).unwrap() + 1;
    window.see("rule-fault", &window.phrase("ruleForm.lineAt", json!([line, 11])).await).await;
    window.press("Control+s").await;
    // From the fault to its place.
    window.press_css("[data-testid=\"rule-fault\"] button").await;
    window.see_focus("rule-text").await;
    let before = "const { value, selectionStart } = document.activeElement; return value.slice(0, selectionStart)";
    let before = window.evaluate(before, &[]).await;
    assert!(before.as_str().unwrap().ends_with("\nurgency = "), "{before}");
    window.type_into("rule-text", &text.replace("critical", "low")).await;
    window.gone("rule-fault").await;
    scene.look("the rule's text").await;
    // The notice of the save before says the same.
    window.dismiss().await;
    window.click("rule-save").await;
    scene.see_config("a low rule", |text| text.contains("urgency = \"low\"") && !text.contains("dreadful")).await;
    window.undo(&window.phrase("rules.saved", json!(["Disk full"])).await).await;
    scene.see_config("no low rule", |text| !text.contains("urgency = \"low\"")).await;

    // Switched off and, with the keys alone, moved to the front.
    let row = |part: &str| format!("[data-testid=\"rule-row\"][data-name=\"Notes\"] [data-testid=\"{part}\"]");
    window.press_css(&row("rule-switch")).await;
    scene.see_config("a rule that is off", |text| text.contains("enabled = false")).await;
    window.undo(&window.phrase("rules.switchedOff", json!(["Notes"])).await).await;
    scene.see_config("a rule that is on", |text| !text.contains("enabled = false")).await;
    window.press_css(&row("rule-up")).await;
    scene.see_config("Notes first", |text| text.find("\"Notes\"") < text.find("\"Market alert\"")).await;
    window.find_css("[data-testid=\"rule-row\"][data-name=\"Notes\"]:first-child").await;
    window.press_css(&row("rule-open")).await;
    window.find("rule-editor").await;
    window.press("Alt+Down").await;
    scene.see_config("Notes second", |text| text.find("\"Notes\"") > text.find("\"Market alert\"")).await;

    // Removed, and taken back with a key.
    window.find("rule-editor").await;
    window.click("rule-remove").await;
    scene.see_config("no Notes", |text| !text.contains("\"Notes\"")).await;
    window.see("notice", &window.phrase("rules.removed", json!(["Notes"])).await).await;
    window.press("Control+z").await;
    scene.see_config("Notes again", |text| text.contains("\"Notes\"")).await;
    window.see_count("rule-row", 3).await;
    scene.done().await;
}

async fn a_tile_is_made_of_an_event_changed_moved_removed_and_taken_back(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.server.event("reading", "r1", r#"{"sensor":"roof","celsius":21.5,"humidity":40}"#);
    scene.show("feed").await;
    window.find("feed-row").await;
    window.press("j").await;
    window.find("event-detail").await;
    window.press("t").await;
    window.find("tile-editor").await;
    window.see_value("tile-event", "reading").await;
    window.type_into("tile-value", "/celsius").await;
    window.type_into("tile-key", "/sensor").await;
    scene.look("the tile's form").await;
    // It is open as long as the tile is nothing yet.
    window.press_css("[data-testid=\"tile-editor\"] details summary").await;
    window.find_css("[data-testid=\"tile-editor\"] details:not([open])").await;
    window.unfold("[data-testid=\"tile-editor\"] details summary").await;
    window.click("tile-save").await;
    scene
        .see_config("a second tile", |text| text.contains("\"/celsius\"") && text.contains("event = \"reading\""))
        .await;
    window.see("notice", &window.word("tileForm.saved").await).await;
    scene.server.event("reading", "r2", r#"{"sensor":"roof","celsius":22.5,"humidity":41}"#);
    scene.show("now").await;
    window.find_css("[data-testid=\"tile\"][data-key=\"roof\"]").await;
    window.see("tile-value", "22.5").await;
    window.dismiss().await;
    window.press_css("[data-testid=\"tile\"][data-key=\"roof\"]").await;
    window.click("chart-edit").await;
    window.type_into("tile-unit", "°C").await;
    window.click("tile-save").await;
    scene.see_config("its unit", |text| text.contains("unit = \"°C\"")).await;
    // Then the list has it too: what is opened in it below is the tile as it is now.
    window.see("notice", &window.word("tileForm.saved").await).await;
    window.dismiss().await;
    scene.show("now").await;
    window.see("tile-value", "22.5\u{a0}°C").await;
    window.click("chart-close").await;

    scene.show("rules").await;
    window.choose("rules-tab", "tiles").await;
    window.see_count("tile-row", 2).await;
    let second = "[data-testid=\"tile-row\"]:nth-of-type(2) [data-testid=\"tile-open\"]";
    window.press_css(second).await;
    window.find("tile-editor").await;
    window.dismiss().await;
    window.type_into("tile-value", "/humidity").await;
    window.click("tile-save").await;
    scene.see_config("humidity", |text| text.contains("\"/humidity\"") && !text.contains("\"/celsius\"")).await;
    window.see("notice", &window.word("tileForm.saved").await).await;
    window.dismiss().await;
    window.press_css("[data-testid=\"tile-row\"]:nth-of-type(2) .moves button:first-child").await;
    scene.see_config("humidity first", |text| text.find("\"/humidity\"") < text.rfind("[[tile]]")).await;
    window.see("tile-open", "humidity").await;
    window.press_css("[data-testid=\"tile-row\"]:first-of-type [data-testid=\"tile-open\"]").await;
    window.find("tile-editor").await;
    window.click("tile-remove").await;
    scene.see_config("no humidity", |text| !text.contains("\"/humidity\"")).await;
    window.see_count("tile-row", 1).await;
    window.undo(&window.word("tileForm.removed").await).await;
    scene.see_config("humidity again", |text| text.contains("\"/humidity\"")).await;
    window.see_count("tile-row", 2).await;

    window.click("tile-add").await;
    window.pick("tile-stream", "market").await;
    window.type_into("tile-event", "nothing-yet").await;
    window.type_into("tile-value", "/x").await;
    window.type_into("tile-change", "/change_pct").await;
    window.click("tile-save").await;
    window.see_count("tile-row", 3).await;
    scene.see_written(&["event = \"nothing-yet\"", "change = \"/change_pct\""]).await;
    scene.done().await;
}

async fn what_is_exported_is_copied_and_saved_and_what_is_imported_is_shown_before_it_is_added(look: Look) {
    let scene = Scene::open(look, SECOND).await;
    let window = &scene.window;
    scene.show("rules").await;
    window.click("rules-export").await;
    window.see_value("export-text", "name = \"Notes\"").await;
    window.click("export-stream").await;
    window.see_value("export-text", "[[stream]]").await;
    window.click("export-tile").await;
    window.see_value("export-text", "[[tile]]").await;
    scene.look("the export").await;
    // One by one, or all of a kind: what is left out comes back when it is ticked again.
    let lacks = async |what: &str| {
        eventually(&format!("an export without {what}"), async || {
            let text = window.find("export-text").await.prop("value").await.ok()??;
            (!text.is_empty() && !text.contains(what)).then_some(())
        })
        .await;
    };
    window.press_css("[data-testid=\"export-rule-items\"] li:nth-of-type(2) input").await;
    lacks("name = \"Notes\"").await;
    window.see_value("export-text", "name = \"Market alert\"").await;
    window.click("export-rule-all").await;
    lacks("[[rule]]").await;
    window.press_css("[data-testid=\"export-tile-items\"] li:nth-of-type(1) input").await;
    lacks("[[tile]]").await;
    window.see_value("export-text", "[[stream]]").await;
    window.press_css("[data-testid=\"export-tile-items\"] li:nth-of-type(1) input").await;
    window.click("export-rule-all").await;
    window.see_value("export-text", "name = \"Notes\"").await;
    window.see_value("export-text", "[[tile]]").await;
    window.press_button(&window.word("first.copy").await).await;
    window.copied("the rules on the clipboard", |text| text.contains("name = \"Notes\"")).await;
    window.click("export-download").await;
    let saved = eventually("the saved file", async || {
        let text = ["home/Downloads", "home"]
            .iter()
            .find_map(|folder| std::fs::read_to_string(scene.desktop.path(folder).join("streambell.toml")).ok())?;
        (!text.is_empty()).then_some(text)
    })
    .await;
    assert!(saved.contains("[[stream]]") && saved.contains("name = \"Notes\""), "{saved}");
    window.see("notice", "streambell.toml").await;
    window.dismiss().await;
    window.press_button(&window.word("close").await).await;

    window.click("rules-import").await;
    window.type_into("import-text", "[[rule]]\nname = 7\n").await;
    window.see("import-fault", &window.phrase("ruleForm.lineAt", json!([2, 8])).await).await;
    let file = scene.desktop.path("given.toml");
    std::fs::write(&file, format!("{GIVEN}{REACHING}")).unwrap();
    window.find("import-file").await.send_keys(file.to_str().unwrap()).await.unwrap();
    window.see_count("import-item", 3).await;
    window.find_css("[data-testid=\"import-item\"][data-fate=\"clash\"]").await;
    scene.look("the import").await;
    window.find("import-asks").await;
    window.click("import-apply").await;
    let dialog = scene.asked().await;
    assert!(!scene.config().contains("\"Given\""), "what reaches into this machine is asked about");
    dialog.allow().await;
    scene.see_config("what was given", |text| text.contains("\"Given\"") && text.contains("\"reaches\"")).await;
    assert!(!scene.config().contains("event = \"other\""), "what was there stays");
    window.see_count("rule-row", 3).await;
    let streams = scene.status().await["streams"].as_array().map(Vec::len);
    assert_eq!(streams, Some(2));
    scene.done().await;
}
