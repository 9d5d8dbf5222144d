//! `match = { "/symbol" = "BTC", "/price" = "> 100" }`: what fields of an event's data must be.

use toml_edit::Value;

use super::check;
use super::fault::quoted;
use super::field::Field;
use crate::locale::Text;
use crate::text;

/// The most fields of one rule.
const MOST_FIELDS: usize = 50;

/// One field of an event's JSON, and what it must be.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldMatch {
    /// The JSON pointer to it. An event without it does not match.
    pub pointer: String,
    /// One of these must hold.
    pub tests: Vec<FieldTest>,
}

/// What a field must be.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldTest {
    /// This text, as it is.
    Text(String),
    /// Text that matches this glob.
    Glob(String),
    /// Anything but this text.
    Not(String),
    /// True, or false.
    Flag(bool),
    /// A number, or a number written as text, that compares so.
    Number(Comparison, f64),
}

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// The same.
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparison {
    /// As it is written, longest first where one begins with another.
    pub const ALL: [(&'static str, Self); 6] = [
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        ("!=", Self::NotEqual),
        (">", Self::Above),
        ("<", Self::Below),
        ("=", Self::Equal),
    ];

    /// Whether it holds.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Above => left > right,
            Self::AtLeast => left >= right,
            Self::Below => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
        }
    }

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, comparison)| *comparison == self).map_or("", |(word, _)| word)
    }
}

/// The table of fields.
pub(super) fn fields(field: Field<'_>) -> Option<Vec<FieldMatch>> {
    let table = field.table("match", "{ \"/symbol\" = \"BTC\", \"/price\" = \"> 100\" }")?;
    let entries = table.entries();
    if entries.len() > MOST_FIELDS {
        field.wrong(text!("there can be {MOST_FIELDS} fields at most", "最多 {MOST_FIELDS} 个字段"));
        return None;
    }
    entries
        .into_iter()
        .map(|(_, entry)| {
            let pointer = check::pointer(entry.key).map_err(|message| entry.wrong(message)).ok()?;
            let elements = if entry.is_list() { entry.list()? } else { vec![entry] };
            if elements.is_empty() {
                entry.wrong(text!("must name a value", "必须给出一个值"));
            }
            let tests = elements.iter().map(test).collect::<Option<Vec<_>>>()?;
            Some(FieldMatch { pointer, tests })
        })
        .collect()
}

fn test(field: &Field<'_>) -> Option<FieldTest> {
    let wrong = text!(
        "must be text, a number, true or false, or a list of these",
        "必须是文本、数字、true 或 false，或由它们组成的列表"
    );
    match field.value() {
        Some(Value::String(_)) => field.read(words),
        Some(Value::Integer(number)) => Some(FieldTest::Number(Comparison::Equal, *number.value() as f64)),
        Some(Value::Float(number)) => Some(FieldTest::Number(Comparison::Equal, *number.value())),
        Some(Value::Boolean(flag)) => Some(FieldTest::Flag(*flag.value())),
        Some(Value::Datetime(_) | Value::Array(_) | Value::InlineTable(_)) | None => {
            field.wrong(wrong);
            None
        }
    }
}

/// `> 100`, `!= closed`, `= *`, `BTC` or `B*`.
fn words(text: &str) -> Result<FieldTest, Text> {
    let sign =
        Comparison::ALL.iter().find_map(|(sign, comparison)| Some((comparison, text.strip_prefix(sign)?.trim())));
    let Some((comparison, right)) = sign else {
        let is_glob = text.contains(['*', '?', '[', '{']);
        return if is_glob { check::glob(text).map(FieldTest::Glob) } else { Ok(FieldTest::Text(text.to_owned())) };
    };
    match (comparison, right.parse::<f64>()) {
        (_, Ok(number)) if number.is_finite() => Ok(FieldTest::Number(*comparison, number)),
        (Comparison::Equal, _) => Ok(FieldTest::Text(right.to_owned())),
        (Comparison::NotEqual, _) => Ok(FieldTest::Not(right.to_owned())),
        (Comparison::Above | Comparison::AtLeast | Comparison::Below | Comparison::AtMost, _) => {
            let given = quoted(text);
            Err(text!("{given} compares with no number: write \"> 100\"", "{given} 没有与数字比较：请写成 \"> 100\""))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_compared_as_people_write_it() {
        for (text, wanted) in [
            ("BTC", FieldTest::Text("BTC".to_owned())),
            ("", FieldTest::Text(String::new())),
            ("B*", FieldTest::Glob("B*".to_owned())),
            ("> 100", FieldTest::Number(Comparison::Above, 100.0)),
            (">=-1.5", FieldTest::Number(Comparison::AtLeast, -1.5)),
            ("<0", FieldTest::Number(Comparison::Below, 0.0)),
            ("<= 1e3", FieldTest::Number(Comparison::AtMost, 1000.0)),
            ("!= 3", FieldTest::Number(Comparison::NotEqual, 3.0)),
            ("!= closed", FieldTest::Not("closed".to_owned())),
            ("= B*", FieldTest::Text("B*".to_owned())),
        ] {
            assert_eq!(words(text), Ok(wanted), "{text}");
        }
        for bad in ["> much", "<", ">= inf", "[a"] {
            assert!(words(bad).is_err(), "{bad}");
        }
    }
}
