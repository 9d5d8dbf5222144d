//! What the tray shows, as a value. Pure.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use streambell_engine::connection::State;
use streambell_engine::model::StreamId;
use streambell_engine::silence::{Matcher, Silence};
use streambell_engine::snapshot::{Pause, Snapshot, StreamStatus};

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
pub(super) enum Icon {
    /// Something needs a person, or keeps failing.
    Trouble,
    /// There are unread alerts.
    Unread,
    /// Notifications are paused.
    Paused,
    /// All is well.
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
        let groups = [state(snapshot), alerts(snapshot), controls(snapshot, zone), quiet(snapshot, zone), end()];
        let items = groups.into_iter().filter(|group| !group.is_empty()).collect::<Vec<_>>().join(&Item::Separator);
        Self { icon, summary: summary(snapshot, zone), items, troubled }
    }
}

/// The streams that need a person or keep failing.
fn troubled(snapshot: &Snapshot, before: Option<&Menu>) -> BTreeSet<StreamId> {
    let was = |stream: &StreamStatus| before.is_some_and(|menu| menu.troubled.contains(&stream.name));
    let is = |stream: &&StreamStatus| match &stream.state {
        State::NeedsSignIn { .. } | State::Ended { .. } | State::Offline => true,
        State::Waiting(wait) => wait.attempt >= FAILURES,
        State::Connecting | State::Refreshing => was(stream),
        State::Idle | State::Open | State::Paused => false,
    };
    snapshot.streams.iter().filter(is).map(|stream| stream.name.clone()).collect()
}

/// What is wrong besides streams.
fn troubles(snapshot: &Snapshot) -> impl Iterator<Item = String> {
    let parts = [
        ("Notifications", &snapshot.notifications_trouble),
        ("History", &snapshot.ledger_trouble),
        ("Configuration", &snapshot.configuration_trouble),
    ];
    parts.into_iter().filter_map(|(name, trouble)| Some(format!("▲ {name}: {}", trouble.as_ref()?)))
}

fn state(snapshot: &Snapshot) -> Vec<Item> {
    let mut items = troubles(snapshot).map(|line| Item::Text(cut(&line))).collect::<Vec<_>>();
    if snapshot.streams.is_empty() {
        items.push(Item::Text("○ No stream is configured yet".to_owned()));
    }
    items.extend(snapshot.streams.iter().take(STREAMS).map(|stream| Item::Text(cut(&stream_line(stream)))));
    let rest = snapshot.streams.len().saturating_sub(STREAMS);
    if rest > 0 {
        items.push(Item::Text(format!("… and {rest} more")));
    }
    items
}

fn stream_line(stream: &StreamStatus) -> String {
    let (symbol, words) = match &stream.state {
        State::Open if stream.quiet_since.is_some() => ("◌", "connected, but unusually quiet"),
        State::Open => ("●", "connected"),
        State::Connecting => ("◐", "connecting"),
        State::Refreshing => ("◐", "renewing its token"),
        State::Waiting(wait) if wait.attempt == 0 => ("◐", "reconnecting"),
        State::Waiting(_) => ("▲", "trying again"),
        State::Offline => ("▲", "no network"),
        State::NeedsSignIn { .. } => ("■", "needs you to sign in"),
        State::Ended { .. } => ("■", "ended"),
        State::Idle => ("○", "not started"),
        State::Paused => ("○", "switched off"),
    };
    format!("{symbol} {}: {words}", stream.name)
}

fn alerts(snapshot: &Snapshot) -> Vec<Item> {
    let Some(newest) = snapshot.alerts.first() else { return Vec::new() };
    let plural = if snapshot.unread == 1 { "" } else { "s" };
    let head = Item::Button(format!("{} unread alert{plural}", snapshot.unread), Press::Open(Some(newest.id)));
    let line = |alert: &streambell_engine::model::StoredAlert| {
        Item::Button(cut(&format!("    {}", alert.alert.title)), Press::Open(Some(alert.id)))
    };
    std::iter::once(head).chain(snapshot.alerts.iter().take(ALERTS).map(line)).collect()
}

fn controls(snapshot: &Snapshot, zone: &TimeZone) -> Vec<Item> {
    let mut items = vec![Item::Button("Open dashboard".to_owned(), Press::Open(None))];
    match &snapshot.pause {
        Some(pause) => {
            items.push(Item::Text(format!("Notifications are paused {}", until(pause, zone))));
            items.push(Item::Button("Resume notifications".to_owned(), Press::Resume));
        }
        None => {
            let minutes = |minutes: u64| Press::Pause(Some(Duration::from_secs(minutes * 60)));
            let lengths = vec![
                Item::Button("Pause 15 minutes".to_owned(), minutes(15)),
                Item::Button("Pause 1 hour".to_owned(), minutes(60)),
                Item::Button("Pause until tomorrow".to_owned(), Press::PauseUntilTomorrow),
                Item::Button("Pause until resumed".to_owned(), Press::Pause(None)),
            ];
            items.push(Item::Submenu("Pause notifications".to_owned(), lengths));
        }
    }
    items.push(Item::Button("Reconnect now".to_owned(), Press::Reconnect));
    items
}

/// Silences: to make one of a rule that is in the way just now, and to end those there are.
fn quiet(snapshot: &Snapshot, zone: &TimeZone) -> Vec<Item> {
    let mut rules: Vec<Arc<str>> = Vec::new();
    for alert in &snapshot.alerts {
        if rules.len() < RULES && !rules.contains(&alert.alert.rule) {
            rules.push(Arc::clone(&alert.alert.rule));
        }
    }
    let mute = |rule: Arc<str>| Item::Button(cut(&rule), Press::Mute(rule, MUTE));
    let mut items = Vec::new();
    if !rules.is_empty() {
        items.push(Item::Submenu("Mute a rule for 1 hour".to_owned(), rules.into_iter().map(mute).collect()));
    }
    let end = |silence: &Silence| {
        let until = Timestamp::to_zoned(silence.until, zone.clone()).strftime("%a %H:%M").to_string();
        Item::Button(cut(&format!("{} until {until}", described(silence))), Press::Unsilence(silence.id))
    };
    if !snapshot.silences.is_empty() {
        let ends = snapshot.silences.iter().take(STREAMS).map(end).collect();
        items.push(Item::Submenu(format!("End a silence ({})", snapshot.silences.len()), ends));
    }
    items
}

/// What a silence is about, in a few words.
fn described(silence: &Silence) -> String {
    let Matcher { stream, rule, group, text } = &silence.matcher;
    let parts = [stream, rule, group, text].into_iter().flatten().cloned();
    parts.collect::<Vec<_>>().join(", ")
}

fn end() -> Vec<Item> {
    vec![Item::Button("Quit".to_owned(), Press::Quit)]
}

fn until(pause: &Pause, zone: &TimeZone) -> String {
    match pause.until {
        Some(until) => format!("until {}", Timestamp::to_zoned(until, zone.clone()).strftime("%H:%M")),
        None => "until resumed".to_owned(),
    }
}

fn summary(snapshot: &Snapshot, zone: &TimeZone) -> String {
    let open = snapshot.streams.iter().filter(|stream| stream.state == State::Open).count();
    let mut parts = vec![format!("{open} of {} streams connected", snapshot.streams.len())];
    if snapshot.unread > 0 {
        parts.push(format!("{} unread", snapshot.unread));
    }
    if let Some(pause) = &snapshot.pause {
        parts.push(format!("paused {}", until(pause, zone)));
    }
    parts.extend(troubles(snapshot).map(|line| line.trim_start_matches("▲ ").to_owned()));
    cut(&parts.join(", "))
}

/// One line of bounded length; text may come from a server.
fn cut(text: &str) -> String {
    let mut characters = text.chars().map(|one| if one.is_control() { ' ' } else { one });
    let mut line = characters.by_ref().take(LONGEST).collect::<String>();
    if characters.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests;
