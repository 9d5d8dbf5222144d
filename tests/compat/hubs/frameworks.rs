//! Spring's `SseEmitter` and sse-starlette, byte for byte as they write.

use streambell_tests::Server;
use streambell_tests::rig::ids;

use super::{data, filled, rig};

#[tokio::test]
async fn spring_writes_no_space_and_ends_its_responses() {
    let server = Server::start().await;
    let rig = rig(filled("spring", &server, &[("path", "stock/ACME")], None)).await;
    let mut first = server.request().await;
    assert_eq!((first.path.as_str(), first.header("authorization")), ("/stock/ACME", Some("Bearer s3cret")));
    let head = "HTTP/1.1 200 \r\nContent-Type: text/event-stream;charset=UTF-8\r\nTransfer-Encoding: chunked\r\n\r\n";
    first.send(head).await;
    first.send("19\r\nevent:price\nid:1\ndata:64\n\r\n1\r\n\n\r\n").await;
    rig.stored(1).await;
    // The async timeout: a clean end.
    first.send("0\r\n\r\n").await;
    let mut second = server.open().await;
    assert_eq!(second.header("last-event-id"), Some("1"));
    second.send("event:price\nid:2\ndata:65\n\n").await;
    let events = rig.stored(2).await;
    assert_eq!((ids(&events), data(&events)), (vec!["1", "2"], vec!["64", "65"]));
}

#[tokio::test]
async fn sse_starlette_ends_lines_with_both_and_pings_in_comments() {
    let server = Server::start().await;
    let rig = rig(filled("sse-starlette", &server, &[("path", "events")], None)).await;
    let mut first = server.open().await;
    first.send(": ping - 2026-11-20 09:30:00.123456+00:00\r\n\r\n").await;
    first.send("id: 1\r\nevent: update\r\ndata: line 1\r\ndata: line 2\r\nretry: 250\r\n\r\n").await;
    first.send(": ping - 2026-11-20 09:30:15.123456+00:00\r\n\r\n").await;
    assert_eq!(data(&rig.stored(1).await), ["line 1\nline 2"]);
    drop(first);
    assert_eq!(server.open().await.header("last-event-id"), Some("1"));
}
