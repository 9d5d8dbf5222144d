//! HTTP clients, made alike for all streams of the same connection settings.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::{Client, ClientBuilder, Proxy, Url, redirect};
use tokio::sync::Mutex;

use super::CONNECT_DEADLINE;
use super::address::{is_loopback, same_origin};
use super::identity::Identity;
use super::tls::{self, Seen, Trust};
use crate::auth::Credentials;
use crate::config::{Fingerprint, PROXY_SCHEMES, StreamConfig};
use crate::connection::Refusal;
use crate::locale::Text;
use crate::profile::at_home;
use crate::secrets::Secret;
use crate::text;

/// Clients are cheap, but settings that are edited again and again must not pile up.
const MOST: usize = 32;
/// A peer that is gone without a word is noticed by its system's silence.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// What a stream of HTTP/2 may have on the way to a reader that is busy, in bytes; four times that on a connection.
const WINDOW: u32 = 256 * 1024;

/// Whether a proxy's address can be used.
pub fn is_proxy(address: &str) -> bool {
    // What begins otherwise reqwest takes, and goes past it.
    let is_known = Url::parse(address).is_ok_and(|url| PROXY_SCHEMES.contains(&url.scheme()));
    is_known && Proxy::all(address).is_ok()
}

/// What makes clients, by settings.
#[derive(Default)]
pub(super) struct Clients {
    // Held while a maker is made, so that ten streams that start together make one.
    made: Mutex<HashMap<Settings, Arc<Maker>>>,
}

/// All in which clients differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Settings {
    /// Without TLS no root certificate is loaded.
    tls: bool,
    ca_cert: Option<Stamped>,
    pins: Vec<Fingerprint>,
    client_cert: Option<Stamped>,
    route: Route,
    http1: bool,
    compression: bool,
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
    Unix(PathBuf),
}

/// Makes clients of the same settings, which share what TLS has loaded.
pub(super) struct Maker {
    pub(super) settings: Settings,
    tls: Option<rustls::ClientConfig>,
    /// Makes a connection for every request, and never uses it again.
    pub(super) single: Client,
}

impl Clients {
    /// The maker for a stream's settings and this address.
    pub(super) async fn get(
        &self,
        config: &StreamConfig,
        credentials: &Credentials,
        url: &Url,
    ) -> Result<Arc<Maker>, Refusal> {
        let settings = Settings::of(config, url).await;
        let mut made = self.made.lock().await;
        if let Some(maker) = made.get(&settings) {
            return Ok(maker.clone());
        }
        let maker = Arc::new(settings.clone().maker(credentials.certificate_password()).await?);
        if made.len() >= MOST {
            made.clear();
        }
        made.insert(settings, maker.clone());
        Ok(maker)
    }
}

impl Settings {
    /// A pin and a socket are those of the stream's own server; another one that it leads to is reached as any other.
    async fn of(config: &StreamConfig, url: &Url) -> Self {
        let own = Url::parse(&config.url).is_ok_and(|own| same_origin(&own, url));
        let route = match (&config.unix_socket, &config.proxy) {
            (Some(socket), _) if own => Route::Unix(at_home(socket)),
            (_, Some(proxy)) => Route::Proxy(proxy.clone()),
            (_, None) if is_loopback(url) => Route::Direct,
            (_, None) => Route::System,
        };
        let tls = match &route {
            Route::Direct | Route::Unix(_) => url.scheme() == "https",
            Route::Proxy(proxy) => url.scheme() == "https" || proxy.starts_with("https"),
            Route::System => true,
        };
        Self {
            tls,
            ca_cert: Stamped::of(config.ca_cert.as_ref().filter(|_| tls)).await,
            pins: if own && tls { config.pin_sha256.clone() } else { Vec::new() },
            client_cert: Stamped::of(config.client_cert.as_ref().filter(|_| tls)).await,
            route,
            http1: config.http1,
            compression: config.compression,
        }
    }

    /// A client that is used for one request, for a diagnosis. `direct` leaves out any proxy; with `seen` it only notes
    /// which certificates the server shows, and trusts none.
    pub(super) async fn apart(
        config: &StreamConfig,
        credentials: &Credentials,
        url: &Url,
        direct: bool,
        seen: Option<Arc<Seen>>,
    ) -> Result<Client, Refusal> {
        let mut settings = Self::of(config, url).await;
        settings.route = match settings.route {
            Route::System | Route::Proxy(_) if direct => Route::Direct,
            route @ (Route::Direct | Route::System | Route::Proxy(_) | Route::Unix(_)) => route,
        };
        let tls = match seen {
            Some(seen) => {
                let tls = tls::settings(Trust::Nobody(seen), None, settings.http1);
                Some(tls.map_err(|error| no_tls(&Text::plain(error.to_string())))?)
            }
            None if settings.tls => Some(settings.speaks(credentials.certificate_password().cloned()).await?),
            None => None,
        };
        settings.client(tls.as_ref(), base().pool_max_idle_per_host(0))
    }

    async fn maker(self, password: Option<&Secret>) -> Result<Maker, Refusal> {
        let tls = if self.tls { Some(self.speaks(password.cloned()).await?) } else { None };
        let single = self.client(tls.as_ref(), base().pool_max_idle_per_host(0))?;
        Ok(Maker { settings: self, tls, single })
    }

    async fn speaks(&self, password: Option<Secret>) -> Result<rustls::ClientConfig, Refusal> {
        let authorities = match &self.ca_cert {
            Some(file) => tls::authorities(&file.path, &read(&file.path).await?)?,
            None => Vec::new(),
        };
        let trust =
            if self.pins.is_empty() { Trust::Authorities(authorities) } else { Trust::Pinned(self.pins.clone()) };
        let file = match &self.client_cert {
            Some(file) => Some((file.path.clone(), read(&file.path).await?)),
            None => None,
        };
        let http1 = self.http1;
        let build = move || {
            let identity = file.map(|(path, bytes)| Identity::read(&path, &bytes, password.as_ref())).transpose()?;
            tls::settings(trust, identity, http1).map_err(|error| no_tls(&Text::plain(error.to_string())))
        };
        let failed = |_| Err(Refusal::Tls(text!("TLS cannot be set up", "无法建立 TLS")));
        tokio::task::spawn_blocking(build).await.unwrap_or_else(failed)
    }

    fn client(&self, tls: Option<&rustls::ClientConfig>, mut builder: ClientBuilder) -> Result<Client, Refusal> {
        builder = match tls {
            Some(tls) => builder.tls_backend_preconfigured(tls.clone()),
            None => builder.tls_certs_only([]),
        };
        if self.http1 {
            builder = builder.http1_only();
        }
        builder = builder.gzip(self.compression).brotli(self.compression);
        builder = match &self.route {
            Route::Direct => builder.no_proxy(),
            Route::System => builder,
            // The error would quote the address, which may hold a password.
            Route::Proxy(proxy) => builder.proxy(
                Proxy::all(proxy)
                    .map_err(|_| Refusal::BadUrl(text!("the proxy's address cannot be used", "代理的地址无法使用")))?,
            ),
            Route::Unix(socket) => through(builder.no_proxy(), socket)?,
        };
        builder.build().map_err(|error| no_tls(&super::failure::root(&error)))
    }
}

impl Maker {
    /// A client that sends the requests of `streams` streams over one connection where the server speaks HTTP/2.
    pub(super) fn sharing(&self, streams: u32) -> Result<Client, Refusal> {
        let builder = base()
            .pool_max_idle_per_host(1)
            // A shared connection counts as idle since its last request, however busy its streams are.
            .pool_idle_timeout(None)
            // Streams whose readers are busy must not hold up the others.
            .http2_initial_connection_window_size(streams * WINDOW);
        self.settings.client(self.tls.as_ref(), builder)
    }
}

#[cfg(unix)]
fn through(builder: ClientBuilder, socket: &Path) -> Result<ClientBuilder, Refusal> {
    Ok(builder.unix_socket(socket))
}

#[cfg(not(unix))]
fn through(_: ClientBuilder, _: &Path) -> Result<ClientBuilder, Refusal> {
    Err(Refusal::BadUrl(text!("there are no Unix-domain sockets on this system", "本系统没有 Unix 域套接字")))
}

impl Stamped {
    async fn of(path: Option<&PathBuf>) -> Option<Self> {
        let path = at_home(path?);
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
}

async fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    let file = path.display();
    tokio::fs::read(path).await.map_err(|error| {
        let why = Text::of_system(&error);
        Refusal::Tls(text!("{file} cannot be read: {why}", "无法读取 {file}：{why}", why))
    })
}

fn no_tls(why: &Text) -> Refusal {
    Refusal::Tls(text!("TLS cannot be set up: {why}", "无法建立 TLS：{why}", why))
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
        let refused = settings(&config, "https://localhost").await.maker(None).await.map(drop);
        assert!(
            matches!(refused, Err(Refusal::Tls(message)) if message.english.starts_with("/nowhere/ca.pem cannot be read"))
        );
    }

    #[tokio::test]
    async fn a_file_at_home_is_found_there() {
        let mut config = StreamConfig::new("a", "https://localhost");
        config.ca_cert = Some("~/nowhere/ca.pem".into());
        let settings = settings(&config, "https://localhost").await;
        assert!(
            settings.ca_cert.is_some_and(|file| !file.path.starts_with("~") && file.path.ends_with("nowhere/ca.pem"))
        );
    }

    #[tokio::test]
    async fn a_proxy_that_cannot_be_used_is_not_quoted() {
        let mut config = StreamConfig::new("a", "https://localhost");
        config.proxy = Some("ht tp://user:s3cret@x".to_owned());
        let refused = settings(&config, "https://localhost").await.maker(None).await.map(drop);
        assert!(matches!(refused, Err(Refusal::BadUrl(message)) if !message.english.contains("s3cret")));
    }
}
