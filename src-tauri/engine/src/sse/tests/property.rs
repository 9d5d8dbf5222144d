//! The guard against an independent reading of the standard, the crate `sse-core`, over hostile bytes cut anywhere.

use proptest::prelude::*;
use sse_core::{SseDecoder, SseEvent};

use super::*;

/// What both report: events as name, data and last event id; the reconnection time; and the cursor in the end.
#[derive(Debug, PartialEq)]
enum Seen {
    Event(String, String, String),
    Retry(u64),
    Cursor(String),
}

/// Pieces that lines are made of. A `retry` value stays under 2^32, since sse-core ignores a larger one, where the
/// standard sets no bound and the guard saturates.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words: Vec<&[u8]> = vec![
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b":",
        b": ",
        b" ",
        b"data",
        b"data:",
        b"data: ",
        b"event",
        b"event: ",
        b"id",
        b"id: ",
        b"id:",
        b"retry",
        b"retry: ",
        b"retry:1",
        b"retry: 42\n",
        b"dat",
        b"ev",
        b"i",
        b"d",
        b"\0",
        b"7",
        b"x",
        b"{\"a\":1}",
        b"\xEF\xBB\xBF",
        b"\xEF\xBB",
        b"\xBF",
        b"\xFF",
        b"\xC3",
        b"\xA9",
        b"\xE2\x82",
        b"\xAC",
        b"\xF0\x9F",
        b"\x98\x80",
        b"\xED\xA0\x80",
        b"\xC0\x80",
        "é€😀".as_bytes(),
    ];
    prop_oneof![
        8 => proptest::sample::select(words).prop_map(<[u8]>::to_vec),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(piece(), 0..80)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("retry under 2^32", |body| !body.windows(9).any(|window| window.iter().all(u8::is_ascii_digit)))
}

/// A body in chunks, cut at random places; some chunks are empty.
fn chunks() -> impl Strategy<Value = (Vec<u8>, Vec<usize>)> {
    body().prop_flat_map(|body| {
        let cuts = proptest::collection::vec(0..=body.len(), 0..12);
        (Just(body), cuts).prop_map(|(body, mut cuts)| {
            cuts.sort_unstable();
            (body, cuts)
        })
    })
}

fn cut<'a>(body: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain(std::iter::once(body.len()));
    starts.zip(ends).map(|(start, end)| &body[start..end]).collect()
}

fn seen_by_sse_core(body: &[u8]) -> Vec<Seen> {
    let mut decoder = SseDecoder::new();
    let mut rest = body;
    let mut seen = Vec::new();
    while let Some(found) = decoder.next(&mut rest) {
        seen.push(match found.unwrap() {
            SseEvent::Message(event) => Seen::Event(
                event.event.into_owned(),
                event.data,
                event.last_event_id.map(|id| id.to_string()).unwrap_or_default(),
            ),
            SseEvent::Retry(millis) => Seen::Retry(u64::from(millis)),
        });
    }
    seen.push(Seen::Cursor(decoder.last_event_id().map(|id| id.to_string()).unwrap_or_default()));
    seen
}

fn seen_by_guard(body: &[u8], cuts: &[usize]) -> Vec<Seen> {
    let options = Options { max_event: 512 * 1024, strict: true, comments: true };
    let (out, cursor) = decode_after("", options, cut(body, cuts));
    let mut seen: Vec<Seen> = out
        .into_iter()
        .filter_map(|parsed| match parsed {
            Parsed::Event { name, data, id, .. } => Some(Seen::Event(name, data, id)),
            Parsed::Retry(delay) => Some(Seen::Retry(u64::try_from(delay.as_millis()).unwrap())),
            Parsed::Id(_) | Parsed::Comment(_) => None,
            Parsed::Skipped { bytes } => panic!("skipped {bytes}"),
        })
        .collect();
    seen.push(Seen::Cursor(cursor));
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_guard_reads_what_sse_core_reads((body, cuts) in chunks()) {
        prop_assert_eq!(seen_by_guard(&body, &cuts), seen_by_sse_core(&body));
    }

    #[test]
    fn chunks_change_nothing((body, cuts) in chunks(), max_event in 0_usize..40) {
        let options = Options { max_event, ..OPTIONS };
        prop_assert_eq!(decode_after("c", options, cut(&body, &cuts)), decode_after("c", options, [&body[..]]));
    }
}
