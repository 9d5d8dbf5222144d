//! Silences: of a rule, a group and a stream, for an hour, until tomorrow and for any time; made everywhere, and ended.

use serde_json::{Value, json};
use streambell_tests::eventually;

use super::{Look, Scene, in_both_looks};

in_both_looks!(everything_that_an_alert_is_of_is_silenced_for_any_time_and_that_is_taken_back);

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

    // In the settings they are listed with the streams that are muted, and end there.
    window.click("mute-rule").await;
    let silence = scene.see_silence().await;
    assert_eq!(silence["rule"], "Disk");
    scene.show("streams").await;
    window.click("stream-pause-toggle").await;
    window.find_css("[data-testid=\"stream-pause-toggle\"][aria-pressed=\"true\"]").await;
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
    window.click("add-silence").await;
    window.press_button(&window.word("form.cancel").await).await;
    window.gone("silence-form").await;
    scene.done().await;
}
