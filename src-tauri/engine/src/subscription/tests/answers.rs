//! What each answer of a server leads to.

use super::support::{Reply, Run, Server, answer_of, config, stream};
use crate::config::Redirects;
use crate::connection::WaitReason;
use crate::subscription::Report;

async fn ends(answer: String) -> (&'static str, String) {
    let server = Server::start(vec![Reply::Close(answer)]).await;
    Run::start(config(&server.url)).ended().await
}

#[tokio::test]
async fn http_204_ends_the_stream() {
    assert_eq!(ends("HTTP/1.1 204 No Content\r\n\r\n".to_owned()).await.0, "no-content");
}

#[tokio::test]
async fn http_404_ends_the_stream_and_says_what_the_server_says() {
    let body = r#"{"message":"no such\r\nstream"}"#;
    let (reason, message) = ends(answer_of("404 Not Found", "Content-Type: application/json\r\n", body)).await;
    assert_eq!((reason, message.as_str()), ("status", "the server answers 404 Not Found (no such stream)"));
}

#[tokio::test]
async fn http_401_and_403_ask_for_sign_in() {
    assert_eq!(ends(answer_of("401 Unauthorized", "", "")).await.0, "needs-sign-in");
    assert_eq!(ends(answer_of("403 Forbidden", "", "")).await.0, "needs-sign-in");
}

#[tokio::test]
async fn another_content_type_ends_the_stream() {
    let (reason, message) = ends(answer_of("200 OK", "Content-Type: text/html\r\n", "<p>")).await;
    assert_eq!((reason, message.as_str()), ("content-type", "the answer is text/html, not text/event-stream"));
}

#[tokio::test]
async fn http_503_is_tried_again_after_what_the_server_asks() {
    let busy = answer_of("503 Service Unavailable", "Retry-After: 1\r\n", "");
    let server = Server::start(vec![Reply::Close(busy), Reply::Hold(stream(""))]).await;
    let mut run = Run::start(config(&server.url));
    let wait = run.wait().await;
    assert_eq!((wait.reason, wait.attempt), (WaitReason::Status, 1));
    assert!((1000..=1125).contains(&wait.delay.as_millis()), "{wait:?}");
    let begun = std::time::Instant::now();
    run.open().await;
    assert!(begun.elapsed().as_millis() >= 900);
}

#[tokio::test]
async fn a_refused_connection_and_a_garbled_answer_are_tried_again() {
    let server = Server::start(vec![Reply::Close("garbage\r\n\r\n".to_owned()), Reply::Close(String::new())]).await;
    let mut run = Run::start(config(&server.url));
    for _ in 0..3 {
        assert_eq!(run.wait().await.reason, WaitReason::Network);
    }
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let wait = Run::start(config(&format!("http://{free}/?k=s3cret"))).wait().await;
    assert_eq!(wait.message.english, format!("cannot reach {free}: connection refused"));
}

#[tokio::test]
async fn an_address_that_cannot_be_used_ends_the_stream() {
    for url in ["nonsense s3cret", "ftp://localhost/", "file:///s3cret"] {
        let (reason, message) = Run::start(config(url)).ended().await;
        assert_eq!(reason, "bad-url");
        assert!(!message.contains("s3cret"));
    }
}

#[tokio::test]
async fn redirects_are_followed_and_the_final_address_is_told() {
    for status in ["301 A", "302 A", "303 A", "307 A", "308 A"] {
        let script = vec![Reply::Close(answer_of(status, "Location: /b?c\r\n", "")), Reply::Hold(stream(""))];
        let mut server = Server::start(script).await;
        let mut run = Run::start(config(&server.url));
        let url = run.until(|report| match report {
            Report::Opened { url, .. } => Some(url),
            _ => None,
        });
        assert_eq!(url.await, server.url.replace("/stream", "/b?c"));
        server.request().await;
        assert!(server.request().await.starts_with("get /b?c http/1.1"));
    }
}

#[tokio::test]
async fn a_redirect_that_leads_nowhere_or_round_ends_the_stream() {
    for headers in ["", "Location:\r\n", "Location: ftp://x/\r\n", "Location: /stream\r\n"] {
        assert_eq!(ends(answer_of("302 Found", headers, "")).await.0, "redirect", "{headers}");
    }
}

#[tokio::test]
async fn ten_redirects_are_followed_and_no_eleventh() {
    for (redirects, opens) in [(10, true), (11, false)] {
        let mut script = vec![Reply::Close(answer_of("307 A", "Location: /\r\n", "")); redirects];
        script.push(Reply::Hold(stream("")));
        let server = Server::start(script).await;
        let mut run = Run::start(config(&server.url));
        if opens { run.open().await } else { assert_eq!(run.ended().await.0, "redirect") }
    }
}

#[tokio::test]
async fn another_origin_is_followed_only_where_the_stream_allows_it() {
    let away = Server::start(vec![Reply::Hold(stream(""))]).await;
    let moved = answer_of("302 Found", &format!("Location: {}\r\n", away.url), "");
    let server = Server::start(vec![Reply::Close(moved)]).await;
    Run::start(config(&server.url)).open().await;
    let mut strict = config(&server.url);
    strict.redirects = Redirects::SameOrigin;
    assert_eq!(Run::start(strict).ended().await.0, "redirect");
}
