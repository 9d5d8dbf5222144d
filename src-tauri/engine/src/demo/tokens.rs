//! Tokens that look like a JWT, expire, and can be exchanged for new ones.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;

use crate::secrets::Secret;

/// The tokens that are good, or were lately.
#[derive(Debug)]
pub(super) struct Tokens {
    life: SignedDuration,
    grace: SignedDuration,
    /// Until when each is good, by its signature.
    issued: HashMap<String, Timestamp>,
}

impl Tokens {
    pub(super) fn new(life: Duration, grace: Duration) -> Self {
        let signed = |duration| SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
        Self { life: signed(life), grace: signed(grace), issued: HashMap::new() }
    }

    /// A new token, good from now on. Forgets those that are good for nothing any more.
    pub(super) fn issue(&mut self, now: Timestamp) -> Secret {
        let grace = self.grace;
        self.issued.retain(|_, expires| now < later(*expires, grace));
        let expires = later(now, self.life);
        let part = |text: String| URL_SAFE_NO_PAD.encode(text);
        let signature =
            URL_SAFE_NO_PAD.encode([fastrand::u128(..).to_be_bytes(), fastrand::u128(..).to_be_bytes()].concat());
        self.issued.insert(signature.clone(), expires);
        Secret::from(format!(
            "{}.{}.{signature}",
            part(r#"{"alg":"HS256","typ":"JWT"}"#.to_owned()),
            part(format!(r#"{{"sub":"demo","iat":{},"exp":{}}}"#, now.as_second(), expires.as_second())),
        ))
    }

    /// Whether a token opens the stream.
    pub(super) fn is_good(&self, token: &Secret, now: Timestamp) -> bool {
        self.expires(token).is_some_and(|expires| now < expires)
    }

    /// A new token for an old one that is good, or was not long ago.
    pub(super) fn refresh(&mut self, token: &Secret, now: Timestamp) -> Option<Secret> {
        let expires = self.expires(token)?;
        (now < later(expires, self.grace)).then(|| self.issue(now))
    }

    fn expires(&self, token: &Secret) -> Option<Timestamp> {
        let (_, signature) = token.expose_secret().rsplit_once('.')?;
        self.issued.get(signature).copied()
    }
}

fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_token_is_good_for_its_life_and_exchanged_for_a_while_longer() {
        let mut tokens = Tokens::new(Duration::from_secs(120), Duration::from_secs(30));
        let token = tokens.issue(at(1000));
        assert!(tokens.is_good(&token, at(1119)));
        assert!(!tokens.is_good(&token, at(1120)));
        let new = tokens.refresh(&token, at(1149)).unwrap();
        assert!(tokens.is_good(&new, at(1268)));
        assert!(tokens.refresh(&token, at(1150)).is_none());
        assert!(!tokens.is_good(&Secret::from("made.up.token"), at(1000)));
        assert!(tokens.refresh(&Secret::from(""), at(1000)).is_none());
    }

    #[test]
    fn a_token_tells_when_it_expires_as_a_jwt_does() {
        let token = Tokens::new(Duration::from_secs(120), Duration::ZERO).issue(at(1000));
        let claims = token.expose_secret().split('.').nth(1).map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["exp"], 1120);
    }

    #[test]
    fn tokens_that_are_good_for_nothing_are_forgotten() {
        let mut tokens = Tokens::new(Duration::from_secs(10), Duration::from_secs(10));
        for second in 0..100 {
            tokens.issue(at(second));
        }
        assert_eq!(tokens.issued.len(), 20);
    }
}
