//! `streambell acknowledge` and `read`: what a person says of alerts.

use std::process::ExitCode;

use anyhow::anyhow;
use streambell_engine::ledger::Reader;
use streambell_protocol::Call;

use super::{Failure, ask};
use crate::place::Place;

/// Takes note of alerts, or takes that back.
pub(super) async fn acknowledge(place: &Place, alerts: Vec<i64>, undo: bool) -> Result<ExitCode, Failure> {
    let named = alerts.clone();
    say(place, if undo { Call::Unacknowledge { alerts } } else { Call::Acknowledge { alerts } }, &named).await
}

/// Marks alerts as read, all where none is named, or as not read.
pub(super) async fn read(place: &Place, alerts: Vec<i64>, undo: bool) -> Result<ExitCode, Failure> {
    let named = alerts.clone();
    say(place, if undo { Call::MarkUnread { alerts } } else { Call::MarkRead { alerts } }, &named).await
}

/// Says it of those that there are, and names the others: a number that means nothing was mistyped, or is an event's.
async fn say(place: &Place, call: Call, named: &[i64]) -> Result<ExitCode, Failure> {
    let done = ask::done(place, call).await?;
    // The instance did what it could; where its history cannot be read, it is the one to complain.
    let known = Reader::open(&place.profile.ledger).and_then(|reader| reader.alerts_by_number(named));
    let Ok(known) = known else { return Ok(done) };
    let unknown = named.iter().filter(|number| known.iter().all(|alert| alert.id != **number));
    let unknown: Vec<_> = unknown.map(ToString::to_string).collect();
    match unknown.is_empty() {
        true => Ok(done),
        false => {
            let hint = "streambell history --alerts shows the numbers of alerts";
            Err(anyhow!("there is no alert {}: {hint}", unknown.join(", ")).into())
        }
    }
}
