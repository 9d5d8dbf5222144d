//! Live values of the real program over its restart.

use jiff::Zoned;
use streambell_protocol::{Answer, Call, Client};
use streambell_tests::{Desktop, Resident, Server, Services, eventually};

use crate::{market, profile};

#[tokio::test]
async fn a_change_since_the_first_value_of_the_day_is_still_there_after_a_restart() {
    let begun = Zoned::now().date();
    let desktop = Desktop::start(Services::None).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let mut resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let price = |id: u32, price: u32| {
        format!("id: {id}\nevent: price-update\ndata: {{\"symbol\":\"BTC\",\"price\":{price}}}\n\n")
    };
    let changed = async |call: Call, wanted: Option<f64>| {
        eventually(&format!("the change {wanted:?}"), async || {
            let (client, _pushes) = Client::connect(&profile.join("control.sock")).await.ok()?;
            let answer = client.call(call.clone()).await.ok()?;
            let tiles = if let Answer::LastTiles(tiles) = answer {
                tiles
            } else {
                let Answer::Snapshot(snapshot) = answer else { panic!("{answer:?}") };
                snapshot.tiles
            };
            // What was a day's first value is not the next day's.
            let is_other_day = Zoned::now().date() != begun;
            (tiles.first().map(|tile| tile.change_pct) == Some(wanted) || is_other_day).then_some(())
        })
        .await;
    };
    let mut open = server.open().await;
    open.send(&(price(1, 100) + &price(2, 150))).await;
    changed(Call::Snapshot, Some(50.0)).await;
    changed(Call::LastTiles, Some(50.0)).await;
    resident.kill().await;
    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut open = server.open().await;
    changed(Call::LastTiles, Some(50.0)).await;
    open.send(&price(3, 80)).await;
    changed(Call::Snapshot, Some(-20.0)).await;
}
