//! Events that come late: buffers, compression, headers.

use std::time::Duration;

use streambell_engine::config::StreamConfig;
use streambell_engine::doctor::{Certainty, Code, Ids, Report, Resume, Verdict};

use super::scripted::Script;
use super::{at, certain, codes, examined, found, watched};
use crate::programs::{
    Program, apache, apache_server, caddy, free_port, haproxy, has_caddy, nginx, nginx_server, node,
};

/// Events often enough to fill a buffer of 4 kB within a second.
const OFTEN: &str = "/?total=1000000&pause=8";
/// The same from a server that forbids nginx to buffer.
const DIRECT: &str = "/?direct&total=1000000&pause=50";

pub(super) async fn balanced(upstream: &Program, more: &str) -> Program {
    let port = upstream.port();
    haproxy(&format!(
        "defaults\n  mode http\n  timeout connect 1s\n  timeout client 1m\n  timeout server 1m\n  {more}\n\
         frontend f\n  bind :80\n  default_backend b\nbackend b\n  server s 127.0.0.1:{port}\n"
    ))
    .await
}

#[tokio::test]
async fn a_stream_that_is_well_gets_a_clean_bill_behind_every_proxy() {
    let server = node("server.mjs", &[]).await;
    let nginx = nginx(server.port(), "", "", "").await;
    let apache = apache(server.port(), "flushpackets=on").await;
    let haproxy = balanced(&server, "").await;
    let mut all = vec![("none", &server), ("nginx", &nginx), ("Apache", &apache), ("HAProxy", &haproxy)];
    let caddy = match has_caddy() {
        true => Some(caddy(&format!("example.com {{\n\treverse_proxy 127.0.0.1:{}\n}}\n", server.port())).await),
        false => None,
    };
    all.extend(caddy.iter().map(|caddy| ("Caddy", caddy)));
    for (name, port) in all.into_iter().map(|(name, program)| (name, program.port())) {
        let report = examined(at(&format!("http://127.0.0.1:{port}{DIRECT}"))).await;
        assert_eq!(report.verdict, Verdict::Healthy, "{name}: {report:#?}");
        let figures = &report.figures;
        assert_eq!((figures.status, figures.http.as_deref()), (Some(200), Some("1.1")), "{name}");
        assert_eq!((figures.ids, figures.resume), (Ids::All, Resume::Works), "{name}: {figures:?}");
        assert!(figures.events > 20 && figures.header_ms.is_some_and(|after| after < 1_000), "{name}: {figures:?}");
        let named = report.servers.iter().any(|server| server.contains(name));
        assert_eq!(named, ["nginx", "Apache", "Caddy"].contains(&name), "{name}: {:?}", report.servers);
    }
}

/// nginx as it is without a word: HTTP/1.0 to the server, and buffers.
async fn by_default(upstream: &Program) -> Program {
    nginx_server("", &format!("location / {{ proxy_pass http://127.0.0.1:{}; }}", upstream.port())).await
}

#[tokio::test]
async fn clumps_of_nginx_are_found_with_what_to_paste() {
    let server = node("server.mjs", &[]).await;
    let proxy = by_default(&server).await;
    let report = watched(at(&proxy.url(OFTEN)), Duration::from_secs(5)).await;
    let finding = certain(&report, Code::Buffered);
    assert!(finding.title.english.starts_with("nginx"), "{finding:?}");
    // Buffers of 4 kB, less what the chunks' own words take.
    assert!((3_900.0..4_300.0).contains(&finding.numbers["bytes"]), "{finding:?}");
    assert!(finding.mends.iter().any(|mend| mend.paste.contains("proxy_buffering off;")), "{finding:?}");
    assert!(report.summary.english.starts_with("nginx, or what is behind it, holds events back"), "{}", report.summary);
    let other = certain(&report, Code::AccelBuffering);
    assert!(other.mends.iter().any(|mend| mend.paste.contains("X-Accel-Buffering")), "{other:?}");
}

#[tokio::test]
async fn a_header_that_nginx_keeps_until_there_is_enough_is_found() {
    let server = node("server.mjs", &[]).await;
    let proxy = by_default(&server).await;
    // It would take minutes until a buffer is full.
    let report = watched(at(&proxy.url("/?total=100000&pause=1000")), Duration::from_secs(1)).await;
    let finding = certain(&report, Code::FirstByteLate);
    assert!(finding.title.english.starts_with("nginx, or the server behind it, holds the answer back"), "{finding:?}");
    assert!(report.servers.iter().any(|server| server.starts_with("nginx")), "{report:#?}");
    assert!(codes(&report).contains(&Code::AccelBuffering), "{report:#?}");
    assert_eq!(report.verdict, Verdict::Findings);
}

#[tokio::test]
async fn compression_that_holds_events_back_is_found_where_it_was_asked_for() {
    let server = node("server.mjs", &[]).await;
    let zip = "gzip on; gzip_types text/event-stream; gzip_min_length 1; gzip_proxied any;";
    let proxy = nginx(server.port(), "", "", zip).await;
    let config = StreamConfig { compression: true, ..at(&proxy.url("/?total=1000000&pause=50")) };
    let report = watched(config, Duration::from_secs(2)).await;
    let finding = certain(&report, Code::Compressed);
    assert!(finding.mends.iter().any(|mend| mend.paste.contains("gzip off;")), "{finding:?}");
}

#[tokio::test]
async fn clumps_of_apache_are_found() {
    let server = node("server.mjs", &[]).await;
    // What compresses, packs and unpacks holds back like this: here a filter that fills a block first.
    let filter = "ExtFilterDefine block mode=output cmd=\"/bin/dd bs=4096 iflag=fullblock status=none\"\n\
                  SetOutputFilter block\n";
    let proxy =
        apache_server(&format!("{filter}ProxyPass / http://127.0.0.1:{}/ flushpackets=on", server.port())).await;
    let report = watched(at(&proxy.url(OFTEN)), Duration::from_secs(5)).await;
    let finding = certain(&report, Code::Buffered);
    assert!(finding.title.english.starts_with("Apache"), "{finding:?}");
    assert!(finding.mends.iter().any(|mend| mend.paste.contains("flushpackets=on")), "{finding:?}");
}

/// The report on a server that makes an event each 200 ms and sends so many together.
async fn batched(event: &str, batch: u64, watch: u64) -> Report {
    let script = Script { event: event.to_owned(), batch, pause: Duration::from_millis(200), ..Script::well() };
    watched(at(&script.start().await.url), Duration::from_secs(watch)).await
}

#[tokio::test]
async fn events_that_were_made_apart_and_come_together_are_found_by_their_own_times() {
    let (in_data, in_id) = ("id: {n}\ndata: {\"ts\":{t}}\n\n", "id: {t}-0\ndata: {n}\n\n");
    let (one, other, well) = tokio::join!(batched(in_data, 5, 5), batched(in_id, 5, 5), batched(in_data, 1, 3));
    for report in [one, other] {
        let finding = found(&report, Code::Buffered);
        assert_eq!(finding.certainty, Certainty::Likely, "{report:#?}");
        assert!(finding.evidence.english.contains("by the times in their ids or data"), "{finding:?}");
    }
    assert_eq!(codes(&well), []);
}

#[tokio::test]
async fn clumps_of_one_size_are_told_from_events_one_by_one_and_from_small_batches() {
    let (large, small) = (format!("id: {{n}}\ndata: {}\n\n", "x".repeat(300)), "id: {n}\ndata: x\n\n");
    let (clumps, flow, small) = tokio::join!(batched(&large, 6, 7), batched(&large, 1, 3), batched(small, 6, 7));
    assert_eq!(codes(&clumps), [Code::Buffered], "{clumps:#?}");
    let finding = &clumps.findings[0];
    assert_eq!(finding.certainty, Certainty::Possible);
    assert!(finding.evidence.english.contains("of the same size"), "{finding:?}");
    assert_eq!((codes(&flow), codes(&small)), (vec![], vec![]));
}

#[tokio::test]
async fn a_header_that_comes_late_is_found_and_one_in_time_is_not() {
    let late = Script { late: Duration::from_millis(2_300), ..Script::well() }.start().await;
    let report = examined(at(&late.url)).await;
    certain(&report, Code::FirstByteLate);
    let well = Script::well().start().await;
    assert_eq!(codes(&examined(at(&well.url)).await), []);
}

#[tokio::test]
async fn a_stream_that_is_compressed_unasked_is_found() {
    let zipped = Script::with("Content-Encoding: gzip").start().await;
    let report = examined(at(&zipped.url)).await;
    assert_eq!(codes(&report), [Code::Compressed]);
}

#[tokio::test]
async fn a_proxy_without_its_server_is_told_from_a_server_that_is_not_there() {
    let (gone, other) = (free_port(), free_port());
    let proxy = nginx(gone, "", "", "").await;
    let report = examined(at(&proxy.url("/"))).await;
    assert_eq!((codes(&report), report.verdict), (vec![Code::Status], Verdict::Findings));
    assert!(report.findings[0].evidence.english.contains("502"), "{:?}", report.findings);
    let balancer = haproxy(&format!(
        "defaults\n  mode http\n  timeout connect 1s\n  timeout client 1m\n  timeout server 1m\n\
         frontend f\n  bind :80\n  default_backend b\nbackend b\n  server s 127.0.0.1:{gone}\n"
    ))
    .await;
    let report = examined(at(&balancer.url("/"))).await;
    assert!(report.servers.contains(&"HAProxy".to_owned()), "{report:#?}");
    let report = examined(at(&format!("http://127.0.0.1:{other}/"))).await;
    assert_eq!((codes(&report), report.verdict), (vec![Code::Unreachable], Verdict::Unreachable));
}
