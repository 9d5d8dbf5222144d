//! A text to look for, whatever its ASCII case.

use memchr::memchr2_iter;

/// The bytes that are commonest in what servers send, commonest first.
const COMMON: &[u8] = b"\" e:,0ta1insor2-d345l6789{}cupmhg_.bfyvw";

/// How many trigrams are asked for at most: more leave out little more.
const MOST_TRIGRAMS: usize = 16;

/// The text, and how to come upon it fast.
#[derive(Debug)]
pub(super) struct Needle {
    lower: Vec<u8>,
    /// Where in it its rarest byte is.
    rarest: usize,
}

impl Needle {
    pub(super) fn new(text: &str) -> Self {
        let lower = text.to_ascii_lowercase().into_bytes();
        let rarity = |byte: &u8| COMMON.iter().position(|common| common == byte).unwrap_or(COMMON.len());
        let rarest = (0..lower.len()).max_by_key(|at| rarity(&lower[*at])).unwrap_or(0);
        Self { lower, rarest }
    }

    /// Whether a text holds it; every text holds the empty one.
    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        let Some(last) = text.len().checked_sub(self.lower.len()) else { return false };
        let Some(rarest) = self.lower.get(self.rarest).copied() else { return true };
        // Where the rarest byte can be at all.
        let within = &text[self.rarest..=last + self.rarest];
        memchr2_iter(rarest, rarest.to_ascii_uppercase(), within)
            .any(|at| text[at..at + self.lower.len()].eq_ignore_ascii_case(&self.lower))
    }

    /// The question to the text index for what has all its trigrams (or some of them); `None` where it has none.
    pub(super) fn trigrams(&self) -> Option<String> {
        let text = std::str::from_utf8(&self.lower).ok()?;
        let chars = text.chars().map(super::super::text_index::as_indexed).collect::<Vec<_>>();
        let windows = chars.windows(3).collect::<Vec<_>>();
        let step = windows.len().div_ceil(MOST_TRIGRAMS).max(1);
        let quoted = |trigram: &&[char]| {
            let inner: String = trigram.iter().collect();
            format!("\"{}\"", inner.replace('"', "\"\""))
        };
        let terms = windows.iter().step_by(step).map(quoted).collect::<Vec<_>>();
        (!terms.is_empty()).then(|| terms.join(" AND "))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_found_where_the_lowered_text_holds_the_lowered_needle(
            text in "[aAbB\"é x1]{0,24}",
            needle in "[aAbB\"é x1]{0,5}",
        ) {
            let wanted = text.to_ascii_lowercase().contains(&needle.to_ascii_lowercase());
            prop_assert_eq!(Needle::new(&needle).is_in(text.as_bytes()), wanted);
        }
    }

    #[test]
    fn the_index_is_asked_for_each_three_characters_in_a_row() {
        assert_eq!(Needle::new("aB").trigrams(), None);
        assert_eq!(Needle::new("ABCD").trigrams().as_deref(), Some("\"abc\" AND \"bcd\""));
        assert_eq!(Needle::new("é\"x").trigrams().as_deref(), Some("\"é\"\"x\""));
        assert!(Needle::new(&"0123456789".repeat(50)).trigrams().is_some_and(|asked| asked.len() < 200));
    }
}
