//! What is shown once, again, and no more.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, Mutex};

use super::*;
use crate::config::RuleConfig;
use crate::model::Alert;

#[derive(Debug, Clone, Default)]
struct Screen(Arc<Mutex<Vec<String>>>);

impl Host for Screen {
    fn show(&mut self, notification: Notification) {
        self.0.lock().unwrap().push(format!("show {:?}", notification.alerts));
    }

    fn close(&mut self, slot: &str) {
        self.0.lock().unwrap().push(format!("close {slot}"));
    }
}

impl Screen {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn at(seconds: i64) -> Zoned {
    Timestamp::constant(1_000 + seconds, 0).to_zoned(jiff::tz::TimeZone::UTC)
}

fn alert(id: i64) -> StoredAlert {
    StoredAlert {
        id,
        seq: id,
        at: at(0).timestamp(),
        stream: "s".into(),
        event: "e".to_owned(),
        alert: Alert { rule: "r".into(), title: "t".to_owned(), ..Alert::default() },
        state: AlertState::Pending,
        read: false,
        shown_at: None,
        resolved_at: None,
        answer: None,
    }
}

fn outbox(expires: Option<Duration>) -> (Outbox, Screen) {
    let screen = Screen::default();
    let mut outbox = Outbox::new(Box::new(screen.clone()));
    let rule = RuleConfig { expires, ..RuleConfig::new("r", &["*"]) };
    outbox.configure(&Config { rules: vec![rule], ..Config::default() });
    (outbox, screen)
}

#[test]
fn an_old_answer_of_the_ledger_shows_nothing_again() {
    let (mut outbox, screen) = outbox(None);
    outbox.offer(vec![alert(1), alert(2)], &at(0));
    assert_eq!(screen.take(), ["show [1]", "show [2]"]);
    outbox.answered(&[2], Err(crate::locale::Text::plain("refused")));
    outbox.asking();
    assert_eq!(outbox.answered(&[1], Ok(())), [(1, AlertState::Shown)]);
    // Alert 1 was shown while the ledger looked.
    outbox.offer_pending(vec![alert(1), alert(2)], &at(1));
    assert_eq!(screen.take(), ["show [2]"]);
    assert!(outbox.decided.is_empty(), "nothing is awaited any more");
}

#[test]
fn a_notification_that_means_nothing_any_more_is_taken_off_the_screen() {
    let (mut outbox, screen) = outbox(Some(Duration::from_secs(20)));
    outbox.offer(vec![alert(1)], &at(0));
    assert_eq!(outbox.deadline(), Some(at(20).timestamp()));
    outbox.tick(&at(19));
    assert_eq!(screen.take(), ["show [1]"]);
    outbox.tick(&at(20));
    assert_eq!((screen.take(), outbox.deadline()), (vec!["close alert:1".to_owned()], None));
}

#[test]
fn an_alert_that_is_read_leaves_the_screen_though_one_that_it_replaced_is_unread() {
    let (mut outbox, screen) = outbox(None);
    let grouped = |id| StoredAlert { alert: Alert { group: "g".to_owned(), ..alert(id).alert }, ..alert(id) };
    for id in [1, 2] {
        outbox.offer(vec![grouped(id)], &at(0));
        outbox.answered(&[id], Ok(()));
    }
    screen.take();
    outbox.close(&[2]);
    assert_eq!(screen.take(), ["close group:r\ng"]);
}

#[test]
fn what_fails_is_tried_again_after_ever_longer_waits_until_something_is_shown() {
    let (mut outbox, _screen) = outbox(None);
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
        let now = Instant::now();
        outbox.answered(&[1], Err(crate::locale::Text::plain("refused")));
        let wait = outbox.retry_at().unwrap().duration_since(now).as_secs_f64();
        assert!((wait - f64::from(seconds)).abs() < 0.5, "{wait}");
        outbox.retrying();
    }
    outbox.answered(&[2], Ok(()));
    outbox.answered(&[1], Err(crate::locale::Text::plain("refused")));
    assert!(outbox.retry_at().unwrap().duration_since(Instant::now()) <= RETRY_FIRST);
}
