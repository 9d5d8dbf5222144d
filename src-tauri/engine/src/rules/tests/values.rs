//! Thresholds and changes as plays: events with their time, and what is told of them.

use proptest::prelude::*;

use super::play::{Play, at, config, utc};
use super::*;
use crate::config::StreamConfig;

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
fn a_rule_that_begins_to_remember_while_it_runs_does() {
    let rule = "[[rule]]\nname = \"R\"\nevent = \"ping\"\ntitle = \"ping\"\n";
    let mut play = Play::new(rule);
    play.event("00:00:00", "market", "ping", "{\"n\":1}");
    let title = "title = \"ping {{ previous.n if previous else 0 }}\"\ncooldown = \"1m\"";
    let resting = rule.replace("title = \"ping\"", title);
    play.rules.configure(&config(&resting), &utc(at("00:00:01"))).unwrap();
    for (time, n) in [("00:00:02", 2), ("00:00:03", 3), ("00:01:02", 4)] {
        play.event(time, "market", "ping", &format!("{{\"n\":{n}}}"));
    }
    assert_eq!(play.told(), ["00:00:00 ping", "00:00:02 ping 0", "00:01:02 ping 3"]);
}

#[test]
fn of_too_many_groups_those_are_forgotten_that_were_quiet_longest() {
    let rule = "[[rule]]\nname = \"R\"\nchange = { value = \"/n\", by = \"-3%\", within = \"1d\" }\ntitle = \"fell\"\n";
    let mut play = Play::new(&format!("{rule}group = \"{{{{ data.g }}}}\"\n"));
    let mut send = |second: usize, group: &str, n: i32| {
        let event = Event {
            stream: "market".into(),
            at: at("00:00:00") + jiff::SignedDuration::from_secs(second as i64),
            ..event("a", &format!("{{\"g\":\"{group}\",\"n\":{n}}}"))
        };
        play.rules.judge(&event).alerts.len()
    };
    send(0, "busy", 1000);
    for second in 1..3 * MOST_GROUPS {
        send(second, &format!("g{second}"), 5);
        assert_eq!(send(second, "busy", 990), 0, "{second}");
    }
    assert_eq!(send(3 * MOST_GROUPS, "busy", 965), 1, "it remembers the 1000");
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
    assert_eq!(play.told(), ["01:40:00 -3.00% from 100", "01:55:00 over: Fall", "01:55:00 back at 98.5"]);
    // It falls, and stays down: calm after an hour, so the next fall is told, though nothing recovered.
    for (time, price) in
        [("06:00:00", 100.0), ("06:30:00", 90.0), ("07:40:00", 90.0), ("08:00:00", 85.0), ("08:01:00", 89.0)]
    {
        play.price(time, price);
    }
    let wanted = ["06:30:00 -10.00% from 100", "08:00:00 -5.56% from 90", "08:01:00 over: Fall", "08:01:00 back at 89"];
    assert_eq!(play.told(), wanted);
}

#[test]
fn a_change_is_watched_for_the_way_and_the_group_it_is_asked_for() {
    for (by, prices, wanted) in [
        ("+5%", [100.0, 90.0, 94.0, 95.0], vec!["00:03:00 5.56%"]),
        ("-5%", [100.0, 104.0, 99.0, 98.0], vec!["00:03:00 -5.77%"]),
        ("5%", [100.0, 104.9, 105.0, 104.0], vec!["00:02:00 5.00%"]),
        ("5%", [100.0, 95.0, 95.0, 95.0], vec!["00:01:00 -5.00%"]),
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
}

#[test]
fn a_renamed_rule_remembers_what_it_did_and_keeps_it_under_its_new_name() {
    let rule = |name: &str| {
        format!(
            "[[rule]]\nname = \"{name}\"\nevent = \"e\"\ntitle = \"{{{{ data }}}}\"\ncrosses = {{ value = \"\", above = 10 }}\n"
        )
    };
    let mut play = Play::new(&rule("Old"));
    play.event("00:00:01", "ops", "e", "11");
    play.rules.take_memories(true);
    let new = super::play::config(&rule("New"));
    let rule = crate::config::renamed_rule(&play.config.rules, &new.rules);
    let renamed = Renamed { rule, stream: None };
    play.rules.configure_renamed(&new, &renamed, &super::play::utc(super::play::at("00:00:02"))).unwrap();
    play.config = new;
    play.event("00:00:03", "ops", "e", "12");
    assert_eq!(play.told(), ["00:00:01 11"], "it has not been back since it rang");
    let kept: Vec<_> = play.rules.take_memories(false);
    let kept: Vec<_> = kept.iter().map(|memory| (&*memory.rule, memory.state.is_some())).collect();
    assert_eq!(kept, [("Old", false), ("New", true)]);
}

#[test]
fn a_rule_of_a_stream_that_is_renamed_remembers_what_it_did_and_so_after_a_restart() {
    let rule = |stream: &str| {
        format!(
            "[[rule]]\nname = \"R\"\nstream = \"{stream}\"\nevent = \"e\"\ntitle = \"{{{{ data }}}}\"\ncrosses = {{ value = \"\", above = 10 }}\n"
        )
    };
    let mut play = Play::new(&rule("ops"));
    play.event("00:00:01", "ops", "e", "11");
    play.rules.take_memories(true);
    let mut new = super::play::config(&rule("ops"));
    new.streams[1] = Arc::new(StreamConfig::new("works", "http://o/"));
    new.rules[0].streams = vec!["works".to_owned()];
    let renamed = Renamed { rule: None, stream: Some(("ops".to_owned(), "works".into())) };
    play.rules.configure_renamed(&new, &renamed, &super::play::utc(super::play::at("00:00:02"))).unwrap();
    play.config = new;
    play.restart("00:00:02");
    play.event("00:00:03", "works", "e", "12");
    assert_eq!(play.told(), ["00:00:01 11"], "it has not been back since it rang");
}
