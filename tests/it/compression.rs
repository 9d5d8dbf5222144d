//! Streams that the server may compress.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use streambell_engine::config::{Config, StreamConfig};
use streambell_engine::connection::State;
use streambell_tests::{Exchange, Server};

use crate::setup::{Rig, stream};

/// A way to compress that can be flushed.
enum Encoder {
    Gzip(GzEncoder<Vec<u8>>),
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
}

impl Encoder {
    fn gzip() -> Self {
        Self::Gzip(GzEncoder::new(Vec::new(), Compression::default()))
    }

    fn brotli() -> Self {
        Self::Brotli(Box::new(brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20)))
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Gzip(_) => "gzip",
            Self::Brotli(_) => "br",
        }
    }

    /// Everything up to here, so that the reader can have it.
    fn flushed(&mut self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Gzip(gzip) => {
                gzip.write_all(text).unwrap();
                gzip.flush().unwrap();
                std::mem::take(gzip.get_mut())
            }
            Self::Brotli(brotli) => {
                brotli.write_all(text).unwrap();
                brotli.flush().unwrap();
                std::mem::take(brotli.get_mut())
            }
        }
    }
}

fn rig(server: &Server, compression: bool) -> Rig {
    let stream = StreamConfig { compression, ..stream("market", &server.url("/")) };
    Rig::start(Config { streams: vec![stream.into()], ..Config::default() })
}

async fn start(exchange: &mut Exchange, coding: &str) {
    exchange
        .send(&format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: {coding}\r\n\r\n"))
        .await;
}

#[tokio::test]
async fn each_event_of_a_compressed_stream_is_there_as_soon_as_the_server_flushed_it() {
    for mut encoder in [Encoder::gzip(), Encoder::brotli()] {
        let server = Server::start().await;
        let rig = rig(&server, true);
        let mut exchange = server.request().await;
        assert_eq!(exchange.values("accept-encoding"), [b"gzip, br"]);
        start(&mut exchange, encoder.name()).await;
        for number in 1..=20 {
            let text = format!("event: price-update\nid: {number}\ndata: {}\n\n", "x".repeat(number * 97));
            exchange.send_bytes(&encoder.flushed(text.as_bytes())).await;
            // Nothing more comes before this one is stored.
            rig.stored(number).await;
        }
    }
}

#[tokio::test]
async fn a_compressed_stream_that_comes_byte_by_byte_is_read_all_the_same() {
    for mut encoder in [Encoder::gzip(), Encoder::brotli()] {
        let server = Server::start().await;
        let rig = rig(&server, true);
        let mut exchange = server.request().await;
        start(&mut exchange, encoder.name()).await;
        for byte in encoder.flushed(b"id: 1\ndata: a\n\nid: 2\ndata: b\n\n") {
            exchange.send_bytes(&[byte]).await;
            tokio::task::yield_now().await;
        }
        rig.numbered("market", 2).await;
    }
}

#[tokio::test]
async fn an_event_that_is_huge_once_unpacked_is_skipped_and_the_stream_goes_on() {
    for mut encoder in [Encoder::gzip(), Encoder::brotli()] {
        let server = Server::start().await;
        let stream = StreamConfig { compression: true, max_event: 64 * 1024, ..stream("market", &server.url("/")) };
        let rig = Rig::start(Config { streams: vec![stream.into()], ..Config::default() });
        let mut exchange = server.request().await;
        start(&mut exchange, encoder.name()).await;
        let mut packed = encoder.flushed(b"data: ");
        for _ in 0..64 {
            packed.extend(encoder.flushed(&vec![b'0'; 1 << 20]));
        }
        packed.extend(encoder.flushed(b"\n\nid: 1\ndata: small\n\n"));
        assert!(packed.len() < 1 << 20, "{} bytes on the wire", packed.len());
        let before = peak();
        exchange.send_bytes(&packed).await;
        let events = rig.stored(1).await;
        assert_eq!((events.len(), events[0].event.data.as_str()), (1, "small"));
        let grown = peak() - before;
        assert!(grown < 24 << 10, "the peak of memory grew by {grown} KiB");
    }
}

#[tokio::test]
async fn a_broken_compressed_stream_is_connected_anew() {
    let server = Server::start().await;
    let rig = rig(&server, true);
    let mut exchange = server.request().await;
    start(&mut exchange, "gzip").await;
    exchange.send_bytes(b"this is no gzip at all, and long enough to be seen as none").await;
    let mut exchange = server.open().await;
    exchange.event("price-update", "1", "{}").await;
    rig.stored(1).await;
}

#[tokio::test]
async fn compression_that_was_not_asked_for_is_said() {
    let server = Server::start().await;
    let rig = rig(&server, false);
    let mut exchange = server.request().await;
    assert_eq!(exchange.values("accept-encoding"), [b"identity"]);
    start(&mut exchange, "gzip").await;
    let ended = rig.snapshot("an end", |snapshot| matches!(snapshot.streams[0].state, State::Ended { .. })).await;
    assert_eq!(ended.streams[0].state.message(), "the answer is compressed (gzip) though that was not asked for");
}

/// The most memory this process has had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
