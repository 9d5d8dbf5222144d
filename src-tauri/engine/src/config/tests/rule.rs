//! What a rule can say, and every way to be wrong there.

use std::path::PathBuf;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use super::*;

#[test]
fn every_condition_of_a_rule_is_read() {
    let crosses = Crosses { value: "/p".to_owned(), side: Side::Above, threshold: 7.0, rearm: 6.5 };
    let change =
        Change { value: "/p".to_owned(), way: Way::Down, by: 3.0, within: Duration::from_secs(3_600), rearm: 1.5 };
    let daily = Daily {
        by: time(9, 0, 0, 0),
        from: Some(time(6, 0, 0, 0)),
        days: Weekdays::of(&[Weekday::Monday]),
        time_zone: Some(TimeZone::UTC),
    };
    for (text, wanted) in [
        ("crosses = { value = \"/p\", above = 7, rearm = 6.5 }", Trigger::Crosses(crosses)),
        ("change = { value = \"/p\", by = \"-3%\", within = \"1h\" }", Trigger::Change(change)),
        ("expect = { within = \"26h\" }", Trigger::Expect(Expect::Within(Duration::from_secs(26 * 3_600)))),
        (
            "expect = { by = \"09:00\", from = \"06:00\", days = \"mon\", time_zone = \"UTC\" }",
            Trigger::Expect(Expect::By(daily)),
        ),
        ("", Trigger::Each),
    ] {
        assert_eq!(config(&rule(text)).rules[0].trigger, wanted, "{text}");
    }
    let read = config(&rule(
        r#"
        event = ["a", "b*"]
        match = { "/x" = ["a", 1, true, "> 3"] }
        text = ["one", "t*o"]
        cooldown = "10m"
        stop = true
        resolved_when = "data.ok"
        resolved = "well"
        resolves = ["r"]
        urgency = "{{ data.urgency }}""#,
    ));
    let read = &read.rules[0];
    let tests = vec![
        FieldTest::Text("a".to_owned()),
        FieldTest::Number(Comparison::Equal, 1.0),
        FieldTest::Flag(true),
        FieldTest::Number(Comparison::Above, 3.0),
    ];
    assert_eq!(read.fields, [FieldMatch { pointer: "/x".to_owned(), tests }]);
    assert_eq!((read.text.len(), read.cooldown, read.stop), (2, Some(Duration::from_secs(600)), true));
    assert_eq!((read.resolved_when.as_deref(), read.resolved.as_deref()), (Some("data.ok"), Some("well")));
    assert_eq!((&*read.resolves[0], read.title.as_str()), ("r", ""));
    assert_eq!(read.urgency_from.as_deref(), Some("{{ data.urgency }}"));
}

#[test]
fn each_fault_of_a_condition_is_explained_at_its_place() {
    for (text, word) in [
        ("crosses = { value = \"/p\" }", "3:11: crosses: needs either above or below"),
        ("crosses = { value = \"/p\", above = 1, below = 2 }", "3:11: crosses: needs either above or below"),
        ("crosses = { value = \"p\", above = 1 }", "is no JSON pointer"),
        ("crosses = { value = \"/p\", above = 1, rearm = 2 }", "rearm: must lie on the other side of the threshold"),
        ("crosses = { value = \"/p\", above = nan }", "above: must be a finite number"),
        ("crosses = { value = \"/p\", above = 1, over = 1 }", "crosses has no option \"over\""),
        ("change = { value = \"/p\", by = \"3\", within = \"1h\" }", "\"3\" is no change: write \"-3%\""),
        ("change = { value = \"/p\", by = \"3%\", within = \"90d\" }", "within: must be 1s to 31d"),
        ("change = { value = \"/p\", by = \"3%\", within = \"1h\", rearm = \"4%\" }", "rearm: must be less than by"),
        ("expect = { }", "3:10: expect: needs either by, a time of day, or within, a duration"),
        ("expect = { within = \"1h\", days = \"mon\" }", "days: goes with by, a time of day"),
        ("expect = { by = \"25:00\" }", "is no time of day"),
        ("expect = { by = \"01:00\", time_zone = \"Mars\" }", "is no time zone"),
        ("expect = { by = \"01:00\" }\ncrosses = { value = \"/p\", above = 1 }", "a rule has only one of crosses"),
        ("match = { symbol = \"BTC\" }", "\"symbol\" is no JSON pointer"),
        ("match = { \"/a\" = \"> much\" }", "compares with no number"),
        ("match = { \"/a\" = [] }", "must name a value"),
        ("match = { \"/a\" = 2026-01-01 }", "must be text, a number, true or false"),
        ("text = \"\"", "text: must not be empty"),
        ("stream = \"nowhere\"", "3:10: stream: there is no stream named \"nowhere\""),
        ("stream = [\"a*\", \"nowhere\"]", "3:17: stream: there is no stream named"),
        ("resolves = \"nobody\"", "3:12: rule: there is no rule named \"nobody\""),
        ("preset = \"ntfi\"", "preset: there is no preset \"ntfi\""),
        ("resolved_when = \"data.\"", "resolved_when: "),
        ("title = \"{{ value }}\"", "title: there is no \"value\""),
        ("expect = { within = \"1h\" }\ntitle = \"{{ data.x }}\"", "title: there is no \"data\""),
        ("cooldown = \"0\"", "cooldown: must be 1s to 31d"),
    ] {
        let found = faults(&rule(text));
        assert!(found.len() == 1 && found[0].contains(word), "{text}: {found:?}");
    }
}

#[test]
fn what_a_notification_is_like_is_read_from_rule_and_file() {
    let text = r#"
        allow_commands = true
        [notifications]
        sound_gap = "0s"
        timeout = { low = "5s", critical = "default" }
        [[quiet_hours]]
        from = "22:00"
        to = "07:00"
        days = ["mon", "fri"]
        time_zone = "Europe/Berlin"
        [[quiet_hours]]
        from = "12:00"
        to = "13:00"
        [[rule]]
        name = "r"
        urgency = "none"
        expires = "10m"
        sound = "~/bell.oga"
        icon = "{{ data.icon }}"
        timeout = "never"
        run = ["notify-team", "a b"]
        buttons = ["open-link", { kind = "mute-rule", for = "2h", label = "Not now" },
                   { kind = "copy-value", value = "{{ data.code }}" }]
    "#;
    let config = config(text);
    assert!(config.allow_commands);
    let timeouts =
        Timeouts { low: Timeout::After(Duration::from_secs(5)), normal: Timeout::Desktop, critical: Timeout::Desktop };
    assert_eq!(config.notifications, Notifications { timeouts, sounds: true, sound_gap: Duration::ZERO });
    let [nights, noon] = &config.quiet_hours[..] else { panic!("{:?}", config.quiet_hours) };
    assert_eq!(nights.days, Weekdays::of(&[Weekday::Monday, Weekday::Friday]));
    assert_eq!(nights.time_zone, TimeZone::get("Europe/Berlin").ok());
    assert_eq!(*noon, QuietHours::daily(time(12, 0, 0, 0), time(13, 0, 0, 0)));
    let rule = &config.rules[0];
    assert_eq!((rule.urgency, rule.expires), (Urgency::None, Some(Duration::from_secs(600))));
    assert_eq!(rule.sound, Some(Sound::File(PathBuf::from("~/bell.oga"))));
    assert_eq!((rule.icon_template(), rule.timeout), (Some("{{ data.icon }}"), Some(Timeout::Never)));
    assert_eq!((rule.run.len(), rule.copied_value()), (2, Some("{{ data.code }}")));
    let mute = Press::MuteRule { length: Duration::from_secs(7_200) };
    let wanted = Button { press: mute, label: Some("Not now".to_owned()) };
    assert!(rule.buttons.as_ref().is_some_and(|buttons| buttons[1] == wanted), "{:?}", rule.buttons);
}

#[test]
fn each_fault_of_a_rule_is_explained_at_its_place() {
    for (line, wanted) in [
        ("stream = \"x\"", "3:10: stream: there is no stream named \"x\""),
        ("event = []", "3:9: event: must name an event; \"*\" is every event"),
        ("event = [\"a\", 2]", "3:15: event: must be text in quotes, not a number"),
        ("event = \"\"", "3:9: event: must not be empty; \"*\" is every event"),
        (
            "urgency = \"high\"",
            "3:11: urgency: must be one of \"none\", \"low\", \"normal\", \"critical\", not \"high\"",
        ),
        ("throttle = \"5 a minute\"", "3:12: throttle: \"5 a minute\" is no throttle: write \"5 per 1m\" or \"off\""),
        ("throttle = \"5 per m\"", "3:12: throttle: \"m\" is no duration: write 250ms, 30s, 5m, 2h or 7d"),
        ("quiet_hours = true", "3:15: quiet_hours: must be text in quotes, not true or false"),
        ("expires = \"8d\"", "3:11: expires: must be 1s to 7d"),
        ("timeout = \"forever\"", "3:11: timeout: \"forever\" is no duration: write 250ms, 30s, 5m, 2h or 7d"),
        ("sound = \"a b\"", "3:9: sound: \"a b\" is neither the name of a sound nor a file such as \"~/bell.oga\""),
        ("icon = \"x/y\"", "3:8: icon: \"x/y\" is neither the name of an icon nor a file such as \"~/coin.png\""),
        ("icon = \"{{ data.\"", "3:8: icon: unexpected end of input, expected identifier or integer at \"data.\""),
        (
            "buttons = [\"snooze\"]",
            "3:12: buttons: must be one of \"open-link\", \"open-dashboard\", \"copy-value\", \"mute-rule\", \"acknowledge\", not \"snooze\"",
        ),
        ("buttons = [{ kind = \"acknowledge\", for = \"1h\" }]", "3:36: a button has no option \"for\""),
        ("buttons = [\"copy-value\", \"copy-value\"]", "3:11: buttons: only one button can copy a value"),
        (
            "run = \"rm -rf /\"",
            "3:7: run: must be a list such as [\"notify-team\", \"--loud\"]: no shell takes a line apart",
        ),
        ("run = []", "3:7: run: must name a program"),
        (
            "run = [\"true\"]",
            "3:7: run: programs are started only where allow_commands = true stands at the top of the file",
        ),
        ("titel = \"x\"", "3:1: rule has no option \"titel\"; did you mean \"title\"?"),
    ] {
        assert_eq!(faults(&rule(line)), [wanted], "{line}");
    }
}

#[test]
fn a_rule_that_ignores_says_no_more_but_what_matches() {
    let what = "event = \"a\"\ntext = \"x\"\nmatch = { \"/n\" = 1 }\nwhen = \"data.n\"\nenabled = false\nignore = true";
    let text = rule(what);
    assert!(config(&text).rules[0].ignore);
    assert!(!config(&rule("ignore = false\ntitle = \"x\"")).rules[0].ignore);
    let more = "ignore = true\ntitle = \"x\"\nurgency = \"low\"\ncrosses = { value = \"/n\", above = 1 }\nstop = true";
    let found = faults(&rule(more));
    let starts = ["4:9: title: ", "5:11: urgency: ", "6:11: crosses: ", "7:8: stop: "];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    assert!(found.iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{found:#?}");
    assert!(found[0].contains("does not go with ignore = true"), "{found:#?}");
    let wrong = faults(&rule("ignore = \"yes\""));
    assert_eq!(wrong, ["3:10: ignore: must be true or false, not text"]);
}

#[test]
fn a_template_that_cannot_be_read_is_explained_where_its_field_stands() {
    let text = rule("when = \"data.\"\ntitle = \"ok\"\nevent = \"[\"") + "[[rule]]\nlink = \"{{ data.url\"\n";
    let found = faults(&text);
    let starts = ["3:8: when: ", "5:9: event: ", "6:1: rule needs name", "7:8: link: "];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    assert!(found.iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{found:#?}");
}
