//! Alerts on real notification daemons, and on daemons that misbehave.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use serde_json::Value;
use streambell_tests::notifications::Manner;
use streambell_tests::program::run;
use streambell_tests::{Desktop, Notifications, Resident, Server, Services, eventually};

use crate::{market, profile};

/// What a hostile server sends: markup, control characters, a reversed file name, emoji, and a link to a file.
const HOSTILE: &str =
    "<b>pay</b> <img src='file:///etc/passwd'> &amp; \\u0007\\u001b[31m \\u202eexe.fdp 👩‍👩‍👧 <a href='x'>here</a>";

fn alert(symbol: &str, message: &str) -> String {
    format!(r#"{{"symbol":"{symbol}","message":"{message}","url":"file:///etc/passwd"}}"#)
}

/// Each stored alert: its number, state and answer, by its title.
async fn alerts(desktop: &Desktop, profile: &std::path::Path) -> BTreeMap<String, (i64, String, String)> {
    let history = run(desktop, profile, &["history", "--json", "--alerts", "--limit", "5000"]).await;
    let lines = String::from_utf8_lossy(&history.stdout).lines().map(serde_json::from_str).collect::<Vec<_>>();
    let events: Vec<Value> = lines.into_iter().collect::<Result<_, _>>().unwrap();
    let alerts = events.iter().flat_map(|event| event["alerts"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    alerts
        .map(|one| (text(&one["title"]), (one["id"].as_i64().unwrap(), text(&one["state"]), text(&one["answer"]))))
        .collect()
}

/// Shows, replaces and withdraws on a real daemon, with hostile content. `left` waits until one has left the screen.
async fn shown_harmlessly_on(desktop: &Desktop, name: &str, left: impl Future<Output = ()>) {
    let server = Server::start().await;
    let grouped = market(&server.url("/")).replace("urgency =", "group = \"{{ data.symbol }}\"\nurgency =");
    let profile = profile(desktop, &grouped);
    let mut resident = Resident::start(desktop, &profile, &["run", "--headless"]);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", &alert("ACME", "replaced soon")).await;
    exchange.event("market-alert", "2", &alert("LONG", &"<b>x ".repeat(20_000))).await;
    exchange.event("market-alert", "3", &alert("ACME", HOSTILE)).await;
    let shown = eventually("all on screen", async || {
        let shown = alerts(desktop, &profile).await;
        (shown.len() == 2 && shown.values().all(|(_, state, _)| state == "shown")).then_some(shown)
    })
    .await;
    desktop.screenshot(&format!("{name}-shows-hostile-alerts")).await;
    let number = shown["LONG moves"].0.to_string();
    assert!(run(desktop, &profile, &["acknowledge", &number]).await.status.success());
    left.await;
    eventually("the answer kept", async || {
        (alerts(desktop, &profile).await["LONG moves"].2 == "acknowledged").then_some(())
    })
    .await;
    eventually("two unread", async || (resident.status(desktop).await["unread"] == 2).then_some(())).await;
    resident.terminate().await;
    assert!(resident.ended().await.success());
    assert!(!resident.log().contains("panicked"), "{}", resident.log());
}

#[tokio::test]
async fn dunst_shows_replaces_and_withdraws_hostile_alerts_harmlessly() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("dunst", &[]);
    desktop.wait_for_name("org.freedesktop.Notifications").await;
    let displayed = async || {
        let count = desktop.command("dunstctl").args(["count", "displayed"]).output().await.unwrap();
        String::from_utf8_lossy(&count.stdout).trim().to_owned()
    };
    // The group was replaced in place, and the long one withdrawn.
    let left = async { eventually("one on screen", async || (displayed().await == "1").then_some(())).await };
    shown_harmlessly_on(&desktop, "dunst", left).await;
}

#[tokio::test]
async fn the_daemon_of_gnome_flashback_shows_replaces_and_withdraws_them_too() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("/usr/lib/notification-daemon/notification-daemon", &[]);
    desktop.wait_for_name("org.freedesktop.Notifications").await;
    let bus = desktop.connect().await;
    let rule = zbus::MatchRule::builder().msg_type(zbus::message::Type::Signal).member("NotificationClosed").unwrap();
    let mut closings = zbus::MessageStream::for_match_rule(rule.build(), &bus, None).await.unwrap();
    let left = async {
        let closing = tokio::time::timeout(std::time::Duration::from_secs(30), closings.next()).await;
        let (_, reason): (u32, u32) = closing.expect("it is withdrawn").unwrap().unwrap().body().deserialize().unwrap();
        assert_eq!(reason, 3, "closed by us, not by a person or by time");
    };
    shown_harmlessly_on(&desktop, "notification-daemon", left).await;
}

#[tokio::test]
async fn a_button_pressed_with_the_mouse_on_that_daemon_is_answered() {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("/usr/lib/notification-daemon/notification-daemon", &[]);
    desktop.wait_for_name("org.freedesktop.Notifications").await;
    let server = Server::start().await;
    let button = market(&server.url("/")).replace("urgency =", "buttons = [\"acknowledge\"]\nurgency =");
    let profile = profile(&desktop, &button);
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    server.open().await.event("market-alert", "1", &alert("ACME", "m")).await;
    let xdotool = async |arguments: &[&str]| {
        let output = desktop.command("xdotool").args(arguments).output().await.expect("install xdotool");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let look = async || {
        let windows = xdotool(&["search", "--onlyvisible", "--class", "notification-daemon"]).await;
        let place = xdotool(&["getwindowgeometry", "--shell", windows.lines().last()?]).await;
        let number = |key: &str| place.lines().find_map(|line| line.strip_prefix(key)?.parse::<u32>().ok());
        Some([number("X=")?, number("Y=")?, number("WIDTH=")?, number("HEIGHT=")?])
    };
    // It grows and moves while it is put together.
    let mut before = None;
    let [x, y, width, height] = eventually("the notification's window, at rest", async || {
        let seen = look().await;
        let rests = seen.is_some() && std::mem::replace(&mut before, seen) == seen;
        seen.filter(|_| rests)
    })
    .await;
    desktop.screenshot("notification-daemon-with-a-button").await;
    // The one button stands below the text, right of the middle.
    let [x, y] = [x + width * 3 / 4, y + height * 7 / 10].map(|place| place.to_string());
    xdotool(&["mousemove", &x, &y]).await;
    eventually("the answer", async || {
        xdotool(&["click", "1"]).await;
        (alerts(&desktop, &profile).await.get("ACME moves")?.2 == "acknowledged").then_some(())
    })
    .await;
    eventually("nothing unread", async || (resident.status(&desktop).await["unread"] == 0).then_some(())).await;
}

#[tokio::test]
async fn a_daemon_without_markup_and_actions_gets_plain_text_and_no_buttons() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start_with(&desktop, Manner::Plain).await;
    let server = Server::start().await;
    let looks = "icon = \"dialog-warning\"\nsound = \"bell\"\ntimeout = \"7s\"\nurgency =";
    let profile = profile(&desktop, &market(&server.url("/")).replace("urgency =", looks));
    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    server.open().await.event("market-alert", "1", &alert("ACME", HOSTILE)).await;
    let shown = daemon.wait_for("the alert", |notify| notify.summary == "ACME moves").await;
    let plain = "<b>pay</b> <img src='file:///etc/passwd'> &amp; [31m exe.fdp 👩‍👩‍👧 <a href='x'>here</a>";
    assert_eq!((shown.body.as_str(), shown.actions.len()), (plain, 0));
    assert_eq!((shown.icon.as_str(), shown.timeout), ("dialog-warning", 7_000));
    assert!(shown.hints.contains(&"sound-name".to_owned()), "{:?}", shown.hints);
}

#[tokio::test]
async fn nothing_is_heard_while_sounds_are_switched_off() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start(&desktop).await;
    let server = Server::start().await;
    let text = market(&server.url("/")).replace("urgency =", "sound = \"bell\"\nurgency =");
    let profile = profile(&desktop, &format!("{text}\n[notifications]\nsounds = false\nsound_gap = \"0s\"\n"));
    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", &alert("ACME", "m")).await;
    let silent = daemon.wait_for("a silent alert", |notify| notify.summary == "ACME moves").await;
    assert!(silent.hints.contains(&"suppress-sound".to_owned()), "{:?}", silent.hints);
    assert!(!silent.hints.contains(&"sound-name".to_owned()), "{:?}", silent.hints);
    let set = run(&desktop, &profile, &["settings", "set", "notifications.sounds", "true"]).await;
    assert!(set.status.success(), "{set:?}");
    let mut number = 1;
    eventually("an alert with its sound", async || {
        number += 1;
        exchange.event("market-alert", &number.to_string(), &alert(&format!("S{number}"), "m")).await;
        let wanted = format!("S{number} moves");
        let shown = daemon.wait_for("the alert", |notify| notify.summary == wanted).await;
        shown.hints.contains(&"sound-name".to_owned()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_buttons_of_a_rule_do_what_they_say_and_the_answer_is_kept() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start(&desktop).await;
    let server = Server::start().await;
    let buttons = "buttons = [\"open-link\", \"mute-rule\", \"acknowledge\"]\nurgency =";
    let profile = profile(&desktop, &market(&server.url("/")).replace("urgency =", buttons));
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut exchange = server.open().await;
    exchange.event("market-alert", "1", &alert("ACME", "m")).await;
    let shown = daemon.wait_for("the alert", |notify| notify.summary == "ACME moves").await;
    assert_eq!(shown.actions[2..], ["mute-3600", "Silence for 1 h", "acknowledge", "Acknowledge"], "a file is no link");
    daemon.invoke(shown.id, "acknowledge").await;
    eventually("the answer", async || {
        (alerts(&desktop, &profile).await["ACME moves"].2 == "acknowledged").then_some(())
    })
    .await;
    assert_eq!(resident.status(&desktop).await["unread"], 0);

    exchange.event("market-alert", "2", &alert("BETA", "m")).await;
    let shown = daemon.wait_for("the second", |notify| notify.summary == "BETA moves").await;
    daemon.invoke(shown.id, "mute-3600").await;
    eventually("the silence", async || (resident.status(&desktop).await["silences"] == 1).then_some(())).await;
    exchange.event("market-alert", "3", &alert("GAMMA", "m")).await;
    eventually("it silenced", async || {
        (alerts(&desktop, &profile).await.get("GAMMA moves")?.1 == "suppressed").then_some(())
    })
    .await;
    let silences = run(&desktop, &profile, &["silences"]).await;
    assert!(String::from_utf8_lossy(&silences.stdout).starts_with("1  rule \"Market alert\"  until "), "{silences:?}");
    let ended = run(&desktop, &profile, &["unsilence", "1"]).await;
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(run(&desktop, &profile, &["unsilence", "1"]).await.status.code(), Some(1));

    let tried = run(&desktop, &profile, &["rules", "try", "Market alert", "--event", "2"]).await;
    assert!(tried.status.success(), "{tried:?}");
    daemon.wait_for("the test", |notify| notify.summary == "Test: BETA moves").await;
    assert_eq!(run(&desktop, &profile, &["rules", "try", "Nothing"]).await.status.code(), Some(2));
    let drafted = run(&desktop, &profile, &["rules", "draft", "2"]).await;
    let text = String::from_utf8_lossy(&drafted.stdout).into_owned();
    assert!(text.contains("[[rule]]") && text.contains("market-alert"), "{drafted:?}");
    assert_eq!(run(&desktop, &profile, &["rules", "draft", "999"]).await.status.code(), Some(1));
    let listed = run(&desktop, &profile, &["rules", "list", "--json", "--counts"]).await;
    let rule: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!((&rule["fired"], &rule["shown"]), (&3.into(), &2.into()), "a test is none of them: {rule}");
}

#[tokio::test]
async fn a_daemon_that_dies_gets_the_unread_critical_ones_again() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start(&desktop).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut exchange = server.open().await;
    for (id, symbol) in [("1", "READ"), ("2", "UNREAD")] {
        exchange.event("market-alert", id, &alert(symbol, "m")).await;
        daemon.wait_for(symbol, |notify| notify.summary == format!("{symbol} moves")).await;
    }
    eventually("both marked", async || {
        alerts(&desktop, &profile).await.values().all(|(_, state, _)| state == "shown").then_some(())
    })
    .await;
    let number = alerts(&desktop, &profile).await["READ moves"].0.to_string();
    assert!(run(&desktop, &profile, &["read", &number]).await.status.success());
    eventually("its notification closed", async || (daemon.closed().len() == 1).then_some(())).await;
    daemon.stop().await;
    let daemon = Notifications::start(&desktop).await;
    daemon.wait_for("the unread one", |notify| notify.summary == "UNREAD moves").await;
    exchange.event("market-alert", "3", &alert("LAST", "m")).await;
    daemon.wait_for("another", |notify| notify.summary == "LAST moves").await;
    assert!(daemon.all().iter().all(|notify| notify.summary != "READ moves"), "{:#?}", daemon.all());
}

/// Sends so many alerts, each to be shown by itself.
async fn load(server: &Server, count: u32) -> streambell_tests::Exchange {
    let mut exchange = server.open().await;
    for number in 1..=count {
        exchange.event("market-alert", &number.to_string(), &alert(&number.to_string(), "m")).await;
    }
    exchange
}

fn counts(daemons: &[&Notifications]) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for notify in daemons.iter().flat_map(|daemon| daemon.all()) {
        *counts.entry(notify.summary).or_default() += 1;
    }
    counts
}

/// Waits until each of the alerts is known to have been shown.
async fn all_shown(desktop: &Desktop, profile: &std::path::Path, count: usize) {
    eventually("every alert shown", async || {
        let alerts = alerts(desktop, profile).await;
        (alerts.len() == count && alerts.values().all(|(_, state, _)| state == "shown")).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_killed_and_started_again_under_a_thousand_alerts_loses_none() {
    let desktop = Desktop::start(Services::None).await;
    let first = Notifications::start(&desktop).await;
    let server = Server::start().await;
    // Not critical, so that none is shown again for its own sake.
    let each = market(&server.url("/")).replace("urgency = \"critical\"", "throttle = \"off\"");
    let profile = profile(&desktop, &each);
    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let _exchange = load(&server, 1_000).await;
    eventually("some on screen", async || (first.all().len() > 50).then_some(())).await;
    let before = first.stop().await;
    let second = Notifications::start(&desktop).await;
    all_shown(&desktop, &profile, 1_000).await;
    let mut counts = counts(&[&second]);
    before.iter().for_each(|notify| *counts.entry(notify.summary.clone()).or_default() += 1);
    assert_eq!(counts.len(), 1_000, "each was on a screen");
    let often: Vec<_> = counts.iter().filter(|(_, count)| **count > 2).collect();
    assert!(often.is_empty(), "shown more than once more: {often:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_refuses_every_second_one_delays_alerts_and_loses_none() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start_with(&desktop, Manner::RefusesEverySecond).await;
    let server = Server::start().await;
    let each = market(&server.url("/")).replace("urgency = \"critical\"", "throttle = \"off\"");
    let profile = profile(&desktop, &each);
    let resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let _exchange = load(&server, 40).await;
    all_shown(&desktop, &profile, 40).await;
    assert!(counts(&[&daemon]).values().all(|count| *count == 1), "{:?}", counts(&[&daemon]));
    assert_eq!(resident.status(&desktop).await["streams"][0]["events"], 40, "no stream waited for it");
}

#[tokio::test]
async fn a_daemon_that_hangs_delays_alerts_and_loses_none() {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start_with(&desktop, Manner::HangsOnce).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let _exchange = load(&server, 2).await;
    all_shown(&desktop, &profile, 2).await;
    assert_eq!(counts(&[&daemon]).len(), 2);
}
