//! Puts credentials onto a request; refreshes a token, one at a time.

mod access;
mod device;
mod hidden;
mod jwt;
mod missing;
mod oauth2;
mod origin;
mod refresh;
mod typed;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue};
use secrecy::ExposeSecret as _;

use crate::config::{self, Auth, Grant, SecretSource, StreamConfig};
use crate::connection::Refusal;
use crate::secrets::{self, Part, Secret, SecretError, Vault};
use crate::text;
use crate::transport::{legal_name, set_parameter};

pub use access::Access;
pub use device::{Brought, DeviceCode, SignIn, check_still, settings as device_settings};
pub use jwt::{expires_at, refresh_due};
pub use missing::{Remedy, missing};
pub use oauth2::{Granted, grant};
pub use origin::check_origin;
pub(crate) use origin::{client_goes_to, kept_accounts, main_goes_to, must_sign_in_again, overhearing_proxy};
pub use refresh::{Refreshed, refresh};
pub use typed::Typed;

/// A stream's secrets, read when they are needed. Their `Debug` shows nothing.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    auth: Auth,
    secret: Option<Secret>,
    headers: Vec<(String, Secret)>,
    certificate_password: Option<Secret>,
    /// Not sent from here, but not to be told either.
    by_place: Vec<Secret>,
}

/// How a stream gets another secret when the server refuses the one it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// It cannot: a person must.
    None,
    /// From its refresh endpoint, or from its authorization server.
    Fetch,
    /// From where it came: the variable, file or program may say another by now.
    Reread,
}

impl Renewal {
    /// The way of a stream.
    pub fn of(config: &StreamConfig) -> Self {
        if let Auth::OAuth2(_) = config.auth {
            return Self::Fetch;
        }
        match config.auth.secret() {
            None => Self::None,
            Some(SecretSource::Keyring) if config.refresh.is_some() => Self::Fetch,
            Some(SecretSource::Keyring) => Self::None,
            Some(SecretSource::Env(_) | SecretSource::File(_) | SecretSource::Command(_)) => Self::Reread,
        }
    }
}

/// The secrets of a stream that the vault holds: the main one, and those of headers.
pub(crate) fn accounts(config: &StreamConfig) -> Vec<String> {
    let stream = config.name.as_str();
    let main = (config.auth.secret() == Some(&SecretSource::Keyring)).then(|| stream.to_owned());
    main.into_iter().chain(parts(config).map(|part| part.account(stream))).collect()
}

/// The further secrets of a stream that the vault holds, beside the main one.
pub(crate) fn parts(config: &StreamConfig) -> impl Iterator<Item = Part<'_>> {
    let kept = |source: Option<&SecretSource>, part| (source == Some(&SecretSource::Keyring)).then_some(part);
    let oauth2 = config.auth.oauth2();
    let client_secret = oauth2.and_then(|oauth2| kept(oauth2.client_secret.as_ref(), Part::ClientSecret));
    let access_token = oauth2.and_then(|oauth2| match oauth2.grant {
        Grant::Device { .. } => Some(Part::AccessToken),
        Grant::ClientCredentials | Grant::RefreshToken => None,
    });
    let client_cert = kept(config.client_cert_password.as_ref(), Part::ClientCert);
    header_names(config).map(Part::Header).chain(client_secret).chain(access_token).chain(client_cert)
}

/// The headers whose secret the vault holds.
fn header_names(config: &StreamConfig) -> impl Iterator<Item = &str> {
    let kept = |value: &config::HeaderValue| *value == config::HeaderValue::Secret(SecretSource::Keyring);
    config.headers.iter().filter(move |header| kept(&header.value)).map(|header| header.name.as_str())
}

/// Whether connecting may spend a refresh token, which its server may take only once.
pub(crate) fn spends_token(config: &StreamConfig) -> bool {
    matches!(&config.auth, Auth::OAuth2(oauth2) if oauth2.grant != Grant::ClientCredentials)
}

impl Credentials {
    /// Reads a stream's secrets. `newer` stands in for the stored one, where a refresh could not store what it got.
    ///
    /// # Errors
    /// [`Refusal::Secret`] where one waits for a person: it is missing, or the keyring's prompt was closed;
    /// [`Refusal::NoVault`] where it may be had later.
    pub async fn read(config: &StreamConfig, vault: &Vault, newer: Option<&Secret>) -> Result<Self, Refusal> {
        let account = config.name.as_str();
        let secret = match (config.auth.secret(), newer) {
            (None, _) => None,
            (Some(_), Some(newer)) => Some(newer.clone()),
            (Some(source), None) => Some(resolve(source, account, Part::Main, vault).await?),
        };
        let mut headers = Vec::new();
        for header in &config.headers {
            if let config::HeaderValue::Secret(source) = &header.value {
                let part = Part::Header(&header.name);
                let secret = resolve(source, account, part, vault).await?;
                headers.push((header.name.clone(), secret));
            }
        }
        let certificate_password = match &config.client_cert_password {
            Some(source) => Some(resolve(source, account, Part::ClientCert, vault).await?),
            None => None,
        };
        let by_place = hidden::by_place(config);
        Ok(Self { auth: config.auth.clone(), secret, headers, certificate_password, by_place })
    }

    /// What goes to an authorization server; the stream's headers do not.
    async fn of_client(
        config: &StreamConfig,
        secret: Option<Secret>,
        client_secret: Option<&Secret>,
        vault: &Vault,
    ) -> Result<Self, Refusal> {
        let certificate_password = match &config.client_cert_password {
            Some(source) => Some(resolve(source, config.name.as_str(), Part::ClientCert, vault).await?),
            None => None,
        };
        let by_place = client_secret.into_iter().cloned().collect();
        Ok(Self { auth: config.auth.clone(), secret, certificate_password, by_place, ..Self::default() })
    }

    /// A main secret alone.
    pub fn with_secret(config: &StreamConfig, secret: Secret) -> Self {
        Self { auth: config.auth.clone(), secret: Some(secret), ..Self::default() }
    }

    /// How the stream signs in.
    pub fn auth(&self) -> &Auth {
        &self.auth
    }

    /// The main secret.
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// The password of the client certificate's file.
    pub(crate) fn certificate_password(&self) -> Option<&Secret> {
        self.certificate_password.as_ref()
    }

    /// Whether there is nothing to hide from the server.
    pub fn is_empty(&self) -> bool {
        self.secret.is_none() && self.headers.is_empty()
    }

    /// Puts them on a request; headers are marked sensitive.
    pub(crate) fn put_on(&self, url: &mut Url, headers: &mut HeaderMap) -> Result<(), Refusal> {
        for (name, secret) in &self.headers {
            headers.insert(legal_name(name)?, sensitive(secret.expose_secret().to_owned())?);
        }
        let Some(secret) = &self.secret else { return Ok(()) };
        let secret = secret.expose_secret();
        match &self.auth {
            Auth::None => {}
            Auth::Bearer { .. } | Auth::OAuth2(_) => {
                headers.insert(AUTHORIZATION, sensitive(format!("Bearer {}", secret.trim()))?);
            }
            Auth::Basic { user, .. } => {
                let pair = STANDARD.encode(format!("{user}:{secret}"));
                headers.insert(AUTHORIZATION, sensitive(format!("Basic {pair}"))?);
            }
            Auth::Header { name, .. } => {
                headers.insert(legal_name(name)?, sensitive(secret.to_owned())?);
            }
            Auth::Query { name, template, .. } => {
                set_parameter(url, name, &hidden::parameter(template.as_deref(), secret));
            }
            Auth::Cookie { name, .. } => {
                let others = headers.get(COOKIE).map(HeaderValue::as_bytes).unwrap_or_default();
                let mut cookie = String::from_utf8_lossy(others).into_owned();
                if !cookie.is_empty() {
                    cookie.push_str("; ");
                }
                headers.insert(COOKIE, sensitive(format!("{cookie}{name}={secret}"))?);
            }
        }
        Ok(())
    }

    /// Whether a value is one of the secrets.
    pub(crate) fn holds(&self, value: &str) -> bool {
        !value.is_empty() && self.exposed().any(|secret| secret == value)
    }

    /// Text with the secrets in it replaced by `***`.
    pub(crate) fn mask(&self, text: &str) -> String {
        hidden::mask(text, self.forms().collect())
    }

    /// What a server says, also without what is a secret by its place: a token in a plain header, a password in the
    /// address.
    pub(crate) fn mask_foreign(&self, text: &str) -> String {
        hidden::mask(text, self.forms().chain(hidden::exposed(&self.by_place)).collect())
    }

    fn forms(&self) -> impl Iterator<Item = String> {
        let main = self.secret.iter().flat_map(|secret| hidden::forms(&self.auth, secret.expose_secret()));
        main.chain(self.headers.iter().map(|(_, secret)| secret.expose_secret().to_owned()))
    }

    fn exposed(&self) -> impl Iterator<Item = &str> {
        self.secret.iter().chain(self.headers.iter().map(|(_, secret)| secret)).map(|secret| secret.expose_secret())
    }
}

/// Whether two secrets are the same.
pub(crate) fn same(one: &Secret, other: &Secret) -> bool {
    one.expose_secret() == other.expose_secret()
}

/// Reads the stream's main secret, or that of a header. What only a person can mend waits for one; everything else may
/// be a hiccup, and is looked at again.
async fn resolve(source: &SecretSource, stream: &str, part: Part<'_>, vault: &Vault) -> Result<Secret, Refusal> {
    match secrets::resolve(source, &part.account(stream), vault).await {
        Ok(Some(secret)) if !secret.expose_secret().trim().is_empty() => Ok(secret),
        Ok(_) => {
            let cause = text!("no secret is stored", "没有保存密钥");
            Err(Refusal::Secret(missing::secret(&cause, stream, part)))
        }
        Err(error @ SecretError::Locked) => Err(Refusal::Secret(error.text())),
        Err(
            error @ (SecretError::NoKeyring
            | SecretError::TimedOut
            | SecretError::InUse
            | SecretError::Refused(_)
            | SecretError::Env(_)
            | SecretError::File { .. }
            | SecretError::Command { .. }),
        ) => Err(Refusal::NoVault(error.text())),
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn sensitive(value: String) -> Result<HeaderValue, Refusal> {
    let illegal = |_| text!("the secret has a character that no header may carry", "密钥里有请求头不能携带的字符");
    let mut value = HeaderValue::try_from(value).map_err(illegal).map_err(Refusal::Secret)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn put_on(auth: Auth, headers: &mut HeaderMap) -> Url {
        let mut url = Url::parse("http://localhost/s?a=1").unwrap();
        let secret = Some(Secret::from("s3c ret"));
        Credentials { auth, secret, ..Credentials::default() }.put_on(&mut url, headers).unwrap();
        url
    }

    fn keyring() -> SecretSource {
        SecretSource::Keyring
    }

    #[test]
    fn each_kind_puts_the_secret_where_it_belongs_and_marks_it() {
        let x = || "x".to_owned();
        for (auth, name, value) in [
            (Auth::Bearer { secret: keyring() }, "authorization", "Bearer s3c ret"),
            (Auth::Basic { user: x(), secret: keyring() }, "authorization", "Basic eDpzM2MgcmV0"),
            (Auth::Header { name: "X-Key".to_owned(), secret: keyring() }, "x-key", "s3c ret"),
            (Auth::Cookie { name: x(), secret: keyring() }, "cookie", "x=s3c ret"),
        ] {
            let mut headers = HeaderMap::new();
            let url = put_on(auth, &mut headers);
            assert_eq!(url.as_str(), "http://localhost/s?a=1");
            assert_eq!(headers[name], value);
            assert!(headers[name].is_sensitive());
        }
    }

    #[test]
    fn a_query_secret_is_encoded_into_the_address() {
        let auth = Auth::Query { name: "k".to_owned(), template: None, secret: keyring() };
        assert_eq!(put_on(auth, &mut HeaderMap::new()).as_str(), "http://localhost/s?a=1&k=s3c+ret");
        let template = Some(r#"{"token":"{secret}"}"#.to_owned());
        let auth = Auth::Query { name: "k".to_owned(), template, secret: keyring() };
        let url = put_on(auth, &mut HeaderMap::new());
        assert_eq!(url.query_pairs().last().unwrap().1, r#"{"token":"s3c ret"}"#);
    }

    #[test]
    fn a_cookie_joins_those_that_are_there() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=b"));
        put_on(Auth::Cookie { name: "sid".to_owned(), secret: keyring() }, &mut headers);
        assert_eq!(headers[COOKIE], "a=b; sid=s3c ret");
    }

    #[test]
    fn a_secret_that_no_header_may_carry_is_refused_without_being_quoted() {
        let mut config = StreamConfig::new("x", "http://localhost");
        config.auth = Auth::Bearer { secret: keyring() };
        let credentials = Credentials::with_secret(&config, Secret::from("s3c\nret"));
        let refused = credentials.put_on(&mut Url::parse(&config.url).unwrap(), &mut HeaderMap::new());
        assert!(matches!(refused, Err(Refusal::Secret(message)) if !message.english.contains("s3c")));
    }

    #[test]
    fn foreign_text_is_masked_and_debug_shows_nothing() {
        let credentials = Credentials { secret: Some(Secret::from("s3cret")), ..Credentials::default() };
        assert_eq!(credentials.mask("token s3cret refused"), "token *** refused");
        assert!(!format!("{credentials:?}").contains("s3cret"));
    }

    #[tokio::test]
    async fn a_missing_secret_says_what_to_do() {
        let mut config = StreamConfig::new("my stream", "http://localhost");
        config.auth = Auth::Bearer { secret: keyring() };
        let refused = Credentials::read(&config, &Vault::memory(), None).await;
        assert!(matches!(refused, Err(Refusal::Secret(m)) if m.english.ends_with("streambell token set 'my stream'")));

        config.auth = Auth::None;
        let value = config::HeaderValue::Secret(keyring());
        config.headers.push(config::Header { name: "X-Key".to_owned(), value });
        let refused = Credentials::read(&config, &Vault::memory(), None).await;
        let mend = "streambell token set 'my stream' --header X-Key";
        assert!(matches!(refused, Err(Refusal::Secret(m)) if m.english.ends_with(mend)));
    }

    #[tokio::test]
    async fn a_source_that_fails_is_looked_at_again() {
        let mut config = StreamConfig::new("x", "http://localhost");
        for source in [
            SecretSource::Env("STREAMBELL_NO_SUCH_VARIABLE".to_owned()),
            SecretSource::File("/nonexistent/secret".into()),
            SecretSource::Command(vec!["/nonexistent/program".to_owned()]),
        ] {
            config.auth = Auth::Bearer { secret: source };
            let refused = Credentials::read(&config, &Vault::memory(), None).await;
            assert!(matches!(refused, Err(Refusal::NoVault(_))), "{refused:?}");
        }
    }
}
