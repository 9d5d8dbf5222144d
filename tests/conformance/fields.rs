//! How a line is read: fields, values, comments (9.2.6).

use crate::cases::{case, check};
use crate::{comment, event, message};

#[tokio::test]
async fn a_field_is_a_name_a_colon_and_a_value_without_one_leading_space() {
    check(
        vec![
            case("no space", "data:a\n\n", [message("a")]),
            case("one space", "data: a\n\n", [message("a")]),
            case("two spaces", "data:  a\n\n", [message(" a")]),
            case("three spaces", "data:   a\n\n", [message("  a")]),
            case("a tab stays", "data:\ta\n\n", [message("\ta")]),
            case("a space and a tab", "data: \ta\n\n", [message("\ta")]),
            case("a space that does not break stays", "data:\u{A0}a\n\n", [message("\u{A0}a")]),
            case("trailing spaces stay", "data: a  \n\n", [message("a  ")]),
            case("only a space", "data: \n\n", [message("")]),
            case("only two spaces", "data:  \n\n", [message(" ")]),
            case("a second colon", "data: a: b:c\n\n", [message("a: b:c")]),
            case("nothing but colons", "data:::\n\n", [message("::")]),
            case("no colon is an empty value", "data\n\n", [message("")]),
            case("a colon and nothing", "data:\n\n", [message("")]),
            case("JSON", "data: {\"a\": [1, \"\\n\"]}\n\n", [message("{\"a\": [1, \"\\n\"]}")]),
            case("a body that begins with a brace", "{\"a\":1}\n\ndata: b\n\n", [message("b")]),
            case("markup", "data: <b>&amp;</b>\n\n", [message("<b>&amp;</b>")]),
            case("a quote and a backslash", "data: \"\\u0041\\\"\n\n", [message("\"\\u0041\\\"")]),
            case("control characters", "data: \u{1}\u{1B}[31m\u{7F}\n\n", [message("\u{1}\u{1B}[31m\u{7F}")]),
            case("NUL in data", "data: a\0b\n\n", [message("a\0b")]),
            case("only NUL", "data:\0\n\n", [message("\0")]),
        ],
        &[],
    )
    .await;
}

#[tokio::test]
async fn what_is_no_known_field_is_ignored() {
    check(
        vec![
            case("an unknown field", "foo: bar\ndata: a\nfoo\n:\n\n", [comment(""), message("a")]),
            case("a block of unknown fields", "foo: bar\n\ndata: a\n\n", [message("a")]),
            case("upper case", "DATA: x\nData: y\ndata: a\n\n", [message("a")]),
            case("an upper-case event", "Event: x\nEVENT: y\ndata: a\n\n", [message("a")]),
            case("an upper-case id", "ID: 1\nId: 2\ndata: a\n\n", [message("a")]),
            case("a leading space", " data: x\ndata: a\n\n", [message("a")]),
            case("a leading tab", "\tdata: x\ndata: a\n\n", [message("a")]),
            case("a space before the colon", "data : x\ndata: a\n\n", [message("a")]),
            case("a longer name", "datas: x\ndata: a\n\n", [message("a")]),
            case("a shorter name", "dat: x\ndata: a\n\n", [message("a")]),
            case("a longer name without a colon", "data_5\ndata: a\n\n", [message("a")]),
            case("NUL in a name", "data\0: x\n\0data: y\ndata: a\n\n", [message("a")]),
            case("longer names of the other fields", "events: x\nids: 1\nretrys: 1\ndata: a\n\n", [message("a")]),
            case("names that begin like others", "e: x\ni: 1\nr: 1\nd: x\ndata: a\n\n", [message("a")]),
            case("an equals sign", "data= x\ndata: a\n\n", [message("a")]),
            case("a full-width colon", "data\u{FF1A} x\ndata: a\n\n", [message("a")]),
            case("a line of spaces is no blank line", "data: a\n  \ndata: b\n\n", [message("a\nb")]),
            case(
                "the standard's own mixture",
                "data:\0\n data:2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
                [message("\0\n1\n3\n\n4")],
            ),
            case("lines of HTTP", "HTTP/1.1 200 OK\nContent-Type: text/html\n\ndata: a\n\n", [message("a")]),
        ],
        &["--comments"],
    )
    .await;
}

#[tokio::test]
async fn a_comment_is_reported_verbatim_and_changes_nothing() {
    check(
        vec![
            case("empty", ":\n", [comment("")]),
            case("the leading space stays", ": ping\n", [comment(" ping")]),
            case("no space", ":ping\n", [comment("ping")]),
            case("two colons", "::ping\n", [comment(":ping")]),
            case("what looks like a field", ":data: x\n\n", [comment("data: x")]),
            case("within a block", "data: a\n: c\ndata: b\n\n", [comment(" c"), message("a\nb")]),
            case("between name and data", "event: x\n:c\ndata: a\n\n", [comment("c"), event("x", "a", "")]),
            case("a block of comments is no event", ": a\n: b\n\n", [comment(" a"), comment(" b")]),
            case("spaces and tabs", ": \t a \t\n", [comment(" \t a \t")]),
            case("NUL and control characters", ":\0\u{1B}\n", [comment("\0\u{1B}")]),
            case("of 100,000 characters", format!(":{}\n", "x".repeat(100_000)), [comment(&"x".repeat(100_000))]),
            case("2,000 of them", ":x\n".repeat(2_000), vec![comment("x"); 2_000]),
        ],
        &["--comments"],
    )
    .await;
}

#[tokio::test]
async fn comments_are_not_reported_unless_asked_for() {
    check(
        vec![
            case("comments", ": a\n:\n:: b\n\n", []),
            case("comments within a block", ":a\ndata: a\n: b\n\n: c\n", [message("a")]),
        ],
        &[],
    )
    .await;
}
