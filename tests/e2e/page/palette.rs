//! The palette: every command that it offers is found by its name, and run with the keys alone.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use streambell_protocol::{Call, Client};
use streambell_tests::eventually;

use super::{Look, Scene, in_both_looks};

in_both_looks!(each_command_of_the_palette_does_what_it_is_called);

/// What is offered: the name of each command.
const OFFERED: &str = "
    const name = (command) => [command.dataset.command, command.querySelector('.name').textContent];
    return Object.fromEntries([...document.querySelectorAll('[data-testid=command]')].map(name))";

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
        let offered: BTreeMap<String, String> = serde_json::from_value(window.evaluate(OFFERED, &[]).await).unwrap();
        self.offered.borrow_mut().extend(offered.keys().cloned());
        offered
    }

    /// Types what the command is called, and takes what is found first.
    async fn run(&self, command: &str) {
        let window = &self.scene.window;
        let offered = self.open().await;
        let name = offered.get(command).unwrap_or_else(|| panic!("{command} is among {offered:?}"));
        window.write(name).await;
        let first = format!("[data-testid=\"command\"][data-command=\"{command}\"][aria-selected=\"true\"]");
        window.find_css(&first).await;
        window.press("Enter").await;
        window.gone("palette").await;
        self.ran.borrow_mut().insert(command.to_owned());
    }
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
    stream(&palette).await;
    rules(&palette).await;

    // Beside these there is nothing in it but other alerts.
    let (mut offered, ran) = (palette.offered.take(), palette.ran.take());
    offered.retain(|command| !command.starts_with("alert "));
    assert_eq!(offered.difference(&ran).collect::<Vec<_>>(), Vec::<&String>::new());
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
    palette.run("chart market 0 ACME").await;
    window.see("chart", "ACME").await;
    for section in ["loud", "quiet", "screen", "outage", "history", "look", "start", "programs", "about"] {
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
    palette.run("silence market").await;
    eventually("the stream silent", async || (scene.status().await["paused_streams"][0] == "market").then_some(()))
        .await;
    palette.run("view settings").await;
    window.find("stream-pause").await;
    palette.run("silence market").await;
    window.gone("stream-pause").await;
    let connections = async || scene.status().await["streams"][0]["connections"].as_u64();
    let before = connections().await;
    palette.run("try market").await;
    eventually("another connection", async || (connections().await > before).then_some(())).await;
    palette.run("turn market").await;
    scene.resident.wait_for_state(&scene.desktop, "market", "paused").await;
    window.find_css("[data-testid=\"stream-row\"][data-state=\"paused\"]").await;
    palette.run("turn market").await;
    scene.resident.wait_for_state(&scene.desktop, "market", "open").await;
    window.find_css("[data-testid=\"stream-row\"][data-state=\"open\"]").await;
}

async fn rules(palette: &Palette<'_>) {
    let (scene, window) = (palette.scene, &palette.scene.window);
    palette.run("silence rule Market alert").await;
    eventually("a silence", async || (scene.status().await["silences"] == 1).then_some(())).await;
    window.find("undo").await;
    window.press("Control+z").await;
    eventually("no silence", async || (scene.status().await["silences"] == 0).then_some(())).await;
    palette.run("turn rule Market alert").await;
    scene.see_config("a rule that is off", |text| text.contains("enabled = false")).await;
    window.undo(&window.phrase("rules.switchedOff", serde_json::json!(["Market alert"])).await).await;
    scene.see_config("a rule that is on", |text| !text.contains("enabled = false")).await;
    palette.run("rule Market alert").await;
    window.see_value("rule-name", "Market alert").await;
    palette.run("add rule").await;
    window.see_focus("rule-name").await;
    palette.run("add tile").await;
    window.find("tile-editor").await;
    palette.run("import").await;
    window.find("import-text").await;
    palette.run("export").await;
    window.see_value("export-text", "[[rule]]").await;
}
