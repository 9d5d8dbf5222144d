//! The guard against the standard's own words, case by case.

#![expect(clippy::unwrap_used, reason = "tests")]

mod property;

use super::*;

const OPTIONS: Options = Options { max_event: 1024, strict: false, comments: true };

fn decode_chunks<'a>(options: Options, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Parsed> {
    decode_after("", options, chunks).0
}

fn decode_after<'a>(
    cursor: &str,
    options: Options,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<Parsed>, String) {
    let mut decoder = Decoder::new(cursor, options);
    let mut out = Vec::new();
    for chunk in chunks {
        decoder.feed(chunk, &mut out);
    }
    (out, decoder.cursor().to_owned())
}

/// Decodes a body whole, in two pieces cut at every byte, and byte by byte; all must agree.
fn decoded(body: impl AsRef<[u8]>) -> Vec<Parsed> {
    decoded_with(OPTIONS, body.as_ref())
}

fn decoded_with(options: Options, body: &[u8]) -> Vec<Parsed> {
    let whole = decode_chunks(options, [body]);
    assert_eq!(decode_chunks(options, body.chunks(1)), whole, "byte by byte");
    for at in 0..=body.len() {
        let (before, after) = body.split_at(at);
        assert_eq!(decode_chunks(options, [before, after]), whole, "cut at {at}");
    }
    whole
}

fn event(name: &str, data: &str, own_id: Option<&str>, id: &str) -> Parsed {
    let own = own_id.inspect(|own| assert_eq!(*own, id, "an id of its own is the last event id"));
    Parsed::Event { name: name.to_owned(), data: data.to_owned(), id: id.to_owned(), id_is_own: own.is_some() }
}

fn message(data: &str) -> Parsed {
    event("message", data, None, "")
}

fn moved(id: &str) -> Parsed {
    Parsed::Id(id.to_owned())
}

fn comment(text: &str) -> Parsed {
    Parsed::Comment(text.to_owned())
}

fn retry_in(millis: u64) -> Parsed {
    Parsed::Retry(Duration::from_millis(millis))
}

#[test]
fn the_examples_of_the_standard_give_what_it_says() {
    for (body, expected) in [
        ("data: YHOO\ndata: +2\ndata: 10\n\n", vec![message("YHOO\n+2\n10")]),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            vec![
                comment(" test stream"),
                event("message", "first event", Some("1"), "1"),
                event("message", "second event", Some(""), ""),
                message(" third event"),
            ],
        ),
        ("data\n\ndata\ndata\n\ndata:", vec![message(""), message("\n")]),
        ("data:test\n\ndata: test\n\n", vec![message("test"), message("test")]),
        (
            "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n",
            vec![event("add", "73857293", None, ""), event("remove", "2153", None, "")],
        ),
    ] {
        assert_eq!(decoded(body), expected, "{body:?}");
    }
}

#[test]
fn every_line_end_ends_a_line_mixed_and_split() {
    for end in ["\n", "\r", "\r\n"] {
        for blank in ["\n", "\r", "\r\n"] {
            // LF after CR is one line end, not two.
            if end == "\r" && blank == "\n" {
                continue;
            }
            let body = format!("event: a{end}data: 1{end}data: 2{end}{blank}data: 3{end}{blank}");
            assert_eq!(decoded(&body), [event("a", "1\n2", None, ""), message("3")], "{body:?}");
        }
    }
    assert_eq!(decoded("data: 1\r\n\rdata: 2\n\r\ndata: 3\r\r\n\n"), [message("1"), message("2"), message("3")]);
}

#[test]
fn an_event_is_there_with_its_last_byte() {
    for body in ["data: 1\n\n", "data: 1\r\r", "data: 1\r\n\r", "data: 1\n\r"] {
        assert_eq!(decode_chunks(OPTIONS, [body.as_bytes()]), [message("1")], "{body:?}");
        let (last, before) = body.as_bytes().split_last().unwrap();
        assert_eq!(decode_chunks(OPTIONS, [before]), [], "{body:?} without {last:?}");
    }
    assert_eq!(decode_chunks(OPTIONS, [&b": ping\r"[..]]), [comment(" ping")]);
    assert_eq!(decode_chunks(OPTIONS, [&b"retry: 4000\r"[..]]), [retry_in(4000)]);
}

#[test]
fn one_byte_order_mark_is_stripped() {
    for (body, expected) in [
        ("\u{FEFF}data: 1\n\n", vec![message("1")]),
        ("\u{FEFF}\n\u{FEFF}data: 1\n\ndata: 2\n\n", vec![message("2")]),
        ("\u{FEFF}\u{FEFF}data: 1\n\ndata: 2\n\n", vec![message("2")]),
        ("\u{FEFF}", vec![]),
        ("\u{FEFF}: c\n", vec![comment(" c")]),
        ("data: \u{FEFF}\n\n", vec![message("\u{FEFF}")]),
        ("\n\u{FEFF}data: 1\n\n", vec![]),
    ] {
        assert_eq!(decoded(body), expected, "{body:?}");
    }
    assert_eq!(decoded(b"\xEF\xBBdata: 1\n\ndata: 2\n\n"), [message("2")]);
}

#[test]
fn malformed_utf8_becomes_replacement_characters() {
    for (value, expected) in [
        (&b"a\xFFb"[..], "a\u{FFFD}b"),
        (b"\xC3", "\u{FFFD}"),
        (b"\xF0\x9F\x98", "\u{FFFD}"),
        (b"\xF0\x9F\x98\x80", "\u{1F600}"),
        (b"\xED\xA0\x80", "\u{FFFD}\u{FFFD}\u{FFFD}"),
        (b"\xC0\x80", "\u{FFFD}\u{FFFD}"),
        (b"\xF4\x90\x80\x80", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        (b"\xE2\x28\xA1", "\u{FFFD}(\u{FFFD}"),
    ] {
        let body = [b"event: ", value, b"\nid: ", value, b"\n:", value, b"\ndata: ", value, b"\n\ndata: next\n\n"];
        assert_eq!(
            decoded(body.concat()),
            [
                comment(expected),
                event(expected, expected, Some(expected), expected),
                event("message", "next", None, expected)
            ],
            "{value:?}"
        );
    }
}

#[test]
fn fields_are_read_to_the_letter() {
    for (body, expected) in [
        ("data:  two\n\n", vec![message(" two")]),
        ("data:\ttab\n\n", vec![message("\ttab")]),
        ("data:a:b: c\n\n", vec![message("a:b: c")]),
        ("data :x\n\n", vec![]),
        (" data: x\n\n", vec![]),
        ("Data: x\n\nDATA: x\n\ndataset: x\n\ndat: x\n\n", vec![]),
        ("data: \0\n\n", vec![message("\0")]),
        ("event: a\nevent: b\ndata: x\n\n", vec![event("b", "x", None, "")]),
        ("event: a\nevent\ndata: x\n\n", vec![message("x")]),
        ("event: a\n\ndata: x\n\n", vec![message("x")]),
        ("event: a\ndata\n\n", vec![event("a", "", None, "")]),
        ("data:\ndata\ndata: \n\n", vec![message("\n\n")]),
        ("foo: bar\n{\"json\": 1}\ndata: x\n\n", vec![message("x")]),
        ("\n\n\n", vec![]),
        ("data: cut off", vec![]),
        ("data: cut off\n", vec![]),
        (":\n:  two\n::\n", vec![comment(""), comment("  two"), comment(":")]),
        ("data: a\n: between\ndata: b\n\n", vec![comment(" between"), message("a\nb")]),
    ] {
        assert_eq!(decoded(body), expected, "{body:?}");
    }
}

#[test]
fn comments_are_left_out_unless_asked_for() {
    let options = Options { comments: false, ..OPTIONS };
    assert_eq!(decoded_with(options, b": a\ndata: x\n: b\n\n"), [message("x")]);
}

#[test]
fn an_event_of_many_lines_is_whole() {
    let lines: Vec<String> = (0..400).map(|line| format!("{line:>3}{}", "x".repeat(line % 7))).collect();
    let body = format!("data: {}\n\ndata: next\n\n", lines.join("\ndata: "));
    let options = Options { max_event: 100_000, ..OPTIONS };
    assert_eq!(decode_chunks(options, [body.as_bytes()]), [message(&lines.join("\n")), message("next")]);
    assert_eq!(decode_chunks(options, body.as_bytes().chunks(1)), [message(&lines.join("\n")), message("next")]);
}

#[test]
fn retry_takes_digits_only() {
    for (value, expected) in [
        ("3000", Some(3000)),
        ("000300", Some(300)),
        ("249", Some(250)),
        ("0", Some(250)),
        ("99999999999999999999999999", Some(u64::MAX)),
        ("", None),
        (" 300", None),
        ("300 ", None),
        ("+300", None),
        ("-1", None),
        ("3.5", None),
        ("1e3", None),
        ("٣", None),
    ] {
        let expected: Vec<Parsed> = expected.map(retry_in).into_iter().collect();
        assert_eq!(decoded(format!("retry: {value}\n")), expected, "{value:?}");
    }
    assert_eq!(decoded("retry\n"), []);
    assert_eq!(decoded("retry:300\ndata: x\n\n"), [retry_in(300), message("x")]);
    assert_eq!(decoded_with(Options { strict: true, ..OPTIONS }, b"retry: 0\n"), [retry_in(0)]);
}

#[test]
fn the_last_event_id_moves_at_blank_lines_only() {
    for (body, cursor, expected) in [
        ("data: x\n\n", "old", vec![event("message", "x", None, "old")]),
        (
            "id: 1\ndata: x\n\ndata: y\n\n",
            "1",
            vec![event("message", "x", Some("1"), "1"), event("message", "y", None, "1")],
        ),
        ("id: 1\n\n", "1", vec![moved("1")]),
        ("id: 1\nevent: a\n\n", "1", vec![moved("1")]),
        ("id: 1\n", "old", vec![]),
        ("id: 1\ndata: x\n", "old", vec![]),
        ("id\n\n", "", vec![moved("")]),
        ("id:\ndata: x\n\n", "", vec![event("message", "x", Some(""), "")]),
        ("id: 1\nid: 2\ndata: x\n\n", "2", vec![event("message", "x", Some("2"), "2")]),
        ("id: a\0b\ndata: x\n\n", "old", vec![event("message", "x", None, "old")]),
        ("id: 1\nid: \0\ndata: x\n\n", "1", vec![event("message", "x", Some("1"), "1")]),
        ("id:  1 \ndata: x\n\n", " 1 ", vec![event("message", "x", Some(" 1 "), " 1 ")]),
    ] {
        for chunk in [1, 2, body.len()] {
            let (out, after) = decode_after("old", OPTIONS, body.as_bytes().chunks(chunk));
            assert_eq!((out, after.as_str()), (expected.clone(), cursor), "{body:?} in chunks of {chunk}");
        }
    }
}

#[test]
fn an_event_over_the_limit_is_skipped_to_its_blank_line() {
    let options = Options { max_event: 10, ..OPTIONS };
    for (body, expected) in [
        ("data: 1234567890\n\n", vec![message("1234567890")]),
        ("data: 12345678901\n\ndata: x\n\n", vec![Parsed::Skipped { bytes: 11 }, message("x")]),
        ("event: a\ndata: 123456789\n\n", vec![event("a", "123456789", None, "")]),
        ("event: ab\ndata: 123456789\n\ndata: x\n\n", vec![Parsed::Skipped { bytes: 11 }, message("x")]),
        ("data: 12345\ndata: 6789\n\n", vec![message("12345\n6789")]),
        ("data: 12345\ndata: 67890\ndata: 1\n\ndata: x\n\n", vec![Parsed::Skipped { bytes: 13 }, message("x")]),
        ("data: 12345678901234567890\ndata: 1\n\ndata: x\n\n", vec![Parsed::Skipped { bytes: 22 }, message("x")]),
        ("event: 12345678901234567890\ndata: 1\n\ndata: x\n\n", vec![Parsed::Skipped { bytes: 21 }, message("x")]),
        ("event: 12345678901\nevent: a\n\ndata: x\n\n", vec![Parsed::Skipped { bytes: 11 }, message("x")]),
        ("\u{FEFF}data: 1234567890\n\n", vec![message("1234567890")]),
        ("unknown: 12345678901234567890\ndata: 1\n\n", vec![message("1")]),
        ("data: 12345678901\nretry: 500\n: c\n\n", vec![retry_in(500), comment(" c"), Parsed::Skipped { bytes: 11 }]),
        ("data: 12345678901\n", vec![]),
    ] {
        assert_eq!(decoded_with(options, body.as_bytes()), expected, "{body:?}");
    }
    let empty_lines = format!("{}\ndata: x\n\n", "data\n".repeat(12));
    assert_eq!(decoded_with(options, empty_lines.as_bytes()), [Parsed::Skipped { bytes: 11 }, message("x")]);
}

#[test]
fn a_skipped_event_with_an_id_is_resumed_after() {
    let options = Options { max_event: 10, ..OPTIONS };
    for body in ["id: 7\ndata: 12345678901\n\n", "data: 12345678901\nid: 7\n\n"] {
        let (out, cursor) = decode_after("6", options, [body.as_bytes()]);
        assert_eq!((out, cursor.as_str()), (vec![Parsed::Skipped { bytes: 11 }, moved("7")], "7"), "{body:?}");
    }
}

#[test]
fn an_id_that_no_request_could_carry_is_ignored() {
    let longest = "7".repeat(MAX_ID);
    for (id, expected) in [(longest.clone(), Some(longest.as_str())), (longest.clone() + "7", None)] {
        let body = format!("id: {id}\ndata: x\n\n");
        let (out, cursor) = decode_after("6", OPTIONS, [body.as_bytes()]);
        let last = expected.unwrap_or("6");
        assert_eq!((out, cursor.as_str()), (vec![event("message", "x", expected, last)], last));
    }
}

#[test]
fn a_comment_too_long_to_keep_is_reported_as_skipped() {
    let body = format!(":{}\ndata: x\n\n", "c".repeat(10_000));
    assert_eq!(decode_chunks(OPTIONS, body.as_bytes().chunks(1000)), [Parsed::Skipped { bytes: 10_001 }, message("x")]);
}

#[test]
fn heartbeats_without_blank_lines_never_make_the_next_event_too_large() {
    let body = format!("{}data: x\n\n", ": ping\n".repeat(1000));
    let options = Options { max_event: 100, comments: false, ..OPTIONS };
    assert_eq!(decode_chunks(options, [body.as_bytes()]), [message("x")]);
}
