//! What a process and its children cost, read from /proc.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// Proportional set size of a process and all its descendants, in MiB.
pub fn pss(pid: u32) -> f64 {
    let kib: u64 = tree(pid).into_iter().filter_map(pss_of).sum();
    kib as f64 / 1024.0
}

/// The most memory a process has had in use since its start, in bytes.
pub fn peak(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kib| kib * 1024)
}

/// CPU time of a process, all threads, user and system.
pub fn cpu(pid: u32) -> Duration {
    let ticks: u64 =
        stat(pid).map_or(0, |fields| fields[11].parse::<u64>().unwrap_or(0) + fields[12].parse::<u64>().unwrap_or(0));
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// CPU time of a process and all its descendants, user and system.
pub fn cpu_of_all(pid: u32) -> Duration {
    tree(pid).into_iter().map(cpu).sum()
}

/// CPU time of all threads of a process by the scheduler's own account, to the nanosecond.
pub fn cpu_exact(pid: u32) -> Duration {
    let nanoseconds = threads(pid)
        .filter_map(|thread| fs::read_to_string(format!("/proc/{pid}/task/{thread}/schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .sum();
    Duration::from_nanos(nanoseconds)
}

/// How often all threads of a process have woken from waiting.
pub fn wake_ups(pid: u32) -> u64 {
    threads(pid)
        .filter_map(|thread| fs::read_to_string(format!("/proc/{pid}/task/{thread}/status")).ok())
        .filter_map(|text| {
            let line = text.lines().find(|line| line.starts_with("voluntary_ctxt_switches"))?.to_owned();
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .sum()
}

/// When a process was started, after the machine was.
pub fn started(pid: u32) -> Option<Duration> {
    let ticks: u64 = stat(pid)?[19].parse().ok()?;
    Some(Duration::from_millis(ticks * 1000 / TICKS))
}

/// The processes whose command line contains this.
pub fn find(text: &str) -> Vec<u32> {
    processes()
        .filter(|pid| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).replace('\0', " ").contains(text)
        })
        .collect()
}

/// Clock ticks a second; the kernel's USER_HZ is 100 on every platform Linux runs a desktop on.
const TICKS: u64 = 100;

fn processes() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn threads(pid: u32) -> impl Iterator<Item = u32> {
    fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The fields of /proc/PID/stat after the command, the state first.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn tree(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for pid in processes() {
        if let Some(parent) = stat(pid).and_then(|fields| fields[1].parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(pid) = found.get(next) {
        found.extend(children.get(pid).cloned().unwrap_or_default());
        next += 1;
    }
    found
}

fn pss_of(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    text.lines().find_map(|line| line.strip_prefix("Pss:"))?.split_whitespace().next()?.parse().ok()
}
