//! The real window on a history of a million events: how soon it is usable, whether it keeps up with a thousand events a
//! second, and what it costs while nobody sees it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::json;
use streambell_tests::webdriver::Window;
use streambell_tests::{Broadcast, Desktop, Notifications, Resident, Services, eventually, process};

use crate::{Figure, look, ms, percentile, profile};

/// How many events come at a time, after as many milliseconds.
const AT_ONCE: u64 = 10;

const LENGTH: Duration = Duration::from_secs(60);

/// What a view costs when it comes is over by then.
const WARM_UP: Duration = Duration::from_secs(3);

/// Keeps how long each frame was after the one before it.
const WATCH: &str = "
    const gaps = (window.gaps = []);
    let last = performance.now();
    const frame = (now) => {
        gaps.push(Math.max(0, now - last));
        last = now;
        if (window.gaps === gaps) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);";

pub(crate) async fn measure() -> Vec<Figure> {
    let mut desktop = Desktop::start(Services::None).await;
    desktop.spawn("openbox", &[]);
    let _daemon = Notifications::start(&desktop).await;
    let server = Broadcast::start(None).await;
    let config = format!(
        "version = 1\n[history]\nmax_events = 5000000\n[[stream]]\nname = \"market\"\nurl = \"{}\"\n[[tile]]\n",
        server.url()
    );
    let folder = profile(&desktop.path("flood"), &config);
    look::fill(&folder.join("history.db"), Timestamp::now());
    let resident = Resident::start(&desktop, &folder, &["run", "--headless"]);
    resident.wait_for_state(&desktop, "market", "open").await;
    let socket = folder.join("control.sock").display().to_string();

    let asked = Instant::now();
    let window = Window::open(&mut desktop, &["--socket", &socket]).await;
    window.find("tile").await;
    window.find("alert-row").await;
    window.find("feed-row").await;
    let usable = asked.elapsed();
    let pid = *process::find(&socket).iter().find(|pid| **pid != resident.pid()).expect("the dashboard runs");

    let flood = tokio::spawn(async move { flood(&server).await });
    let before = process::pss(pid);
    let mut frames = Vec::new();
    for view in ["now", "feed"] {
        window.click(&format!("nav-{view}")).await;
        tokio::time::sleep(WARM_UP).await;
        window.evaluate(WATCH, &[]).await;
        tokio::time::sleep(LENGTH).await;
        let gaps = window.evaluate("const found = gaps; window.gaps = null; return found", &[]).await;
        let gaps = gaps.as_array().unwrap().iter().filter_map(serde_json::Value::as_f64);
        let mut gaps = gaps.map(|gap| Duration::from_secs_f64(gap / 1000.0)).collect::<Vec<_>>();
        frames.push(format!("{} / {}", ms(percentile(&mut gaps, 99)), ms(percentile(&mut gaps, 100))));
    }
    let after = process::pss(pid);

    window.client.minimize_window().await.unwrap();
    eventually("a hidden window", async || {
        (window.evaluate("return document.visibilityState", &[]).await == json!("hidden")).then_some(())
    })
    .await;
    tokio::time::sleep(WARM_UP).await;
    let start = process::cpu_of_all(pid);
    tokio::time::sleep(LENGTH).await;
    let hidden = (process::cpu_of_all(pid) - start).as_secs_f64() / LENGTH.as_secs_f64();
    flood.abort();
    let [now, feed] = frames.try_into().unwrap();
    vec![
        Figure {
            what: "a million events: the driver's start of the window until tiles, alerts and feed are there",
            measured: ms(usable),
            aim: "1 s",
        },
        Figure {
            what: "1,000 events/s for a minute, Now: between two frames, p99 / longest",
            measured: now,
            aim: "100 ms",
        },
        Figure { what: "· Feed", measured: feed, aim: "100 ms" },
        Figure {
            what: "· the window's memory before and after: PSS",
            measured: format!("{before:.0}, {after:.0} MiB"),
            aim: "bounded",
        },
        Figure {
            what: "· minimised: CPU of the window",
            measured: format!("{:.2} % of a core", hidden * 100.0),
            aim: "next to nothing",
        },
    ]
}

/// A thousand events a second, like those of the history.
async fn flood(server: &Broadcast) {
    let mut pace = tokio::time::interval(Duration::from_millis(AT_ONCE));
    for turn in 0.. {
        pace.tick().await;
        for number in turn * AT_ONCE..(turn + 1) * AT_ONCE {
            server.event("price-update", &format!("live{number}"), &look::data(number));
        }
    }
}
