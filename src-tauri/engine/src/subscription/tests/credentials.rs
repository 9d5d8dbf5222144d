//! Who gets which secret, and where new ones come from.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::support::{Reply, Run, Server, answer_of, config, stream};
use crate::auth::{Access, Granted};
use crate::config::{Auth, ClientAuth, Grant, Header, HeaderValue, OAuth2, Refresh, SecretSource, StreamConfig};
use crate::connection::State;
use crate::secrets::{Secret, Vault};
use crate::subscription::task::Task;
use crate::subscription::tokens::{Fetched, Newer};
use crate::subscription::{Command, Report, Subscription};
use crate::transport::HostGate;

async fn vault(secret: &str) -> Vault {
    let vault = Vault::memory();
    vault.set("test", &Secret::from(secret)).await.unwrap();
    vault
}

fn bearer(url: &str) -> StreamConfig {
    StreamConfig { auth: Auth::Bearer { secret: SecretSource::Keyring }, ..config(url) }
}

fn refreshing(url: &str, endpoint: &Server) -> StreamConfig {
    let refresh = Refresh { url: endpoint.url.clone(), token: "/data/token".to_owned() };
    StreamConfig { refresh: Some(refresh), ..bearer(url) }
}

fn token_answer(token: &str) -> Reply {
    Reply::Close(answer_of("200 OK", "", &format!(r#"{{"data":{{"token":"{token}"}}}}"#)))
}

fn refused() -> Reply {
    Reply::Close(answer_of("401 Unauthorized", "", ""))
}

async fn stored(vault: &Vault) -> String {
    vault.get("test").await.unwrap().unwrap().expose_secret().to_owned()
}

#[tokio::test]
async fn another_origin_gets_neither_credentials_nor_custom_headers_nor_the_cursor() {
    let mut away = Server::start(vec![Reply::Hold(stream(""))]).await;
    let moved = answer_of("307 A", &format!("Location: {}\r\n", away.url), "");
    let mut server = Server::start(vec![Reply::Close(moved)]).await;
    let mut config = bearer(&server.url);
    config.headers.push(Header { name: "X-Desk".to_owned(), value: HeaderValue::Plain("7".to_owned()) });
    let mut run = Run::with(config, "41", vault("s3cret").await, 8);
    run.open().await;
    let (own, other) = (server.request().await, away.request().await);
    for header in ["authorization: bearer s3cret", "x-desk: 7", "last-event-id: 41"] {
        assert!(own.contains(header), "{own}");
    }
    for name in ["authorization", "s3cret", "x-desk", "last-event-id"] {
        assert!(!other.contains(name), "{other}");
    }
    assert_eq!(other.matches("accept: text/event-stream").count(), 1);
    assert_eq!(other.matches("cache-control: no-cache").count(), 1);
}

#[tokio::test]
async fn a_query_secret_is_sent_and_never_told() {
    let mut server = Server::start(vec![Reply::Hold(stream(""))]).await;
    let mut config = config(&format!("{}?a=1", server.url));
    config.auth = Auth::Query { name: "key".to_owned(), template: None, secret: SecretSource::Keyring };
    let mut run = Run::with(config, "", vault("s3cret").await, 8);
    let url = run.until(|report| match report {
        Report::Opened { url, .. } => Some(url),
        _ => None,
    });
    assert!(url.await.ends_with("/stream?a=1&key=***"));
    assert!(server.request().await.contains("?a=1&key=s3cret"));
}

#[tokio::test]
async fn a_missing_secret_asks_for_sign_in_and_connects_when_it_comes() {
    let server = Server::start(vec![Reply::Hold(stream(""))]).await;
    let mut run = Run::start(bearer(&server.url));
    assert_eq!(run.ended().await.0, "needs-sign-in");
    run.vault.set("test", &Secret::from("s3cret")).await.unwrap();
    run.commands.send(Command::SecretChanged).await.unwrap();
    run.open().await;
}

#[tokio::test]
async fn credentials_over_http_to_another_machine_are_refused() {
    let mut run = Run::with(bearer("http://192.0.2.1/"), "", vault("s3cret").await, 8);
    let (reason, message) = run.ended().await;
    assert_eq!(reason, "bad-url");
    assert!(message.contains("insecure = true"), "{message}");
}

#[tokio::test]
async fn a_refusal_that_echoes_the_secret_is_masked() {
    let echo = answer_of("403 Forbidden", "Content-Type: text/plain\r\n", "s3cret is not enough");
    let server = Server::start(vec![Reply::Close(echo)]).await;
    let (_, message) = Run::with(bearer(&server.url), "", vault("s3cret").await, 8).ended().await;
    assert!(message.ends_with("(*** is not enough)"), "{message}");
}

#[tokio::test]
async fn http_401_refreshes_the_token_stores_it_and_connects_with_it() {
    let mut endpoint = Server::start(vec![token_answer("new")]).await;
    let mut server = Server::start(vec![refused(), Reply::Hold(stream(""))]).await;
    let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault("old").await, 8);
    run.open().await;
    let asked = endpoint.request().await;
    assert!(asked.starts_with("post /stream") && asked.contains("authorization: bearer old"), "{asked}");
    assert!(asked.ends_with(r#"{"token":"old"}"#), "{asked}");
    server.request().await;
    assert!(server.request().await.contains("authorization: bearer new"));
    assert_eq!(stored(&run.vault).await, "new");
}

#[tokio::test]
async fn http_403_refreshes_a_token_that_by_its_own_account_has_ended_and_no_other() {
    let forbidden = || Reply::Close(answer_of("403 Forbidden", "", ""));
    let endpoint = Server::start(vec![token_answer("new")]).await;
    let server = Server::start(vec![forbidden(), Reply::Hold(stream(""))]).await;
    let token = |left: i64| {
        let end = Timestamp::now().as_second() + left;
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(format!(r#"{{"exp":{end}}}"#)))
    };
    let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault(&token(-60)).await, 8);
    run.open().await;
    assert_eq!(stored(&run.vault).await, "new");

    let server = Server::start(vec![forbidden()]).await;
    let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault(&token(60)).await, 8);
    assert_eq!(run.ended().await.0, "needs-sign-in");
}

#[tokio::test]
async fn a_token_of_the_address_goes_to_the_refresh_endpoint_in_a_header_too() {
    let mut endpoint = Server::start(vec![token_answer("new")]).await;
    let mut server = Server::start(vec![refused(), Reply::Hold(stream(""))]).await;
    let auth = Auth::Query { name: "token".to_owned(), template: None, secret: SecretSource::Keyring };
    let config = StreamConfig { auth, ..refreshing(&server.url, &endpoint) };
    let mut run = Run::with(config, "", vault("old").await, 8);
    run.open().await;
    let asked = endpoint.request().await;
    assert!(asked.starts_with("post /stream?token=old ") && asked.contains("authorization: bearer old"), "{asked}");
    server.request().await;
    let again = server.request().await;
    assert!(again.contains("?token=new") && !again.contains("authorization"), "{again}");
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_asks_for_sign_in() {
    let endpoint = Server::start(vec![token_answer("new")]).await;
    let server = Server::start(vec![refused()]).await;
    let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault("old").await, 8);
    assert_eq!(run.ended().await.0, "needs-sign-in");
}

#[tokio::test]
async fn a_refresh_endpoint_in_trouble_is_tried_again_and_one_that_refuses_is_not() {
    let busy = Reply::Close(answer_of("502 Bad Gateway", "", ""));
    let endpoint = Server::start(vec![busy, token_answer("new")]).await;
    let server = Server::start(vec![refused(), Reply::Hold(stream(""))]).await;
    let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault("old").await, 8);
    assert_eq!(run.wait().await.message.english, "the refresh endpoint answers 502 Bad Gateway");
    run.open().await;

    for answer in [refused(), Reply::Close(answer_of("200 OK", "", "{}"))] {
        let endpoint = Server::start(vec![answer]).await;
        let server = Server::start(vec![refused()]).await;
        let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault("old").await, 8);
        let (reason, message) = run.ended().await;
        assert_eq!(reason, "needs-sign-in");
        assert!(message.starts_with("the refresh endpoint"), "{message}");
    }
}

#[tokio::test]
async fn a_token_that_was_stored_meanwhile_is_used_without_asking() {
    let endpoint = Server::start(vec![refused()]).await;
    let mut server = Server::start(vec![Reply::Hold(String::new()), refused(), Reply::Hold(stream(""))]).await;
    let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault("old").await, 8);
    server.request().await;
    run.commands.send(Command::Reconnect).await.unwrap();
    server.request().await;
    run.vault.set("test", &Secret::from("new")).await.unwrap();
    run.open().await;
    assert!(server.request().await.contains("bearer new"));
}

/// A token that is to be refreshed at once.
fn about_to_expire() -> String {
    let now = Timestamp::now().as_second();
    let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"iat":{},"exp":{}}}"#, now - 600, now + 60));
    format!("e30.{claims}.c2ln")
}

#[tokio::test]
async fn a_stream_that_never_pauses_refreshes_its_token_all_the_same() {
    let mut endpoint = Server::start(vec![token_answer("new")]).await;
    let flood = Reply::Repeat(stream(""), "data: x\n\n".to_owned(), 100_000_000);
    let server = Server::start(vec![flood]).await;
    let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault(&about_to_expire()).await, 1);
    let reading = async {
        loop {
            assert!(!matches!(run.report().await, Report::State(State::Waiting(_))), "the flood ended first");
        }
    };
    tokio::select! {
        () = reading => {}
        _ = endpoint.request() => {}
    }
}

#[tokio::test]
async fn a_person_s_token_wins_over_one_that_the_vault_did_not_take() {
    let mut server = Server::start(vec![Reply::Hold(stream(""))]).await;
    let (reports, _received) = mpsc::channel(32);
    let (commands, commanded) = mpsc::channel(4);
    let vault = vault("old").await;
    let subscription = Subscription {
        config: Arc::new(bearer(&server.url)),
        vault: vault.clone(),
        cursor: String::new(),
        gate: HostGate::default(),
        comments: false,
        traffic: Arc::default(),
        reports,
    };
    let mut task = Task::new(subscription, commanded, CancellationToken::new());
    task.newer = Some(Newer { secret: "refreshed".into(), in_vault: "old".into() });
    let mut running = JoinSet::new();
    running.spawn(async move { task.run().await });
    assert!(server.request().await.contains("bearer refreshed"));
    // Asked to connect, with nothing new in the vault: the old one may be spent.
    commands.send(Command::Reconnect).await.unwrap();
    assert!(server.request().await.contains("bearer refreshed"));
    vault.set("test", &Secret::from("typed")).await.unwrap();
    commands.send(Command::Reconnect).await.unwrap();
    assert!(server.request().await.contains("bearer typed"));
    commands.send(Command::Reconnect).await.unwrap();
    assert!(server.request().await.contains("bearer typed"));
}

#[tokio::test]
async fn a_token_about_to_expire_is_refreshed_without_breaking_the_connection() {
    let old = about_to_expire();
    let endpoint = Server::start(vec![token_answer("new")]).await;
    let mut server = Server::start(vec![Reply::Hold(stream("data: 1\n\n"))]).await;
    let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault(&old).await, 8);
    run.open().await;
    server.request().await;
    while stored(&run.vault).await != "new" {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    run.commands.send(Command::Reconnect).await.unwrap();
    assert!(server.request().await.contains("bearer new"));
}

#[tokio::test]
async fn a_clock_that_is_fast_does_not_ask_for_one_token_after_the_other() {
    let mut endpoint = Server::start(vec![token_answer(&about_to_expire())]).await;
    let server = Server::start(vec![Reply::Hold(stream("data: 1\n\n"))]).await;
    let mut run = Run::with(refreshing(&server.url, &endpoint), "", vault(&about_to_expire()).await, 8);
    run.open().await;
    endpoint.request().await;
    let again = tokio::time::timeout(std::time::Duration::from_millis(500), endpoint.request()).await;
    assert!(again.is_err(), "each token ends soon, by this clock");
}

#[tokio::test]
async fn an_access_token_that_was_under_way_when_a_person_signed_in_anew_is_not_used() {
    let (reports, _received) = mpsc::channel(32);
    let (_commands, commanded) = mpsc::channel(4);
    let mut config = config("http://localhost/");
    config.auth = Auth::OAuth2(Box::new(OAuth2 {
        grant: Grant::RefreshToken,
        token_url: "http://localhost/token".to_owned(),
        client_id: "me".to_owned(),
        secret: SecretSource::Keyring,
        client_secret: None,
        client_auth: ClientAuth::Basic,
        scope: None,
        audience: None,
    }));
    let subscription = Subscription {
        config: Arc::new(config),
        vault: Vault::memory(),
        cursor: String::new(),
        gate: HostGate::default(),
        comments: false,
        traffic: Arc::default(),
        reports,
    };
    let mut task = Task::new(subscription, commanded, CancellationToken::new());
    let fetched = || {
        let access = Access::new("of-the-old-person".into(), None, Timestamp::now());
        Ok(Fetched::Access(Granted { access, unsaved: None }))
    };
    task.refreshing = Some(Box::pin(std::future::pending()));
    task.secret_changed();
    assert!(task.refreshed(fetched()).await.is_ok());
    assert!(task.access.is_none());
    task.refreshing = Some(Box::pin(std::future::pending()));
    assert!(task.refreshed(fetched()).await.is_ok());
    assert!(task.access.is_some(), "the next one is");
}

#[tokio::test]
async fn a_task_that_is_to_end_reads_no_secret_any_more() {
    for (config, is_refused) in [(bearer("http://localhost/"), true), (config("http://localhost/"), false)] {
        let (reports, _received) = mpsc::channel(32);
        let (_commands, commanded) = mpsc::channel(4);
        let vault = vault("s3cret").await;
        let subscription = Subscription {
            config: Arc::new(config),
            vault: vault.clone(),
            cursor: String::new(),
            gate: HostGate::default(),
            comments: false,
            traffic: Arc::default(),
            reports,
        };
        let ending = CancellationToken::new();
        let task = Task::new(subscription, commanded, ending.clone());
        assert!(task.turn().await.is_ok());
        let changing = vault.change().await.unwrap();
        let waiting = tokio::spawn(task.turn());
        // It asked before it was to end.
        tokio::task::yield_now().await;
        assert_eq!(waiting.is_finished(), !is_refused, "what has secrets waits for its turn");
        ending.cancel();
        drop(changing);
        assert_eq!(waiting.await.unwrap().is_err(), is_refused);
    }
}

#[tokio::test]
async fn a_secret_file_that_was_rewritten_is_read_again_at_a_401() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let write = |text: &str| {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600).open(&path).unwrap().write_all(text.as_bytes())
    };
    write("old").unwrap();
    let mut server = Server::start(vec![refused(), Reply::Hold(stream(""))]).await;
    let mut config = config(&server.url);
    config.auth = Auth::Bearer { secret: SecretSource::File(path.clone()) };
    let mut run = Run::start(config);
    // The same secret is not tried twice.
    assert_eq!(run.ended().await.0, "needs-sign-in");
    assert!(server.request().await.contains("bearer old"));
    write("new").unwrap();
    run.commands.send(Command::Reconnect).await.unwrap();
    run.open().await;
    assert!(server.request().await.contains("bearer new"));
}
