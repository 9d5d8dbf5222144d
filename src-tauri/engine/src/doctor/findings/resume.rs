//! Ids, and whether the server goes on after one.

use std::time::Duration;

use super::{Certainty, Code, Finding, count};
use crate::doctor::observations::Observations;
use crate::doctor::report::{Resume, resume};
use crate::sse::MIN_RETRY;
use crate::transport::one_line;

/// So many events without an id are no chance.
const ENOUGH: u64 = 3;
/// How much of an id is shown, in characters.
const SHOWN: usize = 40;

pub(super) fn no_ids(seen: &Observations) -> Option<Finding> {
    let events = seen.events();
    let with_id = seen.arrivals().filter(|arrival| arrival.id.is_some()).count();
    (events > 0 && with_id == 0 && seen.target.asks_to_resume).then(|| {
        let certainty = if events >= ENOUGH { Certainty::Certain } else { Certainty::Possible };
        Finding::risk(Code::NoIds, certainty, "Events have no ids, so none that is missed can be sent again")
            .seen(format!("None of {events} events has one."))
            .number("events", count(events))
            .paste(
                "number them, and after a new connection send what comes after the request's Last-Event-ID",
                "id: 42\ndata: …",
            )
            .mend("where the id stands in the data, name it: resume = { from = \"/id\" }")
    })
}

pub(super) fn ignored(seen: &Observations) -> Option<Finding> {
    let again = seen.again.as_ref().filter(|_| resume(seen) == Resume::Ignored)?;
    let after = one_line(again.after.as_deref()?, SHOWN);
    let first = again.visit.body.arrivals.iter().find_map(|arrival| arrival.id.as_deref());
    let evidence = match (&again.admits, first) {
        (Some(admits), _) => {
            format!("Asked to go on after {after}, it says itself that it goes on after {}.", one_line(admits, SHOWN))
        }
        (None, first) => {
            let next = seen.ids().last().map(|id| one_line(id, SHOWN)).unwrap_or_default();
            let first = first.map(|id| one_line(id, SHOWN)).unwrap_or_default();
            format!("Asked to go on after {after}, it sent {first} first and left out {next}.")
        }
    };
    let certainty = if again.admits.is_some() { Certainty::Certain } else { Certainty::Likely };
    let finding = Finding::problem(
        Code::ResumeIgnored,
        certainty,
        "The server does not go on where it was asked to: missed events are lost",
    )
    .seen(evidence)
    .mend("keep the last events in the server (a list, Redis, a table), and send those after Last-Event-ID first")
    .mend("if it wants the id as a parameter: resume = { send = { query = \"lastEventId\" } }");
    Some(finding)
}

pub(super) fn repeats(seen: &Observations) -> Option<Finding> {
    let again = seen.again.as_ref().filter(|_| resume(seen) == Resume::Repeats)?;
    let after = one_line(again.after.as_deref()?, SHOWN);
    let first = again.visit.body.arrivals.iter().find_map(|arrival| arrival.id.as_deref()).unwrap_or_default();
    let first = one_line(first, SHOWN);
    let title = "The server sends again what was before the id that it was asked to go on after";
    let finding = Finding::problem(Code::ResumeRepeats, Certainty::Likely, title)
        .seen(format!("Asked to go on after {after}, it sent {first}, which came before or is the same."))
        .mend("send only what comes after the request's Last-Event-ID, and never number a connection's events from the start")
        .mend("if it wants the id as a parameter: resume = { send = { query = \"lastEventId\" } }");
    Some(finding)
}

pub(super) fn retry_small(seen: &Observations) -> Option<Finding> {
    let retry: Duration = seen.bodies().filter_map(|body| body.retry).last()?;
    (retry < MIN_RETRY).then(|| {
        let milliseconds = retry.as_millis();
        Finding::risk(Code::RetrySmall, Certainty::Certain, "The server asks clients to come back at once")
            .seen(format!(
                "It says retry: {milliseconds}; when it restarts, all clients come in the same moment, again and again. \
                 Streambell waits {} ms at the least.",
                MIN_RETRY.as_millis()
            ))
            .number("retry_ms", retry.as_secs_f64() * 1e3)
            .paste("a few seconds are usual", "retry: 3000")
    })
}
