//! The way: certificates, HTTP versions, proxies, clocks.

use std::time::Duration;

use streambell_engine::config::StreamConfig;
use streambell_engine::doctor::{Code, Verdict};
use streambell_tests::Tls;

use super::scripted::Script;
use super::{at, certain, codes, examined, watched};
use crate::authority::Authority;
use crate::programs::{Program, apache_server, free_port, nginx, node};

/// nginx with the certificate for `name`, and the server behind it.
async fn secure(authority: &Authority, name: &str) -> (Program, Program) {
    secure_with(authority, name, "").await
}

/// The same with further words of its `location`.
async fn secure_with(authority: &Authority, name: &str, location: &str) -> (Program, Program) {
    let server = node("server.mjs", &[]).await;
    let file = |ending: &str| authority.file(&format!("{name}.{ending}")).display().to_string();
    let words = format!("ssl_certificate {}; ssl_certificate_key {};", file("pem"), file("key"));
    let proxy = nginx(server.port(), "ssl http2", &words, location).await;
    (proxy, server)
}

fn over_tls(proxy: &Program, authority: Option<&Authority>) -> StreamConfig {
    let url = format!("https://localhost:{}/?direct&total=1000000&pause=50", proxy.port());
    StreamConfig { ca_cert: authority.map(|authority| authority.file("ca.pem")), ..at(&url) }
}

#[tokio::test]
async fn certificates_are_judged_and_a_good_one_is_not_blamed() {
    let authority = Authority::new();
    let (good, _server) = secure(authority.issue("localhost"), "localhost").await;
    let report = examined(over_tls(&good, Some(&authority))).await;
    assert_eq!(report.verdict, Verdict::Healthy, "{report:#?}");
    assert_eq!(report.figures.http.as_deref(), Some("2"));
    assert!(report.figures.certificate_days.is_some_and(|days| days > 100), "{report:#?}");
    let report = examined(over_tls(&good, None)).await;
    assert_eq!(codes(&report), [Code::CertificateAuthority], "{report:#?}");
    assert!(report.findings[0].mends.iter().any(|mend| mend.paste.contains("ca_cert")), "{report:#?}");

    let (other, _server) = secure(authority.issue("example.com"), "example.com").await;
    let report = examined(over_tls(&other, Some(&authority))).await;
    assert!(certain(&report, Code::CertificateName).evidence.english.contains("example.com"), "{report:#?}");
}

#[tokio::test]
async fn a_certificate_that_has_ended_or_signed_itself_is_found() {
    let authority = Authority::new();
    let (old, _server) = secure(authority.issue_expired("localhost"), "localhost").await;
    let report = examined(over_tls(&old, Some(&authority))).await;
    assert!(certain(&report, Code::CertificateExpired).evidence.english.contains("2001-01-01"), "{report:#?}");

    let authority = Authority::new();
    let (own, _server) = secure(authority.issue_self_signed("localhost"), "localhost").await;
    let report = examined(over_tls(&own, None)).await;
    assert_eq!(codes(&report), [Code::CertificateSelfSigned], "{report:#?}");
}

#[tokio::test]
async fn a_certificate_that_should_have_been_renewed_is_found_and_one_of_a_short_life_is_not() {
    let authority = Authority::new();
    for (ago, more, wanted) in [(80, 5, vec![Code::CertificateEnds]), (30, 60, vec![]), (2, 5, vec![])] {
        let (proxy, _server) = secure(authority.issue_for_days("localhost", ago, more), "localhost").await;
        let report = examined(over_tls(&proxy, Some(&authority))).await;
        assert_eq!(codes(&report), wanted, "{report:#?}");
        assert!(report.figures.certificate_days.is_some_and(|days| days == more || days == more - 1), "{report:#?}");
    }
}

#[tokio::test]
async fn http2_that_fails_or_is_cut_where_http1_is_not_is_found() {
    let server = node("server.mjs", &[]).await;
    let http2 = nginx(server.port(), "http2", "", "").await;
    for lasts in [Duration::ZERO, Duration::from_millis(700)] {
        let tls = Tls::cutting_http2(server.port(), http2.port(), lasts).await;
        let url = tls.url("/?direct&total=1000000&pause=50");
        let report = examined(StreamConfig { ca_cert: Some(tls.authority()), ..at(&url) }).await;
        assert_eq!(codes(&report), [Code::Http2], "{report:#?}");
        let finding = certain(&report, Code::Http2);
        assert!(finding.mends.iter().any(|mend| mend.paste.contains("http1 = true")), "{finding:?}");
        assert_eq!(report.verdict, Verdict::Findings, "{report:#?}");
    }
}

#[tokio::test]
async fn http2_is_not_blamed_for_what_nginx_cuts_over_http1_too() {
    let authority = Authority::new();
    let (proxy, _server) = secure_with(authority.issue("localhost"), "localhost", "proxy_read_timeout 1500ms;").await;
    let url = format!("https://localhost:{}/?direct&hold=3&total=1000&pause=50", proxy.port());
    let config = StreamConfig { ca_cert: Some(authority.file("ca.pem")), ..at(&url) };
    let report = watched(config, Duration::from_secs(12)).await;
    assert_eq!(report.figures.http.as_deref(), Some("2"));
    assert_eq!(codes(&report), [Code::CutBySilence], "{report:#?}");
}

#[tokio::test]
async fn a_port_without_tls_is_found() {
    let server = node("server.mjs", &[]).await;
    let report = examined(at(&format!("https://localhost:{}/", server.port()))).await;
    assert_eq!(codes(&report), [Code::Tls], "{report:#?}");
}

#[tokio::test]
async fn old_http_and_a_wrong_clock_are_found() {
    let old = Script {
        head: Script::well().head.replace("1.1", "1.0").replace("Transfer-Encoding: chunked\r\n", ""),
        ..Script::well()
    };
    assert_eq!(codes(&examined(at(&old.start().await.url)).await), [Code::Http10]);
    let server = node("server.mjs", &[]).await;
    let pass = format!("ProxyPass / http://127.0.0.1:{}/ flushpackets=on", server.port());
    let apache = apache_server(&format!("{pass}\nSetEnvIf Request_URI . downgrade-1.0 force-response-1.0")).await;
    let report = examined(at(&apache.url("/?total=1000000&pause=50"))).await;
    let finding = certain(&report, Code::Http10);
    assert!(finding.mends.iter().any(|mend| mend.paste.contains("downgrade-1.0")), "{report:#?}");
    let past = Script::with("Date: Tue, 14 Nov 2023 22:13:20 GMT").start().await;
    assert_eq!(codes(&examined(at(&past.url)).await), [Code::Clock]);
    let now = Script::with(&format!("Date: {}", httpdate::fmt_http_date(std::time::SystemTime::now()))).start().await;
    assert_eq!(codes(&examined(at(&now.url)).await), []);
}

#[tokio::test]
async fn a_proxy_that_is_in_the_way_is_found_and_one_that_is_not_is_not() {
    let server = Script::well().start().await;
    let dead = Some(format!("http://127.0.0.1:{}", free_port()));
    let report = examined(StreamConfig { proxy: dead, ..at(&server.url) }).await;
    assert!(certain(&report, Code::Proxy).evidence.english.contains("Without it: 200"), "{report:#?}");
    // A server that takes whole addresses, as a proxy does, and passes them on as they come.
    let through = Some(server.url.replace("/events", ""));
    let report = examined(StreamConfig { proxy: through, ..at(&server.url) }).await;
    assert_eq!(codes(&report), [], "{report:#?}");
}
