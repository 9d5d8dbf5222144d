//! Connections that end.

use std::time::Duration;

use super::{Certainty, Code, Finding, count, span, timeouts, way};
use crate::doctor::mend;
use crate::doctor::observations::{Body, Observations};
use crate::doctor::product::{Product, products};
use crate::locale::Text;
use crate::text;

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
    let (connections, silence, whose) = (connections(number), span(middle), said(timeouts::of_silence(middle)));
    let finding = Finding::problem(
        Code::CutBySilence,
        certainty,
        text!("Connections are cut when they are silent for {silence}", "连接静默 {silence}就会被切断", silence),
    )
    .seen(text!(
        "{connections} ended after {silence} without a byte.{whose}",
        "{connections}在 {silence}没有数据后结束。{whose}",
        connections,
        silence,
        whose
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
    let age = span(middle);
    let title = match middle < AT_ONCE {
        true => text!(
            "The server ends each answer at once, instead of keeping it open",
            "服务器立刻结束每个应答，而不是保持打开"
        ),
        false => text!("Connections are cut {age} after they opened", "连接打开 {age}后就会被切断", age),
    };
    let of = match (number, was_seen) {
        (1, _) => Text::default(),
        (_, true) => text!(" while it was watched", "（观察期间）"),
        (_, false) => text!(" of those in its history", "（以往记录中）"),
    };
    // What flowed was not cut for its silence; of those before that is not known.
    let silent = timeouts::of_silence(middle).filter(|_| !was_seen).map(Text::of);
    let silent = silent.map(|whose| text!(" Where it was silent: {whose}.", "如果当时是静默的：{whose}。", whose));
    let (connections, silent) = (connections(number), silent.unwrap_or_default());
    let (whose, they) = (said(timeouts::of_answer(middle)), if number == 1 { "it" } else { "they" });
    let finding = Finding::problem(Code::CutByAge, certainty, title)
        .seen(text!(
            "{connections}{of} ended {age} after {they} opened.{whose}{silent}",
            "{connections}{of}在打开 {age}后结束。{whose}{silent}",
            connections,
            of,
            age,
            whose,
            silent
        ))
        .number("connections", count(number))
        .time("age_s", middle)
        .mends(if was_seen { Vec::new() } else { patience(seen) });
    if middle < AT_ONCE {
        return Some(finding.mend(text!(
            "leave the response open, and write to it when there is an event: no end() after the first ones, no handler that \
             returns; where a platform allows no answer that lasts, the stream needs another place",
            "请保持响应打开，有事件时再写入：不要在最初几个之后调用 end()，处理函数也不要返回；如果平台不允许持续的应答，流就需要换个地方"
        )));
    }
    let finding = finding.mends(mend::lifetimes(&products(seen)));
    Some(finding.mend(text!(
        "if the server means it (hubs do), all is well: ids bring back what is missed",
        "如果服务器有意如此（中转服务常这样），那就没问题：靠 id 可以补回错过的事件"
    )))
}

/// Ends at no regular time.
pub(super) fn irregular(seen: &Observations) -> Option<Finding> {
    let cuts = cuts(seen);
    let broken = seen.bodies().filter(|body| body.end.as_ref().is_some_and(|end| !end.clean)).count();
    let least = if broken > 0 { 1 } else { 2 };
    if cuts.len() < least || by_silence(seen).is_some() || by_age(seen).is_some() || way::http2(seen).is_some() {
        return None;
    }
    let ages = Text::joined(cuts.iter().take(5).map(|cut| span(cut.age)), (", ", "、"));
    let (connections, ended) = (seen.visits.len(), cuts.len());
    let certainty = if cuts.len() > 1 { Certainty::Certain } else { Certainty::Possible };
    let finding = Finding::problem(Code::Cut, certainty, text!("The connection does not last", "连接不持久"))
        .seen(text!(
            "Of {connections} connections {ended} ended, {broken} of them broken off; after {ages}.",
            "{connections} 个连接中有 {ended} 个结束，其中 {broken} 个是中断的；分别在 {ages}后。",
            ages
        ))
        .number("ended", count(cuts.len()))
        .number("broken", count(broken))
        .mend(text!(
            "look into the log of the server, and of the proxy before it, for a restart or a crash at these times",
            "请查看服务器及其前面代理的日志，这些时刻是否有重启或崩溃"
        ));
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
fn said(whose: Option<(&str, &str)>) -> Text {
    let Some(Text { english, chinese }) = whose.map(Text::of) else { return Text::default() };
    let mut letters = english.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    Text { english: format!(" {first}{}.", letters.as_str()), chinese: format!("{chinese}。") }
}

fn connections(number: usize) -> Text {
    match number {
        1 => text!("A connection", "有一个连接"),
        _ => text!("{number} connections", "{number} 个连接"),
    }
}

fn patience(seen: &Observations) -> Vec<mend::Mend> {
    let found = mend::patience(&products(seen));
    // Nobody gave themselves away: what is set most often.
    if found.is_empty() { mend::patience(&[Product::Nginx]) } else { found }
}
