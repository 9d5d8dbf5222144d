//! The palette: every command that it offers is found by its name, and run with the keys alone.

mod rules;
mod settings;
mod streams;
mod views;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

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

    views::go(&palette).await;
    settings::notifications(&palette).await;
    settings::set(&palette).await;
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
    streams::stream(&palette).await;
    rules::rules(&palette).await;
    rules::tiles(&palette).await;
    rules::forms(&palette).await;
    palette.all_ran(is_configured);
    scene.done().await;
}
