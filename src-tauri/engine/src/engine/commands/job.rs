//! What a program is started with. Pure.

use std::sync::Arc;

use serde::Serialize;

use crate::model::{Event, StoredAlert};

/// How many bytes of an event's data a program gets in its environment; all of it stands on standard input.
const IN_ENVIRONMENT: usize = 32 * 1024;

/// How many bytes of it stand there.
const ON_INPUT: usize = 1024 * 1024;

/// A program to be started for an alert.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Job {
    pub(super) command: Arc<[String]>,
    rule: Arc<str>,
    pub(super) environment: Vec<(&'static str, String)>,
    pub(super) input: Vec<u8>,
}

/// What stands on standard input, on one line.
#[derive(Debug, Serialize)]
struct Input<'a> {
    rule: &'a str,
    title: &'a str,
    body: &'a str,
    urgency: &'a str,
    group: &'a str,
    link: &'a str,
    seq: i64,
    stream: &'a str,
    event: &'a str,
    id: &'a str,
    at: String,
    data: &'a str,
    /// Whether there was more of it.
    data_cut: bool,
}

impl Job {
    /// The command of a rule, for its alert.
    pub(in crate::engine) fn new(command: &[String], event: &Event, stored: &StoredAlert) -> Self {
        let alert = &stored.alert;
        let at = event.at.to_string();
        let environment = [
            ("STREAMBELL_RULE", &*alert.rule),
            ("STREAMBELL_TITLE", &alert.title),
            ("STREAMBELL_BODY", &alert.body),
            ("STREAMBELL_URGENCY", alert.urgency.as_str()),
            ("STREAMBELL_GROUP", &alert.group),
            ("STREAMBELL_LINK", &alert.link),
            ("STREAMBELL_STREAM", event.stream.as_str()),
            ("STREAMBELL_EVENT", head(&event.name, IN_ENVIRONMENT)),
            ("STREAMBELL_ID", head(&event.id, IN_ENVIRONMENT)),
            ("STREAMBELL_AT", &at),
            ("STREAMBELL_DATA", head(&event.data, IN_ENVIRONMENT)),
        ];
        // A variable cannot hold a NUL.
        let environment = environment.into_iter().map(|(name, value)| (name, value.replace('\0', ""))).collect();
        let data = head(&event.data, ON_INPUT);
        let input = Input {
            rule: &alert.rule,
            title: &alert.title,
            body: &alert.body,
            urgency: alert.urgency.as_str(),
            group: &alert.group,
            link: &alert.link,
            seq: stored.seq,
            stream: event.stream.as_str(),
            event: &event.name,
            id: &event.id,
            at: at.clone(),
            data,
            data_cut: data.len() < event.data.len(),
        };
        // Text and numbers always are JSON.
        let mut input = serde_json::to_vec(&input).unwrap_or_default();
        input.push(b'\n');
        Self { command: command.into(), rule: alert.rule.clone(), environment, input }
    }

    /// The rule.
    pub(super) fn rule(&self) -> &str {
        &self.rule
    }
}

/// The first bytes, or a few less so as not to split a character.
fn head(text: &str, longest: usize) -> &str {
    &text[..text.floor_char_boundary(longest)]
}

#[cfg(test)]
pub(super) mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use jiff::Timestamp;

    use super::*;
    use crate::model::{Alert, Urgency};

    pub(in super::super) fn job(command: &[&str], data: &str) -> Job {
        let event = Event {
            stream: "market".into(),
            name: "market-alert".to_owned(),
            data: data.to_owned(),
            id_is_own: false,
            id: "42".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
        let alert = Alert {
            rule: "Price".into(),
            title: "BTC $(id)".to_owned(),
            urgency: Urgency::Critical,
            ..Alert::default()
        };
        let stored = StoredAlert::pending(1, 7, &event, alert);
        let command: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
        Job::new(&command, &event, &stored)
    }

    #[test]
    fn the_event_is_in_the_environment_and_on_standard_input() {
        let job = job(&["true"], "{\"a\":\"x\0y\"}");
        let of = |name| job.environment.iter().find(|(known, _)| *known == name).unwrap().1.as_str();
        assert_eq!((of("STREAMBELL_EVENT"), of("STREAMBELL_TITLE")), ("market-alert", "BTC $(id)"));
        assert_eq!(of("STREAMBELL_DATA"), "{\"a\":\"xy\"}");
        let input: serde_json::Value = serde_json::from_slice(&job.input).unwrap();
        assert_eq!((&input["data"], &input["seq"]), (&"{\"a\":\"x\0y\"}".into(), &7.into()));
        assert_eq!(job.input.iter().filter(|byte| **byte == b'\n').count(), 1);
    }

    #[test]
    fn large_data_is_bounded_and_says_so() {
        let job = job(&["true"], &"é".repeat(2_000_000));
        assert!(job.environment.iter().all(|(_, value)| value.len() <= IN_ENVIRONMENT));
        let input: serde_json::Value = serde_json::from_slice(&job.input).unwrap();
        assert_eq!((input["data"].as_str().unwrap().len(), &input["data_cut"]), (ON_INPUT, &true.into()));
    }
}
