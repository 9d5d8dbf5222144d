//! The desk, as dialogues.

#![expect(clippy::expect_used, reason = "tests")]

use streambell_engine::config::{Button, Press};
use streambell_engine::host::Look;
use streambell_engine::model::{Answer, Urgency};
use streambell_protocol::Spot;

use super::screen::ON_SCREEN;
use super::*;
use crate::notifier::compose::DEFAULT;
use crate::notifier::compose::tests::notification;

const ABLE: Abilities = Abilities { actions: true, markup: true };

struct Dialogue {
    desk: Desk,
    now: Instant,
}

impl Dialogue {
    /// With a bus, and a service that answered.
    fn ready() -> Self {
        let mut dialogue = Self::joined();
        assert_eq!(dialogue.on(Input::Service(true)), [Act::Ask]);
        assert_eq!(dialogue.on(Input::Asked(Ok(ABLE))), []);
        dialogue
    }

    fn joined() -> Self {
        let mut dialogue = Self { desk: Desk::new(), now: Instant::now() };
        assert_eq!(dialogue.on(Input::BusUp), []);
        dialogue
    }

    fn on(&mut self, input: Input) -> Vec<Act> {
        self.desk.handle(input, self.now)
    }

    fn show(&mut self, slot: &str, alerts: &[i64]) -> Vec<Act> {
        self.on(Input::Show(notification(slot, alerts)))
    }

    fn wait(&mut self) -> Vec<Act> {
        self.now = self.desk.deadline().expect("a deadline");
        self.on(Input::Tick)
    }
}

fn send(ticket: Ticket, slot: &str, alerts: &[i64], replaces: u32) -> Act {
    Act::Send(ticket, Arc::new(notification(slot, alerts)), ABLE, replaces)
}

fn shown(alerts: &[i64]) -> Act {
    Act::Report(alerts.to_vec(), Ok(()))
}

fn refused(alerts: &[i64], reason: &str) -> Act {
    Act::Report(alerts.to_vec(), Err(Text::plain(reason)))
}

fn hangs(alerts: &[i64]) -> Act {
    Act::Report(alerts.to_vec(), Err(silent()))
}

#[test]
fn a_notification_is_sent_at_once_and_reported_when_it_is_on_screen() {
    let mut desk = Dialogue::ready();
    assert_eq!(desk.show("a", &[1]), [send(1, "a", &[1], 0)]);
    assert_eq!(desk.on(Input::Sent(1, Ok(70))), [shown(&[1])]);
    assert_eq!(desk.desk.deadline(), None, "nothing wakes us while nothing is on the way");
}

#[test]
fn notifications_of_different_slots_do_not_wait_for_each_other() {
    let mut desk = Dialogue::ready();
    assert_eq!(desk.show("a", &[1]), [send(1, "a", &[1], 0)]);
    assert_eq!(desk.show("b", &[2]), [send(2, "b", &[2], 0)]);
}

#[test]
fn one_of_the_same_slot_waits_for_the_id_it_replaces() {
    let mut desk = Dialogue::ready();
    desk.show("a", &[1]);
    assert_eq!(desk.show("a", &[2]), []);
    assert_eq!(desk.on(Input::Sent(1, Ok(70))), [shown(&[1]), send(2, "a", &[2], 70)]);
}

#[test]
fn the_first_notification_asks_what_the_service_can_do() {
    let mut desk = Dialogue::joined();
    assert_eq!(desk.show("a", &[1]), [Act::Ask]);
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [send(1, "a", &[1], 0)]);
}

#[test]
fn what_comes_before_the_bus_waits_for_it() {
    let mut desk = Dialogue { desk: Desk::new(), now: Instant::now() };
    assert_eq!(desk.show("a", &[1]), []);
    assert_eq!(desk.on(Input::BusUp), [Act::Ask]);
}

#[test]
fn without_a_service_alerts_are_given_back_until_one_appears() {
    let mut desk = Dialogue::joined();
    desk.show("a", &[1]);
    let nobody = Fault::Absent(Text::plain("nobody"));
    assert_eq!(desk.on(Input::Asked(Err(nobody))), [refused(&[1], "nobody")]);
    assert_eq!(desk.show("b", &[2]), [refused(&[2], "nobody")], "not asked again");
    assert_eq!(desk.desk.deadline(), None, "nothing is tried in a loop");
    assert_eq!(desk.on(Input::Service(true)), [Act::Ask]);
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [Act::Back]);
}

#[test]
fn a_service_that_fails_to_start_is_asked_again_later() {
    let mut desk = Dialogue::joined();
    desk.show("a", &[1]);
    assert_eq!(desk.on(Input::Asked(Err(Fault::Other(Text::plain("broken"))))), [refused(&[1], "broken")]);
    assert_eq!(desk.wait(), [Act::Ask]);
}

#[test]
fn a_hanging_service_is_waited_for_once_and_welcomed_back() {
    let mut desk = Dialogue::ready();
    desk.show("a", &[1]);
    desk.show("a", &[2]);
    assert_eq!(desk.wait(), [hangs(&[1]), hangs(&[2]), Act::Ask]);
    assert_eq!(desk.show("b", &[3]), [hangs(&[3])]);
    assert_eq!(desk.desk.deadline(), None, "its answer, or its end, is what we wait for");
    assert_eq!(desk.on(Input::Sent(1, Ok(70))), [Act::Withdraw(70)], "it is shown again in a moment");
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [Act::Back]);
    assert_eq!(desk.show("a", &[1]), [send(2, "a", &[1], 0)]);
}

#[test]
fn what_a_hanging_service_puts_in_the_place_of_another_stays_there() {
    let mut desk = Dialogue::ready();
    desk.show("a", &[1]);
    desk.on(Input::Sent(1, Ok(70)));
    assert_eq!(desk.show("a", &[2]), [send(2, "a", &[2], 70)]);
    assert_eq!(desk.wait(), [hangs(&[2]), Act::Ask]);
    assert_eq!(desk.on(Input::Sent(2, Ok(70))), []);
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [Act::Back]);
    assert_eq!(desk.show("a", &[2]), [send(3, "a", &[2], 70)]);
}

#[test]
fn a_late_answer_of_a_service_that_was_replaced_takes_nothing_off_the_screen_of_the_next() {
    let mut desk = Dialogue::ready();
    desk.show("a", &[1]);
    desk.show("b", &[2]);
    assert_eq!(desk.wait(), [hangs(&[1]), hangs(&[2]), Act::Ask]);
    assert_eq!(desk.on(Input::Service(true)), [Act::Ask]);
    assert_eq!(desk.on(Input::Sent(1, Ok(1))), []);
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [Act::Back]);
    assert_eq!(desk.show("a", &[1]), [send(3, "a", &[1], 0)]);
    assert_eq!(desk.on(Input::Sent(2, Ok(1))), [], "the next numbers its own from 1 too");
    assert_eq!(desk.on(Input::Sent(3, Ok(1))), [shown(&[1])]);
    desk.show("b", &[2]);
    assert_eq!(desk.wait(), [hangs(&[2]), Act::Ask]);
    assert_eq!(desk.on(Input::Sent(4, Ok(2))), [Act::Withdraw(2)]);
}

#[test]
fn a_service_that_restarts_gets_what_was_on_the_way_and_no_old_ids() {
    let mut desk = Dialogue::ready();
    desk.show("a", &[1]);
    desk.on(Input::Sent(1, Ok(70)));
    desk.show("b", &[2]);
    desk.show("b", &[3]);
    desk.show("c", &[4]);
    assert_eq!(desk.on(Input::Service(false)), [Act::Ask]);
    assert_eq!(desk.on(Input::Sent(2, Err(Fault::Other(Text::plain("no reply"))))), []);
    assert_eq!(desk.on(Input::Service(true)), [Act::Ask]);
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [send(4, "b", &[2], 0), send(5, "c", &[4], 0)]);
    assert_eq!(desk.on(Input::Sent(4, Ok(1))), [shown(&[2]), send(6, "b", &[3], 1)]);
    assert_eq!(desk.show("a", &[5]), [send(7, "a", &[5], 0)], "70 was the old service's");
}

#[test]
fn a_service_that_goes_while_nothing_is_shown_is_not_started_again() {
    let mut desk = Dialogue::ready();
    assert_eq!(desk.on(Input::Service(false)), []);
    assert_eq!(desk.show("a", &[1]), [Act::Ask]);
}

#[test]
fn a_click_on_a_summary_opens_the_list_and_a_link_the_browser() {
    let mut desk = Dialogue::ready();
    let linked = Notification { link: "https://a/".to_owned(), ..notification("a", &[1, 2]) };
    desk.on(Input::Show(linked));
    desk.on(Input::Sent(1, Ok(70)));
    let opened = [Act::Open(Spot::Unread)];
    assert_eq!(desk.on(Input::Pressed(70, "default".to_owned())), opened, "none of them is read by that");
    assert_eq!(desk.on(Input::Pressed(70, "open".to_owned())), opened);
    let followed = [Act::Browse("https://a/".to_owned()), Act::Answer(vec![1, 2], Answer::FollowedLink)];
    assert_eq!(desk.on(Input::Pressed(70, "link".to_owned())), followed);
    assert_eq!(desk.on(Input::Pressed(70, "acknowledge".to_owned())), [], "it has no such button");
    assert_eq!(desk.on(Input::Pressed(71, "default".to_owned())), [], "another program's");
    desk.on(Input::Closed(70));
    assert_eq!(desk.on(Input::Pressed(70, "default".to_owned())), []);
}

#[test]
fn each_button_does_what_it_says_and_is_an_answer() {
    let mut desk = Dialogue::ready();
    let mute = Press::MuteRule { length: Duration::from_secs(3_600) };
    let buttons = [mute, Press::CopyValue { value: None }, Press::Acknowledge];
    let buttons = buttons.map(|press| Button { press, label: None });
    let look = Look { buttons: Some(buttons.into()), value: "7".to_owned(), ..Look::default() };
    desk.on(Input::Show(Notification { look: Box::new(look), ..notification("a", &[1]) }));
    desk.on(Input::Sent(1, Ok(70)));
    let answer = |answer| Act::Answer(vec![1], answer);
    let mute = Act::Mute("Market alert".to_owned(), Duration::from_secs(3_600));
    assert_eq!(desk.on(Input::Pressed(70, "mute-3600".to_owned())), [mute, answer(Answer::Muted)]);
    let copy = Act::Copy("7".to_owned(), Some(1));
    assert_eq!(desk.on(Input::Pressed(70, "copy".to_owned())), [copy, answer(Answer::Copied)]);
    assert_eq!(desk.on(Input::Pressed(70, "acknowledge".to_owned())), [answer(Answer::Acknowledged)]);
}

/// Shows alert 1, critical, under the id 70.
fn with_a_critical_one() -> Dialogue {
    let mut desk = Dialogue::ready();
    desk.on(Input::Show(critical("a", &[1])));
    desk.on(Input::Sent(1, Ok(70)));
    desk
}

fn critical(slot: &str, alerts: &[i64]) -> Notification {
    Notification { urgency: Urgency::Critical, ..notification(slot, alerts) }
}

fn send_critical(ticket: Ticket, alerts: &[i64]) -> Act {
    Act::Send(ticket, Arc::new(critical("a", alerts)), ABLE, 0)
}

#[test]
fn a_service_that_dies_gets_the_critical_ones_again_that_nobody_read() {
    let mut desk = with_a_critical_one();
    desk.show("b", &[2]);
    desk.on(Input::Sent(2, Ok(71)));
    assert_eq!(desk.on(Input::Service(false)), [Act::Ask], "it may be one that the bus starts");
    let nobody = Fault::Absent(Text::plain("nobody"));
    assert_eq!(desk.on(Input::Asked(Err(nobody))), []);
    assert_eq!(desk.on(Input::Service(true)), [Act::Ask]);
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [send_critical(3, &[1])]);
    assert_eq!(desk.on(Input::Sent(3, Ok(1))), [], "the engine knows that it was shown");
    let opened = [Act::Open(Spot::Alert { alert: 1 }), Act::Answer(vec![1], Answer::Opened)];
    assert_eq!(desk.on(Input::Pressed(1, "default".to_owned())), opened);
}

#[test]
fn what_was_read_closed_or_replaced_is_not_shown_again() {
    for input in [Input::Close("a".to_owned()), Input::Closed(70)] {
        let mut desk = with_a_critical_one();
        desk.on(input);
        assert_eq!(desk.on(Input::Service(false)), []);
    }
    let mut desk = with_a_critical_one();
    desk.on(Input::Service(false));
    assert_eq!(desk.on(Input::Close("a".to_owned())), [], "read while there was no screen");
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), []);
    let mut desk = with_a_critical_one();
    desk.on(Input::Service(false));
    desk.on(Input::Show(critical("a", &[2])));
    let acts = desk.on(Input::Asked(Ok(ABLE)));
    assert_eq!(acts, [send_critical(2, &[1])]);
    assert_eq!(desk.on(Input::Sent(2, Ok(5))), [Act::Send(3, Arc::new(critical("a", &[2])), ABLE, 5)]);
}

#[test]
fn one_that_cannot_be_shown_again_now_is_kept_and_one_that_kills_its_service_is_not_shown_for_ever() {
    let mut desk = with_a_critical_one();
    desk.on(Input::Service(true));
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [send_critical(2, &[1])]);
    assert_eq!(desk.on(Input::Sent(2, Err(Fault::Other(Text::plain("full"))))), []);
    assert_eq!(desk.wait(), [send_critical(3, &[1])]);
    assert_eq!(desk.wait(), [Act::Ask], "it hangs");
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [send_critical(4, &[1])]);
    for ticket in 4.. {
        desk.on(Input::Sent(ticket, Ok(80)));
        if desk.on(Input::Service(false)).is_empty() {
            assert_eq!(ticket, 6, "three times on another screen");
            break;
        }
        assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [send_critical(ticket + 1, &[1])]);
    }
}

#[test]
fn a_closed_notification_is_not_replaced_but_shown_anew() {
    let mut desk = Dialogue::ready();
    desk.show("a", &[1]);
    desk.on(Input::Sent(1, Ok(70)));
    desk.on(Input::Closed(70));
    assert_eq!(desk.show("a", &[2]), [send(2, "a", &[2], 0)]);
}

#[test]
fn closing_takes_off_the_screen_what_is_there_and_what_comes() {
    let mut desk = Dialogue::ready();
    desk.show("a", &[1]);
    desk.show("a", &[2]);
    assert_eq!(desk.on(Input::Close("a".to_owned())), [shown(&[2])]);
    assert_eq!(desk.on(Input::Sent(1, Ok(70))), [shown(&[1]), Act::Withdraw(70)]);
    desk.show("b", &[3]);
    desk.on(Input::Sent(2, Ok(71)));
    assert_eq!(desk.on(Input::Close("b".to_owned())), [Act::Withdraw(71)]);
}

#[test]
fn one_refusal_is_offered_again_later_and_does_not_stop_the_rest() {
    let mut desk = Dialogue::ready();
    desk.show("a", &[1]);
    assert_eq!(desk.on(Input::Sent(1, Err(Fault::Other(Text::plain("full"))))), [refused(&[1], "full")]);
    assert_eq!(desk.show("b", &[2]), [send(2, "b", &[2], 0)]);
    desk.on(Input::Sent(2, Ok(70)));
    assert_eq!(desk.wait(), [Act::Back]);
}

#[test]
fn without_a_bus_alerts_are_given_back_until_it_is_there() {
    let mut desk = Dialogue::ready();
    desk.show("a", &[1]);
    assert_eq!(desk.on(Input::BusDown(Text::plain("no bus"))), [refused(&[1], "no bus")]);
    assert_eq!(desk.show("b", &[2]), [refused(&[2], "no bus")]);
    assert_eq!(desk.on(Input::BusUp), [Act::Ask]);
    assert_eq!(desk.on(Input::Asked(Ok(ABLE))), [Act::Back]);
}

#[test]
fn only_so_many_are_on_the_way_and_the_rest_follows_in_order() {
    let mut desk = Dialogue::ready();
    let sent: usize = (0..100).map(|number| desk.show(&format!("slot {number}"), &[number]).len()).sum();
    assert_eq!((sent, desk.desk.queue.len()), (ON_THE_WAY, 100 - ON_THE_WAY));
    assert_eq!(desk.on(Input::Sent(1, Ok(70))), [shown(&[0]), send(65, "slot 64", &[64], 0)]);
    assert_eq!(desk.show("slot 99", &[200]), []);
    for ticket in 2..=100 {
        desk.on(Input::Sent(ticket, Ok(100 + u32::try_from(ticket).expect("a small number"))));
    }
    assert_eq!(desk.on(Input::Sent(101, Ok(1))), [shown(&[200])], "after the one before it of its slot");
}

#[test]
fn what_is_held_and_remembered_is_bounded() {
    let mut desk = Dialogue::joined();
    for number in 0..400 {
        desk.show(&format!("slot {number}"), &[number]);
    }
    assert_eq!(desk.desk.queue.len(), HELD);
    let mut desk = Dialogue::ready();
    for number in 0..1_000_u32 {
        desk.show(&format!("slot {number}"), &[number.into()]);
        desk.on(Input::Sent((number + 1).into(), Ok(number + 1)));
    }
    assert!(desk.desk.screen.len() <= ON_SCREEN && desk.desk.slots.len() <= ON_SCREEN);
    assert!(desk.desk.ages.len() <= 2 * ON_SCREEN);
}

#[test]
fn a_notice_opens_its_stream_and_is_nothing_to_answer() {
    use streambell_engine::host::{Notice, NoticeKind};
    let mut desk = Dialogue::ready();
    let notice = Notice { kind: NoticeKind::SignIn, streams: vec!["market".into(), "orders".into()] };
    desk.on(Input::Show(Notification { notice: Some(notice), ..notification("notice:sign-in", &[i64::MIN]) }));
    assert_eq!(desk.on(Input::Sent(1, Ok(70))), [shown(&[i64::MIN])]);
    for key in [DEFAULT, "open"] {
        assert_eq!(
            desk.on(Input::Pressed(70, key.to_owned())),
            [Act::Open(Spot::Stream { stream: "market".to_owned() })]
        );
    }
    assert_eq!(desk.on(Input::Close("notice:sign-in".to_owned())), [Act::Withdraw(70)]);
}
