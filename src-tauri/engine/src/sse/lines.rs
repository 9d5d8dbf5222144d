//! Bytes, cut anywhere, into lines of bounded length.

/// The longest that comes before a value that counts: a byte order mark and `event: `.
const LONGEST_PREFIX: usize = 10;

/// What a buffer may keep between lines; one long line must not hold its memory for ever.
const KEPT: usize = 64 * 1024;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Cuts bytes into lines that end at LF, CR or CRLF, a CR at once. Strips the byte order mark that a body may begin
/// with. Of a line whose value would be longer than the limit only the beginning is kept.
#[derive(Debug)]
pub(super) struct Lines {
    longest: usize,
    /// The beginning of the line that is not complete yet.
    partial: Vec<u8>,
    /// That line's length so far, where `partial` no longer holds all of it.
    length: usize,
    /// The next byte belongs to a line end that was seen, if it is LF.
    after_cr: bool,
    /// `partial` was handed out.
    handed_out: bool,
    first: bool,
}

/// A line without its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    text: &'a [u8],
    length: usize,
}

impl Lines {
    /// Lines whose value has up to `max_value` bytes are kept whole.
    pub(super) fn new(max_value: usize) -> Self {
        Self {
            longest: max_value.saturating_add(LONGEST_PREFIX),
            partial: Vec::new(),
            length: 0,
            after_cr: false,
            handed_out: false,
            first: true,
        }
    }

    /// The next complete line, taken off `bytes`; `None` when all of them are taken. Bytes are copied only where a
    /// line comes in pieces.
    pub(super) fn next<'a, 'b: 'a>(&'a mut self, bytes: &mut &'b [u8]) -> Option<Line<'a>> {
        if self.handed_out {
            self.handed_out = false;
            self.length = 0;
            self.partial.clear();
            self.partial.shrink_to(KEPT);
        }
        if self.after_cr && !bytes.is_empty() {
            self.after_cr = false;
            *bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        let Some(end) = memchr::memchr2(b'\n', b'\r', bytes) else {
            self.append(bytes);
            *bytes = &[];
            return None;
        };
        let (piece, rest) = bytes.split_at(end);
        self.after_cr = rest.first() == Some(&b'\r');
        *bytes = &rest[1..];

        let mut line = if self.length == 0 {
            Line { text: &piece[..piece.len().min(self.longest)], length: piece.len() }
        } else {
            self.append(piece);
            self.handed_out = true;
            Line { text: &self.partial, length: self.length }
        };
        if std::mem::take(&mut self.first)
            && let Some(text) = line.text.strip_prefix(BOM)
        {
            line = Line { text, length: line.length - BOM.len() };
        }
        Some(line)
    }

    fn append(&mut self, piece: &[u8]) {
        let room = self.longest - self.partial.len();
        self.partial.extend_from_slice(&piece[..piece.len().min(room)]);
        self.length += piece.len();
    }
}

impl<'a> Line<'a> {
    /// The line, or the beginning of one that was cut.
    pub(super) fn text(self) -> &'a [u8] {
        self.text
    }

    /// Whether the line was longer than the limit.
    pub(super) fn is_cut(self) -> bool {
        self.text.len() < self.length
    }

    /// How long the line was, in bytes.
    pub(super) fn length(self) -> u64 {
        self.length as u64
    }

    /// How long a value that reaches to the line's end was.
    pub(super) fn length_of(self, value: &[u8]) -> u64 {
        (self.length - self.text.len() + value.len()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(max_value: usize, chunks: &[&[u8]]) -> Vec<(String, usize)> {
        let mut lines = Lines::new(max_value);
        let mut found = Vec::new();
        for mut bytes in chunks.iter().copied() {
            while let Some(line) = lines.next(&mut bytes) {
                found.push((String::from_utf8_lossy(line.text).into_owned(), line.length));
            }
        }
        found
    }

    #[test]
    fn a_line_is_kept_up_to_the_limit_and_counted_beyond_it_however_it_is_cut() {
        let text = b"1234567890123\n12345678901234\n\n12\n";
        let expected: Vec<(String, usize)> =
            [("1234567890123", 13), ("1234567890123", 14), ("", 0), ("12", 2)].map(|(t, n)| (t.to_owned(), n)).into();
        for at in 0..=text.len() {
            assert_eq!(cut(3, &[&text[..at], &text[at..]]), expected, "cut at {at}");
        }
    }

    #[test]
    fn a_long_line_does_not_keep_its_memory() {
        let mut lines = Lines::new(10_000_000);
        for mut bytes in [&[b'x'; 5_000_000][..], b"\n", b"y"] {
            while lines.next(&mut bytes).is_some() {}
        }
        assert!(lines.partial.capacity() <= KEPT, "{}", lines.partial.capacity());
    }

    #[test]
    fn a_body_of_nothing_but_line_ends_is_blank_lines() {
        assert_eq!(cut(3, &[b"\r", b"\n", b"\n\r", b"", b"\n\r\r"]).len(), 5);
    }
}
