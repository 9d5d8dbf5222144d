//! When a token that is a JWT should be replaced. Read, not verified: that is the server's business.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use crate::secrets::Secret;

/// A token is replaced no earlier than this before its end.
const AHEAD: Duration = Duration::from_mins(10);

/// The claims that matter (RFC 7519, 4.1.4 and 4.1.6), in seconds since 1970.
#[derive(Debug, Deserialize)]
struct Claims {
    exp: f64,
    iat: Option<f64>,
}

/// How long to keep a token from `now` on: until a fifth of its life is left, or ten minutes where that is less.
/// `None` where it is no JWT with `exp`, and where it has expired already: then only the server can tell.
pub fn refresh_due(token: &Secret, now: Timestamp) -> Option<Duration> {
    let claims = claims(token.expose_secret())?;
    let now = now.as_duration().as_secs_f64();
    let left = claims.exp - now;
    if !(left > 0.0 && left.is_finite()) {
        return None;
    }
    let life = claims.iat.map_or(left, |issued| (claims.exp - issued).max(left));
    let time = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    Some(keep_for(time(left), time(life)))
}

/// How long to keep a token of a life of which so much is left: until a fifth of it is, or ten minutes where that is
/// less.
pub(super) fn keep_for(left: Duration, life: Duration) -> Duration {
    // A year is for ever here, and far from what a clock cannot hold.
    left.saturating_sub((life / 5).min(AHEAD)).min(Duration::from_hours(365 * 24))
}

/// When a token that is a JWT ends. Nothing else that it says is looked at.
pub fn expires_at(token: &Secret) -> Option<Timestamp> {
    let end = claims(token.expose_secret())?.exp;
    let far = 253_402_207_200.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is within the years 1970 to 9999")]
    let second = (0.0..far).contains(&end).then_some(end as i64);
    Timestamp::from_second(second?).ok()
}

fn claims(token: &str) -> Option<Claims> {
    let mut parts = token.trim().split('.');
    let (_header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let json = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn due(claims: &str) -> Option<u64> {
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
        let now = Timestamp::from_second(1_000_000).unwrap();
        refresh_due(&Secret::from(token), now).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_short_token_is_replaced_at_four_fifths_of_its_life() {
        assert_eq!(due(r#"{"exp":1000100,"iat":1000000}"#), Some(80));
        assert_eq!(due(r#"{"exp":1000050,"iat":999950}"#), Some(30));
        assert_eq!(due(r#"{"exp":1000010,"iat":999900}"#), Some(0));
    }

    #[test]
    fn a_long_token_is_replaced_ten_minutes_before_its_end() {
        assert_eq!(due(r#"{"exp":1086400,"iat":1000000}"#), Some(86_400 - 600));
    }

    #[test]
    fn without_its_beginning_a_token_counts_from_now() {
        assert_eq!(due(r#"{"exp":1000100.5}"#), Some(80));
    }

    #[test]
    fn what_has_expired_or_is_no_jwt_is_left_to_the_server() {
        assert_eq!(due(r#"{"exp":999999}"#), None);
        assert_eq!(due(r#"{"sub":"x"}"#), None);
        assert_eq!(due(r#"{"exp":1e400}"#), None);
        for claims in [r#"{"exp":1e300}"#, r#"{"exp":-1}"#, r#"{"exp":"x"}"#] {
            let token = Secret::from(format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims)));
            assert_eq!(expires_at(&token), None, "{claims}");
        }
        let now = Timestamp::UNIX_EPOCH;
        for token in ["", "opaque", "a.b", "a.!!.c", "a.b.c.d"] {
            assert_eq!(refresh_due(&Secret::from(token), now), None, "{token}");
        }
    }
}
