//! What all streams share on the way to their servers.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::{Client, Url};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::client::Clients;
use crate::config::StreamConfig;
use crate::connection::Refusal;

/// Connects to one host that run at a time.
const AT_A_TIME: usize = 6;

/// Bounds the connects to one host that run at a time, over all streams, and keeps the HTTP clients that they share.
/// Cheap to clone.
#[derive(Clone, Default)]
pub struct HostGate {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
    clients: Clients,
}

/// Leave to connect to a host; dropping it lets the next one through.
pub(crate) struct Pass {
    shared: Arc<Shared>,
    host: String,
    permit: Option<OwnedSemaphorePermit>,
}

impl HostGate {
    /// Waits until fewer than six connects to this host and port run.
    pub(crate) async fn pass(&self, host: &str) -> Pass {
        // Made before the wait, so that it also tidies up after one that is dropped.
        let mut pass = Pass { shared: self.shared.clone(), host: host.to_owned(), permit: None };
        let semaphore = self.shared.semaphore(host);
        // It is never closed.
        pass.permit = semaphore.acquire_owned().await.ok();
        pass
    }

    /// The client for a stream's connection settings and this address.
    pub(crate) async fn client(&self, config: &StreamConfig, url: &Url) -> Result<Client, Refusal> {
        self.shared.clients.get(config, url).await
    }
}

impl Shared {
    fn semaphore(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(AT_A_TIME))).clone()
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.permit = None;
        let mut hosts = self.shared.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.get(&self.host).is_some_and(|semaphore| Arc::strong_count(semaphore) == 1) {
            hosts.remove(&self.host);
        }
    }
}

impl fmt::Debug for HostGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostGate").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn six_connects_to_a_host_run_at_a_time_and_other_hosts_do_not_wait() {
        let gate = HostGate::default();
        let mut passes = Vec::new();
        for _ in 0..AT_A_TIME {
            passes.push(gate.pass("a:1").await);
        }
        assert!(gate.pass("a:1").now_or_never().is_none());
        assert!(gate.pass("b:1").now_or_never().is_some());
        passes.pop();
        assert!(gate.pass("a:1").now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_host_that_nobody_connects_to_is_forgotten() {
        let gate = HostGate::default();
        drop(gate.pass("a:1").await);
        assert!(gate.shared.hosts.lock().is_ok_and(|hosts| hosts.is_empty()));
    }
}
