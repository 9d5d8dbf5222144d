//! Lines into events: `eventsource-stream`, driven by hand.

use std::cell::RefCell;
use std::convert::Infallible;
use std::pin::Pin;
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

struct Parser(EventStream<Inlet>);

/// What the crate reads from: what [`PASSING`] holds.
struct Inlet;

thread_local! {
    /// A batch on its way to the crate and, emptied, back. The crate owns its inlet for good, but takes the batch before
    /// [`Parser::feed`] returns: so nothing is in here between calls, and threads need no lock to pass it on.
    static PASSING: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A batch in the crate's hands. Dropped, it gives its memory back: another one for each event would cost a tenth of the
/// decoding.
struct Batch(Vec<u8>);

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
        Self(EventStream::new(Inlet))
    }
}

impl Parser {
    fn feed(&mut self, batch: &mut Vec<u8>) -> Option<Event> {
        PASSING.with_borrow_mut(|passing| std::mem::swap(passing, batch));
        let event = match Pin::new(&mut self.0).poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(Ok(event))) => Some(event),
            Poll::Ready(Some(Err(_)) | None) | Poll::Pending => None,
        };
        PASSING.with_borrow_mut(|passing| std::mem::swap(passing, batch));
        event
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.0.clear();
        PASSING.set(std::mem::take(&mut self.0));
    }
}

impl AsRef<[u8]> for Batch {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Stream for Inlet {
    type Item = Result<Batch, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if PASSING.with_borrow(Vec::is_empty) { Poll::Pending } else { Poll::Ready(Some(Ok(Batch(PASSING.take())))) }
    }
}
