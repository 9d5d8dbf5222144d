//! Byte order marks and line ends (9.2.5, 9.2.6).

use streambell_tests::{Server, Tail};

use crate::cases::{CHUNKED, case, check, chunks};
use crate::{comment, event, message};

#[tokio::test]
async fn one_byte_order_mark_at_the_beginning_is_stripped() {
    check(
        vec![
            case("no mark", "data: a\n\n", [message("a")]),
            case("one mark", "\u{FEFF}data: a\n\n", [message("a")]),
            case("a mark before a comment", "\u{FEFF}: c\n", [comment(" c")]),
            case("a mark before a blank line", "\u{FEFF}\ndata: a\n\n", [message("a")]),
            case("a mark before CR LF", "\u{FEFF}\r\ndata: a\r\n\r\n", [message("a")]),
            case("a mark alone", "\u{FEFF}", []),
            case("a second mark is part of the name", "\u{FEFF}\u{FEFF}data: a\n\ndata: b\n\n", [message("b")]),
            case("a mark after the first line", "\n\u{FEFF}data: a\n\ndata: b\n\n", [message("b")]),
            case("a mark before a later event", "data: a\n\n\u{FEFF}data: b\n\n", [message("a")]),
            case("a mark within a value", "data: \u{FEFF}a\u{FEFF}\n\n", [message("\u{FEFF}a\u{FEFF}")]),
            case("two bytes of a mark", b"\xEF\xBBdata: a\n\ndata: b\n\n", [message("b")]),
            case("one byte of a mark", b"\xEFdata: a\n\ndata: b\n\n", [message("b")]),
            case("a mark of UTF-16", b"\xFE\xFFdata: a\n\ndata: b\n\n", [message("b")]),
            case("a mark and then half of another", b"\xEF\xBB\xBF\xEF\xBBdata: a\n\ndata: b\n\n", [message("b")]),
        ],
        &["--comments"],
    )
    .await;
}

#[tokio::test]
async fn lines_end_at_lf_cr_and_crlf_in_any_mixture() {
    check(
        vec![
            case("LF", "data: a\ndata: b\n\ndata: c\n\n", [message("a\nb"), message("c")]),
            case("CR", "data: a\rdata: b\r\rdata: c\r\r", [message("a\nb"), message("c")]),
            case("CRLF", "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", [message("a\nb"), message("c")]),
            case("CRLF then CR", "data: a\r\n\r", [message("a")]),
            case("CRLF then LF", "data: a\r\n\n", [message("a")]),
            case("CR then CRLF", "data: a\r\r\n", [message("a")]),
            case("LF then CR", "data: a\n\r", [message("a")]),
            case("LF then CRLF", "data: a\n\r\n", [message("a")]),
            case(
                "LF CR LF CR is an end and a blank line and another",
                "data: a\n\r\n\rdata: b\n\n",
                [message("a"), message("b")],
            ),
            case("CR LF alone between data lines is one end", "data: a\r\ndata: b\n\n", [message("a\nb")]),
            case("CR CR LF is an end and a blank line", "data: a\r\r\ndata: b\n\n", [message("a"), message("b")]),
            case("the standard's own mixture", "data:test\r\ndata\ndata:test\r\n\r", [message("test\n\ntest")]),
            case("nothing but ends", "\r\n\r\r\n\n\n\r", []),
            case("ends before the first event", "\n\r\n\rdata: a\n\n", [message("a")]),
            case("ends after events", "data: a\n\n\n\n\r\rdata: b\n\n\n", [message("a"), message("b")]),
            case("a form feed ends no line", "data: a\u{C}b\n\n", [message("a\u{C}b")]),
            case("a vertical tab ends no line", "data: a\u{B}b\n\n", [message("a\u{B}b")]),
            case("the next line character ends no line", "data: a\u{85}b\n\n", [message("a\u{85}b")]),
            case(
                "line and paragraph separators end no line",
                "data: a\u{2028}b\u{2029}c\n\n",
                [message("a\u{2028}b\u{2029}c")],
            ),
            case("comments with CR", ": a\r: b\r\n: c\n", [comment(" a"), comment(" b"), comment(" c")]),
        ],
        &["--comments"],
    )
    .await;
}

#[tokio::test]
async fn what_the_end_cuts_off_is_dropped() {
    check(
        vec![
            case("an empty body", "", []),
            case("a block without its blank line", "data: a\n\ndata: b\n", [message("a")]),
            case("a line without its end", "data: a\n\ndata: b", [message("a")]),
            case("half a blank line is a whole one", "data: a\r\n\r", [message("a")]),
            case("a name without a line end", "data: a\n\nda", [message("a")]),
            case("a character cut in the middle", b"data: a\n\ndata: \xE2\x82", [message("a")]),
            case("only a name", "event: x", []),
            case("only an id", "id: 1\n", []),
            case("a comment without its end", ": a\n: b", [comment(" a")]),
        ],
        &["--comments"],
    )
    .await;
}

#[tokio::test]
async fn a_stream_reads_the_same_wherever_it_is_cut() {
    let body =
        "\u{FEFF}: c\u{E9}\r\nevent: \u{20AC}\rdata: a\u{1F600}\r\ndata\n\rid: \u{FC}\ndata:  b\n\n\rdata: c\r\r\n";
    let wanted = [
        comment(" c\u{E9}"),
        event("\u{20AC}", "a\u{1F600}\n", ""),
        event("message", " b", "\u{FC}"),
        event("message", "c", "\u{FC}"),
    ];
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[url.as_str(), "--comments", "--retry", "0"]);
    for at in 1..body.len() {
        let mut exchange = server.request().await;
        let (one, other) = body.as_bytes().split_at(at);
        exchange.send(CHUNKED).await;
        // The id is reset at the end, so that each connection begins without one.
        exchange.send_bytes(&chunks([one, other, b"id\n\n"].into_iter())).await;
        drop(exchange);
        tail.next("open").await;
        for line in &wanted {
            assert_eq!(&tail.line().await, line, "cut at {at}");
        }
        tail.waiting("end-of-stream").await;
    }
}
