//! Notifications and states of streams on stdout, for `run --print`.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use streambell_engine::connection::State;
use streambell_engine::host::{Notice, Notification};
use streambell_engine::model::StreamId;

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
    Notice {
        at: String,
        kind: &'a str,
        streams: Vec<&'a str>,
        title: &'a str,
        body: &'a str,
        urgency: &'a str,
        replaces: bool,
        withdrawn: bool,
    },
    State {
        stream: &'a str,
        state: &'a str,
        message: &'a str,
    },
}

impl Printer {
    /// Prints to stdout.
    pub(crate) fn new(style: Style, lines: Arc<Lines>) -> Self {
        Self { style, lines }
    }

    /// Prints a notification; tells once, on any thread, whether it was written.
    pub(super) fn notification(&self, from: &Notification, tell: impl FnOnce(bool) + Send + 'static) {
        let mut chunk = Vec::new();
        match &from.notice {
            None => notification(&mut chunk, self.style, from, &TimeZone::system()),
            Some(notice) => line_of_notice(&mut chunk, self.style, from, notice, false, &TimeZone::system()),
        }
        self.lines.try_write(chunk, tell);
    }

    /// Prints that a notice is no longer true, if somebody reads.
    pub(super) fn withdrawn(&self, from: &Notification) {
        let mut chunk = Vec::new();
        if let Some(notice) = &from.notice {
            let from = Notification { at: Timestamp::now(), ..from.clone() };
            line_of_notice(&mut chunk, self.style, &from, notice, true, &TimeZone::system());
        }
        self.lines.try_write(chunk, |_| ());
    }

    /// Prints the state of a stream, if somebody reads.
    pub(crate) fn state(&self, stream: &StreamId, state: &State) {
        let mut chunk = Vec::new();
        line_of_state(&mut chunk, self.style, stream, state);
        self.lines.try_write(chunk, |_| ());
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

fn line_of_notice(
    chunk: &mut Vec<u8>,
    style: Style,
    from: &Notification,
    notice: &Notice,
    withdrawn: bool,
    zone: &TimeZone,
) {
    match style {
        Style::Json => json_line(
            chunk,
            &Line::Notice {
                at: crate::cli::rfc3339(from.at.as_millisecond()),
                kind: notice.kind.as_str(),
                streams: notice.streams.iter().map(StreamId::as_str).collect(),
                title: &from.title,
                body: &from.body,
                urgency: from.urgency.as_str(),
                replaces: from.replaces,
                withdrawn,
            },
        ),
        Style::Text => {
            let time = Timestamp::to_zoned(from.at, zone.clone()).strftime("%H:%M:%S");
            let title = plain(&from.title, None);
            let line = if withdrawn {
                format!("{time} notice: no longer: {title}\n")
            } else {
                format!("{time} notice: {title} — {}\n", plain(&from.body, None))
            };
            chunk.extend(line.into_bytes());
        }
    }
}

fn line_of_state(chunk: &mut Vec<u8>, style: Style, stream: &StreamId, from: &State) {
    let (stream, state, message) = (stream.as_str(), stream_state(from).as_str(), stream_message(from).english);
    match style {
        Style::Json => json_line(chunk, &Line::State { stream, state, message: &message }),
        Style::Text => {
            let message = if message.is_empty() { String::new() } else { format!(": {}", plain(&message, None)) };
            chunk.extend(format!("[{}] {state}{message}\n", plain(stream, None)).into_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use streambell_engine::host::NoticeKind;

    use super::*;
    use streambell_engine::locale::Text;

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
    fn a_notice_is_a_line_of_its_own_kind() {
        let notice = Notice { kind: NoticeKind::SignIn, streams: vec!["market".into()] };
        let from = Notification {
            title: "market needs you to sign in".to_owned(),
            body: "the token\nexpired".to_owned(),
            ..super::super::compose::tests::notification("s", &[1])
        };
        let print = |style, withdrawn| {
            let mut chunk = Vec::new();
            line_of_notice(&mut chunk, style, &from, &notice, withdrawn, &TimeZone::UTC);
            String::from_utf8(chunk).unwrap()
        };
        let wanted = concat!(
            r#"{"type":"notice","at":"1970-01-01T00:00:00.000Z","kind":"sign-in","streams":["market"],"#,
            r#""title":"market needs you to sign in","body":"the token\nexpired","urgency":"normal","#,
            r#""replaces":false,"withdrawn":false}"#,
            "\n"
        );
        assert_eq!(print(Style::Json, false), wanted);
        assert_eq!(print(Style::Text, false), "00:00:00 notice: market needs you to sign in — the token\\nexpired\n");
        assert_eq!(print(Style::Text, true), "00:00:00 notice: no longer: market needs you to sign in\n");
    }

    #[test]
    fn a_state_is_one_line_of_the_contract() {
        let print = |style, state| {
            let mut chunk = Vec::new();
            line_of_state(&mut chunk, style, &"market".into(), &state);
            String::from_utf8(chunk).unwrap()
        };
        let open = r#"{"type":"state","stream":"market","state":"open","message":""}"#;
        assert_eq!(print(Style::Json, State::Open).trim_end(), open);
        let refused = State::NeedsSignIn { message: Text::plain("sign\nin") };
        let json = print(Style::Json, refused.clone());
        assert!(json.contains(r#""state":"needs-sign-in","message":"sign\nin""#), "{json}");
        assert_eq!(print(Style::Text, refused), "[market] needs-sign-in: sign\\nin\n");
    }
}
