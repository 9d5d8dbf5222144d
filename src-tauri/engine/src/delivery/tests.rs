//! What becomes of alerts: shown, held back, told together, or not at all.

#![expect(clippy::unwrap_used, reason = "tests")]
mod kept;

use super::*;
use crate::config::{QuietHours, RuleConfig};
use crate::model::Alert;
use jiff::civil::time;

const START: &str = "2026-11-20T12:00:00+01:00[+01:00]";

fn at(seconds: i64) -> Zoned {
    START.parse::<Zoned>().unwrap().saturating_add(SignedDuration::from_secs(seconds))
}

/// An alert of the rule `Price` whose event arrived so many seconds after the start.
fn alert(id: i64, arrived: i64) -> StoredAlert {
    StoredAlert {
        id,
        seq: id + 100,
        at: at(arrived).timestamp(),
        stream: "market".into(),
        event: "price".to_owned(),
        alert: Alert {
            rule: "Price".into(),
            title: format!("T{id}"),
            body: format!("B{id}"),
            urgency: Urgency::Normal,
            link: "https://example.com/".to_owned(),
            ..Alert::default()
        },
        state: crate::model::AlertState::Pending,
        read: false,
        shown_at: None,
        resolved_at: None,
        answer: None,
    }
}

fn grouped(id: i64, group: &str) -> StoredAlert {
    let mut alert = alert(id, 0);
    alert.alert.group = group.to_owned();
    alert
}

fn critical(id: i64, arrived: i64) -> StoredAlert {
    let mut alert = alert(id, arrived);
    alert.alert.urgency = Urgency::Critical;
    alert
}

fn of_rule(rule: &str, mut alert: StoredAlert) -> StoredAlert {
    alert.alert.rule = rule.into();
    alert
}

/// Decisions in short: what is shown as `title [alerts]`, what is not as `id reason`.
fn short(decisions: &[Decision]) -> Vec<String> {
    let line = |decision: &Decision| match decision {
        Decision::Show(shown) => format!("{} {:?}", shown.title, shown.alerts),
        Decision::Suppress { alert, reason } => format!("{alert} {}", reason.as_str()),
    };
    decisions.iter().map(line).collect()
}

fn shown(decisions: &[Decision]) -> Vec<&Notification> {
    fn show(decision: &Decision) -> Option<&Notification> {
        match decision {
            Decision::Show(notification) => Some(notification),
            Decision::Suppress { .. } => None,
        }
    }
    decisions.iter().filter_map(show).collect()
}

fn configured(change: impl FnOnce(&mut RuleConfig)) -> Delivery {
    let mut rule = RuleConfig::new("Price", &["*"]);
    change(&mut rule);
    let mut delivery = Delivery::default();
    let quiet_hours = vec![QuietHours::daily(time(22, 0, 0, 0), time(7, 0, 0, 0))];
    delivery.configure(&Config { rules: vec![rule], quiet_hours, ..Config::default() });
    delivery
}

#[test]
fn an_alert_becomes_its_notification() {
    let mut delivery = Delivery::default();
    let wanted = Notification {
        slot: "alert:7".to_owned(),
        replaces: false,
        alerts: vec![7],
        title: "T7".to_owned(),
        body: "B7".to_owned(),
        urgency: Urgency::Normal,
        link: "https://example.com/".to_owned(),
        stream: "market".into(),
        rule: "Price".to_owned(),
        seq: 107,
        at: at(0).timestamp(),
        look: Box::default(),
        notice: None,
    };
    assert_eq!(delivery.offer(vec![alert(7, 0)], &at(0)), [Decision::Show(wanted)]);
    assert_eq!(delivery.deadline(), None);
}

#[test]
fn a_pause_silences_everything_until_it_ends() {
    let mut delivery = Delivery::default();
    delivery.pause(None, Some(at(60).timestamp()));
    assert_eq!(short(&delivery.offer(vec![alert(1, 0), critical(2, 0)], &at(59))), ["1 paused", "2 paused"]);
    assert_eq!(short(&delivery.offer(vec![alert(3, 60)], &at(60))), ["T3 [3]"]);
    delivery.pause(None, None);
    assert!(delivery.paused(at(1_000_000).timestamp()).is_some());
    assert_eq!(short(&delivery.offer(vec![alert(4, 1_000_000)], &at(1_000_000))), ["4 paused"]);
    delivery.resume(None);
    assert_eq!(short(&delivery.offer(vec![alert(5, 1_000_000)], &at(1_000_000))), ["T5 [5]"]);
}

#[test]
fn quiet_hours_hold_back_what_is_neither_critical_nor_may_pass() {
    let night = 11 * 3600;
    let mut delivery = configured(|_| {});
    let decisions = delivery.offer(vec![alert(1, night), critical(2, night)], &at(night));
    assert_eq!(short(&decisions), ["1 quiet-hours", "T2 [2]"]);
    assert_eq!(short(&delivery.offer(vec![alert(3, night)], &at(night + 8 * 3600 - 1))), ["3 quiet-hours"]);
    let mut delivery = configured(|rule| rule.pass_quiet_hours = true);
    assert_eq!(short(&delivery.offer(vec![alert(1, night)], &at(night))), ["T1 [1]"]);
}

#[test]
fn a_group_is_replaced_in_place() {
    let mut delivery = Delivery::default();
    let first = delivery.offer(vec![grouped(1, "BTC"), grouped(2, "ETH")], &at(0));
    let second = delivery.offer(vec![grouped(3, "BTC"), of_rule("Other", grouped(4, "BTC"))], &at(0));
    let replaces = |decisions| shown(decisions).iter().map(|n| n.replaces).collect::<Vec<_>>();
    assert_eq!((replaces(&first), replaces(&second)), (vec![false, false], vec![true, false]));
    assert_eq!(shown(&first)[0].slot, shown(&second)[0].slot);
    assert_ne!(shown(&second)[0].slot, shown(&second)[1].slot);
}

#[test]
fn what_could_not_be_stored_yet_is_newer_in_its_group_than_all_that_was() {
    let mut delivery = Delivery::default();
    for id in [57, -1, -2] {
        assert_eq!(short(&delivery.offer(vec![grouped(id, "BTC")], &at(0))), [format!("T{id} [{id}]")]);
    }
    let both = vec![grouped(-3, "ETH"), grouped(-4, "ETH")];
    assert_eq!(short(&delivery.offer(both, &at(0))), ["-3 grouped", "T-4 [-4]"]);
    let stored = [(-1, 58), (-2, 59), (-3, 60), (-4, 61)].map(|(before, id)| (before, grouped(id, "any")));
    delivery.renumber(&stored.into());
    assert_eq!(short(&delivery.offer(vec![grouped(58, "BTC")], &at(0))), ["58 grouped"]);
    assert_eq!(short(&delivery.offer(vec![grouped(62, "BTC")], &at(0))), ["T62 [62]"]);
}

#[test]
fn what_is_over_while_it_waits_is_not_shown_any_more() {
    let mut delivery = configured(|rule| rule.throttle = Some(Throttle { count: 1, window: Duration::from_secs(60) }));
    delivery.offer(vec![alert(1, 0), alert(2, 0), alert(3, 0)], &at(0));
    assert_eq!(short(&delivery.resolve(&[1, 3, 99])), ["3 resolved"]);
    assert_eq!(short(&delivery.tick(&at(60))), ["T2 [2]"]);
    assert_eq!((delivery.resolve(&[2]).len(), delivery.deadline()), (0, None));
}

#[test]
fn of_a_group_offered_at_once_only_the_newest_is_shown() {
    let mut delivery = Delivery::default();
    let alerts = vec![grouped(1, "A"), grouped(2, "B"), grouped(3, "A"), grouped(4, "A")];
    assert_eq!(short(&delivery.offer(alerts, &at(0))), ["3 grouped", "1 grouped", "T2 [2]", "T4 [4]"]);
    assert_eq!(short(&delivery.offer(vec![grouped(3, "A")], &at(0))), ["3 grouped"]);
}

#[test]
fn what_is_beyond_the_throttle_becomes_one_summary_when_the_window_has_passed() {
    let mut delivery = Delivery::default();
    let first = delivery.offer((1..=10).map(|id| alert(id, 0)).collect(), &at(0));
    let wanted: Vec<_> = (1..=5).map(|id| format!("T{id} [{id}]")).collect();
    assert_eq!(short(&first), wanted);
    let more = delivery.offer((11..=21).map(|id| alert(id, 3)).collect(), &at(3));
    assert_eq!(short(&more), (6..=16).map(|id| format!("{id} throttled")).collect::<Vec<_>>());
    assert_eq!(delivery.deadline(), Some(at(10).timestamp()));
    assert_eq!(delivery.tick(&at(9)), []);
    let last = delivery.tick(&at(10));
    let summary = shown(&last)[0];
    assert_eq!((summary.title.as_str(), summary.alerts.as_slice()), ("16 more: Price", &[17, 18, 19, 20, 21][..]));
    assert_eq!(summary.body, "T21\nT20\nT19\nT18\nT17\n… and 11 more");
    assert_eq!((summary.slot.as_str(), summary.seq, summary.link.as_str()), ("summary:Price", 121, ""));
    assert_eq!((delivery.deadline(), delivery.tick(&at(100))), (None, vec![]));
}

#[test]
fn hundreds_at_once_are_one_notification_that_counts_and_names() {
    let mut delivery = Delivery::default();
    let decisions = delivery.offer((1..=300).map(|id| alert(id, 0)).collect(), &at(0));
    let [burst] = shown(&decisions)[..] else { panic!("{decisions:?}") };
    assert_eq!((burst.title.as_str(), burst.alerts.len()), ("300 alerts: Price", LISTED));
    assert!(burst.body.starts_with("T300\nT299\n") && burst.body.ends_with("… and 295 more"), "{}", burst.body);
    assert_eq!(decisions.len(), 1 + 295, "each of the others has its reason");
    let mut free = configured(|rule| rule.throttle = None);
    assert_eq!(shown(&free.offer((1..=30).map(|id| alert(id, 0)).collect(), &at(0))).len(), 30);
}

#[test]
fn an_alert_of_urgency_none_is_only_stored() {
    let mut quiet = alert(1, 0);
    quiet.alert.urgency = Urgency::None;
    assert_eq!(short(&Delivery::default().offer(vec![quiet], &at(0))), ["1 stored-only"]);
}

#[test]
fn a_paused_stream_is_silent_and_the_others_are_not() {
    let mut delivery = Delivery::default();
    delivery.pause(Some("market".into()), Some(at(60).timestamp()));
    let mut other = alert(2, 0);
    other.stream = "ops".into();
    assert_eq!(short(&delivery.offer(vec![alert(1, 0), other], &at(0))), ["1 paused", "T2 [2]"]);
    assert_eq!(delivery.quiet_until(), Some(at(60).timestamp()));
    assert!(!delivery.end_quiet(at(60).timestamp()) && delivery.paused_streams().is_empty());
    assert_eq!(short(&delivery.offer(vec![alert(3, 60)], &at(60))), ["T3 [3]"]);
}

#[test]
fn what_a_silence_matches_is_silenced_however_critical() {
    let mut delivery = Delivery::default();
    let matcher = crate::silence::Matcher { group: Some("B*".to_owned()), ..Default::default() };
    delivery.silences_mut().add(matcher, at(60).timestamp(), "", at(0).timestamp()).unwrap();
    let mut loud = grouped(1, "BTC");
    loud.alert.urgency = Urgency::Critical;
    assert_eq!(short(&delivery.offer(vec![loud, grouped(2, "ETH")], &at(0))), ["1 silenced", "T2 [2]"]);
    assert!(delivery.end_quiet(at(60).timestamp()));
    assert_eq!(short(&delivery.offer(vec![grouped(3, "BTC")], &at(60))), ["T3 [3]"]);
}

#[test]
fn an_alert_that_expires_is_not_shown_later_and_says_when_it_is_to_leave() {
    let mut delivery = configured(|rule| rule.expires = Some(Duration::from_secs(20)));
    let decisions = delivery.offer(vec![alert(1, 0), alert(2, -20)], &at(0));
    assert_eq!(short(&decisions), ["2 expired", "T1 [1]"]);
    assert_eq!(shown(&decisions)[0].look.expires_at, Some(at(20).timestamp()));
    delivery.offer((3..=8).map(|id| alert(id, -15)).collect(), &at(0));
    assert_eq!(short(&delivery.tick(&at(10))), ["7 expired", "8 expired"], "they waited for the throttle too long");
}

#[test]
fn a_rule_says_how_its_notifications_look_and_sound() {
    use crate::config::{Button, Icon, IconSource, Press, Sound, Timeout};
    use crate::host::Noise;
    let buttons = vec![Button { press: Press::Acknowledge, label: None }];
    let mut delivery = configured(|rule| {
        rule.sound = Some(Sound::Named("bell".to_owned()));
        rule.icon = Some(IconSource::Fixed(Icon::Named("dialog-warning".to_owned())));
        rule.timeout = Some(Timeout::Never);
        rule.buttons = Some(buttons.clone());
    });
    let mut chosen = alert(2, 0);
    chosen.alert.icon = "face-sad".to_owned();
    let decisions = delivery.offer(vec![alert(1, 0), chosen], &at(0));
    let [first, second] = shown(&decisions)[..] else { panic!("{decisions:?}") };
    assert_eq!(first.look.noise, Noise::Named("bell".to_owned()));
    assert_eq!((first.look.timeout, first.look.buttons.as_deref()), (Timeout::Never, Some(&buttons[..])));
    assert_eq!(first.look.icon, Some(Icon::Named("dialog-warning".to_owned())));
    assert_eq!(second.look.icon, Some(Icon::Named("face-sad".to_owned())), "the event may choose a name");
    assert_eq!(second.look.noise, Noise::Silent, "one sound in three seconds is enough");
}

#[test]
fn a_single_alert_that_was_held_back_is_shown_as_itself() {
    let mut delivery = Delivery::default();
    delivery.offer((1..=6).map(|id| alert(id, 0)).collect(), &at(0));
    assert_eq!(short(&delivery.tick(&at(10))), ["T6 [6]"]);
}

#[test]
fn a_newer_alert_takes_the_place_of_one_that_waits() {
    let mut delivery = Delivery::default();
    delivery.offer((1..=5).map(|id| alert(id, 0)).collect(), &at(0));
    assert_eq!(short(&delivery.offer(vec![grouped(6, "A")], &at(1))), [""; 0]);
    assert_eq!(short(&delivery.offer(vec![grouped(7, "A")], &at(2))), ["6 grouped"]);
    assert_eq!(short(&delivery.offer(vec![grouped(5, "A")], &at(2))), ["5 grouped"]);
    assert_eq!(short(&delivery.offer(vec![grouped(7, "A")], &at(2))), [""; 0]);
    assert_eq!(short(&delivery.tick(&at(10))), ["T7 [7]"]);
}

#[test]
fn a_rule_may_have_its_own_throttle_or_none() {
    let alerts = || (1..=8).map(|id| alert(id, 0)).collect();
    let own = Throttle { count: 2, window: Duration::from_secs(60) };
    let mut strict = configured(|rule| rule.throttle = Some(own));
    assert_eq!(shown(&strict.offer(alerts(), &at(0))).len(), 2);
    assert_eq!(strict.deadline(), Some(at(60).timestamp()));
    let mut free = configured(|rule| rule.throttle = None);
    let many = (1..=100).map(|id| alert(id, 0)).collect();
    assert_eq!(shown(&free.offer(many, &at(0))).len(), 100, "not even the limit over all rules holds");
    strict.configure(&Config::default());
    assert_eq!(shown(&strict.tick(&at(1)))[0].title, "6 more: Price");
}

#[test]
fn all_rules_together_have_a_limit_and_critical_alerts_their_own() {
    let mut delivery = Delivery::default();
    let many = (1..=30).map(|id| of_rule(&format!("R{id}"), alert(id, 0))).collect();
    assert_eq!(shown(&delivery.offer(many, &at(0))).len(), 20);
    assert_eq!(short(&delivery.offer(vec![critical(31, 0)], &at(1))), ["T31 [31]"]);
    let decisions = delivery.tick(&at(10));
    assert_eq!(short(&decisions), ["10 more alerts [26, 27, 28, 29, 30]"]);
}

#[test]
fn many_late_alerts_are_one_summary_and_fresh_ones_are_not_part_of_it() {
    let mut delivery = Delivery::default();
    let mut alerts: Vec<_> = (1..=17).map(|id| alert(id, id)).collect();
    alerts[1] = critical(2, 2);
    alerts.push(alert(18, 3_000));
    let decisions = delivery.offer(alerts, &at(3_000));
    let [away, fresh] = shown(&decisions)[..] else { panic!("{decisions:?}") };
    assert_eq!((away.title.as_str(), fresh.title.as_str()), ("17 alerts while away", "T18"));
    assert_eq!(away.body, "T2\nT17\nT16\nT15\nT14\n… and 12 more");
    assert_eq!((away.alerts.len(), away.urgency, away.seq), (17, Urgency::Critical, 117));
}

#[test]
fn a_few_late_alerts_are_shown_one_by_one() {
    let mut delivery = Delivery::default();
    let decisions = delivery.offer((1..=3).map(|id| alert(id, 0)).collect(), &at(61));
    assert_eq!(short(&decisions), ["T1 [1]", "T2 [2]", "T3 [3]"]);
}

#[test]
fn after_a_week_an_alert_has_expired() {
    let mut delivery = Delivery::default();
    let week = 7 * 24 * 3600;
    assert_eq!(short(&delivery.offer(vec![alert(1, 0), alert(2, 2)], &at(week + 1))), ["1 expired", "T2 [2]"]);
}

#[test]
fn what_could_not_be_shown_is_offered_again_as_if_for_the_first_time() {
    let long = Throttle { count: 1, window: Duration::from_secs(86_400) };
    let mut delivery = configured(|rule| rule.throttle = Some(long));
    for _ in 0..3 {
        let decisions = delivery.offer(vec![grouped(1, "A")], &at(0));
        assert_eq!((short(&decisions), shown(&decisions)[0].replaces), (vec!["T1 [1]".to_owned()], false));
        delivery.failed(&[1]);
    }
    delivery.offer(vec![grouped(1, "A")], &at(0));
    assert_eq!(short(&delivery.offer(vec![grouped(2, "A")], &at(0))), [""; 0]);
    assert_eq!(delivery.deadline(), Some(at(86_400).timestamp()));
}

#[test]
fn a_summary_that_could_not_be_shown_keeps_its_count() {
    let mut delivery = Delivery::default();
    let alerts = || (1..=17).map(|id| alert(id, 0)).collect::<Vec<_>>();
    let first = delivery.offer(alerts(), &at(100));
    delivery.failed(&shown(&first)[0].alerts);
    let second = delivery.offer(alerts(), &at(101));
    assert_eq!(first, second);
}

#[test]
fn a_pause_reaches_what_waits() {
    let mut delivery = Delivery::default();
    delivery.offer((1..=7).map(|id| alert(id, 0)).collect(), &at(0));
    delivery.pause(None, None);
    assert_eq!(short(&delivery.tick(&at(10))), ["6 paused", "7 paused"]);
    assert_eq!(delivery.deadline(), None);
}

#[test]
fn a_clock_set_back_does_not_hold_anything_up() {
    let mut delivery = Delivery::default();
    delivery.offer((1..=7).map(|id| alert(id, 0)).collect(), &at(86_400));
    let mut decisions = delivery.offer((11..=15).map(|id| alert(id, 0)).collect(), &at(0));
    decisions.extend(delivery.tick(&at(10)));
    assert!(shown(&decisions).len() >= 2 && delivery.deadline().is_none(), "{decisions:?}");
}
