//! Bytes into bounded lines into events: the guard in front of `eventsource-stream`. Sans-IO.
//!
//! What is read is what the HTML Standard's [9.2.6, interpreting an event stream][standard] says. The guard cuts the
//! bytes into lines, repairs malformed UTF-8, bounds what an event may hold, and reads `id`, `retry` and comments
//! itself; that crate assembles name and data from the rest. It is fed nothing but complete, LF-ended, valid lines
//! that begin with `data` or `event`, because raw bytes can make it panic, fall silent, or grow without bound.
//!
//! [standard]: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

mod assembler;
mod field;
mod lines;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::time::Duration;

use assembler::Assembler;
use field::Field;
use lines::{Line, Lines};

/// The least reconnection time a server can ask for, unless [`Options::strict`].
pub const MIN_RETRY: Duration = Duration::from_millis(250);

/// The longest id that counts, in bytes. No server takes a longer one in a header; and each event carries a copy.
pub const MAX_ID: usize = 8 * 1024;

/// How a stream is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// An event whose name and data, as sent, take more bytes than this is skipped.
    pub max_event: usize,
    /// A reconnection time under [`MIN_RETRY`] is taken as it is, as the standard has it.
    pub strict: bool,
    /// Whether comments are reported.
    pub comments: bool,
}

/// What comes out of a stream, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// An event, at its blank line.
    Event {
        /// Its name; `message` where the server gave none.
        name: String,
        /// Its data.
        data: String,
        /// The last event id at this event: its own, or the last before it; empty when there is none.
        id: String,
        /// Whether its own block gave the id, also an empty one; not where that has a NUL or is longer than [`MAX_ID`].
        id_is_own: bool,
    },
    /// The last event id moved (empty: was reset) at the end of a block that gave no event, because it had no data or
    /// was skipped.
    Id(String),
    /// The server named its reconnection time. In force from here on, even if the block never ends.
    Retry(Duration),
    /// A comment line: the text after the colon, verbatim. Reported at the line's end.
    Comment(String),
    /// An event was too large and was skipped to its blank line. Its id moves the last event id all the same
    /// ([`Parsed::Id`] follows): else the server would send it again for ever.
    Skipped {
        /// How many bytes its name and data took, as sent; of a comment too large to report, its whole line.
        bytes: u64,
    },
}

/// Decodes one connection's body. Memory is bounded by a small multiple of [`Options::max_event`].
#[derive(Debug)]
pub struct Decoder {
    options: Options,
    lines: Lines,
    assembler: Assembler,
    cursor: String,
    block: Block,
}

/// What is known of the block that is being read.
#[derive(Debug, Default)]
struct Block {
    id: Option<String>,
    /// The value of the last `event` field.
    name_bytes: u64,
    /// The values of all `data` fields, with one line end each.
    data_bytes: u64,
    /// Set once it is too large: the most that name and data have taken so far; a later name may be shorter.
    oversized: Option<u64>,
}

impl Decoder {
    /// Starts at the beginning of a body. `cursor` is the last event id so far, empty when there is none: a connection
    /// that sends no id keeps it.
    pub fn new(cursor: &str, options: Options) -> Self {
        Self {
            options,
            lines: Lines::new(options.max_event.max(MAX_ID)),
            assembler: Assembler::default(),
            cursor: cursor.to_owned(),
            block: Block::default(),
        }
    }

    /// Takes the next bytes of the body, cut anywhere, and appends what they complete. An event is complete with its
    /// blank line's first line-end byte, so nothing waits for bytes that are not needed. A block that the body's end
    /// cuts off is dropped, as the standard has it.
    pub fn feed(&mut self, mut bytes: &[u8], out: &mut Vec<Parsed>) {
        while let Some(line) = self.lines.next(&mut bytes) {
            match Field::of(line) {
                Field::Blank => self.block.end(&mut self.cursor, &mut self.assembler, out),
                Field::Comment(text) if self.options.comments => {
                    let text = decode(text).into_owned();
                    out.push(if line.is_cut() {
                        Parsed::Skipped { bytes: line.length() }
                    } else {
                        Parsed::Comment(text)
                    });
                }
                Field::Retry(digits) if !line.is_cut() => {
                    out.extend(retry(digits, self.options.strict).map(Parsed::Retry));
                }
                Field::Id(id) if line.length_of(id) <= MAX_ID as u64 && !id.contains(&0) => {
                    self.block.id = Some(decode(id).into_owned())
                }
                Field::Data(value) => {
                    self.block.data_bytes += line.length_of(value) + 1;
                    self.block.keep(line, &self.options, &mut self.assembler);
                }
                Field::Event(value) => {
                    self.block.name_bytes = line.length_of(value);
                    self.block.keep(line, &self.options, &mut self.assembler);
                }
                Field::Id(_) | Field::Retry(_) | Field::Comment(_) | Field::Other => {}
            }
        }
    }

    /// The last event id: what to resume after. Moves at blank lines only, so it never runs ahead of an event.
    pub fn cursor(&self) -> &str {
        &self.cursor
    }
}

impl Block {
    /// Hands a line that belongs to the event to the assembler, unless the event has become too large.
    fn keep(&mut self, line: Line<'_>, options: &Options, assembler: &mut Assembler) {
        let size = self.size();
        if let Some(most) = &mut self.oversized {
            *most = size.max(*most);
        } else if size > options.max_event as u64 {
            self.oversized = Some(size);
            assembler.reset();
        } else {
            assembler.push(&decode(line.text()));
        }
    }

    /// What name and data take, in bytes as sent, the line ends between data lines included.
    fn size(&self) -> u64 {
        self.name_bytes + self.data_bytes.saturating_sub(1)
    }

    /// The standard's "dispatch the event", with a fresh block for what comes next.
    fn end(&mut self, cursor: &mut String, assembler: &mut Assembler, out: &mut Vec<Parsed>) {
        let block = std::mem::take(self);
        if let Some(id) = &block.id {
            cursor.clone_from(id);
        }
        if let Some(bytes) = block.oversized {
            out.push(Parsed::Skipped { bytes });
        } else if let Some(event) = assembler.finish() {
            let id_is_own = block.id.is_some();
            let id = block.id.unwrap_or_else(|| cursor.clone());
            out.push(Parsed::Event { name: event.event, data: event.data, id, id_is_own });
            return;
        }
        out.extend(block.id.map(Parsed::Id));
    }
}

/// A reconnection time: ASCII digits only, in milliseconds; one too large to hold is the largest that can be held.
fn retry(digits: &[u8], strict: bool) -> Option<Duration> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let millis = digits.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    let asked = Duration::from_millis(millis);
    Some(if strict { asked } else { asked.max(MIN_RETRY) })
}

/// The WHATWG "UTF-8 decode" of a part that begins and ends at ASCII bytes; there it is the same as over the whole.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}
