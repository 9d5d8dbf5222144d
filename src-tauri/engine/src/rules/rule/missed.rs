//! What a rule expects and did not get.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::context;

use super::Rule;
use crate::config::{Expect, Trigger};
use crate::locale::Locale;
use crate::model::{Alert, Event};
use crate::rules::absence::Missed;
use crate::rules::group::Groups;
use crate::rules::language::Language;
use crate::rules::{BODY_LENGTH, text};

impl Rule {
    /// Begins to look out for what it expects: before any group is known, for the rule as a whole.
    pub(in crate::rules) fn look_out(&mut self, now: Timestamp) {
        if let (Trigger::Expect(_), Some(groups)) = (&self.trigger, &mut self.groups)
            && groups.is_empty()
        {
            groups.get("").since = Some(now);
            groups.keep("", true, now);
        }
    }

    /// When it has to look next whether something did not come.
    pub(in crate::rules) fn due(&mut self, zone: &TimeZone) -> Option<Timestamp> {
        let Trigger::Expect(expect) = &self.trigger else { return None };
        self.missed_on.as_ref()?;
        let zone = self.zone.as_ref().unwrap_or(zone);
        self.groups.as_mut()?.all().filter_map(|(_, group)| expect.due(group, zone)).min()
    }

    /// What did not come: the event that stands for it, and the alert.
    pub(in crate::rules) fn missed(
        &mut self,
        now: Timestamp,
        zone: &TimeZone,
        language: &Language,
    ) -> Vec<(Event, Alert)> {
        let (Trigger::Expect(expect), Some(stream)) = (self.trigger.clone(), self.missed_on.clone()) else {
            return Vec::new();
        };
        let zone = self.zone.clone().unwrap_or_else(|| zone.clone());
        let mut told = Vec::new();
        for (name, group) in self.groups.iter_mut().flat_map(Groups::all) {
            let before = group.judged;
            if let Some(missed) = expect.missed(group, now, &zone) {
                told.push((name.clone(), Some((missed, group.seen))));
            } else if group.judged != before {
                told.push((name.clone(), None));
            }
        }
        let mut alerts = Vec::new();
        for (name, missed) in told {
            if let Some(groups) = &mut self.groups {
                groups.keep(&name, true, now);
            }
            if let Some((missed, seen)) = missed {
                let event = Event {
                    stream: stream.clone(),
                    name: self.missed_event.clone(),
                    data: String::new(),
                    id_is_own: false,
                    id: String::new(),
                    at: now,
                };
                let alert = self.absent(&event, &name, &expect, missed, seen, &zone, language);
                alerts.push((event, alert));
            }
        }
        alerts
    }

    #[expect(clippy::too_many_arguments, reason = "each is a fact that the alert tells")]
    fn absent(
        &self,
        event: &Event,
        group: &str,
        expect: &Expect,
        missed: Missed,
        seen: Option<Timestamp>,
        zone: &TimeZone,
        language: &Language,
    ) -> Alert {
        let context = context! {
            rule => &*self.name,
            event => event.name.as_str(),
            stream => event.stream.as_str(),
            group => group,
            at => event.at.to_string(),
            seen => seen.map(|seen| seen.to_string()),
            deadline => expect.in_words().read(language.locale),
        };
        let mut alert =
            self.alert(&context, group, language).unwrap_or_else(|fault| self.fault(event, &fault, language.locale));
        if missed.unwatched {
            let deadline = missed.deadline.to_zoned(zone.clone());
            let unsure = match language.locale {
                Locale::English => {
                    let deadline = deadline.strftime("%a %H:%M");
                    format!("Streambell was not running at {deadline}: it may have come unseen.")
                }
                Locale::Chinese => {
                    let deadline = deadline.strftime("%m-%d %H:%M");
                    format!("{deadline} 时 Streambell 没有运行：它可能来过，只是没有看到。")
                }
            };
            alert.body = text::block(&format!("{}\n{unsure}", alert.body), BODY_LENGTH);
        }
        alert
    }
}
