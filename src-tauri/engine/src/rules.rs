//! Events into alerts. Pure: time is that of the events, or an argument.
//!
//! A rule looks at an event in this order: stream and name, `text`, `match`, `resolved_when`, `when`, then its trigger
//! (`crosses`, `change`, `expect`) and `cooldown`. A rule's `when` is an expression, its title, body, group and link are
//! templates, all in minijinja's language, over `event` (the name), `data` (the parsed JSON, else the text), `text` (as
//! received), `id`, `stream`, `at` (RFC 3339) and `previous`: the data of the event before, of the same rule and group,
//! whether it fired or not; `none` at first. Texts of a rule with `crosses` or `change` see `value`, `change` (in
//! percent) and `from` too. Those of a rule with `expect` have no event: they see `rule`, `event` (the first name that it
//! is about), `stream`, `group`, `at`, `seen` (when the last one came) and `deadline` (in words).

mod absence;
mod clauses;
mod context;
mod filters;
mod group;
mod language;
mod measure;
mod memory;
mod number;
mod reason;
mod renamed;
mod rule;
mod selector;
mod text;
mod trace;
mod window;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use thiserror::Error;

use crate::config::{Config, RuleConfig};
use crate::ledger::RuleMemory;
use crate::locale::{Locale, Text};
use crate::model::{Alert, Event, Resolution, StreamId};
use crate::text;
use context::Inputs;
use language::Language;
use rule::Rule;

pub use group::MOST_GROUPS;
pub use renamed::Renamed;
pub use selector::Check;
pub use trace::{Trace, Verdict};

/// The most characters of a title or a group.
pub const TITLE_LENGTH: usize = 200;

/// The most characters of a body.
pub const BODY_LENGTH: usize = 2_000;

/// The group of the alerts that say that a rule failed: the newest replaces the one before.
pub const FAULT_GROUP: &str = "fault";

/// How many verdicts on pairs of stream and event name are kept.
const MAX_VERDICTS: usize = 4_096;

/// Why a rule cannot be used, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("rule \"{rule}\": {field}: {message}")]
pub struct RuleError {
    /// The rule.
    pub rule: String,
    /// Its field, as in the configuration: `event`, `when`, `title` …
    pub field: &'static str,
    /// What is wrong.
    pub message: Text,
}

impl RuleError {
    /// The same, in every language.
    pub fn text(&self) -> Text {
        let (Self { rule, field, .. }, reason) = (self, &self.message.chinese);
        text!("{self}", "规则“{rule}”：{field}：{reason}")
    }
}

/// All rules, compiled.
#[derive(Debug)]
pub struct Rules {
    language: Language,
    rules: Vec<Rule>,
    /// The rules that are switched off.
    off: Vec<Arc<str>>,
    /// The streams whose events no rule looks at.
    muted: HashSet<StreamId>,
    verdicts: HashMap<StreamId, HashMap<Box<str>, Arc<[usize]>>>,
    verdict_count: usize,
    /// The verdict that was asked for last: most events are like the one before.
    last: Option<(StreamId, String, Arc<[usize]>)>,
    /// Where days begin for rules that name no zone.
    zone: TimeZone,
    /// When [`Rules::tick`] has something to do next, or may have.
    due: Option<Timestamp>,
    /// What was remembered for rules that are no more, to be forgotten.
    stale: Vec<RuleMemory>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            language: Language::default(),
            rules: Vec::new(),
            off: Vec::new(),
            muted: HashSet::new(),
            verdicts: HashMap::new(),
            verdict_count: 0,
            last: None,
            zone: TimeZone::UTC,
            due: None,
            stale: Vec::new(),
        }
    }
}

/// What the rules make of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Alerts, in the order of the rules, at most one a rule.
    pub alerts: Vec<Alert>,
    /// The alerts from before that are over.
    pub resolutions: Vec<Resolution>,
    /// The rule that ignores the event.
    pub ignored_by: Option<Arc<str>>,
}

/// That something did not come: the event that stands for it, which is not to be stored, and the alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Without data, at the time of the decision.
    pub event: Event,
    /// What the rule says of it.
    pub alert: Alert,
}

impl Rules {
    /// Compiles rules, those that are off too; those are then never looked at.
    ///
    /// # Errors
    /// All that cannot be compiled, in the order of rules and of fields in a rule.
    pub fn compile(rules: &[RuleConfig]) -> Result<Self, Vec<RuleError>> {
        Self::compile_in(Locale::default(), rules)
    }

    /// The same, with what no rule says itself in a language.
    fn compile_in(locale: Locale, rules: &[RuleConfig]) -> Result<Self, Vec<RuleError>> {
        let mut compiled = Self::default();
        compiled.language.locale = locale;
        let mut errors = Vec::new();
        for config in rules {
            let rule = Rule::compile(config, &mut compiled.language, &mut errors);
            match config.enabled {
                true => compiled.rules.push(rule),
                false => compiled.off.push(rule.name),
            }
        }
        let resolved: HashSet<_> = compiled.rules.iter().flat_map(|rule| rule.resolves.iter().cloned()).collect();
        compiled.rules.iter_mut().filter(|rule| resolved.contains(&rule.name)).for_each(Rule::make_resolvable);
        if errors.is_empty() { Ok(compiled) } else { Err(errors) }
    }

    /// Takes a new configuration. Rules that are still about the same keep what they remember.
    ///
    /// # Errors
    /// As [`Rules::compile`]; then all stays as it was.
    pub fn configure(&mut self, config: &Config, now: &Zoned) -> Result<(), Vec<RuleError>> {
        self.configure_renamed(config, &Renamed::default(), now)
    }

    /// The same, where a rule or a stream has a new name in the place of its old one.
    ///
    /// # Errors
    /// As [`Rules::compile`]; then all stays as it was.
    pub fn configure_renamed(&mut self, config: &Config, renamed: &Renamed, now: &Zoned) -> Result<(), Vec<RuleError>> {
        let old = std::mem::replace(self, Self::compile_in(config.locale, &config.rules)?);
        self.stale = old.stale;
        self.zone = now.time_zone().clone();
        for mut old in old.rules {
            if let Some((_, new)) = renamed.rule.as_ref().filter(|(name, _)| *name == old.name) {
                self.stale.extend(old.rename(new));
            }
            // Of a stream that is only called otherwise it is about the same.
            let about = renamed.before(config, &old.name);
            let is_same = |rule: &&mut Rule| [Some(rule.fingerprint), about].contains(&Some(old.fingerprint));
            if let Some(rule) = self.rules.iter_mut().filter(|rule| rule.name == old.name).find(is_same) {
                if rule.fingerprint != old.fingerprint {
                    old.keep_all();
                }
                // One that has begun to remember, or to be asked, begins with nothing.
                if let (Some(groups), Some(known)) = (&mut rule.groups, old.groups) {
                    *groups = known;
                }
                if let (Some(previous), Some(known)) = (&mut rule.previous, old.previous) {
                    *previous = known;
                }
            } else {
                self.stale.extend(old.forgotten());
            }
        }
        self.muted = config.streams.iter().filter(|stream| !stream.notify).map(|stream| stream.name.clone()).collect();
        let live = || config.streams.iter().filter(|stream| stream.enabled && stream.notify);
        for rule in &mut self.rules {
            rule.missed_on =
                live().find(|stream| rule.selector.watches(&stream.name)).map(|stream| stream.name.clone());
            rule.look_out(now.timestamp());
        }
        self.schedule();
        Ok(())
    }

    /// Whether a rule may fire for such an event; cheap, so that most events are never parsed.
    pub fn concern(&mut self, stream: &StreamId, event: &str) -> bool {
        !self.rules.is_empty() && !self.matching(stream, event).is_empty()
    }

    /// What the rules make of an event, in their order. A rule that fails makes an alert that says so.
    pub fn judge(&mut self, event: &Event) -> Outcome {
        let mut outcome = Outcome::default();
        if self.rules.is_empty() {
            return outcome;
        }
        let matching = self.matching(&event.stream, &event.name);
        if matching.is_empty() {
            return outcome;
        }
        let inputs = Arc::new(Inputs::new(event));
        for index in matching.iter() {
            let (_, stops) = self.judge_by(*index, &inputs, &mut None, &mut outcome);
            if stops {
                break;
            }
        }
        outcome
    }

    /// The same, with how each rule came to its verdict.
    pub fn explain(&mut self, event: &Event) -> (Outcome, Vec<Trace>) {
        let (mut outcome, mut traces) = (Outcome::default(), Vec::new());
        let mut stopped_by = None;
        let matching = self.matching(&event.stream, &event.name);
        let inputs = Arc::new(Inputs::new(event));
        for index in 0..self.rules.len() {
            let (mut checks, mut stops_here) = (Some(Vec::new()), false);
            let verdict = if self.muted.contains(&event.stream) {
                Verdict::Muted
            } else if stopped_by.is_some() {
                Verdict::Stopped
            } else if matching.contains(&index) {
                let (verdict, stops) = self.judge_by(index, &inputs, &mut checks, &mut outcome);
                stops_here = stops;
                verdict
            } else {
                Verdict::Unmatched
            };
            let Some(rule) = self.rules.get(index) else { continue };
            let mut checks = checks.unwrap_or_default();
            if verdict == Verdict::Unmatched && checks.is_empty() {
                checks = rule.selector.names_in_words(&event.stream, &event.name);
            }
            let before = stopped_by.clone().filter(|_| verdict == Verdict::Stopped);
            traces.push(Trace { rule: rule.name.clone(), checks, verdict, stopped_by: before });
            if stops_here {
                stopped_by = Some(rule.name.clone());
            }
        }
        traces.extend(self.off.iter().map(Trace::off));
        (outcome, traces)
    }

    /// When [`Rules::tick`] has something to do next; at times it turns out then that it has not.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.due
    }

    /// Lets time pass until then, with all that is due meanwhile looked at when it is; tells what did not come.
    pub fn pass(&mut self, until: Timestamp, zone: &TimeZone) -> Vec<Absence> {
        let mut absences = Vec::new();
        while let Some(due) = self.due.filter(|due| *due <= until) {
            absences.extend(self.tick(&due.to_zoned(zone.clone())));
        }
        absences
    }

    /// Tells what was expected and did not come until now.
    pub fn tick(&mut self, now: &Zoned) -> Vec<Absence> {
        if self.due.is_none_or(|due| due > now.timestamp()) {
            return Vec::new();
        }
        self.zone = now.time_zone().clone();
        let mut absences = Vec::new();
        for rule in &mut self.rules {
            let missed = rule.missed(now.timestamp(), &self.zone, &self.language);
            absences.extend(missed.into_iter().map(|(event, alert)| Absence { event, alert }));
        }
        self.schedule();
        absences
    }

    /// Lets one rule judge; tells its verdict, and whether later rules do not see the event.
    fn judge_by(
        &mut self,
        index: usize,
        inputs: &Arc<Inputs>,
        checks: &mut Option<Vec<Check>>,
        outcome: &mut Outcome,
    ) -> (Verdict, bool) {
        let Some(rule) = self.rules.get_mut(index) else { return (Verdict::Off, false) };
        let (judgement, verdict) = rule.judge(inputs, &self.language, checks);
        let stops = rule.stop && judgement.holds;
        if let Some(due) = judgement.due {
            self.due = Some(self.due.map_or(due, |before| before.min(due)));
        }
        if judgement.first {
            outcome.resolutions.push(Resolution { rule: rule.name.clone(), group: String::new() });
        }
        outcome.alerts.extend(judgement.alert);
        if verdict == Verdict::Ignored {
            outcome.ignored_by = Some(rule.name.clone());
        }
        if let Some(group) = judgement.over {
            self.close(index, &group, inputs, outcome);
        }
        if let Some(group) = judgement.fired {
            let resolves = self.rules.get(index).map(|rule| rule.resolves.clone()).unwrap_or_default();
            for name in resolves {
                if let Some(resolved) = self.rules.iter().position(|rule| rule.name == name) {
                    self.close(resolved, &group, inputs, outcome);
                }
            }
        }
        (verdict, stops)
    }

    /// What a rule fired for in a group is over.
    fn close(&mut self, index: usize, group: &str, inputs: &Arc<Inputs>, outcome: &mut Outcome) {
        let Some(rule) = self.rules.get_mut(index) else { return };
        let context = rule.closing_context(inputs);
        if let Some(word) = rule.close(group, &context, inputs.event().at, &self.language) {
            outcome.alerts.extend(word);
            outcome.resolutions.push(Resolution { rule: rule.name.clone(), group: group.to_owned() });
        }
    }

    fn schedule(&mut self) {
        let zone = self.zone.clone();
        self.due = self.rules.iter_mut().filter_map(|rule| rule.due(&zone)).min();
    }

    /// The rules that match stream and name.
    fn matching(&mut self, stream: &StreamId, event: &str) -> Arc<[usize]> {
        match &mut self.last {
            Some((known, name, verdict)) if name == event && known == stream => return verdict.clone(),
            Some(_) | None => {}
        }
        let verdict = self.looked_up(stream, event);
        if event.len() > TITLE_LENGTH {
            return verdict;
        }
        match &mut self.last {
            Some((known, name, last)) => {
                known.clone_from(stream);
                name.clear();
                name.push_str(event);
                last.clone_from(&verdict);
            }
            None => self.last = Some((stream.clone(), event.to_owned(), verdict.clone())),
        }
        verdict
    }

    fn looked_up(&mut self, stream: &StreamId, event: &str) -> Arc<[usize]> {
        if let Some(verdict) = self.verdicts.get(stream).and_then(|names| names.get(event)) {
            return verdict.clone();
        }
        let heard = !self.muted.contains(stream);
        let matches = self.rules.iter().enumerate().filter(|(_, rule)| heard && rule.selector.names(stream, event));
        let verdict: Arc<[usize]> = matches.map(|(index, _)| index).collect();
        if self.verdict_count >= MAX_VERDICTS {
            self.verdicts.clear();
            self.verdict_count = 0;
        }
        if event.len() <= TITLE_LENGTH {
            self.verdict_count += 1;
            self.verdicts.entry(stream.clone()).or_default().insert(event.into(), verdict.clone());
        }
        verdict
    }
}
