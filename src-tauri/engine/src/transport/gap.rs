//! A gap in the events that the server itself admits: it was asked to resume after one event and resumes after another.

use reqwest::header::{HeaderMap, HeaderValue};

use super::request::{Hop, LAST_EVENT_ID};
use crate::config::{ResumeFrom, ResumeSend, StreamConfig};

/// The longest part of an id that is kept, in characters.
const LONGEST: usize = 200;

/// What was asked and what is answered (The Mercure Protocol, "Reconnection, State Reconciliation, and Event Sourcing":
/// the answer's `Last-Event-ID` names the event before the first that is sent, or `earliest` where the server does not
/// have it; another value than the one asked for means that events may be lost).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The id to resume after, at most 200 characters of it.
    pub asked: String,
    /// The id that the server resumes after, or `earliest`; at most 200 characters of it.
    pub resumed: String,
}

impl Gap {
    /// What the header of an answer to this request proves. Servers that do not speak of it prove nothing.
    pub(super) fn in_answer(hop: &Hop, config: &StreamConfig, cursor: &str, headers: &HeaderMap) -> Option<Self> {
        let resumed = headers.get(LAST_EVENT_ID)?.as_bytes();
        if !was_asked(hop, config, cursor) || resumed == cursor.as_bytes() {
            return None;
        }
        let resumed = Self::admitted(cursor, Some(&String::from_utf8_lossy(resumed)))?;
        Some(Self { asked: shown(cursor), resumed })
    }

    /// What a server says it resumes after, where it was asked for `cursor` and that is another.
    pub(crate) fn admitted(cursor: &str, says: Option<&str>) -> Option<String> {
        let says = says.filter(|says| !cursor.is_empty() && !says.is_empty() && *says != cursor);
        says.map(shown)
    }
}

fn shown(text: &str) -> String {
    text.chars().filter(|one| !one.is_control()).take(LONGEST).collect()
}

/// Whether the request said what to resume after.
pub(super) fn was_asked(hop: &Hop, config: &StreamConfig, cursor: &str) -> bool {
    let sent = match config.resume.send {
        ResumeSend::Header => HeaderValue::from_bytes(cursor.as_bytes()).is_ok(),
        ResumeSend::Query(_) => true,
        ResumeSend::None => false,
    };
    hop.own && sent && !cursor.is_empty() && config.resume.from != ResumeFrom::None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn gap(cursor: &str, answered: Option<&str>, change: impl FnOnce(&mut Hop, &mut StreamConfig)) -> Option<String> {
        let mut config = StreamConfig::new("a", "https://example.com/");
        let mut hop = Hop::first(&config).unwrap();
        change(&mut hop, &mut config);
        let headers = answered.map(|value| (LAST_EVENT_ID, HeaderValue::from_str(value).unwrap()));
        Gap::in_answer(&hop, &config, cursor, &headers.into_iter().collect()).map(|gap| gap.resumed)
    }

    #[test]
    fn another_id_than_the_one_asked_for_proves_a_gap() {
        for (cursor, answered, wanted) in [
            ("a", Some("a"), None),
            ("a", None, None),
            ("a", Some(""), None),
            ("", Some("earliest"), None),
            ("a", Some("earliest"), Some("earliest")),
            ("a", Some("b"), Some("b")),
        ] {
            assert_eq!(gap(cursor, answered, |_, _| {}).as_deref(), wanted, "{cursor} {answered:?}");
        }
    }

    #[test]
    fn a_server_that_was_not_asked_proves_nothing() {
        assert_eq!(gap("a", Some("b"), |hop, _| hop.own = false), None);
        assert_eq!(gap("a", Some("b"), |_, config| config.resume.from = ResumeFrom::None), None);
        assert_eq!(gap("a", Some("b"), |_, config| config.resume.send = ResumeSend::None), None);
        let by_query = |_: &mut Hop, config: &mut StreamConfig| config.resume.send = ResumeSend::Query("x".to_owned());
        assert_eq!(gap("a", Some("b"), by_query).as_deref(), Some("b"));
    }

    #[test]
    fn a_long_id_is_cut() {
        assert_eq!(gap("a", Some(&"x".repeat(5_000)), |_, _| {}).map(|id| id.len()), Some(LONGEST));
    }
}
