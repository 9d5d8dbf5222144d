//! `preset = "ntfy"`: rules for events whose shape is known; the keys that a rule has itself come before the preset's.

use super::fault::{Faults, quoted, suggestion};
use super::field::Fields;
use super::{RuleConfig, rule, syntax};
use crate::locale::Text;
use crate::text;

/// All of them, each the keys of a rule.
///
/// - ntfy: <https://docs.ntfy.sh/subscribe/api/#json-message-format>
/// - gotify: <https://gotify.net/api-docs>, the model `Message`
/// - alertmanager: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>
const PRESETS: [(&str, &str); 5] = [
    ("market-alert", include_str!("presets/market-alert.toml")),
    ("ntfy", include_str!("presets/ntfy.toml")),
    ("gotify", include_str!("presets/gotify.toml")),
    ("alertmanager", include_str!("presets/alertmanager.toml")),
    ("text", include_str!("presets/text.toml")),
];

/// What they are called.
pub fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}

/// What a rule with this preset is that says nothing else.
pub(super) fn preset(name: &str) -> Result<RuleConfig, Text> {
    let known = PRESETS.iter().find(|(known, _)| *known == name);
    let Some((_, text)) = known else {
        let names = PRESETS.map(|(name, _)| name);
        let near = suggestion(name, names);
        let (given, english, chinese) = (quoted(name), names.join(", "), names.join("、"));
        return Err(text!(
            "there is no preset {given}; there are {english}{near}",
            "没有预设 {given}；可用的有 {chinese}{near}",
            near
        ));
    };
    read(text).map_err(|_| text!("this preset is broken: please report it", "这个预设已损坏：请报告此问题"))
}

fn read(text: &str) -> Result<RuleConfig, Vec<super::ConfigError>> {
    let mut faults = Faults::new(text);
    let table = syntax::read(text, &mut faults).unwrap_or_default();
    let rule = {
        let mut fields = Fields::new(&table, 0, "the preset", &faults);
        let rule = rule::fill(&mut fields, RuleConfig::new("", &["*"])).rule;
        fields.finish();
        rule
    };
    let errors = faults.into_errors();
    if errors.is_empty() { Ok(rule) } else { Err(errors) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::rules::Rules;

    #[test]
    fn every_preset_is_a_rule() {
        for (name, text) in PRESETS {
            let rule = read(text).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
            Rules::compile(&[RuleConfig { name: name.into(), ..rule }]).unwrap();
        }
        assert!(preset("ntfi").unwrap_err().english.contains("did you mean \"ntfy\""));
    }
}
