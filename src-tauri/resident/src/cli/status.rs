//! `streambell status`: the state of the running instance.

use std::collections::HashMap;
use std::fmt::Display;
use std::process::ExitCode;

use anyhow::anyhow;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use streambell_protocol::{Answer, Call, Health, Snapshot, StreamState, StreamView, UptimeView};

use super::Failure;
use super::ask::ask;
use crate::output::{self, plain};
use crate::place::Place;

/// Prints the state, as JSON or for people.
pub(super) async fn run(place: &Place, json: bool) -> Result<ExitCode, Failure> {
    let strange = || anyhow!("the running Streambell answered something else than its state");
    let Answer::Snapshot(snapshot) = ask(&place.profile.socket, Call::Snapshot).await? else {
        return Err(strange().into());
    };
    let Answer::Uptime(uptimes) = ask(&place.profile.socket, Call::Uptime).await? else {
        return Err(strange().into());
    };
    if json {
        let mut line = Vec::new();
        output::json_line(&mut line, &Status::of(&snapshot, &uptimes));
        output::say(String::from_utf8_lossy(&line).trim_end());
    } else {
        output::say(text(&snapshot, &uptimes, &TimeZone::system()).trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Debug, Serialize)]
struct Status<'a> {
    version: &'a str,
    pid: u32,
    paused: bool,
    paused_until: Option<String>,
    paused_streams: Vec<&'a str>,
    silences: usize,
    unread: u32,
    troubles: Vec<&'a str>,
    streams: Vec<Stream<'a>>,
}

#[derive(Debug, Serialize)]
struct Stream<'a> {
    name: &'a str,
    state: &'a str,
    message: &'a str,
    retry_in_ms: Option<i64>,
    connections: u32,
    events: u64,
    last_event_at: Option<String>,
    last_event_id: &'a str,
    token_expires_at: Option<String>,
    /// Open, and silent for longer than usual.
    stale: bool,
    quiet_ms: Option<i64>,
    gaps: u32,
    last_gap: Option<Gap<'a>>,
    uptime_24h: Option<f64>,
    connected_since: Option<String>,
    last_cause: Option<&'a str>,
    last_message: Option<&'a str>,
    last_end: Option<String>,
}

#[derive(Debug, Serialize)]
struct Gap<'a> {
    at: String,
    after: &'a str,
}

impl<'a> Status<'a> {
    fn of(snapshot: &'a Snapshot, uptimes: &'a [UptimeView]) -> Self {
        Self {
            version: &snapshot.version,
            pid: snapshot.pid,
            paused: snapshot.pause.is_some(),
            paused_until: snapshot.pause.as_ref().and_then(|pause| pause.until_ms).map(rfc3339),
            paused_streams: snapshot.stream_pauses.iter().map(|pause| pause.stream.as_str()).collect(),
            silences: snapshot.silences.len(),
            unread: snapshot.unread,
            troubles: troubles(snapshot).map(|(_, message)| message).collect(),
            streams: with_uptimes(snapshot, uptimes)
                .map(|(stream, uptime)| Stream::of(stream, uptime, snapshot.at_ms))
                .collect(),
        }
    }
}

impl<'a> Stream<'a> {
    fn of(stream: &'a StreamView, uptime: Option<&'a UptimeView>, now_ms: i64) -> Self {
        let last = uptime.and_then(|uptime| uptime.last.as_ref());
        Self {
            name: &stream.name,
            state: stream.state.as_str(),
            message: &stream.message.en,
            retry_in_ms: waits_until(stream).map(|at| (at - now_ms).max(0)),
            connections: stream.connections,
            events: stream.events,
            last_event_at: stream.last_event_at_ms.map(rfc3339),
            last_event_id: &stream.last_event_id,
            token_expires_at: stream.token_expires_at_ms.map(rfc3339),
            stale: stream.quiet_since_ms.is_some(),
            quiet_ms: stream.quiet_since_ms.map(|since| (now_ms - since).max(0)),
            gaps: stream.gaps,
            last_gap: stream.last_gap.as_ref().map(|gap| Gap { at: rfc3339(gap.at_ms), after: &gap.after }),
            uptime_24h: uptime.and_then(|uptime| uptime.share).map(|share| (share * 10_000.0).floor() / 10_000.0),
            connected_since: uptime.and_then(|uptime| uptime.connected_since_ms).map(rfc3339),
            last_cause: last.map(|last| last.cause.as_str()),
            last_message: last.map(|last| last.message.en.as_str()),
            last_end: last.and_then(|last| last.end_ms).map(rfc3339),
        }
    }
}

/// Each stream with its uptime. The two were asked for one after the other: what is new in between has none.
fn with_uptimes<'a>(
    snapshot: &'a Snapshot,
    uptimes: &'a [UptimeView],
) -> impl Iterator<Item = (&'a StreamView, Option<&'a UptimeView>)> {
    let known: HashMap<_, _> = uptimes.iter().map(|uptime| (uptime.stream.as_str(), uptime)).collect();
    snapshot.streams.iter().map(move |stream| (stream, known.get(stream.name.as_str()).copied()))
}

/// A time as all machine-readable output has it: RFC 3339 with milliseconds, UTC.
pub(crate) fn rfc3339(millis: i64) -> String {
    let at = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}

fn troubles(snapshot: &Snapshot) -> impl Iterator<Item = (&'static str, &str)> {
    let parts = [
        ("notifications", &snapshot.notifications),
        ("history", &snapshot.ledger),
        ("configuration", &snapshot.configuration),
    ];
    parts.into_iter().filter_map(|(name, health)| match health {
        Health::Well => None,
        Health::Trouble { message } => Some((name, message.en.as_str())),
    })
}

fn text(snapshot: &Snapshot, uptimes: &[UptimeView], zone: &TimeZone) -> String {
    let demo = if snapshot.demo { ", demo" } else { "" };
    let mut out = format!("Streambell {} (process {}{demo})\n", snapshot.version, snapshot.pid);
    if let Some(pause) = &snapshot.pause {
        let until = pause.until_ms.map_or_else(|| "resumed".to_owned(), |at| clock(at, zone));
        out += &format!("notifications are paused until {until}\n");
    }
    for pause in &snapshot.stream_pauses {
        let until = pause.until_ms.map_or_else(|| "resumed".to_owned(), |at| clock(at, zone));
        out += &format!("notifications of {} are paused until {until}\n", plain(&pause.stream, None));
    }
    if !snapshot.silences.is_empty() {
        out += &format!("silences: {}\n", snapshot.silences.len());
    }
    for (name, message) in troubles(snapshot) {
        out += &format!("{name}: {}\n", plain(message, None));
    }
    out += &format!("unread alerts: {}\n", snapshot.unread);
    if snapshot.streams.is_empty() {
        out += "no stream is configured\n";
    }
    for (stream, uptime) in with_uptimes(snapshot, uptimes) {
        out += &stream_line(stream, uptime, snapshot.at_ms, zone);
    }
    out
}

/// When the next try of a stream that waits for it is made.
fn waits_until(stream: &StreamView) -> Option<i64> {
    stream.retry_at_ms.filter(|_| stream.state == StreamState::Waiting)
}

fn stream_line(stream: &StreamView, uptime: Option<&UptimeView>, now_ms: i64, zone: &TimeZone) -> String {
    let mut line = format!("{}  {}", plain(&stream.name, None), stream.state.as_str());
    if !stream.message.is_empty() {
        line += &format!(": {}", plain(&stream.message.en, None));
    }
    if let Some(since) = stream.quiet_since_ms {
        line += &format!(": quiet for {} s, longer than usual", (now_ms - since).max(0) / 1000);
    }
    if let Some(at) = waits_until(stream) {
        line += &format!("; next try in {} s", ((at - now_ms).max(0) + 999) / 1000);
    }
    let events = count(stream.events, "event");
    line += &format!(" — {events} on {}", count(stream.connections, "connection"));
    if let Some(at) = stream.last_event_at_ms {
        line += &format!(", the last at {}", clock(at, zone));
    }
    match (stream.token_renews_at_ms, stream.token_expires_at_ms) {
        (Some(at), _) => line += &format!("; its token renews at {}", clock(at, zone)),
        (None, Some(at)) => line += &format!("; its token ends at {}", clock(at, zone)),
        (None, None) => {}
    }
    if let Some(gap) = &stream.last_gap {
        let (after, at) = (plain(&gap.after, None), clock(gap.at_ms, zone));
        line += &format!("; some events after {after} may be missing: the server no longer had them at {at}");
    }
    if let Some(uptime) = uptime {
        line += &uptime_words(uptime, zone);
    }
    line + "\n"
}

fn uptime_words(uptime: &UptimeView, zone: &TimeZone) -> String {
    let mut words = String::new();
    if let Some(since) = uptime.connected_since_ms {
        words += &format!("; connected since {}", clock(since, zone));
        // While there is none, the state itself says why.
        if let Some(last) = &uptime.last {
            words += &format!(", before that: {}", plain(&last.message.en, None));
        }
    }
    if let Some(share) = uptime.share {
        words += &match uptime.known_since_ms {
            Some(since) => format!("; {} since {}", percent(share), clock(since, zone)),
            None => format!("; {} of the last 24 h", percent(share)),
        };
    }
    words
}

/// Rounded down, so that only what had no gap is 100 %.
fn percent(share: f64) -> String {
    let tenths = (share * 1_000.0).floor() / 10.0;
    if tenths >= 100.0 { "100 %".to_owned() } else { format!("{tenths:.1} %") }
}

/// So many of something, in the singular for one.
pub(super) fn count<N: Display + PartialEq + From<u8>>(number: N, what: &str) -> String {
    let end = if number == N::from(1) { "" } else { "s" };
    format!("{number} {what}{end}")
}

/// A time as a person here reads it.
pub(super) fn clock(millis: i64, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use streambell_protocol::{ConnectionEnd, ConnectionView, GapView, PauseView};

    use super::*;
    use streambell_protocol::Text;

    fn snapshot() -> Snapshot {
        Snapshot {
            version: "0.1.0".to_owned(),
            pid: 1,
            demo: false,
            at_ms: 1_000,
            pause: None,
            stream_pauses: Vec::new(),
            silences: Vec::new(),
            unread: 3,
            notifications: Health::Well,
            ledger: Health::Well,
            configurations: 0,
            configuration: Health::Well,
            streams: vec![StreamView {
                name: "market".to_owned(),
                url: "http://localhost/".to_owned(),
                state: StreamState::Waiting,
                message: Text::plain("the stream ended"),
                missing: None,
                since_ms: 0,
                retry_at_ms: Some(3_100),
                finished: false,
                connections: 4,
                events: 181,
                events_per_minute: 12,
                first_byte_ms: Some(41),
                last_event_at_ms: Some(0),
                last_event_id: "42".to_owned(),
                token_expires_at_ms: None,
                token_renews_at_ms: None,
                by_code: false,
                sign_in: None,
                quiet_since_ms: None,
                gaps: 0,
                last_gap: None,
            }],
            tiles: Vec::new(),
            tiles_left_out: 0,
            alerts: Vec::new(),
        }
    }

    fn uptimes() -> Vec<UptimeView> {
        let last = ConnectionView {
            start_ms: 0,
            end_ms: Some(500),
            cause: ConnectionEnd::Idle,
            message: Text::plain("no byte came for 90 s"),
            missing: None,
            tries: 1,
            status: Some(200),
            http: "2".to_owned(),
            header_ms: Some(12),
            first_byte_ms: Some(13),
            open_ms: Some(480),
            bytes: 700,
            events: 3,
        };
        vec![UptimeView {
            stream: "market".to_owned(),
            share: Some(0.998_77),
            segments: Vec::new(),
            known_since_ms: None,
            at_ms: 1_000,
            connected_since_ms: None,
            last: Some(last),
        }]
    }

    #[test]
    fn json_has_every_key_of_the_contract() {
        let json = serde_json::to_value(Status::of(&snapshot(), &uptimes())).unwrap();
        let wanted = serde_json::json!({
            "version": "0.1.0", "pid": 1, "paused": false, "paused_until": null, "paused_streams": [], "silences": 0,
            "unread": 3, "troubles": [],
            "streams": [{
                "name": "market", "state": "waiting", "message": "the stream ended", "retry_in_ms": 2100,
                "connections": 4, "events": 181, "last_event_at": "1970-01-01T00:00:00.000Z", "last_event_id": "42",
                "token_expires_at": null, "stale": false, "quiet_ms": null, "gaps": 0, "last_gap": null,
                "uptime_24h": 0.9987, "connected_since": null, "last_cause": "idle",
                "last_message": "no byte came for 90 s", "last_end": "1970-01-01T00:00:00.500Z",
            }],
        });
        assert_eq!(json, wanted);
    }

    #[test]
    fn a_pause_without_end_has_no_time() {
        let mut snapshot = snapshot();
        snapshot.pause = Some(PauseView { until_ms: None });
        let json = serde_json::to_value(Status::of(&snapshot, &[])).unwrap();
        assert_eq!((&json["paused"], &json["paused_until"]), (&true.into(), &serde_json::Value::Null));
        snapshot.pause = Some(PauseView { until_ms: Some(1_500) });
        let json = serde_json::to_value(Status::of(&snapshot, &[])).unwrap();
        assert_eq!(json["paused_until"], "1970-01-01T00:00:01.500Z");
    }

    #[test]
    fn people_read_what_is_wrong_and_when_the_next_try_is() {
        let mut snapshot = snapshot();
        snapshot.notifications = Health::Trouble { message: Text::plain("nobody shows them") };
        let wanted = "Streambell 0.1.0 (process 1)\nnotifications: nobody shows them\nunread alerts: 3\n\
            market  waiting: the stream ended; next try in 3 s — 181 events on 4 connections, the last at \
            1970-01-01 00:00:00\n";
        assert_eq!(text(&snapshot, &[], &TimeZone::UTC), wanted);
    }

    #[test]
    fn people_read_how_well_a_stream_has_been_connected() {
        let mut uptimes = uptimes();
        let told = text(&snapshot(), &uptimes, &TimeZone::UTC);
        assert!(told.ends_with("00:00:00; 99.8 % of the last 24 h\n"), "{told}");
        uptimes[0].connected_since_ms = Some(1_000);
        let told = text(&snapshot(), &uptimes, &TimeZone::UTC);
        let wanted =
            "; connected since 1970-01-01 00:00:01, before that: no byte came for 90 s; 99.8 % of the last 24 h";
        assert!(told.contains(wanted), "{told}");
        uptimes[0].known_since_ms = Some(2_000);
        let told = text(&snapshot(), &uptimes, &TimeZone::UTC);
        assert!(told.ends_with("; 99.8 % since 1970-01-01 00:00:02\n"), "{told}");
        assert_eq!([percent(1.0), percent(0.999_99)], ["100 %", "99.9 %"]);
    }

    #[test]
    fn a_quiet_stream_is_open_and_stale_and_a_gap_is_named() {
        let mut snapshot = snapshot();
        let stream = &mut snapshot.streams[0];
        (stream.state, stream.retry_at_ms, stream.message) = (StreamState::Open, None, Text::default());
        stream.quiet_since_ms = Some(-29_500);
        (stream.gaps, stream.last_gap) = (1, Some(GapView { at_ms: 0, after: "41".to_owned() }));
        let told = text(&snapshot, &[], &TimeZone::UTC);
        assert!(told.contains("market  open: quiet for 30 s, longer than usual — 181"), "{told}");
        assert!(told.contains("some events after 41 may be missing"), "{told}");
        let json = serde_json::to_value(Status::of(&snapshot, &[])).unwrap();
        let stream = &json["streams"][0];
        assert_eq!(
            (&stream["state"], &stream["stale"], &stream["quiet_ms"]),
            (&"open".into(), &true.into(), &30_500.into())
        );
        assert_eq!(stream["last_gap"], serde_json::json!({"at": "1970-01-01T00:00:00.000Z", "after": "41"}));
    }

    #[test]
    fn one_is_told_in_the_singular() {
        let mut snapshot = snapshot();
        (snapshot.streams[0].events, snapshot.streams[0].connections) = (1, 1);
        let told = text(&snapshot, &[], &TimeZone::UTC);
        assert!(told.contains("— 1 event on 1 connection, the last"), "{told}");
        assert_eq!(count(0, "event"), "0 events");
    }
}
