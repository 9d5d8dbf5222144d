//! `streambell rules list`, `rules enable` and `rules disable`.

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::anyhow;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use streambell_engine::config::RuleConfig;
use streambell_engine::config::edit;
use streambell_engine::ledger::{Reader, RuleCount};
use streambell_engine::locale::Text;

use crate::cli::status::rfc3339;
use crate::cli::{Failure, exchange, why};
use crate::output::{self, plain};
use crate::place::Place;

/// A rule in `rules list --json`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    name: &'a str,
    enabled: bool,
    streams: &'a [String],
    events: &'a [String],
    conditions: Vec<Text>,
    urgency: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    ignore: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    count: Option<Count>,
}

/// How often it fired in the last 7 days, as the dashboard counts.
#[derive(Debug, Default, Serialize)]
struct Count {
    fired: u32,
    shown: u32,
    last_at: Option<String>,
}

/// How far back rules are counted.
const COUNTED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Prints the rules in their order, with how often each fired where that is asked.
pub(super) fn list(place: &Place, json: bool, counts: bool) -> Result<ExitCode, Failure> {
    let config = why::configuration(place)?;
    let counted = if counts { Some(counted(place)?) } else { None };
    let mut chunk = Vec::new();
    for rule in &config.rules {
        let count = counted.as_ref().map(|all| all.get(&*rule.name).map_or_else(Count::default, Count::of));
        match json {
            true => output::json_line(&mut chunk, &Line { count, ..line(rule) }),
            false => chunk.extend(words(rule, count.as_ref()).into_bytes()),
        }
    }
    output::say_all(&chunk);
    Ok(ExitCode::SUCCESS)
}

fn counted(place: &Place) -> Result<HashMap<String, RuleCount>, Failure> {
    let reader = Reader::open(&place.profile.ledger).map_err(|error| anyhow!(error))?;
    let counts = reader.rule_counts(Timestamp::now() - COUNTED).map_err(|error| anyhow!(error))?;
    Ok(counts.into_iter().map(|count| (count.rule.clone(), count)).collect())
}

impl Count {
    fn of(count: &RuleCount) -> Self {
        Self { fired: count.fired, shown: count.shown, last_at: Some(rfc3339(count.last.as_millisecond())) }
    }
}

/// Switches a rule on or off in the configuration file; a running instance follows.
pub(super) fn switch(place: &Place, name: &str, enabled: bool) -> Result<ExitCode, Failure> {
    let text = place.profile.read_config().map_err(Failure::usage)?.unwrap_or_default();
    let file = place.profile.config.display();
    let changed = edit::enable_rule(&text, name, enabled);
    let changed = changed.map_err(|error| Failure::usage(anyhow!("{file}: {}", plain(&error.to_string(), None))))?;
    exchange::write(place, &text, &changed)?;
    Ok(ExitCode::SUCCESS)
}

fn line(rule: &RuleConfig) -> Line<'_> {
    Line {
        name: &rule.name,
        enabled: rule.enabled,
        streams: &rule.streams,
        events: &rule.events,
        conditions: rule.conditions(),
        urgency: rule.urgency.as_str(),
        ignore: rule.ignore,
        count: None,
    }
}

fn words(rule: &RuleConfig, count: Option<&Count>) -> String {
    let streams = if rule.streams.is_empty() { "every stream".to_owned() } else { rule.streams.join(", ") };
    let asks: Vec<String> =
        [rule.events.join(", ")].into_iter().chain(rule.conditions().into_iter().map(|asked| asked.english)).collect();
    let off = if rule.enabled { "" } else { " (off)" };
    let (name, streams, asks) = (plain(&rule.name, None), plain(&streams, None), plain(&asks.join(" and "), None));
    let what = if rule.ignore { "ignored" } else { rule.urgency.as_str() };
    let count = count.map_or_else(String::new, |count| format!(", fired {}, shown {}", count.fired, count.shown));
    format!("{name}{off}: {asks} of {streams} [{what}{count}]\n")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_rule_is_a_line() {
        let text = "[[rule]]\nname = \"a\\u001b\"\n";
        assert!(streambell_engine::config::parse(text).is_err(), "no control character is in a name");
        let text = "[[rule]]\nname = \"R\"\nenabled = false\nevent = [\"a\", \"b*\"]\nwhen = \"data.x\"\n[[rule]]\nname = \"S\"\n";
        let config = streambell_engine::config::parse(text).unwrap();
        let lines: Vec<_> = config.rules.iter().map(|rule| words(rule, None)).collect();
        assert_eq!(lines, ["R (off): a, b* and data.x of every stream [normal]\n", "S: * of every stream [normal]\n"]);
        let json = serde_json::to_string(&line(&config.rules[1])).unwrap();
        let wanted = r#"{"name":"S","enabled":true,"streams":[],"events":["*"],"conditions":[],"urgency":"normal"}"#;
        assert_eq!(json, wanted);
        let count = Count { fired: 3, shown: 2, last_at: Some("2026-11-20T09:30:00.000Z".to_owned()) };
        assert_eq!(words(&config.rules[1], Some(&count)), "S: * of every stream [normal, fired 3, shown 2]\n");
        let json = serde_json::to_string(&Line { count: Some(count), ..line(&config.rules[1]) }).unwrap();
        let wanted = r#""urgency":"normal","fired":3,"shown":2,"last_at":"2026-11-20T09:30:00.000Z"}"#;
        assert!(json.ends_with(wanted), "{json}");
    }
}
