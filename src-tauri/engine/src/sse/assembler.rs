//! Lines into events: `eventsource-stream`, driven by hand.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use eventsource_stream::{Event, EventStream};
use futures_core::Stream;

/// The lines of a small event are handed over together, since each hand-over costs; but no more than this, since the
/// crate's cost grows with the square of the lines in one piece.
const BATCH_BYTES: usize = 4 * 1024;
const BATCH_LINES: usize = 16;

/// Assembles events. Fed nothing but complete, valid lines that begin with `data` or `event`.
#[derive(Default)]
pub(super) struct Assembler {
    parser: Parser,
    batch: Vec<u8>,
    lines: usize,
}

struct Parser {
    stream: EventStream<Inlet>,
    inlet: Inlet,
}

/// What the crate reads from: empty until the next batch is put there.
#[derive(Clone, Default)]
struct Inlet(Arc<Mutex<Vec<u8>>>);

/// A batch on its way through the crate. Dropped, it gives its memory back to the inlet: another one for each event
/// would cost a tenth of the decoding.
struct Batch {
    bytes: Vec<u8>,
    home: Inlet,
}

impl Assembler {
    /// Takes a line without its end.
    pub(super) fn push(&mut self, line: &str) {
        if self.lines == BATCH_LINES || self.batch.len() + line.len() > BATCH_BYTES {
            self.hand_over();
        }
        self.batch.reserve(line.len() + 2);
        self.batch.extend_from_slice(line.as_bytes());
        self.batch.push(b'\n');
        self.lines += 1;
    }

    /// Ends the block; an event if it had data.
    pub(super) fn finish(&mut self) -> Option<Event> {
        self.batch.push(b'\n');
        self.hand_over()
    }

    /// Forgets the block that is being read.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    fn hand_over(&mut self) -> Option<Event> {
        self.lines = 0;
        self.parser.feed(&mut self.batch)
    }
}

impl std::fmt::Debug for Assembler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assembler").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl Default for Parser {
    fn default() -> Self {
        let inlet = Inlet::default();
        Self { stream: EventStream::new(inlet.clone()), inlet }
    }
}

impl Parser {
    fn feed(&mut self, batch: &mut Vec<u8>) -> Option<Event> {
        self.inlet.swap(batch);
        let event = match Pin::new(&mut self.stream).poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(Ok(event))) => Some(event),
            Poll::Ready(Some(Err(_)) | None) | Poll::Pending => None,
        };
        // Of the two, what is left there is the emptied one.
        self.inlet.swap(batch);
        event
    }
}

impl Inlet {
    fn swap(&self, batch: &mut Vec<u8>) {
        std::mem::swap(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), batch);
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.bytes.clear();
        self.home.swap(&mut self.bytes);
    }
}

impl AsRef<[u8]> for Batch {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Stream for Inlet {
    type Item = Result<Batch, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut bytes = Vec::new();
        self.swap(&mut bytes);
        if bytes.is_empty() { Poll::Pending } else { Poll::Ready(Some(Ok(Batch { bytes, home: self.clone() }))) }
    }
}
