//! Changes to what holds for everything: the top of the file, `[notifications]`, `[history]`, `[outage]`, `[dashboard]`.

use std::time::Duration;

use toml_edit::{InlineTable, Item, TableLike, Value};

use super::setting::SETTINGS;
use super::stream::names_a_program;
use super::{ConfigError, EditError, document, finish, merge, not_toml, plain, segments, valid, with_version};
use crate::config::{Config, Outage, Rise, Theme, TileOrder, TilePlace, Timeout};
use crate::locale::{Locale, Text};
use crate::text;

/// How many names are told at once.
const NAMED: usize = 5;

/// What is to be changed; the rest stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The language of the tray and of notifications; `Some(None)` for the system's.
    pub language: Option<Option<Locale>>,
    /// Whether rules and streams may start programs.
    pub allow_commands: Option<bool>,
    /// How long notifications of low urgency stay on screen.
    pub timeout_low: Option<Timeout>,
    /// Those of normal urgency.
    pub timeout_normal: Option<Timeout>,
    /// Critical ones.
    pub timeout_critical: Option<Timeout>,
    /// Whether anything may be heard.
    pub sounds: Option<bool>,
    /// The least time between two sounds.
    pub sound_gap: Option<Duration>,
    /// How long an event is kept.
    pub max_age: Option<Duration>,
    /// How many events are kept.
    pub max_events: Option<u64>,
    /// When a person is told that a stream has no connection.
    pub outage: Option<Outage>,
    /// Whether the window is light or dark.
    pub theme: Option<Theme>,
    /// The colour of a rise.
    pub rise: Option<Rise>,
    /// In which order tiles stand.
    pub tile_order: Option<TileOrder>,
    /// Where they stand by hand.
    pub tile_places: Option<Vec<TilePlace>>,
    /// Whether alerts that belong together are one line.
    pub group_alerts: Option<bool>,
}

/// Changes settings; those that are so already stay as they are written.
///
/// # Errors
/// [`EditError`], also where programs are no longer to be started and something needs them.
pub fn save_settings(text: &str, settings: &Settings) -> Result<String, EditError> {
    let config = valid(text)?;
    let wanted = with(&config, settings);
    if config.allow_commands && !wanted.allow_commands {
        check_needed_by_nobody(&config)?;
    }
    let mut result = None;
    for setting in &SETTINGS {
        let (old, new) = ((setting.value)(&config), (setting.value)(&wanted));
        if old.to_string() != new.to_string() {
            result = Some(set(&result.unwrap_or_else(|| with_version(&plain(text))), setting.path, new)?);
        }
    }
    match result {
        None => Ok(text.to_owned()),
        Some(result) => Ok(finish(text, result, &wanted)?),
    }
}

/// The configuration with these settings.
fn with(config: &Config, settings: &Settings) -> Config {
    fn put<T: Clone>(place: &mut T, new: &Option<T>) {
        if let Some(new) = new {
            place.clone_from(new);
        }
    }
    let mut wanted = config.clone();
    put(&mut wanted.language, &settings.language);
    put(&mut wanted.locale, &settings.language.map(Option::unwrap_or_default));
    put(&mut wanted.allow_commands, &settings.allow_commands);
    let notifications = &mut wanted.notifications;
    put(&mut notifications.timeouts.low, &settings.timeout_low);
    put(&mut notifications.timeouts.normal, &settings.timeout_normal);
    put(&mut notifications.timeouts.critical, &settings.timeout_critical);
    put(&mut notifications.sounds, &settings.sounds);
    put(&mut notifications.sound_gap, &settings.sound_gap);
    put(&mut wanted.history.max_age, &settings.max_age);
    put(&mut wanted.history.max_events, &settings.max_events);
    put(&mut wanted.outage, &settings.outage);
    let dashboard = &mut wanted.dashboard;
    put(&mut dashboard.theme, &settings.theme);
    put(&mut dashboard.rise, &settings.rise);
    put(&mut dashboard.tile_order, &settings.tile_order);
    put(&mut dashboard.tile_places, &settings.tile_places);
    put(&mut dashboard.group_alerts, &settings.group_alerts);
    wanted
}

/// Whether nothing is left that starts programs, so that they may be forbidden.
fn check_needed_by_nobody(config: &Config) -> Result<(), ConfigError> {
    let rules = config.rules.iter().filter(|rule| !rule.run.is_empty());
    let rules = rules.map(|rule| {
        let name = &*rule.name;
        text!("the rule {name:?}", "规则 {name:?}")
    });
    let streams = config.streams.iter().filter(|stream| names_a_program(stream));
    let streams = streams.map(|stream| {
        let name = stream.name.as_str();
        text!("the stream {name:?}", "流 {name:?}")
    });
    let mut names: Vec<Text> = rules.chain(streams).collect();
    if names.is_empty() {
        return Ok(());
    }
    if names.len() > NAMED {
        let more = names.split_off(NAMED).len();
        names.push(text!("{more} more", "另外 {more} 个"));
    }
    let names = Text::joined(names.into_iter(), (", ", "、"));
    Err(ConfigError::placeless(text!(
        "programs are started by {names}: take them out there first",
        "{names} 会启动程序：请先在那里去掉它们",
        names
    )))
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
