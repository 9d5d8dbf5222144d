//! Six systems in their real technology, a small server of our own each, reached by the real program and followed to the
//! notification.
//!
//! | system | server |
//! |---|---|
//! | Node's `http` | `time.mjs` |
//! | Express behind nginx | `express.mjs` |
//! | Node and Redis behind nginx | `messages.mjs` |
//! | Spring's `SseEmitter` behind nginx | `StockServer.java` |
//! | Express with JSON Web Tokens, also behind Apache | `market.mjs` |

mod express;
mod market;
mod messages;
mod stock;
mod time;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a server on this port answers, headers and all, once it has closed the connection. In HTTP/1.0, so that what it
/// writes comes without chunks between.
pub(crate) async fn ask(port: u16, request: &str, headers: &[&str], body: &str) -> String {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    let request = format!("{request} HTTP/1.0\r\nHost: localhost\r\nContent-Length: {length}\r\n{headers}\r\n{body}");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}
