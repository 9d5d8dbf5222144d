//! Only `text/event-stream` is a stream (9.2.2).

use streambell_tests::{Server, Tail};

use crate::cases::{all, named};
use crate::message;

async fn answered(kinds: &[&str], arguments: &[&str]) -> Tail {
    let server = Server::start().await;
    let url = server.url("/");
    let tail = Tail::start(&[&[url.as_str()], arguments].concat());
    let headers: Vec<_> = kinds.iter().map(|kind| ("Content-Type", *kind)).collect();
    server.request().await.answer(200, &headers, "data: a\n\n").await;
    tail
}

#[tokio::test]
async fn an_event_stream_is_known_by_its_type_whatever_its_parameters() {
    let kinds: Vec<&[&str]> = vec![
        &["text/event-stream"],
        &["text/event-stream;"],
        &["text/event-stream; "],
        &["text/event-stream;charset=utf-8"],
        &["text/event-stream; charset=UTF-8"],
        &["text/event-stream; charset=windows-1252"],
        &["text/event-stream;charset=\"utf-8\""],
        &["text/event-stream;charset"],
        &["text/event-stream;charset="],
        &["text/event-stream;x=y;z"],
        &["text/event-stream ; charset=utf-8"],
        &["text/event-stream;x=\"a, b/c\""],
        &["TEXT/EVENT-STREAM"],
        &["Text/Event-Stream; Charset=Bogus"],
        &["  text/event-stream  "],
        &["\ttext/event-stream\t"],
        &["text/html", "text/event-stream"],
        &["text/html, text/event-stream"],
        &["text/event-stream, */*"],
    ];
    let runs = kinds.into_iter().flat_map(|kinds| [(kinds, ""), (kinds, "--strict")]).map(|row| {
        named(row, |(kinds, strict)| async move {
            let arguments: &[&str] = if strict.is_empty() { &[] } else { &["--strict"] };
            let mut tail = answered(kinds, arguments).await;
            tail.next("open").await;
            tail.expect(&message("a")).await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn anything_else_ends_a_stream() {
    let kinds: Vec<&[&str]> = vec![
        &[],
        &[""],
        &["text/html"],
        &["text/plain"],
        &["application/json"],
        &["application/octet-stream"],
        &["text/x-bogus"],
        &["text/event-streams"],
        &["text/event-strea"],
        &["text/event_stream"],
        &["application/event-stream"],
        &["text"],
        &["event-stream"],
        &["text/"],
        &["text/event-stream/x"],
        &["text /event-stream"],
        &["text/ event-stream"],
        &["text/event-stream charset=utf-8"],
        &["\"text/event-stream\""],
        &["text/event-stream", "text/html"],
        &["text/event-stream, text/html"],
        &["application/x-dom-event-stream"],
        &["multipart/mixed; boundary=text/event-stream"],
    ];
    let runs = kinds.into_iter().flat_map(|kinds| [(kinds, ""), (kinds, "--strict")]).map(|row| {
        named(row, |(kinds, strict)| async move {
            let arguments: &[&str] = if strict.is_empty() { &[] } else { &["--strict"] };
            answered(kinds, arguments).await.stopped("content-type").await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_charset_is_ignored_and_the_body_read_as_utf_8() {
    for charset in ["windows-1252", "iso-8859-1", "utf-16", "shift_jis", "nonsense"] {
        let server = Server::start().await;
        let mut tail = Tail::start(&[&server.url("/")]);
        let kind = format!("text/event-stream; charset={charset}");
        server.request().await.answer(200, &[("Content-Type", &kind)], "data: \u{E9}\u{4E2D}\n\n").await;
        tail.next("open").await;
        tail.expect(&message("\u{E9}\u{4E2D}")).await;
    }
}

#[tokio::test]
async fn the_type_is_judged_before_a_byte_of_the_body() {
    let server = Server::start().await;
    let tail = Tail::start(&[&server.url("/")]);
    let mut exchange = server.request().await;
    exchange.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n").await;
    tail.stopped("content-type").await;
}

#[tokio::test]
async fn open_is_told_before_a_byte_of_the_body() {
    let server = Server::start().await;
    let url = server.url("/a?b=c");
    let mut tail = Tail::start(&[&url]);
    let _exchange = server.open().await;
    let open = tail.next("open").await;
    assert_eq!((&open["status"], &open["url"], &open["http"]), (&200.into(), &url.as_str().into(), &"1.1".into()));
}

#[tokio::test]
async fn bytes_of_another_charset_in_a_parameter_do_no_harm() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/")]);
    let mut exchange = server.request().await;
    exchange.send_bytes(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; x=\xE9\r\n\r\ndata: a\n\n").await;
    tail.next("open").await;
    tail.expect(&message("a")).await;
}
