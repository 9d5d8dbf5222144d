//! Redirects, as fetch follows them (Fetch Standard, 4.4; the contract for what goes to another origin).

use streambell_tests::{Exchange, Server, Tail};

use crate::cases::{all, named};
use crate::message;

const FOLLOWED: [u16; 5] = [301, 302, 303, 307, 308];

async fn redirect(exchange: Exchange, status: u16, location: &str) {
    exchange.answer(status, &[("Location", location)], "moved").await;
}

#[tokio::test]
async fn each_of_301_302_303_307_308_is_followed_and_the_final_address_told() {
    let runs = FOLLOWED.into_iter().flat_map(|status| [(status, false), (status, true)]).map(|row| {
        named(row, |(status, strict)| async move {
            let server = Server::start().await;
            let url = server.url("/a");
            let arguments: &[&str] = if strict { &[&url, "--strict"] } else { &[&url] };
            let mut tail = Tail::start(arguments);
            redirect(server.request().await, status, "/b?c=d").await;
            let mut exchange = server.open().await;
            assert_eq!((exchange.method.as_str(), exchange.path.as_str()), ("GET", "/b?c=d"));
            exchange.send("data: a\n\n").await;
            assert_eq!(tail.next("open").await["url"], server.url("/b?c=d"));
            tail.expect(&message("a")).await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_location_is_read_relative_to_the_address_it_came_from() {
    let table = [
        ("/events/a?x=1", "b", "/events/b"),
        ("/events/a?x=1", "./b", "/events/b"),
        ("/events/a?x=1", "../b", "/b"),
        ("/events/a?x=1", "/b", "/b"),
        ("/events/a?x=1", "/b?y=2", "/b?y=2"),
        ("/events/a?x=1", "?y=2", "/events/a?y=2"),
        ("/events/a?x=1", "b/../c", "/events/c"),
        ("/a", "  /b\t", "/b"),
        ("/a", "/b c", "/b%20c"),
        ("/a", "/%62", "/%62"),
        ("/a", "/caf\u{E9}", "/caf%C3%A9"),
        ("/a", "//127.0.0.1:PORT/b", "/b"),
        ("/a", "http://127.0.0.1:PORT/b", "/b"),
        ("/a", "HTTP://127.0.0.1:PORT/b", "/b"),
        ("/a", "http://127.0.0.1:PORT", "/"),
        ("/a", "/b#fragment", "/b"),
        ("/a#before", "/b", "/b"),
        ("/a?x=1", "#fragment", "/a?x=1"),
    ];
    let runs = table.into_iter().map(|row| {
        named(row, |(from, location, to)| async move {
            let server = Server::start().await;
            let url = server.url(from);
            let mut tail = Tail::start(&[&url]);
            let location = location.replace("PORT", &port(&server));
            redirect(server.request().await, 302, &location).await;
            let mut exchange = server.request().await;
            assert_eq!(exchange.path, to);
            exchange.start_events().await;
            let told = tail.next("open").await["url"].as_str().unwrap().to_owned();
            assert_eq!(told.split('#').next().unwrap(), server.url(to));
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_redirect_without_a_usable_location_ends_a_stream() {
    let locations: [&[&str]; 12] = [
        &[],
        &[""],
        &["   "],
        &["http://"],
        &["http://:80/"],
        &["http://a b/"],
        &["http://127.0.0.1:99999/"],
        &["ftp://127.0.0.1/"],
        &["file:///etc/hostname"],
        &["data:text/event-stream,data:%20a%0A%0A"],
        &["javascript:alert(1)"],
        &["about:blank"],
    ];
    let runs = locations.into_iter().flat_map(|location| [(location, 302, false), (location, 308, true)]).map(|row| {
        named(row, |(locations, status, strict)| async move {
            let server = Server::start().await;
            let url = server.url("/a");
            let arguments: &[&str] = if strict { &[&url, "--strict"] } else { &[&url] };
            let tail = Tail::start(arguments);
            let headers: Vec<_> = locations.iter().map(|location| ("Location", *location)).collect();
            server.request().await.answer(status, &headers, "data: a\n\n").await;
            tail.stopped("redirect").await;
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn every_status_of_a_redirect_without_a_location_ends_a_stream() {
    for status in FOLLOWED {
        let server = Server::start().await;
        let tail = Tail::start(&[&server.url("/a")]);
        let kind = [("Content-Type", "text/event-stream")];
        server.request().await.answer(status, &kind, "data: a\n\n").await;
        tail.stopped("redirect").await;
    }
}

#[tokio::test]
async fn a_loop_ends_a_stream_after_a_few_requests() {
    for locations in [["/a", "/a"], ["/b", "/a"]] {
        let server = Server::start().await;
        let tail = Tail::start(&[&server.url("/a")]);
        let serving = async {
            let mut requests = 0_usize;
            loop {
                redirect(server.request().await, 302, locations[requests % 2]).await;
                requests += 1;
                assert!(requests <= 11, "it follows a loop for ever");
            }
        };
        tokio::select! {
            message = tail.stopped("redirect") => drop(message),
            () = serving => {}
        }
    }
}

#[tokio::test]
async fn ten_redirects_are_followed_and_an_eleventh_is_not() {
    for redirects in [10, 11] {
        let server = Server::start().await;
        let url = server.url("/0");
        let mut tail = Tail::start(&[&url]);
        for n in 1..=redirects {
            redirect(server.request().await, 307, &format!("/{n}")).await;
        }
        if redirects == 10 {
            let mut exchange = server.open().await;
            assert_eq!(exchange.path, "/10");
            exchange.send("data: a\n\n").await;
            tail.next("open").await;
            tail.expect(&message("a")).await;
        } else {
            tail.stopped("redirect").await;
        }
    }
}

#[tokio::test]
async fn method_and_body_after_a_redirect_are_those_of_fetch() {
    let table = [
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("REPORT", 301, "REPORT"),
        ("REPORT", 302, "REPORT"),
        ("REPORT", 303, "GET"),
        ("REPORT", 307, "REPORT"),
        ("REPORT", 308, "REPORT"),
        ("QUERY", 301, "QUERY"),
        ("QUERY", 302, "QUERY"),
        ("QUERY", 303, "GET"),
        ("QUERY", 307, "QUERY"),
        ("QUERY", 308, "QUERY"),
        ("PUT", 302, "PUT"),
        ("PUT", 303, "GET"),
    ];
    let runs = table.into_iter().map(|row| {
        named(row, |(method, status, after)| async move {
            let server = Server::start().await;
            let url = server.url("/a");
            let _tail = Tail::start(&[&url, "--method", method, "--body", "q=1", "--retry", "0", "-H", "X-Desk: 7"]);
            for _ in 0..2 {
                let first = server.request().await;
                assert_eq!((first.method.as_str(), first.path.as_str(), first.body.as_str()), (method, "/a", "q=1"));
                redirect(first, status, "/b").await;
                let mut second = server.open().await;
                assert_eq!((second.method.as_str(), second.path.as_str()), (after, "/b"));
                assert_eq!(second.header("x-desk"), Some("7"));
                if after == method {
                    assert_eq!(second.body, "q=1");
                } else {
                    assert_eq!(second.body, "");
                    for gone in ["content-type", "content-length", "content-encoding", "transfer-encoding"] {
                        assert!(second.header(gone).is_none_or(|value| value == "0"), "{gone} is still there");
                    }
                }
                second.send("data: a\n\n").await;
            }
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn within_an_origin_all_headers_go_along() {
    let server = Server::start().await;
    let url = server.url("/a");
    let arguments = [url.as_str(), "--auth", "bearer", "-H", "X-Desk: 7", "-H", "Cookie: a=b", "--last-event-id", "42"];
    let _tail = Tail::start_with_input(&arguments, "s3cret-s3cret\n").await;
    redirect(server.request().await, 302, "/b").await;
    let exchange = server.request().await;
    assert_eq!(exchange.values("authorization"), [b"Bearer s3cret-s3cret"]);
    assert_eq!(exchange.values("x-desk"), [b"7"]);
    assert_eq!(exchange.values("cookie"), [b"a=b"]);
    assert_eq!(exchange.values("last-event-id"), [b"42"]);
    assert_eq!(exchange.values("accept"), [b"text/event-stream"]);
    assert_eq!(exchange.values("cache-control"), [b"no-cache"]);
}

#[tokio::test]
async fn to_another_origin_nothing_goes_along_that_is_the_streams() {
    let kinds = ["bearer", "basic:ann", "header:X-Key", "cookie:sid", "query:key"];
    let runs = kinds.into_iter().map(|kind| {
        named(kind, |kind| async move {
            let (server, other) = (Server::start().await, Server::start().await);
            let url = server.url("/a");
            let headers =
                ["-H", "X-Desk: 7", "-H", "Cookie: a=b", "-H", "Proxy-Authorization: x", "-H", "User-Agent: mine"];
            let arguments = [&[url.as_str(), "--auth", kind, "--last-event-id", "42"], &headers[..]].concat();
            let _tail = Tail::start_with_input(&arguments, "s3cret-s3cret\n").await;
            redirect(server.request().await, 307, &other.url("/b?c=d")).await;
            let exchange = other.request().await;
            let head = String::from_utf8_lossy(&exchange.head).to_lowercase();
            assert_eq!(exchange.path, "/b?c=d");
            for gone in
                ["authorization", "x-key", "x-desk", "cookie", "last-event-id", "s3cret", "czncmv0", "mine", "referer"]
            {
                assert!(!head.contains(gone), "{gone} went to another origin: {head}");
            }
            assert_eq!(exchange.values("accept"), [b"text/event-stream"]);
            assert_eq!(exchange.values("cache-control"), [b"no-cache"]);
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn the_body_goes_to_another_origin_where_fetch_sends_it() {
    for (status, method, body) in [(307, "REPORT", "q=1"), (308, "POST", "q=1"), (302, "POST", ""), (303, "QUERY", "")]
    {
        let (server, other) = (Server::start().await, Server::start().await);
        let _tail = Tail::start(&[&server.url("/a"), "--method", method, "--body", "q=1"]);
        redirect(server.request().await, status, &other.url("/b")).await;
        let exchange = other.request().await;
        let wanted = if body.is_empty() { "GET" } else { method };
        assert_eq!((exchange.method.as_str(), exchange.body.as_str()), (wanted, body), "{status} {method}");
    }
}

#[tokio::test]
async fn the_way_back_from_another_origin_brings_nothing_back() {
    let (server, other) = (Server::start().await, Server::start().await);
    let url = server.url("/a");
    let arguments = [url.as_str(), "--auth", "bearer", "-H", "X-Desk: 7"];
    let _tail = Tail::start_with_input(&arguments, "s3cret-s3cret\n").await;
    redirect(server.request().await, 307, &other.url("/b")).await;
    redirect(other.request().await, 307, &server.url("/c")).await;
    let exchange = server.request().await;
    assert!(exchange.header("authorization").is_none() && exchange.header("x-desk").is_none());
}

#[tokio::test]
async fn another_host_name_for_the_same_machine_is_another_origin() {
    let server = Server::start().await;
    let url = server.url("/a");
    let _tail = Tail::start(&[&url, "-H", "X-Desk: 7"]);
    let other = server.url("/b").replace("127.0.0.1", "localhost");
    redirect(server.request().await, 302, &other).await;
    assert!(server.request().await.header("x-desk").is_none());
}

#[tokio::test]
async fn each_reconnect_begins_at_the_streams_own_address_with_all_that_is_its() {
    for status in FOLLOWED {
        let (server, other) = (Server::start().await, Server::start().await);
        let url = server.url("/a");
        let mut tail = Tail::start(&[&url, "--retry", "0", "-H", "X-Desk: 7"]);
        redirect(server.request().await, status, &other.url("/b")).await;
        other.open().await.event("x", "1", "a").await;
        tail.until("waiting").await;
        let again = server.request().await;
        assert_eq!((again.path.as_str(), again.header("x-desk")), ("/a", Some("7")));
        assert_eq!(again.header("last-event-id"), Some("1"));
        redirect(again, status, &other.url("/b")).await;
        assert!(other.request().await.header("last-event-id").is_none());
    }
}

#[tokio::test]
async fn a_redirect_to_a_server_that_refuses_is_tried_again() {
    let server = Server::start().await;
    let url = server.url("/a");
    let other = Server::start().await;
    let gone = other.url("/b");
    let _refusing = other.refuse();
    let mut tail = Tail::start(&[&url, "--retry", "0"]);
    redirect(server.request().await, 302, &gone).await;
    tail.waiting("network").await;
    redirect(server.request().await, 302, "/c").await;
    server.open().await.send("data: a\n\n").await;
    tail.next("open").await;
    tail.expect(&message("a")).await;
}

#[tokio::test]
async fn the_answer_at_the_end_of_a_redirect_is_judged_like_any_other() {
    for (status, reason) in [(204, "no-content"), (404, "status"), (401, "unauthorized"), (200, "content-type")] {
        let server = Server::start().await;
        let url = server.url("/a");
        let tail = Tail::start(&[&url]);
        redirect(server.request().await, 302, "/b").await;
        server.request().await.answer(status, &[], "").await;
        tail.stopped(reason).await;
    }
}

#[tokio::test]
async fn a_location_is_not_followed_where_the_status_is_no_redirect() {
    for (status, reason) in [(200, "content-type"), (201, "status"), (300, "status"), (304, "status"), (305, "status")]
    {
        let server = Server::start().await;
        let url = server.url("/a");
        let tail = Tail::start(&[&url]);
        redirect_without_body(server.request().await, status).await;
        tail.stopped(reason).await;
    }
}

async fn redirect_without_body(exchange: Exchange, status: u16) {
    exchange.answer(status, &[("Location", "/b")], "").await;
}

#[tokio::test]
async fn the_body_of_a_redirect_is_not_waited_for() {
    let server = Server::start().await;
    let url = server.url("/a");
    let mut tail = Tail::start(&[&url]);
    let mut stuck = server.request().await;
    stuck.send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 1000\r\n\r\ndata: no\n\n").await;
    server.open().await.send("data: a\n\n").await;
    tail.next("open").await;
    tail.expect(&message("a")).await;
}

fn port(server: &Server) -> String {
    server.url("").rsplit(':').next().unwrap().to_owned()
}
