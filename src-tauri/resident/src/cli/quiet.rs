//! `pause`, `resume`, `silence`, `silences`, `unsilence`: what a person does not want to be told for a while.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use jiff::Zoned;
use jiff::tz::TimeZone;
use serde::Serialize;
use streambell_engine::config::parse_duration;
use streambell_protocol::{Answer, Call, SilenceMatcher, SilenceView};

use super::Failure;
use super::ask::{ask, done, whole_seconds};
use super::status::{clock, rfc3339};
use crate::morning::until_morning;
use crate::output::{self, plain};
use crate::place::Place;

/// What `pause` takes.
#[derive(Debug, Args)]
pub(crate) struct PauseArguments {
    /// For so long: 30s, 15m, 2h …, or `tomorrow`: until 8:00 of the next morning
    #[arg(value_name = "DURATION", value_parser = length)]
    length: Option<Duration>,
    /// Only the notifications of this stream
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
}

/// What `resume` takes.
#[derive(Debug, Args)]
pub(crate) struct ResumeArguments {
    /// Ends the pause of this stream
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
}

/// What `silence` takes.
#[derive(Debug, Args)]
pub(crate) struct SilenceArguments {
    /// Alerts of streams whose name matches this glob
    #[arg(long, value_name = "GLOB", value_parser = super::glob)]
    stream: Option<String>,
    /// Alerts of rules whose name matches this glob
    #[arg(long, value_name = "GLOB", value_parser = super::glob)]
    rule: Option<String>,
    /// Alerts whose group matches this glob
    #[arg(long, value_name = "GLOB", value_parser = super::glob)]
    group: Option<String>,
    /// Alerts with this text (a glob) anywhere in title or body
    #[arg(long, value_name = "GLOB", value_parser = super::glob)]
    text: Option<String>,
    /// For so long: 30m, 2h, 7d …, or `tomorrow`: until 8:00 of the next morning
    #[arg(long = "for", value_name = "DURATION", default_value = "1h", value_parser = length)]
    length: Duration,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    comment: String,
}

/// `streambell pause`.
pub(super) async fn pause(place: &Place, arguments: PauseArguments) -> Result<ExitCode, Failure> {
    let seconds = arguments.length.map(whole_seconds);
    done(place, Call::Pause { seconds, stream: arguments.stream }).await
}

/// `streambell resume`.
pub(super) async fn resume(place: &Place, arguments: ResumeArguments) -> Result<ExitCode, Failure> {
    done(place, Call::Resume { stream: arguments.stream }).await
}

/// `streambell silence`: prints the new silence's number.
pub(super) async fn silence(place: &Place, arguments: SilenceArguments) -> Result<ExitCode, Failure> {
    let SilenceArguments { stream, rule, group, text, length, comment } = arguments;
    let matcher = SilenceMatcher { stream, rule, group, text };
    if matcher == SilenceMatcher::default() {
        let message = "name a --stream, --rule, --group or --text: to silence everything, `streambell pause`";
        return Err(Failure::usage(anyhow!(message)));
    }
    let seconds = whole_seconds(length);
    let Answer::Silenced { id } = ask(&place.profile.socket, Call::Silence { matcher, seconds, comment }).await? else {
        return Err(anyhow!("the running Streambell answered something else than the new silence's number").into());
    };
    output::say(&id.to_string());
    Ok(ExitCode::SUCCESS)
}

/// `streambell silences`: those in force, oldest first.
pub(super) async fn silences(place: &Place, json: bool) -> Result<ExitCode, Failure> {
    let Answer::Snapshot(snapshot) = ask(&place.profile.socket, Call::Snapshot).await? else {
        return Err(anyhow!("the running Streambell answered something else than its state").into());
    };
    let mut chunk = Vec::new();
    for silence in &snapshot.silences {
        match json {
            true => output::json_line(&mut chunk, &Line::of(silence)),
            false => chunk.extend(text(silence, &TimeZone::system()).into_bytes()),
        }
    }
    output::say_all(&chunk);
    Ok(ExitCode::SUCCESS)
}

/// `streambell unsilence ID`.
pub(super) async fn unsilence(place: &Place, id: i64) -> Result<ExitCode, Failure> {
    done(place, Call::Unsilence { silence: id }).await
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    id: i64,
    stream: Option<&'a str>,
    rule: Option<&'a str>,
    group: Option<&'a str>,
    text: Option<&'a str>,
    until: String,
    comment: &'a str,
}

impl<'a> Line<'a> {
    fn of(silence: &'a SilenceView) -> Self {
        let SilenceMatcher { stream, rule, group, text } = &silence.matcher;
        Self {
            id: silence.id,
            stream: stream.as_deref(),
            rule: rule.as_deref(),
            group: group.as_deref(),
            text: text.as_deref(),
            until: rfc3339(silence.until_ms),
            comment: &silence.comment,
        }
    }
}

fn text(silence: &SilenceView, zone: &TimeZone) -> String {
    let SilenceMatcher { stream, rule, group, text } = &silence.matcher;
    let fields = [("stream", stream), ("rule", rule), ("group", group), ("text", text)];
    let said = fields.iter().filter_map(|(name, value)| Some(format!("{name} {:?}", value.as_deref()?)));
    let comment = if silence.comment.is_empty() { String::new() } else { format!("  {}", silence.comment) };
    let said = said.collect::<Vec<_>>().join(", ");
    format!("{}  {}\n", silence.id, plain(&format!("{said}  until {}{comment}", clock(silence.until_ms, zone)), None))
}

/// Reads how long, or `tomorrow`.
fn length(text: &str) -> Result<Duration, String> {
    if text == "tomorrow" { Ok(until_morning(&Zoned::now())) } else { parse_duration(text).map_err(|why| why.english) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_is_one_line() {
        let matcher = SilenceMatcher { rule: Some("Price*".to_owned()), ..SilenceMatcher::default() };
        let silence = SilenceView { id: 3, matcher, until_ms: 0, comment: "deploy\u{1b}".to_owned(), at_ms: 0 };
        assert_eq!(text(&silence, &TimeZone::UTC), "3  rule \"Price*\"  until 1970-01-01 00:00:00  deploy\\u{1b}\n");
        let mut chunk = Vec::new();
        output::json_line(&mut chunk, &Line::of(&silence));
        let wanted = concat!(
            r#"{"id":3,"stream":null,"rule":"Price*","group":null,"text":null,"until":"1970-01-01T00:00:00.000Z","#,
            r#""comment":"deploy\u001b"}"#,
            "\n"
        );
        assert_eq!(String::from_utf8_lossy(&chunk), wanted);
    }

    #[test]
    fn a_length_is_a_duration_or_tomorrow() {
        assert_eq!(length("2h"), Ok(Duration::from_secs(7_200)));
        assert!(length("tomorrow").is_ok_and(|length| length <= Duration::from_secs(29 * 3_600)));
        assert!(length("soon").is_err());
    }
}
