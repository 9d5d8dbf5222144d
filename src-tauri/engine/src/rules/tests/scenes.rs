//! Each kind of rule as a table: events with their time, and what is told of them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::config::{Config, parse};

const START: &str = "2026-11-20T00:00:00Z";

/// Rules in a play: time is what the play says.
pub(super) struct Play {
    pub(super) rules: Rules,
    config: Config,
    told: Vec<String>,
}

fn at(time: &str) -> Timestamp {
    match time.parse() {
        Ok(at) => at,
        Err(_) => format!("2026-11-20T{time}Z").parse().unwrap(),
    }
}

fn utc(now: Timestamp) -> Zoned {
    now.to_zoned(TimeZone::UTC)
}

pub(super) fn config(rules: &str) -> Config {
    let streams = "version = 1\n[[stream]]\nname = \"market\"\nurl = \"http://h/\"\n[[stream]]\nname = \"ops\"\nurl = \"http://o/\"\n";
    parse(&format!("{streams}{rules}")).unwrap_or_else(|errors| panic!("{rules}: {errors:?}"))
}

impl Play {
    pub(super) fn new(rules: &str) -> Self {
        let mut play = Self { rules: Rules::default(), config: config(rules), told: Vec::new() };
        play.rules.configure(&play.config, &utc(at(START))).unwrap();
        play
    }

    /// Ends the program and starts it again, with what was kept.
    pub(super) fn restart(&mut self, time: &str) {
        let kept = self.rules.take_memories(false);
        self.rules = Rules::default();
        self.rules.configure(&self.config, &utc(at(time))).unwrap();
        self.rules.restore(kept);
    }

    pub(super) fn event(&mut self, time: &str, stream: &str, name: &str, data: &str) {
        self.until(time);
        let event = Event { stream: stream.into(), at: at(time), ..event(name, data) };
        let Outcome { alerts, resolutions } = self.rules.judge(&event);
        let short = |time: &str| time.trim_start_matches("2026-11-").to_owned();
        for resolution in resolutions {
            self.told
                .push(format!("{} over: {} {}", short(time), resolution.rule, resolution.group).trim_end().to_owned());
        }
        for alert in alerts {
            self.told.push(format!("{} {}", short(time), alert.title));
        }
    }

    /// A value of BTC.
    pub(super) fn price(&mut self, time: &str, price: f64) {
        self.event(time, "market", "price-update", &format!(r#"{{"symbol":"BTC","price":{price}}}"#));
    }

    /// Lets time pass, with all that is due meanwhile.
    pub(super) fn until(&mut self, time: &str) {
        let end = at(time);
        for _ in 0..10_000 {
            let Some(due) = self.rules.deadline().filter(|due| *due <= end) else { return };
            self.tick(due);
        }
        panic!("it spins");
    }

    /// Looks once, however late it is: the machine slept.
    fn tick(&mut self, now: Timestamp) {
        for absence in self.rules.tick(&utc(now)) {
            let body = absence.alert.body.replace('\n', " / ");
            let time = now.strftime("%d %H:%M:%S");
            self.told.push(format!("{time} {} ({body}) on {}", absence.alert.title, absence.event.stream));
        }
    }

    pub(super) fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told)
    }
}

#[test]
fn a_threshold_is_told_once_until_the_value_was_back() {
    let mut play = Play::new(
        r#"
        [[rule]]
        name = "High"
        match = { "/symbol" = "BTC" }
        crosses = { value = "/price", above = 70000, rearm = 69000 }
        title = "BTC {{ value }}"
        [[rule]]
        name = "Low"
        crosses = { value = "/price", below = 100 }
        title = "low {{ value }}"
        resolved = "back at {{ value }}"
        "#,
    );
    for (time, price) in [
        ("00:00:01", 69_500.0),
        ("00:00:02", 70_000.0),
        ("00:00:03", 70_001.0),
        ("00:00:04", 69_001.0),
        ("00:00:05", 71_000.0),
        ("00:00:06", 69_000.0),
        ("00:00:07", 70_500.0),
        ("00:00:08", 99.0),
        ("00:00:09", 98.0),
        ("00:00:10", 100.0),
    ] {
        play.price(time, price);
    }
    play.event("00:00:11", "market", "price-update", r#"{"symbol":"ETH","price":80000}"#);
    let wanted = [
        "00:00:03 BTC 70001",
        "00:00:06 over: High",
        "00:00:07 BTC 70500",
        "00:00:08 over: High",
        "00:00:08 low 99",
        "00:00:10 over: Low",
        "00:00:10 back at 100",
    ];
    assert_eq!(play.told(), wanted);
}

#[test]
fn a_restart_neither_tells_a_crossing_again_nor_forgets_it() {
    let rule = r#"
        [[rule]]
        name = "High"
        crosses = { value = "/price", above = 10 }
        group = "{{ data.symbol }}"
        "#;
    let mut play = Play::new(rule);
    play.price("00:00:01", 11.0);
    play.restart("00:00:02");
    play.price("00:00:03", 12.0);
    play.restart("00:00:04");
    play.price("00:00:05", 9.0);
    play.restart("00:00:06");
    play.price("00:00:07", 11.0);
    assert_eq!(play.told(), ["00:00:01 price-update", "00:00:05 over: High BTC", "00:00:07 price-update"]);
    // About something else now: what was remembered is of no use, and is forgotten.
    play.config = config(&rule.replace("/price", "/volume"));
    play.restart("00:00:08");
    assert!(play.rules.take_memories(false).iter().all(|memory| memory.state.is_none()));
}

#[test]
fn editing_one_rule_leaves_what_the_others_remember() {
    let other = "[[rule]]\nname = \"Other\"\nevent = \"x\"\n";
    let high = "[[rule]]\nname = \"High\"\ncrosses = { value = \"/price\", above = 10 }\ntitle = \"1\"\n";
    let previous = "[[rule]]\nname = \"Rise\"\nwhen = \"previous and data.price > previous.price\"\ntitle = \"rise\"\n";
    let mut play = Play::new(&format!("{other}{high}{previous}"));
    play.price("00:00:01", 11.0);
    let changed = other.replace("\"x\"", "\"y\"");
    let config = config(&format!("{previous}{changed}{}", high.replace("\"1\"", "\"2\"")));
    play.rules.configure(&config, &utc(at("00:00:02"))).unwrap();
    play.price("00:00:03", 12.0);
    assert_eq!(play.told(), ["00:00:01 1", "00:00:03 rise"]);
}

#[test]
fn a_cooldown_delays_a_crossing_and_does_not_lose_it() {
    let mut play = Play::new(
        r#"
        [[rule]]
        name = "High"
        event = "price-update"
        crosses = { value = "/price", above = 10 }
        cooldown = "10m"
        [[rule]]
        name = "Any"
        event = "ping"
        title = "ping {{ data.n }}"
        group = "{{ data.n }}"
        cooldown = "1m"
        "#,
    );
    for (time, price) in
        [("00:00:00", 11.0), ("00:01:00", 9.0), ("00:02:00", 11.0), ("00:09:59", 12.0), ("00:10:00", 12.0)]
    {
        play.price(time, price);
    }
    assert_eq!(play.told(), ["00:00:00 price-update", "00:01:00 over: High", "00:10:00 price-update"]);
    for (time, n) in [("00:20:00", 1), ("00:20:30", 1), ("00:20:30", 2), ("00:21:00", 1)] {
        play.event(time, "market", "ping", &format!("{{\"n\":{n}}}"));
    }
    assert_eq!(play.told(), ["00:20:00 ping 1", "00:20:30 ping 2", "00:21:00 ping 1"]);
}

#[test]
fn a_fall_within_an_hour_is_told_once_and_cleared_when_it_recovers() {
    let mut play = Play::new(
        r#"
        [[rule]]
        name = "Fall"
        event = "price-update"
        change = { value = "/price", by = "-3%", within = "1h" }
        title = "{{ change|percent }} from {{ from }}"
        resolved = "back at {{ value }}"
        "#,
    );
    for (time, price) in [
        ("01:00:00", 100.0),
        ("01:30:00", 98.0),
        ("01:40:00", 97.0),
        ("01:45:00", 90.0),
        ("01:50:00", 98.4),
        ("01:55:00", 98.5),
        // Slowly, over hours: never 3 % within one.
        ("03:00:00", 97.0),
        ("04:30:00", 95.0),
    ] {
        play.price(time, price);
        play.restart(time);
    }
    assert_eq!(play.told(), ["01:40:00 -3.0% from 100", "01:55:00 over: Fall", "01:55:00 back at 98.5"]);
    // It falls, and stays down: calm after an hour, so the next fall is told, though nothing recovered.
    for (time, price) in
        [("06:00:00", 100.0), ("06:30:00", 90.0), ("07:40:00", 90.0), ("08:00:00", 85.0), ("08:01:00", 89.0)]
    {
        play.price(time, price);
    }
    let wanted = ["06:30:00 -10.0% from 100", "08:00:00 -5.6% from 90", "08:01:00 over: Fall", "08:01:00 back at 89"];
    assert_eq!(play.told(), wanted);
}

#[test]
fn a_change_is_watched_for_the_way_and_the_group_it_is_asked_for() {
    for (by, prices, wanted) in [
        ("+5%", [100.0, 90.0, 94.0, 95.0], vec!["00:03:00 5.6%"]),
        ("-5%", [100.0, 104.0, 99.0, 98.0], vec!["00:03:00 -5.8%"]),
        ("5%", [100.0, 104.9, 105.0, 104.0], vec!["00:02:00 5.0%"]),
        ("5%", [100.0, 95.0, 95.0, 95.0], vec!["00:01:00 -5.0%"]),
        ("5%", [0.0, 1.0, 1.0, 1.0], vec![]),
    ] {
        let change = format!("change = {{ value = \"/price\", by = \"{by}\", within = \"1h\" }}");
        let mut play = Play::new(&format!(
            "[[rule]]\nname = \"C\"\n{change}\ngroup = \"{{{{ data.symbol }}}}\"\ntitle = \"{{{{ change|percent }}}}\"\n"
        ));
        for (minute, price) in prices.into_iter().enumerate() {
            play.price(&format!("00:0{minute}:00"), price);
            play.event(&format!("00:0{minute}:00"), "market", "price-update", r#"{"symbol":"ETH","price":"7.5"}"#);
        }
        assert_eq!(play.told(), wanted, "{by} {prices:?}");
    }
}

#[test]
fn what_does_not_come_by_its_time_is_told_and_cleared_when_it_comes() {
    let mut play =
        Play::new("[[rule]]\nname = \"Nightly backup\"\nevent = \"backup-done\"\nexpect = { by = \"03:30\" }\n");
    play.event("02:10:00", "ops", "backup-done", "{}");
    play.until("2026-11-21T03:29:59Z");
    assert_eq!(play.told(), [""; 0]);
    play.until("2026-11-21T03:45:00Z");
    let told = play.told();
    assert!(
        told[0].starts_with("21 03:30:00 Nightly backup: not seen by 03:30 (The last one came Fri 20 Nov"),
        "{told:?}"
    );
    assert!(told[0].ends_with(") on market") && told.len() == 1, "{told:?}");
    play.event("2026-11-21T03:50:00Z", "ops", "backup-done", "{}");
    // It came late: that does not count for the next night.
    play.until("2026-11-22T03:30:00Z");
    let told = play.told();
    assert_eq!(told[0], "21T03:50:00Z over: Nightly backup");
    assert!(told[1].starts_with("22 03:30:00 Nightly backup: not seen by 03:30") && told.len() == 2, "{told:?}");
}

#[test]
fn days_zone_and_the_time_from_which_it_counts_are_obeyed() {
    let mut play = Play::new(
        r#"
        [[rule]]
        name = "Report"
        stream = "ops"
        expect = { by = "09:00", from = "06:00", days = ["mon", "fri"], time_zone = "Europe/Berlin" }
        "#,
    );
    // Friday, Berlin is an hour ahead: 04:30 UTC is too early, 05:30 counts.
    play.event("04:30:00", "ops", "message", "x");
    play.until("08:00:00");
    let told = play.told();
    assert!(told.len() == 1 && told[0].starts_with("20 08:00:00 Report: not seen by 09:00"), "{told:?}");
    play.until("2026-11-23T05:00:00Z");
    assert_eq!(play.told(), [""; 0], "not on a Saturday or Sunday");
    play.event("2026-11-23T05:30:00Z", "ops", "message", "x");
    play.until("2026-11-27T07:00:00Z");
    assert_eq!(play.told(), ["23T05:30:00Z over: Report"]);
}

#[test]
fn silence_is_told_once_per_group_after_its_time() {
    let mut play = Play::new(
        r#"
        [[rule]]
        name = "Host"
        event = "heartbeat"
        group = "{{ data.host }}"
        expect = { within = "5m" }
        resolved = "{{ data.host }} is back"
        "#,
    );
    play.until("00:05:00");
    assert_eq!(play.told(), ["20 00:05:00 Host: not seen for 5m (None has come yet.) on market"]);
    for (time, host) in [("00:06:00", "a"), ("00:07:00", "b"), ("00:10:00", "a")] {
        play.event(time, "ops", "heartbeat", &format!("{{\"host\":\"{host}\"}}"));
    }
    assert_eq!(play.told(), ["00:06:00 over: Host"]);
    play.until("00:30:00");
    let told = play.told();
    assert!(told[0].starts_with("20 00:12:00 Host: not seen from b for 5m") && told.len() == 2, "{told:?}");
    play.restart("00:31:00");
    play.event("00:32:00", "ops", "heartbeat", r#"{"host":"b"}"#);
    assert_eq!(play.told(), ["00:32:00 over: Host b", "00:32:00 b is back"]);
}

#[test]
fn a_deadline_that_nobody_watched_waits_for_what_was_missed_and_says_so() {
    let mut play = Play::new("[[rule]]\nname = \"Backup\"\nevent = \"backup-done\"\nexpect = { by = \"03:30\" }\n");
    // It did not run from 02:00 to 08:00, and the server sends what was missed.
    play.restart("08:00:00");
    play.tick(at("08:00:00"));
    play.event("08:00:03", "ops", "backup-done", "{}");
    play.until("08:30:00");
    assert_eq!(play.told(), [""; 0]);
    // It slept through the next, and nothing comes.
    play.tick(at("2026-11-21T09:00:00Z"));
    play.until("2026-11-21T09:10:00Z");
    let told = play.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("21 09:02:00 Backup: not seen by 03:30"), "{told:?}");
    assert!(told[0].contains("Streambell was not running at Sat 03:30: it may have come unseen."), "{told:?}");
}

#[test]
fn nothing_is_expected_of_a_stream_that_is_off_or_muted() {
    let rules = "[[rule]]\nname = \"A\"\nstream = \"ops\"\nexpect = { within = \"1m\" }\n";
    let mut play = Play::new(rules);
    let stream = |change: fn(&mut crate::config::StreamConfig)| {
        let mut config = config(rules);
        change(Arc::make_mut(&mut config.streams[1]));
        config
    };
    for config in [stream(|stream| stream.enabled = false), stream(|stream| stream.notify = false)] {
        play.rules.configure(&config, &utc(at(START))).unwrap();
        assert_eq!(play.rules.deadline(), None);
    }
    play.event("00:00:01", "ops", "x", "");
    assert_eq!(play.told(), [""; 0]);
}

#[test]
fn an_event_resolves_the_alert_of_its_group() {
    let mut play = Play::new(
        r#"
        [[rule]]
        name = "Load"
        event = "load"
        group = "{{ data.host }}"
        when = "data.load > 5"
        resolved_when = "data.load < 3"
        title = "{{ data.host }} {{ data.load }}"
        [[rule]]
        name = "Failed"
        event = "failed"
        group = "{{ data.job }}"
        resolved = "{{ data.job }} is well"
        title = "{{ data.job }} failed"
        [[rule]]
        name = "Done"
        event = "done"
        group = "{{ data.job }}"
        resolves = "Failed"
        "#,
    );
    for (second, load) in [2, 6, 4, 7, 2, 1, 6].into_iter().enumerate() {
        play.event(&format!("00:00:0{second}"), "ops", "load", &format!(r#"{{"host":"a","load":{load}}}"#));
    }
    assert_eq!(play.told(), ["00:00:01 a 6", "00:00:03 a 7", "00:00:04 over: Load a", "00:00:06 a 6"]);
    for (second, name, job) in [(0, "done", 1), (1, "failed", 1), (2, "failed", 2), (3, "done", 1), (4, "done", 1)] {
        play.event(&format!("00:01:0{second}"), "ops", name, &format!("{{\"job\":{job}}}"));
    }
    assert_eq!(
        play.told(),
        ["00:01:01 1 failed", "00:01:02 2 failed", "00:01:03 over: Failed 1", "00:01:03 1 is well"]
    );
}

#[test]
fn events_are_chosen_by_stream_text_and_fields() {
    for (rule, stream, data, fires) in [
        (r#"stream = "mark*""#, "market", "", true),
        (r#"stream = ["ops", "x*"]"#, "market", "", false),
        (r#"stream = ["ops", "market"]"#, "market", "", true),
        (r#"text = "DISK full""#, "ops", "the disk Full again", true),
        (r#"text = "disk full""#, "ops", "disk not full", false),
        (r#"text = ["nothing", "ÄRGER"]"#, "ops", "viel ärger", true),
        (r#"text = "the*again""#, "ops", "The disk is full again", true),
        (r#"text = "disk*""#, "ops", "the disk", false),
        (r#"match = { "/symbol" = "BTC", "/price" = "> 100" }"#, "ops", r#"{"symbol":"BTC","price":100.5}"#, true),
        (r#"match = { "/symbol" = "BTC", "/price" = "> 100" }"#, "ops", r#"{"symbol":"BTC","price":100}"#, false),
        (r#"match = { "/price" = ">= 100" }"#, "ops", r#"{"price":"100.0"}"#, true),
        (r#"match = { "/price" = "> 1" }"#, "ops", r#"{"price":"much"}"#, false),
        (r#"match = { "/a/0/b~1c" = ["x", "y*"] }"#, "ops", r#"{"a":[{"b/c":"yes"}]}"#, true),
        (r#"match = { "/a" = true, "/n" = 3 }"#, "ops", r#"{"a":true,"n":3.0}"#, true),
        (r#"match = { "/a" = true }"#, "ops", r#"{"a":"true"}"#, false),
        (r#"match = { "/a" = "!= closed" }"#, "ops", r#"{"a":"open"}"#, true),
        (r#"match = { "/a" = "!= closed" }"#, "ops", "{}", false),
        (r#"match = { "/a" = "*" }"#, "ops", "no json", false),
        (r#"match = { "/a" = "" }"#, "ops", r#"{"a":""}"#, true),
    ] {
        let mut play = Play::new(&format!("[[rule]]\nname = \"r\"\n{rule}\n"));
        play.event("00:00:01", stream, "e", data);
        assert_eq!(play.told().len(), usize::from(fires), "{rule} {data}");
    }
}

#[test]
fn rules_are_asked_in_order_until_one_stops() {
    let rule = |name: &str, more: &str| format!("[[rule]]\nname = \"{name}\"\ntitle = \"{name}\"\n{more}\n");
    let rules = [
        rule("first", ""),
        rule("noise", "when = \"data.n < 5\"\nstop = true"),
        rule("off", "stop = true\nenabled = false"),
        rule("last", ""),
    ];
    let mut play = Play::new(&rules.concat());
    play.event("00:00:01", "ops", "e", "{\"n\":1}");
    play.event("00:00:02", "ops", "e", "{\"n\":5}");
    assert_eq!(play.told(), ["00:00:01 first", "00:00:01 noise", "00:00:02 first", "00:00:02 last"]);
}

#[test]
fn a_value_that_is_none_is_a_fault_and_not_silence() {
    let mut play = Play::new("[[rule]]\nname = \"High\"\ncrosses = { value = \"/price\", above = 10 }\n");
    for (data, reason) in [
        ("{}", "there is no value at \"/price\""),
        (r#"{"price":"much"}"#, "the value at \"/price\" is no number but \"much\""),
    ] {
        let outcome = play.rules.judge(&event("p", data));
        assert!(outcome.alerts[0].body.contains(reason), "{}", outcome.alerts[0].body);
    }
}

#[test]
fn a_verdict_is_explained_with_values() {
    let mut play = Play::new(
        r#"
        [[rule]]
        name = "Market alert"
        event = "market-*"
        match = { "/symbol" = ["BTC", "ETH"] }
        when = "data.change_pct|abs >= 3 and data.volume > 10"
        [[rule]]
        name = "Other"
        stream = "ops"
        [[rule]]
        name = "Broken"
        when = "data.nothing > 3"
        [[rule]]
        name = "High"
        crosses = { value = "/price", above = 10 }
        stop = true
        [[rule]]
        name = "Last"
        [[rule]]
        name = "Off"
        enabled = false
        "#,
    );
    let data = r#"{"symbol":"BTC","change_pct":-2.1,"volume":11,"price":12}"#;
    let (outcome, traces) = play.rules.explain(&event("market-alert", data));
    assert_eq!(outcome.alerts.len(), 2);
    let lines: Vec<String> = traces
        .iter()
        .flat_map(|trace| {
            let checks =
                trace.checks.iter().map(|check| format!("  {} -> {} {}", check.condition, check.value, check.holds));
            std::iter::once(format!("{}: {}", trace.rule, trace.verdict.as_str())).chain(checks)
        })
        .collect();
    let wanted = [
        "Market alert: unmatched",
        "  match /symbol \"BTC\" or \"ETH\" -> \"BTC\" true",
        "  when: data.change_pct|abs >= 3 -> 2.1 false",
        "  when: data.volume > 10 -> 11 true",
        "Other: unmatched",
        "  stream = \"ops\" -> \"market\" false",
        "Broken: failed",
        "  when: data.nothing > 3 -> missing false",
        "  when -> there is no value for data.nothing false",
        "High: fired",
        "  crosses: /price above 10 -> 12 true",
        "Last: stopped",
        "Off: off",
    ];
    assert_eq!(lines, wanted);
}

proptest! {
    #[test]
    fn hysteresis_never_tells_twice_without_being_armed_again(prices in prop::collection::vec(0..120_i32, 1..300), rearm in 60..100_i32) {
        let mut play = Play::new(&format!(
            "[[rule]]\nname = \"High\"\ncrosses = {{ value = \"/price\", above = 100, rearm = {rearm} }}\n"
        ));
        let mut armed = true;
        for price in prices {
            let outcome = play.rules.judge(&event("p", &format!("{{\"price\":{price}}}")));
            let fires = armed && price > 100;
            prop_assert_eq!(outcome.alerts.len(), usize::from(fires));
            prop_assert_eq!(outcome.resolutions.len(), usize::from(!armed && price <= rearm));
            armed = if fires { false } else { armed || price <= rearm };
        }
    }

    #[test]
    fn each_deadline_is_told_once_at_most_whatever_happens(steps in prop::collection::vec((1..40_000_i64, 0..3_u8), 1..80)) {
        let mut play = Play::new("[[rule]]\nname = \"B\"\nexpect = { by = \"03:30\" }\n");
        let mut now = at(START);
        let mut days = 0;
        for (seconds, what) in steps {
            now = now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
            days = now.duration_since(at(START)).as_hours() / 24 + 1;
            match what {
                0 => play.event(&now.to_string(), "ops", "b", ""),
                1 => play.restart(&now.to_string()),
                _ => {}
            }
            play.tick(now);
        }
        let told = play.told().iter().filter(|line| line.contains("not seen")).count();
        prop_assert!(told as i64 <= days, "{} in {} days", told, days);
    }
}
