//! Notifications and states of streams on stdout, for `run --print`.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use streambell_engine::host::Notification;
use streambell_engine::model::StreamId;
use streambell_engine::snapshot::Snapshot;
use streambell_protocol::StreamState;

use crate::control::{stream_message, stream_state};
use crate::output::{Lines, json_line, plain};

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// One line for people.
    Text,
    /// One JSON object.
    Json,
}

/// Writes lines to stdout without ever waiting for its reader. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    style: Style,
    lines: Arc<Lines>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Notification {
        at: String,
        stream: &'a str,
        rule: &'a str,
        title: &'a str,
        body: &'a str,
        urgency: &'a str,
        seq: i64,
        replaces: bool,
    },
    State {
        stream: &'a str,
        state: &'a str,
        message: &'a str,
    },
}

/// The states that were printed last.
#[derive(Debug, Default)]
pub(crate) struct States(HashMap<StreamId, (StreamState, String)>);

impl Printer {
    /// Prints to stdout.
    pub(crate) fn new(style: Style, lines: Arc<Lines>) -> Self {
        Self { style, lines }
    }

    /// Prints a notification.
    pub(super) fn notification(&self, from: &Notification) {
        let mut chunk = Vec::new();
        notification(&mut chunk, self.style, from, &TimeZone::system());
        self.write(chunk);
    }

    /// Prints the states that changed.
    pub(crate) fn states(&self, states: &mut States, snapshot: &Snapshot) {
        let mut chunk = Vec::new();
        states.changes(&mut chunk, self.style, snapshot);
        self.write(chunk);
    }

    fn write(&self, chunk: Vec<u8>) {
        if !chunk.is_empty() && !self.lines.try_write(chunk) {
            tracing::debug!("nobody reads stdout: a line is dropped");
        }
    }
}

fn notification(chunk: &mut Vec<u8>, style: Style, from: &Notification, zone: &TimeZone) {
    match style {
        Style::Json => json_line(
            chunk,
            &Line::Notification {
                at: crate::cli::rfc3339(from.at.as_millisecond()),
                stream: from.stream.as_str(),
                rule: &from.rule,
                title: &from.title,
                body: &from.body,
                urgency: from.urgency.as_str(),
                seq: from.seq,
                replaces: from.replaces,
            },
        ),
        Style::Text => {
            let time = Timestamp::to_zoned(from.at, zone.clone()).strftime("%H:%M:%S");
            let body = if from.body.is_empty() { String::new() } else { format!(" — {}", plain(&from.body, None)) };
            let line = format!("{time} {}: {}{body}\n", from.urgency.as_str(), plain(&from.title, None));
            chunk.extend(line.into_bytes());
        }
    }
}

impl States {
    fn changes(&mut self, chunk: &mut Vec<u8>, style: Style, snapshot: &Snapshot) {
        self.0.retain(|name, _| snapshot.streams.iter().any(|stream| stream.name == *name));
        for stream in &snapshot.streams {
            let state = (stream_state(&stream.state), stream_message(&stream.state).to_owned());
            if self.0.get(&stream.name) == Some(&state) {
                continue;
            }
            match style {
                Style::Json => {
                    let stream = stream.name.as_str();
                    json_line(chunk, &Line::State { stream, state: state.0.as_str(), message: &state.1 });
                }
                Style::Text => chunk.extend(text(stream.name.as_str(), &state).into_bytes()),
            }
            self.0.insert(stream.name.clone(), state);
        }
    }
}

fn text(stream: &str, (state, message): &(StreamState, String)) -> String {
    let message = if message.is_empty() { String::new() } else { format!(": {}", plain(message, None)) };
    format!("[{}] {}{message}\n", plain(stream, None), state.as_str())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use streambell_engine::connection::State;
    use streambell_engine::snapshot::StreamStatus;

    use super::*;

    fn snapshot(state: State) -> Snapshot {
        Snapshot {
            demo: false,
            at: Timestamp::UNIX_EPOCH,
            pause: None,
            unread: 0,
            notifications_trouble: None,
            ledger_trouble: None,
            configuration_trouble: None,
            streams: vec![StreamStatus {
                name: "market".into(),
                url: String::new(),
                state,
                since: Timestamp::UNIX_EPOCH,
                retry_at: None,
                connections: 0,
                events: 0,
                last_event_at: None,
                last_event_id: String::new(),
            }],
            tiles: Vec::new(),
            alerts: Vec::new(),
        }
    }

    #[test]
    fn a_notification_is_one_line_of_the_contract() {
        let from = Notification { body: "a\nb".to_owned(), ..super::super::compose::tests::notification("s", &[1]) };
        let mut chunk = Vec::new();
        notification(&mut chunk, Style::Json, &from, &TimeZone::UTC);
        let wanted = concat!(
            r#"{"type":"notification","at":"1970-01-01T00:00:00.000Z","stream":"market","rule":"Market alert","#,
            r#""title":"BTC 70000","body":"a\nb","urgency":"normal","seq":17,"replaces":false}"#,
            "\n"
        );
        assert_eq!(String::from_utf8(chunk).unwrap(), wanted);
        let mut chunk = Vec::new();
        notification(&mut chunk, Style::Text, &from, &TimeZone::UTC);
        assert_eq!(String::from_utf8(chunk).unwrap(), "00:00:00 normal: BTC 70000 — a\\nb\n");
    }

    #[test]
    fn a_state_is_printed_when_it_changes() {
        let mut states = States::default();
        let mut print = |state| {
            let mut chunk = Vec::new();
            states.changes(&mut chunk, Style::Json, &snapshot(state));
            String::from_utf8(chunk).unwrap()
        };
        let open = r#"{"type":"state","stream":"market","state":"open","message":""}"#;
        assert_eq!(print(State::Open).trim_end(), open);
        assert_eq!(print(State::Open), "");
        let ended = print(State::NeedsSignIn { message: "sign in".to_owned() });
        assert!(ended.contains(r#""state":"needs-sign-in","message":"sign in""#), "{ended}");
    }
}
