//! Everything this program writes to stdout and stderr, but for logs.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

/// How many chunks wait for a slow reader of stdout.
const CHUNKS_HELD: usize = 64;

/// How long the end of the program waits for a slow reader of stdout.
const LAST_PATIENCE: Duration = Duration::from_millis(300);

/// Writes one line to stdout; a reader that went away is no failure.
pub(crate) fn say(line: &str) {
    drop(write_out(format!("{line}\n").as_bytes()));
}

/// Writes whole lines to stdout; tells whether there still is a reader. One that went away is no failure.
pub(crate) fn say_all(lines: &[u8]) -> bool {
    write_out(lines).is_ok()
}

/// Writes one line to stderr.
pub(crate) fn complain(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "streambell: {line}"));
}

/// Appends a value to `chunk` as one line of JSON.
pub(crate) fn json_line<T: Serialize>(chunk: &mut Vec<u8>, value: &T) {
    // Our own plain values: serialising them into memory cannot fail.
    if serde_json::to_writer(&mut *chunk, value).is_ok() {
        chunk.push(b'\n');
    }
}

/// Whether stdout is a terminal that is to be coloured.
pub(crate) fn stdout_is_coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether stderr is a terminal.
pub(crate) fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Text of a server made harmless for a terminal: control characters, which could move the cursor or worse, are
/// written out; line breaks become `indent`ed lines where one is given.
pub(crate) fn plain(text: &str, indent: Option<&str>) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match (character, indent) {
            ('\n', Some(indent)) => {
                out.push('\n');
                out.push_str(indent);
            }
            ('\n', None) => out.push_str("\\n"),
            ('\t', _) => out.push('\t'),
            // Direction overrides reorder what stands around them.
            ('\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}', _) => out.extend(character.escape_unicode()),
            (character, _) if character.is_control() => out.extend(character.escape_default()),
            (character, _) => out.push(character),
        }
    }
    out
}

/// Stdout, written by a thread of its own, so that a reader that stopped reading holds up nothing but the lines.
/// The thread ends when this is dropped, or when the reader went away.
#[derive(Debug)]
pub(crate) struct Lines {
    chunks: mpsc::Sender<Vec<u8>>,
    written: oneshot::Receiver<()>,
}

impl Lines {
    /// Starts the thread.
    pub(crate) fn start() -> std::io::Result<Self> {
        let (chunks, waiting) = mpsc::channel(CHUNKS_HELD);
        let (done, written) = oneshot::channel();
        std::thread::Builder::new().name("stdout".to_owned()).spawn(move || {
            write_all(waiting);
            drop(done);
        })?;
        Ok(Self { chunks, written })
    }

    /// Writes a chunk of whole lines; waits where the reader is slow. Tells whether there still is a reader.
    pub(crate) async fn write(&self, chunk: Vec<u8>) -> bool {
        chunk.is_empty() || self.chunks.send(chunk).await.is_ok()
    }

    /// Writes a chunk of whole lines, or drops it where the reader is far behind or gone; tells which.
    pub(crate) fn try_write(&self, chunk: Vec<u8>) -> bool {
        self.chunks.try_send(chunk).is_ok()
    }

    /// Waits until the reader goes away.
    pub(crate) async fn closed(&self) {
        self.chunks.closed().await;
    }

    /// Waits, but not for long, until everything is written.
    pub(crate) async fn finish(self) {
        drop(self.chunks);
        drop(tokio::time::timeout(LAST_PATIENCE, self.written).await);
    }
}

fn write_all(mut waiting: mpsc::Receiver<Vec<u8>>) {
    while let Some(chunk) = waiting.blocking_recv() {
        if write_out(&chunk).is_err() {
            return;
        }
    }
}

fn write_out(bytes: &[u8]) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_text_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{7}", None), "a\\u{1b}[2Jb\\u{7}");
        assert_eq!(plain("a\u{202e}b", None), "a\\u{202e}b");
        assert_eq!(plain("a\r\nb", None), "a\\r\\nb");
    }

    #[test]
    fn lines_of_data_stay_lines_where_they_are_indented() {
        assert_eq!(plain("a\nb", Some("  ")), "a\n  b");
    }
}
