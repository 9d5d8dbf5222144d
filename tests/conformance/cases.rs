//! Tables of cases: a body in, lines out. Each case is run twice, each time by a program of its own: with the body in
//! one piece, and with each byte in a chunk of its own.

use std::fmt::Debug;
use std::future::Future;

use futures_util::stream::{self, StreamExt as _};
use serde_json::Value;
use streambell_tests::{Server, Tail};

/// How many cases run at a time.
const AT_A_TIME: usize = 6;

/// A body and the lines that it must give between `open` and `waiting`.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    name: &'static str,
    body: Vec<u8>,
    wanted: Vec<Value>,
}

pub(crate) fn case(name: &'static str, body: impl AsRef<[u8]>, wanted: impl Into<Vec<Value>>) -> Case {
    Case { name, body: body.as_ref().to_owned(), wanted: wanted.into() }
}

#[derive(Debug, Clone, Copy)]
enum Pieces {
    One,
    Bytes,
}

/// Runs a table; all cases that fail are named.
pub(crate) async fn check(cases: Vec<Case>, arguments: &'static [&'static str]) {
    let runs = cases.into_iter().flat_map(|case| [Pieces::One, Pieces::Bytes].map(|pieces| (case.clone(), pieces)));
    let named = runs.map(|(case, pieces)| (format!("{} ({pieces:?})", case.name), run(case, pieces, arguments)));
    all(named.collect()).await;
}

/// Runs things that have names, a few at a time; all that fail are named.
pub(crate) async fn all<F>(runs: Vec<(String, F)>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let total = runs.len();
    let runs = runs.into_iter().map(async |(name, run)| (name, tokio::spawn(run).await));
    let results: Vec<_> = stream::iter(runs).buffer_unordered(AT_A_TIME).collect().await;
    let failed: Vec<String> = results.into_iter().filter(|(_, result)| result.is_err()).map(|(name, _)| name).collect();
    assert!(failed.is_empty(), "{} of {total} failed (why stands above): {failed:#?}", failed.len());
}

async fn run(case: Case, pieces: Pieces, arguments: &[&str]) {
    let server = Server::start().await;
    let url = server.url("/");
    let mut tail = Tail::start(&[&[url.as_str()], arguments].concat());
    let mut exchange = server.request().await;
    match pieces {
        Pieces::One => {
            exchange.start_events().await;
            exchange.send_bytes(&case.body).await;
        }
        Pieces::Bytes => {
            exchange.send(CHUNKED).await;
            exchange.send_bytes(&chunks(case.body.chunks(1))).await;
        }
    }
    drop(exchange);
    tail.next("open").await;
    let mut lines = tail.until("waiting").await;
    let waiting = lines.pop().unwrap();
    assert_eq!(lines, case.wanted, "{}, {pieces:?}: {:?}", case.name, String::from_utf8_lossy(&case.body));
    assert_eq!(waiting["reason"], "end-of-stream", "{}, {pieces:?}", case.name);
}

/// The head of an answer whose body comes in chunks.
pub(crate) const CHUNKED: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

/// A whole body in the chunked coding.
pub(crate) fn chunks<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut coded: Vec<u8> = pieces.filter(|piece| !piece.is_empty()).flat_map(chunk).collect();
    coded.extend_from_slice(b"0\r\n\r\n");
    coded
}

/// One chunk.
pub(crate) fn chunk(piece: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
}

/// Something with a name and how to show it in a failure.
pub(crate) fn named<T: Debug, F>(what: T, run: impl FnOnce(T) -> F) -> (String, F) {
    (format!("{what:?}"), run(what))
}
