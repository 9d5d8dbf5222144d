//! What an answer means, in one plain line that holds no secret.

use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Method, Response, Version};

use crate::auth::Credentials;
use crate::connection::Refusal;
use crate::locale::Text;
use crate::text;

/// How much of a refusal's body is looked at, in bytes, and how much of it shown, in characters.
const DETAIL_READ: usize = 4096;
const DETAIL_SHOWN: usize = 200;
/// How long a refusal's body is waited for.
const DETAIL_DEADLINE: Duration = Duration::from_millis(500);

/// Takes only an event stream that is not compressed (HTML Standard, 9.2.2: the essence decides, parameters do not).
pub(super) fn event_stream(headers: &HeaderMap, credentials: &Credentials) -> Result<(), Refusal> {
    let kinds: Vec<_> =
        headers.get_all(CONTENT_TYPE).iter().map(|kind| String::from_utf8_lossy(kind.as_bytes())).collect();
    match essence(&kinds.join(",")) {
        None => {
            return Err(Refusal::ContentType(text!(
                "the answer names no content type; want text/event-stream",
                "应答没有说明内容类型；应为 text/event-stream"
            )));
        }
        Some(essence) if !essence.eq_ignore_ascii_case("text/event-stream") => {
            let found = one_line(&credentials.mask_foreign(essence), 80);
            return Err(Refusal::ContentType(text!(
                "the answer is {found}, not text/event-stream",
                "应答是 {found}，而不是 text/event-stream"
            )));
        }
        Some(_) => {}
    }
    match headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()) {
        None | Some("" | "identity") => Ok(()),
        Some(coding) => {
            let coding = one_line(&credentials.mask_foreign(coding), 40);
            Err(Refusal::ContentType(text!(
                "the answer is compressed ({coding}) though that was not asked for",
                "应答经过压缩（{coding}），但并未要求压缩"
            )))
        }
    }
}

/// The last type that is one, without its parameters (Fetch Standard, extract a MIME type).
pub(crate) fn essence(kinds: &str) -> Option<&str> {
    let mut quoted = false;
    let mut escaped = false;
    let between = |character: char| {
        let inside = quoted;
        quoted ^= character == '"' && !escaped;
        escaped = inside && character == '\\' && !escaped;
        character == ',' && !inside
    };
    let essences = kinds.split(between).filter_map(|kind| kind.split(';').next()).map(str::trim);
    let is_type = |essence: &&str| {
        let token = |part: &str| part.parse::<Method>().is_ok();
        *essence != "*/*" && essence.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub))
    };
    essences.filter(is_type).last()
}

/// The refusal that a status other than 200 is. `who` begins the sentence.
pub(crate) async fn refused_status(who: &Text, response: Response, credentials: &Credentials) -> Refusal {
    let status = response.status();
    let retry_after = retry_after(response.headers(), SystemTime::now());
    let name = status.canonical_reason().map(|reason| format!(" {reason}")).unwrap_or_default();
    let number = status.as_u16();
    let meaning = match number {
        204 => text!(": it wants no further connection", "：不希望再有连接"),
        401 if credentials.is_empty() => text!(": it wants to know who asks", "：需要登录"),
        401 => text!(": it does not accept the credentials", "：不接受当前凭据"),
        403 => text!(": the credentials do not allow this", "：当前凭据没有权限"),
        _ => Text::default(),
    };
    let mut message = text!("{who} answers {number}{name}{meaning}", "{who}返回 {number}{meaning}", who, meaning);
    if status.is_client_error()
        && let Ok(Some(detail)) = tokio::time::timeout(DETAIL_DEADLINE, detail(response)).await
    {
        let detail = credentials.mask_foreign(&detail);
        message = text!("{message} ({detail})", "{message}（{detail}）", message);
    }
    Refusal::Status { status: number, retry_after, message }
}

pub(crate) fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "0.9",
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2",
        Version::HTTP_3 => "3",
        _ => "1.1",
    }
}

/// Seconds, or an HTTP date (RFC 9110, 10.2.3); a date that has passed is no wait.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// What the server says of its refusal: a JSON body's `message`, `detail`, `error_description`, `error` or `title`, or
/// a short text.
async fn detail(mut response: Response) -> Option<String> {
    let kind = response.headers().get(CONTENT_TYPE)?.to_str().ok()?.to_ascii_lowercase();
    let (json, text) = (kind.contains("json"), kind.starts_with("text/plain"));
    if !json && !text {
        return None;
    }
    let mut body = Vec::new();
    while body.len() < DETAIL_READ {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(_) => return None,
        }
    }
    let said = if json {
        let value: serde_json::Value = serde_json::from_slice(&body).ok()?;
        let keys = ["message", "detail", "error_description", "error", "title"];
        keys.iter().find_map(|key| value.get(key)?.as_str().map(str::to_owned))?
    } else {
        String::from_utf8_lossy(&body).into_owned()
    };
    let said = one_line(&said, DETAIL_SHOWN);
    (!said.is_empty()).then_some(said)
}

/// Foreign text on one line, without control characters and those that turn the direction of text, and short.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let words = text.split(|c: char| c.is_whitespace() || c.is_control() || turns(c)).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use reqwest::header::HeaderValue;

    use super::*;

    fn is_stream(kinds: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for kind in kinds {
            headers.append(CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
        }
        event_stream(&headers, &Credentials::default()).is_ok()
    }

    #[test]
    fn an_event_stream_is_known_by_its_essence() {
        for kind in ["text/event-stream", "TEXT/Event-Stream", "text/event-stream;", "text/event-stream ; charset=x"] {
            assert!(is_stream(&[kind]), "{kind}");
        }
        for kind in ["text/html", "text/event-stream2", "text/event-streams", "application/json", "", "x"] {
            assert!(!is_stream(&[kind]), "{kind}");
        }
        assert!(!is_stream(&[]));
        assert!(is_stream(&["text/html", "text/event-stream"]));
    }

    #[test]
    fn a_compressed_answer_is_no_event_stream() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
        assert!(event_stream(&headers, &Credentials::default()).is_ok());
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert!(event_stream(&headers, &Credentials::default()).is_err());
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
            retry_after(&headers, now).map(|wait| wait.as_secs())
        };
        assert_eq!(read("120"), Some(120));
        assert_eq!(read(&httpdate::fmt_http_date(now + Duration::from_secs(60))), Some(60));
        assert_eq!(read(&httpdate::fmt_http_date(now - Duration::from_secs(60))), Some(0));
        assert_eq!(read("99999999999999999999999"), Some(u64::MAX));
        for bad in ["", "-1", "1.5", "soon"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn foreign_text_is_one_short_line() {
        assert_eq!(one_line("a\r\nb\u{1b}[31m\tc", 20), "a b [31m c");
        assert_eq!(one_line("pay \u{202e}fdp.exe\u{2066}", 20), "pay fdp.exe");
        assert_eq!(one_line(&"ä".repeat(9), 3), "äää…");
    }
}
