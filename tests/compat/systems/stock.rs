//! Spring's `SseEmitter` behind nginx.

use serde_json::Value;
use streambell_tests::eventually;

use crate::programs::{Program, java, nginx_server};
use crate::proxies::settings_of;
use crate::streambell::Streambell;
use crate::systems::ask;

/// Spring that ends each response after so many milliseconds, and nginx with `/codeTest` for its `/test`.
async fn spring(timeout: u32) -> (Program, Program) {
    let server = java("systems/StockServer.java", &[&format!("timeout={timeout}")], 0).await;
    let settings = settings_of("nginx", server.port());
    let pass = format!("proxy_pass http://127.0.0.1:{};", server.port());
    assert!(settings.contains(&pass), "{settings}");
    let settings = settings.replace("/events", "/codeTest").replace(&pass, &pass.replace(';', "/test;"));
    let proxy = nginx_server("", &settings).await;
    (server, proxy)
}

#[tokio::test]
async fn answers_that_time_out_before_the_first_price_are_waited_out() {
    // A price comes each second, so that many an answer ends without one.
    let (server, _proxy) = spring(600).await;
    let bell = Streambell::start(&server.url("/test/stock"), "stock").await;
    eventually("an empty answer", async || {
        let empty =
            |line: &Value| line["message"].as_str().is_some_and(|text| text.contains("before it sent anything"));
        bell.printed("state").iter().any(empty).then_some(())
    })
    .await;
    bell.numbered(2).await;
}

#[tokio::test]
async fn prices_of_a_spring_emitter_go_on_where_its_timeout_ended_the_response() {
    let (server, proxy) = spring(2_500).await;
    let bell = Streambell::start(&proxy.url("/codeTest/stock"), "stock").await;
    let shown = bell.shown(8).await;
    let events = bell.numbered(8).await;
    for (shown, event) in shown.iter().zip(&events) {
        assert_eq!((&shown.summary, &shown.body), (&event.id, &event.data));
    }
    assert!(bell.connections().await >= 3);
    let ends = bell.printed("state").into_iter().filter(|line| line["state"] == "waiting");
    assert!(ends.into_iter().all(|line| line["message"].as_str().unwrap().contains("the server ended the stream")));

    // As Spring writes them: no space after the colon.
    let raw = ask(server.port(), "GET /test/stock", &["Last-Event-ID: 1"], "").await;
    assert!(raw.contains("id:2\nevent:stock\ndata:1001\n\n"), "{raw}");
}
