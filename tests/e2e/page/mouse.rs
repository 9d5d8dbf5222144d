//! What only a mouse does: rows pressed with a key held, the wheel over a chart, and the way back to new rows.

use serde_json::json;
use streambell_tests::eventually;

use super::{Look, Scene, in_both_looks};

in_both_looks!(
    alerts_are_checked_with_ctrl_and_shift_and_what_came_meanwhile_waits_over_the_list,
    what_came_while_the_feed_is_held_waits_over_it_also_far_down,
    the_wheel_over_a_chart_looks_closer_only_with_ctrl,
);

async fn alerts_are_checked_with_ctrl_and_shift_and_what_came_meanwhile_waits_over_the_list(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    for number in 1..=40 {
        scene.alert(number, &format!("S{number}"), "among many");
    }
    eventually("forty alerts", async || (scene.alerts().await.len() == 40).then_some(())).await;
    scene.show("alerts").await;
    window.click("group-alerts").await;
    let row = |id: u32| format!("[data-testid=\"alert-row\"][data-id=\"{id}\"]");
    window.press_css(&row(40)).await;
    window.see("alert-detail", "S40").await;
    for (key, id, checked) in [("Control", 38, "1"), ("Control", 36, "2"), ("Control", 38, "1"), ("Shift", 33, "6")] {
        window.press_holding(key, &row(id)).await;
        window.see("checked", &window.phrase("alerts.checked", json!([checked.parse::<u32>().unwrap()])).await).await;
    }
    window.see("alert-detail", "S40").await;
    scene.look("rows that were pressed with a key").await;
    window.click("uncheck").await;
    window.gone("checked").await;

    // Down in the list, new ones do not push it.
    window.find("key-hints").await;
    window.press("End").await;
    window.find_css(&row(1)).await;
    // The row that is chosen is there before the list has gone there.
    eventually("the newest out of sight", async || (!window.has(&row(40)).await).then_some(())).await;
    scene.alert(41, "NEW", "came meanwhile");
    window.see("alerts-fresh", &window.phrase("alerts.fresh", json!([1])).await).await;
    window.find_css(&row(1)).await;
    scene.look("a list that new alerts wait over").await;
    window.click("alerts-fresh").await;
    window.gone("alerts-fresh").await;
    window.see("alert-row", "NEW").await;
    scene.done().await;
}

async fn what_came_while_the_feed_is_held_waits_over_it_also_far_down(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    let sent = async |events: usize| {
        eventually(&format!("{events} events"), async || {
            (scene.status().await["streams"][0]["events"] == events).then_some(())
        })
        .await;
    };
    // More than the list keeps; fewer at a time than the server holds for who is slow.
    for part in 0..6 {
        for number in part * 400..(part + 1) * 400 {
            scene.server.event("note", &format!("n{number}"), &format!("the text of {number}"));
        }
        sent((part + 1) * 400).await;
    }
    // As from a start: of what came too fast a window only knows how much it was.
    window.reload().await;
    scene.show("feed").await;
    window.see("feed-row", "the text of 2399").await;
    window.click("feed-pause").await;
    window.find_css("[data-testid=\"feed-pause\"][aria-pressed=\"true\"]").await;
    for number in [1, 2] {
        scene.server.event("late", &format!("l{number}"), &format!("late {number}"));
        let waiting = window.phrase("feed.fresh", json!([number])).await;
        window.see("feed-fresh", &waiting).await;
    }
    window.click("feed-fresh").await;
    window.see("feed-row", "late 2").await;
    window.gone("feed-fresh").await;
    window.find_css("[data-testid=\"feed-pause\"][aria-pressed=\"false\"]").await;

    // So far down that the newest are not kept any more: 2,000 rows are.
    window.tab_into("[role=listbox]").await;
    let newest = window.word("feed.newest").await;
    eventually("a list that begins further down", async || {
        window.press("End").await;
        let said = window.evaluate("return document.querySelector('[data-testid=feed-fresh]')?.textContent ?? ''", &[]);
        (said.await == newest).then_some(())
    })
    .await;
    window.click("feed-fresh").await;
    window.see("feed-row", "late 2").await;
    window.gone("feed-fresh").await;
    scene.done().await;
}

async fn the_wheel_over_a_chart_looks_closer_only_with_ctrl(look: Look) {
    let scene = Scene::open(look, "").await;
    let window = &scene.window;
    for round in 0..8_u32 {
        let data = format!(r#"{{"symbol":"ACME","price":{}}}"#, 100 + round);
        scene.server.event("price-update", &format!("p{round}"), &data);
    }
    window.click("tile").await;
    window.find("plot").await;
    let zoomed = async |wanted: bool| {
        eventually(&format!("a chart that is looked at closer: {wanted}"), async || {
            let all = window.find("chart-unzoom").await.prop("disabled").await.ok()?;
            (all.as_deref() == Some(if wanted { "false" } else { "true" })).then_some(())
        })
        .await;
    };
    zoomed(false).await;
    window.turn_wheel(&scene.desktop, ".u-over", 2, true).await;
    zoomed(true).await;
    scene.look("a chart looked at closer").await;
    window.click("chart-unzoom").await;
    zoomed(false).await;
    // The bare wheel is the page's: whatever it does there, the chart stays as it is.
    window.turn_wheel(&scene.desktop, ".u-over", -2, false).await;
    window.turn_wheel(&scene.desktop, ".u-over", 2, true).await;
    zoomed(true).await;
    window.press_css("[data-testid=\"chart-unzoom\"]").await;
    zoomed(false).await;
    window.turn_wheel(&scene.desktop, ".u-over", -1, true).await;
    zoomed(true).await;
    scene.done().await;
}
