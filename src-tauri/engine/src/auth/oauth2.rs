//! Tokens from an authorization server (RFC 6749). Dropping a request may lose a refresh token that was just exchanged:
//! whoever asks sees it through.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, EndpointSet, ErrorResponse, HttpRequest, HttpResponse,
    RefreshToken, RequestTokenError, Scope, StandardErrorResponse, TokenResponse as _, TokenUrl,
};
use reqwest::{Client, Request};
use secrecy::ExposeSecret as _;
use thiserror::Error;

use super::access::Access;
use super::{Credentials, missing, resolve, same};
use crate::config::{ClientAuth, Grant, OAuth2, SecretSource, StreamConfig};
use crate::connection::Refusal;
use crate::locale::Text;
use crate::secrets::{self, Part, Secret, SecretError, Vault};
use crate::text;
use crate::transport::{self, HostGate};

/// A request that takes longer has failed.
const DEADLINE: Duration = Duration::from_secs(15);
/// What an answer may hold at most, in bytes.
const MOST: usize = 64 * 1024;

/// What an authorization server gave.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The token for the stream.
    pub access: Access,
    /// A new refresh token that the vault did not take, and the old one that it holds.
    pub unsaved: Option<(Secret, Secret)>,
}

/// Gets an access token. `unsaved` is what a former grant could not store; `refused` an access token that the stream's
/// server does not take. A new refresh token is stored before anything else is done.
///
/// # Errors
/// A [`Refusal`] as of a stream; [`Refusal::Secret`] where a person must sign in.
pub async fn grant(
    config: &StreamConfig,
    settings: &OAuth2,
    vault: &Vault,
    gate: &HostGate,
    unsaved: Option<(Secret, Secret)>,
    refused: Option<&Secret>,
) -> Result<Granted, Refusal> {
    if settings.grant == Grant::ClientCredentials {
        let secret = resolve(&settings.secret, config.name.as_str(), Part::Main, vault).await?;
        let endpoint = Endpoint::new(config, settings, vault, gate, Some(secret), &settings.token_url).await?;
        let client = endpoint.client(endpoint.credentials.secret())?;
        let request = client.exchange_client_credentials().add_scopes(scopes(settings));
        let request = settings.audience.iter().fold(request, |request, one| request.add_extra_param("audience", one));
        let answer = request.request_async(&endpoint).await;
        let answer = answer.map_err(|error| endpoint.refusal(error))?;
        return Ok(Granted { access: access(&answer), unsaved: None });
    }
    let stored = stored(config, settings, vault).await?;
    let Some(stored) = stored else { return signed_in(config, settings, vault, refused).await };
    let current = match unsaved {
        // What the vault holds is still the old one: nobody stored another.
        Some((newer, old)) if same(&old, &stored) => newer,
        Some(_) | None => stored.clone(),
    };
    let endpoint = Endpoint::new(config, settings, vault, gate, Some(current.clone()), &settings.token_url).await?;
    let client_secret = endpoint.client_secret.clone();
    let client = endpoint.client(client_secret.as_ref())?;
    let token = RefreshToken::new(current.expose_secret().trim().to_owned());
    let answer = client.exchange_refresh_token(&token).request_async(&endpoint).await;
    let answer = answer.map_err(|error| endpoint.refusal(error))?;
    let rotated = answer.refresh_token().map(|token| Secret::from(token.secret().as_str()));
    let unsaved = match rotated.filter(|new| !same(new, &current)) {
        Some(new) => keep(config, settings, vault, stored, new).await,
        None => None,
    };
    Ok(Granted { access: access(&answer), unsaved })
}

/// The refresh token, from where the stream has it.
async fn stored(config: &StreamConfig, settings: &OAuth2, vault: &Vault) -> Result<Option<Secret>, Refusal> {
    let found = secrets::resolve(&settings.secret, config.name.as_str(), vault).await;
    let found = found.map_err(|error| match error {
        SecretError::Locked => Refusal::Secret(error.text()),
        SecretError::NoKeyring
        | SecretError::TimedOut
        | SecretError::InUse
        | SecretError::Refused(_)
        | SecretError::Env(_)
        | SecretError::File { .. }
        | SecretError::Command { .. } => Refusal::NoVault(error.text()),
    })?;
    Ok(found.filter(|secret| !secret.expose_secret().trim().is_empty()))
}

/// Without a refresh token: the access token of a sign-in that brought no other, or nobody has signed in.
async fn signed_in(
    config: &StreamConfig,
    settings: &OAuth2,
    vault: &Vault,
    refused: Option<&Secret>,
) -> Result<Granted, Refusal> {
    let name = config.name.as_str();
    if let Grant::Device { .. } = settings.grant {
        let account = Part::AccessToken.account(name);
        if let Ok(Some(token)) = vault.get(&account).await
            && refused.is_none_or(|refused| !same(refused, &token))
        {
            return Ok(Granted { access: Access::new(token, None, Timestamp::now()), unsaved: None });
        }
        let cause = text!("nobody has signed in", "还没有人登录");
        return Err(Refusal::Secret(missing::sign_in(&cause, name)));
    }
    let cause = text!("no refresh token is stored", "没有保存更新令牌");
    Err(Refusal::Secret(missing::secret(&cause, name, Part::Main)))
}

/// Stores a new refresh token, unless a person stored another meanwhile, or took the old one out. Gives it back with the
/// old one where the vault does not take it.
async fn keep(
    config: &StreamConfig,
    settings: &OAuth2,
    vault: &Vault,
    old: Secret,
    new: Secret,
) -> Option<(Secret, Secret)> {
    let account = config.name.as_str();
    let trouble = match settings.secret {
        SecretSource::Keyring => {
            let is_still_there = match vault.get(account).await {
                Ok(held) => held.is_some_and(|held| same(&held, &old)),
                Err(_) => true,
            };
            if !is_still_there {
                return None;
            }
            match vault.set(account, &new).await {
                Ok(()) => return None,
                Err(error) => error.to_string(),
            }
        }
        SecretSource::Env(_) | SecretSource::File(_) | SecretSource::Command(_) => {
            "it comes from elsewhere than the keyring".to_owned()
        }
    };
    tracing::warn!(
        stream = account,
        trouble,
        "the new refresh token cannot be stored; it is used until Streambell ends"
    );
    Some((new, old))
}

pub(super) fn access(answer: &BasicTokenResponse) -> Access {
    let token = Secret::from(answer.access_token().secret().as_str());
    Access::new(token, answer.expires_in(), Timestamp::now())
}

pub(super) fn scopes(settings: &OAuth2) -> impl Iterator<Item = Scope> {
    let words = settings.scope.as_deref().unwrap_or_default().split_whitespace();
    words.map(|word| Scope::new(word.to_owned())).collect::<Vec<_>>().into_iter()
}

fn server() -> Text {
    text!("the authorization server", "授权服务器")
}

/// One address of an authorization server, and what is sent there.
pub(super) struct Endpoint<'a> {
    settings: &'a OAuth2,
    gate: &'a HostGate,
    host: String,
    http: Client,
    credentials: Credentials,
    pub(super) client_secret: Option<Secret>,
}

type TokenClient = BasicClient<
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    EndpointSet,
>;

/// Why there is no answer to take apart.
#[derive(Debug, Error)]
#[error("{}", .0.message())]
pub(super) struct Unanswered(Refusal);

impl<'a> Endpoint<'a> {
    pub(super) async fn new(
        config: &'a StreamConfig,
        settings: &'a OAuth2,
        vault: &Vault,
        gate: &'a HostGate,
        secret: Option<Secret>,
        address: &str,
    ) -> Result<Self, Refusal> {
        let client_secret = match &settings.client_secret {
            Some(source) => Some(resolve(source, config.name.as_str(), Part::ClientSecret, vault).await?),
            None => None,
        };
        let credentials = Credentials::of_client(config, secret, client_secret.as_ref(), vault).await?;
        let url = transport::parse(address)?;
        // A code for a sign-in is none of the stream's own secrets, and brings one all the same.
        transport::refuse_in_the_clear(&url, config.insecure)?;
        let http = gate.client(config, &credentials, &url).await?;
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(Self { settings, gate, host, http, credentials, client_secret })
    }

    pub(super) fn client(&self, secret: Option<&Secret>) -> Result<TokenClient, Refusal> {
        let token_url = TokenUrl::new(self.settings.token_url.clone());
        let token_url =
            token_url.map_err(|_| Refusal::BadUrl(text!("token_url cannot be used", "token_url 无法使用")))?;
        let way = match self.settings.client_auth {
            ClientAuth::Basic => AuthType::BasicAuth,
            ClientAuth::Body => AuthType::RequestBody,
        };
        let client = BasicClient::new(ClientId::new(self.settings.client_id.clone()));
        let client = client.set_auth_type(way).set_token_uri(token_url);
        Ok(match secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().trim().to_owned())),
            None => client,
        })
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Refusal> {
        let request = Request::try_from(request);
        let unusable = |_| text!("the authorization server's address cannot be used", "授权服务器的地址无法使用");
        let request = request.map_err(unusable).map_err(Refusal::BadUrl)?;
        let _pass = self.gate.pass(&self.host).await;
        let answer = self.http.execute(request).await;
        let mut answer = answer.map_err(|error| transport::unreached(&error, &Text::plain(&self.host)))?;
        let status = answer.status();
        if status.is_redirection() {
            let (who, status) = (server(), status.as_u16());
            return Err(Refusal::Redirect(text!(
                "{who} redirects ({status}), which is not followed",
                "{who}重定向（{status}），不会跟随",
                who
            )));
        }
        if matches!(status.as_u16(), 408 | 425 | 429 | 500..) {
            return Err(transport::refused_status(&server(), answer, &self.credentials).await);
        }
        let mut body = Vec::new();
        let headers = std::mem::take(answer.headers_mut());
        while let Some(chunk) =
            answer.chunk().await.map_err(|error| transport::unreached(&error, &Text::plain(&self.host)))?
        {
            body.extend_from_slice(&chunk);
            if body.len() > MOST {
                return Err(Refusal::ContentType(text!(
                    "the authorization server's answer is too long",
                    "授权服务器的应答过长"
                )));
            }
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    /// What a refusal of the token endpoint means.
    pub(super) fn refusal(
        &self,
        error: RequestTokenError<Unanswered, StandardErrorResponse<BasicErrorResponseType>>,
    ) -> Refusal {
        match error {
            RequestTokenError::ServerResponse(said) => {
                let why = self.told(said.error().as_ref(), said.error_description());
                match said.error() {
                    BasicErrorResponseType::InvalidGrant => Refusal::Secret(text!(
                        "the sign-in is over, sign in again: {why}",
                        "登录已失效，请重新登录：{why}",
                        why
                    )),
                    BasicErrorResponseType::Extension(code) if code == "temporarily_unavailable" => {
                        Refusal::Status { status: 503, retry_after: None, message: why }
                    }
                    BasicErrorResponseType::InvalidClient
                    | BasicErrorResponseType::InvalidRequest
                    | BasicErrorResponseType::InvalidScope
                    | BasicErrorResponseType::UnauthorizedClient
                    | BasicErrorResponseType::UnsupportedGrantType
                    | BasicErrorResponseType::Extension(_) => Refusal::Secret(why),
                }
            }
            other @ (RequestTokenError::Request(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_)) => {
                self.unread(other)
            }
        }
    }

    /// An answer that says no error of its own.
    pub(super) fn unread<E: ErrorResponse + 'static>(&self, error: RequestTokenError<Unanswered, E>) -> Refusal {
        match error {
            RequestTokenError::Request(Unanswered(refusal)) => refusal,
            // What is in it is not shown: there may be a token.
            RequestTokenError::ServerResponse(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                Refusal::ContentType(text!(
                    "the authorization server's answer is none that OAuth 2 knows",
                    "授权服务器的应答不符合 OAuth 2"
                ))
            }
        }
    }

    /// A server's error code and its words, without secrets.
    pub(super) fn told(&self, code: &str, words: Option<&String>) -> Text {
        let words = words.map(|words| format!(": {words}")).unwrap_or_default();
        let said = transport::one_line(&format!("{code}{words}"), 200);
        let (who, said) = (server(), self.credentials.mask_foreign(&said));
        text!("{who} answers {said}", "{who}返回 {said}", who)
    }
}

/// Sends one request. What may be otherwise the next time is an error; every other answer is the library's to read.
impl<'c> AsyncHttpClient<'c> for Endpoint<'_> {
    type Error = Unanswered;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Unanswered>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            match tokio::time::timeout(DEADLINE, self.send(request)).await {
                Ok(answer) => answer.map_err(Unanswered),
                Err(_) => Err(Unanswered(Refusal::Network(transport::unanswered(&server(), DEADLINE)))),
            }
        })
    }
}
