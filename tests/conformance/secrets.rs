//! `--auth`: where the secret goes, and that it goes nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use streambell_tests::{Server, Tail};

use crate::cases::{all, named};

const SECRET: &str = "s3cret-of-ours";

#[tokio::test]
async fn each_kind_puts_the_secret_where_it_belongs_at_each_connection() {
    let basic = format!("Basic {}", STANDARD.encode(format!("ann:{SECRET}")));
    let table: Vec<(&str, &str, String, &str)> = vec![
        ("bearer", "authorization", format!("Bearer {SECRET}"), "/a?x=1"),
        ("basic:ann", "authorization", basic, "/a?x=1"),
        ("header:X-Key", "x-key", SECRET.to_owned(), "/a?x=1"),
        ("cookie:sid", "cookie", format!("sid={SECRET}"), "/a?x=1"),
        ("query:key", "", String::new(), "/a?x=1&key=s3cret-of-ours"),
    ];
    let runs = table.into_iter().map(|row| {
        named(row, |(kind, header, value, path)| async move {
            let server = Server::start().await;
            let url = server.url("/a?x=1");
            let _tail = Tail::start_with_input(&[&url, "--auth", kind, "--retry", "0"], &format!("{SECRET}\n")).await;
            for _ in 0..3 {
                let mut exchange = server.open().await;
                assert_eq!(exchange.path, path);
                if !header.is_empty() {
                    assert_eq!(exchange.values(header), [value.as_bytes()]);
                }
                exchange.send("data: a\n\n").await;
            }
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn the_secret_is_the_first_line_of_standard_input() {
    for (input, wanted) in [
        ("s3cret\n", "s3cret"),
        ("s3cret", "s3cret"),
        ("s3cret\r\n", "s3cret"),
        ("s3cret\nother\n", "s3cret"),
        ("s3 c:ret\n", "s3 c:ret"),
    ] {
        let server = Server::start().await;
        let _tail = Tail::start_with_input(&[&server.url("/"), "--auth", "header:X-Key"], input).await;
        assert_eq!(server.request().await.values("x-key"), [wanted.as_bytes()], "{input:?}");
    }
    let server = Server::start().await;
    let _tail = Tail::start_with_input(&[&server.url("/"), "--auth", "basic:\u{E4}nn"], "p:\u{F6}\n").await;
    let wanted = format!("Basic {}", STANDARD.encode("\u{E4}nn:p:\u{F6}"));
    assert_eq!(server.request().await.values("authorization"), [wanted.as_bytes()]);
    let _tail = Tail::start_with_input(&[&server.url("/"), "--auth", "query:key"], "a&b=c d+\u{E9}#\n").await;
    let path = server.request().await.path;
    let encoded = path.strip_prefix("/?key=").unwrap();
    assert!(encoded.replace("%20", "+") == "a%26b%3Dc+d%2B%C3%A9%23", "{encoded}");
}

#[tokio::test]
async fn a_secret_of_one_line_is_enough_the_input_need_not_end() {
    let server = Server::start().await;
    let (reader, mut writer) = std::io::pipe().unwrap();
    std::io::Write::write_all(&mut writer, b"s3cret-s3cret\n").unwrap();
    let mut tail = Tail::start_with(&[&server.url("/"), "--auth", "bearer"], |command| {
        command.stdin(reader);
    });
    let mut exchange = server.open().await;
    assert_eq!(exchange.header("authorization"), Some("Bearer s3cret-s3cret"));
    tail.next("open").await;
    exchange.send("data: a\n\n").await;
    tail.next("event").await;
    drop(writer);
}

#[tokio::test]
async fn a_secret_that_is_missing_is_wrong_usage() {
    for input in ["", "\n", "\r\n"] {
        let ended = Tail::start_with_input(&["http://127.0.0.1:9/", "--auth", "bearer"], input).await.ended().await;
        assert_eq!((ended.code, ended.lines.len()), (Some(2), 0), "{ended:?}");
    }
}

#[tokio::test]
async fn no_secret_is_ever_printed() {
    let kinds = ["bearer", "basic:ann", "header:X-Key", "cookie:sid", "query:key", "query:x"];
    let runs = kinds.into_iter().flat_map(|kind| [(kind, false), (kind, true)]).map(|row| {
        named(row, |(kind, logged)| async move {
            let server = Server::start().await;
            let url = server.url("/a?x=1");
            let arguments = [url.as_str(), "--auth", kind, "--retry", "10ms", "-vv"];
            let arguments = &arguments[..if logged { 6 } else { 5 }];
            let mut tail = Tail::start_with_input(arguments, &format!("{SECRET}\n")).await;
            let mut text = String::new();
            let mut exchange = server.open().await;
            exchange.send("data: a\n\n").await;
            text.push_str(&format!("{:?}", tail.until("event").await));
            exchange.reset();
            text.push_str(&format!("{:?}", tail.until("waiting").await));
            server.request().await.answer(302, &[("Location", &format!("/b?token={SECRET}#{SECRET}"))], "").await;
            server.open().await.send("data: a\n\n").await;
            text.push_str(&format!("{:?}", tail.until("waiting").await));
            drop(server.request().await);
            text.push_str(&format!("{:?}", tail.until("waiting").await));
            let answer = format!("{{\"message\": \"no such token: {SECRET}\"}}");
            server.request().await.answer(401, &[("Content-Type", "application/json")], &answer).await;
            let ended = tail.ended().await;
            text.push_str(&format!("{ended:?}"));
            assert_eq!(ended.code, Some(3));
            assert!(!text.contains(SECRET), "{text}");
            assert!(!text.contains(&STANDARD.encode(format!("ann:{SECRET}"))), "{text}");
            assert!(!kind.starts_with("query") || text.contains("***"), "{text}");
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_secret_in_the_query_is_stars_in_the_address_that_is_told_and_the_rest_is_as_it_was() {
    let server = Server::start().await;
    let mut tail = Tail::start_with_input(&[&server.url("/a?x=1"), "--auth", "query:key"], "s3cret\n").await;
    let _exchange = server.open().await;
    assert_eq!(tail.next("open").await["url"], server.url("/a?x=1&key=***"));
}

#[tokio::test]
async fn a_password_in_the_address_is_sent_and_not_told() {
    let server = Server::start().await;
    let url = server.url("/a").replace("http://", "http://ann:s3cret-of-ours@");
    let mut tail = Tail::start(&[&url, "--retry", "10ms"]);
    let exchange = server.request().await;
    let wanted = format!("Basic {}", STANDARD.encode(format!("ann:{SECRET}")));
    assert_eq!(exchange.values("authorization"), [wanted.as_bytes()]);
    exchange.answer(503, &[], "").await;
    let waiting = tail.next("waiting").await.to_string();
    let _exchange = server.open().await;
    let open = tail.next("open").await.to_string();
    assert!(!waiting.contains(SECRET) && !open.contains(SECRET) && open.contains("***"), "{open}");
}

#[tokio::test]
async fn a_refused_secret_is_not_tried_again() {
    for status in [401, 403] {
        let server = Server::start().await;
        let tail = Tail::start_with_input(&[&server.url("/"), "--auth", "bearer", "--retry", "0"], SECRET).await;
        server.request().await.answer(status, &[("WWW-Authenticate", "Bearer")], "").await;
        tail.stopped("unauthorized").await;
        assert!(server.request_within(std::time::Duration::from_millis(100)).await.is_none());
    }
}

#[tokio::test]
async fn a_secret_that_is_repeated_as_the_type_or_the_coding_of_an_answer_is_not_told() {
    let (kind, coding) = (format!("text/{SECRET}"), format!("x-{SECRET}"));
    for headers in [
        vec![("Content-Type", kind.as_str())],
        vec![("Content-Type", "text/event-stream"), ("Content-Encoding", &coding)],
    ] {
        let server = Server::start().await;
        let tail = Tail::start_with_input(&[&server.url("/a"), "--auth", "bearer"], SECRET).await;
        server.request().await.answer(200, &headers, "").await;
        let message = tail.stopped("content-type").await;
        assert!(message.contains("***") && !message.contains(SECRET), "{message}");
    }
}

#[tokio::test]
async fn what_is_a_secret_by_its_place_is_not_told_where_the_server_repeats_it() {
    let encoded = STANDARD.encode(format!("ann:{SECRET}"));
    let table: Vec<(&str, Vec<String>, &str)> = vec![
        ("a bearer header", vec!["-H".into(), format!("Authorization: Bearer {SECRET}")], SECRET),
        ("a basic header", vec!["-H".into(), format!("authorization: Basic {encoded}")], &encoded),
        ("a key header", vec!["-H".into(), format!("X-Api-Key: {SECRET}")], SECRET),
        ("a token header", vec!["-H".into(), format!("X-Auth-Token:{SECRET}")], SECRET),
        ("a cookie header", vec!["-H".into(), format!("Cookie: a=b; sid={SECRET}")], SECRET),
        ("a parameter", vec![format!("?access_token={SECRET}")], SECRET),
        ("a password in the address", vec![format!("ann:{SECRET}@")], SECRET),
        ("basic by option", vec!["--auth".into(), "basic:ann".into()], &encoded),
        ("a parameter by option", vec!["--auth".into(), "query:key".into()], "s3cret-of%2Bours"),
    ];
    let cases: Vec<_> = table.into_iter().map(|(name, arguments, told)| (name, arguments, told.to_owned())).collect();
    let runs = cases.into_iter().map(|(name, mut arguments, told)| {
        (name.to_owned(), async move {
            let server = Server::start().await;
            let mut url = server.url("/a");
            match arguments[0].as_str() {
                query if query.starts_with('?') => url.push_str(&arguments.remove(0)),
                user if user.ends_with('@') => url.insert_str("http://".len(), &arguments.remove(0)),
                _ => {}
            }
            let secret = if name == "a parameter by option" { "s3cret-of+ours" } else { SECRET };
            let arguments: Vec<&str> =
                std::iter::once(url.as_str()).chain(arguments.iter().map(String::as_str)).collect();
            let tail = Tail::start_with_input(&arguments, secret).await;
            let said = format!("{{\"message\": \"what is {told} to me?\"}}");
            server.request().await.answer(400, &[("Content-Type", "application/json")], &said).await;
            let message = tail.stopped("status").await;
            assert!(!message.contains(&told), "{name}: {message}");
        })
    });
    all(runs.collect()).await;
}
