//! Changes to `[[tile]]`s. A tile has no name: it is found by all that it says.

use super::places::{after_move, after_removal, renumber};
use super::{EditError, add, change, document, finish, moved, plain, taken, valid, with_version, write};
use crate::config::{Config, TileConfig};
use crate::text;

/// Adds a tile behind all others, or changes one.
///
/// # Errors
/// [`EditError`]; a conflict where there is no such tile as `original`.
pub fn save_tile(text: &str, original: Option<&TileConfig>, tile: &TileConfig) -> Result<String, EditError> {
    let mut wanted = valid(text)?;
    let Some(original) = original else {
        wanted.tiles.push(tile.clone());
        let result = add(&with_version(&plain(text)), "tile", write::tile(tile))?;
        return Ok(finish(text, result, &wanted)?);
    };
    let index = find(&wanted, original)?;
    if original == tile {
        return Ok(text.to_owned());
    }
    wanted.tiles[index] = tile.clone();
    let mut document = document(&plain(text))?;
    change(&mut document, "tile", index, write::tile(original), write::tile(tile));
    Ok(finish(text, document.to_string(), &wanted)?)
}

/// Removes a tile with the comment right above it. The places of all others stay theirs.
///
/// # Errors
/// [`EditError`].
pub fn remove_tile(text: &str, tile: &TileConfig) -> Result<String, EditError> {
    let mut wanted = valid(text)?;
    let index = find(&wanted, tile)?;
    wanted.tiles.remove(index);
    let result = renumber(taken(&plain(text), "tile", index)?, &mut wanted, |number| after_removal(number, index))?;
    Ok(finish(text, result, &wanted)?)
}

/// Moves a tile with the comment right above it to another place among the tiles, from 0. What each of them shows
/// stays where a hand put it.
///
/// # Errors
/// [`EditError`].
pub fn move_tile(text: &str, tile: &TileConfig, to: usize) -> Result<String, EditError> {
    let mut wanted = valid(text)?;
    let from = find(&wanted, tile)?;
    let to = to.min(wanted.tiles.len() - 1);
    if from == to {
        return Ok(text.to_owned());
    }
    let tile = wanted.tiles.remove(from);
    wanted.tiles.insert(to, tile);
    let result = moved(&plain(text), "tile", from, to)?;
    let result = renumber(result, &mut wanted, |number| Some(after_move(number, from, to)))?;
    Ok(finish(text, result, &wanted)?)
}

fn find(config: &Config, tile: &TileConfig) -> Result<usize, EditError> {
    let index = config.tiles.iter().position(|other| other == tile);
    let gone = || text!("this tile has been changed or removed meanwhile", "这个磁贴在此期间已被修改或移除");
    index.ok_or_else(|| EditError::Conflict(gone()))
}
