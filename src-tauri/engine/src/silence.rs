//! Silences: what a person does not want to be told for a while. Pure.
//!
//! A silence matches alerts, ends by itself, and says why it is there. It lives in the ledger and not in the
//! configuration: it is a thing of the moment.

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::glob::{self, Glob, GlobError};
use crate::locale::Text;
use crate::model::StoredAlert;

/// How many silences there can be.
pub const MOST: usize = 200;

/// The longest silence.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// The most characters of a pattern, and of a comment.
const TEXT_LENGTH: usize = 200;

/// Which alerts. What is not said matches any; all that is said must match. Each is a glob: `*` and `?` stand for any
/// text and any character.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matcher {
    /// The stream's name.
    pub stream: Option<String>,
    /// The rule's name.
    pub rule: Option<String>,
    /// The group.
    pub group: Option<String>,
    /// Anywhere in title or body, whatever its case.
    pub text: Option<String>,
}

impl Matcher {
    /// All alerts of one rule.
    pub fn of_rule(rule: &str) -> Self {
        Self { rule: Some(glob::escape(rule)), ..Self::default() }
    }

    /// All alerts of one stream.
    pub fn of_stream(stream: &str) -> Self {
        Self { stream: Some(glob::escape(stream)), ..Self::default() }
    }
}

/// A silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Its number.
    pub id: i64,
    /// What it silences.
    pub matcher: Matcher,
    /// When it ends.
    pub until: Timestamp,
    /// Why; may be empty.
    pub comment: String,
    /// When it was made.
    pub at: Timestamp,
}

/// Why there can be no such silence, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SilenceError {
    /// It would silence everything.
    #[error("a silence names a stream, a rule, a group or a text: to silence everything, pause")]
    Everything,
    /// A pattern is none.
    #[error("{field}: \"{pattern}\" is no pattern: {cause}")]
    Pattern {
        /// Which.
        field: &'static str,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        cause: GlobError,
    },
    /// A text is too long.
    #[error("{0}: can have {TEXT_LENGTH} characters at most")]
    TooLong(&'static str),
    /// It ends before it begins, or beyond the longest.
    #[error("a silence ends in the future, and within a year")]
    End,
    /// There are too many.
    #[error("there are {MOST} silences already: remove one first")]
    TooMany,
    /// There is none of that number.
    #[error("there is no silence {0}")]
    NotThere(i64),
}

impl SilenceError {
    /// The same in every language.
    pub fn text(&self) -> Text {
        let what = |field: &'static str| match field {
            "stream" => "流",
            "rule" => "规则",
            "group" => "分组",
            "text" => "文字",
            "comment" => "备注",
            other => other,
        };
        let chinese = match self {
            Self::Everything => "静默必须指明流、规则、分组或文字：要全部静默，请暂停".to_owned(),
            Self::Pattern { field, pattern, cause } => {
                format!("{}：“{pattern}”不是模式：{}", what(field), cause.text().chinese)
            }
            Self::TooLong(field) => format!("{}：最多 {TEXT_LENGTH} 个字符", what(field)),
            Self::End => "静默必须在将来一年之内结束".to_owned(),
            Self::TooMany => format!("已有 {MOST} 个静默：请先移除一个"),
            Self::NotThere(number) => format!("没有编号为 {number} 的静默"),
        };
        Text { english: self.to_string(), chinese }
    }
}

/// The silences in force.
#[derive(Debug, Default)]
pub struct Silences {
    all: Vec<(Silence, Patterns)>,
    last: i64,
}

#[derive(Debug)]
struct Patterns {
    stream: Option<Glob>,
    rule: Option<Glob>,
    group: Option<Glob>,
    text: Option<Glob>,
}

impl Silences {
    /// Those that were stored. One that cannot be used any more is left out.
    pub fn new(stored: Vec<Silence>) -> Self {
        let last = stored.iter().map(|silence| silence.id).max().unwrap_or(0);
        let usable = |silence: Silence| Patterns::new(&silence.matcher).ok().map(|patterns| (silence, patterns));
        Self { all: stored.into_iter().filter_map(usable).collect(), last }
    }

    /// Adds one and gives its number.
    ///
    /// # Errors
    /// [`SilenceError`].
    pub fn add(
        &mut self,
        matcher: Matcher,
        until: Timestamp,
        comment: &str,
        now: Timestamp,
    ) -> Result<i64, SilenceError> {
        // No text is in every text.
        let matcher = Matcher { text: matcher.text.filter(|text| !text.is_empty()), ..matcher };
        if matcher == Matcher::default() {
            return Err(SilenceError::Everything);
        }
        if comment.chars().count() > TEXT_LENGTH {
            return Err(SilenceError::TooLong("comment"));
        }
        if until <= now || until.duration_since(now) > LONGEST {
            return Err(SilenceError::End);
        }
        let patterns = Patterns::new(&matcher)?;
        if self.all.len() >= MOST {
            return Err(SilenceError::TooMany);
        }
        self.last += 1;
        let comment = comment.chars().filter(|one| !one.is_control()).collect();
        self.all.push((Silence { id: self.last, matcher, until, comment, at: now }, patterns));
        Ok(self.last)
    }

    /// Ends one.
    ///
    /// # Errors
    /// [`SilenceError::NotThere`].
    pub fn remove(&mut self, id: i64) -> Result<(), SilenceError> {
        let before = self.all.len();
        self.all.retain(|(silence, _)| silence.id != id);
        if self.all.len() < before { Ok(()) } else { Err(SilenceError::NotThere(id)) }
    }

    /// A rule has another name now: what silences it by its old one does so by the new. Tells whether there was any.
    pub fn rename_rule(&mut self, old: &str, new: &str) -> bool {
        self.rename(&Matcher::of_rule(old).rule, &Matcher::of_rule(new).rule, |matcher| &mut matcher.rule)
    }

    /// The same of a stream.
    pub fn rename_stream(&mut self, old: &str, new: &str) -> bool {
        self.rename(&Matcher::of_stream(old).stream, &Matcher::of_stream(new).stream, |matcher| &mut matcher.stream)
    }

    fn rename(
        &mut self,
        was: &Option<String>,
        is: &Option<String>,
        part: impl Fn(&mut Matcher) -> &mut Option<String>,
    ) -> bool {
        let mut found = false;
        for (silence, patterns) in &mut self.all {
            let part = part(&mut silence.matcher);
            if part != was {
                continue;
            }
            part.clone_from(is);
            // An escaped name always is a pattern.
            if let Ok(compiled) = Patterns::new(&silence.matcher) {
                *patterns = compiled;
            }
            found = true;
        }
        found
    }

    /// Forgets those that are over; tells whether there were any.
    pub fn prune(&mut self, now: Timestamp) -> bool {
        let before = self.all.len();
        self.all.retain(|(silence, _)| now < silence.until);
        self.all.len() < before
    }

    /// When the next one ends.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.all.iter().map(|(silence, _)| silence.until).min()
    }

    /// All of them, oldest first.
    pub fn list(&self) -> Vec<Silence> {
        self.all.iter().map(|(silence, _)| silence.clone()).collect()
    }

    /// Whether one matches an alert now.
    pub fn match_alert(&self, alert: &StoredAlert, now: Timestamp) -> bool {
        self.all.iter().any(|(silence, patterns)| now < silence.until && patterns.match_alert(alert))
    }
}

impl Patterns {
    fn new(matcher: &Matcher) -> Result<Self, SilenceError> {
        let compile = |field, pattern: &Option<String>, whole: bool| {
            let Some(pattern) = pattern else { return Ok(None) };
            if pattern.chars().count() > TEXT_LENGTH {
                return Err(SilenceError::TooLong(field));
            }
            // Text is compared in small letters.
            let glob = if whole { pattern.clone() } else { format!("*{}*", pattern.to_lowercase()) };
            let refused = |cause| SilenceError::Pattern { field, pattern: pattern.clone(), cause };
            Glob::new(&glob).map(Some).map_err(refused)
        };
        Ok(Self {
            stream: compile("stream", &matcher.stream, true)?,
            rule: compile("rule", &matcher.rule, true)?,
            group: compile("group", &matcher.group, true)?,
            text: compile("text", &matcher.text, false)?,
        })
    }

    fn match_alert(&self, stored: &StoredAlert) -> bool {
        let is = |pattern: &Option<Glob>, texts: &[&str]| {
            pattern.as_ref().is_none_or(|pattern| texts.iter().any(|text| pattern.is_match(text)))
        };
        let alert = &stored.alert;
        is(&self.stream, &[stored.stream.as_str()])
            && is(&self.rule, &[&alert.rule])
            && is(&self.group, &[&alert.group])
            && self.text.as_ref().is_none_or(|text| {
                text.is_match(&alert.title.to_lowercase()) || text.is_match(&alert.body.to_lowercase())
            })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::model::{Alert, AlertState};

    const NOW: Timestamp = Timestamp::constant(1_000, 0);

    fn later(seconds: i64) -> Timestamp {
        Timestamp::constant(1_000 + seconds, 0)
    }

    fn alert() -> StoredAlert {
        StoredAlert {
            id: 1,
            seq: 1,
            at: NOW,
            stream: "market".into(),
            event: "price".to_owned(),
            alert: Alert {
                rule: "Price [a]".into(),
                title: "BTC falls".to_owned(),
                body: "by 3 %\nwithin an hour".to_owned(),
                group: "BTC/EUR".to_owned(),
                ..Alert::default()
            },
            state: AlertState::Pending,
            read: false,
            shown_at: None,
            resolved_at: None,
            answer: None,
        }
    }

    fn matches(matcher: Matcher) -> bool {
        let mut silences = Silences::default();
        silences.add(matcher, later(60), "", NOW).unwrap();
        silences.match_alert(&alert(), NOW)
    }

    #[test]
    fn a_refusal_is_told_in_each_language() {
        let pattern =
            Glob::new("[").map_err(|cause| SilenceError::Pattern { field: "rule", pattern: "[".into(), cause });
        let errors =
            [SilenceError::Everything, SilenceError::TooLong("comment"), SilenceError::End, SilenceError::TooMany];
        for error in errors.into_iter().chain([SilenceError::NotThere(7)]).chain(pattern.err()) {
            let text = error.text();
            assert_eq!(text.english, error.to_string());
            assert!(text.chinese.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{text:?}");
        }
    }

    #[test]
    fn all_that_a_silence_names_must_match() {
        let of = |stream: Option<&str>, rule: Option<&str>, group: Option<&str>, text: Option<&str>| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            matches(Matcher { stream: owned(stream), rule: owned(rule), group: owned(group), text: owned(text) })
        };
        assert!(of(Some("market"), None, None, None) && of(Some("mar*"), None, None, None));
        assert!(!of(Some("mark"), None, None, None) && !of(Some("Market"), None, None, None));
        assert!(of(None, None, Some("BTC*"), None) && of(None, None, None, Some("btc")));
        assert!(of(None, None, None, Some("3 %*hour")) && !of(None, None, None, Some("ETH")));
        assert!(!of(Some("market"), None, Some("ETH*"), None));
    }

    #[test]
    fn a_rules_name_is_no_pattern_where_it_is_that_rule_that_is_meant() {
        assert!(matches(Matcher::of_rule("Price [a]")));
        assert!(!matches(Matcher { rule: Some("Price [a]".to_owned()), ..Matcher::default() }), "here it is one");
    }

    #[test]
    fn a_silence_ends_and_its_number_is_not_given_again() {
        let mut silences = Silences::default();
        let matcher = || Matcher::of_rule("Price [a]");
        assert_eq!(silences.add(matcher(), later(60), "deploy", NOW), Ok(1));
        assert_eq!(silences.deadline(), Some(later(60)));
        assert!(silences.match_alert(&alert(), later(59)) && !silences.match_alert(&alert(), later(60)));
        assert!(silences.prune(later(60)) && !silences.prune(later(60)));
        assert_eq!(silences.add(matcher(), later(60), "", NOW), Ok(2));
        assert_eq!((silences.remove(1), silences.remove(2)), (Err(SilenceError::NotThere(1)), Ok(())));
        assert_eq!(silences.list(), []);
    }

    #[test]
    fn what_is_no_silence_is_refused_with_a_reason() {
        let mut silences = Silences::default();
        let rule = |rule: &str| Matcher { rule: Some(rule.to_owned()), ..Matcher::default() };
        assert_eq!(silences.add(Matcher::default(), later(1), "", NOW), Err(SilenceError::Everything));
        let no_text = Matcher { text: Some(String::new()), ..Matcher::default() };
        assert_eq!(silences.add(no_text, later(1), "", NOW), Err(SilenceError::Everything));
        assert_eq!(silences.add(rule("a"), NOW, "", NOW), Err(SilenceError::End));
        assert_eq!(silences.add(rule("a"), later(400 * 86_400), "", NOW), Err(SilenceError::End));
        assert!(matches!(silences.add(rule("[a"), later(1), "", NOW), Err(SilenceError::Pattern { .. })));
        assert_eq!(silences.add(rule(&"x".repeat(201)), later(1), "", NOW), Err(SilenceError::TooLong("rule")));
        for _ in 0..MOST {
            silences.add(rule("a"), later(1), "", NOW).unwrap();
        }
        assert_eq!(silences.add(rule("a"), later(1), "", NOW), Err(SilenceError::TooMany));
    }

    #[test]
    fn a_silence_follows_a_rule_to_its_new_name() {
        let mut silences = Silences::default();
        silences.add(Matcher::of_rule("Old*"), later(60), "", NOW).unwrap();
        silences.add(Matcher { rule: Some("Old*".to_owned()), ..Matcher::default() }, later(60), "", NOW).unwrap();
        assert!(silences.rename_rule("Old*", "Price [a]"));
        assert_eq!(silences.list()[0].matcher, Matcher::of_rule("Price [a]"));
        assert_eq!(silences.list()[1].matcher.rule.as_deref(), Some("Old*"), "a pattern is no name");
        assert!(silences.match_alert(&alert(), NOW));
        assert!(!silences.rename_rule("Old*", "x"));
    }

    #[test]
    fn a_silence_follows_a_stream_to_its_new_name() {
        let mut silences = Silences::default();
        silences.add(Matcher::of_stream("old [1]"), later(60), "", NOW).unwrap();
        silences.add(Matcher { stream: Some("old*".to_owned()), ..Matcher::default() }, later(60), "", NOW).unwrap();
        assert!(!silences.match_alert(&alert(), NOW));
        assert!(silences.rename_stream("old [1]", "market"));
        assert!(silences.match_alert(&alert(), NOW));
        assert_eq!(silences.list()[1].matcher.stream.as_deref(), Some("old*"), "a pattern is no name");
        assert!(!silences.rename_stream("old [1]", "x"));
    }

    #[test]
    fn stored_silences_are_in_force_again() {
        let mut silences = Silences::default();
        silences.add(Matcher::of_rule("Price [a]"), later(60), "deploy", NOW).unwrap();
        let again = Silences::new(silences.list());
        assert_eq!(again.list(), silences.list());
        assert!(again.match_alert(&alert(), NOW));
    }
}
