//! Every view in each pair of theme and language, in one real window: its words, its colours, and axe.

use serde_json::json;

use super::widths::detail;
use super::{Look, Scene};

/// The heading of each view, in the words that a person reads; not asked of the catalogue.
const HEADINGS: [(&str, &str, &str); 6] = [
    ("now", "Now", "当前"),
    ("alerts", "Alerts", "提醒"),
    ("feed", "Feed", "事件"),
    ("streams", "Streams", "流"),
    ("rules", "Rules", "规则"),
    ("settings", "Settings", "设置"),
];

/// How light the page's ground is and its text, as they are drawn: from 0 to 255.
const LIGHTNESS: &str = "
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
    const context = canvas.getContext('2d');
    const { backgroundColor, color } = getComputedStyle(document.body);
    return [backgroundColor, color].map((fill) => {
        context.fillStyle = fill;
        context.fillRect(0, 0, 1, 1);
        const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
        return Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue);
    });";

/// The text that is drawn, but of what people and servers wrote, and of what is quoted.
const WORDS: &str = "
    const said = document.body.cloneNode(true);
    said.querySelectorAll('.mono, pre, code, script, style, [data-testid=silences]').forEach((element) => element.remove());
    return said.textContent";

#[tokio::test]
async fn every_view_is_whole_in_each_pair_of_theme_and_language() {
    let scene = Scene::open(Look::EnglishLight, "").await;
    let window = &scene.window;
    for number in 0..4_u32 {
        let data = format!(r#"{{"symbol":"ACME","price":{}}}"#, 100 + number * 3);
        scene.server.event("price-update", &format!("p{number}"), &data);
    }
    for (number, symbol) in [(1, "ACME"), (2, "ACME"), (3, "BTC")] {
        scene.alert(number, symbol, "moves");
    }
    window.see_count("tile", 1).await;
    let mut found = Vec::new();
    for (language, theme) in [("en", "light"), ("en", "dark"), ("zh", "dark"), ("zh", "light")] {
        scene.show("settings").await;
        window.choose("choose-theme", theme).await;
        window.choose("choose-language", language).await;
        window.find_css(&format!("html[lang^=\"{language}\"][data-theme=\"{theme}\"]")).await;
        for (view, english, chinese) in HEADINGS {
            let pair = format!("{view}, {language}, {theme}");
            scene.show(view).await;
            let heading = window.find_css("main h1").await.prop("textContent").await.unwrap().unwrap();
            let wanted = if language == "en" { english } else { chinese };
            assert_eq!(heading.trim(), wanted, "{pair}");
            let opened = detail(view);
            if let Some((opens, detail, _)) = opened {
                if window.count(detail).await == 0 {
                    window.click(opens).await;
                }
                window.find(detail).await;
            }
            let lightness = window.evaluate(LIGHTNESS, &[]).await;
            let (ground, text) = (lightness[0].as_u64().unwrap(), lightness[1].as_u64().unwrap());
            let is_so = if theme == "light" { ground > 220 && text < 80 } else { ground < 50 && text > 190 };
            assert!(is_so, "{pair}: the ground is {ground} and the text {text} light");
            let words = window.evaluate(WORDS, &[]).await.as_str().unwrap_or_default().to_owned();
            let is_chinese = words.chars().any(|one| ('\u{4e00}'..='\u{9fff}').contains(&one));
            // The names of the languages in Settings are each in its own.
            assert!(is_chinese == (language == "zh") || view == "settings", "{pair}: {words}");
            found.extend(window.violations().await.into_iter().map(|one| format!("{pair}: {one}")));
            scene.desktop.screenshot(&format!("pair-{view}-{theme}-{language}")).await;
            if opened.is_some_and(|(.., escapes)| escapes) {
                window.press("Escape").await;
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(window.evaluate("return document.title !== ''", &[]).await, json!(true));
    scene.done().await;
}
