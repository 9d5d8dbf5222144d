//! Decoding: always UTF-8, whatever is wrong with it (9.2.6; Encoding Standard, UTF-8 decoder).

use crate::cases::{case, check};
use crate::{comment, event, message};

#[tokio::test]
async fn utf_8_of_all_lengths_is_read() {
    check(
        vec![
            case("two bytes", "data: \u{E9}\n\n", [message("\u{E9}")]),
            case("three bytes", "data: \u{20AC}\u{4E2D}\n\n", [message("\u{20AC}\u{4E2D}")]),
            case("four bytes", "data: \u{1F680}\n\n", [message("\u{1F680}")]),
            case("the greatest", "data: \u{10FFFF}\n\n", [message("\u{10FFFF}")]),
            case("combining marks stay as they are", "data: e\u{301}\u{E9}\n\n", [message("e\u{301}\u{E9}")]),
            case("bidirectional text", "data: \u{5D0}\u{202E}\u{5D1}\n\n", [message("\u{5D0}\u{202E}\u{5D1}")]),
            case("in a name", "event: \u{1F514}\ndata: a\n\n", [event("\u{1F514}", "a", "")]),
            case("in an id", "id: \u{2026}\u{1F514}\ndata: a\n\n", [event("message", "a", "\u{2026}\u{1F514}")]),
            case("in a comment", ":\u{4E2D}\u{6587}\n", [comment("\u{4E2D}\u{6587}")]),
            case("in an unknown field", "\u{E9}: x\ndata: a\n\n", [message("a")]),
            case("noncharacters", "data: \u{FFFF}\u{FDD0}\n\n", [message("\u{FFFF}\u{FDD0}")]),
        ],
        &["--comments"],
    )
    .await;
}

#[tokio::test]
async fn malformed_utf_8_becomes_replacement_characters() {
    check(
        vec![
            case("a byte that is never UTF-8", b"data: a\xFFb\n\n", [message("a\u{FFFD}b")]),
            case("Latin-1", b"data: caf\xE9\n\n", [message("caf\u{FFFD}")]),
            case("a lone continuation", b"data: \x80\n\n", [message("\u{FFFD}")]),
            case("many continuations", b"data: \x80\xBF\x80\n\n", [message("\u{FFFD}\u{FFFD}\u{FFFD}")]),
            case("a lead byte before ASCII", b"data: \xC3x\n\n", [message("\u{FFFD}x")]),
            case("a cut sequence of three, two bytes", b"data: \xE2\x82x\n\n", [message("\u{FFFD}x")]),
            case("a cut sequence of four, three bytes", b"data: \xF0\x9F\x9Ax\n\n", [message("\u{FFFD}x")]),
            case("a cut sequence at the line's end", b"data: \xE2\x82\ndata: b\n\n", [message("\u{FFFD}\nb")]),
            case("a cut sequence at a CR", b"data: \xF0\x9F\rdata: b\r\r", [message("\u{FFFD}\nb")]),
            case("cut sequences one after another", b"data: \xE2\x82\xE2\x82\n\n", [message("\u{FFFD}\u{FFFD}")]),
            case("an overlong slash", b"data: \xC0\xAF\n\n", [message("\u{FFFD}\u{FFFD}")]),
            case("an overlong form of three", b"data: \xE0\x80\xAF\n\n", [message("\u{FFFD}\u{FFFD}\u{FFFD}")]),
            case("a surrogate", b"data: \xED\xA0\x80\n\n", [message("\u{FFFD}\u{FFFD}\u{FFFD}")]),
            case("a surrogate pair", b"data: \xED\xA0\xBD\xED\xB8\x80\n\n", [message(&"\u{FFFD}".repeat(6))]),
            case("over the greatest", b"data: \xF4\x90\x80\x80\n\n", [message(&"\u{FFFD}".repeat(4))]),
            case("a form of five bytes", b"data: \xF8\x88\x80\x80\x80\n\n", [message(&"\u{FFFD}".repeat(5))]),
            case("an overlong line end ends nothing", b"data: a\xC0\x8Ab\n\n", [message("a\u{FFFD}\u{FFFD}b")]),
            case("in a name", b"event: a\xFF\ndata: a\n\n", [event("a\u{FFFD}", "a", "")]),
            case("in an id", b"id: \xFF1\ndata: a\n\n", [event("message", "a", "\u{FFFD}1")]),
            case("in a comment", b": \xE2\x82\n", [comment(" \u{FFFD}")]),
            case("in a field's name", b"data\xFF: a\ndata: b\n\n", [message("b")]),
            case("before a field's name", b"\x80data: a\ndata: b\n\n", [message("b")]),
            case(
                "what follows is read as ever",
                b"data: \xFF\n\ndata: \xC3\xA9\n\n",
                [message("\u{FFFD}"), message("\u{E9}")],
            ),
        ],
        &["--comments"],
    )
    .await;
}
