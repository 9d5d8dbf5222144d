//! The file: one JSON object a line, each with the time at which it came.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::Event;

/// The largest recording, in bytes: it is held in memory.
const LARGEST: u64 = 256 * 1024 * 1024;

/// An event as a line of a recording, with its line break.
pub fn line(event: &Event) -> Vec<u8> {
    let line =
        Written { at: format!("{:.3}", event.at), kind: "event", event: &event.name, data: &event.data, id: &event.id };
    // Text always is JSON.
    let mut bytes = serde_json::to_vec(&line).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

#[derive(Debug, Serialize)]
struct Written<'a> {
    at: String,
    #[serde(rename = "type")]
    kind: &'a str,
    event: &'a str,
    data: &'a str,
    id: &'a str,
}

/// An event of a recording, as `tail --record`, `tail --json` and `history --json` write it.
#[derive(Debug, Deserialize)]
pub struct Recorded {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    /// When it came, where that is known.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// Its stream, where the recording is of several.
    #[serde(default)]
    pub stream: Option<String>,
    /// Its name.
    #[serde(default = "unnamed")]
    pub event: String,
    /// Its data.
    #[serde(default)]
    pub data: String,
    /// The stream's last event id at it; may be empty.
    #[serde(default)]
    pub id: String,
}

/// What the HTML Standard calls an event that has no name.
fn unnamed() -> String {
    "message".to_owned()
}

/// Reads a line of a recording; `None` where it is blank or of another type than an event.
///
/// # Errors
/// Where it is no line of a recording.
pub fn recorded(text: &str) -> Result<Option<Recorded>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let Ok(line) = serde_json::from_str::<Recorded>(text) else {
        bail!("this is no line of a recording: record with `streambell tail --record`");
    };
    let is_event = line.kind.as_deref().is_none_or(|kind| kind == "event");
    Ok(is_event.then_some(line))
}

/// A recorded stream, ready to be served.
#[derive(Debug, Default)]
pub struct Recording {
    pub(super) events: Vec<Played>,
}

/// One event of it.
#[derive(Debug)]
pub(super) struct Played {
    /// How long after the first one.
    pub(super) at: Duration,
    id: String,
    /// As it goes over the wire.
    pub(super) bytes: Bytes,
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    /// Where the file cannot be read, is too large, has no event, or a line is none: which, in one line.
    pub fn read(path: &Path) -> Result<Self> {
        let unreadable = || format!("{} cannot be read", path.display());
        let file = File::open(path).with_context(unreadable)?;
        let size = file.metadata().with_context(unreadable)?.len();
        ensure!(size <= LARGEST, "{} is larger than 256 MiB: cut it", path.display());
        let mut recording = Self::default();
        let mut first = None;
        for (number, text) in BufReader::new(file).lines().enumerate() {
            let text = text.with_context(unreadable)?;
            recording.add(&text, &mut first).with_context(|| format!("{}:{}", path.display(), number + 1))?;
        }
        ensure!(!recording.events.is_empty(), "{} has no event in it", path.display());
        Ok(recording)
    }

    fn add(&mut self, text: &str, first: &mut Option<Timestamp>) -> Result<()> {
        let Some(line) = recorded(text)? else { return Ok(()) };
        ensure!(!line.event.contains(['\n', '\r']), "the event's name has a line break");
        ensure!(!line.id.contains(['\n', '\r', '\0']), "the event's id has a line break or a NUL");
        let before = self.events.last().map_or(Duration::ZERO, |event| event.at);
        let since = line.at.map(|at| at.duration_since(*first.get_or_insert(at)));
        // A clock may have been set back meanwhile; without a time it follows the one before at once.
        let at = since.and_then(|since| Duration::try_from(since).ok()).unwrap_or(before).max(before);
        self.events.push(Played { at, bytes: wire(&line).into(), id: line.id });
        Ok(())
    }

    /// How many events it has.
    pub fn count(&self) -> usize {
        self.events.len()
    }

    /// The time from its first event to its last.
    pub fn length(&self) -> Duration {
        self.events.last().map_or(Duration::ZERO, |event| event.at)
    }

    /// The first event after the last one of this id; the very first where there is none of it.
    pub(super) fn after(&self, id: &str) -> usize {
        let last = if id.is_empty() { None } else { self.events.iter().rposition(|event| event.id == id) };
        last.map_or(0, |last| last + 1)
    }
}

/// An event as the HTML Standard has it on the wire ("9.2.5 Parsing an event stream").
fn wire(event: &Recorded) -> String {
    let mut text = format!("id: {}\n", event.id);
    if !matches!(event.event.as_str(), "" | "message") {
        text += &format!("event: {}\n", event.event);
    }
    for line in event.data.replace("\r\n", "\n").split(['\n', '\r']) {
        text += &format!("data: {line}\n");
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(text: &str) -> Result<Recording> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("r.jsonl");
        std::fs::write(&path, text)?;
        Recording::read(&path)
    }

    fn event(seconds: i64, id: &str, data: &str) -> Event {
        Event {
            stream: "tail".into(),
            name: "price".to_owned(),
            data: data.to_owned(),
            id_is_own: false,
            id: id.to_owned(),
            at: Timestamp::from_second(seconds).unwrap(),
        }
    }

    #[test]
    fn what_was_written_is_read_back_with_its_time() {
        let written = [event(100, "1", "a\nb"), event(103, "", "{\"x\":1}")];
        assert_eq!(
            String::from_utf8(line(&written[0])).unwrap(),
            "{\"at\":\"1970-01-01T00:01:40.000Z\",\"type\":\"event\",\"event\":\"price\",\"data\":\"a\\nb\",\"id\":\"1\"}\n"
        );
        let lines: Vec<u8> = written.iter().flat_map(line).collect();
        let recording = read(&format!("{{\"type\":\"open\",\"status\":200}}\n\n{}", String::from_utf8(lines).unwrap()));
        let recording = recording.unwrap();
        assert_eq!((recording.count(), recording.length()), (2, Duration::from_secs(3)));
        assert_eq!(recording.events[0].bytes, "id: 1\nevent: price\ndata: a\ndata: b\n\n");
        assert_eq!(recording.events[1].bytes, "id: \nevent: price\ndata: {\"x\":1}\n\n");
        assert_eq!((recording.after(""), recording.after("1"), recording.after("9")), (0, 1, 0));
    }

    #[test]
    fn what_is_no_recording_is_explained_with_its_line() {
        for (text, wanted) in [
            ("", "no event"),
            ("{\"event\":\"a\"}\nnonsense\n", ":2: this is no line"),
            ("{\"event\":\"a\\nb\"}", ":1: the event's name"),
            ("{\"event\":\"a\",\"at\":\"soon\"}", ":1: this is no line"),
        ] {
            let error = format!("{:#}", read(text).unwrap_err());
            assert!(error.contains(wanted), "{error}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_turn_time_around() {
        let lines: Vec<u8> =
            [event(100, "1", ""), event(110, "2", ""), event(90, "3", "")].iter().flat_map(line).collect();
        let recording = read(&String::from_utf8(lines).unwrap()).unwrap();
        let times: Vec<_> = recording.events.iter().map(|event| event.at.as_secs()).collect();
        assert_eq!(times, [0, 10, 10]);
    }
}
