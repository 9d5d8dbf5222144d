//! What a rule asks of an event, in the words of its configuration: for lists of rules.

use std::time::Duration;

use super::{Comparison, FieldTest, RuleConfig, Side, Trigger, Way, format_duration};
use crate::locale::Text;
use crate::text;

impl RuleConfig {
    /// What it asks beyond stream and event name, a line each, in the order in which it is asked; nothing where every
    /// event is told.
    pub fn conditions(&self) -> Vec<Text> {
        let mut lines = Vec::new();
        if !self.text.is_empty() {
            let any = either(self.text.iter().map(|text| format!("{text:?}")));
            lines.push(text!("text {any}", "text {any}", any));
        }
        lines.extend(self.fields.iter().map(|field| {
            let (pointer, any) = (&field.pointer, either(field.tests.iter().map(FieldTest::in_words)));
            text!("{pointer} {any}", "{pointer} {any}", any)
        }));
        lines.extend(self.when.clone().map(Text::plain));
        lines.extend(self.trigger.in_words());
        lines
    }
}

impl FieldTest {
    /// As it may be written.
    pub fn in_words(&self) -> String {
        match self {
            Self::Text(text) | Self::Glob(text) => format!("{text:?}"),
            Self::Not(text) => format!("!= {text:?}"),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(Comparison::Equal, number) => number.to_string(),
            Self::Number(comparison, number) => format!("{} {number}", comparison.as_str()),
        }
    }
}

impl Trigger {
    /// In one line; `None` where each event fires.
    pub fn in_words(&self) -> Option<Text> {
        Some(match self {
            Self::Each => return None,
            Self::Crosses(crosses) => {
                let (value, threshold) = (&crosses.value, crosses.threshold);
                match crosses.side {
                    Side::Above => text!("{value} crosses above {threshold}", "{value} 升破 {threshold}"),
                    Side::Below => text!("{value} crosses below {threshold}", "{value} 跌破 {threshold}"),
                }
            }
            Self::Change(change) => {
                let sign = match change.way {
                    Way::Up => "+",
                    Way::Down => "-",
                    Way::Any => "±",
                };
                let (value, by, within) = (&change.value, change.by, length_in_words(change.within));
                text!("{value} changes by {sign}{by}% within {within}", "{value} 在 {within}内变化 {sign}{by}%", within)
            }
            Self::Expect(expect) => {
                let deadline = expect.in_words();
                text!("not seen {deadline}", "{deadline}没有收到", deadline)
            }
        })
    }
}

/// Any of these.
pub(crate) fn either(words: impl Iterator<Item = String>) -> Text {
    Text::joined(words.map(Text::plain), (" or ", " 或 "))
}

/// A length of time: `26h`, `26 小时`.
pub(crate) fn length_in_words(length: Duration) -> Text {
    let short = format_duration(length);
    let digits = short.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match short.trim_start_matches(|c: char| c.is_ascii_digit()) {
        "d" => "天",
        "h" => "小时",
        "m" => "分钟",
        "s" => "秒",
        _ => "毫秒",
    };
    let chinese = format!("{digits} {unit}");
    Text { english: short, chinese }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    #[test]
    fn what_a_rule_asks_is_told_in_its_order() {
        let rule = |keys: &str| {
            let config = crate::config::parse(&format!("[[rule]]\nname = \"r\"\n{keys}\n")).unwrap();
            config.rules[0].conditions()
        };
        let words = |keys: &str| rule(keys).into_iter().map(|said| said.english).collect::<Vec<_>>();
        let all = words(
            r#"
            text = ["a", "b*"]
            match = { "/s" = ["BTC", "E*"], "/p" = "> 3", "/n" = 2 }
            when = "data.x"
            change = { value = "/p", by = "-3%", within = "1h" }"#,
        );
        let wanted =
            ["text \"a\" or \"b*\"", "/s \"BTC\" or \"E*\"", "/p > 3", "/n 2", "data.x", "/p changes by -3% within 1h"];
        assert_eq!(all, wanted);
        assert_eq!(words("crosses = { value = \"/p\", below = 10 }"), ["/p crosses below 10"]);
        assert_eq!(words("expect = { by = \"03:30\" }"), ["not seen by 03:30"]);
        assert!(rule("event = \"a\"").is_empty());
        let chinese = |keys: &str| rule(keys).into_iter().map(|said| said.chinese).collect::<Vec<_>>();
        assert_eq!(chinese("text = [\"a\", \"b*\"]"), ["text \"a\" 或 \"b*\""]);
        assert_eq!(chinese("change = { value = \"/p\", by = \"-3%\", within = \"1h\" }"), ["/p 在 1 小时内变化 -3%"]);
        assert_eq!(chinese("crosses = { value = \"/p\", below = 10 }"), ["/p 跌破 10"]);
        assert_eq!(chinese("expect = { by = \"03:30\" }"), ["03:30 前没有收到"]);
        assert_eq!(chinese("expect = { within = \"26h\" }"), ["26 小时内没有收到"]);
    }
}
