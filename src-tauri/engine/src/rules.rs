//! Events into alerts. Pure.
//!
//! A rule's `when` is an expression, its title, body, group and link are templates, all in minijinja's language, over
//! `event` (the name), `data` (the parsed JSON, else the text), `text` (as received), `id`, `stream`, `at` (RFC 3339)
//! and `previous`: the data of the event before, of the same rule and group, whether it fired or not; `none` at first.
//! Besides minijinja's own filters there are `fixed`, `percent` and `thousands`.

mod context;
mod filters;
mod language;
mod text;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use minijinja::Value;
use thiserror::Error;

use crate::config::RuleConfig;
use crate::glob::Glob;
use crate::model::{Alert, Event, StreamId, Urgency};
use crate::recent::Recent;
use context::Inputs;
use language::{Fault, Language};

/// The most characters of a title or a group.
pub const TITLE_LENGTH: usize = 200;

/// The most characters of a body.
pub const BODY_LENGTH: usize = 2_000;

/// The group of the alerts that say that a rule failed: the newest replaces the one before.
pub const FAULT_GROUP: &str = "fault";

/// How many characters of an event's text such an alert quotes.
const QUOTE_LENGTH: usize = 300;

/// How many verdicts on pairs of stream and event name are kept.
const MAX_VERDICTS: usize = 4_096;

/// How much event text a rule remembers as `previous`, in bytes; up to twice as much for a short while.
const PREVIOUS_BYTES: usize = 1024 * 1024;

/// Why a rule cannot be used, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("rule \"{rule}\": {field}: {message}")]
pub struct RuleError {
    /// The rule.
    pub rule: String,
    /// Its field, as in the configuration: `event`, `when`, `title`, `body`, `group` or `link`.
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
}

/// All rules, compiled.
#[derive(Debug, Default)]
pub struct Rules {
    language: Language,
    rules: Vec<Rule>,
    verdicts: HashMap<StreamId, HashMap<Box<str>, Arc<[usize]>>>,
    verdict_count: usize,
}

impl Rules {
    /// Compiles rules, those that are off too; those are then never looked at.
    ///
    /// # Errors
    /// All that cannot be compiled, in the order of rules and of fields in a rule.
    pub fn compile(rules: &[RuleConfig]) -> Result<Self, Vec<RuleError>> {
        let mut compiled = Self::default();
        let mut errors = Vec::new();
        for config in rules {
            let rule = Rule::compile(config, &mut compiled.language, &mut errors);
            if config.enabled {
                compiled.rules.push(rule);
            }
        }
        if errors.is_empty() { Ok(compiled) } else { Err(errors) }
    }

    /// Whether a rule may fire for such an event; cheap, so that most events are never parsed.
    pub fn concern(&mut self, stream: &StreamId, event: &str) -> bool {
        !self.rules.is_empty() && !self.matching(stream, event).is_empty()
    }

    /// What the rules make of an event, in their order. A rule that fails makes an alert that says so.
    pub fn judge(&mut self, event: &Event) -> Vec<Alert> {
        if self.rules.is_empty() {
            return Vec::new();
        }
        let matching = self.matching(&event.stream, &event.name);
        if matching.is_empty() {
            return Vec::new();
        }
        let inputs = Arc::new(Inputs::new(event));
        let mut alerts = Vec::new();
        for index in matching.iter() {
            if let Some(rule) = self.rules.get_mut(*index) {
                alerts.extend(rule.judge(event, &inputs, &self.language));
            }
        }
        alerts
    }

    /// The rules that match stream and name.
    fn matching(&mut self, stream: &StreamId, event: &str) -> Arc<[usize]> {
        if let Some(verdict) = self.verdicts.get(stream).and_then(|names| names.get(event)) {
            return verdict.clone();
        }
        let matches = self.rules.iter().enumerate().filter(|(_, rule)| rule.matches(stream, event));
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

/// One rule, compiled. Its programs live in the [`Language`], here are their numbers.
#[derive(Debug)]
struct Rule {
    name: Arc<str>,
    stream: Option<StreamId>,
    events: Vec<Glob>,
    when: Option<usize>,
    title: usize,
    body: usize,
    group: Option<usize>,
    link: Option<usize>,
    urgency: Urgency,
    /// The data of the last event of each group; `None` where no program reads it.
    previous: Option<Recent<String, Value>>,
}

impl Rule {
    fn compile(config: &RuleConfig, language: &mut Language, errors: &mut Vec<RuleError>) -> Self {
        let mut refuse = |field, message| errors.push(RuleError { rule: config.name.to_string(), field, message });
        let mut events = Vec::new();
        for glob in &config.events {
            match Glob::new(glob) {
                Ok(glob) => events.push(glob),
                Err(error) => refuse("event", format!("\"{glob}\" is no pattern: {error}")),
            }
        }
        let mut uses_previous = false;
        let mut accept = |field, program: Result<language::Program, String>| match program {
            Ok(program) => {
                uses_previous |= program.uses_previous;
                program.number
            }
            Err(message) => {
                refuse(field, message);
                usize::MAX
            }
        };
        let when = config.when.as_deref().map(|source| accept("when", language.add_condition(source)));
        let title = accept("title", language.add_template(&config.title));
        let body = accept("body", language.add_template(&config.body));
        let group = config.group.as_deref().map(|source| accept("group", language.add_template(source)));
        let link = config.link.as_deref().map(|source| accept("link", language.add_template(source)));
        Self {
            name: config.name.clone(),
            stream: config.stream.clone(),
            events,
            when,
            title,
            body,
            group,
            link,
            urgency: config.urgency,
            previous: uses_previous.then(|| Recent::new(PREVIOUS_BYTES)),
        }
    }

    fn matches(&self, stream: &StreamId, event: &str) -> bool {
        self.stream.as_ref().is_none_or(|wanted| wanted == stream)
            && self.events.iter().any(|glob| glob.is_match(event))
    }

    fn judge(&mut self, event: &Event, inputs: &Arc<Inputs>, language: &Language) -> Option<Alert> {
        let Some(known) = &self.previous else {
            let context = inputs.with_previous(Value::from(()));
            return self.fire(&context, None, language).unwrap_or_else(|fault| Some(self.fault(event, &fault)));
        };
        let group = match self.group(&inputs.with_previous(Value::from(())), language) {
            Ok(group) => group,
            Err(fault) => return Some(self.fault(event, &fault)),
        };
        let context = inputs.with_previous(known.get(&group).cloned().unwrap_or(Value::from(())));
        let alert = self.fire(&context, Some(&group), language);
        if let Some(known) = &mut self.previous {
            known.insert(group, inputs.data(), event.data.len() + 64);
        }
        alert.unwrap_or_else(|fault| Some(self.fault(event, &fault)))
    }

    /// The alert, where the condition holds.
    fn fire(&self, context: &Value, group: Option<&str>, language: &Language) -> Result<Option<Alert>, Fault> {
        if let Some(when) = self.when
            && !language.holds(when, context).map_err(|reason| Fault { field: "when", reason })?
        {
            return Ok(None);
        }
        let render = |field, program, longest| {
            language.render(program, context, longest).map_err(|reason| Fault { field, reason })
        };
        let title = text::line(&render("title", self.title, TITLE_LENGTH)?, TITLE_LENGTH);
        let body = text::block(&render("body", self.body, BODY_LENGTH)?, BODY_LENGTH);
        let link = match self.link {
            // Not every event has what a link is made of; that is no reason to spoil its alert.
            Some(link) => language
                .render(link, context, text::LINK_LENGTH)
                .map_or_else(|_| String::new(), |link| text::link(&link)),
            None => String::new(),
        };
        Ok(Some(Alert {
            rule: self.name.clone(),
            title: if title.is_empty() { self.name.to_string() } else { title },
            body,
            urgency: self.urgency,
            group: match group {
                Some(group) => group.to_owned(),
                None => self.group(context, language)?,
            },
            link,
            resolvable: false,
        }))
    }

    /// The group; empty without one. It cannot depend on `previous`, which depends on it.
    fn group(&self, context: &Value, language: &Language) -> Result<String, Fault> {
        let Some(group) = self.group else { return Ok(String::new()) };
        let text = language.render(group, context, TITLE_LENGTH).map_err(|reason| Fault { field: "group", reason })?;
        Ok(text::line(&text, TITLE_LENGTH))
    }

    /// What is shown instead of silence. Where it is not known that the rule would have fired, it is not critical.
    fn fault(&self, event: &Event, fault: &Fault) -> Alert {
        let Fault { field, reason } = fault;
        let (rule, name) = (&self.name, text::line(&event.name, 64));
        let quote = text::block(text::head(&event.data, QUOTE_LENGTH * 4), QUOTE_LENGTH);
        let body = format!("The rule \"{rule}\" failed at an event \"{name}\" of {}: {field}: {reason}", event.stream);
        let surely_fired = self.when.is_some() && *field != "when";
        Alert {
            rule: self.name.clone(),
            title: rule.to_string(),
            body: text::block(&format!("{body}\n{quote}"), BODY_LENGTH),
            urgency: if surely_fired { self.urgency } else { self.urgency.min(Urgency::Normal) },
            group: FAULT_GROUP.to_owned(),
            link: String::new(),
            resolvable: false,
        }
    }
}
