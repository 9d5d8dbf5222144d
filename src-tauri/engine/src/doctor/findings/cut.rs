//! Connections that end, and silences that will make them.

use std::time::Duration;

use super::{Certainty, Code, Finding, count, span, way};
use crate::doctor::mend;
use crate::doctor::observations::{Body, Observations};
use crate::doctor::product::{Product, products};

/// What counts as regular: so many, and no further apart than this part of their middle, or than this at all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rhythm {
    pub(super) least: usize,
    pub(super) part: f64,
    pub(super) slack: Duration,
}

const RHYTHM: Rhythm = Rhythm { least: 3, part: 0.08, slack: Duration::from_millis(60) };

/// Without a byte for so long, a common timeout is near; and for so long, one has passed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Silences {
    pub(super) near: Duration,
    pub(super) over: Duration,
}

const SILENCES: Silences = Silences { near: Duration::from_secs(30), over: Duration::from_secs(60) };

/// Timeouts that are somebody's default, in seconds.
const KNOWN: [(u64, &str); 11] = [
    (30, "Spring and Tomcat end an asynchronous answer after 30 s"),
    (50, "HAProxy's example configuration ends a silent answer after 50 s"),
    (55, "Heroku ends a connection after 55 s without a byte"),
    (60, "60 s is the default of nginx (proxy_read_timeout), Apache and most load balancers"),
    (100, "Cloudflare ends a connection after 100 s without a byte"),
    (120, "IIS and Gunicorn-like servers end a connection after 120 s"),
    (180, "Traefik ends an idle connection after 180 s"),
    (230, "Azure's load balancer ends a connection after 230 s without a byte"),
    (300, "Envoy and Apache of old end a silent stream after 300 s"),
    (350, "an AWS network load balancer forgets a connection after 350 s without a byte"),
    (600, "Google's load balancer and many hubs end a connection after 10 min"),
];

/// A connection that the other side ended: how old it was, and for how long it was silent before.
struct Cut {
    age: Duration,
    silence: Duration,
    /// The usual time between its pieces.
    pace: Option<Duration>,
}

pub(super) fn by_silence(seen: &Observations) -> Option<Finding> {
    silent_cut(seen, RHYTHM)
}

pub(super) fn by_age(seen: &Observations) -> Option<Finding> {
    aged_cut(seen, RHYTHM)
}

fn silent_cut(seen: &Observations, rhythm: Rhythm) -> Option<Finding> {
    let now: Vec<_> = cuts(seen).iter().filter(|cut| cut.is_silent()).map(|cut| cut.silence).collect();
    // Of those before it is only known whether anything came at all.
    let before = seen.past.iter().filter(|past| past.by_peer && past.bytes == 0);
    let before: Vec<_> = before.map(|past| past.open_for).collect();
    let silences = if regular(&now, rhythm).is_some() { now } else { before };
    let silence = regular(&silences, rhythm)?;
    let finding =
        Finding::problem(Code::CutBySilence, certainty(silences.len()), "Connections are cut when they are silent")
            .seen(format!(
                "{} connections ended after {} without a byte.{}",
                silences.len(),
                span(silence),
                suspect(silence)
            ))
            .number("connections", count(silences.len()))
            .time("silence_s", silence);
    Some(finding.mends(mend::heartbeat(&products(seen))).mends(patience(seen)))
}

fn aged_cut(seen: &Observations, rhythm: Rhythm) -> Option<Finding> {
    if silent_cut(seen, rhythm).is_some() {
        return None;
    }
    let now: Vec<_> = cuts(seen).iter().map(|cut| cut.age).collect();
    let before: Vec<_> = seen.past.iter().filter(|past| past.by_peer).map(|past| past.open_for).collect();
    let (ages, of) = match (regular(&now, rhythm), regular(&before, rhythm)) {
        (Some(_), _) => (&now, "while it was watched"),
        (None, Some(_)) => (&before, "of those in its history"),
        (None, None) => return None,
    };
    let age = regular(ages, rhythm)?;
    let finding = Finding::problem(Code::CutByAge, certainty(ages.len()), "Connections are cut at the same age")
        .seen(format!("{} connections {of} ended {} after they opened.{}", ages.len(), span(age), suspect(age)))
        .number("connections", count(ages.len()))
        .time("age_s", age);
    Some(
        finding
            .mends(patience(seen))
            .mend("if the server means it (hubs do), all is well: ids bring back what is missed"),
    )
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

pub(super) fn no_heartbeat(seen: &Observations) -> Option<Finding> {
    unheard(seen, SILENCES)
}

fn unheard(seen: &Observations, limits: Silences) -> Option<Finding> {
    if by_silence(seen).is_some() {
        return None;
    }
    let after = seen.stream()?.after;
    let longest = seen.bodies().map(|body| body.longest_silence(after)).max()?;
    let certainty = match longest {
        _ if longest >= limits.over => Certainty::Certain,
        _ if longest >= limits.near => Certainty::Likely,
        _ => return None,
    };
    let comments: usize = seen.bodies().map(|body| body.comments.len()).sum();
    let finding = Finding::risk(Code::NoHeartbeat, certainty, "There is no heartbeat often enough")
        .seen(format!(
            "For {} no byte came ({comments} comments in all); proxies commonly cut a connection after 60 s of silence, and a \
             connection that is dead looks the same.",
            span(longest)
        ))
        .time("silence_s", longest)
        .number("comments", count(comments))
        .mends(mend::heartbeat(&products(seen)));
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
        self.silence >= 3 * self.pace.unwrap_or_default() && self.silence >= self.age / 10
    }
}

fn cuts(seen: &Observations) -> Vec<Cut> {
    let opened = seen.visits.iter().filter_map(|visit| Some((visit, visit.answer.head.as_ref().ok()?.after)));
    opened.filter_map(|(visit, after)| Cut::of(&visit.body, after)).collect()
}

/// The middle of times that are alike.
fn regular(times: &[Duration], rhythm: Rhythm) -> Option<Duration> {
    if times.len() < rhythm.least {
        return None;
    }
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let middle = sorted[sorted.len() / 2];
    let near = rhythm.slack.max(middle.mul_f64(rhythm.part));
    // One in five may be of another cause: a restart, a network.
    let alike = sorted.iter().filter(|time| time.abs_diff(middle) <= near).count();
    (alike >= rhythm.least && alike * 5 >= sorted.len() * 4).then_some(middle)
}

fn certainty(number: usize) -> Certainty {
    if number >= 5 { Certainty::Certain } else { Certainty::Likely }
}

/// Whose default it is.
fn suspect(time: Duration) -> String {
    let near = |known: u64| {
        time.abs_diff(Duration::from_secs(known)) <= Duration::from_secs(known / 25).max(Duration::from_secs(1))
    };
    KNOWN
        .iter()
        .find(|(seconds, _)| near(*seconds))
        .map(|(_, whose)| format!(" {}.", capital(whose)))
        .unwrap_or_default()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn patience(seen: &Observations) -> Vec<mend::Mend> {
    let found = mend::patience(&products(seen));
    // Nobody gave themselves away: what is set most often.
    if found.is_empty() { mend::patience(&[Product::Nginx, Product::Spring]) } else { found }
}

#[cfg(test)]
pub(super) mod scaled {
    //! The same with other times, so that tests need not wait for a minute.
    use super::*;

    pub(in crate::doctor::findings) fn no_heartbeat(seen: &Observations, limits: Silences) -> Option<Finding> {
        unheard(seen, limits)
    }
}
