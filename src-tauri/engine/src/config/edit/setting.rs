//! What holds for everything, by the names it has in the file.

use toml_edit::Value;

use super::{ConfigError, Settings, parse, write};
use crate::config::Config;
use crate::config::dashboard::{RISES, THEMES, TILE_ORDERS};
use crate::config::fault::{quoted, suggestion};
use crate::text;

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Where it stands in the file: tables, then its key.
    pub(super) path: &'static [&'static str],
    /// It, as it is written.
    pub(super) value: fn(&Config) -> Value,
    /// It, as a change.
    take: fn(&Config, &mut Settings),
}

/// All of them, in the order of the file.
pub(super) const SETTINGS: [Setting; 15] = [
    Setting {
        path: &["language"],
        value: |config| write::language(config.language),
        take: |config, change| change.language = Some(config.language),
    },
    Setting {
        path: &["allow_commands"],
        value: |config| config.allow_commands.into(),
        take: |config, change| change.allow_commands = Some(config.allow_commands),
    },
    Setting {
        path: &["notifications", "timeout", "low"],
        value: |config| write::timeout(config.notifications.timeouts.low),
        take: |config, change| change.timeout_low = Some(config.notifications.timeouts.low),
    },
    Setting {
        path: &["notifications", "timeout", "normal"],
        value: |config| write::timeout(config.notifications.timeouts.normal),
        take: |config, change| change.timeout_normal = Some(config.notifications.timeouts.normal),
    },
    Setting {
        path: &["notifications", "timeout", "critical"],
        value: |config| write::timeout(config.notifications.timeouts.critical),
        take: |config, change| change.timeout_critical = Some(config.notifications.timeouts.critical),
    },
    Setting {
        path: &["notifications", "sounds"],
        value: |config| config.notifications.sounds.into(),
        take: |config, change| change.sounds = Some(config.notifications.sounds),
    },
    Setting {
        path: &["notifications", "sound_gap"],
        value: |config| write::duration(config.notifications.sound_gap),
        take: |config, change| change.sound_gap = Some(config.notifications.sound_gap),
    },
    Setting {
        path: &["history", "max_age"],
        value: |config| write::duration(config.history.max_age),
        take: |config, change| change.max_age = Some(config.history.max_age),
    },
    Setting {
        path: &["history", "max_events"],
        value: |config| i64::try_from(config.history.max_events).unwrap_or(i64::MAX).into(),
        take: |config, change| change.max_events = Some(config.history.max_events),
    },
    Setting {
        path: &["outage", "after"],
        value: |config| write::outage(config.outage),
        take: |config, change| change.outage = Some(config.outage),
    },
    Setting {
        path: &["dashboard", "theme"],
        value: |config| write::choice(&THEMES, &config.dashboard.theme),
        take: |config, change| change.theme = Some(config.dashboard.theme),
    },
    Setting {
        path: &["dashboard", "rise"],
        value: |config| write::choice(&RISES, &config.dashboard.rise),
        take: |config, change| change.rise = Some(config.dashboard.rise),
    },
    Setting {
        path: &["dashboard", "tile_order"],
        value: |config| write::choice(&TILE_ORDERS, &config.dashboard.tile_order),
        take: |config, change| change.tile_order = Some(config.dashboard.tile_order),
    },
    Setting {
        path: &["dashboard", "tile_places"],
        value: |config| write::tile_places(&config.dashboard.tile_places),
        take: |config, change| change.tile_places = Some(config.dashboard.tile_places.clone()),
    },
    Setting {
        path: &["dashboard", "group_alerts"],
        value: |config| config.dashboard.group_alerts.into(),
        take: |config, change| change.group_alerts = Some(config.dashboard.group_alerts),
    },
];

/// Every setting of a configuration in the order of the file: its name, such as `history.max_age`, and its value as it is
/// written.
pub fn settings(config: &Config) -> impl Iterator<Item = (String, Value)> {
    SETTINGS.iter().map(|setting| (setting.name(), (setting.value)(config)))
}

/// One setting by its name, and its new value as it is written; the quotes of text may be missing.
///
/// # Errors
/// Where there is none of that name, or its value cannot be that.
pub fn setting(name: &str, value: &str) -> Result<Settings, ConfigError> {
    let Some(setting) = SETTINGS.iter().find(|setting| setting.name() == name) else {
        let names: Vec<String> = SETTINGS.iter().map(Setting::name).collect();
        let (near, name) = (suggestion(name, names.iter().map(String::as_str)), quoted(name));
        return Err(ConfigError::placeless(text!("there is no setting {name}{near}", "没有设置 {name}{near}", near)));
    };
    // Only one value, whatever is in it.
    let value: Value = match value.parse() {
        Ok(value @ (Value::Boolean(_) | Value::Integer(_) | Value::String(_) | Value::Array(_))) => value,
        _ => value.into(),
    };
    let config = parse(&format!("{name} = {}", value.to_string().trim()))
        .map_err(|mut errors| ConfigError::placeless(errors.swap_remove(0).message))?;
    let mut change = Settings::default();
    (setting.take)(&config, &mut change);
    Ok(change)
}

impl Setting {
    fn name(&self) -> String {
        self.path.join(".")
    }
}
