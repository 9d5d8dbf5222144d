//! Where tiles stand by hand follows what becomes of their `[[tile]]`, which is told by its number alone.

use std::cmp::Ordering;

use toml_edit::{Array, DocumentMut, Item, Value};

use super::settings::{Settings, save_settings};
use super::{Config, ConfigError, EditError};
use crate::config::TilePlace;

/// Numbers the places of tiles as their `[[tile]]`s are numbered now, in a text and in what it is to mean; `now` gives
/// the new number of an old one, or none for one that is gone, and its places go with it.
pub(super) fn renumber(
    text: String,
    wanted: &mut Config,
    now: impl Fn(usize) -> Option<usize>,
) -> Result<String, ConfigError> {
    let numbered = |place: &TilePlace| {
        let feed = now(usize::try_from(place.feed).ok()?)?;
        Some(TilePlace { feed: u32::try_from(feed).ok()?, ..place.clone() })
    };
    let places: Vec<_> = wanted.dashboard.tile_places.iter().filter_map(numbered).collect();
    if places == wanted.dashboard.tile_places {
        return Ok(text);
    }
    wanted.dashboard.tile_places.clone_from(&places);
    let change = Settings { tile_places: Some(places), ..Settings::default() };
    save_settings(&text, &change).map_err(|error| match error {
        EditError::Invalid(error) => error,
        EditError::Conflict(why) | EditError::NotThere(why) => ConfigError::placeless(why),
    })
}

/// The number of a table among those of its key, once one of them has been moved.
pub(super) fn after_move(number: usize, from: usize, to: usize) -> usize {
    match number {
        _ if number == from => to,
        _ if from < number && number <= to => number - 1,
        _ if to <= number && number < from => number + 1,
        _ => number,
    }
}

/// The number of a table among those of its key, once one of them is gone; none for that one.
pub(super) fn after_removal(number: usize, gone: usize) -> Option<usize> {
    match number.cmp(&gone) {
        Ordering::Less => Some(number),
        Ordering::Equal => None,
        Ordering::Greater => Some(number - 1),
    }
}

/// Has the places of a stream's tiles name it as it is named now.
pub(super) fn rename(document: &mut DocumentMut, from: &str, to: &str) {
    let places = document.get_mut("dashboard").and_then(Item::as_table_like_mut);
    let places = places.and_then(|table| table.get_mut("tile_places")?.as_array_mut());
    for place in places.into_iter().flat_map(Array::iter_mut).filter_map(Value::as_array_mut) {
        if let Some(name) = place.get_mut(0).filter(|name| name.as_str() == Some(from)) {
            let decor = name.decor().clone();
            *name = Value::from(to);
            *name.decor_mut() = decor;
        }
    }
}
