//! Changes to what holds for everything: `[notifications]`, `[history]`, `[outage]`.

use std::time::Duration;

use toml_edit::{InlineTable, Item, TableLike, Value};

use super::{ConfigError, EditError, document, finish, merge, not_toml, plain, segments, valid, with_version, write};
use crate::config::{Outage, Timeout};
use crate::locale::Locale;

/// What is to be changed; the rest stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// The language of the tray and of notifications; `Some(None)` for the system's.
    pub language: Option<Option<Locale>>,
    /// How long notifications of low urgency stay on screen.
    pub timeout_low: Option<Timeout>,
    /// Those of normal urgency.
    pub timeout_normal: Option<Timeout>,
    /// Critical ones.
    pub timeout_critical: Option<Timeout>,
    /// The least time between two sounds.
    pub sound_gap: Option<Duration>,
    /// How long an event is kept.
    pub max_age: Option<Duration>,
    /// How many events are kept.
    pub max_events: Option<u64>,
    /// When a person is told that a stream has no connection.
    pub outage: Option<Outage>,
}

/// Changes settings; those that are so already stay as they are written.
///
/// # Errors
/// [`EditError`].
pub fn save_settings(text: &str, settings: &Settings) -> Result<String, EditError> {
    let mut wanted = valid(text)?;
    let (notifications, history) = (&mut wanted.notifications, &mut wanted.history);
    let timeouts = &mut notifications.timeouts;
    let mut changes: Vec<(&[&str], Value)> = Vec::new();
    if let Some(new) = changed(&mut wanted.language, settings.language) {
        wanted.locale = new.unwrap_or_default();
        changes.push((&["language"], write::language(new)));
    }
    if let Some(new) = changed(&mut timeouts.low, settings.timeout_low) {
        changes.push((&["notifications", "timeout", "low"], write::timeout(new)));
    }
    if let Some(new) = changed(&mut timeouts.normal, settings.timeout_normal) {
        changes.push((&["notifications", "timeout", "normal"], write::timeout(new)));
    }
    if let Some(new) = changed(&mut timeouts.critical, settings.timeout_critical) {
        changes.push((&["notifications", "timeout", "critical"], write::timeout(new)));
    }
    if let Some(new) = changed(&mut notifications.sound_gap, settings.sound_gap) {
        changes.push((&["notifications", "sound_gap"], write::duration(new)));
    }
    if let Some(new) = changed(&mut history.max_age, settings.max_age) {
        changes.push((&["history", "max_age"], write::duration(new)));
    }
    if let Some(new) = changed(&mut history.max_events, settings.max_events) {
        changes.push((&["history", "max_events"], i64::try_from(new).unwrap_or(i64::MAX).into()));
    }
    if let Some(new) = changed(&mut wanted.outage, settings.outage) {
        changes.push((&["outage", "after"], write::outage(new)));
    }
    if changes.is_empty() {
        return Ok(text.to_owned());
    }
    let mut result = with_version(&plain(text));
    for (path, value) in changes {
        result = set(&result, path, value)?;
    }
    Ok(finish(text, result, &wanted)?)
}

fn changed<T: PartialEq + Copy>(place: &mut T, new: Option<T>) -> Option<T> {
    let new = new.filter(|new| new != place)?;
    *place = new;
    Some(new)
}

/// Sets a field of a table, or of a table in it; those that are not there are made.
fn set(text: &str, path: &[&str], value: Value) -> Result<String, ConfigError> {
    let mut document = document(text)?;
    let [first, rest @ ..] = path else { return Ok(text.to_owned()) };
    if rest.is_empty() {
        merge::put(document.as_table_mut(), first, value, &mut Vec::new());
        return Ok(document.to_string());
    }
    let table = document.get_mut(first).and_then(Item::as_table_like_mut);
    let (key, value) = match *rest {
        [key, inner] => {
            let known = table.as_deref().and_then(|table| table.get(key)?.as_table_like());
            let known = known.into_iter().flat_map(TableLike::iter);
            let mut all: InlineTable = known.filter_map(|(key, item)| Some((key, item.as_value()?.clone()))).collect();
            all.insert(inner, value);
            all.fmt();
            (key, Value::InlineTable(all))
        }
        [key] => (key, value),
        _ => return Ok(text.to_owned()),
    };
    let Some(table) = table else {
        return segments::insert(text, first, &format!("[{first}]\n{key} = {value}\n")).map_err(not_toml);
    };
    merge::put(table, key, value, &mut Vec::new());
    Ok(document.to_string())
}
