//! The log file of the resident: what stderr would have told, where nobody started it from a terminal.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file's name.
const NAME: &str = "streambell.log";

/// That of the one before it.
const OLDER: &str = "streambell.old.log";

/// A line that would make the file longer begins a new one.
const LONGEST: u64 = 1 << 20;

/// A file that is appended to, and its elder; together at most 2 MiB. What cannot be written is lost: a log is no reason
/// to fail.
#[derive(Debug)]
pub(super) struct LogFile {
    path: PathBuf,
    older: PathBuf,
    open: Option<File>,
    length: u64,
}

impl LogFile {
    /// The file in this folder; opened at the first line.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join(NAME), older: folder.join(OLDER), open: None, length: 0 }
    }

    /// Appends whole lines.
    pub(super) fn append(&mut self, lines: &[u8]) {
        let size = lines.len() as u64;
        if self.open.is_none() && self.reopen().is_err() {
            return;
        }
        if self.length > 0 && self.length + size > LONGEST && self.turn().is_err() {
            return;
        }
        if self.open.as_mut().is_some_and(|file| file.write_all(lines).is_ok()) {
            self.length += size;
        }
    }

    /// Begins a new file.
    fn turn(&mut self) -> io::Result<()> {
        self.open = None;
        fs::rename(&self.path, &self.older)?;
        self.reopen()
    }

    fn reopen(&mut self) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&self.path)?;
        self.length = file.metadata()?.len();
        self.open = Some(file);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn lines_are_appended_also_by_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        LogFile::in_folder(folder.path()).append(b"one\n");
        LogFile::in_folder(folder.path()).append(b"two\n");
        assert_eq!(fs::read(folder.path().join(NAME)).unwrap(), b"one\ntwo\n");
    }

    #[test]
    fn a_full_file_becomes_the_older_one_and_no_third_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = LogFile::in_folder(folder.path());
        let line = [vec![b'a'; 1023], vec![b'\n']].concat();
        for _ in 0..3 * 1024 + 1 {
            log.append(&line);
        }
        let length = |name| fs::metadata(folder.path().join(name)).unwrap().len();
        assert_eq!((length(NAME), length(OLDER)), (1024, LONGEST));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn where_it_cannot_be_written_nothing_happens_until_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        let mut log = LogFile::in_folder(&logs);
        log.append(b"lost\n");
        fs::create_dir(&logs).unwrap();
        log.append(b"kept\n");
        assert_eq!(fs::read(logs.join(NAME)).unwrap(), b"kept\n");
    }
}
