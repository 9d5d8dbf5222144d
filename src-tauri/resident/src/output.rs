//! Everything this program writes to stdout and stderr, but for logs.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// How many chunks wait for a slow reader of stdout that the writer waits for.
pub(crate) const CHUNKS_HELD: usize = 64;

/// How many bytes [`Lines::try_write`] has wait for a slow reader of stdout.
const BYTES_HELD: u32 = 16 << 20;

/// How long a program that was told to end waits for a slow reader of stdout.
const LAST_PATIENCE: Duration = Duration::from_millis(300);

/// Whether something that was to be on stdout is not there, though somebody reads it: a full disk, most likely.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Whether stdout could not be written, which was complained of.
pub(crate) fn has_failed() -> bool {
    FAILED.load(Ordering::Relaxed)
}

/// Writes one line to stdout; a reader that went away is no failure.
pub(crate) fn say(line: &str) {
    drop(write_out(format!("{line}\n").as_bytes()));
}

/// Writes whole lines to stdout; tells whether there still is a reader. One that went away is no failure.
pub(crate) fn say_all(lines: &[u8]) -> bool {
    write_out(lines).is_ok()
}

/// Writes one line to stderr, and to the resident's log file.
pub(crate) fn complain(line: &str) {
    crate::logging::said(line);
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
    chunks: mpsc::Sender<Chunk>,
    room: Arc<Semaphore>,
    written: oneshot::Receiver<()>,
}

/// Whole lines on their way.
pub(crate) struct Chunk {
    lines: Vec<u8>,
    /// The room that they take until they are written.
    _room: Option<OwnedSemaphorePermit>,
    written: bool,
    tell: Option<Tell>,
}

/// Told once whether lines were written; on any thread.
type Tell = Box<dyn FnOnce(bool) + Send>;

impl Drop for Chunk {
    fn drop(&mut self) {
        if let Some(tell) = self.tell.take() {
            tell(self.written);
        }
    }
}

impl Lines {
    /// Starts the thread; so many chunks wait for a slow reader.
    pub(crate) fn start(held: usize) -> std::io::Result<Self> {
        let (lines, waiting, done) = Self::unwritten(held);
        std::thread::Builder::new().name("stdout".to_owned()).spawn(move || {
            write_all(waiting);
            drop(done);
        })?;
        Ok(lines)
    }

    /// Without the thread: what waits, and what is dropped when all is written.
    pub(crate) fn unwritten(held: usize) -> (Self, mpsc::Receiver<Chunk>, oneshot::Sender<()>) {
        let (chunks, waiting) = mpsc::channel(held);
        let (done, written) = oneshot::channel();
        let room = Arc::new(Semaphore::new(BYTES_HELD as usize));
        (Self { chunks, room, written }, waiting, done)
    }

    /// Writes a chunk of whole lines; waits where the reader is slow. Tells whether there still is a reader.
    pub(crate) async fn write(&self, chunk: Vec<u8>) -> bool {
        chunk.is_empty()
            || self.chunks.send(Chunk { lines: chunk, _room: None, written: false, tell: None }).await.is_ok()
    }

    /// Writes a chunk of whole lines, or drops it where the reader is far behind or gone. Tells which: at once where it
    /// has to be dropped, else when it is written or the reader went away.
    pub(crate) fn try_write(&self, lines: Vec<u8>, tell: impl FnOnce(bool) + Send + 'static) {
        let size = u32::try_from(lines.len()).unwrap_or(u32::MAX).min(BYTES_HELD);
        let room = Arc::clone(&self.room).try_acquire_many_owned(size).ok();
        let has_room = room.is_some();
        let chunk = Chunk { lines, _room: room, written: false, tell: Some(Box::new(tell)) };
        if has_room {
            // What is not taken is dropped, and tells.
            drop(self.chunks.try_send(chunk));
        }
    }

    /// Waits until the reader goes away.
    pub(crate) async fn closed(&self) {
        self.chunks.closed().await;
    }

    /// Waits until everything is written, or the reader went away.
    pub(crate) async fn written(self) {
        drop(self.chunks);
        drop(self.written.await);
    }

    /// The same, but not for long.
    pub(crate) async fn finish(self) {
        drop(tokio::time::timeout(LAST_PATIENCE, self.written()).await);
    }
}

fn write_all(mut waiting: mpsc::Receiver<Chunk>) {
    while let Some(mut chunk) = waiting.blocking_recv() {
        chunk.written = write_out(&chunk.lines).is_ok();
        if !chunk.written {
            return;
        }
    }
}

fn write_out(bytes: &[u8]) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
    if let Err(error) = &written
        && error.kind() != ErrorKind::BrokenPipe
        && !FAILED.swap(true, Ordering::Relaxed)
    {
        complain(&format!("standard output cannot be written: {error}"));
    }
    written
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn server_text_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{7}", None), "a\\u{1b}[2Jb\\u{7}");
        assert_eq!(plain("a\u{202e}b", None), "a\\u{202e}b");
        assert_eq!(plain("a\r\nb", None), "a\\r\\nb");
    }

    #[test]
    fn lines_are_dropped_only_where_there_is_no_room_in_number_or_size() {
        let (lines, mut waiting, _done) = Lines::unwritten(3);
        let refused = Arc::new(AtomicUsize::new(0));
        let refusals_of = |chunk: Vec<u8>| {
            let count = Arc::clone(&refused);
            lines.try_write(chunk, move |written| {
                count.fetch_add(usize::from(!written), Ordering::Relaxed);
            });
            refused.load(Ordering::Relaxed)
        };
        let line = || b"line\n".to_vec();
        assert_eq!([(); 4].map(|()| refusals_of(line())), [0, 0, 0, 1]);
        while let Ok(mut chunk) = waiting.try_recv() {
            chunk.written = true;
        }
        assert_eq!(refusals_of(vec![b'a'; BYTES_HELD as usize - 5]), 1);
        assert_eq!([refusals_of(line()), refusals_of(line())], [1, 2], "no room for that many bytes");
        waiting.try_recv().unwrap().written = true;
        assert_eq!(refusals_of(line()), 2, "what is written gives its room back");
        drop(waiting);
        assert_eq!(refused.load(Ordering::Relaxed), 4, "the reader went away before two");
        assert_eq!(refusals_of(line()), 5, "nobody reads");
    }

    #[test]
    fn lines_of_data_stay_lines_where_they_are_indented() {
        assert_eq!(plain("a\nb", Some("  ")), "a\n  b");
    }
}
