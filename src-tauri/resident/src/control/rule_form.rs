//! A rule between the TOML of one `[[rule]]` and a form. What the form does not say is not written.

use streambell_engine::config::Weekdays;
use streambell_protocol::{ButtonForm, ButtonKind, FieldForm, QuietRule, RuleForm, SideForm, TestForm, TriggerForm};
use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, Value};

const BUTTONS: [(&str, ButtonKind); 5] = [
    ("open-link", ButtonKind::OpenLink),
    ("open-dashboard", ButtonKind::OpenDashboard),
    ("copy-value", ButtonKind::CopyValue),
    ("mute-rule", ButtonKind::MuteRule),
    ("acknowledge", ButtonKind::Acknowledge),
];

/// The form as TOML.
pub(super) fn to_toml(form: &RuleForm) -> String {
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let (trigger, watched) = trigger(&form.trigger);
    let fields = [
        ("name", Some(form.name.as_str().into())),
        ("enabled", (!form.enabled).then(|| false.into())),
        ("preset", text(&form.preset)),
        ("stream", one_or_more(&form.streams)),
        ("event", one_or_more(&form.events)),
        ("match", matches(&form.fields)),
        ("text", one_or_more(&form.text)),
        ("when", text(&form.when)),
        (trigger, watched),
        ("title", text(&form.title)),
        ("body", text(&form.body)),
        ("urgency", text(&form.urgency)),
        ("group", text(&form.group)),
        ("link", text(&form.link)),
        ("cooldown", text(&form.cooldown)),
        ("resolved_when", text(&form.resolved_when)),
        ("resolved", text(&form.resolved)),
        ("resolves", one_or_more(&form.resolves)),
        ("stop", form.stop.then(|| true.into())),
        ("ignore", form.ignore.then(|| true.into())),
        ("throttle", text(&form.throttle)),
        ("quiet_hours", form.quiet_hours.map(|quiet| if quiet == QuietRule::Pass { "pass" } else { "hold" }.into())),
        ("expires", text(&form.expires)),
        ("sound", text(&form.sound)),
        ("icon", text(&form.icon)),
        ("timeout", text(&form.timeout)),
        ("buttons", form.buttons.as_ref().map(|buttons| Value::Array(buttons.iter().map(button).collect()))),
        ("run", (!form.run.is_empty()).then(|| Value::Array(form.run.iter().collect()))),
    ];
    let lines = fields.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", value?)));
    format!("[[rule]]\n{}", lines.collect::<String>())
}

/// The one rule of a text as a form; `None` where the text is no TOML or has none. What has a wrong type is not said.
pub(super) fn from_toml(text: &str) -> Option<RuleForm> {
    let document: DocumentMut = text.trim_start_matches('\u{feff}').parse().ok()?;
    let table = document.get("rule")?.as_array_of_tables()?.get(0)?;
    let text = |key: &str| word(table.get(key)?);
    let texts = |key: &str| table.get(key).map(words).unwrap_or_default();
    Some(RuleForm {
        enabled: table.get("enabled").and_then(Item::as_bool).unwrap_or(true),
        preset: text("preset"),
        streams: texts("stream"),
        events: texts("event"),
        fields: table.get("match").and_then(Item::as_table_like).map(fields).unwrap_or_default(),
        text: texts("text"),
        when: text("when"),
        trigger: trigger_of(table),
        cooldown: text("cooldown"),
        stop: table.get("stop").and_then(Item::as_bool).unwrap_or_default(),
        ignore: table.get("ignore").and_then(Item::as_bool).unwrap_or_default(),
        resolved_when: text("resolved_when"),
        resolved: text("resolved"),
        resolves: texts("resolves"),
        title: text("title"),
        body: text("body"),
        urgency: text("urgency"),
        group: text("group"),
        link: text("link"),
        throttle: text("throttle"),
        quiet_hours: text("quiet_hours").map(|word| if word == "pass" { QuietRule::Pass } else { QuietRule::Hold }),
        expires: text("expires"),
        sound: text("sound"),
        icon: text("icon"),
        timeout: text("timeout"),
        buttons: table.get("buttons").and_then(Item::as_array).map(|list| list.iter().filter_map(button_of).collect()),
        run: texts("run"),
        ..RuleForm::new(text("name").unwrap_or_default())
    })
}

fn one_or_more(texts: &[String]) -> Option<Value> {
    match texts {
        [] => None,
        [one] => Some(one.into()),
        _ => Some(Value::Array(texts.iter().collect())),
    }
}

fn table<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let said = fields.into_iter().filter_map(|(key, value)| Some((key, value?)));
    Value::InlineTable(said.collect::<InlineTable>())
}

/// A whole number without decimals.
#[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
fn number(number: f64) -> Value {
    let whole = number.fract() == 0.0 && number.abs() < 1e15;
    if whole { (number as i64).into() } else { number.into() }
}

fn matches(fields: &[FieldForm]) -> Option<Value> {
    let test = |test: &TestForm| match test {
        TestForm::Flag(flag) => (*flag).into(),
        TestForm::Number(is) => number(*is),
        TestForm::Text(text) => text.into(),
    };
    let tests = |field: &FieldForm| match field.tests.as_slice() {
        [one] => test(one),
        several => Value::Array(several.iter().map(test).collect::<Array>()),
    };
    let table = || fields.iter().map(|field| (field.pointer.as_str(), tests(field))).collect::<InlineTable>();
    (!fields.is_empty()).then(|| Value::InlineTable(table()))
}

fn trigger(form: &TriggerForm) -> (&'static str, Option<Value>) {
    match form {
        TriggerForm::Each => ("crosses", None),
        TriggerForm::Crosses { value, side, threshold, rearm } => {
            let side = if *side == SideForm::Above { "above" } else { "below" };
            let fields =
                [("value", Some(value.into())), (side, Some(number(*threshold))), ("rearm", rearm.map(number))];
            ("crosses", Some(table(fields)))
        }
        TriggerForm::Change { value, by, within, rearm } => {
            let rearm = rearm.as_ref().map(Into::into);
            let fields = [("value", Some(value.into())), ("by", Some(by.into())), ("within", Some(within.into()))];
            let [value, by, within] = fields;
            ("change", Some(table([value, by, within, ("rearm", rearm)])))
        }
        TriggerForm::ExpectWithin { within } => ("expect", Some(table([("within", Some(within.into()))]))),
        TriggerForm::ExpectBy { by, from, days, time_zone } => {
            let days =
                (!days.is_empty()).then(|| Value::Array(Weekdays::of_numbers(days).words().into_iter().collect()));
            let (from, zone) = (from.as_ref().map(Into::into), time_zone.as_ref().map(Into::into));
            ("expect", Some(table([("by", Some(by.into())), ("from", from), ("days", days), ("time_zone", zone)])))
        }
    }
}

fn trigger_of(rule: &dyn TableLike) -> TriggerForm {
    let of = |key: &str| rule.get(key).and_then(Item::as_table_like);
    let text = |table: &dyn TableLike, key: &str| table.get(key).and_then(word);
    if let Some(crosses) = of("crosses") {
        let number =
            |key: &str| crosses.get(key).and_then(|item| item.as_float().or(item.as_integer().map(|n| n as f64)));
        let side = if crosses.contains_key("below") { SideForm::Below } else { SideForm::Above };
        let threshold = number("above").or_else(|| number("below")).unwrap_or_default();
        let value = text(crosses, "value").unwrap_or_default();
        return TriggerForm::Crosses { value, side, threshold, rearm: number("rearm") };
    }
    if let Some(change) = of("change") {
        let said = |key: &str| text(change, key).unwrap_or_default();
        let rearm = text(change, "rearm");
        return TriggerForm::Change { value: said("value"), by: said("by"), within: said("within"), rearm };
    }
    let Some(expect) = of("expect") else { return TriggerForm::Each };
    if let Some(within) = text(expect, "within") {
        return TriggerForm::ExpectWithin { within };
    }
    TriggerForm::ExpectBy {
        by: text(expect, "by").unwrap_or_default(),
        from: text(expect, "from"),
        days: expect.get("days").map(words).map(|days| Weekdays::numbers_of(&days)).unwrap_or_default(),
        time_zone: text(expect, "time_zone"),
    }
}

fn fields(table: &dyn TableLike) -> Vec<FieldForm> {
    let test = |value: &Value| match value {
        Value::String(text) => Some(TestForm::Text(text.value().clone())),
        Value::Integer(number) => Some(TestForm::Number(*number.value() as f64)),
        Value::Float(number) => Some(TestForm::Number(*number.value())),
        Value::Boolean(flag) => Some(TestForm::Flag(*flag.value())),
        Value::Datetime(_) | Value::Array(_) | Value::InlineTable(_) => None,
    };
    let tests = |item: &Item| match item.as_array() {
        Some(list) => list.iter().filter_map(test).collect(),
        None => item.as_value().and_then(test).into_iter().collect(),
    };
    table.iter().map(|(key, item)| FieldForm { pointer: key.to_owned(), tests: tests(item) }).collect()
}

fn button(form: &ButtonForm) -> Value {
    let kind = BUTTONS.iter().find(|(_, kind)| *kind == form.kind).map_or("open-dashboard", |(word, _)| *word);
    let said = |text: &Option<String>| text.as_deref().map(Value::from);
    if form.label.is_none() && form.value.is_none() && form.length.is_none() {
        return kind.into();
    }
    let (label, value, length) = (said(&form.label), said(&form.value), said(&form.length));
    table([("kind", Some(kind.into())), ("value", value), ("for", length), ("label", label)])
}

fn button_of(value: &Value) -> Option<ButtonForm> {
    let kind = |word: &str| BUTTONS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
    if let Some(word) = value.as_str() {
        return Some(ButtonForm { kind: kind(word)?, label: None, value: None, length: None });
    }
    let table = value.as_inline_table()?;
    let text = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(ButtonForm { kind: kind(&text("kind")?)?, label: text("label"), value: text("value"), length: text("for") })
}

/// Text; a time of day may be written without quotes.
fn word(item: &Item) -> Option<String> {
    let time = || Some(item.as_datetime()?.to_string().trim_end_matches(":00").to_owned());
    item.as_str().map(str::to_owned).or_else(time)
}

fn words(item: &Item) -> Vec<String> {
    match item.as_array() {
        Some(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        None => item.as_str().map(str::to_owned).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use streambell_engine::config::edit::check_rule;
    use streambell_engine::config::{Config, EXAMPLE};

    /// Says all that a rule can say at a time.
    fn full(trigger: TriggerForm) -> RuleForm {
        let text = |text: &str| Some(text.to_owned());
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let test = |text: &str| TestForm::Text(text.to_owned());
        RuleForm {
            enabled: false,
            preset: text("ntfy"),
            streams: texts(&["mar*", "b*"]),
            events: texts(&["a"]),
            fields: vec![
                FieldForm { pointer: "/b~1c".to_owned(), tests: vec![test("> 3"), TestForm::Flag(true)] },
                FieldForm { pointer: "/a".to_owned(), tests: vec![TestForm::Number(2.5)] },
                FieldForm { pointer: "/n".to_owned(), tests: vec![TestForm::Number(-7.0)] },
            ],
            text: texts(&["disk full", "a*"]),
            when: text("data.x == \"1\""),
            trigger,
            cooldown: text("10m"),
            stop: true,
            resolved_when: text("data.ok"),
            resolved: text("over"),
            resolves: texts(&["N"]),
            title: text("{{ stream }}\n'\"\\"),
            body: text(""),
            urgency: text("critical"),
            group: text("{{ stream }}"),
            link: text("https://h/"),
            throttle: text("off"),
            quiet_hours: Some(QuietRule::Pass),
            expires: text("1h"),
            sound: text("bell"),
            icon: text("dialog-warning"),
            timeout: text("never"),
            buttons: Some(vec![
                ButtonForm { kind: ButtonKind::OpenLink, label: None, value: None, length: None },
                ButtonForm {
                    kind: ButtonKind::CopyValue,
                    label: text("Code"),
                    value: text("{{ stream }}"),
                    length: None,
                },
                ButtonForm { kind: ButtonKind::MuteRule, label: None, value: None, length: text("4h") },
            ]),
            run: texts(&["notify", "-x"]),
            ..RuleForm::new("N")
        }
    }

    #[test]
    fn a_rule_that_ignores_says_what_matches_and_no_more() {
        let form = RuleForm { events: vec!["beat".to_owned()], ignore: true, ..RuleForm::new("N") };
        let written = to_toml(&form);
        assert_eq!(written, "[[rule]]\nname = \"N\"\nevent = \"beat\"\nignore = true\n");
        assert_eq!(from_toml(&written), Some(form));
        assert!(streambell_engine::config::parse(&written).unwrap().rules[0].ignore);
    }

    #[test]
    fn all_that_a_rule_says_goes_into_the_text_and_back_and_is_valid() {
        let text = |text: &str| text.to_owned();
        let config = Config { allow_commands: true, ..Config::default() };
        for trigger in [
            TriggerForm::Each,
            TriggerForm::Crosses { value: text("/p"), side: SideForm::Below, threshold: 2.0, rearm: Some(2.5) },
            TriggerForm::Change { value: text("/p"), by: text("-3%"), within: text("1h"), rearm: Some(text("1%")) },
            TriggerForm::ExpectWithin { within: text("26h") },
            TriggerForm::ExpectBy {
                by: text("09:00"),
                from: Some(text("06:00")),
                days: vec![0, 4],
                time_zone: Some(text("Europe/Berlin")),
            },
        ] {
            let form = full(trigger);
            let written = to_toml(&form);
            assert_eq!(from_toml(&written).as_ref(), Some(&form), "{written}");
            assert_eq!(check_rule(&config, None, &written).map(|rule| rule.enabled), Ok(false), "{written}");
        }
    }

    #[test]
    fn what_is_not_said_is_not_written_and_what_a_person_wrote_is_read() {
        assert_eq!(to_toml(&RuleForm::new("N")), "[[rule]]\nname = \"N\"\n");
        let rule = from_toml(EXAMPLE).unwrap();
        assert_eq!((rule.streams.as_slice(), rule.urgency.as_deref()), (&["market".to_owned()][..], Some("normal")));
        assert_eq!(rule.buttons.unwrap().len(), 2);
        let by = from_toml("[[rule]]\nname = 'N'\nexpect = { by = 03:30:00 }").unwrap().trigger;
        assert!(matches!(by, TriggerForm::ExpectBy { by, .. } if by == "03:30"));
        assert_eq!((from_toml("[[rule"), from_toml("a = 1"), from_toml("rule = 1")), (None, None, None));
    }
}
