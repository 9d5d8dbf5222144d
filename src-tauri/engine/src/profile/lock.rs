//! One owner of a profile at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A profile taken for this process. Ends when it is dropped and when the process ends, in whatever way.
#[derive(Debug)]
pub struct ProfileLock {
    _file: File,
}

/// Why a profile cannot be taken.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process has it.
    #[error("Streambell is already running with this profile")]
    Running,
    /// The file cannot be locked.
    #[error("cannot lock {path} ({cause}): see that you may write it")]
    Cannot {
        /// The lock's file.
        path: PathBuf,
        /// The system's words.
        cause: io::Error,
    },
}

impl ProfileLock {
    /// Takes the lock of a file, which is made where it is missing and stays: removing it would let two in.
    pub(super) fn take(path: &Path) -> Result<Self, LockError> {
        let cannot = |cause| LockError::Cannot { path: path.to_owned(), cause };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Running),
            Err(TryLockError::Error(cause)) => Err(cannot(cause)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_profile_has_one_owner_until_it_lets_go() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("lock");
        let first = ProfileLock::take(&path).unwrap();
        assert!(matches!(ProfileLock::take(&path), Err(LockError::Running)));
        drop(first);
        ProfileLock::take(&path).unwrap();
    }

    #[test]
    fn a_lock_that_cannot_be_made_is_no_running_streambell() {
        let scratch = tempfile::tempdir().unwrap();
        let error = ProfileLock::take(&scratch.path().join("missing/lock")).unwrap_err();
        assert!(matches!(error, LockError::Cannot { .. }), "{error}");
    }
}
