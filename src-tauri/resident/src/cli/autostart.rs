//! `streambell autostart`: whether Streambell starts at login.

use std::process::ExitCode;

use clap::ValueEnum;

use super::Failure;
use crate::autostart::Autostart;
use crate::output;
use crate::place::Place;

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    /// Has it start at login, without opening the dashboard.
    On,
    /// Has it no longer start at login.
    Off,
    /// Says whether it does.
    Status,
}

/// Does it.
pub(super) fn run(place: &Place, switch: Switch) -> Result<ExitCode, Failure> {
    let autostart = Autostart::of(place);
    match switch {
        Switch::On => autostart.set(true)?,
        Switch::Off => autostart.set(false)?,
        Switch::Status => {}
    }
    let file = autostart.file().map(|file| file.display().to_string()).unwrap_or_default();
    output::say(&match autostart.is_on()? {
        true => format!("Streambell starts at login ({file})"),
        false => "Streambell does not start at login".to_owned(),
    });
    Ok(ExitCode::SUCCESS)
}
