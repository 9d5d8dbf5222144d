//! A stream of a name that another one had before it.

use streambell_engine::config::StreamConfig;
use streambell_tests::{Rig, Server, eventually};

const HEAD: &str = "version = 1\n[[rule]]\nname = \"All\"\nevent = \"*\"\n";

fn with_stream(url: &str) -> String {
    format!("{HEAD}[[stream]]\nname = \"market\"\nurl = \"{url}\"\n")
}

/// With a stream that has a cursor, and is paused.
async fn paused(server: &Server) -> Rig {
    let rig = Rig::start_with_file(&with_stream(&server.url("/")));
    server.open().await.event("price", "41", "{}").await;
    rig.stored(1).await;
    rig.host.wait_for(1).await;
    rig.engine.pause_stream("market".to_owned(), None).await.unwrap();
    rig
}

async fn no_stream(rig: &Rig) {
    rig.snapshot("no stream", |snapshot| snapshot.streams.is_empty()).await;
}

fn is_paused(rig: &Rig) -> bool {
    !rig.engine.snapshots().borrow().stream_pauses.is_empty()
}

/// Waits until the stream begins as one of which nothing is known, and shows its first alert.
async fn begins_anew(rig: &Rig, server: &Server) {
    let mut exchange = server.open().await;
    assert_eq!(exchange.header("last-event-id"), None);
    rig.snapshot("no pause", |snapshot| snapshot.stream_pauses.is_empty()).await;
    let before = rig.host.shown().len();
    exchange.event("price", "7", "{}").await;
    rig.host.wait_for(before + 1).await;
}

#[tokio::test]
async fn a_new_stream_has_neither_cursor_nor_pause_of_the_one_before_it() {
    let (one, two) = (Server::start().await, Server::start().await);
    for next in [&one, &two] {
        let rig = paused(&one).await;
        rig.engine.remove_stream("market".to_owned()).await.unwrap();
        rig.engine.save_stream(None, StreamConfig::new("market", &next.url("/new")), None).await.unwrap();
        begins_anew(&rig, next).await;
    }
}

#[tokio::test]
async fn a_new_stream_that_comes_with_others_has_none_of_them_either() {
    let server = Server::start().await;
    let rig = paused(&server).await;
    rig.engine.remove_stream("market".to_owned()).await.unwrap();
    let whole = with_stream(&server.url("/"));
    rig.engine.edit(move |_| Ok(whole)).await.unwrap();
    begins_anew(&rig, &server).await;
}

#[tokio::test]
async fn a_stream_that_never_sent_anything_has_no_earlier_ones_cursor_after_a_restart() {
    let server = Server::start().await;
    let rig = paused(&server).await;
    rig.engine.remove_stream("market".to_owned()).await.unwrap();
    let new = StreamConfig { enabled: false, ..StreamConfig::new("market", &server.url("/")) };
    rig.engine.save_stream(None, new, None).await.unwrap();
    rig.snapshot("a stream", |snapshot| snapshot.streams.len() == 1).await;
    let config = streambell_engine::config::parse(&with_stream(&server.url("/"))).unwrap();
    let _rig = rig.restart(config).await;
    assert_eq!(server.open().await.header("last-event-id"), None);
}

#[tokio::test]
async fn a_stream_whose_removal_is_taken_back_goes_on_where_it_was() {
    let server = Server::start().await;
    let rig = paused(&server).await;
    let removal = rig.engine.remove_stream("market".to_owned()).await.unwrap();
    no_stream(&rig).await;
    rig.engine.undo(removal, None).await.unwrap();
    assert_eq!(server.open().await.header("last-event-id"), Some("41"));
    assert!(is_paused(&rig));
}

#[tokio::test]
async fn a_stream_that_a_person_writes_into_the_file_again_goes_on_where_it_was() {
    let server = Server::start().await;
    let rig = paused(&server).await;
    std::fs::write(rig.config_file(), HEAD).unwrap();
    no_stream(&rig).await;
    std::fs::write(rig.config_file(), with_stream(&server.url("/"))).unwrap();
    assert_eq!(server.open().await.header("last-event-id"), Some("41"));
    assert!(is_paused(&rig));
}

#[tokio::test]
async fn a_stream_that_is_brought_back_has_no_cursor_of_the_one_that_had_its_name_meanwhile() {
    let (one, two) = (Server::start().await, Server::start().await);
    let rig = paused(&one).await;
    let removal = rig.engine.remove_stream("market".to_owned()).await.unwrap();
    let addition = rig.engine.edit({
        let text = with_stream(&two.url("/"));
        move |_| Ok(text)
    });
    let addition = addition.await.unwrap();
    begins_anew(&rig, &two).await;
    rig.engine.undo(addition, None).await.unwrap();
    no_stream(&rig).await;
    rig.engine.undo(removal, None).await.unwrap();
    let exchange = eventually("the first stream again", async || Some(one.open().await)).await;
    assert_eq!(exchange.header("last-event-id"), None);
}
