//! Which events a rule looks at: by stream and name, then by text, then by fields of their data.

use minijinja::Value;
use minijinja::value::ValueKind;

use super::context::Inputs;
use super::number;
use crate::config::{Comparison, FieldMatch, FieldTest, RuleConfig, either};
use crate::glob::Glob;
use crate::locale::Text;
use crate::model::StreamId;
use crate::text;

/// Compiled, in the order in which it is asked.
#[derive(Debug)]
pub(super) struct Selector {
    streams: Vec<Pattern>,
    events: Vec<(String, Glob)>,
    text: Vec<Piece>,
    fields: Vec<Field>,
}

/// A name, or a glob of names.
#[derive(Debug)]
struct Pattern {
    name: String,
    glob: Option<Glob>,
}

/// What must be in the text.
#[derive(Debug)]
enum Piece {
    /// Somewhere, in lower case.
    Part(String),
    /// All of it, in lower case.
    Whole(String, Glob),
}

#[derive(Debug)]
struct Field {
    pointer: String,
    tests: Vec<Test>,
}

#[derive(Debug)]
enum Test {
    Plain(FieldTest),
    Glob(String, Glob),
}

/// One condition and how it went, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The condition, about as it is configured.
    pub condition: Text,
    /// The values that it was decided by.
    pub value: Text,
    /// Whether it held.
    pub holds: bool,
}

impl Selector {
    /// Compiles; `refuse` is told the field and what is wrong with it.
    pub(super) fn compile(config: &RuleConfig, mut refuse: impl FnMut(&'static str, Text)) -> Self {
        let mut build = |field, text: &str| match Glob::new(text) {
            Ok(glob) => Some(glob),
            Err(error) => {
                let why = error.text();
                refuse(field, text!("\"{text}\" is no pattern: {why}", "“{text}”不是有效的模式：{why}", why));
                None
            }
        };
        let events = config.events.iter().filter_map(|text| Some((text.clone(), build("event", text)?))).collect();
        let streams = config.streams.iter().map(|name| {
            let is_glob = name.contains(['*', '?', '[', '{']);
            Pattern { name: name.clone(), glob: is_glob.then(|| build("stream", name)).flatten() }
        });
        let streams = streams.collect();
        let text = config.text.iter().filter_map(|text| match text.contains('*') {
            true => Some(Piece::Whole(text.clone(), build("text", &text.to_lowercase())?)),
            false => Some(Piece::Part(text.to_lowercase())),
        });
        let text = text.collect();
        let fields = config.fields.iter().map(|FieldMatch { pointer, tests }| {
            let tests = tests.iter().filter_map(|test| match test {
                FieldTest::Glob(text) => Some(Test::Glob(text.clone(), build("match", text)?)),
                FieldTest::Text(_) | FieldTest::Not(_) | FieldTest::Flag(_) | FieldTest::Number(..) => {
                    Some(Test::Plain(test.clone()))
                }
            });
            Field { pointer: pointer.clone(), tests: tests.collect() }
        });
        let fields = fields.collect();
        Self { streams, events, text, fields }
    }

    /// Whether it may look at such an event; all that is asked of most events.
    pub(super) fn names(&self, stream: &StreamId, event: &str) -> bool {
        self.watches(stream) && self.events.iter().any(|(_, glob)| glob.is_match(event))
    }

    /// Whether it looks at this stream.
    pub(super) fn watches(&self, stream: &StreamId) -> bool {
        let name = stream.as_str();
        let matches =
            |pattern: &Pattern| pattern.name == name || pattern.glob.as_ref().is_some_and(|glob| glob.is_match(name));
        self.streams.is_empty() || self.streams.iter().any(matches)
    }

    /// Why it does not look at such an event.
    pub(super) fn names_in_words(&self, stream: &StreamId, event: &str) -> Vec<Check> {
        let (condition, name) = if self.watches(stream) {
            let events = either(self.events.iter().map(|(glob, _)| format!("{glob:?}")));
            (text!("event = {events}", "event = {events}", events), event)
        } else {
            let streams = either(self.streams.iter().map(|pattern| format!("{:?}", pattern.name)));
            (text!("stream = {streams}", "stream = {streams}", streams), stream.as_str())
        };
        vec![Check { condition, value: Text::plain(format!("{name:?}")), holds: false }]
    }

    /// Whether an event's text and fields are as wanted; each condition that is asked is told.
    pub(super) fn accepts(&self, inputs: &Inputs, checks: &mut Option<Vec<Check>>) -> bool {
        if !self.text.is_empty() {
            let holds = self.text.iter().any(|piece| piece.is_in(inputs.raw()));
            tell(checks, holds, || (self.text_in_words(), Text::plain(super::text::line(inputs.raw(), 80))));
            if !holds {
                return false;
            }
        }
        self.fields.iter().all(|field| {
            let value = pointed(&inputs.data(), &field.pointer);
            let holds = value.as_ref().is_some_and(|value| field.tests.iter().any(|test| test.holds(value)));
            let shown = || value.as_ref().map_or_else(super::trace::missing, super::trace::shown);
            tell(checks, holds, || (field.in_words(), shown()));
            holds
        })
    }

    fn text_in_words(&self) -> Text {
        let pieces = self.text.iter().map(|piece| match piece {
            Piece::Part(text) | Piece::Whole(text, _) => format!("{text:?}"),
        });
        let any = either(pieces);
        text!("text = {any}", "text = {any}", any)
    }
}

/// Tells how a condition went, where somebody wants to know.
pub(super) fn tell(checks: &mut Option<Vec<Check>>, holds: bool, words: impl FnOnce() -> (Text, Text)) {
    if let Some(checks) = checks {
        let (condition, value) = words();
        checks.push(Check { condition, value, holds });
    }
}

/// What a JSON pointer (RFC 6901) points to.
pub(super) fn pointed(value: &Value, pointer: &str) -> Option<Value> {
    let mut found = value.clone();
    for part in pointer.split('/').skip(1) {
        let part = if part.contains('~') { part.replace("~1", "/").replace("~0", "~") } else { part.to_owned() };
        let next = if found.kind() == ValueKind::Map {
            found.get_attr(&part).ok()?
        } else if found.kind() == ValueKind::Seq {
            found.get_item_by_index(part.parse().ok()?).ok()?
        } else {
            return None;
        };
        if next.is_undefined() {
            return None;
        }
        found = next;
    }
    Some(found)
}

impl Piece {
    fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Part(part) => contains(text, part),
            Self::Whole(_, glob) => glob.is_match(&text.to_lowercase()),
        }
    }
}

/// Whether a text holds a part in lower case; without a copy where both are ASCII.
fn contains(text: &str, part: &str) -> bool {
    if !text.is_ascii() || !part.is_ascii() {
        return text.to_lowercase().contains(part);
    }
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

impl Field {
    fn in_words(&self) -> Text {
        let tests = self.tests.iter().map(|test| match test {
            Test::Glob(text, _) => format!("{text:?}"),
            Test::Plain(test) => test.in_words(),
        });
        let (pointer, any) = (&self.pointer, either(tests));
        text!("match {pointer} {any}", "match {pointer} {any}", any)
    }
}

impl Test {
    fn holds(&self, value: &Value) -> bool {
        let text = || value.to_string();
        match self {
            Self::Glob(_, glob) => glob.is_match(&text()),
            Self::Plain(FieldTest::Text(wanted) | FieldTest::Glob(wanted)) => text() == *wanted,
            Self::Plain(FieldTest::Not(unwanted)) => text() != *unwanted,
            Self::Plain(FieldTest::Flag(flag)) => bool::try_from(value.clone()).is_ok_and(|value| value == *flag),
            Self::Plain(FieldTest::Number(comparison, right)) => match number::of(value) {
                Some(left) => comparison.holds(left, *right),
                None => *comparison == Comparison::NotEqual,
            },
        }
    }
}
