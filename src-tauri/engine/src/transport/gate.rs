//! What all streams share on the way to their servers.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::{Client, Url, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::address::authority;
use super::client::{Clients, Maker};
use super::pace::Pace;
use super::pool::{Pool, Seat};
use crate::auth::Credentials;
use crate::config::StreamConfig;
use crate::connection::Refusal;

/// Connects to one host that run at a time.
const AT_A_TIME: usize = 6;

/// Bounds the connects to one host that run at a time, spreads those that come together, over all streams, and keeps
/// the HTTP clients and connections that they share. Cheap to clone.
#[derive(Clone, Default)]
pub struct HostGate {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    hosts: Mutex<HashMap<String, Host>>,
    clients: Clients,
    pool: Arc<Pool>,
}

/// What to send one request with.
pub(super) struct Way {
    pub(super) client: Client,
    /// Its place, where the connection is shared.
    pub(super) seat: Option<Seat>,
    maker: Arc<Maker>,
}

/// A host with connects that run or wait.
struct Host {
    running: Arc<Semaphore>,
    pace: Pace,
    /// How many run or wait; with the last of them this goes.
    passes: usize,
}

/// Leave to connect to a host; dropping it lets the next one through.
pub(crate) struct Pass {
    shared: Arc<Shared>,
    host: String,
    permit: Option<OwnedSemaphorePermit>,
}

impl HostGate {
    /// Waits until it is this connect's turn among those to the same host and port (2 s at the most, at once where there
    /// is no other), and until fewer than six run.
    pub(crate) async fn pass(&self, host: &str) -> Pass {
        let (running, start) = self.shared.enter(host);
        // Made before the wait, so that it also tidies up after one that is dropped.
        let mut pass = Pass { shared: self.shared.clone(), host: host.to_owned(), permit: None };
        if let Some(start) = start {
            tokio::time::sleep_until(start).await;
        }
        // It is never closed.
        pass.permit = running.acquire_owned().await.ok();
        pass
    }

    /// A client for a stream's connection settings and this address that makes a connection for each request.
    pub(crate) async fn client(
        &self,
        config: &StreamConfig,
        credentials: &Credentials,
        url: &Url,
    ) -> Result<Client, Refusal> {
        self.shared.clients.get(config, credentials, url).await.map(|maker| maker.single.clone())
    }

    /// The way of a stream's request: a shared connection where the server speaks HTTP/2, unless `alone`. HTTP/1.1 has
    /// a connection for each stream, and none is used again: it may be dead, or its server about to drop it.
    pub(super) async fn way(
        &self,
        config: &StreamConfig,
        credentials: &Credentials,
        url: &Url,
        alone: bool,
    ) -> Result<Way, Refusal> {
        let maker = self.shared.clients.get(config, credentials, url).await?;
        let may_share = url.scheme() == "https" && !config.http1 && !alone;
        let seat = if may_share { self.shared.pool.seat(&maker, &authority(url)).await? } else { None };
        let client = seat.as_ref().map_or(&maker.single, Seat::client).clone();
        Ok(Way { client, seat, maker })
    }

    /// The server answered in this version.
    pub(super) fn answered(&self, way: &mut Way, url: &Url, version: Version) {
        match &mut way.seat {
            Some(seat) => seat.answered(version),
            None => self.shared.pool.learn(&way.maker, &authority(url), version),
        }
    }
}

impl Shared {
    /// Counts one more; tells when it may start, where that is not at once.
    fn enter(&self, host: &str) -> (Arc<Semaphore>, Option<Instant>) {
        let now = Instant::now();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let host = hosts.entry(host.to_owned()).or_insert_with(|| Host {
            running: Arc::new(Semaphore::new(AT_A_TIME)),
            pace: Pace::new(now.into_std()),
            passes: 0,
        });
        host.passes += 1;
        let start = Instant::from_std(host.pace.next(now.into_std(), fastrand::f64()));
        (Arc::clone(&host.running), (start > now).then_some(start))
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.permit = None;
        let mut hosts = self.shared.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get_mut(&self.host) {
            host.passes -= 1;
            if host.passes == 0 {
                hosts.remove(&self.host);
            }
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
    use std::time::Duration;

    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn six_connects_to_a_host_run_at_a_time_and_other_hosts_do_not_wait() {
        let gate = HostGate::default();
        let mut passes = join_all((0..AT_A_TIME).map(|_| gate.pass("a:1"))).await;
        assert!(tokio::time::timeout(Duration::from_secs(60), gate.pass("a:1")).await.is_err());
        assert!(gate.pass("b:1").now_or_never().is_some());
        passes.pop();
        assert!(tokio::time::timeout(Duration::from_secs(60), gate.pass("a:1")).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn connects_that_come_together_start_one_after_the_other() {
        let gate = HostGate::default();
        let start = Instant::now();
        let starts = join_all((0..50).map(|_| async {
            let _pass = gate.pass("a:1").await;
            let started = start.elapsed();
            tokio::time::sleep(Duration::from_millis(1)).await;
            started
        }));
        let mut starts = starts.await;
        starts.sort_unstable();
        assert_eq!(starts[0], Duration::ZERO);
        // Tokio's clock counts milliseconds.
        let most = (0..starts.len())
            .map(|at| starts[at..].iter().take_while(|start| **start < starts[at] + Duration::from_millis(10)).count())
            .max();
        assert!(most <= Some(3), "{starts:?}");
        assert!(starts.last() <= Some(&Duration::from_secs(2)), "{starts:?}");
    }

    #[tokio::test]
    async fn a_connect_that_is_alone_does_not_wait() {
        let gate = HostGate::default();
        for _ in 0..100 {
            assert!(gate.pass("a:1").now_or_never().is_some());
        }
    }

    #[tokio::test]
    async fn a_host_that_nobody_connects_to_is_forgotten() {
        let gate = HostGate::default();
        let waiting = [gate.pass("a:1"), gate.pass("a:1")].map(|pass| pass.now_or_never());
        assert!(waiting[0].is_some() && waiting[1].is_none());
        drop(waiting);
        assert!(gate.shared.hosts.lock().is_ok_and(|hosts| hosts.is_empty()));
    }
}
