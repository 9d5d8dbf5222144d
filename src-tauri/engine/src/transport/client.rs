//! HTTP clients: one for all streams of the same connection settings.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use reqwest::{Certificate, Client, ClientBuilder, Identity, Proxy, Url, redirect};
use tokio::sync::Mutex;

use super::CONNECT_DEADLINE;
use super::address::is_loopback;
use crate::config::StreamConfig;
use crate::connection::Refusal;

/// Clients are cheap, but settings that are edited again and again must not pile up.
const MOST: usize = 32;
/// A peer that is gone without a word is noticed by its system's silence.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// What a stream of HTTP/2 may have on the way to a reader that is busy, in bytes; four times that on a connection.
const WINDOW: u32 = 256 * 1024;

/// Whether a proxy's address can be used.
pub fn is_proxy(address: &str) -> bool {
    Proxy::all(address).is_ok()
}

/// The clients in use, by settings.
#[derive(Default)]
pub(super) struct Clients {
    // Held while a client is built, so that ten streams that start together build one.
    built: Mutex<HashMap<Settings, Client>>,
}

/// All in which clients differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Settings {
    /// Without TLS no root certificate is loaded.
    tls: bool,
    ca_cert: Option<Stamped>,
    client_cert: Option<Stamped>,
    route: Route,
    http1: bool,
}

/// A file as it was: when it changes, a new client is built.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Stamped {
    path: PathBuf,
    changed: Option<SystemTime>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Route {
    Direct,
    System,
    Proxy(String),
}

impl Clients {
    pub(super) async fn get(&self, config: &StreamConfig, url: &Url) -> Result<Client, Refusal> {
        let settings = Settings::of(config, url).await;
        let mut built = self.built.lock().await;
        if let Some(client) = built.get(&settings) {
            return Ok(client.clone());
        }
        let client = settings.build().await?;
        if built.len() >= MOST {
            built.clear();
        }
        built.insert(settings, client.clone());
        Ok(client)
    }
}

impl Settings {
    async fn of(config: &StreamConfig, url: &Url) -> Self {
        let route = match &config.proxy {
            Some(proxy) => Route::Proxy(proxy.clone()),
            None if is_loopback(url) => Route::Direct,
            None => Route::System,
        };
        let tls = match &route {
            Route::Direct => url.scheme() == "https",
            Route::Proxy(proxy) => url.scheme() == "https" || proxy.starts_with("https"),
            Route::System => true,
        };
        Self {
            tls,
            ca_cert: Stamped::of(config.ca_cert.as_ref().filter(|_| tls)).await,
            client_cert: Stamped::of(config.client_cert.as_ref().filter(|_| tls)).await,
            route,
            http1: config.http1,
        }
    }

    async fn build(&self) -> Result<Client, Refusal> {
        let mut builder = base();
        if !self.tls {
            builder = builder.tls_certs_only([]);
        }
        if self.http1 {
            builder = builder.http1_only();
        }
        builder = match &self.route {
            Route::Direct => builder.no_proxy(),
            Route::System => builder,
            // The error would quote the address, which may hold a password.
            Route::Proxy(proxy) => builder.proxy(
                Proxy::all(proxy).map_err(|_| Refusal::BadUrl("the proxy's address cannot be used".to_owned()))?,
            ),
        };
        if let Some(file) = &self.ca_cert {
            let pem = read(&file.path).await?;
            let certificates = Certificate::from_pem_bundle(&pem).ok().filter(|certificates| !certificates.is_empty());
            builder = builder.tls_certs_merge(certificates.ok_or_else(|| unusable(&file.path, "PEM certificates"))?);
        }
        if let Some(file) = &self.client_cert {
            let identity = Identity::from_pem(&read(&file.path).await?);
            builder = builder.identity(identity.map_err(|_| unusable(&file.path, "a PEM certificate and its key"))?);
        }
        // Loads the system's certificates from disk: a few milliseconds.
        let built = tokio::task::spawn_blocking(move || builder.build()).await;
        match built {
            Ok(Ok(client)) => Ok(client),
            Ok(Err(error)) => Err(Refusal::Tls(format!("TLS cannot be set up: {}", super::failure::root(&error)))),
            Err(_) => Err(Refusal::Tls("TLS cannot be set up".to_owned())),
        }
    }
}

impl Stamped {
    async fn of(path: Option<&PathBuf>) -> Option<Self> {
        let path = path?.clone();
        let changed = tokio::fs::metadata(&path).await.and_then(|data| data.modified()).ok();
        Some(Self { path, changed })
    }
}

fn base() -> ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(concat!("streambell/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_DEADLINE)
        .tcp_nodelay(true)
        .tcp_keepalive(KEEPALIVE)
        .tcp_keepalive_interval(Duration::from_secs(10))
        .tcp_keepalive_retries(3)
        .http1_ignore_invalid_headers_in_responses(true)
        .http2_initial_stream_window_size(WINDOW)
        .http2_initial_connection_window_size(4 * WINDOW)
        .http2_keep_alive_interval(KEEPALIVE)
        .http2_keep_alive_timeout(Duration::from_secs(10))
        // A connection that was used before may be dead, or its server about to drop it: a stream takes a fresh one.
        .pool_max_idle_per_host(0)
}

async fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    tokio::fs::read(path).await.map_err(|error| Refusal::Tls(format!("{} cannot be read: {error}", path.display())))
}

fn unusable(path: &Path, what: &str) -> Refusal {
    Refusal::Tls(format!("{} does not hold {what}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn settings(config: &StreamConfig, url: &str) -> Settings {
        let url = Url::parse(url).unwrap_or_else(|error| panic!("{error}"));
        Settings::of(config, &url).await
    }

    #[tokio::test]
    async fn streams_of_the_same_settings_share_a_client() {
        let (one, other) = (StreamConfig::new("a", "http://a"), StreamConfig::new("b", "http://b"));
        assert_eq!(settings(&one, "http://a").await, settings(&other, "http://b").await);
    }

    #[tokio::test]
    async fn this_machine_is_reached_without_the_systems_proxy_and_without_certificates() {
        let local = settings(&StreamConfig::new("a", ""), "http://127.0.0.1:1").await;
        assert_eq!((local.route, local.tls), (Route::Direct, false));
    }

    #[tokio::test]
    async fn a_certificate_file_that_is_missing_or_holds_none_is_named() {
        let mut config = StreamConfig::new("a", "https://localhost");
        config.ca_cert = Some("/nowhere/ca.pem".into());
        let refused = settings(&config, "https://localhost").await.build().await;
        assert!(matches!(refused, Err(Refusal::Tls(message)) if message.starts_with("/nowhere/ca.pem cannot be read")));
    }

    #[tokio::test]
    async fn a_proxy_that_cannot_be_used_is_not_quoted() {
        let mut config = StreamConfig::new("a", "https://localhost");
        config.proxy = Some("ht tp://user:s3cret@x".to_owned());
        let refused = settings(&config, "https://localhost").await.build().await;
        assert!(matches!(refused, Err(Refusal::BadUrl(message)) if !message.contains("s3cret")));
    }
}
