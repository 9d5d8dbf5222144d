//! A text to look for, whatever its case.

use memchr::{memchr2_iter, memmem};

/// The bytes that are commonest in what servers send, commonest first.
const COMMON: &[u8] = b"\" e:,0ta1insor2-d345l6789{}cupmhg_.bfyvw";

/// How many trigrams are asked for at most: more leave out little more.
const MOST_TRIGRAMS: usize = 16;

/// What the small letter of İ has beside an i.
const DOT_ABOVE: char = '\u{307}';

/// The text, and how to come upon it fast.
#[derive(Debug)]
pub(super) struct Needle {
    lower: Vec<u8>,
    /// Where in it its rarest byte is.
    rarest: usize,
    /// Whether it has letters that are written with other bytes where they are capital: then a text has to be lowered
    /// to be compared.
    is_cased: bool,
}

impl Needle {
    pub(super) fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        let is_cased = lower.chars().any(|one| !one.is_ascii() && has_case(one));
        let lower = lower.into_bytes();
        let rarity = |byte: &u8| COMMON.iter().position(|common| common == byte).unwrap_or(COMMON.len());
        let rarest = (0..lower.len()).max_by_key(|at| rarity(&lower[*at])).unwrap_or(0);
        Self { lower, rarest, is_cased }
    }

    /// Whether a text holds it; every text holds the empty one. Of the few signs beyond ASCII that are ASCII letters
    /// in small (the Kelvin sign), a needle in ASCII knows nothing.
    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        if self.is_cased {
            let holds = || memmem::find(String::from_utf8_lossy(text).to_lowercase().as_bytes(), &self.lower).is_some();
            return !text.is_ascii() && holds();
        }
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
        let is_known = |at: usize| is_case_known(chars[at]) && chars.get(at + 1) != Some(&DOT_ABOVE);
        let windows = chars.windows(3).enumerate().filter(|(at, _)| (*at..at + 3).all(is_known));
        let windows = windows.map(|(_, window)| window).collect::<Vec<_>>();
        let step = windows.len().div_ceil(MOST_TRIGRAMS).max(1);
        let quoted = |trigram: &&[char]| {
            let inner: String = trigram.iter().collect();
            format!("\"{}\"", inner.replace('"', "\"\""))
        };
        let terms = windows.iter().step_by(step).map(quoted).collect::<Vec<_>>();
        (!terms.is_empty()).then(|| terms.join(" AND "))
    }
}

/// Whether a character is what another one is in small.
fn has_case(one: char) -> bool {
    !one.to_uppercase().eq([one]) || one == DOT_ABOVE
}

/// Whether the text index finds a small character where the text has it as a capital: it does so in the scripts that
/// many write, and knows the case of others less well than Rust.
fn is_case_known(one: char) -> bool {
    let is_of_these = matches!(one,
        // Latin but for one letter whose capital is new, Greek likewise, Cyrillic, Armenian, further Latin and Greek.
        '\0'..='\u{19a}' | '\u{19c}'..='\u{24f}' | '\u{370}'..='\u{3f2}' | '\u{3f4}'..='\u{3ff}'
        | '\u{400}'..='\u{527}' | '\u{531}'..='\u{587}' | '\u{1e00}'..='\u{1fff}');
    is_of_these || !has_case(one)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_found_where_the_lowered_text_holds_the_lowered_needle(
            text in "[aAbB\"éÉßẞσΣς罐 x1]{0,24}",
            needle in "[aAbB\"éÉßẞσΣς罐 x1]{0,5}",
        ) {
            let wanted = text.to_lowercase().contains(&needle.to_lowercase());
            prop_assert_eq!(Needle::new(&needle).is_in(text.as_bytes()), wanted);
        }
    }

    /// All characters that are others in small.
    fn capitals() -> impl Iterator<Item = char> {
        (char::MIN..=char::MAX).filter(|one| !one.to_lowercase().eq([*one]))
    }

    #[test]
    fn every_letter_beyond_ascii_is_found_by_its_small_one() {
        for capital in capitals().filter(|one| !one.is_ascii()) {
            let small = capital.to_lowercase().to_string();
            if !small.is_ascii() {
                assert!(Needle::new(&small).is_in(format!("a{capital}b").as_bytes()), "{capital:?}");
            }
        }
    }

    #[test]
    fn the_index_leaves_out_nothing_whatever_its_case() {
        let index = rusqlite::Connection::open_in_memory().unwrap();
        index.execute_batch("CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = 'trigram')").unwrap();
        let mut insert = index.prepare("INSERT INTO t (rowid, text) VALUES (?1, ?2)").unwrap();
        let mut asked = index.prepare("SELECT 1 FROM t WHERE t MATCH ?1 AND rowid = ?2").unwrap();
        for capital in capitals() {
            let (text, row) = (format!("x{capital}y{capital}"), u32::from(capital));
            insert.execute((row, &text)).unwrap();
            let Some(question) = Needle::new(&text).trigrams() else { continue };
            assert!(asked.exists((question, row)).unwrap(), "{capital:?}");
        }
        let is_asked = |needle: &str| Needle::new(needle).trigrams().is_some();
        assert!(["überlauf", "Протечка", "Διαρροή", "罐体漏水", "Rò rỉ nước"].map(is_asked).iter().all(|asked| *asked));
    }

    #[test]
    fn the_index_is_asked_for_each_three_characters_in_a_row() {
        assert_eq!(Needle::new("aB").trigrams(), None);
        assert_eq!(Needle::new("ABCD").trigrams().as_deref(), Some("\"abc\" AND \"bcd\""));
        assert_eq!(Needle::new("é\"x").trigrams().as_deref(), Some("\"é\"\"x\""));
        assert!(Needle::new(&"0123456789".repeat(50)).trigrams().is_some_and(|asked| asked.len() < 200));
    }
}
