//! Bodies made by chance, cut by chance, read by the program and by the plain reference: they must agree, and so must
//! the id that is sent next.

use fastrand::Rng;
use streambell_tests::{Server, Tail};

use crate::cases::{CHUNKED, all, chunks};
use crate::reference::interpret;

/// What bodies are made of: all that means something, and what is wrong.
const WORDS: [&[u8]; 38] = [
    b"data",
    b"event",
    b"id",
    b":",
    b": ",
    b" ",
    b"\n",
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\r\r",
    b"\r\n\r\n",
    b"data: ",
    b"data:",
    b"event: ",
    b"id: ",
    b"id:",
    b"id\n",
    b"\ndata: a\n\n",
    b"x",
    b"7",
    b"\xC3\xA9",
    b"\xE2\x82\xAC",
    b"\xF0\x9F\x94\x94",
    b"\xEF\xBB\xBF",
    b"\xEF\xBB",
    b"\xFF",
    b"\xE2\x82",
    b"\xED\xA0\x80",
    b"\xC0\x8A",
    b"\0",
    b"\t",
    b"\x0B",
    b"Data: y\n",
    b"foo: bar\n",
    b"\n:",
    b"data\n",
];

const BODIES: usize = 150;

#[tokio::test]
async fn a_thousand_random_bodies_read_as_the_standard_says() {
    // Other seeds find other things; these stay, so that a failure can be had again.
    all((0..7).map(|seed| (format!("seed {seed}"), compare(seed))).collect()).await;
}

async fn compare(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let server = Server::start().await;
    let mut tail = Tail::start(&[&server.url("/"), "--comments", "--retry", "0"]);
    let mut last_id = String::new();
    for n in 0..BODIES {
        let body: Vec<u8> = (0..rng.usize(1..60)).flat_map(|_| WORDS[rng.usize(..WORDS.len())].to_vec()).collect();
        let mut exchange = server.request().await;
        let sent = exchange.values("last-event-id");
        let wanted = if is_sent(&last_id) { vec![last_id.trim_matches([' ', '\t']).as_bytes()] } else { vec![] };
        assert_eq!(sent, wanted, "seed {seed}, before body {n}");
        exchange.send(CHUNKED).await;
        exchange.send_bytes(&chunks(cut(&body, &mut rng).into_iter())).await;
        drop(exchange);
        tail.next("open").await;
        let mut lines = tail.until("waiting").await;
        lines.pop();
        let wanted = interpret(&body, &mut last_id);
        assert_eq!(lines, wanted, "seed {seed}, body {n}: {:?}", String::from_utf8_lossy(&body));
    }
}

/// Whether an id is there and HTTP can carry it: RFC 9110 has no control characters in a header.
fn is_sent(id: &str) -> bool {
    !id.is_empty() && !id.bytes().any(|byte| byte < 0x20 && byte != b'\t' || byte == 0x7F)
}

fn cut<'a>(body: &'a [u8], rng: &mut Rng) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rng.usize(1..=rest.len().min(12)));
        pieces.push(piece);
        rest = after;
    }
    pieces
}
