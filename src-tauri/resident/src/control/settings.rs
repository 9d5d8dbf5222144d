//! Settings and tiles between configuration and form.

use std::time::Duration;

use streambell_engine::config::{Config, Outage, TileConfig, Timeout};
use streambell_protocol::{OutageForm, SettingsForm, TileForm, TimeoutForm};

/// What holds for everything.
pub(super) fn form(from: &Config) -> SettingsForm {
    let timeouts = &from.notifications.timeouts;
    SettingsForm {
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
