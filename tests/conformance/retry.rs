//! The reconnection time and the delays that follow from it (9.2.3, 9.2.6; `waiting` of the contract).

use std::time::{Duration, Instant};

use streambell_tests::{Server, Tail};

use crate::assert_first_delay;
use crate::cases::{all, named};

const MS: fn(u64) -> Duration = Duration::from_millis;

/// What the greatest reconnection time counts as, at least.
const LONG: Duration = Duration::from_secs(5 * 60);

/// The delay after a body that ended cleanly.
async fn delay_after(body: &[u8], arguments: &[&str]) -> Duration {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&[url.as_str()], arguments].concat());
    server.open().await.send_bytes(body).await;
    tail.until("open").await;
    let waiting = tail.until("waiting").await.pop().unwrap();
    MS(waiting["retry_in_ms"].as_u64().unwrap())
}

#[tokio::test]
async fn a_retry_of_ascii_digits_is_the_reconnection_time_and_nothing_else_is() {
    let table: Vec<(&str, u64)> = vec![
        ("retry: 1000\n", 1_000),
        ("retry:1000\n", 1_000),
        ("retry: 03000\ndata: x\n\n", 3_000),
        ("retry: 000500\n\n", 500),
        ("retry: 250\n\n", 250),
        ("retry: 251\n\n", 251),
        ("retry: 1000\rdata: a\r\r", 1_000),
        ("retry: 1000\r\n: c\r\n", 1_000),
        ("data: a\nretry: 1000\n\n", 1_000),
        ("\u{FEFF}retry: 1000\n\n", 1_000),
        ("retry: 1000\nretry: 700\n\n", 700),
        ("retry: 1000\n\nretry: 700\n\n", 700),
        // In force at its line, not at the blank line.
        ("retry: 1000\ndata: cut off", 1_000),
        // These are none; 2 s is what was given.
        ("data: a\n\n", 2_000),
        ("retry:\n\n", 2_000),
        ("retry\n\n", 2_000),
        ("retry: \n\n", 2_000),
        ("retry: 1000x\n\n", 2_000),
        ("retry: x1000\n\n", 2_000),
        ("retry: +42\n\n", 2_000),
        ("retry: +1000\n\n", 2_000),
        ("retry: -1000\n\n", 2_000),
        ("retry:  1000\n\n", 2_000),
        ("retry: 1000 \n\n", 2_000),
        ("retry: 10 00\n\n", 2_000),
        ("retry:\t1000\n\n", 2_000),
        ("retry: 1000.5\n\n", 2_000),
        ("retry: 1e3\n\n", 2_000),
        ("retry: 1_000\n\n", 2_000),
        ("retry: 1,000\n\n", 2_000),
        ("retry: 0x3e8\n\n", 2_000),
        ("retry: 1000ms\n\n", 2_000),
        ("retry: \u{661}\u{660}\u{660}\u{660}\n\n", 2_000),
        ("retry: \u{FF11}000\n\n", 2_000),
        ("retry: 1000\0\n\n", 2_000),
        ("Retry: 1000\n\n", 2_000),
        ("RETRY: 1000\n\n", 2_000),
        ("retry : 1000\n\n", 2_000),
        (" retry: 1000\n\n", 2_000),
        (":retry: 1000\n\n", 2_000),
        // What is none leaves the one before alone.
        ("retry: 1000\nretry: 700x\ndata: x\n\n", 1_000),
        ("retry: 1000\nretry:\n\n", 1_000),
    ];
    let runs = table.into_iter().map(|(body, wanted)| {
        named(body, |body| async move {
            assert_first_delay(delay_after(body.as_bytes(), &["--retry", "2s"]).await, MS(wanted));
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_servers_retry_under_250_ms_counts_as_250_ms_except_when_strict() {
    let table: Vec<(&str, &[&str], u64)> = vec![
        ("retry: 0\n\n", &[], 250),
        ("retry: 1\n\n", &[], 250),
        ("retry: 249\n\n", &[], 250),
        ("retry: 0\n\n", &["--strict"], 0),
        ("retry: 1\n\n", &["--strict"], 1),
        ("retry: 00\n\n", &["--strict"], 0),
        ("retry: 120\n\n", &["--strict"], 120),
        ("retry: 100\n\n", &["--retry", "0"], 250),
    ];
    let runs = table.into_iter().map(|row| {
        named(row, |(body, arguments, wanted)| async move {
            assert_first_delay(delay_after(body.as_bytes(), arguments).await, MS(wanted));
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_huge_retry_is_a_long_wait_and_no_error() {
    let table =
        ["2147483648", "4294967296", "9223372036854775808", "18446744073709551616", "9999999999999999999999999"];
    let runs = table.into_iter().flat_map(|digits| [(digits, "--json"), (digits, "--strict")]).map(|row| {
        named(row, |(digits, strict)| async move {
            // The harness gives --json already; once more does no harm where the other is not wanted.
            let arguments: &[&str] = if strict == "--strict" { &["--strict"] } else { &[] };
            let delay = delay_after(format!("retry: {digits}\n\n").as_bytes(), arguments).await;
            assert!(delay >= LONG, "{delay:?}");
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn the_option_retry_is_taken_as_given() {
    let table: Vec<(&[&str], u64)> = vec![
        (&[], 3_000),
        (&["--retry", "0"], 0),
        (&["--retry", "0s"], 0),
        (&["--retry", "1ms"], 1),
        (&["--retry", "100ms"], 100),
        (&["--retry", "7s"], 7_000),
        (&["--retry", "2m"], 120_000),
        (&["--retry", "2h"], 7_200_000),
        (&["--retry", "7d"], 604_800_000),
        (&["--retry", "100ms", "--strict"], 100),
    ];
    let runs = table.into_iter().map(|row| {
        named(row, |(arguments, wanted)| async move {
            assert_first_delay(delay_after(b"data: a\n\n", arguments).await, MS(wanted));
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn the_delay_that_is_shown_is_the_one_that_is_slept() {
    let table: Vec<(&str, &str, u64)> = vec![
        ("0", "data: a\n\n", 0),
        ("100ms", "data: a\n\n", 100),
        ("600ms", "data: a\n\n", 600),
        ("3s", "retry: 300\ndata: a\n\n", 300),
        ("100ms", "retry: 900\n\n", 900),
    ];
    let runs = table.into_iter().map(|row| {
        named(row, |(retry, body, wanted)| async move {
            let server = Server::start().await;
            let url = server.url("/");
            let mut tail = Tail::start(&[url.as_str(), "--retry", retry]);
            for _ in 0..2 {
                server.open().await.send(body).await;
                let waiting = tail.until("waiting").await.pop().unwrap();
                let shown = Instant::now();
                let delay = MS(waiting["retry_in_ms"].as_u64().unwrap());
                assert_first_delay(delay, MS(wanted));
                let exchange = server.request().await;
                let slept = shown.elapsed();
                assert!(slept + MS(40) >= delay && slept <= delay + MS(400), "{slept:?} for {delay:?}");
                exchange.answer(200, &[("Content-Type", "text/event-stream")], "data: a\n\n").await;
                tail.until("waiting").await;
            }
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn the_servers_retry_outlives_its_connection_and_holds_for_failures_too() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[url.as_str(), "--retry", "5s"]);
    server.open().await.send("retry: 400\ndata: a\n\n").await;
    tail.until("event").await;
    assert_first_delay(tail.waiting("end-of-stream").await, MS(400));
    server.open().await.send("data: b\n\n").await;
    tail.until("event").await;
    assert_first_delay(tail.waiting("end-of-stream").await, MS(400));
    server.request().await.answer(503, &[], "").await;
    assert_first_delay(tail.waiting("status").await, MS(400));
    let _refusing = server.refuse();
    let delay = tail.waiting("network").await;
    assert!(delay >= MS(400) && delay <= MS(801), "{delay:?}");
}

#[tokio::test]
async fn clean_ends_after_bytes_never_make_the_delay_grow() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[url.as_str(), "--retry", "20ms"]);
    for _ in 0..12 {
        server.open().await.send(": c\n").await;
        tail.next("open").await;
        assert_first_delay(tail.waiting("end-of-stream").await, MS(20));
    }
}

#[tokio::test]
async fn failures_in_a_row_at_most_double_the_delay_each_and_never_fall_under_the_reconnection_time() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[url.as_str(), "--retry", "40ms"]);
    let mut most = MS(45);
    let mut sum = Duration::ZERO;
    for failure in 0..6_u32 {
        server.request().await.answer(503, &[], "").await;
        let delay = tail.waiting("status").await;
        assert!(delay >= MS(40) && delay <= most + MS(1), "failure {failure}: {delay:?}");
        most = MS(40 << (failure + 1));
        sum += delay;
    }
    assert!(sum > MS(300), "six failures in a row took only {sum:?}: that is no back-off");
}

#[tokio::test]
async fn a_first_failure_of_any_kind_waits_the_reconnection_time_and_an_eighth_at_most() {
    let server = Server::start().await;
    let url = server.url("/");
    for (answer, reason) in
        [("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "status"), ("", "network"), ("nonsense\r\n\r\n", "network")]
    {
        let mut tail = Tail::start(&[url.as_str(), "--retry", "1s"]);
        server.request().await.send(answer).await;
        assert_first_delay(tail.waiting(reason).await, MS(1000));
    }
}
