//! What the README promises, with exactly the texts that stand there, and the presets with what such servers send.

use super::play::{Play, config};
use super::*;
use crate::model::Urgency;

const README: &str = include_str!("../../../../../README.md");

/// The rule of that name, as it stands in the README.
fn recipe(name: &str) -> String {
    let mut blocks = README.split("```toml\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let line = format!("name = \"{name}\"");
    blocks.find(|(block, _)| block.starts_with("[[rule]]") && block.contains(&line)).unwrap().0.to_owned()
}

#[test]
fn the_fall_of_bitcoin_is_told_once_and_cleared_when_it_recovers() {
    let mut play = Play::new(&recipe("BTC falls"));
    for (time, price) in [
        ("02:00:00", 70_000.0),
        ("02:20:00", 69_000.0),
        ("02:40:00", 67_900.0),
        ("02:41:00", 67_000.0),
        ("02:45:00", 68_000.0),
    ] {
        play.price(time, price);
        play.event(time, "market", "price-update", r#"{"symbol":"ETH","price":1}"#);
        play.event(time, "ops", "price-update", r#"{"symbol":"BTC","price":1}"#);
    }
    assert_eq!(play.told(), ["02:40:00 BTC fell 3.00% within an hour"]);
    play.restart("03:00:00");
    play.price("03:00:01", 68_949.0);
    play.price("03:00:02", 68_950.0);
    assert_eq!(play.told(), ["03:00:02 over: BTC falls"]);
}

#[test]
fn it_is_loud_and_says_from_what_to_what() {
    let mut play = Play::new(&recipe("BTC falls"));
    let price = |price: f64| event("price-update", &format!(r#"{{"symbol":"BTC","price":{price}}}"#));
    play.rules.judge(&price(70_000.0));
    let alert = play.rules.judge(&price(67_000.0)).alerts.remove(0);
    assert_eq!((alert.body.as_str(), alert.urgency), ("$70,000.00 → $67,000.00", Urgency::Critical));
    assert!(alert.resolvable);
}

#[test]
fn a_backup_that_does_not_come_by_half_past_three_is_told() {
    let mut play = Play::new(&recipe("Nightly backup"));
    play.event("03:10:00", "ops", "backup-done", "{}");
    play.until("2026-11-21T03:29:59Z");
    assert_eq!(play.told(), [""; 0]);
    play.until("2026-11-21T12:00:00Z");
    let told = play.told();
    assert!(told.len() == 1 && told[0].starts_with("21 03:30:00 Nightly backup: not seen by 03:30"), "{told:?}");
}

/// What a preset makes of such an event: title, body, urgency, group, link.
fn made(preset: &str, name: &str, data: &str) -> (String, String, &'static str, String, String) {
    let mut play = Play::new(&format!("[[rule]]\nname = \"r\"\npreset = \"{preset}\"\n"));
    let mut alerts = play.rules.judge(&event(name, data)).alerts;
    assert_eq!(alerts.len(), 1, "{preset} {data}");
    let Alert { title, body, urgency, group, link, .. } = alerts.remove(0);
    (title, body, urgency.as_str(), group, link)
}

fn wanted(of: [&str; 5]) -> (String, String, &str, String, String) {
    let [title, body, urgency, group, link] = of;
    (title.to_owned(), body.to_owned(), urgency, group.to_owned(), link.to_owned())
}

#[test]
fn ntfys_messages_are_understood() {
    let full = r#"{"id":"sPs71M8A2T","time":1643935928,"expires":1643936928,"event":"message","topic":"mytopic","priority":5,
        "tags":["warning","skull"],"click":"https://homecam.mynet.lan/incident/1234","title":"Unauthorized access detected",
        "message":"Movement detected in the yard."}"#;
    let bare =
        r#"{"id":"wze9zgqK41","time":1638542110,"event":"message","topic":"phil_alerts","message":"Remote access"}"#;
    let page = "https://homecam.mynet.lan/incident/1234";
    let loud = ["⚠\u{fe0f} 💀 Unauthorized access detected", "Movement detected in the yard.", "critical", "", page];
    assert_eq!(made("ntfy", "message", full), wanted(loud));
    assert_eq!(made("ntfy", "message", bare), wanted(["phil_alerts", "Remote access", "normal", "", ""]));
    let low = bare.replace("\"event\":\"message\"", "\"event\":\"message\",\"priority\":1");
    assert_eq!(made("ntfy", "message", &low).2, "low");
    let mut play = Play::new("[[rule]]\nname = \"r\"\npreset = \"ntfy\"\n");
    for name in ["open", "keepalive", "message"] {
        let data = r#"{"id":"x","time":1,"event":"open","topic":"t"}"#;
        assert_eq!(play.rules.judge(&event(name, data)), Outcome::default());
    }
}

#[test]
fn gotifys_messages_are_understood() {
    let full = r#"{"id":25,"appid":5,"message":"**Backup** was successfully finished.","title":"Backup","priority":8,
        "extras":{"client::notification":{"click":{"url":"https://gotify.net"}}},"date":"2018-02-27T19:36:10.5045044+01:00"}"#;
    let bare = r#"{"id":26,"appid":5,"message":"Done","date":"2018-02-27T19:36:10Z"}"#;
    let loud = ["Backup", "**Backup** was successfully finished.", "critical", "", "https://gotify.net/"];
    assert_eq!(made("gotify", "message", full), wanted(loud));
    assert_eq!(made("gotify", "message", bare), wanted(["Gotify", "Done", "low", "", ""]));
}

const FIRING: &str = r#"{"version":"4","groupKey":"{}:{alertname=\"Disk\"}","truncatedAlerts":0,"status":"firing","receiver":"web",
    "groupLabels":{"alertname":"Disk"},"commonLabels":{"alertname":"Disk","severity":"critical"},"commonAnnotations":{},
    "externalURL":"http://alertmanager:9093","alerts":[
      {"status":"firing","labels":{"alertname":"Disk","instance":"a:9100"},"annotations":{"summary":"a is full"},
       "startsAt":"2026-11-20T09:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus:9090/graph?g0.expr=x","fingerprint":"1a30"},
      {"status":"firing","labels":{"alertname":"Disk","instance":"b:9100"},"annotations":{},
       "startsAt":"2026-11-20T09:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"2a30"}]}"#;

#[test]
fn alertmanagers_webhooks_are_understood_and_what_is_resolved_is_resolved() {
    let link = "http://prometheus:9090/graph?g0.expr=x";
    let loud = ["Disk (2)", "a is full\nb:9100", "critical", "{}:{alertname=\"Disk\"}", link];
    assert_eq!(made("alertmanager", "alert", FIRING), wanted(loud));
    let mut play = Play::new(
        "[[rule]]\nname = \"r\"\npreset = \"alertmanager\"\nresolved = \"{{ data.commonLabels.alertname }} is well\"\n",
    );
    let over = FIRING.replace("\"status\":\"firing\",\"receiver\"", "\"status\":\"resolved\",\"receiver\"");
    for (second, data) in [(1, over.as_str()), (2, FIRING), (3, &over), (4, &over)] {
        play.event(&format!("00:00:0{second}"), "ops", "alert", data);
    }
    let group = "{}:{alertname=\"Disk\"}";
    assert_eq!(
        play.told(),
        ["00:00:02 Disk (2)".to_owned(), format!("00:00:03 over: r {group}"), "00:00:03 Disk is well".to_owned()]
    );
}

#[test]
fn market_alerts_and_plain_text_are_understood() {
    let full = r#"{"symbol":"ACME","price":101.5,"message":"up","severity":"critical","url":"https://h/acme"}"#;
    assert_eq!(
        made("market-alert", "market-alert", full),
        wanted(["ACME 101.5", "up", "critical", "ACME", "https://h/acme"])
    );
    assert_eq!(made("market-alert", "market-alert", "plain"), wanted(["market-alert", "plain", "normal", "", ""]));
    assert_eq!(made("text", "x", "\nDisk full\non /\nof a\n"), wanted(["Disk full", "on /\nof a", "normal", "", ""]));
    assert_eq!(made("text", "x", ""), wanted(["x", "", "normal", "", ""]));
}

#[test]
fn a_rules_own_keys_come_before_its_presets() {
    let config =
        config("[[rule]]\nname = \"r\"\npreset = \"ntfy\"\ntitle = \"mine\"\nurgency = \"low\"\nevent = \"*\"\n");
    let rule = &config.rules[0];
    assert_eq!((rule.title.as_str(), rule.urgency, rule.urgency_from.as_deref()), ("mine", Urgency::Low, None));
    assert_eq!((rule.events.as_slice(), rule.fields.len()), (["*".to_owned()].as_slice(), 1));
}
