//! The embedded market, as a client sees it.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use futures_util::StreamExt;
use reqwest::{Client, Response, StatusCode};
use secrecy::ExposeSecret;

use super::*;
use crate::sse::{Decoder, Options, Parsed};

const HOUR: Duration = Duration::from_secs(3600);

/// Fast, and nothing by itself.
fn options() -> DemoOptions {
    DemoOptions {
        price_every: Duration::from_millis(1),
        first_alert: HOUR,
        alert_every: HOUR..HOUR,
        drop_every: HOUR..HOUR,
        ..DemoOptions::default()
    }
}

async fn connect(demo: &Demo, token: &Secret, last_event_id: &str) -> Response {
    let mut request = Client::new().get(demo.url()).bearer_auth(token.expose_secret());
    if !last_event_id.is_empty() {
        request = request.header("Last-Event-ID", last_event_id);
    }
    request.send().await.unwrap()
}

/// What comes until `enough` says so or the connection ends, and the cursor then.
async fn receive(response: Response, cursor: &str, enough: impl Fn(&[Parsed]) -> bool) -> (Vec<Parsed>, String) {
    let mut decoder = Decoder::new(cursor, Options { max_event: 1 << 20, strict: false, comments: true });
    let mut body = response.bytes_stream();
    let mut out = Vec::new();
    while let Some(Ok(bytes)) = body.next().await
        && !enough(&out)
    {
        decoder.feed(&bytes, &mut out);
    }
    (out, decoder.cursor().to_owned())
}

fn named(items: &[Parsed], wanted: &str) -> Vec<serde_json::Value> {
    let data = |item: &Parsed| match item {
        Parsed::Event { name, data, .. } if name == wanted => Some(serde_json::from_str(data).unwrap()),
        Parsed::Event { .. } | Parsed::Id(_) | Parsed::Retry(_) | Parsed::Comment(_) | Parsed::Skipped { .. } => None,
    };
    items.iter().filter_map(data).collect()
}

fn own_ids(items: &[Parsed]) -> impl Iterator<Item = String> {
    items.iter().filter_map(|item| match item {
        Parsed::Event { id, id_is_own, .. } => id_is_own.then(|| id.clone()),
        Parsed::Id(_) | Parsed::Retry(_) | Parsed::Comment(_) | Parsed::Skipped { .. } => None,
    })
}

#[tokio::test]
async fn a_client_gets_all_kinds_of_events() {
    let fast = Duration::from_millis(10);
    let options = DemoOptions {
        first_alert: fast,
        alert_every: fast..fast,
        heartbeat_every: fast,
        time_every: fast,
        ..options()
    };
    let demo = start(CancellationToken::new(), options).await.unwrap();
    let response = connect(&demo, &demo.first_token(), "").await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let symbols = |items: &[Parsed]| -> BTreeSet<String> {
        named(items, "price-update").iter().map(|data| data["symbol"].as_str().unwrap().to_owned()).collect()
    };
    let (items, _) = receive(response, "", |items| {
        symbols(items).len() == 8
            && !named(items, "market-alert").is_empty()
            && named(items, "server-time").len() > 1
            && items.contains(&Parsed::Comment(" heartbeat".to_owned()))
    })
    .await;
    assert!(items.contains(&Parsed::Retry(Duration::from_secs(2))));
    let price = &named(&items, "price-update")[0];
    assert!(price["price"].is_f64() && price["change_pct"].is_f64() && price["at"].is_string(), "{price}");
    let alert = &named(&items, "market-alert")[0];
    assert!(alert["change_pct"].as_f64().unwrap().abs() >= 3.0, "{alert}");
    assert!(alert["message"].as_str().unwrap().starts_with(alert["symbol"].as_str().unwrap()), "{alert}");
    assert!(["warning", "critical"].contains(&alert["severity"].as_str().unwrap()), "{alert}");
    let page = reqwest::get(alert["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_client_that_is_dropped_again_and_again_misses_nothing_and_gets_nothing_twice() {
    let life = Duration::from_millis(5)..Duration::from_millis(40);
    let demo = start(CancellationToken::new(), DemoOptions { drop_every: life, ..options() }).await.unwrap();
    let (mut cursor, mut numbers, mut connections) = (String::new(), Vec::new(), 0);
    while numbers.len() < 500 {
        let (items, after) = receive(connect(&demo, &demo.first_token(), &cursor).await, &cursor, |_| false).await;
        numbers.extend(own_ids(&items).map(|id| id.rsplit_once('-').unwrap().1.parse::<u64>().unwrap()));
        cursor = after;
        connections += 1;
    }
    let first = numbers[0];
    assert_eq!(numbers, (first..first + numbers.len() as u64).collect::<Vec<_>>());
    assert!(connections > 2, "{connections}");
}

#[tokio::test]
async fn a_bad_token_is_refused_everywhere() {
    let demo = start(CancellationToken::new(), options()).await.unwrap();
    let refresh = crate::config::parse(&demo.config_text()).unwrap().streams[0].refresh.clone().unwrap().url;
    let bad = Secret::from("bad");
    assert_eq!(connect(&demo, &bad, "").await.status(), StatusCode::UNAUTHORIZED);
    let client = Client::new();
    assert_eq!(client.get(demo.url()).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(client.post(&refresh).bearer_auth("bad").send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(client.post(&refresh).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_expired_token_is_refused_and_exchanged_for_a_new_one() {
    let demo = start(CancellationToken::new(), DemoOptions { token_life: Duration::ZERO, ..options() }).await.unwrap();
    let old = demo.first_token();
    assert_eq!(connect(&demo, &old, "").await.status(), StatusCode::UNAUTHORIZED);
    let refresh = crate::config::parse(&demo.config_text()).unwrap().streams[0].refresh.clone().unwrap().url;
    let answer = Client::new().post(refresh).bearer_auth(old.expose_secret()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let answer: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_ne!(answer["token"].as_str().unwrap(), old.expose_secret());
}

#[tokio::test]
async fn shutdown_ends_open_streams_and_the_server() {
    let shutdown = CancellationToken::new();
    let mut demo = start(shutdown.clone(), options()).await.unwrap();
    let response = connect(&demo, &demo.first_token(), "").await;
    shutdown.cancel();
    receive(response, "", |_| false).await;
    while demo._tasks.join_next().await.is_some() {}
    assert!(Client::new().get(demo.url()).send().await.is_err());
}

#[tokio::test]
async fn the_demo_profile_is_complete() {
    let demo = start(CancellationToken::new(), options()).await.unwrap();
    let config = crate::config::parse(&demo.config_text()).unwrap();
    assert_eq!(config.streams[0].name.as_str(), STREAM);
    assert_eq!(config.streams[0].auth.secret(), Some(&crate::config::SecretSource::Keyring));
    assert!(crate::rules::Rules::compile(&config.rules).is_ok());
    assert!(!format!("{demo:?}").contains(demo.first_token().expose_secret()));
}
