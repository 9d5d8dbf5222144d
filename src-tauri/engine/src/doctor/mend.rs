//! What to do, and what to paste, for the servers and proxies that were recognised.

mod pastes;

use super::product::Product;
use crate::locale::Text;
use crate::text;

/// The path that stands for the stream's own in what is pasted.
pub const PATH: &str = "/events";

/// One mend.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mend {
    /// Where, as `nginx`; empty where it is the same everywhere.
    pub product: String,
    /// What to do, in one line.
    pub words: Text,
    /// What to paste there; may be empty, may have lines.
    pub paste: String,
}

impl Mend {
    /// For whoever it concerns.
    pub fn new(words: Text) -> Self {
        Self { product: String::new(), words, paste: String::new() }
    }

    /// The same with something to paste.
    pub fn paste(words: Text, paste: &str) -> Self {
        Self { paste: paste.to_owned(), ..Self::new(words) }
    }
}

/// A mend for a product: whose, where, what to do in English and in Chinese, what to paste.
type Entry = (Product, &'static str, (&'static str, &'static str), &'static str);

/// Passing events on at once.
pub fn unbuffer(products: &[Product]) -> Vec<Mend> {
    let otherwise = text!(
        "whatever stands between must pass each piece on as it comes: no buffering, no compression",
        "途中的每个环节都必须立即转发：不缓冲、不压缩"
    );
    some(of(&pastes::UNBUFFER, products), Mend::new(otherwise))
}

/// What the server behind nginx says, so that it need not be told.
pub fn forbid_buffering(products: &[Product]) -> Vec<Mend> {
    let behind: Vec<_> = products.iter().copied().filter(|product| !product.is_proxy()).collect();
    let otherwise = Mend::paste(
        text!("have the server behind nginx send this header", "请让 nginx 后面的服务器发送这个头"),
        "X-Accel-Buffering: no",
    );
    some(of(&pastes::UNBUFFER, &behind), otherwise)
}

/// Time to be silent; empty where nobody is known to limit it.
pub fn patience(products: &[Product]) -> Vec<Mend> {
    of(&pastes::PATIENCE, products)
}

/// Time for a whole answer.
pub fn lifetimes(products: &[Product]) -> Vec<Mend> {
    let otherwise = text!(
        "nginx, Apache and HAProxy cut what is silent, not what flows: it is the server behind them (Spring's async timeout, a worker's timeout) or a platform or gateway with a limit for a whole answer; raise it for this path",
        "nginx、Apache 和 HAProxy 只切断静默的连接：问题在它们后面的服务器（Spring 的异步超时、工作进程超时），或限制应答总时长的平台或网关；请为这个路径放宽限制"
    );
    some(of(&pastes::LIFETIMES, products), Mend::new(otherwise))
}

/// A comment every 15 s.
pub fn heartbeat(products: &[Product]) -> Vec<Mend> {
    let otherwise = Mend::paste(
        text!(
            "have the server send a comment and an empty line every 15 s",
            "请让服务器每 15 秒发送一条注释和一个空行"
        ),
        ": heartbeat",
    );
    some(of(&pastes::HEARTBEAT, products), otherwise)
}

/// The headers that an event stream has.
pub fn headers(products: &[Product]) -> Vec<Mend> {
    let plain = "Content-Type: text/event-stream\nCache-Control: no-cache\nX-Accel-Buffering: no";
    some(
        of(&pastes::HEADERS, products),
        Mend::paste(text!("have the server send these headers", "请让服务器发送这些头"), plain),
    )
}

/// No compression of the stream.
pub fn uncompress(products: &[Product]) -> Vec<Mend> {
    let otherwise = text!(
        "do not compress text/event-stream, neither in the server nor in a proxy",
        "服务器和代理都不要压缩 text/event-stream"
    );
    some(of(&pastes::UNCOMPRESS, products), Mend::new(otherwise))
}

/// HTTP/1.1 to the server behind a proxy.
pub fn http11(products: &[Product]) -> Vec<Mend> {
    let otherwise = text!(
        "have the server, and the proxy in front of it, speak HTTP/1.1 or HTTP/2",
        "请让服务器及其前面的代理使用 HTTP/1.1 或 HTTP/2"
    );
    some(of(&pastes::HTTP11, products), Mend::new(otherwise))
}

/// The entries for these products, in the order of the products.
fn of(all: &[Entry], products: &[Product]) -> Vec<Mend> {
    let for_one = |product: &Product| {
        let entries: Vec<_> = all.iter().filter(|(whose, ..)| whose == product).collect();
        entries
            .into_iter()
            .map(|(_, name, words, paste)| Mend { product: (*name).to_owned(), ..Mend::paste(Text::of(*words), paste) })
    };
    products.iter().flat_map(for_one).collect()
}

fn some(mends: Vec<Mend>, otherwise: Mend) -> Vec<Mend> {
    if mends.is_empty() { vec![otherwise] } else { mends }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mend_is_said_in_chinese_too() {
        let tables: [&[Entry]; 7] = [
            &pastes::UNBUFFER,
            &pastes::PATIENCE,
            &pastes::LIFETIMES,
            &pastes::HEARTBEAT,
            &pastes::HEADERS,
            &pastes::UNCOMPRESS,
            &pastes::HTTP11,
        ];
        for (_, _, words, _) in tables.into_iter().flatten() {
            assert!(Text::of(*words).is_in_chinese(), "{words:?}");
        }
        let otherwise = [unbuffer, forbid_buffering, lifetimes, heartbeat, headers, uncompress, http11];
        for mend in otherwise.into_iter().flat_map(|mends| mends(&[])) {
            assert!(mend.words.is_in_chinese(), "{mend:?}");
        }
    }
}
