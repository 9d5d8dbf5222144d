//! One rule, compiled: what it makes of an event. Its programs live in the [`Language`], here are their numbers.

mod missed;
mod words;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::Value;

use super::context::{ABSENT, Inputs, MEASURED, NAMES};
use super::group::Groups;
use super::language::{Fault, Language, Program};
use super::measure::Meaning;
use super::selector::{Check, Selector, pointed, tell};
use super::trace::Verdict;
use super::{RuleError, number, trace};
use crate::config::{Expect, RuleConfig, Side, Trigger, length_in_words};
use crate::ledger::RuleMemory;
use crate::ledger::digest::digest;
use crate::locale::Text;
use crate::model::{Alert, StreamId, Urgency};
use crate::recent::Recent;
use crate::text;

/// How much event text a rule remembers as `previous`, in bytes; up to twice as much for a short while.
const PREVIOUS_BYTES: usize = 1024 * 1024;

/// One rule, compiled.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: Arc<str>,
    pub(super) selector: Selector,
    when: Option<(usize, String)>,
    resolved_when: Option<(usize, String)>,
    pub(super) trigger: Trigger,
    cooldown: Option<Duration>,
    pub(super) stop: bool,
    /// Whether it makes nothing of what matches.
    ignore: bool,
    title: usize,
    body: usize,
    group: Option<usize>,
    link: Option<usize>,
    icon: Option<usize>,
    value: Option<usize>,
    resolved: Option<usize>,
    urgency: Urgency,
    urgency_from: Option<usize>,
    /// The names of the rules whose alerts it resolves.
    pub(super) resolves: Vec<Arc<str>>,
    /// Whether it makes no alert of its own.
    silent: bool,
    /// Whether something may resolve its alerts.
    pub(super) resolvable: bool,
    /// Where its groups have a memory that outlasts a restart.
    pub(super) groups: Option<Groups>,
    /// The data of the last event of each group; `None` where no program reads it.
    pub(super) previous: Option<Recent<String, Value>>,
    /// What its memory is good for: that of a rule that was about something else means nothing.
    pub(super) fingerprint: i64,
    /// The event whose absence is told, and the stream it is missed on; `None` while no stream could bring it.
    pub(super) missed_on: Option<StreamId>,
    missed_event: String,
    zone: Option<TimeZone>,
}

/// What a rule makes of an event.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Whether its conditions hold.
    pub(super) holds: bool,
    /// Its alert.
    pub(super) alert: Option<Alert>,
    /// The group for which it fired, and that for which it is over.
    pub(super) fired: Option<String>,
    pub(super) over: Option<String>,
    /// Whether the first event of any group came, after none had come at all.
    pub(super) first: bool,
    /// When it has to look whether the next one did not come.
    pub(super) due: Option<Timestamp>,
}

impl Rule {
    pub(super) fn compile(config: &RuleConfig, language: &mut Language, errors: &mut Vec<RuleError>) -> Self {
        let mut refuse = |field, message| errors.push(RuleError { rule: config.name.to_string(), field, message });
        let selector = Selector::compile(config, &mut refuse);
        let mut uses_previous = false;
        let mut accept = |field, program: Result<Program, Text>| match program {
            Ok(program) => {
                uses_previous |= program.uses_previous;
                program.number
            }
            Err(message) => {
                refuse(field, message);
                usize::MAX
            }
        };
        let measures = matches!(config.trigger, Trigger::Crosses(_) | Trigger::Change(_));
        let measured: Vec<&str> = NAMES.iter().chain(MEASURED.iter().filter(|_| measures)).copied().collect();
        let expects = matches!(config.trigger, Trigger::Expect(_));
        let texts: &[&str] = if expects { &ABSENT } else { &measured };
        let mut condition = |field, source: &Option<String>| {
            let source = source.as_ref()?;
            Some((accept(field, language.add_condition(source, &NAMES)), source.clone()))
        };
        let when = condition("when", &config.when);
        let resolved_when = condition("resolved_when", &config.resolved_when);
        let (title, body) = config.texts(language.locale);
        let title = accept("title", language.add_template(title, texts));
        let body = accept("body", language.add_template(body, texts));
        let mut optional = |field, source: Option<&str>, names: &[&str]| {
            source.map(|source| accept(field, language.add_template(source, names)))
        };
        let group = optional("group", config.group.as_deref(), &NAMES);
        let link = optional("link", config.link.as_deref(), texts);
        let icon = optional("icon", config.icon_template(), texts);
        let value = optional("buttons", config.copied_value(), texts);
        let resolved = optional("resolved", config.resolved.as_deref(), &measured);
        let urgency_from = optional("urgency", config.urgency_from.as_deref(), texts);
        let resolvable = config.trigger != Trigger::Each || config.resolved_when.is_some();
        let (trigger, zone) = (
            config.trigger.clone(),
            match &config.trigger {
                Trigger::Expect(expect) => expect.zone(),
                Trigger::Each | Trigger::Crosses(_) | Trigger::Change(_) => None,
            },
        );
        Self {
            name: config.name.clone(),
            selector,
            when,
            resolved_when,
            trigger,
            cooldown: config.cooldown,
            stop: config.stop || config.ignore,
            ignore: config.ignore,
            title,
            body,
            group,
            link,
            icon,
            value,
            resolved,
            urgency: config.urgency,
            urgency_from,
            resolves: config.resolves.clone(),
            silent: !config.resolves.is_empty() && config.title.is_empty(),
            resolvable,
            groups: (resolvable || config.cooldown.is_some()).then(Groups::default),
            previous: uses_previous.then(|| Recent::new(PREVIOUS_BYTES)),
            fingerprint: fingerprint(config),
            missed_on: None,
            missed_event: config.events.first().cloned().unwrap_or_default(),
            zone,
        }
    }

    /// A later rule resolves its alerts: it has to remember which are open.
    pub(super) fn make_resolvable(&mut self) {
        self.resolvable = true;
        self.groups.get_or_insert_default();
    }

    /// Gives it another name, under which all that it remembers is to be kept; what is to be forgotten under the old.
    pub(super) fn rename(&mut self, name: &Arc<str>) -> Vec<RuleMemory> {
        let forgotten = self.forgotten();
        self.name = name.clone();
        self.keep_all();
        forgotten
    }

    /// Says of all that it remembers that it is to be kept anew.
    pub(super) fn keep_all(&mut self) {
        if let Some(groups) = &mut self.groups {
            groups.keep_all();
        }
    }

    /// Says of all that it remembers that it is to be forgotten.
    pub(super) fn forgotten(&mut self) -> Vec<RuleMemory> {
        let Some(groups) = &mut self.groups else { return Vec::new() };
        let forgotten = |name: &String| RuleMemory { rule: self.name.clone(), group: name.clone(), state: None };
        groups.all().map(|(name, _)| forgotten(name)).collect()
    }

    /// What it makes of an event, and how it came to that where somebody wants to know.
    pub(super) fn judge(
        &mut self,
        inputs: &Arc<Inputs>,
        language: &Language,
        checks: &mut Option<Vec<Check>>,
    ) -> (Judgement, Verdict) {
        let mut judgement = Judgement::default();
        if !self.selector.accepts(inputs, checks) {
            return (judgement, Verdict::Unmatched);
        }
        match self.weigh(inputs, language, checks, &mut judgement) {
            Ok(verdict) => (judgement, verdict),
            Err(fault) => {
                tell(checks, false, || (Text::plain(fault.field), fault.reason.clone()));
                judgement.alert = Some(self.fault(inputs.event(), &fault, language.locale));
                (judgement, Verdict::Failed)
            }
        }
    }

    fn weigh(
        &mut self,
        inputs: &Arc<Inputs>,
        language: &Language,
        checks: &mut Option<Vec<Check>>,
        judgement: &mut Judgement,
    ) -> Result<Verdict, Fault> {
        if self.ignore && self.when.is_none() {
            judgement.holds = true;
            return Ok(Verdict::Ignored);
        }
        let nothing = Value::from(());
        let remembers = self.previous.is_some() || self.groups.is_some();
        let group = if remembers { Some(self.group(&inputs.with_previous(nothing.clone()), language)?) } else { None };
        let known = self.previous.as_ref().zip(group.as_deref()).and_then(|(known, group)| known.get(group).cloned());
        let previous = known.unwrap_or(nothing);
        let context = inputs.with_previous(previous.clone());
        if let Some((known, group)) = self.previous.as_mut().zip(group.clone()) {
            known.insert(group, inputs.data(), inputs.raw().len() + 64);
        }
        if self.holds(&self.resolved_when, "resolved_when", language, &context, checks)? == Some(true) {
            let group = group.unwrap_or_default();
            (judgement.holds, judgement.over) = (true, Some(group));
            return Ok(Verdict::Resolved);
        }
        if self.holds(&self.when, "when", language, &context, checks)? == Some(false) {
            return Ok(Verdict::Unmatched);
        }
        judgement.holds = true;
        if self.ignore {
            return Ok(Verdict::Ignored);
        }
        let (verdict, measured) = self.measure(inputs, group.as_deref(), checks, judgement)?;
        match verdict {
            Verdict::Resolved => judgement.over = group,
            Verdict::Fired => {
                let context = inputs.with(previous, measured);
                let group = match group {
                    Some(group) => group,
                    None => self.group(&context, language)?,
                };
                if !self.silent {
                    judgement.alert = Some(self.alert(&context, &group, language)?);
                }
                judgement.fired = Some(group);
            }
            Verdict::Off
            | Verdict::Muted
            | Verdict::Stopped
            | Verdict::Ignored
            | Verdict::Unmatched
            | Verdict::Quiet
            | Verdict::Failed => {}
        }
        Ok(verdict)
    }

    /// Whether a condition holds; `None` where there is none.
    fn holds(
        &self,
        condition: &Option<(usize, String)>,
        field: &'static str,
        language: &Language,
        context: &Value,
        checks: &mut Option<Vec<Check>>,
    ) -> Result<Option<bool>, Fault> {
        let Some((program, source)) = condition else { return Ok(None) };
        let holds = language.holds(*program, context).map_err(|reason| Fault { field, reason });
        if let Some(checks) = checks {
            let held = holds.as_ref().is_ok_and(|holds| *holds);
            checks.extend(trace::condition(field, source, held, language, context));
        }
        holds.map(Some)
    }

    /// What an event means for which the conditions hold, and the value, the change and what it is measured from.
    fn measure(
        &mut self,
        inputs: &Inputs,
        name: Option<&str>,
        checks: &mut Option<Vec<Check>>,
        judgement: &mut Judgement,
    ) -> Result<(Verdict, [Option<f64>; 3]), Fault> {
        let unmeasured = [None; 3];
        let (Some(groups), Some(name)) = (&mut self.groups, name) else { return Ok((Verdict::Fired, unmeasured)) };
        let at = inputs.event().at;
        let group = groups.get(name);
        let (meaning, measured) = match &self.trigger {
            Trigger::Each => (Meaning::Fires, unmeasured),
            Trigger::Crosses(crosses) => {
                let value = value(inputs, &crosses.value, "crosses")?;
                let meaning = crosses.meaning(group, value);
                let disarmed = group.disarmed;
                tell(checks, meaning == Meaning::Fires, || {
                    let armed = match crosses.rearm {
                        again if disarmed => text!(", armed again at {again}", "，到 {again} 后重新启用"),
                        _ => Text::default(),
                    };
                    let (pointer, threshold) = (&crosses.value, crosses.threshold);
                    let asked = match crosses.side {
                        Side::Above => {
                            text!("crosses: {pointer} above {threshold}", "crosses：{pointer} 高于 {threshold}")
                        }
                        Side::Below => {
                            text!("crosses: {pointer} below {threshold}", "crosses：{pointer} 低于 {threshold}")
                        }
                    };
                    (asked, text!("{value}{armed}", "{value}{armed}", armed))
                });
                (meaning, [Some(value), None, None])
            }
            Trigger::Change(change) => {
                let value = value(inputs, &change.value, "change")?;
                let (meaning, moved) = change.meaning(group, value, at);
                let disarmed = group.disarmed;
                tell(checks, meaning == Meaning::Fires, || {
                    let (pointer, asked_by, within) = (&change.value, change.by, length_in_words(change.within));
                    let asked = text!(
                        "change: {pointer} by {asked_by}% within {within}",
                        "change：{pointer} 在 {within}内变化 {asked_by}%",
                        within
                    );
                    let armed = if disarmed { text!(", not armed", "，尚未重新启用") } else { Text::default() };
                    let (by, from) = (moved.percent, moved.from);
                    (
                        asked,
                        text!("{by:.2}% from {from} to {value}{armed}", "{by:.2}%，从 {from} 到 {value}{armed}", armed),
                    )
                });
                (meaning, [Some(value), Some(moved.percent), Some(moved.from)])
            }
            Trigger::Expect(expect) => {
                group.since.get_or_insert(at);
                let missed = Expect::saw(group, at);
                tell(checks, true, || {
                    let deadline = expect.in_words();
                    (text!("expect: {deadline}", "expect：{deadline}", deadline), text!("it came", "已收到"))
                });
                judgement.due = expect.next(at);
                groups.keep(name, true, at);
                if !name.is_empty() && groups.find("").is_some_and(|whole| whole.seen.is_none()) {
                    judgement.first = groups.find("").is_some_and(|whole| whole.open);
                    groups.forget("");
                }
                return Ok((if missed { Verdict::Resolved } else { Verdict::Quiet }, unmeasured));
            }
        };
        group.seen = Some(at);
        let rests = meaning == Meaning::Fires && group.rests(self.cooldown, at);
        if self.cooldown.is_some() && meaning == Meaning::Fires {
            tell(checks, !rests, || {
                let never = || text!("never", "从未");
                let fired = group.fired.map_or_else(never, |fired| Text::plain(fired.to_string()));
                (text!("cooldown: over", "cooldown：已过"), text!("fired last: {fired}", "上次触发：{fired}", fired))
            });
        }
        let verdict = match meaning {
            Meaning::Fires if rests => Verdict::Quiet,
            Meaning::Fires => {
                group.disarmed = true;
                (group.fired, group.base) = (Some(at), measured[2]);
                group.open |= self.resolvable;
                Verdict::Fired
            }
            Meaning::Recovers | Meaning::Rearms => {
                group.disarmed = false;
                if meaning == Meaning::Recovers { Verdict::Resolved } else { Verdict::Quiet }
            }
            Meaning::Nothing => Verdict::Quiet,
        };
        groups.keep(name, meaning != Meaning::Nothing && !rests, at);
        Ok((verdict, measured))
    }
}

/// The number at a JSON pointer.
fn value(inputs: &Inputs, pointer: &str, field: &'static str) -> Result<f64, Fault> {
    let found = pointed(&inputs.data(), pointer);
    let reason = || match found.as_ref().map(trace::shown) {
        None => text!("there is no value at \"{pointer}\"", "“{pointer}”处没有值"),
        Some(found) => text!(
            "the value at \"{pointer}\" is no number but {found}",
            "“{pointer}”处的值不是数字，而是 {found}",
            found
        ),
    };
    found.as_ref().and_then(number::of).ok_or_else(|| Fault { field, reason: reason() })
}

/// Tells rules apart by what they are about, not by what they say.
pub(super) fn fingerprint(config: &RuleConfig) -> i64 {
    let about = (&config.streams, &config.events, &config.fields, &config.text, &config.when, &config.trigger);
    digest(&[&format!("{about:?} {:?} {:?}", config.group, config.resolved_when)])
}
