//! How it ends: signals, a reader that goes away, a stream that is over.

use std::time::Duration;

use streambell_tests::{Server, Tail};

use crate::cases::{all, named};

const SECOND: Duration = Duration::from_secs(1);

async fn ends_at_once(mut tail: Tail, signal: &str, state: &str) {
    if state == "open" {
        tail.next("open").await;
    }
    tail.signal(signal).await;
    let ended = tail.ended().await;
    assert_eq!(ended.code, Some(0), "{signal} while {state}: {ended:?}");
    assert!(ended.took < SECOND, "{signal} while {state} took {:?}", ended.took);
    assert_eq!(ended.errors, "", "{signal} while {state}");
    assert!(ended.lines.iter().all(|line| line["type"] != "stopped"), "{ended:?}");
}

#[tokio::test]
async fn sigterm_and_sigint_end_within_a_second_with_0() {
    let states = ["open", "waiting", "unanswered"];
    let runs = states.into_iter().flat_map(|state| [(state, "TERM"), (state, "INT")]).map(|row| {
        named(row, |(state, signal)| async move {
            let server = Server::start().await;
            let url = server.url("/");
            let mut tail = Tail::start(&[&url, "--retry", "1h"]);
            let mut exchange = server.request().await;
            match state {
                "open" => exchange.start_events().await,
                "waiting" => {
                    exchange.reset();
                    tail.waiting("network").await;
                    ends_at_once(tail, signal, state).await;
                    return;
                }
                _ => {}
            }
            ends_at_once(tail, signal, state).await;
            exchange.closed().await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn events_that_were_printed_before_a_signal_are_whole() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/")]);
    let mut exchange = server.open().await;
    exchange.send(&"data: a\n\n".repeat(100)).await;
    tail.next("open").await;
    tail.next("event").await;
    tail.signal("TERM").await;
    // Each line is parsed on the way.
    let ended = tail.ended().await;
    assert_eq!(ended.code, Some(0));
}

#[tokio::test]
async fn a_signal_ends_it_where_nobody_reads_what_it_writes() {
    for signal in ["TERM", "INT"] {
        let server = Server::start().await;
        let tail = Tail::start(&[&server.url("/")]);
        let mut exchange = server.open().await;
        let flood = "data: of these there are too many for a pipe\n\n".repeat(2_000);
        let flooding = async {
            loop {
                exchange.send(&flood).await;
            }
        };
        // The pipe is full now, and so is all before it.
        drop(tokio::time::timeout(SECOND, flooding).await);
        tail.signal(signal).await;
        let (status, took) = tail.ended_unread().await;
        assert_eq!(status, Some(0));
        assert!(took < SECOND, "{took:?}");
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_it_quietly() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/")]);
    let mut exchange = server.open().await;
    tail.next("open").await;
    let deaf = tail.hang_up();
    let writing = async {
        loop {
            exchange.send("data: a\n\n").await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let ended = tokio::select! {
        ended = deaf.ended() => ended,
        () = writing => unreachable!(),
    };
    assert_eq!((ended.code, ended.errors.as_str()), (Some(0), ""));
    assert!(ended.took < 2 * SECOND, "{:?}", ended.took);
}

#[tokio::test]
async fn stopped_is_the_last_line_and_comes_once_with_a_reason_for_people() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&url, "--retry", "0"]);
    server.open().await.send("data: a\n\n").await;
    for kind in ["open", "event", "waiting"] {
        tail.next(kind).await;
    }
    server.request().await.answer(410, &[("Content-Type", "text/plain")], "gone\nfor good").await;
    let message = tail.stopped("status").await;
    assert!(message.contains("410") && !message.contains('\n'), "{message}");
}

#[tokio::test]
async fn a_stream_that_ended_for_good_is_not_connected_to_again() {
    let server = Server::start().await;
    let tail = Tail::start(&[&server.url("/"), "--retry", "0"]);
    server.request().await.answer(204, &[("Retry-After", "0")], "").await;
    let ended = tail.ended().await;
    assert!(ended.took < SECOND, "{:?}", ended.took);
    assert!(server.request_within(Duration::from_millis(200)).await.is_none());
}

#[tokio::test]
async fn a_second_signal_does_no_harm() {
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/")]);
    let _exchange = server.open().await;
    tail.next("open").await;
    tail.signal("HUP").await;
    tail.signal("HUP").await;
    tail.signal("TERM").await;
    assert_eq!(tail.ended().await.code, Some(0));
}
