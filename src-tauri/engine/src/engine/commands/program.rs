//! One program from its start to its end, with its whole process group.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use super::Job;

/// How many bytes of its output are logged: the last.
const OUTPUT: usize = 2_048;

/// How long what it started may still write after it ended.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Runs it, for so long at the most, and logs how that went.
pub(super) async fn run(job: Job, limit: Duration) {
    let program = job.command.first().cloned().unwrap_or_default();
    let rule = job.rule().to_owned();
    match tokio::time::timeout(limit, finish(job)).await {
        Ok(Ok((status, output))) if status.success() => tracing::info!(rule, program, output, "a program ended"),
        Ok(Ok((status, output))) => tracing::warn!(rule, program, %status, output, "a program failed"),
        Ok(Err(error)) => tracing::warn!(rule, program, %error, "a program cannot be started: see that it is there"),
        Err(_) => tracing::warn!(rule, program, "a program was killed: it ran for more than {} s", limit.as_secs()),
    }
}

/// Dropped, it takes the whole group with it.
async fn finish(job: Job) -> std::io::Result<(ExitStatus, String)> {
    let (name, arguments) = job.command.split_first().ok_or(std::io::ErrorKind::NotFound)?;
    let mut command = Command::new(name);
    command.args(arguments).envs(job.environment).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    command.process_group(0);
    let mut group = Group(command.spawn()?);
    let (input, output, errors) = (group.0.stdin.take(), group.0.stdout.take(), group.0.stderr.take());
    let write = async {
        // A program that does not care for its input may close it.
        if let Some(mut input) = input {
            drop(input.write_all(&job.input).await);
        }
        std::future::pending::<()>().await;
    };
    let (mut said, mut complained) = (Vec::new(), Vec::new());
    let status = {
        let read = async {
            tokio::join!(tail(output, &mut said), tail(errors, &mut complained));
        };
        let mut read = std::pin::pin!(read);
        let mut all_read = false;
        let mut write = std::pin::pin!(write);
        let status = loop {
            tokio::select! {
                status = group.0.wait() => break status?,
                () = &mut read, if !all_read => all_read = true,
                () = &mut write => {}
            }
        };
        if !all_read {
            // What it started in turn may hold its output open.
            drop(tokio::time::timeout(LAST_WORDS, read).await);
        }
        status
    };
    said.extend(complained);
    Ok((status, plain(&said)))
}

/// Reads to the end and keeps the last bytes.
async fn tail(from: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut from) = from else { return };
    let mut chunk = [0; 1_024];
    while let Ok(count @ 1..) = from.read(&mut chunk).await {
        kept.extend_from_slice(&chunk[..count]);
        kept.drain(..kept.len().saturating_sub(OUTPUT));
    }
}

/// One line that is safe in a log.
fn plain(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    text.trim().chars().map(|one| if one.is_control() { ' ' } else { one }).collect()
}

/// A program whose group is killed with it, where it has not ended by itself.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // A program that was waited for has no number any more, and its group may be another's.
        #[cfg(unix)]
        if let Some(id) = self.0.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw) {
            // Where it fails the group has ended by itself.
            rustix::process::kill_process_group(id, rustix::process::Signal::KILL).ok();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::time::Instant;

    use super::super::job::tests::job;
    use super::*;

    #[tokio::test]
    async fn a_program_gets_the_event_and_no_shell_sees_it() {
        let script = "cat; printf ' %s|%s' \"$STREAMBELL_TITLE\" \"$1\" >&2";
        let (status, output) = finish(job(&["sh", "-c", script, "sh", "{{ data }} $(id)"], "{\"n\":1}")).await.unwrap();
        assert!(status.success());
        assert!(output.starts_with("{\"rule\":\"Price\",\"title\":\"BTC $(id)\""), "{output}");
        assert!(output.ends_with("BTC $(id)|{{ data }} $(id)"), "arguments are as they are written: {output}");
    }

    #[tokio::test]
    async fn output_is_bounded_and_its_end_is_kept() {
        let (_, output) = finish(job(&["sh", "-c", "yes x | head -c 300000; printf '\\033[1mend'"], "")).await.unwrap();
        assert!(output.len() <= OUTPUT && output.ends_with(" [1mend"), "{output}");
    }

    #[tokio::test]
    async fn a_program_that_does_not_read_its_input_is_not_waited_for() {
        let (status, _) = finish(job(&["true"], &"x".repeat(900_000))).await.unwrap();
        assert!(status.success());
    }

    #[tokio::test]
    async fn a_program_that_runs_too_long_is_killed_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let script = format!("sleep 60 & echo $! > '{}'; wait", file.display());
        let start = Instant::now();
        run(job(&["sh", "-c", &script], ""), Duration::from_millis(500)).await;
        assert!(start.elapsed() < Duration::from_secs(20));
        let pid = std::fs::read_to_string(&file).unwrap();
        let gone = || {
            let status = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
            // A zombie that nobody has waited for yet is dead too.
            status.map_or(true, |status| status.contains(") Z"))
        };
        while !gone() {
            assert!(start.elapsed() < Duration::from_secs(20), "its child lives on");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test]
    async fn a_child_that_keeps_the_output_open_holds_nothing_up() {
        let start = Instant::now();
        let (status, output) = finish(job(&["sh", "-c", "echo done; sleep 5 &"], "")).await.unwrap();
        assert!(status.success() && start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
        assert_eq!(output, "done");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_an_error() {
        assert!(finish(job(&["/nowhere/at/all"], "")).await.is_err());
    }
}
