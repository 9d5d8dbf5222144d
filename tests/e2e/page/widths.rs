//! Every view at the sizes of a phone, a window and a large screen: all of it is there, and nothing is cut off.

use streambell_tests::{Desktop, Services};

use super::{Look, Scene};

const SIZES: [(u32, u32); 3] = [(420, 480), (1100, 720), (2560, 1440)];

/// Names as long as they come, for what has to be shortened somewhere.
const LONG: &str = "an.extraordinarily.long.symbol.with.no.place.to.break:2026-12-31T23:59:59+14:00";

#[tokio::test]
async fn every_view_fits_a_narrow_window_a_usual_one_and_a_large_screen() {
    let desktop = Desktop::start_with_screen(Services::None, 2560, 1440).await;
    let scene = Scene::open_on(
        Look::EnglishLight,
        desktop,
        "[[rule]]\nname = \"A rule with a name that goes on longer than anybody needs\"\nevent = \"never\"\n",
    )
    .await;
    let window = &scene.window;
    for number in 0..6_u32 {
        for symbol in ["ACME", "BTC", "EUR", "GOLD", LONG] {
            let data = format!(r#"{{"symbol":"{symbol}","price":{}}}"#, 100.25 + f64::from(number) * 3.5);
            scene.server.event("price-update", &format!("{symbol}{number}"), &data);
        }
    }
    for (number, symbol) in [(1, "ACME"), (2, LONG), (3, "BTC"), (4, "ACME")] {
        scene.alert(number, symbol, "moves more than it did in all of the last hour");
    }
    window.see_count("tile", 5).await;
    let mut found = Vec::new();
    for (language, theme) in [("en", "light"), ("zh", "dark")] {
        scene.show("settings").await;
        window.choose("choose-theme", theme).await;
        window.choose("choose-language", language).await;
        window.find_css(&format!("html[lang^=\"{language}\"][data-theme=\"{theme}\"]")).await;
        for (width, height) in SIZES {
            window.resize(&scene.desktop, width, height).await;
            for view in ["now", "alerts", "feed", "streams", "rules", "settings"] {
                scene.show(view).await;
                let mut wide = window.sideways().await;
                let opened = detail(view);
                if let Some((opens, detail, _)) = opened {
                    window.find(opens).await;
                    if window.count(detail).await == 0 {
                        window.click(opens).await;
                    }
                    window.find(detail).await;
                    wide += &window.sideways().await;
                    // Axe has looked at the usual size, at colours and at languages elsewhere.
                    if width == 420 && theme == "light" {
                        found.extend(
                            window.violations().await.into_iter().map(|one| format!("{view} at {width}: {one}")),
                        );
                    }
                }
                scene.desktop.screenshot(&format!("page-{view}-{width}-{theme}-{language}")).await;
                match opened {
                    // Where there is room for one of them only, there is a way back.
                    Some((opens, detail, _)) if width == 420 && view != "now" => {
                        window.press_css("main .detail > .back").await;
                        window.gone(detail).await;
                        window.find(opens).await;
                    }
                    Some((.., true)) => window.press("Escape").await,
                    _ => {}
                }
                if !wide.is_empty() {
                    found.push(format!("{view} at {width}, {language}: {wide}"));
                }
            }
        }
        window.resize(&scene.desktop, 1100, 720).await;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    scene.done().await;
}

/// What is pressed in a view, what that opens, and whether Escape closes it.
pub(super) fn detail(view: &str) -> Option<(&'static str, &'static str, bool)> {
    match view {
        "now" => Some(("tile", "plot", false)),
        "alerts" => Some(("alert-group", "alert-detail", true)),
        "feed" => Some(("feed-row", "event-detail", true)),
        "streams" => Some(("stream-open", "stream-detail", false)),
        "rules" => Some(("rule-open", "rule-editor", false)),
        _ => None,
    }
}
