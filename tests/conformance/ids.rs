//! The last event id: within a connection, and what is sent at the next (9.2.4, 9.2.6).

use streambell_tests::{Server, Tail};

use crate::cases::{all, case, check};
use crate::{event, message};

#[tokio::test]
async fn an_event_carries_the_last_id_so_far() {
    check(
        vec![
            case("an id", "id: 1\ndata: a\n\n", [event("message", "a", "1")]),
            case("an id after the data", "data: a\nid: 1\n\n", [event("message", "a", "1")]),
            case("no space", "id:1\ndata:a\n\n", [event("message", "a", "1")]),
            case("two spaces", "id:  1\ndata: a\n\n", [event("message", "a", " 1")]),
            case("a trailing space", "id: 1 \ndata: a\n\n", [event("message", "a", "1 ")]),
            case("the last id of a block counts", "id: 1\nid: 2\ndata: a\n\n", [event("message", "a", "2")]),
            case(
                "an id stays for events without one",
                "id: 1\ndata: a\n\ndata: b\n\ndata: c\n\n",
                [event("message", "a", "1"), event("message", "b", "1"), event("message", "c", "1")],
            ),
            case(
                "a new id replaces it",
                "id: 1\ndata: a\n\nid: 2\ndata: b\n\n",
                [event("message", "a", "1"), event("message", "b", "2")],
            ),
            case(
                "an empty id resets it",
                "id: 1\ndata: a\n\nid:\ndata: b\n\ndata: c\n\n",
                [event("message", "a", "1"), message("b"), message("c")],
            ),
            case(
                "an id without a colon resets it",
                "id: 1\ndata: a\n\nid\ndata: b\n\n",
                [event("message", "a", "1"), message("b")],
            ),
            case(
                "an id of one space resets it",
                "id: 1\ndata: a\n\nid: \ndata: b\n\n",
                [event("message", "a", "1"), message("b")],
            ),
            case("an id in a block without data counts", "id: 1\n\ndata: a\n\n", [event("message", "a", "1")]),
            case(
                "an empty id in a block without data resets it",
                "id: 1\ndata: a\n\nid\n\ndata: b\n\n",
                [event("message", "a", "1"), message("b")],
            ),
            case("an id before and after in one block", "id: 1\ndata: a\nid: 2\n\n", [event("message", "a", "2")]),
            case("an id and then an empty one", "id: 1\nid:\ndata: a\n\n", [message("a")]),
            case("any text is an id", "id: a b:c/\u{20AC}\"\ndata: a\n\n", [event("message", "a", "a b:c/\u{20AC}\"")]),
            case(
                "a long id",
                format!("id: {}\ndata: a\n\n", "7".repeat(4_000)),
                [event("message", "a", &"7".repeat(4_000))],
            ),
            case(
                "the standard's example",
                "data: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
                [event("message", "first event", "1"), message("second event"), message(" third event")],
            ),
        ],
        &[],
    )
    .await;
}

#[tokio::test]
async fn an_id_with_nul_is_ignored_as_if_it_were_not_there() {
    check(
        vec![
            case("only NUL", "id: \0\ndata: a\n\n", [message("a")]),
            case("NUL at the end", "id: x\0\ndata: a\n\n", [message("a")]),
            case("NUL at the beginning", "id: \0x\ndata: a\n\n", [message("a")]),
            case("NUL within", "id: x\0x\ndata: a\n\n", [message("a")]),
            case("NUL without a space", "id:\0\ndata: a\n\n", [message("a")]),
            case("a space, then NUL", "id:  \0\ndata: a\n\n", [message("a")]),
            case(
                "the id before stays",
                "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n",
                [event("message", "a", "1"), event("message", "b", "1")],
            ),
            case("an id of the same block stays", "id: 1\nid: 2\0\ndata: a\n\n", [event("message", "a", "1")]),
            case("an id after it counts", "id: 2\0\nid: 1\ndata: a\n\n", [event("message", "a", "1")]),
        ],
        &[],
    )
    .await;
}

/// One body a connection.
type Bodies = &'static [&'static [u8]];

/// Serves these bodies one after another, each on a connection, and tells the Last-Event-ID of the request after them.
async fn sent_after(bodies: Vec<Vec<u8>>, arguments: Vec<&'static str>) -> Option<Vec<u8>> {
    let server = Server::start().await;
    let url = server.url("/");
    let _tail = Tail::start(&[&[url.as_str(), "--retry", "0"], arguments.as_slice()].concat());
    for body in bodies {
        let mut exchange = server.open().await;
        exchange.send_bytes(&body).await;
    }
    let exchange = server.request().await;
    let sent = exchange.values("last-event-id");
    assert!(sent.len() < 2, "{sent:?}");
    sent.first().map(|value| value.to_vec())
}

#[tokio::test]
async fn the_last_id_is_sent_when_the_stream_is_resumed() {
    let table: Vec<(&str, Bodies, Option<&[u8]>)> = vec![
        ("no id was sent", &[b"data: a\n\n"], None),
        ("an id", &[b"id: 42\ndata: a\n\n"], Some(b"42")),
        ("the id of the last block", &[b"id: 1\ndata: a\n\nid: 2\ndata: b\n\n"], Some(b"2")),
        ("an id that events without one follow", &[b"id: 1\ndata: a\n\ndata: b\n\n"], Some(b"1")),
        ("an id in a block without data", &[b"id: 7\n\n"], Some(b"7")),
        ("an id that an empty one follows", &[b"id: 1\ndata: a\n\nid\ndata: b\n\n"], None),
        ("an empty id in a block without data", &[b"id: 1\ndata: a\n\nid:\n\n"], None),
        ("an id of a block that was cut off", &[b"id: 1\ndata: a\n\nid: 2\ndata: b\n"], Some(b"1")),
        ("an id of a block that was cut off, and none before", &[b"id: 2\ndata: b\n"], None),
        ("an empty id of a block that was cut off", &[b"id: 1\ndata: a\n\nid\ndata: b\n"], Some(b"1")),
        ("an id whose line was cut off", &[b"id: 1\ndata: a\n\nid: 2"], Some(b"1")),
        ("an id with NUL", &[b"id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"], Some(b"1")),
        ("a connection without ids keeps the id", &[b"id: 1\ndata: a\n\n", b"data: b\n\n"], Some(b"1")),
        ("three connections without ids keep it", &[b"id: 1\n\n", b"data: b\n\n", b": c\n", b"\n"], Some(b"1")),
        ("a later connection moves it on", &[b"id: 1\ndata: a\n\n", b"id: 2\ndata: b\n\n"], Some(b"2")),
        ("a later connection resets it", &[b"id: 1\ndata: a\n\n", b"id:\ndata: b\n\n"], None),
        ("after a reset it stays away", &[b"id: 1\n\n", b"id\n\n", b"data: a\n\n"], None),
        ("Latin letters as UTF-8", &[b"id: caf\xC3\xA9\ndata: a\n\n"], Some("caf\u{E9}".as_bytes())),
        ("the standard's ellipsis", &[b"id: \xE2\x80\xA6\ndata: a\n\n"], Some("\u{2026}".as_bytes())),
        ("Chinese", &[b"id: \xE4\xB8\xAD\xE6\x96\x87\n\n"], Some("\u{4E2D}\u{6587}".as_bytes())),
        ("an emoji", &[b"id: \xF0\x9F\x94\x94\n\n"], Some("\u{1F514}".as_bytes())),
        ("what was malformed, as U+FFFD", &[b"id: \xFFx\n\n"], Some("\u{FFFD}x".as_bytes())),
        ("spaces and punctuation within", &[b"id: a b;c=\"d\", e\n\n"], Some(b"a b;c=\"d\", e")),
        ("a tab within", &[b"id: a\tb\n\n"], Some(b"a\tb")),
        ("a number with zeros", &[b"id: 007\n\n"], Some(b"007")),
    ];
    let runs = table.into_iter().map(|(name, bodies, wanted)| {
        let bodies = bodies.iter().map(|body| body.to_vec()).collect();
        (name.to_owned(), async move {
            assert_eq!(sent_after(bodies, vec![]).await.as_deref(), wanted, "{name}");
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn a_long_id_is_sent_whole() {
    let id = "x".repeat(4_000);
    let sent = sent_after(vec![format!("id: {id}\n\n").into_bytes()], vec![]).await;
    assert_eq!(sent.as_deref(), Some(id.as_bytes()));
}

#[tokio::test]
async fn last_event_id_resumes_after_an_id_that_was_given() {
    let table: Vec<(&str, Bodies, _, Option<&[u8]>)> = vec![
        ("given", &[], vec!["--last-event-id", "41"], Some(b"41")),
        ("given beyond ASCII", &[], vec!["--last-event-id", "\u{2026}\u{E9}"], Some("\u{2026}\u{E9}".as_bytes())),
        ("given empty", &[], vec!["--last-event-id", ""], None),
        ("given and kept", &[b"data: a\n\n"], vec!["--last-event-id", "41"], Some(b"41")),
        ("given and moved on", &[b"id: 42\ndata: a\n\n"], vec!["--last-event-id", "41"], Some(b"42")),
        ("given and reset", &[b"id\n\n"], vec!["--last-event-id", "41"], None),
        ("given with a hyphen", &[], vec!["--last-event-id", "-1"], Some(b"-1")),
        ("a header of that name gives way to an id", &[b"id: 2\n\n"], vec!["-H", "Last-Event-ID: 1"], Some(b"2")),
    ];
    let runs = table.into_iter().map(|(name, bodies, arguments, wanted)| {
        let bodies = bodies.iter().map(|body| body.to_vec()).collect();
        (name.to_owned(), async move {
            assert_eq!(sent_after(bodies, arguments).await.as_deref(), wanted, "{name}");
        })
    });
    all(runs.collect()).await;
}

#[tokio::test]
async fn an_event_without_an_id_carries_the_one_of_the_connection_before_or_the_one_that_was_given() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[url.as_str(), "--retry", "0", "--last-event-id", "41"]);
    let bodies = [("data: a\n\n", "41"), ("id: 42\ndata: a\n\n", "42"), ("data: a\n\n", "42"), ("id\ndata: a\n\n", "")];
    for (body, id) in bodies {
        server.open().await.send(body).await;
        tail.next("open").await;
        tail.expect(&event("message", "a", id)).await;
        tail.waiting("end-of-stream").await;
    }
}

#[tokio::test]
async fn the_name_and_data_of_a_block_that_was_cut_off_do_not_reach_the_next_connection() {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[url.as_str(), "--retry", "0"]);
    for (body, wanted) in [("event: x\nid: 9\ndata: a\nda", None), ("data: b\n\n", Some(message("b")))] {
        server.open().await.send(body).await;
        tail.next("open").await;
        if let Some(wanted) = wanted {
            tail.expect(&wanted).await;
        }
        tail.waiting("end-of-stream").await;
    }
}
