//! What each status means, strictly and not (9.2.2, 9.2.3; `waiting` and `stopped` of the contract).

use std::time::{Duration, SystemTime};

use streambell_tests::{Server, Tail};

use crate::cases::{all, named};
use crate::{assert_first_delay, eighth_more};

const NONE: &[&str] = &[];
const STRICT: &[&str] = &["--strict"];

async fn answered(status: u16, arguments: &[&str]) -> Tail {
    let server = Server::start().await;
    let url = server.url("/");
    let tail = Tail::start(&[&[url.as_str()], arguments].concat());
    // With the right content type, so that it is the status that decides.
    let kind = [("Content-Type", "text/event-stream")];
    // No body goes with these.
    let body = if matches!(status, 204 | 205 | 304) { "" } else { "data: a\n\n" };
    server.request().await.answer(status, &kind, body).await;
    tail
}

#[tokio::test]
async fn http_204_ends_a_stream_as_asked() {
    for arguments in [NONE, STRICT] {
        let message = answered(204, arguments).await.stopped("no-content").await;
        assert!(message.contains("204"), "{message}");
    }
}

#[tokio::test]
async fn http_401_and_403_end_a_stream_as_unauthorized() {
    let runs = [401, 403].into_iter().flat_map(|status| [(status, NONE), (status, STRICT)]).map(|row| {
        named(row, |(status, arguments)| async move {
            let message = answered(status, arguments).await.stopped("unauthorized").await;
            assert!(message.contains(&status.to_string()), "{message}");
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn other_statuses_end_a_stream() {
    let statuses = [
        201, 202, 203, 205, 206, 207, 210, 226, 299, 300, 304, 305, 306, 310, 400, 402, 404, 405, 406, 407, 409, 410,
        411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 426, 428, 431, 451, 499,
    ];
    let runs = statuses.into_iter().map(|status| {
        named(status, |status| async move {
            let message = answered(status, NONE).await.stopped("status").await;
            assert!(message.contains(&status.to_string()), "{message}");
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn http_408_425_429_and_5xx_are_tried_again() {
    let statuses = [408, 425, 429, 500, 501, 502, 503, 504, 505, 507, 508, 510, 511, 520, 529, 599];
    let runs = statuses.into_iter().map(|status| {
        named(status, |status| async move {
            let mut tail = answered(status, NONE).await;
            let delay = tail.waiting("status").await;
            assert_first_delay(delay, Duration::from_secs(3));
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn strictly_every_status_but_200_ends_a_stream() {
    let statuses = [
        201, 202, 205, 206, 210, 299, 300, 304, 305, 400, 404, 407, 408, 410, 425, 429, 500, 501, 502, 503, 504, 511,
        599,
    ];
    let runs = statuses.into_iter().map(|status| {
        named(status, |status| async move {
            answered(status, STRICT).await.stopped("status").await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn http_101_that_nobody_asked_for_ends_a_stream() {
    for strict in [NONE, STRICT] {
        let server = Server::start().await;
        let url = server.url("/");
        let tail = Tail::start(&[&[url.as_str()], strict].concat());
        let mut exchange = server.request().await;
        exchange.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\ndata: a\n\n").await;
        tail.stopped("status").await;
    }
}

#[tokio::test]
async fn strictly_retry_after_changes_nothing() {
    let server = Server::start().await;
    let tail = Tail::start(&[&server.url("/"), "--strict"]);
    server.request().await.answer(503, &[("Retry-After", "1")], "").await;
    tail.stopped("status").await;
}

#[tokio::test]
async fn a_stream_that_comes_back_after_a_status_goes_on() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[url.as_str(), "--retry", "10ms", "--last-event-id", "7"]);
    for status in [503, 429, 500] {
        server.request().await.answer(status, &[], "busy").await;
        tail.waiting("status").await;
    }
    let mut exchange = server.open().await;
    assert_eq!(exchange.header("last-event-id"), Some("7"));
    exchange.event("x", "8", "a").await;
    tail.next("open").await;
    tail.next("event").await;
}

#[tokio::test]
async fn a_status_that_ends_a_stream_does_so_after_it_was_open_too() {
    for (status, reason) in [(204, "no-content"), (404, "status"), (401, "unauthorized"), (403, "unauthorized")] {
        let server = Server::start().await;
        let url = server.url("/");
        let mut tail = Tail::start(&[url.as_str(), "--retry", "0"]);
        server.open().await.send("data: a\n\n").await;
        tail.until("waiting").await;
        server.request().await.answer(status, &[], "").await;
        tail.stopped(reason).await;
    }
}

async fn told_to_wait(status: u16, value: String, arguments: &[&str]) -> Duration {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&[url.as_str()], arguments].concat());
    server.request().await.answer(status, &[("Retry-After", &value)], "").await;
    tail.waiting("status").await
}

#[tokio::test]
async fn retry_after_in_seconds_is_the_least_delay() {
    let table = [
        (503, "10", "3s", 10_000),
        (429, "10", "3s", 10_000),
        (408, "4", "0", 4_000),
        (425, "4", "0", 4_000),
        (500, "4", "0", 4_000),
        (503, "1", "3s", 3_000),
        (503, "0", "3s", 3_000),
        (503, "120", "0", 120_000),
        (503, "3600", "0", 3_600_000),
        // None that is valid.
        (503, "-5", "1s", 1_000),
        (503, "soon", "1s", 1_000),
        (503, "1.5", "1s", 1_000),
        (503, "", "1s", 1_000),
    ];
    let runs = table.into_iter().map(|row| {
        named(row, |(status, value, retry, wanted)| async move {
            let delay = told_to_wait(status, value.to_owned(), &["--retry", retry]).await;
            assert_first_delay(delay, Duration::from_millis(wanted));
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn retry_after_as_a_date_is_the_least_delay() {
    let date = |seconds: u64| httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds));
    let delay = told_to_wait(503, date(30), &["--retry", "1s"]).await;
    assert!(delay >= Duration::from_secs(28) && delay <= eighth_more(Duration::from_secs(30)), "{delay:?}");
    let past = told_to_wait(503, "Sun, 06 Nov 1994 08:49:37 GMT".to_owned(), &["--retry", "1s"]).await;
    assert_first_delay(past, Duration::from_secs(1));
    let obsolete = told_to_wait(503, "Sunday, 06-Nov-94 08:49:37 GMT".to_owned(), &["--retry", "1s"]).await;
    assert_first_delay(obsolete, Duration::from_secs(1));
    let far = told_to_wait(503, date(600), &["--retry", "1s"]).await;
    assert!(far >= Duration::from_secs(595), "{far:?}");
}

#[tokio::test]
async fn a_retry_after_that_never_ends_counts_for_an_hour() {
    for value in ["86400", "18446744073709551616", "99999999999999999999"] {
        let delay = told_to_wait(503, value.to_owned(), &[]).await;
        assert!(delay >= Duration::from_secs(3600) && delay <= eighth_more(Duration::from_secs(3600)), "{delay:?}");
    }
}

#[tokio::test]
async fn retry_after_is_slept() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[url.as_str(), "--retry", "0"]);
    server.request().await.answer(429, &[("Retry-After", "1")], "").await;
    let delay = tail.waiting("status").await;
    let shown = std::time::Instant::now();
    server.request().await;
    let slept = shown.elapsed();
    assert!(slept + Duration::from_millis(40) >= delay && slept < delay + Duration::from_millis(400), "{slept:?}");
}
