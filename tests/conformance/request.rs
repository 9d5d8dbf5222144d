//! What the server is asked (9.2.2, 9.2.4; `tail`'s options for the request).

use streambell_tests::{Exchange, Server, Tail};

use crate::cases::{all, named};

async fn asked(path: &str, arguments: &[&str]) -> Exchange {
    let server = Server::start().await;
    let url = server.url(path);
    let _tail = Tail::start(&[&[url.as_str()], arguments].concat());
    server.request().await
}

#[tokio::test]
async fn a_plain_request_has_what_the_standard_says_exactly_once() {
    let server = Server::start().await;
    let url = server.url("/events");
    let _tail = Tail::start(&[&url, "--retry", "0"]);
    // And so has each one after it.
    for _ in 0..3 {
        let mut exchange = server.open().await;
        assert!(exchange.head.starts_with(b"GET /events HTTP/1.1\r\n"), "{:?}", exchange.head);
        assert_eq!(exchange.values("accept"), [b"text/event-stream"]);
        assert_eq!(exchange.values("cache-control"), [b"no-cache"]);
        assert_eq!(exchange.values("accept-encoding"), [b"identity"]);
        assert_eq!(exchange.values("host"), [server.url("").trim_start_matches("http://").as_bytes()]);
        assert_eq!(exchange.values("user-agent").len(), 1);
        assert!(exchange.values("user-agent")[0].starts_with(b"streambell/"));
        for absent in
            ["last-event-id", "authorization", "cookie", "origin", "referer", "content-length", "transfer-encoding"]
        {
            assert!(exchange.values(absent).is_empty(), "{absent}");
        }
        assert_eq!(exchange.body, "");
        exchange.send("data: a\n\n").await;
    }
}

#[tokio::test]
async fn the_address_is_asked_for_as_it_stands() {
    let table = [
        ("", "/"),
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("/a?b=c&d", "/a?b=c&d"),
        ("?a", "/?a"),
        ("/a?", "/a?"),
        ("/a%20b%2Fc?d=%20+e", "/a%20b%2Fc?d=%20+e"),
        ("/a b", "/a%20b"),
        ("/caf\u{E9}", "/caf%C3%A9"),
        ("/a#fragment", "/a"),
        ("/a/../b/./c", "/b/c"),
        ("/a;b=c,d:e@f!$'()*", "/a;b=c,d:e@f!$'()*"),
        (
            "/.well-known/mercure?topic=https%3A%2F%2Fa.example%2F{id}",
            "/.well-known/mercure?topic=https%3A%2F%2Fa.example%2F{id}",
        ),
    ];
    let runs = table.into_iter().map(|row| {
        named(row, |(path, wanted)| async move {
            assert_eq!(asked(path, &[]).await.path, wanted);
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_header_is_added_and_one_of_our_own_replaced() {
    let exchange = asked("/", &["-H", "X-Desk: 7", "--header", "X-Other:a: b", "-H", "X-Empty:"]).await;
    assert_eq!(exchange.values("x-desk"), [b"7"]);
    assert_eq!(exchange.values("x-other"), [b"a: b"]);
    assert_eq!(exchange.values("x-empty"), [b""]);
    let exchange = asked("/", &["-H", "X-Desk: 7", "-H", "x-desk: 8"]).await;
    assert_eq!(exchange.values("x-desk"), [b"7", b"8"]);
    let exchange = asked("/", &["-H", "User-Agent: mine/1.0", "-H", "Accept: text/event-stream, */*"]).await;
    assert_eq!(exchange.values("user-agent"), [b"mine/1.0"]);
    assert_eq!(exchange.values("accept"), [b"text/event-stream, */*"]);
    let exchange = asked("/", &["-H", "cache-control: no-store", "-H", "Host: other.example"]).await;
    assert_eq!(exchange.values("cache-control"), [b"no-store"]);
    assert_eq!(exchange.values("host"), [b"other.example"]);
    let exchange = asked("/", &["-H", "X-Name: caf\u{E9}"]).await;
    assert_eq!(exchange.values("x-name"), ["caf\u{E9}".as_bytes()]);
}

#[tokio::test]
async fn headers_are_sent_at_each_connection() {
    let server = Server::start().await;
    let url = server.url("/");
    let _tail = Tail::start(&[&url, "-H", "X-Desk: 7", "--retry", "0"]);
    for _ in 0..3 {
        let mut exchange = server.open().await;
        assert_eq!(exchange.values("x-desk"), [b"7"]);
        exchange.send("data: a\n\n").await;
    }
}

#[tokio::test]
async fn method_and_body_are_sent_at_each_connection() {
    let table = [
        ("POST", Some("q=1")),
        ("REPORT", Some("<a/>")),
        ("QUERY", Some("{\"a\": \"\u{E9}\"}")),
        ("POST", Some("")),
        ("POST", None),
        ("QUERY", None),
        ("PUT", Some("x")),
        ("PATCH", Some("x")),
        ("DELETE", None),
        ("M-SEARCH", Some("x")),
    ];
    let runs = table.into_iter().map(|row| {
        named(row, |(method, body)| async move {
            let server = Server::start().await;
            let url = server.url("/");
            let mut arguments = vec![url.as_str(), "--method", method, "--retry", "0"];
            arguments.extend(body.iter().flat_map(|body| ["--body", body]));
            let _tail = Tail::start(&arguments);
            for connection in 0..3 {
                let mut exchange = server.open().await;
                assert_eq!((exchange.method.as_str(), exchange.body.as_str()), (method, body.unwrap_or_default()));
                if let Some(body) = body.filter(|body| !body.is_empty()) {
                    assert_eq!(exchange.values("content-length"), [body.len().to_string().as_bytes()]);
                    assert_eq!(exchange.values("content-type").len(), 1);
                }
                assert_eq!(exchange.values("accept"), [b"text/event-stream"]);
                assert_eq!(exchange.values("cache-control"), [b"no-cache"]);
                let wanted = if connection == 0 { None } else { Some("7") };
                assert_eq!(exchange.header("last-event-id"), wanted);
                exchange.event("x", "7", "a").await;
            }
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_method_is_written_as_fetch_writes_it() {
    for (given, sent) in [("get", "GET"), ("Post", "POST"), ("put", "PUT"), ("query", "query"), ("patch", "patch")] {
        assert_eq!(asked("/", &["--method", given]).await.method, sent);
    }
}

#[tokio::test]
async fn text_that_begins_with_a_hyphen_can_be_given() {
    let exchange = asked("/", &["--method", "POST", "--body", "--x", "--last-event-id", "-1"]).await;
    assert_eq!((exchange.body.as_str(), exchange.header("last-event-id")), ("--x", Some("-1")));
}

#[tokio::test]
async fn a_body_is_sent_again_after_a_failure_too_and_its_type_may_be_given() {
    let server = Server::start().await;
    let url = server.url("/");
    let arguments = ["--method", "POST", "--body", "a: 1", "-H", "Content-Type: application/yaml", "--retry", "0"];
    let _tail = Tail::start(&[&[url.as_str()], &arguments[..]].concat());
    for _ in 0..3 {
        let exchange = server.request().await;
        assert_eq!(exchange.values("content-type"), [b"application/yaml"]);
        assert_eq!(exchange.body, "a: 1");
        exchange.answer(503, &[], "").await;
    }
}

#[tokio::test]
async fn a_proxy_is_asked_instead_of_the_server() {
    let proxy = Server::start().await;
    let mut tail = Tail::start(&["http://stream.example/events?a=b", "--proxy", &proxy.url("")]);
    let mut exchange = proxy.open().await;
    assert_eq!(exchange.path, "http://stream.example/events?a=b");
    assert_eq!(exchange.header("host"), Some("stream.example"));
    exchange.send("data: a\n\n").await;
    assert_eq!(tail.next("open").await["url"], "http://stream.example/events?a=b");
    tail.next("event").await;
}

#[tokio::test]
async fn an_address_of_ipv6_and_a_name_are_reached() {
    let Ok(listener) = tokio::net::TcpListener::bind("[::1]:0").await else { return };
    let port = listener.local_addr().unwrap().port();
    let _tail = Tail::start(&[&format!("http://[::1]:{port}/a")]);
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = vec![0; 4096];
    let read = tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await.unwrap();
    let head = String::from_utf8_lossy(&bytes[..read]).to_lowercase();
    assert!(head.starts_with("get /a ") && head.contains(&format!("host: [::1]:{port}\r\n")), "{head}");
    let server = Server::start().await;
    let _tail = Tail::start(&[&server.url("/").replace("http://127.0.0.1", "HTTP://LOCALHOST")]);
    assert!(server.request().await.header("host").is_some_and(|host| host.starts_with("localhost:")));
}
