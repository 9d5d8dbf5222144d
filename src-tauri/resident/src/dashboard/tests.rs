//! The dashboard, with scripts in its place.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, Mutex};

use super::*;

const AT_SEVEN: Spot = Spot::Alert { alert: 7 };

/// Runs until its input is closed, and has ended well then.
const UNTIL_CLOSED: &str = "read line; exit 0";

/// A dashboard for which a script runs, with where it was opened at each start.
fn dashboard(script: &'static str) -> (Dashboard, Dashboards, Arc<Mutex<Vec<Spot>>>, tempfile::TempDir) {
    let (folder, connected) = (tempfile::tempdir().unwrap(), Dashboards::default());
    let spots = Arc::<Mutex<Vec<Spot>>>::default();
    let opened = Arc::clone(&spots);
    let start = move |spot: &Spot| {
        opened.lock().unwrap().push(spot.clone());
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).stdin(std::process::Stdio::piped()).kill_on_drop(true);
        shell.spawn().map_err(DashboardError::Start)
    };
    let socket = folder.path().join("control.sock");
    (Dashboard::of(Box::new(start), socket, connected.clone()), connected, spots, folder)
}

/// Closes the window that runs, and waits for the end of it.
async fn close(dashboard: &mut Dashboard) {
    drop(dashboard.started.as_mut().unwrap().child.stdin.take());
    dashboard.follow().await;
}

#[tokio::test]
async fn a_window_that_is_asked_for_while_the_last_one_closes_comes_where_it_was_asked_for() {
    let (mut dashboard, connected, spots, _folder) = dashboard(UNTIL_CLOSED);
    let start = Instant::now();
    dashboard.open(Spot::Anywhere, None, start);
    drop(connected.join());
    // It ran for long, and the one that is closing is not taken for stuck.
    for spot in [AT_SEVEN, Spot::Anywhere] {
        dashboard.open(spot, None, start + 10 * START_PATIENCE);
    }
    assert_eq!(spots.lock().unwrap().len(), 1, "one at a time");
    close(&mut dashboard).await;
    assert_eq!(*spots.lock().unwrap(), [Spot::Anywhere, AT_SEVEN]);
    close(&mut dashboard).await;
    assert_eq!(spots.lock().unwrap().len(), 2, "it was asked for once");
}

#[tokio::test]
async fn a_window_that_came_when_it_was_asked_for_does_not_come_again_when_it_is_closed() {
    let (mut dashboard, connected, spots, _folder) = dashboard(UNTIL_CLOSED);
    dashboard.open(Spot::Anywhere, None, Instant::now());
    dashboard.open(Spot::Unread, None, Instant::now());
    let mut wishes = connected.join();
    assert_eq!(wishes.try_recv(), Ok(Spot::Unread), "asked for while it started");
    dashboard.open(AT_SEVEN, None, Instant::now());
    assert_eq!(wishes.try_recv(), Ok(AT_SEVEN));
    drop(wishes);
    close(&mut dashboard).await;
    assert!(dashboard.started.is_none());
    assert_eq!(*spots.lock().unwrap(), [Spot::Anywhere]);
}

#[tokio::test]
async fn a_window_that_ends_badly_is_not_started_again_and_one_that_hangs_while_it_closes_is_given_up() {
    let (mut dashboard, connected, spots, _folder) = dashboard("read line; exit 1");
    let now = Instant::now();
    dashboard.open(Spot::Anywhere, None, now);
    dashboard.open(AT_SEVEN, None, now);
    close(&mut dashboard).await;
    assert_eq!(*spots.lock().unwrap(), [Spot::Anywhere]);
    dashboard.open(Spot::Unread, None, now);
    drop(connected.join());
    for later in [1, 2] {
        dashboard.open(AT_SEVEN, None, now + later * START_PATIENCE);
    }
    assert_eq!(*spots.lock().unwrap(), [Spot::Anywhere, Spot::Unread, AT_SEVEN]);
}
