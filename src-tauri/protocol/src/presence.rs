//! Whether a window of a resident is there that is not connected, since it lost the resident before: each window holds a
//! lock on a file beside the control socket for as long as it runs.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Held by a window; given up with it, however it ends.
#[derive(Debug)]
pub struct Presence {
    _file: File,
}

impl Presence {
    /// That of a window that talks to the resident behind this control socket.
    ///
    /// # Errors
    /// Where the file cannot be made or locked.
    pub fn hold(socket: &Path) -> io::Result<Self> {
        let file = open(socket)?;
        file.lock_shared()?;
        Ok(Self { _file: file })
    }

    /// Whether any window holds one; where that cannot be seen, none does.
    pub fn is_held(socket: &Path) -> bool {
        open(socket).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }
}

fn open(socket: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(place(socket))
}

fn place(socket: &Path) -> PathBuf {
    socket.with_extension("window")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn windows_are_there_until_the_last_of_them_has_gone() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("control.sock");
        assert!(!Presence::is_held(&socket));
        let (first, second) = (Presence::hold(&socket).unwrap(), Presence::hold(&socket).unwrap());
        drop(first);
        assert!(Presence::is_held(&socket));
        drop(second);
        assert!(!Presence::is_held(&socket));
        assert!(!Presence::is_held(Path::new("/nowhere/at/all")));
    }
}
