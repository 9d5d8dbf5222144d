//! Silences: of a rule, a group and a stream, for an hour, until tomorrow and for any time; made everywhere, and ended.

use serde_json::{Value, json};
use streambell_tests::eventually;

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    everything_that_an_alert_is_of_is_silenced_for_any_time_and_that_is_taken_back,
    a_rule_is_silenced_where_it_is_made_says_until_when_and_is_ended_there,
);

const GROUPED: &str =
    "[[rule]]\nname = \"Disk\"\nevent = \"disk\"\ntitle = \"{{ data.host }}\"\ngroup = \"{{ data.host }}\"\n";

impl Scene {
    /// Waits until there is one silence.
    async fn see_silence(&self) -> Value {
        eventually("a silence", async || self.lines(&["silences", "--json"]).await.first().cloned()).await
    }

    async fn see_no_silence(&self) {
        eventually("no silence", async || self.lines(&["silences", "--json"]).await.is_empty().then_some(())).await;
    }
}

/// For how long from now, in seconds.
fn left(silence: &Value) -> i64 {
    let until: jiff::Timestamp = silence["until"].as_str().unwrap().parse().unwrap();
    until.duration_since(jiff::Timestamp::now()).as_secs()
}

async fn everything_that_an_alert_is_of_is_silenced_for_any_time_and_that_is_taken_back(look: Look) {
    let scene = Scene::open(look, GROUPED).await;
    let window = &scene.window;
    scene.server.event("disk", "d1", r#"{"host":"db1","used":95}"#);
    scene.show("alerts").await;
    window.click("alert-row").await;
    window.see("alert-detail", "db1").await;
    for (what, about) in [("rule", "Disk"), ("group", "db1"), ("stream", "market")] {
        window.press("s").await;
        window.find("silence-panel").await;
        window.click(&format!("silence-{what}")).await;
        if what == "stream" {
            window.click("silence-tomorrow").await;
        }
        window.press("Enter").await;
        window.gone("silence-panel").await;
        let silence = scene.see_silence().await;
        assert_eq!(silence[what], about, "{silence}");
        let left = left(&silence);
        assert!(
            if what == "stream" { (1..=32 * 3_600).contains(&left) } else { (3_400..=3_600).contains(&left) },
            "{left} s"
        );
        window.see("show-silences", "1").await;
        window.click("undo").await;
        scene.see_no_silence().await;
        window.gone("show-silences").await;
    }

    // Any other time, within reason; and given up.
    window.click("silence").await;
    window.click("silence-own").await;
    for (amount, unit, good) in [("0", "minutes", false), ("400", "days", false), ("45", "minutes", true)] {
        window.type_into("silence-amount", amount).await;
        window.pick("silence-unit", unit).await;
        let submit = window.find("silence-submit").await;
        eventually(&format!("{amount} {unit}"), async || {
            (submit.prop("disabled").await.ok()?.as_deref() == Some(if good { "false" } else { "true" })).then_some(())
        })
        .await;
    }
    window.press_button(&window.word("alerts.silencing.cancel").await).await;
    window.gone("silence-panel").await;
    window.press("s").await;
    window.find("silence-panel").await;
    window.press("Escape").await;
    window.gone("silence-panel").await;
    scene.see_no_silence().await;

    // In the settings they are listed with the streams that are silent, and end there.
    window.click("mute-rule").await;
    let silence = scene.see_silence().await;
    assert_eq!(silence["rule"], "Disk");
    scene.show("streams").await;
    window.click("stream-silence").await;
    window.click("stream-silence-open").await;
    window.find("stream-silent").await;
    scene.show("settings").await;
    window.find("stream-pause").await;
    window.see("silence", "Disk").await;
    scene.look("what is silent").await;
    window.press_button(&window.phrase("quiet.resumeStream", json!(["market"])).await).await;
    window.gone("stream-pause").await;
    window.click("end-silence").await;
    window.gone("silence").await;
    scene.see_no_silence().await;
    for length in ["1h", "4h", "morning", "1d", "7d", "30d"] {
        window.click("add-silence").await;
        window.pick("silence-stream", "market").await;
        window.pick("silence-length", length).await;
        window.click("silence-save").await;
        window.find("silence").await;
        window.undo(&window.word("settings.silenced").await).await;
        window.gone("silence").await;
    }
    // A group, and names by a pattern.
    window.click("add-silence").await;
    window.pick("silence-rule", " ").await;
    window.type_into("silence-rules-like", "Di*").await;
    window.type_into("silence-group", "db?").await;
    scene.look("a silence by patterns").await;
    window.click("silence-save").await;
    let silence = scene.see_silence().await;
    assert_eq!([&silence["rule"], &silence["group"]], ["Di*", "db?"]);
    window.undo(&window.word("settings.silenced").await).await;
    window.gone("silence").await;

    window.click("add-silence").await;
    window.press_button(&window.word("form.cancel").await).await;
    window.gone("silence-form").await;
    scene.done().await;
}

async fn a_rule_is_silenced_where_it_is_made_says_until_when_and_is_ended_there(look: Look) {
    let scene = Scene::open(look, GROUPED).await;
    let window = &scene.window;
    let row = |part: &str| format!("[data-testid=\"rule-row\"][data-name=\"Disk\"] [data-testid=\"{part}\"]");
    scene.show("rules").await;

    // In the list, for an hour.
    window.press_css(&row("rule-silence")).await;
    window.see_focus("silence-hour").await;
    scene.look("the panel in the list").await;
    window.press("Enter").await;
    window.find_css(&row("rule-silent")).await;
    let silence = scene.see_silence().await;
    assert_eq!([&silence["rule"], &silence["stream"], &silence["group"]], [&json!("Disk"), &Value::Null, &Value::Null]);
    assert!((3_400..=3_600).contains(&left(&silence)), "{silence}");
    scene.look("a silent rule").await;

    // In the editor it says so too; another length takes the place of the first, and that is taken back.
    window.press_css(&row("rule-open")).await;
    window.find("editor-silent").await;
    window.click("editor-silence").await;
    window.click("silence-own").await;
    window.type_into("silence-amount", "2").await;
    window.pick("silence-unit", "days").await;
    window.dismiss().await;
    window.click("silence-submit").await;
    let longer = |silences: &[Value]| silences.len() == 1 && left(&silences[0]) > 86_400;
    eventually("one silence of two days", async || longer(&scene.lines(&["silences", "--json"]).await).then_some(()))
        .await;
    window.click("undo").await;
    eventually("the hour again", async || {
        let silences = scene.lines(&["silences", "--json"]).await;
        (silences.len() == 1 && left(&silences[0]) <= 3_600).then_some(())
    })
    .await;
    window.find("editor-silent").await;
    scene.look("the editor of a silent rule").await;

    // Ended in the editor, taken back, and ended in the list.
    window.click("editor-silent-end").await;
    scene.see_no_silence().await;
    window.gone("rule-silent").await;
    window.see_focus("editor-silence").await;
    window.click("undo").await;
    scene.see_silence().await;
    window.press_css(&row("rule-silent-end")).await;
    scene.see_no_silence().await;
    window.gone("editor-silent").await;

    // What is being written stays as it is.
    window.type_into("rule-title", "still here").await;
    window.click("editor-silence").await;
    window.see_focus("silence-hour").await;
    window.press("Enter").await;
    window.find("editor-silent").await;
    window.see_value("rule-title", "still here").await;
    scene.done().await;
}
