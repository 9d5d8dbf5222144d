//! A server that many connect to: whoever may hear hears the same.

use std::time::Duration;

use tokio::sync::broadcast;

use crate::server::{Exchange, Server};

const MOST_UNHEARD: usize = 1_024;
const LONG: Duration = Duration::from_secs(3600);

/// The server. It lasts as long as the test.
#[derive(Debug)]
pub struct Broadcast {
    url: String,
    events: broadcast::Sender<String>,
}

impl Broadcast {
    /// Lets everybody hear, or with a token only those who show it; the others are answered 401.
    pub async fn start(token: Option<&str>) -> Self {
        let server = Server::start().await;
        let url = server.url("/events");
        let wanted = token.map(|token| format!("Bearer {token}"));
        let (events, _) = broadcast::channel(MOST_UNHEARD);
        let heard = events.clone();
        drop(tokio::spawn(async move {
            loop {
                let Some(exchange) = server.request_within(LONG).await else { continue };
                if wanted.is_some() && exchange.header("authorization") != wanted.as_deref() {
                    exchange.answer(401, &[("WWW-Authenticate", "Bearer realm=\"events\"")], "who are you?").await;
                } else {
                    drop(tokio::spawn(tell(exchange, heard.subscribe())));
                }
            }
        }));
        Self { url, events }
    }

    /// Where its events are.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends an event to all who are connected.
    pub fn event(&self, name: &str, id: &str, data: &str) {
        // Where nobody is, the test sees it elsewhere.
        drop(self.events.send(format!("event: {name}\nid: {id}\ndata: {data}\n\n")));
    }
}

async fn tell(mut exchange: Exchange, mut events: broadcast::Receiver<String>) {
    exchange.start_events().await;
    while let Ok(event) = events.recv().await {
        exchange.send(&event).await;
    }
}
