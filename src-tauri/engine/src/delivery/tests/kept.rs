//! Alerts of events that a server had kept.

use super::*;

/// Alerts 1 to `count` that arrived so many seconds after the start.
fn alerts(first: i64, last: i64, arrived: i64) -> Vec<StoredAlert> {
    (first..=last).map(|id| alert(id, arrived)).collect()
}

#[test]
fn what_a_server_had_kept_is_one_summary_once_no_more_comes() {
    let mut delivery = Delivery::default();
    assert_eq!(delivery.offer_kept(alerts(1, 10, 0), true, &at(0)), []);
    assert_eq!(delivery.offer_kept(alerts(11, 17, 0), true, &at(0)), []);
    let settled = at(0).saturating_add(SignedDuration::from_millis(500));
    assert_eq!(delivery.deadline(), Some(settled.timestamp()));
    let decisions = delivery.tick(&settled);
    let [summary] = shown(&decisions)[..] else { panic!("{decisions:?}") };
    assert_eq!((summary.title.as_str(), summary.alerts.len()), ("17 alerts while away", 17));
    assert_eq!(delivery.deadline(), None);
}

#[test]
fn before_the_first_connection_nobody_was_away() {
    let mut delivery = Delivery::default();
    delivery.offer_kept(alerts(1, 4, 0), false, &at(0));
    assert_eq!(shown(&delivery.tick(&at(1)))[0].title, "4 earlier alerts");
}

#[test]
fn a_server_that_never_pauses_holds_the_summary_back_for_five_seconds_at_most() {
    let mut delivery = Delivery::default();
    let later = |millis: i64| at(0).saturating_add(SignedDuration::from_millis(millis));
    for millis in (0..5_000).step_by(400) {
        let mut alert = alert(millis + 1, 0);
        alert.at = later(millis).timestamp();
        assert_eq!(delivery.offer_kept(vec![alert], true, &later(millis)), [], "{millis}");
    }
    assert_eq!(delivery.deadline(), Some(at(5).timestamp()));
    assert_eq!(shown(&delivery.tick(&at(5))).len(), 1);
}

#[test]
fn who_set_or_switched_off_a_throttle_goes_by_that() {
    for throttle in [None, Some(Throttle { count: 2, window: Duration::from_secs(60) })] {
        let mut delivery = configured(|rule| rule.throttle = throttle);
        let decisions = delivery.offer_kept(alerts(1, 8, 0), false, &at(0));
        assert_eq!(shown(&decisions).len(), throttle.map_or(8, |throttle| throttle.count as usize), "{throttle:?}");
    }
}

#[test]
fn a_newer_alert_of_the_group_takes_the_place_of_what_waits() {
    let mut delivery = Delivery::default();
    delivery.offer_kept(vec![grouped(1, "A"), alert(2, 0), alert(3, 0)], true, &at(0));
    let decisions = delivery.offer(vec![grouped(4, "A")], &at(0));
    assert_eq!(short(&decisions), ["1 grouped", "T4 [4]"]);
}
