//! An SSE server whose every word is in the test: it accepts, shows the request, and says what it is told.

use std::collections::HashMap;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::eventually::PATIENCE;

/// A server on a loopback port of its own.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    port: u16,
}

/// One request, and the connection it came on. Dropping it closes the connection.
#[derive(Debug)]
pub struct Exchange {
    /// `GET`, …
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names in lower case.
    pub headers: HashMap<String, String>,
    /// The body, by its Content-Length.
    pub body: String,
    stream: BufReader<TcpStream>,
}

impl Server {
    /// Listens on port 0.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let port = listener.local_addr().expect("the port").port();
        Self { listener, port }
    }

    /// Stops listening, so that connections are refused; [`Server::listen_again`] ends that.
    pub fn refuse(self) -> u16 {
        self.port
    }

    /// Listens on a port that was used before.
    pub fn listen_again(port: u16) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("an option of a socket");
        socket.bind(([127, 0, 0, 1], port).into()).expect("the port of before");
        Self { listener: socket.listen(16).expect("a listener"), port }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Waits for the next request.
    pub async fn request(&self) -> Exchange {
        self.request_within(PATIENCE).await.expect("a request came in time")
    }

    /// Waits for the next request; `None` where none comes in that time.
    pub async fn request_within(&self, time: Duration) -> Option<Exchange> {
        let (stream, _) = tokio::time::timeout(time, self.listener.accept()).await.ok()?.expect("a connection");
        stream.set_nodelay(true).expect("an option of a socket");
        Some(Exchange::read(stream).await)
    }

    /// Waits for the next request and answers it as an event stream.
    pub async fn open(&self) -> Exchange {
        let mut exchange = self.request().await;
        exchange.start_events().await;
        exchange
    }
}

impl Exchange {
    async fn read(stream: TcpStream) -> Self {
        let mut stream = BufReader::new(stream);
        let first = line(&mut stream).await;
        let mut words = first.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let path = words.next().unwrap_or_default().to_owned();
        let mut headers = HashMap::new();
        loop {
            let header = line(&mut stream).await;
            let Some((name, value)) = header.split_once(':') else { break };
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.expect("the request's body");
        Self { method, path, headers, body: String::from_utf8_lossy(&body).into_owned(), stream }
    }

    /// A header of the request.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Answers 200 with an event stream that lasts until this is dropped.
    pub async fn start_events(&mut self) {
        self.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n").await;
    }

    /// Sends text as it is. A client that has gone does not matter here: the test sees it elsewhere.
    pub async fn send(&mut self, text: &str) {
        let stream = self.stream.get_mut();
        if stream.write_all(text.as_bytes()).await.is_ok() {
            drop(stream.flush().await);
        }
    }

    /// Sends one event.
    pub async fn event(&mut self, name: &str, id: &str, data: &str) {
        self.send(&format!("event: {name}\nid: {id}\ndata: {data}\n\n")).await;
    }

    /// Answers with a status, headers and a body, and closes.
    pub async fn answer(mut self, status: u16, headers: &[(&str, &str)], body: &str) {
        let mut text = format!("HTTP/1.1 {status} Status\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(body);
        self.send(&text).await;
    }

    /// Waits until the client has closed the connection.
    pub async fn closed(&mut self) {
        let mut rest = Vec::new();
        tokio::time::timeout(PATIENCE, self.stream.read_to_end(&mut rest))
            .await
            .expect("the client closed the connection in time")
            .ok();
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).await.expect("a line of the request");
    line.trim_end().to_owned()
}
