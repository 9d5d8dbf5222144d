//! Why an event was or was not told, as the protocol has it.

use streambell_engine::delivery::Waiting;
use streambell_engine::rules;
use streambell_engine::why::Why;
use streambell_protocol::{Awaited, RuleCheck, RuleTrace, RuleVerdict, Text, WaitingView, WhyView};

use super::view;

/// How rules judge an event.
pub(super) fn view(from: &Why, waiting: &[(i64, Waiting)]) -> WhyView {
    let trace = |trace: &rules::Trace| RuleTrace {
        rule: trace.rule.to_string(),
        verdict: verdict(trace.verdict),
        stopped_by: trace.stopped_by.as_ref().map(ToString::to_string),
        checks: trace.checks.iter().map(check).collect(),
    };
    WhyView {
        rules: from.traces.iter().map(trace).collect(),
        rules_changed: from.differ.iter().map(ToString::to_string).collect(),
        alerts: from.alerts.iter().map(view::alert).collect(),
        waiting: waiting.iter().map(|(alert, waiting)| awaits(*alert, waiting)).collect(),
    }
}

fn awaits(alert: i64, from: &Waiting) -> WaitingView {
    let (awaits, until_ms, message) = match from {
        Waiting::Turn { until } => (Awaited::Turn, Some(until.as_millisecond()), Text::default()),
        Waiting::Desktop => (Awaited::Desktop, None, Text::default()),
        Waiting::Daemon(message) => (Awaited::Daemon, None, view::text(message)),
    };
    WaitingView { alert, awaits, until_ms, message }
}

/// A condition and how it went.
pub(super) fn check(from: &rules::Check) -> RuleCheck {
    RuleCheck { condition: view::text(&from.condition), value: view::text(&from.value), holds: from.holds }
}

/// What comes of an event for a rule.
pub(super) fn verdict(from: rules::Verdict) -> RuleVerdict {
    match from {
        rules::Verdict::Off => RuleVerdict::Off,
        rules::Verdict::Muted => RuleVerdict::Muted,
        rules::Verdict::Stopped => RuleVerdict::Stopped,
        rules::Verdict::Ignored => RuleVerdict::Ignored,
        rules::Verdict::Unmatched => RuleVerdict::Unmatched,
        rules::Verdict::Quiet => RuleVerdict::Quiet,
        rules::Verdict::Fired => RuleVerdict::Fired,
        rules::Verdict::Resolved => RuleVerdict::Resolved,
        rules::Verdict::Failed => RuleVerdict::Failed,
    }
}
