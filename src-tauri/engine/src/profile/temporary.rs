//! A profile that is thrown away, for the demo.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::{env, fs, io, process};

use anyhow::{Context, Result};

use super::Profile;

/// A profile in a fresh folder for this user only. The folder goes when this is dropped; that of a demo that was
/// killed stays until the system tidies up, and is never used again.
#[derive(Debug)]
pub struct TemporaryProfile {
    /// Its places.
    pub profile: Profile,
    folder: PathBuf,
}

impl TemporaryProfile {
    pub(super) fn new() -> Result<Self> {
        let above = env::temp_dir();
        let folder = loop {
            let chance = RandomState::new().hash_one(process::id());
            let folder = above.join(format!("streambell-demo-{chance:016x}"));
            match make_fresh(&folder) {
                Ok(()) => break folder,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    return Err(error)
                        .with_context(|| format!("cannot make a folder in {}: set TMPDIR to one", above.display()));
                }
            }
        };
        Ok(Self { profile: Profile::under(&folder), folder })
    }
}

impl Drop for TemporaryProfile {
    fn drop(&mut self) {
        let mut folders = vec![self.folder.as_path()];
        folders.extend(self.profile.socket.parent().filter(|short| !short.starts_with(&self.folder)));
        for folder in folders {
            if let Err(error) = fs::remove_dir_all(folder)
                && error.kind() != io::ErrorKind::NotFound
            {
                tracing::warn!(folder = %folder.display(), %error, "the demo's folder stays behind");
            }
        }
    }
}

/// Fails where the folder exists.
fn make_fresh(folder: &std::path::Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_temporary_profile_is_fresh_and_goes_with_its_value() {
        let (one, two) = (Profile::temporary().unwrap(), Profile::temporary().unwrap());
        assert_ne!(one.profile, two.profile);
        one.profile.prepare().unwrap();
        fs::write(&one.profile.config, "version = 1").unwrap();
        let folder = one.folder.clone();
        drop(one);
        assert!(!folder.exists());
        assert!(two.folder.exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_enter_it() {
        use std::os::unix::fs::PermissionsExt;
        let temporary = Profile::temporary().unwrap();
        assert_eq!(fs::metadata(&temporary.folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
