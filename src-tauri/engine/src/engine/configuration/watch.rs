//! Tells when the configuration file may have changed on disk.

#[cfg(target_os = "linux")]
pub(super) use linux::Watch;
#[cfg(not(target_os = "linux"))]
pub(super) use poll::Watch;

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use futures_util::StreamExt as _;
    use inotify::{EventStream, Inotify, WatchMask};

    /// The folders of the file, since editors replace files instead of writing them: its own, and that of its target
    /// where it is a link. Writing alone is no event: the ledger lies in the same folder and is written all the time.
    pub(in super::super) struct Watch {
        names: Vec<OsString>,
        events: Option<EventStream<[u8; 1024]>>,
    }

    impl Watch {
        /// Never tells anything.
        pub(in super::super) fn nothing() -> Self {
            Self { names: Vec::new(), events: None }
        }

        /// Watches a file. Where the system cannot, only a restart or a reload reads the file again.
        pub(in super::super) fn on(file: &Path) -> Self {
            let files: Vec<PathBuf> = [Some(file.to_owned()), file.canonicalize().ok()].into_iter().flatten().collect();
            let names = files.iter().filter_map(|file| file.file_name()).map(ToOwned::to_owned).collect();
            match events(&files) {
                Ok(events) => Self { names, events: Some(events) },
                Err(error) => {
                    tracing::warn!(file = %file.display(), %error, "changes to the configuration file go unnoticed");
                    Self::nothing()
                }
            }
        }

        /// Waits for the next change.
        pub(in super::super) async fn changed(&mut self) {
            while let Some(events) = &mut self.events {
                match events.next().await {
                    Some(Ok(event)) if event.name.as_ref().is_some_and(|name| self.names.contains(name)) => return,
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => self.events = None,
                }
            }
            std::future::pending().await
        }
    }

    fn events(files: &[PathBuf]) -> std::io::Result<EventStream<[u8; 1024]>> {
        let inotify = Inotify::init()?;
        let mask = WatchMask::CLOSE_WRITE | WatchMask::CREATE | WatchMask::MOVED_TO | WatchMask::DELETE;
        for folder in files.iter().filter_map(|file| file.parent()) {
            inotify.watches().add(folder, mask)?;
        }
        inotify.into_event_stream([0; 1024])
    }
}

#[cfg(not(target_os = "linux"))]
mod poll {
    use std::path::{Path, PathBuf};
    use std::time::{Duration, SystemTime};

    const EVERY: Duration = Duration::from_secs(2);

    /// Looks at the file's time of change now and then.
    pub(in super::super) struct Watch {
        file: Option<PathBuf>,
        changed: Option<SystemTime>,
    }

    impl Watch {
        /// Never tells anything.
        pub(in super::super) fn nothing() -> Self {
            Self { file: None, changed: None }
        }

        /// Watches a file.
        pub(in super::super) fn on(file: &Path) -> Self {
            Self { file: Some(file.to_owned()), changed: time_of(file) }
        }

        /// Waits for the next change.
        pub(in super::super) async fn changed(&mut self) {
            let Some(file) = &self.file else { return std::future::pending().await };
            loop {
                tokio::time::sleep(EVERY).await;
                let changed = time_of(file);
                if changed != self.changed {
                    self.changed = changed;
                    return;
                }
            }
        }
    }

    fn time_of(file: &Path) -> Option<SystemTime> {
        std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
    }
}
