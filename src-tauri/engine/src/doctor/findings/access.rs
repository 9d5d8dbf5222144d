//! Who asks: tokens, scopes, pages to sign in on.

use std::time::Duration;

use jiff::Timestamp;

use super::{Certainty, Code, Finding, count, span};
use crate::doctor::observations::{Head, Observations};

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
    let evidence = match turn {
        Some(turn) => format!(
            "The request was redirected ({}) to {}, which answers {} with a page.",
            turn.status, turn.to, head.status
        ),
        None => format!("The answer is {} with a page that asks for a password.", head.status),
    };
    let finding = Finding::problem(Code::LoginPage, certainty, "A page to sign in on comes instead of the stream")
        .seen(evidence)
        .number("status", f64::from(head.status));
    Some(if seen.target.signs_in {
        finding.mend("the credentials were not taken: try another way to send them (--auth cookie:NAME, header:NAME, bearer)")
    } else {
        finding.mend("give the stream a token (--auth bearer, cookie:NAME …); a session of a browser is a cookie")
    }
    .mend("for a program, the server should answer 401 instead of a page"))
}

pub(super) fn unauthorized(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| head.status == 401)?;
    if login_page(seen).is_some() || token_expired(seen).is_some() || scope(seen).is_some() {
        return None;
    }
    let wants = head.all("www-authenticate");
    let wants =
        if wants.is_empty() { "It does not say how to sign in.".to_owned() } else { format!("It wants: {wants}.") };
    let title = if seen.target.signs_in {
        "The server does not take the credentials"
    } else {
        "The server wants to know who asks"
    };
    let finding = Finding::problem(Code::Unauthorized, Certainty::Certain, title)
        .seen(format!("It answers 401. {wants}{}", said(head)))
        .number("status", 401.0);
    Some(if seen.target.signs_in {
        finding.mend("get a new token, and check that it is sent the way the server reads it")
    } else {
        finding.paste("give the stream a token", "printf %s \"$TOKEN\" | streambell doctor --auth bearer URL")
    })
}

pub(super) fn forbidden(seen: &Observations) -> Option<Finding> {
    let head = seen.head().filter(|head| head.status == 403)?;
    if login_page(seen).is_some() || token_expired(seen).is_some() || scope(seen).is_some() {
        return None;
    }
    let finding = Finding::problem(Code::Forbidden, Certainty::Certain, "The server does not allow this")
        .seen(format!("It answers 403.{}", said(head)))
        .number("status", 403.0);
    let finding = if seen.target.signs_in {
        finding.mend("whoever the token belongs to needs leave to read this stream")
    } else {
        finding.mend("give the stream a token; or the server refuses by address, by Origin or as a bot")
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
    let evidence = match &scope {
        Some(scope) => format!("It answers {} and wants the scope \"{scope}\".", head.status),
        None => format!("It answers {} with insufficient_scope, and does not say which.", head.status),
    };
    let paste = scope.map_or_else(|| "scope = \"…\"".to_owned(), |scope| format!("scope = \"{scope}\""));
    let finding = Finding::problem(Code::Scope, Certainty::Certain, "The token lacks a scope")
        .seen(evidence)
        .number("status", f64::from(head.status))
        .paste("ask for a token with this scope; with auth = { kind = \"oauth2\" } the key is", &paste);
    Some(finding)
}

pub(super) fn token_expired(seen: &Observations) -> Option<Finding> {
    let answer = &seen.visits.first()?.answer;
    let past = seen.target.token_ends.filter(|end| *end <= answer.at);
    let head = answer.head.as_ref().ok().filter(|head| matches!(head.status, 401 | 403));
    let challenge = head.map(|head| head.all("www-authenticate").to_ascii_lowercase()).unwrap_or_default();
    let told = challenge.contains("invalid_token") && challenge.contains("expired");
    let finding = |certainty| Finding::problem(Code::TokenExpired, certainty, "The token has expired");
    let finding = match (past, head) {
        (Some(end), Some(head)) => {
            let ago = answer.at.duration_since(end).unsigned_abs();
            finding(Certainty::Certain)
                .seen(format!(
                    "It says of itself that it ended {} ago, and the server answers {}.",
                    span(ago),
                    head.status
                ))
                .time("ago_s", ago)
        }
        (Some(end), None) => {
            let ago = answer.at.duration_since(end).unsigned_abs();
            finding(Certainty::Likely)
                .seen(format!("It says of itself that it ended {} ago; the server has not refused it yet.", span(ago)))
                .time("ago_s", ago)
        }
        (None, Some(head)) if told => {
            finding(Certainty::Certain).seen(format!("The server answers {} and says so.", head.status))
        }
        (None, _) => return None,
    };
    Some(finding.paste(
        "store a new one; and have it renewed by itself",
        "refresh = { url = \"https://…/refresh-token\", token = \"/token\" }",
    ))
}

pub(super) fn token_ends(seen: &Observations) -> Option<Finding> {
    let at = seen.visits.first()?.answer.at;
    let end: Timestamp = seen.target.token_ends.filter(|end| *end > at)?;
    let left = end.duration_since(at).unsigned_abs();
    (left < SOON && !seen.target.renews).then(|| {
        Finding::risk(Code::TokenEnds, Certainty::Certain, "The token ends soon, and nothing renews it")
            .seen(format!("It says of itself that it ends in {}.", span(left)))
            .time("left_s", left)
            .paste("have it renewed", "refresh = { url = \"https://…/refresh-token\", token = \"/token\" }")
    })
}

pub(super) fn token_in_url(seen: &Observations) -> Option<Finding> {
    let names = &seen.target.secret_parameters;
    (!names.is_empty()).then(|| {
        Finding::risk(Code::TokenInUrl, Certainty::Certain, "A token stands in the address")
            .seen(format!("Parameter {}: it is in the log of every server and proxy on the way.", names.join(", ")))
            .number("parameters", count(names.len()))
            .paste("send it as a header, if the server takes that", "auth = { kind = \"bearer\" }")
    })
}

/// A quoted parameter of a challenge (RFC 9110, 11.2).
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let rest = challenge.split(&format!("{name}=\"")).nth(1)?;
    rest.split('"').next().map(str::to_owned).filter(|value| !value.is_empty())
}

/// What a server says of its refusal, where it is short.
fn said(head: &Head) -> String {
    let is_text = head.content_type().is_some_and(|kind| kind.contains("json") || kind == "text/plain");
    let text = crate::transport::one_line(&head.page, 160);
    if is_text && !text.is_empty() { format!(" It says: {text}") } else { String::new() }
}
