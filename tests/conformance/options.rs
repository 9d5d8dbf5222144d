//! The command line itself: what ends it with which status, and when.

use std::io::{Read as _, Write as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use streambell_tests::{Server, Tail};

use crate::cases::{all, named};
use crate::{event, message};

#[tokio::test]
async fn wrong_usage_ends_with_2_a_line_on_stderr_and_nothing_on_stdout() {
    let url = "http://127.0.0.1:9/";
    let table: Vec<Vec<&str>> = vec![
        vec![],
        vec![url, url],
        vec![url, "--nonsense"],
        vec![url, "-H", "no colon"],
        vec![url, "-H", ""],
        vec![url, "-H", ": no name"],
        vec![url, "-H", "Bad Name: x"],
        vec![url, "-H", "Bad(Name): x"],
        vec![url, "-H", "B\u{E4}d: x"],
        vec![url, "-H", "X-A: a\r\nX-B: b"],
        vec![url, "-H", "X-A: a\nb"],
        vec![url, "-H", "X-A: \u{1}"],
        vec![url, "-H"],
        vec![url, "--auth", "nonsense"],
        vec![url, "--auth", ""],
        vec![url, "--auth", "basic"],
        vec![url, "--auth", "basic:"],
        vec![url, "--auth", "header"],
        vec![url, "--auth", "header:"],
        vec![url, "--auth", "header:Bad Name"],
        vec![url, "--auth", "query"],
        vec![url, "--auth", "query:"],
        vec![url, "--auth", "cookie:"],
        vec![url, "--auth", "cookie:a;b"],
        vec![url, "--auth", "bearer:x"],
        vec![url, "--retry", "soon"],
        vec![url, "--retry", "3"],
        vec![url, "--retry", ""],
        vec![url, "--retry=-1s"],
        vec![url, "--retry", "1.5s"],
        vec![url, "--idle-timeout", "90"],
        vec![url, "--idle-timeout", "x"],
        vec![url, "--for", "x"],
        vec![url, "--events", "x"],
        vec![url, "--events=-1"],
        vec![url, "--method", ""],
        vec![url, "--method", "GE T"],
        vec![url, "--method", "G\u{CB}T"],
        vec![url, "--method", "GET /"],
        vec![url, "--last-event-id", "a\nb"],
        vec![url, "--proxy", "not an address"],
        vec![url, "--ca-cert", "/no/such/file.pem"],
        vec![url, "--client-cert", "/no/such/file.pem"],
        vec![url, "--max-event", "many"],
    ];
    let runs = table.into_iter().map(|arguments| {
        named(arguments, |arguments| async move {
            let ended = Tail::start_with_input(&arguments, "s3cret-s3cret\n").await.ended().await;
            assert_eq!((ended.code, ended.lines.len()), (Some(2), 0), "{ended:?}");
            assert!(!ended.errors.trim().is_empty() && !ended.errors.contains("panicked"), "{ended:?}");
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn an_address_that_cannot_be_used_stops_as_bad_url() {
    let urls = [
        "not an address",
        "",
        "x",
        "//127.0.0.1/",
        "/events",
        "127.0.0.1:80/events",
        "localhost:8080/events",
        "ftp://127.0.0.1/",
        "ws://127.0.0.1/",
        "file:///etc/hostname",
        "data:text/event-stream,data:%20a%0A%0A",
        "http://",
        "http:///",
        "http://:80/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://a b/",
        "http://[::1/",
        "http://256.256.256.256/",
        "about:blank",
    ];
    let runs = urls.into_iter().flat_map(|url| [(url, false), (url, true)]).map(|row| {
        named(row, |(url, strict)| async move {
            let tail = if strict { Tail::start(&["--strict", "--", url]) } else { Tail::start(&["--", url]) };
            tail.stopped("bad-url").await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn events_ends_with_0_after_so_many() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/"), "--events", "2"]);
    let mut exchange = server.open().await;
    exchange.send(": c\ndata: a\n\nid: 1\n\n").await;
    tail.next("open").await;
    tail.expect(&message("a")).await;
    tail.silent().await;
    exchange.send("data: b\n\n").await;
    tail.expect(&event("message", "b", "1")).await;
    let ended = tail.ended().await;
    assert_eq!((ended.code, ended.lines.len(), ended.errors.as_str()), (Some(0), 0, ""), "{ended:?}");
    assert!(ended.took < Duration::from_secs(1), "{:?}", ended.took);
    exchange.closed().await;
}

#[tokio::test]
async fn events_counts_over_connections_and_prints_no_more_than_so_many() {
    let server = Server::start().await;
    let mut tail =
        Tail::start(&[&server.url("/"), "--events", "3", "--retry", "0", "--comments", "--max-event", "1KiB"]);
    let long = "x".repeat(2_000);
    server.open().await.send(&format!(": c\ndata: 1\n\ndata: {long}\n\n")).await;
    server.open().await.send("data: 2\n\ndata: 3\n\ndata: 4\n\n: c\ndata: 5\n\n").await;
    for kind in ["open", "comment", "event", "skipped", "waiting", "open", "event", "event"] {
        tail.next(kind).await;
    }
    let ended = tail.ended().await;
    assert_eq!((ended.code, ended.lines.len()), (Some(0), 0), "{ended:?}");
}

#[tokio::test]
async fn for_ends_with_0_after_so_long_whatever_goes_on() {
    let server = Server::start().await;
    let url = server.url("/");
    let refusing = Server::start().await.refuse();
    let refused = format!("http://127.0.0.1:{}/", refusing.port());
    let silent = Tail::start(&[&url, "--for", "500ms"]);
    let _held = server.open().await;
    let unanswered = Tail::start(&[&url, "--for", "500ms"]);
    let _stuck = server.request().await;
    let waiting = Tail::start(&[&refused, "--for", "500ms"]);
    for tail in [silent, unanswered, waiting] {
        assert_eq!(tail.ended().await.code, Some(0));
    }
    let started = Instant::now();
    assert_eq!(Tail::start(&[&refused, "--for", "800ms", "--retry", "1h"]).ended().await.code, Some(0));
    assert!(started.elapsed() >= Duration::from_millis(800) && started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn standard_input_is_not_read_without_auth() {
    let server = Server::start().await;
    let (mut left, mut writer) = std::io::pipe().unwrap();
    writer.write_all(b"not for you\n").unwrap();
    drop(writer);
    let stdin = left.try_clone().unwrap();
    let mut tail = Tail::start_with(&[&server.url("/"), "--events", "1"], |command| {
        command.stdin(Stdio::from(stdin));
    });
    server.open().await.send("data: a\n\n").await;
    tail.until("event").await;
    assert_eq!(tail.ended().await.code, Some(0));
    let mut text = String::new();
    left.read_to_string(&mut text).unwrap();
    assert_eq!(text, "not for you\n");
}

#[tokio::test]
async fn without_any_standard_input_it_runs() {
    let server = Server::start().await;
    let mut tail = Tail::start_with(&[&server.url("/")], |command| {
        command.stdin(Stdio::null());
    });
    server.open().await.send("data: a\n\n").await;
    tail.next("open").await;
    tail.expect(&message("a")).await;
}

#[tokio::test]
async fn with_json_a_log_goes_to_stderr_only() {
    for log in [&["-v"][..], &["-vv"], &["-vv", "--log-format", "json"]] {
        let server = Server::start().await;
        let url = server.url("/");
        let mut tail = Tail::start(&[&[url.as_str(), "--events", "1", "--retry", "10ms"], log].concat());
        server.request().await.answer(503, &[], "").await;
        server.open().await.send("data: a\n\n").await;
        for kind in ["waiting", "open", "event"] {
            tail.next(kind).await;
        }
        let ended = tail.ended().await;
        assert_eq!((ended.code, ended.lines.len()), (Some(0), 0), "{ended:?}");
    }
}

#[tokio::test]
async fn all_is_well_without_a_home_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start().await;
    let mut tail = Tail::start_with(&[&server.url("/"), "--events", "1"], |command| {
        command.env_clear().current_dir(folder.path()).stdin(Stdio::null());
    });
    server.open().await.send("data: a\n\n").await;
    tail.until("event").await;
    assert_eq!(tail.ended().await.code, Some(0));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
