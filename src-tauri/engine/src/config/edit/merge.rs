//! Puts values into a document and leaves as it is written all that means the same already.

use toml_edit::{InlineTable, Item, TableLike, Value};

use super::comments;

/// Sets a field; what already means the same stays. Comments that lose their place are added to `lost`.
pub(super) fn put(table: &mut dyn TableLike, key: &str, value: Value, lost: &mut Vec<String>) {
    let ordered = ["headers", "match"].contains(&key);
    match table.get_mut(key) {
        Some(item) if same(item, &value) => {}
        Some(item) if ordered && has_tables(item) => {
            // Values and tables side by side have no one order: headers are written anew, as one value.
            remove(table, key, lost);
            table.insert(key, Item::Value(value));
        }
        Some(item) => match value.as_inline_table() {
            Some(wanted) if item.is_table_like() => put_all(item, wanted, ordered, lost),
            Some(_) | None => replace(item, value, lost),
        },
        None => {
            let mut value = value;
            value.decor_mut().clear();
            table.insert(key, Item::Value(value));
        }
    }
}

/// Removes a field, if it is there. Its comments are added to `lost`.
pub(super) fn remove(table: &mut dyn TableLike, key: &str, lost: &mut Vec<String>) {
    if let Some((key, item)) = table.get_key_value(key) {
        comments::of_key(key, lost);
        comments::of_item(item, lost);
    }
    table.remove(key);
}

/// Makes a table say what another one says.
pub(super) fn put_each(table: &mut dyn TableLike, wanted: &InlineTable, lost: &mut Vec<String>) {
    let gone = |key: &str| !wanted.contains_key(key);
    let gone: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).filter(|key| gone(key)).collect();
    for key in gone {
        remove(table, &key, lost);
    }
    for (key, value) in wanted {
        put(table, key, value.clone(), lost);
    }
}

fn put_all(item: &mut Item, wanted: &InlineTable, ordered: bool, lost: &mut Vec<String>) {
    if let Some(table) = item.as_table_like_mut() {
        put_each(table, wanted, lost);
    }
    let place = |key: &str| wanted.iter().position(|(wanted, _)| wanted == key);
    if let Item::Table(table) = item {
        if ordered {
            table.sort_values_by(|left, _, right, _| place(left.get()).cmp(&place(right.get())));
        }
    } else if let Some(table) = item.as_inline_table_mut() {
        if ordered {
            table.sort_values_by(|left, _, right, _| place(left.get()).cmp(&place(right.get())));
        }
        if !table.to_string().contains('\n') {
            table.fmt();
        }
    }
}

fn replace(item: &mut Item, mut value: Value, lost: &mut Vec<String>) {
    match item.as_value() {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            comments::inside(old, lost);
        }
        None => comments::of_item(item, lost),
    }
    *item = Item::Value(value);
}

fn has_tables(item: &Item) -> bool {
    item.as_table_like().is_some_and(|table| table.iter().any(|(_, item)| item.is_table()))
}

/// Whether both mean the same, fields in the same order.
fn same(item: &Item, value: &Value) -> bool {
    match value {
        Value::String(text) => item.as_str() == Some(text.value()),
        Value::Boolean(flag) => item.as_bool() == Some(*flag.value()),
        Value::Integer(number) => item.as_integer() == Some(*number.value()),
        Value::Array(wanted) => item.as_array().is_some_and(|array| {
            let pairs = || array.iter().zip(wanted);
            array.len() == wanted.len() && pairs().all(|(value, wanted)| same(&Item::Value(value.clone()), wanted))
        }),
        Value::InlineTable(wanted) => item.as_table_like().is_some_and(|table| {
            let pairs = || table.iter().zip(wanted.iter());
            table.len() == wanted.len() && pairs().all(|((key, item), (name, value))| key == name && same(item, value))
        }),
        Value::Float(number) => item.as_float() == Some(*number.value()),
        Value::Datetime(_) => false,
    }
}
