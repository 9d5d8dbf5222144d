//! A stream's life on a real socket.

use std::time::{Duration, Instant};

use super::support::{Reply, Run, Server, config, stream};
use crate::config::{Header, HeaderValue, Resume, ResumeFrom, ResumeSend};
use crate::connection::{State, WaitReason};
use crate::secrets::Vault;
use crate::subscription::{Command, Item, Report};

#[tokio::test]
async fn events_comments_and_the_cursor_come_in_order_after_the_opening() {
    let server = Server::start(vec![Reply::Hold(stream(": hi\nid: 7\nevent: x\ndata: 1\n\ndata: 2\n\n"))]).await;
    let mut run = Run::start(config(&server.url));
    assert_eq!(run.report().await, Report::State(State::Connecting));
    assert_eq!(
        run.report().await,
        Report::Opened { status: 200, url: server.url.clone(), http: "1.1", resumes: false, gap: None }
    );
    assert_eq!(run.report().await, Report::State(State::Open));
    let (items, cursor) = run.items().await;
    assert_eq!(cursor.as_deref(), Some("7"));
    let shown: Vec<_> = items
        .iter()
        .map(|item| match item {
            Item::Comment(text) => text.clone(),
            Item::Event(event) => format!("{} {} {} {}", event.name, event.data, event.id_is_own, event.id),
            Item::Skipped { .. } => String::new(),
        })
        .collect();
    assert_eq!(shown, [" hi", "x 1 true 7", "message 2 false 7"]);
}

#[tokio::test]
async fn a_request_says_what_it_wants_once_and_resumes_after_the_cursor() {
    let mut server = Server::start(vec![Reply::Hold(stream(""))]).await;
    let _run = Run::with(config(&server.url), "ä1", Vault::memory(), 8);
    let request = server.request().await;
    for header in ["accept: text/event-stream", "cache-control: no-cache", "accept-encoding: identity"] {
        let name = header.split(':').next().unwrap();
        let lines: Vec<_> = request.lines().filter(|line| line.starts_with(&format!("{name}:"))).collect();
        assert_eq!(lines, [header]);
    }
    assert!(request.contains("last-event-id: ä1"), "{request}");
}

#[tokio::test]
async fn it_tells_whether_the_server_was_told_where_to_go_on() {
    let after = ResumeSend::Query("after".to_owned());
    for (cursor, from, send, resumes) in [
        ("7", ResumeFrom::Id, ResumeSend::Header, true),
        ("", ResumeFrom::Id, ResumeSend::Header, false),
        ("no\u{1}header", ResumeFrom::Id, ResumeSend::Header, false),
        ("no\u{1}header", ResumeFrom::Id, after, true),
        ("7", ResumeFrom::Id, ResumeSend::None, false),
        ("7", ResumeFrom::None, ResumeSend::Header, false),
    ] {
        let server = Server::start(vec![Reply::Hold(stream(""))]).await;
        let mut config = config(&server.url);
        config.resume = Resume { from, send, ..Resume::default() };
        let what = format!("{cursor:?} {:?}", config.resume);
        let mut run = Run::with(config, cursor, Vault::memory(), 8);
        let told = |report| if let Report::Opened { resumes, .. } = report { Some(resumes) } else { None };
        assert_eq!(run.until(told).await, resumes, "{what}");
    }
}

#[tokio::test]
async fn a_body_is_sent_again_at_each_reconnect_with_the_streams_own_headers() {
    let mut server = Server::start(vec![Reply::Close(stream("data: 1\n\n"))]).await;
    let mut config = config(&server.url);
    config.method = "POST".to_owned();
    config.body = Some("{\"q\":1}".to_owned());
    config.headers.push(Header { name: "Accept".to_owned(), value: HeaderValue::Plain("a/b".to_owned()) });
    let _run = Run::start(config);
    for _ in 0..3 {
        let request = server.request().await;
        assert!(request.starts_with("post /stream") && request.ends_with("{\"q\":1}"), "{request}");
        assert!(request.contains("content-type: application/json"));
        assert_eq!(request.matches("\naccept:").count(), 1);
        assert!(request.contains("accept: a/b"));
    }
}

#[tokio::test]
async fn after_a_clean_end_it_comes_back_with_the_last_id_and_drops_the_half_written_block() {
    let first = stream("retry: 250\nid: 1\ndata: one\n\nid: 2\ndata: half");
    let script = vec![Reply::Close(first), Reply::Close(stream("data: two\n\n")), Reply::Hold(stream(""))];
    let mut server = Server::start(script).await;
    let mut run = Run::start(config(&server.url));
    assert_eq!(run.event().await.data, "one");
    let wait = run.wait().await;
    assert_eq!((wait.reason, wait.attempt), (WaitReason::EndOfStream, 0));
    assert!((250..=282).contains(&wait.delay.as_millis()), "{wait:?}");
    let event = run.event().await;
    assert_eq!((event.id_is_own, event.id.as_str()), (false, "1"));
    assert!(!server.request().await.contains("last-event-id"));
    // An id outlives a connection that sends none.
    for _ in 0..2 {
        assert!(server.request().await.contains("last-event-id: 1"));
    }
}

#[tokio::test]
async fn an_empty_id_resets_the_cursor_and_a_bare_id_moves_it() {
    let script =
        vec![Reply::Close(stream("id: 5\n\n")), Reply::Close(stream("id\ndata: x\n\n")), Reply::Hold(stream(""))];
    let mut server = Server::start(script).await;
    let mut run = Run::start(config(&server.url));
    assert_eq!(run.items().await, (Vec::new(), Some("5".to_owned())));
    assert_eq!(run.items().await.1.as_deref(), Some(""));
    server.request().await;
    assert!(server.request().await.contains("last-event-id: 5"));
    assert!(!server.request().await.contains("last-event-id"));
}

#[tokio::test]
async fn a_cursor_may_come_from_the_data_and_go_into_the_query() {
    let mut server = Server::start(vec![Reply::Close(stream("id: 9\ndata: {\"seq\":17}\n\n"))]).await;
    let mut config = config(&server.url);
    config.resume.from = ResumeFrom::Pointer("/seq".to_owned());
    config.resume.send = ResumeSend::Query("after".to_owned());
    let _run = Run::start(config);
    server.request().await;
    let request = server.request().await;
    assert!(request.starts_with("get /stream?after=17 ") && !request.contains("last-event-id"), "{request}");
}

#[tokio::test]
async fn a_chunked_body_that_breaks_off_is_a_failure_of_the_network() {
    let cut =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n: hi\n\r\n9";
    let server = Server::start(vec![Reply::Close(cut.to_owned())]).await;
    let wait = Run::start(config(&server.url)).wait().await;
    assert_eq!((wait.reason, wait.attempt), (WaitReason::Network, 1));
}

#[tokio::test]
async fn silence_is_noticed_before_and_after_the_header() {
    for held in [String::new(), stream(": hi\n")] {
        let server = Server::start(vec![Reply::Hold(held)]).await;
        let mut config = config(&server.url);
        config.idle_timeout = Some(Duration::from_millis(150));
        let mut run = Run::start(config);
        let begun = Instant::now();
        assert_eq!(run.wait().await.reason, WaitReason::Idle);
        assert!(begun.elapsed() >= Duration::from_millis(150));
        assert_eq!(run.wait().await.attempt, 2);
    }
}

#[tokio::test]
async fn reconnect_drops_the_connection_and_the_wait() {
    let mut server = Server::start(vec![Reply::Hold(stream("")), Reply::Close(String::new())]).await;
    let mut slow = config(&server.url);
    slow.retry = Duration::from_secs(3600);
    let mut run = Run::start(slow);
    run.open().await;
    run.commands.send(Command::Reconnect).await.unwrap();
    run.wait().await;
    run.commands.send(Command::Reconnect).await.unwrap();
    for _ in 0..3 {
        server.request().await;
    }
}

#[tokio::test]
async fn an_event_that_is_too_large_is_skipped_and_the_connection_stays() {
    let text = format!("data: {}\n\ndata: small\n\n", "x".repeat(1000));
    let server = Server::start(vec![Reply::Hold(stream(&text))]).await;
    let mut config = config(&server.url);
    config.max_event = 100;
    let mut run = Run::start(config);
    let (items, _) = run.items().await;
    assert!(matches!(items[0], Item::Skipped { bytes: 1000 }), "{items:?}");
    assert!(matches!(&items[1], Item::Event(event) if event.data == "small"));
}

#[tokio::test]
async fn shutdown_ends_it_at_once_whatever_it_does() {
    for held in [String::new(), stream("data: x\n\n")] {
        let mut server = Server::start(vec![Reply::Hold(held)]).await;
        let run = Run::with(config(&server.url), "", Vault::memory(), 1);
        server.request().await;
        run.shutdown.cancel();
        tokio::time::timeout(Duration::from_secs(1), run.task).await.expect("ends in time").unwrap();
    }
}

#[tokio::test]
async fn a_reader_that_is_behind_loses_nothing_and_commands_are_taken_meanwhile() {
    let server = Server::start(vec![Reply::Repeat(stream(""), "data: x\n\n".to_owned(), 100_000)]).await;
    let mut run = Run::with(config(&server.url), "", Vault::memory(), 1);
    run.open().await;
    // The task stands at its full channel; a sender of commands must not.
    for _ in 0..20 {
        let sent = tokio::time::timeout(Duration::from_secs(5), run.commands.send(Command::NetworkUp)).await;
        sent.expect("taken in time").unwrap();
    }
    let mut events = 0;
    while events < 100_000 {
        events += run.items().await.0.len();
    }
    assert_eq!(events, 100_000);
    assert_eq!(run.wait().await.reason, WaitReason::EndOfStream);
}

#[tokio::test]
async fn a_stream_that_never_pauses_obeys_at_once() {
    const FLOOD: usize = 5_000_000;
    let flood = Reply::Repeat(stream(""), "data: x\n\n".to_owned(), FLOOD);
    let mut server = Server::start(vec![flood, Reply::Hold(stream(""))]).await;
    let mut run = Run::with(config(&server.url), "", Vault::memory(), 1);
    run.items().await;
    server.request().await;
    run.commands.send(Command::Reconnect).await.unwrap();
    let mut events = 0;
    run.until(|report| match report {
        Report::Items { items, .. } => {
            events += items.len();
            None
        }
        Report::State(State::Connecting) => Some(()),
        Report::State(_) | Report::Opened { .. } | Report::Quiet(_) | Report::Token(_) | Report::Refused { .. } => None,
    })
    .await;
    assert!(events < FLOOD / 10, "{events} events came first");
    run.open().await;
    server.request().await;
}

#[tokio::test]
async fn it_ends_when_nobody_reads() {
    let server = Server::start(vec![Reply::Hold(stream("data: x\n\n"))]).await;
    let task = Run::start(config(&server.url)).into_unread();
    tokio::time::timeout(Duration::from_secs(5), task).await.expect("ends in time").unwrap();
}

#[tokio::test]
async fn what_is_on_this_machine_is_never_offline() {
    for local in [true, false] {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut config = config(&format!("http://{}:{nobody}/", if local { "127.0.0.1" } else { "0.0.0.0" }));
        config.retry = Duration::from_secs(3_600);
        let mut run = Run::start(config);
        run.wait().await;
        run.commands.send(Command::NetworkDown).await.unwrap();
        if local {
            // The next word is of the reconnect: nothing came of the other.
            run.commands.send(Command::Reconnect).await.unwrap();
            assert_eq!(run.report().await, Report::State(State::Connecting));
        } else {
            assert!(matches!(run.report().await, Report::State(State::Offline { .. })));
        }
    }
}
