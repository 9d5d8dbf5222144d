//! What to do, and what to paste, for the servers and proxies that were recognised.

mod pastes;

use super::product::Product;

/// The path that stands for the stream's own in what is pasted.
pub const PATH: &str = "/events";

/// One mend.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mend {
    /// Where, as `nginx`; empty where it is the same everywhere.
    pub product: String,
    /// What to do, in one line.
    pub words: String,
    /// What to paste there; may be empty, may have lines.
    pub paste: String,
}

impl Mend {
    /// For whoever it concerns.
    pub fn new(words: &str) -> Self {
        Self { product: String::new(), words: words.to_owned(), paste: String::new() }
    }

    /// The same with something to paste.
    pub fn paste(words: &str, paste: &str) -> Self {
        Self { paste: paste.to_owned(), ..Self::new(words) }
    }
}

/// A mend for a product: whose, where, what to do, what to paste.
type Entry = (Product, &'static str, &'static str, &'static str);

/// Passing events on at once.
pub fn unbuffer(products: &[Product]) -> Vec<Mend> {
    let otherwise = "whatever stands between must pass each piece on as it comes: no buffering, no compression";
    some(of(&pastes::UNBUFFER, products), Mend::new(otherwise))
}

/// What the server behind nginx says, so that it need not be told.
pub fn forbid_buffering(products: &[Product]) -> Vec<Mend> {
    let behind: Vec<_> = products.iter().copied().filter(|product| !product.is_proxy()).collect();
    let otherwise = Mend::paste("have the server behind nginx send this header", "X-Accel-Buffering: no");
    some(of(&pastes::UNBUFFER, &behind), otherwise)
}

/// Time to be silent; empty where nobody is known to limit it.
pub fn patience(products: &[Product]) -> Vec<Mend> {
    of(&pastes::PATIENCE, products)
}

/// Time for a whole answer.
pub fn lifetimes(products: &[Product]) -> Vec<Mend> {
    let otherwise = "nginx, Apache and HAProxy cut what is silent, not what flows: it is the server behind them (Spring's \
                     async timeout, a worker's timeout) or a platform or gateway with a limit for a whole answer; raise it \
                     for this path";
    some(of(&pastes::LIFETIMES, products), Mend::new(otherwise))
}

/// A comment every 15 s.
pub fn heartbeat(products: &[Product]) -> Vec<Mend> {
    let otherwise = Mend::paste("have the server send a comment and an empty line every 15 s", ": heartbeat");
    some(of(&pastes::HEARTBEAT, products), otherwise)
}

/// The headers that an event stream has.
pub fn headers(products: &[Product]) -> Vec<Mend> {
    let plain = "Content-Type: text/event-stream\nCache-Control: no-cache\nX-Accel-Buffering: no";
    some(of(&pastes::HEADERS, products), Mend::paste("have the server send these headers", plain))
}

/// No compression of the stream.
pub fn uncompress(products: &[Product]) -> Vec<Mend> {
    let otherwise = "do not compress text/event-stream, neither in the server nor in a proxy";
    some(of(&pastes::UNCOMPRESS, products), Mend::new(otherwise))
}

/// HTTP/1.1 to the server behind a proxy.
pub fn http11(products: &[Product]) -> Vec<Mend> {
    let otherwise = "have the server, and the proxy in front of it, speak HTTP/1.1 or HTTP/2";
    some(of(&pastes::HTTP11, products), Mend::new(otherwise))
}

/// The entries for these products, in the order of the products.
fn of(all: &[Entry], products: &[Product]) -> Vec<Mend> {
    let for_one = |product: &Product| {
        let entries: Vec<_> = all.iter().filter(|(whose, ..)| whose == product).collect();
        entries
            .into_iter()
            .map(|(_, name, words, paste)| Mend { product: (*name).to_owned(), ..Mend::paste(words, paste) })
    };
    products.iter().flat_map(for_one).collect()
}

fn some(mends: Vec<Mend>, otherwise: Mend) -> Vec<Mend> {
    if mends.is_empty() { vec![otherwise] } else { mends }
}
