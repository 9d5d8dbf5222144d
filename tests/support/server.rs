//! An SSE server whose every word is in the test: it accepts, shows the request, and says what it is told.

use std::collections::HashMap;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::eventually::PATIENCE;

/// A server on a loopback port of its own.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    port: u16,
}

/// A server that does not listen. As long as it is there nobody else is given its port.
#[derive(Debug)]
#[must_use]
pub struct Refusing {
    socket: TcpSocket,
    port: u16,
}

/// One request, and the connection it came on. Dropping it closes the connection.
#[derive(Debug)]
pub struct Exchange {
    /// `GET`, …
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names in lower case; of a name that came twice, the last.
    pub headers: HashMap<String, String>,
    /// The request line and all headers, to the letter.
    pub head: Vec<u8>,
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

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops listening, so that connections are refused.
    pub fn refuse(self) -> Refusing {
        drop(self.listener);
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("an option of a socket");
        socket.bind(([127, 0, 0, 1], self.port).into()).expect("the port of before");
        Refusing { socket, port: self.port }
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
        Some(Exchange::read(BufReader::new(stream)).await)
    }

    /// Waits for the next request and answers it as an event stream.
    pub async fn open(&self) -> Exchange {
        let mut exchange = self.request().await;
        exchange.start_events().await;
        exchange
    }
}

impl Refusing {
    /// The port that refuses.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Listens again, where it did before.
    pub fn listen_again(self) -> Server {
        Server { listener: self.socket.listen(16).expect("a listener"), port: self.port }
    }
}

impl Exchange {
    async fn read(mut stream: BufReader<TcpStream>) -> Self {
        let mut head = Vec::new();
        let first = line(&mut stream, &mut head).await;
        let mut words = first.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let path = words.next().unwrap_or_default().to_owned();
        let mut headers = HashMap::new();
        loop {
            let header = line(&mut stream, &mut head).await;
            let Some((name, value)) = header.split_once(':') else { break };
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.expect("the request's body");
        Self { method, path, headers, head, body: String::from_utf8_lossy(&body).into_owned(), stream }
    }

    /// A header of the request.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// All values of a header, in their order, byte for byte; the name in lower case.
    pub fn values(&self, name: &str) -> Vec<&[u8]> {
        let lines = self.head.split(|byte| *byte == b'\n').skip(1);
        lines
            .filter_map(|line| {
                let colon = line.iter().position(|byte| *byte == b':')?;
                line[..colon].eq_ignore_ascii_case(name.as_bytes()).then(|| line[colon + 1..].trim_ascii())
            })
            .collect()
    }

    /// Answers 200 with an event stream that lasts until this is dropped.
    pub async fn start_events(&mut self) {
        self.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n").await;
    }

    /// Sends text as it is. A client that has gone does not matter here: the test sees it elsewhere.
    pub async fn send(&mut self, text: &str) {
        self.send_bytes(text.as_bytes()).await;
    }

    /// The same with bytes of any kind.
    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        let stream = self.stream.get_mut();
        if stream.write_all(bytes).await.is_ok() {
            drop(stream.flush().await);
        }
    }

    /// Breaks the connection off with a reset.
    pub fn reset(self) {
        self.stream.get_ref().set_zero_linger().expect("an option of a socket");
    }

    /// Waits for the next request on the same connection; `None` where the client closes it or is silent for so long.
    pub async fn next_within(mut self, time: Duration) -> Option<Self> {
        let more = tokio::time::timeout(time, self.stream.fill_buf()).await.ok()?;
        if more.is_ok_and(|bytes| !bytes.is_empty()) { Some(Self::read(self.stream).await) } else { None }
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

async fn line(stream: &mut BufReader<TcpStream>, head: &mut Vec<u8>) -> String {
    let start = head.len();
    stream.read_until(b'\n', head).await.expect("a line of the request");
    String::from_utf8_lossy(&head[start..]).trim_end().to_owned()
}
