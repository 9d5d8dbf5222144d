//! The rhythm of a body: which of its pieces came together, and what that tells of a buffer on the way.

use std::time::Duration;

use super::observations::{Arrival, Body};

/// Pieces that come within this of each other are one clump: they were on their way together.
const TOGETHER: Duration = Duration::from_millis(120);

/// Pieces that came together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clump {
    /// When it began.
    pub at: Duration,
    /// When its last piece came.
    pub until: Duration,
    /// Bytes.
    pub bytes: u64,
    /// Events that it completed.
    pub events: u64,
    /// Whether it ends at the end of a line.
    pub whole: bool,
    /// The silence before it, from the piece before or from the request.
    pub silence_before: Duration,
    /// The silence after it, until the next piece, the end, or until we left.
    pub silence_after: Duration,
    /// From the first to the last time that its events name, in milliseconds.
    pub source_span_ms: Option<f64>,
}

/// The clumps of a body.
pub fn clumps(body: &Body) -> Vec<Clump> {
    let mut clumps: Vec<Clump> = Vec::new();
    let mut last = Duration::ZERO;
    for piece in &body.pieces {
        let silence = piece.at.saturating_sub(last);
        last = piece.at;
        match clumps.last_mut().filter(|_| silence <= TOGETHER) {
            Some(clump) => {
                clump.until = piece.at;
                clump.bytes += piece.bytes;
                clump.events += piece.events;
                clump.whole = piece.whole;
            }
            None => clumps.push(Clump {
                at: piece.at,
                until: piece.at,
                bytes: piece.bytes,
                events: piece.events,
                whole: piece.whole,
                silence_before: silence,
                silence_after: Duration::ZERO,
                source_span_ms: None,
            }),
        }
    }
    let end = body.end.as_ref().map_or(body.until, |end| end.at);
    let starts: Vec<_> = clumps.iter().skip(1).map(|clump| clump.at).chain([end]).collect();
    for (clump, next) in clumps.iter_mut().zip(starts) {
        clump.silence_after = next.saturating_sub(clump.until);
        clump.source_span_ms = span(&body.arrivals, clump);
    }
    clumps
}

fn span(arrivals: &[Arrival], clump: &Clump) -> Option<f64> {
    let within = arrivals.iter().filter(|arrival| (clump.at..=clump.until).contains(&arrival.at));
    let times: Vec<f64> = within.filter_map(|arrival| arrival.source_ms).collect();
    let (least, most) = (times.iter().copied().reduce(f64::min)?, times.iter().copied().reduce(f64::max)?);
    (times.len() >= 2).then_some(most - least)
}
