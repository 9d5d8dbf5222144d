//! Secrets from elsewhere than the vault: the environment, a file, a program.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::{Secret, SecretError};
use crate::locale::Text;
use crate::profile::at_home;
use crate::text;

/// How long a program may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(10);

/// How much of a file or an output is read, in bytes.
const MAX_BYTES: u64 = 64 * 1024;

/// The variable's value.
pub(super) fn from_env(name: &str) -> Result<Secret, SecretError> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .map(Secret::from)
        .ok_or(SecretError::Env(name.to_owned()))
}

/// The first line of a file that nobody else can read.
pub(super) async fn from_file(path: &Path) -> Result<Secret, SecretError> {
    let file = at_home(path);
    tokio::task::spawn_blocking(move || read_file(&file))
        .await
        .unwrap_or_else(|error| Err(unreadable(&error.into())))
        .map_err(|reason| SecretError::File { path: path.to_owned(), reason })
}

/// The first line that a program writes; it is started without a shell and killed after 10 s.
pub(super) async fn from_command(argv: &[String]) -> Result<Secret, SecretError> {
    run(argv, COMMAND_LIMIT).await
}

async fn run(argv: &[String], limit: Duration) -> Result<Secret, SecretError> {
    let (program, arguments) = argv.split_first().map_or(("", argv), |(program, rest)| (program.as_str(), rest));
    let seconds = limit.as_secs_f32();
    let fail = |reason: Text| SecretError::Command { program: program.to_owned(), reason };
    tokio::time::timeout(limit, output(program, arguments))
        .await
        .unwrap_or_else(|_| Err(text!("did not end within {seconds} s", "{seconds} 秒内没有结束")))
        .map_err(fail)
}

/// Standard error is thrown away: a program may write there what must not reach a log.
async fn output(program: &str, arguments: &[String]) -> Result<Secret, Text> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            let why = Text::of_system(&error);
            text!("cannot be started: {why}", "无法启动：{why}", why)
        })?;
    let mut text = buffer();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(MAX_BYTES).read_to_end(&mut text).await.map_err(|error| unreadable(&error))?;
    }
    let status = child.wait().await.map_err(|error| {
        let why = Text::of_system(&error);
        text!("cannot be waited for: {why}", "无法等待它结束：{why}", why)
    })?;
    if !status.success() {
        return Err(text!("failed with {status}", "执行失败（{status}）"));
    }
    first_line(&text)
}

fn unreadable(error: &std::io::Error) -> Text {
    let why = Text::of_system(error);
    text!("cannot be read: {why}", "无法读取：{why}", why)
}

fn read_file(path: &Path) -> Result<Secret, Text> {
    let unreadable = |error| unreadable(&error);
    // Asked before it is opened, since opening a named pipe would block.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(text!("is not a regular file", "不是普通文件"));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    check_private(&file.metadata().map_err(unreadable)?)?;
    let mut text = buffer();
    file.take(MAX_BYTES).read_to_end(&mut text).map_err(unreadable)?;
    first_line(&text)
}

#[cfg(unix)]
fn check_private(metadata: &std::fs::Metadata) -> Result<(), Text> {
    use std::os::unix::fs::PermissionsExt;
    let others = metadata.permissions().mode() & 0o077;
    if others == 0 {
        return Ok(());
    }
    Err(text!("can be used by others: run chmod 600 on it", "其他人也能使用：请对它运行 chmod 600"))
}

#[cfg(not(unix))]
fn check_private(_: &std::fs::Metadata) -> Result<(), Text> {
    Ok(())
}

/// Large enough for any likely secret, so that it does not grow and leave a copy behind.
fn buffer() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(8 * 1024))
}

fn first_line(text: &[u8]) -> Result<Secret, Text> {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        Ok("") => Err(text!("has an empty first line", "第一行是空的")),
        Ok(line) => Ok(Secret::from(line)),
        Err(_) => Err(text!("has a first line that is no text", "第一行不是文本")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::os::unix::fs::PermissionsExt;

    use secrecy::ExposeSecret;

    use super::*;

    fn argv(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    async fn file(text: &[u8], mode: u32) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        from_file(&path).await.map(|secret| secret.expose_secret().to_owned()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_file_gives_its_first_line() {
        for text in ["s3cret", "s3cret\n", "s3cret\r\n", "s3cret\nnext\n"] {
            assert_eq!(file(text.as_bytes(), 0o600).await.as_deref(), Ok("s3cret"), "{text:?}");
        }
        assert_eq!(file(b" spaces \n", 0o400).await.as_deref(), Ok(" spaces "));
        assert!(file(b"\ns3cret", 0o600).await.unwrap_err().ends_with("has an empty first line"));
        assert!(file(b"\xFF\n", 0o600).await.unwrap_err().ends_with("has a first line that is no text"));
    }

    #[tokio::test]
    async fn a_file_that_others_can_use_is_refused() {
        for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
            let error = file(b"s3cret\n", mode).await.unwrap_err();
            assert!(error.contains("chmod 600") && !error.contains("s3cret"), "{mode:o}: {error}");
        }
    }

    #[tokio::test]
    async fn a_folder_or_nothing_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(from_file(folder.path()).await.unwrap_err().to_string().ends_with("is not a regular file"));
        assert!(from_file(&folder.path().join("none")).await.unwrap_err().to_string().contains("cannot be read"));
    }

    #[tokio::test]
    async fn a_command_gives_its_first_line_and_no_shell_reads_it() {
        let secret = from_command(&argv(&["printf", "%s\\nsecond\\n", "$HOME; `x`"])).await.unwrap();
        assert_eq!(secret.expose_secret(), "$HOME; `x`");
        let secret = from_command(&argv(&["sh", "-c", "cat; echo got nothing"])).await.unwrap();
        assert_eq!(secret.expose_secret(), "got nothing");
    }

    #[tokio::test]
    async fn a_command_that_fails_says_so_without_what_it_wrote() {
        for (words, expected) in [
            (&["sh", "-c", "echo s3cret; echo s3cret >&2; exit 3"][..], "failed with exit status: 3"),
            (&["sh", "-c", "exit 0"], "has an empty first line"),
            (&["/nonexistent/program"], "cannot be started"),
            (&[], "cannot be started"),
        ] {
            let error = from_command(&argv(words)).await.unwrap_err().to_string();
            assert!(error.contains(expected) && !error.contains("s3cret"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_command_that_takes_too_long_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let pid_file = folder.path().join("pid");
        let script = format!("echo $$ > {}; exec sleep 1000", pid_file.display());
        let error = run(&argv(&["sh", "-c", &script]), Duration::from_millis(500)).await.unwrap_err();
        assert_eq!(error.to_string(), "the secret command sh did not end within 0.5 s");
        let process = Path::new("/proc").join(std::fs::read_to_string(&pid_file).unwrap().trim());
        let alive = || std::fs::read_to_string(process.join("stat")).is_ok_and(|stat| !stat.contains(") Z "));
        while alive() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_variable_that_is_not_set_is_an_error() {
        let error = from_env("STREAMBELL_NO_SUCH_VARIABLE").unwrap_err().to_string();
        assert!(error.contains("STREAMBELL_NO_SUCH_VARIABLE"), "{error}");
        assert!(from_env("PATH").is_ok());
    }
}
