//! A stream that moves to another server with another secret, while it connects again and again.

use std::sync::{Arc, Mutex};

use streambell_engine::config::StreamConfig;
use streambell_engine::engine::{Handle, StreamEdit};
use streambell_tests::{Rig, eventually};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// So often it moves there and back.
const ROUNDS: usize = 12;

const TOKENS: [&str; 2] = ["the first's", "the second's"];

/// Which tokens a server got.
type Got = Arc<Mutex<Vec<String>>>;

/// Answers every request with "busy", keeps its token, and has the stream connect again at once.
async fn serve(listener: TcpListener, got: Got, engine: Handle) {
    while let Ok((stream, _)) = listener.accept().await {
        let mut stream = BufReader::new(stream);
        let (mut line, mut is_asked) = (String::new(), false);
        // The client goes whenever it likes.
        while matches!(stream.read_line(&mut line).await, Ok(length) if length > 2) {
            if let Some(token) = line.strip_prefix("authorization: Bearer ") {
                got.lock().unwrap().push(token.trim().to_owned());
                is_asked = true;
            }
            line.clear();
        }
        stream.write_all(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await.ok();
        // For one that was broken off there is another already.
        if is_asked {
            engine.reconnect(None).await.ok();
        }
    }
}

/// Waits until a server gets one more.
async fn one_more(got: &Got) {
    let before = got.lock().unwrap().len();
    eventually("another request", async || (got.lock().unwrap().len() > before).then_some(())).await;
}

#[tokio::test]
async fn no_server_gets_the_secret_of_the_other_however_often_the_stream_connects_while_it_moves() {
    let mut tasks = JoinSet::new();
    let listeners = [TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap()];
    let urls = listeners.each_ref().map(|listener| format!("http://{}/", listener.local_addr().unwrap()));
    let text =
        format!("version = 1\n\n[[stream]]\nname = \"one\"\nurl = \"{}\"\nauth = {{ kind = \"bearer\" }}\n", urls[0]);
    let rig = Rig::start_with_file(&text);
    rig.vault.set("one", &TOKENS[0].to_owned().into()).await.unwrap();
    let there = (*rig.engine.config().borrow().streams[0]).clone();
    let there = StreamConfig { url: urls[1].clone(), ..there };
    let got = [Got::default(), Got::default()];
    for (listener, got) in listeners.into_iter().zip(&got) {
        tasks.spawn(serve(listener, Arc::clone(got), rig.engine.clone()));
    }

    one_more(&got[0]).await;
    for _ in 0..ROUNDS {
        let edit = StreamEdit::new(Some("one".to_owned()), there.clone());
        let moved = rig.engine.edit_stream(StreamEdit { typed: Some(TOKENS[1].to_owned().into()).into(), ..edit });
        let moved = moved.await.unwrap();
        one_more(&got[1]).await;
        rig.engine.undo(moved, None).await.unwrap();
        one_more(&got[0]).await;
    }
    for (got, own) in got.iter().zip(TOKENS) {
        let got = got.lock().unwrap();
        assert!(got.iter().all(|token| token == own), "{own} server: {:?}", got.iter().find(|token| *token != own));
    }
}
