//! The HTTP/2 connections that streams share.
//!
//! The HTTP library would hold a request back, without a word, while the server allows no further stream on a connection
//! (RFC 9113, 5.1.2), and would hand out a connection that is dead until a ping shows it. So each shared connection is a
//! client of its own here, on which streams have seats. Whoever gets no answer on a shared connection in time, and
//! whoever loses one, takes it out of use: who has a seat keeps it, new streams go to another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::{Client, Version};
use tokio::sync::watch;

use super::client::{Maker, Settings};
use crate::connection::Refusal;

/// How many streams share a connection at the most. Servers should allow so many (RFC 9113, 6.5.2).
const MOST: u32 = 100;
/// Servers whose ways are remembered.
const HOSTS: usize = 256;
/// How long the first stream is given to find out whether the server speaks HTTP/2 before others connect beside it.
const FIRST: Duration = Duration::from_secs(1);

/// The shared connections, and what is known of the servers.
#[derive(Default)]
pub(super) struct Pool {
    hosts: Mutex<HashMap<Arc<Key>, Host>>,
}

/// One server as one kind of client sees it.
type Key = (Settings, String);

struct Host {
    /// Whether it spoke HTTP/2 when it was asked last.
    http2: bool,
    /// How many streams it takes on a connection, as far as is known.
    most: u32,
    shared: Vec<Shared>,
    next: u64,
}

/// One connection.
struct Shared {
    number: u64,
    client: Client,
    /// Streams that have a seat.
    seated: u32,
    /// Streams that were answered and have not ended.
    answered: u32,
    /// Closed once the first stream knows what became of it.
    opening: watch::Receiver<()>,
}

/// A stream's place on a shared connection. Dropping it takes the connection out of use for new streams; a stream that
/// ends well says [`Seat::leave`].
pub(crate) struct Seat {
    pool: Arc<Pool>,
    key: Arc<Key>,
    number: u64,
    client: Client,
    is_answered: bool,
    /// Whether others were there before.
    shared: bool,
    /// Held by the first until it knows what became of the connection.
    opening: Option<watch::Sender<()>>,
    first: watch::Receiver<()>,
}

impl Pool {
    /// A seat on a connection to this host, once it is known whether there can be one; `None` where its server does not
    /// speak HTTP/2.
    pub(super) async fn seat(self: &Arc<Self>, maker: &Maker, host: &str) -> Result<Option<Seat>, Refusal> {
        let end = tokio::time::Instant::now() + FIRST;
        loop {
            let Some(mut seat) = self.take(maker, host)? else { return Ok(None) };
            if seat.opening.is_some() || seat.first.has_changed().is_err() {
                return Ok(Some(seat));
            }
            // An error means that the first one knows.
            let known = tokio::time::timeout_at(end, seat.first.changed()).await.is_ok();
            if !known || seat.is_in_use() {
                return Ok(Some(seat));
            }
            seat.leave();
        }
    }

    fn take(self: &Arc<Self>, maker: &Maker, host: &str) -> Result<Option<Seat>, Refusal> {
        let key = Arc::new((maker.settings.clone(), host.to_owned()));
        let mut hosts = self.hosts();
        if hosts.len() >= HOSTS {
            hosts.retain(|_, host| !host.shared.is_empty());
        }
        let host = hosts.entry(key.clone()).or_insert_with(Host::unknown);
        if !host.http2 {
            return Ok(None);
        }
        let most = host.most;
        let (shared, opening) = match host.shared.iter().position(|shared| shared.seated < most) {
            Some(at) => (&mut host.shared[at], None),
            None => {
                let client = maker.sharing(MOST)?;
                let (opening, first) = watch::channel(());
                host.next += 1;
                let number = host.next;
                host.shared.push(Shared { number, client, seated: 0, answered: 0, opening: first });
                let last = host.shared.len() - 1;
                (&mut host.shared[last], Some(opening))
            }
        };
        shared.seated += 1;
        Ok(Some(Seat {
            pool: self.clone(),
            key,
            number: shared.number,
            client: shared.client.clone(),
            is_answered: false,
            shared: opening.is_none(),
            opening,
            first: shared.opening.clone(),
        }))
    }

    /// The server answered in this version on a connection that is not shared.
    pub(super) fn learn(&self, maker: &Maker, host: &str, version: Version) {
        if let Some(host) = self.hosts().get_mut(&(maker.settings.clone(), host.to_owned())) {
            host.http2 = version == Version::HTTP_2;
        }
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<Arc<Key>, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host {
    /// Hoped to speak HTTP/2: only then streams share.
    fn unknown() -> Self {
        Self { http2: true, most: MOST, shared: Vec::new(), next: 0 }
    }
}

impl Seat {
    /// What to send the stream's request with.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether others were on the connection before.
    pub(super) fn is_shared(&self) -> bool {
        self.shared
    }

    /// The server answered. Where that was not in HTTP/2, there is nothing to share: the connection is this stream's.
    pub(super) fn answered(&mut self, version: Version) {
        let http2 = version == Version::HTTP_2;
        self.is_answered = true;
        self.host(|host, number| {
            host.http2 = http2;
            if !http2 {
                host.shared.clear();
            }
            if let Some(shared) = host.shared.iter_mut().find(|shared| shared.number == number) {
                shared.answered += 1;
            }
        });
        self.opening = None;
    }

    /// The server takes no further stream on this connection, or the connection is dead: in doubt so many as have been
    /// answered are what it takes.
    pub(super) fn refused(self) {
        self.host(|host, number| {
            let answered = host.shared.iter().find(|shared| shared.number == number).map(|shared| shared.answered);
            if let Some(answered @ 1..) = answered {
                host.most = answered.min(host.most);
            }
        });
    }

    /// The stream ended as it should: the connection is as good as before. The last one closes it.
    pub(crate) fn leave(mut self) {
        let answered = u32::from(std::mem::take(&mut self.is_answered));
        self.host(|host, number| {
            for shared in host.shared.iter_mut().filter(|shared| shared.number == number) {
                shared.seated = shared.seated.saturating_sub(1);
                shared.answered = shared.answered.saturating_sub(answered);
            }
            host.shared.retain(|shared| shared.seated > 0);
        });
        // What is dropped now is no longer on the list.
        self.number = 0;
    }

    fn is_in_use(&self) -> bool {
        let hosts = self.pool.hosts();
        hosts.get(&self.key).is_some_and(|host| host.shared.iter().any(|shared| shared.number == self.number))
    }

    fn host(&self, change: impl FnOnce(&mut Host, u64)) {
        if let Some(host) = self.pool.hosts().get_mut(&self.key) {
            change(host, self.number);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.host(|host, number| host.shared.retain(|shared| shared.number != number));
    }
}

impl std::fmt::Debug for Seat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seat").field("number", &self.number).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::client::Clients;
    use super::*;
    use crate::auth::Credentials;
    use crate::config::StreamConfig;

    async fn maker() -> Arc<Maker> {
        let config = StreamConfig::new("a", "https://localhost/");
        let url = reqwest::Url::parse(&config.url).unwrap();
        Clients::default().get(&config, &Credentials::default(), &url).await.unwrap()
    }

    /// A seat whose request was answered in HTTP/2.
    async fn answered(pool: &Arc<Pool>, maker: &Maker) -> Seat {
        let mut seat = pool.seat(maker, "a:443").await.unwrap().unwrap();
        seat.answered(Version::HTTP_2);
        seat
    }

    #[tokio::test]
    async fn streams_share_until_the_connection_is_full_and_the_last_one_closes_it() {
        let (pool, maker) = (Arc::<Pool>::default(), maker().await);
        let mut seats = Vec::new();
        for _ in 0..=MOST {
            seats.push(answered(&pool, &maker).await);
        }
        let numbers: Vec<u64> = seats.iter().map(|seat| seat.number).collect();
        assert!(numbers[..100].iter().all(|number| *number == 1) && numbers[100] == 2);
        seats.drain(..).for_each(Seat::leave);
        assert!(pool.hosts().values().all(|host| host.shared.is_empty()));
    }

    #[tokio::test]
    async fn a_connection_that_takes_no_more_is_left_alone_and_teaches_how_many_it_takes() {
        let (pool, maker) = (Arc::<Pool>::default(), maker().await);
        let _two = (answered(&pool, &maker).await, answered(&pool, &maker).await);
        pool.seat(&maker, "a:443").await.unwrap().unwrap().refused();
        let next = [answered(&pool, &maker).await, answered(&pool, &maker).await, answered(&pool, &maker).await];
        assert_eq!(next.map(|seat| seat.number), [2, 2, 3]);
    }

    #[tokio::test]
    async fn a_connection_that_a_stream_lost_is_not_handed_out_again() {
        let (pool, maker) = (Arc::<Pool>::default(), maker().await);
        let (lost, kept) = (answered(&pool, &maker).await, answered(&pool, &maker).await);
        drop(lost);
        assert_ne!(answered(&pool, &maker).await.number, kept.number);
    }

    #[tokio::test]
    async fn a_server_of_http_1_1_has_no_shared_connection_until_it_speaks_http_2() {
        let (pool, maker) = (Arc::<Pool>::default(), maker().await);
        let mut first = pool.seat(&maker, "a:443").await.unwrap().unwrap();
        let second = tokio::spawn({
            let (pool, maker) = (Arc::clone(&pool), Arc::clone(&maker));
            async move { pool.seat(&maker, "a:443").await }
        });
        tokio::task::yield_now().await;
        first.answered(Version::HTTP_11);
        assert!(second.await.unwrap().unwrap().is_none());
        assert!(pool.seat(&maker, "a:443").await.unwrap().is_none());
        pool.learn(&maker, "a:443", Version::HTTP_2);
        assert!(pool.seat(&maker, "a:443").await.unwrap().is_some());
    }
}
