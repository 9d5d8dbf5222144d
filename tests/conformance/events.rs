//! What a block makes of its fields: data, name, and whether there is an event at all (9.2.6, dispatch).

use crate::cases::{case, check};
use crate::{event, message};

#[tokio::test]
async fn data_lines_are_joined_by_line_feeds() {
    check(
        vec![
            case("two lines", "data: a\ndata: b\n\n", [message("a\nb")]),
            case("three lines", "data: a\ndata: b\ndata: c\n\n", [message("a\nb\nc")]),
            case("an empty line between", "data: a\ndata:\ndata: b\n\n", [message("a\n\nb")]),
            case("an empty line first", "data:\ndata: a\n\n", [message("\na")]),
            case("an empty line last keeps its line feed", "data: a\ndata:\n\n", [message("a\n")]),
            case("two empty lines are one line feed", "data\ndata\n\n", [message("\n")]),
            case("three empty lines are two line feeds", "data:\ndata\ndata: \n\n", [message("\n\n")]),
            case("the standard's example", "data\n\ndata\ndata\n\ndata:", [message(""), message("\n")]),
            case("the standard's other example", "data:test\n\ndata: test\n\n", [message("test"), message("test")]),
            case("the standard's stocks", "data: YHOO\ndata: +2\ndata: 10\n\n", [message("YHOO\n+2\n10")]),
            case(
                "other fields between do not matter",
                "data: a\nfoo: x\nevent: e\ndata: b\n\n",
                [event("e", "a\nb", "")],
            ),
            case("a hundred lines", "data: x\n".repeat(100) + "\n", [message(&vec!["x"; 100].join("\n"))]),
            case("five thousand lines", "data\n".repeat(5_001) + "\n", [message(&"\n".repeat(5_000))]),
        ],
        &[],
    )
    .await;
}

#[tokio::test]
async fn an_event_is_named_by_the_last_event_field_of_its_own_block() {
    check(
        vec![
            case("a name", "event: x\ndata: a\n\n", [event("x", "a", "")]),
            case("a name after the data", "data: a\nevent: x\n\n", [event("x", "a", "")]),
            case("no space", "event:x\ndata:a\n\n", [event("x", "a", "")]),
            case("two spaces", "event:  x\ndata: a\n\n", [event(" x", "a", "")]),
            case("the last name counts", "event: x\nevent: y\ndata: a\n\n", [event("y", "a", "")]),
            case("an empty name last is `message`", "event: x\nevent:\ndata: a\n\n", [message("a")]),
            case("an empty name", "event:\ndata: a\n\n", [message("a")]),
            case("a name without a colon", "event\ndata: a\n\n", [message("a")]),
            case("a name of one space", "event: \ndata: a\n\n", [message("a")]),
            case("`message` in so many words", "event: message\ndata: a\n\n", [message("a")]),
            case(
                "a name does not outlive its block",
                "event: x\ndata: a\n\ndata: b\n\n",
                [event("x", "a", ""), message("b")],
            ),
            case("a name does not outlive a block without data", "event: x\n\ndata: b\n\n", [message("b")]),
            case(
                "names like the program's own",
                "event: open\ndata: a\n\nevent: error\ndata: b\n\n",
                [event("open", "a", ""), event("error", "b", "")],
            ),
            case("a name with spaces and colons", "event: a b: c\ndata: a\n\n", [event("a b: c", "a", "")]),
            case("a name with NUL", "event: a\0b\ndata: a\n\n", [event("a\0b", "a", "")]),
            case(
                "names are told apart by case",
                "event: X\ndata: a\n\nevent: x\ndata: b\n\n",
                [event("X", "a", ""), event("x", "b", "")],
            ),
        ],
        &[],
    )
    .await;
}

#[tokio::test]
async fn a_block_without_a_data_field_is_no_event() {
    check(
        vec![
            case("only a name", "event: x\n\n", []),
            case("only an id", "id: 1\n\n", []),
            case("only a retry", "retry: 5000\n\n", []),
            case("all but data", "event: x\nid: 1\nretry: 5000\n: c\nfoo\n\n", []),
            case("blank lines only", "\n\n\n", []),
            case("an empty data field is one", "data:\n\n", [message("")]),
            case("data does not carry over a blank line", "data: a\n\n\ndata: b\n\n", [message("a"), message("b")]),
        ],
        &[],
    )
    .await;
}

#[tokio::test]
async fn many_events_come_whole_and_in_order() {
    let body: String = (0..3_000).map(|n| format!("event: e{n}\ndata: {n}\ndata: x\n\n")).collect();
    let wanted: Vec<_> = (0..3_000).map(|n| event(&format!("e{n}"), &format!("{n}\nx"), "")).collect();
    check(vec![case("three thousand events", body, wanted)], &[]).await;
}
