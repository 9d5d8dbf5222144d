//! A stream that gets another name, and its old one back.

use std::time::Duration;

use streambell_engine::config::{StreamConfig, parse};
use streambell_engine::engine::StreamEdit;
use streambell_engine::silence::Matcher;
use streambell_tests::{Server, eventually};

use crate::setup::Rig;

const HOUR: Duration = Duration::from_secs(3600);

fn text(url: &str) -> String {
    format!("version = 1\n[[stream]]\nname = \"one\"\nurl = \"{url}\"\n[[rule]]\nname = \"All\"\nevent = \"*\"\n")
}

/// Waits until all is known of the stream by this name alone: its events, its alerts that are unread, how often it was
/// connected at least, its pause and its silence.
async fn known(rig: &Rig, name: &str, events: usize, connections: usize) {
    eventually("its events by its name", async || {
        let history = rig.history();
        (history.len() == events && history.iter().all(|one| one.event.stream.as_str() == name)).then_some(())
    })
    .await;
    eventually("its connections", async || (rig.connections(name).len() >= connections).then_some(())).await;
    let snapshot = rig
        .snapshot("the unread by its name", |snapshot| {
            snapshot.unread as usize == events && snapshot.alerts.iter().all(|alert| alert.stream.as_str() == name)
        })
        .await;
    assert_eq!(snapshot.stream_pauses.keys().map(|stream| stream.as_str()).collect::<Vec<_>>(), [name]);
    assert_eq!(snapshot.silences[0].matcher, Matcher::of_stream(name));
    let (status, uptime) = (&snapshot.streams[0], rig.engine.uptimes().await.remove(0));
    assert_eq!((status.name.as_str(), uptime.stream.as_str()), (name, name));
    assert_eq!(
        (usize::try_from(status.events).unwrap(), uptime.share.is_some()),
        (events, true),
        "what was counted goes on"
    );
}

#[tokio::test]
async fn a_stream_takes_all_that_is_known_of_it_to_its_new_name_and_back() {
    let server = Server::start().await;
    let rig = Rig::start_with_file(&text(&server.url("/")));
    let mut exchange = server.open().await;
    rig.engine.pause_stream("one".to_owned(), None).await.unwrap();
    rig.engine.silence(Matcher::of_stream("one"), HOUR, "works".to_owned()).await.unwrap();
    exchange.event("price", "1", "{}").await;
    known(&rig, "one", 1, 1).await;

    let uno = StreamConfig { name: "uno".into(), ..(*rig.engine.config().borrow().streams[0]).clone() };
    let edit = rig.engine.edit_stream(StreamEdit::new(Some("one".to_owned()), uno)).await.unwrap();
    known(&rig, "uno", 1, 1).await;
    let mut exchange = server.open().await;
    assert_eq!(exchange.header("last-event-id"), Some("1"));
    exchange.event("price", "2", "{}").await;
    known(&rig, "uno", 2, 2).await;
    assert!(rig.connections("one").is_empty());

    rig.engine.undo(edit, None).await.unwrap();
    known(&rig, "one", 2, 2).await;
    let mut exchange = server.open().await;
    assert_eq!(exchange.header("last-event-id"), Some("2"));
    exchange.event("price", "3", "{}").await;
    known(&rig, "one", 3, 3).await;
    assert!(rig.connections("uno").is_empty());
    assert!(rig.host.shown().is_empty(), "it was silent all along");

    let rig = rig.restart(parse(&text(&server.url("/"))).unwrap()).await;
    let snapshot = rig.engine.snapshots().borrow().clone();
    assert_eq!((snapshot.unread, &snapshot.silences[0].matcher), (3, &Matcher::of_stream("one")));
    assert_eq!(server.open().await.header("last-event-id"), Some("3"));
}
