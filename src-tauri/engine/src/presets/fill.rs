//! A preset's text with its gaps filled.

use std::collections::BTreeMap;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

use super::value::{Place, Values};
use super::{Filled, Preset, tables};
use crate::config::{self, edit};
use crate::locale::Text;
use crate::text;

pub(super) fn fill(preset: &Preset, typed: &BTreeMap<String, String>, auth: Option<usize>) -> Result<Filled, Text> {
    let values = Values::of(preset, typed)?;
    let mut document = preset.document.clone();
    if let Some(auth) = auth {
        choose(&mut document, preset, auth)?;
    }
    for kind in ["stream", "rule", "tile"] {
        let found = document.get_mut(kind).and_then(Item::as_array_of_tables_mut);
        for table in found.into_iter().flat_map(ArrayOfTables::iter_mut) {
            in_table(table, &values);
        }
    }
    let text = document.to_string().trim_start().to_owned();
    let config = config::parse(&text)
        .map_err(|errors| errors.into_iter().next().map_or_else(Text::default, |error| error.message))?;
    let broken = || text!("this preset is broken: please report it", "这个预设有问题：请报告");
    let stream = config.streams.first().ok_or_else(broken)?;
    Ok(Filled {
        stream: stream.as_ref().clone(),
        rules: alone(&document, "rule"),
        tiles: alone(&document, "tile"),
        text,
    })
}

/// Another way to sign in than the usual one.
fn choose(document: &mut DocumentMut, preset: &Preset, auth: usize) -> Result<(), Text> {
    let way = preset.auth.get(auth).ok_or_else(|| {
        let key = preset.key;
        text!("{key} has no such way to sign in", "{key} 没有这种登录方式")
    })?;
    let stream = document.get_mut("stream").and_then(Item::as_array_of_tables_mut).and_then(|all| all.get_mut(0));
    let Some(stream) = stream else { return Ok(()) };
    match edit::auth_value(way) {
        None => drop(stream.remove("auth")),
        Some(value) => drop(stream.insert("auth", Item::Value(value))),
    }
    Ok(())
}

fn in_table(table: &mut dyn TableLike, values: &Values) {
    for (key, item) in table.iter_mut() {
        let key = key.get().to_owned();
        match item {
            Item::Value(value) => in_value(&key, value, values),
            Item::Table(table) => in_table(table, values),
            Item::ArrayOfTables(_) | Item::None => {}
        }
    }
}

fn in_value(key: &str, value: &mut Value, values: &Values) {
    match value {
        Value::String(text) => {
            let place = match key {
                "url" => Place::Url,
                "body" | "template" if text.value().starts_with('{') && !text.value().starts_with("{{") => Place::Json,
                _ => Place::Text,
            };
            let filled = values.put_into(text.value(), place);
            if filled != *text.value() {
                let decor = text.decor().clone();
                *value = filled.into();
                *value.decor_mut() = decor;
            }
        }
        Value::Array(array) => array.iter_mut().for_each(|value| in_value(key, value, values)),
        Value::InlineTable(table) => in_table(table, values),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

/// Each table of a kind as a text of its own.
fn alone(document: &DocumentMut, kind: &str) -> Vec<String> {
    let one = |table: &Table| {
        let mut alone = DocumentMut::new();
        let mut tables = ArrayOfTables::new();
        let mut table = table.clone();
        table.decor_mut().clear();
        tables.push(table);
        alone.insert(kind, Item::ArrayOfTables(tables));
        alone.to_string()
    };
    tables(document, kind).map(one).collect()
}
