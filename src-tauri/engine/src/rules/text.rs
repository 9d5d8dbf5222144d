//! Text from a stream made fit to be shown: bounded, and without what could deceive or disturb.

use reqwest::Url;

/// The most bytes of a link; a longer one is dropped, since a part of an address is another address.
pub(super) const LINK_LENGTH: usize = 2_048;

/// One line of at most `longest` characters; a longer one ends in `…`.
pub(super) fn line(text: &str, longest: usize) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        let gap = line.len();
        line.extend(word.chars().filter(|c| !is_hidden(*c)));
        if gap > 0 && line.len() > gap {
            line.insert(gap, ' ');
        }
    }
    cut(line, longest)
}

/// Lines separated by `\n`, of at most `longest` characters together; longer ones end in `…`.
pub(super) fn block(text: &str, longest: usize) -> String {
    let mut block = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => block.push('\n'),
            '\t' => block.push(' '),
            hidden if is_hidden(hidden) => {}
            plain => block.push(plain),
        }
    }
    cut(block.trim_matches('\n').trim_end().to_owned(), longest)
}

/// An http or https address without user and password; empty if it is none.
pub(super) fn link(text: &str) -> String {
    let Ok(mut url) = Url::parse(text.trim()) else { return String::new() };
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if !web || url.set_username("").is_err() || url.set_password(None).is_err() || url.as_str().len() > LINK_LENGTH {
        return String::new();
    }
    url.into()
}

/// The first `longest` bytes, or a few less so as not to split a character.
pub(super) fn head(text: &str, longest: usize) -> &str {
    text.get(..text.floor_char_boundary(longest)).unwrap_or(text)
}

/// Control characters, and those that turn the direction of the text around them.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn cut(mut text: String, longest: usize) -> String {
    if let Some((last, _)) = text.char_indices().nth(longest.saturating_sub(1))
        && text.char_indices().nth(longest).is_some()
    {
        text.truncate(last);
        text.truncate(text.trim_end().len());
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_without_hidden_characters() {
        for (given, wanted) in [
            ("BTC  64,000", "BTC 64,000"),
            (" a\r\nb\tc\u{2028}d ", "a b c d"),
            ("a\u{0}\u{7}b\u{85}c\u{7f}", "ab c"),
            ("pay\u{202e}exe.fdp\u{2066}x\u{2069}", "payexe.fdpx"),
            ("\u{7} x \u{7} y", "x y"),
            ("שלום 👩‍👩‍👧", "שלום 👩‍👩‍👧"),
            ("\n\t ", ""),
        ] {
            assert_eq!(line(given, 200), wanted, "{given:?}");
        }
    }

    #[test]
    fn a_block_keeps_its_lines() {
        for (given, wanted) in [
            ("a\r\nb\rc\n\nd\u{2029}e", "a\nb\nc\n\nd\ne"),
            ("\n\na\tb  \n ", "a b"),
            ("\u{202d}<b>x</b>\u{0}", "<b>x</b>"),
        ] {
            assert_eq!(block(given, 2_000), wanted, "{given:?}");
        }
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis_and_what_fits_does_not() {
        assert_eq!(line("éééé", 4), "éééé");
        assert_eq!(line("ééééé", 4), "ééé…");
        assert_eq!(line("éé ééé", 4), "éé…");
        assert_eq!(block(&"x".repeat(100_000), 2_000).chars().count(), 2_000);
        assert_eq!(line("", 4), "");
    }

    #[test]
    fn only_web_addresses_are_links() {
        for (given, wanted) in [
            (" https://example.com/a?b=c#d ", "https://example.com/a?b=c#d"),
            ("HTTP://EXAMPLE.com", "http://example.com/"),
            ("https://bank.example@evil.example/", "https://evil.example/"),
            ("https://u:p@example.com/", "https://example.com/"),
            ("https://exämple.com/", "https://xn--exmple-cua.com/"),
            ("https://example.com/a b\"c", "https://example.com/a%20b%22c"),
            ("javascript:alert(1)", ""),
            ("file:///etc/passwd", ""),
            ("ftp://example.com/", ""),
            ("/relative", ""),
            ("http://", ""),
            ("none", ""),
            ("", ""),
        ] {
            assert_eq!(link(given), wanted, "{given:?}");
        }
        assert_eq!(link(&format!("https://example.com/{}", "x".repeat(LINK_LENGTH))), "");
    }

    #[test]
    fn a_head_never_splits_a_character() {
        assert_eq!((head("aé", 2), head("aé", 3), head("aé", 9)), ("a", "aé", "aé"));
    }
}
