//! One request whose answer is looked at whatever it is, for a diagnosis: no judgement, no shared connection.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use reqwest::{Response, Url};
use rustls::pki_types::CertificateDer;

use super::client::Settings;
use super::failure::{self, TlsTrouble};
use super::request::Hop;
use super::{address, parse, redirect, unanswered};
use crate::auth::Credentials;
use crate::config::StreamConfig;
use crate::connection::Refusal;
use crate::locale::Text;

/// An answer, at its header, after the redirects that were followed.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The body is still to be read.
    pub(crate) response: Response,
    /// How long the header took from the last request on, connecting included.
    pub(crate) header_after: Duration,
    /// The redirects that led to it.
    pub(crate) turns: Vec<Turn>,
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The status.
    pub status: u16,
    /// Where to, its secrets replaced by `***`.
    pub to: String,
    /// Whether that is still the stream's own origin.
    pub own: bool,
}

/// No answer, or none that redirects lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unasked {
    /// The redirects that were followed before.
    pub turns: Vec<Turn>,
    /// Why.
    pub why: Why,
    /// The same in one line.
    pub message: Text,
}

/// Why a request has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The host's name is not known.
    Name,
    /// No connection, or it broke before an answer.
    Network,
    /// No answer within the time.
    Silent,
    /// TLS.
    Tls(TlsTrouble),
    /// More redirects than are followed.
    Loop,
    /// A redirect that is not followed.
    Redirect,
    /// The address, a header, a secret or a file cannot be used.
    Unusable,
}

/// How a request for a diagnosis differs from the stream's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// Past the system's and the stream's proxy.
    pub(crate) direct: bool,
    /// For how long the header is waited for.
    pub(crate) patience: Duration,
}

/// Asks once over connections of its own.
pub(crate) async fn ask(
    config: &StreamConfig,
    credentials: &Credentials,
    cursor: &str,
    manner: Manner,
) -> Result<Asked, Unasked> {
    let mut turns = Vec::new();
    let mut hop = Hop::first(config).map_err(|refusal| unusable(&turns, &refusal))?;
    let local = config.unix_socket.is_some();
    address::refuse_plaintext(&hop.url, config.insecure || local, credentials)
        .map_err(|refusal| unusable(&turns, &refusal))?;
    for _ in 0..=redirect::MOST {
        let client = Settings::apart(config, credentials, &hop.url, manner.direct, None).await;
        let client = client.map_err(|refusal| unusable(&turns, &refusal))?;
        let request = hop.request(&client, config, credentials, cursor);
        let request = request.map_err(|refusal| unusable(&turns, &refusal))?;
        let start = Instant::now();
        let response = match tokio::time::timeout(manner.patience, client.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let host = Text::plain(address::authority(&hop.url));
                let message = failure::unreached(&error, &host).message().clone();
                return Err(Unasked { turns, why: failure::why(&error), message });
            }
            Err(_) => {
                let host = Text::plain(address::authority(&hop.url));
                let message = unanswered(&host, manner.patience);
                return Err(Unasked { turns, why: Why::Silent, message });
            }
        };
        if !redirect::is_redirect(response.status()) {
            return Ok(Asked { response, header_after: start.elapsed(), turns });
        }
        hop = match redirect::follow(&hop, &response, config, credentials) {
            Ok(hop) => hop,
            Err(refusal) => {
                let message = refusal.message().clone();
                return Err(Unasked { turns, why: Why::Redirect, message });
            }
        };
        let to = address::shown_to(&hop.url, credentials, hop.own);
        turns.push(Turn { status: response.status().as_u16(), to, own: hop.own });
    }
    Err(Unasked { turns, why: Why::Loop, message: redirect::too_many() })
}

/// The certificates that a server shows, the server's own first, whether they can be trusted or not: the handshake is
/// broken off when they came, and nothing is sent.
pub(crate) async fn certificates(config: &StreamConfig, patience: Duration) -> Option<Vec<CertificateDer<'static>>> {
    let url: Url = parse(&config.url).ok().filter(|url| url.scheme() == "https")?;
    let seen = Arc::new(OnceLock::new());
    let client = Settings::apart(config, &Credentials::default(), &url, false, Some(seen.clone())).await.ok()?;
    let request = client.get(address::origin(&url)).build().ok()?;
    // It fails: that is how it is meant.
    drop(tokio::time::timeout(patience, client.execute(request)).await);
    seen.get().cloned()
}

fn unusable(turns: &[Turn], refusal: &Refusal) -> Unasked {
    Unasked { turns: turns.to_vec(), why: Why::Unusable, message: refusal.message().clone() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::config::Redirects;

    #[tokio::test]
    async fn a_diagnosis_follows_no_redirect_that_the_stream_would_not_follow() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://ann:secret@{}/", listener.local_addr().unwrap());
        let config =
            StreamConfig { redirects: Redirects::Trust(vec!["*.b.test".to_owned()]), ..StreamConfig::new("s", &url) };
        let leading = async {
            let (mut client, _) = listener.accept().await.unwrap();
            assert!(client.read(&mut [0; 4_096]).await.unwrap() > 0);
            let answer = "HTTP/1.1 302 Found\r\nLocation: http://s-1.b.test/\r\nContent-Length: 0\r\n\r\n";
            client.write_all(answer.as_bytes()).await.unwrap();
            client
        };
        let manner = Manner { direct: true, patience: Duration::from_secs(10) };
        let credentials = Credentials::default();
        let (asked, _client) = tokio::join!(ask(&config, &credentials, "", manner), leading);
        let unasked = asked.unwrap_err();
        assert_eq!(unasked.why, Why::Redirect);
        assert!(unasked.message.english.starts_with("credentials are not sent over plain http"), "{}", unasked.message);
    }
}
