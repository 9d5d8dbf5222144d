//! A line into a field, as the HTML Standard's 9.2.6 has it.

use super::lines::Line;

/// What a line is, with its value: what is after the colon, without one leading space (a comment keeps it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field<'a> {
    Blank,
    Comment(&'a [u8]),
    Data(&'a [u8]),
    Event(&'a [u8]),
    Id(&'a [u8]),
    Retry(&'a [u8]),
    /// A field that means nothing.
    Other,
}

impl<'a> Field<'a> {
    /// Reads a line. Names are compared to the letter.
    pub(super) fn of(line: Line<'a>) -> Self {
        let text = line.text();
        let field = match text.first() {
            None => Some(Self::Blank),
            Some(b':') => Some(Self::Comment(&text[1..])),
            Some(b'd') => value(text, b"data").map(Self::Data),
            Some(b'e') => value(text, b"event").map(Self::Event),
            Some(b'i') => value(text, b"id").map(Self::Id),
            Some(b'r') => value(text, b"retry").map(Self::Retry),
            Some(_) => None,
        };
        field.unwrap_or(Self::Other)
    }
}

/// The value of the field of this name, if the line is one; empty without a colon.
fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    match line.strip_prefix(name)? {
        [] => Some(&[]),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        [..] => None,
    }
}
