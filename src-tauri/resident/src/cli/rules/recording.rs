//! A recorded stream: a JSON object a line, each with the time `at` which it came.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use streambell_engine::model::Event;
use streambell_engine::replay::{Recorded, recorded};

use crate::cli::Failure;

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
    let Some(Recorded { at, stream: own, event, data, id, .. }) = recorded(text)? else { return Ok(None) };
    let at =
        at.ok_or_else(|| anyhow!("it does not say when it came (\"at\"): record with `streambell tail --record`"))?;
    let stream = own.as_deref().or(stream);
    let stream = stream.ok_or_else(|| anyhow!("it does not say of which stream it is: name it with --stream"))?;
    Ok(Some(Event { stream: stream.into(), name: event, data, id_is_own: !id.is_empty(), id, at }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn lines_of_tail_and_of_history_are_read() {
        let tail = r#"{"at":"2026-11-20T09:30:00Z","type":"event","event":"a","data":"{}","id":"7"}"#;
        let history =
            r#"{"seq":1,"at":"2026-11-20T09:30:00.000Z","stream":"s","event":"a","id":"7","data":"{}","alerts":[]}"#;
        let read = [tail, history].map(|line| event(line, Some("s")).unwrap().unwrap());
        assert_eq!(read[0], read[1]);
        for passed in ["", r#"{"type":"open","status":200}"#] {
            assert_eq!(event(passed, None).unwrap(), None);
        }
        for (bad, word) in [
            ("x", "no line"),
            (r#"{"event":"a","data":""}"#, "--record"),
            (tail, "--stream"),
            (r#"{"at":"soon","stream":"s","event":"a"}"#, "no line"),
        ] {
            assert!(format!("{:#}", event(bad, None).unwrap_err()).contains(word), "{bad}");
        }
    }
}
