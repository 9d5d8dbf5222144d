//! What has been seen of a watched stream, bounded. Pure.

use std::collections::VecDeque;
use std::time::Instant;

use streambell_engine::connection::{EndReason, State};
use streambell_engine::engine::Sighting;
use streambell_engine::model::Event;
use streambell_engine::suggest::{self, SuggestedTile};
use streambell_protocol::{Text, TileGuess, WatchPhase, WatchView, WatchedEvent, WatchedName};

use crate::control::view::{cut, text};

/// After so many events enough was seen.
const ENOUGH: u32 = 2_000;

/// How many names are told apart.
const NAMES: usize = 100;

/// How many events a push has.
const EVENTS: usize = 50;

/// What is pushed next.
#[derive(Debug)]
pub(super) struct Tally {
    view: WatchView,
    events: VecDeque<WatchedEvent>,
    started: Instant,
    news: bool,
}

impl Tally {
    pub(super) fn new(number: u32) -> Self {
        let view = WatchView {
            watch: number,
            phase: WatchPhase::Connecting,
            message: connecting(),
            over: false,
            status: None,
            http: String::new(),
            header_ms: None,
            first_event_ms: None,
            total: 0,
            names: Vec::new(),
            events: Vec::new(),
            omitted: 0,
        };
        Self { view, events: VecDeque::new(), started: Instant::now(), news: true }
    }

    pub(super) fn number(&self) -> u32 {
        self.view.watch
    }

    pub(super) fn has_news(&self) -> bool {
        self.news
    }

    pub(super) fn is_over(&self) -> bool {
        self.view.over
    }

    /// What there is to push; the events are in it once.
    pub(super) fn take(&mut self) -> WatchView {
        self.news = false;
        let events = self.events.drain(..).collect();
        let view = WatchView { events, ..self.view.clone() };
        self.view.omitted = 0;
        view
    }

    pub(super) fn see(&mut self, sighting: Sighting) {
        self.news = true;
        match sighting {
            Sighting::Impossible(message) => self.end(WatchPhase::Refused, text(&message)),
            Sighting::State(state) => self.enter(&state),
            Sighting::Opened { status, http, after } => {
                self.view.status = Some(status);
                http.clone_into(&mut self.view.http);
                self.view.header_ms = Some(u32::try_from(after.as_millis()).unwrap_or(u32::MAX));
                self.set(WatchPhase::Open, open());
            }
            Sighting::Refused { status } => self.view.status = Some(status),
            Sighting::Events(events) => events.into_iter().for_each(|event| self.count(event)),
        }
    }

    /// It lasted long enough.
    pub(super) fn time_is_up(&mut self) {
        let message = match (self.view.phase, self.view.total) {
            (WatchPhase::Open, 0) => Text::new(
                "connected for a minute, and no event came: it may just be quiet",
                "已连接一分钟，没有收到事件：也许只是安静",
            ),
            (WatchPhase::Connecting | WatchPhase::Waiting, _) => {
                let Text { en, zh } = &self.view.message;
                Text::new(format!("no connection within a minute: {en}"), format!("一分钟内没有连上：{zh}"))
            }
            _ => Text::new("a minute is over", "一分钟到了"),
        };
        let phase = if self.view.status == Some(200) { WatchPhase::Done } else { WatchPhase::Refused };
        self.end(phase, message);
    }

    /// The engine gave it up.
    pub(super) fn ended(&mut self) {
        if !self.view.over {
            self.end(WatchPhase::Done, Text::new("it ended", "已结束"));
        }
    }

    fn enter(&mut self, state: &State) {
        match state {
            State::Idle | State::Paused => {}
            State::Connecting | State::Refreshing => self.set(WatchPhase::Connecting, connecting()),
            State::Open => self.set(WatchPhase::Open, open()),
            State::Waiting(wait) => self.set(WatchPhase::Waiting, text(&wait.message)),
            State::Offline { .. } => self.set(WatchPhase::Waiting, Text::new("there is no network", "没有网络")),
            State::NeedsSignIn { message } => self.end(WatchPhase::NeedsSignIn, text(message)),
            State::Ended { reason, message } => {
                let phase = match reason {
                    EndReason::ContentType => WatchPhase::NotAStream,
                    EndReason::Unauthorized => WatchPhase::NeedsSignIn,
                    EndReason::Finished => WatchPhase::Done,
                    EndReason::NoContent | EndReason::Status | EndReason::Redirect | EndReason::BadUrl => {
                        WatchPhase::Refused
                    }
                };
                self.end(phase, text(message));
            }
        }
    }

    fn count(&mut self, event: Event) {
        self.view.total = self.view.total.saturating_add(1);
        let ms = || u32::try_from(self.started.elapsed().as_millis()).unwrap_or(u32::MAX);
        self.view.first_event_ms = self.view.first_event_ms.or_else(|| Some(ms()));
        let sample = cut(&event.data).to_owned();
        if let Some(known) = self.known(&event.name) {
            known.count = known.count.saturating_add(1);
            known.sample.clone_from(&sample);
            if known.tiles.is_empty() {
                let guess = |tile: SuggestedTile| TileGuess { key: tile.key, value: tile.value };
                known.tiles = suggest::tiles(&event).into_iter().map(guess).collect();
            }
        }
        let Event { name, id, at, .. } = event;
        if self.events.len() >= EVENTS {
            self.events.pop_front();
            self.view.omitted = self.view.omitted.saturating_add(1);
        }
        self.events.push_back(WatchedEvent { at_ms: at.as_millisecond(), name, id, data: sample });
        if self.view.total >= ENOUGH && !self.view.over {
            let enough = Text::new(
                format!("{ENOUGH} events came: that is enough to see"),
                format!("已收到 {ENOUGH} 个事件：足够看清了"),
            );
            self.end(WatchPhase::Done, enough);
        }
    }

    /// What is known of a name; nothing where there are too many.
    fn known(&mut self, name: &str) -> Option<&mut WatchedName> {
        let names = &mut self.view.names;
        let place = names.iter().position(|known| known.name == name);
        let place = place.or_else(|| (names.len() < NAMES).then_some(names.len()))?;
        if place == names.len() {
            let new = WatchedName { name: name.to_owned(), count: 0, sample: String::new(), tiles: Vec::new() };
            names.push(new);
        }
        names.get_mut(place)
    }

    fn set(&mut self, phase: WatchPhase, message: Text) {
        if !self.view.over {
            (self.view.phase, self.view.message) = (phase, message);
        }
    }

    fn end(&mut self, phase: WatchPhase, message: Text) {
        self.set(phase, message);
        self.view.over = true;
        self.news = true;
    }
}

fn connecting() -> Text {
    Text::new("connecting", "正在连接")
}

fn open() -> Text {
    Text::new("the server answers with an event stream", "服务器返回了事件流")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use streambell_engine::locale;

    fn event(number: usize, name: &str) -> Event {
        Event {
            stream: "s".into(),
            name: name.to_owned(),
            data: format!(r#"{{"symbol":"BTC","price":{number}}}"#),
            id_is_own: false,
            id: String::new(),
            at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn opened() -> Tally {
        let mut tally = Tally::new(7);
        tally.see(Sighting::Opened { status: 200, http: "2", after: Duration::from_millis(34) });
        tally.see(Sighting::State(State::Open));
        tally
    }

    #[test]
    fn names_are_counted_and_events_told_once() {
        let mut tally = opened();
        tally.see(Sighting::Events(vec![event(1, "price"), event(2, "price"), event(3, "alert")]));
        let view = tally.take();
        assert_eq!((view.watch, view.phase, view.status, view.header_ms), (7, WatchPhase::Open, Some(200), Some(34)));
        let names = view.names.iter().map(|known| (known.name.as_str(), known.count)).collect::<Vec<_>>();
        assert_eq!(names, [("price", 2), ("alert", 1)]);
        assert!(view.names[0].sample.contains(":2}"), "the last one");
        assert_eq!((view.events.len(), view.total, view.first_event_ms.is_some()), (3, 3, true));
        assert!(!tally.has_news());
        assert!(tally.take().events.is_empty());
    }

    #[test]
    fn a_flood_is_bounded_and_ends_the_watch() {
        let mut tally = opened();
        tally.see(Sighting::Events((0..400).map(|number| event(number, &format!("name {number}"))).collect()));
        let view = tally.take();
        assert_eq!((view.names.len(), view.events.len(), view.omitted, view.over), (100, 50, 350, false));
        tally.see(Sighting::Events((0..1_600).map(|number| event(number, "name 1")).collect()));
        let view = tally.take();
        assert_eq!((view.phase, view.over, view.total), (WatchPhase::Done, true, 2_000));
    }

    #[test]
    fn what_the_server_wants_is_told_apart() {
        let ended = |reason| State::Ended { reason, message: locale::Text::plain("why") };
        let cases = [
            (State::NeedsSignIn { message: locale::Text::plain("why") }, WatchPhase::NeedsSignIn),
            (ended(EndReason::ContentType), WatchPhase::NotAStream),
            (ended(EndReason::Status), WatchPhase::Refused),
            (ended(EndReason::NoContent), WatchPhase::Refused),
        ];
        for (state, phase) in cases {
            let mut tally = Tally::new(1);
            tally.see(Sighting::State(state));
            let view = tally.take();
            assert_eq!((view.phase, view.message.en.as_str(), view.over), (phase, "why", true));
            tally.see(Sighting::State(State::Connecting));
            assert_eq!(tally.take().phase, phase, "the last word stays");
        }
    }

    #[test]
    fn after_a_minute_it_says_what_there_was() {
        let mut tally = opened();
        tally.time_is_up();
        let view = tally.take();
        assert!(view.over && view.message.en.contains("no event came"), "{}", view.message);
        let mut tally = Tally::new(1);
        tally.time_is_up();
        assert_eq!(tally.take().phase, WatchPhase::Refused);
    }
}
