//! `streambell tail URL --json` as it runs: its lines as they come, its end, its standard error.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::desktop::Desktop;
use crate::program::binary;

/// How long a line may take. It is only used up by a test that fails.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long nothing must come where nothing may.
const SILENCE: Duration = Duration::from_millis(200);

/// The program. Dropping it kills it.
#[derive(Debug)]
pub struct Tail {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    errors: JoinHandle<String>,
    /// Its folders last as long as it does.
    _desktop: Desktop,
}

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit status; `None` where a signal ended it.
    pub code: Option<i32>,
    /// The lines that were not read before.
    pub lines: Vec<Value>,
    /// All of standard error.
    pub errors: String,
    /// How long the end was waited for.
    pub took: Duration,
}

impl Tail {
    /// Runs `streambell tail --json` with these arguments. Its standard input is a pipe that stays open and empty.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, |command| {
            command.stdin(Stdio::piped());
        })
    }

    /// The same, with text on its standard input.
    pub async fn start_with_input(arguments: &[&str], input: &str) -> Self {
        let mut tail = Self::start(arguments);
        let mut pipe = tail.child.stdin.take().expect("its input is a pipe");
        // It may have ended without reading it.
        drop(pipe.write_all(input.as_bytes()).await);
        tail
    }

    /// The same, with a last word on the command.
    pub fn start_with(arguments: &[&str], change: impl FnOnce(&mut Command)) -> Self {
        let desktop = Desktop::bare();
        let mut command = desktop.command(binary("streambell"));
        command.args(["tail", "--json"]).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        change(&mut command);
        let mut child = command.spawn().expect("streambell starts");
        let lines = BufReader::new(child.stdout.take().expect("its output is a pipe")).lines();
        let mut pipe = child.stderr.take().expect("its errors are a pipe");
        let errors = tokio::spawn(async move {
            let mut text = Vec::new();
            drop(pipe.read_to_end(&mut text).await);
            String::from_utf8_lossy(&text).into_owned()
        });
        Self { child, lines, errors, _desktop: desktop }
    }

    /// Waits for the next line.
    ///
    /// # Panics
    /// Where none comes in time, or it is no JSON object with a type.
    pub async fn line(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await.expect("a line came in time");
        parse(&line.expect("its output can be read").expect("a line came before its output ended"))
    }

    /// Waits for the next line, which must be of this type.
    pub async fn next(&mut self, kind: &str) -> Value {
        let line = self.line().await;
        assert_eq!(line["type"], kind, "wanted a line of type {kind}, got {line}");
        line
    }

    /// Waits for the next line, which must be this one.
    pub async fn expect(&mut self, wanted: &Value) {
        assert_eq!(&self.line().await, wanted);
    }

    /// Waits for the next `waiting`, whose reason must be this; gives its delay.
    pub async fn waiting(&mut self, reason: &str) -> Duration {
        let line = self.next("waiting").await;
        assert_eq!(line["reason"], reason, "{line}");
        assert!(line["message"].as_str().is_some_and(|message| !message.is_empty()), "no message: {line}");
        Duration::from_millis(line["retry_in_ms"].as_u64().expect("a whole number of milliseconds"))
    }

    /// Takes lines up to one of this type, which is the last in the list.
    pub async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut lines = Vec::new();
        loop {
            let line = self.line().await;
            let last = line["type"] == kind;
            lines.push(line);
            if last {
                return lines;
            }
        }
    }

    /// Makes sure that no line comes for a short while.
    pub async fn silent(&mut self) {
        if let Ok(line) = tokio::time::timeout(SILENCE, self.lines.next_line()).await {
            panic!("nothing may come here, but this did: {line:?}");
        }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Sends a signal: `TERM`, `INT`, `HUP`.
    pub async fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.pid().to_string()).status().await;
        assert!(status.is_ok_and(|status| status.success()), "the signal is sent");
    }

    /// Closes our end of its standard output.
    pub fn hang_up(self) -> Deaf {
        Deaf { child: self.child, errors: self.errors, _desktop: self._desktop }
    }

    /// Waits for its end.
    pub async fn ended(mut self) -> Ended {
        let asked = Instant::now();
        let end = async {
            let mut lines = Vec::new();
            while let Some(line) = self.lines.next_line().await.expect("its output can be read") {
                lines.push(parse(&line));
            }
            (lines, self.child.wait().await.expect("its status"))
        };
        let (lines, status) = tokio::time::timeout(PATIENCE, end).await.expect("it ends in time");
        let errors = self.errors.await.expect("its errors");
        Ended { code: status.code(), lines, errors, took: asked.elapsed() }
    }

    /// Waits for its end while nobody reads its standard output, which stays open.
    pub async fn ended_unread(mut self) -> (Option<i32>, Duration) {
        let asked = Instant::now();
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it ends in time");
        (status.expect("its status").code(), asked.elapsed())
    }

    /// Waits for its end, which must be `stopped` for this reason with exit status 3; gives the message.
    pub async fn stopped(self, reason: &str) -> String {
        let ended = self.ended().await;
        let last = ended.lines.last().unwrap_or_else(|| panic!("a last line: {ended:?}"));
        assert_eq!((&last["type"], &last["reason"]), (&Value::from("stopped"), &Value::from(reason)), "{ended:?}");
        assert_eq!((ended.code, ended.lines.len()), (Some(3), 1), "{ended:?}");
        let message = last["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty(), "no message: {last}");
        message.to_owned()
    }
}

/// The program with nobody at the other end of its standard output.
#[derive(Debug)]
pub struct Deaf {
    child: Child,
    errors: JoinHandle<String>,
    _desktop: Desktop,
}

impl Deaf {
    /// Waits for its end.
    pub async fn ended(mut self) -> Ended {
        let asked = Instant::now();
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it ends in time");
        let errors = self.errors.await.expect("its errors");
        let code = status.expect("its status").code();
        Ended { code, lines: Vec::new(), errors, took: asked.elapsed() }
    }
}

fn parse(line: &str) -> Value {
    let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in this line: {line}"));
    assert!(value["type"].is_string(), "a line without a type: {line}");
    value
}
