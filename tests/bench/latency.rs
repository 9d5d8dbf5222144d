//! From the server's write to the daemon's `Notify`, the event committed in between, at 50 events a second.

use std::time::{Duration, Instant};

use streambell_tests::{Desktop, Notifications, Resident, Server, Services, process};

use crate::{Figure, ms, percentile, profile};

const EVENTS: usize = 1_000;
const PERIOD: Duration = Duration::from_millis(20);

pub(crate) async fn measure() -> Vec<Figure> {
    let desktop = Desktop::start(Services::None).await;
    let daemon = Notifications::start(&desktop).await;
    let server = Server::start().await;
    let config = format!(
        "version = 1\n[[stream]]\nname = \"s\"\nurl = \"{}\"\n[[rule]]\nname = \"r\"\nevent = \"alert\"\n\
         title = \"{{{{ data.symbol }}}}\"\nbody = \"{{{{ data.message }}}}\"\nthrottle = \"off\"\n",
        server.url("/")
    );
    let folder = profile(&desktop.path("latency"), &config);
    let resident = Resident::start(&desktop, &folder, &["--hidden"]);
    let mut exchange = server.open().await;
    exchange.event("alert", "warm", r#"{"symbol":"WARM","message":"up"}"#).await;
    daemon.wait_for("the first", |notify| notify.summary == "WARM").await;

    let before = process::cpu_exact(resident.pid());
    let mut sent = Vec::with_capacity(EVENTS);
    let mut ticks = tokio::time::interval(PERIOD);
    for number in 0..EVENTS {
        ticks.tick().await;
        let data = format!(r#"{{"symbol":"S{number}","price":{number},"message":"event number {number}"}}"#);
        sent.push(Instant::now());
        exchange.event("alert", &number.to_string(), &data).await;
    }
    let all =
        streambell_tests::eventually("all notifications", async || Some(daemon.all()).filter(|all| all.len() > EVENTS))
            .await;
    let cpu = (process::cpu_exact(resident.pid()) - before) / u32::try_from(EVENTS).unwrap();
    let mut delays: Vec<_> = all
        .iter()
        .filter_map(|notify| Some(notify.at - sent[notify.summary.strip_prefix('S')?.parse::<usize>().ok()?]))
        .collect();
    let (half, most) = (percentile(&mut delays, 50), percentile(&mut delays, 99));
    vec![
        Figure { what: "wire to `Notify` at 50 events/s, p50", measured: ms(half), aim: "0.60 ms" },
        Figure { what: "wire to `Notify` at 50 events/s, p99", measured: ms(most), aim: "0.90 ms" },
        Figure { what: "CPU per notified event", measured: ms(cpu), aim: "0.35 ms" },
    ]
}
