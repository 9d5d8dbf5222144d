//! Redirects, as the Fetch Standard's HTTP-redirect fetch has them, but for what goes to another origin.

use reqwest::header::LOCATION;
use reqwest::{Method, Response, StatusCode, Url};

use super::address::{parse, refuse_plaintext, same_origin};
use super::request::Hop;
use crate::auth::Credentials;
use crate::config::{Redirects, StreamConfig};
use crate::connection::Refusal;
use crate::glob::Glob;
use crate::locale::Text;
use crate::text;

/// Redirects that are followed at most.
pub(super) const MOST: usize = 10;

/// More than that.
pub(super) fn too_many() -> Text {
    text!("the server redirects more than {MOST} times", "服务器重定向超过 {MOST} 次")
}

/// Whether a status is a redirect that is followed.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads, where a stream's request may go there.
///
/// # Errors
/// [`Refusal::Redirect`], and [`Refusal::BadUrl`] where credentials would go there in the clear. The Location is never
/// quoted: it may hold a secret.
pub(super) fn follow(
    from: &Hop,
    response: &Response,
    config: &StreamConfig,
    credentials: &Credentials,
) -> Result<Hop, Refusal> {
    let location = response.headers().get(LOCATION).map(|value| value.as_bytes());
    let to = next(from, response.status(), location, &config.redirects)?;
    may_go(&from.url, &to, config, credentials)?;
    Ok(to)
}

/// Whether what is the stream's may go along.
fn may_go(from: &Url, to: &Hop, config: &StreamConfig, credentials: &Credentials) -> Result<(), Refusal> {
    if !config.pin_sha256.is_empty() && !same_origin(from, &to.url) {
        // Whoever names one certificate means one server.
        return Err(Refusal::Redirect(text!(
            "the server redirects to another origin, which is not followed with pin_sha256",
            "服务器重定向到另一个源；设置了 pin_sha256 时不会跟随"
        )));
    }
    if !to.own {
        return Ok(());
    }
    // Only the stream's own server is at the other end of its socket.
    let local = config.unix_socket.is_some() && same_origin(&parse(&config.url)?, &to.url);
    refuse_plaintext(&to.url, config.insecure || local, credentials)
}

fn next(from: &Hop, status: StatusCode, location: Option<&[u8]>, policy: &Redirects) -> Result<Hop, Refusal> {
    let number = status.as_u16();
    let refuse = |why: Text| {
        Err(Refusal::Redirect(text!("the server redirects ({number}) {why}", "服务器重定向（{number}）{why}", why)))
    };
    let Some(location) = location else { return refuse(text!("without a Location", "但没有给出 Location")) };
    let location = String::from_utf8_lossy(location);
    if location.trim().is_empty() {
        return refuse(text!("to an empty Location", "但 Location 是空的"));
    }
    let Ok(mut url) = from.url.join(&location) else {
        return refuse(text!("to an address that cannot be used", "到无法使用的地址"));
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refuse(text!("to an address that is neither http nor https", "到既非 http 也非 https 的地址"));
    }
    if from.url.scheme() == "https" && url.scheme() == "http" {
        return refuse(text!("from https to http, which is not followed", "从 https 到 http，不会跟随"));
    }
    let same = same_origin(&from.url, &url);
    if !same && *policy == Redirects::SameOrigin {
        return refuse(text!(
            "to another origin, which redirects = \"same-origin\" forbids",
            "到另一个源，而 redirects = \"same-origin\" 不允许"
        ));
    }
    let own = from.own && (same || is_trusted(&from.url, &url, policy));
    carry_user(&from.url, &mut url, own);
    let to_get = match status.as_u16() {
        303 => !matches!(from.method, Method::GET | Method::HEAD),
        301 | 302 => from.method == Method::POST,
        _ => false,
    };
    let method = if to_get { Method::GET } else { from.method.clone() };
    Ok(Hop { url, own, method, with_body: from.with_body && !to_get })
}

/// Whether what is the stream's may go there, though it is another origin.
fn is_trusted(from: &Url, to: &Url, policy: &Redirects) -> bool {
    let Redirects::Trust(hosts) = policy else { return false };
    let host = to.host_str().unwrap_or_default();
    let matches = |pattern: &String| Glob::new(pattern).is_ok_and(|glob| glob.is_match(host));
    from.scheme() == to.scheme() && hosts.iter().any(matches)
}

/// User and password of the address are the stream's credentials, too; those of a Location are nobody's.
pub(super) fn carry_user(from: &Url, to: &mut Url, own: bool) {
    let (user, password) = if own { (from.username(), from.password()) } else { ("", None) };
    // Neither can fail: the address has a host.
    let _ = to.set_username(user);
    let _ = to.set_password(password);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::parse_fingerprint;

    fn hop(url: &str) -> Hop {
        Hop { url: Url::parse(url).unwrap(), own: true, method: Method::GET, with_body: true }
    }

    fn go(from: &Hop, status: u16, location: &str) -> Result<Hop, Refusal> {
        next(from, StatusCode::from_u16(status).unwrap(), Some(location.as_bytes()), &Redirects::Follow)
    }

    #[test]
    fn a_relative_location_stays_within_the_origin() {
        let next = go(&hop("http://a:1/x/y?z"), 302, "../w").unwrap();
        assert_eq!((next.url.as_str(), next.own), ("http://a:1/w", true));
    }

    #[test]
    fn another_host_scheme_or_port_is_another_origin_for_good() {
        for location in ["http://b:1/", "http://a:2/", "https://a:1/"] {
            let away = go(&hop("http://a:1/"), 307, location).unwrap();
            assert!(!away.own, "{location}");
        }
        let back = go(&go(&hop("https://a/"), 307, "https://b/").unwrap(), 307, "https://a/").unwrap();
        assert!(!back.own);
    }

    #[test]
    fn only_one_origin_is_followed_where_the_stream_says_so() {
        let refused = next(&hop("http://a/"), StatusCode::FOUND, Some(b"http://b/"), &Redirects::SameOrigin);
        assert!(matches!(refused, Err(Refusal::Redirect(_))));
    }

    #[test]
    fn to_a_host_that_is_trusted_everything_goes_along_but_not_to_another_scheme() {
        let trust = Redirects::Trust(vec!["*.example.com".to_owned()]);
        for (location, own) in [
            ("https://s-1.example.com/x", true),
            ("https://a.s-1.example.com:444/", true),
            ("https://example.com/", false),
            ("https://s-1.example.com.evil.test/", false),
            ("https://evil.test/s-1.example.com", false),
        ] {
            let next =
                next(&hop("https://db.test/x"), StatusCode::TEMPORARY_REDIRECT, Some(location.as_bytes()), &trust);
            assert_eq!(next.unwrap().own, own, "{location}");
        }
        let mut away = hop("http://db.test/x");
        let up = next(&away, StatusCode::TEMPORARY_REDIRECT, Some(b"https://s-1.example.com/"), &trust);
        assert!(!up.unwrap().own);
        away.own = false;
        let back = next(&away, StatusCode::TEMPORARY_REDIRECT, Some(b"http://s-1.example.com/"), &trust);
        assert!(!back.unwrap().own, "what was led elsewhere once is nobody's");
    }

    #[test]
    fn no_trust_sends_credentials_in_the_clear_or_past_a_pin() {
        let trust = Redirects::Trust(vec!["*.example.com".to_owned()]);
        let go = |url: &str, change: &dyn Fn(&mut StreamConfig)| {
            let mut config = StreamConfig { redirects: trust.clone(), ..StreamConfig::new("s", url) };
            change(&mut config);
            let scheme = url.split(':').next().unwrap();
            let location = format!("{scheme}://s-1.example.com/");
            let to = next(&hop(url), StatusCode::TEMPORARY_REDIRECT, Some(location.as_bytes()), &config.redirects);
            let to = to.unwrap();
            assert!(to.own);
            may_go(&hop(url).url, &to, &config, &Credentials::default())
        };
        assert!(matches!(go("http://u:p@localhost/", &|_| {}), Err(Refusal::BadUrl(_))));
        let socket = |config: &mut StreamConfig| config.unix_socket = Some("/run/x.sock".into());
        assert!(matches!(go("http://u:p@localhost/", &socket), Err(Refusal::BadUrl(_))), "it leaves the socket");
        assert_eq!(go("http://u:p@localhost/", &|config| config.insecure = true), Ok(()));
        assert_eq!(go("https://u:p@a.test/", &|_| {}), Ok(()));
        let pin = parse_fingerprint(&"ab".repeat(32)).unwrap();
        let pinned = |config: &mut StreamConfig| config.pin_sha256 = vec![pin];
        assert!(matches!(go("https://u:p@a.test/", &pinned), Err(Refusal::Redirect(_))));
    }

    #[test]
    fn a_location_that_is_missing_empty_or_of_another_kind_is_an_error() {
        assert!(matches!(
            next(&hop("http://a/"), StatusCode::FOUND, None, &Redirects::Follow),
            Err(Refusal::Redirect(message)) if message.english == "the server redirects (302) without a Location"
        ));
        for location in ["", "  ", "ftp://a/", "http://", "data:text/event-stream,data:x"] {
            assert!(matches!(go(&hop("http://a/"), 301, location), Err(Refusal::Redirect(_))), "{location:?}");
        }
    }

    #[test]
    fn https_to_http_is_never_followed() {
        assert!(matches!(go(&hop("https://a/"), 308, "http://a/"), Err(Refusal::Redirect(_))));
    }

    #[test]
    fn the_method_changes_as_in_a_browser() {
        for (method, status, after) in [
            (Method::POST, 301, Method::GET),
            (Method::POST, 302, Method::GET),
            (Method::POST, 303, Method::GET),
            (Method::POST, 307, Method::POST),
            (Method::POST, 308, Method::POST),
            (Method::PUT, 302, Method::PUT),
            (Method::PUT, 303, Method::GET),
            (Method::HEAD, 303, Method::HEAD),
        ] {
            let from = Hop { method: method.clone(), ..hop("http://a/") };
            let next = go(&from, status, "/b").unwrap();
            assert_eq!((next.method.clone(), next.with_body), (after, next.method == method), "{method} {status}");
        }
    }

    #[test]
    fn user_and_password_stay_within_the_origin_and_none_is_taken_from_a_location() {
        assert_eq!(go(&hop("http://u:p@a/"), 302, "/b").unwrap().url.as_str(), "http://u:p@a/b");
        assert_eq!(go(&hop("http://u:p@a/"), 302, "http://x:y@b/").unwrap().url.as_str(), "http://b/");
    }
}
