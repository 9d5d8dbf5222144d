//! `streambell diagnosis`: what a report of a fault needs, without secrets.

use std::process::ExitCode;

use streambell_protocol::{Answer, Call};

use super::{Failure, ask};
use crate::autostart::Autostart;
use crate::diagnosis::{Facts, System, files, stored};
use crate::output;
use crate::place::Place;

/// Asks the running instance; where none answers, says what can be seen from here.
pub(super) async fn run(place: &Place) -> Result<ExitCode, Failure> {
    if let Ok(Answer::Diagnosis(told)) = ask::ask(&place.profile.socket, Call::Diagnosis).await {
        output::say(told.text.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let autostart = Autostart::of(place);
    let facts = Facts {
        system: System::look().await,
        running: None,
        files: files(&place.profile, &autostart),
        stored: stored(&place.profile.ledger),
        at_login: autostart.is_on().unwrap_or(false),
    };
    output::say(facts.told().text.trim_end());
    Ok(ExitCode::SUCCESS)
}
