//! Each finding on what shows it, and none on what is well.
#![expect(clippy::unwrap_used, reason = "tests")]

mod access;
mod cut;
mod delay;
mod way;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::doctor::observations::{
    Again, Answer, Arrival, Body, Certificate, End, Family, Head, Past, Piece, Target, Visit,
};
use crate::locale::Text;
use crate::text;
use crate::transport::{TlsTrouble, Turn, Unasked, Why};

const SECOND: Duration = Duration::from_secs(1);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn head(headers: &[(&str, &str)]) -> Head {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Head { status: 200, http: "1.1", after: ms(12), headers, page: String::new() }
}

/// An event every `pace`, numbered from `first` on.
fn steady(first: u64, number: u64, pace: Duration) -> Body {
    let mut body = Body::default();
    for count in 0..number {
        let at = ms(15) + pace * u32::try_from(count).unwrap();
        body.pieces.push(Piece { at, bytes: 60, events: 1, whole: true });
        body.arrivals.push(Arrival { at, id: Some((first + count).to_string()), source_ms: None });
        body.until = at;
    }
    body.events = number;
    body
}

fn visit(head: Head, body: Body) -> Visit {
    Visit { answer: Answer { at: at(0), turns: Vec::new(), head: Ok(head) }, body }
}

const HEADERS: [(&str, &str); 4] = [
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-cache"),
    ("server", "nginx/1.22.1"),
    ("date", "Tue, 14 Nov 2023 22:13:20 GMT"),
];

/// A stream that is well in every way, behind nginx.
fn healthy() -> Observations {
    let family = |version| Family { version, addresses: 1, connected: Ok(ms(3)) };
    Observations {
        target: Target {
            url: "https://example.com/events".to_owned(),
            host: "example.com".to_owned(),
            path: "/events".to_owned(),
            signs_in: true,
            token_ends: Some(at(86_400)),
            asks_to_resume: true,
            ..Target::default()
        },
        visits: vec![visit(head(&HEADERS), steady(1, 15, SECOND))],
        watched: SECOND * 15,
        again: Some(Again {
            after: Some("14".to_owned()),
            admits: None,
            visit: visit(head(&HEADERS), steady(15, 2, ms(1))),
        }),
        families: vec![family(4), family(6)],
        certificate: Some(Certificate {
            from: at(-86_400 * 10),
            until: at(86_400 * 80),
            self_signed: false,
            issuer: "An authority".to_owned(),
            names: vec!["example.com".to_owned()],
            chain: 2,
        }),
        ..Observations::default()
    }
}

/// What is found where one thing is changed.
fn found(change: impl FnOnce(&mut Observations)) -> Vec<Code> {
    let mut seen = healthy();
    change(&mut seen);
    let found = findings(&seen);
    for one in &found {
        assert!(!one.mends.is_empty() && !one.evidence.is_empty() && !one.title.is_empty(), "{one:?}");
        let words = one.mends.iter().map(|mend| &mend.words);
        assert!([&one.title, &one.evidence].into_iter().chain(words).all(Text::is_in_chinese), "{one:?}");
    }
    found.into_iter().map(|finding| finding.code).collect()
}

fn first(change: impl FnOnce(&mut Observations)) -> Finding {
    let mut seen = healthy();
    change(&mut seen);
    findings(&seen).into_iter().next().unwrap()
}

fn with_head(change: impl FnOnce(&mut Head)) -> impl FnOnce(&mut Observations) {
    |seen| change(seen.visits[0].answer.head.as_mut().unwrap())
}

fn header(name: &str, value: &str) -> impl FnOnce(&mut Observations) {
    let (name, value) = (name.to_owned(), value.to_owned());
    with_head(move |head| {
        head.headers.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            head.headers.push((name, value));
        }
    })
}

fn failed(why: Why) -> impl FnOnce(&mut Observations) {
    move |seen| {
        let message = text!("what happened", "出了问题");
        seen.visits[0].answer.head = Err(Unasked { turns: Vec::new(), why, message });
        seen.again = None;
    }
}

fn body(change: impl FnOnce(&mut Body)) -> impl FnOnce(&mut Observations) {
    |seen| change(&mut seen.visits[0].body)
}

#[test]
fn a_healthy_stream_has_no_finding() {
    assert_eq!(found(|_| {}), []);
    // Nor one that is silent for a while, has bursts, or that says what it is in another order.
    assert_eq!(found(|seen| seen.visits[0].body = Body { until: SECOND * 15, ..Body::default() }), []);
    assert_eq!(found(header("content-type", "Text/Event-Stream;charset=UTF-8")), []);
    assert_eq!(found(header("cache-control", "no-store, max-age=0")), []);
    assert_eq!(found(header("cache-control", "")), []);
    assert_eq!(found(header("connection", "keep-alive")), []);
}

#[test]
fn times_and_sizes_are_short() {
    assert_eq!(
        [ms(340), ms(6_210), SECOND * 15, SECOND * 240].map(span).map(|time| time.english),
        ["340 ms", "6.2 s", "15 s", "4 min"]
    );
    assert_eq!(span(ms(340)).chinese, "340 毫秒");
    assert_eq!([90, 4_096, 4_000].map(size), ["90 B", "4.1 kB", "4 kB"]);
}
