//! One request, and what comes when: the answer's head, and its body's pieces with their times.

use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use reqwest::Response;
use reqwest::header::HeaderMap;

use super::observations::{Answer, Arrival, Body, End, Head, Piece, Visit};
use super::source_time;
use crate::auth::Credentials;
use crate::config::StreamConfig;
use crate::sse::{Decoder, Options, Parsed};
use crate::transport::{Asked, Manner, ask, one_line, version};

/// What is noted at the most: of pieces, events and comments; headers; characters of a value; bytes of a page.
const NOTED: usize = 20_000;
const HEADERS: usize = 64;
const VALUE: usize = 400;
const PAGE: usize = 8 * 1024;
/// How long a page is waited for.
const PAGE_PATIENCE: Duration = Duration::from_millis(800);
/// The longest id that is noted, in characters.
const ID: usize = 256;

/// How to look at one answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) config: &'a StreamConfig,
    pub(super) credentials: &'a Credentials,
    /// The id to resume after; may be empty.
    pub(super) cursor: &'a str,
    pub(super) manner: Manner,
    /// How long the body is listened to.
    pub(super) listen: Duration,
    /// Where it is silent then, it is listened to on until something comes, and for so long at the most.
    pub(super) longest: Duration,
    /// After so many events with an id it need not be listened to any more.
    pub(super) enough: usize,
}

impl Look<'_> {
    /// Asks once and listens.
    pub(super) async fn run(self) -> Visit {
        let (start, now) = (Instant::now(), Timestamp::now());
        let asked = ask(self.config, self.credentials, self.cursor, self.manner).await;
        let at = now.checked_add(start.elapsed() / 2).unwrap_or(now);
        match asked {
            Err(unasked) => {
                let answer = Answer { at, turns: unasked.turns.clone(), head: Err(unasked) };
                Visit { answer, body: Body::default() }
            }
            Ok(Asked { response, header_after, turns }) => {
                let mut head = Head {
                    status: response.status().as_u16(),
                    http: version(response.version()),
                    after: header_after,
                    headers: headers(response.headers(), self.credentials),
                    page: String::new(),
                };
                let mut body = Body::default();
                if head.is_stream() {
                    body = self.listen(response, start).await;
                } else {
                    head.page = self.credentials.mask_foreign(&page(response).await);
                }
                Visit { answer: Answer { at, turns, head: Ok(head) }, body }
            }
        }
    }

    async fn listen(&self, mut response: Response, start: Instant) -> Body {
        let (begin, mut until) = (Instant::now(), Instant::now() + self.listen);
        let mut last = begin;
        let options = Options { max_event: self.config.max_event, strict: true, comments: true };
        let mut decoder = Decoder::new("", options);
        let mut body = Body::default();
        let mut parsed = Vec::new();
        let mut with_id = 0;
        while with_id < self.enough {
            let piece = tokio::time::timeout_at(until.into(), response.chunk()).await;
            let at = start.elapsed();
            body.until = at;
            match piece {
                Err(_) if self.goes_on(last, &body) => {
                    body.prolonged = true;
                    until = begin + self.longest;
                }
                Err(_) => break,
                Ok(Ok(Some(bytes))) => {
                    last = Instant::now();
                    decoder.feed(&bytes, &mut parsed);
                    let before = body.events;
                    for one in parsed.drain(..) {
                        with_id += usize::from(body.take(one, at));
                    }
                    let whole = bytes.last().is_none_or(|last| matches!(last, b'\n' | b'\r'));
                    if body.pieces.len() < NOTED {
                        let events = body.events - before;
                        body.pieces.push(Piece { at, bytes: bytes.len() as u64, events, whole });
                    }
                    if body.prolonged {
                        break;
                    }
                }
                Ok(ended) => {
                    body.end = Some(End { at, clean: ended.is_ok() });
                    break;
                }
            }
        }
        body
    }

    /// Whether nothing came for so long that it cannot be told yet what that silence means.
    fn goes_on(&self, last: Instant, body: &Body) -> bool {
        self.longest > self.listen && !body.prolonged && last.elapsed() >= self.listen / 2
    }
}

impl Body {
    /// Notes what was parsed; tells whether it is an event with an id of its own.
    fn take(&mut self, parsed: Parsed, at: Duration) -> bool {
        match parsed {
            Parsed::Event { data, id, id_is_own, .. } => {
                self.events += 1;
                let id = Some(id).filter(|id| id_is_own && !id.is_empty());
                let has_id = id.is_some();
                if self.arrivals.len() < NOTED {
                    let source_ms = source_time::of_event(id.as_deref(), &data);
                    let id = id.map(|id| id.chars().take(ID).collect());
                    self.arrivals.push(Arrival { at, id, source_ms });
                }
                return has_id;
            }
            Parsed::Comment(_) if self.comments.len() < NOTED => self.comments.push(at),
            Parsed::Retry(retry) => self.retry = Some(retry),
            Parsed::Skipped { .. } => self.events += 1,
            Parsed::Comment(_) | Parsed::Id(_) => {}
        }
        false
    }
}

/// Headers without secrets, and short.
fn headers(from: &HeaderMap, credentials: &Credentials) -> Vec<(String, String)> {
    // What is cut before it is masked may be known no more.
    let shown = |value: &[u8]| one_line(&credentials.mask_foreign(&String::from_utf8_lossy(value)), VALUE);
    // Cookies are secrets of their own.
    let told = from.iter().filter(|(name, _)| name.as_str() != "set-cookie");
    told.take(HEADERS).map(|(name, value)| (name.as_str().to_owned(), shown(value.as_bytes()))).collect()
}

async fn page(mut response: Response) -> String {
    let mut page = Vec::new();
    let reading = async {
        while page.len() < PAGE {
            match response.chunk().await {
                Ok(Some(bytes)) => page.extend_from_slice(&bytes),
                Ok(None) | Err(_) => break,
            }
        }
    };
    // What came until then is enough.
    drop(tokio::time::timeout(PAGE_PATIENCE, reading).await);
    page.truncate(PAGE);
    String::from_utf8_lossy(&page).into_owned()
}

/// How far a server's `Date` is ahead of the moment it was seen; it is cut to the second.
pub(super) fn clock(head: &Head, at: Timestamp) -> Option<f64> {
    // An answer from a cache has the date of when it was put there.
    if head.header("age").is_some_and(|age| age.trim() != "0") {
        return None;
    }
    let date = httpdate::parse_http_date(head.header("date")?).ok()?;
    let date = date.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs_f64();
    Some(date + 0.5 - at.as_duration().as_secs_f64())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::{Header, HeaderValue};
    use crate::secrets::Vault;

    #[tokio::test]
    async fn a_long_token_that_a_server_repeats_is_not_told_in_part() {
        let token = "t0ken".repeat(200);
        let mut config = StreamConfig::new("s", "https://h/");
        let value = HeaderValue::Plain(format!("Bearer {token}"));
        config.headers.push(Header { name: "Authorization".to_owned(), value });
        let credentials = Credentials::read(&config, &Vault::memory(), None).await.unwrap();
        let mut from = HeaderMap::new();
        from.insert("www-authenticate", format!("Bearer error_description=\"{token} is bad\"").parse().unwrap());
        let wanted = ("www-authenticate".to_owned(), "Bearer error_description=\"*** is bad\"".to_owned());
        assert_eq!(headers(&from, &credentials), [wanted]);
    }
}
