//! Text onto the desktop's clipboard, through the small programs that desktops have for it: we link no toolkit.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// How long a program may take to take the text over; it then keeps it in the background by itself.
const PATIENCE: Duration = Duration::from_secs(2);

/// Copies a text.
///
/// # Errors
/// Where there is no display, or none of the programs: which would help, in one line.
pub(crate) async fn copy(text: String) -> Result<(), String> {
    let there = |variable: &str| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    let mut programs: Vec<&[&str]> = Vec::new();
    if there("WAYLAND_DISPLAY") {
        programs.push(&["wl-copy"]);
    }
    if there("DISPLAY") {
        programs.extend([&["xclip", "-selection", "clipboard"][..], &["xsel", "--clipboard", "--input"][..]]);
    }
    for program in &programs {
        match tokio::time::timeout(PATIENCE, give(program, &text)).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => tracing::debug!(program = program[0], %error, "does not copy"),
            Err(_) => tracing::debug!(program = program[0], "does not answer"),
        }
    }
    Err("nothing here copies text: install wl-clipboard, xclip or xsel".to_owned())
}

async fn give(program: &[&str], text: &str) -> std::io::Result<()> {
    let mut child = Command::new(program[0])
        .args(&program[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes()).await?;
    }
    let status = child.wait().await?;
    if status.success() { Ok(()) } else { Err(std::io::Error::other(status.to_string())) }
}
