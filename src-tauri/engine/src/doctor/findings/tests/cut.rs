//! Connections that end, and silences.

use super::*;

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
    assert_eq!(found(cut(&[(2_000, 50), (4_000, 60)])), [Code::Cut]);
}

#[test]
fn two_cuts_that_are_alike_and_one_at_a_known_time_are_told_from_chance() {
    let told = |times| {
        let finding = first(cut(times));
        (finding.code, finding.certainty)
    };
    assert_eq!(told(&[(60_010, 50), (60_020, 20)]), (Code::CutByAge, Certainty::Likely));
    assert_eq!(told(&[(60_030, 60_000), (60_040, 60_000)]), (Code::CutBySilence, Certainty::Likely));
    assert_eq!(told(&[(65_000, 60_010)]), (Code::CutBySilence, Certainty::Likely), "nginx");
    assert_eq!(told(&[(30_010, 100)]), (Code::CutByAge, Certainty::Possible), "Spring");
    assert_eq!(told(&[(41_000, 100)]), (Code::Cut, Certainty::Possible));
    // What flows is not cut by a timeout for silence.
    let flowing = first(cut(&[(60_010, 50), (60_020, 20)]));
    assert!(!flowing.mends.iter().any(|mend| mend.paste.contains("proxy_read_timeout")), "{flowing:?}");
    let at_once = first(cut(&[(20, 0), (25, 0), (22, 0)]));
    assert_eq!((at_once.code, at_once.title.english.contains("at once")), (Code::CutByAge, true), "{at_once:?}");
}

#[test]
fn cuts_in_the_history_are_looked_at_for_a_rhythm() {
    let past = |seconds: &'static [u64], bytes| {
        move |seen: &mut Observations| {
            let one = |second: &u64| Past { open_for: Duration::from_secs(*second), by_peer: true, bytes };
            seen.past = seconds.iter().map(one).collect();
        }
    };
    let minute = first(past(&[60, 60, 61, 60, 59], 500));
    assert_eq!((minute.code, minute.certainty), (Code::CutByAge, Certainty::Certain));
    assert!(minute.evidence.english.contains("nginx"), "{}", minute.evidence);
    assert_eq!(found(past(&[100, 100, 101], 0)), [Code::CutBySilence]);
    assert_eq!(found(past(&[40, 900, 3_000, 100], 500)), []);
    assert_eq!(found(past(&[60, 60], 500)), [], "two are no rhythm");
}

#[test]
fn a_silence_longer_than_common_timeouts_is_a_risk() {
    // A last piece at so many seconds, another one perhaps, and for how long was listened.
    let told = |next: Option<u64>, until: u64| {
        let mut seen = healthy();
        let body = &mut seen.visits[0].body;
        let last = body.until;
        body.pieces
            .extend(next.map(|next| Piece { at: last + SECOND * u32::try_from(next).unwrap(), ..body.pieces[0] }));
        body.until = last + SECOND * u32::try_from(until).unwrap();
        findings(&seen).first().map(|finding| (finding.code, finding.certainty))
    };
    assert_eq!(told(None, 20), None);
    assert_eq!(told(None, 35), Some((Code::NoHeartbeat, Certainty::Likely)));
    assert_eq!(told(None, 62), Some((Code::NoHeartbeat, Certainty::Certain)));
    assert_eq!(told(Some(45), 46), None, "in time, as ntfy does it");
    assert_eq!(told(Some(55), 56), Some((Code::NoHeartbeat, Certainty::Likely)));
    assert_eq!(told(Some(90), 91), Some((Code::NoHeartbeat, Certainty::Certain)));
}

#[test]
fn a_mend_is_for_the_streams_own_path() {
    let stuck = |path: &str| {
        let mut seen = healthy();
        seen.visits[0].body = delay::clumped(3, false, SECOND * 4);
        seen.target.path = path.to_owned();
        header("server", "Apache/2.4")(&mut seen);
        findings(&seen)[0].mends[0].paste.lines().next().unwrap().to_owned()
    };
    let wanted = "ProxyPass \"/api/stream\" \"http://127.0.0.1:3000/api/stream\" flushpackets=on timeout=3600";
    assert_eq!(stuck("/api/stream"), wanted);
    assert!(stuck("/a\" b").contains("\"/events\""), "never what would need quoting");
}
