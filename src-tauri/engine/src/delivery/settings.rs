//! What delivery takes from the configuration.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned};

use super::gate;
use crate::config::{Config, Icon, IconSource, Notifications, QuietHours, RuleConfig, Throttle};
use crate::host::{Look, Noise};
use crate::locale::Locale;
use crate::model::{StoredAlert, Urgency};

#[derive(Debug, Default)]
pub(super) struct Settings {
    rules: HashMap<Arc<str>, RuleSettings>,
    quiet_hours: Vec<QuietHours>,
    notifications: Notifications,
    locale: Locale,
}

#[derive(Debug)]
struct RuleSettings {
    throttle: Option<Throttle>,
    pass_quiet_hours: bool,
    expires: Option<SignedDuration>,
    look: RuleLook,
}

/// How a rule's notifications look, as far as it says.
#[derive(Debug)]
struct RuleLook {
    icon: Option<Icon>,
    noise: Noise,
    timeout: Option<crate::config::Timeout>,
    buttons: Option<Arc<[crate::config::Button]>>,
}

impl Settings {
    pub(super) fn new(config: &Config) -> Self {
        let rules = config.rules.iter().map(|rule| (rule.name.clone(), RuleSettings::of(rule)));
        Self {
            rules: rules.collect(),
            quiet_hours: config.quiet_hours.clone(),
            notifications: config.notifications,
            locale: config.locale,
        }
    }

    /// The language of summaries.
    pub(super) fn locale(&self) -> Locale {
        self.locale
    }

    /// A rule's limit; `None` for none.
    pub(super) fn throttle(&self, rule: &str) -> Option<Throttle> {
        self.rules.get(rule).map_or(Some(Throttle::DEFAULT), |rule| rule.throttle)
    }

    /// Whether quiet hours hold an alert back now.
    pub(super) fn is_quiet(&self, alert: &StoredAlert, now: &Zoned) -> bool {
        let passes = || self.rules.get(&alert.alert.rule).is_some_and(|rule| rule.pass_quiet_hours);
        alert.alert.urgency != Urgency::Critical && self.is_quiet_time(now) && !passes()
    }

    /// When an alert is too old to be shown.
    pub(super) fn expires_at(&self, alert: &StoredAlert) -> Timestamp {
        gate::expires_at(alert, self.rules.get(&alert.alert.rule).and_then(|rule| rule.expires))
    }

    /// When an alert on screen is taken off it; `None` for never.
    pub(super) fn withdraw_at(&self, alert: &StoredAlert) -> Option<Timestamp> {
        self.rules.get(&alert.alert.rule)?.expires.map(|_| self.expires_at(alert))
    }

    /// How an alert looks when it is shown alone.
    pub(super) fn look(&self, alert: &StoredAlert) -> Look {
        let alert = &alert.alert;
        let timeout = self.notifications.timeouts.of(alert.urgency);
        let Some(RuleSettings { look, .. }) = self.rules.get(&alert.rule) else {
            return Look { timeout, locale: self.locale, ..Look::default() };
        };
        let chosen = (!alert.icon.is_empty()).then(|| Icon::Named(alert.icon.clone()));
        Look {
            icon: chosen.or_else(|| look.icon.clone()),
            noise: look.noise.clone(),
            timeout: look.timeout.unwrap_or(timeout),
            buttons: look.buttons.clone(),
            value: alert.value.clone(),
            locale: self.locale,
            expires_at: None,
        }
    }

    /// How a summary looks and sounds whose newest alert is this one.
    pub(super) fn summary_look(&self, newest: &StoredAlert, urgency: Urgency) -> Look {
        let noise = self.rules.get(&newest.alert.rule).map(|rule| rule.look.noise.clone()).unwrap_or_default();
        Look { noise, timeout: self.notifications.timeouts.of(urgency), locale: self.locale, ..Look::default() }
    }

    /// At most one sound in so long.
    pub(super) fn sound_gap(&self) -> Duration {
        self.notifications.sound_gap
    }

    /// Whether these are quiet hours.
    pub(super) fn is_quiet_time(&self, now: &Zoned) -> bool {
        self.quiet_hours.iter().any(|hours| hours.contain(now))
    }
}

impl RuleSettings {
    fn of(rule: &RuleConfig) -> Self {
        let icon = match &rule.icon {
            Some(IconSource::Fixed(icon)) => Some(icon.clone()),
            Some(IconSource::Template(_)) | None => None,
        };
        Self {
            throttle: rule.throttle,
            pass_quiet_hours: rule.pass_quiet_hours,
            expires: rule.expires.and_then(|after| SignedDuration::try_from(after).ok()),
            look: RuleLook {
                icon,
                noise: rule.sound.clone().map_or(Noise::Desktop, Noise::of),
                timeout: rule.timeout,
                buttons: rule.buttons.clone().map(Into::into),
            },
        }
    }
}
