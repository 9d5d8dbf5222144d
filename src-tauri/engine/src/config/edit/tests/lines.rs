//! Whatever is done to one thing, every line of the others stays, in order.

use proptest::prelude::*;

use super::rules::RULES;
use super::*;
use crate::config::{EXAMPLE, TileConfig};

/// Texts in several hands, with rules and tiles in tables.
const TEXTS: [&str; 3] = [RULES, EXAMPLE, include_str!("../../fixtures/design.toml")];

/// What is done.
#[derive(Debug, Clone)]
enum Edit {
    New,
    Change,
    Enable(bool),
    Move(usize),
    Remove,
    NewTile,
    MoveTile(usize),
    RemoveTile,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::New),
        Just(Edit::Change),
        any::<bool>().prop_map(Edit::Enable),
        (0_usize..5).prop_map(Edit::Move),
        Just(Edit::Remove),
        Just(Edit::NewTile),
        (0_usize..3).prop_map(Edit::MoveTile),
        Just(Edit::RemoveTile),
    ]
}

/// Does it to one of the rules, or to the first tile; gives what becomes of the text, and the block that was touched.
fn done(text: &str, which: prop::sample::Index, edit: &Edit) -> (Result<String, EditError>, String) {
    let config = parse(text).unwrap();
    if config.rules.is_empty() {
        return (save_rule(text, None, None, "# new\n[[rule]]\nname = \"N\"\n"), String::new());
    }
    let which = which.index(config.rules.len());
    let name = &*config.rules[which].name;
    let block = rule_texts(text).unwrap().swap_remove(which);
    let tile = config.tiles.first().cloned().unwrap_or_default();
    let tile_block = || {
        if config.tiles.is_empty() { String::new() } else { export::tables(text, Kind::Tile).unwrap().swap_remove(0) }
    };
    let new = TileConfig { event: "new".to_owned(), ..TileConfig::default() };
    match edit {
        Edit::New => (save_rule(text, None, None, "# new\n[[rule]]\nname = \"N\"\n"), String::new()),
        Edit::Change => {
            let draft = format!("{}\nbody = \"changed\"\n", block.replace("body", "#body").trim_end());
            let draft = if block.contains("[rule.") { block.clone() } else { draft };
            (save_rule(text, Some(name), Some(&block), &draft), block)
        }
        Edit::Enable(on) => (enable_rule(text, name, *on), block),
        Edit::Move(to) => (move_rule(text, name, *to), block),
        Edit::Remove => (remove_rule(text, name), block),
        Edit::NewTile => (save_tile(text, None, &new), String::new()),
        Edit::MoveTile(to) => (move_tile(text, &tile, *to), tile_block()),
        Edit::RemoveTile => (remove_tile(text, &tile), tile_block()),
    }
}

/// The lines that are no part of a block, without empty ones.
fn others<'a>(text: &'a str, block: &str) -> Vec<&'a str> {
    let at = if block.is_empty() { None } else { text.find(block.trim_end()) };
    let (before, after) = match at {
        Some(at) => (&text[..at], &text[at + block.trim_end().len()..]),
        None => (text, ""),
    };
    before.lines().chain(after.lines()).filter(|line| !line.trim().is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_edit_keeps_every_other_line(
        base in 0..TEXTS.len(), crlf: bool, edits in prop::collection::vec((edit(), any::<prop::sample::Index>()), 1..6),
    ) {
        let mut text = TEXTS[base].to_owned();
        for (edit, which) in edits {
            let given = if crlf { text.replace('\n', "\r\n") } else { text.clone() };
            let (result, block) = done(&text, which, &edit);
            let (crlf_result, _) = if crlf { done(&given, which, &edit) } else { (result.clone(), String::new()) };
            let Ok(result) = result else { continue };
            prop_assert_eq!(crlf_result.map(|text| text.replace("\r\n", "\n")), Ok(result.clone()));
            let mut kept = result.lines();
            for line in others(&text, &block) {
                prop_assert!(kept.any(|other| other == line), "{:?} lost {:?} in\n{}", edit, line, result);
            }
            text = result;
        }
    }
}
