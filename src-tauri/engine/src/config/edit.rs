//! Changes to a configuration's text that keep its comments, order, line ends and everything they are not about.
//!
//! What comes out is read again before it is handed out: it means exactly what was wanted, or nothing changes.

mod comments;
mod draft;
mod export;
mod import;
mod merge;
mod places;
mod quiet;
mod rule;
mod segments;
mod setting;
mod settings;
mod stream;
mod tile;
mod write;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use thiserror::Error;
use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, Value};

use super::parse::{ConfigError, parse, parse_beside, plain};
use super::{Auth, Config, StreamConfig, TileConfig, toml};
use crate::locale::Text;
use crate::text;

pub use export::{Kind, One, Selection, export};
pub use import::{Import, Imported, import};
pub use quiet::save_quiet_hours;
pub use rule::{
    check_rule, enable_rule, faulty_key, merge_rule, move_rule, remove_rule, rule_name, rule_texts, save_rule,
};
pub use setting::{Setting, setting, settings};
pub use settings::{Settings, save_settings, valid_but_for_programs};
pub use stream::{check_new_stream, check_programs, check_stream, save_stream_text, stream_text, stream_texts};
pub use tile::{move_tile, remove_tile, save_tile};

use self::write::Written;

/// Why a text cannot be changed so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// The text, the change, or what would become of it is not valid.
    #[error(transparent)]
    Invalid(#[from] ConfigError),
    /// What was to be changed is not any more as it was read.
    #[error("{0}: look at it again")]
    Conflict(Text),
    /// There is no such thing in it.
    #[error("{0}")]
    NotThere(Text),
}

impl EditError {
    /// Somebody else has written to the file since it was read.
    pub fn configuration_changed() -> Self {
        Self::Conflict(text!("the configuration has been changed meanwhile", "配置在此期间已被修改"))
    }

    /// The same in every language.
    pub fn text(&self) -> Text {
        match self {
            Self::Invalid(error) => error.text(),
            Self::Conflict(what) => text!("{what}: look at it again", "{what}：请重新查看", what),
            Self::NotThere(what) => what.clone(),
        }
    }
}

/// Adds a stream, or changes the one named `original`. Fields of the stream that did not change stay as they are
/// written, those with their default are not written anew. Where its name changes, rules, tiles and their places that name it
/// follow.
///
/// # Errors
/// Where the text, or what would become of it, is not a valid configuration, or has no stream `original`. An error
/// about the stream has no line, since the text does not hold it yet.
pub fn save_stream(text: &str, original: Option<&str>, stream: &StreamConfig) -> Result<String, ConfigError> {
    let config = valid(text)?;
    let mut wanted = config.clone();
    let Some(original) = original else {
        wanted.streams.push(Arc::new(stream.clone()));
        return finish(text, add(&with_version(&plain(text)), "stream", write::stream(stream))?, &wanted);
    };
    let index = find(&config, original)?;
    if *config.streams[index] == *stream {
        return Ok(text.to_owned());
    }
    wanted.streams[index] = Arc::new(stream.clone());
    rename_everywhere(&mut wanted, original, stream);
    let mut document = document(&plain(text))?;
    change(&mut document, "stream", index, write::stream(&config.streams[index]), write::stream(stream));
    if stream.name.as_str() != original {
        rename_in(&mut document, original, stream.name.as_str());
    }
    finish(text, document.to_string(), &wanted)
}

/// Removes a stream with the comment right above it. Rules and tiles that name it are turned into comments.
///
/// # Errors
/// Where the text is not a valid configuration or has no such stream, or where rules or tiles that name it are written
/// as a list in one value, where they cannot be turned into comments.
pub fn remove_stream(text: &str, name: &str) -> Result<String, ConfigError> {
    let config = valid(text)?;
    let index = find(&config, name)?;
    let mut wanted = config.clone();
    wanted.streams.remove(index);
    if let Some(rule) =
        wanted.rules.iter().find(|rule| rule.streams.len() > 1 && rule.streams.contains(&name.to_owned()))
    {
        let rule = &*rule.name;
        return Err(ConfigError::placeless(text!(
            "the rule {rule:?} names this stream among others: take it out there first",
            "规则 {rule:?} 除别的流外也用到这个流：请先在那里去掉它"
        )));
    }
    wanted.rules.retain(|rule| rule.streams != [name]);
    let stays = |tile: &TileConfig| tile.stream.as_ref().is_none_or(|stream| stream.as_str() != name);
    let stay: Vec<bool> = wanted.tiles.iter().map(stays).collect();
    wanted.tiles.retain(stays);

    let mut document = document(&plain(text))?;
    for key in ["rule", "tile"] {
        if document.get(key).is_some_and(Item::is_array)
            && tables(&mut document, key).iter().any(|table| names(*table, name))
        {
            return Err(ConfigError::placeless(text!(
                "[[{key}]] names this stream and is written as a list: remove it there first",
                "[[{key}]] 用到这个流，而它写成了列表：请先在那里去掉它"
            )));
        }
    }
    let result = if let Some(array) = document.get_mut("stream").and_then(Item::as_array_mut) {
        array.remove(index);
        segments::remove(&document.to_string(), None, name)
    } else {
        segments::remove(&plain(text), Some(index), name)
    };
    let before = |number: usize| stay.iter().take(number).filter(|stays| **stays).count();
    let now = |number: usize| stay.get(number).is_some_and(|stays| *stays).then(|| before(number));
    let result = places::renumber(result.map_err(not_toml)?, &mut wanted, now)?;
    finish(text, result, &wanted)
}

/// How a way to sign in is written; `None` for the default, which is not.
pub fn auth_value(auth: &Auth) -> Option<Value> {
    (*auth != Auth::None).then(|| write::auth(auth))
}

fn valid(text: &str) -> Result<Config, ConfigError> {
    let invalid = || ConfigError::placeless(text!("is not valid", "配置无效"));
    parse(text).map_err(|errors| errors.into_iter().next().unwrap_or_else(invalid))
}

fn find(config: &Config, name: &str) -> Result<usize, ConfigError> {
    let index = config.streams.iter().position(|stream| stream.name.as_str() == name);
    index.ok_or_else(|| ConfigError::placeless(text!("there is no stream named {name:?}", "没有名为 {name:?} 的流")))
}

fn document(text: &str) -> Result<DocumentMut, ConfigError> {
    text.parse().map_err(not_toml)
}

fn not_toml(error: toml_edit::TomlError) -> ConfigError {
    ConfigError::placeless(toml::not_toml(error.message()))
}

/// Text that says nothing yet gets its version, behind the comments it begins with.
fn with_version(text: &str) -> String {
    let mut text = text.to_owned();
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str("version = 1\n");
    }
    text
}

/// Puts a new table behind the others of its key.
fn add(text: &str, key: &str, fields: Vec<Written>) -> Result<String, ConfigError> {
    let fields = fields.into_iter().filter(|field| !field.default);
    let fields = fields.filter_map(|field| Some((field.key, field.value?)));
    if in_list(text, key)? {
        return edited_list(text, key, |list| push(list, fields.collect()));
    }
    let lines: String = fields.map(|(key, value)| format!("{key} = {value}\n")).collect();
    segments::insert(text, key, &format!("[[{key}]]\n{lines}")).map_err(not_toml)
}

/// Puts into one of the tables of a key what differs between these fields.
fn change(document: &mut DocumentMut, key: &str, index: usize, old: Vec<Written>, new: Vec<Written>) {
    let mut lost = Vec::new();
    if let Some(table) = tables(document, key).into_iter().nth(index) {
        for (old, new) in old.into_iter().zip(new) {
            match new.value {
                value if text_of(&value) == text_of(&old.value) => {}
                Some(value) => merge::put(table, new.key, value, &mut lost),
                None => merge::remove(table, new.key, &mut lost),
            }
        }
    }
    comments::put_above(document, key, index, &lost);
}

/// The text without one of the tables of a key and the comment right above it.
fn taken(text: &str, key: &str, index: usize) -> Result<String, ConfigError> {
    if in_list(text, key)? {
        return edited_list(text, key, |list| {
            list.remove(index);
        });
    }
    Ok(segments::take(text, key, index).map_err(not_toml)?.0)
}

/// The text with one of the tables of a key at another place among them.
fn moved(text: &str, key: &str, from: usize, to: usize) -> Result<String, ConfigError> {
    if in_list(text, key)? {
        return edited_list(text, key, |list| {
            let table = list.remove(from);
            list.insert_formatted(to, table);
        });
    }
    let (rest, table) = segments::take(text, key, from).map_err(not_toml)?;
    segments::put_at(&rest, key, to, &table).map_err(not_toml)
}

/// Whether a key is written as a list, `key = [ … ]`.
fn in_list(text: &str, key: &str) -> Result<bool, ConfigError> {
    Ok(document(text)?.get(key).is_some_and(Item::is_array))
}

fn edited_list(text: &str, key: &str, edit: impl FnOnce(&mut Array)) -> Result<String, ConfigError> {
    let mut document = document(text)?;
    if let Some(list) = document.get_mut(key).and_then(Item::as_array_mut) {
        edit(list);
    }
    Ok(document.to_string())
}

/// Puts a table at the end of a list, on a line of its own where the one before is.
fn push(list: &mut Array, table: InlineTable) {
    let indent = list.iter().last().and_then(|last| last.decor().prefix()?.as_str()).and_then(|prefix| {
        let (_, indent) = prefix.rsplit_once('\n')?;
        Some(format!("\n{indent}"))
    });
    let table = Value::InlineTable(table);
    match indent {
        Some(indent) => list.push_formatted(table.decorated(indent, "")),
        None => list.push(table),
    }
}

fn text_of(value: &Option<Value>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

/// Has rules, tiles and their places name a stream as it is named now.
fn rename_everywhere(config: &mut Config, original: &str, stream: &StreamConfig) {
    for rule in &mut config.rules {
        for name in rule.streams.iter_mut().filter(|name| *name == original) {
            stream.name.as_str().clone_into(name);
        }
    }
    for tile in &mut config.tiles {
        rename(&mut tile.stream, original, stream);
    }
    for place in config.dashboard.tile_places.iter_mut().filter(|place| place.stream == original) {
        stream.name.as_str().clone_into(&mut place.stream);
    }
}

fn rename(place: &mut Option<crate::model::StreamId>, from: &str, stream: &StreamConfig) {
    if place.as_ref().is_some_and(|name| name.as_str() == from) {
        *place = Some(stream.name.clone());
    }
}

fn rename_in(document: &mut DocumentMut, from: &str, to: &str) {
    for key in ["rule", "tile"] {
        for table in tables(document, key) {
            rename_key(table, "stream", from, to);
        }
    }
    places::rename(document, from, to);
}

/// Puts a new name in the place of an old one where a key has one name or a list of them.
fn rename_key(table: &mut dyn TableLike, key: &str, from: &str, to: &str) {
    if table.get(key).is_some_and(|item| item.as_str() == Some(from)) {
        merge::put(table, key, to.into(), &mut Vec::new());
    } else if let Some(list) = table.get_mut(key).and_then(Item::as_array_mut) {
        for name in list.iter_mut().filter(|name| name.as_str() == Some(from)) {
            let decor = name.decor().clone();
            *name = Value::from(to);
            *name.decor_mut() = decor;
        }
    }
}

fn names(table: &dyn TableLike, stream: &str) -> bool {
    match table.get("stream") {
        Some(Item::Value(Value::Array(list))) => list.iter().any(|name| name.as_str() == Some(stream)),
        Some(item) => item.as_str() == Some(stream),
        None => false,
    }
}

/// Every `[[key]]`, every table of the list `key = [ … ]`, or the one table of that key.
fn tables<'a>(document: &'a mut DocumentMut, key: &str) -> Vec<&'a mut dyn TableLike> {
    match document.get_mut(key) {
        Some(Item::ArrayOfTables(tables)) => tables.iter_mut().map(|table| table as &mut dyn TableLike).collect(),
        Some(Item::Value(Value::Array(array))) => {
            let tables = array.iter_mut().filter_map(Value::as_inline_table_mut);
            tables.map(|table| table as &mut dyn TableLike).collect()
        }
        Some(Item::Value(Value::InlineTable(table))) => vec![table],
        Some(Item::Table(table)) => vec![table],
        Some(Item::None | Item::Value(_)) | None => Vec::new(),
    }
}

/// Gives the result the original's byte order mark and line ends, if it means what was wanted.
fn finish(original: &str, result: String, wanted: &Config) -> Result<String, ConfigError> {
    let config = parse(&result).map_err(|mut errors| ConfigError::placeless(errors.swap_remove(0).message))?;
    if config != *wanted {
        return Err(ConfigError::placeless(text!(
            "this change cannot be written into the file: make it by hand",
            "无法把这次修改写进文件：请手工修改"
        )));
    }
    let crlf = original.matches("\r\n").count() * 2 > original.matches('\n').count();
    let result = if crlf { result.replace('\n', "\r\n") } else { result };
    Ok(if original.starts_with('\u{feff}') { format!("\u{feff}{result}") } else { result })
}
