//! How rules came to their verdict on one event: which conditions were asked, and with what values.

use std::sync::Arc;

use minijinja::Value;

use super::language::Language;
use super::selector::Check;
use super::{clauses, text};
use crate::locale::Text;

/// The most characters of a value that is shown.
const SHOWN: usize = 120;

/// How one rule judged an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The rule.
    pub rule: Arc<str>,
    /// What was asked, in order, until something did not hold.
    pub checks: Vec<Check>,
    /// What came of it.
    pub verdict: Verdict,
    /// The rule that keeps the event from this one, where that is [`Verdict::Stopped`].
    pub stopped_by: Option<Arc<str>>,
}

impl Trace {
    /// That of a rule that is switched off.
    pub(super) fn off(rule: &Arc<str>) -> Self {
        Self { rule: rule.clone(), checks: Vec::new(), verdict: Verdict::Off, stopped_by: None }
    }
}

/// What came of an event for a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The rule is switched off.
    Off,
    /// The stream's `notify` is false.
    Muted,
    /// A rule before it stops events like this.
    Stopped,
    /// Its conditions do not hold.
    Unmatched,
    /// They hold, and it makes nothing of such events and keeps them from later rules.
    Ignored,
    /// They hold, and it makes no alert: the value means nothing new, it rests after it fired, or it waits for absence.
    Quiet,
    /// It fired.
    Fired,
    /// What it fired for is over.
    Resolved,
    /// It could not be evaluated.
    Failed,
}

impl Verdict {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Muted => "muted",
            Self::Stopped => "stopped",
            Self::Ignored => "ignored",
            Self::Unmatched => "unmatched",
            Self::Quiet => "quiet",
            Self::Fired => "fired",
            Self::Resolved => "resolved",
            Self::Failed => "failed",
        }
    }
}

/// In place of a value that is not there.
pub(super) fn missing() -> Text {
    crate::text!("missing", "缺失")
}

/// A value in one line.
pub(super) fn shown(value: &Value) -> Text {
    if value.is_undefined() {
        return missing();
    }
    let shown = value.as_str().map_or_else(|| value.to_string(), |text| format!("{text:?}"));
    Text::plain(text::line(&shown, SHOWN))
}

/// How a condition went, clause by clause: `data.change|abs >= 3` with `data.change|abs` as it was.
pub(super) fn condition(field: &str, source: &str, holds: bool, language: &Language, context: &Value) -> Vec<Check> {
    let asked = |source: &str| crate::text!("{field}: {source}", "{field}：{source}");
    let parts = clauses::clauses(source);
    if parts.len() < 2 {
        let value = values(source, language, context);
        return vec![Check { condition: asked(source.trim()), value, holds }];
    }
    let part = |clause: &&str| {
        let held = language.value(clause, context).is_ok_and(|value| value.is_true());
        let value = values(clause, language, context);
        Check { condition: asked(clause), value, holds: held }
    };
    parts.iter().map(part).collect()
}

/// What stands in a clause and is no literal, with its value.
fn values(clause: &str, language: &Language, context: &Value) -> Text {
    let value = |operand: &str| match language.value(operand, context) {
        Ok(value) => shown(&value),
        Err(reason) => reason,
    };
    let operands = clauses::operands(clause);
    let named: Vec<&str> = operands.iter().copied().filter(|operand| !clauses::is_literal(operand)).collect();
    match named.as_slice() {
        [] => Text::default(),
        [one] => value(one),
        several => {
            let mut all = Text::default();
            for one in several {
                let (before, value) = (all, value(one));
                all = if before.is_empty() {
                    crate::text!("{one} = {value}", "{one} = {value}", value)
                } else {
                    crate::text!("{before}, {one} = {value}", "{before}, {one} = {value}", before, value)
                };
            }
            all
        }
    }
}
