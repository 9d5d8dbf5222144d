//! The engine's values as the protocol has them. The one place where the two meet (with [`super::form`]).

use jiff::Timestamp;
use jiff::civil::Weekday;
use streambell_engine::config::QuietHours;
use streambell_engine::connection::State;
use streambell_engine::{auth, locale, model, silence, snapshot, text, tiles};
use streambell_protocol::{
    AlertAnswer, AlertReason, AlertState, AlertView, GapView, Health, MAX_LINE, MissingView, PauseView, QuietHoursView,
    Remedy, SignInView, SilenceMatcher, SilenceView, Snapshot, StoredEvent, StreamPauseView, StreamState, StreamView,
    Text, TileView, Trend, Urgency,
};

/// How many bytes of an event's data go into a batch.
const DATA_CUT: usize = 4096;

/// What a line holds besides a history answer's events.
const LINE_REST: usize = 1024;

/// The state of everything.
pub(crate) fn snapshot(from: &snapshot::Snapshot) -> Snapshot {
    Snapshot {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        demo: from.demo,
        at_ms: Timestamp::now().as_millisecond(),
        pause: from.pause.map(|pause| PauseView { until_ms: pause.until.map(Timestamp::as_millisecond) }),
        stream_pauses: from.stream_pauses.iter().map(|(stream, pause)| stream_pause(stream, *pause)).collect(),
        silences: from.silences.iter().map(silence).collect(),
        unread: from.unread,
        notifications: health(from.notifications_trouble.as_ref().map(text)),
        ledger: health(from.ledger_trouble.as_ref().map(text)),
        configurations: from.configurations,
        configuration: health(from.configuration_trouble.as_ref().map(text)),
        streams: from.streams.iter().map(stream).collect(),
        tiles: from.tiles.iter().map(tile).collect(),
        tiles_left_out: from.tiles_left_out,
        alerts: from.alerts.iter().map(alert).collect(),
    }
}

/// A state's name.
pub(crate) fn stream_state(state: &State) -> StreamState {
    match state {
        State::Idle => StreamState::Idle,
        State::Connecting => StreamState::Connecting,
        State::Open => StreamState::Open,
        State::Waiting(_) => StreamState::Waiting,
        State::Offline { .. } => StreamState::Offline,
        State::Refreshing => StreamState::Refreshing,
        State::NeedsSignIn { .. } => StreamState::NeedsSignIn,
        State::Ended { .. } => StreamState::Ended,
        State::Paused => StreamState::Paused,
    }
}

/// Why a stream is in its state; empty when all is well.
pub(crate) fn stream_message(state: &State) -> locale::Text {
    match state {
        State::Waiting(wait) => wait.message.clone(),
        State::NeedsSignIn { message } | State::Ended { message, .. } => message.clone(),
        State::Offline { .. } => text!("there is no network", "没有网络"),
        State::Paused => text!("switched off in the configuration", "已在配置中关闭"),
        State::Idle | State::Connecting | State::Open | State::Refreshing => locale::Text::default(),
    }
}

/// A text on its way to a client.
pub(super) fn text(from: &locale::Text) -> Text {
    Text { en: from.english.clone(), zh: from.chinese.clone() }
}

/// What a text tells of a secret that is missing.
pub(super) fn missing(from: &locale::Text) -> Option<MissingView> {
    let (cause, remedy) = auth::missing(from)?;
    let remedy = match remedy {
        auth::Remedy::SignIn => Remedy::SignIn,
        auth::Remedy::Edit => Remedy::Edit,
    };
    Some(MissingView { cause: text(&cause), remedy })
}

/// An alert.
pub(super) fn alert(from: &model::StoredAlert) -> AlertView {
    let (state, reason) = match from.state {
        model::AlertState::Pending => (AlertState::Pending, None),
        model::AlertState::Shown => (AlertState::Shown, None),
        model::AlertState::Suppressed(reason) => (AlertState::Suppressed, Some(reason)),
    };
    AlertView {
        id: from.id,
        seq: from.seq,
        at_ms: from.at.as_millisecond(),
        stream: from.stream.to_string(),
        event: from.event.clone(),
        rule: from.alert.rule.to_string(),
        title: from.alert.title.clone(),
        body: from.alert.body.clone(),
        urgency: urgency(from.alert.urgency),
        group: from.alert.group.clone(),
        link: from.alert.link.clone(),
        state,
        reason: self::reason(reason),
        read: from.read,
        shown_at_ms: from.shown_at.map(Timestamp::as_millisecond),
        resolved_at_ms: from.resolved_at.map(Timestamp::as_millisecond),
        value: from.alert.value.clone(),
        answer: answer(from.answer.map(|answered| answered.answer)),
        answered_at_ms: from.answer.map(|answered| answered.at.as_millisecond()),
    }
}

/// Why an alert was not shown.
pub(super) fn reason(from: Option<model::Suppression>) -> AlertReason {
    match from {
        None => AlertReason::None,
        Some(model::Suppression::Throttled) => AlertReason::Throttled,
        Some(model::Suppression::QuietHours) => AlertReason::QuietHours,
        Some(model::Suppression::Paused) => AlertReason::Paused,
        Some(model::Suppression::Grouped) => AlertReason::Grouped,
        Some(model::Suppression::Expired) => AlertReason::Expired,
        Some(model::Suppression::Resolved) => AlertReason::Resolved,
        Some(model::Suppression::Silenced) => AlertReason::Silenced,
        Some(model::Suppression::StoredOnly) => AlertReason::StoredOnly,
    }
}

fn answer(from: Option<model::Answer>) -> AlertAnswer {
    match from {
        None => AlertAnswer::None,
        Some(model::Answer::Acknowledged) => AlertAnswer::Acknowledged,
        Some(model::Answer::Opened) => AlertAnswer::Opened,
        Some(model::Answer::FollowedLink) => AlertAnswer::FollowedLink,
        Some(model::Answer::Copied) => AlertAnswer::Copied,
        Some(model::Answer::Muted) => AlertAnswer::Muted,
    }
}

fn stream_pause(stream: &model::StreamId, pause: snapshot::Pause) -> StreamPauseView {
    StreamPauseView { stream: stream.to_string(), until_ms: pause.until.map(Timestamp::as_millisecond) }
}

fn silence(from: &silence::Silence) -> SilenceView {
    let silence::Matcher { stream, rule, group, text } = from.matcher.clone();
    SilenceView {
        id: from.id,
        matcher: SilenceMatcher { stream, rule, group, text },
        until_ms: from.until.as_millisecond(),
        comment: from.comment.clone(),
        at_ms: from.at.as_millisecond(),
    }
}

/// Quiet hours.
pub(super) fn quiet_hours(from: &QuietHours) -> QuietHoursView {
    let days = (0..7_i8).filter_map(|day| Weekday::from_monday_zero_offset(day).ok());
    let days = days.filter(|day| from.days.contains(*day)).map(|day| day.to_monday_zero_offset().unsigned_abs());
    QuietHoursView {
        from: from.from.strftime("%H:%M").to_string(),
        to: from.to.strftime("%H:%M").to_string(),
        days: days.collect(),
        time_zone: from.time_zone.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned),
    }
}

/// An event for a batch: long data is cut.
pub(super) fn cut_event(from: &model::StoredEvent) -> StoredEvent {
    event_with(from, cut(&from.event.data))
}

/// Data as far as it goes into a push.
pub(super) fn cut(data: &str) -> &str {
    let at = (0..=DATA_CUT.min(data.len())).rev().find(|at| data.is_char_boundary(*at)).unwrap_or(0);
    &data[..at]
}

/// As many of these events, the newest, as fit on a line of the protocol; one that alone does not is cut.
pub(super) fn bounded_history(events: &[model::StoredEvent]) -> Vec<StoredEvent> {
    let mut kept = as_fit_on_a_line(events.iter().rev());
    kept.reverse();
    kept
}

/// The same of events that come newest first.
pub(super) fn bounded_newest(events: &[model::StoredEvent]) -> Vec<StoredEvent> {
    as_fit_on_a_line(events.iter())
}

fn as_fit_on_a_line<'a>(events: impl Iterator<Item = &'a model::StoredEvent>) -> Vec<StoredEvent> {
    let mut left = MAX_LINE - LINE_REST;
    let mut kept = Vec::new();
    for from in events {
        let mut event = event_with(from, &from.event.data);
        let mut size = size_on_a_line(&event);
        if size > MAX_LINE - LINE_REST {
            // One that no line has room for would keep all older ones away.
            event = cut_event(from);
            size = size_on_a_line(&event);
        }
        let Some(rest) = left.checked_sub(size) else { break };
        left = rest;
        kept.push(event);
    }
    kept
}

fn size_on_a_line(event: &StoredEvent) -> usize {
    serde_json::to_vec(event).map_or(0, |json| json.len() + 1)
}

/// How loud.
pub(super) fn urgency(from: model::Urgency) -> Urgency {
    match from {
        model::Urgency::None => Urgency::None,
        model::Urgency::Low => Urgency::Low,
        model::Urgency::Normal => Urgency::Normal,
        model::Urgency::Critical => Urgency::Critical,
    }
}

fn event_with(from: &model::StoredEvent, data: &str) -> StoredEvent {
    StoredEvent {
        seq: from.seq,
        at_ms: from.event.at.as_millisecond(),
        stream: from.event.stream.to_string(),
        event: from.event.name.clone(),
        id: from.event.id.clone(),
        data: data.to_owned(),
        alerts: from.alerts.iter().map(alert).collect(),
    }
}

fn health(trouble: Option<Text>) -> Health {
    match trouble {
        None => Health::Well,
        Some(message) => Health::Trouble { message },
    }
}

fn stream(from: &snapshot::StreamStatus) -> StreamView {
    let message = stream_message(&from.state);
    StreamView {
        name: from.name.to_string(),
        url: from.url.clone(),
        state: stream_state(&from.state),
        message: text(&message),
        missing: missing(&message),
        since_ms: from.since.as_millisecond(),
        retry_at_ms: from.retry_at.map(Timestamp::as_millisecond),
        finished: matches!(from.state, State::Ended { reason, .. } if reason.is_normal()),
        connections: from.connections,
        events: from.events,
        events_per_minute: from.events_per_minute,
        first_byte_ms: from.first_byte_after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
        last_event_at_ms: from.last_event_at.map(Timestamp::as_millisecond),
        last_event_id: from.last_event_id.clone(),
        token_expires_at_ms: from.token.expires_at.map(Timestamp::as_millisecond),
        token_renews_at_ms: from.token.renews_at.map(Timestamp::as_millisecond),
        by_code: from.by_code,
        sign_in: from.sign_in.as_ref().map(sign_in),
        quiet_since_ms: from.quiet_since.map(Timestamp::as_millisecond),
        gaps: from.gaps,
        last_gap: from
            .last_gap
            .as_ref()
            .map(|gap| GapView { at_ms: gap.at.as_millisecond(), after: gap.after.clone() }),
    }
}

fn sign_in(from: &snapshot::SignIn) -> SignInView {
    match from {
        snapshot::SignIn::Asking => SignInView::Asking,
        snapshot::SignIn::Code(code) => SignInView::Code {
            code: code.code.clone(),
            url: code.url.clone(),
            complete_url: code.complete_url.clone(),
            expires_at_ms: code.expires_at.as_millisecond(),
        },
        snapshot::SignIn::Failed(message) => SignInView::Failed { message: text(message) },
    }
}

pub(super) fn tile(from: &tiles::Tile) -> TileView {
    TileView {
        feed: from.feed,
        stream: from.stream.to_string(),
        key: from.key.clone(),
        keyed: from.is_keyed,
        label: from.label.clone(),
        unit: from.unit.clone(),
        text: from.text.clone(),
        value: from.value,
        change_pct: from.change_pct,
        change: from.change,
        trend: match from.trend {
            tiles::Trend::Up => Trend::Up,
            tiles::Trend::Down => Trend::Down,
            tiles::Trend::Flat => Trend::Flat,
        },
        at_ms: from.at.as_millisecond(),
        spark: from.spark.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(data: String) -> model::StoredEvent {
        let event = model::Event {
            stream: "market".into(),
            name: "price".to_owned(),
            data,
            id_is_own: false,
            id: "7".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
        model::StoredEvent { seq: 1, event, alerts: Vec::new() }
    }

    #[test]
    fn long_data_is_cut_between_characters() {
        let cut = cut_event(&event("é".repeat(3_000)));
        assert_eq!(cut.data.len(), 4096);
        let cut = cut_event(&event(format!("a{}", "é".repeat(3_000))));
        assert_eq!(cut.data.len(), 4095);
        assert_eq!(cut_event(&event("short".to_owned())).data, "short");
    }

    #[test]
    fn a_history_answer_fits_on_a_line() {
        // Control characters take six bytes each in JSON.
        let events = (0..4).map(|_| event("\u{1}".repeat(2 << 20))).collect::<Vec<_>>();
        let kept = bounded_history(&events);
        assert_eq!(kept.len(), 2);
        assert!(serde_json::to_vec(&kept).is_ok_and(|line| line.len() <= MAX_LINE));
        let events = ["\u{1}".repeat(6 << 20), "older".to_owned()].map(event);
        let kept = bounded_newest(&events).into_iter().map(|event| event.data.len()).collect::<Vec<_>>();
        assert_eq!(kept, [DATA_CUT, 5], "what no line has room for is cut");
    }
}
