//! Rules and tiles in another order: dragged, moved by their buttons, and with the keys alone.

use serde_json::json;

use super::{Look, Scene, in_both_looks};

in_both_looks!(rules_and_tiles_are_moved_by_hand_by_buttons_and_by_keys);

const MORE: &str = "[[rule]]\nname = \"Second\"\nevent = \"second\"\n\n[[rule]]\nname = \"Third\"\nevent = \"third\"\n\n\
    [[tile]]\nevent = \"reading\"\nvalue = \"/celsius\"\n";

/// The tiles of the scene, as they stand in the file.
const MARKET: &str = "[[tile]]\nstream = \"market\"";
const OTHER: &str = "[[tile]]\nevent = \"reading\"";

async fn rules_and_tiles_are_moved_by_hand_by_buttons_and_by_keys(look: Look) {
    let scene = Scene::open(look, MORE).await;
    let window = &scene.window;
    scene.show("rules").await;
    window.see_count("rule-row", 3).await;
    let order = async |wanted: [&str; 3]| {
        scene
            .see_config(&format!("{wanted:?}"), |text| {
                let places = wanted.map(|name| text.find(&format!("name = \"{name}\"")));
                places.is_sorted() && places.iter().all(Option::is_some)
            })
            .await;
        for (place, name) in wanted.iter().enumerate() {
            window
                .find_css(&format!("[data-testid=\"rule-row\"][data-name=\"{name}\"]:nth-child({})", place + 1))
                .await;
        }
    };
    let row = |name: &str, part: &str| format!("[data-testid=\"rule-row\"][data-name=\"{name}\"] {part}");
    window.drag(&row("Third", "[data-grip]"), &row("Market alert", "[data-grip]")).await;
    order(["Third", "Market alert", "Second"]).await;
    window.drag(&row("Third", "[data-grip]"), ".order").await;
    order(["Market alert", "Second", "Third"]).await;
    window.press_css(&row("Market alert", "[data-testid=\"rule-down\"]")).await;
    order(["Second", "Market alert", "Third"]).await;
    window.press_css(&row("Third", "[data-testid=\"rule-up\"]")).await;
    order(["Second", "Third", "Market alert"]).await;
    window.undo(&window.phrase("rules.moved", json!(["Third", 2, 3])).await).await;
    order(["Second", "Market alert", "Third"]).await;
    window.press_css(&row("Third", "[data-testid=\"rule-up\"]")).await;
    order(["Second", "Third", "Market alert"]).await;

    // With the keys alone; the focus stays at what is moved.
    scene.show("now").await;
    scene.show("rules").await;
    window.tab_to("rule-open").await;
    window.press("Alt+Down").await;
    order(["Third", "Second", "Market alert"]).await;
    window.see_focus("rule-open").await;
    window.press("Alt+Down").await;
    order(["Third", "Market alert", "Second"]).await;
    window.see_focus("rule-open").await;
    window.press("Alt+Up").await;
    order(["Third", "Second", "Market alert"]).await;

    window.choose("rules-tab", "tiles").await;
    window.see_count("tile-row", 2).await;
    let first = async |value: &str, other: &str, title: &str| {
        scene.see_config(&format!("{value} first"), |text| text.find(value) < text.find(other)).await;
        window.see("tile-row", title).await;
    };
    let tile = |place: usize, part: &str| format!("[data-testid=\"tile-row\"]:nth-child({place}) {part}");
    window.drag(&tile(2, "[data-grip]"), &tile(1, "[data-grip]")).await;
    first(OTHER, MARKET, "celsius").await;
    window.press_css(&tile(1, "[data-testid=\"tile-down\"]")).await;
    first(MARKET, OTHER, "price").await;
    window.press_css(&tile(2, "[data-testid=\"tile-up\"]")).await;
    first(OTHER, MARKET, "celsius").await;
    window.undo(&window.phrase("tileForm.moved", json!([1, 2])).await).await;
    first(MARKET, OTHER, "price").await;
    window.press_css(&tile(2, "[data-testid=\"tile-up\"]")).await;
    first(OTHER, MARKET, "celsius").await;
    scene.show("now").await;
    scene.show("rules").await;
    window.tab_to("tile-open").await;
    window.press("Alt+Down").await;
    first(MARKET, OTHER, "price").await;
    scene.done().await;
}
