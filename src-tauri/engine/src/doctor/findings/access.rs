//! Who asks: tokens, scopes, pages to sign in on.

use std::time::Duration;

use jiff::Timestamp;

use super::{Certainty, Code, Finding, count, span};
use crate::doctor::observations::{Head, Observations};
use crate::locale::Text;
use crate::text;
use crate::transport::Turn;

/// A token that nobody renews and that ends within this ends soon.
const SOON: Duration = Duration::from_mins(15);

/// Words in the address or the page of a sign-in.
const PATHS: [&str; 8] = ["login", "log-in", "signin", "sign-in", "sign_in", "oauth", "sso", "saml"];
const PAGES: [&str; 4] = ["type=\"password\"", "type='password'", "type=password", "name=\"password\""];

pub(super) fn login_page(seen: &Observations) -> Option<Finding> {
    let head = seen.head()?;
    let is_page = head.content_type().is_some_and(|kind| kind == "text/html" || kind == "application/xhtml+xml");
    let turn = seen.visits.first()?.answer.turns.iter().rev().find(|turn| {
        let path = turn.to.split('?').next().unwrap_or_default().to_ascii_lowercase();
        PATHS.iter().any(|word| path.contains(word))
    });
    let page = head.page.to_ascii_lowercase();
    let asks = PAGES.iter().any(|word| page.contains(word));
    if !is_page || !(asks || turn.is_some()) || !matches!(head.status, 200 | 401 | 403) {
        return None;
    }
    let certainty = if asks && turn.is_some() { Certainty::Certain } else { Certainty::Likely };
    let status = head.status;
    let evidence = match turn {
        Some(Turn { status: turned, to, .. }) => text!(
            "The request was redirected ({turned}) to {to}, which answers {status} with a page.",
            "请求被重定向（{turned}）到 {to}，那里返回 {status} 和一个网页。"
        ),
        None => text!(
            "The answer is {status} with a page that asks for a password.",
            "应答是 {status} 和一个要求输入密码的网页。"
        ),
    };
    let finding = Finding::problem(
        Code::LoginPage,
        certainty,
        text!("A page to sign in on comes instead of the stream", "得到的是登录页面，而不是流"),
    )
    .seen(evidence)
    .number("status", f64::from(head.status));
    Some(if seen.target.signs_in {
        finding.mend(text!("the credentials were not taken: try another way to send them (--auth cookie:NAME, header:NAME, bearer)", "凭据没有被接受：请换一种发送方式（--auth cookie:NAME、header:NAME、bearer）"))
    } else {
        finding.mend(text!("give the stream a token (--auth bearer, cookie:NAME …); a session of a browser is a cookie", "请给流一个令牌（--auth bearer、cookie:NAME…）；浏览器的会话就是一个 cookie"))
    }
    .mend(text!("for a program, the server should answer 401 instead of a page", "面向程序，服务器应返回 401，而不是网页")))
}

pub(super) fn unauthorized(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| head.status == 401)?;
    if login_page(seen).is_some() || token_expired(seen).is_some() || scope(seen).is_some() {
        return None;
    }
    let wants = head.all("www-authenticate");
    let wants = match wants.as_str() {
        "" => text!("It does not say how to sign in.", "它没有说明如何登录。"),
        wants => text!("It wants: {wants}.", "它要求：{wants}。"),
    };
    let told = said(head);
    let title = if seen.target.signs_in {
        text!("The server does not take the credentials", "服务器不接受当前凭据")
    } else {
        text!("The server wants to know who asks", "服务器要求登录")
    };
    let finding = Finding::problem(Code::Unauthorized, Certainty::Certain, title)
        .seen(text!("It answers 401. {wants}{told}", "它返回 401。{wants}{told}", wants, told))
        .number("status", 401.0);
    Some(if seen.target.signs_in {
        finding.mend(text!(
            "get a new token, and check that it is sent the way the server reads it",
            "请换一个新令牌，并确认发送方式与服务器读取的一致"
        ))
    } else {
        finding.paste(
            text!("give the stream a token", "请给流一个令牌"),
            "printf %s \"$TOKEN\" | streambell doctor --auth bearer URL",
        )
    })
}

pub(super) fn forbidden(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| head.status == 403)?;
    if login_page(seen).is_some() || token_expired(seen).is_some() || scope(seen).is_some() {
        return None;
    }
    let told = said(head);
    let finding = Finding::problem(
        Code::Forbidden,
        Certainty::Certain,
        text!("The server does not allow this", "服务器不允许访问"),
    )
    .seen(text!("It answers 403.{told}", "它返回 403。{told}", told))
    .number("status", 403.0);
    let finding = if seen.target.signs_in {
        finding.mend(text!(
            "whoever the token belongs to needs leave to read this stream",
            "令牌的所有者需要有读取这个流的权限"
        ))
    } else {
        finding.mend(text!(
            "give the stream a token; or the server refuses by address, by Origin or as a bot",
            "请给流一个令牌；也可能是服务器按地址、Origin 或机器人规则拒绝"
        ))
    };
    Some(finding)
}

/// RFC 6750, 3.1.
pub(super) fn scope(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| matches!(head.status, 401 | 403))?;
    let challenge = head.all("www-authenticate");
    if !challenge.contains("insufficient_scope") {
        return None;
    }
    let scope = parameter(&challenge, "scope");
    let status = head.status;
    let evidence = match &scope {
        Some(scope) => {
            text!("It answers {status} and wants the scope \"{scope}\".", "它返回 {status}，要求权限“{scope}”。")
        }
        None => text!(
            "It answers {status} with insufficient_scope, and does not say which.",
            "它返回 {status} 和 insufficient_scope，但没有说是哪一项。"
        ),
    };
    let paste = scope.map_or_else(|| "scope = \"…\"".to_owned(), |scope| format!("scope = \"{scope}\""));
    let finding =
        Finding::problem(Code::Scope, Certainty::Certain, text!("The token lacks a scope", "令牌缺少一项权限"))
            .seen(evidence)
            .number("status", f64::from(head.status))
            .paste(
                text!(
                    "ask for a token with this scope; with auth = {{ kind = \"oauth2\" }} the key is",
                    "请申请带有这项权限的令牌；使用 auth = {{ kind = \"oauth2\" }} 时的键是"
                ),
                &paste,
            );
    Some(finding)
}

pub(super) fn token_expired(seen: &Observations) -> Option<Finding> {
    let answer = &seen.visits.first()?.answer;
    let past = seen.target.token_ends.filter(|end| *end <= answer.at);
    let head = answer.head.as_ref().ok().filter(|head| matches!(head.status, 401 | 403));
    let challenge = head.map(|head| head.all("www-authenticate").to_ascii_lowercase()).unwrap_or_default();
    let told = challenge.contains("invalid_token") && challenge.contains("expired");
    let finding =
        |certainty| Finding::problem(Code::TokenExpired, certainty, text!("The token has expired", "令牌已过期"));
    let finding = match (past, head) {
        (Some(end), Some(head)) => {
            let ago = answer.at.duration_since(end).unsigned_abs();
            let (status, past) = (head.status, span(ago));
            finding(Certainty::Certain)
                .seen(text!(
                    "It says of itself that it ended {past} ago, and the server answers {status}.",
                    "按它自己的记载，{past}前已到期；服务器返回 {status}。",
                    past
                ))
                .time("ago_s", ago)
        }
        (Some(end), None) => {
            let ago = answer.at.duration_since(end).unsigned_abs();
            let past = span(ago);
            finding(Certainty::Likely)
                .seen(text!(
                    "It says of itself that it ended {past} ago; the server has not refused it yet.",
                    "按它自己的记载，{past}前已到期；服务器还没有拒绝它。",
                    past
                ))
                .time("ago_s", ago)
        }
        (None, Some(head)) if told => {
            let status = head.status;
            finding(Certainty::Certain)
                .seen(text!("The server answers {status} and says so.", "服务器返回 {status}，并说明了这一点。"))
        }
        (None, _) => return None,
    };
    Some(finding.paste(
        text!("store a new one; and have it renewed by itself", "请保存新令牌，并让它自动更新"),
        "refresh = { url = \"https://…/refresh-token\", token = \"/token\" }",
    ))
}

pub(super) fn token_ends(seen: &Observations) -> Option<Finding> {
    let at = seen.visits.first()?.answer.at;
    let end: Timestamp = seen.target.token_ends.filter(|end| *end > at)?;
    let left = end.duration_since(at).unsigned_abs();
    (left < SOON && !seen.target.renews).then(|| {
        let rest = span(left);
        Finding::risk(
            Code::TokenEnds,
            Certainty::Certain,
            text!("The token ends soon, and nothing renews it", "令牌即将过期，而且没有自动更新"),
        )
        .seen(text!("It says of itself that it ends in {rest}.", "按它自己的记载，{rest}后到期。", rest))
        .time("left_s", left)
        .paste(
            text!("have it renewed", "请让它自动更新"),
            "refresh = { url = \"https://…/refresh-token\", token = \"/token\" }",
        )
    })
}

pub(super) fn token_in_url(seen: &Observations) -> Option<Finding> {
    let names = &seen.target.secret_parameters;
    (!names.is_empty()).then(|| {
        let listed = names.join(", ");
        Finding::risk(Code::TokenInUrl, Certainty::Certain, text!("A token stands in the address", "地址里含有令牌"))
            .seen(text!(
                "Parameter {listed}: it is in the log of every server and proxy on the way.",
                "参数 {listed}：途中每台服务器和代理的日志里都会有它。"
            ))
            .number("parameters", count(names.len()))
            .paste(
                text!("send it as a header, if the server takes that", "如果服务器支持，请改用请求头发送"),
                "auth = { kind = \"bearer\" }",
            )
    })
}

/// A quoted parameter of a challenge (RFC 9110, 11.2).
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let rest = challenge.split(&format!("{name}=\"")).nth(1)?;
    rest.split('"').next().map(str::to_owned).filter(|value| !value.is_empty())
}

/// What a server says of its refusal, where it is short.
fn said(head: &Head) -> Text {
    let is_text = head.content_type().is_some_and(|kind| kind.contains("json") || kind == "text/plain");
    let told = crate::transport::one_line(&head.page, 160);
    if is_text && !told.is_empty() { text!(" It says: {told}", "它说：{told}") } else { Text::default() }
}
