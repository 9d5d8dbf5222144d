//! Finds the comments of what is about to go, so that they find a new place.

use toml_edit::{Decor, DocumentMut, Item, Key, RawString, TableLike, Value};

/// Puts comment lines above one of the tables of a key.
pub(super) fn put_above(document: &mut DocumentMut, key: &str, index: usize, comments: &[String]) {
    if comments.is_empty() {
        return;
    }
    let lines = format!("{}\n", comments.join("\n"));
    match document.get_mut(key) {
        Some(Item::ArrayOfTables(tables)) => {
            if let Some(table) = tables.get_mut(index) {
                append(table.decor_mut(), &lines);
            }
        }
        Some(Item::Value(Value::Array(array))) => {
            if let Some(table) = array.get_mut(index) {
                append(table.decor_mut(), &format!("\n{lines}"));
            }
        }
        Some(Item::Table(table)) => append(table.decor_mut(), &lines),
        Some(Item::None | Item::Value(_)) | None => {}
    }
}

/// Puts comment lines above a key of a table that has lines.
pub(super) fn put_above_key(table: &mut dyn TableLike, key: &str, comments: &[String]) {
    if let Some(mut key) = table.key_mut(key).filter(|_| !comments.is_empty()) {
        append(key.leaf_decor_mut(), &format!("{}\n", comments.join("\n")));
    }
}

/// Adds the comments above a key.
pub(super) fn of_key(key: &Key, found: &mut Vec<String>) {
    of_decor(key.leaf_decor(), found);
    of_decor(key.dotted_decor(), found);
}

/// Adds the comments around and in an item.
pub(super) fn of_item(item: &Item, found: &mut Vec<String>) {
    match item {
        Item::None => {}
        Item::Value(value) => of_value(value, found),
        Item::Table(table) => {
            of_decor(table.decor(), found);
            for (key, item) in table {
                table.key(key).into_iter().for_each(|key| of_key(key, found));
                of_item(item, found);
            }
        }
        Item::ArrayOfTables(tables) => tables.iter().for_each(|table| of_item(&Item::Table(table.clone()), found)),
    }
}

/// Adds the comments in a list or a table, without those around it.
pub(super) fn inside(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(array) => {
            array.iter().for_each(|value| of_value(value, found));
            of_raw(array.trailing(), found);
        }
        Value::InlineTable(table) => {
            for (key, value) in table {
                table.key(key).into_iter().for_each(|key| of_key(key, found));
                of_value(value, found);
            }
            of_raw(table.trailing(), found);
        }
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

fn of_value(value: &Value, found: &mut Vec<String>) {
    of_decor(value.decor(), found);
    inside(value, found);
}

fn of_decor(decor: &Decor, found: &mut Vec<String>) {
    decor.prefix().into_iter().chain(decor.suffix()).for_each(|raw| of_raw(raw, found));
}

fn of_raw(raw: &RawString, found: &mut Vec<String>) {
    let lines = raw.as_str().unwrap_or_default().lines().map(str::trim);
    found.extend(lines.filter(|line| line.starts_with('#')).map(str::to_owned));
}

fn append(decor: &mut Decor, lines: &str) {
    let prefix = decor.prefix().and_then(RawString::as_str).unwrap_or_default();
    decor.set_prefix(format!("{prefix}{lines}"));
}
