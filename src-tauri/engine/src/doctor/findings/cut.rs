//! Connections that end.

use std::time::Duration;

use super::{Certainty, Code, Finding, count, span, timeouts, way};
use crate::doctor::mend;
use crate::doctor::observations::{Body, Observations};
use crate::doctor::product::{Product, products};

/// So many make a rhythm that are no further apart than this part of their middle, or than this at all.
const RHYTHM: usize = 3;
const PART: f64 = 0.08;
/// Two are alike that are no further apart than this.
const PART_OF_TWO: f64 = 0.02;
const SLACK: Duration = Duration::from_millis(60);
/// One that ends so soon was never meant to stay.
const AT_ONCE: Duration = Duration::from_millis(500);

/// A connection that the other side ended: how old it was, and for how long it was silent before.
struct Cut {
    age: Duration,
    silence: Duration,
    /// The usual time between its pieces.
    pace: Option<Duration>,
}

/// Times that are alike: their middle, how many there are, and how sure it is that this is no chance.
struct Alike {
    middle: Duration,
    number: usize,
    certainty: Certainty,
}

pub(super) fn by_silence(seen: &Observations) -> Option<Finding> {
    if way::http2(seen).is_some() {
        return None;
    }
    let now: Vec<_> = cuts(seen).iter().filter(|cut| cut.is_silent()).map(|cut| cut.silence).collect();
    // Of those before it is only known whether anything came at all.
    let before = seen.past.iter().filter(|past| past.by_peer && past.bytes == 0);
    let before: Vec<_> = before.map(|past| past.open_for).collect();
    let known = |time| timeouts::of_silence(time).map(|_| Certainty::Likely);
    let Alike { middle, number, certainty } = alike(&now, known).or_else(|| rhythm(&before))?;
    let connections = if number == 1 { "A connection".to_owned() } else { format!("{number} connections") };
    let title = format!("Connections are cut when they are silent for {}", span(middle));
    let finding = Finding::problem(Code::CutBySilence, certainty, &title)
        .seen(format!(
            "{connections} ended after {} without a byte.{}",
            span(middle),
            said(timeouts::of_silence(middle))
        ))
        .number("connections", count(number))
        .time("silence_s", middle);
    Some(finding.mends(mend::heartbeat(&products(seen))).mends(patience(seen)))
}

pub(super) fn by_age(seen: &Observations) -> Option<Finding> {
    if by_silence(seen).is_some() || way::http2(seen).is_some() {
        return None;
    }
    let now: Vec<_> = cuts(seen).iter().map(|cut| cut.age).collect();
    let before: Vec<_> = seen.past.iter().filter(|past| past.by_peer).map(|past| past.open_for).collect();
    let known = |time| timeouts::of_answer(time).map(|_| Certainty::Possible);
    let now = alike(&now, known);
    let was_seen = now.is_some();
    let Alike { middle, number, certainty } = now.or_else(|| rhythm(&before))?;
    let title = match middle < AT_ONCE {
        true => "The server ends each answer at once, instead of keeping it open".to_owned(),
        false => format!("Connections are cut {} after they opened", span(middle)),
    };
    let (connections, of) = match (number, was_seen) {
        (1, _) => ("A connection".to_owned(), ""),
        (_, true) => (format!("{number} connections"), " while it was watched"),
        (_, false) => (format!("{number} connections"), " of those in its history"),
    };
    // What flowed was not cut for its silence; of those before that is not known.
    let silent =
        timeouts::of_silence(middle).filter(|_| !was_seen).map(|whose| format!(" Where it was silent: {whose}."));
    let finding = Finding::problem(Code::CutByAge, certainty, &title)
        .seen(format!(
            "{connections}{of} ended {} after {} opened.{}{}",
            span(middle),
            if number == 1 { "it" } else { "they" },
            said(timeouts::of_answer(middle)),
            silent.as_deref().unwrap_or_default()
        ))
        .number("connections", count(number))
        .time("age_s", middle)
        .mends(if was_seen { Vec::new() } else { patience(seen) });
    if middle < AT_ONCE {
        return Some(finding.mend(
            "leave the response open, and write to it when there is an event: no end() after the first ones, no handler that \
             returns; where a platform allows no answer that lasts, the stream needs another place",
        ));
    }
    let finding = finding.mends(mend::lifetimes(&products(seen)));
    Some(finding.mend("if the server means it (hubs do), all is well: ids bring back what is missed"))
}

/// Ends at no regular time.
pub(super) fn irregular(seen: &Observations) -> Option<Finding> {
    let cuts = cuts(seen);
    let broken = seen.bodies().filter(|body| body.end.as_ref().is_some_and(|end| !end.clean)).count();
    let least = if broken > 0 { 1 } else { 2 };
    if cuts.len() < least || by_silence(seen).is_some() || by_age(seen).is_some() || way::http2(seen).is_some() {
        return None;
    }
    let ages = cuts.iter().take(5).map(|cut| span(cut.age)).collect::<Vec<_>>().join(", ");
    let certainty = if cuts.len() > 1 { Certainty::Certain } else { Certainty::Possible };
    let finding = Finding::problem(Code::Cut, certainty, "The connection does not last")
        .seen(format!(
            "Of {} connections {} ended, {broken} of them broken off; after {ages}.",
            seen.visits.len(),
            cuts.len()
        ))
        .number("ended", count(cuts.len()))
        .number("broken", count(broken))
        .mend("look into the log of the server, and of the proxy before it, for a restart or a crash at these times");
    Some(finding)
}

impl Cut {
    fn of(body: &Body, opened: Duration) -> Option<Self> {
        let end = body.end.as_ref()?;
        let last = body.pieces.last().map_or(opened, |piece| piece.at);
        let mut gaps: Vec<_> = body.pieces.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
        gaps.sort_unstable();
        let pace = gaps.get(gaps.len() / 2).copied();
        Some(Self { age: end.at.saturating_sub(opened), silence: end.at.saturating_sub(last), pace })
    }

    /// Whether it had fallen silent, by its own pace.
    fn is_silent(&self) -> bool {
        self.age >= AT_ONCE && self.silence >= 3 * self.pace.unwrap_or_default() && self.silence >= self.age / 10
    }
}

fn cuts(seen: &Observations) -> Vec<Cut> {
    let opened = seen.visits.iter().filter_map(|visit| Some((visit, visit.answer.head.as_ref().ok()?.after)));
    opened.filter_map(|(visit, after)| Cut::of(&visit.body, after)).collect()
}

/// Times in a rhythm; or, where there are no more, two that are the same, or one that is somebody's default.
fn alike(times: &[Duration], known: impl Fn(Duration) -> Option<Certainty>) -> Option<Alike> {
    match times {
        [one] => known(*one).map(|certainty| Alike { middle: *one, number: 1, certainty }),
        [one, other] if one.abs_diff(*other) <= SLACK.max(one.mul_f64(PART_OF_TWO)) => {
            Some(Alike { middle: *other, number: 2, certainty: Certainty::Likely })
        }
        _ => rhythm(times),
    }
}

fn rhythm(times: &[Duration]) -> Option<Alike> {
    if times.len() < RHYTHM {
        return None;
    }
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let middle = sorted[sorted.len() / 2];
    let near = SLACK.max(middle.mul_f64(PART));
    // One in five may be of another cause: a restart, a network.
    let alike = sorted.iter().filter(|time| time.abs_diff(middle) <= near).count();
    let certainty = if times.len() >= 5 { Certainty::Certain } else { Certainty::Likely };
    (alike >= RHYTHM && alike * 5 >= sorted.len() * 4).then_some(Alike { middle, number: times.len(), certainty })
}

/// Whose default it is, as a sentence.
fn said(whose: Option<&str>) -> String {
    let mut letters = whose.unwrap_or_default().chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    first.map(|first| format!(" {first}{}.", letters.as_str())).unwrap_or_default()
}

fn patience(seen: &Observations) -> Vec<mend::Mend> {
    let found = mend::patience(&products(seen));
    // Nobody gave themselves away: what is set most often.
    if found.is_empty() { mend::patience(&[Product::Nginx]) } else { found }
}
