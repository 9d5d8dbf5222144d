//! Feed: held and followed, narrowed and searched, and what is made of an event.

use serde_json::json;
use streambell_tests::eventually;
use streambell_tests::webdriver::Window;

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    the_feed_is_held_narrowed_and_searched_and_an_event_is_taken_apart,
    an_events_keys_and_buttons_lead_to_a_rule_a_tile_and_back,
    events_that_are_not_stored_are_seen_as_they_come,
    the_feed_goes_to_a_time_by_keyboard_and_back_to_the_newest,
    a_rule_is_made_of_an_event_and_events_like_it_are_ignored_and_no_longer,
);

async fn the_feed_is_held_narrowed_and_searched_and_an_event_is_taken_apart(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.server.event("note", "n1", "about copper");
    scene.server.event("note", "n2", "about zinc");
    scene.server.event(
        "deep",
        "n3",
        r#"{"a/b":{"list":[10,{"name":"née","url":"https://docs.example/x?y=1"}]},"none":null}"#,
    );
    scene.show("feed").await;
    window.see_count("feed-row", 3).await;

    // Held, nothing moves; followed, what came meanwhile is there.
    window.press("h").await;
    scene.server.event("note", "n4", "about tin");
    window.see("feed-fresh", "1").await;
    window.see_count("feed-row", 3).await;
    window.click("feed-fresh").await;
    window.see_count("feed-row", 4).await;
    window.click("feed-pause").await;
    window.click("feed-pause").await;

    narrow(window, "deep").await;
    window.see_count("feed-row", 1).await;
    narrow(window, "unheard-of").await;
    window.see_count("feed-row", 0).await;
    narrow(window, "").await;
    window.pick("feed-stream", "=market").await;
    window.see_count("feed-row", 4).await;
    window.press("/").await;
    window.see_focus("feed-search").await;
    window.write("copp").await;
    window.see_count("feed-row", 1).await;
    window.see("feed-row", "about copper").await;
    window.press("Control+a").await;
    window.write("unobtainium").await;
    window.click("feed-clear").await;
    window.see_count("feed-row", 4).await;
    window.see_value("feed-search", "").await;

    // The tree of an event's data, with the keys alone.
    narrow(window, "deep").await;
    window.see_count("feed-row", 1).await;
    window.press("j").await;
    window.see("event-detail", "deep").await;
    scene.look("an event").await;
    window.tab_to("json-tree").await;
    let name = "[data-testid=\"json-line\"][data-chosen=\"true\"][data-pointer=\"/a~1b/list/1/name\"]";
    for _ in 0..20 {
        if window.has(name).await {
            break;
        }
        window.press("Right").await;
        if !window.has(name).await {
            window.press("Down").await;
        }
    }
    window.find_css(name).await;
    // Out of it, and to both ends.
    let at = async |place: &str| {
        drop(
            window
                .find_css(&format!("[data-testid=\"json-line\"][data-chosen=\"true\"][data-pointer=\"{place}\"]"))
                .await,
        )
    };
    for (key, place) in [
        ("Left", "/a~1b/list/1"),
        ("Up", "/a~1b/list/0"),
        ("End", "/none"),
        ("Home", ""),
        ("Down", "/a~1b"),
        ("Down", "/a~1b/list"),
        ("Down", "/a~1b/list/0"),
        ("Down", "/a~1b/list/1"),
        ("Down", "/a~1b/list/1/name"),
    ] {
        window.press(key).await;
        at(place).await;
    }
    window.press("p").await;
    window.see_copied("/a~1b/list/1/name").await;
    window.tab_to("json-tree").await;
    window.press("c").await;
    window.see_copied("née").await;
    window.tab_to("json-tree").await;
    window.press("Down").await;
    window.see("data-link", "docs.example").await;
    window.click("data-link").await;
    scene.see_opened("https://docs.example/x?y=1").await;
    window.find("why").await;
    scene.done().await;
}

async fn a_rule_is_made_of_an_event_and_events_like_it_are_ignored_and_no_longer(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.alert(1, "ACME", "rings");
    scene.show("feed").await;
    window.find("feed-row").await;
    window.press("j").await;
    window.find("event-detail").await;
    window.click("ignore-event").await;
    window.see("notice", &window.phrase("feed.ignored", json!(["market-alert"])).await).await;
    scene.see_config("the rule that ignores", |text| text.matches("[[rule]]").count() == 2).await;
    scene.alert(2, "ACME", "is ignored");
    eventually("both events", async || (scene.status().await["streams"][0]["events"] == 2).then_some(())).await;
    assert_eq!(rang(&scene).await, 1, "{}", scene.config());
    window.press("Control+z").await;
    scene.see_config("no rule that ignores", |text| text.matches("[[rule]]").count() == 1).await;
    // Once the rules of before are in force.
    let mut number = 3;
    eventually("it rings again", async || {
        scene.alert(number, "ACME", "rings again");
        number += 1;
        (rang(&scene).await >= 2).then_some(())
    })
    .await;

    // From an event to its alert, and to a rule.
    window.press_css("[data-testid=\"event-detail\"] ul button.link").await;
    window.see("alert-detail", "rings").await;
    window.click("show-in-feed").await;
    window.click("make-rule").await;
    window.find("rule-editor").await;
    window.find("preview-summary").await;
    window.click("rule-close").await;
    window.gone("rule-editor").await;
    scene.done().await;
}

/// Has the feed show only events of one name; all of them where it is empty.
pub(super) async fn narrow(window: &Window, name: &str) {
    // Enter leads to the list.
    window
        .type_into(
            "feed-event",
            &format!(
                "{name}
"
            ),
        )
        .await;
    window.see_value("feed-event", name).await;
}

/// How often the rule rang.
async fn rang(scene: &Scene) -> usize {
    scene.alerts().await.iter().filter(|alert| alert["rule"] == "Market alert").count()
}

async fn an_events_keys_and_buttons_lead_to_a_rule_a_tile_and_back(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    let long = "a long text ".repeat(2_000);
    scene.server.event("long", "l1", &long);
    scene.server.event("reading", "r1", r#"{"sensor":"roof","celsius":21.5}"#);
    scene.show("feed").await;
    window.see_count("feed-row", 2).await;
    for (way, editor, closes) in [
        ("r", "rule-editor", "rule-close"),
        ("t", "tile-editor", "tile-close"),
        ("make-rule", "rule-editor", "rule-close"),
        ("make-tile", "tile-editor", "tile-close"),
    ] {
        scene.show("feed").await;
        if window.count("event-detail").await == 0 {
            window.press("j").await;
        }
        window.see("event-detail", "reading").await;
        if way.len() == 1 {
            window.press(way).await
        } else {
            window.click(way).await
        }
        window.find(editor).await;
        window.click(closes).await;
        window.gone(editor).await;
        window.dismiss().await;
    }
    scene.show("feed").await;
    window.press("i").await;
    window.see("notice", &window.phrase("feed.ignored", json!(["reading"])).await).await;
    scene.see_config("a rule that ignores", |text| text.contains("ignore = true")).await;
    window.press("Control+z").await;
    scene.see_config("no rule that ignores", |text| !text.contains("ignore = true")).await;

    // Up and down, and away from it.
    for (key, event) in [("j", "long"), ("k", "reading"), ("j", "long")] {
        window.press(key).await;
        window.see("event-detail", event).await;
    }
    window.press("Escape").await;
    window.gone("event-detail").await;

    // A text too long to draw at once is shown on, and copied whole.
    window.press("j").await;
    window.see("event-detail", "reading").await;
    window.press("j").await;
    window.see("event-detail", "long").await;
    while window.count("text-more").await > 0 {
        window.click("text-more").await;
    }
    window.see("event-text", long.trim_end()).await;
    window.click("copy-value").await;
    window.copied("the whole text on the clipboard", |text| text.len() == long.len()).await;
    window.press_css("[data-testid=\"event-detail\"] .close").await;
    window.gone("event-detail").await;

    // So is a long list in a tree, and a long text in it: with the mouse, and with the keys.
    let list: Vec<u32> = (0..650).collect();
    scene.server.event("list", "j1", &json!({ "list": list }).to_string());
    window.see_count("feed-row", 3).await;
    window.press("j").await;
    window.see("event-detail", "list").await;
    window.press_css("[data-testid=\"json-line\"][data-pointer=\"/list\"]").await;
    window.see_count("json-line", 2 + 100 + 1).await;
    window.press_css("[data-testid=\"json-line\"] .more").await;
    window.see_count("json-line", 2 + 600 + 1).await;
    window.tab_to("json-tree").await;
    window.press("End").await;
    window.press("Enter").await;
    window.see_count("json-line", 2 + 650).await;
    window.press_css("[data-testid=\"event-detail\"] .close").await;
    window.gone("event-detail").await;
    scene.server.event("texts", "j2", &json!({ "text": long.repeat(3) }).to_string());
    window.see_count("feed-row", 4).await;
    window.press("j").await;
    window.see("event-detail", "texts").await;
    window.press_css("[data-testid=\"json-line\"][data-pointer=\"/text\"]").await;
    for _ in 0..2 {
        window.press_css("[data-testid=\"json-line\"] .more").await;
    }
    window.see_count("json-line", 2).await;
    window.see("json-tree", long.repeat(3).trim_end()).await;
    window.press_css("[data-testid=\"event-detail\"] .close").await;
    window.gone("event-detail").await;

    // What came too fast to be sent here is read from the ledger.
    for number in 0..900 {
        scene.server.event("burst", &format!("b{number}"), &number.to_string());
    }
    // Whatever came too fast is told before what comes after it.
    scene.server.event("after", "b900", "after the burst");
    window.see("feed-row", "after the burst").await;
    window.press_button(&window.word("feed.reload").await).await;
    window.gone("feed-omitted").await;
    scene.done().await;
}

async fn events_that_are_not_stored_are_seen_as_they_come(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    let named = "name = \"market\"\n";
    let unstored = scene.config().replacen(named, &format!("{named}store = \"none\"\n"), 1);
    std::fs::write(scene.profile.join("config.toml"), unstored).unwrap();
    // Those from before that is in force are stored.
    eventually("an event that passes by", async || {
        scene.server.event("ticker", "t1", r#"{"name":"Copper"}"#);
        window.has("[data-testid=\"feed-row\"] .passing").await.then_some(())
    })
    .await;
    scene.show("feed").await;
    window.press("j").await;
    window.see("event-detail", "Copper").await;
    window.find("event-not-kept").await;
    scene.look("an event that is not stored").await;
    window.press("r").await;
    window.see("rule-editor", "ticker").await;
    window.click("rule-close").await;
    scene.done().await;
}

async fn the_feed_goes_to_a_time_by_keyboard_and_back_to_the_newest(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    scene.server.event("note", "n1", "before");
    scene.show("feed").await;
    window.see_count("feed-row", 1).await;

    // To this very second: what comes after it waits.
    window.press("g").await;
    window.see_focus("feed-time-typed").await;
    window.press("Enter").await;
    window.find("feed-until").await;
    window.see_focus("feed-time").await;
    let second = jiff::Timestamp::now().as_second();
    eventually("a later second", async || (jiff::Timestamp::now().as_second() > second).then_some(())).await;
    scene.server.event("note", "n2", "after");
    window.see("feed-fresh", "1").await;
    window.see_count("feed-row", 1).await;

    // To one that is to come: nothing moves.
    window.press("g").await;
    type_year(window, "2999").await;
    window.see("feed-time-ask", &window.word("feed.inFuture").await).await;
    window.press("Escape").await;
    window.gone("feed-time-typed").await;
    window.see_count("feed-row", 1).await;

    // To one before anything was stored.
    window.press("g").await;
    type_year(window, "2004").await;
    window.see("feed-until", "2004").await;
    window.see_count("feed-row", 0).await;
    scene.look("a time before all events").await;
    window.tab_to("feed-newest").await;
    window.press("Enter").await;
    window.see_count("feed-row", 2).await;
    window.gone("feed-until").await;
    scene.done().await;
}

/// Types a year into the time to go to, and goes there. The parts of such a field are a step to the right of each other.
async fn type_year(window: &Window, year: &str) {
    window.see_focus("feed-time-typed").await;
    window.press("Right").await;
    window.press("Right").await;
    window.write(year).await;
    window.see_value("feed-time-typed", year).await;
    window.press("Enter").await;
}
