//! Signing in on any device (RFC 8628): a person opens a page and types a code, while this asks whether they have.

use std::time::Duration;

use jiff::Timestamp;
use oauth2::{
    DeviceAuthorizationUrl, DeviceCodeErrorResponseType, RequestTokenError, StandardDeviceAuthorizationResponse,
    TokenResponse as _,
};

use super::must_sign_in_again;
use super::oauth2::{Endpoint, scopes};
use crate::config::{Auth, Grant, OAuth2, StreamConfig};
use crate::connection::Refusal;
use crate::locale::Text;
use crate::secrets::{Part, Secret, Vault};
use crate::text;
use crate::transport::{self, HostGate};

/// The shortest pause between two questions, whatever the server says.
const LEAST: Duration = Duration::from_secs(1);
/// The longest time a code is waited for.
const LONGEST: Duration = Duration::from_hours(1);

/// What a person is shown. No secret: it is of use only to who asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCode {
    /// The code to type.
    pub code: String,
    /// The page to type it on, http or https.
    pub url: String,
    /// The same with the code in it, where the server has such a one.
    pub complete_url: Option<String>,
    /// Until when it can be typed.
    pub expires_at: Timestamp,
}

/// A sign-in that waits for its person. Dropping it ends it.
#[derive(Debug)]
pub struct SignIn {
    details: StandardDeviceAuthorizationResponse,
    code: DeviceCode,
}

/// What a sign-in brought, which nothing uses until it is stored.
#[derive(Debug)]
pub struct Brought {
    account: String,
    secret: Secret,
    /// The account of what it takes the place of.
    gone: String,
}

/// How a stream signs in by code, if it does.
pub fn settings(config: &StreamConfig) -> Option<(&OAuth2, &str)> {
    match &config.auth {
        Auth::OAuth2(settings) => match &settings.grant {
            Grant::Device { device_url } => Some((settings, device_url)),
            Grant::ClientCredentials | Grant::RefreshToken => None,
        },
        Auth::None
        | Auth::Bearer { .. }
        | Auth::Basic { .. }
        | Auth::Header { .. }
        | Auth::Query { .. }
        | Auth::Cookie { .. } => None,
    }
}

impl SignIn {
    /// Asks for a code.
    ///
    /// # Errors
    /// A [`Refusal`] as of a stream; also where the stream does not sign in so.
    pub async fn start(config: &StreamConfig, vault: &Vault, gate: &HostGate) -> Result<Self, Refusal> {
        let (settings, device_url) = settings(config).ok_or_else(by_no_code)?;
        let turn = vault.turn().await;
        let endpoint = Endpoint::new(config, settings, vault, gate, None, device_url).await?;
        drop(turn);
        let url = DeviceAuthorizationUrl::new(device_url.to_owned());
        let url = url.map_err(|_| Refusal::BadUrl(text!("device_url cannot be used", "device_url 无法使用")))?;
        let client = endpoint.client(endpoint.client_secret.as_ref())?.set_device_authorization_url(url);
        let request = client.exchange_device_code().add_scopes(scopes(settings));
        let request = settings.audience.iter().fold(request, |request, one| request.add_extra_param("audience", one));
        let asked = Timestamp::now();
        let details: Result<StandardDeviceAuthorizationResponse, _> = request.request_async(&endpoint).await;
        let details = details.map_err(|error| endpoint.refusal(error))?;
        let page = |url: &str| transport::parse(url).map(|_| url.to_owned());
        let code = DeviceCode {
            code: transport::one_line(details.user_code().secret(), 64),
            url: page(details.verification_uri().as_str())?,
            complete_url: details.verification_uri_complete().and_then(|url| page(url.secret()).ok()),
            expires_at: asked.checked_add(details.expires_in().min(LONGEST)).unwrap_or(asked),
        };
        Ok(Self { details, code })
    }

    /// What to show.
    pub fn code(&self) -> &DeviceCode {
        &self.code
    }

    /// Asks, as often as the server allows, until the person has agreed.
    ///
    /// # Errors
    /// [`Refusal::Secret`] where the person refused or the code is over, or nothing came of it otherwise.
    pub async fn finish(self, config: &StreamConfig, vault: &Vault, gate: &HostGate) -> Result<Brought, Refusal> {
        let (settings, _) = settings(config).ok_or_else(by_no_code)?;
        let turn = vault.turn().await;
        let endpoint = Endpoint::new(config, settings, vault, gate, None, &settings.token_url).await?;
        drop(turn);
        let client = endpoint.client(endpoint.client_secret.as_ref())?;
        let pause = |pause: Duration| tokio::time::sleep(pause.max(LEAST));
        let life = self.details.expires_in().min(LONGEST);
        let request = client.exchange_device_access_token(&self.details);
        let answer = request.request_async(&endpoint, pause, Some(life)).await;
        let answer = answer.map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => {
                let why = endpoint.told(said.error().as_ref(), said.error_description());
                Refusal::Secret(match said.error() {
                    DeviceCodeErrorResponseType::AccessDenied => {
                        text!("the sign-in was refused on the page", "登录在网页上被拒绝")
                    }
                    DeviceCodeErrorResponseType::ExpiredToken => {
                        text!("nobody typed the code in time: begin anew", "验证码没有及时输入：请重新开始")
                    }
                    DeviceCodeErrorResponseType::AuthorizationPending
                    | DeviceCodeErrorResponseType::SlowDown
                    | DeviceCodeErrorResponseType::Basic(_) => why,
                })
            }
            other @ (RequestTokenError::Request(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_)) => {
                endpoint.unread(other)
            }
        })?;
        let name = config.name.as_str();
        let (kept, gone) = match answer.refresh_token() {
            Some(refresh) => ((Part::Main, refresh.secret()), Part::AccessToken),
            None => ((Part::AccessToken, answer.access_token().secret()), Part::Main),
        };
        let (part, secret) = kept;
        Ok(Brought { account: part.account(name), secret: Secret::from(secret.as_str()), gone: gone.account(name) })
    }
}

impl Brought {
    /// Stores it for the stream.
    ///
    /// # Errors
    /// [`Refusal::NoVault`] where the vault does not take it.
    pub async fn store(self, vault: &Vault) -> Result<(), Refusal> {
        let _turn = vault.turn().await;
        // The new one first: whatever happens in between, there is one.
        let stored = async {
            vault.set(&self.account, &self.secret).await?;
            vault.delete(&self.gone).await
        };
        stored.await.map(drop).map_err(|error| Refusal::NoVault(error.text()))
    }
}

/// Why what a sign-in brings, begun with the first settings, is not for the stream as it is now.
///
/// # Errors
/// Where it is gone, or would send it to another server.
pub fn check_still(begun: &StreamConfig, now: Option<&StreamConfig>) -> Result<(), Text> {
    let Some(now) = now else {
        return Err(text!(
            "the stream was removed or renamed meanwhile: nothing was stored",
            "这个流已被删除或改名：没有保存任何内容"
        ));
    };
    if settings(now).is_none() || must_sign_in_again(begun, now) {
        return Err(text!(
            "the stream signs in elsewhere or otherwise by now: nothing was stored, begin anew",
            "这个流的登录方式或登录服务器已经改变：没有保存任何内容，请重新开始"
        ));
    }
    Ok(())
}

fn by_no_code() -> Refusal {
    Refusal::Secret(text!(
        "this stream does not sign in with a code (grant = \"device\")",
        "这个流不用验证码登录（grant = \"device\"）"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ClientAuth, SecretSource};

    fn config(device_url: &str, token_url: &str) -> StreamConfig {
        let mut config = StreamConfig::new("s", "https://h.test/");
        config.auth = Auth::OAuth2(Box::new(OAuth2 {
            grant: Grant::Device { device_url: device_url.to_owned() },
            token_url: token_url.to_owned(),
            client_id: "me".to_owned(),
            secret: SecretSource::Keyring,
            client_secret: None,
            client_auth: ClientAuth::Basic,
            scope: None,
            audience: None,
        }));
        config
    }

    #[tokio::test]
    async fn no_code_is_asked_for_in_the_clear() {
        let config = config("http://192.0.2.1:9/device", "https://id.test/token");
        let started = SignIn::start(&config, &Vault::memory(), &HostGate::default()).await;
        assert!(matches!(started, Err(Refusal::BadUrl(_))), "{started:?}");
    }
    #[test]
    fn what_a_sign_in_brings_is_not_for_a_stream_that_is_gone_or_goes_elsewhere_by_now() {
        let begun = config("https://id.test/device", "https://id.test/token");
        assert_eq!(check_still(&begun, Some(&begun)), Ok(()));
        let quieter = StreamConfig { enabled: false, ..begun.clone() };
        assert_eq!(check_still(&begun, Some(&quieter)), Ok(()));
        let elsewhere = config("https://id.test/device", "https://other.test/token");
        let otherwise = StreamConfig::new("s", "https://h.test/");
        for now in [None, Some(&elsewhere), Some(&otherwise)] {
            assert!(check_still(&begun, now).is_err(), "{now:?}");
        }
    }
}
