//! Signing in by OAuth 2 (RFC 6749, RFC 8628): what a stream says of it.

use super::check;
use super::field::Fields;
use super::secret_source::{SecretSource, secret_source};
use crate::text;

/// How a stream gets its access tokens, which it sends as `Authorization: Bearer …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth2 {
    /// On what ground tokens are given.
    pub grant: Grant,
    /// Where tokens are asked for.
    pub token_url: String,
    /// This program's name at the authorization server.
    pub client_id: String,
    /// Where the secret comes from: that of the client with [`Grant::ClientCredentials`], else the refresh token.
    pub secret: SecretSource,
    /// Where the client's secret comes from, where there is one beside a refresh token.
    pub client_secret: Option<SecretSource>,
    /// How the client says who it is. Default: as HTTP Basic.
    pub client_auth: ClientAuth,
    /// What is asked for, parted by spaces; the server's default without it.
    pub scope: Option<String>,
    /// Whom the token is for, where the authorization server wants to be told.
    pub audience: Option<String>,
}

/// On what ground an authorization server gives tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// The client's own secret (RFC 6749, 4.4).
    ClientCredentials,
    /// A refresh token that a person stored (RFC 6749, 6).
    RefreshToken,
    /// A person agrees in a browser, on any device (RFC 8628); from then on a refresh token.
    Device {
        /// Where a code for that is asked for.
        device_url: String,
    },
}

/// How a client says who it is (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientAuth {
    /// In the header `Authorization`.
    #[default]
    Basic,
    /// In the request's body.
    Body,
}

impl Grant {
    /// The word in the configuration.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::ClientCredentials => "client-credentials",
            Self::RefreshToken => "refresh-token",
            Self::Device { .. } => "device",
        }
    }
}

/// The fields of `auth = { kind = "oauth2", … }`.
pub(super) fn oauth2(fields: &mut Fields<'_>) -> Option<OAuth2> {
    let grants = ["client-credentials", "refresh-token", "device"].map(|grant| (grant, grant));
    let word = fields.need("grant").and_then(|grant| grant.choice(&grants));
    let token_url = fields.need("token_url").and_then(|url| url.read(check::address));
    let client_id = fields.need("client_id").and_then(|id| id.word());
    let device_url = if word == Some("device") { fields.need("device_url") } else { fields.get("device_url") };
    let device_url = device_url.and_then(|url| match word {
        Some("client-credentials" | "refresh-token") => {
            url.wrong(text!("only goes with grant = \"device\"", "只能与 grant = \"device\" 一起使用"));
            None
        }
        _ => url.read(check::address),
    });
    let client_secret = fields.get("client_secret").and_then(|secret| {
        if word == Some("client-credentials") && !secret.is_text() {
            secret.wrong(text!(
                "with grant = \"client-credentials\" the secret is the client's: write secret = …",
                "grant = \"client-credentials\" 时，密钥就是客户端的密钥：请写 secret = …"
            ));
            return None;
        }
        secret_source(secret)
    });
    let secret = fields.get("secret").and_then(|secret| {
        let source = secret_source(secret)?;
        if word == Some("device") && source != SecretSource::Keyring {
            secret.wrong(text!(
                "what a sign-in brings is kept in the keyring: leave this out",
                "登录得到的令牌保存在密钥环里：请去掉这一项"
            ));
        }
        Some(source)
    });
    let ways = [("basic", ClientAuth::Basic), ("body", ClientAuth::Body)];
    let client_auth = fields.get("client_auth").and_then(|way| way.choice(&ways));
    let scope = fields.get("scope").and_then(|scope| scope.word());
    let audience = fields.get("audience").and_then(|audience| audience.word());
    let grant = match word? {
        "client-credentials" => Grant::ClientCredentials,
        "refresh-token" => Grant::RefreshToken,
        _ => Grant::Device { device_url: device_url? },
    };
    Some(OAuth2 {
        grant,
        token_url: token_url?,
        client_id: client_id?,
        secret: secret.unwrap_or_default(),
        client_secret,
        client_auth: client_auth.unwrap_or_default(),
        scope,
        audience,
    })
}
