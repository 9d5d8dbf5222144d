//! TLS in front of a scripted server, with an authority of its own or a certificate that it signed itself.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::server::Server;

/// Takes TLS off and hands on to the server behind it. Dropping it ends its connections.
#[derive(Debug)]
pub struct Tls {
    port: u16,
    folder: TempDir,
    fingerprint: String,
    /// Ended with us.
    _accepting: JoinSet<()>,
}

/// Where connections are handed on to.
#[derive(Debug, Clone, Copy)]
struct Behind {
    port: u16,
    /// The port for those over HTTP/2, and how long each of them lasts; without it HTTP/2 is not spoken.
    http2: Option<(u16, Duration)>,
}

impl Tls {
    /// Stands in front of a server, with a certificate for `localhost` of an authority of its own.
    pub async fn in_front_of(server: &Server) -> Self {
        Self::issued(Behind { port: server.port(), http2: None }).await
    }

    /// The same in front of a port for HTTP/1.1 and one for HTTP/2 without TLS; what comes over HTTP/2 is cut after so
    /// long.
    pub async fn cutting_http2(http1: u16, http2: u16, lasts: Duration) -> Self {
        Self::issued(Behind { port: http1, http2: Some((http2, lasts)) }).await
    }

    async fn issued(behind: Behind) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority =
            CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &authority).expect("a certificate");
        Self::with(behind, &certificate, &key, authority.pem()).await
    }

    /// Stands in front of a server, with a certificate for a name that it signed itself.
    pub async fn self_signed(server: &Server, name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let certificate = params.self_signed(&key).expect("a certificate");
        let behind = Behind { port: server.port(), http2: None };
        Self::with(behind, &certificate, &key, String::new()).await
    }

    async fn with(behind: Behind, certificate: &Certificate, key: &KeyPair, authority: String) -> Self {
        let mut settings = settings(certificate, key);
        if behind.http2.is_some() {
            settings.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        let fingerprint = Sha256::digest(certificate.der()).iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("ca.pem"), authority).expect("a file for the authority");
        let acceptor = TlsAcceptor::from(Arc::new(settings));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let port = listener.local_addr().expect("the port").port();
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                connections.spawn(async move {
                    // A client that does not trust us leaves here, and that is what its test is about.
                    let Ok(safe) = acceptor.accept(socket).await else { return };
                    let is_http2 = safe.get_ref().1.alpn_protocol() == Some(b"h2");
                    match behind.http2.filter(|_| is_http2) {
                        Some((port, lasts)) => drop(tokio::time::timeout(lasts, hand_on(safe, port)).await),
                        None => hand_on(safe, behind.port).await,
                    }
                });
            }
        });
        Self { port, folder, fingerprint, _accepting: accepting }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// The file with the authority's certificate.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The SHA-256 of the certificate, in hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

async fn hand_on(mut safe: TlsStream<TcpStream>, port: u16) {
    let mut plain = TcpStream::connect(("127.0.0.1", port)).await.expect("the server behind");
    drop(tokio::io::copy_bidirectional(&mut safe, &mut plain).await);
}

/// A server's settings.
fn settings(certificate: &Certificate, key: &KeyPair) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).expect("a private key"),
        )
        .expect("a usable certificate")
}
