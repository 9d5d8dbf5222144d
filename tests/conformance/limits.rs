//! Long lines, large events, and what is skipped (`--max-event`, `skipped`).

use std::time::Duration;

use serde_json::Value;
use streambell_tests::{Server, Tail};

use crate::cases::{all, named};
use crate::{event, message};

const MIB: usize = 1 << 20;

/// A `skipped` for an event of about this size; field names may be counted or not.
fn assert_skipped(line: &Value, size: usize) {
    assert_eq!((&line["type"], &line["reason"]), (&"skipped".into(), &"too-large".into()), "{line}");
    let bytes = usize::try_from(line["bytes"].as_u64().unwrap()).unwrap();
    assert!(bytes >= size && bytes <= size + size / 2 + 64, "{bytes} of {size}: {line}");
}

#[tokio::test]
async fn a_line_of_16_mib_is_an_event() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/")]);
    let mut exchange = server.open().await;
    let data = "x".repeat(16 * MIB);
    exchange.send(&format!("data: {data}\nid: 1\n\ndata: after\n\n")).await;
    tail.next("open").await;
    let line = tail.next("event").await;
    assert!(line["data"] == data.as_str() && line["id"] == "1", "the data came changed");
    tail.expect(&event("message", "after", "1")).await;
}

#[tokio::test]
async fn an_event_over_16_mib_is_skipped_and_the_connection_stays() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/")]);
    let mut exchange = server.open().await;
    exchange.send(&format!("data: {}\n\ndata: after\n\n", "x".repeat(16 * MIB + 1))).await;
    tail.next("open").await;
    let skipped = tail.next("skipped").await;
    assert_eq!(skipped["bytes"], 16 * MIB + 1);
    assert_skipped(&skipped, 16 * MIB + 1);
    tail.expect(&message("after")).await;
}

#[tokio::test]
async fn a_larger_limit_may_be_given() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/"), "--max-event", "20MiB"]);
    let mut exchange = server.open().await;
    let data = "x".repeat(18 * MIB);
    exchange.send(&format!("data: {data}\n\n")).await;
    tail.next("open").await;
    assert!(tail.next("event").await["data"] == data.as_str());
}

#[tokio::test]
async fn an_event_over_the_limit_is_skipped_to_its_blank_line_and_reported_once() {
    let x = |length: usize| "x".repeat(length);
    let table = [
        ("of one line", format!("data: {}\n\n", x(1025)), 1025),
        ("of one long line", format!("data: {}\n\n", x(500_000)), 500_000),
        ("of many lines", "data: x\n".repeat(1_000) + "\n", 1_999),
        ("of many empty lines", "data\n".repeat(2_000) + "\n", 1_999),
        ("with other fields after", format!("data: {}\nevent: e\nfoo\n: c\ndata: y\n\n", x(2_000)), 2_000),
        ("with CR", format!("data: {}\r\r", x(2_000)), 2_000),
        ("with CRLF", format!("data: {}\r\ndata: {}\r\n\r\n", x(600), x(600)), 1_201),
        ("with a long name", format!("event: {}\ndata: a\n\n", x(2_000)), 2_000),
    ];
    let runs = table.into_iter().map(|(name, body, size)| {
        (name.to_owned(), async move {
            let server = Server::start().await;
            let url = server.url("/");
            let mut tail = Tail::start(&[&url, "--max-event", "1KiB"]);
            let mut exchange = server.open().await;
            exchange.send("data: before\n\n").await;
            exchange.send(&body).await;
            exchange.send("data: after\n\n").await;
            tail.next("open").await;
            tail.expect(&message("before")).await;
            assert_skipped(&tail.line().await, size);
            tail.expect(&message("after")).await;
            tail.silent().await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn an_event_up_to_the_limit_is_whole() {
    for (limit, length) in [("1KiB", 1024), ("1024", 1024), ("100", 100)] {
        let server = Server::start().await;
        let mut tail = Tail::start(&[&server.url("/"), "--max-event", limit]);
        let mut exchange = server.open().await;
        let data = "x".repeat(length);
        exchange.send(&format!("data: {data}\n\ndata: {data}y\n\n")).await;
        tail.next("open").await;
        tail.expect(&message(&data)).await;
        assert_skipped(&tail.line().await, length + 1);
    }
}

#[tokio::test]
async fn a_skipped_event_is_reported_at_its_blank_line_and_its_id_counts() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/"), "--max-event", "1KiB", "--retry", "0"]);
    let mut exchange = server.open().await;
    tail.next("open").await;
    exchange.send(&format!("id: 7\ndata: {}\n", "x".repeat(5_000))).await;
    tail.silent().await;
    exchange.send("\n").await;
    assert_skipped(&tail.line().await, 5_000);
    exchange.send("data: a\n\n").await;
    tail.expect(&event("message", "a", "7")).await;
    drop(exchange);
    tail.waiting("end-of-stream").await;
    assert_eq!(server.request().await.header("last-event-id"), Some("7"));
}

#[tokio::test]
async fn lines_that_make_no_event_may_be_as_long_as_they_like() {
    let table = [
        format!(": {}\ndata: a\n\n", "x".repeat(100_000)),
        format!("foo: {}\ndata: a\n\n", "x".repeat(100_000)),
        format!("{}\ndata: a\n\n", "x".repeat(100_000)),
        format!("retry: {}\ndata: a\n\n", "1".repeat(100_000)),
    ];
    let runs = table.into_iter().map(|body| {
        (body[..10].to_owned(), async move {
            let server = Server::start().await;
            let mut tail = Tail::start(&[&server.url("/"), "--max-event", "1KiB"]);
            let mut exchange = server.open().await;
            exchange.send(&body).await;
            tail.next("open").await;
            tail.expect(&message("a")).await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_line_that_never_ends_costs_bounded_memory() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/"), "--max-event", "1MiB", "--comments"]);
    let mut exchange = server.open().await;
    tail.next("open").await;
    for start in ["data: ", ": ", "id: ", "event: ", "foo: "] {
        exchange.send(start).await;
        let piece = "x".repeat(MIB);
        for _ in 0..24 {
            exchange.send(&piece).await;
        }
        exchange.send("\n\n").await;
    }
    exchange.send("data: after\n\n").await;
    let lines = tail.until("event").await;
    assert_eq!(lines.last(), Some(&message("after")));
    assert!(lines.iter().filter(|line| line["type"] == "skipped").count() >= 2, "the data and the name");
    let status = std::fs::read_to_string(format!("/proc/{}/status", tail.pid())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kib: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kib < 80 * 1024, "{kib} KiB for lines of 24 MiB each");
}

#[tokio::test]
async fn headers_that_never_end_are_given_up_and_tried_again() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/"), "--retry", "10ms"]);
    let mut exchange = server.request().await;
    exchange.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n").await;
    let flood = async {
        let many = "X-Many: of these there is no end\r\n".repeat(1_000);
        for _ in 0..200 {
            exchange.send(&many).await;
        }
    };
    let (_, ()) = tokio::join!(tail.waiting("network"), flood);
    server.open().await;
    tail.next("open").await;
}

#[tokio::test]
async fn a_hundred_thousand_tiny_events_come_whole() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/"), "--events", "100000"]);
    let mut exchange = server.open().await;
    let writing = async {
        for n in 0..100 {
            let piece: String = (0..1_000).map(|m| format!("data:{}\n\n", n * 1_000 + m)).collect();
            exchange.send(&piece).await;
        }
    };
    let reading = async {
        tail.next("open").await;
        for n in 0..100_000 {
            assert_eq!(tail.next("event").await["data"], n.to_string());
        }
    };
    tokio::join!(writing, reading);
    assert_eq!(tail.ended().await.code, Some(0));
}

#[tokio::test]
async fn who_reads_late_gets_every_line_and_a_signal_does_not_wait_for_them() {
    let events: String = (0..4_000).map(|n| format!("data: {n} {}\n\n", "x".repeat(100))).collect();
    for is_told in [false, true] {
        let server = Server::start().await;
        let mut tail = Tail::start(&[&server.url("/"), "--events", "4000"]);
        let mut exchange = server.open().await;
        exchange.send(&events).await;
        exchange.closed().await;
        if is_told {
            tail.signal("TERM").await;
            assert_eq!(tail.ended_unread().await.0, Some(0));
        } else {
            // The time for which nobody reads.
            tokio::time::sleep(Duration::from_secs(1)).await;
            tail.next("open").await;
            for n in 0..4_000 {
                let line = tail.next("event").await;
                assert!(line["data"].as_str().is_some_and(|data| data.starts_with(&format!("{n} "))), "{line}");
            }
            assert_eq!(tail.ended().await.code, Some(0));
        }
    }
}

#[tokio::test]
async fn sizes_may_be_written_in_several_ways() {
    for size in ["4096", "4KiB", "1MiB", "64MiB"] {
        let server = Server::start().await;
        let mut tail = Tail::start(&[&server.url("/"), "--max-event", size, "--for", "10s"]);
        server.open().await;
        tail.next("open").await;
    }
    let runs = ["", "x", "-1", "1.5MiB", "1 apple"].into_iter().map(|size| {
        named(size, |size| async move {
            let tail = Tail::start(&["http://127.0.0.1:9/", &format!("--max-event={size}")]);
            assert_eq!(tail.ended().await.code, Some(2));
        })
    });
    all(runs.collect()).await;
    // The limit holds for each event, not for all together.
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/"), "--max-event", "1KiB"]);
    let mut exchange = server.open().await;
    exchange.send(&format!("data: {}\n\n", "x".repeat(1_000)).repeat(50)).await;
    tail.next("open").await;
    for _ in 0..50 {
        tail.next("event").await;
    }
    tokio::time::timeout(Duration::from_millis(50), tail.line()).await.unwrap_err();
}
