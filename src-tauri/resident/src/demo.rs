//! Starts the demo beside this instance: a program of its own, with its own window and its own throw-away files.

use std::process::Stdio;

use streambell_engine::locale::Text;
use streambell_engine::text;
use tokio::process::Command;

use crate::autostart::own_program;

/// Starts it, as a person would from a terminal. Where one runs already, that one opens its window.
///
/// # Errors
/// In one line, where it does not start.
pub(crate) fn start() -> Result<(), Text> {
    let mut command = Command::new(own_program()?);
    command.arg("--demo").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // It outlives us, and what ends us from a terminal does not end it.
    #[cfg(unix)]
    command.process_group(0);
    // Reaped by the runtime.
    command.spawn().map(drop).map_err(|error| {
        let why = Text::of_system(&error);
        text!("the demo does not start: {why}", "演示无法启动：{why}", why)
    })
}
