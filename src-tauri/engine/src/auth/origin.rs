//! Where a stream's secrets go, and that they do not follow it to another server.

use std::path::Path;

use reqwest::Url;

use super::{Typed, accounts, device_settings, header_names, parts};
use crate::config::{Fingerprint, SecretSource, StreamConfig};
use crate::locale::Text;
use crate::secrets::Part;
use crate::text;
use crate::transport::same_origin;

/// Why stored secrets may not be sent to the addresses that a stream gets: one is another server's.
///
/// # Errors
/// With what to do; those that were typed may go there.
pub fn check_origin(old: &StreamConfig, new: &StreamConfig, typed: &Typed) -> Result<(), Text> {
    let stays = !is_main_moved(old, new);
    let elsewhere = elsewhere(old, new);
    // What a sign-in brought is forgotten instead, see below.
    if new.auth.secret() == Some(&SecretSource::Keyring)
        && !typed.has(Part::Main)
        && !stays
        && device_settings(new).is_none()
    {
        return Err(text!("{elsewhere}: type its token again", "{elsewhere}：请重新输入令牌", elsewhere));
    }
    let is_told = |source: &SecretSource| matches!(source, SecretSource::Command(_));
    let mut sent = new.secret_sources().filter(|source| Some(*source) != new.client_cert_password.as_ref());
    if !stays && sent.any(|source| is_told(source) && old.secret_sources().any(|known| known == source)) {
        return Err(text!(
            "{elsewhere}, and what a program tells would go there: change it in the configuration file",
            "{elsewhere}，程序给出的密钥会被发到那里：请在配置文件里修改",
            elsewhere
        ));
    }
    let refuse = |what: Text| {
        let elsewhere = &elsewhere;
        Err(text!(
            "{elsewhere}, and {what} would go there: type it again",
            "{elsewhere}，{what}会被发到那里：请重新输入",
            elsewhere,
            what
        ))
    };
    if (moved(&[&old.url], &[&new.url]) || is_led_elsewhere(old, new))
        && let Some(header) = header_names(new).find(|header| !typed.has(Part::Header(header)))
    {
        return refuse(text!("the secret header {header}", "保密的请求头 {header} "));
    }
    if (moved(&client_goes_to(old), &client_goes_to(new)) || is_overheard(old, new))
        && !typed.has(Part::ClientSecret)
        && parts(new).any(|part| part == Part::ClientSecret)
    {
        return refuse(text!("the client's secret", "客户端的密钥"));
    }
    Ok(())
}

/// What of a stream's new way is another's, where something is.
fn elsewhere(old: &StreamConfig, new: &StreamConfig) -> Text {
    let is_moved = moved(&main_goes_to(old), &main_goes_to(new)) || moved(&client_goes_to(old), &client_goes_to(new));
    match overhearing_proxy(new).filter(|_| is_overheard(old, new) && !is_moved) {
        Some(proxy) => text!("the proxy {proxy} could read what is sent", "代理 {proxy} 能读到发送的内容"),
        None if old.unix_socket != new.unix_socket && !is_moved => {
            text!("who listens on the socket is another server", "套接字另一端是另一台服务器")
        }
        None => text!("the address is another server's", "地址属于另一台服务器"),
    }
}

/// Whether what a sign-in brought must be forgotten, since it would go to another server.
pub(crate) fn must_sign_in_again(old: &StreamConfig, new: &StreamConfig) -> bool {
    device_settings(new).is_some() && is_main_moved(old, new)
}

/// Whether the main secret, or what is got for it, would go to another server. What is for an authorization server is
/// not for the stream's own.
fn is_main_moved(old: &StreamConfig, new: &StreamConfig) -> bool {
    moved(&main_goes_to(old), &main_goes_to(new))
        || moved(&client_goes_to(old), &client_goes_to(new))
        || is_led_elsewhere(old, new)
}

/// What the vault holds for a stream that is still of use for what becomes of it: each account by its old name and its
/// new one.
pub(crate) fn kept_accounts(old: &StreamConfig, new: &StreamConfig) -> Vec<(String, String)> {
    let used = accounts(old);
    let before = StreamConfig { name: old.name.clone(), ..new.clone() };
    accounts(&before).into_iter().zip(accounts(new)).filter(|(before, _)| used.contains(before)).collect()
}

/// Whether the stream's address is another server's though it reads the same: who listens on a socket, or reads along in
/// a proxy, is not known by it.
fn is_led_elsewhere(old: &StreamConfig, new: &StreamConfig) -> bool {
    old.unix_socket != new.unix_socket || is_overheard(old, new)
}

/// Whether a proxy sees secrets that did not before.
fn is_overheard(old: &StreamConfig, new: &StreamConfig) -> bool {
    let listener = listener(new);
    listener.is_some() && listener != self::listener(old)
}

/// The proxy that sees what a stream sends, if one does.
pub(crate) fn overhearing_proxy(stream: &StreamConfig) -> Option<&str> {
    listener(stream).map(|(proxy, ..)| proxy)
}

/// The proxy that sees what is sent, and what lets it: an address without TLS, or certificates that may be its own.
fn listener(stream: &StreamConfig) -> Option<(&str, bool, Option<&Path>, &[Fingerprint])> {
    let proxy = stream.proxy.as_deref()?;
    let is_plain = |url: &&str| Url::parse(url).is_ok_and(|url| url.scheme() == "http");
    let (ca_cert, pins) = (stream.ca_cert.as_deref(), stream.pin_sha256.as_slice());
    let has_own_trust = stream.insecure || ca_cert.is_some() || !pins.is_empty();
    let sees = has_own_trust || main_goes_to(stream).iter().any(is_plain);
    sees.then_some((proxy, stream.insecure, ca_cert, pins))
}

/// Where the main secret goes, or what is got for it.
pub(crate) fn main_goes_to(stream: &StreamConfig) -> Vec<&str> {
    let refresh = stream.refresh.iter().map(|refresh| refresh.url.as_str());
    [stream.url.as_str()].into_iter().chain(refresh).chain(client_goes_to(stream)).collect()
}

/// The addresses of the authorization server.
pub(crate) fn client_goes_to(stream: &StreamConfig) -> Vec<&str> {
    let token_url = stream.auth.oauth2().map(|oauth2| oauth2.token_url.as_str());
    token_url.into_iter().chain(device_settings(stream).map(|(_, url)| url)).collect()
}

/// Whether one of the new addresses is of an origin that none of the old ones has.
fn moved(old: &[&str], new: &[&str]) -> bool {
    let known = |new: &Url| old.iter().any(|old| Url::parse(old).is_ok_and(|old| same_origin(&old, new)));
    !new.iter().all(|new| Url::parse(new).is_ok_and(|new| known(&new)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Auth, Grant, Header, HeaderValue, OAuth2, Refresh};

    fn typed() -> Typed {
        Typed::from(Some("new".into()))
    }

    fn bearer(url: &str, refresh: Option<&str>) -> StreamConfig {
        StreamConfig {
            auth: Auth::Bearer { secret: SecretSource::Keyring },
            refresh: refresh.map(|url| Refresh { url: url.to_owned(), token: "/token".to_owned() }),
            ..StreamConfig::new("a", url)
        }
    }

    fn oauth2(token_url: &str, grant: Grant) -> StreamConfig {
        let settings = OAuth2 {
            grant,
            token_url: token_url.to_owned(),
            client_id: "me".to_owned(),
            secret: SecretSource::Keyring,
            client_secret: Some(SecretSource::Keyring),
            client_auth: crate::config::ClientAuth::Basic,
            scope: None,
            audience: None,
        };
        StreamConfig { auth: Auth::OAuth2(Box::new(settings)), ..StreamConfig::new("a", "https://a/") }
    }

    #[test]
    fn a_token_goes_to_another_server_only_where_it_was_typed_for_it() {
        let old = bearer("https://a/x", None);
        for (new, goes) in [
            (bearer("https://a/y", None), true),
            (bearer("https://b/x", None), false),
            (bearer("http://a/x", None), false),
            (bearer("https://a/x", Some("https://a/refresh")), true),
            (bearer("https://a/x", Some("https://b/refresh")), false),
        ] {
            assert_eq!(check_origin(&old, &new, &Typed::default()).is_ok(), goes, "{new:?}");
            assert!(check_origin(&old, &new, &typed()).is_ok());
        }
        let known = bearer("https://a/x", Some("https://b/refresh"));
        assert!(check_origin(&known, &bearer("https://a/x", Some("https://b/other")), &Typed::default()).is_ok());
        assert!(check_origin(&known, &bearer("https://a/x", Some("https://c/refresh")), &Typed::default()).is_err());
    }

    #[test]
    fn what_a_program_tells_goes_to_another_server_only_by_the_file() {
        let told = |url: &str, word: &str| StreamConfig {
            auth: Auth::Bearer { secret: SecretSource::Command(vec![word.to_owned()]) },
            ..StreamConfig::new("a", url)
        };
        for typed in [Typed::default(), typed()] {
            assert!(check_origin(&told("https://a/x", "pass"), &told("https://a/y", "pass"), &typed).is_ok());
            assert!(check_origin(&told("https://a/x", "pass"), &told("https://b/x", "pass"), &typed).is_err());
            let other = check_origin(&told("https://a/x", "pass"), &told("https://b/x", "other"), &typed);
            assert!(other.is_ok(), "where a page may name one, it is named for that address");
        }
        let with_cert = |url: &str| StreamConfig {
            client_cert_password: Some(SecretSource::Command(vec!["pass".to_owned()])),
            ..StreamConfig::new("a", url)
        };
        assert!(check_origin(&with_cert("https://a/"), &with_cert("https://b/"), &Typed::default()).is_ok());
    }

    #[test]
    fn no_secret_follows_an_address_to_another_socket() {
        let header = Header { name: "X".to_owned(), value: HeaderValue::Secret(SecretSource::Keyring) };
        let at =
            |socket: Option<&str>| StreamConfig { unix_socket: socket.map(Into::into), ..bearer("http://a/", None) };
        for (old, new, goes) in [
            (None, Some("/tmp/x"), false),
            (Some("/run/a"), Some("/tmp/x"), false),
            (Some("/run/a"), None, false),
            (Some("/run/a"), Some("/run/a"), true),
        ] {
            let (old, new) = (at(old), at(new));
            assert_eq!(check_origin(&old, &new, &Typed::default()).is_ok(), goes, "{new:?}");
            assert!(check_origin(&old, &new, &typed()).is_ok());
            let with = |stream: StreamConfig| StreamConfig { headers: vec![header.clone()], ..stream };
            assert_eq!(check_origin(&with(old), &with(new), &typed()).is_ok(), goes);
        }
    }

    #[test]
    fn no_secret_goes_through_a_new_proxy_that_could_read_it() {
        let through = |url: &str, proxy: Option<&str>, insecure: bool| StreamConfig {
            proxy: proxy.map(str::to_owned),
            insecure,
            ..bearer(url, None)
        };
        let (evil, ours) = (Some("http://evil:1"), Some("http://ours:1"));
        for (old, new, goes) in [
            (through("https://a/", None, false), through("https://a/", evil, false), true),
            (through("https://a/", evil, false), through("https://a/", evil, true), false),
            (through("http://a/", None, false), through("http://a/", evil, false), false),
            (through("http://a/", ours, false), through("http://a/", evil, false), false),
            (through("http://a/", ours, false), through("http://a/x", ours, false), true),
            (through("http://a/", ours, false), through("http://a/", None, false), true),
        ] {
            assert_eq!(check_origin(&old, &new, &Typed::default()).is_ok(), goes, "{new:?}");
            assert!(check_origin(&old, &new, &typed()).is_ok());
        }
        let refusal = |old, new| check_origin(&old, &new, &Typed::default()).err().unwrap_or_default();
        let listened = refusal(through("http://a/", None, false), through("http://a/", evil, false));
        assert_eq!(listened.english, "the proxy http://evil:1 could read what is sent: type its token again");
        assert_eq!(listened.chinese, "代理 http://evil:1 能读到发送的内容：请重新输入令牌");
        let moved = refusal(through("http://a/", None, false), through("http://b/", evil, false));
        assert!(moved.english.starts_with("the address is another server's: "), "{moved}");
        let (plain, mut listened) =
            (oauth2("http://id/t", Grant::RefreshToken), oauth2("http://id/t", Grant::RefreshToken));
        listened.proxy = evil.map(str::to_owned);
        assert!(check_origin(&plain, &listened, &typed()).is_err(), "the client's secret was not typed");
    }

    #[test]
    fn a_secret_header_and_a_clients_secret_follow_only_where_they_themselves_were_typed() {
        let header = Header { name: "X".to_owned(), value: HeaderValue::Secret(SecretSource::Keyring) };
        let with = |url: &str| StreamConfig { headers: vec![header.clone()], ..StreamConfig::new("a", url) };
        assert!(check_origin(&with("https://a/"), &with("https://b/"), &typed()).is_err());
        let header = Typed { headers: vec![("X".to_owned(), "new".into())], ..Typed::default() };
        assert!(check_origin(&with("https://a/"), &with("https://b/"), &header).is_ok());
        let (old, new) = (oauth2("https://id/t", Grant::RefreshToken), oauth2("https://evil/t", Grant::RefreshToken));
        assert!(check_origin(&old, &new, &typed()).is_err());
        let both = Typed { client_secret: Some("new".into()), ..typed() };
        assert!(check_origin(&old, &new, &both).is_ok());
    }

    #[test]
    fn what_is_for_an_authorization_server_does_not_go_to_the_streams_own() {
        let without_client_secret = |mut stream: StreamConfig| {
            if let Auth::OAuth2(settings) = &mut stream.auth {
                settings.client_secret = None;
            }
            stream
        };
        let at = |token_url: &str| without_client_secret(oauth2(token_url, Grant::RefreshToken));
        assert!(check_origin(&at("https://id/t"), &at("https://id/other"), &Typed::default()).is_ok());
        assert!(check_origin(&at("https://id/t"), &at("https://a/t"), &Typed::default()).is_err());
        assert!(check_origin(&at("https://id/t"), &at("https://a/t"), &typed()).is_ok());
        assert!(check_origin(&bearer("https://a/", None), &at("https://a/t"), &Typed::default()).is_err());
    }

    #[test]
    fn a_sign_in_is_forgotten_where_its_token_would_go_elsewhere() {
        let device = |url: &str| Grant::Device { device_url: url.to_owned() };
        let old = oauth2("https://id/t", device("https://id/d"));
        assert!(!must_sign_in_again(&old, &oauth2("https://id/other", device("https://id/d"))));
        assert!(must_sign_in_again(&old, &oauth2("https://evil/t", device("https://id/d"))));
        assert!(!must_sign_in_again(&old, &oauth2("https://evil/t", Grant::RefreshToken)));
    }
}
