//! Rules on single events; plays with several are in the rooms below.

#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use crate::locale::Text;
use crate::model::Urgency;

mod absences;
mod play;
mod recipes;
mod scenes;
mod values;

fn event(name: &str, data: &str) -> Event {
    Event {
        stream: "market".into(),
        name: name.to_owned(),
        data: data.to_owned(),
        id_is_own: true,
        id: "7".to_owned(),
        at: "2026-11-20T09:30:00Z".parse().unwrap(),
    }
}

fn rule(when: &str) -> RuleConfig {
    RuleConfig {
        when: Some(when.to_owned()),
        title: "{{ data.symbol }}".to_owned(),
        ..RuleConfig::new("Price", &["*"])
    }
}

fn judge(config: RuleConfig, name: &str, data: &str) -> Vec<Alert> {
    Rules::compile(&[config]).unwrap().judge(&event(name, data)).alerts
}

fn titles(alerts: &[Alert]) -> Vec<&str> {
    alerts.iter().map(|alert| alert.title.as_str()).collect()
}

const BTC: &str =
    r#"{"symbol":"BTC","price":64000.5,"text":"7.5","change":-3.2,"none":null,"tags":["a"],"at":{"x":1}}"#;

#[test]
fn rules_are_movable_between_threads() {
    fn movable<T: Send + 'static>() {}
    movable::<Rules>();
}

#[test]
fn an_alert_is_made_of_the_templates() {
    let config = RuleConfig {
        name: "Market alert".into(),
        title: "{{ data.symbol }} {{ data.price|thousands(2) }}".to_owned(),
        body: "{{ event }} {{ id }} {{ stream }} {{ at }}\n{{ text|length }}".to_owned(),
        group: Some("{{ data.symbol }}".to_owned()),
        link: Some("https://example.com/{{ data.symbol }}".to_owned()),
        urgency: Urgency::Critical,
        ..rule("data.change|abs >= 3 and 'a' in data.tags and previous is none")
    };
    let wanted = Alert {
        rule: "Market alert".into(),
        title: "BTC 64,000.50".to_owned(),
        body: format!("market-alert 7 market 2026-11-20T09:30:00Z\n{}", BTC.len()),
        urgency: Urgency::Critical,
        group: "BTC".to_owned(),
        link: "https://example.com/BTC".to_owned(),
        ..Alert::default()
    };
    assert_eq!(judge(config, "market-alert", BTC), [wanted]);
}

#[test]
fn conditions_decide() {
    for (when, fires) in [
        ("data.price > 64000", true),
        ("data.price > 70000", false),
        ("data.text|float > 7", true),
        ("data.none > 3", false),
        ("data.missing is defined and data.missing > 3", false),
        ("event == 'price-update' and stream == 'market'", true),
        ("text is startingwith '{' and id == '7'", true),
        ("data.at.x == 1", true),
        ("false", false),
        ("-1 < 0", true),
    ] {
        assert_eq!(titles(&judge(rule(when), "price-update", BTC)).len(), usize::from(fires), "{when}");
    }
}

#[test]
fn data_is_parsed_json_or_else_the_text() {
    for (data, when) in [
        ("42", "data == 42"),
        ("\"x\"", "data == 'x'"),
        ("[1,[2]]", "data[1][0] == 2"),
        ("null", "data is none"),
        ("{broken", "data == '{broken' and data == text"),
        ("", "data == ''"),
        ("18446744073709551615", "data == 18446744073709551615"),
    ] {
        let config = RuleConfig { title: "ok".to_owned(), ..rule(when) };
        assert_eq!(titles(&judge(config, "a", data)), ["ok"], "{data}");
    }
    let deep = "[".repeat(100_000);
    let config = RuleConfig { title: "ok".to_owned(), ..rule("data is string") };
    assert_eq!(titles(&judge(config, "a", &deep)), ["ok"]);
}

#[test]
fn a_rule_that_fails_says_so_instead_of_being_silent() {
    for (when, data, reason) in [
        ("data.missing > 3", BTC, "when: there is no value for data.missing"),
        ("data.missing", BTC, "when: there is no value for data.missing"),
        ("data.a.b > 3", BTC, "when: there is no value for data.a"),
        ("data.missing|abs > 3", BTC, "when: cannot get absolute value at \"data.missing|abs\""),
        ("data.price - data.missing > 3", BTC, "(`data.missing` is undefined)"),
        ("data.x|fixed == '1'", BTC, "when: there is no value for data.x|fixed"),
        ("data.x > 3", "plain", "when: there is no value for data.x"),
        ("text.foo()", BTC, "string has no method named foo"),
        ("previous.x > 3", BTC, "when: there is no value for previous.x"),
        ("true", "{}", "title: there is no value for data.symbol"),
    ] {
        let alerts = judge(rule(when), "price-update", data);
        let [alert] = alerts.as_slice() else { panic!("{when}: {alerts:?}") };
        assert_eq!((alert.title.as_str(), alert.group.as_str()), ("Price", FAULT_GROUP), "{when}");
        assert!(alert.body.contains(reason), "{when}: {}", alert.body);
        assert!(alert.body.starts_with("The rule \"Price\" failed at an event \"price-update\" of market: "));
        assert!(alert.body.ends_with(data), "{when}: {}", alert.body);
    }
}

#[test]
fn a_fault_and_a_trace_are_told_in_the_language_that_was_chosen() {
    let mut zh = Rules::compile_in(Locale::Chinese, &[rule("data.missing > 3")]).unwrap();
    let (outcome, traces) = zh.explain(&event("price-update", BTC));
    let body = &outcome.alerts[0].body;
    assert!(
        body.starts_with("规则“Price”处理 market 的事件“price-update”时出错：when：data.missing 没有值\n"),
        "{body}"
    );
    let check = traces[0].checks.last().unwrap();
    assert_eq!(check.value.read(Locale::English), "there is no value for data.missing");
    assert_eq!(check.value.read(Locale::Chinese), "data.missing 没有值");
    for (when, english, chinese) in [
        ("'x'|fixed == '1'", "a number is needed, not string", "需要数字，而不是 string"),
        ("'x'|ago == '1'", "a time is needed, such as", "需要时间，例如"),
        ("data.none.x", "there is no value for data.none.x", "data.none.x 没有值"),
    ] {
        let mut rules = Rules::compile(&[rule(when)]).unwrap();
        let (_, traces) = rules.explain(&event("price-update", BTC));
        let Text { english: en, chinese: zh } = traces[0].checks.last().map(|check| check.value.clone()).unwrap();
        assert!(en.contains(english) && zh.contains(chinese), "{en} / {zh}");
    }
}

#[test]
fn what_is_asked_of_an_event_is_told_in_each_language() {
    let language = |keys: &str| {
        let config = crate::config::parse(&format!("[[rule]]\nname = \"r\"\n{keys}\n")).unwrap();
        let mut rules = Rules::compile(&config.rules).unwrap();
        let (_, traces) = rules.explain(&event("price-update", r#"{"price": 5}"#));
        let Text { english, chinese } = traces[0].checks.last().map(|check| check.condition.clone()).unwrap();
        (english, chinese)
    };
    for (keys, english, chinese) in [
        ("event = [\"a\", \"b\"]", "event = \"a\" or \"b\"", "event = \"a\" 或 \"b\""),
        ("text = [\"x\", \"y*\"]", "text = \"x\" or \"y*\"", "text = \"x\" 或 \"y*\""),
        ("match = { \"/price\" = [\"> 9\", 7] }", "match /price > 9 or 7", "match /price > 9 或 7"),
        ("crosses = { value = \"/price\", above = 9 }", "crosses: /price above 9", "crosses：/price 高于 9"),
        ("crosses = { value = \"/price\", below = 1 }", "crosses: /price below 1", "crosses：/price 低于 1"),
        (
            "change = { value = \"/price\", by = \"3%\", within = \"90m\" }",
            "change: /price by 3% within 90m",
            "change：/price 在 90 分钟内变化 3%",
        ),
        ("expect = { within = \"26h\" }", "expect: for 26h", "expect：26 小时内"),
        ("cooldown = \"1h\"", "cooldown: over", "cooldown：已过"),
        ("when = \"data.price > 9\"", "when: data.price > 9", "when：data.price > 9"),
    ] {
        assert_eq!(language(keys), (english.to_owned(), chinese.to_owned()), "{keys}");
    }
}

#[test]
fn the_end_of_something_is_told_in_the_language_that_was_chosen() {
    for (locale, wanted) in [(Locale::English, "Resolved: Price"), (Locale::Chinese, "已解除：Price")] {
        let config = RuleConfig {
            resolved_when: Some("event == 'over'".to_owned()),
            resolved: Some("{{ data.gone }}".to_owned()),
            ..rule("true")
        };
        let mut rules = Rules::compile_in(locale, &[config]).unwrap();
        rules.judge(&event("price-update", BTC));
        assert_eq!(titles(&rules.judge(&event("over", "{}")).alerts), [wanted]);
    }
}

#[test]
fn a_failed_condition_is_not_critical_but_a_failed_title_is() {
    let critical = |when| RuleConfig { urgency: Urgency::Critical, ..rule(when) };
    assert_eq!(judge(critical("data.x"), "a", "{}")[0].urgency, Urgency::Normal);
    assert_eq!(judge(critical("true"), "a", "{}")[0].urgency, Urgency::Critical);
}

#[test]
fn a_program_that_runs_for_ever_is_stopped() {
    let title = "{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}";
    let alerts = judge(RuleConfig { title: title.to_owned(), ..rule("true") }, "a", "{}");
    assert!(alerts[0].body.contains("title: it takes too many steps"), "{}", alerts[0].body);
}

#[test]
fn an_event_without_what_the_link_is_made_of_makes_an_alert_without_a_link() {
    let config = RuleConfig { link: Some("{{ data.url }}".to_owned()), ..RuleConfig::new("r", &["*"]) };
    let alerts = judge(config, "a", "{}");
    assert_eq!((alerts[0].title.as_str(), alerts[0].link.as_str()), ("a", ""));
}

#[test]
fn what_is_made_is_bounded_and_clean() {
    let config = RuleConfig {
        title: "{% for i in range(5000) %}{{ text }}{% endfor %}".to_owned(),
        body: "{{ text }}\n{% for i in range(5000) %}é{{ text }}{% endfor %}".to_owned(),
        group: Some("{{ text * 3 }}".to_owned()),
        link: Some("javascript:{{ text }}".to_owned()),
        ..RuleConfig::new("r", &["*"])
    };
    let alerts = judge(config, "a", &"\u{202e}\u{0}<b>é".repeat(20_000));
    assert_eq!(alerts[0].title.chars().count(), TITLE_LENGTH);
    assert_eq!(alerts[0].body.chars().count(), BODY_LENGTH);
    assert_eq!(alerts[0].group.chars().count(), TITLE_LENGTH);
    assert_eq!(alerts[0].link, "");
    assert!(!alerts[0].title.contains(['\u{202e}', '\u{0}']) && alerts[0].title.ends_with('…'));
}

#[test]
fn without_a_title_it_is_the_name_of_the_rule() {
    let config = RuleConfig { title: " {{ data.x }} ".to_owned(), ..RuleConfig::new("Price", &["*"]) };
    assert_eq!(titles(&judge(config, "a", r#"{"x":"\u0000 \n"}"#)), ["Price"]);
}

#[test]
fn nothing_is_escaped_whatever_the_name_of_the_rule() {
    let config = RuleConfig { title: "{{ text }}".to_owned(), ..RuleConfig::new("rule.html", &["*"]) };
    assert_eq!(titles(&judge(config, "a", "<b> & \"x\"")), ["<b> & \"x\""]);
}

#[test]
fn previous_is_the_last_data_of_the_group() {
    let crosses = "previous and previous.price < 100 and data.price >= 100";
    let mut grouped =
        Rules::compile(&[RuleConfig { group: Some("{{ data.symbol }}".into()), ..rule(crosses) }]).unwrap();
    let mut alone = Rules::compile(&[rule(crosses)]).unwrap();
    let mut fired = Vec::new();
    for (symbol, price) in [("A", 90), ("B", 150), ("A", 101), ("A", 102), ("B", 90), ("A", 103), ("B", 100)] {
        let event = event("p", &format!(r#"{{"symbol":"{symbol}","price":{price}}}"#));
        fired.push((grouped.judge(&event).alerts.len(), alone.judge(&event).alerts.len()));
    }
    assert_eq!(fired, [(0, 0), (0, 1), (1, 0), (0, 0), (0, 0), (0, 1), (1, 0)]);
}

#[test]
fn globs_streams_and_the_switch_choose_events() {
    for (globs, stream, name, wanted) in [
        (vec!["*"], None, "a/b.c", true),
        (vec!["market-*"], None, "market-alert", true),
        (vec!["market-*"], None, "Market-alert", false),
        (vec!["a", "b?"], None, "b1", true),
        (vec!["{a,b}.[0-9]"], None, "b.7", true),
        (vec!["*"], Some("market"), "x", true),
        (vec!["*"], Some("other"), "x", false),
        (vec![], None, "x", false),
    ] {
        let config =
            RuleConfig { streams: stream.map(str::to_owned).into_iter().collect(), ..RuleConfig::new("r", &globs) };
        let off = RuleConfig { enabled: false, ..config.clone() };
        for _ in 0..2 {
            let mut rules = Rules::compile(std::slice::from_ref(&config)).unwrap();
            assert_eq!(rules.concern(&"market".into(), name), wanted, "{globs:?} {stream:?} {name}");
            assert_eq!(rules.judge(&event(name, "")).alerts.len(), usize::from(wanted), "{globs:?} {stream:?} {name}");
        }
        assert!(!Rules::compile(&[off]).unwrap().concern(&"market".into(), name));
    }
}

#[test]
fn names_made_up_without_end_do_not_grow_the_memory() {
    let mut rules = Rules::compile(&[RuleConfig::new("r", &["x*"])]).unwrap();
    for number in 0..20_000 {
        assert!(!rules.concern(&"market".into(), &number.to_string()));
        assert!(rules.verdicts.values().map(HashMap::len).sum::<usize>() <= MAX_VERDICTS);
    }
    assert!(rules.concern(&"market".into(), &"x".repeat(100_000)));
}

#[test]
fn compiling_reports_all_that_is_wrong_with_rule_and_field() {
    let broken = RuleConfig {
        when: Some("data.x >".to_owned()),
        title: "{{ x".to_owned(),
        body: "{% for %}".to_owned(),
        group: Some("{{ data|nosuch }}".to_owned()),
        link: Some("{{ date }}".to_owned()),
        ..RuleConfig::new("A", &["a["])
    };
    let off = RuleConfig { enabled: false, ..rule("a b") };
    let errors = Rules::compile(&[broken, RuleConfig::new("fine", &["*"]), off]).unwrap_err();
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "rule \"A\": event: \"a[\" is no pattern: a \"[\" has no \"]\"",
            "rule \"A\": when: unexpected end of input, expected expression at \">\"",
            "rule \"A\": title: unexpected end of input, expected end of variable block at \"x\"",
            "rule \"A\": body: unexpected end of block, expected in at \"%}\"",
            "rule \"A\": group: filter nosuch is unknown at \"data|nosuch\"",
            "rule \"A\": link: there is no \"date\"; there are event, data, text, id, stream, at, previous",
            "rule \"Price\": when: unexpected input after expression at \"b\"",
        ]
    );
}

#[test]
fn a_condition_cannot_close_its_own_block() {
    for when in ["1 %}{% endif %}{% if 1", "1 -%} x {% if 1", "1 }}", "", "{# x #}"] {
        assert!(Rules::compile(&[rule(when)]).is_err(), "{when}");
    }
    assert_eq!(judge(rule("'%}' in text or true\n"), "a", BTC).len(), 1);
}
