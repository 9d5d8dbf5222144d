//! OAuth 2: tokens for a client's secret, for refresh tokens that are taken once, and for a code on a page.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::json;
use streambell_engine::config::{
    Auth, ClientAuth, Config, Grant, Header, HeaderValue, OAuth2, SecretSource, StreamConfig,
};
use streambell_engine::connection::State;
use streambell_engine::engine::{EngineError, StreamEdit};
use streambell_engine::secrets::{Part, Secret, Vault};
use streambell_engine::snapshot::SignIn;
use streambell_tests::{Authorization, Exchange, Server, eventually};

use crate::setup::{Rig, stream};

fn oauth2(site: &Authorization, grant: Grant) -> OAuth2 {
    OAuth2 {
        grant,
        token_url: site.url("token"),
        client_id: "me".to_owned(),
        secret: SecretSource::Keyring,
        client_secret: None,
        client_auth: ClientAuth::Basic,
        scope: Some("read".to_owned()),
        audience: None,
    }
}

fn device(site: &Authorization) -> Grant {
    Grant::Device { device_url: site.url("device") }
}

fn market(server: &Server, settings: OAuth2) -> StreamConfig {
    StreamConfig { auth: Auth::OAuth2(Box::new(settings)), ..stream("market", &server.url("/")) }
}

async fn rig(stream: StreamConfig, secret: Option<&str>) -> Rig {
    let vault = Vault::memory();
    if let Some(secret) = secret {
        vault.set("market", &Secret::from(secret)).await.unwrap();
    }
    let config = Config { streams: vec![stream.into()], ..Config::default() };
    Rig::start_in(tempfile::tempdir().unwrap(), config, vault, false)
}

fn token_of(exchange: &Exchange) -> &str {
    exchange.header("authorization").unwrap().strip_prefix("Bearer ").unwrap()
}

async fn held(vault: &Vault, account: &str) -> Option<String> {
    vault.get(account).await.unwrap().map(|secret| secret.expose_secret().to_owned())
}

async fn asks_for_sign_in(rig: &Rig) -> String {
    let asking = |state: &State| matches!(state, State::NeedsSignIn { .. });
    let snapshot = rig.snapshot("a question", |snapshot| asking(&snapshot.streams[0].state)).await;
    snapshot.streams[0].state.message().to_owned()
}

#[tokio::test]
async fn a_stream_that_is_added_with_its_secret_connects_once_and_with_it() {
    let server = Server::start().await;
    let rig = Rig::start_with_file("version = 1\n");
    let auth = Auth::Bearer { secret: SecretSource::Keyring };
    let edit = StreamEdit::new(None, StreamConfig { auth, ..stream("market", &server.url("/")) });
    rig.engine.edit_stream(StreamEdit { typed: Some("s3cret".to_owned().into()).into(), ..edit }).await.unwrap();
    let mut exchange = server.open().await;
    assert_eq!(token_of(&exchange), "s3cret");
    exchange.event("price-update", "1", "{}").await;
    rig.stored(1).await;
    let uptimes = rig.engine.uptimes().await;
    assert_eq!(uptimes[0].last, None);
    assert!(uptimes[0].share.is_none_or(|share| share >= 1.0), "{uptimes:?}");
}

#[tokio::test]
async fn a_client_signs_in_with_its_secret_in_both_ways() {
    for client_auth in [ClientAuth::Basic, ClientAuth::Body] {
        let (site, server) = (Authorization::start().await, Server::start().await);
        let settings = OAuth2 { client_auth, ..oauth2(&site, Grant::ClientCredentials) };
        let rig = rig(market(&server, settings), Some("client-s3cret")).await;
        let mut exchange = server.open().await;
        assert_eq!(token_of(&exchange), "access-1");
        exchange.event("price-update", "1", "{}").await;
        rig.stored(1).await;
        let asked = site.asked();
        assert_eq!(asked[0].fields["scope"], "read");
        assert_eq!(asked[0].basic.is_some(), client_auth == ClientAuth::Basic);
        assert_eq!(asked[0].fields.contains_key("client_secret"), client_auth == ClientAuth::Body);
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_taken_once_is_replaced_in_the_vault_and_survives_a_restart() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    let settings = market(&server, oauth2(&site, Grant::RefreshToken));
    let rig = rig(settings.clone(), Some("refresh-0")).await;
    let exchange = server.open().await;
    assert_eq!(token_of(&exchange), "access-1");
    // Stored before the token was used.
    assert_eq!(held(&rig.vault, "market").await.as_deref(), Some("refresh-1"));
    // The access token is kept while it is good.
    drop(exchange);
    let exchange = server.open().await;
    assert_eq!(token_of(&exchange), "access-1");
    drop(exchange);
    let rig = rig.restart(Config { streams: vec![settings.into()], ..Config::default() }).await;
    let mut exchange = server.open().await;
    while token_of(&exchange) == "access-1" {
        // The engine before had come back once more.
        exchange = server.open().await;
    }
    assert_eq!(token_of(&exchange), "access-2");
    assert_eq!(held(&rig.vault, "market").await.as_deref(), Some("refresh-2"));
}

#[tokio::test]
async fn a_token_that_the_server_refuses_is_replaced_once_and_then_a_person_is_asked() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    let rig = rig(market(&server, oauth2(&site, Grant::RefreshToken)), Some("refresh-0")).await;
    let mut exchange = server.open().await;
    exchange.event("price-update", "1", "{}").await;
    rig.stored(1).await;
    drop(exchange);
    server.request().await.answer(401, &[], "").await;
    let second = server.request().await;
    assert_eq!(token_of(&second), "access-2");
    second.answer(401, &[], "").await;
    asks_for_sign_in(&rig).await;
    assert_eq!(site.asked().len(), 2);
}

#[tokio::test]
async fn a_token_is_renewed_before_its_end_while_the_stream_goes_on_and_its_end_is_shown() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.live_for(4);
    let rig = rig(market(&server, oauth2(&site, Grant::RefreshToken)), Some("refresh-0")).await;
    let mut exchange = server.open().await;
    let snapshot = rig.snapshot("a token's end", |snapshot| snapshot.streams[0].token.expires_at.is_some()).await;
    let (end, renewal) = (snapshot.streams[0].token.expires_at.unwrap(), snapshot.streams[0].token.renews_at.unwrap());
    assert!(renewal < end && end <= Timestamp::now() + Duration::from_secs(4), "{renewal} {end}");
    eventually("a renewal", async || (site.asked().len() >= 2).then_some(())).await;
    exchange.event("price-update", "1", "{}").await;
    rig.stored(1).await;
    drop(exchange);
    assert_ne!(token_of(&server.open().await), "access-1");
}

#[tokio::test]
async fn a_token_that_names_its_own_end_shows_it_and_nothing_else_that_it_says() {
    let server = Server::start().await;
    let claims = r#"{"exp":4102444800,"sub":"claim-s3cret"}"#;
    let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
    let auth = Auth::Bearer { secret: SecretSource::Keyring };
    let rig = rig(StreamConfig { auth, ..stream("market", &server.url("/")) }, Some(&token)).await;
    let _exchange = server.open().await;
    let snapshot = rig.snapshot("a token's end", |snapshot| snapshot.streams[0].token.expires_at.is_some()).await;
    let token = snapshot.streams[0].token;
    assert_eq!((token.expires_at, token.renews_at), (Timestamp::from_second(4_102_444_800).ok(), None));
    assert!(!format!("{snapshot:?}").contains("claim-s3cret"));
}

#[tokio::test]
async fn a_sign_in_that_was_revoked_asks_and_a_new_token_mends_it() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.revoke();
    let rig = rig(market(&server, oauth2(&site, Grant::RefreshToken)), Some("refresh-0")).await;
    let message = asks_for_sign_in(&rig).await;
    assert_eq!(message, "the sign-in is over, sign in again: the authorization server answers invalid_grant: no");
    site.accept("refresh-typed");
    rig.vault.set("market", &Secret::from("refresh-typed")).await.unwrap();
    rig.engine.reconnect(None).await.unwrap();
    assert_eq!(token_of(&server.open().await), "access-1");
}

#[tokio::test]
async fn an_authorization_server_that_is_busy_is_asked_again_with_back_off() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    for _ in 0..4 {
        site.refuse(503, json!({}));
    }
    let rig = rig(market(&server, oauth2(&site, Grant::RefreshToken)), Some("refresh-0")).await;
    let mut states = rig.engine.states();
    let wait = loop {
        if let (_, State::Waiting(wait)) = states.recv().await.unwrap() {
            break wait;
        }
    };
    assert!(wait.message.english.starts_with("the authorization server answers 503"), "{}", wait.message);
    assert_eq!(token_of(&server.open().await), "access-1");
    assert_eq!(site.asked().len(), 5);
}

#[tokio::test]
async fn an_answer_that_is_no_token_is_said_without_being_shown() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.refuse(200, json!({ "access_tokn": "s3cret-in-a-wrong-place" }));
    let rig = rig(market(&server, oauth2(&site, Grant::RefreshToken)), Some("refresh-0")).await;
    let message = asks_for_sign_in(&rig).await;
    assert_eq!(message, "the authorization server's answer is none that OAuth 2 knows");
}

#[tokio::test]
async fn a_person_signs_in_with_a_code_and_the_stream_goes_on_by_itself() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.answer_with(&["authorization_pending", "slow_down"]);
    let rig = rig(market(&server, oauth2(&site, device(&site))), None).await;
    let message = asks_for_sign_in(&rig).await;
    assert!(message.contains("streambell token login market"), "{message}");
    let code = rig.engine.sign_in("market".to_owned()).await.unwrap();
    assert_eq!((code.code.as_str(), code.url), ("WDJB-MJHT", site.url("activate")));
    rig.snapshot("the code", |snapshot| matches!(snapshot.streams[0].sign_in, Some(SignIn::Code(_)))).await;
    let mut exchange = server.open().await;
    // The sign-in's own token is not used: its refresh token is.
    assert_eq!(token_of(&exchange), "access-2");
    exchange.event("price-update", "1", "{}").await;
    rig.stored(1).await;
    rig.snapshot("no more code", |snapshot| snapshot.streams[0].sign_in.is_none()).await;
    assert_eq!(held(&rig.vault, "market").await.as_deref(), Some("refresh-2"));
    assert_eq!(site.asked().len(), 4);
}

#[tokio::test]
async fn a_sign_in_that_brings_no_refresh_token_keeps_its_access_token_and_asks_again_when_that_is_refused() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.give_no_refresh_token();
    let rig = rig(market(&server, oauth2(&site, device(&site))), None).await;
    asks_for_sign_in(&rig).await;
    rig.engine.sign_in("market".to_owned()).await.unwrap();
    let exchange = server.open().await;
    assert_eq!(token_of(&exchange), "access-1");
    assert_eq!(held(&rig.vault, &Part::AccessToken.account("market")).await.as_deref(), Some("access-1"));
    drop(exchange);
    server.request().await.answer(401, &[], "").await;
    asks_for_sign_in(&rig).await;
}

#[tokio::test]
async fn a_sign_in_that_was_refused_or_took_too_long_says_so_and_stores_nothing() {
    for (error, wanted) in [
        ("access_denied", "the sign-in was refused on the page"),
        ("expired_token", "nobody typed the code in time: begin anew"),
    ] {
        let (site, server) = (Authorization::start().await, Server::start().await);
        site.answer_with(&["authorization_pending", error]);
        let rig = rig(market(&server, oauth2(&site, device(&site))), None).await;
        rig.engine.sign_in("market".to_owned()).await.unwrap();
        let failed = |sign_in: &Option<SignIn>| matches!(sign_in, Some(SignIn::Failed(_)));
        let snapshot = rig.snapshot("an end", |snapshot| failed(&snapshot.streams[0].sign_in)).await;
        let told = &snapshot.streams[0].sign_in;
        assert!(matches!(told, Some(SignIn::Failed(message)) if message.english == wanted), "{told:?}");
        assert_eq!(held(&rig.vault, "market").await, None);
    }
}

#[tokio::test]
async fn a_sign_in_that_is_cancelled_asks_no_more_and_shows_no_more() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.answer_with(&["authorization_pending"; 100]);
    let rig = rig(market(&server, oauth2(&site, device(&site))), None).await;
    rig.engine.sign_in("market".to_owned()).await.unwrap();
    rig.snapshot("the code", |snapshot| matches!(snapshot.streams[0].sign_in, Some(SignIn::Code(_)))).await;
    rig.engine.cancel_sign_in("market".to_owned()).await;
    rig.snapshot("no more code", |snapshot| snapshot.streams[0].sign_in.is_none()).await;
    let asked = site.asked().len();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(site.asked().len(), asked);
}

#[tokio::test]
async fn a_stream_that_signs_in_otherwise_has_no_code() {
    let server = Server::start().await;
    let rig = rig(stream("market", &server.url("/")), None).await;
    assert!(matches!(rig.engine.sign_in("market".to_owned()).await, Err(EngineError::Invalid(_))));
    assert!(matches!(rig.engine.sign_in("other".to_owned()).await, Err(EngineError::NoStream(_))));
}

#[tokio::test]
async fn a_trial_does_not_spend_the_refresh_token() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    let settings = market(&server, oauth2(&site, Grant::RefreshToken));
    let rig = rig(StreamConfig { enabled: false, ..settings.clone() }, Some("refresh-0")).await;
    let trial = rig.engine.try_stream(Some("market".to_owned()), settings, None).await;
    assert!(!trial.ok && trial.message.english.contains("would spend"), "{trial:?}");
    assert!(site.asked().is_empty());
}

#[tokio::test]
async fn a_trial_signs_in_with_the_clients_secret_and_the_secrets_of_headers() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    let value = HeaderValue::Secret(SecretSource::Keyring);
    let settings = StreamConfig {
        headers: vec![Header { name: "X-Key".to_owned(), value }],
        ..market(&server, oauth2(&site, Grant::ClientCredentials))
    };
    let rig = rig(StreamConfig { enabled: false, ..settings.clone() }, Some("client-s3cret")).await;
    rig.vault.set(&Part::Header("X-Key").account("market"), &Secret::from("of-the-header")).await.unwrap();
    let answering = async {
        let exchange = server.open().await;
        assert_eq!((token_of(&exchange), exchange.header("x-key")), ("access-1", Some("of-the-header")));
        exchange
    };
    let trying = rig.engine.try_stream(Some("market".to_owned()), settings, None);
    let (trial, _exchange) = tokio::join!(trying, answering);
    assert!(trial.ok, "{trial:?}");
}

#[tokio::test]
async fn a_changed_authorization_server_does_not_get_what_the_old_one_gave() {
    let (site, evil, server) = (Authorization::start().await, Authorization::start().await, Server::start().await);
    let text = |site: &Authorization| {
        format!(
            "[[stream]]\nname = \"market\"\nurl = \"{}\"\nretry = \"20ms\"\nauth = {{ kind = \"oauth2\", grant = \
             \"refresh-token\", token_url = \"{}\", client_id = \"me\" }}\n",
            server.url("/"),
            site.url("token")
        )
    };
    let rig = Rig::start_with_file(&text(&site));
    rig.vault.set("market", &Secret::from("refresh-0")).await.unwrap();
    let moved = streambell_engine::config::parse(&text(&evil)).unwrap().streams.remove(0);
    let saved = |secret| rig.engine.save_stream(Some("market".to_owned()), StreamConfig::clone(&moved), secret);
    let refused = saved(None).await;
    assert!(matches!(refused, Err(EngineError::Invalid(message)) if message.english.contains("type its token again")));
    assert!(evil.asked().is_empty());
    saved(Some(Secret::from("refresh-0"))).await.unwrap();
    eventually("a question to the new server", async || (evil.asked().len() == 1).then_some(())).await;
}

#[tokio::test]
async fn a_moved_sign_in_is_forgotten() {
    let (site, evil, server) = (Authorization::start().await, Authorization::start().await, Server::start().await);
    let text = |site: &Authorization| {
        format!(
            "[[stream]]\nname = \"market\"\nurl = \"{}\"\nauth = {{ kind = \"oauth2\", grant = \"device\", token_url = \
             \"{}\", device_url = \"{}\", client_id = \"me\" }}\n",
            server.url("/"),
            site.url("token"),
            site.url("device")
        )
    };
    let rig = Rig::start_with_file(&text(&site));
    rig.vault.set("market", &Secret::from("refresh-0")).await.unwrap();
    // One that waits for its person would bring the old server's token for the new one.
    site.answer_with(&["authorization_pending"; 100]);
    rig.engine.sign_in("market".to_owned()).await.unwrap();
    rig.snapshot("the code", |snapshot| matches!(snapshot.streams[0].sign_in, Some(SignIn::Code(_)))).await;
    let moved = streambell_engine::config::parse(&text(&evil)).unwrap().streams.remove(0);
    rig.engine.save_stream(Some("market".to_owned()), StreamConfig::clone(&moved), None).await.unwrap();
    assert_eq!(held(&rig.vault, "market").await, None);
    rig.snapshot("no more code", |snapshot| snapshot.streams[0].sign_in.is_none()).await;
    asks_for_sign_in(&rig).await;
    assert!(evil.asked().is_empty());
}

#[tokio::test]
async fn the_secret_of_a_header_that_is_gone_is_gone_too() {
    let server = Server::start().await;
    let text = |headers: &str| format!("[[stream]]\nname = \"market\"\nurl = \"{}\"\n{headers}", server.url("/"));
    let rig = Rig::start_with_file(&text("headers = { X-Key = { keyring = true }, X-Other = { keyring = true } }"));
    let account = |header| Part::Header(header).account("market");
    for header in ["X-Key", "X-Other"] {
        rig.vault.set(&account(header), &Secret::from("s3cret")).await.unwrap();
    }
    let left = streambell_engine::config::parse(&text("headers = { X-Other = { keyring = true } }")).unwrap();
    let stream = StreamConfig::clone(&left.streams[0]);
    rig.engine.save_stream(Some("market".to_owned()), stream, None).await.unwrap();
    assert_eq!(held(&rig.vault, &account("X-Key")).await, None);
    assert_eq!(held(&rig.vault, &account("X-Other")).await.as_deref(), Some("s3cret"));
}

#[tokio::test]
async fn no_token_is_in_a_file_a_snapshot_or_an_error() {
    let (site, server) = (Authorization::start().await, Server::start().await);
    site.live_for(600);
    let rig = rig(market(&server, oauth2(&site, device(&site))), None).await;
    rig.engine.sign_in("market".to_owned()).await.unwrap();
    let mut exchange = server.open().await;
    exchange.event("price-update", "1", "{}").await;
    rig.stored(1).await;
    let shown = format!("{:?}", rig.engine.snapshots().borrow());
    site.refuse(400, json!({ "error": "invalid_request", "error_description": "refresh-2 is no good" }));
    drop(exchange);
    server.request().await.answer(401, &[], "").await;
    let message = asks_for_sign_in(&rig).await;
    assert!(message.ends_with("invalid_request: *** is no good"), "{message}");
    rig.engine.stop().await;
    for secret in ["access-1", "access-2", "refresh-1", "refresh-2", "device-s3cret"] {
        assert!(!shown.contains(secret) && !holds(rig.folder.path(), secret), "{secret}");
    }
}

fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, text);
        }
        std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
    })
}
