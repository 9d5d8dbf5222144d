//! What a rule says: its alerts, its word on the end of something, and what is shown where it fails.

use std::sync::Arc;

use jiff::Timestamp;
use minijinja::Value;

use super::Rule;
use crate::config::{Trigger, is_theme_name};
use crate::locale::Locale;
use crate::model::{Alert, Event, Urgency};
use crate::rules::context::Inputs;
use crate::rules::language::{Fault, Language};
use crate::rules::selector::pointed;
use crate::rules::{BODY_LENGTH, FAULT_GROUP, TITLE_LENGTH, number, text};

/// How many characters of an event's text an alert quotes that says that a rule failed.
const QUOTE_LENGTH: usize = 300;

/// The most characters of an icon's name.
const ICON_LENGTH: usize = 100;

impl Rule {
    /// What it fired for is over: closes the group; its own word on that where it has one. `None` where nothing was
    /// open.
    pub(in crate::rules) fn close(
        &mut self,
        name: &str,
        context: &Value,
        at: Timestamp,
        language: &Language,
    ) -> Option<Option<Alert>> {
        let groups = self.groups.as_mut()?;
        let group = groups.find(name)?;
        // An absence is closed by its event already.
        let expects = matches!(self.trigger, Trigger::Expect(_));
        let was_open = std::mem::take(&mut group.open) || (expects && group.late == Some(at));
        if !was_open {
            return None;
        }
        groups.keep(name, true, at);
        let Some(resolved) = self.resolved else { return Some(None) };
        let title = language.render(resolved, context, TITLE_LENGTH).unwrap_or_default();
        let title = text::line(&title, TITLE_LENGTH);
        Some(Some(Alert {
            rule: self.name.clone(),
            title: if title.is_empty() { over(&self.name, language.locale) } else { title },
            body: String::new(),
            urgency: self.urgency.min(Urgency::Low),
            group: name.to_owned(),
            ..Alert::default()
        }))
    }

    /// What its word on the end of something sees.
    pub(in crate::rules) fn closing_context(&self, inputs: &Arc<Inputs>) -> Value {
        let pointer = match &self.trigger {
            Trigger::Crosses(crosses) => Some(&crosses.value),
            Trigger::Change(change) => Some(&change.value),
            Trigger::Each | Trigger::Expect(_) => None,
        };
        let value = pointer.and_then(|pointer| pointed(&inputs.data(), pointer)).as_ref().and_then(number::of);
        inputs.with(Value::from(()), [value, None, None])
    }

    /// The alert, where it fires.
    pub(super) fn alert(&self, context: &Value, group: &str, language: &Language) -> Result<Alert, Fault> {
        let render = |field, program, longest| {
            language.render(program, context, longest).map_err(|reason| Fault { field, reason })
        };
        let title = text::line(&render("title", self.title, TITLE_LENGTH)?, TITLE_LENGTH);
        let body = text::block(&render("body", self.body, BODY_LENGTH)?, BODY_LENGTH);
        // Not every event has what these are made of; that is no reason to spoil its alert.
        let extra = |program: Option<usize>, longest| {
            program.and_then(|program| language.render(program, context, longest).ok()).unwrap_or_default()
        };
        let icon = extra(self.icon, ICON_LENGTH);
        let urgency = match self.urgency_from {
            Some(program) => render("urgency", program, TITLE_LENGTH)?,
            None => String::new(),
        };
        let urgency = Urgency::ALL.into_iter().find(|known| known.as_str() == urgency.trim());
        Ok(Alert {
            rule: self.name.clone(),
            title: if title.is_empty() { self.name.to_string() } else { title },
            body,
            urgency: urgency.unwrap_or(self.urgency),
            group: group.to_owned(),
            link: text::link(&extra(self.link, text::LINK_LENGTH)),
            icon: if is_theme_name(icon.trim()) { icon.trim().to_owned() } else { String::new() },
            value: text::block(&extra(self.value, BODY_LENGTH), BODY_LENGTH),
            resolvable: self.resolvable,
        })
    }

    /// The group; empty without one. It cannot depend on `previous`, which depends on it.
    pub(super) fn group(&self, context: &Value, language: &Language) -> Result<String, Fault> {
        let Some(group) = self.group else { return Ok(String::new()) };
        let text = language.render(group, context, TITLE_LENGTH).map_err(|reason| Fault { field: "group", reason })?;
        Ok(text::line(&text, TITLE_LENGTH))
    }

    /// What is shown instead of silence. Where it is not known that the rule would have fired, it is not critical.
    pub(super) fn fault(&self, event: &Event, fault: &Fault, locale: Locale) -> Alert {
        let Fault { field, reason } = fault;
        let (rule, name) = (&self.name, text::line(&event.name, 64));
        let quote = text::block(text::head(&event.data, QUOTE_LENGTH * 4), QUOTE_LENGTH);
        let (stream, reason) = (&event.stream, reason.read(locale));
        let body = match locale {
            Locale::English => {
                format!("The rule \"{rule}\" failed at an event \"{name}\" of {stream}: {field}: {reason}")
            }
            Locale::Chinese => format!("规则“{rule}”处理 {stream} 的事件“{name}”时出错：{field}：{reason}"),
        };
        let surely_fired = self.when.is_some() && ["title", "body", "urgency"].contains(field);
        Alert {
            rule: self.name.clone(),
            title: rule.to_string(),
            body: text::block(&format!("{body}\n{quote}"), BODY_LENGTH),
            urgency: if surely_fired { self.urgency } else { self.urgency.min(Urgency::Normal) },
            group: FAULT_GROUP.to_owned(),
            ..Alert::default()
        }
    }
}

/// What a rule says on the end of something where it has no word of its own.
fn over(rule: &str, locale: Locale) -> String {
    match locale {
        Locale::English => format!("Resolved: {rule}"),
        Locale::Chinese => format!("已解除：{rule}"),
    }
}
