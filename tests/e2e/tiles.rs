//! Live values of the real program over its restart.

use std::path::Path;

use jiff::Zoned;
use jiff::civil::Date;
use streambell_protocol::{Answer, Call, Client};
use streambell_tests::{Desktop, Resident, Server, Services, eventually};

use crate::{market, profile};

/// Where a resident of this profile tells of tiles.
struct Tiles<'a> {
    profile: &'a Path,
    begun: Date,
}

impl<'a> Tiles<'a> {
    fn of(profile: &'a Path) -> Self {
        Self { profile, begun: Zoned::now().date() }
    }

    /// Waits until the first of them has that change in percent. What was a day's first value is not the next day's.
    async fn see_change(&self, call: Call, wanted: Option<f64>) {
        eventually(&format!("the change {wanted:?}"), async || {
            let (client, _pushes) = Client::connect(&self.profile.join("control.sock")).await.ok()?;
            let answer = client.call(call.clone()).await.ok()?;
            let tiles = if let Answer::LastTiles(tiles) = answer {
                tiles
            } else {
                let Answer::Snapshot(snapshot) = answer else { panic!("{answer:?}") };
                snapshot.tiles
            };
            let is_other_day = Zoned::now().date() != self.begun;
            (tiles.first().map(|tile| tile.change_pct) == Some(wanted) || is_other_day).then_some(())
        })
        .await;
    }
}

fn price(id: u32, price: u32) -> String {
    format!("id: {id}\nevent: price-update\ndata: {{\"symbol\":\"BTC\",\"price\":{price}}}\n\n")
}

#[tokio::test]
async fn a_change_since_the_first_value_of_the_day_is_still_there_after_a_restart() {
    let desktop = Desktop::start(Services::None).await;
    let server = Server::start().await;
    let profile = profile(&desktop, &market(&server.url("/")));
    let tiles = Tiles::of(&profile);
    let mut resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut open = server.open().await;
    open.send(&(price(1, 100) + &price(2, 150))).await;
    tiles.see_change(Call::Snapshot, Some(50.0)).await;
    tiles.see_change(Call::LastTiles, Some(50.0)).await;
    resident.kill().await;
    let _resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
    let mut open = server.open().await;
    tiles.see_change(Call::LastTiles, Some(50.0)).await;
    open.send(&price(3, 80)).await;
    tiles.see_change(Call::Snapshot, Some(-20.0)).await;
}

#[tokio::test]
async fn where_no_event_is_stored_or_the_first_are_gone_a_change_still_counts_from_the_first_of_the_day() {
    let desktop = Desktop::start(Services::None).await;
    let server = Server::start().await;
    for (number, (stream, rest)) in
        [("store = \"none\"\n", ""), ("store = \"alerts\"\n", ""), ("", "[history]\nmax_events = 2\n")]
            .into_iter()
            .enumerate()
    {
        let text = market(&server.url("/")).replacen("[[stream]]\n", &format!("[[stream]]\n{stream}"), 1) + "\n" + rest;
        let profile = desktop.path(&format!("profile-{number}"));
        std::fs::create_dir_all(&profile).unwrap();
        std::fs::write(profile.join("config.toml"), &text).unwrap();
        let tiles = Tiles::of(&profile);
        let mut value = 100;
        for _ in 0..3 {
            let mut resident = Resident::start(&desktop, &profile, &["run", "--headless"]);
            let mut open = server.open().await;
            for _ in 0..5 {
                open.send(&price(value, value)).await;
                value += 10;
            }
            tiles.see_change(Call::Snapshot, Some(f64::from(value - 110))).await;
            eventually("a kept first value", async || {
                let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
                let ledger = rusqlite::Connection::open_with_flags(profile.join("history.db"), flags).ok()?;
                ledger.query_row("SELECT 1 FROM openings", [], |_| Ok(())).ok()
            })
            .await;
            resident.kill().await;
        }
    }
}
