//! Wikimedia EventStreams: ids that are JSON, events that only show that the stream lives, and an end after 15 minutes.
//! <https://wikitech.wikimedia.org/wiki/Event_Platform/EventStreams_HTTP_Service>

use streambell_tests::Server;
use streambell_tests::rig::ids;

use super::{change, filled_for, rig};

fn edit(offset: u32, id: &str, wiki: &str, domain: &str) -> (String, String) {
    let position = format!(
        r#"[{{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":16000000{offset:02}}},{{"topic":"codfw.mediawiki.recentchange","partition":0,"offset":-1}}]"#
    );
    let meta = format!(
        r#"{{"uri":"https://en.wikipedia.org/wiki/SSE","id":"{id}","domain":"{domain}","stream":"mediawiki.recentchange"}}"#
    );
    let data = format!(
        r#"{{"$schema":"/mediawiki/recentchange/1.0.0","meta":{meta},"type":"edit","title":"SSE","comment":"typo","user":"Ann","wiki":"{wiki}"}}"#
    );
    (position.clone(), format!("event: message\nid: {position}\ndata: {data}\n\n"))
}

#[tokio::test]
async fn it_goes_on_at_a_position_of_json_and_knows_again_what_comes_twice() {
    let server = Server::start().await;
    let mut config = filled_for("wikimedia", &[("page", "SSE")], None);
    let url = server.url("/v2/stream/recentchange");
    assert_eq!(config.streams[0].url, "https://stream.wikimedia.org/v2/stream/recentchange");
    change(&mut config, |stream| stream.url = url);
    let rig = rig(config).await;
    let mut first = server.open().await;
    assert!(first.header("user-agent").is_some_and(|agent| agent.starts_with("streambell/")), "they ask for one");
    first.send(":ok\n\n").await;
    first.send(&edit(1, "a", "enwiki", "en.wikipedia.org").1).await;
    first.send(&edit(2, "b", "dewiki", "de.wikipedia.org").1).await;
    let (position, event) = edit(3, "c", "enwiki", "en.wikipedia.org");
    first.send(&event).await;
    first.send(&edit(4, "canary", "enwiki", "canary").1).await;
    assert_eq!(ids(&rig.stored(2).await), ["a", "c"], "only what a rule fires for");
    drop(first);
    let mut second = server.open().await;
    assert_eq!(second.header("last-event-id"), Some(position.as_str()));
    second.send(&event).await;
    second.send(&edit(5, "d", "enwiki", "en.wikipedia.org").1).await;
    let events = rig.stored(3).await;
    assert_eq!(ids(&events), ["a", "c", "d"]);
    let alert = &events[2].alerts[0].alert;
    assert_eq!((alert.title.as_str(), alert.body.as_str()), ("SSE", "Ann: typo"));
}
