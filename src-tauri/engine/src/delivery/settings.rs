//! What delivery takes from the configuration.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Zoned;
use jiff::civil::Time;

use crate::config::{Config, QuietHours, Throttle};
use crate::model::{StoredAlert, Urgency};

#[derive(Debug, Default)]
pub(super) struct Settings {
    rules: HashMap<Arc<str>, RuleSettings>,
    quiet_hours: Option<QuietHours>,
}

#[derive(Debug)]
struct RuleSettings {
    throttle: Option<Throttle>,
    pass_quiet_hours: bool,
}

impl Settings {
    pub(super) fn new(config: &Config) -> Self {
        let settings = config.rules.iter().map(|rule| {
            let settings = RuleSettings { throttle: rule.throttle, pass_quiet_hours: rule.pass_quiet_hours };
            (rule.name.clone(), settings)
        });
        Self { rules: settings.collect(), quiet_hours: config.quiet_hours }
    }

    /// A rule's limit; `None` for none.
    pub(super) fn throttle(&self, rule: &str) -> Option<Throttle> {
        self.rules.get(rule).map_or(Some(Throttle::DEFAULT), |rule| rule.throttle)
    }

    /// Whether quiet hours hold an alert back now.
    pub(super) fn is_quiet(&self, alert: &StoredAlert, now: &Zoned) -> bool {
        let passes = || self.rules.get(&alert.alert.rule).is_some_and(|rule| rule.pass_quiet_hours);
        alert.alert.urgency != Urgency::Critical
            && self.quiet_hours.is_some_and(|hours| within(hours, now.time()))
            && !passes()
    }
}

/// Hours that end where they start are none.
fn within(hours: QuietHours, time: Time) -> bool {
    if hours.from <= hours.to { hours.from <= time && time < hours.to } else { hours.from <= time || time < hours.to }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn quiet_hours_reach_over_midnight() {
        let night = QuietHours { from: time(22, 0, 0, 0), to: time(7, 0, 0, 0) };
        let noon = QuietHours { from: time(12, 0, 0, 0), to: time(13, 0, 0, 0) };
        let never = QuietHours { from: time(12, 0, 0, 0), to: time(12, 0, 0, 0) };
        for (hours, at, quiet) in [
            (night, time(21, 59, 59, 0), false),
            (night, time(22, 0, 0, 0), true),
            (night, time(0, 0, 0, 0), true),
            (night, time(6, 59, 59, 999), true),
            (night, time(7, 0, 0, 0), false),
            (noon, time(12, 30, 0, 0), true),
            (noon, time(13, 0, 0, 0), false),
            (never, time(12, 0, 0, 0), false),
        ] {
            assert_eq!(within(hours, at), quiet, "{hours:?} {at}");
        }
    }
}
