//! An answer of a language model: asked for once, and over when it says so.

use std::time::Duration;

use streambell_engine::connection::{EndReason, State};
use streambell_tests::Server;

use super::{data, filled, rests, rig};

#[tokio::test]
async fn it_is_asked_once_and_not_again_after_its_end() {
    let server = Server::start().await;
    let values = [("model", "llama3"), ("prompt", "Say \"hi\"")];
    let rig = rig(filled("llm", &server, &values, None)).await;
    let mut answer = server.open().await;
    assert_eq!((answer.method.as_str(), answer.path.as_str()), ("POST", "/v1/chat/completions"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let asked: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&asked["stream"], &asked["messages"][0]["content"]), (&true.into(), &"Say \"hi\"".into()));
    let part = |delta: &str, reason: &str| {
        format!(
            r#"{{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{{"index":0,"delta":{delta},"finish_reason":{reason}}}]}}"#
        )
    };
    let parts = [part(r#"{"content":"hi"}"#, "null"), part("{}", "\"stop\"")];
    for part in &parts {
        answer.send(&format!("data: {part}\n\n")).await;
    }
    answer.send("data: [DONE]\n\n").await;
    drop(answer);
    let state = rests(&rig).await;
    assert!(matches!(state, State::Ended { reason: EndReason::Finished, .. }), "{state:?}");
    assert_eq!(data(&rig.stored(2).await), parts, "[DONE] is no event");
    assert_eq!(rig.host.wait_for(1).await[0].title, "The answer is there");
    assert!(server.request_within(Duration::from_millis(500)).await.is_none(), "it is asked once");
}
