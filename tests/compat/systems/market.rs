//! Express with JSON Web Tokens, alone and behind Apache.

use std::time::Duration;

use serde_json::Value;

use crate::programs::{Program, apache_server, node};
use crate::proxies::settings_of;
use crate::streambell::{Event, Streambell};
use crate::systems::ask;

const EVENT: &str = "market-alert";

/// A market whose tokens live for so many seconds.
async fn market(life: u16) -> Program {
    node("systems/market.mjs", &[0, life]).await
}

async fn login(server: &Program) -> String {
    let answer = ask(server.port(), "POST /api/login", &[], "").await;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

/// How the stream signs in, and where it gets new tokens.
fn signs_in(server: &Program, auth: &str) -> String {
    let refresh = server.url("/api/refresh-token");
    format!("auth = {{ {auth} }}\nrefresh = {{ url = \"{refresh}\", token = \"/token\" }}")
}

async fn stays_signed_in(auth: &str) {
    let server = market(3).await;
    let bell = Streambell::start_with_token(
        &server.url("/api/stream"),
        EVENT,
        &signs_in(&server, auth),
        &login(&server).await,
    )
    .await;
    // Three lives of a token: each ends the stream that it opened.
    let shown = bell.shown(12).await;
    assert!(shown.iter().all(|shown| shown.body.contains("BELL fell 5.00 %")), "{shown:?}");
    let events = bell.numbered(50).await;
    let alerts: Vec<&Event> = events.iter().filter(|event| event.data.contains("fell")).collect();
    assert!(alerts.iter().zip(&shown).all(|(alert, shown)| alert.id == shown.summary), "{shown:?}");
    let prices = events.iter().filter(|event| event.name == "price-update").count();
    assert_eq!((alerts[0].name.as_str(), prices + alerts.len()), ("market-alert", events.len()));
    assert!(bell.connections().await >= 3);
    let states = bell.printed("state");
    assert!(states.iter().all(|line| line["state"] != "needs-sign-in"), "{states:?}");
}

#[tokio::test]
async fn a_stream_outlives_its_tokens() {
    stays_signed_in(r#"kind = "bearer""#).await;
}

#[tokio::test]
async fn a_stream_outlives_its_tokens_also_where_they_are_in_the_address() {
    stays_signed_in(r#"kind = "query", name = "token""#).await;
}

#[tokio::test]
async fn a_token_that_ended_while_nobody_was_there_is_exchanged_after_its_403() {
    // A token says in whole seconds when it ends: one of a single second may have ended when it is made.
    let server = market(2).await;
    let token = login(&server).await;
    tokio::time::sleep(Duration::from_millis(3_100)).await;
    let refused = ask(server.port(), "GET /api/stream", &[&format!("Authorization: Bearer {token}")], "").await;
    assert!(refused.starts_with("HTTP/1.1 403") && refused.contains("jwt expired"), "{refused}");
    let stream = signs_in(&server, r#"kind = "bearer""#);
    let bell = Streambell::start_with_token(&server.url("/api/stream"), EVENT, &stream, &token).await;
    bell.shown(2).await;
}

#[tokio::test]
async fn a_forged_token_asks_for_a_sign_in_and_a_good_one_opens_the_stream() {
    let server = market(3_600).await;
    let good = login(&server).await;
    let forged = format!("{good}x");
    let stream = signs_in(&server, r#"kind = "bearer""#);
    let bell = Streambell::start_with_token(&server.url("/api/stream"), EVENT, &stream, &forged).await;
    let asked = bell.state("needs-sign-in").await;
    let message = asked["message"].as_str().unwrap();
    assert!(message.contains("403") && message.contains("invalid signature"), "{message}");
    bell.set_token(&good).await;
    bell.state("open").await;
}

#[tokio::test]
async fn no_token_asks_for_a_sign_in() {
    let server = market(3_600).await;
    let bell = Streambell::start(&server.url("/api/stream"), EVENT).await;
    let asked = bell.state("needs-sign-in").await;
    assert!(asked["message"].as_str().unwrap().contains("401"), "{asked}");
    let headers = ask(server.port(), "GET /api/stream", &[], "").await.to_lowercase();
    for name in ["access-control-allow-origin: https://dashboard.example.com", "content-security-policy: "] {
        assert!(headers.contains(name), "{headers}");
    }
}

/// The market behind an Apache with these settings, after so many alerts.
async fn behind_apache(settings: impl FnOnce(u16) -> String, alerts: usize) -> (Streambell, [Program; 2]) {
    let server = market(3_600).await;
    let proxy = apache_server(&settings(server.port())).await;
    let stream = signs_in(&server, r#"kind = "bearer""#);
    let bell = Streambell::start_with_token(&proxy.url("/api/stream"), EVENT, &stream, &login(&server).await).await;
    bell.shown(alerts).await;
    (bell, [server, proxy])
}

/// How long each price was on its way, in milliseconds.
fn delays(events: &[Event]) -> Vec<i64> {
    let delay = |event: &Event| {
        let data: Value = serde_json::from_str(&event.data).unwrap();
        let sent: jiff::Timestamp = data["at"].as_str()?.parse().unwrap();
        Some(event.at - sent.as_millisecond())
    };
    events.iter().filter_map(delay).collect()
}

#[tokio::test]
async fn alerts_come_at_once_through_an_apache_with_the_right_settings() {
    let right = |port| settings_of("apache", port).replace("/events", "/api/stream");
    let (bell, _programs) = behind_apache(right, 3).await;
    let delays = delays(&bell.numbered(10).await);
    assert!(delays.iter().all(|delay| *delay < 1_000), "{delays:?}");
}

#[tokio::test]
async fn alerts_come_late_through_an_apache_that_buffers_and_none_is_missing() {
    // mod_proxy_http itself hands on what it has when nothing more comes; a filter such as this one does not.
    let buffering = |port| {
        format!(
            "ExtFilterDefine fix mode=output cmd=\"/usr/bin/sed s/colour/color/\"\n\
             ProxyPass / http://127.0.0.1:{port}/\n<Location />\nSetOutputFilter fix\n</Location>"
        )
    };
    let (bell, _programs) = behind_apache(buffering, 1).await;
    let delays = delays(&bell.numbered(60).await);
    assert!(delays.iter().filter(|delay| **delay > 1_000).count() > 20, "{delays:?}");
}
