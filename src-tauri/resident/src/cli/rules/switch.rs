//! `streambell rules list`, `rules enable` and `rules disable`.

use std::process::ExitCode;

use anyhow::anyhow;
use serde::Serialize;
use streambell_engine::config::RuleConfig;
use streambell_engine::config::edit;
use streambell_engine::locale::Text;

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
}

/// Prints the rules in their order.
pub(super) fn list(place: &Place, json: bool) -> Result<ExitCode, Failure> {
    let config = why::configuration(place)?;
    let mut chunk = Vec::new();
    for rule in &config.rules {
        match json {
            true => output::json_line(&mut chunk, &line(rule)),
            false => chunk.extend(words(rule).into_bytes()),
        }
    }
    output::say_all(&chunk);
    Ok(ExitCode::SUCCESS)
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
    }
}

fn words(rule: &RuleConfig) -> String {
    let streams = if rule.streams.is_empty() { "every stream".to_owned() } else { rule.streams.join(", ") };
    let asks: Vec<String> =
        [rule.events.join(", ")].into_iter().chain(rule.conditions().into_iter().map(|asked| asked.english)).collect();
    let off = if rule.enabled { "" } else { " (off)" };
    let (name, streams, asks) = (plain(&rule.name, None), plain(&streams, None), plain(&asks.join(" and "), None));
    let what = if rule.ignore { "ignored" } else { rule.urgency.as_str() };
    format!("{name}{off}: {asks} of {streams} [{what}]\n")
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
        let lines: Vec<_> = config.rules.iter().map(words).collect();
        assert_eq!(lines, ["R (off): a, b* and data.x of every stream [normal]\n", "S: * of every stream [normal]\n"]);
        let json = serde_json::to_string(&line(&config.rules[1])).unwrap();
        let wanted = r#"{"name":"S","enabled":true,"streams":[],"events":["*"],"conditions":[],"urgency":"normal"}"#;
        assert_eq!(json, wanted);
    }
}
