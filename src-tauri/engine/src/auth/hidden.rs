//! What a server may repeat and nobody may be told: the forms in which a secret is sent, and what is a secret by the
//! place where a person wrote it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use secrecy::ExposeSecret as _;

use crate::config::{Auth, HeaderValue, StreamConfig};
use crate::secrets::Secret;
use crate::transport::telling_parts;

/// Secrets shorter than this are not looked for in foreign text: they would be found everywhere.
const TELLING: usize = 4;

/// A plain header whose name has one of these in it holds a secret.
const TELLING_NAMES: [&str; 6] = ["auth", "token", "key", "secret", "cookie", "password"];

/// Text with these secrets in it replaced by `***`.
pub(super) fn mask(text: &str, mut secrets: Vec<String>) -> String {
    secrets.retain(|secret| secret.len() >= TELLING);
    // What is part of another would leave the rest of it.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

/// The value of a parameter that carries the secret. In JSON it stays one text, whatever is in it.
pub(super) fn parameter(template: Option<&str>, secret: &str) -> String {
    let Some(template) = template else { return secret.to_owned() };
    if !template.trim_start().starts_with(['{', '[']) || template.starts_with("{secret}") {
        return template.replace("{secret}", secret);
    }
    let quoted = serde_json::Value::from(secret).to_string();
    template.replace("{secret}", quoted.get(1..quoted.len() - 1).unwrap_or_default())
}

/// The forms in which the main secret is sent.
pub(super) fn forms(auth: &Auth, secret: &str) -> Vec<String> {
    let own = secret.trim().to_owned();
    match auth {
        Auth::Basic { user, .. } => vec![own, STANDARD.encode(format!("{user}:{secret}"))],
        Auth::Query { template, .. } => vec![own, encoded(secret), encoded(&parameter(template.as_deref(), secret))],
        Auth::None | Auth::Bearer { .. } | Auth::Header { .. } | Auth::Cookie { .. } | Auth::OAuth2(_) => vec![own],
    }
}

/// What is a secret by its place in a stream's plain headers and its address.
pub(super) fn by_place(config: &StreamConfig) -> Vec<Secret> {
    let mut found = Url::parse(&config.url).map(|url| telling_parts(&url)).unwrap_or_default();
    for header in &config.headers {
        let HeaderValue::Plain(value) = &header.value else { continue };
        let name = header.name.to_ascii_lowercase();
        if name == "cookie" {
            found.extend(value.split(';').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.to_owned()));
        } else if TELLING_NAMES.iter().any(|telling| name.contains(telling)) {
            // After a scheme, if there is one.
            found.extend(value.split_whitespace().last().map(str::to_owned));
        }
    }
    found.into_iter().map(Secret::from).collect()
}

/// Secrets in the clear.
pub(super) fn exposed(secrets: &[Secret]) -> impl Iterator<Item = String> {
    secrets.iter().map(|secret| secret.expose_secret().to_owned())
}

/// A value as it stands in a query.
fn encoded(value: &str) -> String {
    let Ok(mut url) = Url::parse("http://localhost") else { return String::new() };
    url.query_pairs_mut().append_pair("", value);
    url.query().and_then(|query| query.split_once('=')).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Header;

    #[test]
    fn a_secret_is_known_by_the_place_it_stands_in() {
        let mut config = StreamConfig::new("x", "http://ann:p%40ss@localhost/?token=one&x=two");
        for (name, value) in [("Authorization", "Bearer three"), ("Cookie", "a=four; b=five"), ("X-Desk", "six")] {
            let value = HeaderValue::Plain(value.to_owned());
            config.headers.push(Header { name: name.to_owned(), value });
        }
        let found: Vec<_> = exposed(&by_place(&config)).collect();
        assert_eq!(found, ["p%40ss", "p@ss", "one", "three", "four", "five"]);
    }

    #[test]
    fn the_longest_is_masked_first_and_the_shortest_not_at_all() {
        let secrets = ["s3cret", "s3cret-more", "abc"].map(str::to_owned).to_vec();
        assert_eq!(mask("abc s3cret-more s3cret", secrets), "abc *** ***");
    }

    #[test]
    fn a_query_secret_is_also_known_as_it_is_sent() {
        assert_eq!(encoded("a b+c"), "a+b%2Bc");
    }
}
