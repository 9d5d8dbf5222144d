//! Streams over TLS: who is trusted, and what a redirect may do.

use streambell_tests::{Server, Tail, Tls};

use crate::message;

#[tokio::test]
async fn a_private_authority_is_trusted_with_ca_cert_only() {
    let server = Server::start().await;
    let tls = Tls::in_front_of(&server).await;
    let (url, authority) = (tls.url("/a"), tls.authority());
    for strict in [&[][..], &["--strict"]] {
        let mut distrusting = Tail::start(&[&[url.as_str(), "--retry", "10ms"], strict].concat());
        distrusting.waiting("tls").await;
        distrusting.waiting("tls").await;
    }
    let mut tail = Tail::start(&[&url, "--retry", "10ms", "--ca-cert", authority.to_str().unwrap()]);
    for _ in 0..2 {
        let mut exchange = server.open().await;
        assert_eq!(exchange.values("accept"), [b"text/event-stream"]);
        exchange.send("data: a\n\n").await;
        drop(exchange);
        let open = tail.next("open").await;
        assert_eq!((&open["url"], &open["http"]), (&url.as_str().into(), &"1.1".into()));
        tail.expect(&message("a")).await;
        tail.waiting("end-of-stream").await;
    }
}

#[tokio::test]
async fn a_pinned_certificate_is_accepted_and_another_one_named() {
    let server = Server::start().await;
    let tls = Tls::self_signed(&server, "elsewhere.test").await;
    let mut tail = Tail::start(&[&tls.url("/a"), "--pin", tls.fingerprint()]);
    server.open().await.send("data: a\n\n").await;
    tail.next("open").await;
    tail.expect(&message("a")).await;
    let mut distrusting = Tail::start(&[&tls.url("/a"), "--retry", "10ms", "--pin", &"ab".repeat(32)]);
    let line = distrusting.next("waiting").await;
    assert_eq!(line["reason"], "tls");
    assert!(line["message"].as_str().unwrap().contains("it has the SHA-256 "), "{line}");
}

#[tokio::test]
async fn tls_where_the_server_speaks_none_is_tried_again() {
    let server = Server::start().await;
    let url = server.url("/").replace("http:", "https:");
    let mut tail = Tail::start(&[&url, "--retry", "10ms"]);
    let answering = async { server.request().await.answer(200, &[], "").await };
    let (line, ()) = tokio::join!(tail.next("waiting"), answering);
    assert!(line["reason"] == "tls" || line["reason"] == "network", "{line}");
}

#[tokio::test]
async fn a_redirect_from_https_to_http_is_never_followed() {
    for (status, strict) in [(301, false), (302, true), (307, false), (308, true)] {
        let (server, other) = (Server::start().await, Server::start().await);
        let tls = Tls::in_front_of(&server).await;
        let (url, authority) = (tls.url("/a"), tls.authority());
        let arguments = [&url, "--ca-cert", authority.to_str().unwrap(), "--strict"];
        let tail = Tail::start(&arguments[..if strict { 4 } else { 3 }]);
        server.request().await.answer(status, &[("Location", &other.url("/b"))], "").await;
        tail.stopped("redirect").await;
        assert!(other.request_within(std::time::Duration::from_millis(100)).await.is_none(), "it was followed");
    }
}

#[tokio::test]
async fn a_redirect_from_http_to_https_is_followed_as_to_another_origin() {
    let (server, other) = (Server::start().await, Server::start().await);
    let tls = Tls::in_front_of(&other).await;
    let authority = tls.authority();
    let mut tail = Tail::start(&[&server.url("/a"), "-H", "X-Desk: 7", "--ca-cert", authority.to_str().unwrap()]);
    server.request().await.answer(302, &[("Location", &tls.url("/b"))], "").await;
    let mut exchange = other.open().await;
    assert!(exchange.header("x-desk").is_none());
    exchange.send("data: a\n\n").await;
    assert_eq!(tail.next("open").await["url"], tls.url("/b"));
    tail.expect(&message("a")).await;
}
