//! Redirects, pages, refusals, tokens, headers.

use super::*;

#[test]
fn redirects_that_lead_nowhere_are_found() {
    assert_eq!(found(failed(Why::Loop)), [Code::RedirectLoop]);
    assert_eq!(found(failed(Why::Redirect)), [Code::Redirect]);
}

fn page(status: u16, kind: &str, text: &str) -> impl FnOnce(&mut Observations) {
    let (kind, text) = (kind.to_owned(), text.to_owned());
    move |seen| {
        header("content-type", &kind)(seen);
        with_head(|head| (head.status, head.page) = (status, text))(seen);
        seen.again = None;
    }
}

#[test]
fn a_page_to_sign_in_on_is_told_from_any_other_page() {
    let form = "<form><input type=\"password\"></form>";
    assert_eq!(found(page(200, "text/html", form)), [Code::LoginPage]);
    let turned = |seen: &mut Observations| {
        page(200, "text/html", "<p>hello</p>")(seen);
        seen.visits[0].answer.turns =
            vec![Turn { status: 302, to: "https://example.com/login?next=/events".to_owned(), own: true }];
    };
    assert_eq!(found(turned), [Code::LoginPage]);
    assert_eq!(found(page(200, "text/html", "<p>hello</p>")), [Code::ContentTypeWrong]);
    assert_eq!(found(page(404, "text/html", form)), [Code::NotFound]);
}

#[test]
fn refusals_are_told_apart() {
    let refused = |status, challenge: &'static str| {
        move |seen: &mut Observations| {
            page(status, "application/json", "{}")(seen);
            header("www-authenticate", challenge)(seen);
        }
    };
    assert_eq!(found(refused(401, "Bearer")), [Code::Unauthorized]);
    assert_eq!(found(refused(403, "")), [Code::Forbidden]);
    let scope = first(refused(403, "Bearer error=\"insufficient_scope\", scope=\"alerts:read\""));
    assert_eq!(scope.code, Code::Scope);
    assert!(scope.mends[0].paste.contains("alerts:read"), "{scope:?}");
    let told = "Bearer error=\"invalid_token\", error_description=\"The token expired\"";
    assert_eq!(found(refused(401, told)), [Code::TokenExpired]);
    let past = |seen: &mut Observations| {
        refused(401, "Bearer")(seen);
        seen.target.token_ends = Some(at(-60));
    };
    assert_eq!(found(past), [Code::TokenExpired]);
    for status in [204, 405, 429, 500, 502, 504] {
        assert_eq!(found(page(status, "text/plain", "")), [Code::Status], "{status}");
    }
    assert_eq!(found(page(404, "text/plain", "")), [Code::NotFound]);
}

#[test]
fn a_token_that_ends_soon_matters_only_where_nobody_renews_it() {
    assert_eq!(found(|seen| seen.target.token_ends = Some(at(120))), [Code::TokenEnds]);
    assert_eq!(found(|seen| (seen.target.token_ends, seen.target.renews) = (Some(at(120)), true)), []);
    assert_eq!(found(|seen| seen.target.token_ends = Some(at(-120))), [Code::TokenExpired]);
    assert_eq!(found(|seen| seen.target.secret_parameters = vec!["token".to_owned()]), [Code::TokenInUrl]);
}

#[test]
fn an_answer_that_does_not_say_what_it_is_or_may_be_kept_is_found() {
    assert_eq!(found(page(200, "", "data: 1\n\n")), [Code::ContentTypeMissing]);
    let wrong = first(page(200, "text/plain", "data: 1\n\n"));
    assert_eq!(wrong.code, Code::ContentTypeWrong);
    assert!(wrong.evidence.english.contains("look like events"), "{wrong:?}");
    assert_eq!(found(header("content-encoding", "gzip")), [Code::Compressed]);
    for (name, value) in
        [("cache-control", "public, max-age=60"), ("cache-control", "max-age=5"), ("age", "3"), ("x-cache", "HIT")]
    {
        assert_eq!(found(header(name, value)), [Code::Cacheable], "{name} {value}");
    }
}
