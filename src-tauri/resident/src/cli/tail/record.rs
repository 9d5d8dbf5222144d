//! The file of `tail --record`.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use streambell_engine::model::Event;
use streambell_engine::replay;

/// A new file that events are added to.
#[derive(Debug)]
pub(super) struct Record {
    path: PathBuf,
    file: File,
    /// Not written yet.
    lines: Vec<u8>,
}

impl Record {
    /// Makes the file, for its owner only: there may be anything in an event.
    ///
    /// # Errors
    /// Where it is there already or cannot be made.
    pub(super) fn new(path: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).with_context(|| format!("--record: {} cannot be made", path.display()))?;
        Ok(Self { path: path.to_owned(), file, lines: Vec::new() })
    }

    /// Adds an event.
    pub(super) fn add(&mut self, event: &Event) {
        self.lines.extend(replay::line(event));
    }

    /// Writes what was added.
    ///
    /// # Errors
    /// Where the file does not take it: a recording with a hole would be worse than none.
    pub(super) fn write(&mut self) -> Result<()> {
        let written = self.file.write_all(&self.lines);
        self.lines.clear();
        written.with_context(|| format!("{} cannot be written", self.path.display()))
    }
}
