//! Addresses: which can be used, which are the same origin, and how they are shown.

use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

use crate::auth::Credentials;
use crate::config::Auth;
use crate::connection::Refusal;
use crate::locale::Text;
use crate::text;

/// Parameters that hold a secret by their name, whoever put them there.
const TELLING: [&str; 8] =
    ["token", "access_token", "api_key", "apikey", "auth", "password", "secret", "authorization"];

/// What the parser says of a text that is no address; it is told apart only by its words.
const NO_ADDRESS: [(&str, &str); 7] = [
    ("empty host", "没有主机名"),
    ("invalid international domain name", "国际化域名无效"),
    ("invalid port number", "端口号无效"),
    ("invalid IPv4 address", "IPv4 地址无效"),
    ("invalid IPv6 address", "IPv6 地址无效"),
    ("invalid domain character", "域名中有无效的字符"),
    ("relative URL without a base", "它不完整，例如没有 https://"),
];

/// Why a text is no address.
pub(crate) fn no_address(error: &impl ToString) -> Text {
    let english = error.to_string();
    NO_ADDRESS.into_iter().find(|(known, _)| *known == english).map_or_else(|| Text::plain(english), Text::of)
}

/// Parses an address.
///
/// # Errors
/// [`Refusal::BadUrl`] where it cannot be parsed or is neither http nor https. It is not quoted: it may hold a secret.
pub(crate) fn parse(text: &str) -> Result<Url, Refusal> {
    let unusable = |error: <Url as FromStr>::Err| {
        let why = no_address(&error);
        Refusal::BadUrl(text!("the address cannot be used: {why}", "地址无法使用：{why}", why))
    };
    let url = Url::parse(text).map_err(unusable)?;
    if !matches!(url.scheme(), "http" | "https") {
        let scheme = url.scheme();
        return Err(Refusal::BadUrl(text!(
            "the address begins with {scheme}:, not with http: or https:",
            "地址以 {scheme}: 开头，而不是 http: 或 https:"
        )));
    }
    Ok(url)
}

/// The host that an http or https address leads to, with a port that is not the usual one; in ASCII, so that none looks
/// like another. `None` where it is no such address.
pub fn host(address: &str) -> Option<String> {
    let url = parse(address).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// A configured address as people may see it: without user, password and parameters that hold a secret by their name.
/// What [`Auth::Query`] adds is not in it.
pub fn redacted(url: &str) -> String {
    match Url::parse(url) {
        Ok(url) => hidden(&url, None, &|_| false),
        Err(_) => "(an address that cannot be used)".to_owned(),
    }
}

/// An address of an answer as people may see it. `own` tells whether the credentials went there.
pub(super) fn shown_to(url: &Url, credentials: &Credentials, own: bool) -> String {
    let named = if own { secret_parameter(credentials.auth()) } else { None };
    credentials.mask(&hidden(url, named, &|value| credentials.holds(value)))
}

/// What is a secret by its place in an address: the password, as it stands and decoded, and parameters by their name.
pub(crate) fn telling_parts(url: &Url) -> Vec<String> {
    let password = url.password().into_iter();
    let password = password.flat_map(|password| [password.to_owned(), decoded(&password.replace('+', "%2B")).0]);
    let parameters = pieces(url).map(decoded).filter(|(name, _)| is_telling(name)).map(|(_, value)| value);
    password.chain(parameters).collect()
}

/// Refuses to send credentials over plain http to another machine.
///
/// # Errors
/// [`Refusal::BadUrl`], with what to do.
pub(crate) fn refuse_plaintext(url: &Url, insecure: bool, credentials: &Credentials) -> Result<(), Refusal> {
    let secret = !credentials.is_empty() || !url.username().is_empty() || url.password().is_some();
    if secret { refuse_in_the_clear(url, insecure) } else { Ok(()) }
}

/// The same where what goes there, or what comes back, is secret whatever it is.
///
/// # Errors
/// As [`refuse_plaintext`].
pub(crate) fn refuse_in_the_clear(url: &Url, insecure: bool) -> Result<(), Refusal> {
    if url.scheme() == "http" && !is_loopback(url) && !insecure {
        return Err(Refusal::BadUrl(text!(
            "credentials are not sent over plain http to another machine: use https, or allow it with insecure = true",
            "凭据不会以明文 http 发往其他机器：请改用 https，或用 insecure = true 允许"
        )));
    }
    Ok(())
}

/// Whether an address is this machine, by its name alone.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.ends_with(".localhost") || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Whether two addresses are of one origin (HTML Standard, 7.1.1).
pub(crate) fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// Whether two addresses are the same place: origin and path. User, parameters and a slash at the end may differ.
pub fn same_place(one: &str, other: &str) -> bool {
    let place = |text: &str| parse(text).ok().map(|url| (url.origin(), url.path().trim_end_matches('/').to_owned()));
    place(one).is_some_and(|one| place(other) == Some(one))
}

/// Scheme, host and port alone: no user, path or query.
pub(crate) fn origin(url: &Url) -> Url {
    let mut url = url.clone();
    // Neither can fail: the address has a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_path("/");
    url.set_query(None);
    url
}

/// Host and port.
pub(super) fn authority(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

/// Sets a query parameter to one value; the others stay as they are, byte for byte.
pub(crate) fn set_parameter(url: &mut Url, name: &str, value: &str) {
    let others: Vec<&str> = pieces(url).filter(|piece| decoded(piece).0 != name).collect();
    let others = others.join("&");
    url.set_query((!others.is_empty()).then_some(&others));
    url.query_pairs_mut().append_pair(name, value);
}

fn secret_parameter(auth: &Auth) -> Option<&str> {
    match auth {
        Auth::Query { name, .. } => Some(name),
        Auth::None
        | Auth::Bearer { .. }
        | Auth::Basic { .. }
        | Auth::Header { .. }
        | Auth::Cookie { .. }
        | Auth::OAuth2(_) => None,
    }
}

fn hidden(url: &Url, secret: Option<&str>, is_secret: &dyn Fn(&str) -> bool) -> String {
    let mut url = url.clone();
    if !url.username().is_empty() || url.password().is_some() {
        // Neither can fail: the address has a host.
        let _ = url.set_username("***");
        let _ = url.set_password(None);
    }
    let Some(query) = url.query() else { return url.into() };
    let hide = |piece: &str| {
        let (name, value) = decoded(piece);
        if secret == Some(name.as_str()) || is_telling(&name) || is_secret(&value) {
            let name = piece.split('=').next().unwrap_or_default();
            format!("{name}=***")
        } else {
            piece.to_owned()
        }
    };
    let query = query.split('&').map(hide).collect::<Vec<_>>().join("&");
    url.set_query(Some(&query));
    url.into()
}

/// Whether a parameter holds a secret by its name.
pub(crate) fn is_telling(name: &str) -> bool {
    TELLING.iter().any(|telling| name.eq_ignore_ascii_case(telling))
}

fn pieces(url: &Url) -> impl Iterator<Item = &str> {
    url.query().unwrap_or_default().split('&').filter(|piece| !piece.is_empty())
}

/// A parameter's name and value, decoded.
fn decoded(piece: &str) -> (String, String) {
    let mut url = NOWHERE.clone();
    url.set_query(Some(piece));
    url.query_pairs().next().map(|(name, value)| (name.into_owned(), value.into_owned())).unwrap_or_default()
}

static NOWHERE: std::sync::LazyLock<Url> = std::sync::LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant")]
    Url::parse("http://localhost").expect("an address")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_said_in_each_language() {
        for text in ["https://", "https://h:99999/", "https://[1/", "https://1.2.3.4.5/", "https://a b/", "h/a"] {
            let Err(Refusal::BadUrl(said)) = parse(text) else { panic!("{text}") };
            assert!(said.is_in_chinese() && !said.chinese.contains("invalid"), "{text}: {said:?}");
        }
    }

    #[test]
    fn a_place_is_known_however_its_address_is_written() {
        for other in ["HTTPS://h:443/a", "https://ann:pw@H/a/", "https://h/a?token=x#y"] {
            assert!(same_place("https://h/a", other), "{other}");
        }
        for other in ["http://h/a", "https://h/a/b", "https://h:444/a", "https://g/a", "h/a"] {
            assert!(!same_place("https://h/a", other), "{other}");
        }
    }

    #[test]
    fn secrets_in_an_address_are_hidden_and_the_rest_stays_byte_for_byte() {
        assert_eq!(redacted("http://a.b/c?x=%20%31&Token=s3cret&y"), "http://a.b/c?x=%20%31&Token=***&y");
        assert_eq!(redacted("http://u:p@a.b/c"), "http://***@a.b/c");
        assert_eq!(redacted("not an address s3cret"), "(an address that cannot be used)");
        let url = Url::parse("http://a.b/c?k=s3cret&z=other").unwrap_or_else(|_| NOWHERE.clone());
        assert_eq!(hidden(&url, Some("k"), &|value| value == "other"), "http://a.b/c?k=***&z=***");
    }

    #[test]
    fn a_parameter_is_set_once() {
        let mut url = Url::parse("http://a/?a=1&after=x&b=%41").unwrap_or_else(|_| NOWHERE.clone());
        set_parameter(&mut url, "after", "ä &");
        assert_eq!(url.as_str(), "http://a/?a=1&b=%41&after=%C3%A4+%26");
    }

    #[test]
    fn only_http_and_https_can_be_used() {
        for bad in ["", "a.b/c", "ftp://a/b", "http://", "file:///etc"] {
            assert!(matches!(parse(bad), Err(Refusal::BadUrl(_))), "{bad}");
        }
        assert!(parse("HTTPS://a").is_ok());
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for (url, yes) in [
            ("http://localhost", true),
            ("http://demo.localhost:1", true),
            ("http://127.8.8.8", true),
            ("http://[::1]:80", true),
            ("http://localhost.evil.example", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(parse(url).is_ok_and(|url| is_loopback(&url)), yes, "{url}");
        }
    }
}
