//! `streambell rules`; `rules test` tells what would have been shown for the history, or for a recorded stream.

mod recording;
mod switch;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use streambell_engine::config::Config;
use streambell_engine::ledger::{Query, Reader};
use streambell_engine::model::Event;
use streambell_engine::rehearsal::{Rehearsal, Told};
use streambell_protocol::{Answer, Call, RuleDraft};

use super::ask::{ask, done};
use super::history::since;
use super::status::{clock, count, rfc3339};
use super::{Failure, why};
use crate::output::{self, plain};
use crate::place::Place;

/// What can be done with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// Shows what would have been shown for events of the past
    Test(TestArguments),
    /// Lists the rules in their order
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
        /// With how often each fired and was shown in the last 7 days
        #[arg(long)]
        counts: bool,
    },
    /// Shows a rule's notification now, with its sound, marked as a test; nothing is stored
    Try {
        /// The rule's name
        name: String,
        /// The stored event to make it from; by default the newest that it fires for, or a made-up one
        #[arg(long, value_name = "NUMBER")]
        event: Option<i64>,
    },
    /// Prints a rule for events like a stored one, to paste into the configuration or to import
    Draft {
        /// The event's number
        event: i64,
    },
    /// Switches a rule on
    Enable {
        /// The rule's name
        name: String,
    },
    /// Switches a rule off
    Disable {
        /// The rule's name
        name: String,
    },
}

/// What `rules test` takes.
#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// A recorded stream: the lines of `tail --record`, or of `history --json`
    #[arg(required_unless_present = "since", conflicts_with = "since")]
    file: Option<PathBuf>,
    /// The history since then: 30m, 2h, 7d (ago), or a time such as 2026-11-20T09:30:00Z
    #[arg(long, value_name = "WHEN", value_parser = since)]
    since: Option<Timestamp>,
    /// Only this rule
    #[arg(long, value_name = "NAME")]
    rule: Option<String>,
    /// The stream that a recording is of, where it does not say
    #[arg(long, value_name = "NAME", requires = "file")]
    stream: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Does what is asked.
pub(super) async fn run(place: &Place, command: RulesCommand) -> Result<ExitCode, Failure> {
    match command {
        RulesCommand::Test(arguments) => test(place, &arguments),
        RulesCommand::List { json, counts } => switch::list(place, json, counts),
        RulesCommand::Try { name, event } => try_out(place, &name, event).await,
        RulesCommand::Draft { event } => draft(place, event).await,
        RulesCommand::Enable { name } => switch::switch(place, &name, true),
        RulesCommand::Disable { name } => switch::switch(place, &name, false),
    }
}

async fn try_out(place: &Place, name: &str, seq: Option<i64>) -> Result<ExitCode, Failure> {
    let Answer::Configuration(configuration) = ask(&place.profile.socket, Call::Configuration).await? else {
        return Err(anyhow!("the running Streambell answered something else than its configuration").into());
    };
    let Some(rule) = configuration.rules.into_iter().find(|rule| rule.name == name) else {
        return Err(Failure::usage(anyhow!("there is no rule named {name:?}")));
    };
    done(place, Call::TestNotification { draft: RuleDraft::Text(rule.text), seq }).await
}

/// The same rule as the dashboard suggests.
async fn draft(place: &Place, seq: i64) -> Result<ExitCode, Failure> {
    let unexpected = || anyhow!("the running Streambell answered something else than a rule");
    let socket = &place.profile.socket;
    let Answer::RuleForm(form) = ask(socket, Call::DraftRule { seq }).await? else { return Err(unexpected().into()) };
    let draft = RuleDraft::Form(form);
    let call = Call::RuleText { original: None, base: None, draft };
    let Answer::RuleText(rule) = ask(socket, call).await? else { return Err(unexpected().into()) };
    output::say_all(rule.text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

fn test(place: &Place, arguments: &TestArguments) -> Result<ExitCode, Failure> {
    let config = chosen(why::configuration(place)?, arguments.rule.as_deref())?;
    let mut stage = Stage::new(&config, arguments.json);
    let end = match (&arguments.file, arguments.since) {
        (Some(file), _) => {
            let only = match config.streams.as_slice() {
                [only] => Some(only.name.as_str()),
                _ => None,
            };
            let stream = arguments.stream.as_deref().or(only);
            for event in recording::read(file, stream)? {
                if stage.play(&event?, 0)?.is_break() {
                    break;
                }
            }
            None
        }
        (None, since) => {
            let reader = Reader::open(&place.profile.ledger).map_err(|error| anyhow!(error))?;
            let query = Query { since, limit: u32::MAX, ..Query::default() };
            let mut failed = None;
            let told = reader.history_in_steps(&query, |events| {
                for stored in events {
                    match stage.play(&stored.event, stored.seq) {
                        Ok(ControlFlow::Continue(())) => {}
                        Ok(ControlFlow::Break(())) => return ControlFlow::Break(()),
                        Err(failure) => {
                            failed = Some(failure);
                            return ControlFlow::Break(());
                        }
                    }
                }
                ControlFlow::Continue(())
            });
            told.map_err(|error| anyhow!(error))?;
            failed.map_or(Ok(()), Err)?;
            Some(Timestamp::now())
        }
    };
    stage.finish(end);
    Ok(ExitCode::SUCCESS)
}

/// The configuration with the one rule only, where one is named.
fn chosen(mut config: Config, rule: Option<&str>) -> Result<Config, Failure> {
    if let Some(name) = rule {
        config.rules.retain(|rule| &*rule.name == name);
        if config.rules.is_empty() {
            return Err(Failure::usage(anyhow!("there is no rule named {name:?}")));
        }
        // What it resolves may not be there.
        config.rules.iter_mut().for_each(|rule| rule.enabled = true);
    }
    Ok(config)
}

/// A rehearsal and what it prints.
struct Stage<'a> {
    config: &'a Config,
    json: bool,
    zone: TimeZone,
    rehearsal: Option<Rehearsal>,
    events: usize,
    shown: usize,
    suppressed: usize,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Notification {
        at: String,
        stream: &'a str,
        rule: &'a str,
        title: &'a str,
        body: &'a str,
        urgency: &'a str,
        seq: i64,
        replaces: bool,
    },
    Suppressed {
        at: String,
        rule: &'a str,
        title: &'a str,
        reason: &'a str,
    },
    Resolved {
        at: String,
        rule: &'a str,
        group: &'a str,
    },
    Summary {
        events: usize,
        shown: usize,
        suppressed: usize,
        ignored: usize,
    },
}

impl<'a> Stage<'a> {
    fn new(config: &'a Config, json: bool) -> Self {
        let zone = TimeZone::system();
        Self { config, json, zone, rehearsal: None, events: 0, shown: 0, suppressed: 0 }
    }

    /// Plays an event; breaks where nobody reads any more.
    fn play(&mut self, event: &Event, seq: i64) -> Result<ControlFlow<()>, Failure> {
        self.events += 1;
        let rehearsal = match &mut self.rehearsal {
            Some(rehearsal) => rehearsal,
            None => {
                let start = event.at.to_zoned(self.zone.clone());
                let first = |errors: Vec<_>| {
                    Failure::usage(anyhow!(
                        errors
                            .into_iter()
                            .next()
                            .map_or_else(String::new, |error: streambell_engine::rules::RuleError| error.to_string())
                    ))
                };
                self.rehearsal.insert(Rehearsal::new(self.config, &start).map_err(first)?)
            }
        };
        let told = rehearsal.play(event, seq);
        Ok(if self.print(&told) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }

    /// What did not come until the end, what was held back, and how much it was. A recording ends with its last event.
    fn finish(mut self, end: Option<Timestamp>) {
        let mut ignored = BTreeMap::new();
        if let Some(mut rehearsal) = self.rehearsal.take() {
            ignored.clone_from(rehearsal.ignored());
            let mut told = end.map(|end| rehearsal.pass(end)).unwrap_or_default();
            told.extend(rehearsal.finish());
            self.print(&told);
        }
        let (events, shown, suppressed) = (self.events, self.shown, self.suppressed);
        if self.json {
            let (mut line, ignored) = (Vec::new(), ignored.values().sum());
            output::json_line(&mut line, &Line::Summary { events, shown, suppressed, ignored });
            output::say_all(&line);
        } else {
            let by = |(rule, events): (Arc<str>, usize)| format!(", {events} ignored by \"{}\"", plain(&rule, None));
            let ignored: String = ignored.into_iter().map(by).collect();
            output::say(&format!(
                "{}: {}, {} not shown{ignored}",
                count(events, "event"),
                count(shown, "notification"),
                count(suppressed, "alert")
            ));
        }
    }

    fn print(&mut self, told: &[Told]) -> bool {
        let mut chunk = Vec::new();
        for told in told {
            self.shown += usize::from(matches!(told, Told::Shown { .. }));
            self.suppressed += usize::from(matches!(told, Told::Suppressed { .. }));
            match self.json {
                true => output::json_line(&mut chunk, &line(told)),
                false => chunk.extend(text(told, &self.zone).into_bytes()),
            }
        }
        chunk.is_empty() || output::say_all(&chunk)
    }
}

fn line(told: &Told) -> Line<'_> {
    let time = |at: &Timestamp| rfc3339(at.as_millisecond());
    match told {
        Told::Shown { at, notification } => Line::Notification {
            at: time(at),
            stream: notification.stream.as_str(),
            rule: &notification.rule,
            title: &notification.title,
            body: &notification.body,
            urgency: notification.urgency.as_str(),
            seq: notification.seq,
            replaces: notification.replaces,
        },
        Told::Suppressed { at, alert, reason } => Line::Suppressed {
            at: time(at),
            rule: &alert.alert.rule,
            title: &alert.alert.title,
            reason: reason.as_str(),
        },
        Told::Resolved { at, resolution } => {
            Line::Resolved { at: time(at), rule: &resolution.rule, group: &resolution.group }
        }
    }
}

fn text(told: &Told, zone: &TimeZone) -> String {
    let time = |at: &Timestamp| clock(at.as_millisecond(), zone);
    match told {
        Told::Shown { at, notification } => {
            let (title, body) = (plain(&notification.title, None), plain(&notification.body, None));
            let body = if body.is_empty() { String::new() } else { format!(": {body}") };
            let how = if notification.replaces { ", in the place of the one before" } else { "" };
            format!("{}  {title}{body} [{}{how}]\n", time(at), notification.urgency.as_str())
        }
        Told::Suppressed { at, alert, reason } => {
            format!("{}  {} [not shown: {}]\n", time(at), plain(&alert.alert.title, None), reason.as_str())
        }
        Told::Resolved { at, resolution } => {
            let group = if resolution.group.is_empty() { String::new() } else { format!(" {}", resolution.group) };
            format!("{}  {}{} [resolved]\n", time(at), plain(&resolution.rule, None), plain(&group, None))
        }
    }
}
