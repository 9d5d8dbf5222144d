//! What a stream can say of OAuth 2.

use super::*;

#[test]
fn oauth2_is_read_with_each_grant() {
    let auth = |fields: &str| {
        let both = "kind = \"oauth2\", token_url = \"https://id/token\", client_id = \"me\"";
        config(&stream(&format!("auth = {{ {both}, {fields} }}"))).streams[0].auth.clone()
    };
    let wanted = |grant| OAuth2 {
        grant,
        token_url: "https://id/token".to_owned(),
        client_id: "me".to_owned(),
        secret: SecretSource::Keyring,
        client_secret: None,
        client_auth: ClientAuth::Basic,
        scope: None,
        audience: None,
    };
    let more = "grant = \"client-credentials\", scope = \"a b\", audience = \"x\", secret = { env = \"S\" }";
    assert_eq!(
        auth(more),
        Auth::OAuth2(Box::new(OAuth2 {
            secret: SecretSource::Env("S".to_owned()),
            scope: Some("a b".to_owned()),
            audience: Some("x".to_owned()),
            ..wanted(Grant::ClientCredentials)
        }))
    );
    let more = "grant = \"refresh-token\", client_secret = { keyring = true }, client_auth = \"body\"";
    assert_eq!(
        auth(more),
        Auth::OAuth2(Box::new(OAuth2 {
            client_secret: Some(SecretSource::Keyring),
            client_auth: ClientAuth::Body,
            ..wanted(Grant::RefreshToken)
        }))
    );
    let device = Grant::Device { device_url: "https://id/device".to_owned() };
    let read = auth("grant = \"device\", device_url = \"https://id/device\"");
    assert_eq!(read, Auth::OAuth2(Box::new(wanted(device))));
}

#[test]
fn oauth2_that_cannot_work_is_told_with_what_would() {
    let fault = |fields: &str| {
        let both = "kind = \"oauth2\", token_url = \"https://id/token\", client_id = \"me\"";
        faults(&stream(&format!("auth = {{ {both}, {fields} }}"))).join("; ")
    };
    for (fields, word) in [
        ("scope = \"a\"", "needs grant"),
        ("grant = \"password\"", "must be one of"),
        ("grant = \"device\"", "needs device_url"),
        ("grant = \"refresh-token\", device_url = \"https://id/d\"", "only goes with grant = \"device\""),
        ("grant = \"client-credentials\", client_secret = { env = \"S\" }", "the secret is the client's"),
        ("grant = \"refresh-token\", client_secret = \"hunter2\"", "no secret is written into this file"),
        ("grant = \"refresh-token\", refresh_token = \"hunter2\"", "no secret is written into this file"),
        ("grant = \"device\", device_url = \"https://id/d\", secret = { env = \"S\" }", "kept in the keyring"),
    ] {
        assert!(fault(fields).contains(word), "{fields}: {}", fault(fields));
    }
    let both =
        "auth = { kind = \"oauth2\", grant = \"refresh-token\", token_url = \"https://h/t\", client_id = \"m\" }";
    let refreshed = faults(&stream(&format!("{both}\nrefresh = {{ url = \"https://h/r\" }}"))).join("");
    assert!(refreshed.contains("does not go with oauth2"), "{refreshed}");
}
