//! The settings that the README gives for proxies, read out of it and used.

use std::time::{Duration, Instant};

use streambell_engine::config::StreamConfig;
use streambell_engine::doctor::{mend, product::Product};
use streambell_tests::eventually;

use crate::programs::{Program, apache_server, caddy, haproxy, has_caddy, nginx_server, node};
use crate::systems::ask;
use crate::{engine, settings};

/// A block of the README, with this port instead of the server's there.
pub(crate) fn settings_of(product: &str, upstream: u16) -> String {
    let readme = include_str!("../../README.md");
    let (_, block) = readme.split_once(&format!("```{product}\n")).expect("settings in the README");
    let (block, _) = block.split_once("```").expect("the end of the block");
    assert!(block.contains("127.0.0.1:3000"), "{block}");
    block.replace("127.0.0.1:3000", &format!("127.0.0.1:{upstream}"))
}

#[test]
fn what_the_doctor_tells_to_paste_stands_there_too() {
    use Product::{Apache, Caddy, HaProxy, Nginx};
    for (product, block) in [(Nginx, "nginx"), (Apache, "apache"), (HaProxy, "haproxy"), (Caddy, "caddy")] {
        let given = settings_of(block, 3000);
        let given: Vec<_> = given.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).collect();
        let mends = mend::unbuffer(&[product]).into_iter().chain(mend::patience(&[product]));
        for mend in mends.filter(|mend| !mend.product.starts_with("Kubernetes")) {
            for line in mend.paste.lines() {
                assert!(given.contains(&line.trim()), "{block}: {line}");
            }
        }
    }
}

async fn start(product: &str, settings: &str) -> Program {
    match product {
        "nginx" => nginx_server("", settings).await,
        "apache" => apache_server(settings).await,
        "haproxy" => haproxy(settings).await,
        "caddy" => caddy(settings).await,
        other => panic!("no such product: {other}"),
    }
}

/// Ten events in a second, the thousandth in a hundred.
async fn come_at_once(product: &str) {
    let server = node("server.mjs", &[]).await;
    // What is often said for everything else.
    let around = match product {
        "nginx" => "gzip on; gzip_types text/event-stream; gzip_proxied any;\n",
        "apache" => "SetOutputFilter DEFLATE\n",
        _ => "",
    };
    let proxy = start(product, &format!("{around}{}", settings_of(product, server.port()))).await;
    for compression in [false, true] {
        let begin = Instant::now();
        let url = proxy.url("/events?pause=100&total=1000");
        let rig = engine(StreamConfig { compression, ..settings(&url) });
        rig.stored(10).await;
        assert!(begin.elapsed() < Duration::from_secs(5), "it took {:?}", begin.elapsed());
        assert!(rig.history().len() < 20, "they came together");
    }
}

/// The timeout that is given is the one that counts: made short, it cuts a stream that is silent.
async fn cuts_when_made_short(product: &str) {
    let server = node("server.mjs", &[]).await;
    let impatient = settings_of(product, server.port()).replace("1h", "1s").replace("3600", "1");
    let proxy = start(product, &impatient).await;
    let rig = engine(settings(&proxy.url("/events?hold=7&total=21")));
    rig.numbered("market", 21).await;
}

#[tokio::test]
async fn events_come_at_once_through_nginx() {
    come_at_once("nginx").await;
}

#[tokio::test]
async fn events_come_at_once_through_apache() {
    come_at_once("apache").await;
}

#[tokio::test]
async fn events_come_at_once_through_haproxy() {
    come_at_once("haproxy").await;
}

#[tokio::test]
async fn events_come_at_once_through_caddy() {
    if has_caddy() {
        come_at_once("caddy").await;
    }
}

#[tokio::test]
async fn the_timeouts_are_those_that_cut_a_silent_stream() {
    tokio::join!(cuts_when_made_short("nginx"), cuts_when_made_short("apache"), cuts_when_made_short("haproxy"));
}

/// So that it need not hold what it keeps for each: nginx, HAProxy and Caddy tell it at once, Apache with the next event.
#[tokio::test]
async fn a_listener_that_leaves_leaves_the_server_too() {
    let leaves = async |product, pause| {
        let server = node("server.mjs", &[]).await;
        let listeners = async |wanted: &str| {
            eventually(&format!("{wanted} listeners behind {product}"), async || {
                ask(server.port(), "GET /?listeners", &[], "")
                    .await
                    .ends_with(&format!("\r\n\r\n{wanted}"))
                    .then_some(())
            })
            .await;
        };
        let proxy = start(product, &settings_of(product, server.port())).await;
        let rig = engine(settings(&proxy.url(&format!("/events?total=100000&pause={pause}"))));
        listeners("1").await;
        rig.engine.stop().await;
        listeners("0").await;
    };
    let silence = 60_000;
    let caddy = async {
        if has_caddy() {
            leaves("caddy", silence).await;
        }
    };
    tokio::join!(leaves("nginx", silence), leaves("haproxy", silence), caddy, leaves("apache", 50));
}

/// Longer than nginx, HAProxy, Apache and most load balancers keep a silent connection by default.
#[tokio::test]
#[ignore = "takes more than a minute; make compat runs it"]
async fn a_silence_of_more_than_a_minute_is_endured() {
    let server = node("server.mjs", &[]).await;
    let endures = async |product, words: String| {
        let proxy = start(product, &words).await;
        let url = proxy.url("/events?pause=65000&total=1");
        let rig = engine(StreamConfig { idle_timeout: Some(Duration::from_secs(120)), ..settings(&url) });
        // Streambell's own patience is not what is tested.
        tokio::time::sleep(Duration::from_secs(62)).await;
        rig.numbered("market", 1).await;
        rig.connections("market").len()
    };
    let as_given = |product| endures(product, settings_of(product, server.port()));
    let caddy = async { if has_caddy() { as_given("caddy").await } else { 1 } };
    let without_timeout = settings_of("nginx", server.port()).replace("proxy_read_timeout", "# proxy_read_timeout");
    let connections = tokio::join!(as_given("nginx"), as_given("apache"), as_given("haproxy"), caddy, async {
        tokio::time::timeout(Duration::from_secs(70), endures("nginx", without_timeout)).await
    },);
    let (nginx, apache, haproxy, caddy, cut) = connections;
    assert_eq!((nginx, apache, haproxy, caddy), (1, 1, 1, 1));
    assert!(cut.is_err(), "nginx keeps a silent connection for 60 s, but this one got its event");
}
