//! A recorded stream: a JSON object a line, each with the time `at` which it came.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use jiff::Timestamp;
use serde::Deserialize;
use streambell_engine::model::Event;

use crate::cli::Failure;

/// As `tail --record` and `history --json` write it; of other types of lines only the type counts.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: Option<String>,
    at: Option<At>,
    stream: Option<String>,
    event: Option<String>,
    data: Option<String>,
    #[serde(default)]
    id: String,
}

/// A time in either of two forms.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum At {
    Milliseconds(i64),
    Text(String),
}

/// The events of a file, in order. A line that is no event is passed over, one that cannot be read is an error.
///
/// # Errors
/// Where the file cannot be opened.
pub(super) fn read<'a>(
    file: &'a Path,
    stream: Option<&'a str>,
) -> Result<impl Iterator<Item = Result<Event>> + 'a, Failure> {
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let lines = BufReader::new(opened).lines().enumerate();
    Ok(lines.filter_map(move |(number, text)| {
        let read = text.map_err(anyhow::Error::from).and_then(|text| event(&text, stream));
        read.with_context(|| format!("{}:{}", file.display(), number + 1)).transpose()
    }))
}

fn event(text: &str, stream: Option<&str>) -> Result<Option<Event>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let line: Line = serde_json::from_str(text).context("this is no line of a recording")?;
    if line.kind.as_deref().is_some_and(|kind| kind != "event") {
        return Ok(None);
    }
    let at = match line.at {
        Some(At::Milliseconds(at)) => Timestamp::from_millisecond(at).ok(),
        Some(At::Text(text)) => text.parse().ok(),
        None => return Err(anyhow!("it does not say when it came (\"at\"): record with `streambell tail --record`")),
    };
    let stream = line.stream.as_deref().or(stream);
    let stream = stream.ok_or_else(|| anyhow!("it does not say of which stream it is: name it with --stream"))?;
    let id = line.id;
    Ok(Some(Event {
        stream: stream.into(),
        name: line.event.ok_or_else(|| anyhow!("it has no \"event\""))?,
        data: line.data.unwrap_or_default(),
        own_id: (!id.is_empty()).then(|| id.clone()),
        id,
        at: at.ok_or_else(|| anyhow!("its \"at\" is no time"))?,
    }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn lines_of_tail_and_of_history_are_read() {
        let tail = r#"{"at":"2026-11-20T09:30:00Z","type":"event","event":"a","data":"{}","id":"7"}"#;
        let history = r#"{"seq":1,"at":1795167000000,"stream":"s","event":"a","id":"7","data":"{}","alerts":[]}"#;
        let read = [tail, history].map(|line| event(line, Some("s")).unwrap().unwrap());
        assert_eq!(read[0], read[1]);
        for passed in ["", r#"{"type":"open","status":200}"#] {
            assert_eq!(event(passed, None).unwrap(), None);
        }
        for (bad, word) in [
            ("x", "no line"),
            (r#"{"event":"a","data":""}"#, "--record"),
            (tail, "--stream"),
            (r#"{"at":"soon","stream":"s","event":"a"}"#, "no time"),
        ] {
            assert!(format!("{:#}", event(bad, None).unwrap_err()).contains(word), "{bad}");
        }
    }
}
