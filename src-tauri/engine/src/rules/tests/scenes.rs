//! What chooses, stops and resolves, as plays, and how a verdict is explained.

use super::play::Play;
use super::*;

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
fn a_rule_that_ignores_makes_nothing_and_keeps_its_events_from_later_rules() {
    let rules = r#"
        [[rule]]
        name = "before"
        event = "price"
        title = "before"
        [[rule]]
        name = "noise"
        event = ["beat", "price"]
        stream = "ops"
        when = "event == 'beat' or data.n < 5"
        ignore = true
        [[rule]]
        name = "never"
        event = "never*"
        text = "x"
        ignore = true
        [[rule]]
        name = "after"
        title = "after {{ previous }}"
        "#;
    let mut play = Play::new(rules);
    play.event("00:00:01", "ops", "beat", "1");
    play.event("00:00:02", "market", "beat", "2");
    play.event("00:00:03", "ops", "price", "{\"n\":1}");
    play.event("00:00:04", "ops", "never", "X");
    play.event("00:00:05", "ops", "price", "{\"n\":5}");
    assert_eq!(
        play.told(),
        ["00:00:02 after None", "00:00:03 before", "00:00:05 before", "00:00:05 after 2"],
        "what is ignored is no previous event of a later rule either"
    );
    let beat = Event { stream: "ops".into(), ..event("beat", "") };
    let (outcome, traces) = play.rules.explain(&beat);
    assert_eq!((outcome.alerts.len(), outcome.ignored_by.as_deref()), (0, Some("noise")));
    let words = |trace: &Trace| format!("{} {} {:?}", trace.rule, trace.verdict.as_str(), trace.stopped_by.as_deref());
    let wanted = [
        "before unmatched None",
        "noise ignored None",
        "never stopped Some(\"noise\")",
        "after stopped Some(\"noise\")",
    ];
    assert_eq!(traces.iter().map(words).collect::<Vec<_>>(), wanted);
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
