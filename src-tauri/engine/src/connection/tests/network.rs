//! What the system says of network and sleep.

use super::*;
use crate::locale::Text;

fn offline(talk: &Talk) -> bool {
    matches!(talk.machine.state(), State::Offline { .. })
}

#[test]
fn without_a_network_a_stream_is_offline_and_back_at_once_with_it() {
    let mut talk = Talk::connecting(POLICY);
    talk.tell(cut());
    assert_eq!(talk.tell(Input::NetworkDown), [Action::Report]);
    assert!(offline(&talk));
    assert_eq!(talk.tell(Input::NetworkUp), [Action::Report, Action::Connect]);
}

#[test]
fn offline_is_doubted_every_minute() {
    let mut talk = Talk::connecting(POLICY);
    assert_eq!(talk.tell(Input::NetworkDown), [], "what is under way may come through");
    talk.tell(cut());
    assert!(offline(&talk));
    assert_eq!(talk.pass(60), [Action::Report, Action::Connect]);
    talk.tell(cut());
    assert!(offline(&talk));
}

#[test]
fn a_server_that_answers_all_the_same_proves_the_system_wrong() {
    for answer in [Input::Opened, status_of(503, None)] {
        let mut talk = Talk::connecting(POLICY);
        talk.tell(Input::NetworkDown);
        talk.tell(answer);
        talk.tell(cut());
        assert!(matches!(talk.machine.state(), State::Waiting(_)), "{:?}", talk.machine.state());
        talk.tell(Input::NetworkDown);
        assert!(offline(&talk), "until it says so again");
    }
}

#[test]
fn a_network_that_goes_away_closes_nothing_and_shortens_no_wait() {
    let mut talk = Talk::open(POLICY);
    assert_eq!(talk.tell(Input::NetworkDown), []);
    assert_eq!(talk.machine.state(), &State::Open);

    let mut talk = Talk::connecting(POLICY);
    talk.tell(status_of(503, Some(600)));
    talk.tell(Input::NetworkDown);
    assert_eq!(talk.deadline(), Some(600));
}

#[test]
fn a_refresh_that_waits_for_the_network_goes_on_with_it() {
    let mut talk = Talk::connecting(Policy { refresh: true, ..POLICY });
    talk.answered(401);
    talk.tell(Input::NetworkDown);
    talk.tell(Input::Refreshed(Err(Refusal::Network(Text::plain("x")))));
    assert!(offline(&talk));
    assert_eq!(talk.tell(Input::NetworkUp), [Action::Report, Action::Refresh]);
}

#[test]
fn with_another_network_an_open_connection_proves_itself_or_is_made_anew_at_once() {
    let mut talk = Talk::open(POLICY);
    talk.tell(Input::NetworkUp);
    assert_eq!(talk.deadline(), Some(20));
    assert_eq!(talk.pass(20), [Action::Close, Action::Report, Action::Connect]);

    let mut talk = Talk::open(POLICY);
    talk.tell(Input::NetworkUp);
    talk.tell(Input::Bytes);
    assert_eq!(talk.pass(20), []);
}

#[test]
fn after_a_sleep_everything_is_connected_anew_at_once() {
    assert_eq!(Talk::open(POLICY).tell(Input::Woke), [Action::Close, Action::Report, Action::Connect]);
    let mut talk = Talk::connecting(POLICY);
    talk.tell(cut());
    assert_eq!(talk.tell(Input::Woke), [Action::Report, Action::Connect]);
    talk.answered(404);
    assert_eq!(talk.tell(Input::Woke), []);
}
