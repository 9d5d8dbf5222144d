//! How a body arrives by HTTP: chunks, lengths, old versions, interim answers, and what is no HTTP at all.

use std::time::Duration;

use streambell_tests::{Server, Tail};

use crate::cases::{CHUNKED, all, chunk, chunks, named};
use crate::message;

/// What an answer, sent to the letter and followed by a close, must give.
async fn gives(answer: &[u8], data: &[&str], reason: &str) {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url]);
    let mut exchange = server.request().await;
    exchange.send_bytes(answer).await;
    drop(exchange);
    tail.next("open").await;
    for data in data {
        tail.expect(&message(data)).await;
    }
    tail.waiting(reason).await;
}

#[tokio::test]
async fn a_body_is_read_however_its_end_is_told() {
    let kind = "Content-Type: text/event-stream\r\n";
    let table: Vec<(&str, Vec<u8>, &[&str], &str)> = vec![
        ("by the close", format!("HTTP/1.1 200 OK\r\n{kind}\r\ndata: a\n\n").into(), &["a"], "end-of-stream"),
        (
            "by its length",
            format!("HTTP/1.1 200 OK\r\n{kind}Content-Length: 9\r\n\r\ndata: a\n\n").into(),
            &["a"],
            "end-of-stream",
        ),
        (
            "by its length, with more after it",
            format!("HTTP/1.1 200 OK\r\n{kind}Content-Length: 9\r\n\r\ndata: a\n\ndata: b\n\n").into(),
            &["a"],
            "end-of-stream",
        ),
        (
            "empty by its length",
            format!("HTTP/1.1 200 OK\r\n{kind}Content-Length: 0\r\n\r\n").into(),
            &[],
            "end-of-stream",
        ),
        (
            "cut off before its length",
            format!("HTTP/1.1 200 OK\r\n{kind}Content-Length: 99\r\n\r\ndata: a\n\ndata: b\n").into(),
            &["a"],
            "network",
        ),
        ("chunks", [CHUNKED.as_bytes(), &chunks([&b"data: a\n\n"[..]].into_iter())].concat(), &["a"], "end-of-stream"),
        (
            "chunks of one byte",
            [CHUNKED.as_bytes(), &chunks(b"data: a\r\n\r\ndata: b\n\n".chunks(1))].concat(),
            &["a", "b"],
            "end-of-stream",
        ),
        (
            "chunks that begin with line ends",
            [CHUNKED.as_bytes(), &chunks([&b"data: a"[..], b"\n", b"\ndata: b\r", b"\n\r", b"\ndata"].into_iter())]
                .concat(),
            &["a", "b"],
            "end-of-stream",
        ),
        (
            "chunks with extensions, zeros and capitals",
            [CHUNKED.as_bytes(), b"00009;x=y\r\ndata: a\n\n\r\n0000A\r\ndata: bc\n\n\r\n0\r\n\r\n"].concat(),
            &["a", "bc"],
            "end-of-stream",
        ),
        (
            "chunks with a trailer",
            [CHUNKED.as_bytes(), b"9\r\ndata: a\n\n\r\n0\r\nX-End: 1\r\n\r\n"].concat(),
            &["a"],
            "end-of-stream",
        ),
        ("chunks cut off between two", [CHUNKED.as_bytes(), &chunk(b"data: a\n\n")].concat(), &["a"], "network"),
        ("chunks cut off within one", [CHUNKED.as_bytes(), b"FF\r\ndata: a\n\n"].concat(), &["a"], "network"),
        ("no chunk at all", CHUNKED.as_bytes().to_vec(), &[], "network"),
        (
            "chunks of nonsense",
            [CHUNKED.as_bytes(), &chunk(b"data: a\n\n"), b"xyz\r\ndata: b\n\n\r\n"].concat(),
            &["a"],
            "network",
        ),
        ("HTTP/1.0", format!("HTTP/1.0 200 OK\r\n{kind}\r\ndata: a\n\n").into(), &["a"], "end-of-stream"),
        (
            "HTTP/1.0 with a length",
            format!("HTTP/1.0 200 OK\r\n{kind}Content-Length: 9\r\n\r\ndata: a\n\n").into(),
            &["a"],
            "end-of-stream",
        ),
        (
            "no reason after the status",
            format!("HTTP/1.1 200\r\n{kind}\r\ndata: a\n\n").into(),
            &["a"],
            "end-of-stream",
        ),
        ("an empty reason", format!("HTTP/1.1 200 \r\n{kind}\r\ndata: a\n\n").into(), &["a"], "end-of-stream"),
        (
            "a reason of one's own",
            format!("HTTP/1.1 200 So be it\r\n{kind}\r\ndata: a\n\n").into(),
            &["a"],
            "end-of-stream",
        ),
        (
            "names in lower case",
            b"HTTP/1.1 200 OK\r\ncontent-type:text/event-stream\r\n\r\ndata: a\n\n".to_vec(),
            &["a"],
            "end-of-stream",
        ),
        (
            "lines that end at LF",
            b"HTTP/1.1 200 OK\nContent-Type: text/event-stream\n\ndata: a\n\n".to_vec(),
            &["a"],
            "end-of-stream",
        ),
        (
            "an interim 103",
            format!("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n{kind}\r\ndata: a\n\n").into(),
            &["a"],
            "end-of-stream",
        ),
        (
            "an interim 100 and two 103",
            format!(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n\
                 HTTP/1.1 200 OK\r\n{kind}\r\ndata: a\n\n"
            )
            .into(),
            &["a"],
            "end-of-stream",
        ),
        (
            "ninety headers",
            format!("HTTP/1.1 200 OK\r\n{kind}{}\r\ndata: a\n\n", "X-Many: 1\r\n".repeat(90)).into(),
            &["a"],
            "end-of-stream",
        ),
        (
            "a header of 60,000 bytes",
            format!("HTTP/1.1 200 OK\r\n{kind}X-Long: {}\r\n\r\ndata: a\n\n", "x".repeat(60_000)).into(),
            &["a"],
            "end-of-stream",
        ),
        (
            "headers that other servers send",
            format!(
                "HTTP/1.1 200 OK\r\n{kind}X-Accel-Buffering: no\r\nDate: x\r\nSet-Cookie: a=b\r\nVary: *\r\n\
                 Access-Control-Allow-Origin: *\r\nContent-Encoding: identity\r\nConnection: keep-alive\r\n\
                 Keep-Alive: timeout=5\r\n\r\ndata: a\n\n"
            )
            .into(),
            &["a"],
            "end-of-stream",
        ),
    ];
    let runs = table
        .into_iter()
        .map(|(name, answer, data, reason)| (name.to_owned(), async move { gives(&answer, data, reason).await }));
    all(runs.collect()).await;
}

#[tokio::test]
async fn what_is_no_http_is_tried_again() {
    let table: Vec<&[u8]> = vec![
        b"nonsense\r\n\r\n",
        b"data: a\n\n",
        b"\r\n\r\n",
        b"\0\xFF\x16\x03\x01",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-str",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 5x\r\n\r\ndata: a\n\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    let runs = table.into_iter().map(|answer| {
        (String::from_utf8_lossy(answer).into_owned(), async move {
            let server = Server::start().await;
            let url = server.url("/");
            let mut tail = Tail::start(&[&url, "--retry", "10ms"]);
            let mut exchange = server.request().await;
            exchange.send_bytes(answer).await;
            drop(exchange);
            tail.waiting("network").await;
            server.open().await.send("data: a\n\n").await;
            tail.next("open").await;
            tail.expect(&message("a")).await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_header_that_is_folded_or_nonsense_costs_no_more_than_itself() {
    // A proxy may mangle a header; a stream is either read as if it were not there, or tried again: never ended.
    let table = [
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Folded: a\r\n b\r\n\r\ndata: a\n\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX Bad: a\r\n\r\ndata: a\n\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n: a\r\n\r\ndata: a\n\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nno colon\r\n\r\ndata: a\n\n",
    ];
    let runs = table.into_iter().map(|answer| {
        named(answer, |answer| async move {
            let server = Server::start().await;
            let url = server.url("/");
            let mut tail = Tail::start(&[&url, "--retry", "10ms"]);
            server.request().await.send(answer).await;
            let line = tail.line().await;
            let tried_again = line["type"] == "waiting" && line["reason"] == "network";
            assert!(line["type"] == "open" || tried_again, "{line}");
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn http_1_0_is_told_as_such() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/")]);
    server.request().await.send("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n").await;
    assert_eq!(tail.next("open").await["http"], "1.0");
}

#[tokio::test]
async fn an_end_that_is_told_is_not_waited_for() {
    let answers = [
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\ndata: a\n\n".to_owned(),
        format!("{CHUNKED}9\r\ndata: a\n\n\r\n0\r\n\r\n"),
    ];
    for answer in answers {
        let server = Server::start().await;
        let url = server.url("/");
        let mut tail = Tail::start(&[&url, "--retry", "10ms"]);
        let mut held = server.request().await;
        held.send(&answer).await;
        tail.next("open").await;
        tail.expect(&message("a")).await;
        tail.waiting("end-of-stream").await;
        // The next request may come on the same connection or on one of its own.
        let again = tokio::select! {
            again = held.next_within(Duration::from_secs(5)) => again,
            again = server.request_within(Duration::from_secs(5)) => again,
        };
        let mut exchange = match again {
            Some(exchange) => exchange,
            None => server.request().await,
        };
        exchange.send(&answer).await;
        tail.next("open").await;
        tail.expect(&message("a")).await;
    }
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_read() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/")]);
    let mut exchange = server.request().await;
    for byte in b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n" {
        exchange.send_bytes(&[*byte]).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tail.next("open").await;
    tail.expect(&message("a")).await;
}

#[tokio::test]
async fn a_server_that_answers_before_it_has_the_body_is_heard() {
    let server = Server::start().await;
    let body = "x".repeat(200_000);
    let mut tail = Tail::start(&[&server.url("/"), "--method", "POST", "--body", &body[..100_000]]);
    server.open().await.send("data: a\n\n").await;
    tail.next("open").await;
    tail.expect(&message("a")).await;
}
