//! What would have been shown: rules and delivery on events of the past, with the events' own times as the time. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::config::Config;
use crate::delivery::{Decision, Delivery};
use crate::host::Notification;
use crate::model::{Alert, Event, Resolution, StoredAlert, Suppression};
use crate::rules::{Absence, Outcome, RuleError, Rules, Trace};

/// What would have happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A notification would have been shown.
    Shown {
        /// When.
        at: Timestamp,
        /// It.
        notification: Box<Notification>,
    },
    /// An alert would have been made and not shown.
    Suppressed {
        /// When that was decided.
        at: Timestamp,
        /// It.
        alert: Box<StoredAlert>,
        /// Why.
        reason: Suppression,
    },
    /// The open alerts of a rule and group would have been over.
    Resolved {
        /// When.
        at: Timestamp,
        /// Which.
        resolution: Resolution,
    },
}

/// Rules and delivery in a time of their own.
#[derive(Debug)]
pub struct Rehearsal {
    rules: Rules,
    delivery: Delivery,
    zone: TimeZone,
    /// Every alert so far that is not decided on.
    alerts: Vec<StoredAlert>,
    last_alert: i64,
    /// Every alert since they were taken last, where they are asked for.
    made: Option<Vec<StoredAlert>>,
    /// How many events rules have ignored so far.
    ignored: BTreeMap<Arc<str>, usize>,
}

impl Rehearsal {
    /// Begins at the time of the first event.
    ///
    /// # Errors
    /// Where rules cannot be compiled.
    pub fn new(config: &Config, start: &Zoned) -> Result<Self, Vec<RuleError>> {
        let (mut rules, mut delivery) = (Rules::default(), Delivery::default());
        rules.configure(config, start)?;
        delivery.configure(config);
        Ok(Self {
            rules,
            delivery,
            zone: start.time_zone().clone(),
            alerts: Vec::new(),
            last_alert: 0,
            made: None,
            ignored: BTreeMap::new(),
        })
    }

    /// Lets time pass until an event, and judges it. Events come in the order of their times; `seq` is the event's
    /// number where it has one.
    pub fn play(&mut self, event: &Event, seq: i64) -> Vec<Told> {
        let mut told = self.pass(event.at);
        if !self.rules.concern(&event.stream, &event.name) {
            return told;
        }
        let outcome = self.rules.judge(event);
        self.tell(event, seq, outcome, &mut told);
        told
    }

    /// As [`Rehearsal::play`], with how each rule came to its verdict.
    pub fn explain(&mut self, event: &Event, seq: i64) -> (Vec<Told>, Vec<Trace>) {
        let mut told = self.pass(event.at);
        let (outcome, traces) = self.rules.explain(event);
        self.tell(event, seq, outcome, &mut told);
        (told, traces)
    }

    /// Every alert that was made since this was asked last; none before it is asked first.
    pub fn take_alerts(&mut self) -> Vec<StoredAlert> {
        self.made.replace(Vec::new()).unwrap_or_default()
    }

    /// How many events each rule that ignores some has ignored so far.
    pub fn ignored(&self) -> &BTreeMap<Arc<str>, usize> {
        &self.ignored
    }

    fn tell(&mut self, event: &Event, seq: i64, outcome: Outcome, told: &mut Vec<Told>) {
        if let Some(rule) = outcome.ignored_by {
            *self.ignored.entry(rule).or_default() += 1;
        }
        let alerts: Vec<_> = outcome.alerts.into_iter().map(|alert| self.stored(event, seq, alert)).collect();
        self.offer(alerts, event.at, told);
        for resolution in outcome.resolutions {
            let is_over = |alert: &&StoredAlert| {
                alert.alert.resolvable && alert.alert.rule == resolution.rule && alert.alert.group == resolution.group
            };
            let over: Vec<i64> = self.alerts.iter().filter(is_over).map(|alert| alert.id).collect();
            let decisions = self.delivery.resolve(&over);
            self.decide(decisions, event.at, told);
            told.push(Told::Resolved { at: event.at, resolution });
        }
    }

    /// Lets time pass, with all that is due meanwhile.
    pub fn pass(&mut self, until: Timestamp) -> Vec<Told> {
        let mut told = Vec::new();
        loop {
            let due = [self.rules.deadline(), self.delivery.deadline()].into_iter().flatten().min();
            let Some(due) = due.filter(|due| *due <= until) else { return told };
            let now = due.to_zoned(self.zone.clone());
            for Absence { event, alert } in self.rules.tick(&now) {
                let alert = self.stored(&event, 0, alert);
                self.offer(vec![alert], due, &mut told);
            }
            let decisions = self.delivery.tick(&now);
            self.decide(decisions, due, &mut told);
        }
    }

    /// Lets pass what time delivery needs to tell what it still holds back.
    pub fn finish(mut self) -> Vec<Told> {
        let mut told = Vec::new();
        while let Some(due) = self.delivery.deadline() {
            let decisions = self.delivery.tick(&due.to_zoned(self.zone.clone()));
            self.decide(decisions, due, &mut told);
        }
        told
    }

    fn stored(&mut self, event: &Event, seq: i64, alert: Alert) -> StoredAlert {
        self.last_alert += 1;
        StoredAlert::pending(self.last_alert, seq, event, alert)
    }

    fn offer(&mut self, alerts: Vec<StoredAlert>, at: Timestamp, told: &mut Vec<Told>) {
        self.alerts.extend(alerts.iter().cloned());
        if let Some(made) = &mut self.made {
            made.extend(alerts.iter().cloned());
        }
        let decisions = self.delivery.offer(alerts, &at.to_zoned(self.zone.clone()));
        self.decide(decisions, at, told);
    }

    fn decide(&mut self, decisions: Vec<Decision>, at: Timestamp, told: &mut Vec<Told>) {
        for decision in decisions {
            match decision {
                Decision::Show(notification) => {
                    self.alerts.retain(|alert| !notification.alerts.contains(&alert.id));
                    told.push(Told::Shown { at, notification: Box::new(notification) });
                }
                Decision::Suppress { alert, reason } => {
                    let Some(place) = self.alerts.iter().position(|known| known.id == alert) else { continue };
                    let alert = self.alerts.remove(place);
                    told.push(Told::Suppressed { at, alert: Box::new(alert), reason });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// Plays events of `(second, name, data)`, and tells what would have been told, in words.
    fn played(rules: &str, events: &[(i64, &str, &str)]) -> Vec<String> {
        let text = format!("version = 1\n[[stream]]\nname = \"s\"\nurl = \"http://h/\"\n{rules}");
        let config = crate::config::parse(&text).unwrap();
        let second = |second: i64| Timestamp::from_second(1_795_132_800 + second).unwrap();
        let mut rehearsal = Rehearsal::new(&config, &second(0).to_zoned(TimeZone::UTC)).unwrap();
        let mut told = Vec::new();
        for (at, name, data) in events {
            let event = Event {
                stream: "s".into(),
                name: (*name).to_owned(),
                data: (*data).to_owned(),
                id_is_own: false,
                id: String::new(),
                at: second(*at),
            };
            told.extend(rehearsal.play(&event, 0));
        }
        if rules.contains("expect") {
            told.extend(rehearsal.pass(second(100_000)));
        }
        told.extend(rehearsal.finish());
        let words = |told: Told| match told {
            Told::Shown { at, notification } => format!("{} {}", (at - second(0)).get_seconds(), notification.title),
            Told::Suppressed { at, alert, reason } => {
                format!("{} not {}: {}", (at - second(0)).get_seconds(), alert.alert.title, reason.as_str())
            }
            Told::Resolved { at, resolution } => format!("{} over {}", (at - second(0)).get_seconds(), resolution.rule),
        };
        told.into_iter().map(words).collect()
    }

    #[test]
    fn delivery_is_part_of_it_with_the_time_of_the_events() {
        let rule = "[[rule]]\nname = \"R\"\nevent = \"a\"\ntitle = \"{{ data.n }}\"\nthrottle = \"1 per 1m\"\n";
        let quiet = "[quiet_hours]\nfrom = \"01:00\"\nto = \"02:00\"\n";
        let told = played(
            &format!("{rule}{quiet}"),
            &[
                (0, "a", "{\"n\":1}"),
                (1, "a", "{\"n\":2}"),
                (2, "a", "{\"n\":3}"),
                (3, "b", "{}"),
                (3_700, "a", "{\"n\":4}"),
            ],
        );
        assert_eq!(told, ["0 1", "60 2 more: R", "3700 not 4: quiet-hours"]);
    }

    #[test]
    fn what_rules_ignore_is_counted_and_not_told() {
        let rule = "[[rule]]\nname = \"I\"\nevent = \"a\"\nignore = true\n[[rule]]\nname = \"R\"\ntitle = \"x\"\n";
        assert_eq!(played(rule, &[(0, "a", ""), (1, "b", ""), (2, "a", "")]), ["1 x"]);
    }

    #[test]
    fn what_a_long_limit_holds_back_at_the_end_is_told() {
        let rule = "[[rule]]\nname = \"R\"\nevent = \"a\"\ntitle = \"x\"\nthrottle = \"1 per 1h\"\n";
        assert_eq!(played(rule, &[(0, "a", ""), (1, "a", ""), (2, "a", "")]), ["0 x", "3600 2 more: R"]);
    }

    #[test]
    fn what_does_not_come_and_what_is_over_is_told_too() {
        let rules = "[[rule]]\nname = \"Beat\"\nevent = \"beat\"\nexpect = { within = \"1h\" }\ntitle = \"silent\"\n";
        assert_eq!(
            played(rules, &[(0, "beat", ""), (3_599, "beat", ""), (9_000, "beat", "")])[..3],
            ["7199 silent", "9000 over Beat", "12600 silent"]
        );
    }
}
