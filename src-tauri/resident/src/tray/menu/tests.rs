//! What the tray shows in each state of things.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::Instant;

use streambell_engine::connection::{Wait, WaitReason};
use streambell_engine::model::{Alert, AlertState, StoredAlert};
use streambell_engine::subscription::Token;

use super::*;
use streambell_engine::locale::Text;

fn snapshot(states: &[State]) -> Snapshot {
    let stream = |(number, state): (usize, &State)| StreamStatus {
        name: format!("s{number}").as_str().into(),
        url: String::new(),
        state: state.clone(),
        since: Timestamp::UNIX_EPOCH,
        retry_at: None,
        connections: 0,
        events_per_minute: 0,
        first_byte_after: None,
        events: 0,
        last_event_at: None,
        last_event_id: String::new(),
        quiet_since: None,
        gaps: 0,
        last_gap: None,
        token: Token::default(),
        by_code: false,
        sign_in: None,
    };
    Snapshot {
        demo: false,
        locale: Locale::English,
        at: Timestamp::UNIX_EPOCH,
        pause: None,
        unread: 0,
        notifications_trouble: None,
        said: 0,
        ledger_trouble: None,
        configuration_trouble: None,
        configurations: 0,
        streams: states.iter().enumerate().map(stream).collect(),
        stream_pauses: std::collections::BTreeMap::new(),
        silences: Vec::new(),
        tiles: Vec::new(),
        tiles_left_out: 0,
        alerts: Vec::new(),
    }
}

fn waiting(attempt: u32) -> State {
    let delay = Duration::from_secs(3);
    let message = Text::plain("refused");
    State::Waiting(Wait { until: Instant::now(), delay, reason: WaitReason::Network, message, attempt })
}

fn alert(id: i64, title: &str) -> StoredAlert {
    StoredAlert {
        id,
        seq: id,
        at: Timestamp::UNIX_EPOCH,
        stream: "s0".into(),
        event: "market-alert".to_owned(),
        alert: Alert { rule: "Market alert".into(), title: title.to_owned(), ..Alert::default() },
        state: AlertState::Shown,
        read: false,
        shown_at: None,
        resolved_at: None,
        answer: None,
    }
}

fn menu(snapshot: &Snapshot) -> Menu {
    Menu::of(snapshot, None, &TimeZone::UTC)
}

fn button(label: &str, press: Press) -> Item {
    Item::Button(label.to_owned(), press)
}

#[test]
fn the_whole_menu_when_all_is_well() {
    let minutes = |minutes: u64| Press::Pause(Some(Duration::from_secs(minutes * 60)));
    let wanted = Menu {
        icon: Icon::Connected,
        summary: "The stream is live".to_owned(),
        items: vec![
            Item::Text("● s0: connected".to_owned()),
            Item::Separator,
            button("Open dashboard", Press::Open(None)),
            Item::Submenu(
                "Pause notifications".to_owned(),
                vec![
                    button("Pause 15 minutes", minutes(15)),
                    button("Pause 1 hour", minutes(60)),
                    button("Pause until tomorrow", Press::PauseUntilTomorrow),
                    button("Pause until resumed", Press::Pause(None)),
                ],
            ),
            button("Reconnect now", Press::Reconnect),
            Item::Separator,
            button("Quit", Press::Quit),
        ],
        troubled: BTreeSet::new(),
    };
    assert_eq!(menu(&snapshot(&[State::Open])), wanted);
}

#[test]
fn every_state_has_a_symbol_and_words() {
    let message = Text::default();
    let reason = streambell_engine::connection::EndReason::Status;
    for (state, wanted) in [
        (State::Open, "● s0: connected"),
        (State::Connecting, "◐ s0: connecting"),
        (State::Refreshing, "◐ s0: renewing its token"),
        (waiting(0), "◐ s0: reconnecting"),
        (waiting(1), "▲ s0: trying again"),
        (State::Offline { until: Instant::now() }, "▲ s0: no network"),
        (State::NeedsSignIn { message: message.clone() }, "■ s0: needs you to sign in"),
        (State::Ended { reason, message }, "■ s0: ended"),
        (State::Idle, "○ s0: not started"),
        (State::Paused, "○ s0: switched off"),
    ] {
        assert_eq!(menu(&snapshot(&[state])).items[0], Item::Text(wanted.to_owned()));
    }
}

#[test]
fn the_icon_shows_what_matters_most() {
    let mut snapshot = snapshot(&[State::Open]);
    assert_eq!(menu(&snapshot).icon, Icon::Connected);
    snapshot.pause = Some(Pause { until: None });
    assert_eq!(menu(&snapshot).icon, Icon::Paused);
    snapshot.unread = 1;
    assert_eq!(menu(&snapshot).icon, Icon::Unread);
    snapshot.notifications_trouble = Some(Text::plain("nobody shows them"));
    let menu = menu(&snapshot);
    assert_eq!(menu.icon, Icon::Trouble);
    assert_eq!(menu.items[0], Item::Text("▲ Notifications: nobody shows them".to_owned()));
}

#[test]
fn a_stream_that_ended_as_it_should_is_no_trouble() {
    use streambell_engine::connection::EndReason::{Finished, NoContent, Status};
    let ended = |reason| menu(&snapshot(&[State::Open, State::Ended { reason, message: Text::default() }])).icon;
    assert_eq!([ended(Finished), ended(NoContent)], [Icon::Connected, Icon::Connected]);
    assert_eq!(ended(Status), Icon::Trouble);
}

#[test]
fn one_failure_is_no_trouble_and_a_new_try_does_not_end_it() {
    assert_eq!(menu(&snapshot(&[waiting(0)])).icon, Icon::Connected);
    assert_eq!(menu(&snapshot(&[waiting(1)])).icon, Icon::Connected);
    let failing = menu(&snapshot(&[waiting(2)]));
    assert_eq!(failing.icon, Icon::Trouble);
    let again = Menu::of(&snapshot(&[State::Connecting]), Some(&failing), &TimeZone::UTC);
    assert_eq!(again.icon, Icon::Trouble);
    let open = Menu::of(&snapshot(&[State::Open]), Some(&again), &TimeZone::UTC);
    assert_eq!(open.icon, Icon::Connected);
}

#[test]
fn unread_alerts_open_the_dashboard_at_themselves() {
    let mut snapshot = snapshot(&[State::Open]);
    snapshot.unread = 7;
    snapshot.alerts = (1..8).rev().map(|id| alert(id, &format!("alert\n{id}"))).collect();
    let items = menu(&snapshot).items;
    assert_eq!(items[2], button("7 unread alerts", Press::Open(Some(7))));
    assert_eq!(items[3], button("    alert 7 · 00:00", Press::Open(Some(7))));
    assert_eq!(items[8], Item::Separator, "five of them at most");
}

#[test]
fn alerts_with_one_title_are_told_apart_by_their_time_however_long_the_title_is() {
    let mut snapshot = snapshot(&[State::Open]);
    let mut line = |at: &str, locale| {
        snapshot.locale = locale;
        snapshot.at = "2026-11-20T23:00:00Z".parse().unwrap();
        snapshot.alerts = vec![StoredAlert { at: at.parse().unwrap(), ..alert(1, &"Door opened ".repeat(9)) }];
        let Item::Button(line, _) = menu(&snapshot).items.swap_remove(3) else { panic!("no line of the alert") };
        assert_eq!(line.chars().count(), LONGEST);
        line.split_once('…').unwrap().1.to_owned()
    };
    assert_eq!(line("2026-11-20T16:12:59Z", Locale::English), " · 16:12");
    assert_eq!(line("2026-11-19T23:30:00Z", Locale::English), " · Thu 23:30");
    assert_eq!(line("2026-11-19T23:30:00Z", Locale::Chinese), " · 周四 23:30");
    assert_eq!(line("2026-11-13T23:30:00Z", Locale::English), " · Nov 13, 23:30");
    assert_eq!(line("2025-11-20T23:30:00Z", Locale::Chinese), " · 11月20日 23:30");
}

#[test]
fn the_tool_tip_says_as_the_dashboard_does_whether_all_is_live() {
    let says = |states: &[State], locale| menu(&Snapshot { locale, ..snapshot(states) }).summary;
    for (states, english, chinese) in [
        (&[][..], "No stream is configured yet", "还没有配置流"),
        (&[State::Open], "The stream is live", "1 个流已连接"),
        (&[State::Paused], "s0: switched off", "s0：已关闭"),
        (&[State::Open, State::Open], "All 2 streams live", "2 个流已连接"),
        (&[State::Open, State::Connecting], "1 of 2 streams live", "2 个流中 1 个已连接"),
    ] {
        assert_eq!((says(states, Locale::English), says(states, Locale::Chinese)), (english.into(), chinese.into()));
    }
}

#[test]
fn a_pause_tells_its_end_and_offers_to_resume() {
    let mut snapshot = snapshot(&[State::Open]);
    snapshot.pause = Some(Pause { until: "2026-11-20T14:05:30Z".parse().ok() });
    let shown = menu(&snapshot);
    assert!(shown.items.contains(&Item::Text("Notifications are paused until 14:05".to_owned())));
    assert!(shown.items.contains(&button("Resume notifications", Press::Resume)));
    assert_eq!(shown.summary, "The stream is live, paused until 14:05");
}

#[test]
fn counters_that_move_do_not_change_the_menu() {
    let quiet = snapshot(&[State::Open]);
    let mut busy = quiet.clone();
    busy.streams[0].events = 1_000;
    busy.streams[0].last_event_at = Some(Timestamp::MAX);
    busy.at = Timestamp::MAX;
    assert_eq!(menu(&quiet), menu(&busy));
}

#[test]
fn many_streams_and_long_names_stay_readable() {
    let mut snapshot = snapshot(&vec![State::Open; 20]);
    snapshot.streams[0].name = "x".repeat(64).as_str().into();
    let items = menu(&snapshot).items;
    assert_eq!(items[STREAMS], Item::Text("… and 8 more".to_owned()));
    assert!(matches!(&items[0], Item::Text(line) if line.chars().count() == LONGEST && line.ends_with('…')));
}

#[test]
fn a_stream_that_is_unusually_quiet_says_so_and_alarms_nobody() {
    let mut snapshot = snapshot(&[State::Open]);
    snapshot.streams[0].quiet_since = Some(Timestamp::UNIX_EPOCH);
    let menu = Menu::of(&snapshot, None, &TimeZone::UTC);
    assert_eq!(menu.items[0], Item::Text("◌ s0: connected, but unusually quiet".to_owned()));
    assert_eq!(menu.icon, Icon::Connected);
}

#[test]
fn the_rules_of_unread_alerts_can_be_silenced_and_silences_be_ended() {
    let mut state = snapshot(&[State::Open]);
    state.alerts = vec![alert(2, "B"), alert(1, "A")];
    state.silences = vec![Silence {
        id: 7,
        matcher: Matcher { group: Some("BTC*".to_owned()), ..Matcher::of_rule("Price") },
        until: Timestamp::UNIX_EPOCH,
        comment: String::new(),
        at: Timestamp::UNIX_EPOCH,
    }];
    let items = menu(&state).items;
    let hour = Duration::from_secs(3_600);
    let mute = vec![button("Market alert", Press::Mute("Market alert".into(), hour))];
    assert!(items.contains(&Item::Submenu("Silence a rule for 1 hour".to_owned(), mute)), "{items:?}");
    let end = vec![button("Price, BTC* until Thu 00:00", Press::Unsilence(7))];
    assert!(items.contains(&Item::Submenu("End a silence (1)".to_owned(), end)), "{items:?}");
}

#[test]
fn the_menu_speaks_chinese_where_the_person_does() {
    let mut snapshot = snapshot(&[State::Open, waiting(3)]);
    snapshot.locale = Locale::Chinese;
    snapshot.unread = 1;
    snapshot.alerts = vec![alert(7, "BTC -3 %")];
    let menu = Menu::of(&snapshot, None, &TimeZone::UTC);
    assert_eq!(menu.summary, "2 个流中 1 个已连接，1 条未读");
    let english = |item: &Item| match item {
        Item::Text(text) | Item::Button(text, _) | Item::Submenu(text, _) => {
            text.contains(|one: char| one.is_ascii_alphabetic())
        }
        Item::Separator => false,
    };
    let left: Vec<_> = menu.items.iter().filter(|item| english(item)).collect();
    let own = |item: &&&Item| matches!(item, Item::Text(text) | Item::Button(text, _) if text.contains("s0") || text.contains("s1") || text.contains("BTC"));
    assert_eq!(left.iter().filter(|item| !own(item)).count(), 0, "{left:?}");
}
