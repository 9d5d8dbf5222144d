//! The palette: every command that it offers is found by its name, and run with the keys alone.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use streambell_protocol::{Call, Client};
use streambell_tests::eventually;

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    each_command_of_the_palette_does_what_it_is_called,
    each_command_for_streams_rules_and_tiles_does_what_it_is_called
);

/// What is offered: the name of each command.
const OFFERED: &str = "
    const name = (command) => [command.dataset.command, command.querySelector('.name').textContent];
    return Object.fromEntries([...document.querySelectorAll('[data-testid=command]')].map(name))";

/// The first words of commands that differ from a tried one by a length, and of those that ask outside the window.
const ALIKE: [&str; 6] =
    ["silence-15", "silence-morning", "silence-rule-15", "silence-rule-morning", "programs", "start-at-login"];

/// The first words of commands each of which is something else. All others have behind the first word what they are about,
/// and are tried with one such thing.
const APART: [&str; 8] = ["view", "settings", "pause", "theme", "rise", "language", "order", "add"];

/// The first words of commands for streams, rules and tiles, and for their forms: these have a test of their own.
const CONFIGURED: &str = "
    add close diagnose edit end-silence export feed hear hear-rule import remove remove-rule remove-tile rule rule-down
    rule-up save silence-60 silence-new silence-open silence-rule-60 sounds stream test-rule tile tile-down tile-up tiles
    try turn turn-rule undo";

/// What a command does, whatever it does it with.
fn kind(command: &str) -> &str {
    match command.split_once(' ') {
        Some((first, _)) if !APART.contains(&first) => first,
        _ => command,
    }
}

/// The palette in a window, and what became of its commands.
struct Palette<'a> {
    scene: &'a Scene,
    offered: RefCell<BTreeSet<String>>,
    ran: RefCell<BTreeSet<String>>,
}

impl Palette<'_> {
    async fn open(&self) -> BTreeMap<String, String> {
        let window = &self.scene.window;
        window.press("Control+k").await;
        window.see_focus("palette-input").await;
        self.listed().await
    }

    /// Types something in place of what was typed.
    async fn write(&self, text: &str) {
        let window = &self.scene.window;
        window.press("Control+a").await;
        window.write(text).await;
        window.see_value("palette-input", text).await;
    }

    async fn listed(&self) -> BTreeMap<String, String> {
        let listed: BTreeMap<String, String> =
            serde_json::from_value(self.scene.window.evaluate(OFFERED, &[]).await).unwrap();
        self.offered.borrow_mut().extend(listed.keys().cloned());
        listed
    }

    /// Types what the command is called, and takes what is found first. What is not among the first is looked for by
    /// what it is about: a stream, a rule, a tile or the settings.
    async fn run(&self, command: &str) {
        let window = &self.scene.window;
        let mut offered = self.open().await;
        let (tile, settings) = (window.word("palette.kinds.tile").await, window.word("nav.settings").await);
        let named = command.split_once(' ').map_or(command, |(_, named)| named);
        for about in ["market", &tile, &settings, named] {
            if offered.contains_key(command) {
                break;
            }
            self.write(about).await;
            offered = self.listed().await;
        }
        let name = offered.get(command).unwrap_or_else(|| panic!("{command} is among {offered:?}"));
        self.write(name).await;
        let first = format!("[data-testid=\"command\"][data-command=\"{command}\"][aria-selected=\"true\"]");
        window.find_css(&first).await;
        window.press("Enter").await;
        window.gone("palette").await;
        self.ran.borrow_mut().insert(command.to_owned());
    }

    /// Takes back what a notice says was done.
    async fn undo(&self, said: &str) {
        self.scene.window.see("notice", said).await;
        self.run("undo").await;
    }

    /// That of what was offered, and is one's to try, nothing was left out.
    fn all_ran(self, is_mine: impl Fn(&str) -> bool) {
        let (offered, ran) = (self.offered.take(), self.ran.take());
        let ran: BTreeSet<&str> = ran.iter().map(|command| kind(command)).collect();
        let left = |kind: &&str| !ALIKE.contains(kind) && is_mine(kind) && !ran.contains(kind);
        assert_eq!(offered.iter().map(|command| kind(command)).filter(left).collect::<BTreeSet<_>>(), BTreeSet::new());
    }
}

fn is_configured(kind: &str) -> bool {
    CONFIGURED.split_whitespace().any(|one| one == kind) || kind.starts_with("add ")
}

async fn each_command_of_the_palette_does_what_it_is_called(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    let palette = Palette { scene: &scene, offered: RefCell::default(), ran: RefCell::default() };
    scene.server.event("price-update", "p1", r#"{"symbol":"ACME","price":101.5}"#);
    scene.alert(1, "BETA", "in the palette");
    window.find("tile").await;
    window.find("alert-row").await;
    palette.open().await;
    scene.look("the palette").await;
    for (key, nth) in [("Down", 2), ("Down", 3), ("Up", 2), ("PageDown", 10), ("PageUp", 2)] {
        window.press(key).await;
        window.find_css(&format!("[data-testid=\"command\"]:nth-child({nth})[aria-selected=\"true\"]")).await;
    }
    window.write("nothing is called so").await;
    window.see("palette", &window.word("palette.none").await).await;
    window.press("Escape").await;
    window.gone("palette").await;
    // With the mouse: a command, and away from it.
    palette.open().await;
    window.press_css("[data-testid=\"command\"][data-command=\"view rules\"]").await;
    window.see_view("rules").await;
    palette.open().await;
    window.press_at(5, 5).await;
    window.gone("palette").await;

    go(&palette).await;
    notifications(&palette).await;
    set(&palette).await;
    palette.all_ran(|kind| !is_configured(kind));
    scene.done().await;
}

/// Another rule and another tile, so that there is an order.
const MORE: &str = "
[[rule]]
name = \"Second\"
event = \"second\"
title = \"Of no event\"

[[tile]]
event = \"second\"
";

async fn each_command_for_streams_rules_and_tiles_does_what_it_is_called(look: Look) {
    let scene = Scene::open(look, MORE).await;
    let palette = Palette { scene: &scene, offered: RefCell::default(), ran: RefCell::default() };
    scene.server.event("price-update", "p1", r#"{"symbol":"ACME","price":101.5}"#);
    scene.alert(1, "BETA", "tries a rule");
    scene.window.find("tile").await;
    scene.window.see("nav-alerts", "1").await;
    stream(&palette).await;
    rules(&palette).await;
    tiles(&palette).await;
    forms(&palette).await;
    palette.all_ran(is_configured);
    scene.done().await;
}

/// Views, and what is looked at in them.
async fn go(palette: &Palette<'_>) {
    let window = &palette.scene.window;
    for view in ["alerts", "feed", "streams", "rules", "settings", "now"] {
        palette.run(&format!("view {view}")).await;
        window.see_view(view).await;
    }
    palette.run("alert 1").await;
    window.see("alert-detail", "in the palette").await;
    alert(palette).await;
    event(palette).await;
    palette.run("chart market 0 ACME").await;
    window.see("chart", "ACME").await;
    palette.run("chart-range 1d").await;
    window.find_css("[data-testid=\"chart-range\"] input[value=\"1d\"]:checked").await;
    palette.run("chart-close").await;
    window.gone("chart").await;
    for section in ["loud", "quiet", "screen", "outage", "history", "look", "start", "programs", "secrets", "about"] {
        palette.run(&format!("settings {section}")).await;
        window.see_view("settings").await;
        let seen = "const { top } = document.getElementById(`settings-${arguments[0]}`).getBoundingClientRect();
            return top >= 0 && top < innerHeight";
        eventually(&format!("the settings of {section}"), async || {
            (window.evaluate(seen, &[section.into()]).await == true).then_some(())
        })
        .await;
    }
    palette.run("shortcuts").await;
    window.find("shortcuts").await;
    window.press("Escape").await;
    window.gone("shortcuts").await;
}

/// What can be done with the alert that is open, and what is seen of the others.
async fn alert(palette: &Palette<'_>) {
    let window = &palette.scene.window;
    palette.run("acknowledge").await;
    window.find("unacknowledge").await;
    palette.run("unacknowledge").await;
    window.gone("unacknowledge").await;
    palette.run("mark-unread").await;
    window.see("nav-alerts", "1").await;
    palette.run("mark-read").await;
    window.gone("unread-count").await;
    palette.run("check-all").await;
    window.find("checked").await;
    palette.run("uncheck").await;
    window.gone("checked").await;
    palette.run("alert-silence").await;
    window.find("silence-panel").await;
    for _ in 0..2 {
        palette.run("group").await;
    }
    for show in ["unread", "acknowledged", "resolved", "all"] {
        palette.run(&format!("alerts-{show}")).await;
        window.find_css(&format!("[data-testid=\"alert-show\"] input[value=\"{show}\"]:checked")).await;
    }
    palette.run("alerts-find").await;
    window.see_focus("alert-search").await;
    palette.run("alert-link").await;
    palette.scene.see_opened("https://news.example/1").await;
    palette.run("alert-event").await;
    window.see_view("feed").await;
    window.find("event-detail").await;
}

/// What can be made of the event that is open, and what is seen of the others.
async fn event(palette: &Palette<'_>) {
    let (scene, window) = (palette.scene, &palette.scene.window);
    palette.run("event-rule").await;
    window.find("rule-editor").await;
    palette.run("view feed").await;
    palette.run("event-tile").await;
    window.see_view("rules").await;
    palette.run("view feed").await;
    palette.run("event-ignore").await;
    scene.see_config("a rule that ignores", |text| text.contains("ignore = true")).await;
    palette.undo(&window.phrase("feed.ignored", json!(["market-alert"])).await).await;
    scene.see_config("no rule that ignores", |text| !text.contains("ignore = true")).await;
    palette.run("event-alert 1").await;
    window.see("alert-detail", "in the palette").await;
    palette.run("view feed").await;
    palette.run("event-close").await;
    window.gone("event-detail").await;
    palette.run("feed-hold").await;
    window.find_css("[data-testid=\"feed-pause\"][aria-pressed=\"true\"]").await;
    palette.run("feed-hold").await;
    window.find_css("[data-testid=\"feed-pause\"][aria-pressed=\"false\"]").await;
    palette.run("feed-find").await;
    window.see_focus("feed-search").await;
    palette.run("feed-time").await;
    window.see_focus("feed-time-typed").await;
    window.press("Enter").await;
    window.find("feed-until").await;
    palette.run("feed-newest").await;
    window.gone("feed-until").await;
    palette.run("feed-event price-update").await;
    window.see_value("feed-event", "price-update").await;
    palette.run("feed-all").await;
    window.see_value("feed-event", "").await;
}

/// What is told, and what was.
async fn notifications(palette: &Palette<'_>) {
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
async fn set(palette: &Palette<'_>) {
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

async fn stream(palette: &Palette<'_>) {
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

async fn rules(palette: &Palette<'_>) {
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

async fn tiles(palette: &Palette<'_>) {
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
async fn forms(palette: &Palette<'_>) {
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
