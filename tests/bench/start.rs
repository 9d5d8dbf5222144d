//! From the start of the program to its tray icon and to its first notification.

use std::time::Instant;

use streambell_tests::{Desktop, Notifications, Resident, Server, Services, Tray};

use crate::{Figure, median, ms, profile};

const RUNS: usize = 15;

pub(crate) async fn measure() -> Vec<Figure> {
    let desktop = Desktop::start(Services::None).await;
    let tray = Tray::start(&desktop).await;
    let daemon = Notifications::start(&desktop).await;
    let server = Server::start().await;
    let config = format!(
        "version = 1\n[[stream]]\nname = \"s\"\nurl = \"{}\"\n[[rule]]\nname = \"r\"\nevent = \"alert\"\n",
        server.url("/")
    );
    let (mut registered, mut notified) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let folder = profile(&desktop.path(&format!("start{run}")), &config);
        let (items, notifications) = (tray.registered().len(), daemon.all().len());
        let start = Instant::now();
        let mut resident = Resident::start(&desktop, &folder, &["--hidden"]);
        let mut exchange = server.open().await;
        exchange.event("alert", "1", "first").await;
        let item = tray.wait_for_more_than(items).await;
        registered.push(item - start);
        let shown =
            streambell_tests::eventually("a notification", async || daemon.all().get(notifications).cloned()).await;
        notified.push(shown.at - start);
        resident.kill().await;
    }
    vec![
        Figure { what: "start to tray registered", measured: ms(median(registered)), aim: "30 ms" },
        Figure { what: "start to first notification", measured: ms(median(notified)), aim: "30 ms" },
    ]
}
