//! `streambell history`: stored events, read from the ledger itself, so that no instance need run.

use std::ops::ControlFlow;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use streambell_engine::config::parse_duration;
use streambell_engine::ledger::{Query, Reader};
use streambell_engine::model::{AlertState, StoredAlert, StoredEvent};

use super::Failure;
use super::status::{clock, rfc3339};
use crate::output::{self, plain};
use crate::place::Place;

/// What `history` takes.
#[derive(Debug, Args)]
pub(crate) struct HistoryArguments {
    /// Only of this stream
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    /// Only events whose name matches this glob
    #[arg(long, value_name = "GLOB", value_parser = super::glob)]
    event: Option<String>,
    /// Only events since then: 30m, 2h, 7d (ago), or a time such as 2026-11-20T09:30:00Z
    #[arg(long, value_name = "WHEN", value_parser = since)]
    since: Option<Timestamp>,
    /// Only events up to then, written the same way
    #[arg(long, value_name = "WHEN", value_parser = since)]
    until: Option<Timestamp>,
    /// Only events whose name or data holds this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only events that a rule fired for
    #[arg(long)]
    alerts: bool,
    /// At most so many, the newest
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Prints what is stored.
pub(super) fn run(place: &Place, arguments: HistoryArguments) -> Result<ExitCode, Failure> {
    let path = &place.profile.ledger;
    if !path.try_exists().with_context(|| format!("the history file {} cannot be read", path.display()))? {
        output::complain(&format!("nothing is stored yet ({} does not exist)", path.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let json = arguments.json;
    let query = Query {
        stream: arguments.stream,
        event: arguments.event,
        since: arguments.since,
        until: arguments.until,
        search: arguments.search,
        alerts: arguments.alerts,
        before: None,
        limit: arguments.limit,
    };
    let zone = TimeZone::system();
    let print = |events: Vec<StoredEvent>| {
        let mut chunk = Vec::new();
        for event in &events {
            match json {
                true => output::json_line(&mut chunk, &Line::of(event)),
                false => chunk.extend(text(event, &zone).into_bytes()),
            }
        }
        // A reader that went away, such as `head`, has enough.
        if output::say_all(&chunk) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let told = Reader::open(path).and_then(|reader| reader.history_in_steps(&query, print));
    told.map_err(|error| anyhow!(error))?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    seq: i64,
    at: String,
    stream: &'a str,
    event: &'a str,
    id: &'a str,
    data: &'a str,
    alerts: Vec<AlertLine<'a>>,
}

#[derive(Debug, Serialize)]
struct AlertLine<'a> {
    rule: &'a str,
    title: &'a str,
    body: &'a str,
    urgency: &'a str,
    state: &'a str,
    reason: &'a str,
    id: i64,
    read: bool,
    answer: &'a str,
    resolved_at: Option<String>,
}

impl<'a> Line<'a> {
    fn of(stored: &'a StoredEvent) -> Self {
        let event = &stored.event;
        Self {
            seq: stored.seq,
            at: rfc3339(event.at.as_millisecond()),
            stream: event.stream.as_str(),
            event: &event.name,
            id: &event.id,
            data: &event.data,
            alerts: stored.alerts.iter().map(AlertLine::of).collect(),
        }
    }
}

impl<'a> AlertLine<'a> {
    fn of(stored: &'a StoredAlert) -> Self {
        let alert = &stored.alert;
        Self {
            rule: &alert.rule,
            title: &alert.title,
            body: &alert.body,
            urgency: alert.urgency.as_str(),
            state: stored.state.as_str(),
            reason: reason(stored.state),
            id: stored.id,
            read: stored.read,
            answer: stored.answer.map_or("", |answered| answered.answer.as_str()),
            resolved_at: stored.resolved_at.map(|at| rfc3339(at.as_millisecond())),
        }
    }
}

fn reason(state: AlertState) -> &'static str {
    match state {
        AlertState::Pending | AlertState::Shown => "",
        AlertState::Suppressed(reason) => reason.as_str(),
    }
}

fn text(stored: &StoredEvent, zone: &TimeZone) -> String {
    let event = &stored.event;
    let mut out = format!(
        "{}  {}  {}  {}  {}\n",
        stored.seq,
        clock(event.at.as_millisecond(), zone),
        plain(event.stream.as_str(), None),
        plain(&event.name, None),
        plain(&event.data, None),
    );
    for stored in &stored.alerts {
        let alert = &stored.alert;
        let body = if alert.body.is_empty() { String::new() } else { format!(": {}", plain(&alert.body, None)) };
        let why = match reason(stored.state) {
            "" => String::new(),
            reason => format!(", {reason}"),
        };
        let answer = stored.answer.map_or_else(String::new, |answered| format!(", {}", answered.answer.as_str()));
        let resolved = if stored.resolved_at.is_some() { ", resolved" } else { "" };
        let state = stored.state.as_str();
        out += &format!("    #{} {}{body} [{state}{why}{answer}{resolved}]\n", stored.id, plain(&alert.title, None));
    }
    out
}

/// Reads a time, or how long ago.
pub(super) fn since(text: &str) -> Result<Timestamp, String> {
    if let Ok(ago) = parse_duration(text) {
        return Ok(Timestamp::now().saturating_sub(ago).unwrap_or(Timestamp::MIN));
    }
    let wrong = "a time is written 2026-11-20T09:30:00Z, or how long ago as 30m, 2h or 7d";
    let civil = || text.parse::<jiff::civil::DateTime>().and_then(|time| time.to_zoned(TimeZone::system()));
    text.parse().or_else(|_| civil().map(|zoned| zoned.timestamp())).map_err(|_| wrong.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use streambell_engine::model::{Alert, Event, Suppression, Urgency};

    use super::*;

    fn stored() -> StoredEvent {
        let at = "2026-11-20T09:30:00.123456Z".parse().unwrap();
        let alert = Alert {
            rule: "Market alert".into(),
            title: "BTC".to_owned(),
            body: "up".to_owned(),
            urgency: Urgency::Critical,
            ..Alert::default()
        };
        let event = Event {
            stream: "market".into(),
            name: "market-alert".to_owned(),
            data: "a\nb".to_owned(),
            id_is_own: true,
            id: "42".to_owned(),
            at,
        };
        let alert = StoredAlert {
            id: 1,
            seq: 17,
            at,
            stream: "market".into(),
            event: "market-alert".to_owned(),
            alert,
            state: AlertState::Suppressed(Suppression::QuietHours),
            read: false,
            shown_at: None,
            resolved_at: None,
            answer: None,
        };
        StoredEvent { seq: 17, event, alerts: vec![alert] }
    }

    #[test]
    fn json_is_that_of_the_contract() {
        let mut chunk = Vec::new();
        output::json_line(&mut chunk, &Line::of(&stored()));
        let wanted = concat!(
            r#"{"seq":17,"at":"2026-11-20T09:30:00.123Z","stream":"market","event":"market-alert","id":"42","#,
            r#""data":"a\nb","alerts":[{"rule":"Market alert","title":"BTC","body":"up","urgency":"critical","#,
            r#""state":"suppressed","reason":"quiet-hours","id":1,"read":false,"answer":"","resolved_at":null}]}"#,
        );
        assert_eq!(String::from_utf8(chunk).unwrap().trim_end(), wanted);
    }

    #[test]
    fn text_is_one_line_an_event_and_one_an_alert() {
        let wanted = "17  2026-11-20 09:30:00  market  market-alert  a\\nb\n    #1 BTC: up [suppressed, quiet-hours]\n";
        assert_eq!(text(&stored(), &TimeZone::UTC), wanted);
        let mut over = stored();
        over.alerts[0].resolved_at = Some(over.event.at);
        assert!(text(&over, &TimeZone::UTC).ends_with("[suppressed, quiet-hours, resolved]\n"));
    }

    #[test]
    fn since_takes_times_and_durations() {
        assert_eq!(since("2026-11-20T09:30:00Z"), Ok("2026-11-20T09:30:00Z".parse().unwrap()));
        assert!(since("2026-11-20 09:30").is_ok());
        assert!(since("2h").unwrap() < Timestamp::now());
        assert!(since("yesterday").is_err());
    }
}
