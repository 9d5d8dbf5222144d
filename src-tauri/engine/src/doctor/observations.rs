//! What the probes saw: plain values, no secret in them.

use std::time::Duration;

use jiff::Timestamp;

use crate::locale::Text;
use crate::transport::{Turn, Unasked, Why};

/// All that was seen of one stream.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observations {
    /// What was asked.
    pub target: Target,
    /// The connections while it was watched, in order; at least one.
    pub visits: Vec<Visit>,
    /// How long it was watched in all.
    pub watched: Duration,
    /// The same request once more, over HTTP/1.1, where the stream may speak HTTP/2 and came to nothing.
    pub http1: Option<Visit>,
    /// The same request once more, without a proxy.
    pub direct: Option<Visit>,
    /// The same request once more, without compression, where the stream asks for it.
    pub identity: Option<Visit>,
    /// What answers to a request with a header that is too large, where the stream's own answer did not come: the server
    /// or proxy that is nearest.
    pub door: Option<Answer>,
    /// The same request once more, on a cold connection, after the id that it names.
    pub again: Option<Again>,
    /// What addresses the name has, and which of them can be connected to; by family.
    pub families: Vec<Family>,
    /// The server's own certificate.
    pub certificate: Option<Certificate>,
    /// The connections of before that opened, newest first.
    pub past: Vec<Past>,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The address, its secrets replaced by `***`.
    pub url: String,
    /// Its host.
    pub host: String,
    /// Its path.
    pub path: String,
    /// Whether it is this machine, by its name.
    pub is_local: bool,
    /// The names of the address's parameters that hold a secret.
    pub secret_parameters: Vec<String>,
    /// Whether a secret goes with the request.
    pub signs_in: bool,
    /// Whether the stream gets new tokens by itself.
    pub renews: bool,
    /// When its token ends, where that can be read from it.
    pub token_ends: Option<Timestamp>,
    /// The variables of the environment that name a proxy, or `proxy` where the stream itself does.
    pub proxies: Vec<String>,
    /// Whether the stream resumes by the ids of its events.
    pub asks_to_resume: bool,
}

/// One request, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The answer.
    pub answer: Answer,
    /// The body as it came, where the answer is a stream.
    pub body: Body,
}

/// An answer, or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The middle of the time in which the answer was waited for.
    pub at: Timestamp,
    /// The redirects that were followed.
    pub turns: Vec<Turn>,
    /// The head of the answer, or why there is none.
    pub head: Result<Head, Unasked>,
}

/// The head of an answer, and where it is no stream the beginning of its body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// `1.0`, `1.1`, `2` …
    pub http: &'static str,
    /// How long it took, connecting included.
    pub after: Duration,
    /// Names in lower case, values without secrets; of each at most a few hundred characters.
    pub headers: Vec<(String, String)>,
    /// The beginning of the body, where the answer is no event stream; without secrets.
    pub page: String,
}

/// A body as it came. Times count from the request.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// Its pieces, as they could be read.
    pub pieces: Vec<Piece>,
    /// Its events, at the piece that completed them.
    pub arrivals: Vec<Arrival>,
    /// How many events came, also those that were too many to note.
    pub events: u64,
    /// When comments came.
    pub comments: Vec<Duration>,
    /// The last reconnection time that was named, to the letter.
    pub retry: Option<Duration>,
    /// How it ended; `None` where we left.
    pub end: Option<End>,
    /// For how long it was listened to.
    pub until: Duration,
    /// Whether that is longer than was planned, because it was silent then.
    pub prolonged: bool,
}

/// Bytes that came at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// When.
    pub at: Duration,
    /// How many, decompressed.
    pub bytes: u64,
    /// How many events they completed.
    pub events: u64,
    /// Whether they end at the end of a line.
    pub whole: bool,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrival {
    /// When it came.
    pub at: Duration,
    /// Its own id.
    pub id: Option<String>,
    /// The time that its id or its data name, in milliseconds since 1970.
    pub source_ms: Option<f64>,
}

/// How a body ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Duration,
    /// Whether it was ended in order; else it broke off.
    pub clean: bool,
}

/// A request after an id.
#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    /// The id that was sent as the last one; `None` where there was none to send.
    pub after: Option<String>,
    /// What the server says it resumes after, where that is another.
    pub admits: Option<String>,
    /// What came.
    pub visit: Visit,
}

/// The addresses of one family that a name has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// 4 or 6.
    pub version: u8,
    /// How many.
    pub addresses: usize,
    /// How long the first connection took, or why there is none.
    pub connected: Result<Duration, Text>,
}

/// The certificate that the server shows as its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// From when it is valid.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Whether it is signed with its own key.
    pub self_signed: bool,
    /// Who signed it, in short.
    pub issuer: String,
    /// For which names it is.
    pub names: Vec<String>,
    /// How many certificates the server sends, this one included.
    pub chain: usize,
}

/// A connection of before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// How long it was open.
    pub open_for: Duration,
    /// Whether the server or what is in between ended it.
    pub by_peer: bool,
    /// How many bytes came.
    pub bytes: u64,
}

impl Observations {
    /// The head of the first answer.
    pub fn head(&self) -> Option<&Head> {
        self.visits.first()?.answer.head.as_ref().ok()
    }

    /// Why the first request has no answer.
    pub fn failure(&self) -> Option<&Unasked> {
        self.visits.first()?.answer.head.as_ref().err()
    }

    /// Whether another way, without a proxy or compression or over HTTP/1.1, led to a stream.
    pub fn works_otherwise(&self) -> bool {
        let visits = self.direct.iter().chain(&self.identity).chain(&self.http1);
        visits.filter_map(|visit| visit.answer.head.as_ref().ok()).any(Head::is_stream)
    }

    /// Whether nobody answers, on any way.
    pub fn is_unreachable(&self) -> bool {
        let connects = self.families.iter().any(|family| family.connected.is_ok());
        let nobody = self.failure().is_some_and(|failure| match failure.why {
            Why::Name | Why::Network | Why::Unusable => true,
            // Where a connection stands, it is the answer that is late.
            Why::Silent => !connects,
            Why::Tls(_) | Why::Loop | Why::Redirect => false,
        });
        nobody && !self.works_otherwise()
    }

    /// The first answer's head where it is an event stream, compressed or not.
    pub fn stream(&self) -> Option<&Head> {
        self.head().filter(|head| head.is_stream())
    }

    /// The bodies, without those that are no stream or compressed.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        let is_readable = |head: &Head| head.is_stream() && head.coding().is_none();
        let streams = self.visits.iter().filter(move |visit| visit.answer.head.as_ref().is_ok_and(is_readable));
        streams.map(|visit| &visit.body)
    }

    /// The oldest age of a body that broke off, where each did that, or was no older when we left it.
    pub fn breaks_off(&self) -> Option<Duration> {
        let broken = |body: &Body| body.end.as_ref().is_some_and(|end| !end.clean);
        let oldest = self.bodies().filter(|body| broken(body)).map(|body| body.until).max()?;
        let all = self.bodies().all(|body| broken(body) || (body.end.is_none() && body.until <= oldest));
        all.then_some(oldest)
    }

    /// All events that were noted.
    pub fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.bodies().flat_map(|body| &body.arrivals)
    }

    /// The ids that came last on one connection, in their order: of the last one with two of them or more.
    pub fn ids(&self) -> Vec<&str> {
        let of = |body: &Body| body.arrivals.iter().filter(|arrival| arrival.id.is_some()).count();
        let bodies: Vec<&Body> = self.bodies().collect();
        let body = bodies.iter().rev().find(|body| of(body) >= 2).or(bodies.last());
        body.into_iter().flat_map(|body| &body.arrivals).filter_map(|arrival| arrival.id.as_deref()).collect()
    }

    /// How many events came.
    pub fn events(&self) -> u64 {
        self.bodies().map(|body| body.events).sum()
    }
}

impl Head {
    /// The first value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a header, joined with commas.
    pub fn all(&self, name: &str) -> String {
        let values = self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        values.collect::<Vec<_>>().join(", ")
    }

    /// The content type without its parameters, in lower case.
    pub fn content_type(&self) -> Option<String> {
        crate::transport::essence(&self.all("content-type")).map(str::to_ascii_lowercase)
    }

    /// Whether this is an answer that a stream could have; a missing content type is a fault of its own.
    pub fn is_stream(&self) -> bool {
        self.status == 200 && self.content_type().is_some_and(|kind| kind == "text/event-stream")
    }

    /// How the body is compressed.
    pub fn coding(&self) -> Option<String> {
        let coding = self.all("content-encoding").to_ascii_lowercase();
        (!coding.is_empty() && coding != "identity").then_some(coding)
    }
}

impl Body {
    /// The longest time without a byte, until the end or until we left.
    pub fn longest_silence(&self, header_after: Duration) -> Duration {
        let mut last = header_after;
        let mut longest = Duration::ZERO;
        let end = self.end.as_ref().map_or(self.until, |end| end.at);
        for at in self.pieces.iter().map(|piece| piece.at).chain([end]) {
            longest = longest.max(at.saturating_sub(last));
            last = at;
        }
        longest
    }

    /// The longest time without a byte that a byte ended.
    pub fn longest_pause(&self, header_after: Duration) -> Duration {
        let before = std::iter::once(header_after).chain(self.pieces.iter().map(|piece| piece.at));
        let pauses = before.zip(&self.pieces).map(|(before, piece)| piece.at.saturating_sub(before));
        pauses.max().unwrap_or_default()
    }
}
