//! What is wrong with a text and where, collected while the text is read.

use std::cell::RefCell;

use super::ConfigError;
use crate::locale::Text;
use crate::text;

/// The longest piece of a person's text that a message repeats, in characters.
const QUOTED: usize = 40;

/// How many words are tried when one is suggested.
const CANDIDATES: usize = 100;

/// Collects faults by their byte offset; lines and columns are counted once, at the end.
#[derive(Debug)]
pub(super) struct Faults<'a> {
    text: &'a str,
    found: RefCell<Vec<(usize, Text)>>,
    /// Whether some lines could not be read, so that what seems to be missing may be there.
    pub(super) partial: bool,
}

impl<'a> Faults<'a> {
    /// None yet.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, found: RefCell::default(), partial: false }
    }

    /// Notes a fault at a byte offset.
    pub(super) fn note(&self, at: usize, message: Text) {
        self.found.borrow_mut().push((at, message));
    }

    /// Notes that something is not there, unless it may be on a line that could not be read.
    pub(super) fn note_missing(&self, at: usize, message: Text) {
        if !self.partial {
            self.note(at, message);
        }
    }

    /// The line of a byte offset, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count()
    }

    /// All faults, in order of lines.
    pub(super) fn into_errors(self) -> Vec<ConfigError> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|(at, _)| *at);
        let mut characters = self.text.char_indices().peekable();
        let (mut line, mut column) = (1, 1);
        found
            .into_iter()
            .map(|(at, message)| {
                while let Some((_, character)) = characters.next_if(|(offset, _)| *offset < at) {
                    (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
                }
                ConfigError { line, column, message }
            })
            .collect()
    }
}

/// A person's text in a message: in quotes, escaped, shortened.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

/// `; did you mean "…"?` where one of the candidates is near, else nothing.
pub(super) fn suggestion<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Text {
    let length = text.chars().count();
    if length > 64 {
        return Text::default();
    }
    let lower = text.to_lowercase();
    let near = candidates.into_iter().take(CANDIDATES).filter_map(|candidate| {
        let most = (length.max(candidate.chars().count()) / 3).max(1);
        Some((distance(&lower, &candidate.to_lowercase(), most)?, candidate))
    });
    let near = near.min().map(|(_, candidate)| candidate);
    near.map_or_else(Text::default, |near| text!("; did you mean {near:?}?", "；是不是 {near:?}？"))
}

/// How many characters must be added, dropped, replaced or swapped with their neighbour to make one text the other;
/// `None` where that is more than `most`.
fn distance(left: &str, right: &str, most: usize) -> Option<usize> {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut cost = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
        if row.iter().chain(&before).all(|distance| *distance > most) {
            return None;
        }
    }
    Some(row[right.len()]).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one_and_come_in_order() {
        let faults = Faults::new("ä = 1\nkey = \"ü\" x\n");
        for (at, message) in [(18, "late"), (0, "first"), (7, "middle"), (99, "end")] {
            faults.note(at, Text::plain(message));
        }
        let places: Vec<_> = faults.into_errors().iter().map(ToString::to_string).collect();
        assert_eq!(places, ["1:1: first", "2:1: middle", "2:11: late", "3:1: end"]);
    }

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        for (text, wanted) in [
            ("idel_timeout", "; did you mean \"idle_timeout\"?"),
            ("URL", "; did you mean \"url\"?"),
            ("ulr", "; did you mean \"url\"?"),
            ("colour", ""),
            ("", ""),
        ] {
            assert_eq!(suggestion(text, ["url", "idle_timeout", "name"]).english, wanted, "{text}");
        }
    }

    #[test]
    fn quoted_text_is_escaped_and_short() {
        assert_eq!(quoted("a\nb"), r#""a\nb""#);
        assert_eq!(quoted(&"x".repeat(99)).chars().count(), 43);
    }
}
