//! Reads one `[[rule]]`.

use std::time::Duration;

use super::duration::parse_duration;
use super::fault::quoted;
use super::field::Fields;
use super::{RuleConfig, Throttle, check};
use crate::model::Urgency;

/// A rule, and where its fields are, for faults that show only when it is compiled.
pub(super) struct ReadRule {
    /// The rule. Where a field is wrong that is noted and its default stands in.
    pub(super) rule: RuleConfig,
    at: usize,
    places: Vec<(&'static str, usize)>,
}

impl ReadRule {
    /// Where a field stands; the rule itself where the field is not written.
    pub(super) fn place(&self, field: &str) -> usize {
        self.places.iter().find(|(name, _)| *name == field).map_or(self.at, |(_, at)| *at)
    }
}

/// A rule.
pub(super) fn rule(fields: &mut Fields<'_>) -> ReadRule {
    let name = fields.need("name").and_then(|field| field.read(check::name));
    let mut read =
        ReadRule { rule: RuleConfig::new(name.unwrap_or_default(), &["*"]), at: fields.at, places: Vec::new() };
    let rule = &mut read.rule;
    if let Some(enabled) = fields.get("enabled").and_then(|field| field.flag()) {
        rule.enabled = enabled;
    }
    rule.stream = fields.get("stream").and_then(|field| field.text()).map(Into::into);
    if let Some(field) = fields.get("event") {
        match field.texts(check::glob) {
            Some(events) if events.is_empty() => field.wrong("must name an event; \"*\" is every event"),
            Some(events) => rule.events = events,
            None => {}
        }
        read.places.push(("event", field.at));
    }
    for (key, place) in [("title", &mut rule.title), ("body", &mut rule.body)] {
        if let Some((text, at)) = text(fields, key) {
            *place = text;
            read.places.push((key, at));
        }
    }
    for (key, place) in [("when", &mut rule.when), ("group", &mut rule.group), ("link", &mut rule.link)] {
        if let Some((text, at)) = text(fields, key) {
            *place = Some(text);
            read.places.push((key, at));
        }
    }
    let urgencies = [Urgency::Low, Urgency::Normal, Urgency::Critical].map(|urgency| (urgency.as_str(), urgency));
    if let Some(urgency) = fields.get("urgency").and_then(|field| field.choice(&urgencies)) {
        rule.urgency = urgency;
    }
    if let Some(throttle) = fields.get("throttle").and_then(|field| field.read(throttle)) {
        rule.throttle = throttle;
    }
    let quiet = [("pass", true), ("hold", false)];
    if let Some(pass) = fields.get("quiet_hours").and_then(|field| field.choice(&quiet)) {
        rule.pass_quiet_hours = pass;
    }
    read
}

fn text(fields: &mut Fields<'_>, key: &'static str) -> Option<(String, usize)> {
    let field = fields.get(key)?;
    Some((field.text()?.to_owned(), field.at))
}

fn throttle(text: &str) -> Result<Option<Throttle>, String> {
    if text == "off" {
        return Ok(None);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let &[count, "per", window] = words.as_slice() else {
        return Err(format!("{} is no throttle: write \"5 per 1m\" or \"off\"", quoted(text)));
    };
    let count = count.parse().ok().filter(|count| (1..=1_000).contains(count));
    let count = count.ok_or("the number must be 1 to 1000".to_owned())?;
    let window = parse_duration(window)?;
    if !(Duration::from_secs(1)..=Duration::from_secs(86_400)).contains(&window) {
        return Err("the time must be 1s to 1d".to_owned());
    }
    Ok(Some(Throttle { count, window }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throttle_is_a_number_per_time_or_off() {
        assert_eq!(throttle("off"), Ok(None));
        assert_eq!(throttle("5 per 1m"), Ok(Some(Throttle { count: 5, window: Duration::from_secs(60) })));
        assert_eq!(throttle(" 1  per 24h "), Ok(Some(Throttle { count: 1, window: Duration::from_secs(86_400) })));
        for bad in
            ["", "5", "5 per", "5/1m", "0 per 1m", "1001 per 1m", "5 per 0", "5 per 999ms", "5 per 2d", "-1 per 1m"]
        {
            assert!(throttle(bad).is_err(), "{bad}");
        }
    }
}
