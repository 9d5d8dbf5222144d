//! Configurations read as a whole: what is right, and every way to be wrong with its place.

mod oauth2;
mod rule;
mod stream;
pub(super) mod window;

use std::time::Duration;

use jiff::civil::time;

use super::*;
use crate::model::Urgency;

const SECRET: &str = "hunter2";

/// What is wrong with a text, a line each; each is safe to show.
fn faults(text: &str) -> Vec<String> {
    let Err(errors) = parse(text) else { panic!("this is right: {text}") };
    for ConfigError { message, .. } in &errors {
        assert!(message.is_in_chinese() && !has_english(&message.chinese), "{message:?}");
    }
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(!lines.iter().any(|line| line.contains(SECRET) || line.contains('\n')), "{lines:?}");
    lines
}

/// Whether words of a sentence were left in English, outside quotes and braces: names of keys and programs may stand.
fn has_english(chinese: &str) -> bool {
    let own: String = chinese.split('"').step_by(2).collect();
    ["is", "must", "not", "the", "there", "needs", "has", "or", "and", "such", "goes", "did", "no"]
        .iter()
        .any(|word| own.split(|one: char| !one.is_alphanumeric() || !one.is_ascii()).any(|own| own == *word))
}

fn config(text: &str) -> Config {
    parse(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

/// A stream with further lines.
fn stream(lines: &str) -> String {
    format!("[[stream]]\nname = \"a\"\nurl = \"https://h/\"\n{lines}\n")
}

/// A rule with further lines, the first of which is line 3.
fn rule(lines: &str) -> String {
    format!("[[rule]]\nname = \"r\"\n{lines}\n")
}

#[test]
fn nothing_configured_is_every_default() {
    for text in ["", "\n", "# only a comment", "version = 1\n", "\u{feff}version = 1\r\n"] {
        assert_eq!(config(text), Config::default(), "{text:?}");
    }
}

#[test]
fn the_plan_in_the_design_is_read() {
    let config = config(include_str!("fixtures/design.toml"));
    let mut market = StreamConfig::new("market", "https://api.example.com/api/stream");
    market.auth = Auth::Bearer { secret: SecretSource::Keyring };
    market.refresh =
        Some(Refresh { url: "https://api.example.com/api/refresh-token".to_owned(), token: "/token".to_owned() });
    market.learn_idle = false;
    market.headers = vec![Header { name: "X-Desk".to_owned(), value: HeaderValue::Plain("7".to_owned()) }];
    assert_eq!(config.streams, [Arc::new(market)]);

    let mut alert = RuleConfig::new("Market alert", &["market-alert"]);
    alert.streams = vec!["market".to_owned()];
    alert.when = Some("data.change_pct|abs >= 3".to_owned());
    alert.title = "{{ data.symbol }} {{ data.price }}".to_owned();
    alert.body = "{{ data.message }}".to_owned();
    alert.urgency = Urgency::Critical;
    alert.group = Some("{{ data.symbol }}".to_owned());
    alert.throttle = Some(Throttle { count: 5, window: Duration::from_secs(60) });
    alert.link = Some("{{ data.url }}".to_owned());
    alert.pass_quiet_hours = true;
    assert_eq!(config.rules, [alert]);

    assert_eq!(config.tiles, [TileConfig { stream: Some("market".into()), ..TileConfig::default() }]);
    assert_eq!(config.quiet_hours, [QuietHours::daily(time(22, 0, 0, 0), time(7, 0, 0, 0))]);
    assert_eq!(config.history, History::default());
}

#[test]
fn the_example_shows_the_defaults() {
    let example = config(EXAMPLE);
    let mut market = StreamConfig::clone(&example.streams[0]);
    let mut wanted = StreamConfig::new(market.name.as_str(), &market.url);
    assert!(market.refresh.take().is_some() && market.headers.len() == 2);
    market.headers.clear();
    wanted.auth = Auth::Bearer { secret: SecretSource::Keyring };
    assert_eq!(market, wanted);
    let rule = &example.rules[0];
    let default = RuleConfig::new("", &[]);
    assert_eq!((rule.enabled, rule.urgency, rule.throttle), (default.enabled, default.urgency, default.throttle));
    assert_eq!(rule.pass_quiet_hours, default.pass_quiet_hours);
    assert_eq!(example.tiles, [TileConfig { stream: Some("market".into()), ..TileConfig::default() }]);
    assert_eq!(example.history, History::default());
}

#[test]
fn every_option_that_the_example_mentions_in_a_comment_is_read() {
    let shown = EXAMPLE
        .replace("# ca_cert", "ca_cert")
        .replace("# client_cert", "client_cert")
        .replace("# compression", "compression")
        .replace("# proxy", "proxy")
        .replace("# change", "change")
        .replace("# unit", "unit")
        .replace("# label", "label");
    assert!(config(&shown).streams[0].proxy.is_some() && config(&shown).tiles[0].change.is_some());
    let TileConfig { unit, label, .. } = &config(&shown).tiles[0];
    assert_eq!((unit.as_deref(), label.as_deref()), (Some("USD"), Some("Price")));
    let keys = ["preset", "match", "text", "crosses", "change = {", "expect", "cooldown", "resolved"];
    for key in keys {
        let lines = EXAMPLE.lines().filter_map(|line| line.strip_prefix('#').map(str::trim_start));
        let found: Vec<_> = lines.filter(|line| line.starts_with(key) && line.contains(" = ")).collect();
        found.iter().for_each(|line| drop(config(&rule(line))));
        assert!(!found.is_empty(), "{key}");
    }
    for line in EXAMPLE.lines().filter_map(|line| line.strip_prefix("#   auth")) {
        let end = line.rfind('}').map_or(0, |end| end + 1);
        config(&stream(&format!("auth{}", &line[..end])));
    }
}

#[test]
fn each_fault_elsewhere_is_explained_at_its_place() {
    let two = "[[stream]]\nname = \"a\"\nurl = \"http://h\"\n[[stream]]\nname = \"a\"\nurl = \"http://h\"";
    for (text, wanted) in [
        (
            "version = 2",
            "1:11: version: this file is of version 2, written by a newer Streambell; this one reads up to 1: update it",
        ),
        ("version = 0", "1:11: version: must be 1 to 9223372036854775807"),
        ("version = \"1\"", "1:11: version: must be a whole number, not text"),
        ("streams = 1", "1:1: the configuration has no option \"streams\"; did you mean \"stream\"?"),
        ("[stream]\nname = \"a\"", "1:1: stream: there can be several, so write it in two brackets: [[stream]]"),
        ("stream = [1]", "1:11: stream: there can be several, so write it in two brackets: [[stream]]"),
        ("[[rule]]", "1:1: rule needs name"),
        ("[[rule]]\nname = \" a\"", "2:8: name: must not begin or end with a space"),
        ("[[rule]]\nname = \"a\"\n[[rule]]\nname = \"a\"", "4:8: name: the rule in line 2 is named \"a\" too"),
        (two, "5:8: name: the stream in line 2 is named \"a\" too"),
        ("[[tile]]\nstream = \"x\"", "2:10: stream: there is no stream named \"x\""),
        ("[[tile]]\nunit = \"degrees Celsius\"", "2:8: unit: must have 1 to 12 characters"),
        ("[[tile]]\nunit = \"\\u202eC\"", "2:8: unit: must not contain control characters"),
        ("[[tile]]\nlabel = \"a\\nb\"", "2:9: label: must not contain control characters"),
        ("[[tile]]\nkey = \"symbol\"", "2:7: key: \"symbol\" is no JSON pointer: it begins with /, as in \"/price\""),
        ("[[quiet_hours]]\nfrom = \"22:00\"", "1:1: quiet_hours needs to"),
        (
            "[quiet_hours]\nfrom = \"1:00\"\nto = \"2:00\"\ndays = [\"monday\"]",
            "4:9: days: \"monday\" is no day: write \"mon\" to \"sun\"",
        ),
        (
            "[quiet_hours]\nfrom = \"1:00\"\nto = \"2:00\"\ntime_zone = \"Atlantis\"",
            "4:13: time_zone: \"Atlantis\" is no time zone of this system: write one such as \"Europe/Berlin\"",
        ),
        ("[notifications]\nsound_gap = \"2h\"", "2:13: sound_gap: must be 0s to 1h"),
        ("[notifications]\ntimeout = { high = \"1s\" }", "2:13: timeout has no option \"high\""),
        ("allow_commands = 1", "1:18: allow_commands: must be true or false, not a number"),
        ("[quiet_hours]\nfrom = \"22:00\"", "1:1: quiet_hours needs to"),
        ("[quiet_hours]\nfrom = \"25:00\"\nto = \"1:00\"", "2:8: from: \"25:00\" is no time of day: write \"22:00\""),
        ("[quiet_hours]\nfrom = \"1:00\"\nto = \"01:00\"", "1:1: quiet_hours: from and to must differ"),
        ("[history]\nmax_age = \"0\"", "2:11: max_age: must be 1s to 3650d"),
        ("[history]\nmax_events = 0", "2:14: max_events: must be 1 to 100000000"),
    ] {
        assert_eq!(faults(text), [wanted], "{text}");
    }
}

#[test]
fn all_faults_are_found_at_once_in_order_of_lines() {
    let text = "history = 5\n[[rule]]\nname = \"r\"\nstream = \"markt\"\nevent = \"[\"\n[[stream]]\nname = \"market\"\nurl = \"x\"\nulr = 1\n";
    let places: Vec<String> = faults(text).iter().map(|line| line.chars().take(4).collect()).collect();
    assert_eq!(places, ["1:11", "4:10", "5:9:", "8:7:", "9:1:"]);
    assert!(faults(text)[1].ends_with("did you mean \"market\"?"));
}

#[test]
fn columns_count_characters_behind_any_line_end_and_mark() {
    for text in ["\r\n# ä\r\n\"ä\" = 1", "\u{feff}\n\n\"ä\" = 1"] {
        assert!(faults(text)[0].starts_with("3:1: "), "{text:?}");
    }
    assert!(faults("quiet_hours = { from = \"ä\", to = 1 }")[1].starts_with("1:34: to: "));
}

#[test]
fn text_that_is_no_toml_is_explained_and_does_not_hide_other_faults() {
    for (text, places) in [
        ("version 1", vec!["1:9"]),
        ("[[stream]\nname = \"a\"", vec!["1:10"]),
        ("a = \"x", vec!["1:7"]),
        // The line that cannot be read may have been the url: only what is certain is said of the rest.
        (
            "[[stream]]\nname = \"a\"\nurl = https://h/\n[[rule]]\nstream = \"b\"\nurgency = \"loud\"",
            vec!["3:7", "6:11"],
        ),
        ("version = 1\nversion = 1\nevnt = 2", vec!["2:1", "3:1"]),
        // An open list swallows what follows; nothing sensible can be said behind it.
        ("[[rule]]\nname = \"r\"\nevent = [\"a\",\nurgency = \"loud\"\ntitle = \"x\"", vec!["4:9"]),
        ("body = \"\"\"\nnever closed", vec!["2:13"]),
    ] {
        let found = faults(text);
        let starts: Vec<_> =
            found.iter().map(|line| line.splitn(3, ':').take(2).collect::<Vec<_>>().join(":")).collect();
        assert_eq!(starts, places, "{text}\n{found:#?}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    assert!(faults(&"#".repeat((1 << 20) + 1))[0].contains("1 MiB"));
    let many = |count: usize| -> String {
        (0..count).map(|i| format!("[[stream]]\nname = \"{i}\"\nurl = \"http://h\"\n")).collect()
    };
    assert_eq!(config(&many(1_000)).streams.len(), 1_000);
    assert_eq!(faults(&many(1_001)), ["3001:1: there can be 1000 of [[stream]] at most"]);
    assert!(faults(&"[[tile]]\n".repeat(201))[0].starts_with("201:1: "));
    let deep = format!("a = {}", "[".repeat(100_000));
    assert!(!faults(&deep).is_empty());
}

#[test]
fn an_error_without_a_place_prints_none() {
    let error = ConfigError { line: 0, column: 0, message: crate::locale::Text::plain("no") };
    assert_eq!(error.to_string(), "no");
}
