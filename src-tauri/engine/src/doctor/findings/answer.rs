//! The answer: its status, what it says it is, and who may keep it.

use super::{Certainty, Code, Finding, access, delay};
use crate::doctor::mend;
use crate::doctor::observations::{Head, Observations};
use crate::doctor::product::{Product, products};

pub(super) fn not_found(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| matches!(head.status, 404 | 410))?;
    let path = &seen.target.path;
    let by = match products(seen).first() {
        Some(product) => format!(" The answer is from {product}, or from what is behind it."),
        None => String::new(),
    };
    let finding = Finding::problem(Code::NotFound, Certainty::Certain, "There is nothing at this path")
        .seen(format!("{path} answers {}.{by}", head.status))
        .number("status", f64::from(head.status));
    Some(finding.mend(&hint(path)).paste(
        "behind nginx: a slash at the end of proxy_pass takes the location's path away, none leaves it",
        "location /events { proxy_pass http://127.0.0.1:3000; }",
    ))
}

/// Which path it may be instead; nobody tries them.
fn hint(path: &str) -> String {
    let (kind, bare) = ("usual are /events, /stream, /sse, /api/stream", path.trim_end_matches('/'));
    let slash = match (bare, path.ends_with('/')) {
        ("", _) => kind.to_owned(),
        (bare, true) => format!("{bare} (without the slash); {kind}"),
        (bare, false) => format!("{bare}/; {kind}"),
    };
    let mercure = if path.contains("mercure") { "; a Mercure hub is at /.well-known/mercure?topic=…" } else { "" };
    format!("check the path with whoever runs the server; try {slash}{mercure}")
}

pub(super) fn status(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| !matches!(head.status, 200 | 401 | 403 | 404 | 410))?;
    let (title, mend) = match head.status {
        204 => (
            "The server wants no further connection",
            "it answers 204, which ends a stream for good: ask whoever runs it",
        ),
        405 => ("The server does not take this method", "say the method that it takes (method = \"POST\")"),
        406 => (
            "The server does not have an event stream here",
            "check the path: it does not know text/event-stream there",
        ),
        408 | 425 | 429 => {
            ("The server asks to come later", "fewer connections: one client a person, and a longer retry")
        }
        502..=504 => (
            "The proxy gets no answer from the server behind it",
            "check that the server behind the proxy runs, and where the proxy looks for it",
        ),
        500.. => ("The server fails", "look into the server's log at the time of this request"),
        _ => ("The server answers with no stream", "ask whoever runs the server what it wants"),
    };
    let by = products(seen).first().map(|product| format!(", from {product}")).unwrap_or_default();
    let later = head.header("retry-after").map(|after| format!(" Retry-After: {after}.")).unwrap_or_default();
    let finding = Finding::problem(Code::Status, Certainty::Certain, title)
        .seen(format!("The status is {}{by}.{later}", head.status))
        .number("status", f64::from(head.status))
        .mend(mend);
    Some(finding)
}

pub(super) fn content_type_missing(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| head.status == 200 && head.content_type().is_none())?;
    let told = head.header("content-type");
    let evidence = match told {
        Some(told) => format!("\"{told}\" is no content type.{}", like(head)),
        None => format!("The answer has no Content-Type.{}", like(head)),
    };
    let finding = Finding::problem(Code::ContentTypeMissing, Certainty::Certain, "The answer does not say what it is")
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
    let finding = Finding::problem(Code::ContentTypeWrong, Certainty::Certain, "The answer is no event stream")
        .seen(format!("It is {kind}; browsers and Streambell take text/event-stream only.{}", like(head)))
        .mends(mend::headers(&products(seen)));
    Some(if is_like(head) { finding } else { finding.mend("or the path is another one") })
}

/// Whether a page looks like events.
fn is_like(head: &Head) -> bool {
    head.page
        .lines()
        .take(20)
        .any(|line| ["data:", "event:", "id:", "retry:"].iter().any(|field| line.starts_with(field)))
}

fn like(head: &Head) -> &'static str {
    if is_like(head) { " Its first bytes look like events, so only the header is wrong." } else { "" }
}

pub(super) fn compressed(seen: &Observations) -> Option<Finding> {
    let finding = |certainty, title: &str| {
        Finding::problem(Code::Compressed, certainty, title).mends(mend::uncompress(&products(seen)))
    };
    if let Some(coding) = seen.stream().and_then(Head::coding) {
        let title = "The stream is compressed, though that was not asked for";
        let evidence = format!(
            "The answer to a request for identity says Content-Encoding: {coding}; what compresses holds events back \
             until it has a block."
        );
        return Some(finding(Certainty::Certain, title).seen(evidence));
    }
    // It was asked for: what harm it does shows beside an answer without it.
    let plain = seen.identity.as_ref().filter(|visit| delay::flows(&visit.body))?;
    let (certainty, how) = match (seen.failure(), delay::buffered(seen)) {
        (Some(failure), _) => (Certainty::Certain, format!("Compressed, {}", failure.message)),
        (None, Some(held)) => (held.certainty, "Compressed, events come in clumps".to_owned()),
        (None, None) => return None,
    };
    let evidence = format!("{how}; without compression {} came one by one.", plain.body.events);
    Some(finding(certainty, "Compression holds events back").seen(evidence))
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
            (Certainty::Certain, "The answer came out of a cache: it has an Age, or says that it was a hit.".to_owned())
        }
        (false, true) => return None,
        (false, false) if lasts || control.contains("public") => (
            Certainty::Certain,
            format!("Cache-Control: {control} lets caches keep the answer, and wait for its end first."),
        ),
        (false, false) if has_cache => {
            (Certainty::Possible, "The answer has no Cache-Control, and a cache is on the way.".to_owned())
        }
        (false, false) => return None,
    };
    let finding = Finding::risk(Code::Cacheable, certainty, "A cache may keep the stream")
        .seen(evidence)
        .mends(mend::headers(&products(seen)));
    Some(finding)
}
