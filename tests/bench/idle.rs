//! What the resident costs in the tray with ten open, silent streams.

use std::time::Duration;

use streambell_tests::{Desktop, Notifications, Resident, Server, Services, Tray, process};

use crate::{Figure, ms, profile};

const STREAMS: usize = 10;
const WINDOW: Duration = Duration::from_secs(30);

pub(crate) async fn measure() -> Vec<Figure> {
    let desktop = Desktop::start(Services::None).await;
    let _tray = Tray::start(&desktop).await;
    let _daemon = Notifications::start(&desktop).await;
    let server = Server::start().await;
    let mut config = "version = 1\n[[rule]]\nname = \"r\"\nevent = \"alert\"\n".to_owned();
    for number in 0..STREAMS {
        config
            .push_str(&format!("[[stream]]\nname = \"s{number}\"\nurl = \"{}\"\n", server.url(&format!("/{number}"))));
    }
    let folder = profile(&desktop.path("idle"), &config);
    let resident = Resident::start(&desktop, &folder, &["--hidden"]);
    let mut open = Vec::new();
    for _ in 0..STREAMS {
        let mut exchange = server.open().await;
        exchange.send(": hello\n\n").await;
        open.push(exchange);
    }
    // The start's own work is not what is measured, nor threads that end some seconds later.
    tokio::time::sleep(Duration::from_secs(15)).await;
    let pid = resident.pid();
    let (cpu, wake_ups) = (process::cpu_exact(pid), process::wake_ups(pid));
    tokio::time::sleep(WINDOW).await;
    let cpu = process::cpu_exact(pid).saturating_sub(cpu);
    let wake_ups = process::wake_ups(pid).saturating_sub(wake_ups) as f64 / WINDOW.as_secs_f64();
    vec![
        Figure {
            what: "in the tray, 10 open streams: PSS",
            measured: format!("{:.1} MiB", process::pss(pid)),
            aim: "12 MiB",
        },
        Figure { what: "the same: CPU in 30 s", measured: ms(cpu), aim: "10 ms" },
        Figure { what: "the same: wake-ups", measured: format!("{wake_ups:.2} /s"), aim: "under 1 /s" },
    ]
}
