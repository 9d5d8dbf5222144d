//! What the tray shows, as a value. Pure.

mod words;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use streambell_engine::connection::State;
use streambell_engine::locale::Locale;
use streambell_engine::model::{StoredAlert, StreamId};
use streambell_engine::silence::{Matcher, Silence};
use streambell_engine::snapshot::{Pause, Snapshot, StreamStatus};

use words::Word;

/// How many streams have a line of their own.
const STREAMS: usize = 12;

/// How many unread alerts have a line of their own.
const ALERTS: usize = 5;

/// How many rules can be muted from here.
const RULES: usize = 5;

/// For how long.
const MUTE: Duration = Duration::from_secs(3_600);

/// The longest line, in characters.
const LONGEST: usize = 70;

/// After so many failures in a row a stream counts as in trouble; one alone is weather.
const FAILURES: u32 = 2;

/// All that the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub(super) struct Menu {
    /// The icon.
    pub(super) icon: Icon,
    /// The state of things in one line, for the icon's tool tip.
    pub(super) summary: String,
    /// The menu, from the top.
    pub(super) items: Vec<Item>,
    /// The streams that are in trouble. A stream that only tries again stays among them, so that the icon is calm.
    troubled: BTreeSet<StreamId>,
}

/// What the icon tells; what matters most wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub(super) enum Icon {
    /// Something needs a person, or keeps failing.
    Trouble,
    /// There are unread alerts.
    Unread,
    /// Notifications are paused.
    Paused,
    /// All is well.
    #[cfg_attr(test, default)]
    Connected,
}

/// A line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// Only to be read.
    Text(String),
    /// Does something.
    Button(String, Press),
    /// A menu behind a line.
    Submenu(String, Vec<Item>),
    /// A line between groups.
    Separator,
}

/// What pressing a line does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Press {
    /// Opens the dashboard, at an alert if one is named.
    Open(Option<i64>),
    /// Pauses for so long, or until resumed.
    Pause(Option<Duration>),
    /// Pauses until the next morning.
    PauseUntilTomorrow,
    /// Ends the pause.
    Resume,
    /// Silences a rule for so long.
    Mute(Arc<str>, Duration),
    /// Ends a silence.
    Unsilence(i64),
    /// Connects all streams now.
    Reconnect,
    /// Ends Streambell.
    Quit,
}

impl Menu {
    /// The menu for a state of things; `before` is what is shown now.
    pub(super) fn of(snapshot: &Snapshot, before: Option<&Self>, zone: &TimeZone) -> Self {
        let troubled = troubled(snapshot, before);
        let icon = match () {
            () if !troubled.is_empty() || troubles(snapshot).next().is_some() => Icon::Trouble,
            () if snapshot.unread > 0 => Icon::Unread,
            () if snapshot.pause.is_some() => Icon::Paused,
            () => Icon::Connected,
        };
        let groups = [
            state(snapshot),
            alerts(snapshot, zone),
            controls(snapshot, zone),
            quiet(snapshot, zone),
            end(snapshot.locale),
        ];
        let items = groups.into_iter().filter(|group| !group.is_empty()).collect::<Vec<_>>().join(&Item::Separator);
        Self { icon, summary: summary(snapshot, zone), items, troubled }
    }
}

/// The streams that need a person or keep failing.
fn troubled(snapshot: &Snapshot, before: Option<&Menu>) -> BTreeSet<StreamId> {
    let was = |stream: &StreamStatus| before.is_some_and(|menu| menu.troubled.contains(&stream.name));
    let is = |stream: &&StreamStatus| match &stream.state {
        State::NeedsSignIn { .. } | State::Offline { .. } => true,
        State::Ended { reason, .. } => !reason.is_normal(),
        State::Waiting(wait) => wait.attempt >= FAILURES,
        State::Connecting | State::Refreshing => was(stream),
        State::Idle | State::Open | State::Paused => false,
    };
    snapshot.streams.iter().filter(is).map(|stream| stream.name.clone()).collect()
}

/// What is wrong besides streams.
fn troubles(snapshot: &Snapshot) -> impl Iterator<Item = String> {
    let parts = [
        (Word::Notifications, snapshot.notifications_trouble.as_ref().map(|text| text.read(snapshot.locale))),
        (Word::History, snapshot.ledger_trouble.as_ref().map(|text| text.read(snapshot.locale))),
        (Word::Configuration, snapshot.configuration_trouble.as_ref().map(|text| text.read(snapshot.locale))),
    ];
    parts.into_iter().filter_map(|(part, trouble)| Some(words::trouble(part, trouble?, snapshot.locale)))
}

fn state(snapshot: &Snapshot) -> Vec<Item> {
    let mut items = troubles(snapshot).map(|line| Item::Text(cut(&format!("▲ {line}")))).collect::<Vec<_>>();
    if snapshot.streams.is_empty() {
        items.push(Item::Text(format!("○ {}", Word::NoStream.text(snapshot.locale))));
    }
    let line = |stream| Item::Text(cut(&words::stream(stream, snapshot.locale)));
    items.extend(snapshot.streams.iter().take(STREAMS).map(line));
    let rest = snapshot.streams.len().saturating_sub(STREAMS);
    if rest > 0 {
        items.push(Item::Text(words::more_streams(rest, snapshot.locale)));
    }
    items
}

fn alerts(snapshot: &Snapshot, zone: &TimeZone) -> Vec<Item> {
    let Some(newest) = snapshot.alerts.first() else { return Vec::new() };
    let head = Item::Button(words::unread_alerts(snapshot.unread, snapshot.locale), Press::Open(Some(newest.id)));
    let now = Timestamp::to_zoned(snapshot.at, zone.clone());
    let line = |alert: &StoredAlert| {
        // Of several with one title this tells which is which: it is not cut off.
        let at = words::moment(&Timestamp::to_zoned(alert.at, zone.clone()), &now, snapshot.locale);
        let room = LONGEST.saturating_sub(at.chars().count() + 7);
        Item::Button(format!("    {} · {at}", cut_to(room, &alert.alert.title)), Press::Open(Some(alert.id)))
    };
    std::iter::once(head).chain(snapshot.alerts.iter().take(ALERTS).map(line)).collect()
}

fn controls(snapshot: &Snapshot, zone: &TimeZone) -> Vec<Item> {
    let locale = snapshot.locale;
    let button = |word: Word, press| Item::Button(word.text(locale).to_owned(), press);
    let mut items = vec![button(Word::OpenDashboard, Press::Open(None))];
    match &snapshot.pause {
        Some(pause) => {
            items.push(Item::Text(words::paused(until(pause, zone).as_deref(), locale)));
            items.push(button(Word::Resume, Press::Resume));
        }
        None => {
            let minutes = |minutes: u64| Press::Pause(Some(Duration::from_secs(minutes * 60)));
            let lengths = vec![
                button(Word::Pause15Minutes, minutes(15)),
                button(Word::Pause1Hour, minutes(60)),
                button(Word::PauseUntilTomorrow, Press::PauseUntilTomorrow),
                button(Word::PauseUntilResumed, Press::Pause(None)),
            ];
            items.push(Item::Submenu(Word::PauseNotifications.text(locale).to_owned(), lengths));
        }
    }
    items.push(button(Word::Reconnect, Press::Reconnect));
    items
}

/// Silences: to make one of a rule that is in the way just now, and to end those there are.
fn quiet(snapshot: &Snapshot, zone: &TimeZone) -> Vec<Item> {
    let locale = snapshot.locale;
    let mut rules: Vec<Arc<str>> = Vec::new();
    for alert in &snapshot.alerts {
        if rules.len() < RULES && !rules.contains(&alert.alert.rule) {
            rules.push(Arc::clone(&alert.alert.rule));
        }
    }
    let mute = |rule: Arc<str>| Item::Button(cut(&rule), Press::Mute(rule, MUTE));
    let mut items = Vec::new();
    if !rules.is_empty() {
        items.push(Item::Submenu(Word::MuteRule.text(locale).to_owned(), rules.into_iter().map(mute).collect()));
    }
    let end = |silence: &Silence| {
        let until = words::day_and_time(&Timestamp::to_zoned(silence.until, zone.clone()), locale);
        Item::Button(cut(&words::silence(&described(silence), &until, locale)), Press::Unsilence(silence.id))
    };
    if !snapshot.silences.is_empty() {
        let ends = snapshot.silences.iter().take(STREAMS).map(end).collect();
        items.push(Item::Submenu(words::end_a_silence(snapshot.silences.len(), locale), ends));
    }
    items
}

/// What a silence is about, in a few words.
fn described(silence: &Silence) -> String {
    let Matcher { stream, rule, group, text } = &silence.matcher;
    let parts = [stream, rule, group, text].into_iter().flatten().cloned();
    parts.collect::<Vec<_>>().join(", ")
}

fn end(locale: Locale) -> Vec<Item> {
    vec![Item::Button(Word::Quit.text(locale).to_owned(), Press::Quit)]
}

/// When a pause ends; `None`: when resumed.
fn until(pause: &Pause, zone: &TimeZone) -> Option<String> {
    Some(Timestamp::to_zoned(pause.until?, zone.clone()).strftime("%H:%M").to_string())
}

fn summary(snapshot: &Snapshot, zone: &TimeZone) -> String {
    let streams = match &snapshot.streams[..] {
        [] => Word::NoStream.text(snapshot.locale).to_owned(),
        [stream] if stream.state != State::Open => words::said(stream, snapshot.locale),
        streams => {
            let open = streams.iter().filter(|stream| stream.state == State::Open).count();
            words::live(open, streams.len(), snapshot.locale)
        }
    };
    let paused = |pause| words::paused_short(until(pause, zone).as_deref(), snapshot.locale);
    let rest = snapshot.pause.iter().map(paused).chain(troubles(snapshot)).collect();
    cut(&words::summary(streams, snapshot.unread, rest, snapshot.locale))
}

/// One line of bounded length; text may come from a server.
fn cut(text: &str) -> String {
    cut_to(LONGEST, text)
}

fn cut_to(longest: usize, text: &str) -> String {
    let mut characters = text.chars().map(|one| if one.is_control() { ' ' } else { one });
    let mut line = characters.by_ref().take(longest).collect::<String>();
    if characters.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests;
