//! What `tail` writes: JSON lines for programs, text for people.

use serde::Serialize;
use streambell_engine::connection::State;
use streambell_engine::model::Event;
use streambell_engine::transport::Gap;

use crate::output::{self, json_line, plain};

/// Writes what happens on a stream as lines.
#[derive(Debug)]
pub(super) struct Writer {
    style: Style,
}

#[derive(Debug, Clone, Copy)]
enum Style {
    Json,
    Text { coloured: bool },
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Open {
        status: u16,
        url: &'a str,
        http: &'a str,
        /// The id that the server resumes after where that is not the one it was asked for: some events may be missing.
        #[serde(skip_serializing_if = "Option::is_none")]
        resumed_after: Option<&'a str>,
    },
    Event {
        event: &'a str,
        data: &'a str,
        id: &'a str,
    },
    Comment {
        text: &'a str,
    },
    Skipped {
        reason: &'a str,
        bytes: u64,
    },
    Waiting {
        reason: &'a str,
        message: &'a str,
        retry_in_ms: u64,
    },
    Stopped {
        reason: &'a str,
        message: &'a str,
    },
}

const DIM: &str = "\u{1b}[2m";
const BOLD: &str = "\u{1b}[1;36m";
const YELLOW: &str = "\u{1b}[33m";
const RED: &str = "\u{1b}[31m";

impl Writer {
    /// Text is coloured where stdout is a terminal.
    pub(super) fn new(json: bool) -> Self {
        let style = if json { Style::Json } else { Style::Text { coloured: output::stdout_is_coloured() } };
        Self { style }
    }

    /// A connection was opened.
    pub(super) fn open(&self, chunk: &mut Vec<u8>, status: u16, url: &str, http: &str, gap: Option<&Gap>) {
        let resumed_after = gap.map(|gap| gap.resumed.as_str());
        self.line(chunk, &Line::Open { status, url, http, resumed_after });
    }

    /// An event came.
    pub(super) fn event(&self, chunk: &mut Vec<u8>, event: &Event) {
        self.line(chunk, &Line::Event { event: &event.name, data: &event.data, id: &event.id });
    }

    /// A comment came.
    pub(super) fn comment(&self, chunk: &mut Vec<u8>, text: &str) {
        self.line(chunk, &Line::Comment { text });
    }

    /// An event was too large.
    pub(super) fn skipped(&self, chunk: &mut Vec<u8>, bytes: u64) {
        self.line(chunk, &Line::Skipped { reason: "too-large", bytes });
    }

    /// The state changed; tells whether the stream stopped for good.
    pub(super) fn state(&self, chunk: &mut Vec<u8>, state: &State) -> bool {
        match state {
            State::Waiting(wait) => {
                let retry_in_ms = u64::try_from(wait.delay.as_millis()).unwrap_or(u64::MAX);
                let line = Line::Waiting { reason: wait.reason.as_str(), message: &wait.message.english, retry_in_ms };
                self.line(chunk, &line);
                false
            }
            State::NeedsSignIn { message } => {
                self.line(chunk, &Line::Stopped { reason: "unauthorized", message: &message.english });
                true
            }
            State::Ended { reason, message } => {
                self.line(chunk, &Line::Stopped { reason: reason.as_str(), message: &message.english });
                true
            }
            State::Idle
            | State::Connecting
            | State::Open
            | State::Offline { .. }
            | State::Refreshing
            | State::Paused => false,
        }
    }

    fn line(&self, chunk: &mut Vec<u8>, line: &Line<'_>) {
        match self.style {
            Style::Json => json_line(chunk, line),
            Style::Text { coloured } => chunk.extend(text(line, coloured).into_bytes()),
        }
    }
}

fn text(line: &Line<'_>, coloured: bool) -> String {
    let paint = |colour: &str, text: &str| match coloured {
        true => format!("{colour}{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    match line {
        Line::Open { status, url, http, resumed_after } => {
            let mut line = format!("connected to {} ({status}, HTTP/{http})", plain(url, None));
            if let Some(id) = resumed_after {
                line += &format!("; some events may be missing: it resumes after {}", plain(id, None));
            }
            format!("{}\n", paint(DIM, &line))
        }
        Line::Event { event, data, id } => {
            let id = if id.is_empty() { String::new() } else { format!(" {}", paint(DIM, &plain(id, None))) };
            format!("{}{id}\n  {}\n", paint(BOLD, &plain(event, None)), plain(data, Some("  ")))
        }
        Line::Comment { text } => format!("{}\n", paint(DIM, &format!(":{}", plain(text, None)))),
        Line::Skipped { bytes, .. } => {
            format!("{}\n", paint(YELLOW, &format!("an event of {bytes} bytes was skipped: it is too large")))
        }
        Line::Waiting { message, retry_in_ms, .. } => {
            let seconds = std::time::Duration::from_millis(*retry_in_ms).as_secs_f64();
            let line = format!("{}; trying again in {seconds:.1} s", plain(message, None));
            format!("{}\n", paint(YELLOW, &line))
        }
        Line::Stopped { message, .. } => format!("{}\n", paint(RED, &plain(message, None))),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::time::{Duration, Instant};

    use streambell_engine::connection::{EndReason, Wait, WaitReason};

    use super::*;
    use streambell_engine::locale::Text;

    const JSON: Writer = Writer { style: Style::Json };
    const TEXT: Writer = Writer { style: Style::Text { coloured: false } };

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut chunk = Vec::new();
        write(&mut chunk);
        String::from_utf8(chunk).unwrap()
    }

    fn event() -> Event {
        Event {
            stream: "tail".into(),
            name: "market-alert".to_owned(),
            data: "a\nb\u{1b}".to_owned(),
            id_is_own: false,
            id: "42".to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn json_lines_are_those_of_the_contract() {
        let open = written(|out| JSON.open(out, 200, "http://a/", "1.1", None));
        assert_eq!(open, "{\"type\":\"open\",\"status\":200,\"url\":\"http://a/\",\"http\":\"1.1\"}\n");
        let gap = Gap { asked: "41".to_owned(), resumed: "earliest".to_owned() };
        let open = written(|out| JSON.open(out, 200, "http://a/", "1.1", Some(&gap)));
        assert!(open.ends_with(",\"http\":\"1.1\",\"resumed_after\":\"earliest\"}\n"), "{open}");
        let event = written(|out| JSON.event(out, &event()));
        assert_eq!(event, "{\"type\":\"event\",\"event\":\"market-alert\",\"data\":\"a\\nb\\u001b\",\"id\":\"42\"}\n");
        assert_eq!(written(|out| JSON.comment(out, " ping")), "{\"type\":\"comment\",\"text\":\" ping\"}\n");
        let skipped = written(|out| JSON.skipped(out, 20_971_520));
        assert_eq!(skipped, "{\"type\":\"skipped\",\"reason\":\"too-large\",\"bytes\":20971520}\n");
    }

    #[test]
    fn a_wait_is_shown_with_the_delay_that_is_slept() {
        let delay = Duration::from_millis(3012);
        let message = Text::plain("the stream ended");
        let wait = Wait { until: Instant::now(), delay, reason: WaitReason::EndOfStream, message, attempt: 0 };
        let line = written(|out| assert!(!JSON.state(out, &State::Waiting(wait.clone()))));
        let wanted = r#"{"type":"waiting","reason":"end-of-stream","message":"the stream ended","retry_in_ms":3012}"#;
        assert_eq!(line.trim_end(), wanted);
        let line = written(|out| assert!(!TEXT.state(out, &State::Waiting(wait))));
        assert_eq!(line, "the stream ended; trying again in 3.0 s\n");
    }

    #[test]
    fn refused_credentials_stop_as_unauthorized() {
        let message = Text::plain("sign in");
        let line = written(|out| assert!(JSON.state(out, &State::NeedsSignIn { message: message.clone() })));
        assert_eq!(line, "{\"type\":\"stopped\",\"reason\":\"unauthorized\",\"message\":\"sign in\"}\n");
        let ended = State::Ended { reason: EndReason::NoContent, message };
        let line = written(|out| assert!(JSON.state(out, &ended)));
        assert_eq!(line, "{\"type\":\"stopped\",\"reason\":\"no-content\",\"message\":\"sign in\"}\n");
    }

    #[test]
    fn text_keeps_lines_and_loses_what_could_steer_the_terminal() {
        let text = written(|out| TEXT.event(out, &event()));
        assert_eq!(text, "market-alert 42\n  a\n  b\\u{1b}\n");
    }
}
