//! Where one user's files are.

use std::path::{Path, PathBuf};

/// The places of one profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The configuration, `config.toml`.
    pub config: PathBuf,
    /// The ledger, `history.db`.
    pub ledger: PathBuf,
    /// The folder for logs.
    pub logs: PathBuf,
    /// The file whose lock says that a resident runs.
    pub lock: PathBuf,
    /// The control socket.
    pub socket: PathBuf,
}

impl Profile {
    /// Everything under one folder.
    pub fn under(folder: &Path) -> Self {
        Self {
            config: folder.join("config.toml"),
            ledger: folder.join("history.db"),
            logs: folder.join("logs"),
            lock: folder.join("lock"),
            socket: folder.join("control.sock"),
        }
    }
}

/// tmp
pub fn write_atomically(path: &Path, text: &str) -> anyhow::Result<()> {
    Ok(std::fs::write(path, text)?)
}
