//! What could not be read, and what broke in the page itself: it is said in its place, and one press goes on.

use serde_json::{Value, json};

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    what_could_not_be_read_is_read_again,
    what_breaks_in_the_page_takes_nothing_else_with_it,
    a_page_that_has_stopped_says_so_and_is_loaded_anew
);

/// Lets every question of one kind be refused before it leaves the page, or none any more.
const REFUSE: &str = "
    const [kind] = arguments;
    window.answered ??= window.fetch;
    const refusal = { code: 'failed', message: { en: 'not today', zh: '今天不行' } };
    const refused = () => Promise.resolve(new Response(JSON.stringify(refusal), { headers: { 'Content-Type': 'application/json', 'Tauri-Response': 'error' } }));
    window.fetch = (at, given) => (kind && String(given?.body).includes(`{\"call\":\"${kind}\"`) ? refused() : window.answered(at, given));";

/// Lets every time that is written fail, or none any more.
const FAIL: &str = "
    const [fails] = arguments;
    window.written ??= Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format');
    const get = () => { throw new Error('no time can be written'); };
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', fails ? { configurable: true, get } : window.written);";

impl Scene {
    /// Takes a table away from who reads the ledger, or gives it back.
    fn rename(&self, table: &str, name: &str) {
        let ledger = rusqlite::Connection::open(self.profile.join("history.db")).unwrap();
        ledger.execute_batch(&format!("ALTER TABLE {table} RENAME TO {name}")).unwrap();
    }

    async fn fail(&self, fails: bool) {
        self.window.evaluate(FAIL, &[json!(fails)]).await;
    }
}

async fn what_could_not_be_read_is_read_again(look: Look) {
    let mut scene = Scene::open(look, "").await;
    for (number, price) in [(1, 101), (2, 102), (3, 99)] {
        let data = format!(r#"{{"symbol":"ACME","price":{price}}}"#);
        scene.server.event("price-update", &format!("p{number}"), &data);
    }
    scene.alert(1, "ACME", "moves");
    scene.window.find("alert-row").await;
    scene.window.find("tile").await;

    scene.rename("events", "away");
    scene.window.click("tile").await;
    scene.window.see("chart", &scene.window.word("chart.failed").await).await;
    scene.look("a chart that could not be read").await;
    scene.rename("away", "events");
    scene.window.click("chart-again").await;
    scene.window.find("plot").await;

    for (view, table, call, search, again, leaves) in [
        ("feed", "events", "search", "feed-search", "feed-again", "feed-clear"),
        ("alerts", "alerts", "alerts", "alert-search", "alerts-again", "alerts-all"),
    ] {
        scene.show(view).await;
        scene.window.find(search).await;
        scene.rename(table, "away");
        scene.window.press("/").await;
        scene.window.see_focus(search).await;
        scene.window.write("unobtainium").await;
        scene.window.find(again).await;
        scene.look(&format!("{view} that could not be read")).await;
        // Still not there: it says so again.
        scene.window.until_answered(&format!("\"call\":\"{call}\""), scene.window.click(again)).await;
        scene.window.find(again).await;
        scene.rename("away", table);
        scene.window.tab_to(again).await;
        scene.window.press("Enter").await;
        scene.window.find(leaves).await;
        scene.window.click(leaves).await;
        scene.window.find(if view == "feed" { "feed-row" } else { "alert-row" }).await;
    }

    // The settings, where the first question after the start had no answer.
    scene.resident.kill().await;
    scene.window.find("lost-banner").await;
    scene.window.reload().await;
    scene.window.find("lost-banner").await;
    scene.window.evaluate(REFUSE, &[json!("configuration")]).await;
    scene.resident = streambell_tests::Resident::start(&scene.desktop, &scene.profile, &["run", "--headless"]);
    scene.window.gone("lost-banner").await;
    scene.show("settings").await;
    scene.window.find("settings-again").await;
    scene.look("settings that could not be read").await;
    scene.window.evaluate(REFUSE, &[Value::Null]).await;
    scene.window.click("settings-again").await;
    scene.window.find("setting-events").await;
    scene.window.gone("settings-again").await;
    scene.done().await;
}

async fn what_breaks_in_the_page_takes_nothing_else_with_it(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.alert(1, "ACME", "moves");
    window.find("alert-row").await;

    // A view: the others are there, and it comes back.
    scene.show("rules").await;
    scene.fail(true).await;
    scene.show("feed").await;
    window.find("broken").await;
    scene.look("a broken view").await;
    window.click("broken-again").await;
    window.find("broken").await;
    window.unfold("[data-testid=\"broken\"] summary").await;
    window.see("broken-report", "no time can be written").await;
    window.press_button(&window.word("broken.copy").await).await;
    window.copied("the report on the clipboard", |text| text.contains("no time can be written")).await;
    scene.show("rules").await;
    window.find("rule-row").await;
    scene.show("feed").await;
    window.find("broken").await;
    scene.fail(false).await;
    window.tab_to("broken-again").await;
    window.press("Enter").await;
    window.find("feed-row").await;
    window.gone("broken").await;
    scene.done().await;
}

async fn a_page_that_has_stopped_says_so_and_is_loaded_anew(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.alert(1, "ACME", "moves");
    window.find("alert-row").await;
    let [stopped, text, reload] =
        [window.word("broken.window").await, window.word("broken.text").await, window.word("broken.reload").await];

    // What stands above all views: it tells until when there are no notifications.
    scene.fail(true).await;
    scene.ask(&["pause", "1h"]).await;
    window.see("stopped", &stopped).await;
    window.see("stopped", &text).await;
    window.gone("status-line").await;
    scene.look("a page that has stopped").await;
    window.unfold("[data-testid=\"stopped\"] summary").await;
    window.see("broken-report", "no time can be written").await;

    window.see("stopped-reload", &reload).await;
    window.tab_to("stopped-reload").await;
    window.press("Enter").await;
    window.find("alert-row").await;
    window.gone("stopped").await;
    window.find("status-line").await;
    window.find_css(&look.shown()).await;
    assert!(!scene.resident.log().contains("panicked"), "{}", scene.resident.log());
}
