//! Express behind nginx, with the settings of the README and with wrong ones.

use std::time::Duration;

use serde_json::Value;

use crate::programs::{Program, nginx, nginx_server, node};
use crate::proxies::settings_of;
use crate::streambell::{Event, Streambell};

/// A message each so many milliseconds, and a heartbeat.
async fn express(every: u16, heartbeat: u16) -> Program {
    node("systems/express.mjs", &[0, every, heartbeat]).await
}

/// How long each was on its way, in milliseconds.
fn delays(events: &[Event]) -> Vec<i64> {
    let sent = |event: &Event| serde_json::from_str::<Value>(&event.data).unwrap()["at"].as_i64().unwrap();
    events.iter().map(|event| event.at - sent(event)).collect()
}

#[tokio::test]
async fn a_message_a_second_comes_at_once_through_an_nginx_with_the_right_settings() {
    let server = express(1_000, 300).await;
    let proxy = nginx_server("", &settings_of("nginx", server.port())).await;
    let bell = Streambell::start(&proxy.url("/events"), "message").await;
    let shown = bell.shown(4).await;
    let apart: Vec<_> = shown.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    assert!(apart.iter().all(|apart| *apart > Duration::from_millis(200)), "{apart:?}");
    let delays = delays(&bell.numbered(4).await);
    assert!(delays.iter().all(|delay| *delay < 900), "{delays:?}");
    assert_eq!(bell.connections().await, 1);
}

#[tokio::test]
async fn messages_come_late_and_in_clumps_through_an_nginx_that_was_told_nothing_and_none_is_missing() {
    let server = express(50, 15_000).await;
    // It buffers, and speaks HTTP/1.0 with the server: without chunks it waits for a whole buffer. Smaller ones than by
    // default, to be quicker.
    let buffers = "proxy_buffer_size 1k; proxy_buffers 2 1k; proxy_busy_buffers_size 1k;";
    let pass = format!("proxy_pass http://127.0.0.1:{};", server.port());
    let proxy = nginx_server("", &format!("location / {{ {pass} {buffers} }}")).await;
    let bell = Streambell::start(&proxy.url("/events"), "message").await;
    let events = bell.numbered(60).await;
    let delays = delays(&events);
    assert!(delays.iter().filter(|delay| **delay > 250).count() > 20, "{delays:?}");
    let clumps = 1 + events.windows(2).filter(|pair| pair[1].at - pair[0].at > 250).count();
    assert!(clumps < events.len() / 8, "{clumps} clumps of {}", events.len());
    bell.shown(1).await;
}

#[tokio::test]
async fn a_stream_that_nginx_cuts_between_two_messages_goes_on_where_it_was_and_heartbeats_prevent_it() {
    let cut = async |heartbeat| {
        let server = express(2_500, heartbeat).await;
        let proxy = nginx(server.port(), "", "", "proxy_buffering off; proxy_read_timeout 2s;").await;
        let bell = Streambell::start(&proxy.url("/events"), "message").await;
        let shown = bell.shown(4).await;
        let titles: Vec<_> = shown.iter().map(|shown| shown.summary.clone()).collect();
        let ids: Vec<_> = bell.numbered(4).await.into_iter().map(|event| event.id).collect();
        assert_eq!(titles, ids[..titles.len()]);
        bell.connections().await
    };
    let (with_heartbeats, without) = tokio::join!(cut(500), cut(60_000));
    assert_eq!(with_heartbeats, 1);
    assert!(without >= 4, "{without} connections");
}
