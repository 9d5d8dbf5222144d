//! What a piece of text must be to be a name, an address, a header, a pointer, a glob.
//!
//! Messages never repeat an address or a header's value: there may be a secret in it.

use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};

use super::fault::quoted;
use crate::glob::Glob;
use crate::locale::Text;
use crate::text;

/// Headers that the program itself sends, or that belong to the connection.
const RESERVED: [&str; 14] = [
    "accept",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "last-event-id",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers whose value is a secret by their name.
const CREDENTIALS: [&str; 8] = [
    "api-key",
    "apikey",
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-access-token",
    "x-api-key",
    "x-auth-token",
];

/// Query parameters whose value is a secret by their name.
const SECRET_PARAMETERS: [&str; 8] =
    ["access_token", "api_key", "apikey", "auth_token", "authorization", "client_secret", "password", "secret"];

/// How the address of a proxy may begin.
pub(crate) const PROXY_SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// A few words on one line.
fn short(text: &str, most: usize) -> Result<&str, Text> {
    if !(1..=most).contains(&text.chars().count()) {
        return Err(text!("must have 1 to {most} characters", "必须有 1 到 {most} 个字符"));
    }
    if text.chars().any(char::is_control) {
        return Err(text!("must not contain control characters", "不能含有控制字符"));
    }
    if text.trim() != text {
        return Err(text!("must not begin or end with a space", "开头和结尾不能是空格"));
    }
    Ok(text)
}

/// A few words that stand beside others, whose direction they must not turn.
pub(super) fn plain(text: &str, most: usize) -> Result<String, Text> {
    if text.contains(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        return Err(text!("must not contain control characters", "不能含有控制字符"));
    }
    short(text, most).map(ToOwned::to_owned)
}

/// A stream's or a rule's name.
///
/// # Errors
/// Where it cannot be one: what is wrong with it.
pub fn name(text: &str) -> Result<&str, Text> {
    short(text, 64)?;
    if text.contains("/header/") || text.contains("/secret/") {
        return Err(text!(
            "must not contain \"/header/\" or \"/secret/\": other secrets are kept under such names",
            "不能含有 \"/header/\" 或 \"/secret/\"：其他密钥以这样的名称保存"
        ));
    }
    Ok(text)
}

/// An http or https address without a secret in it.
pub(super) fn address(text: &str) -> Result<String, Text> {
    let url = parsed_url(text, &["http", "https"])?;
    if has_user(&url) {
        return Err(text!(
            "must not contain a user or password: use auth = {{ kind = \"basic\", user = \"…\" }} and keep the password \
             in the keyring",
            "不能含有用户名或密码：请使用 auth = {{ kind = \"basic\", user = \"…\" }}，并把密码存入密钥环"
        ));
    }
    let secret = |key: &str| SECRET_PARAMETERS.iter().any(|parameter| parameter.eq_ignore_ascii_case(key));
    match url.query_pairs().find(|(key, _)| secret(key)) {
        Some((key, _)) => Err(text!(
            "must not contain the secret {key}: use auth = {{ kind = \"query\", name = \"{key}\" }} and keep it in the \
             keyring",
            "不能含有密钥 {key}：请使用 auth = {{ kind = \"query\", name = \"{key}\" }}，并把它存入密钥环"
        )),
        None => Ok(text.to_owned()),
    }
}

/// A proxy's address.
pub(super) fn proxy(text: &str) -> Result<String, Text> {
    let url = parsed_url(text, &PROXY_SCHEMES)?;
    if has_user(&url) {
        return Err(text!(
            "must not contain a user or password: no secret belongs into this file",
            "不能含有用户名或密码：密钥不写进这个文件"
        ));
    }
    Ok(text.to_owned())
}

/// The name of a header that may be set, with where its value comes from left open.
pub(super) fn header_name(text: &str) -> Result<String, Text> {
    let given = quoted(text);
    if HeaderName::from_bytes(text.as_bytes()).is_err() {
        return Err(text!(
            "{given} is no header name: only letters, digits and - . _ and the like",
            "{given} 不是请求头名称：只能用字母、数字和 - . _ 等"
        ));
    }
    if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(text)) {
        return Err(text!(
            "the header {text} cannot be set: it is the program's own",
            "请求头 {text} 不能设置：它由程序自己使用"
        ));
    }
    Ok(text.to_owned())
}

/// What to do instead of writing this header's value into the file, where it is a secret by its name.
pub(super) fn credential_header(name: &str) -> Option<Text> {
    let lower = name.to_ascii_lowercase();
    let instead = match lower.as_str() {
        "authorization" => text!(
            "use auth = {{ kind = \"bearer\" }} or {{ kind = \"basic\", user = \"…\" }}",
            "请使用 auth = {{ kind = \"bearer\" }} 或 {{ kind = \"basic\", user = \"…\" }}"
        ),
        "cookie" => text!(
            "use auth = {{ kind = \"cookie\", name = \"…\" }}",
            "请使用 auth = {{ kind = \"cookie\", name = \"…\" }}"
        ),
        other if CREDENTIALS.contains(&other) => text!(
            "write {name} = {{ keyring = true }} or {{ env = \"NAME\" }}",
            "请写成 {name} = {{ keyring = true }} 或 {{ env = \"NAME\" }}"
        ),
        _ => return None,
    };
    Some(text!(
        "the value of {name} is a secret and does not belong into this file: {instead}",
        "{name} 的值是密钥，不写进这个文件：{instead}",
        instead
    ))
}

/// A header's value.
pub(super) fn header_value(text: &str) -> Result<String, Text> {
    match HeaderValue::from_str(text) {
        Ok(_) if text.trim() == text => Ok(text.to_owned()),
        Ok(_) => Err(text!("must not begin or end with a space", "开头和结尾不能是空格")),
        Err(_) => Err(text!("must not contain control characters", "不能含有控制字符")),
    }
}

/// A name that is an HTTP token: a cookie's, a method.
pub(super) fn token(text: &str) -> Result<String, Text> {
    match HeaderName::from_bytes(text.as_bytes()) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => {
            let given = quoted(text);
            Err(text!("{given} must be letters, digits and - . _ and the like", "{given} 只能用字母、数字和 - . _ 等"))
        }
    }
}

/// A request's method.
pub(super) fn method(text: &str) -> Result<String, Text> {
    let upper = text.to_ascii_uppercase();
    match upper.as_str() {
        "CONNECT" | "HEAD" | "TRACE" => {
            Err(text!("{upper} cannot be answered with a stream", "{upper} 的应答不可能是流"))
        }
        _ if upper != text => {
            let given = quoted(text);
            Err(text!("{given} must be written in capitals: \"GET\", \"POST\"", "{given} 必须大写：\"GET\"、\"POST\""))
        }
        _ => token(text),
    }
}

/// A basic user's name.
pub(super) fn user(text: &str) -> Result<String, Text> {
    if text.contains(':') || text.chars().any(char::is_control) {
        return Err(text!("must not contain a colon or control characters", "不能含有冒号或控制字符"));
    }
    Ok(text.to_owned())
}

/// A JSON pointer (RFC 6901).
pub(super) fn pointer(text: &str) -> Result<String, Text> {
    let given = quoted(text);
    if !text.is_empty() && !text.starts_with('/') {
        return Err(text!(
            "{given} is no JSON pointer: it begins with /, as in \"/price\"",
            "{given} 不是 JSON 指针：它以 / 开头，例如 \"/price\""
        ));
    }
    if text.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1'])) {
        return Err(text!(
            "{given} is no JSON pointer: ~ is written ~0 and a / in a name ~1",
            "{given} 不是 JSON 指针：~ 写作 ~0，名称里的 / 写作 ~1"
        ));
    }
    Ok(text.to_owned())
}

/// A glob for event names.
pub(super) fn glob(text: &str) -> Result<String, Text> {
    if text.is_empty() {
        return Err(text!("must not be empty; \"*\" is every event", "不能为空；\"*\" 表示所有事件"));
    }
    match Glob::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => {
            let (given, why) = (quoted(text), error.text());
            Err(text!("{given} is no pattern: {why}", "{given} 不是有效的模式：{why}", why))
        }
    }
}

/// An environment variable's name.
pub(super) fn variable(text: &str) -> Result<String, Text> {
    if text.is_empty() || text.contains(['=', '\0']) {
        return Err(text!("must be the name of an environment variable", "必须是环境变量的名称"));
    }
    Ok(text.to_owned())
}

fn parsed_url(text: &str, schemes: &[&str]) -> Result<Url, Text> {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !scheme.is_some_and(|scheme| schemes.contains(&scheme.as_str())) {
        let all: Vec<_> = schemes.iter().map(|scheme| format!("{scheme}://")).collect();
        let (english, chinese) = (all.join(" or "), all.join(" 或 "));
        return Err(text!("must begin with {english}", "必须以 {chinese} 开头"));
    }
    if text.chars().any(|character| character.is_control() || character == ' ') {
        return Err(text!("must not contain spaces or control characters", "不能含有空格或控制字符"));
    }
    Url::parse(text).map_err(|error| no_address(&error))
}

/// Why a text is no address.
pub(super) fn no_address(error: &impl ToString) -> Text {
    let why = crate::transport::no_address(error);
    text!("is no address: {why}", "不是有效的地址：{why}", why)
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_http_or_https_and_hold_no_secret() {
        for good in
            ["http://localhost:8080/s", "https://example.com", "HTTPS://Example.com/a?topic=b#c", "http://[::1]/"]
        {
            assert!(address(good).is_ok(), "{good}");
        }
        for (bad, word) in [
            ("example.com/s", "begin with"),
            ("", "begin with"),
            ("http:example.com", "begin with"),
            ("ftp://example.com/", "begin with"),
            ("http://", "no address"),
            ("http://a b/", "spaces"),
            ("http://exa\nmple.com/", "spaces"),
            ("http://h:99999/", "no address"),
            ("https://me:hunter2@example.com/", "basic"),
            ("https://me@example.com/", "basic"),
            ("https://:hunter2@example.com/", "basic"),
            ("https://example.com/?Access_Token=hunter2", "query"),
        ] {
            let message = address(bad).unwrap_err();
            assert!(message.english.contains(word), "{bad}: {message}");
            assert!(message.is_in_chinese(), "{message:?}");
            assert!(!format!("{message:?}").contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn words_beside_others_are_short_and_turn_no_direction() {
        for good in ["°C", "%", "m³/h", "كغ", "每分钟", &"x".repeat(12)] {
            assert_eq!(plain(good, 12).as_deref(), Ok(good));
        }
        for (bad, word) in [
            ("", "1 to 12"),
            (&*"x".repeat(13), "1 to 12"),
            ("a\nb", "control"),
            ("a\u{0}", "control"),
            ("\u{202e}C", "control"),
            ("\u{2067}C\u{2069}", "control"),
            (" C", "space"),
        ] {
            let message = plain(bad, 12).unwrap_err();
            assert!(message.english.contains(word) && message.is_in_chinese(), "{bad:?}: {message:?}");
        }
    }

    #[test]
    fn names_are_short_and_plain() {
        assert!(name("Märkte / intraday").is_ok());
        assert!(name(&"x".repeat(64)).is_ok());
        for bad in ["", " a", "a ", "a\nb", "a/header/b", "a/secret/b", &"x".repeat(65)] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_programs_own_headers_cannot_be_set() {
        for bad in ["Accept", "cache-control", "LAST-EVENT-ID", "Host", "Content-Length", "X Y", "", "Ä", "a:b"] {
            assert!(header_name(bad).is_err(), "{bad:?}");
        }
        for good in ["X-Desk", "User-Agent", "Authorization", "content-type"] {
            assert!(header_name(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn a_header_that_is_a_secret_by_its_name_is_known() {
        for secret in ["Authorization", "COOKIE", "Proxy-Authorization", "X-Api-Key"] {
            assert!(credential_header(secret).is_some(), "{secret}");
        }
        assert_eq!(credential_header("X-Desk"), None);
    }

    #[test]
    fn pointers_begin_with_a_slash_and_escape_tildes() {
        for good in ["", "/", "/a/b", "/a~0b~1c", "/ä"] {
            assert!(pointer(good).is_ok(), "{good}");
        }
        for bad in ["a", "#/a", "/a~", "/a~2"] {
            assert!(pointer(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn globs_methods_users_and_values_are_checked() {
        assert!(glob("market-*").is_ok() && glob("{a,b}").is_ok());
        assert!(glob("").is_err() && glob("[a").is_err() && glob("{a").is_err());
        assert!(method("POST").is_ok() && method("post").is_err() && method("HEAD").is_err() && method("A B").is_err());
        assert!(user("me").is_ok() && user("").is_ok() && user("a:b").is_err());
        assert!(header_value("7").is_ok() && header_value("").is_ok());
        assert!(header_value(" 7").is_err() && header_value("a\nb").is_err() && header_value("\u{7f}").is_err());
        assert!(variable("TOKEN").is_ok() && variable("").is_err() && variable("A=B").is_err());
    }
}
