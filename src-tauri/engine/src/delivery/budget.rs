//! The limits: how many notifications in any window of time.

use std::collections::{HashMap, HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::settings::Settings;
use super::{CRITICAL, OVERALL};
use crate::config::Throttle;

/// What was shown lately: over all rules and for each, critical apart from all else.
#[derive(Debug, Default)]
pub(super) struct Budgets {
    critical: Shown,
    other: Shown,
    rules: HashMap<(String, bool), Shown>,
}

/// When notifications were shown, oldest first, with the number of their newest alert.
#[derive(Debug, Default)]
struct Shown(VecDeque<(Timestamp, i64)>);

impl Budgets {
    /// When the limit over all rules allows one more; `None`: at once.
    pub(super) fn free_at(&self, critical: bool) -> Option<Timestamp> {
        if critical { self.critical.free_at(CRITICAL) } else { self.other.free_at(OVERALL) }
    }

    /// When a rule's limit allows one more; `None`: at once.
    pub(super) fn rule_free_at(&self, rule: &str, critical: bool, settings: &Settings) -> Option<Timestamp> {
        self.rules.get(&(rule.to_owned(), critical))?.free_at(settings.throttle(rule)?)
    }

    /// Whether something of a rule was shown within its window.
    pub(super) fn has_shown(&self, rule: &str, critical: bool) -> bool {
        self.rules.get(&(rule.to_owned(), critical)).is_some_and(|shown| !shown.0.is_empty())
    }

    /// Counts a notification, for a rule too where it is of one. A rule without a throttle counts nowhere.
    pub(super) fn record(
        &mut self,
        rule: Option<&str>,
        critical: bool,
        newest: i64,
        now: Timestamp,
        settings: &Settings,
    ) {
        if rule.is_some_and(|rule| settings.throttle(rule).is_none()) {
            return;
        }
        let overall = if critical { &mut self.critical } else { &mut self.other };
        overall.0.push_back((now, newest));
        if let Some(rule) = rule {
            self.rules.entry((rule.to_owned(), critical)).or_default().0.push_back((now, newest));
        }
    }

    /// Counts these no more.
    pub(super) fn forget(&mut self, newest: &HashSet<i64>) {
        for shown in [&mut self.critical, &mut self.other].into_iter().chain(self.rules.values_mut()) {
            shown.0.retain(|(_, shown)| !newest.contains(shown));
        }
    }

    /// The numbers by which it is known what was counted.
    pub(super) fn numbers_mut(&mut self) -> impl Iterator<Item = &mut i64> {
        let all = [&mut self.critical, &mut self.other].into_iter().chain(self.rules.values_mut());
        all.flat_map(|shown| shown.0.iter_mut().map(|(_, newest)| newest))
    }

    /// Drops what lies beyond the windows.
    pub(super) fn prune(&mut self, now: Timestamp, settings: &Settings) {
        self.critical.prune(now, CRITICAL);
        self.other.prune(now, OVERALL);
        self.rules.retain(|(rule, _), shown| {
            settings.throttle(rule).is_some_and(|throttle| {
                shown.prune(now, throttle);
                !shown.0.is_empty()
            })
        });
    }
}

impl Shown {
    fn free_at(&self, throttle: Throttle) -> Option<Timestamp> {
        let count = usize::try_from(throttle.count).unwrap_or(usize::MAX).max(1);
        let (at, _) = self.0.get(self.0.len().checked_sub(count)?)?;
        Some(at.saturating_add(throttle.window).unwrap_or(Timestamp::MAX))
    }

    /// A time to come is of a clock that was set back since: it must not hold anything up.
    fn prune(&mut self, now: Timestamp, throttle: Throttle) {
        let window = SignedDuration::try_from(throttle.window).unwrap_or(SignedDuration::MAX);
        self.0.retain(|(at, _)| (SignedDuration::ZERO..window).contains(&now.duration_since(*at)));
    }
}
