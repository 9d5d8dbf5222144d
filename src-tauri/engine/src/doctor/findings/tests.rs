//! Each finding on what shows it, and none on what is well.
#![expect(clippy::unwrap_used, reason = "tests")]

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::doctor::observations::{
    Again, Answer, Arrival, Body, Certificate, End, Family, Head, Past, Piece, Target, Visit,
};
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
        let message = "what happened".to_owned();
        seen.visits[0].answer.head = Err(Unasked { turns: Vec::new(), why, message });
        seen.again = None;
    }
}

fn body(change: impl FnOnce(&mut Body)) -> impl FnOnce(&mut Observations) {
    |seen| change(&mut seen.visits[0].body)
}

/// Clumps of so many bytes and events, so far apart.
fn clumped(number: u32, whole: bool, apart: Duration) -> Body {
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
fn nobody_who_answers_is_unreachable() {
    for why in [Why::Name, Why::Network, Why::Unusable] {
        assert_eq!(found(failed(why)), [Code::Unreachable], "{why:?}");
    }
    let nobody = |seen: &mut Observations| {
        failed(Why::Silent)(seen);
        seen.families.clear();
    };
    assert_eq!(found(nobody), [Code::Unreachable]);
    assert_eq!(found(failed(Why::Silent)), [Code::FirstByteLate]);
}

#[test]
fn certificates_are_told_apart() {
    let tls = |trouble| failed(Why::Tls(trouble));
    assert_eq!(found(tls(TlsTrouble::Expired)), [Code::CertificateExpired]);
    assert_eq!(found(tls(TlsTrouble::NotYet)), [Code::CertificateExpired]);
    assert_eq!(found(tls(TlsTrouble::Name)), [Code::CertificateName]);
    assert_eq!(found(tls(TlsTrouble::Authority)), [Code::CertificateAuthority]);
    assert_eq!(found(tls(TlsTrouble::Other)), [Code::Tls]);
    let own = |seen: &mut Observations| {
        tls(TlsTrouble::Authority)(seen);
        seen.certificate.as_mut().unwrap().self_signed = true;
    };
    assert_eq!(found(own), [Code::CertificateSelfSigned]);
    let ends = |days: i64| move |seen: &mut Observations| seen.certificate.as_mut().unwrap().until = at(86_400 * days);
    assert_eq!(found(ends(1)), [Code::CertificateEnds]);
    // One that lives for six days is young with five left.
    assert_eq!(
        found(|seen| {
            ends(5)(seen);
            seen.certificate.as_mut().unwrap().from = at(-86_400);
        }),
        []
    );
}

#[test]
fn redirects_that_lead_nowhere_are_found() {
    assert_eq!(found(failed(Why::Loop)), [Code::RedirectLoop]);
    assert_eq!(found(failed(Why::Redirect)), [Code::Redirect]);
}

fn page(status: u16, kind: &str, text: &str) -> impl FnOnce(&mut Observations) {
    let (kind, text) = (kind.to_owned(), text.to_owned());
    move |seen| {
        header("content-type", &kind)(seen);
        with_head(|head| (head.status, head.page) = (status, text))(seen);
        seen.again = None;
    }
}

#[test]
fn a_page_to_sign_in_on_is_told_from_any_other_page() {
    let form = "<form><input type=\"password\"></form>";
    assert_eq!(found(page(200, "text/html", form)), [Code::LoginPage]);
    let turned = |seen: &mut Observations| {
        page(200, "text/html", "<p>hello</p>")(seen);
        seen.visits[0].answer.turns =
            vec![Turn { status: 302, to: "https://example.com/login?next=/events".to_owned(), own: true }];
    };
    assert_eq!(found(turned), [Code::LoginPage]);
    assert_eq!(found(page(200, "text/html", "<p>hello</p>")), [Code::ContentTypeWrong]);
    assert_eq!(found(page(404, "text/html", form)), [Code::NotFound]);
}

#[test]
fn refusals_are_told_apart() {
    let refused = |status, challenge: &'static str| {
        move |seen: &mut Observations| {
            page(status, "application/json", "{}")(seen);
            header("www-authenticate", challenge)(seen);
        }
    };
    assert_eq!(found(refused(401, "Bearer")), [Code::Unauthorized]);
    assert_eq!(found(refused(403, "")), [Code::Forbidden]);
    let scope = first(refused(403, "Bearer error=\"insufficient_scope\", scope=\"alerts:read\""));
    assert_eq!(scope.code, Code::Scope);
    assert!(scope.mends[0].paste.contains("alerts:read"), "{scope:?}");
    let told = "Bearer error=\"invalid_token\", error_description=\"The token expired\"";
    assert_eq!(found(refused(401, told)), [Code::TokenExpired]);
    let past = |seen: &mut Observations| {
        refused(401, "Bearer")(seen);
        seen.target.token_ends = Some(at(-60));
    };
    assert_eq!(found(past), [Code::TokenExpired]);
    for status in [204, 405, 429, 500, 502, 504] {
        assert_eq!(found(page(status, "text/plain", "")), [Code::Status], "{status}");
    }
    assert_eq!(found(page(404, "text/plain", "")), [Code::NotFound]);
}

#[test]
fn a_token_that_ends_soon_matters_only_where_nobody_renews_it() {
    assert_eq!(found(|seen| seen.target.token_ends = Some(at(120))), [Code::TokenEnds]);
    assert_eq!(found(|seen| (seen.target.token_ends, seen.target.renews) = (Some(at(120)), true)), []);
    assert_eq!(found(|seen| seen.target.token_ends = Some(at(-120))), [Code::TokenExpired]);
    assert_eq!(found(|seen| seen.target.secret_parameters = vec!["token".to_owned()]), [Code::TokenInUrl]);
}

#[test]
fn an_answer_that_does_not_say_what_it_is_or_may_be_kept_is_found() {
    assert_eq!(found(page(200, "", "data: 1\n\n")), [Code::ContentTypeMissing]);
    let wrong = first(page(200, "text/plain", "data: 1\n\n"));
    assert_eq!(wrong.code, Code::ContentTypeWrong);
    assert!(wrong.evidence.contains("look like events"), "{wrong:?}");
    assert_eq!(found(header("content-encoding", "gzip")), [Code::Compressed]);
    for (name, value) in
        [("cache-control", "public, max-age=60"), ("cache-control", "max-age=5"), ("age", "3"), ("x-cache", "HIT")]
    {
        assert_eq!(found(header(name, value)), [Code::Cacheable], "{name} {value}");
    }
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
    assert_eq!(codes(&delay::first_byte_late(&seen).unwrap()), (Code::FirstByteLate, Certainty::Certain));
    late(ms(20))(&mut seen);
    assert_eq!(codes(&delay::first_byte_late(&seen).unwrap()), (Code::FirstByteLate, Certainty::Possible));
}

/// Connections that were ended after such ages, with so long a silence before.
fn cut(times: &'static [(u64, u64)]) -> impl FnOnce(&mut Observations) {
    move |seen| {
        let one = |(age, silence): &(u64, u64)| {
            let mut body = steady(1, (age - silence) / 100, ms(100));
            body.end = Some(End { at: ms(12 + age), clean: false });
            visit(head(&HEADERS), body)
        };
        seen.visits = times.iter().map(one).collect();
        seen.again = None;
    }
}

#[test]
fn connections_that_are_cut_in_a_rhythm_are_told_from_those_that_break() {
    assert_eq!(found(cut(&[(2_000, 1_000), (3_000, 1_000), (2_500, 1_000)])), [Code::CutBySilence]);
    assert_eq!(found(cut(&[(2_000, 50), (2_010, 60), (1_990, 0)])), [Code::CutByAge]);
    assert_eq!(found(cut(&[(2_000, 50), (4_000, 60), (900, 0)])), [Code::Cut]);
    let past = |seconds: &'static [u64], bytes| {
        move |seen: &mut Observations| {
            let one = |second: &u64| Past { open_for: Duration::from_secs(*second), by_peer: true, bytes };
            seen.past = seconds.iter().map(one).collect();
        }
    };
    let minute = first(past(&[60, 60, 61, 60, 59], 500));
    assert_eq!((minute.code, minute.certainty), (Code::CutByAge, Certainty::Certain));
    assert!(minute.evidence.contains("nginx"), "{}", minute.evidence);
    assert_eq!(found(past(&[100, 100, 101], 0)), [Code::CutBySilence]);
    assert_eq!(found(past(&[40, 900, 3_000, 100], 500)), []);
    assert_eq!(found(past(&[60, 60], 500)), [], "two are no rhythm");
}

#[test]
fn a_silence_longer_than_common_timeouts_is_a_risk() {
    let mut seen = healthy();
    seen.visits[0].body.until = SECOND * 50;
    assert_eq!(findings(&seen)[0].code, Code::NoHeartbeat);
    seen = healthy();
    let scaled = cut::Silences { near: ms(900), over: SECOND * 2 };
    assert_eq!(cut::scaled::no_heartbeat(&seen, scaled).unwrap().certainty, Certainty::Likely);
}

#[test]
fn old_http_is_found() {
    assert_eq!(found(with_head(|head| head.http = "1.0")), [Code::Http10]);
    assert_eq!(found(header("via", "1.0 cache.example.com")), [Code::Http10]);
    assert_eq!(found(header("connection", "close")), [Code::ConnectionClose]);
    let other = |seen: &mut Observations| {
        failed(Why::Network)(seen);
        seen.http1 = Some(healthy().visits.remove(0));
    };
    assert_eq!(found(other), [Code::Http2]);
    // A stream that lasts no longer over HTTP/1.1 has another fault.
    let both = |seen: &mut Observations| {
        seen.visits[0].body.end = Some(End { at: SECOND * 15, clean: false });
        seen.http1 = Some(seen.visits[0].clone());
    };
    assert_eq!(found(both), [Code::Cut]);
}

#[test]
fn ids_and_how_the_server_resumes_are_judged() {
    let none = |body: &mut Body| body.arrivals.iter_mut().for_each(|arrival| arrival.id = None);
    assert_eq!(
        found(|seen| {
            body(none)(seen);
            seen.again = None;
        }),
        [Code::NoIds]
    );
    let again =
        |first| move |seen: &mut Observations| seen.again.as_mut().unwrap().visit.body = steady(first, 1, ms(1));
    assert_eq!(found(again(15)), []);
    assert_eq!(found(again(20)), [Code::ResumeIgnored]);
    assert_eq!(found(again(1)), [Code::ResumeRepeats]);
    assert_eq!(found(again(14)), [Code::ResumeRepeats]);
    let admits = |seen: &mut Observations| seen.again.as_mut().unwrap().admits = Some("earliest".to_owned());
    assert_eq!(found(admits), [Code::ResumeIgnored]);
    assert_eq!(found(body(|body| body.retry = Some(ms(10)))), [Code::RetrySmall]);
    assert_eq!(found(body(|body| body.retry = Some(SECOND))), []);
}

#[test]
fn the_way_is_judged() {
    assert_eq!(found(|seen| seen.families[1].connected = Err("refused".to_owned())), [Code::Ipv6]);
    assert_eq!(
        found(|seen| (seen.families[1].connected, seen.target.is_local) = (Err("refused".to_owned()), true)),
        []
    );
    assert_eq!(found(header("date", "Tue, 14 Nov 2023 23:13:20 GMT")), [Code::Clock]);
    assert_eq!(found(|seen| seen.visits[0].answer.at = at(0) - SignedDuration::from_secs(20)), []);
    let proxy = |seen: &mut Observations| {
        seen.direct = Some(healthy().visits.remove(0));
        seen.target.proxies = vec!["HTTPS_PROXY".to_owned()];
    };
    assert_eq!(found(proxy), []);
    let in_the_way = |seen: &mut Observations| {
        proxy(seen);
        failed(Why::Network)(seen);
    };
    assert_eq!(found(in_the_way), [Code::Proxy]);
}

#[test]
fn times_and_sizes_are_short() {
    assert_eq!([ms(340), ms(6_210), SECOND * 15, SECOND * 240].map(span), ["340 ms", "6.2 s", "15 s", "4 min"]);
    assert_eq!([90, 4_096, 4_000].map(size), ["90 B", "4.1 kB", "4 kB"]);
}
