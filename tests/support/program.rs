//! The real programs, as the build left them.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};

use serde_json::Value;
use tokio::process::{Child, Command};

use crate::desktop::Desktop;
use crate::eventually::{PATIENCE, eventually};

/// The folder this build's output is in, for example `target/debug`.
pub fn target() -> PathBuf {
    let test = std::env::current_exe().expect("this test is a program");
    let folder = test.parent().expect("it is in a folder");
    let folder = if folder.ends_with("deps") { folder.parent().expect("deps is in a folder") } else { folder };
    folder.to_owned()
}

/// One of our programs.
///
/// # Panics
/// Where it was not built.
pub fn binary(name: &str) -> PathBuf {
    let path = target().join(name);
    assert!(path.is_file(), "{} is missing: build the workspace first (make test does)", path.display());
    path
}

/// A running resident. Dropping it kills it.
#[derive(Debug)]
pub struct Resident {
    child: Child,
    profile: PathBuf,
    log: PathBuf,
}

impl Resident {
    /// Starts `streambell` with these arguments on a profile; its output and log go to files in the profile's folder.
    pub fn start(desktop: &Desktop, profile: &Path, arguments: &[&str]) -> Self {
        Self::start_with(desktop, profile, arguments, |_| {})
    }

    /// The same, with a last word on the command.
    pub fn start_with(
        desktop: &Desktop,
        profile: &Path,
        arguments: &[&str],
        change: impl FnOnce(&mut Command),
    ) -> Self {
        std::fs::create_dir_all(profile).expect("a folder for the profile");
        let log = profile.join("stderr.log");
        let append =
            |path: &Path| std::fs::File::options().create(true).append(true).open(path).expect("a file for its output");
        let mut command = desktop.command(binary("streambell"));
        command.arg("-v").arg("--profile").arg(profile).args(arguments);
        command.stdout(append(&profile.join("stdout.log"))).stderr(append(&log));
        change(&mut command);
        let child = command.spawn().expect("streambell starts");
        Self { child, profile: profile.to_owned(), log }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// What it wrote to its log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// What it wrote to standard output so far.
    pub fn output(&self) -> String {
        std::fs::read_to_string(self.profile.join("stdout.log")).unwrap_or_default()
    }

    /// `status --json`, once it answers.
    pub async fn status(&self, desktop: &Desktop) -> Value {
        eventually("an answer to `streambell status`", async || status(desktop, &self.profile).await).await
    }

    /// Waits until a stream's state is this.
    pub async fn wait_for_state(&self, desktop: &Desktop, stream: &str, state: &str) -> Value {
        eventually(&format!("stream {stream} to be {state}"), async || {
            let status = status(desktop, &self.profile).await?;
            let found = status["streams"].as_array()?.iter().find(|known| known["name"] == stream)?.clone();
            (found["state"] == state).then_some(found)
        })
        .await
    }

    /// Kills it with SIGKILL.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    /// Sends SIGTERM.
    pub async fn terminate(&self) {
        let status = Command::new("kill").arg(self.pid().to_string()).status().await;
        assert!(status.is_ok_and(|status| status.success()), "the signal is sent");
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it ends in time").expect("its status")
    }
}

async fn status(desktop: &Desktop, profile: &Path) -> Option<Value> {
    let output = run(desktop, profile, &["status", "--json"]).await;
    if output.status.success() { serde_json::from_slice(&output.stdout).ok() } else { None }
}

/// Runs one command of `streambell` to its end.
pub async fn run(desktop: &Desktop, profile: &Path, arguments: &[&str]) -> Output {
    run_with_input(desktop, profile, arguments, "").await
}

/// Runs one command of `streambell` with text on its standard input.
pub async fn run_with_input(desktop: &Desktop, profile: &Path, arguments: &[&str], input: &str) -> Output {
    use tokio::io::AsyncWriteExt as _;
    let mut command = desktop.command(binary("streambell"));
    command.arg("--profile").arg(profile).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("streambell starts");
    let mut pipe = child.stdin.take().expect("its input is a pipe");
    // A command that reads nothing may have closed it.
    drop(pipe.write_all(input.as_bytes()).await);
    drop(pipe);
    tokio::time::timeout(PATIENCE, child.wait_with_output()).await.expect("it ends in time").expect("its output")
}
