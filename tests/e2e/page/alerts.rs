//! Alerts: found, read, acknowledged, silenced, one by one and many at once.

use serde_json::{Value, json};
use streambell_tests::eventually;

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    alerts_are_found_read_and_acknowledged_many_at_once_and_that_is_taken_back,
    an_alert_is_answered_with_every_button_it_has,
    each_answer_is_given_with_a_key_and_taken_back,
);

/// A rule whose alerts are resolved, and one with buttons of its own.
const MORE: &str = "[[rule]]\nname = \"Disk\"\nevent = \"disk\"\ntitle = \"{{ data.host }} at {{ data.used }} %\"\n\
    group = \"{{ data.host }}\"\nwhen = \"data.used > 90\"\nresolved_when = \"data.used < 80\"\n\
    buttons = [{ kind = \"copy-value\", value = \"{{ data.host }}\" }, { kind = \"mute-rule\", for = \"30m\" }]\n";

/// How many alerts have this in their answer.
fn answered(alerts: &[Value], answer: &str) -> usize {
    alerts.iter().filter(|alert| alert["answer"] == answer).count()
}

async fn alerts_are_found_read_and_acknowledged_many_at_once_and_that_is_taken_back(look: Look) {
    let scene = Scene::open(look, MORE).await;
    let window = &scene.window;
    for (number, symbol) in [(1, "ACME"), (2, "BETA"), (3, "GAMMA"), (4, "DELTA")] {
        scene.alert(number, symbol, &format!("message {number}"));
    }
    scene.server.event("disk", "d1", r#"{"host":"db1","used":95}"#);
    scene.server.event("disk", "d2", r#"{"host":"db1","used":20}"#);
    eventually("five alerts", async || (scene.alerts().await.len() == 5).then_some(())).await;
    let unread = async |wanted: u64| {
        eventually(&format!("{wanted} unread"), async || {
            (scene.status().await["unread"].as_u64() == Some(wanted)).then_some(())
        })
        .await;
    };
    scene.show("alerts").await;
    window.click("group-alerts").await;
    window.see_count("alert-row", 5).await;

    // Looked for, and narrowed.
    window.press("/").await;
    window.see_focus("alert-search").await;
    window.write("GAMMA").await;
    window.see_count("alert-row", 1).await;
    window.press("Control+a").await;
    window.write("nowhere").await;
    window.press_button(&window.word("alerts.clear").await).await;
    window.see_count("alert-row", 5).await;
    window.choose("alert-show", "resolved").await;
    window.see_count("alert-row", 1).await;
    window.see("alert-row", "db1 at 95 %").await;
    window.choose("alert-show", "all").await;
    window.see_count("alert-row", 5).await;

    // Checked with the mouse.
    let check = "[data-testid=\"alert-row\"]:first-of-type .check";
    window.press_css(check).await;
    window.see("checked", "1").await;
    window.press_css(check).await;
    window.gone("checked").await;

    // Many at once, with the keys.
    window.press("j").await;
    window.press("j").await;
    window.press("k").await;
    window.see("alert-detail", "message").await;
    window.press("x").await;
    window.see("checked", "1").await;
    window.press("J").await;
    window.see("checked", "2").await;
    window.press("K").await;
    window.see("checked", "1").await;
    window.press("J").await;
    window.see("checked", "2").await;
    scene.look("checked alerts").await;
    window.click("bulk-acknowledge").await;
    eventually("two acknowledged", async || (answered(&scene.alerts().await, "acknowledged") == 2).then_some(())).await;
    window.choose("alert-show", "acknowledged").await;
    window.see_count("alert-row", 2).await;
    window.choose("alert-show", "all").await;
    window.see_count("alert-row", 5).await;
    window.press("Control+a").await;
    window.see("checked", "5").await;
    window.press("r").await;
    window.undo(&window.phrase("alerts.marked", json!([3])).await).await;
    window.see("nav-alerts", "3").await;
    window.press("Escape").await;
    window.click("mark-all-read").await;
    unread(0).await;

    // A group folds and unfolds.
    scene.alert(5, "ACME", "once more");
    window.see("alert-row", "once more").await;
    window.click("group-alerts").await;
    window.find("alert-group").await;
    window.click("fold-group").await;
    window.find_css("[data-testid=\"alert-row\"][aria-level=\"2\"]").await;
    scene.look("an open group").await;

    // With the keys of the list, which are those of a tree; and a line is checked.
    let at = async |line: &str| drop(window.find_css(&format!("[data-selected=\"true\"]{line}")).await);
    window.press("/").await;
    window.see_focus("alert-search").await;
    window.press("Down").await;
    for (key, line) in [
        ("Home", "[data-testid=\"alert-group\"][aria-expanded=\"true\"]"),
        ("Down", "[data-testid=\"alert-row\"][aria-level=\"2\"]"),
        ("Left", "[data-testid=\"alert-group\"][aria-expanded=\"false\"]"),
        ("Right", "[data-testid=\"alert-group\"][aria-expanded=\"true\"]"),
        ("Enter", "[data-testid=\"alert-group\"][aria-expanded=\"false\"]"),
        ("End", "[data-testid=\"alert-row\"][aria-level=\"1\"]"),
        ("PageUp", "[data-testid=\"alert-group\"]"),
        ("PageDown", "[data-testid=\"alert-row\"][aria-level=\"1\"]"),
        ("Space", "[data-testid=\"alert-row\"][data-checked=\"true\"]"),
        ("Shift+Up", "[data-testid^=\"alert-\"][data-checked=\"true\"]"),
    ] {
        window.press(key).await;
        at(line).await;
    }
    window.see("checked", "6").await;
    window.press("Escape").await;
    window.gone("checked").await;
    scene.done().await;
}

async fn an_alert_is_answered_with_every_button_it_has(look: Look) {
    let scene = Scene::open(look, MORE).await;
    let window = &scene.window;
    scene.server.event("disk", "d1", r#"{"host":"db1","used":95,"deep":{"er":[1,"two"]}}"#);
    scene.show("alerts").await;
    window.click("alert-row").await;
    window.see("alert-detail", "db1 at 95 %").await;

    // Why it rang, and its data.
    window.unfold("[data-testid=\"why\"] summary").await;
    window.find("why-rule").await;
    window.press_css("[data-testid=\"json-line\"][data-pointer=\"/host\"]").await;
    window.click("copy-value").await;
    window.see_copied("db1").await;
    window.click("copy-pointer").await;
    window.see_copied("/host").await;

    // The buttons of its rule, and those that every alert has.
    window.press_button(&window.word("alerts.copy").await).await;
    window.see_copied("db1").await;
    window.click("mute-rule").await;
    let silences = eventually("the rule muted", async || {
        let silences = scene.lines(&["silences", "--json"]).await;
        (!silences.is_empty()).then_some(silences)
    })
    .await;
    assert_eq!(silences[0]["rule"], "Disk");
    window.click("undo").await;
    eventually("the rule not muted", async || scene.lines(&["silences", "--json"]).await.is_empty().then_some(()))
        .await;
    window.click("acknowledge").await;
    eventually("acknowledged", async || (answered(&scene.alerts().await, "acknowledged") == 1).then_some(())).await;
    window.gone("acknowledge").await;

    // A silence for its group, for as long as somebody says, and the way to all of them.
    window.click("silence").await;
    window.find("silence-panel").await;
    window.click("silence-group").await;
    window.type_into("silence-amount", "90").await;
    window.pick("silence-unit", "minutes").await;
    window.type_into("silence-comment", "disk is on its way").await;
    scene.look("the panel of a silence").await;
    window.click("silence-submit").await;
    let silence = eventually("the silence", async || scene.lines(&["silences", "--json"]).await.first().cloned()).await;
    assert_eq!([&silence["group"], &silence["comment"]], ["db1", "disk is on its way"]);
    window.click("show-silences").await;
    window.see_view("settings").await;
    window.see("silence", "db1").await;

    // A link says where it leads, and leads there.
    scene.alert(7, "ACME", "with a link");
    scene.show("alerts").await;
    eventually("the second alert", async || (window.count("alert-row").await == 2).then_some(())).await;
    window.press_css("[data-testid=\"alert-row\"][data-id=\"2\"]").await;
    window.see("alert-link", "news.example").await;
    window.click("alert-link").await;
    scene.see_opened("https://news.example/7").await;
    window.dismiss().await;
    window.click("show-in-feed").await;
    window.see_view("feed").await;
    window.see("event-detail", "market-alert").await;
    scene.done().await;
}

async fn each_answer_is_given_with_a_key_and_taken_back(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    for (number, symbol) in [(1, "ACME"), (2, "BETA"), (3, "GAMMA")] {
        scene.alert(number, symbol, &format!("message {number}"));
    }
    scene.show("alerts").await;
    window.click("group-alerts").await;
    window.see_count("alert-row", 3).await;
    let acknowledged = async |wanted: usize| {
        eventually(&format!("{wanted} acknowledged"), async || {
            (answered(&scene.alerts().await, "acknowledged") == wanted).then_some(())
        })
        .await;
    };
    let unread = async |wanted: u64| {
        eventually(&format!("{wanted} unread"), async || {
            (scene.status().await["unread"].as_u64() == Some(wanted)).then_some(())
        })
        .await;
        // The window hears of it a moment later, and counts by what it has heard.
        match wanted {
            0 => window.gone("unread-count").await,
            _ => window.see("unread-count", &wanted.to_string()).await,
        }
    };
    let said = async |key: &str, count: u32| {
        window.see("notice", &window.phrase(key, json!([count])).await).await;
        window.dismiss().await;
    };

    // One by one: an alert that is opened is read.
    window.press("j").await;
    window.see("alert-detail", "message 3").await;
    unread(2).await;
    window.press("u").await;
    said("alerts.markedUnread", 1).await;
    unread(3).await;
    window.press("e").await;
    window.find("unacknowledge").await;
    window.undo(&window.phrase("alerts.acknowledgedMany", json!([1])).await).await;
    window.find("acknowledge").await;
    window.press("e").await;
    said("alerts.acknowledgedMany", 1).await;
    acknowledged(1).await;
    window.press("E").await;
    said("alerts.unacknowledgedMany", 1).await;
    acknowledged(0).await;
    window.click("acknowledge").await;
    said("alerts.acknowledgedMany", 1).await;
    window.click("unacknowledge").await;
    said("alerts.unacknowledgedMany", 1).await;
    window.click("mark-unread").await;
    said("alerts.markedUnread", 1).await;
    window.press("Escape").await;
    window.gone("alert-detail").await;

    // All at once, with the buttons for what is checked.
    unread(3).await;
    window.click("mark-all-read").await;
    said("alerts.marked", 3).await;
    window.choose("alert-show", "unread").await;
    window.click("alerts-all").await;
    window.see_count("alert-row", 3).await;
    window.click("alert-row").await;
    window.press("Control+a").await;
    window.see("checked", "3").await;
    window.click("bulk-unread").await;
    window.undo(&window.phrase("alerts.markedUnread", json!([3])).await).await;
    unread(0).await;
    window.press("Control+a").await;
    window.click("bulk-acknowledge").await;
    said("alerts.acknowledgedMany", 3).await;
    acknowledged(3).await;
    window.press("Control+a").await;
    window.click("bulk-unacknowledge").await;
    said("alerts.unacknowledgedMany", 3).await;
    acknowledged(0).await;
    window.press("Control+a").await;
    window.click("bulk-read").await;
    window.see("notice", &window.word("alerts.nothingToDo").await).await;
    window.press("Control+a").await;
    window.click("uncheck").await;
    window.gone("checked").await;
    scene.done().await;
}
