//! Buffers, and answers that come late.

use super::*;

/// Clumps of so many bytes and events, so far apart.
pub(super) fn clumped(number: u32, whole: bool, apart: Duration) -> Body {
    let mut body = Body { until: apart * (number + 1), events: u64::from(number) * 20, ..Body::default() };
    for clump in 1..=number {
        let at = apart * clump;
        body.pieces.push(Piece { at, bytes: 4_000, events: 19, whole: false });
        body.pieces.push(Piece { at: at + ms(1), bytes: 96, events: 1, whole });
        body.arrivals.push(Arrival { at, id: Some(clump.to_string()), source_ms: None });
    }
    body
}

#[test]
fn clumps_that_end_within_a_line_are_a_buffer_for_certain() {
    let finding = first(|seen| seen.visits[0].body = clumped(3, false, SECOND * 4));
    assert_eq!((finding.code, finding.certainty), (Code::Buffered, Certainty::Certain));
    assert_eq!(finding.numbers["bytes"], 4_096.0);
    assert!(finding.mends[0].paste.contains("proxy_buffering off"), "{finding:?}");
    let codes = found(|seen| seen.visits[0].body = clumped(3, false, SECOND * 4));
    assert!(codes.contains(&Code::AccelBuffering), "{codes:?}");
    // A line that comes in two parts at once is nothing.
    let split = |body: &mut Body| body.pieces.iter_mut().for_each(|piece| piece.whole = false);
    assert_eq!(
        found(|seen| {
            body(split)(seen);
            seen.visits[0].body.pieces = seen.visits[0]
                .body
                .pieces
                .iter()
                .flat_map(|piece| [*piece, Piece { at: piece.at + ms(5), whole: true, events: 0, ..*piece }])
                .collect();
        }),
        []
    );
}

#[test]
fn events_that_were_made_apart_and_come_together_were_held() {
    let together = |apart_ms: f64| {
        move |seen: &mut Observations| {
            let mut body = clumped(4, true, SECOND * 3);
            body.arrivals = body
                .pieces
                .chunks(2)
                .enumerate()
                .flat_map(|(clump, pieces)| {
                    (0..3).map(move |event| Arrival {
                        at: pieces[0].at,
                        id: Some(format!("{clump}-{event}")),
                        source_ms: Some(
                            f64::from(u32::try_from(clump).unwrap()) * 3_000.0 + f64::from(event) * apart_ms,
                        ),
                    })
                })
                .collect();
            body.pieces.iter_mut().for_each(|piece| piece.bytes += piece.at.as_secs() * 100);
            seen.visits[0].body = body;
            seen.again = None;
        }
    };
    let finding = first(together(900.0));
    assert_eq!((finding.code, finding.certainty), (Code::Buffered, Certainty::Likely));
    // Made together as they came: the server's own way.
    assert_eq!(found(together(1.0)), []);
}

#[test]
fn clumps_of_one_size_may_be_a_buffer() {
    let finding = first(|seen| (seen.visits[0].body, seen.again) = (clumped(5, true, SECOND * 3), None));
    assert_eq!((finding.code, finding.certainty), (Code::Buffered, Certainty::Possible));
}

#[test]
fn a_header_that_comes_late_each_time_is_certain() {
    let late = |again: Duration| {
        move |seen: &mut Observations| {
            with_head(|head| head.after = SECOND * 4)(seen);
            seen.again.as_mut().unwrap().visit.answer.head.as_mut().unwrap().after = again;
        }
    };
    let codes = |finding: &Finding| (finding.code, finding.certainty);
    let mut seen = healthy();
    late(SECOND * 3)(&mut seen);
    assert_eq!(
        codes(&crate::doctor::findings::delay::first_byte_late(&seen).unwrap()),
        (Code::FirstByteLate, Certainty::Certain)
    );
    late(ms(20))(&mut seen);
    assert_eq!(
        codes(&crate::doctor::findings::delay::first_byte_late(&seen).unwrap()),
        (Code::FirstByteLate, Certainty::Possible)
    );
}
