//! What a rule asks of an event, in the words of its configuration: for lists of rules.

use super::{Comparison, FieldTest, RuleConfig, Side, Trigger, Way, format_duration};

impl RuleConfig {
    /// What it asks beyond stream and event name, a line each, in the order in which it is asked; nothing where every
    /// event is told.
    pub fn conditions(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.text.is_empty() {
            lines.push(format!("text {}", either(self.text.iter().map(|text| format!("{text:?}")))));
        }
        lines.extend(
            self.fields
                .iter()
                .map(|field| format!("{} {}", field.pointer, either(field.tests.iter().map(FieldTest::in_words)))),
        );
        lines.extend(self.when.clone());
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
    pub fn in_words(&self) -> Option<String> {
        Some(match self {
            Self::Each => return None,
            Self::Crosses(crosses) => {
                let side = if crosses.side == Side::Above { "above" } else { "below" };
                format!("{} crosses {side} {}", crosses.value, crosses.threshold)
            }
            Self::Change(change) => {
                let sign = match change.way {
                    Way::Up => "+",
                    Way::Down => "-",
                    Way::Any => "±",
                };
                let within = format_duration(change.within);
                format!("{} changes by {sign}{}% within {within}", change.value, change.by)
            }
            Self::Expect(expect) => format!("not seen {}", expect.in_words().english),
        })
    }
}

fn either(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" or ")
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
        let all = rule(
            r#"
            text = ["a", "b*"]
            match = { "/s" = ["BTC", "E*"], "/p" = "> 3", "/n" = 2 }
            when = "data.x"
            change = { value = "/p", by = "-3%", within = "1h" }"#,
        );
        let wanted =
            ["text \"a\" or \"b*\"", "/s \"BTC\" or \"E*\"", "/p > 3", "/n 2", "data.x", "/p changes by -3% within 1h"];
        assert_eq!(all, wanted);
        assert_eq!(rule("crosses = { value = \"/p\", below = 10 }"), ["/p crosses below 10"]);
        assert_eq!(rule("expect = { by = \"03:30\" }"), ["not seen by 03:30"]);
        assert!(rule("event = \"a\"").is_empty());
    }
}
