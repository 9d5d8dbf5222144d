//! Streams over TLS, with a private authority.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::support::{Run, config, stream};
use crate::connection::WaitReason;

struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

struct SafeServer {
    port: u16,
    _accepting: JoinSet<()>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer, folder: tempfile::tempdir().unwrap() }
    }

    fn issue(&self, name: &str, expired: bool) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if expired {
            params.not_before = rcgen::date_time_ymd(2001, 1, 1);
            params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        }
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn ca_file(&self) -> PathBuf {
        self.file("ca.pem", &self.issuer.pem())
    }

    /// A server with a certificate for this name; `asks` for a client's too.
    async fn serve(&self, name: &str, expired: bool, asks: bool) -> SafeServer {
        let (certificate, key) = self.issue(name, expired);
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.issuer.der().to_vec())).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
        let clients = if asks { clients } else { WebPkiClientVerifier::no_client_auth() };
        let settings = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(settings));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let acceptor = acceptor.clone();
                connections.spawn(async move {
                    let Ok(mut socket) = acceptor.accept(socket).await else { return };
                    let mut head = [0; 4096];
                    let _ = socket.read(&mut head).await;
                    let _ = socket.write_all(stream("data: safe\n\n").as_bytes()).await;
                    let _ = socket.read(&mut head).await;
                });
            }
        });
        SafeServer { port, _accepting: accepting }
    }
}

async fn trouble(config: crate::config::StreamConfig) -> String {
    let wait = Run::start(config).wait().await;
    assert_eq!(wait.reason, WaitReason::Tls, "{}", wait.message);
    wait.message.english
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_the_stream_says_so() {
    let authority = Authority::new();
    let server = authority.serve("localhost", false, false).await;
    let mut config = config(&format!("https://localhost:{}/", server.port));
    let message = trouble(config.clone()).await;
    assert!(message.contains("authority that this machine does not know"), "{message}");
    config.ca_cert = Some(authority.ca_file());
    assert_eq!(Run::start(config).event().await.data, "safe");
}

#[tokio::test]
async fn a_certificate_for_another_name_or_of_another_time_is_told_apart() {
    let authority = Authority::new();
    for (name, expired, word) in [("elsewhere.example", false, "another name"), ("localhost", true, "has expired")] {
        let server = authority.serve(name, expired, false).await;
        let mut config = config(&format!("https://localhost:{}/", server.port));
        config.ca_cert = Some(authority.ca_file());
        let message = trouble(config).await;
        assert!(message.contains(word), "{message}");
    }
}

#[tokio::test]
async fn a_client_certificate_is_shown_where_the_server_asks() {
    let authority = Authority::new();
    let server = authority.serve("localhost", false, true).await;
    let mut config = config(&format!("https://localhost:{}/", server.port));
    config.ca_cert = Some(authority.ca_file());
    let message = trouble(config.clone()).await;
    assert!(message.contains("refuses the handshake"), "{message}");
    let (certificate, key) = authority.issue("client", false);
    let pem = format!("{}{}", certificate.pem(), key.serialize_pem());
    config.client_cert = Some(authority.file("client.pem", &pem));
    assert_eq!(Run::start(config).event().await.data, "safe");
}

#[tokio::test]
async fn a_server_without_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = listener.local_addr().unwrap().port();
    let _talking = tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let message = trouble(config(&format!("https://localhost:{plain}/"))).await;
    assert!(message.contains("does not speak TLS"), "{message}");
}
