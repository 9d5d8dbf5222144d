//! The ways to a server: pinned certificates, client certificates, Unix-domain sockets, IPv6.

use std::path::Path;

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain,
};
use streambell_engine::config::{Auth, Config, SecretSource, StreamConfig, parse_fingerprint};
use streambell_engine::connection::{State, WaitReason};
use streambell_engine::secrets::{Part, Secret, Vault};
use streambell_tests::{Server, Tls};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UnixListener};

use crate::setup::{Rig, stream};

fn rig(stream: StreamConfig) -> Rig {
    Rig::start(Config { streams: vec![stream.into()], ..Config::default() })
}

/// Answers the next connection with one event.
async fn serve(mut connection: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    let answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nid: 1\ndata: a\n\n";
    connection.write_all(answer).await.unwrap();
    // Stays open for as long as the test runs.
    tokio::spawn(async move {
        let mut rest = Vec::new();
        connection.read_to_end(&mut rest).await.ok();
    });
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn a_pinned_certificate_is_accepted_though_it_signed_itself_and_is_for_another_name() {
    let server = Server::start().await;
    let tls = Tls::self_signed(&server, "elsewhere.test").await;
    let old = parse_fingerprint(&"ab".repeat(32)).unwrap();
    let pin_sha256 = vec![old, parse_fingerprint(tls.fingerprint()).unwrap()];
    let rig = rig(StreamConfig { pin_sha256, ..stream("market", &tls.url("/")) });
    server.open().await.event("price-update", "1", "{}").await;
    rig.stored(1).await;
}

#[tokio::test]
async fn any_other_certificate_is_refused_with_its_fingerprint_though_its_authority_is_trusted() {
    let server = Server::start().await;
    let tls = Tls::in_front_of(&server).await;
    let pin_sha256 = vec![parse_fingerprint(&"ab".repeat(32)).unwrap()];
    let rig = rig(StreamConfig { pin_sha256, ca_cert: Some(tls.authority()), ..stream("market", &tls.url("/")) });
    let waiting = rig.snapshot("a refusal", |snapshot| matches!(snapshot.streams[0].state, State::Waiting(_))).await;
    let State::Waiting(wait) = &waiting.streams[0].state else { panic!("it waits") };
    assert_eq!(wait.reason, WaitReason::Tls);
    let seen = parse_fingerprint(tls.fingerprint()).unwrap().to_string();
    assert!(
        wait.message.english.ends_with(&format!("is not the pinned one: it has the SHA-256 {seen}")),
        "{}",
        wait.message
    );
}

#[tokio::test]
async fn a_pinned_stream_is_not_led_to_another_server() {
    let (server, other) = (Server::start().await, Server::start().await);
    let tls = Tls::self_signed(&server, "localhost").await;
    let pin_sha256 = vec![parse_fingerprint(tls.fingerprint()).unwrap()];
    let away = Tls::self_signed(&other, "localhost").await;
    let rig = rig(StreamConfig { pin_sha256, ..stream("market", &tls.url("/")) });
    server.request().await.answer(307, &[("Location", &away.url("/"))], "").await;
    let ended = rig.snapshot("an end", |snapshot| matches!(snapshot.streams[0].state, State::Ended { .. })).await;
    assert!(ended.streams[0].state.message().contains("pin_sha256"));
}

#[tokio::test]
async fn a_stream_comes_through_a_unix_socket_with_its_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let vault = Vault::memory();
    vault.set("market", &Secret::from("s3cret")).await.unwrap();
    let stream = StreamConfig {
        unix_socket: Some(path),
        auth: Auth::Bearer { secret: SecretSource::Keyring },
        ..stream("market", "http://app.example/events")
    };
    let config = Config { streams: vec![stream.into()], ..Config::default() };
    let rig = Rig::start_in(tempfile::tempdir().unwrap(), config, vault, false);
    let head = serve(listener.accept().await.unwrap().0).await;
    assert!(head.starts_with("GET /events HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("host: app.example\r\n") && head.contains("authorization: Bearer s3cret\r\n"), "{head}");
    rig.stored(1).await;
}

#[tokio::test]
async fn a_unix_socket_that_is_not_there_is_named_and_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.sock");
    let rig = rig(StreamConfig { unix_socket: Some(path.clone()), ..stream("market", "http://localhost/") });
    let waiting = rig.snapshot("a wait", |snapshot| matches!(snapshot.streams[0].state, State::Waiting(_))).await;
    let message = waiting.streams[0].state.message();
    let wanted = format!("cannot reach localhost:80 through {}: there is no such socket", path.display());
    assert_eq!(message, wanted);
    let listener = UnixListener::bind(&path).unwrap();
    serve(listener.accept().await.unwrap().0).await;
    rig.stored(1).await;
}

#[tokio::test]
async fn an_address_of_ipv6_is_reached() {
    let listener = TcpListener::bind("[::1]:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let rig = rig(stream("market", &format!("http://[::1]:{port}/")));
    let head = serve(listener.accept().await.unwrap().0).await;
    assert!(head.contains(&format!("host: [::1]:{port}\r\n")), "{head}");
    rig.stored(1).await;
}

/// Where `localhost` is an address of both kinds, and only one of them answers.
#[tokio::test]
async fn a_name_with_addresses_of_both_kinds_is_reached_by_the_one_that_answers() {
    let both = tokio::net::lookup_host("localhost:0").await.unwrap().any(|address| address.is_ipv6());
    let (four, six) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("[::1]:0").await.unwrap());
    for listener in [Some(four), Some(six).filter(|_| both)].into_iter().flatten() {
        let port = listener.local_addr().unwrap().port();
        let rig = rig(stream("market", &format!("http://localhost:{port}/")));
        serve(listener.accept().await.unwrap().0).await;
        rig.stored(1).await;
    }
}

/// A PKCS#12 file with a certificate for `client`, as it is written today or as it was once.
fn pkcs12(path: &Path, password: &str, algorithm: EncryptionAlgorithm, mac: MacAlgorithm) {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["client".to_owned()]).unwrap();
    let certificate = Certificate::from_der(params.self_signed(&key).unwrap().der()).unwrap();
    let key = PrivateKey::from_der(&key.serialize_der()).unwrap();
    let mut store = KeyStore::new();
    let chain = PrivateKeyChain::new("1", key, [certificate]);
    store.add_entry("client", KeyStoreEntry::PrivateKeyChain(chain));
    let writer = store.writer(password).encryption_algorithm(algorithm).mac_algorithm(mac);
    std::fs::write(path, writer.write().unwrap()).unwrap();
}

#[tokio::test]
async fn a_pkcs12_file_is_opened_with_its_password_and_a_wrong_one_waits_for_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.p12");
    for (algorithm, mac) in [
        (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256),
        (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1),
    ] {
        pkcs12(&path, "pa55word", algorithm, mac);
        let server = Server::start().await;
        let tls = Tls::in_front_of(&server).await;
        let vault = Vault::memory();
        let account = Part::ClientCert.account("market");
        vault.set(&account, &Secret::from("wrong-one")).await.unwrap();
        let stream = StreamConfig {
            ca_cert: Some(tls.authority()),
            client_cert: Some(path.clone()),
            client_cert_password: Some(SecretSource::Keyring),
            ..stream("market", &tls.url("/"))
        };
        let config = Config { streams: vec![stream.into()], ..Config::default() };
        let rig = Rig::start_in(tempfile::tempdir().unwrap(), config, vault.clone(), false);
        let asking = |state: &State| matches!(state, State::NeedsSignIn { .. });
        let snapshot = rig.snapshot("a question", |snapshot| asking(&snapshot.streams[0].state)).await;
        let message = snapshot.streams[0].state.message();
        assert_eq!(message, format!("the password of {} is wrong", path.display()));
        vault.set(&account, &Secret::from("pa55word")).await.unwrap();
        rig.engine.reconnect(None).await.unwrap();
        server.open().await.event("price-update", "1", "{}").await;
        rig.stored(1).await;
    }
}
