//! Coming back: after ends, failures, silence and on demand (9.2.3; `waiting`, `--idle-timeout` and SIGHUP).

use std::time::{Duration, Instant};

use streambell_tests::{Server, Tail};

use crate::{assert_first_delay, event, message};

const MS: fn(u64) -> Duration = Duration::from_millis;

#[tokio::test]
async fn a_clean_end_is_reported_waited_for_and_followed_by_a_new_connection() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url, "--retry", "50ms"]);
    for n in ["1", "2", "3"] {
        server.open().await.event("x", n, "a").await;
        tail.next("open").await;
        tail.expect(&event("x", "a", n)).await;
        assert_first_delay(tail.waiting("end-of-stream").await, MS(50));
    }
}

#[tokio::test]
async fn a_server_that_refuses_is_found_again_when_it_listens() {
    let server = Server::start().await;
    let url = server.url("/");
    let refusing = server.refuse();
    let mut tail = Tail::start(&[&url, "--retry", "50ms"]);
    assert_first_delay(tail.waiting("network").await, MS(50));
    let server = refusing.listen_again();
    server.open().await.send("data: a\n\n").await;
    let mut lines = tail.until("open").await;
    lines.pop();
    assert!(lines.iter().all(|line| line["type"] == "waiting"), "{lines:?}");
    tail.expect(&message("a")).await;
}

#[tokio::test]
async fn a_name_that_is_not_known_is_tried_again() {
    let mut tail = Tail::start(&["http://no-such-host.invalid/", "--retry", "10ms", "--strict"]);
    tail.waiting("network").await;
    tail.waiting("network").await;
}

#[tokio::test]
async fn a_reset_in_the_middle_of_an_event_is_tried_again_and_the_event_dropped() {
    for strict in [false, true] {
        let server = Server::start().await;
        let url = server.url("/");
        let arguments = [&url, "--retry", "10ms", "--strict"];
        let mut tail = Tail::start(&arguments[..if strict { 4 } else { 3 }]);
        let mut exchange = server.open().await;
        exchange.send("id: 1\ndata: a\n\nid: 2\ndata: b\n").await;
        tail.next("open").await;
        tail.expect(&event("message", "a", "1")).await;
        exchange.reset();
        tail.waiting("network").await;
        let mut exchange = server.open().await;
        assert_eq!(exchange.header("last-event-id"), Some("1"));
        exchange.send("data: c\n\n").await;
        tail.next("open").await;
        tail.expect(&event("message", "c", "1")).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_closed_without_an_answer_is_tried_again() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url, "--retry", "10ms"]);
    drop(server.request().await);
    tail.waiting("network").await;
    server.request().await.reset();
    tail.waiting("network").await;
    server.open().await.send("data: a\n\n").await;
    tail.next("open").await;
    tail.next("event").await;
}

#[tokio::test]
async fn without_a_byte_for_the_idle_timeout_it_reconnects() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url, "--retry", "10ms", "--idle-timeout", "400ms"]);
    let mut silent = server.open().await;
    tail.next("open").await;
    let opened = Instant::now();
    tail.waiting("idle").await;
    let waited = opened.elapsed();
    assert!(waited >= MS(350) && waited < MS(1_200), "{waited:?}");
    silent.closed().await;
    let mut exchange = server.open().await;
    tail.next("open").await;
    exchange.send("id: 7\ndata: a\n\n").await;
    tail.next("event").await;
    tail.waiting("idle").await;
    assert_eq!(server.request().await.header("last-event-id"), Some("7"));
}

#[tokio::test]
async fn comments_blank_lines_and_parts_of_lines_count_as_bytes() {
    for beat in [": ping\n", "\n", "data: x\n", "da", "x"] {
        let server = Server::start().await;
        let url = server.url("/");
        let mut tail = Tail::start(&[&url, "--idle-timeout", "500ms"]);
        let mut exchange = server.open().await;
        tail.next("open").await;
        for _ in 0..6 {
            tokio::time::sleep(MS(200)).await;
            exchange.send(beat).await;
        }
        exchange.send("\n\ndata: end\n\n").await;
        let line = tail.line().await;
        assert_eq!(line["type"], "event", "a heartbeat of {beat:?} does not keep the stream: {line}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_given_up_after_the_idle_timeout() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url, "--retry", "10ms", "--idle-timeout", "300ms"]);
    let _silent = server.request().await;
    let line = tail.next("waiting").await;
    assert!(line["reason"] == "idle" || line["reason"] == "network", "{line}");
    server.open().await;
}

#[tokio::test]
async fn an_idle_timeout_of_0_is_none() {
    let server = Server::start().await;
    let url = server.url("/");
    for zero in ["0", "0s", "0ms"] {
        let mut tail = Tail::start(&[&url, "--idle-timeout", zero]);
        let mut exchange = server.open().await;
        tail.next("open").await;
        tail.silent().await;
        tail.silent().await;
        exchange.send("data: a\n\n").await;
        tail.expect(&message("a")).await;
    }
}

#[tokio::test]
async fn sighup_ends_a_wait_at_once() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url, "--retry", "1h"]);
    for n in ["1", "2"] {
        server.open().await.event("x", n, "a").await;
        tail.next("open").await;
        tail.next("event").await;
        assert_first_delay(tail.waiting("end-of-stream").await, MS(3_600_000));
        let asked = Instant::now();
        tail.signal("HUP").await;
        let exchange = server.request().await;
        assert!(asked.elapsed() < MS(1_000), "{:?}", asked.elapsed());
        assert_eq!(exchange.header("last-event-id"), Some(n));
        exchange.answer(503, &[("Retry-After", "3600")], "").await;
        tail.waiting("status").await;
        tail.signal("HUP").await;
    }
}

#[tokio::test]
async fn sighup_replaces_an_open_connection_at_once_and_drops_its_half_event() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url, "--retry", "1h"]);
    let mut first = server.open().await;
    tail.next("open").await;
    first.send("id: 1\ndata: a\n\nid: 2\nevent: x\ndata: b\n").await;
    tail.next("event").await;
    tail.signal("HUP").await;
    let mut second = server.open().await;
    assert_eq!(second.header("last-event-id"), Some("1"));
    first.closed().await;
    second.send("data: c\n\n").await;
    tail.next("open").await;
    tail.expect(&event("message", "c", "1")).await;
}

#[tokio::test]
async fn sighup_replaces_a_connect_that_hangs() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url]);
    let mut hung = server.request().await;
    tail.signal("HUP").await;
    let mut second = server.open().await;
    hung.closed().await;
    second.send("data: a\n\n").await;
    tail.next("open").await;
    tail.expect(&message("a")).await;
}

#[tokio::test]
async fn one_connection_at_a_time_is_held() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url, "--retry", "10ms"]);
    let mut first = server.open().await;
    tail.next("open").await;
    first.send("data: a\n\n").await;
    assert!(server.request_within(MS(300)).await.is_none(), "a second connection beside the first");
}
