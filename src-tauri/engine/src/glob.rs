//! Patterns for names, as in a shell: `*` is any run of characters, `?` one, `[a-z]` and `[!a-z]` one of a class,
//! `{a,b}` one of some, and `\` takes the next character as it is. Pure; a name has no path, so `/` is as any other.

use thiserror::Error;

use crate::locale::Text;
use crate::text;

/// How many patterns `{…}` may stand for, all combinations counted.
const MOST_ALTERNATIVES: usize = 64;

/// How long a pattern may be, in bytes.
const LONGEST: usize = 1_024;

/// A pattern, ready to be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    /// One of these must match.
    alternatives: Vec<Vec<Token>>,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GlobError {
    /// `[` without `]`.
    #[error("a \"[\" has no \"]\"")]
    OpenClass,
    /// `[z-a]`.
    #[error("a range ends before it begins")]
    Range,
    /// `{` without `}`.
    #[error("a \"{{\" has no \"}}\"")]
    OpenAlternatives,
    /// `}` without `{`.
    #[error("a \"}}\" has no \"{{\"")]
    CloseAlternatives,
    /// `\` at the end.
    #[error("a \"\\\" is the last character")]
    Escape,
    /// More than is sensible.
    #[error("it is too long, or has too many alternatives")]
    TooLarge,
}

impl GlobError {
    /// The same, in every language.
    pub fn text(self) -> Text {
        match self {
            Self::OpenClass => text!("{self}", "“[”没有对应的“]”"),
            Self::Range => text!("{self}", "范围的终点在起点之前"),
            Self::OpenAlternatives => text!("{self}", "“{{”没有对应的“}}”"),
            Self::CloseAlternatives => text!("{self}", "“}}”没有对应的“{{”"),
            Self::Escape => text!("{self}", "最后一个字符是“\\”"),
            Self::TooLarge => text!("{self}", "太长，或者备选项太多"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Literal(char),
    One,
    Many,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`GlobError`].
    pub fn new(pattern: &str) -> Result<Self, GlobError> {
        if pattern.len() > LONGEST {
            return Err(GlobError::TooLarge);
        }
        let mut rest = pattern;
        let alternatives = sequence(&mut rest, false)?;
        Ok(Self { alternatives })
    }

    /// Whether the whole of this name matches.
    pub fn is_match(&self, name: &str) -> bool {
        self.alternatives.iter().any(|tokens| matches(tokens, name))
    }
}

/// A pattern that matches exactly this name.
pub fn escape(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(character, '*' | '?' | '[' | ']' | '{' | '}' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// Reads up to the end, or up to the `,` or `}` that ends a branch; gives every way to read it.
fn sequence(rest: &mut &str, in_branch: bool) -> Result<Vec<Vec<Token>>, GlobError> {
    let mut ways = vec![Vec::new()];
    while let Some(character) = rest.chars().next() {
        if in_branch && matches!(character, ',' | '}') {
            return Ok(ways);
        }
        *rest = &rest[character.len_utf8()..];
        let token = match character {
            '{' => {
                ways = combine(&ways, &branches(rest)?)?;
                continue;
            }
            '}' => return Err(GlobError::CloseAlternatives),
            '*' => Token::Many,
            '?' => Token::One,
            '[' => class(rest)?,
            '\\' => Token::Literal(take(rest).ok_or(GlobError::Escape)?),
            literal => Token::Literal(literal),
        };
        ways.iter_mut().for_each(|way| way.push(token.clone()));
    }
    if in_branch { Err(GlobError::OpenAlternatives) } else { Ok(ways) }
}

/// After a `{`: all that it may stand for.
fn branches(rest: &mut &str) -> Result<Vec<Vec<Token>>, GlobError> {
    let mut all = Vec::new();
    loop {
        all.extend(sequence(rest, true)?);
        if all.len() > MOST_ALTERNATIVES {
            return Err(GlobError::TooLarge);
        }
        if take(rest) == Some('}') {
            return Ok(all);
        }
    }
}

fn combine(firsts: &[Vec<Token>], seconds: &[Vec<Token>]) -> Result<Vec<Vec<Token>>, GlobError> {
    if firsts.len() * seconds.len() > MOST_ALTERNATIVES {
        return Err(GlobError::TooLarge);
    }
    Ok(firsts.iter().flat_map(|first| seconds.iter().map(|second| [&first[..], second].concat())).collect())
}

/// After a `[`. A `]` that comes first belongs to the class.
fn class(rest: &mut &str) -> Result<Token, GlobError> {
    let negated = rest.starts_with(['!', '^']);
    if negated {
        take(rest);
    }
    let mut ranges = Vec::new();
    loop {
        let first = take(rest).ok_or(GlobError::OpenClass)?;
        if first == ']' && !ranges.is_empty() {
            return Ok(Token::Class { negated, ranges });
        }
        let mut last = first;
        if rest.starts_with('-') && !rest.starts_with("-]") {
            take(rest);
            last = take(rest).ok_or(GlobError::OpenClass)?;
        }
        if last < first {
            return Err(GlobError::Range);
        }
        ranges.push((first, last));
    }
}

fn take(rest: &mut &str) -> Option<char> {
    let first = rest.chars().next()?;
    *rest = &rest[first.len_utf8()..];
    Some(first)
}

/// Linear in the name for each `*`: only the last one is ever tried again.
fn matches(tokens: &[Token], name: &str) -> bool {
    let (mut token, mut rest) = (0, name);
    // Where to go on when a later token does not match: after this `*`, which then takes one character more.
    let mut again: Option<(usize, &str)> = None;
    loop {
        if let Some(Token::Many) = tokens.get(token) {
            token += 1;
            again = Some((token, rest));
            continue;
        }
        let mut after = rest;
        match (tokens.get(token), take(&mut after)) {
            (None, None) => return true,
            (Some(wanted), Some(character)) if wanted.takes(character) => {
                token += 1;
                rest = after;
            }
            _ => {
                let Some((resume, mut longer)) = again else { return false };
                if take(&mut longer).is_none() {
                    return false;
                }
                again = Some((resume, longer));
                (token, rest) = (resume, longer);
            }
        }
    }
}

impl Token {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Literal(literal) => *literal == character,
            Self::One => true,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&character)) != *negated
            }
            Self::Many => false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_match_as_in_a_shell() {
        for (pattern, yes, no) in [
            ("market-*", &["market-alert", "market-"][..], &["market", "a-market-x"][..]),
            ("*", &["", "a/b", "é"], &[]),
            ("*-*-up", &["a-b-up", "a-b-c-up"], &["a-up", "a-b-upp"]),
            ("pric?", &["price", "pricé"], &["pric", "prices"]),
            ("[a-c]x[!0-9]", &["axb", "cx-"], &["dxb", "ax1"]),
            ("[]-]", &["]", "-"], &["a"]),
            ("{price,stock}-{up,down}", &["price-up", "stock-down"], &["price-", "price-up-down"]),
            ("a{,b{c,d}}", &["a", "abc", "abd"], &["ab", "abcd"]),
            (r"\*\{", &["*{"], &["a{"]),
            ("a,b", &["a,b"], &["a"]),
        ] {
            let glob = Glob::new(pattern).unwrap();
            yes.iter().for_each(|name| assert!(glob.is_match(name), "{pattern} matches {name}"));
            no.iter().for_each(|name| assert!(!glob.is_match(name), "{pattern} does not match {name}"));
        }
    }

    #[test]
    fn what_is_no_pattern_is_explained() {
        for (pattern, error) in [
            ("[a", GlobError::OpenClass),
            ("[", GlobError::OpenClass),
            ("[z-a]", GlobError::Range),
            ("{a,b", GlobError::OpenAlternatives),
            ("a}", GlobError::CloseAlternatives),
            ("a\\", GlobError::Escape),
            ("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", GlobError::TooLarge),
        ] {
            assert_eq!(Glob::new(pattern), Err(error), "{pattern}");
        }
    }

    #[test]
    fn an_escaped_name_matches_itself_and_nothing_else() {
        let name = "a*b?[c]{d,e}\\";
        let glob = Glob::new(&escape(name)).unwrap();
        assert!(glob.is_match(name) && !glob.is_match("aXb?[c]{d,e}\\"));
    }

    #[test]
    fn many_stars_on_a_long_name_cost_no_more_than_their_product() {
        let glob = Glob::new(&"*a".repeat(500)).unwrap();
        assert!(!glob.is_match(&"a".repeat(499)) && glob.is_match(&"a".repeat(100_000)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_agrees_with_another_implementation(pattern in "[ab*?\\[\\]{},!-]{0,8}", name in "[ab,!-]{0,6}") {
            let other = globset::GlobBuilder::new(&pattern).literal_separator(false).backslash_escape(true).build();
            if let (Ok(glob), Ok(other)) = (Glob::new(&pattern), other) {
                prop_assert_eq!(glob.is_match(&name), other.compile_matcher().is_match(&name), "{} {}", pattern, name);
            }
        }
    }
}
