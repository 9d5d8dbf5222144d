//! Settings and tiles between configuration and form.

use std::time::Duration;

use streambell_engine::config::edit::Settings;
use streambell_engine::config::{Config, Outage, QuietHours, TileConfig, Timeout};
use streambell_engine::locale::{Locale, Text};
use streambell_protocol::{
    LanguageForm, OutageForm, QuietHoursView, SettingsChange, SettingsForm, TileForm, TimeoutForm,
};

use super::dashboard_form;

/// What holds for everything.
pub(super) fn form(from: &Config) -> SettingsForm {
    let timeouts = &from.notifications.timeouts;
    SettingsForm {
        language: match from.language {
            None => LanguageForm::System,
            Some(Locale::English) => LanguageForm::En,
            Some(Locale::Chinese) => LanguageForm::Zh,
        },
        timeout_low: timeout(timeouts.low),
        timeout_normal: timeout(timeouts.normal),
        timeout_critical: timeout(timeouts.critical),
        sound_gap_ms: u32::try_from(from.notifications.sound_gap.as_millis()).unwrap_or(u32::MAX),
        max_age_s: seconds(from.history.max_age),
        max_events: u32::try_from(from.history.max_events).unwrap_or(u32::MAX),
        outage: match from.outage {
            Outage::Off => OutageForm::Off,
            Outage::After(after) => OutageForm::After { seconds: seconds(after) },
        },
        allow_commands: from.allow_commands,
        sounds: from.notifications.sounds,
        dashboard: dashboard_form::form(&from.dashboard),
    }
}

/// A tile; what is as by default is not said.
pub(super) fn tile(from: &TileConfig) -> TileForm {
    let default = TileConfig::default();
    let said = |text: &String, default: &String| (text != default).then(|| text.clone());
    TileForm {
        stream: from.stream.as_ref().map(ToString::to_string),
        event: said(&from.event, &default.event),
        key: said(&from.key, &default.key),
        value: said(&from.value, &default.value),
        change: from.change.clone(),
        unit: from.unit.clone(),
        label: from.label.clone(),
    }
}

/// A tile as edited.
pub(super) fn tile_config(form: &TileForm) -> TileConfig {
    let default = TileConfig::default();
    TileConfig {
        stream: form.stream.as_deref().map(Into::into),
        event: form.event.clone().unwrap_or(default.event),
        key: form.key.clone().unwrap_or(default.key),
        value: form.value.clone().unwrap_or(default.value),
        change: form.change.clone(),
        unit: form.unit.clone(),
        label: form.label.clone(),
    }
}

/// Quiet hours as edited.
///
/// # Errors
/// What is wrong with them.
pub(super) fn quiet_hours(form: &QuietHoursView) -> Result<QuietHours, Text> {
    QuietHours::of_words(&form.from, &form.to, &form.days, form.time_zone.as_deref())
}

/// What is to be changed.
pub(super) fn change(form: &SettingsChange) -> Settings {
    let timeout = |form: TimeoutForm| match form {
        TimeoutForm::Desktop => Timeout::Desktop,
        TimeoutForm::Never => Timeout::Never,
        TimeoutForm::After { seconds } => Timeout::After(Duration::from_secs(seconds.into())),
    };
    let language = |form| match form {
        LanguageForm::System => None,
        LanguageForm::En => Some(Locale::English),
        LanguageForm::Zh => Some(Locale::Chinese),
    };
    Settings {
        language: form.language.map(language),
        timeout_low: form.timeout_low.map(timeout),
        timeout_normal: form.timeout_normal.map(timeout),
        timeout_critical: form.timeout_critical.map(timeout),
        sound_gap: form.sound_gap_ms.map(|gap| Duration::from_millis(gap.into())),
        max_age: form.max_age_s.map(|age| Duration::from_secs(age.into())),
        max_events: form.max_events.map(Into::into),
        outage: form.outage.map(|outage| match outage {
            OutageForm::Off => Outage::Off,
            OutageForm::After { seconds } => Outage::After(Duration::from_secs(seconds.into())),
        }),
        allow_commands: form.allow_commands,
        sounds: form.sounds,
        theme: form.theme.map(dashboard_form::theme),
        rise: form.rise.map(dashboard_form::rise),
        tile_order: form.tile_order.map(dashboard_form::tile_order),
        tile_places: form.tile_places.as_deref().map(dashboard_form::tile_places),
        group_alerts: form.group_alerts,
    }
}

fn timeout(from: Timeout) -> TimeoutForm {
    match from {
        Timeout::Desktop => TimeoutForm::Desktop,
        Timeout::Never => TimeoutForm::Never,
        Timeout::After(after) => TimeoutForm::After { seconds: seconds(after) },
    }
}

fn seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}
