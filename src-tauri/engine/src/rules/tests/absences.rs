//! What is expected and does not come, as plays.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::play::{Play, START, at, config, utc};
use super::*;

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
fn what_a_rule_does_not_say_itself_is_in_the_language_that_was_chosen() {
    let mut play = Play::speaking(
        Locale::Chinese,
        r#"
        [[rule]]
        name = "备份"
        event = "backup-done"
        group = "{{ data.host }}"
        expect = { within = "5m" }
        [[rule]]
        name = "Own"
        event = "own"
        title = "{{ rule }}: {{ deadline }}"
        body = "not here"
        expect = { within = "5m" }
        [[rule]]
        name = "迟"
        event = "late"
        expect = { by = "03:30" }
        "#,
    );
    play.until("00:05:00");
    assert_eq!(
        play.told(),
        [
            "20 00:05:00 备份：5 分钟内没有收到 (至今还没有收到过。) on market",
            "20 00:05:00 Own: 5 分钟内 (not here) on market"
        ]
    );
    play.event("00:06:00", "ops", "backup-done", r#"{"host":"a"}"#);
    play.told();
    play.restart("08:00:00");
    play.tick(at("08:00:00"));
    play.until("08:10:00");
    let told = play.told().join("\n");
    assert!(told.contains("备份：a 5 分钟内没有收到 (上一次收到是在 11-20"), "{told}");
    assert!(told.contains("迟：03:30 前没有收到"), "{told}");
    assert!(told.contains("11-20 03:30 时 Streambell 没有运行：它可能来过，只是没有看到。"), "{told}");
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

proptest! {
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
