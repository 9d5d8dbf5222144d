//! The report: findings, figures, and what could not be found out. Pure.

use std::time::Duration;

use serde::Serialize;

use super::findings::{Finding, Weight, findings, span};
use super::observations::Observations;
use super::{product, watch};
use crate::locale::Text;
use crate::text;

/// What is wrong between here and a server, and what was measured. Its JSON is what `streambell doctor --json` prints;
/// keys may be added, never changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The address that was asked, its secrets replaced by `***`.
    pub url: String,
    /// How it is, in a word.
    pub verdict: Verdict,
    /// How it is, in one line.
    pub summary: Text,
    /// What does harm now first. Empty where all is well.
    pub findings: Vec<Finding>,
    /// What was measured.
    pub figures: Figures,
    /// The servers and proxies that gave themselves away, as `nginx 1.22.1`.
    pub servers: Vec<String>,
    /// What could not be found out, and how to find it out.
    pub notes: Vec<Text>,
}

/// How a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing was found.
    Healthy,
    /// Something was.
    Findings,
    /// No server answered.
    Unreachable,
}

/// What was measured; what could not be is `None`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Figures {
    /// The status of the answer.
    pub status: Option<u16>,
    /// `1.1`, `2` …
    pub http: Option<String>,
    /// From the request to the answer's header, connecting included.
    pub header_ms: Option<u64>,
    /// From the request to the body's first byte.
    pub first_byte_ms: Option<u64>,
    /// How long the stream was watched.
    pub watched_ms: u64,
    /// Connections that opened meanwhile.
    pub connections: u64,
    /// Events that came.
    pub events: u64,
    /// Events a second.
    pub events_per_second: f64,
    /// Between comments, where the server sends them as a heartbeat.
    pub heartbeat_s: Option<f64>,
    /// The longest time without a byte.
    pub longest_silence_s: f64,
    /// How many events have an id.
    pub ids: Ids,
    /// What the server did when it was asked to resume.
    pub resume: Resume,
    /// The reconnection time that the server names.
    pub retry_ms: Option<u64>,
    /// Days until the certificate ends; negative where it has.
    pub certificate_days: Option<i64>,
    /// How far the server's clock is ahead; known to the second.
    pub clock_s: Option<f64>,
}

/// How many events have an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ids {
    /// No event came.
    #[default]
    Unknown,
    /// None of them.
    None,
    /// Some.
    Some,
    /// All.
    All,
}

/// What the server did when it was asked to resume after an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resume {
    /// It was not asked: there was nothing to resume after, or the request is not safe to repeat.
    #[default]
    NotTried,
    /// No event came in time to tell.
    Unknown,
    /// It went on after the id.
    Works,
    /// It went on elsewhere, and left events out.
    Ignored,
    /// It sent again what was before the id.
    Repeats,
}

/// Watched for less than this, a cut each minute is not seen.
const LONG: Duration = Duration::from_secs(130);

/// What follows from what was seen.
pub fn report(seen: &Observations) -> Report {
    let findings = findings(seen);
    let verdict = match (seen.is_unreachable(), findings.is_empty()) {
        (true, _) => Verdict::Unreachable,
        (false, true) => Verdict::Healthy,
        (false, false) => Verdict::Findings,
    };
    Report {
        url: seen.target.url.clone(),
        verdict,
        summary: summary(verdict, &findings),
        figures: figures(seen),
        servers: product::recognised(seen).into_iter().map(|one| one.name).collect(),
        notes: notes(seen, &findings),
        findings,
    }
}

/// The answer in a line: what is wrong first of all, by its own title.
fn summary(verdict: Verdict, findings: &[Finding]) -> Text {
    let Some(first) = findings.first().filter(|_| verdict != Verdict::Healthy) else {
        return text!("This stream is well.", "这个流一切正常。");
    };
    let problems = findings.iter().filter(|finding| finding.weight == Weight::Problem).count();
    let risks = findings.len() - problems;
    let things = |number: usize| match number {
        1 => text!("1 thing", "1 处"),
        _ => text!("{number} things", "{number} 处"),
    };
    let (title, risky, more) = (&first.title, things(risks), things(findings.len() - 1));
    match (problems, risks) {
        (0, 1) => text!("This stream works; it may go wrong: {title}.", "这个流正常，但有隐患：{title}。", title),
        (0, _) => text!("This stream works; {risky} may go wrong.", "这个流正常，但有 {risky}隐患。", risky),
        (1, 0) => text!("{title}.", "{title}。", title),
        (1, _) => text!("{title}; and {risky} may go wrong.", "{title}；另有 {risky}隐患。", title, risky),
        (_, _) => text!("{title}; and {more} more.", "{title}；另有 {more}。", title, more),
    }
}

fn figures(seen: &Observations) -> Figures {
    let head = seen.head();
    let after = head.map(|head| head.after);
    let first = seen.bodies().next().and_then(|body| body.pieces.first()).map(|piece| piece.at);
    let listened: Duration = seen.bodies().map(|body| body.until).sum();
    let events = seen.events();
    let with_id = seen.arrivals().filter(|arrival| arrival.id.is_some()).count();
    let rate = if listened.is_zero() { 0.0 } else { count(events) / listened.as_secs_f64() };
    let silence = seen.bodies().map(|body| body.longest_silence(after.unwrap_or_default())).max();
    let at = seen.visits.first().map(|visit| visit.answer.at);
    Figures {
        status: head.map(|head| head.status),
        http: head.map(|head| head.http.to_owned()),
        header_ms: after.map(milliseconds),
        first_byte_ms: first.map(milliseconds),
        watched_ms: milliseconds(seen.watched),
        connections: seen.visits.iter().filter(|visit| visit.answer.head.is_ok()).count() as u64,
        events,
        events_per_second: tenth(rate),
        heartbeat_s: heartbeat(seen),
        longest_silence_s: tenth(silence.unwrap_or_default().as_secs_f64()),
        ids: match (events, with_id) {
            (0, _) => Ids::Unknown,
            (_, 0) => Ids::None,
            (events, with_id) if with_id as u64 == events => Ids::All,
            (_, _) => Ids::Some,
        },
        resume: resume(seen),
        retry_ms: seen.bodies().filter_map(|body| body.retry).last().map(milliseconds),
        certificate_days: seen
            .certificate
            .as_ref()
            .zip(at)
            .map(|(own, at)| own.until.duration_since(at).as_hours() / 24),
        clock_s: clock_ahead(seen).map(tenth),
    }
}

/// The usual time between comments.
fn heartbeat(seen: &Observations) -> Option<f64> {
    let mut gaps: Vec<f64> = seen
        .bodies()
        .flat_map(|body| body.comments.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect::<Vec<_>>())
        .collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied().map(tenth)
}

/// What the server did when it was asked to go on after an id.
pub(super) fn resume(seen: &Observations) -> Resume {
    let Some((again, after)) = seen.again.as_ref().and_then(|again| Some((again, again.after.as_deref()?))) else {
        return Resume::NotTried;
    };
    if again.admits.is_some() {
        return Resume::Ignored;
    }
    let Some(first) = again.visit.body.arrivals.iter().find_map(|arrival| arrival.id.as_deref()) else {
        return Resume::Unknown;
    };
    let ids = seen.ids();
    let Some(place) = ids.iter().rposition(|id| *id == after) else { return Resume::Unknown };
    match first {
        first if ids.get(place + 1) == Some(&first) => Resume::Works,
        first if ids[..=place].contains(&first) => Resume::Repeats,
        _ => Resume::Ignored,
    }
}

/// How far the server's clock is ahead, in seconds.
pub(super) fn clock_ahead(seen: &Observations) -> Option<f64> {
    let answer = &seen.visits.first()?.answer;
    watch::clock(answer.head.as_ref().ok()?, answer.at)
}

fn notes(seen: &Observations, findings: &[Finding]) -> Vec<Text> {
    let mut notes = Vec::new();
    let Some(head) = seen.stream() else { return notes };
    let watched = span(seen.watched);
    let silent = seen.bodies().all(|body| body.pieces.is_empty()) && head.coding().is_none();
    if silent {
        notes.push(text!(
            "Nothing came within {watched}: watch longer (--for 3m) to see events and a heartbeat.",
            "{watched}内什么也没有收到：观察久一些（--for 3m）才能看到事件和心跳。",
            watched
        ));
    }
    if resume(seen) == Resume::Unknown {
        notes.push(text!(
            "No event came in time to see whether the server resumes after an id.",
            "没有及时收到事件，看不出服务器能否从 id 之后继续。"
        ));
    }
    let works = findings.iter().all(|finding| finding.weight == Weight::Risk);
    if works && !silent && seen.watched < LONG && seen.past.len() < 3 {
        notes.push(text!(
            "If it drops every minute or so: {watched} are too short to see that, watch for 3 minutes (--for 3m).",
            "如果它每分钟左右断一次：{watched}太短看不出来，请观察 3 分钟（--for 3m）。",
            watched
        ));
    }
    if seen.again.is_none() {
        notes.push(text!(
            "Only one request was made: with this method another may not be safe.",
            "只发了一次请求：用这个方法重复请求可能不安全。"
        ));
    }
    notes
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "counts of what was seen in a short while")]
fn count(value: u64) -> f64 {
    value as f64
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
