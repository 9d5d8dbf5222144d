//! `streambell connections STREAM`: when it was connected, and why each connection ended.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;
use jiff::tz::TimeZone;
use serde::Serialize;
use streambell_protocol::{Answer, Call, ConnectionView};

use super::Failure;
use super::ask::ask;
use super::status::{clock, rfc3339};
use crate::output::{self, plain};
use crate::place::Place;

/// What `connections` takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The stream
    stream: String,
    /// At most so many, the newest; 500 at the most
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Prints them, newest last.
pub(super) async fn run(place: &Place, Arguments { stream, limit, json }: Arguments) -> Result<ExitCode, Failure> {
    let Answer::Connections(known) = ask(&place.profile.socket, Call::Connections { stream, limit }).await? else {
        return Err(anyhow!("the running Streambell answered something else than connections").into());
    };
    let mut chunk = Vec::new();
    for connection in known.iter().rev() {
        match json {
            true => output::json_line(&mut chunk, &Line::of(connection)),
            false => chunk.extend(text(connection, &TimeZone::system()).into_bytes()),
        }
    }
    output::say_all(&chunk);
    Ok(ExitCode::SUCCESS)
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    start: String,
    end: Option<String>,
    cause: &'static str,
    message: &'a str,
    tries: u32,
    status: Option<u16>,
    http: &'a str,
    header_ms: Option<u64>,
    first_byte_ms: Option<u64>,
    open_ms: Option<u64>,
    bytes: u64,
    events: u64,
}

impl<'a> Line<'a> {
    fn of(from: &'a ConnectionView) -> Self {
        Self {
            start: rfc3339(from.start_ms),
            end: from.end_ms.map(rfc3339),
            cause: from.cause.as_str(),
            message: &from.message.en,
            tries: from.tries,
            status: from.status,
            http: &from.http,
            header_ms: from.header_ms,
            first_byte_ms: from.first_byte_ms,
            open_ms: from.open_ms,
            bytes: from.bytes,
            events: from.events,
        }
    }
}

fn text(from: &ConnectionView, zone: &TimeZone) -> String {
    let end = from.end_ms.map_or_else(|| "…".to_owned(), |end| clock(end, zone));
    let tries = if from.tries > 1 { format!(", {} tries", from.tries) } else { String::new() };
    let events = from.open_ms.map(|_| format!(", {} events", from.events)).unwrap_or_default();
    let message = if from.message.en.is_empty() { String::new() } else { format!(": {}", from.message.en) };
    let line = format!("{} to {end}  {}{tries}{events}{message}", clock(from.start_ms, zone), from.cause.as_str());
    format!("{}\n", plain(&line, None))
}

#[cfg(test)]
mod tests {
    use streambell_protocol::{ConnectionEnd, Text};

    use super::*;

    fn cut() -> ConnectionView {
        ConnectionView {
            start_ms: 0,
            end_ms: Some(60_000),
            cause: ConnectionEnd::Network,
            message: Text::plain("cut\u{1b}[2J".to_owned()),
            missing: None,
            tries: 1,
            status: Some(200),
            http: "2".to_owned(),
            header_ms: Some(3),
            first_byte_ms: None,
            open_ms: Some(59_000),
            bytes: 10,
            events: 2,
        }
    }

    #[test]
    fn a_connection_is_one_line_that_can_do_nothing_to_a_terminal() {
        let line = text(&cut(), &TimeZone::UTC);
        assert!(line.contains("network, 2 events: cut") && line.matches('\n').count() == 1, "{line}");
        assert!(!line.contains('\u{1b}'), "{line}");
        let failed = ConnectionView { tries: 3, open_ms: None, end_ms: None, ..cut() };
        let line = text(&failed, &TimeZone::UTC);
        assert!(line.contains("to …  network, 3 tries: cut"), "{line}");
    }
}
