//! `streambell` and `streambell run --headless`: the running instance itself.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::anyhow;
use streambell_engine::profile::ProfileLock;
use streambell_protocol::Call;

use super::{Failure, PrintFormat, ask};
use crate::dashboard;
use crate::notifier::Style;
use crate::output;
use crate::place::Place;
use crate::resident::{self, Mode};

/// How long an instance that has just started may take until it can be asked.
const START_PATIENCE: Duration = Duration::from_secs(3);
const START_STEP: Duration = Duration::from_millis(50);

/// The tray app. Where one runs already, that one opens its dashboard.
pub(super) async fn tray(place: Place, hidden: bool) -> Result<ExitCode, Failure> {
    let Some(lock) = place.lock()? else {
        return if hidden { Ok(ExitCode::SUCCESS) } else { hand_over(&place).await };
    };
    if !dashboard::has_display() {
        output::complain(
            "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): no dashboard can be opened, and most \
             likely there is no tray; on a machine without a display use `streambell run --headless`",
        );
    }
    run(place, lock, Mode::Tray { hidden }).await
}

/// The same without tray and window.
pub(super) async fn headless(place: Place, print: Option<PrintFormat>) -> Result<ExitCode, Failure> {
    let (place, lock) = match place.lock()? {
        Some(lock) => (place, lock),
        None if place.is_throw_away() => {
            let place = Place::another_demo()?;
            let lock = place.lock()?.ok_or_else(|| anyhow!("another process took a temporary folder"))?;
            (place, lock)
        }
        None => {
            let socket = place.profile.socket.display();
            return Err(anyhow!("Streambell runs already for this profile (its control socket is {socket})").into());
        }
    };
    let print = print.map(|format| match format {
        PrintFormat::Text => Style::Text,
        PrintFormat::Json => Style::Json,
    });
    run(place, lock, Mode::Headless { print }).await
}

async fn run(place: Place, lock: ProfileLock, mode: Mode) -> Result<ExitCode, Failure> {
    let end = resident::run(&place, mode).await;
    place.clear();
    drop(lock);
    end
}

async fn hand_over(place: &Place) -> Result<ExitCode, Failure> {
    let mut waited = Duration::ZERO;
    loop {
        match ask::ask(&place.profile.socket, Call::OpenDashboard { alert: None }).await {
            Ok(_) => return Ok(ExitCode::SUCCESS),
            // It holds the lock and does not listen yet.
            Err(failure) if !failure.is_refusal() && waited < START_PATIENCE => {
                tokio::time::sleep(START_STEP).await;
                waited += START_STEP;
            }
            Err(failure) => return Err(failure),
        }
    }
}
