//! Changes to what holds for everything: the top of the file, `[notifications]`, `[history]`, `[outage]`, `[dashboard]`.

use std::time::Duration;

use toml_edit::{InlineTable, Item, TableLike, Value};

use super::setting::SETTINGS;
use super::{
    ConfigError, EditError, comments, document, finish, merge, not_toml, parse_beside, plain, segments, valid,
    with_version,
};
use crate::config::{Config, Dashboard, Outage, Rise, Theme, TileOrder, TilePlace, Timeout};
use crate::locale::{Locale, Text};
use crate::text;

/// How many names are told at once.
const NAMED: usize = 5;

/// What is to be changed; the rest stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The language of the tray and of notifications; `Some(None)` for the system's.
    pub language: Option<Option<Locale>>,
    /// Whether rules may start programs, and the dashboard brings streams that get a secret from one.
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

impl Settings {
    /// What makes a window that looks one way look another.
    pub fn of_look(old: &Dashboard, new: &Dashboard) -> Self {
        fn other<T: Clone + PartialEq>(old: &T, new: &T) -> Option<T> {
            (old != new).then(|| new.clone())
        }
        Self {
            theme: other(&old.theme, &new.theme),
            rise: other(&old.rise, &new.rise),
            tile_order: other(&old.tile_order, &new.tile_order),
            tile_places: other(&old.tile_places, &new.tile_places),
            group_alerts: other(&old.group_alerts, &new.group_alerts),
            ..Self::default()
        }
    }
}

/// Changes settings; those that are so already stay as they are written.
///
/// # Errors
/// [`EditError`], also where programs are no longer to be started and a rule needs them.
pub fn save_settings(text: &str, settings: &Settings) -> Result<String, EditError> {
    let config = if settings.allow_commands == Some(true) { valid_but_for_programs(text)? } else { valid(text)? };
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

/// A configuration that may have rules with programs though it does not allow them.
///
/// # Errors
/// What else is wrong with it.
pub fn valid_but_for_programs(text: &str) -> Result<Config, ConfigError> {
    // Of a text beside others it is not asked whether it allows them.
    parse_beside(text, Some(&Config::default())).map_err(|mut errors| errors.swap_remove(0))
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

/// Whether no rule is left that starts a program, so that they may be forbidden: without the key its file is not valid.
fn check_needed_by_nobody(config: &Config) -> Result<(), ConfigError> {
    let rules = config.rules.iter().filter(|rule| !rule.run.is_empty());
    let mut names: Vec<Text> = rules
        .map(|rule| {
            let name = &*rule.name;
            text!("the rule {name:?}", "规则 {name:?}")
        })
        .collect();
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

/// Sets a field of a table, or of a table in it; those that are not there are made. Comments in what it was stand above
/// it then.
fn set(text: &str, path: &[&str], value: Value) -> Result<String, ConfigError> {
    let mut document = document(text)?;
    let [first, rest @ ..] = path else { return Ok(text.to_owned()) };
    let mut lost = Vec::new();
    if rest.is_empty() {
        merge::put(document.as_table_mut(), first, value, &mut lost);
        comments::put_above_key(document.as_table_mut(), first, &lost);
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
    merge::put(table, key, value, &mut lost);
    if document.get(first).is_some_and(Item::is_value) {
        // There is no room for lines in it.
        comments::put_above_key(document.as_table_mut(), first, &lost);
    } else if let Some(table) = document.get_mut(first).and_then(Item::as_table_like_mut) {
        comments::put_above_key(table, key, &lost);
    }
    Ok(document.to_string())
}
