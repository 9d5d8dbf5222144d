//! Gives back memory that was needed once: by the start, or by somebody who looked in.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

/// After the start, and after somebody has left, what ran once has come to rest by then.
const REST: Duration = Duration::from_secs(5);

/// Gives memory back a little after the start and after each time that `left` tells of. Never ends.
pub(crate) async fn run(left: Arc<Notify>) {
    loop {
        tokio::time::sleep(REST).await;
        give_back();
        left.notified().await;
    }
}

/// Unmaps the program's own code: what is still needed is mapped again as it is run, at a few microseconds for each
/// piece, and all that only a start, a dashboard or a diagnosis needs is not. It stays in the system's file cache.
#[cfg(target_os = "linux")]
fn give_back() {
    use rustix::mm::{Advice, madvise};

    let Some(maps) = std::fs::read_to_string("/proc/self/maps").ok() else { return };
    let Some(program) = std::fs::read_link("/proc/self/exe").ok() else { return };
    for range in code(&maps, &program.to_string_lossy()) {
        let start = std::ptr::with_exposed_provenance_mut(range.start);
        #[expect(unsafe_code, reason = "no safe interface names memory that Rust does not own")]
        // SAFETY: the range is a private mapping of a file that cannot be written through it, and a file that is being
        // run cannot be written at all: read anew, it holds what it held.
        let given = unsafe { madvise(start, range.len(), Advice::LinuxDontNeed) };
        if let Err(error) = given {
            tracing::debug!(%error, "memory cannot be given back");
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn give_back() {}

/// Where a program's code is, by `/proc/self/maps` (proc_pid_maps(5)): what is mapped from its file privately, to be
/// run and not to be written.
#[cfg(any(target_os = "linux", test))]
fn code(maps: &str, program: &str) -> Vec<std::ops::Range<usize>> {
    let address = |text: &str| usize::from_str_radix(text, 16).ok();
    let range = |line: &str| {
        let (range, rest) = line.split_once(' ')?;
        let (mode, rest) = rest.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let path = rest.find('/').and_then(|at| rest.get(at..))?;
        (mode == "r-xp" && path == program).then_some(address(start)?..address(end)?)
    };
    maps.lines().filter_map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_programs_own_code_is_found() {
        let maps = "\
            55d000-56d000 r--p 00000000 fd:00 131 /opt/a b/streambell\n\
            56d000-5ad000 r-xp 00010000 fd:00 131 /opt/a b/streambell\n\
            5ad000-5bd000 r--p 00050000 fd:00 131 /opt/a b/streambell\n\
            5bd000-5be000 rw-p 00060000 fd:00 131 /opt/a b/streambell\n\
            5be000-5bf000 rwxp 00060000 fd:00 131 /opt/a b/streambell\n\
            6be000-6bf000 rw-p 00000000 00:00 0 [heap]\n\
            7f1000-7f2000 r-xp 00010000 fd:00 132 /lib/libc.so.6\n\
            7f2000-7f3000 r-xp 00000000 00:00 0 [vdso]\n\
            nonsense\n";
        assert_eq!(code(maps, "/opt/a b/streambell"), vec![0x56_d000..0x5a_d000; 1]);
        assert!(code(maps, "/opt/other").is_empty());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_goes_on_after_it_has_given_its_code_back() {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
        let program = std::env::current_exe().unwrap_or_default();
        assert!(!code(&maps, &program.to_string_lossy()).is_empty(), "{maps}");
        give_back();
        assert_eq!(format!("{:>4}", 6 * 7), "  42");
    }
}
