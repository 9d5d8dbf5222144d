//! How many files, sockets among them, this process may have open.

/// Enough for a thousand streams and all else, and few enough for programs that we start and that go through all of
/// theirs.
const WANTED: u64 = 8_192;

/// Raises the soft limit as far as that is useful and the hard one allows: the usual 1,024 are less than there can be
/// streams.
#[cfg(unix)]
pub(crate) fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::Nofile);
    let most = before.maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
    if before.current.is_none_or(|current| current >= most) {
        return;
    }
    let limit = Rlimit { current: Some(most), maximum: before.maximum };
    match setrlimit(Resource::Nofile, limit) {
        Ok(()) => tracing::debug!(before = before.current, now = most, "the limit of open files is raised"),
        Err(error) => tracing::debug!(%error, "the limit of open files cannot be raised"),
    }
}

#[cfg(not(unix))]
pub(crate) fn raise_open_files() {}

#[cfg(all(test, unix))]
mod tests {
    use rustix::process::{Resource, getrlimit};

    use super::*;

    #[test]
    fn the_limit_is_as_high_as_it_is_useful_and_may_be() {
        raise_open_files();
        let now = getrlimit(Resource::Nofile);
        let wanted = now.maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
        assert!(now.current.is_none_or(|current| current >= wanted), "{now:?}");
    }
}
