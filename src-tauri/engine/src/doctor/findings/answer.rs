//! The answer: its status, what it says it is, and who may keep it.

use super::{Certainty, Code, Finding, access, delay};
use crate::doctor::mend;
use crate::doctor::observations::{Head, Observations};
use crate::doctor::product::{Product, products};
use crate::locale::Text;
use crate::text;

pub(super) fn not_found(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| matches!(head.status, 404 | 410))?;
    let path = &seen.target.path;
    let by = match products(seen).first() {
        Some(product) => {
            text!(" The answer is from {product}, or from what is behind it.", "应答来自 {product} 或它后面的环节。")
        }
        None => Text::default(),
    };
    let status = head.status;
    let finding = Finding::problem(
        Code::NotFound,
        Certainty::Certain,
        text!("There is nothing at this path", "这个路径上什么也没有"),
    )
    .seen(text!("{path} answers {status}.{by}", "{path} 返回 {status}。{by}", by))
    .number("status", f64::from(head.status));
    Some(finding.mend(hint(path)).paste(
        text!(
            "behind nginx: a slash at the end of proxy_pass takes the location's path away, none leaves it",
            "在 nginx 后面：proxy_pass 末尾有斜杠会去掉 location 的路径，没有则保留"
        ),
        "location /events { proxy_pass http://127.0.0.1:3000; }",
    ))
}

/// Which path it may be instead; nobody tries them.
fn hint(path: &str) -> Text {
    let (kind, bare) = ("/events, /stream, /sse, /api/stream", path.trim_end_matches('/'));
    let slash = match (bare, path.ends_with('/')) {
        ("", _) => Text::default(),
        (bare, true) => text!("{bare} (without the slash); ", "{bare}（末尾不带斜杠）；"),
        (bare, false) => text!("{bare}/; ", "{bare}/；"),
    };
    let mercure = match path.contains("mercure") {
        true => text!(
            "; a Mercure hub is at /.well-known/mercure?topic=…",
            "；Mercure 中转站在 /.well-known/mercure?topic=…"
        ),
        false => Text::default(),
    };
    text!(
        "check the path with whoever runs the server; try {slash}usual are {kind}{mercure}",
        "请向服务器的管理者核对路径；可试 {slash}常见的有 {kind}{mercure}",
        slash,
        mercure
    )
}

pub(super) fn status(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| !matches!(head.status, 200 | 401 | 403 | 404 | 410))?;
    let (title, mend) = match head.status {
        204 => (
            text!("The server wants no further connection", "服务器不希望再有连接"),
            text!(
                "it answers 204, which ends a stream for good: ask whoever runs it",
                "它返回 204，流就此永久结束：请询问服务器的管理者"
            ),
        ),
        405 => (
            text!("The server does not take this method", "服务器不接受这种请求方法"),
            text!("say the method that it takes (method = \"POST\")", "请写明它接受的方法（method = \"POST\"）"),
        ),
        406 => (
            text!("The server does not have an event stream here", "服务器在这里没有事件流"),
            text!(
                "check the path: it does not know text/event-stream there",
                "请核对路径：它在那里不提供 text/event-stream"
            ),
        ),
        408 | 425 | 429 => (
            text!("The server asks to come later", "服务器要求稍后再来"),
            text!(
                "fewer connections: one client a person, and a longer retry",
                "请减少连接：每人一个客户端，重试间隔长一些"
            ),
        ),
        502..=504 => (
            text!("The proxy gets no answer from the server behind it", "代理得不到后面服务器的应答"),
            text!(
                "check that the server behind the proxy runs, and where the proxy looks for it",
                "请检查代理后面的服务器是否在运行，以及代理找它的地址"
            ),
        ),
        500.. => (
            text!("The server fails", "服务器出错"),
            text!("look into the server's log at the time of this request", "请查看服务器在这次请求时的日志"),
        ),
        _ => (
            text!("The server answers with no stream", "服务器没有返回流"),
            text!("ask whoever runs the server what it wants", "请询问服务器的管理者它需要什么"),
        ),
    };
    let by = products(seen).first().map(|product| text!(", from {product}", "，来自 {product}")).unwrap_or_default();
    let later = head.header("retry-after").map(|after| text!(" Retry-After: {after}.", "Retry-After: {after}。"));
    let (status, later) = (head.status, later.unwrap_or_default());
    let finding = Finding::problem(Code::Status, Certainty::Certain, title)
        .seen(text!("The status is {status}{by}.{later}", "状态码是 {status}{by}。{later}", by, later))
        .number("status", f64::from(head.status))
        .mend(mend);
    Some(finding)
}

pub(super) fn content_type_missing(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| head.status == 200 && head.content_type().is_none())?;
    let told = head.header("content-type");
    let like = like(head);
    let evidence = match told {
        Some(told) => text!("\"{told}\" is no content type.{like}", "“{told}”不是内容类型。{like}", like),
        None => text!("The answer has no Content-Type.{like}", "应答没有 Content-Type。{like}", like),
    };
    let finding = Finding::problem(
        Code::ContentTypeMissing,
        Certainty::Certain,
        text!("The answer does not say what it is", "应答没有说明自己是什么"),
    )
    .seen(evidence)
    .mends(mend::headers(&products(seen)));
    Some(finding)
}

pub(super) fn content_type_wrong(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| head.status == 200)?;
    let kind = head.content_type().filter(|kind| kind != "text/event-stream")?;
    if access::login_page(seen).is_some() {
        return None;
    }
    let like = like(head);
    let finding = Finding::problem(
        Code::ContentTypeWrong,
        Certainty::Certain,
        text!("The answer is no event stream", "应答不是事件流"),
    )
    .seen(text!(
        "It is {kind}; browsers and Streambell take text/event-stream only.{like}",
        "它是 {kind}；浏览器和 Streambell 只接受 text/event-stream。{like}",
        like
    ))
    .mends(mend::headers(&products(seen)));
    Some(if is_like(head) {
        finding
    } else {
        finding.mend(text!("or the path is another one", "或者路径是另一个"))
    })
}

/// Whether a page looks like events.
fn is_like(head: &Head) -> bool {
    head.page
        .lines()
        .take(20)
        .any(|line| ["data:", "event:", "id:", "retry:"].iter().any(|field| line.starts_with(field)))
}

fn like(head: &Head) -> Text {
    match is_like(head) {
        true => text!(
            " Its first bytes look like events, so only the header is wrong.",
            "开头的内容像事件，所以只是应答头不对。"
        ),
        false => Text::default(),
    }
}

pub(super) fn compressed(seen: &Observations) -> Option<Finding> {
    let finding = |certainty, title: Text| {
        Finding::problem(Code::Compressed, certainty, title).mends(mend::uncompress(&products(seen)))
    };
    if let Some(coding) = seen.stream().and_then(Head::coding) {
        let title = text!("The stream is compressed, though that was not asked for", "流经过压缩，但并未要求压缩");
        let evidence = text!(
            "The answer to a request for identity says Content-Encoding: {coding}; what compresses holds events back \
             until it has a block.",
            "请求的是 identity，应答却是 Content-Encoding: {coding}；压缩会攒够一块才放行事件。"
        );
        return Some(finding(Certainty::Certain, title).seen(evidence));
    }
    // It was asked for: what harm it does shows beside an answer without it.
    let plain = seen.identity.as_ref().filter(|visit| delay::flows(&visit.body))?;
    let (certainty, how) = match (seen.failure(), delay::buffered(seen)) {
        (Some(failure), _) => {
            let why = &failure.message;
            (Certainty::Certain, text!("Compressed, {why}", "压缩时，{why}", why))
        }
        (None, Some(held)) => (held.certainty, text!("Compressed, events come in clumps", "压缩时，事件成堆到来")),
        (None, None) => return None,
    };
    let events = plain.body.events;
    let evidence =
        text!("{how}; without compression {events} came one by one.", "{how}；不压缩时 {events} 个事件逐一到来。", how);
    Some(finding(certainty, text!("Compression holds events back", "压缩扣留了事件")).seen(evidence))
}

pub(super) fn cacheable(seen: &Observations) -> Option<Finding> {
    let head = seen.stream()?;
    let control = head.all("cache-control").to_ascii_lowercase();
    let forbids = ["no-store", "no-cache", "private"].iter().any(|word| control.contains(word));
    let hit = head.header("x-cache").is_some_and(|cache| cache.to_ascii_uppercase().contains("HIT"))
        || head.header("cf-cache-status").is_some_and(|cache| cache == "HIT")
        || head.header("age").and_then(|age| age.trim().parse::<u64>().ok()).is_some_and(|age| age > 0);
    let lasts = ["max-age=", "s-maxage="].iter().filter_map(|word| control.split(word).nth(1)).any(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().is_ok_and(|seconds| seconds > 0)
    });
    let has_cache = products(seen).iter().any(|product| matches!(product, Product::Cloudflare | Product::Other));
    let (certainty, evidence) = match (hit, forbids) {
        (true, _) => {
            let evidence = text!(
                "The answer came out of a cache: it has an Age, or says that it was a hit.",
                "应答来自缓存：它带有 Age，或自称命中缓存。"
            );
            (Certainty::Certain, evidence)
        }
        (false, true) => return None,
        (false, false) if lasts || control.contains("public") => (
            Certainty::Certain,
            text!(
                "Cache-Control: {control} lets caches keep the answer, and wait for its end first.",
                "Cache-Control: {control} 允许缓存保留应答，并先等它结束。"
            ),
        ),
        (false, false) if has_cache => {
            let evidence = text!(
                "The answer has no Cache-Control, and a cache is on the way.",
                "应答没有 Cache-Control，而途中有缓存。"
            );
            (Certainty::Possible, evidence)
        }
        (false, false) => return None,
    };
    let finding = Finding::risk(Code::Cacheable, certainty, text!("A cache may keep the stream", "流可能被缓存"))
        .seen(evidence)
        .mends(mend::headers(&products(seen)));
    Some(finding)
}
