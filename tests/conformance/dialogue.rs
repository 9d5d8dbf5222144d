//! When lines come: bytes and the lines that must follow before any further byte is sent.

use serde_json::Value;
use streambell_tests::{Server, Tail};

use crate::cases::all;
use crate::{comment, event, message};

enum Step {
    Send(&'static [u8]),
    /// This line comes now, with nothing more sent.
    Line(Value),
    /// No line comes now.
    Silence,
}

use Step::{Line, Send, Silence};

async fn speak(steps: Vec<Step>) {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[url.as_str(), "--comments"]);
    let mut exchange = server.open().await;
    tail.next("open").await;
    for step in steps {
        match step {
            Send(bytes) => exchange.send_bytes(bytes).await,
            Line(line) => tail.expect(&line).await,
            Silence => tail.silent().await,
        }
    }
}

#[tokio::test]
async fn each_line_comes_as_soon_as_its_bytes_are_complete_and_not_before() {
    let table = vec![
        ("an event at the LF of its blank line", vec![Send(b"data: a\n"), Silence, Send(b"\n"), Line(message("a"))]),
        (
            "an event at the CR of its blank line",
            vec![Send(b"data: a\r"), Silence, Send(b"\r"), Line(message("a")), Silence],
        ),
        (
            "an event at the CR of its blank line's CRLF",
            vec![Send(b"data: a\r\n"), Silence, Send(b"\r"), Line(message("a")), Send(b"\n"), Silence],
        ),
        (
            "an LF after a CR ends nothing of its own",
            vec![Send(b"data: a\r"), Send(b"\n"), Silence, Send(b"data: b\r"), Send(b"\n\r"), Line(message("a\nb"))],
        ),
        (
            "an LF that belongs to the CR before it does not end the block after an event",
            vec![
                Send(b"data: a\r\r"),
                Line(message("a")),
                Send(b"\ndata: b\r"),
                Silence,
                Send(b"\r"),
                Line(message("b")),
            ],
        ),
        ("a comment at its LF", vec![Send(b": ping"), Silence, Send(b"\n"), Line(comment(" ping"))]),
        ("a comment at its CR", vec![Send(b": ping"), Silence, Send(b"\r"), Line(comment(" ping"))]),
        (
            "a comment within a block before the block's event",
            vec![Send(b"data: a\n:c\n"), Line(comment("c")), Silence, Send(b"\n"), Line(message("a"))],
        ),
        (
            "an event that begins with a BOM which comes byte by byte",
            vec![Send(b"\xEF"), Silence, Send(b"\xBB"), Send(b"\xBF"), Send(b"data: a\n\n"), Line(message("a"))],
        ),
        (
            "a character that comes in two halves with a pause between",
            vec![Send(b"data: \xE2\x82"), Silence, Send(b"\xAC\n\n"), Line(message("\u{20AC}"))],
        ),
        (
            "two events of one piece, both at once",
            vec![Send(b"data: a\n\ndata: b\n\nda"), Line(message("a")), Line(message("b")), Silence],
        ),
        (
            "a block with a name and an id gives nothing until its blank line",
            vec![
                Send(b"event: x\nid: 1\n"),
                Silence,
                Send(b"data: a\n"),
                Silence,
                Send(b"\n"),
                Line(event("x", "a", "1")),
            ],
        ),
        (
            "an event after a long pause within a line",
            vec![Send(b"da"), Silence, Send(b"ta: lo"), Silence, Send(b"ng\n\n"), Line(message("long"))],
        ),
        ("nothing for blank lines", vec![Send(b"\n\n\r\n\r\r\n"), Silence, Send(b"data\n\n"), Line(message(""))]),
    ];
    all(table.into_iter().map(|(name, steps)| (name.to_owned(), speak(steps))).collect()).await;
}
