//! HTTP/2 and HTTP/1.1 over TLS, with certificates of a private authority.

use streambell_engine::config::{Config, SecretSource, StreamConfig};
use streambell_engine::connection::{EndReason, State, WaitReason};
use streambell_engine::secrets::{Part, Secret, Vault};
use streambell_tests::eventually;
use streambell_tests::faults::{Faults, Shape};
use streambell_tests::rig::Rig;

use crate::authority::Authority;
use crate::programs::{Program, nginx, node};
use crate::{engine, settings, waits};

/// nginx with the certificate for `name`, and the server behind it.
async fn secure(authority: &Authority, name: &str, more: &str) -> (Program, Program) {
    let server = node("server.mjs", &[]).await;
    let file = |ending: &str| authority.file(&format!("{name}.{ending}")).display().to_string();
    let words = format!("ssl_certificate {}; ssl_certificate_key {}; {more}", file("pem"), file("key"));
    let proxy = nginx(server.port(), "ssl http2", &words, "").await;
    (proxy, server)
}

/// The events 1 to 200.
fn over_tls(port: u16, authority: &Authority) -> StreamConfig {
    let url = format!("https://localhost:{port}/?direct&total=200");
    StreamConfig { ca_cert: Some(authority.file("ca.pem")), ..settings(&url) }
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_the_stream_names_it_and_http_2_is_spoken() {
    let authority = Authority::new();
    let (proxy, _server) = secure(authority.issue("localhost"), "localhost", "").await;
    let rig = engine(over_tls(proxy.port(), &authority));
    rig.numbered("market", 200).await;
    rig.engine.stop().await;
    let log = eventually("the log", async || Some(proxy.read("access.log")).filter(|log| !log.is_empty())).await;
    assert!(log.starts_with("HTTP/2.0 200"), "{log}");
}

#[tokio::test]
async fn http_1_1_is_spoken_where_the_stream_asks_for_it() {
    let authority = Authority::new();
    let (proxy, _server) = secure(authority.issue("localhost"), "localhost", "").await;
    let rig = engine(StreamConfig { http1: true, ..over_tls(proxy.port(), &authority) });
    rig.numbered("market", 200).await;
    rig.engine.stop().await;
    let log = eventually("the log", async || Some(proxy.read("access.log")).filter(|log| !log.is_empty())).await;
    assert!(log.starts_with("HTTP/1.1 200"), "{log}");
}

#[tokio::test]
async fn an_unknown_authority_is_said_with_what_to_do() {
    let authority = Authority::new();
    let (proxy, _server) = secure(authority.issue("localhost"), "localhost", "").await;
    let rig = engine(StreamConfig { ca_cert: None, ..over_tls(proxy.port(), &authority) });
    let wait = waits(&rig, "a refusal", |_| true).await;
    assert_eq!(wait.reason, WaitReason::Tls);
    assert!(wait.message.english.contains("ca_cert"), "{}", wait.message);
}

#[tokio::test]
async fn a_certificate_that_has_expired_is_said() {
    let authority = Authority::new();
    let (proxy, _server) = secure(authority.issue_expired("localhost"), "localhost", "").await;
    let rig = engine(over_tls(proxy.port(), &authority));
    let wait = waits(&rig, "a refusal", |_| true).await;
    assert_eq!(wait.reason, WaitReason::Tls);
    assert!(wait.message.english.contains("expired"), "{}", wait.message);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_said() {
    let authority = Authority::new();
    let (proxy, _server) = secure(authority.issue("elsewhere.test"), "elsewhere.test", "").await;
    let rig = engine(over_tls(proxy.port(), &authority));
    let wait = waits(&rig, "a refusal", |_| true).await;
    assert_eq!(wait.reason, WaitReason::Tls);
    assert!(wait.message.english.contains("another name"), "{}", wait.message);
}

#[tokio::test]
async fn a_server_without_tls_is_said() {
    let authority = Authority::new();
    let server = node("server.mjs", &[]).await;
    let rig = engine(over_tls(server.port(), &authority));
    let wait = waits(&rig, "a refusal", |_| true).await;
    assert_eq!(wait.reason, WaitReason::Tls);
    assert!(wait.message.english.contains("does not speak TLS"), "{}", wait.message);
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_a_server_that_asks() {
    let authority = Authority::new();
    let ask = format!("ssl_verify_client on; ssl_client_certificate {};", authority.file("ca.pem").display());
    let (proxy, _server) = secure(authority.issue("localhost").issue("client"), "localhost", &ask).await;
    let with = over_tls(proxy.port(), &authority);
    let rig = engine(StreamConfig { client_cert: Some(authority.file("client.both.pem")), ..with.clone() });
    rig.numbered("market", 200).await;

    // The same as PKCS#12, whose password is in the vault.
    let vault = Vault::memory();
    vault.set(&Part::ClientCert.account("market"), &Secret::from("pa55word")).await.unwrap();
    let packed = StreamConfig {
        client_cert: Some(authority.file("client.p12")),
        client_cert_password: Some(SecretSource::Keyring),
        ..with.clone()
    };
    let config = Config { streams: vec![packed.into()], ..Config::default() };
    let rig = Rig::start_in(tempfile::tempdir().unwrap(), config, vault, false);
    rig.numbered("market", 200).await;

    // Without one this server answers 400.
    let rig = engine(with);
    let snapshot = rig.snapshot("an end", |snapshot| matches!(snapshot.streams[0].state, State::Ended { .. })).await;
    let State::Ended { reason, message } = &snapshot.streams[0].state else { panic!("it ended") };
    assert_eq!(*reason, EndReason::Status, "{message}");
}

/// What plain HTTP cannot do: garbled bytes are noticed, and what they were comes again.
#[tokio::test]
async fn bytes_garbled_on_the_way_lose_nothing_and_double_nothing() {
    let authority = Authority::new();
    let (proxy, _server) = secure(authority.issue("localhost"), "localhost", "").await;
    let faults = Faults::in_front_of(([127, 0, 0, 1], proxy.port()).into()).await;
    // A second's worth, and a second for the faults.
    let url = format!("https://localhost:{}/?direct&total=400", faults.port());
    let rig = engine(StreamConfig { url, ..over_tls(faults.port(), &authority) });
    for _ in 0..8 {
        let stored = rig.history().len();
        rig.stored(stored + 10).await;
        faults.shape(Shape { corrupt: Some(300), ..Shape::default() });
        waits(&rig, "a broken connection", |_| true).await;
        faults.shape(Shape::default());
        // The back-off has tests of its own.
        rig.engine.reconnect(None).await.unwrap();
    }
    rig.numbered("market", 400).await;
}
