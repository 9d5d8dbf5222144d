//! Where one user's files are, and how they are read and written safely.

mod file;
mod lock;
mod temporary;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use anyhow::{Context, Result, bail, ensure};
use directories::ProjectDirs;

use crate::ledger::digest::digest;

pub use file::{read_if_present, write_atomically};
pub use lock::{LockError, ProfileLock};
pub use temporary::TemporaryProfile;

/// A longer address of a socket is refused by some systems; Linux takes 107 bytes, macOS 103.
const MAX_SOCKET: usize = 100;

/// A path of the configuration, where `~` stands for the person's home.
pub fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        (Ok(_) | Err(_), _) => path.to_owned(),
    }
}

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
    /// The control socket; never longer than 100 bytes, unless even the temporary folder's path is.
    pub socket: PathBuf,
}

impl Profile {
    /// The platform's own folders: on Linux those of the XDG base directories.
    ///
    /// # Errors
    /// Where the user has no home folder.
    pub fn platform() -> Result<Self> {
        let folders = ProjectDirs::from("dev", "", "streambell")
            .context("this user has no home folder: set HOME, or name a folder with --profile")?;
        let state = folders.state_dir().unwrap_or_else(|| folders.data_local_dir());
        Ok(Self {
            config: folders.config_dir().join("config.toml"),
            ledger: folders.data_dir().join("history.db"),
            logs: state.join("logs"),
            lock: state.join("lock"),
            socket: short_enough(folders.runtime_dir().unwrap_or(state).join("control.sock")),
        })
    }

    /// Everything under one folder. A relative one counts from the current folder, now.
    pub fn under(folder: &Path) -> Self {
        let folder = settled(folder);
        Self {
            config: folder.join("config.toml"),
            ledger: folder.join("history.db"),
            logs: folder.join("logs"),
            lock: folder.join("lock"),
            socket: short_enough(folder.join("control.sock")),
        }
    }

    /// Everything under a fresh folder for this user only, removed when the value is dropped.
    ///
    /// # Errors
    /// Where the temporary folder cannot be written.
    pub fn temporary() -> Result<TemporaryProfile> {
        TemporaryProfile::new()
    }

    /// Makes the folders that are missing, for this user only. Does not touch those that exist.
    ///
    /// # Errors
    /// Where a folder cannot be made, or the socket's would be another user's.
    pub fn prepare(&self) -> Result<()> {
        let files = [&self.config, &self.ledger, &self.lock, &self.socket];
        for folder in files.into_iter().filter_map(|file| file.parent()).chain([self.logs.as_path()]) {
            make_private(folder).with_context(|| {
                format!("cannot make the folder {}: see that you may write there", folder.display())
            })?;
        }
        self.socket.parent().map_or(Ok(()), refuse_a_strangers)
    }

    /// Takes the profile for this process, until the value is dropped or the process ends in any way.
    ///
    /// # Errors
    /// [`LockError::Running`] where another process has it.
    pub fn lock(&self) -> Result<ProfileLock, LockError> {
        ProfileLock::take(&self.lock)
    }

    /// The configuration's text; `None` where there is no file.
    ///
    /// # Errors
    /// Where there is one that cannot be read or is not text.
    pub fn read_config(&self) -> Result<Option<String>> {
        Ok(read_if_present(&self.config)?)
    }
}

/// The path that a folder has for all who name it, made already or not: absolute, links followed.
fn settled(folder: &Path) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let made = whole.ancestors().find_map(|part| Some((part, fs::canonicalize(part).ok()?)));
    match made {
        Some((part, real)) => {
            whole.strip_prefix(part).map_or(whole.clone(), |rest| real.components().chain(rest.components()).collect())
        }
        None => whole,
    }
}

/// The socket itself, or a short name for it that all who know the long one come to.
fn short_enough(socket: PathBuf) -> PathBuf {
    if socket.as_os_str().len() <= MAX_SOCKET {
        return socket;
    }
    let name = format!("streambell-{:016x}", digest(&[&socket.to_string_lossy()]));
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_absolute());
    [runtime, Some(env::temp_dir()), Some(PathBuf::from("/tmp"))]
        .into_iter()
        .flatten()
        .map(|folder| folder.join(&name).join("control.sock"))
        .find(|short| short.as_os_str().len() <= MAX_SOCKET)
        .unwrap_or(socket)
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// In a folder that all may write, another user could have made ours first, to listen in our place.
#[cfg(unix)]
fn refuse_a_strangers(folder: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::symlink_metadata(folder).with_context(|| format!("cannot look at {}", folder.display()))?;
    let open_to_all =
        folder.parent().and_then(|above| fs::metadata(above).ok()).is_some_and(|above| above.mode() & 0o002 != 0);
    if open_to_all {
        let mine = fs::metadata("/proc/self").map(|me| me.uid());
        ensure!(
            found.is_dir() && found.mode() & 0o022 == 0,
            "{} can be written by other users: remove it",
            folder.display()
        );
        if mine.is_ok_and(|mine| mine != found.uid()) {
            bail!("{} belongs to another user: set XDG_RUNTIME_DIR to a folder of your own", folder.display());
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_a_strangers(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_profile_keeps_all_under_its_folder() {
        let profile = Profile::under(Path::new("/p"));
        assert_eq!(profile.config, Path::new("/p/config.toml"));
        assert_eq!(profile.ledger, Path::new("/p/history.db"));
        assert_eq!(profile.socket, Path::new("/p/control.sock"));
    }

    #[test]
    fn a_relative_folder_counts_from_the_current_one() {
        let here = fs::canonicalize(".").unwrap();
        assert_eq!(Profile::under(Path::new("not/made")).config, here.join("not/made/config.toml"));
    }

    #[test]
    fn the_platforms_folders_are_named_after_the_program() {
        let profile = Profile::platform().unwrap();
        assert!(profile.config.ends_with("streambell/config.toml"), "{profile:?}");
        assert!(profile.ledger.ends_with("streambell/history.db"), "{profile:?}");
        assert!(profile.socket.as_os_str().len() <= MAX_SOCKET, "{profile:?}");
    }

    #[test]
    fn a_long_socket_gets_a_short_name_of_its_own() {
        let socket = |n: usize| Profile::under(&Path::new("/p").join("x".repeat(n))).socket;
        assert!(socket(50).starts_with("/p"));
        assert!(socket(200).as_os_str().len() <= MAX_SOCKET);
        assert_eq!(socket(200), socket(200));
        assert_ne!(socket(200), socket(201));
    }

    #[test]
    fn a_folder_that_is_prepared_is_only_ours() {
        let scratch = tempfile::tempdir().unwrap();
        let profile = Profile::under(&scratch.path().join("a/b"));
        profile.prepare().unwrap();
        profile.prepare().unwrap();
        assert!(profile.logs.is_dir());
        #[cfg(unix)]
        for folder in [profile.config.parent().unwrap(), &profile.logs, &scratch.path().join("a")] {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let scratch = tempfile::tempdir().unwrap();
        fs::write(scratch.path().join("file"), "").unwrap();
        let error = Profile::under(&scratch.path().join("file/below")).prepare().unwrap_err();
        assert!(format!("{error:#}").starts_with("cannot make the folder "), "{error:#}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_its_target_are_the_same_profile_before_and_after_it_is_made() {
        let scratch = tempfile::tempdir().unwrap();
        let real = scratch.path().join("real");
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, scratch.path().join("link")).unwrap();
        let before = Profile::under(&scratch.path().join("link/new"));
        before.prepare().unwrap();
        assert_eq!(before, Profile::under(&scratch.path().join("link/new")));
        assert_eq!(before, Profile::under(&real.join("new")));
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_folder_that_others_can_write_is_refused_where_all_may_write() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = tempfile::tempdir().unwrap();
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let folder = scratch.path().join("streambell");
        make_private(&folder).unwrap();
        refuse_a_strangers(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o775)).unwrap();
        refuse_a_strangers(&folder).unwrap_err();
    }
}
