//! `streambell why`: how each rule judges one stored event, and what became of its alerts. Read from the ledger itself,
//! so that no instance need run; one that does is asked what an alert waits for.

mod waiting;

use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use streambell_engine::config::{self, Config};
use streambell_engine::ledger::Reader;
use streambell_engine::model::{AlertState, StoredAlert, Suppression};
use streambell_engine::rules::{Trace, Verdict};
use streambell_engine::why::{Why, why};

use self::waiting::Waiting;
use super::Failure;
use super::status::{clock, rfc3339};
use crate::output::{self, plain};
use crate::place::Place;

/// What `why` takes.
#[derive(Debug, Args)]
pub(crate) struct WhyArguments {
    /// The event's number, as `history` shows it
    #[arg(value_name = "EVENT")]
    seq: i64,
    /// As one JSON object
    #[arg(long)]
    json: bool,
}

/// Prints the answer.
pub(super) async fn run(place: &Place, arguments: &WhyArguments) -> Result<ExitCode, Failure> {
    let config = configuration(place)?;
    let zone = TimeZone::system();
    let told = Reader::open(&place.profile.ledger).and_then(|reader| why(&reader, &config, arguments.seq, &zone));
    let told = told.map_err(|error| anyhow!(error))?;
    let told = told.ok_or_else(|| anyhow!("there is no event {} in the history", arguments.seq))?;
    let pending = told.alerts.iter().any(|alert| alert.state == AlertState::Pending);
    let waiting = if pending { Waiting::ask(place, arguments.seq).await } else { Waiting::default() };
    match arguments.json {
        true => {
            let mut line = Vec::new();
            output::json_line(&mut line, &Line::of(arguments.seq, &told, &waiting));
            output::say_all(&line);
        }
        false => output::say(text(arguments.seq, &told, &waiting, &zone).trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

/// The configuration of a profile, without which nothing can be judged.
pub(super) fn configuration(place: &Place) -> Result<Config, Failure> {
    let file = place.profile.config.display().to_string();
    let Some(text) = place.profile.read_config().map_err(Failure::usage)? else { return Ok(Config::default()) };
    config::parse(&text).map_err(|errors| {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        Failure::usage(anyhow!("{file}:{first}"))
    })
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    seq: i64,
    at: Option<String>,
    stream: Option<&'a str>,
    event: Option<&'a str>,
    id: Option<&'a str>,
    data: Option<&'a str>,
    rules: Vec<RuleLine<'a>>,
    rules_changed: Vec<&'a str>,
    alerts: Vec<AlertLine<'a>>,
}

#[derive(Debug, Serialize)]
struct RuleLine<'a> {
    rule: &'a str,
    verdict: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_by: Option<&'a str>,
    checks: Vec<CheckLine<'a>>,
}

#[derive(Debug, Serialize)]
struct CheckLine<'a> {
    condition: &'a str,
    value: &'a str,
    holds: bool,
}

#[derive(Debug, Serialize)]
struct AlertLine<'a> {
    rule: &'a str,
    title: &'a str,
    body: &'a str,
    urgency: &'a str,
    group: &'a str,
    state: &'a str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    waits_for: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    waits_because: &'a str,
    shown_at: Option<String>,
    read: bool,
    answer: Option<&'a str>,
    answered_at: Option<String>,
    resolved_at: Option<String>,
}

impl<'a> Line<'a> {
    fn of(seq: i64, from: &'a Why, waiting: &'a Waiting) -> Self {
        let event = from.event.as_ref().map(|stored| &stored.event);
        let rule = |trace: &'a Trace| RuleLine {
            rule: &trace.rule,
            verdict: trace.verdict.as_str(),
            stopped_by: trace.stopped_by.as_deref(),
            checks: trace
                .checks
                .iter()
                .map(|check| CheckLine {
                    condition: &check.condition.english,
                    value: &check.value.english,
                    holds: check.holds,
                })
                .collect(),
        };
        Self {
            seq,
            at: event.map(|event| rfc3339(event.at.as_millisecond())),
            stream: event.map(|event| event.stream.as_str()),
            event: event.map(|event| event.name.as_str()),
            id: event.map(|event| event.id.as_str()),
            data: event.map(|event| event.data.as_str()),
            rules: from.traces.iter().map(rule).collect(),
            rules_changed: from.differ.iter().map(|rule| &**rule).collect(),
            alerts: from.alerts.iter().map(|alert| AlertLine::of(alert, waiting)).collect(),
        }
    }
}

impl<'a> AlertLine<'a> {
    fn of(from: &'a StoredAlert, waiting: &'a Waiting) -> Self {
        let time = |at: Option<Timestamp>| at.map(|at| rfc3339(at.as_millisecond()));
        let reason = match from.state {
            AlertState::Pending | AlertState::Shown => "",
            AlertState::Suppressed(reason) => reason.as_str(),
        };
        Self {
            rule: &from.alert.rule,
            title: &from.alert.title,
            body: &from.alert.body,
            urgency: from.alert.urgency.as_str(),
            group: &from.alert.group,
            state: from.state.as_str(),
            reason,
            waits_for: (from.state == AlertState::Pending).then(|| waiting.word(from.id)),
            waits_because: waiting.of(from.id).map(|one| one.message.en.as_str()).unwrap_or_default(),
            shown_at: time(from.shown_at),
            read: from.read,
            answer: from.answer.map(|answered| answered.answer.as_str()),
            answered_at: time(from.answer.map(|answered| answered.at)),
            resolved_at: time(from.resolved_at),
        }
    }
}

fn text(seq: i64, why: &Why, waiting: &Waiting, zone: &TimeZone) -> String {
    let mut out = match &why.event {
        Some(stored) => {
            let event = &stored.event;
            let time = clock(event.at.as_millisecond(), zone);
            let (stream, name) = (plain(event.stream.as_str(), None), plain(&event.name, None));
            format!("{seq}  {time}  {stream}  {name}  {}\n", plain(&event.data, None))
        }
        None => format!("{seq}: the event itself is not stored, or nothing came and that was the alert\n"),
    };
    let ignored_by = why.traces.iter().find(|trace| trace.verdict == Verdict::Ignored).map(|trace| &*trace.rule);
    for trace in &why.traces {
        out += &format!("\n{}: {}\n", plain(&trace.rule, None), verdict(trace, ignored_by));
        for check in &trace.checks {
            let held = if check.holds { "yes" } else { "no " };
            let value = if check.value.is_empty() {
                String::new()
            } else {
                format!("  ({})", plain(&check.value.english, None))
            };
            out += &format!("    {held} {}{value}\n", plain(&check.condition.english, None));
        }
    }
    if !why.differ.is_empty() {
        let rules: Vec<String> = why.differ.iter().map(|rule| plain(rule, None)).collect();
        out += &format!(
            "\nJudged otherwise when it came (rules were changed since, or remembered more): {}\n",
            rules.join(", ")
        );
    }
    for alert in &why.alerts {
        out += &format!("\n{} \"{}\"\n", plain(&alert.alert.rule, None), plain(&alert.alert.title, None));
        out += &format!("    {}\n", state(alert, waiting, zone));
        match alert.answer {
            Some(answered) => {
                let at = clock(answered.at.as_millisecond(), zone);
                out += &format!("    answered {at}: {}\n", answered.answer.as_str());
            }
            None => out += if alert.read { "    read\n" } else { "    not read yet\n" },
        }
        if let Some(resolved) = alert.resolved_at {
            out += &format!("    resolved {}\n", clock(resolved.as_millisecond(), zone));
        }
    }
    match ignored_by {
        _ if !why.alerts.is_empty() => {}
        Some(rule) => {
            out += &format!("\nNo rule made an alert of it when it came; \"{}\" ignores it.\n", plain(rule, None))
        }
        None => out += "\nNo rule made an alert of it when it came.\n",
    }
    out
}

fn verdict(trace: &Trace, ignored_by: Option<&str>) -> String {
    let said = match trace.verdict {
        Verdict::Off => "not asked: it is switched off",
        Verdict::Muted => "not asked: notify = false for this stream",
        Verdict::Stopped => {
            let by = trace.stopped_by.as_deref().unwrap_or("a rule before it");
            let what = if ignored_by == Some(by) { "ignored by" } else { "stopped by" };
            return format!("not asked: {what} \"{}\"", plain(by, None));
        }
        Verdict::Ignored => "matches, and ignores it: no alert, and no later rule is asked",
        Verdict::Unmatched => "does not match",
        Verdict::Quiet => "matches, and has nothing to tell",
        Verdict::Fired => "fires",
        Verdict::Resolved => "matches: what it told of is over",
        Verdict::Failed => "failed",
    };
    said.to_owned()
}

fn state(alert: &StoredAlert, waiting: &Waiting, zone: &TimeZone) -> String {
    match (alert.state, alert.shown_at) {
        (AlertState::Shown, Some(at)) => format!("shown {}", clock(at.as_millisecond(), zone)),
        (AlertState::Shown, None) => "shown".to_owned(),
        (AlertState::Pending, _) => waiting.text(alert.id, zone),
        (AlertState::Suppressed(reason), _) => format!("not shown: {}", self::reason(reason)),
    }
}

fn reason(reason: Suppression) -> &'static str {
    match reason {
        Suppression::Throttled => "too many in a short time; a summary counted it (throttle)",
        Suppression::QuietHours => "it came in quiet hours",
        Suppression::Paused => "notifications were paused",
        Suppression::Grouped => "a newer alert of its group took its place",
        Suppression::Expired => "it was too old by the time it could be shown",
        Suppression::Resolved => "it was over before it could be shown",
        Suppression::Silenced => "a silence matched it (streambell silences)",
        Suppression::StoredOnly => "its urgency is none",
    }
}
