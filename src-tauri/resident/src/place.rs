//! Which profile a command is about.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use streambell_engine::ledger::Indexer;
use streambell_engine::profile::{LockError, Profile, ProfileLock, TemporaryProfile};

/// A profile, and what goes with it here.
#[derive(Debug)]
pub(crate) struct Place {
    /// Where its files are.
    pub(crate) profile: Profile,
    /// Where the dashboard keeps its window's size, where that is not the platform's folder.
    pub(crate) dashboard_state: Option<PathBuf>,
    /// The folder that was named for it, if one was.
    pub(crate) named: Option<PathBuf>,
    /// Whether it is the demo's.
    pub(crate) demo: bool,
    /// The folder to empty before and to remove after use: the demo's.
    throw_away: Option<PathBuf>,
    /// Removed when this is dropped: that of a second demo.
    _temporary: Option<TemporaryProfile>,
}

impl Place {
    /// The profile under `folder`, else the demo's, else the user's own. Makes no file or folder.
    ///
    /// # Errors
    /// Where the platform has no folders for this user.
    pub(crate) fn find(folder: Option<&Path>, demo: bool) -> Result<Self> {
        let throw_away = (folder.is_none() && demo).then(demo_folder);
        let (profile, dashboard_state) = match folder.or(throw_away.as_deref()) {
            Some(folder) => {
                let profile = Profile::under(folder);
                let state = beside(&profile);
                (profile, state)
            }
            None => (Profile::platform()?, None),
        };
        let named = folder.and_then(|_| profile.config.parent().map(Path::to_owned));
        Ok(Self { profile, dashboard_state, named, demo, throw_away, _temporary: None })
    }

    /// Takes the profile for this process and makes its folders; `None` while another process has it.
    ///
    /// # Errors
    /// Where the folders or the lock cannot be made.
    pub(crate) fn lock(&self) -> Result<Option<ProfileLock>> {
        self.profile.prepare()?;
        let lock = match self.profile.lock() {
            Ok(lock) => lock,
            Err(LockError::Running) => return Ok(None),
            Err(error @ LockError::Cannot { .. }) => bail!(error),
        };
        if self.throw_away.is_some() {
            // Left by a demo that was killed.
            self.empty()?;
        }
        Ok(Some(lock))
    }

    /// Whether nobody named the folder and nothing in it is to last.
    pub(crate) fn is_throw_away(&self) -> bool {
        self.throw_away.is_some()
    }

    /// Another demo's, for one that is to run beside the first.
    ///
    /// # Errors
    /// Where the temporary folder cannot be written.
    pub(crate) fn another_demo() -> Result<Self> {
        let temporary = Profile::temporary()?;
        let profile = temporary.profile.clone();
        let dashboard_state = beside(&profile);
        Ok(Self { profile, dashboard_state, named: None, demo: true, throw_away: None, _temporary: Some(temporary) })
    }

    /// Removes what was to be thrown away.
    pub(crate) fn clear(&self) {
        if let Some(folder) = &self.throw_away
            && let Err(error) = std::fs::remove_dir_all(folder)
        {
            tracing::debug!(%error, folder = %folder.display(), "the demo's folder stays");
        }
    }

    /// Removes all files but the lock, which is ours.
    fn empty(&self) -> Result<()> {
        let Profile { config, ledger, .. } = &self.profile;
        let index = Indexer::file(ledger);
        let siblings = [ledger, &index].into_iter().flat_map(|database| {
            ["", "-wal", "-shm"].map(|end| {
                let mut name = database.clone().into_os_string();
                name.push(end);
                PathBuf::from(name)
            })
        });
        for file in std::iter::once(config.clone()).chain(siblings) {
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error)
                        .with_context(|| format!("{} of an earlier demo cannot be removed", file.display()));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }
}

/// The dashboard's folder in a profile that is one folder.
fn beside(profile: &Profile) -> Option<PathBuf> {
    profile.config.parent().map(|folder| folder.join("dashboard"))
}

/// The same for every start of a user, so that a second demo, and the command line, finds the first.
fn demo_folder() -> PathBuf {
    match std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_absolute()) {
        Some(folder) => folder.join("streambell-demo"),
        None => {
            let user = std::env::var("USER").unwrap_or_default();
            let user: String = user.chars().filter(|one| one.is_ascii_alphanumeric() || *one == '-').collect();
            std::env::temp_dir().join(format!("streambell-demo-{user}"))
        }
    }
}
