//! What an entry of the configuration reads out of the data of events: a key and a value. Pure.

use serde_json::Value;

use super::MAX_TEXT;
use crate::config::TileConfig;

/// The key and the number that an entry of the configuration takes from an event of that name.
pub(crate) fn taken(config: &TileConfig, name: &str, data: &Value) -> Option<(String, f64)> {
    let value = data.pointer(&config.value).and_then(scalar).as_deref().and_then(number)?;
    let key = if config.key.is_empty() { Some(name.to_owned()) } else { key_in(config, data) };
    Some((key?, value))
}

/// The value that an entry of the configuration takes from an event's data for a key, where that is a number. Cheap for
/// data of other keys: most of what is read for a chart is.
pub(crate) fn reading(config: &TileConfig, key: &str, name: &str, data: &str) -> Option<f64> {
    if config.event != name || (!config.key.is_empty() && is_plain(key) && !data.contains(key) && !data.contains("\\u"))
    {
        return None;
    }
    let data = serde_json::from_str::<Value>(data).ok()?;
    let value = data.pointer(&config.value).and_then(scalar).as_deref().and_then(number)?;
    let is_its = if config.key.is_empty() { name == key } else { key_in(config, &data).as_deref() == Some(key) };
    is_its.then_some(value)
}

/// The key that an entry of the configuration takes from an event's data.
pub(crate) fn key_of(config: &TileConfig, data: &str) -> Option<String> {
    key_in(config, &serde_json::from_str(data).ok()?)
}

fn key_in(config: &TileConfig, data: &Value) -> Option<String> {
    data.pointer(&config.key).and_then(scalar)
}

/// Whether a key is written in JSON as it is shown; a number may be written in several ways.
fn is_plain(key: &str) -> bool {
    key.bytes().any(|byte| byte.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        && key.parse::<f64>().is_err()
}

/// A text, number or truth value as text without control characters; `None` for all else and what is too long.
pub(super) fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) if text.len() <= MAX_TEXT => text.chars().filter(|c| !c.is_control()).collect(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(text)
}

pub(super) fn number(text: &str) -> Option<f64> {
    text.trim().trim_end_matches('%').trim_end().parse().ok().filter(|value: &f64| value.is_finite())
}
