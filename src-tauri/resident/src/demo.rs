//! Starts the demo beside this instance: a program of its own, with its own window and its own throw-away files.

use std::process::Stdio;

use tokio::process::Command;

/// Starts it, as a person would from a terminal. Where one runs already, that one opens its window.
///
/// # Errors
/// In one line, where it does not start.
pub(crate) fn start() -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| format!("the program does not know where it is: {error}"))?;
    let mut command = Command::new(program);
    command.arg("--demo").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // It outlives us, and what ends us from a terminal does not end it.
    #[cfg(unix)]
    command.process_group(0);
    // Reaped by the runtime.
    command.spawn().map(drop).map_err(|error| format!("the demo does not start: {error}"))
}
