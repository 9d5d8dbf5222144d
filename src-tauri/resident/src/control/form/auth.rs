//! How a stream signs in, between configuration and form.

use streambell_engine::config::{Auth, ClientAuth, Grant, OAuth2, SecretSource};
use streambell_engine::locale::Text;
use streambell_protocol::{AuthForm, AuthKind, GrantForm, OAuth2Form, SecretPlace, StreamForm};

use super::secrets;

/// How a stream signs in, for editing.
pub(in crate::control) fn to_form(from: &Auth) -> AuthForm {
    let (kind, name) = match from {
        Auth::None => (AuthKind::None, ""),
        Auth::Bearer { .. } => (AuthKind::Bearer, ""),
        Auth::Basic { user, .. } => (AuthKind::Basic, user.as_str()),
        Auth::Header { name, .. } => (AuthKind::Header, name.as_str()),
        Auth::Query { name, .. } => (AuthKind::Query, name.as_str()),
        Auth::Cookie { name, .. } => (AuthKind::Cookie, name.as_str()),
        Auth::OAuth2(_) => (AuthKind::Oauth2, ""),
    };
    let SecretPlace { source, place } = secrets::place(from.secret().unwrap_or(&SecretSource::Keyring));
    AuthForm { kind, name: name.to_owned(), source, place, template: from.template().unwrap_or_default().to_owned() }
}

/// What the other kinds have does not show; where the kind is chosen, a person signs in on a page.
pub(super) fn oauth2_form(from: &Auth) -> OAuth2Form {
    let Some(from) = from.oauth2() else {
        return OAuth2Form {
            grant: GrantForm::Device,
            token_url: String::new(),
            device_url: String::new(),
            client_id: String::new(),
            scope: String::new(),
            audience: String::new(),
            in_body: false,
            client_secret: None,
        };
    };
    let (grant, device_url) = match &from.grant {
        Grant::Device { device_url } => (GrantForm::Device, device_url.clone()),
        Grant::RefreshToken => (GrantForm::RefreshToken, String::new()),
        Grant::ClientCredentials => (GrantForm::ClientCredentials, String::new()),
    };
    OAuth2Form {
        grant,
        token_url: from.token_url.clone(),
        device_url,
        client_id: from.client_id.clone(),
        scope: from.scope.clone().unwrap_or_default(),
        audience: from.audience.clone().unwrap_or_default(),
        in_body: from.client_auth == ClientAuth::Body,
        client_secret: from.client_secret.as_ref().map(secrets::place),
    }
}

/// How it signs in, as edited.
///
/// # Errors
/// Where a program is meant and none is named.
pub(super) fn onto(stream: &StreamForm, base: &Auth) -> Result<Auth, Text> {
    let form = &stream.auth;
    let name = form.name.clone();
    if form.kind == AuthKind::None {
        return Ok(Auth::None);
    }
    let place = SecretPlace { source: form.source, place: form.place.clone() };
    let secret = secrets::source(&place, base.secret())?;
    Ok(match form.kind {
        AuthKind::None => Auth::None,
        AuthKind::Oauth2 => Auth::OAuth2(Box::new(oauth2(&stream.oauth2, secret, base)?)),
        AuthKind::Bearer => Auth::Bearer { secret },
        AuthKind::Basic => Auth::Basic { user: name, secret },
        AuthKind::Header => Auth::Header { name, secret },
        AuthKind::Query => Auth::Query { template: said(&form.template), name, secret },
        AuthKind::Cookie => Auth::Cookie { name, secret },
    })
}

fn oauth2(form: &OAuth2Form, secret: SecretSource, base: &Auth) -> Result<OAuth2, Text> {
    let grant = match form.grant {
        GrantForm::Device => Grant::Device { device_url: form.device_url.clone() },
        GrantForm::RefreshToken => Grant::RefreshToken,
        GrantForm::ClientCredentials => Grant::ClientCredentials,
    };
    let before = base.oauth2().and_then(|base| base.client_secret.as_ref());
    let client_secret = secrets::maybe(form.client_secret.as_ref(), before)?;
    Ok(OAuth2 {
        // With these the client's secret is the main one.
        client_secret: client_secret.filter(|_| grant != Grant::ClientCredentials),
        grant,
        token_url: form.token_url.clone(),
        client_id: form.client_id.clone(),
        secret,
        client_auth: if form.in_body { ClientAuth::Body } else { ClientAuth::Basic },
        scope: said(&form.scope),
        audience: said(&form.audience),
    })
}

fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
